//! Reads: requests that may be repeated. After a lost connection, a 429 or a 5xx a read is repeated with growing
//! pauses, within one time limit.

use std::time::Duration;

use reqwest::StatusCode;

use super::endpoint::{Endpoint, Method, Request};
use super::generation::Generation;
use super::reply::Reply;
use super::transport::{Aries, CallToken, SendError, in_parentheses, with_json};
use crate::auth::scope::Scopes;
use crate::error::{Error, Kind, Result};
use crate::error_body::ErrorBody;
use crate::http::{self, Failure, Stranger, TOTAL_LIMIT};
use crate::os::random;
use crate::told::Told;

/// Answers above this are refused while they arrive: it is far beyond any documented answer.
pub(super) const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Pauses before the second and third try, unless Aries names its own.
const PAUSES: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(1000)];

/// How long a read waits for Aries' limits; then there is still time for its answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why one try failed, and whether another may help.
struct AttemptError {
    error: Error,
    retry: Retry,
}

enum Retry {
    No,
    AfterPause,
    /// After the time that Aries names.
    After(Duration),
}

impl Aries {
    /// Sends a read, repeating it where that may help, for 20 seconds at most. Where there is an older path, it is asked if
    /// Aries does not know the newer one.
    pub(crate) async fn read(&self, request: &Request) -> Result<Reply> {
        let reading = tokio::time::timeout(TOTAL_LIMIT, self.read_newer_or_older(request)).await;
        reading.unwrap_or_else(|_| {
            Err(no_answer(&format!("Aries did not answer within {} s", TOTAL_LIMIT.as_secs())))
        })
    }

    /// Sends a read as [`Aries::read`], and remembers its answer for [`Aries::read_recent`].
    pub(crate) async fn read_now(&self, request: &Request) -> Result<Reply> {
        let login = self.session().login();
        let reply = self.read(request).await?;
        self.recent().keep(request.endpoint, login, &reply);
        Ok(reply)
    }

    /// Gives the answer that is remembered, if it is of this sign-in and of the last minute; else asks.
    pub(crate) async fn read_recent(&self, request: &Request) -> Result<Reply> {
        let login = self.session().login();
        match self.recent().get(request.endpoint, login.as_ref(), self.recent_age) {
            Some(reply) => Ok(reply),
            None => self.read_now(request).await,
        }
    }

    /// The next [`Aries::read_recent`] asks Aries.
    pub(crate) fn forget_recent(&self) {
        self.recent().forget();
    }

    /// Sends a read as [`Aries::read`], but not where it is known that it would be refused: where none of its scopes is
    /// granted, or Aries answered 403 a short while ago.
    pub(crate) async fn read_if_granted(&self, request: &Request) -> Result<Reply> {
        let (endpoint, granted) = (request.endpoint, self.session().granted());
        let may = |scopes: &Scopes| endpoint.scopes.iter().any(|scope| scopes.contains(scope));
        if granted.as_ref().is_some_and(|scopes| !endpoint.scopes.is_empty() && !may(scopes)) {
            return Err(lacks_right(endpoint, ""));
        }
        if let Some(error) = self.refusals().of(endpoint, granted.as_ref()) {
            return Err(error);
        }
        let answer = self.read(request).await;
        if let Err(error) = &answer
            && error.kind == Kind::Forbidden
        {
            self.refusals().note(endpoint, granted, error.clone());
        }
        answer
    }

    /// Asks the path that was the first to answer, before that the newer one, and the other one on a 404. After two of them
    /// the error is that of the newer one.
    async fn read_newer_or_older(&self, newer: &Request) -> Result<Reply> {
        let Some(older) = newer.older.as_deref() else { return self.read_until_done(newer).await };
        let mut both = [(Generation::Newer, newer), (Generation::Older, older)];
        if self.generations().first_to_answer(newer.endpoint) == Some(Generation::Older) {
            both.reverse();
        }
        let mut missing = None;
        for (generation, request) in both {
            match self.read_until_done(request).await {
                Err(error) if error.kind == Kind::NotFound => {
                    missing = missing.filter(|_| generation == Generation::Older).or(Some(error));
                }
                Err(error) => return Err(error),
                Ok(reply) => {
                    self.generations().answered(newer.endpoint, generation);
                    return Ok(reply);
                }
            }
        }
        Err(missing.expect("a path that answered has returned"))
    }

    async fn read_until_done(&self, request: &Request) -> Result<Reply> {
        let started = tokio::time::Instant::now();
        let mut pauses = PAUSES.into_iter();
        let mut token = CallToken::of(self.clone(), request.endpoint, started + PATIENCE).await?;
        loop {
            let AttemptError { error, retry } = match self.attempt(request, &mut token).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            let pause = match (retry, pauses.next()) {
                (Retry::No, _) | (_, None) => return Err(error),
                (Retry::AfterPause, Some(pause)) => jittered(pause),
                (Retry::After(pause), Some(_)) => pause,
            };
            if started.elapsed() + pause >= TOTAL_LIMIT {
                return Err(error);
            }
            tracing::debug!(path = request.endpoint.path, ?pause, cause = error.cause, "trying again");
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt(
        &self,
        request: &Request,
        token: &mut CallToken,
    ) -> std::result::Result<Reply, AttemptError> {
        let client = http::client(self.urls()).map_err(AttemptError::last)?;
        let url = request.url(&self.urls().api);
        let sending = match request.endpoint.method {
            Method::PostRead => with_json(client.post(url), &request.json()),
            // An order is not sent from here, whatever row is asked for.
            _ => client.get(url),
        };
        let mut answer = token.exchange(sending, MOST_BYTES).await?;
        if !answer.status.is_success() {
            let body = String::from_utf8_lossy(&answer.body);
            if let Some(Stranger { cause, step }) = Stranger::of(answer.status, &body) {
                let hint = Told::person(step);
                return Err(AttemptError::last(Error::new(Kind::Unavailable, cause, hint)));
            }
            return Err(refusal(request, answer.status, &body, token.pause));
        }
        let body = std::mem::take(&mut *answer.body);
        let reply = Reply::checked(request.endpoint, body).map_err(AttemptError::passing)?;
        match reply.failure() {
            Some(error) => Err(AttemptError::last(error)),
            None => Ok(reply),
        }
    }
}

impl AttemptError {
    /// An error that another try would meet again.
    fn last(error: Error) -> Self {
        Self { error, retry: Retry::No }
    }

    /// An error that another try may not meet.
    fn passing(error: Error) -> Self {
        Self { error, retry: Retry::AfterPause }
    }
}

impl From<SendError> for AttemptError {
    fn from(error: SendError) -> Self {
        let (cause, what) = match error {
            SendError::NotDone(error) => return Self::last(error),
            SendError::Exchange(Failure::TooLarge(_)) => return Self::last(too_large()),
            SendError::Exchange(Failure::NotConnected(cause)) => (cause, "no connection"),
            SendError::Exchange(Failure::NoAnswer(cause) | Failure::BrokenOff(_, cause)) => {
                (cause, "the connection broke")
            }
        };
        let what = cause.kind.words().unwrap_or(what);
        let error = no_answer(&format!("Aries could not be reached: {what}{}", in_parentheses(&cause)));
        Self::passing(match cause.kind.next_step() {
            Some(step) => Error { hint: Told::person(step), ..error },
            None => error,
        })
    }
}

/// What a status that is no success means, and whether another try may help, after this pause if there is one.
fn refusal(request: &Request, status: StatusCode, body: &str, pause: Duration) -> AttemptError {
    let said = ErrorBody::read(body).after_colon();
    let code = status.as_u16();
    if status == StatusCode::FORBIDDEN {
        return AttemptError::last(lacks_right(request.endpoint, &said));
    }
    let said_no = format!("Aries refused ({code}){said}");
    let (kind, cause, hint) = match code {
        404 => (
            Kind::NotFound,
            said_no,
            format!("Aries knows nothing under that name; {}", where_names_are(request.endpoint)).into(),
        ),
        429 => (
            Kind::RateLimited,
            format!("Aries limits how often it can be asked{said}"),
            match pause.as_secs() {
                0 => "wait a minute, then ask again, for less at a time".into(),
                seconds => format!("wait {seconds} s, then ask again, for less at a time").into(),
            },
        ),
        500.. => (
            Kind::Unavailable,
            format!("Aries has a fault ({code}){said}"),
            Told::from("trying again in a minute may help; if not, ")
                .and(Told::person_that("Aries is out of order")),
        ),
        _ => (Kind::Refused, said_no, "change the arguments; the same request will be refused again".into()),
    };
    let may_pass = matches!(kind, Kind::RateLimited | Kind::Unavailable);
    let retry = match may_pass {
        true if pause.is_zero() => Retry::AfterPause,
        true => Retry::After(pause),
        false => Retry::No,
    };
    AttemptError { error: Error::new(kind, cause, hint), retry }
}

/// Where the names are found that a call takes.
fn where_names_are(endpoint: &Endpoint) -> &'static str {
    let takes = |name: &str| endpoint.params.iter().any(|param| param.name == name);
    match (takes("account"), ["symbol", "symbols", "contract"].into_iter().any(takes)) {
        (true, true) => "check it with find_symbol or get_accounts",
        (true, false) => "check it with get_accounts",
        (false, true) => "check it with find_symbol",
        (false, false) => "take it from an earlier answer",
    }
}

/// The error for a call that the sign-in has no right to; `said` is what Aries said, after a colon.
fn lacks_right(endpoint: &Endpoint, said: &str) -> Error {
    let scopes = endpoint.scope_words();
    let (which, all) = match endpoint.scopes {
        [] => ("a right, and Aries does not document which".to_owned(), "every reading scope"),
        _ => (format!("a right: {scopes}"), scopes.as_str()),
    };
    let hint = Told::person(format!(
        "enable {all} for the API key in Client Center, then run `aries-mcp login` again"
    ));
    Error::new(Kind::Forbidden, format!("the sign-in lacks {which}{said}"), hint)
}

/// Shortens a pause by up to half at random, so that several processes do not ask in step.
fn jittered(pause: Duration) -> Duration {
    let share = random::bytes::<1>().map_or(255, |[byte]| u32::from(byte));
    pause / 2 + pause * share / 510
}

fn no_answer(cause: &str) -> Error {
    let hint = Told::from("trying again may help; if not, ").and(Told::person_to("check the network"));
    Error::new(Kind::Unavailable, cause, hint)
}

fn too_large() -> Error {
    let cause = format!("Aries' answer is larger than {} MB", MOST_BYTES / 1024 / 1024);
    Error::new(Kind::Refused, cause, "narrow the request: fewer symbols, a shorter range, or a limit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_stay_between_half_and_whole() {
        for _ in 0..100 {
            let pause = jittered(Duration::from_millis(1000));
            assert!((500..=1000).contains(&pause.as_millis()), "{pause:?}");
        }
    }
}

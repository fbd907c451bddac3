//! The one place that sends HTTP to Aries' API.
//!
//! A read may be repeated: after a lost connection, a 429 or a 5xx, with growing pauses and within one time limit.
//! A 401 is answered by renewing the token once. Everything else becomes an [`Error`] that says what happened and
//! what to do (`aries-api/trading.md` 9).

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use secrecy::ExposeSecret;

use super::endpoint::{DocStatus, Request};
use super::json::Json;
use super::text::{clean, without_tokens};
use crate::auth::session::{Bearer, Session};
use crate::config::Urls;
use crate::error::{Error, Kind, Result};
use crate::web;

/// Answers above this are refused while they arrive: far beyond any documented answer.
pub(super) const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Pauses before the second and third try of a read, unless Aries names its own.
const PAUSES: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(1000)];

/// The REST API of Aries with one person's sign-in.
#[derive(Clone)]
pub(crate) struct Aries {
    urls: Urls,
    session: Arc<Session>,
}

/// An answer: JSON that was checked when it arrived.
pub(crate) struct Reply {
    pub(super) body: String,
}

impl Reply {
    /// An answer with this body, for tests of what is made of answers.
    #[cfg(test)]
    pub(crate) fn of(body: &str) -> Self {
        Self { body: body.to_owned() }
    }

    /// The answer as a lazily read value.
    ///
    /// # Errors
    /// Never for a reply of [`Aries::read`], which has checked the text.
    pub(crate) fn json(&self) -> Result<Json<'_>> {
        Json::parse(&self.body).map_err(|_| broken("is not JSON"))
    }

    /// The rows of the answer: the list at a path, or the answer itself where an older shape is a bare list.
    ///
    /// # Errors
    /// If there is no list: that is not the same as an empty one.
    pub(crate) fn rows(&self, path: &str) -> Result<Vec<Json<'_>>> {
        let json = self.json()?;
        let list = json.get(path).filter(|list| list.is_array()).or_else(|| json.is_array().then_some(json));
        list.map(Json::items).ok_or_else(|| broken(&format!("lacks the list `{path}`")))
    }
}

/// Why one try failed, and whether another may help.
struct Setback {
    error: Error,
    again: Again,
}

enum Again {
    No,
    After(Option<Duration>),
    WithNewToken(Bearer),
}

impl Aries {
    /// A sender for these addresses and this sign-in. Nothing is opened before the first call.
    pub(crate) fn new(urls: Urls, session: Arc<Session>) -> Self {
        Self { urls, session }
    }

    /// The sign-in this sender uses.
    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// The addresses this sender uses.
    pub(crate) fn urls(&self) -> &Urls {
        &self.urls
    }

    /// Sends a read, repeating it where that may help, for 20 seconds at most.
    ///
    /// # Errors
    /// What happened and what to do next; never a header or a token.
    pub(crate) async fn read(&self, request: &Request) -> Result<Reply> {
        match tokio::time::timeout(web::TOTAL_LIMIT, self.read_until_done(request)).await {
            Ok(result) => result,
            Err(_) => {
                Err(no_answer(&format!("Aries did not answer within {} s", web::TOTAL_LIMIT.as_secs())))
            }
        }
    }

    async fn read_until_done(&self, request: &Request) -> Result<Reply> {
        let started = tokio::time::Instant::now();
        let mut pauses = PAUSES.into_iter();
        let mut bearer = self.session.bearer().await?;
        let mut renewed = false;
        loop {
            let Setback { error, again } = match self.attempt(request, &bearer).await {
                Ok(reply) => return Ok(reply),
                Err(setback) => setback,
            };
            match again {
                Again::WithNewToken(rejected) if !renewed => {
                    renewed = true;
                    bearer = self.session.renew(&rejected).await?;
                }
                Again::After(asked) => {
                    let Some(pause) = pauses.next() else { return Err(error) };
                    let pause = asked.unwrap_or_else(|| jittered(pause));
                    if started.elapsed() + pause >= web::TOTAL_LIMIT {
                        return Err(error);
                    }
                    tracing::debug!(
                        path = request.endpoint.path,
                        ?pause,
                        cause = error.cause,
                        "trying again"
                    );
                    tokio::time::sleep(pause).await;
                }
                _ => return Err(error),
            }
        }
    }

    async fn attempt(&self, request: &Request, bearer: &Bearer) -> std::result::Result<Reply, Setback> {
        let client = web::client(&self.urls).map_err(Setback::last)?;
        let sent = client
            .request(reqwest::Method::GET, request.url(&self.urls.api))
            .bearer_auth(bearer.token.expose_secret())
            .header(reqwest::header::ACCEPT, "application/json")
            .send()
            .await;
        let mut response = sent.map_err(|error| Setback::lost(&error))?;
        let status = response.status();
        let asked = retry_after(response.headers());
        let json = is_json(response.headers());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| Setback::lost(&error))? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(Setback::last(too_large()));
            }
            body.extend_from_slice(&chunk);
        }
        let body = String::from_utf8(body).map_err(|_| Setback::retry(broken("is not UTF-8"), None))?;
        if status == StatusCode::UNAUTHORIZED {
            let error = Error::sign_in(
                "Aries no longer accepts the sign-in",
                "ask the person to run `aries-mcp login` in a terminal",
            );
            return Err(Setback { error, again: Again::WithNewToken(bearer.clone()) });
        }
        if !status.is_success() {
            return Err(refusal(request, status, &body, asked));
        }
        if !json {
            return Err(Setback::retry(broken("is not JSON"), None));
        }
        Json::parse(&body).map_err(|_| Setback::retry(broken("is cut off or not JSON"), None))?;
        Ok(Reply { body })
    }
}

impl Setback {
    fn last(error: Error) -> Self {
        Self { error, again: Again::No }
    }

    fn retry(error: Error, asked: Option<Duration>) -> Self {
        Self { error, again: Again::After(asked) }
    }

    fn lost(error: &reqwest::Error) -> Self {
        let what = if error.is_timeout() {
            "the time limit passed"
        } else if error.is_connect() {
            "no connection"
        } else {
            "the connection broke"
        };
        Self::retry(no_answer(&format!("Aries could not be reached: {what}{}", root_cause(error))), None)
    }
}

/// The innermost cause, since reqwest's own text repeats the URL.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    let text = clean(&inner.to_string(), 120);
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

fn refusal(request: &Request, status: StatusCode, body: &str, asked: Option<Duration>) -> Setback {
    let said = message(body).map(|text| format!(": {text}")).unwrap_or_default();
    let endpoint = request.endpoint;
    let code = status.as_u16();
    let refused = |hint: String| {
        let kind = if code == 404 { Kind::NotFound } else { Kind::Refused };
        Setback::last(Error::new(kind, format!("Aries refused ({code}){said}"), hint))
    };
    match code {
        403 if endpoint.scopes.is_empty() => Setback::last(Error::new(
            Kind::Refused,
            format!("the sign-in lacks a right, and Aries does not document which{said}"),
            "tell the person: enable every reading scope for the API key in Client Center, then run `aries-mcp login` again",
        )),
        403 => Setback::last(Error::new(
            Kind::Refused,
            format!("the sign-in lacks a right: {}{said}", endpoint.scope_words()),
            format!(
                "tell the person: enable {} for the API key in Client Center, then run `aries-mcp login` again",
                endpoint.scope_words()
            ),
        )),
        404 if endpoint.doc == DocStatus::Inferred => {
            refused("this call is not documented by Aries and may not exist; do not try it again".to_owned())
        }
        404 => refused(
            "Aries knows nothing under that name; check it with find_symbol or get_accounts".to_owned(),
        ),
        429 => {
            let wait = asked.map_or_else(|| "a minute".to_owned(), |pause| format!("{} s", pause.as_secs()));
            let error = Error::new(
                Kind::RateLimited,
                format!("Aries limits how often it can be asked{said}"),
                format!("wait {wait}, then ask again, for less at a time"),
            );
            Setback::retry(error, asked)
        }
        500.. => Setback::retry(
            Error::new(
                Kind::Unavailable,
                format!("Aries has a fault ({code}){said}"),
                "trying again in a minute may help; if not, tell the person that Aries is out of order",
            ),
            asked,
        ),
        _ => refused("change the arguments; the same request will be refused again".to_owned()),
    }
}

/// The sentence in an error body, whichever documented shape it has.
pub(super) fn message(body: &str) -> Option<String> {
    let json = Json::parse(body).ok()?;
    let first_code = json.get("codes").and_then(|codes| codes.items().into_iter().next());
    let detail = first_code.and_then(|code| {
        let text = code.text_at("description").or_else(|| code.text_at("code"))?;
        let field = code.text_at("field").map(|field| format!("{field}: ")).unwrap_or_default();
        Some(format!("{field}{text}"))
    });
    let plain = ["message", "error_description", "error", "errmsg"];
    let text =
        detail.or_else(|| plain.iter().find_map(|key| json.text_at(key)).map(|text| text.into_owned()))?;
    // Before the cut: half a token is a secret too.
    Some(clean(&without_tokens(&clean(&text, 2_000)), 200))
}

pub(super) fn is_json(headers: &reqwest::header::HeaderMap) -> bool {
    let kind = headers.get(reqwest::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_none_or(|kind| kind.contains("json"))
}

fn retry_after(headers: &reqwest::header::HeaderMap) -> Option<Duration> {
    let value = headers.get(reqwest::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?;
    let seconds = date.timestamp().as_second() - jiff::Timestamp::now().as_second();
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// A pause between half and the whole of it, so that several processes do not ask in step.
fn jittered(pause: Duration) -> Duration {
    let mut byte = [0_u8; 1];
    let share = getrandom::fill(&mut byte).map_or(255, |()| u32::from(byte[0]));
    pause / 2 + pause * share / 510
}

fn no_answer(cause: &str) -> Error {
    Error::new(
        Kind::Unavailable,
        cause,
        "trying again may help; if not, tell the person to check the network",
    )
}

fn broken(what: &str) -> Error {
    Error::new(
        Kind::Unavailable,
        format!("Aries' answer {what}"),
        "trying again may help; if not, tell the person that Aries is out of order",
    )
}

fn too_large() -> Error {
    Error::new(
        Kind::Refused,
        format!("Aries' answer is larger than {} MB", MOST_BYTES / 1024 / 1024),
        "narrow the request: fewer symbols, a shorter range, or a limit",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_error_shape_gives_its_sentence() {
        let shapes = [
            (
                r#"{"error":"x","codes":[{"code":"C","description":"too short","field":"qty"}]}"#,
                "qty: too short",
            ),
            (r#"{"error":"bad_request","message":"symbol is unknown"}"#, "symbol is unknown"),
            (r#"{"error":"invalid_grant","error_description":"code used"}"#, "code used"),
            (r#"{"error":"only this"}"#, "only this"),
        ];
        for (body, expected) in shapes {
            assert_eq!(message(body).as_deref(), Some(expected));
        }
        assert_eq!(message("<html>"), None);
    }

    #[test]
    fn pauses_stay_between_half_and_whole() {
        for _ in 0..100 {
            let pause = jittered(Duration::from_millis(1000));
            assert!((500..=1000).contains(&pause.as_millis()), "{pause:?}");
        }
    }
}

//! What every request to Aries' API has in common: the bearer token, its one renewal after a 401 to a read, Aries' limits,
//! and the words for what came back.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{RequestBuilder, StatusCode};
use secrecy::ExposeSecret;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::endpoint::Endpoint;
use super::generation::Generations;
use super::heard::Heard;
use super::json::Json;
use super::recent::Recent;
use super::refused::Refusals;
use crate::auth::session::{Bearer, Session};
use crate::config::{Settings, Urls};
use crate::error::{Error, Kind, Result};
use crate::error_body::ErrorBody;
use crate::http::{self, Answer, Cause, Failure};
use crate::rate_limits::{Category, Left, RateLimits, Urgency};
use crate::text::{clean, without_parts_of};
use crate::told::Told;

/// How long a step of several calls waits for Aries' limits; clients wait for a call of a tool twice as long.
const PATIENCE: Duration = Duration::from_secs(20);

/// The API of Aries with one person's sign-in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Aries {
    urls: Urls,
    session: Arc<Session>,
    limits: RateLimits,
    urgency: Urgency,
    generations: Arc<Generations>,
    refusals: Arc<Refusals>,
    recent: Arc<Recent>,
    /// How long an answer may be taken for one of now.
    pub(super) recent_age: Duration,
    heard: Heard,
}

impl Aries {
    /// Nothing is opened before the first call.
    pub(crate) fn new(settings: &Settings, session: Arc<Session>) -> Self {
        let (urls, limits) = (settings.urls.clone(), settings.rate_limits.clone());
        Self {
            urls,
            session,
            limits,
            urgency: Urgency::Usual,
            generations: Arc::default(),
            refusals: Arc::default(),
            recent: Arc::default(),
            recent_age: settings.timing.recent,
            heard: Heard::of(settings),
        }
    }

    /// The same, whose calls are as urgent as this.
    pub(crate) fn with(&self, urgency: Urgency) -> Self {
        Self { urgency, ..self.clone() }
    }

    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    pub(crate) fn heard(&self) -> &Heard {
        &self.heard
    }

    pub(super) fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    pub(super) fn recent(&self) -> &Recent {
        &self.recent
    }

    pub(crate) fn urls(&self) -> &Urls {
        &self.urls
    }

    /// Waits until so many calls of a category may follow one another: a step that needs several is not left half-way.
    /// Fails at once if that takes too long for the call of a tool.
    pub(crate) async fn room(&self, category: Category, calls: usize) -> Result<()> {
        self.limits.room(category, calls, Instant::now() + PATIENCE).await
    }

    pub(crate) fn calls_left(&self, category: Category) -> Left {
        self.limits.left(category, self.urgency)
    }

    pub(super) fn generations(&self) -> &Generations {
        &self.generations
    }
}

/// The sign-in of one call: its token, which is renewed once at most, and its part in Aries' limits.
pub(super) struct CallToken {
    aries: Aries,
    bearer: Bearer,
    is_renewed: bool,
    attempt: u32,
    category: Option<Category>,
    /// When the call has to be sent at the latest.
    latest: Instant,
    /// How long Aries takes no further calls of this category, after a 429.
    pub(super) pause: Duration,
}

/// Why a request of a call was not answered.
pub(super) enum SendError {
    /// Nothing was done: the request could not be made, or Aries answers a read with 401.
    NotDone(Error),
    /// The exchange failed; what was asked may have been done.
    Exchange(Failure),
}

impl CallToken {
    /// `latest` is when a request may be sent at the latest; one that has to wait longer for Aries' limits is not sent.
    pub(super) async fn of(aries: Aries, endpoint: &Endpoint, latest: Instant) -> Result<Self> {
        Ok(Self {
            bearer: aries.session.bearer().await.map_err(of_sign_in)?,
            aries,
            is_renewed: false,
            attempt: 0,
            category: Category::of(endpoint.path),
            latest,
            pause: Duration::ZERO,
        })
    }

    /// Sends a request that may change something: once, whatever comes back. A 401 is no proof that nothing was done.
    pub(super) async fn exchange_once(
        mut self,
        request: RequestBuilder,
        limit: usize,
    ) -> std::result::Result<Answer, SendError> {
        self.send(request, limit).await.map_err(SendError::NotDone)?.map_err(SendError::Exchange)
    }

    /// Sends a request that changes nothing and reads its answer, of at most `limit` bytes. After a 401 the sign-in is
    /// renewed, once per call, and the request sent once more.
    pub(super) async fn exchange(
        &mut self,
        request: RequestBuilder,
        limit: usize,
    ) -> std::result::Result<Answer, SendError> {
        loop {
            let again = request.try_clone().expect("a body in memory can be sent again");
            let mut outcome = self.send(again, limit).await.map_err(SendError::NotDone)?;
            let no = no_success(&mut outcome).filter(|answer| answer.status == StatusCode::UNAUTHORIZED);
            let Some(answer) = no else { return outcome.map_err(SendError::Exchange) };
            let ahead = http::wrong_clock(&answer.headers);
            if self.is_renewed {
                let said = ErrorBody::read(&String::from_utf8_lossy(&answer.body)).after_colon();
                let error = Error::sign_in(
                    format!("Aries no longer accepts the sign-in{said}"),
                    Told::person_to("run `aries-mcp login` in a terminal"),
                );
                return Err(SendError::NotDone(http::of_wrong_clock(error, ahead)));
            }
            let renewed = self.aries.session.renew(&self.bearer).await.map_err(of_sign_in);
            self.bearer = renewed.map_err(|error| SendError::NotDone(http::of_wrong_clock(error, ahead)))?;
            self.is_renewed = true;
        }
    }

    /// Sends the request once, as soon as Aries' limits allow it. Fails if they do not.
    async fn send(
        &mut self,
        request: RequestBuilder,
        limit: usize,
    ) -> Result<std::result::Result<Answer, Failure>> {
        if let Some(category) = self.category {
            self.aries.limits.turn(category, self.aries.urgency, self.latest).await?;
        }
        self.attempt += 1;
        let token = self.bearer.token.expose_secret();
        let request = request.header(ACCEPT, "application/json").bearer_auth(token);
        let mut outcome = http::exchange(request, limit, self.attempt).await;
        if let Some(answer) = no_success(&mut outcome) {
            // What a complaint repeats of the token must reach nobody.
            answer.body = Zeroizing::new(without_parts_of(token, &answer.body));
            if let (StatusCode::TOO_MANY_REQUESTS, Some(category)) = (answer.status, self.category) {
                self.pause = self.aries.limits.hold(category, answer.retry_after());
            }
        }
        Ok(outcome)
    }
}

/// What is wrong with the sign-in or its store only the person can mend, unless it passes.
fn of_sign_in(error: Error) -> Error {
    if error.kind == Kind::Unavailable { error } else { error.for_the_person() }
}

/// The answer, or as much of it as arrived, if its status is no success.
fn no_success(outcome: &mut std::result::Result<Answer, Failure>) -> Option<&mut Answer> {
    let answer = match outcome {
        Ok(answer) => Some(answer),
        Err(failure) => failure.answer(),
    };
    answer.filter(|answer| !answer.status.is_success())
}

pub(super) fn with_json(request: RequestBuilder, body: &serde_json::Value) -> RequestBuilder {
    request.header(CONTENT_TYPE, "application/json").body(body.to_string())
}

/// Puts what broke a connection in parentheses after a blank; empty if the library says nothing.
pub(super) fn in_parentheses(cause: &Cause) -> String {
    let text = clean(&cause.text, 120);
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

/// Tells whether an error body gives Aries' reason, in one of the shapes that its services write. A gateway before Aries has
/// pages and words of its own, and does not know what became of the request.
pub(super) fn gives_reason(json: Json<'_>) -> bool {
    let says = |value: Json<'_>| {
        value.text().is_some_and(|text| !text.trim().is_empty())
            || !value.members().is_empty()
            || !value.items().is_empty()
    };
    ["error", "errors", "codes", "text", "ordRejReason"].iter().any(|name| json.get(name).is_some_and(says))
}

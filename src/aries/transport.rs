//! What every request to Aries' API has in common: the bearer token, its one renewal after a 401, and the words for
//! what came back.

use std::sync::Arc;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use reqwest::{RequestBuilder, StatusCode};
use secrecy::ExposeSecret;

use super::generation::Generations;
use super::json::Json;
use super::refused::Refusals;
use super::text::{clean, without_tokens};
use crate::auth::session::{Bearer, Session};
use crate::config::Urls;
use crate::error::{Error, Result};
use crate::http::{self, Answer, Cause, Failure};

/// The API of Aries with one person's sign-in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Aries {
    urls: Urls,
    session: Arc<Session>,
    generations: Arc<Generations>,
    refusals: Arc<Refusals>,
}

impl Aries {
    /// Nothing is opened before the first call.
    pub(crate) fn new(urls: Urls, session: Arc<Session>) -> Self {
        Self { urls, session, generations: Arc::default(), refusals: Arc::default() }
    }

    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    pub(super) fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    pub(crate) fn urls(&self) -> &Urls {
        &self.urls
    }

    pub(super) fn generations(&self) -> &Generations {
        &self.generations
    }
}

/// The sign-in of one call: its token, which is renewed once at most.
pub(super) struct CallToken<'a> {
    session: &'a Session,
    bearer: Bearer,
    is_renewed: bool,
}

/// Why a request of a call was not answered.
pub(super) enum SendError {
    /// Nothing was done: the request could not be made, or Aries answered 401, which it does before anything else.
    NotDone(Error),
    /// The exchange failed; what was asked may have been done.
    Exchange(Failure),
}

impl<'a> CallToken<'a> {
    pub(super) async fn of(aries: &'a Aries) -> Result<Self> {
        Ok(Self { session: &aries.session, bearer: aries.session.bearer().await?, is_renewed: false })
    }

    /// Sends a request with the token and reads its answer, of at most `limit` bytes. After a 401 the sign-in is
    /// renewed, once per call, and the request sent once more.
    pub(super) async fn exchange(
        &mut self,
        request: RequestBuilder,
        limit: usize,
    ) -> std::result::Result<Answer, SendError> {
        let request = request.header(ACCEPT, "application/json");
        loop {
            let again = request.try_clone().expect("a body in memory can be sent again");
            let outcome = http::exchange(again.bearer_auth(self.bearer.token.expose_secret()), limit).await;
            let status = match &outcome {
                Ok(answer) => Some(answer.status),
                Err(failure) => failure.status(),
            };
            if status != Some(StatusCode::UNAUTHORIZED) {
                return outcome.map_err(SendError::Exchange);
            }
            if self.is_renewed {
                return Err(SendError::NotDone(Error::sign_in(
                    "Aries no longer accepts the sign-in",
                    "ask the person to run `aries-mcp login` in a terminal",
                )));
            }
            self.bearer = self.session.renew(&self.bearer).await.map_err(SendError::NotDone)?;
            self.is_renewed = true;
        }
    }
}

pub(super) fn with_json(request: RequestBuilder, body: &serde_json::Value) -> RequestBuilder {
    request.header(CONTENT_TYPE, "application/json").body(body.to_string())
}

/// Tells whether an answer claims to be JSON; one that claims nothing may be.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_none_or(|kind| kind.contains("json"))
}

/// Puts what broke a connection in parentheses after a blank; empty if the library says nothing.
pub(super) fn in_parentheses(cause: &Cause) -> String {
    let text = clean(&cause.text, 120);
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

/// Puts the sentence in an error body after a colon; empty if there is none.
pub(super) fn after_colon(body: &str) -> String {
    message(body).map(|text| format!(": {text}")).unwrap_or_default()
}

/// Finds the sentence in an error body, whichever documented shape it has.
fn message(body: &str) -> Option<String> {
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
    // Tokens are hidden before the cut: half a token is a secret too.
    Some(clean(&without_tokens(&clean(&text, 2_000)), 200))
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
}

//! The writing half of the sender: one POST, never repeated.
//!
//! It exists only in processes that are not read-only, and only `trade` holds one. What came of a POST is one of
//! three things, and the difference is the whole point: an answer, a refusal that surely changed nothing, or doubt.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::endpoint::Endpoint;
use super::http::{MOST_BYTES, Reply, is_json, message, root_cause};
use super::json::Json;
use crate::aries::Aries;
use crate::auth::session::Bearer;
use crate::error::{Error, Kind};
use crate::web;

/// What came of a POST.
pub(crate) enum Sent {
    /// A whole JSON answer with a status of success.
    Answered(Reply),
    /// It surely had no effect: it never left this machine, or Aries said no before doing anything.
    Refused(Error),
    /// It may have had its effect.
    Unknown(Error),
}

/// The one way to send a POST to Aries.
pub(crate) struct Writer {
    aries: Aries,
}

impl Writer {
    /// A writing half for this sender.
    pub(crate) fn new(aries: Aries) -> Self {
        Self { aries }
    }

    /// Sends `body` once. Only after a 401, which Aries answers before it looks at an order, the sign-in is renewed
    /// and the POST made once more.
    pub(crate) async fn post(&self, endpoint: &'static Endpoint, body: &Value) -> Sent {
        let first = match self.aries.session().bearer().await {
            Ok(bearer) => bearer,
            Err(error) => return Sent::Refused(error),
        };
        match self.attempt(endpoint, body, &first).await {
            Attempt::Done(sent) => sent,
            Attempt::NotSignedIn => match self.aries.session().renew(&first).await {
                Ok(second) => match self.attempt(endpoint, body, &second).await {
                    Attempt::Done(sent) => sent,
                    Attempt::NotSignedIn => Sent::Refused(Error::sign_in(
                        "Aries no longer accepts the sign-in",
                        "ask the person to run `aries-mcp login` in a terminal",
                    )),
                },
                Err(error) => Sent::Refused(error),
            },
        }
    }

    async fn attempt(&self, endpoint: &'static Endpoint, body: &Value, bearer: &Bearer) -> Attempt {
        // The whole exchange is bounded once more: no answer at all is doubt, not a reason to wait on.
        let limit = web::TOTAL_LIMIT + Duration::from_secs(1);
        let client = match web::writing_client(self.aries.urls()) {
            Ok(client) => client,
            Err(error) => return Attempt::Done(Sent::Refused(error)),
        };
        match tokio::time::timeout(limit, self.exchange(&client, endpoint, body, bearer)).await {
            Ok(attempt) => attempt,
            Err(_) => Attempt::Done(doubt("Aries did not answer in time")),
        }
    }

    async fn exchange(
        &self,
        client: &Client,
        endpoint: &'static Endpoint,
        body: &Value,
        bearer: &Bearer,
    ) -> Attempt {
        let mut url = self.aries.urls().api.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(endpoint.path.split('/').filter(|part| !part.is_empty()));
        }
        let sent = client
            .post(url)
            .bearer_auth(bearer.token.expose_secret())
            .header(reqwest::header::ACCEPT, "application/json")
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(body.to_string())
            .send()
            .await;
        let mut response = match sent {
            Ok(response) => response,
            // No connection was ever open, so nothing of the order has left this machine.
            Err(error) if error.is_connect() => {
                let cause = format!("Aries could not be reached{}", root_cause(&error));
                let hint = "nothing was sent; tell the person to check the network";
                return Attempt::Done(Sent::Refused(Error::new(Kind::Unavailable, cause, hint)));
            }
            Err(error) => {
                return Attempt::Done(doubt(&format!("the connection broke{}", root_cause(&error))));
            }
        };
        let status = response.status();
        if status == StatusCode::UNAUTHORIZED {
            return Attempt::NotSignedIn;
        }
        let json = is_json(response.headers());
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() <= MOST_BYTES => bytes.extend_from_slice(&chunk),
                Ok(Some(_)) => return Attempt::Done(doubt("the answer is far too large")),
                Ok(None) => break,
                Err(error) if surely_refused(status) => {
                    tracing::debug!(%error, "the body of a refusal broke off");
                    break;
                }
                Err(error) => {
                    return Attempt::Done(doubt(&format!("the answer broke off{}", root_cause(&error))));
                }
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Attempt::Done(judge(endpoint, body, status, json, text))
    }
}

enum Attempt {
    Done(Sent),
    NotSignedIn,
}

/// Statuses by which a server says that it did not do what was asked. Anything else below 500 is rare enough to be
/// looked into rather than believed.
fn surely_refused(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 403 | 404 | 405 | 413 | 415 | 422 | 429)
}

/// Whether a refusal contradicts itself: a server that did nothing has no order to name but the one that the request
/// was about, unless it says that the named one failed.
fn names_an_order(text: &str, request: &Value) -> bool {
    let Ok(json) = Json::parse(text) else { return false };
    let Some(id) = json.text_at("clOrdId") else { return false };
    let new = request.get("origClOrdId").and_then(Value::as_str) != Some(&*id);
    let filled = json.decimal_at("cumQty").is_some_and(|filled| !filled.is_zero());
    let failed = json.text_at("status").is_some_and(|status| status.trim().eq_ignore_ascii_case("REJECTED"));
    match json.get("success").and_then(Json::boolean) {
        Some(true) => true,
        Some(false) => new && (filled || !failed),
        None => new,
    }
}

fn judge(endpoint: &Endpoint, request: &Value, status: StatusCode, json: bool, text: String) -> Sent {
    let said = message(&text).map(|text| format!(": {text}")).unwrap_or_default();
    let code = status.as_u16();
    if surely_refused(status) && names_an_order(&text, request) {
        return doubt(&format!("Aries refused ({code}), but its answer names an order{said}"));
    }
    if surely_refused(status) {
        let (kind, hint) = match code {
            403 => (
                Kind::Refused,
                format!(
                    "tell the person: enable {} for the API key in Client Center, then run `aries-mcp login --trade` again",
                    endpoint.scope_words()
                ),
            ),
            429 => (Kind::RateLimited, "wait a minute, then preview again".to_owned()),
            _ => (
                Kind::Refused,
                "tell the person what Aries said; the same request will be refused again".to_owned(),
            ),
        };
        return Sent::Refused(Error::new(kind, format!("Aries refused ({code}){said}"), hint));
    }
    if !status.is_success() {
        return doubt(&format!("Aries answered with a fault ({code}){said}"));
    }
    if !json || Json::parse(&text).is_err() {
        return doubt("Aries' answer is cut off or not JSON");
    }
    Sent::Answered(Reply { body: text })
}

fn doubt(cause: &str) -> Sent {
    Sent::Unknown(Error::new(Kind::Unavailable, cause, "do not send it again; look at the orders first"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refusal_that_names_an_order_of_its_own_is_none() {
        let place = json!({"symbol": "MSFT"});
        let replace = json!({"origClOrdId": "1"});
        for (request, answer, contradicts) in [
            (&place, json!({"error": "bad price"}), false),
            (&place, json!({"clOrdId": "1"}), true),
            (&place, json!({"success": true, "clOrdId": "1", "status": "NEW"}), true),
            (&place, json!({"success": false, "clOrdId": "1"}), true),
            (&place, json!({"success": false, "clOrdId": "1", "status": "PENDING_NEW"}), true),
            (&place, json!({"success": false, "clOrdId": "1", "status": "REJECTED"}), false),
            (&place, json!({"success": false, "clOrdId": "1", "cumQty": "4"}), true),
            (&replace, json!({"clOrdId": "1", "error": "too late"}), false),
            (&replace, json!({"success": false, "clOrdId": "1", "cumQty": "4"}), false),
            (&replace, json!({"success": true, "clOrdId": "1"}), true),
            (&replace, json!({"clOrdId": "2"}), true),
        ] {
            assert_eq!(names_an_order(&answer.to_string(), request), contradicts, "{request} {answer}");
        }
    }
}

//! Sends orders: one POST, never repeated. An order sender exists only in processes that are not read-only, and only
//! `trade` holds one. What came of a POST is an answer, a refusal that surely changed nothing, or an unknown outcome:
//! the difference keeps an order from being sent twice.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;
use tokio::time::Instant;

use super::endpoint::Endpoint;
use super::endpoints::ORDER_CANCEL;
use super::json::Json;
use super::reader::MOST_BYTES;
use super::reply::Reply;
use super::transport::{Aries, CallToken, SendError, in_parentheses, is_json, with_json};
use crate::error::{Error, Kind};
use crate::error_body::ErrorBody;
use crate::http::{self, Answer, Failure};

/// How long an order waits for Aries' limits: what was checked about it is soon out of date.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) enum Sent {
    /// A whole JSON answer with a status of success.
    Answered(Reply),
    /// It surely had no effect: it never left this machine, or Aries said no before doing anything.
    Refused(Error),
    /// It may have had its effect.
    Unknown(Error),
}

/// The one way to send an order to Aries.
pub(crate) struct OrderSender {
    aries: Aries,
}

impl OrderSender {
    pub(crate) fn new(aries: Aries) -> Self {
        Self { aries }
    }

    /// Sends `body` once. Only after a 401, which Aries answers before it looks at an order, the sign-in is renewed
    /// and the POST made once more.
    pub(crate) async fn post(&self, endpoint: &'static Endpoint, body: &Value) -> Sent {
        match self.exchange(endpoint, body).await {
            Ok(answer) => judge(endpoint, body, &answer),
            Err(SendError::NotDone(error)) => Sent::Refused(error),
            Err(SendError::Exchange(failure)) => failed(endpoint, body, failure),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the order sender itself")]
    async fn exchange(&self, endpoint: &Endpoint, body: &Value) -> std::result::Result<Answer, SendError> {
        let urls = self.aries.urls();
        let is_cancel = std::ptr::eq(endpoint, &ORDER_CANCEL);
        let aries = if is_cancel { self.aries.for_cancels() } else { self.aries.clone() };
        let token = CallToken::of(&aries, endpoint, Instant::now() + PATIENCE).await;
        let mut token = token.map_err(SendError::NotDone)?;
        let client = http::order_client(urls).map_err(SendError::NotDone)?;
        let mut url = urls.api.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(endpoint.path.split('/').filter(|part| !part.is_empty()));
        }
        token.exchange(with_json(client.post(url), body), MOST_BYTES).await
    }
}

/// What an exchange without a whole answer means for the order.
fn failed(endpoint: &Endpoint, request: &Value, failure: Failure) -> Sent {
    match failure {
        // No connection was ever open, so nothing of the order has left this machine.
        Failure::NotConnected(cause) => Sent::Refused(Error::new(
            Kind::Unavailable,
            format!("Aries could not be reached{}", in_parentheses(&cause)),
            "nothing was sent; tell the person to check the network",
        )),
        Failure::NoAnswer(cause) => unknown(&format!("the connection broke{}", in_parentheses(&cause))),
        // The status has said no already.
        Failure::BrokenOff(answer, _) if surely_refused(answer.status) => judge(endpoint, request, &answer),
        Failure::BrokenOff(_, cause) => unknown(&format!("the answer broke off{}", in_parentheses(&cause))),
        Failure::TooLarge(_) => unknown("the answer is far too large"),
    }
}

/// Statuses by which a server says that it did not do what was asked. Anything else below 500 is rare enough to be
/// looked into rather than believed.
fn surely_refused(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 403 | 404 | 405 | 413 | 415 | 422 | 429)
}

/// Tells whether a refusal contradicts itself: a server that did nothing has no order to name but the one that the
/// request was about, unless it says that the named one failed.
fn names_an_order(text: &str, request: &Value) -> bool {
    let levels = Json::parse(text).map(Json::levels).unwrap_or_default();
    let get = |name: &str| levels.iter().find_map(|level| level.get(name));
    let Some(id) = get("clOrdId").and_then(Json::text) else { return false };
    let new = request.get("origClOrdId").and_then(Value::as_str) != Some(&*id);
    let filled = get("cumQty").and_then(Json::decimal).is_some_and(|filled| !filled.is_zero());
    let status = get("status").and_then(Json::text);
    let failed = status.is_some_and(|status| status.trim().eq_ignore_ascii_case("REJECTED"));
    match get("success").and_then(Json::boolean) {
        Some(true) => true,
        Some(false) => new && (filled || !failed),
        None => new,
    }
}

/// What a whole answer means for the order.
fn judge(endpoint: &Endpoint, request: &Value, answer: &Answer) -> Sent {
    let text = String::from_utf8_lossy(&answer.body);
    let said = ErrorBody::read(&text).after_colon();
    let code = answer.status.as_u16();
    if surely_refused(answer.status) && names_an_order(&text, request) {
        return unknown(&format!("Aries refused ({code}), but its answer names an order{said}"));
    }
    if surely_refused(answer.status) {
        let hint = match code {
            403 => &*format!(
                "tell the person: enable {} for the API key in Client Center, then run `aries-mcp login --trade` again",
                endpoint.scope_words()
            ),
            429 => "wait a minute, then preview again",
            _ => "tell the person what Aries said; the same request will be refused again",
        };
        let kind = if code == 429 { Kind::RateLimited } else { Kind::Refused };
        return Sent::Refused(Error::new(kind, format!("Aries refused ({code}){said}"), hint));
    }
    if !answer.status.is_success() {
        return unknown(&format!("Aries answered with a fault ({code}){said}"));
    }
    match Reply::checked(endpoint, text.into_owned()) {
        Ok(reply) if is_json(&answer.headers) => Sent::Answered(reply),
        _ => unknown("Aries' answer is cut off or not JSON"),
    }
}

fn unknown(cause: &str) -> Sent {
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

//! Sends orders: one POST, never repeated. An order sender exists only in processes that are not read-only, and only
//! `trade` holds one. What came of a POST is an answer, a refusal that surely changed nothing, a no that proves nothing, or
//! an unknown outcome: the difference keeps an order from being sent twice.

use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;
use tokio::time::Instant;

use super::endpoint::Endpoint;
use super::endpoints::{ORDER_CANCEL, ORDER_PREVIEW};
use super::json::Json;
use super::reader::MOST_BYTES;
use super::refusal;
use super::reply::Reply;
use super::transport::{Aries, CallToken, SendError, in_parentheses, with_json};
use crate::error::{Error, Kind, Result};
use crate::error_body::ErrorBody;
use crate::http::{self, Answer, Failure};
use crate::rate_limits::Urgency;
use crate::told::Told;

/// How long an order waits for Aries' limits: what was checked about it is soon out of date.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) enum Sent {
    /// A whole JSON answer with a status of success.
    Answered(Reply),
    /// It surely had no effect: it never left this machine, or Aries said no and why.
    Refused(Error),
    /// Somebody said no, and it may have had its effect all the same: the sign-in was not accepted, the answer broke off, or
    /// a gateway answered in place of Aries.
    Denied(Error),
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

    /// Sends `body` once, whatever comes back.
    pub(crate) async fn post(&self, endpoint: &'static Endpoint, body: &Value) -> Sent {
        let (token, request) = match self.request(endpoint, body).await {
            Ok(ready) => ready,
            Err(error) => return Sent::Refused(error),
        };
        taken(endpoint, body, token.exchange_once(request, MOST_BYTES).await)
    }

    /// Asks what an order would cost. That changes nothing, so it is asked once more after a 401.
    pub(crate) async fn preview(&self, body: &Value) -> Sent {
        let endpoint = &ORDER_PREVIEW;
        let (mut token, request) = match self.request(endpoint, body).await {
            Ok(ready) => ready,
            Err(error) => return Sent::Refused(error),
        };
        taken(endpoint, body, token.exchange(request, MOST_BYTES).await)
    }

    /// The token is one that outlives the request.
    #[expect(clippy::disallowed_methods, reason = "the order sender itself")]
    async fn request(&self, endpoint: &Endpoint, body: &Value) -> Result<(CallToken, RequestBuilder)> {
        let urls = self.aries.urls();
        let is_cancel = std::ptr::eq(endpoint, &ORDER_CANCEL);
        let urgency = if is_cancel { Urgency::AtOnce } else { Urgency::Usual };
        let token = CallToken::of(self.aries.with(urgency), endpoint, Instant::now() + PATIENCE).await?;
        // A preview changes nothing, so it may go by a connection that is there already.
        let is_question = std::ptr::eq(endpoint, &ORDER_PREVIEW);
        let client = if is_question { http::client(urls)? } else { http::write_client(urls)? };
        let mut url = urls.api.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(endpoint.path.split('/').filter(|part| !part.is_empty()));
        }
        Ok((token, with_json(client.post(url), body)))
    }
}

/// What an exchange means for the order.
fn taken(endpoint: &Endpoint, request: &Value, outcome: std::result::Result<Answer, SendError>) -> Sent {
    match outcome {
        Ok(answer) => judge(endpoint, request, &answer),
        Err(SendError::NotDone(error)) => Sent::Refused(error.with_nothing_sent()),
        Err(SendError::Exchange(failure)) => failed(endpoint, failure),
    }
}

/// What an exchange without a whole answer means for the order.
fn failed(endpoint: &Endpoint, failure: Failure) -> Sent {
    match failure {
        // No connection was ever open, so nothing of the order has left this machine.
        Failure::NotConnected(cause) => Sent::Refused(Error::new(
            Kind::Unavailable,
            format!("Aries could not be reached{}", in_parentheses(&cause)),
            Told::from("nothing was sent; ")
                .and(Told::person(cause.kind.next_step().unwrap_or("check the network"))),
        )),
        Failure::NoAnswer(cause) => unknown(&format!("the connection broke{}", in_parentheses(&cause))),
        Failure::BrokenOff(answer, cause) if says_no(answer.status) => {
            let cause = format!("the answer {} broke off{}", answer.status.as_u16(), in_parentheses(&cause));
            Sent::Denied(denied(endpoint, answer.status, cause))
        }
        Failure::BrokenOff(_, cause) => unknown(&format!("the answer broke off{}", in_parentheses(&cause))),
        Failure::TooLarge(_) => unknown("the answer is far too large"),
    }
}

/// Statuses by which a server says that it did not do what was asked. Anything else below 500 is rare enough to be
/// looked into rather than believed.
fn says_no(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 401 | 403 | 404 | 405 | 413 | 415 | 422 | 429)
}

/// What a whole answer means for the order.
fn judge(endpoint: &Endpoint, request: &Value, answer: &Answer) -> Sent {
    let text = String::from_utf8_lossy(&answer.body);
    let (status, code, said) = (answer.status, answer.status.as_u16(), ErrorBody::read(&text).after_colon());
    if status.is_success() {
        return match Reply::checked(endpoint, answer.body.to_vec()) {
            Ok(reply) => Sent::Answered(reply),
            Err(error) => unknown(&error.cause),
        };
    }
    if !says_no(status) {
        return unknown(&format!("Aries answered with a fault ({code}){said}"));
    }
    let json = Json::parse(&text).ok();
    if json.is_some_and(|json| names_an_order(json, request, MOST_LEVELS)) {
        return unknown(&format!("Aries refused ({code}), but its answer names an order{said}"));
    }
    // The code of a cancel may say so of its end.
    if json.is_some() && !std::ptr::eq(endpoint, &ORDER_CANCEL) && refusal::is_duplicate(&text) {
        return unknown(&format!("Aries refused ({code}), and says that such an order is there{said}"));
    }
    let error = denied(endpoint, status, format!("Aries refused ({code}){said}"));
    let is_definite = json.is_some_and(|json| refusal::is_definite(json, &text, status));
    if status == StatusCode::UNAUTHORIZED || !is_definite {
        return Sent::Denied(error);
    }
    Sent::Refused(error)
}

fn denied(endpoint: &Endpoint, status: StatusCode, cause: String) -> Error {
    let hint = match status.as_u16() {
        401 => {
            Told::person_to("run `aries-mcp login --trade`, if Aries no longer accepts the sign-in at all")
        }
        403 => Told::person(format!(
            "enable {} for the API key in Client Center, then run `aries-mcp login --trade` again",
            endpoint.scope_words()
        )),
        429 => "wait a minute, then preview again".into(),
        _ => {
            Told::pair("tell the person what Aries said; ", "").and("the same request will be refused again")
        }
    };
    let kind = match status.as_u16() {
        401 => Kind::SignIn,
        429 => Kind::RateLimited,
        _ => Kind::Refused,
    };
    Error::new(kind, cause, hint)
}

/// How deep an answer is searched for an order.
const MOST_LEVELS: usize = 6;

/// Whether a refusal contradicts itself somewhere, or is about another request.
fn names_an_order(json: Json<'_>, request: &Value, levels: usize) -> bool {
    let Some(levels) = levels.checked_sub(1) else { return false };
    let members = json.members().into_iter().map(|(_, member)| member);
    contradicts(json, request)
        || members.chain(json.items()).any(|part| names_an_order(part, request, levels))
}

/// A server that did nothing has no order to name but the one that the request was about, unless it says that the named
/// one failed; and it knows whose request it answers.
fn contradicts(json: Json<'_>, request: &Value) -> bool {
    let own = |name: &str| request.get(name).and_then(Value::as_str);
    if json.text_at("clientId").is_some_and(|id| own("clientId").is_some_and(|own| own != id)) {
        return true;
    }
    let Some(id) = ["clOrdId", "orderId", "ordId"].iter().find_map(|name| json.text_at(name)) else {
        return false;
    };
    let new = own("origClOrdId") != Some(&*id);
    let filled = json.decimal_at("cumQty").is_some_and(|filled| !filled.is_zero());
    let failed = json.text_at("status").is_some_and(|status| status.trim().eq_ignore_ascii_case("REJECTED"));
    match json.get("success").and_then(Json::boolean) {
        Some(true) => true,
        Some(false) => new && (filled || !failed),
        None => new,
    }
}

fn unknown(cause: &str) -> Sent {
    Sent::Unknown(Error::new(Kind::Unavailable, cause, "do not send it again; look at the orders first"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// How an answer with this status and body is taken; `None` if its outcome is unknown.
    fn refused(status: u16, body: &str, request: &Value) -> Option<&'static str> {
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: Default::default(),
            body: body.as_bytes().to_vec().into(),
        };
        match judge(&ORDER_PREVIEW, request, &answer) {
            Sent::Refused(_) => Some("refused"),
            Sent::Denied(_) => Some("denied"),
            Sent::Answered(_) => panic!("{status} {body}"),
            Sent::Unknown(_) => None,
        }
    }

    #[test]
    fn a_refusal_that_names_an_order_of_its_own_is_none() {
        let place = json!({"symbol": "MSFT", "clientId": "am-1"});
        let replace = json!({"origClOrdId": "1"});
        for (request, answer, contradicts) in [
            (&place, json!({"success": false, "text": "x", "clientId": "am-1"}), false),
            (&place, json!({"success": false, "text": "x", "clientId": "am-2"}), true),
            (&place, json!({"error": "x", "clOrdId": "1"}), true),
            (&place, json!({"error": "x", "order_id": 1}), true),
            (&place, json!({"error": {"code": "DUPLICATE", "details": {"clOrdId": "1"}}}), true),
            (&place, json!({"error": "x", "data": [{"ordId": "1"}]}), true),
            (&place, json!({"success": true, "clOrdId": "1", "status": "NEW"}), true),
            (&place, json!({"success": false, "text": "x", "clOrdId": "1"}), true),
            (&place, json!({"success": false, "text": "x", "clOrdId": "1", "status": "PENDING_NEW"}), true),
            (&place, json!({"success": false, "text": "x", "clOrdId": "1", "status": "REJECTED"}), false),
            (&place, json!({"success": false, "text": "x", "clOrdId": "1", "cumQty": "4"}), true),
            (&replace, json!({"success": false, "text": "x", "clOrdId": "1"}), false),
            (&replace, json!({"success": false, "text": "x", "clOrdId": "1", "cumQty": "4"}), false),
            (&replace, json!({"success": true, "clOrdId": "1"}), true),
            (&replace, json!({"error": "x", "clOrdId": "2"}), true),
        ] {
            let expected = (!contradicts).then_some("refused");
            assert_eq!(refused(400, &answer.to_string(), request), expected, "{request} {answer}");
        }
    }

    #[test]
    fn only_a_whole_refusal_that_gives_aries_reason_is_believed() {
        let place = json!({"symbol": "MSFT"});
        for (status, body, expected) in [
            (400, r#"{"error":"bad price","codes":[],"metadata":{}}"#, Some("refused")),
            (422, r#"{"error":{"code":"INVALID","message":"bad price"}}"#, Some("refused")),
            (403, r#"{"codes":[{"code":"SCOPE"}]}"#, Some("refused")),
            (401, r#"{"error":"unauthorized"}"#, Some("denied")),
            (400, "", Some("denied")),
            (400, r#"{"error":"bad pr"#, Some("denied")),
            (400, r#"{"error":""}"#, Some("denied")),
            (400, "{}", Some("denied")),
            (403, r#"{"message":"Forbidden"}"#, Some("denied")),
            (404, "<html>no such page</html>", Some("denied")),
            (429, "slow down", Some("denied")),
            (409, r#"{"error":"there is one already"}"#, None),
            (408, r#"{"error":"too slow"}"#, None),
            (500, r#"{"error":"a fault"}"#, None),
            (302, "", None),
        ] {
            assert_eq!(refused(status, body, &place), expected, "{status} {body}");
        }
    }
}

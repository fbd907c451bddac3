//! What is sent over a socket and what is heard on it, as far as all sockets have it in common. A frame may hold several
//! lines, each an object with `type`, `id` and `payload`.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::aries::Json;
use crate::aries::json::Object;
use crate::text::clean;

/// The id of every sign-in.
const AUTH: &str = "auth-001";

/// The message that signs in with a token, at the beginning and again on the same socket.
pub(super) fn auth(token: &str) -> Zeroizing<String> {
    let payload = json!({"method": "POST", "path": "/auth", "body": {"token": token}});
    Zeroizing::new(json!({"type": "request", "id": AUTH, "payload": payload}).to_string())
}

pub(super) fn ping(number: u64) -> String {
    json!({"type": "ping", "id": format!("p{number}")}).to_string()
}

/// A subscription or its end. The id is what it is about, so that an answer tells that.
pub(super) fn about(kind: &str, key: &str, payload: &Value) -> String {
    json!({"type": kind, "id": key, "payload": payload}).to_string()
}

/// One line of a frame.
#[derive(Debug)]
pub(super) enum Heard<'a> {
    /// Signed in, for this long where it is said.
    SignedIn(Option<Duration>),
    /// The sign-in was refused, with Aries' words.
    Refused(String),
    /// The same, or something else: it does not say what it is about.
    Error(String),
    /// Aries asks to be signed in to again, on the same socket.
    SignInAgain,
    /// Aries wants a sign-in; it also greets with this, before it has read one.
    WantsSignIn,
    /// Aries ends the session.
    Over(&'static str),
    Pong,
    /// Something about what was subscribed to.
    Data {
        id: Option<Cow<'a, str>>,
        payload: Object<'a>,
    },
    /// A complaint about something else than the sign-in.
    Complaint,
    Unknown,
}

impl<'a> Heard<'a> {
    pub(super) fn read(line: Json<'a>) -> Self {
        let line = line.opened();
        let kind = line.text_at("type");
        let Some(payload) = line.get("payload").map(Json::opened) else {
            return if kind.as_deref() == Some("pong") { Self::Pong } else { Self::Unknown };
        };
        let action = payload.text_at("action");
        let id = line.text_at("id").or_else(|| payload.text_at("id"));
        let is_of_auth = id.as_deref() == Some(AUTH);
        let failed = || {
            let status = payload.get("status").and_then(Json::integer);
            payload.get("error").is_some() || status.is_some_and(|status| status >= 400)
        };
        match (action.as_deref(), kind.as_deref()) {
            (Some("authSuccess"), _) => Self::SignedIn(lasts(&payload)),
            (Some("refreshAuth"), _) => Self::SignInAgain,
            (Some("authExpired"), _) => Self::Over("its session ended"),
            (Some("authTimeout"), _) => Self::Over("the sign-in came too late"),
            (Some("authRequired"), _) if !is_of_auth => Self::WantsSignIn,
            (Some("error"), _) if is_of_auth => Self::Refused(said(&payload)),
            (Some("error"), _) if id.is_none() => Self::Error(said(&payload)),
            (Some("authRequired"), _) => Self::Refused(said(&payload)),
            (Some("error"), _) => Self::Complaint,
            (_, Some("response" | "subscribed")) if failed() && is_of_auth => Self::Refused(said(&payload)),
            (_, Some("response" | "subscribed")) if failed() => Self::Complaint,
            (_, Some("response")) if is_of_auth => Self::SignedIn(lasts(&payload)),
            (_, Some("event" | "response" | "subscribed")) => Self::Data { id, payload },
            _ => Self::Unknown,
        }
    }
}

/// How long a session lasts; Aries says it in milliseconds.
fn lasts(payload: &Object<'_>) -> Option<Duration> {
    let milliseconds = payload.get("data/expiresIn").and_then(Json::integer)?;
    u64::try_from(milliseconds).ok().filter(|milliseconds| *milliseconds > 0).map(Duration::from_millis)
}

fn said(payload: &Object<'_>) -> String {
    let said = ["error", "data/error", "message"].iter().find_map(|path| payload.text_at(path));
    said.map(|text| format!(": {}", clean(&text, 160))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(line: &str) -> String {
        match Heard::read(Json::parse(line).unwrap()) {
            Heard::Data { id, .. } => format!("Data {id:?}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_line_is_what_its_payload_says() {
        for (line, expected) in [
            (
                r#"{"type":"event","payload":{"action":"authSuccess","id":"auth-001","data":{"expiresIn":2700000}}}"#,
                "SignedIn(Some(2700s))",
            ),
            (
                r#"{"type":"event","payload":{"action":"authSuccess","data":{"expiresIn":-1}}}"#,
                "SignedIn(None)",
            ),
            (r#"{"type":"response","id":"auth-001","payload":{"status":200}}"#, "SignedIn(None)"),
            (r#"{"type":"event","payload":{"action":"refreshAuth"}}"#, "SignInAgain"),
            (r#"{"type":"event","payload":{"action":"authExpired"}}"#, r#"Over("its session ended")"#),
            (r#"{"type":"event","payload":{"action":"authRequired"}}"#, "WantsSignIn"),
            (
                r#"{"type":"event","payload":{"action":"error","error":"bad token\u202e"}}"#,
                r#"Error(": bad token")"#,
            ),
            (
                r#"{"type":"response","id":"auth-001","payload":{"status":401,"message":"no"}}"#,
                r#"Refused(": no")"#,
            ),
            (r#"{"type":"event","id":"AAPL","payload":{"action":"error","error":"no symbol"}}"#, "Complaint"),
            (r#"{"type":"pong","id":"p1"}"#, "Pong"),
            (
                r#"{"type":"event","payload":{"action":"update","type":"quote","symbol":"A","data":{}}}"#,
                "Data None",
            ),
            (r#"{"type":"subscribed","id":"1002","payload":{}}"#, r#"Data Some("1002")"#),
            (r#"{"type":"novelty","payload":{"action":"x"}}"#, "Unknown"),
            ("[]", "Unknown"),
        ] {
            assert_eq!(heard(line), expected, "{line}");
        }
    }
}

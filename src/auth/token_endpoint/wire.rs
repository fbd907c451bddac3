//! One request to Aries' token endpoint, and what its answer means.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::auth::scope::Scopes;
use crate::config::Urls;
use crate::error::{Error, Kind};
use crate::http::{self, CauseKind, Failure};

/// No answer with tokens is longer.
const MOST_BYTES: usize = 64 * 1024;

/// Time for one exchange: under the HTTP client's own limit, since callers of a refresh wait for it.
const LIMIT: Duration = Duration::from_secs(15);

/// An answer with tokens. Aries' documentation declares no field as required; only the access token is needed.
pub(super) struct Granted {
    pub(super) access: SecretString,
    pub(super) refresh: Option<SecretString>,
    pub(super) life: Option<SignedDuration>,
    pub(super) refresh_life: Option<SignedDuration>,
    pub(super) scopes: Option<Scopes>,
}

#[derive(Debug)]
pub(super) enum NoTokens {
    /// Aries refused with this error word.
    Refused(String),
    /// No usable answer came, or Aries is asked too often.
    Failed(Error),
}

pub(super) async fn ask(urls: &Urls, fields: BTreeMap<&str, &str>) -> Result<Granted, NoTokens> {
    let client = http::client(urls).map_err(NoTokens::Failed)?;
    let request = client
        .post(urls.token.clone())
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "application/json")
        .timeout(LIMIT)
        .body(serde_json::to_vec(&fields).expect("a map of texts is JSON"));
    let answer = http::exchange(request, MOST_BYTES).await;
    let answer = answer.map_err(|failure| no_answer(&failure))?;
    read(answer.status.as_u16(), &answer.body)
}

/// Reads an answer; its text is no part of an error.
fn read(status: u16, body: &[u8]) -> Result<Granted, NoTokens> {
    let fields = serde_json::from_slice::<Map<String, Value>>(body).unwrap_or_default();
    match status {
        429 => Err(NoTokens::Failed(Error::new(
            Kind::RateLimited,
            "Aries is asked for tokens too often (it allows ten sign-in requests a minute)",
            "wait a minute and try again",
        ))),
        // An error word from a failing server must not end the sign-in.
        500.. => Err(unusable(status, "the server has trouble")),
        200..=299 if fields.contains_key("access_token") => {
            granted(&fields).ok_or_else(|| unusable(status, "it is not a token"))
        }
        _ => Err(match error_word(&fields) {
            Some(word) => NoTokens::Refused(word.to_owned()),
            None => unusable(status, "it is not what is documented"),
        }),
    }
}

fn granted(fields: &Map<String, Value>) -> Option<Granted> {
    let text = |name: &str| fields.get(name)?.as_str().filter(|text| !text.is_empty());
    Some(Granted {
        access: text("access_token")?.into(),
        refresh: text("refresh_token").map(SecretString::from),
        life: fields.get("expires_in").and_then(seconds),
        refresh_life: fields.get("refresh_token_expires_in").and_then(seconds),
        scopes: match fields.get("scope") {
            Some(Value::Array(list)) => {
                Some(Scopes::parse(&list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")))
            }
            _ => text("scope").map(Scopes::parse),
        },
    })
}

/// Reads whole seconds; other servers send numbers as text.
fn seconds(value: &Value) -> Option<SignedDuration> {
    let text = value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned());
    let seconds: u64 = text.split('.').next()?.parse().ok()?;
    Some(SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX)))
}

/// Returns the error word, if it looks like one: free text could hold anything.
fn error_word(fields: &Map<String, Value>) -> Option<&str> {
    let code = fields.get("error")?.as_str()?;
    (!code.is_empty() && code.len() <= 64 && code.chars().all(|c| is_in_word(&c))).then_some(code)
}

fn is_in_word(c: &char) -> bool {
    c.is_ascii_alphanumeric() || "_-".contains(*c)
}

fn no_answer(failure: &Failure) -> NoTokens {
    let what = match failure {
        Failure::TooLarge(answer) => return unusable(answer.status.as_u16(), "it is too long"),
        Failure::NotConnected(cause) | Failure::NoAnswer(cause) | Failure::BrokenOff(_, cause)
            if cause.kind == CauseKind::TimedOut =>
        {
            "did not answer in time"
        }
        Failure::NotConnected(_) => "cannot be reached",
        Failure::NoAnswer(_) | Failure::BrokenOff(..) => "broke off its answer",
    };
    NoTokens::Failed(Error::new(
        Kind::Unavailable,
        format!("the token endpoint of Aries {what}"),
        "check the network, proxy and VPN, then try again; the sign-in is kept",
    ))
}

fn unusable(status: u16, why: &str) -> NoTokens {
    NoTokens::Failed(Error::new(
        Kind::Unavailable,
        format!("the answer of the token endpoint (status {status}) cannot be used: {why}"),
        "try again in a minute; if it stays so, check ARIES_TOKEN_URL",
    ))
}

/// Returns the error for an error word of Aries, from the callback or from the token endpoint.
pub(crate) fn refusal(code: &str) -> Error {
    let (cause, hint) = match code {
        "redirect_uri_mismatch" => (
            "the redirect URI is not the one registered for this key",
            "in Client Center, API, register exactly the redirect URI that `aries-mcp login` prints: same host, port and path",
        ),
        "invalid_client" => (
            "Aries does not accept this client id and secret",
            "compare the client id with Client Center, API; if the key has a secret, `aries-mcp login` asks for it; the key may be disabled",
        ),
        "unauthorized_client" => (
            "this key may not sign people in this way",
            "make a new key in Client Center, API, Generate Key, and run `aries-mcp login` with its client id",
        ),
        "invalid_grant" => (
            "the code from the browser was used already, or is older than ten minutes",
            "run `aries-mcp login` again and finish it in one go",
        ),
        "invalid_scope" => (
            "the key does not have one of the scopes that were asked for",
            "enable the scopes for the key in Client Center, API, or ask for fewer with --scopes",
        ),
        "access_denied" => (
            "access was denied on the consent page",
            "run `aries-mcp login` again and allow it; nothing was stored",
        ),
        "server_error" | "temporarily_unavailable" => {
            ("Aries could not sign you in at this moment", "try again in a minute")
        }
        other => {
            let word: String = other.chars().filter(is_in_word).take(64).collect();
            let hint = "run `aries-mcp login` again; if it stays so, make a new key in Client Center, API";
            return Error::new(Kind::Refused, format!("Aries refused the sign-in: {word}"), hint);
        }
    };
    let may_pass = matches!(code, "server_error" | "temporarily_unavailable");
    Error::new(if may_pass { Kind::Unavailable } else { Kind::Refused }, cause, hint)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_loose_answer_is_read() {
        let body = br#"{"access_token":"a","expires_in":"3600","refresh_token":"","scope":["x","y"],"refresh_token_expires_in":2592000.0}"#;
        let granted = read(201, body).ok().unwrap();
        assert_eq!(granted.access.expose_secret(), "a");
        assert!(granted.refresh.is_none());
        assert_eq!(granted.scopes, Some(Scopes::parse("x y")));
        assert_eq!(granted.life, Some(SignedDuration::from_secs(3600)));
        assert_eq!(granted.refresh_life, Some(SignedDuration::from_secs(2_592_000)));
    }

    #[test]
    fn only_the_error_word_survives() {
        let refused = |status, body: &[u8]| read(status, body).err().unwrap();
        let word = refused(400, br#"{"error":"invalid_grant","error_description":"code hush"}"#);
        assert!(matches!(word, NoTokens::Refused(word) if word == "invalid_grant"));
        for body in
            [&b"<html>hush</html>"[..], br#"{"error":"hush is your token"}"#, br#"{"token":"hush"}"#, b""]
        {
            for status in [400, 500] {
                let NoTokens::Failed(error) = refused(status, body) else { panic!("{status}") };
                assert_eq!(error.kind, Kind::Unavailable);
                assert!(!error.to_string().contains("hush"));
            }
        }
        let NoTokens::Failed(error) = refused(429, b"{}") else { panic!() };
        assert_eq!(error.kind, Kind::RateLimited);
    }

    #[test]
    fn each_documented_error_has_its_own_next_step() {
        let words =
            ["redirect_uri_mismatch", "invalid_client", "invalid_grant", "invalid_scope", "access_denied"];
        let mut hints: Vec<String> = words.iter().map(|word| refusal(word).hint).collect();
        hints.sort();
        hints.dedup();
        assert_eq!(hints.len(), words.len());
        assert_eq!(refusal("strange <b>").cause, "Aries refused the sign-in: strangeb");
    }
}

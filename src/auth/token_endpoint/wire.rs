//! Between the `oauth2` crate and Aries' token endpoint: form bodies become JSON, and answers what `oauth2` can read.

use std::fmt;
use std::time::Duration;

use oauth2::http::{Response, StatusCode, header::CONTENT_TYPE};
use oauth2::{HttpRequest, HttpResponse};
use serde_json::{Map, Value};

use crate::error::{Error, Kind};
use crate::http::{self, CauseKind, Failure};

/// No answer with tokens is longer.
const MOST_BYTES: usize = 64 * 1024;

/// Time for one exchange: under the HTTP client's own limit, since callers of a refresh wait for it.
const LIMIT: Duration = Duration::from_secs(15);

#[derive(Debug)]
pub(super) struct ExchangeError(pub(super) Error);

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ExchangeError {}

pub(super) async fn send(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, ExchangeError> {
    let request = client
        .post(request.uri().to_string())
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .timeout(LIMIT)
        .body(form_to_json(request.body()));
    let answer =
        http::exchange(request, MOST_BYTES).await.map_err(|failure| ExchangeError(no_answer(&failure)))?;
    regular(answer.status.as_u16(), &answer.body).map_err(ExchangeError)
}

fn form_to_json(form: &[u8]) -> Vec<u8> {
    let fields: Map<String, Value> = url::form_urlencoded::parse(form)
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect();
    serde_json::to_vec(&fields).expect("a map of JSON values is JSON")
}

/// Turns an answer into one that `oauth2` can read. Its text is part of no error.
fn regular(status: u16, body: &[u8]) -> Result<HttpResponse, Error> {
    if status == 429 {
        return Err(Error::new(
            Kind::RateLimited,
            "Aries is asked for tokens too often (it allows ten sign-in requests a minute)",
            "wait a minute and try again",
        ));
    }
    let fields = serde_json::from_slice::<Map<String, Value>>(body).ok();
    let (status, fields) = match (status, fields) {
        (200..=299, Some(fields)) if fields.contains_key("access_token") => (StatusCode::OK, token(fields)),
        // An error word from a failing server must not end the sign-in.
        (500.., _) => return Err(unusable(status, "the server has trouble")),
        (status, fields) => {
            let word = fields.as_ref().and_then(error_word);
            let word = word.ok_or_else(|| unusable(status, "it is not what is documented"))?;
            (StatusCode::BAD_REQUEST, Map::from_iter([("error".to_owned(), Value::String(word))]))
        }
    };
    let body = serde_json::to_vec(&fields).expect("a map of JSON values is JSON");
    Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "application/json")
        .body(body)
        .map_err(|_| unusable(status.as_u16(), "it cannot be read"))
}

/// Mends an answer with tokens: Aries' documentation declares no field as required, and other servers send numbers as
/// text.
fn token(mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.retain(|_, value| !value.is_null() && value.as_str() != Some(""));
    fields.entry("token_type").or_insert_with(|| "Bearer".into());
    for name in ["expires_in", "refresh_token_expires_in"] {
        let seconds = fields.get(name).and_then(whole_seconds);
        match seconds {
            Some(seconds) => drop(fields.insert(name.to_owned(), seconds.into())),
            None => drop(fields.remove(name)),
        }
    }
    if let Some(Value::Array(list)) = fields.get("scope") {
        let joined = list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
        fields.insert("scope".to_owned(), joined.into());
    }
    fields
}

fn whole_seconds(value: &Value) -> Option<u64> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    text.split('.').next()?.parse().ok()
}

/// Returns the error word, if it looks like one: free text could hold anything.
fn error_word(fields: &Map<String, Value>) -> Option<String> {
    let code = fields.get("error")?.as_str()?;
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (!code.is_empty() && code.len() <= 64 && code.chars().all(word)).then(|| code.to_owned())
}

fn no_answer(failure: &Failure) -> Error {
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
    Error::new(
        Kind::Unavailable,
        format!("the token endpoint of Aries {what}"),
        "check the network, proxy and VPN, then try again; the sign-in is kept",
    )
}

fn unusable(status: u16, why: &str) -> Error {
    Error::new(
        Kind::Unavailable,
        format!("the answer of the token endpoint (status {status}) cannot be used: {why}"),
        "try again in a minute; if it stays so, check ARIES_TOKEN_URL",
    )
}

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
            return Error::new(
                Kind::Unavailable,
                "Aries could not sign you in at this moment",
                "try again in a minute",
            );
        }
        other => {
            let word: String =
                other.chars().filter(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect();
            return Error::new(
                Kind::Refused,
                format!("Aries refused the sign-in: {}", word.get(..64).unwrap_or(&word)),
                "run `aries-mcp login` again; if it stays so, make a new key in Client Center, API",
            );
        }
    };
    Error::new(Kind::Refused, cause, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(response: &HttpResponse) -> Value {
        serde_json::from_slice(response.body()).unwrap()
    }

    #[test]
    fn a_form_becomes_json() {
        let json = form_to_json(b"grant_type=refresh_token&refresh_token=a%2Bb+c%3D&client_id=i");
        let expected =
            serde_json::json!({"grant_type":"refresh_token","refresh_token":"a+b c=","client_id":"i"});
        assert_eq!(serde_json::from_slice::<Value>(&json).unwrap(), expected);
    }

    #[test]
    fn a_loose_answer_is_made_regular() {
        let body = br#"{"access_token":"a","expires_in":"3600","refresh_token":"","scope":["x","y"],"refresh_token_expires_in":2592000.0}"#;
        let answer = regular(201, body).unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(
            fields(&answer),
            serde_json::json!({"access_token":"a","expires_in":3600,"scope":"x y",
                "refresh_token_expires_in":2_592_000,"token_type":"Bearer"})
        );
    }

    #[test]
    fn only_the_error_word_survives() {
        let answer = regular(400, br#"{"error":"invalid_grant","error_description":"code hush"}"#).unwrap();
        assert_eq!(fields(&answer), serde_json::json!({"error":"invalid_grant"}));
        for body in
            [&b"<html>hush</html>"[..], br#"{"error":"hush is your token"}"#, br#"{"token":"hush"}"#, b""]
        {
            let error = regular(500, body).unwrap_err();
            assert_eq!(error.kind, Kind::Unavailable);
            assert!(!error.to_string().contains("hush"));
        }
        assert_eq!(regular(429, b"{}").unwrap_err().kind, Kind::RateLimited);
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

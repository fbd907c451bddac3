//! Between the `oauth2` crate and Aries' token endpoint: form bodies become JSON, and answers what `oauth2` can read.

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use oauth2::http::{Response, header::CONTENT_TYPE};
use oauth2::{HttpRequest, HttpResponse};
use serde_json::{Map, Value};
use tokio::time::Instant;

use crate::config::Settings;
use crate::error::{Error, Kind};
use crate::error_body::ErrorBody;
use crate::http::{self, CauseKind, Failure, Stranger};
use crate::rate_limits::{Category, Urgency};
use crate::text::without_parts_of;

/// No answer with tokens is longer.
const MOST_BYTES: usize = 64 * 1024;

/// Time for one exchange: under the HTTP client's own limit, since callers of a refresh wait for it.
const LIMIT: Duration = Duration::from_secs(15);

#[derive(Debug)]
pub(super) enum ExchangeError {
    /// Aries said no, by a code and in words of its own.
    Refused {
        code: String,
        said: String,
        /// How far Aries' clock is ahead, where this machine's is wrong.
        ahead: Option<SignedDuration>,
    },
    Failed(Error),
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { code, .. } => f.write_str(code),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ExchangeError {}

/// Members of a request that nobody may see.
const SECRETS: [&str; 4] = ["code", "code_verifier", "client_secret", "refresh_token"];

/// The codes that have a next step of their own.
const CODES: [&str; 8] = [
    "redirect_uri_mismatch",
    "invalid_client",
    "unauthorized_client",
    "invalid_grant",
    "invalid_scope",
    "access_denied",
    "server_error",
    "temporarily_unavailable",
];

/// Sends one request of the `oauth2` crate to Aries.
pub(super) async fn send(settings: Settings, request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
    let (form, limits) = (request.body(), &settings.rate_limits);
    let turn = limits.turn(Category::Authentication, Urgency::Usual, Instant::now() + LIMIT).await;
    let client = turn.and_then(|()| http::client(&settings.urls)).map_err(ExchangeError::Failed)?;
    let sending = client
        .post(request.uri().to_string())
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .timeout(LIMIT)
        .body(form_to_json(form));
    let answer = http::exchange(sending, MOST_BYTES, 1).await;
    let answer = answer.map_err(|failure| ExchangeError::Failed(no_answer(&failure)))?;
    if answer.status.as_u16() == 429 {
        limits.hold(Category::Authentication, answer.retry_after());
    }
    if let Some(Stranger { cause, step }) =
        Stranger::of(answer.status, &String::from_utf8_lossy(&answer.body))
    {
        return Err(ExchangeError::Failed(Error::new(Kind::Unavailable, cause, step)));
    }
    regular(answer.status.as_u16(), &answer.body).ok_or_else(|| {
        // What a complaint repeats of the request is a secret, all or part of it.
        let fields = url::form_urlencoded::parse(form);
        let secrets = fields.filter(|(name, _)| SECRETS.contains(&name.as_ref()));
        let said = secrets.fold(answer.body.to_vec(), |said, (_, secret)| without_parts_of(&secret, &said));
        let body = ErrorBody::read(&String::from_utf8_lossy(&said));
        // An answer that says it succeeded may hold tokens in a form that is not known.
        let said = if answer.status.as_u16() < 300 && !complains(&said) {
            String::new()
        } else {
            body.after_colon()
        };
        refused(answer.status.as_u16(), &body, said, http::wrong_clock(&answer.headers))
    })
}

fn form_to_json(form: &[u8]) -> Vec<u8> {
    let fields: Map<String, Value> = url::form_urlencoded::parse(form)
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect();
    serde_json::to_vec(&fields).expect("a map of JSON values is JSON")
}

/// Turns an answer with tokens into one that `oauth2` can read; `None` if it has none.
fn regular(status: u16, body: &[u8]) -> Option<HttpResponse> {
    // Some servers write a byte order mark before a text.
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let fields = serde_json::from_slice::<Map<String, Value>>(body).ok()?;
    if !(200..=299).contains(&status) || !fields.contains_key("access_token") {
        return None;
    }
    let body = serde_json::to_vec(&token(fields)).expect("a map of JSON values is JSON");
    Response::builder().header(CONTENT_TYPE, "application/json").body(body).ok()
}

/// Whether an answer of any status tells of an error, and has no member that could be a token.
fn complains(body: &[u8]) -> bool {
    fn names(value: &Value) -> Vec<String> {
        match value {
            Value::Object(members) => members
                .iter()
                .flat_map(|(name, inner)| [vec![name.to_lowercase()], names(inner)].concat())
                .collect(),
            Value::Array(list) => list.iter().flat_map(names).collect(),
            _ => Vec::new(),
        }
    }
    let names = serde_json::from_slice(body).map(|body| names(&body)).unwrap_or_default();
    names.iter().any(|name| ["error", "fault", "message"].iter().any(|word| name.contains(word)))
        && !names.iter().any(|name| name.contains("token"))
}

fn refused(status: u16, body: &ErrorBody, said: String, ahead: Option<SignedDuration>) -> ExchangeError {
    let code = body.named(&CODES).or_else(|| body.code().filter(|code| is_word(code)));
    match (status, code) {
        (429, _) => ExchangeError::Failed(Error::new(
            Kind::RateLimited,
            format!("Aries is asked for tokens too often (it allows ten sign-in requests a minute){said}"),
            "wait a minute and try again",
        )),
        // A code from a failing server must not end the sign-in.
        (500.., _) => ExchangeError::Failed(unusable(status, &format!(": the server has trouble{said}"))),
        (_, Some(code)) => ExchangeError::Refused { code: code.to_owned(), said, ahead },
        (_, None) if said.is_empty() => {
            ExchangeError::Failed(unusable(status, ": it is not what is documented"))
        }
        (_, None) => ExchangeError::Failed(unusable(status, &said)),
    }
}

/// Tells whether a code looks like one: free text could hold anything.
fn is_word(code: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !code.is_empty() && code.len() <= 64 && code.chars().all(word)
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

fn no_answer(failure: &Failure) -> Error {
    let (cause, what) = match failure {
        Failure::TooLarge(answer) => return unusable(answer.status.as_u16(), ": it is too long"),
        Failure::NotConnected(cause) => (cause, "cannot be reached"),
        Failure::NoAnswer(cause) | Failure::BrokenOff(_, cause) => (cause, "broke off its answer"),
    };
    let what = match cause.kind {
        CauseKind::TimedOut => "did not answer in time".to_owned(),
        kind => format!("{what}{}", kind.words().map(|words| format!(": {words}")).unwrap_or_default()),
    };
    let step = cause.kind.next_step().unwrap_or("check the network, proxy and VPN");
    Error::new(
        Kind::Unavailable,
        format!("the token endpoint of Aries {what}"),
        format!("{step}, then try again"),
    )
}

/// `why` begins with a colon.
fn unusable(status: u16, why: &str) -> Error {
    Error::new(
        Kind::Unavailable,
        format!("the answer of the token endpoint (status {status}) cannot be used{why}"),
        "try again in a minute; if it stays so, check ARIES_TOKEN_URL",
    )
}

/// Returns the error for a code of Aries, from the callback or from the token endpoint; `said` is what follows it there.
pub(crate) fn refusal(code: &str, said: &str) -> Error {
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
                format!("Aries could not sign you in at this moment{said}"),
                "try again in a minute",
            );
        }
        other => {
            let word: String =
                other.chars().filter(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect();
            let word = word.get(..64).unwrap_or(&word);
            return Error::new(
                Kind::Refused,
                format!("Aries refused the sign-in ({word}){said}"),
                "run `aries-mcp login` again; if it stays so, make a new key in Client Center, API",
            );
        }
    };
    Error::new(Kind::Refused, format!("{cause}{said}"), hint)
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
        assert_eq!(answer.status().as_u16(), 200);
        assert_eq!(
            fields(&answer),
            serde_json::json!({"access_token":"a","expires_in":3600,"scope":"x y",
                "refresh_token_expires_in":2_592_000,"token_type":"Bearer"})
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_an_answer() {
        let answer = regular(200, "\u{feff}{\"access_token\":\"a\"}".as_bytes()).unwrap();
        assert_eq!(fields(&answer), serde_json::json!({"access_token": "a", "token_type": "Bearer"}));
    }

    #[test]
    fn a_refusal_is_recognised_in_every_shape() {
        for body in [
            r#"{"error":"invalid_grant","error_description":"code used"}"#,
            r#"{"error":"Unauthorized","codes":[{"code":"INVALID_GRANT","description":"code used"}]}"#,
            r#"{"error":{"type":"AUTHENTICATION","code":"invalid_grant","message":"code used"}}"#,
            "invalid_grant: code used",
        ] {
            let body_read = ErrorBody::read(body);
            let refused = refused(400, &body_read, body_read.after_colon(), None);
            let ExchangeError::Refused { code, said, .. } = refused else { panic!("{body}: {refused}") };
            assert_eq!(code, "invalid_grant");
            assert!(said.ends_with("code used"), "{body}: {said}");
        }
    }

    #[test]
    fn an_answer_that_may_hold_a_token_is_no_complaint() {
        for (body, complaint) in [
            (r#"{"error":"invalid_grant","error_description":"code used"}"#, true),
            (r#"{"success":false,"message":"try later"}"#, true),
            (r#"{"data":{"errors":[{"message":"no"}]}}"#, true),
            (r#"{"error":null,"data":{"accessToken":"a"}}"#, false),
            (r#"{"status":"NOT_AUTHORIZED","message":"no"}"#, true),
            (r#"{"jwt":"a"}"#, false),
            ("invalid_grant", false),
        ] {
            assert_eq!(complains(body.as_bytes()), complaint, "{body}");
        }
    }

    #[test]
    fn a_failing_server_ends_no_sign_in() {
        for (status, kind) in [(503, Kind::Unavailable), (429, Kind::RateLimited)] {
            let body = ErrorBody::read(r#"{"error":"invalid_grant"}"#);
            let ExchangeError::Failed(error) = refused(status, &body, body.after_colon(), None) else {
                panic!("{status}")
            };
            assert_eq!(error.kind, kind);
        }
        for body in ["<html>hush</html>", "{}", ""] {
            let read = ErrorBody::read(body);
            let ExchangeError::Failed(error) = refused(400, &read, read.after_colon(), None) else {
                panic!("{body}")
            };
            assert_eq!((error.kind, error.to_string().contains("hush")), (Kind::Unavailable, false));
        }
    }

    #[test]
    fn each_documented_error_has_its_own_next_step() {
        let words =
            ["redirect_uri_mismatch", "invalid_client", "invalid_grant", "invalid_scope", "access_denied"];
        let mut hints: Vec<String> = words.iter().map(|word| refusal(word, "").hint.to_string()).collect();
        hints.sort();
        hints.dedup();
        assert_eq!(hints.len(), words.len());
        assert_eq!(refusal("strange <b>", ": no").cause, "Aries refused the sign-in (strangeb): no");
    }
}

//! Checks a request to the callback port, or a pasted address. Pure, so that every case is a test.

use std::collections::BTreeSet;

use hyper::{StatusCode, Uri};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use url::Url;

use crate::auth::token_endpoint::refusal;
use crate::error::{Error, Result};

#[derive(Debug)]
pub(crate) enum Answer {
    Code(SecretString),
    /// An error word, `access_denied` for example.
    Refused(String),
}

impl Answer {
    /// The word by which Aries refused, if it did.
    pub(super) fn refusal(&self) -> Option<&str> {
        match self {
            Answer::Code(_) => None,
            Answer::Refused(word) => Some(word),
        }
    }

    pub(crate) fn into_result(self) -> Result<SecretString> {
        match self {
            Answer::Code(code) => Ok(code),
            Answer::Refused(word) => Err(refusal(&word, "")),
        }
    }
}

pub(super) struct Expected {
    path: String,
    authority: Vec<String>,
    state: SecretString,
}

impl Expected {
    pub(super) fn new(redirect: &Url, state: SecretString) -> Self {
        let host = redirect.host_str().expect("an http address has a host");
        let port = redirect.port_or_known_default().unwrap_or(80);
        let mut authority = vec![format!("{host}:{port}")];
        if port == 80 {
            authority.push(host.to_owned());
        }
        Self { path: redirect.path().to_owned(), authority, state }
    }
}

#[derive(Debug)]
pub(super) enum Checked {
    /// It is answered with this status, and the wait goes on.
    NotOurs(StatusCode),
    Ours(Answer),
}

pub(super) fn check(expected: &Expected, method: &str, host: Option<&str>, uri: &Uri) -> Checked {
    if uri.path() != expected.path {
        return Checked::NotOurs(StatusCode::NOT_FOUND);
    }
    // A page on another name that resolves to this machine sends its own name (DNS rebinding).
    let right_host = host.is_some_and(|host| expected.authority.iter().any(|right| right == host));
    if method != "GET" || !right_host {
        return Checked::NotOurs(StatusCode::BAD_REQUEST);
    }
    match read_query(uri.query().unwrap_or_default(), &expected.state) {
        Some(answer) => Checked::Ours(answer),
        None => Checked::NotOurs(StatusCode::BAD_REQUEST),
    }
}

/// Reads the query; `None` unless the state is right and everything else is unambiguous. The state is compared first:
/// before it is known to be ours, nothing else in the query is used.
fn read_query(query: &str, state: &SecretString) -> Option<Answer> {
    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let names: BTreeSet<&str> = pairs.iter().map(|(name, _)| name.as_ref()).collect();
    // A repeated parameter could mean one thing to us and another to somebody else.
    if names.len() != pairs.len() {
        return None;
    }
    let value = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_ref());
    let right = value("state")?.as_bytes().ct_eq(state.expose_secret().as_bytes());
    if !bool::from(right) {
        return None;
    }
    match (value("code").filter(|code| !code.is_empty()), value("error").filter(|word| !word.is_empty())) {
        (Some(code), None) => Some(Answer::Code(SecretString::from(code.to_owned()))),
        (None, Some(word)) => Some(Answer::Refused(word.to_owned())),
        _ => None,
    }
}

/// Returns the code in what a person pasted: the whole address of the page they landed on, or its query.
pub(crate) fn from_paste(text: &str, state: &SecretString) -> Result<SecretString> {
    // Terminals and chats wrap long lines and add quotes.
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.trim_matches(['"', '\'', '<', '>', '`']);
    let query = text.split_once('?').map_or(text, |(_, query)| query);
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    if !query.contains("state=") || !(query.contains("code=") || query.contains("error=")) {
        return Err(Error::usage(
            "that is not the address of the page after signing in",
            "copy the whole address from the browser's address bar; it contains code= and state=",
        ));
    }
    let answer = read_query(query, state).ok_or_else(|| {
        Error::usage(
            "that address belongs to another sign-in, or was cut",
            "use the address that this run of `aries-mcp login` printed, and paste the one you land on whole",
        )
    })?;
    answer.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(redirect: &str) -> Expected {
        Expected::new(&Url::parse(redirect).unwrap(), state())
    }

    fn state() -> SecretString {
        SecretString::from("right")
    }

    fn ask(method: &str, host: &str, uri: &str) -> String {
        let expected = expected("http://127.0.0.1:27437/callback");
        match check(&expected, method, Some(host), &uri.parse().unwrap()) {
            Checked::NotOurs(status) => status.as_str().to_owned(),
            Checked::Ours(Answer::Code(code)) => format!("code {}", code.expose_secret()),
            Checked::Ours(Answer::Refused(word)) => word,
        }
    }

    #[test]
    fn one_request_is_right_and_all_others_are_stray() {
        let host = "127.0.0.1:27437";
        assert_eq!(ask("GET", host, "/callback?code=c&state=right"), "code c");
        assert_eq!(ask("GET", host, "/callback?code=c&state=right&iss=https%3A%2F%2Fx"), "code c");
        assert_eq!(ask("GET", host, "/callback?error=access_denied&state=right"), "access_denied");
        for (method, host, uri, status) in [
            ("POST", host, "/callback?code=c&state=right", "400"),
            ("GET", "evil.example:27437", "/callback?code=c&state=right", "400"),
            ("GET", "127.0.0.1", "/callback?code=c&state=right", "400"),
            ("GET", host, "/callback/?code=c&state=right", "404"),
            ("GET", host, "/favicon.ico", "404"),
            ("GET", host, "/callback", "400"),
            ("GET", host, "/callback?code=c", "400"),
            ("GET", host, "/callback?code=c&state=wrong", "400"),
            ("GET", host, "/callback?code=c&state=", "400"),
            ("GET", host, "/callback?error=access_denied&state=wrong", "400"),
            ("GET", host, "/callback?state=right", "400"),
            ("GET", host, "/callback?code=&state=right", "400"),
            ("GET", host, "/callback?code=c&code=d&state=right", "400"),
            ("GET", host, "/callback?code=c&state=right&state=right", "400"),
            ("GET", host, "/callback?code=c&error=access_denied&state=right", "400"),
        ] {
            assert_eq!(ask(method, host, uri), status, "{method} {host} {uri}");
        }
    }

    #[test]
    fn port_80_may_be_left_out() {
        let expected = expected("http://localhost/cb");
        let uri = "/cb?code=c&state=right".parse().unwrap();
        assert!(matches!(check(&expected, "GET", Some("localhost"), &uri), Checked::Ours(_)));
    }

    #[test]
    fn pasting_is_forgiving_about_form_and_strict_about_state() {
        let good = |text: &str| from_paste(text, &state()).unwrap().expose_secret().to_owned();
        assert_eq!(good("http://127.0.0.1:27437/callback?code=a%2Fb&state=right"), "a/b");
        assert_eq!(good("  \"https://x/cb?state=right&code=c#top\"\n"), "c");
        assert_eq!(good("code=c&state=right"), "c");
        assert_eq!(good("?code=long\n  er&state=right"), "longer");
        let bad = |text: &str| from_paste(text, &state()).unwrap_err().cause;
        assert!(bad("c").contains("not the address"));
        assert!(bad("code=c").contains("not the address"));
        assert!(bad("code=c&state=wrong").contains("another sign-in"));
        assert!(bad("error=access_denied&state=right").contains("denied"));
    }
}

//! One request as handlers see it: already read, nothing of HTTP left but words.

use hyper::body::Bytes;
use jiff::Timestamp;
use serde_json::Value;
use url::form_urlencoded;

use crate::sandbox::Answer;

#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// `GET`, `POST`, ...
    pub(crate) method: String,
    /// The path without the query, as sent.
    pub(crate) path: String,
    /// The `{names}` of the route's path with their decoded values.
    pub(crate) params: Pairs,
    pub(crate) query: Pairs,
    /// The raw query, for the log.
    pub(crate) raw_query: String,
    /// Header names in lower case with their values.
    pub(crate) headers: Pairs,
    /// The body, at most 1 MiB.
    pub(crate) body: Bytes,
    /// When it arrived. Handlers ask no other clock, so that they stay pure.
    pub(crate) now: Timestamp,
}

/// Names with their values.
pub(crate) type Pairs = Vec<(String, String)>;

impl Call {
    /// A GET that comes from within the sandbox and not over HTTP.
    pub(crate) fn from_within(path: &str, query: &str, now: Timestamp) -> Self {
        Self {
            method: "GET".to_owned(),
            path: path.to_owned(),
            params: Vec::new(),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            raw_query: query.to_owned(),
            headers: Vec::new(),
            body: Bytes::new(),
            now,
        }
    }

    /// The value of a `{name}` in the route's path.
    pub(crate) fn param(&self, name: &str) -> &str {
        find(&self.params, name).unwrap_or_default()
    }

    /// A query value, if present and not empty.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name).filter(|value| !value.is_empty())
    }

    /// What was asked as a parameter, in the path or in the query.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        find(&self.params, name).or_else(|| self.query(name))
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, Answer> {
        let missing = || Answer::bad_request(format!("query parameter {name} is required")).about(name);
        self.query(name).ok_or_else(missing)
    }

    /// A whole number from the query within `range`, or `default` if absent.
    pub(crate) fn number(
        &self,
        name: &str,
        default: i64,
        range: std::ops::RangeInclusive<i64>,
    ) -> Result<i64, Answer> {
        let Some(text) = self.query(name) else { return Ok(default) };
        let wrong = || {
            let (low, high) = (range.start(), range.end());
            Answer::bad_request(format!("must be a whole number from {low} to {high}")).about(name)
        };
        text.parse().ok().filter(|value| range.contains(value)).ok_or_else(wrong)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ").map(str::trim)
    }

    /// Whether the body is declared to be JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.header("content-type")
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    }

    /// The body as JSON; 400 if it is not.
    pub(crate) fn json(&self) -> Result<Value, Answer> {
        if !self.is_json() {
            return Err(Answer::bad_request("the body must be JSON (content-type application/json)"));
        }
        serde_json::from_slice(&self.body).map_err(|_| Answer::bad_request("the body is not valid JSON"))
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

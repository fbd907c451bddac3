//! Market data endpoints (market-data.md, and options-analytics-calendars.md 2). Numbers are JSON numbers here.

pub(crate) mod chart;
pub(crate) mod index_bars;
pub(crate) mod indices;
pub(crate) mod movers;
pub(crate) mod options;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod stocks;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Value;
use url::form_urlencoded;

use super::answer::{Answer, number};
use super::call::Call;
use super::market;
use super::sign_in::random_text;

/// Cents as a JSON number of dollars.
pub(crate) fn dollars(cents: i64) -> Value {
    number(market::decimal(cents))
}

/// Unix nanoseconds, the unit of `sipTimestamp` and its like (market-data.md 0.4).
pub(crate) fn nanoseconds(now: Timestamp) -> i64 {
    i64::try_from(now.as_nanosecond()).unwrap_or(i64::MAX)
}

/// A `requestId`.
pub(crate) fn request_id() -> String {
    random_text(32)
}

/// Where the next page begins, as the opaque `next` value (market-data.md 8).
pub(crate) fn cursor(position: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("from:{position}"))
}

/// Reads the `next` value of a call.
pub(crate) fn read_cursor(call: &Call) -> Result<Option<i64>, Answer> {
    let Some(text) = call.query("next") else { return Ok(None) };
    let wrong = || Answer::bad_request("next is not a cursor of this endpoint");
    let decoded = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
    let decoded = String::from_utf8(decoded).map_err(|_| wrong())?;
    decoded.strip_prefix("from:").and_then(|text| text.parse().ok()).map(Some).ok_or_else(wrong)
}

/// The `nextUrl` of an answer: the query again with `next`. Its host is a foreign one, as in one of the documented
/// samples: a client that fetches it would carry its token there.
pub(crate) fn next_url(call: &Call, position: i64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(call.query.iter().filter(|(name, _)| name != "next"));
    query.append_pair("next", &cursor(position));
    format!("http://localhost:8087{}?{}", call.path, query.finish())
}

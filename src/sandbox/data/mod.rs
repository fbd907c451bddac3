//! Market data endpoints. Numbers are JSON numbers here.

pub(crate) mod chart;
pub(crate) mod index_bars;
pub(crate) mod indices;
pub(crate) mod options;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod stocks;

use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::answer::number;
use crate::sandbox::market;
use crate::sandbox::sign_in::random_text;

/// Cents as a JSON number of dollars.
pub(crate) fn dollars(cents: i64) -> Value {
    number(market::decimal(cents))
}

/// Unix nanoseconds, the unit of `sipTimestamp` and its like.
pub(crate) fn nanoseconds(now: Timestamp) -> i64 {
    i64::try_from(now.as_nanosecond()).unwrap_or(i64::MAX)
}

/// A `requestId`.
pub(crate) fn request_id() -> String {
    random_text(32)
}

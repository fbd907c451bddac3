//! Market data that moves: bars, chains, indices, search.

pub(crate) mod chart;
pub(crate) mod company;
pub(crate) mod dividends;
pub(crate) mod index_bars;
pub(crate) mod indices;
pub(crate) mod listed;
pub(crate) mod opinions;
pub(crate) mod options;
pub(crate) mod quotes;
pub(crate) mod reports;
pub(crate) mod search;
pub(crate) mod status;
pub(crate) mod stocks;
pub(crate) mod technicals;

use serde_json::Value;

use crate::sandbox::answer::number;
use crate::sandbox::market;

/// Cents as a JSON number of dollars.
pub(crate) fn dollars(cents: i64) -> Value {
    number(market::decimal(cents))
}

//! Companies, analysts, calendars, news and the economy: what the documentation calls analytics, calendars and
//! supplemental data (options-analytics-calendars.md 5 to 9; supplemental.md).
//!
//! Everything grows out of the small table in `companies` and the noise of the market, so that the same question
//! has the same answer in every run, and answers agree with each other and with prices. Dates fit today.

pub(crate) mod actions;
pub(crate) mod alternative;
pub(crate) mod analytics;
pub(crate) mod companies;
pub(crate) mod earnings;
pub(crate) mod economy;
pub(crate) mod estimates;
pub(crate) mod financials;
pub(crate) mod news;
pub(crate) mod profile;
pub(crate) mod quarters;
pub(crate) mod technical;

use super::answer::Answer;
use super::call::Call;
use super::market::noise::uniform;

use self::companies::Company;

/// The company that `symbol` names.
pub(crate) fn company(call: &Call) -> Result<&'static Company, Answer> {
    let symbol = call.required("symbol")?;
    companies::find(symbol).ok_or_else(|| Answer::not_found(format!("no company data for {symbol}")))
}

/// One of several texts, always the same for the same purpose and point.
fn pick<'a>(words: &[&'a str], symbol: &str, purpose: &str, point: i64) -> &'a str {
    let at = usize::try_from(uniform(symbol, purpose, point)).unwrap_or_default() * words.len() / 1000;
    words.get(at).copied().unwrap_or_default()
}

/// A value of up to `percent` away from `around`.
fn near(around: i64, percent: i64, symbol: &str, purpose: &str, point: i64) -> i64 {
    around + around * percent * (uniform(symbol, purpose, point) - 500) / 50_000
}

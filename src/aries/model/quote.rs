//! Prices, out of the answers of Aries that have them.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::aries::symbols::Symbol;
use crate::aries::{Json, time};

/// Prices of one instrument; for a spread the net of its legs. As read they are what Aries wrote, so zero may stand for no
/// price. Bid, ask, time and feed belong together: a price proves nothing with the time of another one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(crate) bid: Option<Decimal>,
    pub(crate) ask: Option<Decimal>,
    pub(crate) last: Option<Decimal>,
    pub(crate) middle: Option<Decimal>,
    pub(crate) previous: Option<Decimal>,
    pub(crate) volume: Option<Decimal>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) feed: Feed,
    /// The shares that a contract stands for, if Aries says so.
    pub(crate) shares: Option<Decimal>,
    /// The prices of the single contracts of an option order.
    pub(crate) legs: Vec<Quote>,
}

/// How fresh Aries says that its prices are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Feed {
    #[default]
    Unsaid,
    RealTime,
    Delayed,
    /// A word that is neither, which hints at an error.
    Unknown,
}

impl Feed {
    fn of(word: Option<&str>) -> Self {
        match word.map(str::to_ascii_uppercase).as_deref() {
            None => Self::Unsaid,
            Some("OK") => Self::RealTime,
            Some("DELAYED") => Self::Delayed,
            Some(_) => Self::Unknown,
        }
    }
}

impl Quote {
    /// Reads the answer about the best bid and ask of a stock.
    pub(crate) fn of_stock(json: Json<'_>) -> Self {
        Self {
            bid: json.decimal_at("results/bidPrice"),
            ask: json.decimal_at("results/askPrice"),
            at: moment(json, "results/sipTimestamp"),
            feed: Feed::of(json.text_at("status").as_deref()),
            ..Self::default()
        }
    }

    /// Reads the answer about the last trade of a stock.
    pub(crate) fn of_stock_trade(json: Json<'_>) -> Self {
        Self {
            last: json.decimal_at("results/price"),
            at: moment(json, "results/sipTimestamp"),
            feed: Feed::of(json.text_at("status").as_deref()),
            ..Self::default()
        }
    }

    /// Reads the snapshot of one contract, which has the time of its quote.
    pub(crate) fn of_contract(json: Json<'_>) -> Self {
        Self {
            bid: json.decimal_at("results/lastQuote/bid"),
            ask: json.decimal_at("results/lastQuote/ask"),
            last: json.decimal_at("results/lastTrade/price"),
            at: moment(json, "results/lastQuote/lastUpdated"),
            feed: Feed::of(json.text_at("results/lastQuote/timeframe").as_deref()),
            shares: json.decimal_at("results/details/sharesPerContract"),
            ..Self::default()
        }
    }

    /// Reads a row of the call for many contracts, which has no time, and its symbol; `None` if it has none.
    pub(crate) fn of_contract_row(row: Json<'_>) -> Option<(Symbol, Self)> {
        let quote = Self {
            bid: row.decimal_at("bidPrice"),
            ask: row.decimal_at("askPrice"),
            last: row.decimal_at("lastPrice"),
            middle: row.decimal_at("midPrice"),
            previous: row.decimal_at("closePrice"),
            ..Self::default()
        };
        Some((Symbol::parse(&row.text_at("symbol")?).ok()?, quote))
    }

    /// Reads a row of the call for many indices, and its symbol; `None` if it has none, or no value.
    pub(crate) fn of_index_row(row: Json<'_>) -> Option<(Symbol, Self)> {
        let value = row.get("value")?;
        let name = row.text_at("identifier").or_else(|| row.text_at("index/symbol"))?;
        let quote = Self {
            last: value.decimal_at("last"),
            previous: value.decimal_at("previousClose"),
            volume: value.decimal_at("volume").filter(|volume| !volume.is_zero()),
            at: index_time(value),
            ..Self::default()
        };
        Some((Symbol::parse(&name).ok()?, quote))
    }
}

fn moment(json: Json<'_>, path: &str) -> Option<Timestamp> {
    json.get(path).and_then(Json::integer).and_then(time::from_unix)
}

/// `MM/DD/YYYY` and `hh:mm:ss am` in the index's own zone, which `utcOffset` (hours) places.
fn index_time(value: Json<'_>) -> Option<Timestamp> {
    let text = format!("{} {}", value.text_at("date")?, value.text_at("time")?.to_lowercase());
    let formats = ["%m/%d/%Y %I:%M:%S %P", "%m/%d/%Y %I:%M %P", "%m/%d/%Y %H:%M:%S"];
    let local = formats.iter().find_map(|format| jiff::civil::DateTime::strptime(format, &text).ok())?;
    let seconds = value.decimal_at("utcOffset")? * Decimal::from(3600);
    let offset = jiff::tz::Offset::from_seconds(i32::try_from(seconds.trunc().mantissa()).ok()?).ok()?;
    offset.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_times_are_placed_by_their_offset() {
        let json = Json::parse(r#"{"date":"01/02/2026","time":"04:15:00 PM","utcOffset":-5}"#).unwrap();
        assert_eq!(time::rfc3339(index_time(json).unwrap()), "2026-01-02T16:15:00-05:00");
    }

    #[test]
    fn a_feed_is_what_its_word_says() {
        let feed = |status: &str| {
            let text = format!(r#"{{"status":{status},"results":{{"bidPrice":1}}}}"#);
            Quote::of_stock(Json::parse(&text).unwrap()).feed
        };
        assert_eq!([r#""OK""#, r#""delayed""#].map(feed), [Feed::RealTime, Feed::Delayed]);
        assert_eq!(
            ["null", r#""""#, r#""NOT_FOUND""#].map(feed),
            [Feed::Unsaid, Feed::Unsaid, Feed::Unknown]
        );
    }
}

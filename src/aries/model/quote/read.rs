//! Quotes, out of the answers of Aries that have them.

use std::borrow::Cow;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{Feed, Quote};
use crate::aries::json::Found;
use crate::aries::{Json, time};
use crate::exchange;
use crate::text::clean;

impl Feed {
    pub(crate) fn of(word: Option<&str>) -> Self {
        match word.map(str::to_ascii_uppercase).as_deref() {
            None => Self::Unsaid,
            Some("OK" | "REAL-TIME") => Self::RealTime,
            Some("DELAYED") => Self::Delayed,
            Some(_) => Self::Unknown,
        }
    }
}

impl Quote {
    /// Reads the answer about the best bid and ask of a stock.
    pub(crate) fn of_stock(found: &Found<'_>) -> Self {
        Self {
            bid: found.rows.decimal_at("bidPrice"),
            ask: found.rows.decimal_at("askPrice"),
            sizes: ["bidSize", "askSize"].map(|name| found.rows.decimal_at(name)),
            at: moment(found.rows, "sipTimestamp"),
            feed: Feed::of(found.text_at("status").as_deref()),
            ..Self::default()
        }
    }

    /// Reads the answer about the last trade of a stock.
    pub(crate) fn of_stock_trade(found: &Found<'_>) -> Self {
        Self {
            last: found.rows.decimal_at("price"),
            traded: moment(found.rows, "sipTimestamp"),
            feed: Feed::of(found.text_at("status").as_deref()),
            ..Self::default()
        }
    }

    /// Reads the snapshot of one contract, which has the time of its quote.
    pub(crate) fn of_contract(found: &Found<'_>) -> Self {
        let contract = found.rows;
        Self {
            bid: contract.decimal_at("lastQuote/bid"),
            ask: contract.decimal_at("lastQuote/ask"),
            sizes: ["lastQuote/bidSize", "lastQuote/askSize"].map(|path| contract.decimal_at(path)),
            underlying: contract.decimal_at("underlyingAsset/price"),
            last: contract.decimal_at("lastTrade/price"),
            at: moment(contract, "lastQuote/lastUpdated"),
            traded: moment(contract, "lastTrade/sipTimestamp"),
            feed: Feed::of(contract.text_at("lastQuote/timeframe").as_deref()),
            shares: contract.decimal_at("details/sharesPerContract"),
            ..Self::default()
        }
    }

    /// Reads a row of the call for many stocks, and the symbol it names. `now` tells which session `closePrice` closed.
    pub(crate) fn of_stock_row<'a>(row: Json<'a>, now: Timestamp) -> Option<(Cow<'a, str>, Self)> {
        let row = row.opened();
        let stamp = |path: &str| row.text_at(path).and_then(|text| time::stamp(&text));
        let last = row.decimal_at("lastPrice").or_else(|| row.decimal_at("price"));
        let traded = stamp("tradeTimestamp");
        // After the close of the day of the last trade it is the close of that day itself, and not the one before.
        let is_previous = |_: &Decimal| {
            traded.is_some_and(|traded| exchange::last_closed(now) < traded.to_zoned(time::zone()).date())
        };
        let quote = Self {
            bid: row.decimal_at("bidPrice"),
            ask: row.decimal_at("askPrice"),
            sizes: ["bidSize", "askSize"].map(|name| row.decimal_at(name)),
            last,
            middle: row.decimal_at("midPrice"),
            previous: before(last, row.decimal_at("netChange"))
                .or_else(|| row.decimal_at("closePrice").filter(is_previous)),
            close: row.decimal_at("closePrice"),
            volume: row.decimal_at("totalVolume"),
            at: stamp("quoteTimestamp"),
            traded,
            name: row.text_at("name").and_then(|name| name_of(&name, &row.text_at("symbol")?)),
            ..Self::default()
        };
        Some((row.text_at("symbol")?, quote))
    }

    /// Reads a row of the chart's quotes, which have no time, and the symbol it names: `s` is the symbol in Aries' SDK, and
    /// the state of the row in TradingView's own form, where `n` is the symbol.
    pub(crate) fn of_chart_row<'a>(row: Json<'a>) -> Option<(Cow<'a, str>, Self)> {
        let name = match row.text_at("s") {
            Some(state) if state == "error" => return None,
            Some(symbol) if symbol != "ok" => symbol,
            _ => row.text_at("n")?,
        };
        let last = row.decimal_at("v/lp");
        let quote = Self {
            bid: row.decimal_at("v/bid"),
            ask: row.decimal_at("v/ask"),
            last,
            previous: before(last, row.decimal_at("v/ch")).or_else(|| row.decimal_at("v/prev_close_price")),
            volume: row.decimal_at("v/volume"),
            name: row.text_at("v/description").and_then(|own| name_of(&own, &name)),
            ..Self::default()
        };
        Some((name, quote))
    }

    /// Without what an index cannot have: a bid, an ask, a volume of nothing.
    pub(crate) fn of_index(self) -> Self {
        let volume = self.volume.filter(|volume| !volume.is_zero());
        Self { bid: None, ask: None, sizes: [None, None], middle: None, volume, ..self }
    }

    /// Reads a row of the call for many contracts, which has no time, and the symbol it names.
    pub(crate) fn of_contract_row<'a>(row: Json<'a>) -> Option<(Cow<'a, str>, Self)> {
        let row = row.opened();
        let (last, middle) = (row.decimal_at("lastPrice"), row.decimal_at("midPrice"));
        let quote = Self {
            bid: row.decimal_at("bidPrice"),
            ask: row.decimal_at("askPrice"),
            last,
            middle,
            // A close that equals the last price may be the close of that price's own day.
            previous: row.decimal_at("closePrice").filter(|close| Some(*close) != last),
            ..Self::default()
        };
        Some((row.text_at("symbol")?, quote))
    }

    /// Reads a row of the call for many indices, and the symbol it names; `None` if it has no value.
    pub(crate) fn of_index_row<'a>(row: Json<'a>) -> Option<(Cow<'a, str>, Self)> {
        let value = row.get("value")?;
        let quote = Self {
            last: value.decimal_at("last"),
            previous: value.decimal_at("previousClose"),
            volume: value.decimal_at("volume"),
            traded: index_time(value),
            ..Self::default()
        };
        Some((row.text_at("identifier").or_else(|| row.text_at("index/symbol"))?, quote))
    }
}

/// The name of a security; none where its symbol stands in the place of a name.
fn name_of(text: &str, symbol: &str) -> Option<String> {
    let letters = |text: &str| -> String {
        let text = text.trim().rsplit(':').next().unwrap_or_default();
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
    };
    (letters(text) != letters(symbol)).then(|| clean(text, 80))
}

/// The close that a price has changed by so much since.
fn before(last: Option<Decimal>, change: Option<Decimal>) -> Option<Decimal> {
    last?.checked_sub(change?)
}

fn moment(json: Json<'_>, path: &str) -> Option<Timestamp> {
    let value = json.get(path)?;
    value.integer().and_then(time::from_unix).or_else(|| time::stamp(&value.text()?))
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

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn price(text: &str) -> Option<Decimal> {
        text.parse().ok()
    }

    #[test]
    fn index_times_are_placed_by_their_offset() {
        let json = Json::parse(r#"{"date":"01/02/2026","time":"04:15:00 PM","utcOffset":-5}"#).unwrap();
        assert_eq!(time::rfc3339(index_time(json).unwrap()), "2026-01-02T16:15:00-05:00");
    }

    #[test]
    fn a_feed_is_what_its_word_says() {
        let feed = |status: &str| {
            let text = format!(r#"{{"status":{status},"results":{{"bidPrice":1}}}}"#);
            let answer = Json::parse(&text).unwrap();
            Quote::of_stock(&answer.places("results").next().unwrap()).feed
        };
        assert_eq!([r#""OK""#, r#""delayed""#].map(feed), [Feed::RealTime, Feed::Delayed]);
        assert_eq!(
            ["null", r#""""#, r#""NOT_FOUND""#].map(feed),
            [Feed::Unsaid, Feed::Unsaid, Feed::Unknown]
        );
    }

    #[test]
    fn the_previous_close_is_that_before_the_day_of_the_last_trade() {
        let row = r#"{"symbol":"AAPL","lastPrice":270,"closePrice":265,"tradeTimestamp":"2026-11-20T15:59:00-05:00"CHANGE}"#;
        let previous = |change: &str, now: &str| {
            let row = row.replace("CHANGE", change);
            Quote::of_stock_row(Json::parse(&row).unwrap(), at(now)).unwrap().1.previous
        };
        for (change, now, expected) in [
            // While the day lasts, the close is that of the session before. After it, it may be its own.
            ("", "2026-11-20T15:59:30-05:00", price("265")),
            ("", "2026-11-20T16:30:00-05:00", None),
            ("", "2026-11-21T12:00:00-05:00", None),
            ("", "2026-11-23T08:00:00-05:00", None),
            // The change says it at any time.
            (r#","netChange":2.5"#, "2026-11-21T12:00:00-05:00", price("267.5")),
            (r#","netChange":"-2.5""#, "2026-11-20T12:00:00-05:00", price("272.5")),
        ] {
            assert_eq!(previous(change, now), expected, "{change} {now}");
        }
        // Before the opening of a Monday the last close is Friday's, and so the one before the trade.
        let early = row.replace("CHANGE", "").replace("2026-11-20T15:59", "2026-11-23T08:00");
        let early =
            Quote::of_stock_row(Json::parse(&early).unwrap(), at("2026-11-23T08:01:00-05:00")).unwrap().1;
        assert_eq!(early.previous, price("265"));
    }
}

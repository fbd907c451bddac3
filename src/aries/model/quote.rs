//! Prices, out of the answers of Aries that have them.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::bar::Bar;
use crate::aries::{Json, time};
use crate::exchange;

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
    /// When bid and ask were made.
    pub(crate) at: Option<Timestamp>,
    /// When the last price was made.
    pub(crate) traded: Option<Timestamp>,
    /// The day of the daily bar that the last price is taken from, where there is nothing newer.
    pub(crate) bar: Option<Date>,
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
            traded: moment(json, "results/sipTimestamp"),
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
            traded: moment(json, "results/lastTrade/sipTimestamp"),
            feed: Feed::of(json.text_at("results/lastQuote/timeframe").as_deref()),
            shares: json.decimal_at("results/details/sharesPerContract"),
            ..Self::default()
        }
    }

    /// Reads a row of the call for many stocks, and the symbol it names. `now` tells which session `closePrice` closed.
    pub(crate) fn of_stock_row<'a>(row: Json<'a>, now: Timestamp) -> Option<(Cow<'a, str>, Self)> {
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
            last,
            middle: row.decimal_at("midPrice"),
            previous: before(last, row.decimal_at("netChange"))
                .or_else(|| row.decimal_at("closePrice").filter(is_previous)),
            volume: row.decimal_at("totalVolume"),
            at: stamp("quoteTimestamp"),
            traded,
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
            ..Self::default()
        };
        Some((name, quote))
    }

    /// Reads a row of the call for many contracts, which has no time, and the symbol it names.
    pub(crate) fn of_contract_row<'a>(row: Json<'a>) -> Option<(Cow<'a, str>, Self)> {
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
            volume: value.decimal_at("volume").filter(|volume| !volume.is_zero()),
            traded: index_time(value),
            ..Self::default()
        };
        Some((row.text_at("identifier").or_else(|| row.text_at("index/symbol"))?, quote))
    }

    /// The newest of these daily bars as a price: the close of its day.
    pub(crate) fn of_bars(bars: &[Bar]) -> Option<Self> {
        let newest = bars.iter().max_by_key(|bar| bar.day)?;
        let day = Some(newest.day);
        Some(Self { last: Some(newest.close), bar: day, ..Self::default() }.with_day(bars, day))
    }

    /// Adds what daily bars say of the day of the last price: its volume, and the close of the session before it.
    pub(crate) fn with_day(self, bars: &[Bar], day: Option<Date>) -> Self {
        let bar = |day: Date| bars.iter().find(|bar| bar.day == day);
        let Some(day) = day else { return self };
        Self {
            previous: bar(exchange::session_before(day)).map(|bar| bar.close).or(self.previous),
            volume: bar(day).and_then(|bar| bar.volume).or(self.volume),
            ..self
        }
    }

    /// With the middle of bid and ask where there is no last price.
    pub(crate) fn or_middle(self) -> Self {
        Self { last: self.last.filter(|last| !last.is_zero()).or(self.middle), ..self }
    }

    /// The day of the last trade in New York.
    pub(crate) fn trade_day(&self) -> Option<Date> {
        Some(self.traded?.to_zoned(time::zone()).date())
    }

    /// Adds what another answer knows. What is known stays; bid, ask and their time come together, and so do the last
    /// price and its time; a quote with a time counts more than one without.
    pub(crate) fn or(self, other: Self) -> Self {
        let has_sides = |quote: &Self| quote.bid.or(quote.ask).is_some();
        let of_sides = if !has_sides(&self) || (self.at.is_none() && other.at.is_some() && has_sides(&other))
        {
            &other
        } else {
            &self
        };
        let of_last = if self.last.is_some() { &self } else { &other };
        let feed =
            match [&self, &other].map(|quote| if quote.has_price() { quote.feed } else { Feed::Unsaid }) {
                // One delayed price makes the whole delayed.
                [Feed::Unsaid | Feed::Unknown, feed] | [_, feed @ Feed::Delayed] => feed,
                [feed, _] => feed,
            };
        Self {
            bid: of_sides.bid,
            ask: of_sides.ask,
            at: of_sides.at,
            middle: of_sides.middle,
            last: of_last.last,
            traded: of_last.traded,
            bar: of_last.bar,
            previous: of_last.previous,
            volume: of_last.volume,
            feed,
            shares: self.shares.or(other.shares),
            legs: self.legs,
        }
    }

    /// Whether it has a last price, a bid or an ask.
    pub(crate) fn has_price(&self) -> bool {
        self.last.or(self.bid).or(self.ask).is_some()
    }

    /// How old the price is, for a table: when it was made, or of which day it is the close. `None` without a price.
    pub(crate) fn age(&self, now: Timestamp) -> Option<String> {
        if !self.has_price() {
            return None;
        }
        Some(match (self.bar, self.traded.or(self.at)) {
            (Some(day), _) if day > exchange::last_closed(now) => format!("{day} so far"),
            (Some(day), _) => format!("close of {day}"),
            (None, Some(at)) => time::local(at),
            (None, None) => "not told".to_owned(),
        })
    }
}

/// The close that a price has changed by so much since.
fn before(last: Option<Decimal>, change: Option<Decimal>) -> Option<Decimal> {
    last?.checked_sub(change?)
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

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn price(text: &str) -> Option<Decimal> {
        text.parse().ok()
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

    #[test]
    fn bars_tell_the_volume_of_the_day_and_the_close_before_it() {
        let bar = |text: &str, close: u32, volume: u32| Bar {
            day: day(text),
            close: close.into(),
            volume: Some(volume.into()),
        };
        let bars = [
            bar("2026-11-20", 250, 1),
            bar("2026-11-24", 255, 2),
            bar("2026-11-25", 260, 3),
            bar("2026-11-27", 270, 4),
        ];
        for (trade, previous, volume) in [
            // The Friday after Thanksgiving, whichever day it is looked at.
            ("2026-11-27", price("260"), price("4")),
            ("2026-11-25", price("255"), price("3")),
            // The Monday after, before the opening: no bar of its own yet.
            ("2026-11-30", price("270"), None),
            // Of the session before there is no bar: an older one is not it.
            ("2026-11-24", None, price("2")),
            // A Saturday is open in the sandbox alone.
            ("2026-11-28", price("270"), None),
        ] {
            let quote = Quote::default().with_day(&bars, Some(day(trade)));
            assert_eq!((quote.previous, quote.volume), (previous, volume), "{trade}");
        }
        let newest = Quote::of_bars(&bars).unwrap();
        assert_eq!(
            (newest.last, newest.previous, newest.bar),
            (price("270"), price("260"), Some(day("2026-11-27")))
        );
    }

    #[test]
    fn a_price_says_how_old_it_is() {
        let now = at("2026-11-28T12:00:00-05:00");
        let quote = Quote { last: price("1"), ..Quote::default() };
        let age = |quote: Quote| quote.age(now);
        assert_eq!(Quote::default().age(now), None);
        assert_eq!(age(quote.clone()).as_deref(), Some("not told"));
        assert_eq!(
            age(Quote { bar: Some(day("2026-11-27")), ..quote.clone() }).as_deref(),
            Some("close of 2026-11-27")
        );
        assert_eq!(
            age(Quote { bar: Some(day("2026-11-28")), ..quote.clone() }).as_deref(),
            Some("2026-11-28 so far")
        );
        let traded = Some(at("2026-11-27T12:59:00-05:00"));
        assert_eq!(age(Quote { traded, ..quote }).as_deref(), Some("2026-11-27 12:59:00"));
    }

    #[test]
    fn what_belongs_together_is_taken_together() {
        let undated = Quote { bid: price("1"), ask: price("2"), last: price("1.5"), ..Quote::default() };
        let time = Some(at("2026-11-27T12:59:00-05:00"));
        let dated =
            Quote { bid: price("3"), ask: price("4"), at: time, feed: Feed::Delayed, ..Quote::default() };
        let both = undated.clone().or(dated.clone());
        assert_eq!(
            (both.bid, both.at, both.last, both.feed),
            (price("3"), time, price("1.5"), Feed::Delayed)
        );
        assert_eq!(undated.clone().or(Quote { at: time, ..Quote::default() }).at, None);
        assert_eq!(dated.clone().or(undated).bid, price("3"));
    }
}

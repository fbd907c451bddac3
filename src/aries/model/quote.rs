//! Prices of one instrument, and how old they are.

mod read;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::bar::Bar;
use crate::aries::time;
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
    /// The close that Aries states beside bid and ask: of the last session that is over, or of the one before.
    pub(crate) close: Option<Decimal>,
    pub(crate) volume: Option<Decimal>,
    /// When bid and ask were made.
    pub(crate) at: Option<Timestamp>,
    /// When the last price was made.
    pub(crate) traded: Option<Timestamp>,
    /// The day of the daily bar that the last price is taken from, where there is nothing newer.
    pub(crate) bar: Option<Date>,
    pub(crate) feed: Feed,
    /// The name of the company or fund.
    pub(crate) name: Option<String>,
    /// How many are bid for and offered, if Aries says so.
    pub(crate) sizes: [Option<Decimal>; 2],
    /// The shares that a contract stands for, if Aries says so.
    pub(crate) shares: Option<Decimal>,
    /// The price of the shares behind a contract.
    pub(crate) underlying: Option<Decimal>,
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

impl Quote {
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

    /// Without what is no price: a negative one, and a last price of zero, which stands for none.
    pub(crate) fn with_prices(self) -> Self {
        let price = |figure: Option<Decimal>| figure.filter(|figure| *figure >= Decimal::ZERO);
        let traded = |figure: Option<Decimal>| figure.filter(|figure| *figure > Decimal::ZERO);
        Self {
            bid: price(self.bid),
            ask: price(self.ask),
            last: traded(self.last),
            previous: traded(self.previous),
            close: traded(self.close),
            ..self
        }
    }

    /// With the middle of bid and ask where there is no last price.
    pub(crate) fn or_middle(self) -> Self {
        Self { last: self.last.filter(|last| *last > Decimal::ZERO).or(self.middle), ..self }
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
            sizes: of_sides.sizes,
            middle: of_sides.middle,
            last: of_last.last,
            traded: of_last.traded,
            bar: of_last.bar,
            previous: of_last.previous,
            close: self.close.or(other.close),
            volume: of_last.volume,
            feed,
            name: self.name.or(other.name),
            shares: self.shares.or(other.shares),
            underlying: self.underlying.or(other.underlying),
            legs: self.legs,
        }
    }

    /// Whether it has a last price, a bid or an ask.
    pub(crate) fn has_price(&self) -> bool {
        self.last.or(self.bid).or(self.ask).is_some()
    }

    /// Whether it is known when the price was made.
    pub(crate) fn has_time(&self) -> bool {
        self.bar.is_some() || self.traded.or(self.at).is_some()
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_negative_price_is_none() {
        let quote = Quote { bid: price("-1"), ask: price("0"), last: price("-5"), ..Quote::default() };
        let kept = Quote { previous: price("-3"), close: price("0"), ..quote }.with_prices();
        assert_eq!(kept, Quote { ask: price("0"), ..Quote::default() });
        let last = |text: &str| Quote { last: price(text), ..Quote::default() }.with_prices().last;
        assert_eq!((last("0"), last("0.01")), (None, price("0.01")));
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

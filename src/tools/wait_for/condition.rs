//! What a price is waited for to do, and which prices count. No clock, network or text of Aries is met here.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::aries::model::Quote;
use crate::aries::model::quote::Feed;
use crate::aries::symbols::Symbol;
use crate::aries::time;
use crate::exchange::{self, Hours};

/// A price is stale when it is older than this, counted in the time that the market was open.
const STALE: SignedDuration = SignedDuration::from_secs(120);
/// How much later Aries may tell prices that it calls delayed.
const DELAY: SignedDuration = SignedDuration::from_mins(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// At this price or above it.
    Above(Decimal),
    Below(Decimal),
    /// So many percent up or down from where the wait began.
    Percent(Decimal),
}

/// Waits for the first of some levels.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    levels: Vec<Level>,
    hours: Hours,
    /// The first price that counted.
    begun: Option<Price>,
}

/// What one look at a quote tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    Reached { level: Level, price: Price, when: When },
    NotYet(Price),
    Uncounted(Uncounted),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// The first price that counted was there already.
    AtTheStart,
    Since,
}

/// Why a quote does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Uncounted {
    /// There is no price, or a price of zero.
    None,
    /// The bid is above the ask: the quote is out of order.
    Crossed,
    Stale,
}

/// A price that counts: the last trade, or without a fresh one the sides, of which the worse one has to reach a level. A
/// trade and sides without times count together, since nobody knows which of them is newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Price {
    lowest: Decimal,
    highest: Decimal,
    /// When it was made, if Aries says so.
    pub(crate) at: Option<Timestamp>,
}

impl Price {
    /// The trade, or the middle of the sides.
    pub(crate) fn shown(&self) -> Decimal {
        let half = self.highest.checked_sub(self.lowest).map(|width| width / Decimal::TWO);
        half.and_then(|half| self.lowest.checked_add(half)).unwrap_or(self.lowest)
    }

    /// Reads the price of a quote that counts at this moment, of what trades in these hours.
    fn of(quote: &Quote, hours: Hours, now: Timestamp) -> Result<Self, Uncounted> {
        let positive = |price: Option<Decimal>| price.filter(|price| *price > Decimal::ZERO);
        let sides = positive(quote.bid).zip(positive(quote.ask));
        if sides.is_some_and(|(bid, ask)| bid > ask) {
            return Err(Uncounted::Crossed);
        }
        let limit = if quote.feed == Feed::Delayed { STALE + DELAY } else { STALE };
        let is_fresh = |at: Option<Timestamp>| {
            at.is_none_or(|at| {
                !time::is_ahead(at, now)
                    && (now.duration_since(at) <= limit
                        || exchange::last_open(now, hours).duration_since(at) <= limit)
            })
        };
        // The close of a day is old as soon as the next one has begun.
        let is_close = quote.bar.is_some() && exchange::is_open(now, hours);
        let last = positive(quote.last).map(|last| Self { lowest: last, highest: last, at: quote.traded });
        let sides = sides.map(|(bid, ask)| Self { lowest: bid, highest: ask, at: quote.at });
        let fresh_last = last.filter(|last| !is_close && is_fresh(last.at));
        match (fresh_last, sides.filter(|sides| is_fresh(sides.at))) {
            (Some(last), Some(sides)) if last.at.is_none() && sides.at.is_some() => Ok(sides),
            (Some(last), Some(sides)) if last.at.is_none() => Ok(last.with(sides)),
            (Some(price), _) | (None, Some(price)) => Ok(price),
            _ if last.or(sides).is_some() => Err(Uncounted::Stale),
            _ => Err(Uncounted::None),
        }
    }

    /// From the lowest to the highest of both.
    fn with(self, other: Self) -> Self {
        Self { lowest: self.lowest.min(other.lowest), highest: self.highest.max(other.highest), ..self }
    }
}

impl Condition {
    pub(crate) fn new(symbol: &Symbol, levels: Vec<Level>) -> Self {
        // Contracts and indices have no price before and after the regular session.
        let hours = if matches!(symbol, Symbol::Stock(_)) { Hours::Extended } else { Hours::Regular };
        Self { levels, hours, begun: None }
    }

    /// Judges a quote. A price that jumps over a level has reached it.
    pub(crate) fn see(&mut self, quote: &Quote, now: Timestamp) -> Seen {
        let price = match Price::of(quote, self.hours, now) {
            Ok(price) => price,
            Err(why) => return Seen::Uncounted(why),
        };
        let when = if self.begun.is_none() { When::AtTheStart } else { When::Since };
        let begun = *self.begun.get_or_insert(price);
        match self.levels.iter().find(|level| level.is_reached(price, begun)) {
            Some(level) => Seen::Reached { level: *level, price, when },
            None => Seen::NotYet(price),
        }
    }

    /// Where the wait began, once that is known.
    pub(crate) fn begun(&self) -> Option<Decimal> {
        self.begun.map(|begun| begun.shown())
    }

    /// Where a move by some percent ends, once that is known.
    pub(crate) fn moved_levels(&self) -> Option<[Decimal; 2]> {
        let percent = self.levels.iter().find(|level| matches!(level, Level::Percent(_)))?;
        let [up, down] = percent.targets(self.begun?);
        Some([up?, down?])
    }

    /// The nearest level as a price, and how far a price is away from it.
    pub(crate) fn nearest(&self, price: Price) -> Option<(Decimal, Decimal)> {
        let shown = price.shown();
        let begun = self.begun.unwrap_or(price);
        let targets = self.levels.iter().flat_map(|level| level.targets(begun)).flatten();
        let away = targets.filter_map(|target| Some((target, target.checked_sub(shown)?.abs())));
        away.min_by_key(|(_, away)| *away)
    }
}

impl Level {
    /// A move up is counted from the highest that the first price may have been, and one down from the lowest.
    fn targets(self, begun: Price) -> [Option<Decimal>; 2] {
        let moved = |percent: Decimal| {
            let factor = Decimal::ONE.checked_add(percent / Decimal::ONE_HUNDRED)?;
            let from = if percent.is_sign_negative() { begun.lowest } else { begun.highest };
            from.checked_mul(factor)
        };
        match self {
            Self::Above(level) | Self::Below(level) => [Some(level), None],
            Self::Percent(percent) => [moved(percent), moved(-percent)],
        }
    }

    fn is_reached(self, price: Price, begun: Price) -> bool {
        match (self, self.targets(begun)) {
            (Self::Above(level), _) => price.lowest >= level,
            (Self::Below(level), _) => price.highest <= level,
            (Self::Percent(_), [up, down]) => {
                up.is_some_and(|up| price.lowest >= up) || down.is_some_and(|down| price.highest <= down)
            }
        }
    }
}

/// The part of a day in which a price was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
pub(crate) enum Session {
    #[strum(to_string = "regular hours")]
    Regular,
    #[strum(to_string = "pre-market")]
    Early,
    #[strum(to_string = "after-hours")]
    Late,
    #[strum(to_string = "outside the exchange's hours")]
    Closed,
}

impl Session {
    pub(crate) fn of(at: Timestamp) -> Self {
        match (exchange::is_open(at, Hours::Regular), exchange::is_open(at, Hours::Extended)) {
            (true, _) => Self::Regular,
            (false, false) => Self::Closed,
            (false, true) if at.to_zoned(exchange::zone()).hour() < 12 => Self::Early,
            (false, true) => Self::Late,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOON: &str = "2026-11-20T12:00:00-05:00";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn quote(last: i64, traded: &str) -> Quote {
        Quote { last: Some(Decimal::new(last, 2)), traded: Some(at(traded)), ..Quote::default() }
    }

    fn of_shares(levels: Vec<Level>) -> Condition {
        Condition::new(&Symbol::Stock("AAPL".to_owned()), levels)
    }

    fn sides(bid: i64, ask: i64) -> Quote {
        Quote {
            bid: Some(Decimal::new(bid, 2)),
            ask: Some(Decimal::new(ask, 2)),
            at: Some(at(NOON)),
            ..Quote::default()
        }
    }

    #[test]
    fn stale_crossed_and_zero_prices_do_not_count() {
        let price = |quote: Quote| Price::of(&quote, Hours::Extended, at(NOON)).map(|price| price.shown());
        let fresh = quote(20_000, "2026-11-20T11:59:00-05:00");
        assert_eq!(price(fresh.clone()), Ok(Decimal::new(200, 0)));
        assert_eq!(price(quote(20_000, "2026-11-20T11:57:00-05:00")), Err(Uncounted::Stale));
        assert_eq!(price(quote(0, NOON)), Err(Uncounted::None));
        assert_eq!(price(Quote::default()), Err(Uncounted::None));
        assert_eq!(
            price(Quote { last: fresh.last, traded: fresh.traded, ..sides(20_001, 20_000) }),
            Err(Uncounted::Crossed)
        );
        assert_eq!(price(sides(0, 20_000)), Err(Uncounted::None));
        let close = Quote { bar: Some(jiff::civil::date(2026, 11, 19)), traded: None, ..fresh.clone() };
        assert_eq!(price(close), Err(Uncounted::Stale));
        let delayed = Quote { feed: Feed::Delayed, ..quote(20_000, "2026-11-20T11:45:00-05:00") };
        assert_eq!(price(delayed), Ok(Decimal::new(200, 0)));
        // Over a weekend nothing grows stale.
        let friday = quote(20_000, "2026-11-20T19:59:00-05:00");
        assert!(Price::of(&friday, Hours::Extended, at("2026-11-22T12:00:00-05:00")).is_ok());
    }

    #[test]
    fn a_price_is_fresh_until_its_own_market_opens_again() {
        let closing = quote(20_000, "2026-11-20T16:00:00-05:00");
        let late = quote(20_000, "2026-11-20T19:59:30-05:00");
        for (symbol, quote, now, is_fresh) in [
            ("SPX", &closing, "2026-11-20T17:30:00-05:00", true),
            ("SPX", &closing, "2026-11-23T09:00:00-05:00", true),
            ("SPX", &closing, "2026-11-23T09:33:00-05:00", false),
            ("AAPL261218C00200000", &closing, "2026-11-20T17:30:00-05:00", true),
            ("AAPL", &closing, "2026-11-20T17:30:00-05:00", false),
            ("AAPL", &late, "2026-11-23T03:00:00-05:00", true),
            ("AAPL", &late, "2026-11-23T05:00:00-05:00", false),
        ] {
            let symbol = Symbol::parse(symbol).unwrap();
            let seen = Condition::new(&symbol, vec![Level::Above(Decimal::TEN)]).see(quote, at(now));
            assert_eq!(matches!(seen, Seen::Reached { .. }), is_fresh, "{symbol} {now}");
        }
    }

    #[test]
    fn an_old_trade_beside_fresh_sides_leaves_the_sides() {
        let old = Quote {
            last: Some(Decimal::new(300, 0)),
            traded: Some(at("2026-11-20T11:00:00-05:00")),
            ..sides(19_900, 20_100)
        };
        let mut above = of_shares(vec![Level::Above(Decimal::new(200, 0))]);
        assert!(
            matches!(above.see(&old, at(NOON)), Seen::NotYet(price) if price.shown() == Decimal::new(200, 0))
        );
        let Seen::Reached { when, .. } = above.see(&sides(20_000, 20_100), at(NOON)) else { panic!() };
        assert_eq!(when, When::Since);
    }

    #[test]
    fn a_trade_without_a_time_does_not_outweigh_bid_and_ask() {
        let undated = |last: i64, sides: Quote| Quote { last: Some(Decimal::new(last, 2)), ..sides };
        let reached = |level: Level, quote: &Quote| {
            matches!(of_shares(vec![level]).see(quote, at(NOON)), Seen::Reached { .. })
        };
        let dated = undated(500, sides(700, 710));
        assert!(reached(Level::Above(Decimal::new(6, 0)), &dated));
        assert!(!reached(Level::Below(Decimal::new(6, 0)), &dated));
        // Nobody knows which is newer: both have to be there.
        let neither = Quote { at: None, ..undated(500, sides(200, 210)) };
        assert!(!reached(Level::Above(Decimal::new(45, 1)), &neither));
        assert!(!reached(Level::Below(Decimal::new(3, 0)), &neither));
        assert!(reached(Level::Above(Decimal::new(2, 0)), &neither));
        assert!(reached(Level::Above(Decimal::new(5, 0)), &undated(500, Quote::default())));
    }

    #[test]
    fn a_price_of_the_future_does_not_count() {
        let price = |traded: &str| {
            Price::of(&quote(20_000, traded), Hours::Extended, at(NOON)).map(|price| price.shown())
        };
        assert_eq!(price("2026-11-20T12:10:00-05:00"), Err(Uncounted::Stale));
        // Clocks differ a little.
        assert_eq!(price("2026-11-20T12:00:30-05:00"), Ok(Decimal::new(200, 0)));
    }

    #[test]
    fn a_move_is_counted_from_both_sides() {
        let mut moved = of_shares(vec![Level::Percent(Decimal::new(5, 0))]);
        assert!(matches!(moved.see(&sides(15_000, 25_000), at(NOON)), Seen::NotYet(_)));
        assert!(matches!(moved.see(&quote(16_000, NOON), at(NOON)), Seen::NotYet(_)));
        assert_eq!(moved.moved_levels(), Some([Decimal::new(26_250, 2), Decimal::new(14_250, 2)]));
        assert!(matches!(moved.see(&quote(14_250, NOON), at(NOON)), Seen::Reached { .. }));
    }

    #[test]
    fn a_level_reached_already_is_said_at_once() {
        let mut below = of_shares(vec![Level::Below(Decimal::new(200, 0))]);
        let Seen::Reached { when, .. } = below.see(&quote(20_000, NOON), at(NOON)) else { panic!() };
        assert_eq!(when, When::AtTheStart);
        let mut moved = of_shares(vec![Level::Percent(Decimal::ONE)]);
        assert!(matches!(moved.see(&quote(20_000, NOON), at(NOON)), Seen::NotYet(_)));
        assert!(matches!(moved.see(&quote(19_801, NOON), at(NOON)), Seen::NotYet(_)));
        assert!(matches!(moved.see(&quote(19_800, NOON), at(NOON)), Seen::Reached { .. }));
    }

    #[test]
    fn every_session_has_its_hours() {
        for (moment, name) in [
            ("2026-11-20T08:00:00-05:00", Session::Early),
            (NOON, Session::Regular),
            ("2026-11-20T17:00:00-05:00", Session::Late),
            ("2026-11-21T12:00:00-05:00", Session::Closed),
            ("2026-11-27T14:00:00-05:00", Session::Late),
        ] {
            assert_eq!(Session::of(at(moment)), name, "{moment}");
        }
    }

    proptest! {
        /// Whatever way the price takes, the first one at or beyond the level is the event, and none before it.
        #[test]
        fn the_first_price_beyond_a_level_is_the_event(prices in prop::collection::vec(1_i64..40_000, 1..60), level in 1_i64..40_000) {
            let level = Decimal::new(level, 2);
            for (condition, is_beyond) in [
                (Level::Above(level), (|price, level| price >= level) as fn(Decimal, Decimal) -> bool),
                (Level::Below(level), |price, level| price <= level),
            ] {
                let mut waiting = of_shares(vec![condition]);
                let first = prices.iter().position(|price| is_beyond(Decimal::new(*price, 2), level));
                let seen = prices.iter().position(|price| {
                    matches!(waiting.see(&quote(*price, NOON), at(NOON)), Seen::Reached { .. })
                });
                prop_assert_eq!(first, seen);
            }
        }

        #[test]
        fn no_numbers_break_it(
            numbers in prop::array::uniform4(any::<i64>()), scale in 0_u32..20, seconds in -200_000_i64..200_000,
        ) {
            let number = |at: usize| Some(Decimal::new(numbers[at], scale));
            let moment = at(NOON).checked_add(SignedDuration::from_secs(seconds)).ok();
            let quote = Quote { bid: number(0), ask: number(1), last: number(2), at: moment, traded: moment, ..Quote::default() };
            let level = Decimal::new(numbers[3], scale);
            let mut condition = of_shares(vec![Level::Above(level), Level::Below(level), Level::Percent(level)]);
            if let Seen::NotYet(price) = condition.see(&quote, at(NOON)) {
                let _ = condition.nearest(price);
            }
        }
    }
}

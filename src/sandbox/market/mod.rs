//! The seeded market: prices are a function of symbol and time, so nothing has to run and every run is alike.
//!
//! Prices inside the market are whole cents (`i64`); decimals appear at its edge.

pub(crate) mod bars;
pub(crate) mod calendar;
pub(crate) mod contracts;
pub(crate) mod instruments;
pub(crate) mod noise;
pub(crate) mod pricing;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use self::contracts::Contract;
use self::instruments::{Instrument, Kind};
use self::noise::Noise;
use crate::exchange::{self, Hours};

/// Best bid and ask with the last price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quote {
    /// Best bid; for an index, which nobody trades, the value itself.
    pub(crate) bid: Decimal,
    pub(crate) ask: Decimal,
    pub(crate) last: Decimal,
    /// Close of the last trading day before the day of the quote.
    pub(crate) previous_close: Decimal,
    pub(crate) bid_size: i64,
    pub(crate) ask_size: i64,
    /// When it was made: now, or the end of the last session.
    pub(crate) at: Timestamp,
}

/// From a second on, the price of a symbol stands still, or moves again.
#[derive(Debug)]
struct Pin {
    symbol: String,
    since: i64,
    cents: Option<i64>,
}

/// The market. It is always open unless it keeps the exchange's hours; bars of the past keep to sessions in any case.
#[derive(Debug)]
pub(crate) struct Market {
    /// Unix seconds of the start: the wiggle of today counts from here, so that every run begins alike.
    started: i64,
    /// Unix seconds of New York's midnight before the start: from here on prices stay near their seed.
    today_begins: i64,
    /// Unix seconds of the last close before that.
    last_close: i64,
    /// Prices that a test has set, the oldest first.
    pins: Vec<Pin>,
    pub(crate) keeps_hours: bool,
}

impl Market {
    pub(crate) fn new(started: Timestamp) -> Self {
        let started = started.as_second();
        let today = calendar::new_york_date(started);
        let (today_begins, last_close) = (calendar::midnight(today), calendar::last_close_before(today));
        Self { started, today_begins, last_close, pins: Vec::new(), keeps_hours: false }
    }

    pub(crate) fn with_hours(self, keeps_hours: bool) -> Self {
        Self { keeps_hours, ..self }
    }

    /// Whether orders of these hours are filled now.
    pub(crate) fn is_open(&self, hours: Hours, now: Timestamp) -> bool {
        !self.keeps_hours || exchange::is_open(now, hours)
    }

    /// The last moment in which these hours have been open: now, if they are.
    pub(crate) fn last_open(&self, hours: Hours, now: Timestamp) -> Timestamp {
        if self.keeps_hours { exchange::last_open(now, hours) } else { now }
    }

    /// The day whose prices are told: today, or that of the last session before it.
    pub(crate) fn day(&self, now: Timestamp) -> Date {
        today(self.last_open(Hours::Extended, now))
    }

    /// Holds the last price of a stock, index or option at a value from now on, or lets it go; false if there is no such
    /// symbol.
    pub(crate) fn pin(&mut self, symbol: &str, price: Option<Decimal>, now: Timestamp) -> bool {
        if self.cents_at(symbol, self.started).is_none() {
            return false;
        }
        let cents = price.and_then(cents);
        self.pins.push(Pin { symbol: symbol.to_owned(), since: now.as_second(), cents });
        true
    }

    /// The quote of a ticker, index, future or option (OSI); none if there is no such symbol.
    pub(crate) fn quote(&self, symbol: &str, now: Timestamp) -> Option<Quote> {
        let kind = instruments::find(symbol).map(|found| found.kind);
        let at = self.last_open(if kind.is_some() { Hours::Extended } else { Hours::Regular }, now);
        let last = self.cents_at(symbol, at.as_second())?;
        let (bid, ask) = match kind {
            Some(Kind::Index) => (last, last),
            Some(_) => {
                let half = (last / 10_000).max(1);
                (last - half, last + half)
            }
            None => pricing::bid_and_ask(last),
        };
        let day = self.day(now);
        let size = |side: &str| 100 * (1 + noise::uniform(symbol, side, at.as_second() / 5) % 12);
        Some(Quote {
            bid: decimal(bid),
            ask: decimal(ask),
            last: decimal(last),
            previous_close: decimal(self.cents_at(symbol, calendar::last_close_before(day))?),
            bid_size: size("bid"),
            ask_size: size("ask"),
            at,
        })
    }

    /// The price in cents at any second of past or present, held or not. An option follows its underlying.
    pub(crate) fn cents_at(&self, symbol: &str, second: i64) -> Option<i64> {
        let pin = self.pins.iter().rev().find(|pin| pin.since <= second && pin.symbol == symbol);
        if let Some(cents) = pin.and_then(|pin| pin.cents) {
            return Some(cents);
        }
        if let Some(instrument) = instruments::find(symbol) {
            return Some(self.instrument_cents(instrument, second));
        }
        // What was listed when the process began keeps its price.
        let listed = |second| contracts::listed(symbol, calendar::new_york_date(second));
        let contract = listed(self.started).or_else(|| listed(second))?;
        // Options are traded in the regular session alone.
        let second = self.last_open(Hours::Regular, calendar::instant(second)).as_second();
        let spot = self.cents_at(&contract.underlying, second)?;
        Some(contract_cents(&contract, spot, second))
    }

    /// Seed price, times the wiggle of ±0.3 %, times the drift of past days: none today, wider for what is volatile,
    /// and growing out of the last close, which is at most 2 % away: what a day brings, not what a weekend may.
    fn instrument_cents(&self, instrument: &Instrument, second: i64) -> i64 {
        let noise = Noise::of(instrument.moves_with());
        let since_start = second - self.started;
        let wiggle = noise.at(since_start, 600, 2_000)
            + noise.at(since_start, 60, 800)
            + noise.at(since_start, 5, 200);
        let drift = match second < self.today_begins {
            true => {
                let volatility = instrument.volatility.max(15);
                let since_close = drift(&noise, second) - drift(&noise, self.last_close);
                let overnight = noise.at(self.today_begins / 3600, 1, (volatility * 400).min(15_000));
                since_close * volatility / 25 + overnight
            }
            false => 0,
        };
        instrument.cents * (1_000_000 + wiggle + drift) / 1_000_000
    }

    /// Whether a symbol is of a ticker, an index, a future or a contract that is listed.
    pub(crate) fn knows(&self, symbol: &str, now: Timestamp) -> bool {
        instruments::find(symbol).is_some() || self.contract(symbol, now).is_some()
    }

    /// The contract of an OSI symbol, if it is listed today.
    pub(crate) fn contract(&self, osi: &str, now: Timestamp) -> Option<Contract> {
        contracts::listed(osi, calendar::new_york_date(now.as_second()))
    }
}

/// How far a price is from its seed, in millionths: days, weeks and seasons on top of each other.
fn drift(noise: &Noise, second: i64) -> i64 {
    const DAY: i64 = 86_400;
    noise.at(second, DAY, 12_000) + noise.at(second, 10 * DAY, 50_000) + noise.at(second, 60 * DAY, 110_000)
}

fn contract_cents(contract: &Contract, spot: i64, second: i64) -> i64 {
    pricing::value(contract, spot, second).cents
}

/// Cents as a decimal with two places.
pub(crate) fn decimal(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// A price in whole cents, if it is not absurdly large.
pub(crate) fn cents(price: Decimal) -> Option<i64> {
    i64::try_from((price * Decimal::ONE_HUNDRED).round().mantissa()).ok()
}

/// Today's date in New York, where the market's days begin.
pub(crate) fn today(now: Timestamp) -> Date {
    calendar::new_york_date(now.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    #[test]
    fn prices_stay_near_their_seed_and_move() {
        let market = Market::new(at(0));
        let seen: Vec<Decimal> =
            (0..500).map(|minute| market.quote("MSFT", at(60 * minute)).unwrap().ask).collect();
        assert!(seen.iter().all(|ask| *ask > Decimal::from(413) && *ask < Decimal::from(417)));
        assert!(seen.iter().any(|ask| *ask != seen[0]));
    }

    #[test]
    fn the_last_close_is_near() {
        for day in 0..10 {
            let market = Market::new(at(86_400 * day));
            for instrument in instruments::INSTRUMENTS {
                let quote = market.quote(instrument.symbol, at(86_400 * day)).unwrap();
                let change = (quote.last / quote.previous_close - Decimal::ONE).abs();
                assert!(change < Decimal::new(22, 3), "{} {change}", instrument.symbol);
            }
        }
    }

    #[test]
    fn every_run_begins_alike() {
        let (one, other) = (Market::new(at(0)), Market::new(at(977)));
        assert_eq!(one.quote("AAPL", at(33)).unwrap().last, other.quote("AAPL", at(977 + 33)).unwrap().last);
    }

    #[test]
    fn prices_stand_still_while_the_market_is_closed() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let saturday = at("2026-11-28T12:00:00-05:00");
        let market = Market::new(saturday).with_hours(true);
        let quote = market.quote("MSFT", saturday).unwrap();
        assert_eq!(quote.at, at("2026-11-27T17:00:00-05:00"));
        assert_eq!(market.quote("MSFT", at("2026-11-29T20:00:00-05:00")), Some(quote));
        let day = market.running_day("MSFT", saturday).unwrap();
        assert_eq!(day.day, jiff::civil::date(2026, 11, 27));
        // At its first second a session has a bar.
        assert!(market.running_day("MSFT", at("2026-11-30T09:30:00-05:00")).is_some());
    }

    #[test]
    fn a_pin_holds_the_stock_and_moves_its_options() {
        let mut market = Market::new(at(0));
        let day = calendar::expirations(today(at(0)))[3];
        let call = Contract::new("MSFT", day, true, Decimal::from(420)).osi();
        let before = market.quote(&call, at(0)).unwrap().last;
        assert!(market.pin("MSFT", Some(Decimal::from(450)), at(0)));
        let quote = market.quote("MSFT", at(5)).unwrap();
        assert!(quote.last == Decimal::from(450) && quote.bid < quote.last && quote.last < quote.ask);
        assert!(market.quote(&call, at(5)).unwrap().last > before);
        assert!(!market.pin("NOPE", Some(Decimal::ONE), at(0)));
    }
}

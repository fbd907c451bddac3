//! Option contracts: the OSI symbol, and which contracts are listed.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::calendar;
use super::instruments::{self, Instrument};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contract {
    pub(crate) underlying: String,
    pub(crate) expiration: Date,
    /// A call; else a put.
    pub(crate) call: bool,
    /// Price per share at which it can be exercised.
    pub(crate) strike: Decimal,
}

impl Contract {
    pub(crate) fn new(underlying: &str, expiration: Date, call: bool, strike: Decimal) -> Self {
        Self { underlying: underlying.to_owned(), expiration, call, strike }
    }

    /// The OSI symbol: ticker, YYMMDD, C or P, strike in thousandths with eight digits.
    pub(crate) fn osi(&self) -> String {
        let (year, month, day) =
            (self.expiration.year() % 100, self.expiration.month(), self.expiration.day());
        let side = if self.call { 'C' } else { 'P' };
        let strike = (self.strike * Decimal::ONE_THOUSAND).trunc().mantissa();
        format!("{}{year:02}{month:02}{day:02}{side}{strike:08}", self.underlying)
    }

    /// Reads an OSI symbol; none if it is not one.
    pub(crate) fn parse(osi: &str) -> Option<Self> {
        let at = osi.len().checked_sub(15).filter(|at| (1..=6).contains(at))?;
        let (underlying, rest) = osi.split_at_checked(at)?;
        let (day, rest) = rest.split_at_checked(6)?;
        let (side, strike) = rest.split_at_checked(1)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !underlying.is_ascii() || !digits(day) || !digits(strike) || !matches!(side, "C" | "P") {
            return None;
        }
        let part = |from: usize| day.get(from..from + 2)?.parse::<i8>().ok();
        let expiration = Date::new(2000 + i16::from(part(0)?), part(2)?, part(4)?).ok()?;
        Some(Self::new(underlying, expiration, side == "C", Decimal::new(strike.parse().ok()?, 3)))
    }

    /// The words of search results: `AAPL Jan 19 2024 190 Call`.
    pub(crate) fn description(&self) -> String {
        let side = if self.call { "Call" } else { "Put" };
        let day = self.expiration.strftime("%b %-d %Y");
        format!("{} {day} {} {side}", self.underlying, self.strike.normalize())
    }
}

/// The contract of an OSI symbol, if it is listed on this day.
pub(crate) fn listed(osi: &str, today: Date) -> Option<Contract> {
    let contract = Contract::parse(osi)?;
    let instrument = instruments::find(&contract.underlying)?;
    let (first, last, step) = grid(instrument)?;
    let cents = super::cents(contract.strike)?;
    let on_grid =
        (first..=last).contains(&(cents / step)) && super::decimal(cents / step * step) == contract.strike;
    (on_grid && calendar::expirations(today).contains(&contract.expiration)).then_some(contract)
}

/// The listed strikes: steps that suit the price, from 60 % to 140 % of it; empty if there are no options.
pub(crate) fn strikes(instrument: &Instrument) -> Vec<Decimal> {
    let Some((first, last, step)) = grid(instrument) else { return Vec::new() };
    (first..=last).map(|count| super::decimal(count * step)).collect()
}

/// The first and the last strike in steps, and a step in cents; none if there are no options.
fn grid(instrument: &Instrument) -> Option<(i64, i64, i64)> {
    let cents = instrument.cents;
    let step = match cents {
        0..2_500 => 50,
        2_500..10_000 => 100,
        10_000..20_000 => 250,
        20_000..50_000 => 500,
        _ => 1_000,
    };
    instrument.optionable().then_some((cents * 6 / 10 / step, cents * 14 / 10 / step, step))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn builds_and_reads_osi_symbols() {
        let contract = Contract::new("AAPL", date(2024, 1, 19), true, Decimal::from(190));
        assert_eq!(contract.osi(), "AAPL240119C00190000");
        assert_eq!(Contract::parse("AAPL240119C00190000"), Some(contract.clone()));
        assert_eq!(contract.description(), "AAPL Jan 19 2024 190 Call");
        let half = Contract::new("F", date(2026, 12, 18), false, Decimal::new(125, 1));
        assert_eq!(half.osi(), "F261218P00012500");
        for wrong in
            ["AAPL", "AAPL240119X00190000", "240119C00190000", "AAPL241319C00190000", "ÄÄPL240119C00190000"]
        {
            assert!(Contract::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn only_contracts_on_the_grid_are_listed() {
        let today = date(2026, 11, 21);
        assert!(listed("AAPL261218C00270000", today).is_some());
        assert!(listed("AAPL261218C00271000", today).is_none());
        assert!(listed("AAPL261217C00270000", today).is_none());
        assert!(listed("BRK.B261218C00500000", today).is_none());
    }
}

//! What companies and funds pay out each quarter. Amounts, yields and days of every answer come from here.

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::sandbox::market::{self, calendar};

/// Who pays, and how many cents a share the next time.
#[rustfmt::skip]
const PAYERS: &[(&str, i64)] = &[
    ("AAPL", 26), ("MSFT", 91), ("NVDA", 1), ("GOOGL", 21), ("META", 53), ("KO", 51), ("JPM", 150), ("XOM", 103),
    ("SPY", 183), ("QQQ", 69), ("DIS", 38), ("PFE", 43), ("F", 15), ("T", 28), ("V", 67), ("WMT", 24), ("CVX", 171),
    ("JNJ", 130), ("GE", 36),
];

fn payer(symbol: &str) -> Option<(i64, i64)> {
    (0..).zip(PAYERS).find(|(_, (payer, _))| *payer == symbol).map(|(place, (_, cents))| (place, *cents))
}

/// Dollars a share, so many payments before the next one; none of who pays nothing. It rose by 4 % after every fourth
/// payment, the last time before the four that are past.
pub(crate) fn amount(symbol: &str, back: i64) -> Option<Decimal> {
    let (_, cents) = payer(symbol)?;
    let years = (back.max(1) - 1) / 4;
    Some(market::decimal((cents * (100 - 4 * years) / 100).max(1)))
}

/// Dollars a share in a year, at the rate of the next payment; zero of who pays nothing.
pub(crate) fn of_a_year(symbol: &str) -> Decimal {
    amount(symbol, 0).unwrap_or_default() * Decimal::from(4)
}

/// The day from which a share is traded without a payment, so many payments before the next one. That one is some trading
/// days ahead, on another day for each payer.
pub(crate) fn ex_day(symbol: &str, today: Date, back: i64) -> Option<Date> {
    let (place, _) = payer(symbol)?;
    let next = (0..3 + place).fold(today, |day, _| calendar::open_day(calendar::plus_days(day, 1)));
    Some(calendar::open_day(next.saturating_sub((3 * back).months())))
}

/// When a payment is made.
pub(crate) fn pay_day(ex_day: Date) -> Date {
    calendar::open_day(calendar::plus_days(ex_day, 21))
}

/// When a payment was announced: the next one always has been.
pub(crate) fn declaration_day(ex_day: Date) -> Date {
    calendar::open_day(calendar::plus_days(ex_day, -42))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_next_payment_is_announced_and_on_a_day_of_its_own() {
        for day in 0..400 {
            let today = calendar::plus_days(date(2026, 1, 1), day);
            let mut days: Vec<Date> =
                PAYERS.iter().map(|(symbol, _)| ex_day(symbol, today, 0).unwrap()).collect();
            assert!(days.iter().all(|day| *day > today && declaration_day(*day) <= today), "{today}");
            days.dedup();
            assert_eq!(days.len(), PAYERS.len());
            assert!(ex_day("KO", today, 1).unwrap() < today);
        }
        assert_eq!([amount("TSLA", 0), amount("BRK.A", 0)], [None; 2]);
    }

    #[test]
    fn a_year_is_four_of_the_next_and_of_the_past() {
        let past: Decimal = (1..=4).filter_map(|back| amount("KO", back)).sum();
        assert_eq!([past, of_a_year("KO")], [Decimal::new(204, 2); 2]);
        assert!(amount("KO", 5) < amount("KO", 4));
    }
}

//! Days and hours of the US stock market: sessions, holidays, option expirations. All in New York's time.
//!
//! Early closes are left out: a shortened day here lasts until 16:00 like any other.

use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Seconds of a regular session, 09:30 to 16:00.
pub(crate) const SESSION_SECONDS: i64 = 23_400;

/// New York's time zone; the table is compiled in, so UTC stands in never.
pub(crate) fn new_york() -> TimeZone {
    TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC)
}

/// The date in New York at a Unix second.
pub(crate) fn new_york_date(second: i64) -> Date {
    instant(second).to_zoned(new_york()).date()
}

/// A Unix second as a timestamp.
pub(crate) fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or_default()
}

/// The Unix second at which a date begins in New York.
pub(crate) fn midnight(day: Date) -> i64 {
    day.to_zoned(new_york()).map_or(0, |zoned| zoned.timestamp().as_second())
}

/// First and last Unix second of a day's session; with extended hours from 04:00 to 20:00.
///
/// The clock never changes between 04:00 and 20:00, so noon is the safe point to count from.
pub(crate) fn session(day: Date, extended: bool) -> (i64, i64) {
    let noon = day.at(12, 0, 0, 0).to_zoned(new_york()).map_or(0, |zoned| zoned.timestamp().as_second());
    match extended {
        true => (noon - 8 * 3600, noon + 8 * 3600),
        false => (noon - 9000, noon + 4 * 3600),
    }
}

/// The close of the last trading day before a date.
pub(crate) fn last_close_before(day: Date) -> i64 {
    session(trading_day_before(day), false).1
}

/// The last trading day before a date.
pub(crate) fn trading_day_before(day: Date) -> Date {
    let mut before = plus_days(day, -1);
    while !is_trading_day(before) {
        before = plus_days(before, -1);
    }
    before
}

/// A date some days later, or earlier.
pub(crate) fn plus_days(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

/// Whether the market opens on this date.
pub(crate) fn is_trading_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_holiday(day)
}

/// The ten holidays of the New York Stock Exchange, moved off weekends as the exchange does.
fn is_holiday(day: Date) -> bool {
    let year = day.year();
    let nth = |month, nth, weekday| date(year, month, 1).nth_weekday_of_month(nth, weekday).ok() == Some(day);
    // New Year on a Saturday is not made up for.
    nth(1, 3, Weekday::Monday)
        || nth(2, 3, Weekday::Monday)
        || nth(5, -1, Weekday::Monday)
        || nth(9, 1, Weekday::Monday)
        || nth(11, 4, Weekday::Thursday)
        || plus_days(day, 2) == easter(year)
        || (observed(date(year, 1, 1)) == day && day.month() == 1)
        || (year >= 2022 && observed(date(year, 6, 19)) == day)
        || observed(date(year, 7, 4)) == day
        || observed(date(year, 12, 25)) == day
}

fn observed(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => plus_days(day, -1),
        Weekday::Sunday => plus_days(day, 1),
        _ => day,
    }
}

/// Easter Sunday, by the method of Meeus, Jones and Butcher.
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let days_after_march_22 = h + l - 7 * m;
    plus_days(date(i16::try_from(year).unwrap_or(2000), 3, 22), i64::from(days_after_march_22))
}

/// The option expirations listed on a day: the next four Fridays and the next six third Fridays, in order. A holiday
/// moves its expiration to the Thursday before.
pub(crate) fn expirations(today: Date) -> Vec<Date> {
    let to_friday = i64::from(today.weekday().until(Weekday::Friday));
    let weekly = (0..4).map(|week| plus_days(today, to_friday + 7 * week));
    let first = today.first_of_month();
    let monthly = (0..8)
        .filter_map(|month| {
            first.saturating_add(month.months()).nth_weekday_of_month(3, Weekday::Friday).ok()
        })
        .filter(|day| *day >= today)
        .take(6);
    let mut days: Vec<Date> = weekly
        .chain(monthly)
        .map(|friday| if is_trading_day(friday) { friday } else { plus_days(friday, -1) })
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_holidays() {
        for closed in [
            date(2026, 1, 1),
            date(2026, 4, 3),
            date(2026, 7, 3),
            date(2026, 11, 26),
            date(2026, 12, 25),
            date(2025, 4, 18),
            date(2023, 1, 2),
            date(2026, 11, 21),
        ] {
            assert!(!is_trading_day(closed), "{closed}");
        }
        for open in [date(2021, 12, 31), date(2026, 11, 27), date(2026, 11, 20), date(2026, 7, 6)] {
            assert!(is_trading_day(open), "{open}");
        }
    }

    #[test]
    fn sessions_follow_the_clock_change() {
        assert_eq!(instant(session(date(2026, 7, 1), false).0).to_string(), "2026-07-01T13:30:00Z");
        assert_eq!(instant(session(date(2026, 12, 1), false).1).to_string(), "2026-12-01T21:00:00Z");
        assert_eq!(instant(session(date(2026, 12, 1), true).0).to_string(), "2026-12-01T09:00:00Z");
    }

    #[test]
    fn expirations_are_fridays_but_for_holidays() {
        let days = expirations(date(2026, 12, 5));
        assert_eq!(
            days[..4],
            [date(2026, 12, 11), date(2026, 12, 18), date(2026, 12, 24), date(2026, 12, 31)]
        );
        assert!(days.contains(&date(2027, 5, 21)));
    }
}

//! The embedded market's sessions and option expirations. All in New York's time.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};

use crate::exchange::{closes_early, is_trading_day, zone};

/// Seconds of a whole regular session, 09:30 to 16:00.
pub(crate) const SESSION_SECONDS: i64 = 23_400;

/// The date in New York at a Unix second.
pub(crate) fn new_york_date(second: i64) -> Date {
    instant(second).to_zoned(zone()).date()
}

/// A Unix second as a timestamp.
pub(crate) fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or_default()
}

/// The Unix second at which a date begins in New York.
pub(crate) fn midnight(day: Date) -> i64 {
    day.to_zoned(zone()).map_or(0, |zoned| zoned.timestamp().as_second())
}

/// First and last Unix second of a day's session; with extended hours from 04:00 to 20:00. A half day ends three hours
/// early.
///
/// The clock never changes between 04:00 and 20:00, so noon is the safe point to count from.
pub(crate) fn session(day: Date, extended: bool) -> (i64, i64) {
    let noon = day.at(12, 0, 0, 0).to_zoned(zone()).map_or(0, |zoned| zoned.timestamp().as_second());
    let early = if closes_early(day) { 3 * 3600 } else { 0 };
    match extended {
        true => (noon - 8 * 3600, noon + 8 * 3600 - early),
        false => (noon - 9000, noon + 4 * 3600 - early),
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

/// A date, or the next trading day if the market is closed then.
pub(crate) fn open_day(day: Date) -> Date {
    let mut open = day;
    while !is_trading_day(open) {
        open = plus_days(open, 1);
    }
    open
}

pub(crate) fn plus_days(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
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
    use jiff::civil::date;

    use super::*;

    #[test]
    fn sessions_follow_the_clock_change() {
        assert_eq!(instant(session(date(2026, 7, 1), false).0).to_string(), "2026-07-01T13:30:00Z");
        assert_eq!(instant(session(date(2026, 12, 1), false).1).to_string(), "2026-12-01T21:00:00Z");
        assert_eq!(instant(session(date(2026, 12, 1), true).0).to_string(), "2026-12-01T09:00:00Z");
        assert_eq!(instant(session(date(2026, 11, 27), false).1).to_string(), "2026-11-27T18:00:00Z");
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

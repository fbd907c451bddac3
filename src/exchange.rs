//! Zone, days and hours of the US stock exchanges, by the New York Stock Exchange's own rules. Closures that nobody could
//! have written down years ahead (a day of mourning, a storm) are not known here.

mod holidays;

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time, Weekday, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

pub(crate) use holidays::closes_early;

/// The zone of every time this program shows.
pub(crate) const ZONE: &str = "America/New_York";

/// The regular session of a day that is no half one.
pub(crate) const WHOLE_DAY: (Time, Time) = (time(9, 30, 0, 0), time(16, 0, 0, 0));

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hours {
    Regular,
    /// From the early session to the end of the late one, the regular session included.
    Extended,
}

impl Hours {
    fn opens(self) -> Time {
        match self {
            Hours::Regular => WHOLE_DAY.0,
            Hours::Extended => time(4, 0, 0, 0),
        }
    }

    fn closes(self, day: Date) -> Time {
        match (self, closes_early(day)) {
            (Hours::Regular, false) => WHOLE_DAY.1,
            (Hours::Regular, true) => time(13, 0, 0, 0),
            // The late session is as long after an early close as after any other.
            (Hours::Extended, false) => time(20, 0, 0, 0),
            (Hours::Extended, true) => time(17, 0, 0, 0),
        }
    }

    /// From the opening to the closing on a trading day.
    pub(crate) fn on(self, day: Date) -> (Time, Time) {
        (self.opens(), self.closes(day))
    }
}

/// The part of a day that a moment lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Session {
    PreMarket,
    Regular,
    AfterHours,
    Closed,
}

impl Session {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Session::PreMarket => "pre-market",
            Session::Regular => "regular session",
            Session::AfterHours => "after hours",
            Session::Closed => "closed",
        }
    }
}

pub(crate) fn session(now: Timestamp) -> Session {
    if is_open(now, Hours::Regular) {
        Session::Regular
    } else if !is_open(now, Hours::Extended) {
        Session::Closed
    } else if is_done_for_today(now) {
        Session::AfterHours
    } else {
        Session::PreMarket
    }
}

/// What is unusual about the day: `None` on whole trading days.
pub(crate) fn remark(day: Date) -> Option<&'static str> {
    let half_day = || closes_early(day).then_some("a half day: the regular session ends at 13:00");
    day_off(day).or_else(half_day)
}

/// Why the market is closed on a Saturday or Sunday.
pub(crate) const WEEKEND: &str = "the weekend";

/// Why the market is closed on a day: the weekend, or the holiday's name.
pub(crate) fn day_off(day: Date) -> Option<&'static str> {
    match day.weekday() {
        Weekday::Saturday | Weekday::Sunday => Some(WEEKEND),
        _ => holidays::holiday(day),
    }
}

/// New York's rules, looked up once: every row of a table asks.
pub(crate) fn zone() -> TimeZone {
    static FOUND: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::get(ZONE).expect("the zones are compiled in"));
    FOUND.clone()
}

pub(crate) fn is_trading_day(day: Date) -> bool {
    day_off(day).is_none()
}

pub(crate) fn is_open(now: Timestamp, hours: Hours) -> bool {
    let local = now.to_zoned(zone());
    is_trading_day(local.date()) && (hours.opens()..hours.closes(local.date())).contains(&local.time())
}

pub(crate) fn last_open(now: Timestamp, hours: Hours) -> Timestamp {
    if is_open(now, hours) {
        return now;
    }
    let today = now.to_zoned(zone()).date();
    let mut closes = near(today, -1).map(|day| moment(day.to_datetime(hours.closes(day))));
    closes.find(|close| *close <= now).unwrap_or(now)
}

/// The last trading day whose regular session has ended.
pub(crate) fn last_closed(now: Timestamp) -> Date {
    let today = now.to_zoned(zone()).date();
    if is_trading_day(today) && is_done_for_today(now) { today } else { session_before(today) }
}

/// The last trading day before a date.
pub(crate) fn session_before(day: Date) -> Date {
    let yesterday = day.saturating_sub(1.day());
    near(yesterday, -1).next().unwrap_or(yesterday)
}

pub(crate) fn is_done_for_today(now: Timestamp) -> bool {
    let local = now.to_zoned(zone());
    !is_trading_day(local.date()) || local.time() >= Hours::Regular.closes(local.date())
}

pub(crate) fn next_open(now: Timestamp, hours: Hours) -> Timestamp {
    let today = now.to_zoned(zone()).date();
    near(today, 1).map(|day| moment(day.to_datetime(hours.opens()))).find(|open| *open > now).unwrap_or(now)
}

/// The next end of these hours after a moment.
pub(crate) fn next_close(now: Timestamp, hours: Hours) -> Timestamp {
    let today = now.to_zoned(zone()).date();
    let mut closes = near(today, 1).map(|day| moment(day.to_datetime(hours.closes(day))));
    closes.find(|close| *close > now).unwrap_or(now)
}

/// The trading days from a date on, forwards or backwards. No stretch without one is longer than four days.
fn near(from: Date, step: i64) -> impl Iterator<Item = Date> {
    (0..8).map(move |days| from.saturating_add((days * step).days())).filter(|day| is_trading_day(*day))
}

fn moment(local: DateTime) -> Timestamp {
    // The clock changes at night, so the opening and closing times exist on every day.
    local.to_zoned(zone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Holidays and early closes as the exchange has published them, year by year.
    #[test]
    fn days_off_are_those_the_exchange_publishes() {
        let published = [
            (2021, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24", "11-26"),
            (2022, "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26", "11-25"),
            (2023, "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25", "07-03 11-24"),
            (2024, "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25", "07-03 11-29 12-24"),
            (2026, "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25", "11-27 12-24"),
            (2027, "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24", "11-26"),
            (2028, "01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25", "07-03 11-24"),
        ];
        for (year, closed, early) in published {
            let weekdays = date(year, 1, 1)
                .series(1.day())
                .take_while(|day| day.year() == year)
                .filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday));
            let (mut holidays, mut shortened) = (Vec::new(), Vec::new());
            for day in weekdays {
                let text = day.strftime("%m-%d").to_string();
                if !is_trading_day(day) {
                    holidays.push(text);
                } else if closes_early(day) {
                    shortened.push(text);
                }
            }
            assert_eq!(holidays.join(" "), closed, "{year}");
            assert_eq!(shortened.join(" "), early, "{year}");
        }
    }

    #[test]
    fn the_session_knows_weekends_holidays_and_early_closes() {
        for (text, open) in [
            ("2026-11-20T09:29:59-05:00", false),
            ("2026-11-20T09:30:00-05:00", true),
            ("2026-11-20T15:59:59-05:00", true),
            ("2026-11-20T16:00:00-05:00", false),
            ("2026-11-21T12:00:00-05:00", false),
            ("2026-11-26T12:00:00-05:00", false),
            ("2026-11-27T12:59:59-05:00", true),
            ("2026-11-27T13:00:00-05:00", false),
            ("2026-07-01T09:30:00-04:00", true),
        ] {
            assert_eq!(is_open(at(text), Hours::Regular), open, "{text}");
        }
    }

    #[test]
    fn a_day_has_four_parts_and_a_half_day_shorter_ones() {
        use Session::{AfterHours, Closed, PreMarket, Regular};
        for (text, part) in [
            ("2026-11-25T03:59:59-05:00", Closed),
            ("2026-11-25T04:00:00-05:00", PreMarket),
            ("2026-11-25T09:30:00-05:00", Regular),
            ("2026-11-25T16:00:00-05:00", AfterHours),
            ("2026-11-25T20:00:00-05:00", Closed),
            ("2026-11-26T12:00:00-05:00", Closed),
            ("2026-11-27T13:00:00-05:00", AfterHours),
            ("2026-11-27T17:00:00-05:00", Closed),
            ("2026-11-28T12:00:00-05:00", Closed),
        ] {
            assert_eq!(session(at(text)), part, "{text}");
        }
        let half = Some("a half day: the regular session ends at 13:00");
        for (day, what) in [
            (date(2026, 11, 25), None),
            (date(2026, 11, 26), Some("Thanksgiving Day")),
            (date(2026, 11, 27), half),
            (date(2026, 11, 28), Some("the weekend")),
            (date(2026, 12, 25), Some("Christmas Day")),
            (date(2026, 4, 3), Some("Good Friday")),
            (date(2026, 7, 3), Some("Independence Day")),
        ] {
            assert_eq!(remark(day), what, "{day}");
        }
    }

    #[test]
    fn sessions_end_and_begin_around_days_off() {
        for (now, closed, opens) in [
            // A Sunday.
            ("2026-11-22T12:00:00-05:00", "2026-11-20T16:00:00-05:00", "2026-11-23T09:30:00-05:00"),
            // Thanksgiving, and the short day after it.
            ("2026-11-26T12:00:00-05:00", "2026-11-25T16:00:00-05:00", "2026-11-27T09:30:00-05:00"),
            ("2026-11-27T14:00:00-05:00", "2026-11-27T13:00:00-05:00", "2026-11-30T09:30:00-05:00"),
            // A long weekend, before the opening.
            ("2026-12-28T08:00:00-05:00", "2026-12-24T13:00:00-05:00", "2026-12-28T09:30:00-05:00"),
            // Open: now.
            ("2026-11-20T12:00:00-05:00", "2026-11-20T12:00:00-05:00", "2026-11-23T09:30:00-05:00"),
        ] {
            assert_eq!(last_open(at(now), Hours::Regular), at(closed), "{now}");
            assert_eq!(next_open(at(now), Hours::Regular), at(opens), "{now}");
        }
        for (now, closes) in [
            ("2026-11-25T16:00:00-05:00", "2026-11-27T13:00:00-05:00"),
            ("2026-11-27T12:59:59-05:00", "2026-11-27T13:00:00-05:00"),
            ("2026-11-27T13:00:00-05:00", "2026-11-30T16:00:00-05:00"),
        ] {
            assert_eq!(next_close(at(now), Hours::Regular), at(closes), "{now}");
        }
    }

    #[test]
    fn the_extended_session_has_hours_of_its_own() {
        let (friday, monday) = ("2026-11-20T04:00:00-05:00", "2026-11-23T04:00:00-05:00");
        for (now, last, next) in [
            // Before the early session of a Friday: the evening before.
            ("2026-11-20T03:59:59-05:00", "2026-11-19T20:00:00-05:00", friday),
            ("2026-11-20T04:00:00-05:00", "2026-11-20T04:00:00-05:00", monday),
            ("2026-11-20T12:00:00-05:00", "2026-11-20T12:00:00-05:00", monday),
            ("2026-11-20T19:59:59-05:00", "2026-11-20T19:59:59-05:00", monday),
            ("2026-11-20T20:00:01-05:00", "2026-11-20T20:00:00-05:00", monday),
            ("2026-11-22T12:00:00-05:00", "2026-11-20T20:00:00-05:00", monday),
            // The short day after Thanksgiving, and the holiday itself.
            ("2026-11-26T12:00:00-05:00", "2026-11-25T20:00:00-05:00", "2026-11-27T04:00:00-05:00"),
            ("2026-11-27T16:59:59-05:00", "2026-11-27T16:59:59-05:00", "2026-11-30T04:00:00-05:00"),
            ("2026-11-27T17:00:01-05:00", "2026-11-27T17:00:00-05:00", "2026-11-30T04:00:00-05:00"),
        ] {
            assert_eq!(last_open(at(now), Hours::Extended), at(last), "{now}");
            assert_eq!(next_open(at(now), Hours::Extended), at(next), "{now}");
        }
    }

    #[test]
    fn a_day_is_done_at_its_close() {
        for (now, done) in [
            ("2026-11-20T08:00:00-05:00", false),
            ("2026-11-20T15:59:59-05:00", false),
            ("2026-11-20T16:00:00-05:00", true),
            ("2026-11-21T12:00:00-05:00", true),
            ("2026-11-27T12:59:59-05:00", false),
            ("2026-11-27T13:00:00-05:00", true),
        ] {
            assert_eq!(is_done_for_today(at(now)), done, "{now}");
        }
    }

    #[test]
    fn the_opening_stays_at_half_past_nine_over_the_change_of_the_clock() {
        for (now, opens) in [
            ("2026-03-06T18:00:00-05:00", "2026-03-09T09:30:00-04:00"),
            ("2026-10-30T18:00:00-04:00", "2026-11-02T09:30:00-05:00"),
        ] {
            assert_eq!(next_open(at(now), Hours::Regular), at(opens), "{now}");
        }
    }
}

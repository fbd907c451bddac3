//! Moments and dates. Every time is shown in New York's zone, whose calendar and clock the markets follow.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Zoned};

use crate::clock;
use crate::error::{Error, Result};
use crate::text::short;

pub(crate) use crate::exchange::zone;

pub(crate) fn now() -> Zoned {
    clock::now().to_zoned(zone())
}

/// Writes a moment as RFC 3339 in New York time, without fractions of a second.
pub(crate) fn rfc3339(moment: Timestamp) -> String {
    moment.to_zoned(zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Writes a moment as New York's clock shows it, for tables whose header names the zone.
pub(crate) fn local(moment: Timestamp) -> String {
    moment.to_zoned(zone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Reads a Unix time in seconds, milliseconds, microseconds or nanoseconds: Aries uses all four, and their sizes tell
/// them apart.
pub(crate) fn from_unix(number: i64) -> Option<Timestamp> {
    match number.unsigned_abs() {
        0 => None,
        1..100_000_000_000 => Timestamp::from_second(number).ok(),
        100_000_000_000..100_000_000_000_000 => Timestamp::from_millisecond(number).ok(),
        100_000_000_000_000..100_000_000_000_000_000 => Timestamp::from_microsecond(number).ok(),
        _ => Timestamp::from_nanosecond(i128::from(number)).ok(),
    }
}

/// The date of a bar of a day or longer: charting feeds stamp it with midnight UTC of that date, others with a moment of
/// its session in New York.
pub(crate) fn bar_day(number: i64) -> Option<Date> {
    let moment = from_unix(number)?;
    let is_midnight_utc = moment.as_second().rem_euclid(86_400) == 0;
    Some(moment.to_zoned(if is_midnight_utc { TimeZone::UTC } else { zone() }).date())
}

/// Reads any time that Aries sends: a Unix number, RFC 3339 text, the form of FIX, which is UTC, that of mail, or a date
/// with a time and no zone, which is New York's.
pub(crate) fn stamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let number = || text.parse::<i64>().ok().and_then(from_unix);
    let fix = || DateTime::strptime("%Y%m%d-%H:%M:%S%.f", text).ok()?.to_zoned(TimeZone::UTC).ok();
    let mail = || jiff::fmt::rfc2822::parse(text).ok();
    let dated = || fix().or_else(mail).map(|zoned| zoned.timestamp());
    number().or_else(|| text.parse().ok()).or_else(|| of_new_york(text)).or_else(dated)
}

fn of_new_york(text: &str) -> Option<Timestamp> {
    let text =
        ["ET", "EST", "EDT"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text).trim_end();
    let american = || DateTime::strptime("%m/%d/%Y %H:%M:%S", text).ok();
    let local: DateTime = text.parse().ok().filter(|_| text.contains(':')).or_else(american)?;
    local.to_zoned(zone()).ok().map(|zoned| zoned.timestamp())
}

/// Reads a calendar date in a person's words: `today`, `tomorrow`, `90 days ago`, `in 3 days` or `2026-12-18`.
pub(crate) fn date(text: &str) -> Result<Date> {
    date_on(text, now().date())
}

fn date_on(text: &str, today: Date) -> Result<Date> {
    let words = text.trim().to_lowercase();
    let apart = match words.as_str() {
        "today" => Some(0.days()),
        "yesterday" => Some(-1.days()),
        "tomorrow" => Some(1.days()),
        ago if ago.ends_with(" ago") => distance(ago.trim_end_matches(" ago")).map(|span| -span),
        ahead if ahead.starts_with("in ") => distance(ahead.trim_start_matches("in ")),
        _ => None,
    };
    if let Some(apart) = apart {
        return Ok(today.saturating_add(apart));
    }
    // Only the plain form: the parser itself would also take a time or a week date.
    if words.len() == 10 { words.parse().map_err(|_| not_a_date(text)) } else { Err(not_a_date(text)) }
}

/// Numbers that people write in letters.
const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Reads `3 days`, `two weeks`, `1 month` or `a year`.
pub(crate) fn distance(text: &str) -> Option<Span> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: i64 = match (number, NUMBERS.iter().position(|word| *word == number)) {
        ("a", _) => 1,
        (_, Some(at)) => i64::try_from(at).ok()? + 1,
        (digits, None) => digits.parse().ok()?,
    };
    let number = Some(number).filter(|number| (1..=10_000).contains(number))?;
    match unit.trim_end_matches('s') {
        "day" => Some(number.days()),
        "week" => Some(number.weeks()),
        "month" => Some(number.months()),
        "year" if number <= 100 => Some(number.years()),
        _ => None,
    }
}

/// Returns the first and last day that a text means: one day in [`date`]'s words, `this`, `next` or `last` `week`
/// (Monday to Sunday), `month` or `year`, a month (`2026-12`), or `last 30 days`.
pub(crate) fn days(text: &str) -> Result<(Date, Date)> {
    days_on(text, now().date())
}

fn days_on(text: &str, today: Date) -> Result<(Date, Date)> {
    let words = text.trim().to_lowercase();
    if let Some((which, unit)) = words.split_once(' ') {
        let shift = ["last", "this", "next"].into_iter().zip(-1_i64..).find(|(word, _)| *word == which);
        match (shift, unit) {
            (Some((_, shift)), "week") => {
                let back = i64::from(today.weekday().to_monday_zero_offset());
                let monday = today.saturating_add((shift * 7 - back).days());
                return Ok((monday, monday.saturating_add(6.days())));
            }
            (Some((_, shift)), "month") => {
                let first = today.first_of_month().saturating_add(shift.months());
                return Ok((first, first.last_of_month()));
            }
            (Some((_, shift)), "year") => {
                let first = today.first_of_year().saturating_add(shift.years());
                return Ok((first, first.last_of_year()));
            }
            _ => {}
        }
        if let ("last" | "past", Some(span)) = (which, distance(unit)) {
            return Ok((today.saturating_sub(span), today));
        }
    }
    if words.len() == 7 && words.is_ascii() {
        let first: Date = format!("{words}-01").parse().map_err(|_| not_a_date(text))?;
        return Ok((first, first.last_of_month()));
    }
    date_on(text, today).map(|day| (day, day))
}

/// Writes a moment as the endpoints for indices take it.
pub(crate) fn index_text(moment: Timestamp) -> String {
    moment.to_zoned(zone()).strftime("%m/%d/%Y %I:%M %P").to_string()
}

/// Reads a moment: a date in [`date`]'s words (its first second in New York) or RFC 3339 with zone.
pub(crate) fn moment(text: &str) -> Result<Timestamp> {
    first_moment(text, &zone())
}

/// Returns the first moment that a text means: the start of a date in a zone, or the moment itself.
pub(crate) fn first_moment(text: &str, zone: &TimeZone) -> Result<Timestamp> {
    text.trim().parse::<Timestamp>().or_else(|_| start_of(days(text)?.0, zone))
}

/// Returns the last second that a text means: the end of a date in a zone, or the moment itself.
pub(crate) fn last_moment(text: &str, zone: &TimeZone) -> Result<Timestamp> {
    text.trim()
        .parse::<Timestamp>()
        .or_else(|_| start_of(days(text)?.1.saturating_add(1.day()), zone).map(|next| next - 1.second()))
}

/// The first second of a date; an error if it is beyond what clocks can express.
fn start_of(date: Date, zone: &TimeZone) -> Result<Timestamp> {
    date.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| not_a_date(&date.to_string()))
}

fn not_a_date(text: &str) -> Error {
    Error::usage(
        format!("{} is not a date", short(text)),
        "write it like 2026-12-18, today, tomorrow, next week, or 2026-12-18T09:30:00-05:00",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stamps_of_every_size_mean_the_same_moment() {
        let seconds = 1_767_401_938;
        for factor in [1, 1_000, 1_000_000, 1_000_000_000] {
            assert_eq!(rfc3339(from_unix(seconds * factor).unwrap()), "2026-01-02T19:58:58-05:00");
        }
        assert_eq!(stamp("2026-01-03T00:58:58Z").unwrap().as_second(), seconds);
        for text in
            ["2026-01-02T19:58:58", "2026-01-02 19:58:58", "2026-01-02T19:58:58.000", " 2026-01-02T19:58:58 "]
        {
            assert_eq!(stamp(text).map(rfc3339).as_deref(), Some("2026-01-02T19:58:58-05:00"), "{text}");
        }
        assert_eq!(stamp("2026-07-02T10:00:00").map(rfc3339).as_deref(), Some("2026-07-02T10:00:00-04:00"));
        assert_eq!((stamp(""), stamp("2026-01-02")), (None, None));
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in ["2026-02-30", "next", "2026-13-01", "20261218", "", "2026-W01-1"] {
            assert!(date(text).is_err(), "{text}");
        }
        assert_eq!(date("2026-12-18").unwrap().to_string(), "2026-12-18");
    }

    #[test]
    fn weeks_and_months_are_ranges() {
        let today = jiff::civil::date(2026, 11, 21);
        let range =
            |text: &str| days_on(text, today).map(|(first, last)| format!("{first}..{last}")).unwrap();
        assert_eq!(range("next week"), "2026-11-23..2026-11-29");
        assert_eq!(range("This Week"), "2026-11-16..2026-11-22");
        assert_eq!(range("next month"), "2026-12-01..2026-12-31");
        assert_eq!(range("2028-02"), "2028-02-01..2028-02-29");
        assert_eq!(range("tomorrow"), "2026-11-22..2026-11-22");
        assert_eq!(range("2 weeks ago"), "2026-11-07..2026-11-07");
        assert_eq!(range("this year"), "2026-01-01..2026-12-31");
        assert_eq!(range("last 30 days"), "2026-10-22..2026-11-21");
        assert_eq!(range("2 months ago"), "2026-09-21..2026-09-21");
        assert_eq!(range("a year ago"), "2025-11-21..2025-11-21");
        for wrong in ["next", "next decade", "2026-13", "0 days ago", "in 3 eons", "ago", "-1 days ago"] {
            assert!(days_on(wrong, today).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_date_reads_back_and_no_text_breaks_it(days in 0i32..40_000, text in ".{0,20}") {
            let day = jiff::civil::date(1990, 1, 1).saturating_add(days.days());
            prop_assert_eq!(date(&day.to_string()).unwrap(), day);
            let _ = super::days(&text);
        }
    }

    #[test]
    fn a_day_ends_one_second_before_the_next() {
        assert_eq!(rfc3339(moment("2026-03-08").unwrap()), "2026-03-08T00:00:00-05:00");
        assert_eq!(rfc3339(last_moment("2026-03-08", &zone()).unwrap()), "2026-03-08T23:59:59-04:00");
    }
}

//! Moments and dates: every stamp leaves in one zone, New York's, whose calendar and clock the markets follow.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use super::endpoint::short;
use crate::error::{Error, Result};

/// The zone of every time this program shows.
pub const ZONE: &str = "America/New_York";

/// New York's rules; they are compiled in, so the fallback is never taken.
pub fn zone() -> TimeZone {
    // Looked up once: every row of a table asks.
    static FOUND: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get(ZONE).unwrap_or(TimeZone::UTC));
    FOUND.clone()
}

/// Now.
pub fn now() -> Zoned {
    Timestamp::now().to_zoned(zone())
}

/// A moment as RFC 3339 in New York time, without fractions of a second.
pub fn rfc3339(moment: Timestamp) -> String {
    moment.to_zoned(zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A moment as New York's clock shows it, for tables whose header names the zone.
pub fn local(moment: Timestamp) -> String {
    moment.to_zoned(zone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A Unix stamp in seconds, milliseconds, microseconds or nanoseconds, told apart by size
/// (`aries-api/market-data.md` 0.4: the families differ).
pub fn from_unix(number: i64) -> Option<Timestamp> {
    match number.unsigned_abs() {
        0 => None,
        1..100_000_000_000 => Timestamp::from_second(number).ok(),
        100_000_000_000..100_000_000_000_000 => Timestamp::from_millisecond(number).ok(),
        100_000_000_000_000..100_000_000_000_000_000 => Timestamp::from_microsecond(number).ok(),
        _ => Timestamp::from_nanosecond(i128::from(number)).ok(),
    }
}

/// Any stamp that Aries sends: a Unix number, or RFC 3339 text.
pub fn stamp(text: &str) -> Option<Timestamp> {
    text.parse::<i64>().ok().and_then(from_unix).or_else(|| text.parse().ok())
}

/// A calendar date in a person's words: `today`, `yesterday`, `tomorrow` or `2026-12-18`.
///
/// # Errors
/// Names the text and shows valid ones.
pub fn date(text: &str) -> Result<Date> {
    let today = now().date();
    match text.trim().to_lowercase().as_str() {
        "today" => Ok(today),
        "yesterday" => Ok(today.saturating_sub(1.day())),
        "tomorrow" => Ok(today.saturating_add(1.day())),
        // Only the plain form: the parser itself would also take a time or a week date.
        plain if plain.len() == 10 => plain.parse().map_err(|_| not_a_date(text)),
        _ => Err(not_a_date(text)),
    }
}

/// A moment: a date in [`date`]'s words (its first second in New York) or RFC 3339 with zone.
///
/// # Errors
/// Names the text and shows valid ones.
pub fn moment(text: &str) -> Result<Timestamp> {
    first_moment(text, &zone())
}

/// The first moment that a text means: the start of a date in a zone, or the moment itself.
///
/// # Errors
/// As [`moment`].
pub fn first_moment(text: &str, zone: &TimeZone) -> Result<Timestamp> {
    text.trim().parse::<Timestamp>().or_else(|_| start_of(date(text)?, zone))
}

/// The last second that a text means: the end of a date in a zone, or the moment itself.
///
/// # Errors
/// As [`moment`].
pub fn last_moment(text: &str, zone: &TimeZone) -> Result<Timestamp> {
    text.trim().parse::<Timestamp>().or_else(|_| {
        let next = start_of(date(text)?.saturating_add(1.day()), zone)?;
        Ok(next.checked_sub(1.second()).unwrap_or(next))
    })
}

/// The first second of a date; an error if it is beyond what clocks can express.
fn start_of(date: Date, zone: &TimeZone) -> Result<Timestamp> {
    date.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| not_a_date(&date.to_string()))
}

fn not_a_date(text: &str) -> Error {
    Error::usage(
        format!("{} is not a date", short(text)),
        "write it like 2026-12-18, today, tomorrow, or 2026-12-18T09:30:00-05:00",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_every_size_mean_the_same_moment() {
        let seconds = 1_767_401_938;
        for factor in [1, 1_000, 1_000_000, 1_000_000_000] {
            assert_eq!(rfc3339(from_unix(seconds * factor).unwrap()), "2026-01-02T19:58:58-05:00");
        }
        assert_eq!(stamp("2026-01-03T00:58:58Z").unwrap().as_second(), seconds);
        assert_eq!(stamp(""), None);
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in ["2026-02-30", "next", "2026-13-01", "20261218", "", "2026-W01-1"] {
            assert!(date(text).is_err(), "{text}");
        }
        assert_eq!(date("2026-12-18").unwrap().to_string(), "2026-12-18");
    }

    #[test]
    fn a_day_ends_one_second_before_the_next() {
        assert_eq!(rfc3339(moment("2026-03-08").unwrap()), "2026-03-08T00:00:00-05:00");
        assert_eq!(rfc3339(last_moment("2026-03-08", &zone()).unwrap()), "2026-03-08T23:59:59-04:00");
    }
}

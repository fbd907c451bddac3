//! Moments and dates. Every time is shown in New York's zone, whose calendar and clock the markets follow.

pub(crate) mod words;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use crate::clock;
use crate::error::{Error, Result};
use crate::text::{clean, short};

pub(crate) use crate::exchange::zone;
pub(crate) use words::{Toward, distance};

/// How far Aries' clock may be ahead of this one: what is dated later is not believed.
const AHEAD: SignedDuration = SignedDuration::from_mins(2);

/// Whether a moment is too far in the future to be told by Aries' clock.
pub(crate) fn is_ahead(at: Timestamp, now: Timestamp) -> bool {
    at.duration_since(now) > AHEAD
}

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

/// The forms in which Americans write a moment; commas count as blanks.
const AMERICAN: [&str; 7] = [
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I %p",
    "%Y-%m-%d %I:%M %p",
    "%m/%d/%Y %H:%M:%S%.f",
    "%m/%d/%Y %H:%M",
    "%b %d %Y %I:%M:%S %p",
];

fn of_new_york(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let text =
        ["ET", "EST", "EDT"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text).trim_end();
    let american = || {
        let words = text.replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        AMERICAN.iter().find_map(|form| DateTime::strptime(form, &words).ok())
    };
    let local: DateTime = text.parse().ok().filter(|_| text.contains(':')).or_else(american)?;
    local.to_zoned(zone()).ok().map(|zoned| zoned.timestamp())
}

/// Returns the first and last day that a text means, as [`words::days`] reads it.
pub(crate) fn days(text: &str, toward: Toward) -> Result<(Date, Date)> {
    words::days(text, now().date(), toward)
}

/// How words for days were read: `last week: 2026-11-22 to 2026-11-28`. `None` where the text says the day itself.
pub(crate) fn reading(text: &str, toward: Toward) -> Option<String> {
    let text = text.trim();
    let is_dated = exact(text).is_some() || text.get(..4).is_some_and(|year| year.parse::<u16>().is_ok());
    if is_dated || ["today", "now"].contains(&text.to_lowercase().as_str()) {
        return None;
    }
    let name = clean(text, 40);
    match days(text, toward).ok()? {
        (first, last) if first == last => Some(format!("{name}: {first}")),
        (first, last) => Some(format!("{name}: {first} to {last}")),
    }
}

/// Whether a text names a week, a month or the like, and not one day.
pub(crate) fn names_several_days(text: &str, toward: Toward) -> bool {
    days(text, toward).is_ok_and(|(first, last)| first != last)
}

/// Reads one day in a person's words.
pub(crate) fn date(text: &str, toward: Toward) -> Result<Date> {
    match days(text, toward)? {
        (first, last) if first == last => Ok(first),
        _ => Err(Error::usage(
            format!("{} is more than one day", short(text)),
            "give one day, like 2026-12-18",
        )),
    }
}

/// Writes a moment as the endpoints for indices take it.
pub(crate) fn index_text(moment: Timestamp) -> String {
    moment.to_zoned(zone()).strftime("%m/%d/%Y %I:%M %P").to_string()
}

/// Returns the first moment that a text means: the start of its first day in New York, or the moment itself.
pub(crate) fn moment(text: &str, toward: Toward) -> Result<Timestamp> {
    first_moment(text, &zone(), toward)
}

/// As [`moment`], with days that begin in another zone. A time without a zone is New York's all the same.
pub(crate) fn first_moment(text: &str, zone: &TimeZone, toward: Toward) -> Result<Timestamp> {
    exact(text).map_or_else(|| start_of(days(text, toward)?.0, zone), Ok)
}

/// Returns the last second that a text means: the end of its last day in a zone, or the moment itself.
pub(crate) fn last_moment(text: &str, zone: &TimeZone, toward: Toward) -> Result<Timestamp> {
    let end = || start_of(days(text, toward)?.1.saturating_add(1.day()), zone).map(|next| next - 1.second());
    exact(text).map_or_else(end, Ok)
}

fn exact(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok().or_else(|| of_new_york(text))
}

/// The first second of a date; an error if it is beyond what clocks can express.
fn start_of(date: Date, zone: &TimeZone) -> Result<Timestamp> {
    let start = date.to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
    start.map_err(|_| Error::usage(format!("{date} is too far away"), "give a day of this century"))
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
        for text in
            ["2026-01-02T19:58:58", "2026-01-02 19:58:58", "2026-01-02T19:58:58.000", " 2026-01-02T19:58:58 "]
        {
            assert_eq!(stamp(text).map(rfc3339).as_deref(), Some("2026-01-02T19:58:58-05:00"), "{text}");
        }
        assert_eq!(stamp("2026-07-02T10:00:00").map(rfc3339).as_deref(), Some("2026-07-02T10:00:00-04:00"));
        assert_eq!((stamp(""), stamp("2026-01-02")), (None, None));
    }

    #[test]
    fn american_times_are_new_yorks() {
        for text in [
            "01/02/2026 07:58:58 PM",
            "1/2/2026, 7:58:58 pm",
            "01/02/2026 19:58:58",
            "01/02/2026 19:58:58.25 EST",
            "Jan 2, 2026 7:58:58 PM",
        ] {
            assert_eq!(stamp(text).map(rfc3339).as_deref(), Some("2026-01-02T19:58:58-05:00"), "{text}");
        }
        assert_eq!(stamp("01/02/2026 4:00 PM").map(rfc3339).as_deref(), Some("2026-01-02T16:00:00-05:00"));
        let asked = moment("01/02/2026 9:30 am", Toward::Unsaid).unwrap();
        assert_eq!(asked, moment("2026-01-02T09:30", Toward::Unsaid).unwrap());
        assert_eq!(rfc3339(asked), "2026-01-02T09:30:00-05:00");
        assert_eq!((stamp("01/02/2026"), stamp("13/02/2026 10:00")), (None, None));
    }

    #[test]
    fn a_day_ends_one_second_before_the_next() {
        assert_eq!(rfc3339(moment("2026-03-08", Toward::Past).unwrap()), "2026-03-08T00:00:00-05:00");
        assert_eq!(
            rfc3339(last_moment("2026-03-08", &zone(), Toward::Past).unwrap()),
            "2026-03-08T23:59:59-04:00"
        );
    }
}

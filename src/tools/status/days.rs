//! When the market opens and closes next, and the holidays to come: as Aries lists them, and by the exchange's calendar on
//! the days that its list does not have.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};

use crate::aries::Json;
use crate::exchange::{self, Hours};
use crate::text::clean;
use crate::tools::cell::cell;
use crate::tools::shape::Unit;

/// No stretch without a session is longer.
const NEAR: i64 = 14;
/// A year has holidays enough to fill the list.
const FAR: i64 = 370;
/// Holidays and half days that are named.
const NAMED: usize = 4;

/// From the opening to the closing of the regular session.
type Session = (Time, Time);

/// A weekday that is not a whole trading day.
struct Unusual {
    name: Option<String>,
    hours: Listed,
}

/// The hours of a day that Aries lists.
enum Listed {
    Closed,
    Session(Session),
    /// In words that are not understood.
    Unknown(String),
}

/// The days that Aries lists; none if it does not tell them.
#[derive(Default)]
pub(super) struct Days(BTreeMap<Date, Unusual>);

impl Days {
    pub(super) fn read(rows: &[Json<'_>]) -> Self {
        let day = |row: &Json<'_>| {
            let date = row.text_at("atDate")?.get(..10)?.parse().ok()?;
            let hours = row.text_at("tradingHour").unwrap_or_default();
            let name = cell(*row, "eventName", Unit::Text(60));
            let hours = match (hours.trim(), session(&hours)) {
                ("", _) => Listed::Closed,
                (_, Some(session)) => Listed::Session(session),
                (hours, None) => Listed::Unknown(format!("{:?}", clean(hours, 24))),
            };
            Some((date, Unusual { name, hours }))
        };
        Self(rows.iter().filter_map(day).collect())
    }

    fn session(&self, day: Date) -> Option<Session> {
        match self.0.get(&day) {
            _ if exchange::day_off(day) == Some(exchange::WEEKEND) => None,
            Some(Unusual { hours: Listed::Session(session), .. }) => Some(*session),
            // What opens is not known; the calendar may know of a half day.
            Some(Unusual { hours: Listed::Unknown(_), .. }) => {
                exchange::closes_early(day).then(|| Hours::Regular.on(day))
            }
            Some(_) => None,
            None => exchange::is_trading_day(day).then(|| Hours::Regular.on(day)),
        }
    }

    /// The next opening and the next closing, whichever comes first.
    fn next(&self, now: Timestamp, end: impl Fn(Session) -> Time) -> Option<Timestamp> {
        let moment = |day: Date| {
            let local = day.to_datetime(end(self.session(day)?));
            Some(local.to_zoned(exchange::zone()).ok()?.timestamp())
        };
        days_from(today(now), NEAR).filter_map(moment).find(|moment| *moment > now)
    }

    /// `next opening 2026-11-30 09:30 · next closing 2026-11-30 16:00`, in the order in which they come.
    pub(super) fn turns(&self, now: Timestamp) -> String {
        let opening = self.next(now, |(opens, _)| opens).map(|at| (at, "next opening"));
        let closing = self.next(now, |(_, closes)| closes).map(|at| (at, "next closing"));
        let mut turns: Vec<_> = [opening, closing].into_iter().flatten().collect();
        turns.sort_unstable();
        let words = |(at, what): &(Timestamp, &str)| {
            format!("{what} {}", at.to_zoned(exchange::zone()).strftime("%Y-%m-%d %H:%M"))
        };
        let mut words: Vec<String> = turns.iter().map(words).collect();
        words.extend(self.0.is_empty().then(|| BY_THE_CALENDAR.to_owned()));
        words.join(" · ")
    }

    /// What is unusual about the day of a moment; `None` on whole trading days.
    pub(super) fn today(&self, now: Timestamp) -> Option<String> {
        let today = today(now);
        let why = self.unusual(today).or_else(|| exchange::day_off(today).map(str::to_owned))?;
        Some(match self.0.contains_key(&today) {
            true => format!("today: {why}"),
            false => format!("today, {BY_THE_CALENDAR}: {why}"),
        })
    }

    /// The holidays and half days to come: one line for those that Aries lists, and one for the others.
    pub(super) fn to_come(&self, now: Timestamp) -> Vec<String> {
        let coming = days_from(today(now), FAR).skip(1);
        let coming = coming.filter_map(|day| Some((day, self.unusual(day)?))).take(NAMED);
        let (listed, others): (Vec<_>, Vec<_>) = coming.partition(|(day, _)| self.0.contains_key(day));
        let line = |head: &str, days: Vec<(Date, String)>| {
            let days: Vec<_> = days.into_iter().map(|(day, what)| format!("{day} {what}")).collect();
            (!days.is_empty()).then(|| format!("{head}: {}", days.join(", ")))
        };
        let by_the_calendar = format!("holidays to come, {BY_THE_CALENDAR}");
        [line("holidays to come", listed), line(&by_the_calendar, others)].into_iter().flatten().collect()
    }

    /// The name of a weekday that is not a whole trading day, and its hours.
    fn unusual(&self, day: Date) -> Option<String> {
        let calendar = exchange::day_off(day);
        if calendar == Some(exchange::WEEKEND) {
            return None;
        }
        let is_short = exchange::closes_early(day) && calendar.is_none();
        let (name, hours) = match self.0.get(&day) {
            Some(listed) => (listed.name.clone(), listed.hours.words()),
            None if is_short => (None, hours(Hours::Regular.on(day))),
            None => (Some(calendar?.to_owned()), Listed::Closed.words()),
        };
        Some(name.map(|name| format!("{name}, {hours}")).unwrap_or(hours))
    }
}

impl Listed {
    fn words(&self) -> String {
        match self {
            Self::Closed => "closed".to_owned(),
            Self::Session(session) => hours(*session),
            Self::Unknown(words) => format!("hours not understood: {words}"),
        }
    }
}

/// What is said of times that Aries did not tell.
pub(super) const BY_THE_CALENDAR: &str = "by the calendar";

fn today(now: Timestamp) -> Date {
    now.to_zoned(exchange::zone()).date()
}

fn days_from(day: Date, days: i64) -> impl Iterator<Item = Date> {
    (0..days).map(move |after| day.saturating_add(after.days()))
}

/// Reads `09:30-13:00`; `None` for hours that are not understood.
fn session(hours: &str) -> Option<Session> {
    let hours = clean(hours, 24);
    let (opens, closes) = hours.split_once(['-', '–'])?;
    let (opens, closes) = (opens.trim().parse().ok()?, closes.trim().parse().ok()?);
    (opens < closes).then_some((opens, closes))
}

/// `a half day, 09:30 to 13:00`.
fn hours((opens, closes): Session) -> String {
    let (usual_opening, usual_closing) = exchange::WHOLE_DAY;
    let kind = match (opens > usual_opening, closes < usual_closing) {
        (false, true) => "a half day",
        (true, false) => "a late opening",
        (true, true) => "a short day",
        (false, false) => "open",
    };
    format!("{kind}, {} to {}", opens.strftime("%H:%M"), closes.strftime("%H:%M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"[
        {"atDate": "2026-12-24", "eventName": "Christmas Eve", "tradingHour": "09:30-13:00"},
        {"atDate": "2026-12-25", "eventName": "Christmas Day", "tradingHour": ""},
        {"atDate": "2026-12-09", "eventName": "Day of mourning", "tradingHour": ""},
        {"atDate": "2026-12-26", "eventName": "A Saturday", "tradingHour": "09:30-16:00"},
        {"atDate": "nonsense"}, {"atDate": "2026-12-11", "eventName": "A storm", "tradingHour": "N/A"}, 7]"#;

    fn listed() -> Days {
        Days::read(&Json::parse(LIST).unwrap().items())
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_turns_heed_the_list_and_the_calendar() {
        let calendar = Days::default();
        for (days, now, turns) in [
            (
                &listed(),
                "2026-12-08T12:00:00-05:00",
                "next closing 2026-12-08 16:00 · next opening 2026-12-10 09:30",
            ),
            (
                &listed(),
                "2026-12-24T12:00:00-05:00",
                "next closing 2026-12-24 13:00 · next opening 2026-12-28 09:30",
            ),
            (
                &listed(),
                "2026-12-10T17:00:00-05:00",
                "next opening 2026-12-14 09:30 · next closing 2026-12-14 16:00",
            ),
            (
                &listed(),
                "2026-12-31T17:00:00-05:00",
                "next opening 2027-01-04 09:30 · next closing 2027-01-04 16:00",
            ),
            (
                &calendar,
                "2026-12-08T17:00:00-05:00",
                "next opening 2026-12-09 09:30 · next closing 2026-12-09 16:00 · by the calendar",
            ),
            // The clock changes on the Sunday between.
            (
                &calendar,
                "2027-03-12T17:00:00-05:00",
                "next opening 2027-03-15 09:30 · next closing 2027-03-15 16:00 · by the calendar",
            ),
        ] {
            assert_eq!(days.turns(at(now)), turns, "{now}");
        }
    }

    #[test]
    fn hours_are_called_what_they_are() {
        for (written, said) in [
            ("09:30-13:00", Some("a half day, 09:30 to 13:00")),
            ("11:00 - 16:00", Some("a late opening, 11:00 to 16:00")),
            ("10:00–14:00", Some("a short day, 10:00 to 14:00")),
            ("09:30-16:00", Some("open, 09:30 to 16:00")),
            ("16:00-09:30", None),
            ("all day", None),
        ] {
            assert_eq!(session(written).map(hours).as_deref(), said, "{written}");
        }
    }

    #[test]
    fn holidays_and_half_days_are_named() {
        let now = at("2026-12-08T12:00:00-05:00");
        assert_eq!(
            listed().to_come(now),
            [
                "holidays to come: 2026-12-09 \"Day of mourning\", closed, 2026-12-11 \"A storm\", hours not understood: \"N/A\", \
                 2026-12-24 \"Christmas Eve\", a half day, 09:30 to 13:00, 2026-12-25 \"Christmas Day\", closed"
            ]
        );
        assert_eq!(
            Days::default().to_come(at("2026-11-25T12:00:00-05:00")),
            [
                "holidays to come, by the calendar: 2026-11-26 Thanksgiving Day, closed, 2026-11-27 a half day, 09:30 to 13:00, \
              2026-12-24 a half day, 09:30 to 13:00, 2026-12-25 Christmas Day, closed"
            ]
        );
        for (now, said) in [
            ("2026-12-09T12:00:00-05:00", Some("today: \"Day of mourning\", closed")),
            ("2026-12-27T12:00:00-05:00", Some("today, by the calendar: the weekend")),
            ("2026-12-11T12:00:00-05:00", Some("today: \"A storm\", hours not understood: \"N/A\"")),
            ("2026-12-10T12:00:00-05:00", None),
        ] {
            assert_eq!(listed().today(at(now)).as_deref(), said, "{now}");
        }
    }
}

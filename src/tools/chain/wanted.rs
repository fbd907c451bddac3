//! Which expiration a person's words mean: a day, the nearest one, one about so far away, or one of a month.

use jiff::civil::{Date, Weekday};

use crate::aries::time::{Toward, distance, words};
use crate::error::{Error, Result};
use crate::exchange;
use crate::text::clean;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Day(Date),
    Nearest,
    /// The one nearest to this day.
    About(Date),
    /// One of these days: of a month its monthly one.
    Within(Date, Date),
}

impl Wanted {
    /// Reads `2026-12-18`, `nearest`, `3 weeks`, `in 30 days`, `next month`, `January`, `Jan 2027` or `2027-01`.
    pub(super) fn parse(text: &str, today: Date) -> Result<Self> {
        let lower = text.trim().to_lowercase().replace(',', " ");
        let text =
            lower.split_whitespace().filter(|word| !FILLERS.contains(word)).collect::<Vec<_>>().join(" ");
        if ["nearest", "next", "first", "soonest"].contains(&text.as_str()) {
            return Ok(Self::Nearest);
        }
        let plain = text.trim_end_matches(" out").trim_end_matches(" away").trim_end_matches(" from now");
        if let Some(span) = distance(plain.trim_start_matches("in ")) {
            return Ok(Self::About(today.saturating_add(span)));
        }
        let found = words::days(&text, today, Toward::Ahead).map_err(|error| Error {
            hint: "write a day like 2026-12-18, or nearest, 3 weeks, January; leave it out to see which there are"
                .into(),
            ..error.of_argument("expiration")
        })?;
        Ok(match found {
            (first, last) if first == last => Self::Day(first),
            (first, last) => Self::Within(first, last),
        })
    }

    /// The expiration that is meant, of those there are.
    pub(super) fn choose(self, listed: &[Date], today: Date) -> Option<Date> {
        // A day that is over, or on which nothing is traded, is an error of the list.
        let is_coming = |day: &Date| *day >= today && exchange::is_trading_day(*day);
        let coming = || listed.iter().copied().filter(is_coming);
        match self {
            Self::Day(day) => listed.contains(&day).then_some(day),
            Self::Nearest => coming().min(),
            Self::About(day) => coming().min_by_key(|one| apart(*one, day)),
            Self::Within(first, last) => {
                let within = || coming().filter(|day| (first..=last).contains(day));
                within().find(|day| is_monthly(*day)).or_else(|| within().min())
            }
        }
    }
}

/// How words were read: `30 days: 2026-12-24 (25 days); before it 2026-12-18 (19 days), next 2027-01-15 (47 days)`. `None` of
/// a day that was written out.
pub(super) fn reading(text: &str, chosen: Date, listed: &[Date], today: Date) -> Option<String> {
    if words::whole_day(text.trim()).is_some() {
        return None;
    }
    let named = |day: Date| format!("{day} ({})", away(day, today));
    let before = listed.iter().filter(|day| **day < chosen && **day >= today).max();
    let after = listed.iter().filter(|day| **day > chosen).min();
    let beside = [("before it", before), ("next", after)];
    let beside = beside.into_iter().filter_map(|(word, day)| Some(format!("{word} {}", named(*day?))));
    let beside = beside.collect::<Vec<_>>().join(", ");
    let read = format!("{}: {}", clean(text, 40), named(chosen));
    Some(if beside.is_empty() { read } else { format!("{read}; {beside}") })
}

/// How far a day is from today: `25 days`.
fn away(day: Date, today: Date) -> String {
    match today.until(day).map_or(0, |span| i64::from(span.get_days())) {
        0 => "today".to_owned(),
        over if over < 0 => "over".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// Words that change nothing.
const FILLERS: [&str; 6] = ["about", "around", "roughly", "the", "expiration", "expiry"];

fn apart(one: Date, other: Date) -> i64 {
    one.since(other).map_or(i64::MAX, |span| i64::from(span.get_days()).abs())
}

/// Whether it is the third Friday of its month, or the day before it where that is a holiday.
fn is_monthly(day: Date) -> bool {
    let third = day.nth_weekday_of_month(3, Weekday::Friday).unwrap_or(day);
    if exchange::is_trading_day(third) { day == third } else { day == exchange::session_before(third) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn words_mean_the_expiration_that_a_person_would_choose() {
        let today = date(2026, 11, 28);
        let listed = [
            "2026-11-27",
            "2026-11-28",
            "2026-12-25",
            "2026-12-04",
            "2026-12-11",
            "2026-12-18",
            "2026-12-24",
            "2027-01-08",
            "2027-01-15",
            "2027-02-19",
        ]
        .map(|day| day.parse::<Date>().unwrap());
        let chosen = |words: &str| {
            let found = Wanted::parse(words, today).unwrap().choose(&listed, today);
            found.map_or("none".to_owned(), |day| day.to_string())
        };
        for (words, day) in [
            ("nearest", "2026-12-04"),
            ("the next expiration", "2026-12-04"),
            ("3 weeks", "2026-12-18"),
            ("about three weeks", "2026-12-18"),
            ("in 3 weeks", "2026-12-18"),
            ("about 30 days out", "2026-12-24"),
            ("27 days", "2026-12-24"),
            // Of two neighbours the closer one, whether it is earlier or later.
            ("33 days", "2026-12-24"),
            ("34 days", "2027-01-08"),
            ("2026-12-25", "2026-12-25"),
            ("2 months", "2027-01-15"),
            ("January", "2027-01-15"),
            ("next january", "2027-01-15"),
            ("Jan 2027", "2027-01-15"),
            ("2027-01", "2027-01-15"),
            ("next month", "2026-12-18"),
            ("Dec 18", "2026-12-18"),
            ("12/18/2026", "2026-12-18"),
            ("next Friday", "2026-12-04"),
            ("2027", "2027-01-15"),
            ("next week", "2026-12-04"),
            ("2026-12-18", "2026-12-18"),
            ("2026-12-19", "none"),
            ("March", "none"),
        ] {
            assert_eq!(chosen(words), day, "{words}");
        }
        let read = |words: &str| {
            let day = Wanted::parse(words, today).unwrap().choose(&listed, today).unwrap();
            reading(words, day, &listed, today)
        };
        assert_eq!(
            read("26 days").unwrap(),
            "26 days: 2026-12-24 (26 days); before it 2026-12-18 (20 days), next 2026-12-25 (27 days)"
        );
        assert!(
            read("nearest")
                .unwrap()
                .starts_with("nearest: 2026-12-04 (6 days); before it 2026-11-28 (today)")
        );
        assert_eq!(read("Feb").unwrap(), "Feb: 2027-02-19 (83 days); before it 2027-01-15 (48 days)");
        assert_eq!(read("2026-12-18"), None);
        for wrong in ["soon", "18", "2026-13-01", "janitor 2027x"] {
            assert!(Wanted::parse(wrong, today).is_err(), "{wrong}");
        }
    }
}

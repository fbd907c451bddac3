//! Days in a person's words.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use crate::error::{Error, Result};
use crate::text::short;

/// Which way a person looks who says `3 weeks`, `Friday` or `December` and not whether it is over or to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toward {
    Past,
    Ahead,
    /// Either way, so it has to be said.
    Unsaid,
}

type Days = (Date, Date);

/// A year, and what may stand before it, of a whole date.
const FORMATS: [&str; 7] =
    ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y"];

/// Reads a date with its year: `2026-12-18`, `12/18/2026`, `Dec 18 2026` or `18 December 2026`.
pub(crate) fn whole_day(text: &str) -> Option<Date> {
    let is_year = |day: &Date| (1900..2200).contains(&day.year());
    // The parser also takes fewer digits, and of years more.
    let is_plain = !text.contains('-') || text.len() == 10;
    FORMATS.iter().filter(|_| is_plain).find_map(|form| Date::strptime(form, text).ok().filter(is_year))
}

/// Numbers that people write in letters.
const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Reads `3 days`, `two weeks`, `1 month`, `a year` or `30d`.
pub(crate) fn distance(text: &str) -> Option<Span> {
    let text = text.trim();
    let digits = || text.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0);
    let (number, unit) = text.split_once(' ').or_else(|| text.split_at_checked(digits()?))?;
    let number: i64 = match (number, NUMBERS.iter().position(|word| *word == number)) {
        ("a" | "an", _) => 1,
        (_, Some(at)) => i64::try_from(at).ok()? + 1,
        (digits, None) => digits.parse().ok()?,
    };
    let number = Some(number).filter(|number| (1..=10_000).contains(number))?;
    match unit.trim_end_matches('s') {
        "d" | "day" => Some(number.days()),
        "w" | "week" => Some(number.weeks()),
        "mo" | "month" => Some(number.months()),
        "y" | "year" if number <= 100 => Some(number.years()),
        _ => None,
    }
}

/// Words that change nothing.
const FILLERS: [&str; 6] = ["on", "of", "the", "about", "around", "roughly"];

/// Returns the first and last day that a text means: one day (`today`, `90 days ago`, `next Friday`, `Dec 18`, `12/18/2026`),
/// a week (Sunday to Saturday, as American calendars have it: on a Sunday, the trading days of the last week are those just
/// over), a month, quarter or year (`next week`, `December`, `2026-12`, `last year`), or `last 30 days`, `past week`.
pub(crate) fn days(text: &str, today: Date, toward: Toward) -> Result<Days> {
    let lower = text.to_lowercase().replace(',', " ");
    let words: Vec<&str> = lower.split_whitespace().filter(|word| !FILLERS.contains(word)).collect();
    let words = words.join(" ");
    for (edge, is_first) in [("end ", false), ("start ", true), ("beginning ", true)] {
        if let Some(whole) = words.strip_prefix(edge) {
            // `end of the month` is that of this one.
            let whole = if ["week", "month", "quarter", "year"].contains(&whole) {
                &format!("this {whole}")
            } else {
                whole
            };
            let (first, last) = days(whole, today, toward)?;
            return Ok(if is_first { (first, first) } else { (last, last) });
        }
    }
    let found = named(&words, today)
        .or_else(|| relative(&words, today))
        .or_else(|| of_this(&words, today))
        .or_else(|| of_calendar(&words, today, toward));
    found.ok_or_else(|| not_a_date(text, &words, today))
}

fn named(words: &str, today: Date) -> Option<Days> {
    let apart = match words {
        "today" | "now" => 0,
        "yesterday" => -1,
        "tomorrow" => 1,
        "day before yesterday" => -2,
        "day after tomorrow" => 2,
        _ => return whole_day(words).map(|day| (day, day)),
    };
    let day = today.saturating_add(apart.days());
    Some((day, day))
}

/// So long ago, or from now on; or the whole time between.
fn relative(words: &str, today: Date) -> Option<Days> {
    let one = |day: Date| Some((day, day));
    if let Some(ago) = words.strip_suffix(" ago").and_then(distance) {
        return one(today.saturating_sub(ago));
    }
    let ahead = [" from now", " ahead", " out", " away"].iter().find_map(|end| words.strip_suffix(end));
    if let Some(ahead) = ahead.or_else(|| words.strip_prefix("in ")).and_then(distance) {
        return one(today.saturating_add(ahead));
    }
    let (which, rest) = words.split_once(' ')?;
    // The past week are seven days; the last one is that of the calendar.
    let span = distance(rest).or_else(|| match (which, rest) {
        ("past", "quarter") => Some(3.months()),
        ("past", unit) => distance(&format!("1 {unit}")),
        _ => None,
    })?;
    match which {
        "last" | "past" | "previous" => Some((today.saturating_sub(span), today)),
        "next" | "coming" => Some((today, today.saturating_add(span))),
        _ => None,
    }
}

/// `this`, `next` or `last` with a week, month, quarter, year, weekday or month by its name.
fn of_this(words: &str, today: Date) -> Option<Days> {
    let (which, unit) = match words {
        "ytd" | "year to date" => ("this", "year"),
        "mtd" | "month to date" => ("this", "month"),
        _ => words.split_once(' ')?,
    };
    let shift: i64 = match which {
        "last" | "previous" | "past" => -1,
        "this" | "current" => 0,
        "next" | "coming" => 1,
        _ => return None,
    };
    let months =
        |first: Date, length: i64| Some(whole(first.saturating_add((shift * length).months()), length));
    match unit {
        "week" => {
            let back = i64::from(today.weekday().to_sunday_zero_offset());
            let sunday = today.saturating_add((shift * 7 - back).days());
            Some((sunday, sunday.saturating_add(6.days())))
        }
        "month" => months(today.first_of_month(), 1),
        "quarter" => {
            let into = i64::from((today.month() - 1) % 3);
            months(today.first_of_month().saturating_sub(into.months()), 3)
        }
        "year" => months(today.first_of_year(), 12),
        other => match shift {
            // What is over, or has still to come, so that today is neither.
            -1 => of_calendar(other, today.saturating_sub(1.day()), Toward::Past),
            1 => of_calendar(other, today.saturating_add(1.day()), Toward::Ahead),
            _ => of_calendar(other, today, Toward::Ahead),
        },
    }
}

/// What the calendar has more than once: `3 weeks`, `Friday`, `December`, `Dec 18`, `12/18`; and `2026-12`, `Dec 2026`, `2026`.
fn of_calendar(words: &str, today: Date, toward: Toward) -> Option<Days> {
    let year =
        |text: &str| text.parse::<i16>().ok().filter(|year| (1900..2200).contains(year) && text.len() == 4);
    if let Some(first) = year(words).and_then(|year| Date::new(year, 1, 1).ok()) {
        return Some((first, first.last_of_year()));
    }
    let dated = words.split_once('-').filter(|(_, month)| month.len() == 2);
    let dated = dated.and_then(|(own, month)| Date::new(year(own)?, month.parse().ok()?, 1).ok());
    let named = || words.split_once(' ').and_then(|(name, own)| Some((part(name)?, year(own)?)));
    if let Some(first) = dated {
        return Some((first, first.last_of_month()));
    }
    if let Some(((number, length), year)) = named() {
        return Some(whole(Date::new(year, number, 1).ok()?, length));
    }
    let sign = match toward {
        Toward::Past => -1,
        Toward::Ahead => 1,
        Toward::Unsaid => return None,
    };
    let one = |day: Date| Some((day, day));
    if let Some(span) = distance(words) {
        return one(today.saturating_add(span.checked_mul(sign).ok()?));
    }
    if let Some(weekday) = weekday(words) {
        let is_today = today.weekday() == weekday;
        return one(if is_today {
            today
        } else {
            today.nth_weekday(i32::try_from(sign).ok()?, weekday).ok()?
        });
    }
    let (number, day, length) = match part(words) {
        Some((number, length)) => (number, 1, Some(length)),
        None => month_and_day(words).map(|(number, day)| (number, day, None))?,
    };
    [0, sign].into_iter().find_map(|apart| {
        let first = Date::new(today.year() + i16::try_from(apart).ok()?, number, day).ok()?;
        let (first, last) = length.map_or((first, first), |length| whole(first, length));
        let fits = if sign < 0 { first <= today } else { last >= today };
        fits.then_some((first, last))
    })
}

/// So many months from the first of one on.
fn whole(first: Date, months: i64) -> Days {
    (first, first.saturating_add((months - 1).months()).last_of_month())
}

/// The first month of `december` or `q4`, and how many there are.
fn part(words: &str) -> Option<(i8, i64)> {
    let quarter = || words.strip_prefix('q')?.parse::<i8>().ok().filter(|quarter| (1..=4).contains(quarter));
    month(words).map(|number| (number, 1)).or_else(|| Some((quarter()? * 3 - 2, 3)))
}

/// `dec 18`, `18 december`, `december 18th` or `12/18`.
fn month_and_day(words: &str) -> Option<(i8, i8)> {
    if let Some((number, day)) = words.split_once('/') {
        return Some((number.parse().ok()?, day.parse().ok()?));
    }
    let day = |text: &str| {
        let ends = ["st", "nd", "rd", "th"];
        ends.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text).parse::<i8>().ok()
    };
    let (one, other) = words.split_once(' ')?;
    match (month(one), month(other)) {
        (Some(number), _) => Some((number, day(other)?)),
        (_, Some(number)) => Some((number, day(one)?)),
        _ => None,
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

fn month(name: &str) -> Option<i8> {
    i8::try_from(begun(&MONTHS, name)? + 1).ok()
}

fn weekday(name: &str) -> Option<Weekday> {
    Weekday::from_monday_zero_offset(i8::try_from(begun(&WEEKDAYS, name)?).ok()?).ok()
}

/// Which of these words a text is, or begins with at least three of its letters.
fn begun(all: &[&str], text: &str) -> Option<usize> {
    let text = text.trim_end_matches('.');
    all.iter().position(|word| text.len() >= 3 && word.starts_with(text))
}

fn not_a_date(text: &str, words: &str, today: Date) -> Error {
    let name = short(text);
    // It is one as soon as it is said which way.
    if of_calendar(words, today, Toward::Ahead).is_some() {
        let hint = match distance(words) {
            Some(_) => format!("write \"{words} ago\" or \"in {words}\""),
            None => format!("write \"last {words}\" or \"next {words}\", or the whole date, like 2026-12-18"),
        };
        return Error::usage(format!("{name} does not say whether it is over or to come"), hint);
    }
    Error::usage(
        format!("{name} is not a date"),
        "write it like 2026-12-18, 12/18/2026, Dec 18, today, in 3 weeks, 3 weeks ago, next week, last month, or \
         2026-12-18T09:30:00-05:00",
    )
}

#[cfg(test)]
mod tests;

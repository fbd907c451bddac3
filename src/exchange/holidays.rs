//! The holidays of the New York Stock Exchange, and the days on which it closes early.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// Whether a trading day ends three hours early. A third of July or Christmas Eve on a Friday is itself the holiday.
pub(crate) fn closes_early(day: Date) -> bool {
    let is_eve = matches!((day.month(), day.day()), (7, 3) | (12, 24));
    let is_late_in_week = matches!(day.weekday(), Weekday::Friday | Weekday::Saturday | Weekday::Sunday);
    (is_eve && !is_late_in_week) || day.yesterday().is_ok_and(is_thanksgiving)
}

/// The name of the holiday on a day, moved off weekends as the exchange does.
pub(super) fn holiday(day: Date) -> Option<&'static str> {
    let year = day.year();
    let on = |is: bool, name| is.then_some(name);
    let monday = |month, which, name| on(nth(day, month, which, Weekday::Monday), name);
    // New Year on a Saturday is not made up for: the day before belongs to the old year.
    on(observed(date(year, 1, 1)) == day, "New Year's Day")
        .or_else(|| monday(1, 3, "Martin Luther King Jr. Day"))
        .or_else(|| monday(2, 3, "Washington's Birthday"))
        .or_else(|| on(day.saturating_add(2.days()) == easter(year), "Good Friday"))
        .or_else(|| monday(5, -1, "Memorial Day"))
        .or_else(|| on(year >= 2022 && observed(date(year, 6, 19)) == day, "Juneteenth"))
        .or_else(|| on(observed(date(year, 7, 4)) == day, "Independence Day"))
        .or_else(|| monday(9, 1, "Labor Day"))
        .or_else(|| on(is_thanksgiving(day), "Thanksgiving Day"))
        .or_else(|| on(observed(date(year, 12, 25)) == day, "Christmas Day"))
}

fn is_thanksgiving(day: Date) -> bool {
    nth(day, 11, 4, Weekday::Thursday)
}

fn nth(day: Date, month: i8, nth: i8, weekday: Weekday) -> bool {
    day.month() == month && day.nth_weekday_of_month(nth, weekday).ok() == Some(day)
}

fn observed(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => day.saturating_sub(1.day()),
        Weekday::Sunday => day.saturating_add(1.day()),
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
    date(i16::try_from(year).unwrap_or(2000), 3, 22).saturating_add(i64::from(days_after_march_22).days())
}

//! Days as people say them, and what is none.

use super::*;
use proptest::prelude::*;

/// A Sunday, on which a week begins.
const TODAY: Date = jiff::civil::date(2026, 11, 29);

fn range(text: &str, toward: Toward) -> String {
    match days(text, TODAY, toward) {
        Ok((first, last)) if first == last => first.to_string(),
        Ok((first, last)) => format!("{first}..{last}"),
        Err(error) => error.cause,
    }
}

#[test]
fn what_says_its_way_means_the_same_wherever_it_stands() {
    for toward in [Toward::Past, Toward::Ahead, Toward::Unsaid] {
        for (text, expected) in [
            ("today", "2026-11-29"),
            ("tomorrow", "2026-11-30"),
            ("the day before yesterday", "2026-11-27"),
            ("2 weeks ago", "2026-11-15"),
            ("a year ago", "2025-11-29"),
            ("in 3 weeks", "2026-12-20"),
            ("three weeks from now", "2026-12-20"),
            ("last 30 days", "2026-10-30..2026-11-29"),
            ("next 2 weeks", "2026-11-29..2026-12-13"),
            ("next week", "2026-12-06..2026-12-12"),
            ("This Week", "2026-11-29..2026-12-05"),
            ("last week", "2026-11-22..2026-11-28"),
            ("last month", "2026-10-01..2026-10-31"),
            ("past week", "2026-11-22..2026-11-29"),
            ("the past month", "2026-10-29..2026-11-29"),
            ("past quarter", "2026-08-29..2026-11-29"),
            ("past year", "2025-11-29..2026-11-29"),
            ("past Friday", "2026-11-27"),
            ("last quarter", "2026-07-01..2026-09-30"),
            ("this quarter", "2026-10-01..2026-12-31"),
            ("this year", "2026-01-01..2026-12-31"),
            ("YTD", "2026-01-01..2026-12-31"),
            ("end of the year", "2026-12-31"),
            ("end of next week", "2026-12-12"),
            ("beginning of last month", "2026-10-01"),
            ("next Friday", "2026-12-04"),
            ("this friday", "2026-12-04"),
            ("last Friday", "2026-11-27"),
            ("last Sunday", "2026-11-22"),
            ("next December", "2026-12-01..2026-12-31"),
            ("last December", "2025-12-01..2025-12-31"),
            ("2028-02", "2028-02-01..2028-02-29"),
            ("Dec 2026", "2026-12-01..2026-12-31"),
            ("Q3 2025", "2025-07-01..2025-09-30"),
            ("2025", "2025-01-01..2025-12-31"),
            ("2026-12-18", "2026-12-18"),
            ("12/18/2026", "2026-12-18"),
            ("1/5/27", "2027-01-05"),
            ("December 18, 2026", "2026-12-18"),
            ("18 Dec 2026", "2026-12-18"),
        ] {
            assert_eq!(range(text, toward), expected, "{text} {toward:?}");
        }
    }
}

#[test]
fn what_does_not_is_looked_for_where_the_person_looks() {
    for (text, past, ahead) in [
        ("3 weeks", "2026-11-08", "2026-12-20"),
        ("21 days", "2026-11-08", "2026-12-20"),
        ("30d", "2026-10-30", "2026-12-29"),
        ("a month", "2026-10-29", "2026-12-29"),
        ("December", "2025-12-01..2025-12-31", "2026-12-01..2026-12-31"),
        ("Nov", "2026-11-01..2026-11-30", "2026-11-01..2026-11-30"),
        ("Q4", "2026-10-01..2026-12-31", "2026-10-01..2026-12-31"),
        ("q1", "2026-01-01..2026-03-31", "2027-01-01..2027-03-31"),
        ("Friday", "2026-11-27", "2026-12-04"),
        ("on Sunday", "2026-11-29", "2026-11-29"),
        ("Dec 18", "2025-12-18", "2026-12-18"),
        ("the 18th of December", "2025-12-18", "2026-12-18"),
        ("12/18", "2025-12-18", "2026-12-18"),
        ("11/20", "2026-11-20", "2027-11-20"),
    ] {
        assert_eq!(
            (range(text, Toward::Past), range(text, Toward::Ahead)),
            (past.into(), ahead.into()),
            "{text}"
        );
        let error = days(text, TODAY, Toward::Unsaid).unwrap_err();
        assert!(
            error.cause.ends_with("does not say whether it is over or to come"),
            "{text}: {}",
            error.cause
        );
    }
    let hint = |text: &str| days(text, TODAY, Toward::Unsaid).unwrap_err().hint.to_string();
    assert_eq!(hint("3 Weeks"), "write \"3 weeks ago\" or \"in 3 weeks\"");
}

#[test]
fn impossible_dates_are_refused() {
    for text in [
        "2026-02-30",
        "next",
        "2026-13-01",
        "20261218",
        "",
        "2026-W01-1",
        "next decade",
        "2026-13",
        "0 days ago",
        "in 3 eons",
        "ago",
        "-1 days ago",
        "02/30/2026",
        "13/40",
        "Feb 30",
        "ma",
        "18",
        "soon",
        "janitor 2027x",
        "2026-1-1",
        "18/12/2026",
    ] {
        for toward in [Toward::Past, Toward::Ahead, Toward::Unsaid] {
            let error = days(text, TODAY, toward).unwrap_err();
            assert!(error.cause.ends_with("is not a date"), "{text}: {}", error.cause);
        }
    }
}

proptest! {
    #[test]
    fn a_date_reads_back_and_no_text_breaks_it(back in 0i32..40_000, text in ".{0,20}", words in "[a-z0-9/ -]{0,16}") {
        let day = jiff::civil::date(1990, 1, 1).saturating_add(back.days());
        for form in ["%Y-%m-%d", "%m/%d/%Y", "%B %d, %Y", "%d %b %Y"] {
            let written = day.strftime(form).to_string();
            prop_assert_eq!(days(&written, TODAY, Toward::Unsaid).unwrap(), (day, day), "{}", written);
        }
        for text in [text, words] {
            let _ = days(&text, TODAY, Toward::Past);
            let _ = days(&text, TODAY, Toward::Ahead);
        }
    }
}

//! What statements of several periods say together: growth year on year, the last twelve months, and which periods are
//! missing or stand there twice.

use std::cmp::Ordering;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::aries::Json;
use crate::tools::cell::{date, figure, place};
use crate::tools::format::{few, percent};
use crate::tools::shape::Column;

/// The statements of an answer, newest first, each with the end of its period.
pub(super) struct Periods<'a> {
    items: Vec<(Option<Date>, Json<'a>)>,
    spacing: Option<Spacing>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Spacing {
    Quarters,
    Years,
}

impl Spacing {
    /// The days between two ends, of fiscal years of 52 weeks too.
    fn fits(self, days: i64) -> bool {
        match self {
            Self::Quarters => (80..=104).contains(&days),
            Self::Years => (350..=380).contains(&days),
        }
    }
}

impl<'a> Periods<'a> {
    pub(super) fn of(items: &[Json<'a>], label: &[&str]) -> Self {
        let end = |item: &Json<'_>| label.iter().find_map(|path| end_of(&date(&item.text_at(path)?)?));
        let items: Vec<_> = items.iter().map(|item| (end(item), *item)).collect();
        let gaps = || items.windows(2).filter_map(|pair| apart(pair.first()?.0?, pair.get(1)?.0?));
        let spacing = match gaps().filter(|days| *days > 0).min() {
            Some(days) if Spacing::Quarters.fits(days) => Some(Spacing::Quarters),
            Some(days) if Spacing::Years.fits(days) => Some(Spacing::Years),
            _ => None,
        };
        Self { items, spacing }
    }

    /// Growth over the same period of the year before, for these of the statements; `None` where that is not among them.
    pub(super) fn growth(&self, column: &Column, shown: std::ops::Range<usize>) -> Vec<Option<String>> {
        let of = |at: usize| {
            let (end, item) = self.items.get(at)?;
            let mut before = self.items.iter().filter(|(other, _)| {
                end.zip(*other)
                    .and_then(|(end, other)| apart(end, other))
                    .is_some_and(|days| Spacing::Years.fits(days))
            });
            let (_, before_it) = before.next().filter(|_| before.next().is_none())?;
            let value = |json: &Json<'_>| place(*json, column.path)?.decimal();
            let (now, then) = (value(item)?, value(before_it)?);
            // No share of a loss, or of nothing, says how much something grew.
            match then.cmp(&Decimal::ZERO) {
                Ordering::Less => Some("— (from a loss)".to_owned()),
                Ordering::Equal => Some("— (from 0)".to_owned()),
                Ordering::Greater => percent(now.checked_sub(then)?, then),
            }
        };
        shown.map(of).collect()
    }

    /// The sums over the newest four quarters, if they follow each other.
    pub(super) fn last_twelve_months(&self, columns: &[Column]) -> Option<String> {
        let four = self.items.get(..4)?;
        let follow = four.windows(2).all(|pair| {
            let ends = pair.first().and_then(|one| one.0).zip(pair.get(1).and_then(|one| one.0));
            ends.and_then(|(end, before)| apart(end, before)).is_some_and(|days| Spacing::Quarters.fits(days))
        });
        let sums = columns.iter().filter_map(|column| {
            let parts = four.iter().map(|(_, item)| place(*item, column.path)?.decimal());
            let sum: Decimal = parts.collect::<Option<Vec<_>>>()?.iter().sum();
            Some(format!("{} {}", column.head, figure(sum, column.unit)?))
        });
        let sums: Vec<String> = sums.collect();
        let end = four.first()?.0?;
        (follow && !sums.is_empty()).then(|| format!("last twelve months to {end}: {}", sums.join(" · ")))
    }

    /// Which periods are missing between these of the statements, and which stand there more than once.
    pub(super) fn remarks(&self, shown: std::ops::Range<usize>) -> Vec<String> {
        let ends: Vec<Date> =
            self.items.get(shown).unwrap_or_default().iter().filter_map(|(end, _)| *end).collect();
        let Some(spacing) = self.spacing else { return twice(&ends).into_iter().collect() };
        let (months, word) = match spacing {
            Spacing::Quarters => (3, "quarter"),
            Spacing::Years => (12, "year"),
        };
        let mut missing = Vec::new();
        for pair in ends.windows(2) {
            let [later, earlier] = pair else { continue };
            let mut next = later.saturating_sub(months.months());
            // What ends within a month of the earlier one is that one.
            while apart(next, *earlier).is_some_and(|days| days > 31) && missing.len() < 40 {
                missing.push(next.strftime("%Y-%m").to_string());
                next = next.saturating_sub(months.months());
            }
        }
        let which =
            if missing.len() == 1 { format!("the {word} that ends") } else { format!("{word}s that end") };
        let named = format!("not in Aries' answer: {which} in {}", few(&missing, 8));
        (!missing.is_empty()).then_some(named).into_iter().chain(twice(&ends)).collect()
    }
}

fn twice(ends: &[Date]) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, end) in ends.iter().enumerate() {
        let is_again = ends.iter().take(at).any(|other| other == end);
        if is_again && !found.contains(&end.to_string()) {
            found.push(end.to_string());
        }
    }
    (!found.is_empty()).then(|| format!("Aries sent more than one row of {}: each is shown", few(&found, 8)))
}

fn end_of(text: &str) -> Option<Date> {
    text.parse().ok().or_else(|| Date::new(text.parse().ok()?, 12, 31).ok())
}

fn apart(later: Date, earlier: Date) -> Option<i64> {
    later.since(earlier).ok().map(|span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::json;
    use super::*;
    use crate::tools::shape::{Unit, col};

    const REVENUE: Column = col("revenue", "revenue", Unit::Whole);

    fn periods(rows: &[(&str, &str)]) -> String {
        let rows: Vec<String> = rows
            .iter()
            .map(|(end, revenue)| format!(r#"{{"period":"{end}","revenue":{revenue}}}"#))
            .collect();
        format!("[{}]", rows.join(","))
    }

    fn with<T>(rows: &[(&str, &str)], read: impl FnOnce(Periods<'_>) -> T) -> T {
        let text = periods(rows);
        read(Periods::of(&json(&text).items(), &["period"]))
    }

    const FIVE: [(&str, &str); 5] = [
        ("2026-09-26", "110"),
        ("2026-06-27", "90"),
        ("2026-03-28", "95"),
        ("2025-12-27", "120"),
        ("2025-09-27", "100"),
    ];

    #[test]
    fn growth_is_over_the_same_quarter_of_the_year_before() {
        let growth = with(&FIVE, |periods| periods.growth(&REVENUE, 0..2));
        assert_eq!(growth, [Some("10.00".to_owned()), None]);
        for (now, then, growth) in [
            ("10", "-20", "— (from a loss)"),
            ("-10", "-20", "— (from a loss)"),
            ("10", "0", "— (from 0)"),
            ("0", "0.00", "— (from 0)"),
            ("-10", "20", "-150.00"),
        ] {
            let rows = [("2025-12-31", now), ("2024-12-31", then)];
            assert_eq!(
                with(&rows, |periods| periods.growth(&REVENUE, 0..1)),
                [Some(growth.to_owned())],
                "{now}"
            );
        }
    }

    #[test]
    fn four_quarters_in_a_row_make_twelve_months() {
        let sum = |rows: &[(&str, &str)]| with(rows, |periods| periods.last_twelve_months(&[REVENUE]));
        assert_eq!(sum(&FIVE).as_deref(), Some("last twelve months to 2026-09-26: revenue 415"));
        let mut gap = FIVE.to_vec();
        gap.remove(1);
        assert_eq!(sum(&gap), None);
        assert_eq!(sum(&[("2025", "1"), ("2024", "1"), ("2023", "1"), ("2022", "1")]), None);
    }

    #[test]
    fn missing_periods_are_named_and_double_ones_told() {
        let mut rows = FIVE.to_vec();
        rows.remove(1);
        rows.insert(0, ("2026-09-26", "111"));
        assert_eq!(
            with(&rows, |periods| periods.remarks(0..5)),
            [
                "not in Aries' answer: the quarter that ends in 2026-06",
                "Aries sent more than one row of 2026-09-26: each is shown"
            ]
        );
        // Which of the two the year before is compared with is not known.
        let mut twice = FIVE.to_vec();
        twice.push(("2025-09-27", "101"));
        assert_eq!(with(&twice, |periods| periods.growth(&REVENUE, 0..1)), [None]);
        let years = [("2025", "3"), ("2024", "2"), ("2021", "1")];
        assert_eq!(
            with(&years, |periods| periods.remarks(0..3)),
            ["not in Aries' answer: years that end in 2023-12, 2022-12"]
        );
        assert_eq!(with(&FIVE, |periods| periods.remarks(0..5)), Vec::<String>::new());
    }
}

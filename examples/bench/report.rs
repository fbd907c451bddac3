//! The table that the bench prints.

use std::fmt;
use std::time::Duration;

/// Of the column of what is measured.
const WIDTH: usize = 56;

/// Minimum, median and maximum.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    min: f64,
    median: f64,
    max: f64,
}

impl Spread {
    /// Of these figures; all dashes if there are none.
    pub(crate) fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        let at = |index: usize| figures.get(index).copied().unwrap_or(f64::NAN);
        Self { min: at(0), median: at(figures.len() / 2), max: at(figures.len().saturating_sub(1)) }
    }

    /// Of durations in milliseconds.
    pub(crate) fn ms(durations: &[Duration]) -> Self {
        Self::of(durations.iter().map(|one| one.as_secs_f64() * 1e3).collect())
    }

    pub(crate) fn median(self) -> f64 {
        self.median
    }

    fn cells(self) -> String {
        let cell = |figure: f64| match figure {
            nan if nan.is_nan() => "—".to_owned(),
            large if large.abs() >= 100.0 => format!("{large:.0}"),
            small => format!("{small:.2}"),
        };
        format!("{:>9}{:>9}{:>9}", cell(self.min), cell(self.median), cell(self.max))
    }
}

/// What must hold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Limit {
    /// Median over median of the other, at most.
    Ratio(f64),
    /// Median over median of the other, at least.
    Share(f64),
    /// The maximum, at most.
    Most(f64),
    /// The median, at most.
    Median(f64),
    /// Told for the reader.
    None,
}

/// Rows in the order measured.
#[derive(Debug, Default)]
pub(crate) struct Table {
    lines: Vec<String>,
}

impl Table {
    /// A measure of aries-mcp beside the same of the other.
    pub(crate) fn row(&mut self, what: &str, ours: Spread, other: Option<Spread>, limit: Limit) {
        let ratio = other.map(|other| ours.median / other.median);
        let (limit, held) = match limit {
            Limit::Ratio(most) => (format!("<= {most}x"), ratio.map(|ratio| ratio <= most)),
            Limit::Share(least) => (format!(">= {least}x"), ratio.map(|ratio| ratio >= least)),
            Limit::Most(most) => (format!("<= {most}"), Some(ours.max <= most)),
            Limit::Median(most) => (format!("<= {most}"), Some(ours.median <= most)),
            Limit::None => (String::new(), None),
        };
        let verdict = match held {
            Some(true) => "ok",
            Some(false) => "MISSED",
            None => "",
        };
        let ratio = ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        let other = other.map(Spread::cells).unwrap_or_default();
        let line = format!("{what:<WIDTH$}{}  |{other:>27}  |{ratio:>7}  {limit:<9}{verdict}", ours.cells());
        self.lines.push(line.trim_end().to_owned());
    }

    /// A sentence instead of a figure.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn sentence(&mut self, text: &str) {
        self.lines.push(text.to_owned());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spread = format!("{:>9}{:>9}{:>9}", "min", "median", "max");
        writeln!(f, "{:<WIDTH$}{:>27}  |{:>27}  |", "", "aries-mcp", "bare program, or as named")?;
        writeln!(f, "{:<WIDTH$}{spread}  |{spread}  |{:>7}  limit", "", "ratio")?;
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

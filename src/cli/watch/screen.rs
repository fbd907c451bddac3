//! What `watch` shows: a table that is drawn anew in its place, or a line for each change.

use std::cell::Cell;
use std::collections::{BTreeSet, VecDeque};
use std::io::Write;

use rust_decimal::Decimal;

use crate::aries::socket::Ticker;
use crate::aries::symbols::Symbol;
use crate::aries::time;
use crate::cli::terminal::Terminal;
use crate::clock;

/// Lines that are said once and remembered.
const MOST_SAID: usize = 100;
/// Samples of a spark line, one a second.
const SAMPLES: usize = 40;
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const HEAD: [&str; 9] = ["symbol", "price", "change", "%", "bid", "ask", "volume", "low", "high"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Lines,
    Table,
    ColouredTable,
}

/// What is shown of one symbol.
pub(super) struct Row {
    name: String,
    known: Ticker,
    samples: VecDeque<Decimal>,
    is_changed: bool,
}

impl Row {
    pub(super) fn new(symbol: &Symbol) -> Self {
        Self {
            name: symbol.to_string(),
            known: Ticker::default(),
            samples: VecDeque::with_capacity(SAMPLES),
            is_changed: false,
        }
    }

    pub(super) fn take(&mut self, known: Ticker) {
        self.is_changed |= known.quote != self.known.quote;
        self.known = known;
    }

    /// Notes the price of this second.
    pub(super) fn sample(&mut self) {
        let Some(last) = self.known.quote.last else { return };
        if self.samples.len() == SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back(last);
    }

    fn change(&self) -> Option<(Decimal, Option<Decimal>)> {
        let (last, previous) = self.known.quote.last.zip(self.known.quote.previous)?;
        let change = last.checked_sub(previous)?;
        let percent = change.checked_div(previous).and_then(|share| share.checked_mul(Decimal::ONE_HUNDRED));
        Some((change, percent.map(|percent| percent.round_dp(2))))
    }

    fn cells(&self) -> [String; 9] {
        let number = |number: Option<Decimal>| {
            number.map_or("—".to_owned(), |number| number.normalize().to_string())
        };
        let signed = |number: Option<Decimal>| {
            number.map_or("—".to_owned(), |number| format!("{:+}", number.normalize()))
        };
        let (quote, change) = (&self.known.quote, self.change());
        [
            self.name.clone(),
            number(quote.last),
            signed(change.map(|(change, _)| change)),
            signed(change.and_then(|(_, percent)| percent)),
            number(quote.bid),
            number(quote.ask),
            number(quote.volume),
            number(self.known.low),
            number(self.known.high),
        ]
    }

    fn spark(&self) -> String {
        let (Some(least), Some(most)) = (self.samples.iter().min(), self.samples.iter().max()) else {
            return String::new();
        };
        let top = Decimal::from(BARS.len() - 1);
        let bar = |price: &Decimal| {
            let share = (*price - *least).checked_div(*most - *least).unwrap_or_default();
            let at = (share * top).round().try_into().unwrap_or(0_usize);
            BARS.get(at).copied().unwrap_or(' ')
        };
        self.samples.iter().map(bar).collect()
    }

    /// `2026-11-28 14:06:13 AAPL 270.08 change +1.2 …`, if something has changed since the last one.
    fn line(&mut self) -> Option<String> {
        if !std::mem::take(&mut self.is_changed) || !self.known.quote.has_price() {
            return None;
        }
        let cells = self.cells();
        let named = cells.iter().zip(HEAD).skip(2).map(|(cell, name)| format!("{name} {cell}"));
        let named = named.collect::<Vec<_>>().join(" ");
        Some(format!("{} {} {} {named}", time::local(clock::now()), cells.first()?, cells.get(1)?))
    }
}

/// Where rows are shown. What was drawn last stays when it ends.
pub(super) struct Screen {
    style: Style,
    /// The table on the screen.
    drawn: String,
    /// What is said once.
    said: BTreeSet<String>,
    /// Whether whoever reads the lines is gone.
    is_closed: Cell<bool>,
}

impl Screen {
    pub(super) fn new(style: Style) -> Self {
        let screen = Self { style, drawn: String::new(), said: BTreeSet::new(), is_closed: Cell::new(false) };
        if style != Style::Lines {
            // No cursor, and long lines are cut at the edge instead of continued.
            screen.write("\x1b[?25l\x1b[?7l");
        }
        screen
    }

    pub(super) fn draw(&mut self, rows: &mut [&mut Row]) {
        if self.style == Style::Lines {
            rows.iter_mut().filter_map(|row| row.line()).for_each(|line| self.write(&format!("{line}\n")));
            return;
        }
        let text = shortened(self.table(rows), Terminal::height_of_stdout());
        self.write(&format!("{}{text}", self.back()));
        self.drawn = text;
    }

    /// Shows a line above the table.
    pub(super) fn line(&self, text: &str) {
        self.write(&format!("{}{} {text}\n{}", self.back(), time::local(clock::now()), self.drawn));
    }

    /// Shows a line, unless it was shown before.
    pub(super) fn line_once(&mut self, text: &str) {
        if self.said.len() < MOST_SAID && self.said.insert(text.to_owned()) {
            self.line(text);
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.get()
    }

    /// Moves back over the table and clears it.
    fn back(&self) -> String {
        match self.drawn.lines().count() {
            0 => String::new(),
            lines => format!("\x1b[{lines}A\r\x1b[J"),
        }
    }

    fn table(&self, rows: &[&mut Row]) -> String {
        let cells: Vec<[String; 9]> = rows.iter().map(|row| row.cells()).collect();
        let width = |at: usize, name: &str| {
            let widest = cells.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
            widest.unwrap_or(0).max(name.len())
        };
        let widths: Vec<usize> = HEAD.iter().enumerate().map(|(at, name)| width(at, name)).collect();
        let line = |cells: &[String]| {
            let padded = cells.iter().zip(&widths).enumerate().map(|(at, (cell, width))| match at {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            padded.collect::<Vec<_>>().join("  ")
        };
        let mut text = format!("{}\n", line(&HEAD.map(str::to_owned)));
        for (row, cells) in rows.iter().zip(&cells) {
            let (colour, end) = match (self.style, row.change().map(|(change, _)| change)) {
                (Style::ColouredTable, Some(change)) if change > Decimal::ZERO => ("\x1b[32m", "\x1b[0m"),
                (Style::ColouredTable, Some(change)) if change < Decimal::ZERO => ("\x1b[31m", "\x1b[0m"),
                _ => ("", ""),
            };
            text.push_str(&format!("{colour}{}{end}  {}\n", line(cells), row.spark()));
        }
        text
    }

    /// Gives the terminal back as it was.
    pub(super) fn end(&self) {
        if self.style != Style::Lines {
            self.write("\x1b[?7h\x1b[?25h");
        }
    }

    fn write(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        if written.is_err() {
            self.is_closed.set(true);
        }
    }
}

/// The lines of a table that a terminal of this height shows: what has left it at the top could not be drawn anew.
fn shortened(table: String, height: usize) -> String {
    let lines = table.lines().count();
    // The cursor stands below the last line.
    let shown = height.saturating_sub(2).max(2);
    if lines <= shown + 1 {
        return table;
    }
    let mut text: String = table.split_inclusive('\n').take(shown).collect();
    text.push_str(&format!("{} more: the terminal is not high enough\n", lines - shown));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(last: &[i64]) -> Row {
        let mut row = Row::new(&Symbol::parse("AAPL").unwrap());
        for last in last {
            let mut known = Ticker::default();
            (known.quote.last, known.quote.previous) = (Some(Decimal::from(*last)), Some(Decimal::from(100)));
            row.take(known);
            row.sample();
        }
        row
    }

    #[test]
    fn a_spark_line_goes_from_the_lowest_to_the_highest() {
        assert_eq!(row(&[100, 107, 103]).spark(), "▁█▄");
        assert_eq!((row(&[5, 5]).spark().as_str(), row(&[]).spark().as_str()), ("▁▁", ""));
    }

    #[test]
    fn a_line_is_printed_once_for_a_change() {
        let mut row = row(&[101]);
        let line = row.line().unwrap();
        assert!(line.ends_with("AAPL 101 change +1 % +1 bid — ask — volume — low — high —"), "{line}");
        assert_eq!(row.line(), None);
    }

    #[test]
    fn a_table_is_cut_at_the_height_of_the_terminal() {
        let table = |lines: usize| (0..lines).map(|line| format!("{line}\n")).collect::<String>();
        assert_eq!(shortened(table(4), 5), table(4));
        assert_eq!(shortened(table(5), 5), "0\n1\n2\n2 more: the terminal is not high enough\n");
        assert_eq!(shortened(table(30), usize::MAX), table(30));
    }

    #[test]
    fn colours_follow_the_change() {
        let screen = |style| Screen {
            style,
            drawn: String::new(),
            said: BTreeSet::new(),
            is_closed: Cell::new(false),
        };
        let (mut up, mut down) = (row(&[101]), row(&[99]));
        let coloured = screen(Style::ColouredTable).table(&[&mut up, &mut down]);
        assert!(coloured.contains("\x1b[32mAAPL") && coloured.contains("\x1b[31mAAPL"), "{coloured:?}");
        assert!(!screen(Style::Table).table(&[&mut up, &mut down]).contains('\x1b'));
    }
}

//! What a tool answers: one line of facts, short rows, what was left out and how to get it.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::told::{Reader, Told};
use crate::trade::approval::prompter::Question;

/// The most characters of an answer, whatever Aries sends.
pub(crate) const MOST_CHARACTERS: usize = 24_000;

/// An answer before it becomes text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    blocks: Vec<Block>,
    /// Small facts for programs, only where the tool has an output schema.
    pub(crate) structured: Option<Value>,
    /// What a page shows beside the answer, beyond its text; no model reads it.
    pub(crate) for_page: Option<ForPage>,
    /// What the client has to ask the person before it calls again; there is no answer then.
    pub(crate) question: Option<Question>,
}

#[derive(Debug, Clone)]
pub(crate) struct ForPage {
    pub(crate) approval: ApprovalPlace,
    /// Points of the order's payoff: price of the underlying, and profit in USD at expiration.
    pub(crate) payoff: Vec<(Decimal, Decimal)>,
}

/// Where the person at a page can approve the order that it shows.
#[derive(Debug, Clone)]
pub(crate) enum ApprovalPlace {
    /// At the page: no real money moves.
    Here,
    /// On the program's own page in the browser, by this ticket.
    Browser(String),
    /// In the chat alone, where the client asks before it lets the tool run.
    Chat,
    /// Nowhere: the order cannot be placed, for this reason.
    Nowhere(String),
}

#[derive(Debug, Clone)]
enum Block {
    Line(Told),
    Table(Table),
}

/// Rows below a header, written with `|` between cells.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<String>,
    narrow: &'static str,
}

impl Table {
    /// A table; `narrow` says how to ask for less, and is shown if the answer is cut.
    pub(crate) fn new<const N: usize>(header: [&str; N], narrow: &'static str) -> Self {
        Self { header: header.map(str::to_owned).to_vec(), rows: Vec::new(), narrow }
    }

    pub(crate) fn with_header(header: Vec<String>, narrow: &'static str) -> Self {
        Self { header, rows: Vec::new(), narrow }
    }

    /// Lines without a header.
    pub(crate) fn bare(narrow: &'static str) -> Self {
        Self::with_header(Vec::new(), narrow)
    }

    /// Adds a row and takes its length off `left`; false, without adding it, if it is longer than `left`.
    pub(crate) fn row_within(
        &mut self,
        cells: impl IntoIterator<Item = Option<String>>,
        left: &mut usize,
    ) -> bool {
        self.row(cells);
        let rest = self.rows.last().and_then(|row| left.checked_sub(size(row)));
        match rest {
            Some(rest) => *left = rest,
            None => drop(self.rows.pop()),
        }
        rest.is_some()
    }

    /// Adds a row. A missing value is `—`, never 0.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Option<String>>) {
        self.rows.push(join(cells.into_iter().map(|cell| cell.unwrap_or_else(|| "—".to_owned()))));
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// The characters of a line and its end.
fn size(line: &str) -> usize {
    line.chars().count() + 1
}

fn join(cells: impl Iterator<Item = String>) -> String {
    let mut line = String::new();
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            line.push('|');
        }
        // A cell can neither start a new row nor a new column.
        line.extend(cell.chars().map(|c| if c == '|' { '/' } else { c }).filter(|c| !c.is_control()));
    }
    line
}

impl Answer {
    pub(crate) fn new(facts: impl Into<Told>) -> Self {
        Self::default().line(facts)
    }

    /// Not an answer, but a question for the person.
    pub(crate) fn question(question: Question) -> Self {
        Self { question: Some(question), ..Self::default() }
    }

    #[must_use]
    pub(crate) fn line(mut self, text: impl Into<Told>) -> Self {
        self.blocks.push(Block::Line(text.into()));
        self
    }

    #[must_use]
    pub(crate) fn table(mut self, table: Table) -> Self {
        self.blocks.push(Block::Table(table));
        self
    }

    #[must_use]
    pub(crate) fn structured(mut self, value: Value) -> Self {
        self.structured = Some(value);
        self
    }

    #[must_use]
    pub(crate) fn for_page(mut self, more: ForPage) -> Self {
        self.for_page = Some(more);
        self
    }

    /// The text as the model reads it.
    pub(crate) fn text(&self) -> String {
        self.text_to(Reader::Model)
    }

    /// The text, cut to [`MOST_CHARACTERS`]: lines stay, tables lose rows at their end and say so.
    pub(crate) fn text_to(&self, reader: Reader) -> String {
        const CUT_LINE: usize = 200;
        let fixed: usize = self.blocks.iter().map(|block| block.fixed_characters(reader)).sum();
        let tables = self.blocks.iter().filter(|block| matches!(block, Block::Table(_))).count();
        let mut left = MOST_CHARACTERS.saturating_sub(fixed + tables * CUT_LINE);
        let mut lines: Vec<String> = Vec::new();
        for block in &self.blocks {
            match block {
                Block::Line(text) => lines.push(text.to(reader).to_owned()),
                Block::Table(table) => table.write(&mut lines, &mut left),
            }
        }
        let text = lines.join("\n");
        // Without tables to cut, only extremely long lines are left.
        match text.char_indices().nth(MOST_CHARACTERS - 1) {
            Some((end, _)) if text.chars().count() > MOST_CHARACTERS => {
                format!("{}…", text.get(..end).unwrap_or_default())
            }
            _ => text,
        }
    }
}

impl Block {
    fn fixed_characters(&self, reader: Reader) -> usize {
        match self {
            Block::Line(text) => size(text.to(reader)),
            Block::Table(table) => size(&join(table.header.iter().cloned())),
        }
    }
}

impl Table {
    fn write(&self, lines: &mut Vec<String>, left: &mut usize) {
        if !self.header.is_empty() {
            lines.push(join(self.header.iter().cloned()));
        }
        let total = self.rows.len();
        for (index, row) in self.rows.iter().enumerate() {
            let Some(rest) = left.checked_sub(size(row)) else {
                lines.push(format!("… {} of {total} rows left out; {}", total - index, self.narrow));
                return;
            };
            *left = rest;
            lines.push(row.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(rows: usize, width: usize) -> Table {
        let mut table = Table::new(["a", "b"], "give a smaller limit");
        for number in 0..rows {
            table.row([Some(number.to_string()), Some("x".repeat(width))]);
        }
        table
    }

    #[test]
    fn a_cut_says_how_much_and_how_to_narrow() {
        let text = Answer::new("facts").table(table(5000, 20)).line("next: more").text();
        assert!(text.chars().count() <= MOST_CHARACTERS);
        let cut = text.lines().rev().nth(1).unwrap();
        let shown = text.lines().count() - 4;
        assert_eq!(cut, format!("… {} of 5000 rows left out; give a smaller limit", 5000 - shown));
        assert!(text.ends_with("\nnext: more"));
    }

    #[test]
    fn cells_cannot_break_the_table() {
        let mut table = Table::new(["a", "b"], "");
        table.row([Some("x|y\nz".to_owned()), None]);
        assert_eq!(Answer::new("f").table(table).text(), "f\na|b\nx/yz|—");
    }

    proptest! {
        #[test]
        fn never_over_the_cap(rows in 0usize..400, width in 0usize..30_000, line in 0usize..40_000) {
            let text = Answer::new("l".repeat(line)).table(table(rows.min(400_000 / (width + 1)), width)).text();
            prop_assert!(text.chars().count() <= MOST_CHARACTERS);
        }
    }
}

//! Answers as a person reads them: rows of `a|b|c` become columns.

use crate::cli::terminal::Terminal;

/// Pads the cells of each run of rows; on a terminal so that they fit beside the indent.
pub(super) fn aligned(text: &str) -> String {
    let terminal = Terminal::of_stdout().unwrap_or(Terminal::ENDLESS);
    Terminal { width: terminal.width.saturating_sub(INDENT.len()), ..terminal }.answer(text)
}

const INDENT: &str = "   ";

pub(super) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("{INDENT}{line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_columns() {
        assert_eq!(aligned("facts\na|bb\nccc|d\nend"), "facts\na    bb\nccc  d\nend");
    }
}

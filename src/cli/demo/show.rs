//! Answers as a person reads them: rows of `a|b|c` become columns.

/// Pads the cells of each run of rows.
pub(super) fn aligned(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut shown = Vec::new();
    for run in lines.chunk_by(|a, b| a.contains('|') == b.contains('|')) {
        if run.first().is_some_and(|line| line.contains('|')) {
            shown.extend(columns(run));
        } else {
            shown.extend(run.iter().map(|line| (*line).to_owned()));
        }
    }
    shown.join("\n")
}

fn columns(rows: &[&str]) -> Vec<String> {
    let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.split('|').collect()).collect();
    let count = cells.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        cells.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(widest).collect();
    let line = |row: &Vec<&str>| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    cells.iter().map(line).collect()
}

pub(super) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("   {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_columns() {
        assert_eq!(aligned("facts\na|bb\nccc|d\nend"), "facts\na    bb\nccc  d\nend");
    }
}

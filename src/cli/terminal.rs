//! How text stands on a terminal: wrapped at its width, tables in columns that fit, and colour where it is wanted. What
//! goes into a pipe or a file stays as it is.

use std::io::IsTerminal;
use std::sync::OnceLock;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::config::Environment;

/// Whether colour is wanted, by the environment.
static COLOUR: OnceLock<bool> = OnceLock::new();

/// A narrower terminal is treated as one of this width: no figure fits into less.
const NARROWEST: usize = 10;
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terminal {
    pub(super) width: usize,
    pub(super) colour: bool,
}

/// Notes whether colour is wanted: not with `NO_COLOR` or `CLICOLOR=0`, nor on a terminal that has none.
pub(super) fn begin(env: &Environment) {
    // Only tests start twice in one process; the first one counts.
    let _ = COLOUR.set(wants_colour(env));
}

fn wants_colour(env: &Environment) -> bool {
    // Only Windows has terminals that do not say what they are.
    let has_colour = env.get("TERM").map_or(cfg!(windows), |name| name != "dumb");
    has_colour && env.get("NO_COLOR").is_none_or(str::is_empty) && env.get("CLICOLOR") != Some("0")
}

impl Terminal {
    /// What a pipe or a file is like: lines of any length, without colour.
    pub(super) const ENDLESS: Self = Self { width: usize::MAX, colour: false };

    /// The terminal that stdout is, if it is one.
    pub(super) fn of_stdout() -> Option<Self> {
        std::io::stdout().is_terminal().then(|| Self::of(terminal_size::terminal_size_of(std::io::stdout())))
    }

    /// The terminal that stderr is, if it is one.
    pub(super) fn of_stderr() -> Option<Self> {
        std::io::stderr().is_terminal().then(|| Self::of(terminal_size::terminal_size_of(std::io::stderr())))
    }

    /// How many lines the terminal has that stdout is; endless if it does not tell.
    pub(super) fn height_of_stdout() -> usize {
        let size = terminal_size::terminal_size_of(std::io::stdout());
        size.map_or(usize::MAX, |(_, height)| usize::from(height.0)).max(1)
    }

    fn of(size: Option<(terminal_size::Width, terminal_size::Height)>) -> Self {
        // A terminal that does not tell its width takes lines as they are.
        let width = size.map_or(usize::MAX, |(width, _)| usize::from(width.0));
        Self { width: width.max(NARROWEST), colour: COLOUR.get().copied().unwrap_or(false) }
    }

    /// Wraps every line between words. What follows a line stands below the beginning of its last column.
    pub(super) fn wrapped(self, text: &str) -> String {
        text.split('\n').map(|line| self.wrapped_line(line)).collect::<Vec<_>>().join("\n")
    }

    /// As [`Self::wrapped`], with the word in colour that a line is about: what `doctor` found, or a name before a colon.
    pub(super) fn labelled(self, text: &str) -> String {
        let wrapped = self.wrapped(text);
        let lines = wrapped.split('\n').map(|line| match label(line).filter(|_| self.colour) {
            Some((label, code)) => {
                format!("\u{1b}[{code}m{label}\u{1b}[0m{}", line.get(label.len()..).unwrap_or_default())
            }
            None => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn wrapped_line(self, line: &str) -> String {
        if line.chars().count() <= self.width {
            return line.to_owned();
        }
        let indent = indent(line).min(self.width / 2);
        let mut margin = line.chars().take_while(|c| *c == ' ').count();
        let (mut lines, mut current) = (Vec::new(), String::new());
        for word in pieces(line.trim_start_matches(' ')).into_iter().flat_map(|word| self.parts(word)) {
            let length = word.trim_end().chars().count();
            if !current.is_empty() && current.chars().count() + length > self.width {
                lines.push(current.trim_end().to_owned());
                (current, margin) = (String::new(), indent);
            }
            if current.is_empty() {
                // Blanks between two columns are not put before the second one where it stands below.
                if length == 0 {
                    continue;
                }
                current = " ".repeat(margin.min(self.width.saturating_sub(length)));
            }
            current.push_str(word);
        }
        lines.push(current.trim_end().to_owned());
        lines.join("\n")
    }

    /// A word that is wider than the terminal, such as JSON, in parts that end with a comma.
    fn parts(self, word: &str) -> Vec<&str> {
        match word.chars().count() > self.width {
            true => word.split_inclusive(',').collect(),
            false => vec![word],
        }
    }

    /// An answer as a person reads it: rows of `a|b|c` become columns that fit, and the rest is wrapped.
    pub(super) fn answer(self, text: &str) -> String {
        let lines: Vec<&str> = text.lines().collect();
        let mut shown = Vec::new();
        // Rows of another number of cells belong to another table.
        for run in lines.chunk_by(|a, b| a.matches('|').count() == b.matches('|').count()) {
            if run.first().is_some_and(|line| line.contains('|')) {
                shown.extend(self.columns(run));
            } else {
                shown.extend(run.iter().map(|line| self.wrapped_line(line)));
            }
        }
        shown.join("\n")
    }

    /// Pads the cells, and breaks those of the widest columns between words where the terminal is too narrow. Where the
    /// longest words do not fit either, each row becomes lines of its own: no figure and no symbol is ever broken.
    fn columns(self, rows: &[&str]) -> Vec<String> {
        let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.split('|').collect()).collect();
        let count = cells.iter().map(Vec::len).max().unwrap_or(0);
        let most = |column: usize, length: fn(&str) -> usize| {
            cells.iter().filter_map(|row| row.get(column)).map(|cell| length(cell)).max().unwrap_or(0)
        };
        let word = |cell: &str| cell.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
        let least: Vec<usize> = (0..count).map(|column| most(column, word)).collect();
        let mut widths: Vec<usize> =
            (0..count).map(|column| most(column, |cell| cell.chars().count())).collect();
        let room = self.width.saturating_sub(2 * count.saturating_sub(1));
        if least.iter().sum::<usize>() > room {
            return self.stacked(&cells);
        }
        while widths.iter().sum::<usize>() > room {
            let shrinking = widths.iter_mut().zip(&least).filter(|(width, least)| **width > **least);
            let Some((widest, _)) = shrinking.max_by_key(|(width, _)| **width) else { break };
            *widest -= 1;
        }
        let heads = cells.first().cloned().unwrap_or_default();
        let lines = cells.iter().enumerate().flat_map(|(at, row)| {
            let broken: Vec<Vec<String>> =
                row.iter().zip(&widths).map(|(cell, width)| broken(cell, *width)).collect();
            let height = broken.iter().map(Vec::len).max().unwrap_or(1);
            let line = |part: usize| {
                let padded = broken.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
                    let text = cell.get(part).map_or("", String::as_str);
                    let padded = format!("{text:<width$}");
                    self.coloured(&padded, at == 0, heads.get(column).copied().unwrap_or_default())
                });
                padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
            };
            (0..height).map(line).collect::<Vec<_>>()
        });
        lines.collect()
    }

    /// Each row as its first cell, and below it what the other columns say.
    fn stacked(self, cells: &[Vec<&str>]) -> Vec<String> {
        let Some((heads, rows)) = cells.split_first() else { return Vec::new() };
        let row = |row: &Vec<&str>| {
            let first = row.first().copied().unwrap_or_default();
            let said = heads.iter().zip(row).skip(1).filter(|(_, cell)| !matches!(**cell, "" | "—"));
            let said: Vec<String> = said.map(|(head, cell)| format!("{head} {cell}")).collect();
            let first = self.coloured(first, true, "");
            [first, self.wrapped_line(&format!("  {}", said.join(" · ")))]
        };
        rows.iter().flat_map(row).collect()
    }

    /// The head of a table is bold; a gain is green and a loss is red.
    fn coloured(self, cell: &str, is_head: bool, head: &str) -> String {
        let is_change = head.ends_with("P&L") || head.starts_with("change") || head == "realized";
        let figure = cell.trim();
        let code = match (self.colour, is_head) {
            (false, _) => return cell.to_owned(),
            (true, true) => "1",
            (true, false) if is_change && figure.starts_with('-') => "31",
            (true, false) if is_change && figure.starts_with(|c: char| ('1'..='9').contains(&c)) => "32",
            _ => return cell.to_owned(),
        };
        format!("\u{1b}[{code}m{cell}\u{1b}[0m")
    }

    /// An error as two lines, of which the first word is red.
    pub(super) fn error(self, text: &str) -> String {
        let wrapped = self.wrapped(text);
        match wrapped.strip_prefix("error:") {
            Some(rest) if self.colour => format!("\u{1b}[31merror:\u{1b}[0m{rest}"),
            _ => wrapped,
        }
    }
}

/// The word that a line begins with and its colour: green, yellow or red for a finding, bold for a name.
fn label(line: &str) -> Option<(&str, &'static str)> {
    let (first, _) = line.split_once("  ").or_else(|| line.split_once(' '))?;
    match first {
        "ok" => Some((first, "32")),
        "warning" => Some((first, "33")),
        "problem" => Some((first, "31")),
        name if name.ends_with(':') && name.starts_with(char::is_uppercase) => Some((first, "1")),
        _ => None,
    }
}

/// Where the text of the last column of a line begins: after the last gap of two blanks or more in its first half.
fn indent(line: &str) -> usize {
    let begin = line.chars().take_while(|c| *c == ' ').count();
    let letters: Vec<char> = line.chars().collect();
    let half = letters.len().min(60);
    let gap = (begin.max(2)..half).rev().find(|at| {
        letters.get(at - 2..*at) == Some(&[' ', ' ']) && letters.get(*at).is_some_and(|c| *c != ' ')
    });
    gap.unwrap_or(begin)
}

/// The words of a text, each with the blanks behind it.
fn pieces(text: &str) -> Vec<&str> {
    text.split_inclusive(' ').collect()
}

/// A cell in lines of at most so many characters, broken between words where that goes.
fn broken(cell: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in pieces(cell) {
        let mut rest: Vec<char> = word.chars().collect();
        let used = lines.last().map_or(0, |line| line.chars().count());
        if used > 0 && used + word.trim_end().chars().count() > width {
            lines.push(String::new());
        }
        while rest.len() > width && rest.iter().collect::<String>().trim_end().chars().count() > width {
            let part: String = rest.drain(..width).collect();
            if let Some(last) = lines.last_mut() {
                last.push_str(&part);
            }
            lines.push(String::new());
        }
        if let Some(last) = lines.last_mut() {
            last.extend(rest);
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The closes of a table of bars as a line of blocks; `None` of any other table.
pub(super) fn spark(text: &str, width: usize) -> Option<String> {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let mut rows =
        text.lines().skip_while(|line| !line.starts_with("time|open|")).map(|line| line.split('|'));
    let at = rows.next()?.position(|head| head == "close")?;
    let closes: Vec<Decimal> = rows.filter_map(|mut row| row.nth(at)?.parse().ok()).collect();
    let newest = closes.get(closes.len().saturating_sub(width)..)?;
    let (low, high) = (*newest.iter().min()?, *newest.iter().max()?);
    let block = |close: &Decimal| {
        let share = (*close - low).checked_div(high - low).unwrap_or(Decimal::ONE);
        let step = (share * Decimal::from(BLOCKS.len() - 1)).round().to_usize();
        step.and_then(|step| BLOCKS.get(step)).copied().unwrap_or(' ')
    };
    (newest.len() > 1).then(|| newest.iter().map(block).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Terminal = Terminal { width: 30, colour: false };

    #[test]
    fn lines_are_wrapped_between_words_below_their_last_column() {
        let line = "Trading:    simulated accounts only: live trading is off";
        assert_eq!(
            PLAIN.wrapped(line),
            "Trading:    simulated accounts\n            only: live trading\n            is off"
        );
        // What stands below keeps no blanks of the line above, and moves to the left where it would not fit.
        assert_eq!(
            PLAIN.wrapped("ok      name                 /a/path/of/24/characters"),
            "ok      name\n      /a/path/of/24/characters"
        );
        let json = "   get_bars {\"symbol\":\"AAPL\",\"interval\":\"1d\",\"limit\":5}";
        assert_eq!(
            PLAIN.wrapped(json),
            "   get_bars {\"symbol\":\"AAPL\",\n   \"interval\":\"1d\",\"limit\":5}"
        );
        // An address stays whole.
        let address = format!("open https://aries.example/{}", "x".repeat(60));
        assert_eq!(PLAIN.wrapped(&address), address.replacen("open ", "open\n", 1));
        assert_eq!(PLAIN.wrapped("short\n\nand short"), "short\n\nand short");
    }

    #[test]
    fn tables_fit_the_terminal() {
        let text = "facts\nsymbol|name|last\nAAPL|Apple Inc. of California and Cork|270.10\nend";
        let shown = PLAIN.answer(text);
        assert!(shown.lines().all(|line| line.chars().count() <= 30), "{shown}");
        assert!(shown.starts_with("facts\nsymbol  name"), "{shown}");
        let wide = Terminal { width: 80, ..PLAIN };
        assert_eq!(wide.answer("a|bb\nccc|d"), "a    bb\nccc  d");
        assert_eq!(wide.answer("long cell|b\nx|y|z"), "long cell  b\nx  y  z");
        // Where the columns do not fit, each row stands in lines of its own.
        let wide = "symbol|quantity|value|price time|id\nAAPL270115C00280000|2|1494.00|2026-11-28 17:36:26|—";
        assert_eq!(
            PLAIN.answer(wide),
            "AAPL270115C00280000\n  quantity 2 · value 1494.00 ·\n  price time 2026-11-28\n  17:36:26"
        );
    }

    #[test]
    fn colour_is_left_out_wherever_that_is_asked_for() {
        let wants = |name: &str, value: &str| wants_colour(&[("TERM", "xterm"), (name, value)].into());
        assert!(wants("NO_COLOR", "") && wants("CLICOLOR", "1"));
        for (name, value) in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
            assert!(!wants(name, value), "{name}={value}");
        }
        assert_eq!(wants("TERM", ""), cfg!(windows));
    }

    #[test]
    fn the_word_that_a_line_is_about_has_a_colour() {
        let coloured = Terminal { width: 80, colour: true };
        for (line, shown) in [
            ("problem  clock  it is behind", "\u{1b}[31mproblem\u{1b}[0m  clock  it is behind"),
            ("Signed in:  no", "\u{1b}[1mSigned in:\u{1b}[0m  no"),
            ("  allowed    every account", "  allowed    every account"),
            ("Nothing is wrong.", "Nothing is wrong."),
        ] {
            assert_eq!(coloured.labelled(line), shown);
            assert_eq!(Terminal { colour: false, ..coloured }.labelled(line), line);
        }
    }

    #[test]
    fn gains_and_losses_have_a_colour_where_it_is_wanted() {
        let text = "symbol|day P&L\nA|-1.00\nB|2.00\nC|0.00";
        assert_eq!(
            Terminal { width: 80, ..PLAIN }.answer(text),
            "symbol  day P&L\nA       -1.00\nB       2.00\nC       0.00"
        );
        let coloured = Terminal { width: 80, colour: true }.answer(text);
        assert!(coloured.contains("\u{1b}[31m-1.00") && coloured.contains("\u{1b}[32m2.00"), "{coloured:?}");
        assert!(coloured.contains("\u{1b}[1msymbol") && !coloured.contains("m0.00"), "{coloured:?}");
    }

    #[test]
    fn bars_have_a_line_of_blocks() {
        let bars =
            "head\ntime|open|high|low|close|volume\n1|1|1|1|10|5\n2|1|1|1|20|5\n3|1|1|1|15|5\nolder bars";
        assert_eq!(spark(bars, 80).as_deref(), Some("▁█▅"));
        assert_eq!(spark(bars, 2).as_deref(), Some("█▁"));
        assert_eq!(spark("symbol|last\nA|1", 80), None);
    }
}

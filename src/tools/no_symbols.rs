//! Entries of a list of symbols that are none: they are named in one line, and do not lose the others.

use super::format::few;
use crate::aries::symbols::Symbol;
use crate::error::Error;
use crate::text::short;
use crate::told::Told;

/// As many of them are named.
const MOST_NAMED: usize = 8;

#[derive(Default)]
pub(super) struct NoSymbols {
    names: Vec<String>,
    /// What the first of them lacks: the hint is the same for all.
    first: Option<Error>,
}

impl NoSymbols {
    /// Reads an entry; what is no symbol is remembered.
    pub(super) fn read(&mut self, text: &str) -> Option<Symbol> {
        match Symbol::parse(text) {
            Ok(symbol) => Some(symbol),
            Err(error) => {
                self.names.push(short(text));
                let several = if text.trim().contains(' ') { "; between several put commas" } else { "" };
                self.first.get_or_insert_with(|| Error { hint: error.hint.clone().and(several), ..error });
                None
            }
        }
    }

    /// What is wrong, where no other entry is left.
    pub(super) fn error(&self) -> Option<Error> {
        self.first.clone()
    }

    /// Names them, with how a symbol is written.
    pub(super) fn line(self) -> Option<Told> {
        let names = few(&self.names, MOST_NAMED);
        Some(Told::from(format!("left out, no symbols: {names}; ")).and(self.first?.hint))
    }
}

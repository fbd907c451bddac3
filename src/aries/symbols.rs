//! Symbols: what a person writes, and the form that each family of endpoints wants.

pub(crate) mod compare;
mod contract;

use std::fmt;

use crate::error::{Error, Result};
use crate::text::short;
use contract::is_word;
pub(crate) use contract::{Contract, class_share, listed_below};

/// A form in which Aries wants a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Ticker,
    /// The same for what is held or ordered, as [`Symbol::traded`] reads it: `COMP` is a ticker.
    Traded,
    /// An option contract without prefix (`AAPL260116C00190000`).
    Osi,
    /// An option contract as the calls below `/v1/options` want it (`O:AAPL260116C00190000`).
    Prefixed,
    /// What the snapshots across kinds take: a ticker, or a contract with `O:`.
    Snapshot,
    /// `<SYMBOL>.<GROUP>` of an index (`SPX.IND_CBOM`).
    Index,
    /// Whatever the chart endpoints take: a ticker, OSI, an index with its group, or a future as search returned it.
    Chart,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// A stock or fund.
    Stock(String),
    Option(Contract),
    /// An index (`SPX`) with its group (`IND_CBOM`).
    Index {
        name: String,
        group: String,
    },
    /// A future (`/ES`).
    Future(String),
}

/// Groups of indices, which REST wants. SPX, COMP and DJI are documented, the rest follow their pattern.
const INDICES: [(&str, &[&str]); 2] =
    [("IND_CBOM", &["SPX", "COMP", "NDX", "VIX", "RUT", "NYA", "OEX", "MID", "SML"]), ("IND_DJI", &["DJI"])];

impl Symbol {
    /// Reads a symbol in any of the forms that Aries or a person uses: `AAPL`, `AAPL.US`, `BRK.B`, `AAPL260116C00190000` with
    /// or without `O:` or padding, `AAPL 2026-01-16 190 C`, `AAPL 260116C190`, `SPX`, `^SPX`, `SPX.IND_CBOM`, `/ES`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let upper = text.trim().to_ascii_uppercase();
        Self::known_index(upper.trim_start_matches(['^', '$'])).map_or_else(|| Self::traded(text), Ok)
    }

    /// Reads what can be held or ordered: as [`Symbol::parse`], but a bare word is always a ticker, since there are
    /// shares called COMP and MID. An index is one only where it is written as one: `^SPX`, `$SPX`, `SPX.IND_CBOM`.
    pub(crate) fn traded(text: &str) -> Result<Self> {
        // Letters of other alphabets are refused: some become A to Z in upper case (`ſPY`), others look like them.
        if !text.is_ascii() {
            return Err(not_a_symbol(text));
        }
        let upper = dotted(text.trim().to_ascii_uppercase());
        if let Some(contract) = Contract::read(&upper) {
            return Ok(Symbol::Option(contract));
        }
        let bare = upper.trim_start_matches(['^', '$']);
        if bare.len() < upper.len()
            && let Some(index) = Self::known_index(bare)
        {
            return Ok(index);
        }
        if let Some((name, group)) = upper.split_once(".IND_")
            && is_word(name, 10)
            && is_word(group, 10)
        {
            return Ok(Symbol::Index { name: name.to_owned(), group: format!("IND_{group}") });
        }
        match upper.strip_prefix('/') {
            Some(future) if is_word(future, 12) => Ok(Symbol::Future(upper)),
            // The only exchange suffix that Aries itself writes (`api-reference/supplemental/scan-pattern`).
            None if is_ticker(&upper) => {
                Ok(Symbol::Stock(upper.strip_suffix(".US").map_or_else(|| upper.clone(), str::to_owned)))
            }
            _ => Err(not_a_symbol(text)),
        }
    }

    /// Reads a symbol in a list of Aries' own: as [`Symbol::traded`], and a class of two letters may stand as `RDS PR`.
    pub(crate) fn listed(text: &str) -> Option<Self> {
        let class = |class: &str| class.len() == 2 && class.bytes().all(|b| b.is_ascii_alphabetic());
        let dotted =
            || text.split_once(' ').filter(|(_, end)| class(end)).map(|(root, end)| format!("{root}.{end}"));
        Self::traded(text).ok().or_else(|| Self::traded(&dotted()?).ok())
    }

    fn known_index(name: &str) -> Option<Self> {
        let (group, _) = INDICES.iter().find(|(_, names)| names.contains(&name))?;
        Some(Symbol::Index { name: name.to_owned(), group: (*group).to_owned() })
    }

    /// Fails if this kind of symbol has no such form.
    pub(crate) fn to_form(&self, form: Form) -> Result<String> {
        match (form, self) {
            (Form::Ticker | Form::Traded | Form::Snapshot | Form::Chart, Symbol::Stock(ticker)) => {
                Ok(ticker.clone())
            }
            (Form::Osi | Form::Chart, Symbol::Option(contract)) => Ok(contract.to_string()),
            (Form::Prefixed | Form::Snapshot, Symbol::Option(contract)) => Ok(format!("O:{contract}")),
            (Form::Index | Form::Chart, Symbol::Index { name, group }) => Ok(format!("{name}.{group}")),
            (Form::Chart, Symbol::Future(future)) => Ok(future.clone()),
            (Form::Ticker | Form::Traded, other) => {
                Err(not_this_kind(other, "a stock", "a ticker such as AAPL"))
            }
            (Form::Snapshot, other) => {
                Err(not_this_kind(other, "a stock or an option contract", "AAPL or AAPL260116C00190000"))
            }
            (Form::Osi | Form::Prefixed, other) => {
                let example = "AAPL260116C00190000 or AAPL 2026-01-16 190 C";
                Err(not_this_kind(other, "an option contract", example))
            }
            (Form::Index, other) => Err(not_this_kind(other, "an index", "an index such as SPX")),
        }
    }
}

/// The symbol as people and orders write it: ticker, OSI, bare index, `/ES`.
impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Symbol::Stock(name) | Symbol::Future(name) | Symbol::Index { name, .. } => f.write_str(name),
            Symbol::Option(contract) => contract.fmt(f),
        }
    }
}

pub(super) fn written(text: &str, form: Form) -> Result<String> {
    let symbol = if matches!(form, Form::Traded | Form::Snapshot) {
        Symbol::traded(text)
    } else {
        Symbol::parse(text)
    };
    symbol?.to_form(form)
}

/// Class shares in the one spelling that is Aries' own, `BRK.B`: people and lists also write `BRK-B`, `BRK/B` and `BRK B`.
fn dotted(upper: String) -> String {
    let is_class = |class: &str| class.len() == 1 && class.bytes().all(|b| b.is_ascii_uppercase());
    // No root of class shares is a single letter: `F-B` is a note of Ford's.
    let is_root = |root: &str| (2..=5).contains(&root.len()) && root.bytes().all(|b| b.is_ascii_uppercase());
    let bare = upper.strip_suffix(".US").unwrap_or(&upper);
    match bare.split_once(['-', '/', ' ']) {
        // Two single letters are more likely two words.
        Some((root, class))
            if is_root(root) && is_class(class) && (root.len() > 1 || !bare.contains(' ')) =>
        {
            format!("{root}.{class}")
        }
        _ => upper,
    }
}

/// Letters first; then letters, digits, and single `.`, `-` or `/` inside (`BRK.B`, `BF-B`).
fn is_ticker(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['.', '-', '/']).collect();
    text.len() <= 12
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && parts.iter().all(|part| is_word(part, 12))
}

fn not_a_symbol(text: &str) -> Error {
    Error::usage(
        format!("{} is not a symbol", short(text)),
        "write a ticker (AAPL), an option (AAPL260116C00190000 or AAPL 2026-01-16 190 C), an index (SPX) or a future (/ES); \
         find_symbol looks names up",
    )
}

/// A symbol, but of another kind than is wanted: only the kind that is wanted is offered.
fn not_this_kind(symbol: &Symbol, what: &str, example: &str) -> Error {
    Error::usage(
        format!("{} is not {what}", short(&symbol.to_string())),
        format!("this is for {what} only: write {example}"),
    )
}

#[cfg(test)]
mod tests;

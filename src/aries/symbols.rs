//! Symbols: what a person writes, and the form that each family of endpoints wants.

pub(crate) mod compare;
mod contract;
mod spelling;

use std::fmt;

use crate::error::{Error, Result};
use crate::text::short;
use contract::is_word;
pub(crate) use contract::{Contract, index_below, listed_below};
pub(crate) use spelling::{class_share, plain, tickers_between_blanks};

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

/// Names of indices in other programs.
const OTHER_NAMES: [(&str, &str); 4] = [("GSPC", "SPX"), ("INX", "SPX"), ("IXIC", "COMP"), ("DJIA", "DJI")];

impl Symbol {
    /// Reads a symbol in any of the forms that Aries or a person uses: `AAPL`, `AAPL.US`, `BRK.B`, `AAPL260116C00190000` with
    /// or without `O:` or padding, `AAPL 2026-01-16 190 C`, `AAPL 260116C190`, `SPX`, `^SPX`, `SPX.IND_CBOM`, `/ES`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        // A share has its exchange in front: `NYSE:COMP` is none of the index.
        let word = plain(text).filter(|_| !text.contains(':')).unwrap_or_default();
        let any = format!("{TRADED}, an index (SPX) or a future (/ES)");
        Self::known_index(&word).map_or_else(|| Self::traded(text).map_err(|_| not_a_symbol(text, &any)), Ok)
    }

    /// Reads what can be held or ordered: as [`Symbol::parse`], but a bare word is always a ticker, since there are
    /// shares called COMP and MID. An index is one only where it is written as one: `^SPX`, `$SPX.X`, `SPX.IND_CBOM`.
    pub(crate) fn traded(text: &str) -> Result<Self> {
        let upper = plain(text).ok_or_else(|| not_a_symbol(text, TRADED))?;
        if let Some(index) = Self::marked_index(&upper) {
            return Ok(index);
        }
        // So people mark tickers on social media.
        let upper = upper.strip_prefix('$').map_or(upper.clone(), str::to_owned);
        if let Some(contract) = Contract::read(upper.trim_start_matches('^')) {
            return Ok(Symbol::Option(contract));
        }
        let upper = spelling::dotted(upper);
        match upper.strip_prefix('/') {
            Some(future) if is_word(future, 12) => Ok(Symbol::Future(upper)),
            None if is_ticker(&upper) => Ok(Symbol::Stock(upper)),
            _ => Err(not_a_symbol(text, TRADED)),
        }
    }

    /// What the price is asked of: the index, where the root of the options on it stands alone (`SPXW`).
    pub(crate) fn priced(self) -> Self {
        let index = match &self {
            Symbol::Stock(root) => index_below(root).and_then(Self::known_index),
            _ => None,
        };
        index.unwrap_or(self)
    }

    /// An index that is written as one.
    fn marked_index(upper: &str) -> Option<Self> {
        if let Some((name, group)) = upper.split_once(".IND_")
            && is_word(name, 10)
            && is_word(group, 10)
        {
            return Some(Symbol::Index { name: name.to_owned(), group: format!("IND_{group}") });
        }
        let bare = upper.trim_start_matches(['^', '$', '.']);
        let bare = bare.strip_suffix(".X").unwrap_or(bare);
        let other = OTHER_NAMES.iter().find(|(name, _)| *name == bare).map_or(bare, |(_, own)| own);
        Self::known_index(other).filter(|_| bare.len() < upper.len())
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
    let symbol = symbol?;
    match form {
        Form::Index | Form::Chart => symbol.priced().to_form(form),
        _ => symbol.to_form(form),
    }
}

/// Letters first; then letters, digits, and single `.`, `-` or `/` inside (`BRK.B`, `BF-B`).
fn is_ticker(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['.', '-', '/']).collect();
    text.len() <= 12
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && parts.iter().all(|part| is_word(part, 12))
}

const TRADED: &str = "a ticker (AAPL, BRK.B), an option (AAPL260116C00190000 or AAPL 2026-01-16 190 C)";

fn not_a_symbol(text: &str, kinds: &str) -> Error {
    let hint = format!("write {kinds}; find_symbol looks names up");
    Error::usage(format!("{} is not a symbol", short(text)), hint)
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

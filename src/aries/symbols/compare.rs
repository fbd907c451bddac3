//! The one place where symbols are compared.
//!
//! A function called `is_…` is exact: it tells instruments apart that differ, and knows every spelling of one and the
//! same. A function called `may_…` says yes when in doubt. It serves to refuse and to look further, never to allow.

use super::Symbol;
use super::contract::Contract;
use super::spelling::class_share;

impl Symbol {
    /// Whether both name the same instrument, however shares are spelled.
    pub(crate) fn is_same_instrument(&self, other: &Symbol) -> bool {
        match (self, other) {
            (Symbol::Stock(one), Symbol::Stock(other)) => is_same_stock(one, other),
            (one, other) => one == other,
        }
    }
}

impl Contract {
    /// Whether its root is that of the ordinary options on this ticker.
    pub(crate) fn is_on(&self, ticker: &str) -> bool {
        self.root == option_root(ticker)
    }

    /// Whether its root begins with that of the options on this underlying, as every root on it does (`SPX` and `SPXW`).
    pub(crate) fn may_be_on(&self, underlying: &str) -> bool {
        self.root.starts_with(&option_root(underlying))
    }
}

/// Whether two texts are the same symbol: letter by letter, or by the instrument that both name.
pub(crate) fn is_same_symbol(one: &str, other: &str) -> bool {
    let named = || Some(Symbol::parse(one).ok()?.is_same_instrument(&Symbol::parse(other).ok()?));
    one.eq_ignore_ascii_case(other) || named() == Some(true)
}

/// Whether two tickers name the same stock. Class shares are written `BRK.B`, `BRK-B`, `BRK/B` and `BRK B`, but a
/// separator is nothing only in class shares that we know: `MS-I` is a preferred share of Morgan Stanley, and `MSI` is Motorola.
pub(crate) fn is_same_stock(one: &str, other: &str) -> bool {
    let dotted = |symbol: &str| {
        let bare = bare(symbol);
        class_share(&bare).map_or_else(|| bare.replace(['-', '/', ' '], "."), str::to_owned)
    };
    dotted(one) == dotted(other)
}

/// Whether two tickers or option roots may have the same underlying. Only their letters and digits count, since a root
/// has nothing else, so `MS-I` and `MSI` cannot be told apart here.
pub(crate) fn may_be_same_underlying(one: &str, other: &str) -> bool {
    option_root(one) == option_root(other)
}

/// The root of the options on a ticker: its letters and digits alone (`BRKB` of `BRK.B`).
pub(crate) fn option_root(symbol: &str) -> String {
    bare(symbol).chars().filter(char::is_ascii_alphanumeric).collect()
}

fn bare(symbol: &str) -> String {
    let upper = symbol.trim().to_ascii_uppercase();
    upper.strip_suffix(".US").map_or_else(|| upper.clone(), str::to_owned)
}

/// Whether a text that need not be a symbol may refer to this ticker or an option on it.
///
/// Lists write contracts in many ways, and nearly all begin with the underlying, so of a text that is no plain word the
/// first letters count: letters anywhere would let every `CALL` and `CASH` stand in the way of C. A text that begins with a
/// digit is the number of a bond or the like, and one that begins with `/` is a future.
pub(crate) fn may_refer_to(text: &str, ticker: &str) -> bool {
    let (text, ticker) = (text.trim(), option_root(ticker));
    if text.is_empty() || !text.is_ascii() {
        return true;
    }
    if text.starts_with(|c: char| c.is_ascii_digit() || c == '/') {
        return false;
    }
    if text.bytes().all(|b| b.is_ascii_alphabetic() || b".-/".contains(&b)) {
        return option_root(text) == ticker;
    }
    let upper = text.to_ascii_uppercase();
    let is_letter = |c: char| c.is_ascii_alphabetic();
    // A market or a kind may stand in front: `O:`, `NYSE:`.
    let name = match upper.split_once(':') {
        Some((before, after)) if before.chars().all(is_letter) => after,
        _ => &upper,
    };
    let mut words = name.split(|c: char| !is_letter(c));
    // What begins otherwise (`.AAPL270115C280`, `<b>AAPL</b>`) may have its ticker in any of its words.
    if !name.starts_with(is_letter) {
        return words.any(|word| word == ticker);
    }
    let first = words.next().unwrap_or_default();
    // The class of a share is a word of its own: `BRK B 15JAN27 500 C`.
    let class = words.next().filter(|class| (1..=2).contains(&class.len())).unwrap_or_default();
    first == ticker || format!("{first}{class}") == ticker
}

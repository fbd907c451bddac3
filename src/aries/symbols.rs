//! Symbols: what a person writes, and the form each family of endpoints wants (`aries-api/market-data.md` 0.3).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::text::short;
use crate::error::{Error, Result};

/// A form in which Aries wants a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A plain ticker (`AAPL`).
    Ticker,
    /// The same for what is held or ordered, as [`Symbol::traded`] reads it: `COMP` is a ticker.
    Traded,
    /// An option contract without prefix (`AAPL260116C00190000`).
    Osi,
    /// An option contract as the calls below `/v1/options` want it (`O:AAPL260116C00190000`).
    Prefixed,
    /// `<SYMBOL>.<GROUP>` of an index (`SPX.IND_CBOM`).
    Index,
    /// Whatever the chart endpoints take: a ticker, OSI, an index with its group, or a future as search returned it.
    Chart,
}

/// What a symbol names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// A stock or fund.
    Stock(String),
    /// An option contract.
    Option(Contract),
    /// An index with its group.
    Index {
        /// The bare symbol (`SPX`).
        name: String,
        /// The group (`IND_CBOM`).
        group: String,
    },
    /// A future (`/ES`).
    Future(String),
}

/// An option contract: the parts of an OSI symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contract {
    /// The root; a digit at its end marks an adjusted contract.
    pub(crate) root: String,
    /// The expiration date.
    pub(crate) expiration: Date,
    /// Call or put.
    pub(crate) call: bool,
    /// Strike price in dollars.
    pub(crate) strike: Decimal,
}

/// Index symbols with the group that REST wants. The first three are documented, the rest follow their pattern.
const INDICES: [(&str, &str); 10] = [
    ("SPX", "IND_CBOM"),
    ("COMP", "IND_CBOM"),
    ("DJI", "IND_DJI"),
    ("NDX", "IND_CBOM"),
    ("VIX", "IND_CBOM"),
    ("RUT", "IND_CBOM"),
    ("NYA", "IND_CBOM"),
    ("OEX", "IND_CBOM"),
    ("MID", "IND_CBOM"),
    ("SML", "IND_CBOM"),
];

/// Roots of options on class shares, with the shares: a root carries no point, and nothing in it says that its last letter is
/// a class (`BRKB`, but `META`).
const CLASSES: [(&str, &str); 2] = [("BFB", "BF.B"), ("BRKB", "BRK.B")];

impl Symbol {
    /// Reads a symbol in any of the forms that Aries or a person uses: `AAPL`, `AAPL.US`, `BRK.B`,
    /// `AAPL260116C00190000` with or without `O:` or padding, `AAPL 2026-01-16 190 C`, `AAPL 260116C190`, `SPX`,
    /// `^SPX`, `SPX.IND_CBOM`, `/ES`.
    ///
    /// # Errors
    /// Names the text and shows valid ones.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        Self::read(text, true)
    }

    /// Reads what can be held or ordered: as [`Symbol::parse`], but a bare word is always a ticker, since there are
    /// shares called COMP and MID. An index is one only where it is written as one: `^SPX`, `$SPX`, `SPX.IND_CBOM`.
    ///
    /// # Errors
    /// As [`Symbol::parse`].
    pub(crate) fn traded(text: &str) -> Result<Self> {
        Self::read(text, false)
    }

    /// Reads a symbol in a list of Aries' own: as [`Symbol::traded`], and class shares may stand as `BRK B`.
    pub(crate) fn listed(text: &str) -> Option<Self> {
        let class =
            |class: &str| (1..=2).contains(&class.len()) && class.bytes().all(|b| b.is_ascii_alphabetic());
        let dotted =
            || text.split_once(' ').filter(|(_, end)| class(end)).map(|(root, end)| format!("{root}.{end}"));
        Self::traded(text).ok().or_else(|| Self::traded(&dotted()?).ok())
    }

    /// Whether both name the same thing, however shares are spelled.
    pub(crate) fn is(&self, other: &Symbol) -> bool {
        match (self, other) {
            (Symbol::Stock(one), Symbol::Stock(other)) => same_shares(one, other),
            (one, other) => one == other,
        }
    }

    fn read(text: &str, bare_indices: bool) -> Result<Self> {
        // Letters of other alphabets are refused: some become A to Z in upper case (`ſPY`), others look like them.
        if !text.is_ascii() {
            return Err(not_a_symbol(text, "a symbol"));
        }
        let upper = text.trim().to_ascii_uppercase();
        if let Some(contract) = Contract::parse(&upper).or_else(|| Contract::from_words(&upper)) {
            return Ok(Symbol::Option(contract));
        }
        let bare = upper.trim_start_matches(['^', '$']);
        if let Some((name, group)) = INDICES.iter().find(|(name, _)| *name == bare)
            && (bare_indices || bare.len() < upper.len())
        {
            return Ok(Symbol::Index { name: (*name).to_owned(), group: (*group).to_owned() });
        }
        if let Some((name, group)) = upper.split_once(".IND_")
            && is_word(name, 10)
            && is_word(group, 10)
        {
            return Ok(Symbol::Index { name: name.to_owned(), group: format!("IND_{group}") });
        }
        match upper.strip_prefix('/') {
            Some(future) if is_word(future, 12) => Ok(Symbol::Future(upper)),
            // The only exchange suffix that Aries itself writes (pattern scan).
            None if is_ticker(&upper) => {
                Ok(Symbol::Stock(upper.strip_suffix(".US").map_or_else(|| upper.clone(), str::to_owned)))
            }
            _ => Err(not_a_symbol(text, "a symbol")),
        }
    }

    /// The symbol in the form that an endpoint wants.
    ///
    /// # Errors
    /// If this kind of symbol has no such form.
    pub(crate) fn to_form(&self, form: Form) -> Result<String> {
        match (form, self) {
            (Form::Ticker | Form::Traded | Form::Chart, Symbol::Stock(ticker)) => Ok(ticker.clone()),
            (Form::Osi | Form::Chart, Symbol::Option(contract)) => Ok(contract.to_string()),
            (Form::Prefixed, Symbol::Option(contract)) => Ok(format!("O:{contract}")),
            (Form::Index | Form::Chart, Symbol::Index { name, group }) => Ok(format!("{name}.{group}")),
            (Form::Chart, Symbol::Future(future)) => Ok(future.clone()),
            (Form::Ticker | Form::Traded, other) => {
                Err(not_this_kind(other, "a stock", "a ticker such as AAPL"))
            }
            (Form::Osi | Form::Prefixed, other) => Err(not_this_kind(
                other,
                "an option contract",
                "AAPL260116C00190000 or AAPL 2026-01-16 190 C",
            )),
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

impl Contract {
    /// A contract of these parts, if it has an OSI symbol: that is how Aries and the chain know it. So a strike has at most
    /// eight digits of thousandths, and a year must not become another one on the way (2126 and 2026 are both `26`).
    pub(crate) fn new(root: &str, expiration: Date, call: bool, strike: Decimal) -> Option<Self> {
        let contract = Self { root: root.to_owned(), expiration, call, strike: strike.normalize() };
        Self::parse(&contract.to_string()).filter(|back| *back == contract)
    }

    /// Reads an OSI symbol: root of 1 to 6 characters, `YYMMDD`, `C` or `P`, strike times 1000 in eight digits; `O:`
    /// in front and spaces after the root (the 21-character form) are accepted.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("O:").unwrap_or(text);
        let tail_at = text.len().checked_sub(15)?;
        let (root, tail) = text.split_at_checked(tail_at)?;
        let root = root.trim_end_matches(' ');
        let (day, tail) = tail.split_at_checked(6)?;
        let (side, strike) = tail.split_at_checked(1)?;
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !is_word(root, 6) || !digits(day) || !digits(strike) || !matches!(side, "C" | "P") {
            return None;
        }
        let expiration = Date::strptime("%y%m%d", day).ok()?;
        let strike = Decimal::from_i128_with_scale(strike.parse().ok()?, 3).normalize();
        (!strike.is_zero()).then(|| Self { root: root.to_owned(), expiration, call: side == "C", strike })
    }

    /// Reads a contract in words: `AAPL 2026-12-18 200 C`, the root first and the rest in any order, also with `call` or
    /// `put` and a dollar sign; or the chart's short form `AAPL 261218C200`.
    fn from_words(text: &str) -> Option<Self> {
        if text.len() > 60 {
            return None;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let day = |word: &str| (word.len() == 10).then(|| word.parse::<Date>().ok())?;
        let side = |word: &str| match word {
            "C" | "CALL" | "CALLS" => Some(true),
            "P" | "PUT" | "PUTS" => Some(false),
            _ => None,
        };
        let figure = |word: &str| {
            let word = word.strip_prefix('$').unwrap_or(word);
            let plain = word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            plain.then(|| word.parse::<Decimal>().ok())?
        };
        let (root, expiration, call, strike) = match words.as_slice() {
            [root, short] => {
                let (date, rest) = short.split_at_checked(6)?;
                let (call, strike) = rest.split_at_checked(1)?;
                (root, Date::strptime("%y%m%d", date).ok()?, side(call)?, figure(strike)?)
            }
            // No word can be two of these, so each of the three is one.
            [root, rest @ ..] if rest.len() == 3 => {
                let rest = || rest.iter().copied();
                (root, rest().find_map(day)?, rest().find_map(side)?, rest().find_map(figure)?)
            }
            _ => return None,
        };
        Self::new(root, expiration, call, strike)
    }

    /// The ticker of the shares behind it: the root, but of class shares that we know with the point that they carry.
    pub(crate) fn underlying(&self) -> &str {
        CLASSES.iter().find(|(root, _)| *root == self.root).map_or(self.root.as_str(), |(_, shares)| shares)
    }

    /// Whether the contract was adjusted after a corporate action: its root ends in a digit.
    pub(crate) fn is_adjusted(&self) -> bool {
        self.root.ends_with(|c: char| c.is_ascii_digit())
    }

    /// In words: `AAPL 2026-12-18 200 C`.
    pub(crate) fn words(&self) -> String {
        format!("{} {} {} {}", self.root, self.expiration, self.strike, if self.call { 'C' } else { 'P' })
    }
}

/// The OSI symbol without padding.
impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of a strike that no decimal holds a thousand times, only that it is too long matters: see `Contract::new`.
        let thousandths = self.strike.saturating_mul(Decimal::ONE_THOUSAND).trunc().normalize();
        let day = self.expiration.strftime("%y%m%d");
        write!(f, "{}{day}{}{thousandths:0>8}", self.root, if self.call { 'C' } else { 'P' })
    }
}

impl FromStr for Symbol {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Symbol::parse(text)
    }
}

/// Reads a symbol and writes it in the wanted form.
pub(super) fn written(text: &str, form: Form) -> Result<String> {
    let symbol = if form == Form::Traded { Symbol::traded(text) } else { Symbol::parse(text) };
    symbol?.to_form(form)
}

/// Whether two symbols of shares name the same shares. Class shares are written `BRK.B`, `BRK-B`, `BRK/B` and `BRK B`,
/// but a separator is never nothing: `MS-I` is a preferred share of Morgan Stanley, and `MSI` is Motorola.
pub(crate) fn same_shares(one: &str, other: &str) -> bool {
    let dotted = |symbol: &str| bare(symbol).replace(['-', '/', ' '], ".");
    dotted(one) == dotted(other)
}

/// Letters and digits alone, which is how the roots of options are written: that of `BRK.B` is `BRKB`. Only for comparing
/// with a root, and for refusing (what the person forbids, what is in doubt): there too much is the careful side.
pub(crate) fn key(symbol: &str) -> String {
    bare(symbol).chars().filter(char::is_ascii_alphanumeric).collect()
}

fn bare(symbol: &str) -> String {
    let upper = symbol.trim().to_ascii_uppercase();
    upper.strip_suffix(".US").map_or_else(|| upper.clone(), str::to_owned)
}

/// Whether a text that need not be a symbol may mean this ticker or an option on it.
///
/// Lists write contracts in many ways, and nearly all begin with the underlying, so of a text that is no plain word the
/// first letters count: letters anywhere would let every `CALL` and `CASH` stand in the way of C. A text that begins with a
/// digit is the number of a bond or the like, and one that begins with `/` is a future.
pub(crate) fn may_mean(text: &str, ticker: &str) -> bool {
    let (text, ticker) = (text.trim(), key(ticker));
    if text.is_empty() || !text.is_ascii() {
        return true;
    }
    if text.starts_with(|c: char| c.is_ascii_digit() || c == '/') {
        return false;
    }
    if text.bytes().all(|b| b.is_ascii_alphabetic() || b".-/".contains(&b)) {
        return key(text) == ticker;
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

fn is_word(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Letters first; then letters, digits, and single `.`, `-` or `/` inside (`BRK.B`, `BF-B`).
fn is_ticker(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['.', '-', '/']).collect();
    text.len() <= 12
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && parts.iter().all(|part| is_word(part, 12))
}

fn not_a_symbol(text: &str, what: &str) -> Error {
    Error::usage(
        format!("{} is not {what}", short(text)),
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

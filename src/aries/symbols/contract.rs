//! Option contracts, in OSI form and in words.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::spelling::{CLASSES, class_share, known_class};
use crate::aries::time::words;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contract {
    /// The root; a digit at its end marks an adjusted contract.
    pub(crate) root: String,
    pub(crate) expiration: Date,
    /// Whether it is a call; else it is a put.
    pub(crate) call: bool,
    pub(crate) strike: Decimal,
}

/// Roots of index options that settle otherwise than those under the index's own name, with the index.
const INDEX_ROOTS: [(&str, &str); 4] = [("NDXP", "NDX"), ("RUTW", "RUT"), ("SPXW", "SPX"), ("VIXW", "VIX")];

impl Contract {
    /// Reads a contract in any of its forms. In front, where the root belongs, class shares may stand as they are written
    /// themselves (`BRK.B 2026-12-04 500 C`, `BRK-B261204C00500000`).
    pub(super) fn read(text: &str) -> Option<Self> {
        let read = |text: &str| Self::parse(text).or_else(|| Self::from_words(text));
        read(text).or_else(|| read(&with_root(text)?))
    }

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
    /// `put` and a dollar sign, or with `Dec 18 2026`; or the chart's short form `AAPL 261218C200`.
    pub(super) fn from_words(text: &str) -> Option<Self> {
        if text.len() > 60 {
            return None;
        }
        let text = text.replace(',', " ");
        let words: Vec<&str> = text.split_whitespace().collect();
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
                // What looks like the thousandths of an OSI symbol with a digit missing is no strike.
                let strike =
                    Some(strike).filter(|strike| !strike.starts_with('0') || strike.starts_with("0."))?;
                (root, Date::strptime("%y%m%d", date).ok()?, side(call)?, figure(strike)?)
            }
            // So some platforms write it: `.AAPL261218C270`.
            [one] => {
                let one = one.strip_prefix('.').unwrap_or(one);
                let (root, short) =
                    one.split_at_checked(one.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 0)?)?;
                return Self::from_words(&format!("{root} {short}"));
            }
            [root, rest @ ..] => {
                let (day, rest) = without_day(rest)?;
                let [one, other] = apart(&rest)?;
                // No word can be both, so each of the two is one.
                (root, day, side(one).or_else(|| side(other))?, figure(one).or_else(|| figure(other))?)
            }
            _ => return None,
        };
        Self::new(root, expiration, call, strike)
    }

    /// The ticker of the shares behind it: the root, but of class shares that we know with the point that they carry.
    pub(crate) fn underlying(&self) -> &str {
        class_share(&self.root).unwrap_or(&self.root)
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

/// Takes the day out of the words of a contract: `2026-12-18`, `12/18/2026` or `DEC 18 2026`. A day that could be another
/// one where the day stands before the month is none.
fn without_day<'a>(words: &[&'a str]) -> Option<(Date, Vec<&'a str>)> {
    [3, 1].into_iter().find_map(|length| {
        (0..=words.len().checked_sub(length)?).find_map(|at| {
            let own = words.get(at..at + length)?;
            let day = words::whole_day(&own.join(" "))?;
            let is_sure = !own.concat().contains('/') || day.day() > 12 || day.day() == day.month();
            let rest = words.get(..at)?.iter().chain(words.get(at + length..)?).copied().collect();
            is_sure.then_some((day, rest))
        })
    })
}

/// Side and strike, which may stand together: `200C`, `C200`.
fn apart<'a>(words: &[&'a str]) -> Option<[&'a str; 2]> {
    match words {
        [one, other] => Some([one, other]),
        [both] if both.is_ascii() => {
            let at = if both.ends_with(['C', 'P']) { both.len() - 1 } else { 1 };
            both.split_at_checked(at).map(|(one, other)| [one, other])
        }
        _ => None,
    }
}

/// Writes the OSI symbol without padding.
impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of a strike that no decimal holds a thousand times, only that it is too long matters: see `Contract::new`.
        let thousandths = self.strike.saturating_mul(Decimal::ONE_THOUSAND).trunc().normalize();
        let day = self.expiration.strftime("%y%m%d");
        write!(f, "{}{day}{}{thousandths:0>8}", self.root, if self.call { 'C' } else { 'P' })
    }
}

/// A contract that begins with class shares, with their root instead. Only known ones: `MS-I` is a preferred share without
/// options, and `MSI` another company.
fn with_root(text: &str) -> Option<String> {
    let (shares, rest) = known_class(text.strip_prefix("O:").unwrap_or(text))?;
    let is_contract = rest.starts_with(|c: char| c == ' ' || c.is_ascii_digit());
    is_contract.then(|| format!("{}{rest}", shares.replace('.', "")))
}

/// What Aries lists the options of a root below: the shares, the index of `SPXW`, and of an adjusted root the shares whose
/// ticker it had before.
pub(crate) fn listed_below(root: &str) -> &str {
    let plain = root.trim_end_matches(|c: char| c.is_ascii_digit());
    let known = CLASSES.iter().chain(&INDEX_ROOTS).find(|(own, _)| *own == plain);
    known.map_or(plain, |(_, underlying)| underlying)
}

/// The index of a root that options on it have besides the index's own name.
pub(crate) fn index_below(root: &str) -> Option<&'static str> {
    INDEX_ROOTS.iter().find(|(own, _)| *own == root).map(|(_, index)| *index)
}

/// Whether a text is made of 1 to `most` capital letters and digits.
pub(super) fn is_word(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

//! Option contracts, in OSI form and in words.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contract {
    /// The root; a digit at its end marks an adjusted contract.
    pub(crate) root: String,
    pub(crate) expiration: Date,
    /// Whether it is a call; else it is a put.
    pub(crate) call: bool,
    pub(crate) strike: Decimal,
}

/// Roots of options on class shares, with the shares: a root carries no point, and nothing in it says that its last letter is
/// a class (`BRKB`, but `META`).
pub(super) const CLASSES: [(&str, &str); 26] = [
    ("AKOA", "AKO.A"),
    ("AKOB", "AKO.B"),
    ("BFA", "BF.A"),
    ("BFB", "BF.B"),
    ("BHA", "BH.A"),
    ("BIOB", "BIO.B"),
    ("BRKA", "BRK.A"),
    ("BRKB", "BRK.B"),
    ("CRDA", "CRD.A"),
    ("CRDB", "CRD.B"),
    ("CWENA", "CWEN.A"),
    ("GEFB", "GEF.B"),
    ("GTNA", "GTN.A"),
    ("HEIA", "HEI.A"),
    ("HVTA", "HVT.A"),
    ("LENB", "LEN.B"),
    ("LGFA", "LGF.A"),
    ("LGFB", "LGF.B"),
    ("MKCV", "MKC.V"),
    ("MOGA", "MOG.A"),
    ("MOGB", "MOG.B"),
    ("PBRA", "PBR.A"),
    ("STZB", "STZ.B"),
    ("TAPA", "TAP.A"),
    ("UHALB", "UHAL.B"),
    ("WSOB", "WSO.B"),
];

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
    /// `put` and a dollar sign; or the chart's short form `AAPL 261218C200`.
    pub(super) fn from_words(text: &str) -> Option<Self> {
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

/// Writes the OSI symbol without padding.
impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of a strike that no decimal holds a thousand times, only that it is too long matters: see `Contract::new`.
        let thousandths = self.strike.saturating_mul(Decimal::ONE_THOUSAND).trunc().normalize();
        let day = self.expiration.strftime("%y%m%d");
        write!(f, "{}{day}{}{thousandths:0>8}", self.root, if self.call { 'C' } else { 'P' })
    }
}

/// The class shares that a root of options belongs to: `BRK.B` of `BRKB`.
pub(crate) fn class_share(root: &str) -> Option<&'static str> {
    CLASSES.iter().find(|(own, _)| own.eq_ignore_ascii_case(root)).map(|(_, shares)| *shares)
}

/// A contract that begins with class shares, with their root instead. Only known ones: `MS-I` is a preferred share without
/// options, and `MSI` another company.
fn with_root(text: &str) -> Option<String> {
    let text = text.strip_prefix("O:").unwrap_or(text);
    CLASSES.iter().find_map(|(root, shares)| {
        let (name, class) = shares.split_once('.')?;
        let rest = text.strip_prefix(name)?.strip_prefix(['.', '-', '/', ' '])?.strip_prefix(class)?;
        let rest = rest.strip_prefix(".US").unwrap_or(rest);
        rest.starts_with(|c: char| c == ' ' || c.is_ascii_digit()).then(|| format!("{root}{rest}"))
    })
}

/// What Aries lists the options of a root below: the shares, the index of `SPXW`, and of an adjusted root the shares whose
/// ticker it had before.
pub(crate) fn listed_below(root: &str) -> &str {
    let plain = root.trim_end_matches(|c: char| c.is_ascii_digit());
    let known = CLASSES.iter().chain(&INDEX_ROOTS).find(|(own, _)| *own == plain);
    known.map_or(plain, |(_, underlying)| underlying)
}

/// Whether a text is made of 1 to `most` capital letters and digits.
pub(super) fn is_word(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

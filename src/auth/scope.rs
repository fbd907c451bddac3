//! The scopes of Aries: which exist, which are asked for, which were granted (`aries-api/trading.md` 1.6).

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, nearest};

/// Every documented scope that only reads. Asked for by default.
///
/// Some endpoints are documented under two of these (positions, the account list), so both of each pair are here.
pub const READING: &[&str] = &[
    "user:information",
    "account:information",
    "position:information",
    "order:information",
    "market:information",
    "options:information",
    "calendar:information",
    "analytics:information",
    "market:supplemental",
];

/// Placing, previewing, replacing and cancelling orders. Asked for by `login --trade` alone.
pub(crate) const TRADING: &str = "order:execution";

/// Changes e-mail, profile and trading password. Never asked for (design 3, invariant 6).
const NEVER: &str = "user:management";

/// A set of scopes, as the token endpoint reports it: separated by spaces, case-sensitive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Granted(BTreeSet<String>);

impl Granted {
    /// Reads a list separated by spaces or commas.
    pub fn parse(text: &str) -> Self {
        let names = text.split(|c: char| c.is_whitespace() || c == ',').filter(|name| !name.is_empty());
        Self(names.map(str::to_owned).collect())
    }

    /// Whether this scope is in the set.
    pub fn contains(&self, scope: &str) -> bool {
        self.0.contains(scope)
    }

    /// Whether orders may be placed.
    pub fn may_trade(&self) -> bool {
        self.contains(TRADING)
    }

    /// The names in alphabetical order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether nothing was granted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is in `self` and not in `other`: what was asked for and not granted.
    pub(crate) fn without(&self, other: &Granted) -> Granted {
        Self(self.0.difference(&other.0).cloned().collect())
    }
}

impl fmt::Display for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().collect::<Vec<_>>().join(" "))
    }
}

impl From<String> for Granted {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<Granted> for String {
    fn from(granted: Granted) -> Self {
        granted.to_string()
    }
}

/// The scopes to ask for: the named ones, or all reading scopes; with trading if wanted.
///
/// # Errors
/// [`Kind::Usage`](crate::error::Kind::Usage) for a name that Aries does not document, with the nearest one that it
/// does, and for `user:management`.
pub fn wanted(named: Option<&str>, trade: bool) -> Result<Granted> {
    let mut scopes = match named {
        Some(list) => checked(Granted::parse(list))?,
        None => Granted(READING.iter().map(|name| (*name).to_owned()).collect()),
    };
    if trade {
        scopes.0.insert(TRADING.to_owned());
    }
    if scopes.is_empty() {
        return Err(Error::usage("no scope is named", "leave --scopes out to ask for all reading scopes"));
    }
    Ok(scopes)
}

fn checked(scopes: Granted) -> Result<Granted> {
    for name in scopes.iter() {
        if name == NEVER {
            return Err(Error::usage(
                "user:management is never asked for",
                "leave it out: no tool here changes your profile or password",
            ));
        }
        if name != TRADING && !READING.contains(&name) {
            let known = READING.iter().copied().chain([TRADING]);
            let hint = match nearest(name, known.clone()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("valid: {}", known.collect::<Vec<_>>().join(", ")),
            };
            return Err(Error::usage(format!("Aries has no scope {name:?}"), hint));
        }
    }
    Ok(scopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_is_reading_and_trade_adds_one() {
        let reading = wanted(None, false).unwrap();
        assert!(READING.iter().all(|name| reading.contains(name)));
        assert!(!reading.may_trade());
        assert_eq!(wanted(None, true).unwrap().without(&reading).to_string(), TRADING);
    }

    #[test]
    fn a_misspelt_scope_names_the_nearest() {
        let error = wanted(Some("account:informaton"), false).unwrap_err();
        assert_eq!(error.hint, "did you mean account:information?");
        assert_eq!(wanted(Some("user:management"), false).unwrap_err().exit_code(), 2);
        assert_eq!(wanted(Some(" , "), false).unwrap_err().exit_code(), 2);
    }

    #[test]
    fn parses_spaces_and_commas_and_prints_spaces() {
        assert_eq!(Granted::parse("b:x, a:y  b:x").to_string(), "a:y b:x");
    }
}

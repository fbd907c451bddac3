//! The scopes of Aries: which exist, which are asked for, which were granted.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, nearest};

/// Every documented scope that only reads. Asked for by default. Some endpoints are documented under two of these
/// (positions, the account list), so both of each pair are here.
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
    "watchlist:information",
];

/// Placing, previewing, replacing and cancelling orders. Asked for by `login --trade` alone.
pub(crate) const TRADING: &str = "order:execution";

/// Changing watchlists. Asked for by `login --edit-watchlists` and `login --trade`.
pub(crate) const EDITING: &str = "watchlist:management";

/// Changes e-mail, profile and trading password. Never asked for.
const NEVER: &str = "user:management";

/// What a sign-in from the chat asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rights {
    /// The scopes that the person has chosen, all reading ones by default.
    AsChosen,
    /// The right to order too.
    Trading,
}

/// A set of scopes. In text they are separated by spaces, as the token endpoint reports them, and case-sensitive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Scopes(BTreeSet<String>);

impl Scopes {
    /// Reads a list separated by spaces or commas.
    pub fn parse(text: &str) -> Self {
        let names = text.split(|c: char| c.is_whitespace() || c == ',').filter(|name| !name.is_empty());
        Self(names.map(str::to_owned).collect())
    }

    /// Tells whether this scope is in the set.
    pub fn contains(&self, scope: &str) -> bool {
        self.0.contains(scope)
    }

    /// Tells whether orders may be placed.
    pub fn may_trade(&self) -> bool {
        self.contains(TRADING)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Tells whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the scopes that place orders and change watchlists.
    #[must_use]
    pub fn with_trading(mut self) -> Self {
        self.0.insert(TRADING.to_owned());
        self.with_editing()
    }

    /// Adds the scope that changes watchlists.
    #[must_use]
    pub fn with_editing(mut self) -> Self {
        self.0.insert(EDITING.to_owned());
        self
    }

    /// Leaves out the scopes that place orders and change watchlists.
    #[must_use]
    pub(crate) fn reading_only(mut self) -> Self {
        self.0.retain(|scope| scope != TRADING && scope != EDITING);
        self
    }

    pub(crate) fn without(&self, other: &Scopes) -> Scopes {
        Self(self.0.difference(&other.0).cloned().collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().collect::<Vec<_>>().join(" "))
    }
}

impl From<String> for Scopes {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> Self {
        scopes.to_string()
    }
}

/// Returns the scopes to ask for: the named ones, or all reading scopes. Fails for a name that Aries does not document and
/// for `user:management`.
pub fn requested(named: Option<&str>) -> Result<Scopes> {
    let scopes = match named {
        Some(list) => checked(Scopes::parse(list))?,
        None => Scopes(READING.iter().map(|name| (*name).to_owned()).collect()),
    };
    if scopes.is_empty() {
        return Err(Error::usage("no scope is named", "leave --scopes out to ask for all reading scopes"));
    }
    Ok(scopes)
}

fn checked(scopes: Scopes) -> Result<Scopes> {
    for name in scopes.iter() {
        if name == NEVER {
            return Err(Error::usage(
                "user:management is never asked for",
                "leave it out: no tool here changes your profile or password",
            ));
        }
        let known = READING.iter().copied().chain([TRADING, EDITING]);
        if !known.clone().any(|known| known == name) {
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
        let reading = requested(None).unwrap();
        assert!(READING.iter().all(|name| reading.contains(name)));
        assert!(!reading.may_trade());
        let added = |scopes: Scopes| scopes.without(&reading).to_string();
        assert_eq!(added(reading.clone().with_trading()), format!("{TRADING} {EDITING}"));
        assert_eq!(added(reading.clone().with_editing()), EDITING);
    }

    #[test]
    fn a_misspelt_scope_names_the_nearest() {
        let error = requested(Some("account:informaton")).unwrap_err();
        assert_eq!(error.hint.to_string(), "did you mean account:information?");
        assert_eq!(requested(Some("user:management")).unwrap_err().exit_code(), 2);
        assert_eq!(requested(Some(" , ")).unwrap_err().exit_code(), 2);
    }

    #[test]
    fn parses_spaces_and_commas_and_prints_spaces() {
        assert_eq!(Scopes::parse("b:x, a:y  b:x").to_string(), "a:y b:x");
    }
}

//! Settings that are one of a few words.

use tracing_subscriber::filter::LevelFilter;

use crate::error::{Error, Result, nearest};

pub(super) const LOG_LEVELS: [(&str, LevelFilter); 6] = [
    ("off", LevelFilter::OFF),
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
    ("trace", LevelFilter::TRACE),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TokenStore {
    Keychain,
    /// A file that only this user can read; chosen by the person, never silently.
    File,
}

impl TokenStore {
    pub(super) const ALL: [(&'static str, TokenStore); 2] =
        [("keychain", TokenStore::Keychain), ("file", TokenStore::File)];

    pub(super) fn named(name: &str) -> Result<Self> {
        choose("ARIES_TOKEN_STORE", name, &Self::ALL)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            TokenStore::Keychain => "keychain",
            TokenStore::File => "file",
        }
    }
}

/// The value whose name was given.
/// Fails with [`Kind::Usage`](crate::error::Kind::Usage) with the nearest name.
pub(super) fn choose<T: Copy>(what: &str, given: &str, valid: &[(&'static str, T)]) -> Result<T> {
    if let Some((_, value)) = valid.iter().find(|(name, _)| *name == given.trim()) {
        return Ok(*value);
    }
    let names = names(valid);
    let guess = nearest(given, names.iter().copied())
        .map(|name| format!("did you mean {name}? "))
        .unwrap_or_default();
    Err(Error::usage(
        format!("{what}: {given:?} is not a valid value"),
        format!("{guess}valid: {}", names.join(", ")),
    ))
}

pub(super) fn names<T>(valid: &[(&'static str, T)]) -> Vec<&'static str> {
    valid.iter().map(|(name, _)| *name).collect()
}

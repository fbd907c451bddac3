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

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
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
}

/// Fails with the nearest name.
pub(super) fn choose<T: Clone>(what: &str, given: &str, valid: &[(&'static str, T)]) -> Result<T> {
    if let Some((_, value)) = valid.iter().find(|(name, _)| *name == given.trim()) {
        return Ok(value.clone());
    }
    let names = names(valid);
    let mut hint = format!("valid: {}", names.join(", "));
    if let Some(name) = nearest(given, names) {
        hint = format!("did you mean {name}? {hint}");
    }
    Err(Error::usage(format!("{what}: {given:?} is not a valid value"), hint))
}

pub(super) fn names<T>(valid: &[(&'static str, T)]) -> Vec<&'static str> {
    valid.iter().map(|(name, _)| *name).collect()
}

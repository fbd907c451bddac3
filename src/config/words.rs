//! Settings that are one of a few words.

use crate::error::{Error, Result, nearest};

/// How much goes to stderr. Other crates never log below `warn`, so that no body or header is ever written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogLevel {
    /// Nothing.
    Off,
    /// Failures only.
    Error,
    /// Failures and oddities (the default).
    Warn,
    /// One line per call.
    Info,
    /// Steps inside a call.
    Debug,
    /// Everything this program can say.
    Trace,
}

impl LogLevel {
    pub(super) const ALL: [(&'static str, LogLevel); 6] = [
        ("off", LogLevel::Off),
        ("error", LogLevel::Error),
        ("warn", LogLevel::Warn),
        ("info", LogLevel::Info),
        ("debug", LogLevel::Debug),
        ("trace", LogLevel::Trace),
    ];
}

/// Where tokens are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TokenStore {
    /// The OS keychain.
    Keychain,
    /// A file that only this user can read; chosen by the person, never silently.
    File,
}

impl TokenStore {
    pub(super) const ALL: [(&'static str, TokenStore); 2] =
        [("keychain", TokenStore::Keychain), ("file", TokenStore::File)];

    /// The name used in configuration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            TokenStore::Keychain => "keychain",
            TokenStore::File => "file",
        }
    }
}

/// The value whose name was given; an error names the nearest.
pub(super) fn choose<T: Copy>(what: &str, given: &str, valid: &[(&'static str, T)]) -> Result<T> {
    if let Some((_, value)) = valid.iter().find(|(name, _)| *name == given.trim()) {
        return Ok(*value);
    }
    let names: Vec<&str> = valid.iter().map(|(name, _)| *name).collect();
    let guess = nearest(given, names.iter().copied())
        .map(|name| format!("did you mean {name}? "))
        .unwrap_or_default();
    Err(Error::usage(
        format!("{what}: {given:?} is not a valid value"),
        format!("{guess}valid: {}", names.join(", ")),
    ))
}

//! The session file: what the tool list needs to know of the sign-in, in a small file without secrets. `tools/list` reads
//! it, since it must not touch keychain, network or locks; the store alone decides who is signed in. Whoever writes it
//! holds the refresh lock: at login, refresh and logout, and when Aries refuses a refresh.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::scope::Scopes;
use super::tokens::Tokens;
use crate::config::{Names, Settings, TokenStore};
use crate::error::Result;
use crate::os::atomic_file;

/// Whether a sign-in is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInState {
    /// Tokens are stored, and no refresh was refused.
    SignedIn,
    /// Aries refused the refresh token: only a new sign-in helps.
    NeedsLogin,
}

/// The content of the file. No file means that nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionFile {
    /// The credential key, since two origins may share a file name.
    pub(crate) owner: String,
    /// Whether a sign-in is needed. The file keeps the name of the first version.
    #[serde(rename = "standing")]
    pub state: SignInState,
    /// A random name that changes with every sign-in, not with a refresh.
    pub(crate) login: String,
    /// The scopes that were granted.
    pub scopes: Scopes,
    pub(crate) access_expires_at: Timestamp,
    pub(crate) refresh_expires_at: Option<Timestamp>,
    pub(crate) store: TokenStore,
}

impl SessionFile {
    /// Makes the content that goes with these tokens.
    pub fn of(settings: &Settings, tokens: &Tokens) -> Self {
        Self {
            owner: settings.credential_key(),
            state: SignInState::SignedIn,
            login: tokens.login.clone(),
            scopes: tokens.scopes.clone(),
            access_expires_at: tokens.expires_at,
            refresh_expires_at: tokens.refresh_expires_at,
            store: settings.token_store,
        }
    }

    fn path(settings: &Settings, names: &Names) -> PathBuf {
        settings.places.state_dir.join(format!("{}.session.json", names.file))
    }

    /// Reads the file; `None` if nobody is signed in, or if it cannot be read: nothing depends on it.
    pub fn read(settings: &Settings) -> Option<Self> {
        let of = |names: &Names| Self::under(settings, names);
        of(&settings.names()).or_else(|| settings.earlier_names().iter().find_map(of))
    }

    fn under(settings: &Settings, names: &Names) -> Option<Self> {
        let bytes = atomic_file::read(&Self::path(settings, names)).ok()??;
        let file: Self = serde_json::from_slice(&bytes).ok()?;
        (file.owner == names.owner).then_some(file)
    }

    /// Replaces the file.
    pub fn write(&self, settings: &Settings) -> Result<()> {
        let path = Self::path(settings, &settings.names());
        let bytes = serde_json::to_vec_pretty(self).expect("names and times are JSON");
        atomic_file::write(&path, &bytes).map_err(|error| atomic_file::failed("write", &path, &error))
    }

    pub(crate) fn delete(settings: &Settings) -> Result<()> {
        for names in std::iter::once(settings.names()).chain(settings.earlier_names()) {
            let path = Self::path(settings, &names);
            atomic_file::delete(&path).map_err(|error| atomic_file::failed("remove", &path, &error))?;
        }
        Ok(())
    }

    /// Tells whether only a new sign-in helps: Aries refused the refresh token, or both tokens have ended.
    pub fn is_over(&self, now: Timestamp) -> bool {
        let ended = self.refresh_expires_at.is_some_and(|end| end <= now) && self.access_expires_at <= now;
        self.state == SignInState::NeedsLogin || ended
    }

    /// Returns when the whole sign-in ends, if that is less than a day away or past: time to tell the person.
    pub(crate) fn ends_soon(&self, now: Timestamp) -> Option<Timestamp> {
        let end = self.refresh_expires_at?;
        (end.duration_since(now) < SignedDuration::from_hours(24)).then_some(end)
    }

    /// Returns the hours until the sign-in ends, rounded up, if it [ends soon](Self::ends_soon).
    pub(crate) fn hours_left(&self, now: Timestamp) -> Option<i64> {
        let seconds = self.ends_soon(now)?.duration_since(now).as_secs();
        Some((seconds + 3599).div_euclid(3600))
    }
}

//! What the tasks of one process share of a stored sign-in: the tokens in memory, and what guards their renewal.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::auth::keychain::QUICK;
use crate::auth::scope::Scopes;
use crate::auth::session_file::{SessionFile, SignInState};
use crate::auth::store::Store;
use crate::auth::tokens::Tokens;
use crate::config::Settings;
use crate::error::{Error, Kind};
use crate::os::lock::Lock;

/// The access token that a request carries; it belongs to one API origin.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// What goes into the `Authorization` header of every request.
    pub token: SecretString,
    /// What it may do; `None` if that is unknown (a token from `ARIES_ACCESS_TOKEN` without `ARIES_SCOPES`).
    pub(crate) scopes: Option<Scopes>,
    pub(crate) expires_at: Option<Timestamp>,
}

impl Bearer {
    pub(super) fn of(tokens: &Tokens) -> Self {
        Self {
            token: tokens.access.clone(),
            scopes: Some(tokens.scopes.clone()),
            expires_at: Some(tokens.expires_at),
        }
    }
}

pub(super) struct Stored {
    pub(super) settings: Settings,
    pub(super) store: Store,
    memory: Mutex<Memory>,
    /// Held by the one task of this process that loads, renews or saves.
    pub(super) renewing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
pub(super) struct Memory {
    /// The tokens as last read or received, so that the store is read once.
    pub(super) tokens: Option<Tokens>,
    /// The sign-in that the session file named at that moment. If it names another one (or none) now, somebody has
    /// signed in or out, and the store is read again.
    pub(super) login: Option<String>,
    /// The refresh lock, kept while `tokens` could not be saved: nobody else may use the refresh token in the store,
    /// which Aries has replaced.
    pub(super) unsaved: Option<Lock>,
    /// The last failure, so that a burst of calls asks Aries (ten requests a minute) and the keychain once.
    pub(super) failure: Option<RecentFailure>,
    /// The process ends: no renewal begins any more.
    pub(super) is_closing: bool,
}

pub(super) struct RecentFailure {
    pub(super) since: tokio::time::Instant,
    /// The sign-in of that moment: another one makes the failure void.
    pub(super) login: Option<String>,
    pub(super) error: Error,
}

impl Stored {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            store: Store::of(settings),
            settings: settings.clone(),
            memory: Mutex::default(),
            renewing: tokio::sync::Mutex::default(),
        }
    }

    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the token in memory, if it is fresh, is not the rejected one, and nobody has signed in or out meanwhile.
    pub(super) fn in_memory(&self, rejected: Option<&SecretString>) -> Option<Bearer> {
        let tokens = self.memory().tokens.clone()?;
        (tokens.is_usable(rejected) && self.is_current()).then(|| Bearer::of(&tokens))
    }

    /// Tells whether the tokens in memory are still those of the last sign-in, by the session file. What is not saved
    /// is newer than anything in that file.
    pub(super) fn is_current(&self) -> bool {
        let login = self.login();
        let memory = self.memory();
        memory.tokens.is_some() && (memory.unsaved.is_some() || memory.login == login)
    }

    pub(super) fn login(&self) -> Option<String> {
        SessionFile::read(&self.settings).map(|file| file.login)
    }

    pub(super) fn recent_failure(&self) -> Option<Error> {
        let login = self.login();
        let memory = self.memory();
        let failure = memory.failure.as_ref().filter(|failure| failure.login == login)?;
        let pause = Duration::from_secs(if failure.error.kind == Kind::RateLimited { 30 } else { 3 });
        (failure.since.elapsed() < pause).then(|| failure.error.clone())
    }

    /// Writes the session file. It only informs others, so a state folder that cannot be written fails no call.
    pub(super) fn write_file(&self, tokens: &Tokens, state: SignInState) {
        let file = SessionFile { state, ..SessionFile::of(&self.settings, tokens) };
        match file.write(&self.settings) {
            Ok(()) => self.memory().login = Some(file.login),
            Err(error) => tracing::warn!("{}", error.cause),
        }
    }

    /// The caller holds `renewing`. True if nothing remains to be saved.
    pub(super) async fn save_again(&self) -> bool {
        let tokens = {
            let memory = self.memory();
            memory.unsaved.as_ref().and(memory.tokens.clone())
        };
        let Some(tokens) = tokens else { return true };
        if self.store.save(&tokens, QUICK).await.is_err() {
            return false;
        }
        self.write_file(&tokens, SignInState::SignedIn);
        tracing::warn!("the renewed sign-in is saved now");
        self.memory().unsaved = None;
        true
    }
}

pub(super) fn shutting_down() -> Error {
    Error::new(Kind::Unavailable, "aries-mcp is shutting down", "start it again")
}

//! The session: a fresh bearer token for every call, renewed once for all tasks and processes.
//!
//! One loss remains possible: if this process dies between Aries' answer to a refresh and the save, the new refresh
//! token is gone, and the next process has to ask the person to sign in. The gap is one serialisation and one write:
//! the store was opened and read a moment before, and the save is the first thing done with the answer.

mod flow;
mod renewal;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use super::keychain::QUICK;
use super::scope::Scopes;
use super::session_file::{SessionFile, SignInState};
use super::store::Store;
use super::token_endpoint::login_command;
use super::tokens::Tokens;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::os::lock::Lock;
use renewal::Renewal;

pub(crate) use flow::Flow;

/// The access token that a request carries.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// The token itself; it belongs to one API origin.
    pub token: SecretString,
    /// What it may do; `None` if that is unknown (a token from `ARIES_ACCESS_TOKEN` without `ARIES_SCOPES`).
    pub(crate) scopes: Option<Scopes>,
    /// Its end by this machine's clock, if known.
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

/// The sign-in of this process. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Session(Source);

#[derive(Clone)]
enum Source {
    Fixed(Bearer),
    Stored(Arc<Stored>),
}

/// What the tasks of one process share.
struct Stored {
    settings: Settings,
    store: Store,
    memory: Mutex<Memory>,
    /// Held by the one task of this process that loads, renews or saves.
    renewing: tokio::sync::Mutex<()>,
    /// The sign-in that this process has begun for a person in a chat.
    flow: Mutex<Option<flow::Running>>,
}

#[derive(Default)]
struct Memory {
    /// The tokens as last read or received, so that the store is read once.
    tokens: Option<Tokens>,
    /// The sign-in that the session file named at that moment. If it names another one (or none) now, somebody has
    /// signed in or out, and the store is read again.
    login: Option<String>,
    /// The refresh lock, kept while `tokens` could not be saved: nobody else may use the refresh token in the store,
    /// which Aries has replaced.
    unsaved: Option<Lock>,
    /// The last failure, so that a burst of calls asks Aries (ten requests a minute) and the keychain once.
    failure: Option<RecentFailure>,
    /// The process ends: no renewal begins any more.
    is_closing: bool,
}

struct RecentFailure {
    since: tokio::time::Instant,
    /// The sign-in of that moment: another one makes the failure void.
    login: Option<String>,
    error: Error,
}

impl Session {
    /// Makes the session of these settings; it touches nothing until a token is asked for.
    pub fn stored(settings: &Settings) -> Self {
        Self(Source::Stored(Arc::new(Stored {
            store: Store::of(settings),
            settings: settings.clone(),
            memory: Mutex::default(),
            renewing: tokio::sync::Mutex::default(),
            flow: Mutex::default(),
        })))
    }

    /// Makes a session of a ready token, used as it is and never refreshed: `ARIES_ACCESS_TOKEN`, or the embedded Aries.
    pub fn fixed(token: SecretString, scopes: Option<Scopes>) -> Self {
        Self(Source::Fixed(Bearer { token, scopes, expires_at: None }))
    }

    /// Tells whether this is a ready token that cannot be renewed.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self.0, Source::Fixed(_))
    }

    /// Returns a token that can be used now.
    /// Fails with [`Kind::SignIn`] if nobody is signed in or the sign-in is over; otherwise what kept the store or Aries from
    /// answering. Always within about half a minute.
    pub async fn bearer(&self) -> Result<Bearer> {
        match &self.0 {
            Source::Fixed(bearer) => Ok(bearer.clone()),
            Source::Stored(stored) => match stored.in_memory(None) {
                Some(bearer) => Ok(bearer),
                None => stored.renew(None).await,
            },
        }
    }

    /// Returns another token after Aries answered 401 to this one: a newer one that is already here or in the store,
    /// else a renewed one. A call asks for it once.
    /// Fails as [`Session::bearer`]; a ready token cannot be renewed.
    pub async fn renew(&self, rejected: &Bearer) -> Result<Bearer> {
        match &self.0 {
            Source::Fixed(_) => Err(Error::sign_in(
                "Aries does not accept the access token it was given (ARIES_ACCESS_TOKEN); it may have ended",
                "set a new one, or unset it and run `aries-mcp login`",
            )),
            Source::Stored(stored) => match stored.in_memory(Some(&rejected.token)) {
                Some(bearer) => Ok(bearer),
                None => stored.renew(Some(rejected.token.clone())).await,
            },
        }
    }

    /// Returns the scopes as the session file or the ready token knows them; `None` if unknown or signed out. Reads one
    /// small file.
    pub fn granted(&self) -> Option<Scopes> {
        match &self.0 {
            Source::Fixed(bearer) => bearer.scopes.clone(),
            Source::Stored(_) => self.file().map(|file| file.scopes),
        }
    }

    /// Reads the session file; `None` if nobody is signed in, or for a ready token.
    pub fn file(&self) -> Option<SessionFile> {
        match &self.0 {
            Source::Fixed(_) => None,
            Source::Stored(stored) => SessionFile::read(&stored.settings),
        }
    }

    /// Begins a sign-in beside the calls, or tells how far the one begun before has come; answers within 2 s. It opens
    /// the person's browser, so it takes the person's word.
    /// Fails if it cannot be done here; the hint names the way that can.
    pub(crate) async fn sign_in(&self, client_id: Option<&str>) -> Result<Flow> {
        match &self.0 {
            Source::Fixed(_) => Err(Error::new(
                Kind::Refused,
                "this server was started with a ready token or with --sandbox; nobody signs in to it",
                "use the other tools; to change that, the person edits the client's configuration of this server",
            )),
            Source::Stored(stored) => flow::sign_in(stored, client_id).await,
        }
    }

    /// Returns the address of a sign-in for which no browser could be opened here, once: the client may be able to.
    pub(crate) fn unopened_address(&self) -> Option<String> {
        match &self.0 {
            Source::Fixed(_) => None,
            Source::Stored(stored) => flow::unopened_address(stored),
        }
    }

    /// Returns a line for the person if less than a day of the sign-in is left, so that its end is no surprise.
    pub(crate) fn end_warning(&self) -> Option<String> {
        let Source::Stored(stored) = &self.0 else { return None };
        let when = match self.file()?.hours_left(Timestamp::now())? {
            ..=0 => "has ended".to_owned(),
            1 => "ends within the hour".to_owned(),
            hours => format!("ends in {hours} hours"),
        };
        Some(format!("the sign-in {when}; tell the person to run `{}`", login_command(&stored.settings)))
    }

    /// Waits until a running renewal is saved, and lets no new one begin: the process ends. The caller bounds the time.
    pub async fn close(&self) {
        if let Source::Stored(stored) = &self.0 {
            stored.memory().is_closing = true;
            let _renewing = stored.renewing.lock().await;
            stored.save_again().await;
        }
    }
}

impl Stored {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the token in memory, if it is fresh, is not the rejected one, and nobody has signed in or out meanwhile.
    fn in_memory(&self, rejected: Option<&SecretString>) -> Option<Bearer> {
        let tokens = self.memory().tokens.clone()?;
        let usable =
            tokens.is_fresh(Timestamp::now()) && !rejected.is_some_and(|rejected| tokens.is(rejected));
        (usable && self.is_current()).then(|| Bearer::of(&tokens))
    }

    /// Tells whether the tokens in memory are still those of the last sign-in, by the session file. What is not saved
    /// is newer than anything in that file.
    fn is_current(&self) -> bool {
        let login = self.login();
        let memory = self.memory();
        memory.tokens.is_some() && (memory.unsaved.is_some() || memory.login == login)
    }

    /// Returns the name of the sign-in in the session file.
    fn login(&self) -> Option<String> {
        SessionFile::read(&self.settings).map(|file| file.login)
    }

    /// Tells whether any process has met a refused refresh of exactly this sign-in.
    fn is_over(&self, tokens: &Tokens) -> bool {
        SessionFile::read(&self.settings)
            .is_some_and(|file| file.state == SignInState::NeedsLogin && file.login == tokens.login)
    }

    /// Writes the session file. It only informs others, so a state folder that cannot be written fails no call.
    fn write_file(&self, tokens: &Tokens, state: SignInState) {
        let file = SessionFile { state, ..SessionFile::of(&self.settings, tokens) };
        match file.write(&self.settings) {
            Ok(()) => self.memory().login = Some(file.login),
            Err(error) => tracing::warn!("{}", error.cause),
        }
    }

    /// Tries again to save what could not be saved, and releases the lock if it works. The caller holds `renewing`.
    /// Returns true if nothing remains to be saved.
    async fn save_again(&self) -> bool {
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

    /// Loads or renews in a task of its own, so that a cancelled call cannot stop it half-way.
    async fn renew(self: &Arc<Self>, rejected: Option<SecretString>) -> Result<Bearer> {
        let stored = Arc::clone(self);
        let task = tokio::spawn(async move {
            let _renewing = stored.renewing.lock().await;
            Renewal { stored: &stored, rejected: rejected.as_ref() }.run().await
        });
        task.await.unwrap_or_else(|_| Err(shutting_down()))
    }
}

fn shutting_down() -> Error {
    Error::new(Kind::Unavailable, "aries-mcp is shutting down", "start it again")
}

/// How long a failure is answered from memory before Aries or the keychain are asked again.
fn pause_after(error: &Error) -> Duration {
    match error.kind {
        Kind::RateLimited => Duration::from_secs(30),
        _ => Duration::from_secs(3),
    }
}

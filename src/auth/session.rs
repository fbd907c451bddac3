//! The session: a fresh bearer token for every call, renewed once for everybody.
//!
//! What remains possible to lose: if this process dies between Aries' answer to a refresh and the save, a replaced
//! refresh token is gone, and the next process has to ask the person to sign in. The window is one serialisation and
//! one write: the store was opened and read a moment before, and the save is the first thing done with the answer.

mod flow;
mod renewal;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use super::keychain::QUICK;
use super::note::{SessionNote, Standing};
use super::scope::Granted;
use super::store::Store;
use super::token_endpoint::login_command;
use super::tokens::Tokens;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::os::lock::Lock;
use renewal::Renewal;

pub(crate) use flow::Flow;

/// What a request is signed with.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// The access token; belongs to one API origin.
    pub token: SecretString,
    /// What it may do; `None` if nobody said (a token from `ARIES_ACCESS_TOKEN` without `ARIES_SCOPES`).
    pub(crate) scopes: Option<Granted>,
    /// Its end by this machine's clock, if known.
    pub(crate) expires_at: Option<Timestamp>,
}

impl Bearer {
    /// The bearer of these tokens.
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
    /// Held by the one task of this process that loads or renews.
    turn: tokio::sync::Mutex<()>,
    /// The sign-in that this process has begun for a person in a chat.
    flow: Mutex<Option<flow::Begun>>,
}

#[derive(Default)]
struct Memory {
    /// The tokens as last read or received: the store is read once (P18).
    tokens: Option<Tokens>,
    /// The sign-in that the note named at that moment; if it names another one (or none) now, somebody has signed in
    /// or out and the store is read again.
    marker: Option<String>,
    /// The refresh lock, kept while `tokens` could not be saved: nobody else may use the refresh token in the store,
    /// which Aries has replaced.
    unsaved: Option<Lock>,
    /// The last failure, so that a burst of calls asks Aries (ten requests a minute) and the keychain once.
    trouble: Option<Trouble>,
    /// No renewal begins any more: the process ends.
    closing: bool,
}

struct Trouble {
    since: tokio::time::Instant,
    /// A sign-in since then makes it void.
    marker: Option<String>,
    error: Error,
}

impl Session {
    /// The session of these settings; touches nothing until a token is asked for.
    pub fn stored(settings: &Settings) -> Self {
        Self(Source::Stored(Arc::new(Stored {
            store: Store::of(settings),
            settings: settings.clone(),
            memory: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            flow: Mutex::default(),
        })))
    }

    /// A ready token, used as it is and never refreshed: `ARIES_ACCESS_TOKEN`, or the embedded Aries.
    pub fn fixed(token: SecretString, scopes: Option<Granted>) -> Self {
        Self(Source::Fixed(Bearer { token, scopes, expires_at: None }))
    }

    /// Whether this is a ready token that cannot be renewed.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self.0, Source::Fixed(_))
    }

    /// A token that can be used now.
    ///
    /// # Errors
    /// [`Kind::SignIn`] if nobody is signed in or the sign-in is over; otherwise what kept the store or Aries from
    /// answering. Always within about half a minute.
    pub async fn bearer(&self) -> Result<Bearer> {
        match &self.0 {
            Source::Fixed(bearer) => Ok(bearer.clone()),
            Source::Stored(stored) => match stored.at_hand(None) {
                Some(bearer) => Ok(bearer),
                None => stored.renew(None).await,
            },
        }
    }

    /// Another token after Aries answered 401 to this one: a newer one that is already here or in the store, else a
    /// renewed one. To be asked once per call.
    ///
    /// # Errors
    /// As [`Session::bearer`]; a ready token cannot be renewed.
    pub async fn renew(&self, rejected: &Bearer) -> Result<Bearer> {
        match &self.0 {
            Source::Fixed(_) => Err(Error::sign_in(
                "Aries does not accept the access token it was given (ARIES_ACCESS_TOKEN); it may have ended",
                "set a new one, or unset it and run `aries-mcp login`",
            )),
            Source::Stored(stored) => match stored.at_hand(Some(&rejected.token)) {
                Some(bearer) => Ok(bearer),
                None => stored.renew(Some(rejected.token.clone())).await,
            },
        }
    }

    /// The scopes as the note or the fixed token knows them; `None` if unknown or signed out. Touches one small file.
    pub fn granted(&self) -> Option<Granted> {
        match &self.0 {
            Source::Fixed(bearer) => bearer.scopes.clone(),
            Source::Stored(_) => self.note().map(|note| note.scopes),
        }
    }

    /// What the note says; `None` if nobody is signed in, or for a fixed token.
    pub fn note(&self) -> Option<SessionNote> {
        match &self.0 {
            Source::Fixed(_) => None,
            Source::Stored(stored) => SessionNote::read(&stored.settings),
        }
    }

    /// Begins a sign-in beside the calls, or tells how the one begun before stands; within 2 s. Opens the person's
    /// browser, so it is only for their word.
    ///
    /// # Errors
    /// If it cannot be done here; the hint names the way that can.
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

    /// The address of a sign-in for which no browser could be opened here, once: the client may be able to.
    pub(crate) fn unopened(&self) -> Option<String> {
        match &self.0 {
            Source::Fixed(_) => None,
            Source::Stored(stored) => flow::unopened(stored),
        }
    }

    /// A line for the person if less than a day of the sign-in is left, so that its end is no surprise (P13).
    pub(crate) fn ending(&self) -> Option<String> {
        let Source::Stored(stored) = &self.0 else { return None };
        let when = match self.note()?.hours_left(Timestamp::now())? {
            ..=0 => "has ended".to_owned(),
            1 => "ends within the hour".to_owned(),
            hours => format!("ends in {hours} hours"),
        };
        Some(format!("the sign-in {when}; tell the person to run `{}`", login_command(&stored.settings)))
    }

    /// Waits until a renewal that is on its way is saved, and lets no new one begin. For the end of the process;
    /// the caller bounds the time.
    pub async fn settle(&self) {
        if let Source::Stored(stored) = &self.0 {
            stored.memory().closing = true;
            let _turn = stored.turn.lock().await;
            stored.save_again().await;
        }
    }
}

impl Stored {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token in memory, if it is fresh, is not the rejected one, and nobody has signed in or out meanwhile.
    fn at_hand(&self, rejected: Option<&SecretString>) -> Option<Bearer> {
        let tokens = self.memory().tokens.clone()?;
        let usable = tokens.fresh(Timestamp::now()) && !rejected.is_some_and(|rejected| tokens.is(rejected));
        (usable && self.current()).then(|| Bearer::of(&tokens))
    }

    /// Whether the tokens in memory are still those of the last sign-in, by the note. What is not saved is newer
    /// than anything the note tells of.
    fn current(&self) -> bool {
        let marker = self.marker();
        let memory = self.memory();
        memory.tokens.is_some() && (memory.unsaved.is_some() || memory.marker == marker)
    }

    fn marker(&self) -> Option<String> {
        SessionNote::read(&self.settings).map(|note| note.login)
    }

    /// Whether a refused refresh of exactly this sign-in was noted, by any process.
    fn over(&self, tokens: &Tokens) -> bool {
        SessionNote::read(&self.settings)
            .is_some_and(|note| note.standing == Standing::NeedsLogin && note.login == tokens.login)
    }

    /// The note is a hint for others; a state folder that cannot be written is no reason to fail a call.
    fn write_note(&self, tokens: &Tokens, standing: Standing) {
        let note = SessionNote { standing, ..SessionNote::of(&self.settings, tokens) };
        match note.write(&self.settings) {
            Ok(()) => self.memory().marker = Some(note.login),
            Err(error) => tracing::warn!("{}", error.cause),
        }
    }

    /// Tries again to save what could not be saved, and releases the lock if it works. The caller has the turn.
    /// True if nothing remains to be saved.
    async fn save_again(&self) -> bool {
        let tokens = {
            let memory = self.memory();
            memory.unsaved.as_ref().and(memory.tokens.clone())
        };
        let Some(tokens) = tokens else { return true };
        if self.store.save(&tokens, QUICK).await.is_err() {
            return false;
        }
        self.write_note(&tokens, Standing::SignedIn);
        tracing::warn!("the renewed sign-in is saved now");
        self.memory().unsaved = None;
        true
    }

    /// Loads or renews in a task of its own, so that a cancelled call cannot stop it half-way.
    async fn renew(self: &Arc<Self>, rejected: Option<SecretString>) -> Result<Bearer> {
        let stored = Arc::clone(self);
        let task = tokio::spawn(async move {
            let _turn = stored.turn.lock().await;
            Renewal { stored: &stored, rejected: rejected.as_ref() }.run().await
        });
        task.await.unwrap_or_else(|_| Err(stopped()))
    }
}

fn stopped() -> Error {
    Error::new(Kind::Unavailable, "aries-mcp is shutting down", "start it again")
}

/// How long a failure is answered from memory.
fn pause_after(error: &Error) -> Duration {
    match error.kind {
        Kind::RateLimited => Duration::from_secs(30),
        _ => Duration::from_secs(3),
    }
}

//! The session: a fresh bearer token for every call, renewed once for all tasks and processes.
//!
//! One loss remains possible: if this process dies between Aries' answer to a refresh and the save, which is the first
//! thing done with it, the new refresh token is gone, and the next process has to ask the person to sign in.

mod flow;
mod renewal;
mod stored;

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::SecretString;

use super::scope::{Rights, Scopes};
use super::session_file::SessionFile;
use super::token_endpoint::login_command;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::told::Told;
use flow::SignIns;
use stored::Stored;

pub(crate) use flow::{Flow, State};
pub use stored::Bearer;

/// The sign-in of this process. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Session(Source);

#[derive(Clone)]
enum Source {
    Fixed(Bearer),
    Stored { stored: Arc<Stored>, sign_ins: SignIns },
}

impl Session {
    /// Makes the session of these settings; it touches nothing until a token is asked for.
    pub fn stored(settings: &Settings) -> Self {
        let stored = Arc::new(Stored::new(settings));
        Self(Source::Stored { sign_ins: SignIns::of(&stored), stored })
    }

    /// Makes a session of a ready token, used as it is and never refreshed: `ARIES_ACCESS_TOKEN`, or the embedded Aries.
    pub fn fixed(token: SecretString, scopes: Option<Scopes>) -> Self {
        Self(Source::Fixed(Bearer { token, scopes, expires_at: None }))
    }

    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self.0, Source::Fixed(_))
    }

    /// Returns a token that can be used now, within about half a minute. Fails with [`Kind::SignIn`] if nobody is signed
    /// in or the sign-in is over.
    pub async fn bearer(&self) -> Result<Bearer> {
        match &self.0 {
            Source::Fixed(bearer) => Ok(bearer.clone()),
            Source::Stored { stored, .. } => renewal::bearer(stored, None).await,
        }
    }

    /// Returns another token after Aries answered 401 to this one: a newer one that is already here or in the store,
    /// else a renewed one. A call asks for it once.
    pub async fn renew(&self, rejected: &Bearer) -> Result<Bearer> {
        match &self.0 {
            Source::Fixed(_) => Err(Error::sign_in(
                "Aries does not accept the access token it was given (ARIES_ACCESS_TOKEN); it may have ended",
                "set a new one, or unset it and run `aries-mcp login`",
            )),
            Source::Stored { stored, .. } => renewal::bearer(stored, Some(&rejected.token)).await,
        }
    }

    /// Returns the scopes as the session file or the ready token knows them; `None` if unknown or signed out. Reads one
    /// small file.
    pub fn granted(&self) -> Option<Scopes> {
        match &self.0 {
            Source::Fixed(bearer) => bearer.scopes.clone(),
            Source::Stored { .. } => self.file().map(|file| file.scopes),
        }
    }

    /// Reads the session file; `None` if nobody is signed in, or for a ready token.
    pub fn file(&self) -> Option<SessionFile> {
        match &self.0 {
            Source::Fixed(_) => None,
            Source::Stored { stored, .. } => SessionFile::read(&stored.settings),
        }
    }

    /// Names the sign-in: the name changes when somebody signs in or out. `None` where nobody is signed in, or for a ready
    /// token.
    pub(crate) fn login(&self) -> Option<String> {
        self.file().map(|file| file.login)
    }

    /// Begins a sign-in beside the calls, or tells how far the one begun before has come; answers within 2 s. It opens
    /// the person's browser, so it takes the person's word.
    pub(crate) async fn sign_in(&self, client_id: Option<&str>, rights: Rights) -> Result<Flow> {
        match &self.0 {
            Source::Fixed(_) => Err(Error::new(
                Kind::Refused,
                "this server was started with a ready token or with --sandbox; nobody signs in to it",
                Told::pair(
                    "use the other tools; to change that, the person edits the client's configuration of this server",
                    "edit the client's configuration of this server to change that",
                ),
            )),
            Source::Stored { sign_ins, .. } => sign_ins.sign_in(client_id, rights).await,
        }
    }

    pub(crate) fn unopened_address(&self) -> Option<String> {
        match &self.0 {
            Source::Fixed(_) => None,
            Source::Stored { sign_ins, .. } => sign_ins.unopened_address(),
        }
    }

    /// Returns the command that signs the person in.
    pub(crate) fn login_command(&self) -> String {
        match &self.0 {
            Source::Fixed(_) => "aries-mcp login".to_owned(),
            Source::Stored { stored, .. } => login_command(&stored.settings),
        }
    }

    /// Returns a line for the person if less than a day of the sign-in is left, so that its end is no surprise.
    pub(crate) fn end_warning(&self) -> Option<Told> {
        let Source::Stored { stored, .. } = &self.0 else { return None };
        let when = match self.file()?.hours_left(Timestamp::now())? {
            ..=0 => "has ended".to_owned(),
            1 => "ends within the hour".to_owned(),
            hours => format!("ends in {hours} hours"),
        };
        let login = Told::person_to(format!("run `{}`", login_command(&stored.settings)));
        Some(Told::from(format!("the sign-in {when}; ")).and(login))
    }

    /// Waits until a running renewal is saved, and lets no new one begin: the process ends. The caller bounds the time.
    pub async fn close(&self) {
        if let Source::Stored { stored, .. } = &self.0 {
            stored.memory().is_closing = true;
            let _renewing = stored.renewing.lock().await;
            stored.save_again().await;
        }
    }
}

//! The sign-in flow, without a terminal: the command `login` and a tool can both drive it.
//!
//! [`Login::begin`] does everything that can fail before the browser opens; [`Login::url`] is what the person opens;
//! the code comes from [`Login::browser`] or [`Login::pasted`]; [`Login::complete`] stores the result. One sign-in at
//! a time per profile and API; verifier and state never leave this process (P8).

mod key;
mod remember;

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::callback::{Listener, from_paste};
use super::keychain::PATIENT;
use super::locks::{login_lock, refresh_lock};
use super::note::SessionNote;
use super::scope::Granted;
use super::store::Store;
use super::token_endpoint::{Attempt, TokenEndpoint};
use super::tokens::Tokens;
use crate::config::{Settings, TokenStore};
use crate::error::{Error, Result};
use crate::os::lock::{self, Lock};

pub(crate) use key::{checked_id, checked_secret, given_secret, kept_secret};
pub(crate) use remember::refuse_other_api;

/// How long the save may wait for a refresh of another process.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a sign-in is made with.
#[derive(Debug, Clone)]
pub struct Request {
    /// The id of the API key.
    pub client_id: String,
    /// Its secret, if it has one.
    pub client_secret: Option<SecretString>,
    /// What to ask for.
    pub scopes: Granted,
}

/// A sign-in on its way.
pub struct Login {
    settings: Settings,
    store: Store,
    endpoint: TokenEndpoint,
    attempt: Attempt,
    asked: Granted,
    listener: Option<Listener>,
    _one_at_a_time: Lock,
}

/// What a finished sign-in has to tell.
#[derive(Debug)]
pub struct SignedIn {
    /// What is stored now.
    pub tokens: Tokens,
    /// What was asked for and not granted.
    pub missing: Granted,
    /// What went wrong beside the sign-in itself, each a sentence.
    pub warnings: Vec<String>,
}

impl Login {
    /// Tries the store out, makes sure that no other sign-in of this profile is on its way, and makes the address.
    ///
    /// `listener` is bound by the caller (see [`Listener::bind`]), who can offer to paste where the port is taken.
    ///
    /// # Errors
    /// If a sign-in could not be kept, if another one is going on, or if the profile belongs to another API.
    pub async fn begin(settings: &Settings, request: Request, listener: Option<Listener>) -> Result<Self> {
        remember::refuse_other_api(settings)?;
        let Some(one_at_a_time) = lock::acquire(&login_lock(settings), Duration::ZERO).await? else {
            return Err(elsewhere(&settings.profile));
        };
        let store = Store::of(settings);
        // Better now than after the browser, when the consent page may not come a second time.
        store.probe(PATIENT).await?;
        let endpoint = TokenEndpoint::new(settings, &request.client_id, request.client_secret)?;
        let attempt = endpoint.attempt(request.scopes.clone());
        Ok(Self {
            settings: settings.clone(),
            store,
            endpoint,
            attempt,
            asked: request.scopes,
            listener,
            _one_at_a_time: one_at_a_time,
        })
    }

    /// The address of Aries' sign-in page for this attempt.
    pub fn url(&self) -> &Url {
        &self.attempt.url
    }

    /// Whether a browser on this machine can bring the code by itself.
    pub fn listens(&self) -> bool {
        self.listener.is_some()
    }

    /// Waits for the browser on the loopback port.
    ///
    /// # Errors
    /// If the time is over, Aries refused, or there is no listener.
    pub async fn browser(&self, limit: Duration) -> Result<SecretString> {
        match &self.listener {
            Some(listener) => listener.wait(&self.attempt.state, limit).await,
            None => Err(Error::failed("no port is open for the browser", "paste the address you land on")),
        }
    }

    /// The code in an address that the person pasted.
    ///
    /// # Errors
    /// If it is not the right address; the person may try again.
    pub fn pasted(&self, text: &str) -> Result<SecretString> {
        from_paste(text, &self.attempt.state)
    }

    /// Turns the code into tokens, stores them, and remembers the profile.
    ///
    /// # Errors
    /// If Aries refuses the code or the tokens cannot be saved.
    pub async fn complete(self, code: SecretString) -> Result<SignedIn> {
        let Self { settings, store, endpoint, attempt, asked, .. } = self;
        let tokens = endpoint.exchange(attempt, code).await?;
        let warnings = keep(&settings, &store, &tokens).await?;
        Ok(SignedIn { missing: asked.without(&tokens.scopes), warnings, tokens })
    }
}

/// A sign-in of this profile in another process.
pub(super) fn elsewhere(profile: &str) -> Error {
    Error::failed(
        format!("a sign-in of profile {profile} is going on in another window"),
        "finish it in the browser or the terminal where it began, or end it there and try again",
    )
}

/// Store first, note second: who sees the new note finds the new tokens.
async fn keep(settings: &Settings, store: &Store, tokens: &Tokens) -> Result<Vec<String>> {
    let Some(_lock) = lock::acquire(&refresh_lock(settings), PATIENCE).await? else {
        return Err(Error::failed(
            "another aries-mcp process holds the sign-in and does not let go of it",
            "end the other copies of aries-mcp and run `aries-mcp login` again",
        ));
    };
    store.save(tokens, PATIENT).await?;
    let mut warnings = Vec::new();
    let mut tell = |outcome: Result<()>| {
        if let Err(error) = outcome {
            warnings.push(format!("{}; {}", error.cause, error.hint));
        }
    };
    tell(SessionNote::of(settings, tokens).write(settings));
    tell(remember::remember(settings, &tokens.client_id));
    // Old tokens of this profile in a file would outlive the move to the keychain.
    if settings.token_store == TokenStore::Keychain {
        tell(Store::at(settings, TokenStore::File).delete(PATIENT).await);
    }
    Ok(warnings)
}

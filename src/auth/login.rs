//! The sign-in flow, without a terminal: the command `login` and the tool `sign_in` both drive it. [`Login::begin`] does
//! everything that can fail before the browser opens; the code comes from [`Login::browser`] or [`Login::pasted`];
//! [`Login::complete`] stores the result. PKCE verifier and state never leave this process.

mod config_entry;
mod key;

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::callback::{Listener, Outcome, Verdict, from_paste};
use super::keychain::PATIENT;
use super::locks::{login_lock, refresh_lock};
use super::scope::Scopes;
use super::session_file::SessionFile;
use super::store::Store;
use super::token_endpoint::{SignInAttempt, TokenEndpoint};
use super::tokens::Tokens;
use crate::config::{Settings, TokenStore};
use crate::error::{Error, Result};
use crate::os::holder;
use crate::os::lock::{self, Lock};

pub(crate) use config_entry::refuse_other_api;
pub(crate) use key::{checked_id, checked_secret, configured_secret, earlier_secret, stored_secret};

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
    pub scopes: Scopes,
}

/// A sign-in that is running.
pub struct Login {
    settings: Settings,
    store: Store,
    endpoint: TokenEndpoint,
    attempt: SignInAttempt,
    listener: Option<Listener>,
    /// The page of the browser that came back, until it is known how the sign-in ends.
    landed: Mutex<Option<Verdict>>,
    _one_at_a_time: Lock,
}

/// The result of a sign-in.
#[derive(Debug)]
pub struct SignedIn {
    /// What is stored now.
    pub tokens: Tokens,
    /// The scopes that were asked for and not granted.
    pub missing: Scopes,
    /// What went wrong beside the sign-in itself, a sentence each.
    pub warnings: Vec<String>,
}

impl Login {
    /// Tries the store out, makes sure that no other sign-in of this profile is running, and makes the address. The
    /// caller binds `listener`, since it can offer pasting where the port is taken.
    pub async fn begin(settings: &Settings, request: Request, listener: Option<Listener>) -> Result<Self> {
        config_entry::refuse_other_api(settings)?;
        let Some(one_at_a_time) = lock::acquire(&login_lock(settings), Duration::ZERO).await? else {
            return Err(signing_in_elsewhere(&settings.profile, &login_lock(settings)));
        };
        let store = Store::of(settings);
        // Better now than after the browser, when the consent page may not come a second time.
        store.probe(PATIENT).await?;
        let endpoint = TokenEndpoint::new(settings, &request.client_id, request.client_secret)?;
        let attempt = endpoint.begin(request.scopes);
        let settings = settings.clone();
        let landed = Mutex::default();
        Ok(Self { settings, store, endpoint, attempt, listener, landed, _one_at_a_time: one_at_a_time })
    }

    /// Returns the address of Aries' sign-in page for this attempt.
    pub fn url(&self) -> &Url {
        &self.attempt.url
    }

    /// Tells whether a browser on this machine can bring the code by itself.
    pub fn listens(&self) -> bool {
        self.listener.is_some()
    }

    /// Waits for the browser on the loopback port and returns the code.
    pub async fn browser(&self, limit: Duration) -> Result<SecretString> {
        let none = || Error::failed("no port is open for the browser", "paste the address you land on");
        let listener = self.listener.as_ref().ok_or_else(none)?;
        let (code, verdict) = listener.wait(&self.attempt.state, limit).await?;
        *self.landed.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
        Ok(code)
    }

    /// Returns the code in an address that the person pasted; after an error the person may try again.
    pub fn pasted(&self, text: &str) -> Result<SecretString> {
        from_paste(text, &self.attempt.state)
    }

    /// Turns the code into tokens, stores them, and records the profile in the config file. The page in the browser says how
    /// it ended.
    pub async fn complete(self, code: SecretString) -> Result<SignedIn> {
        let landed = self.landed.lock().unwrap_or_else(PoisonError::into_inner).take();
        let done = self.exchange(code).await;
        if let Some(verdict) = landed {
            verdict.tell(if done.is_ok() { Outcome::SignedIn } else { Outcome::Failed }).await;
        }
        done
    }

    async fn exchange(self, code: SecretString) -> Result<SignedIn> {
        let asked = self.attempt.asked.clone();
        let tokens = self.endpoint.exchange(self.attempt, code).await?;
        let warnings = save(&self.settings, &self.store, &tokens).await?;
        Ok(SignedIn { missing: asked.without(&tokens.scopes), warnings, tokens })
    }
}

/// `lock` is the file that the other sign-in holds.
pub(super) fn signing_in_elsewhere(profile: &str, lock: &Path) -> Error {
    let lock = holder::described(lock);
    Error::failed(
        format!("a sign-in of profile {profile} is going on in another window ({lock})"),
        "finish it in the browser or the terminal where it began, or end it there and try again",
    )
}

/// Saves the tokens, then the session file: whoever sees the new file finds the new tokens. Returns warnings.
async fn save(settings: &Settings, store: &Store, tokens: &Tokens) -> Result<Vec<String>> {
    let Some(_lock) = lock::acquire(&refresh_lock(settings), PATIENCE).await? else {
        return Err(Error::failed(
            format!(
                "another process renews the sign-in and does not let go of {}",
                holder::described(&refresh_lock(settings))
            ),
            "end that process and run `aries-mcp login` again",
        ));
    };
    store.save(tokens, PATIENT).await?;
    let mut warnings = Vec::new();
    let mut warn = |outcome: Result<()>| {
        if let Err(error) = outcome {
            warnings.push(format!("{}; {}", error.cause, error.hint));
        }
    };
    warn(SessionFile::of(settings, tokens).write(settings));
    warn(config_entry::record(settings, &tokens.client_id));
    // Old tokens of this profile in a file would outlive the move to the keychain.
    if settings.token_store == TokenStore::Keychain {
        warn(Store::at(settings, TokenStore::File).delete(PATIENT).await);
    }
    Ok(warnings)
}

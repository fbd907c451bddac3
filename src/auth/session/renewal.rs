//! One renewal, step by step. A renewal holds `renewing`, so there is one at a time in this process; the refresh lock
//! makes it one among all processes.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use tokio::time::Instant;

use super::stored::{Bearer, RecentFailure, Stored, shutting_down};
use crate::auth::keychain::QUICK;
use crate::auth::locks::refresh_lock;
use crate::auth::session_file::{SessionFile, SignInState};
use crate::auth::token_endpoint::{TokenEndpoint, ended, login_command};
use crate::auth::tokens::Tokens;
use crate::config::{Settings, TokenStore};
use crate::error::{Error, Kind, Result};
use crate::os::holder;
use crate::os::lock::{self, Lock};
use crate::told::Told;

/// Returns a fresh token that is not the one that Aries answered 401 to. It is loaded or renewed in a task of its own,
/// so that a cancelled call cannot stop that half-way.
pub(super) async fn bearer(stored: &Arc<Stored>, rejected: Option<&SecretString>) -> Result<Bearer> {
    if let Some(bearer) = stored.in_memory(rejected) {
        return Ok(bearer);
    }
    let renewal = Renewal { stored: Arc::clone(stored), rejected: rejected.cloned() };
    tokio::spawn(renewal.run()).await.unwrap_or_else(|_| Err(shutting_down()))
}

struct Renewal {
    stored: Arc<Stored>,
    rejected: Option<SecretString>,
}

impl Renewal {
    async fn run(self) -> Result<Bearer> {
        let _renewing = self.stored.renewing.lock().await;
        // Another task of this process may have renewed while this one waited.
        if let Some(bearer) = self.stored.in_memory(self.rejected.as_ref()) {
            return Ok(bearer);
        }
        if let Some(error) = self.stored.recent_failure() {
            return self.last_of_old_token(error);
        }
        let login = self.stored.login();
        self.load_or_renew().await.or_else(|error| {
            let failure = RecentFailure { since: Instant::now(), login, error: error.clone() };
            self.stored.memory().failure = Some(failure);
            self.last_of_old_token(error)
        })
    }

    async fn load_or_renew(&self) -> Result<Bearer> {
        if !self.stored.save_again().await {
            return self.renew_unsaved().await;
        }
        // The first use reads the store without the lock: usually the token there is fresh.
        if !self.stored.is_current() {
            let loaded = self.load().await?;
            if loaded.is_usable(self.rejected.as_ref()) {
                return Ok(self.adopt(&loaded));
            }
        }
        self.under_lock().await
    }

    async fn under_lock(&self) -> Result<Bearer> {
        let settings = &self.stored.settings;
        let is_closing = || self.stored.memory().is_closing;
        let Some(lock) =
            lock::acquire_unless(&refresh_lock(settings), settings.timing.sign_in_lock, is_closing).await?
        else {
            return Err(Error::new(
                Kind::Unavailable,
                format!(
                    "another process is renewing the sign-in and does not let go of {}",
                    holder::described(&refresh_lock(settings))
                ),
                Told::from("try again in a moment; if it stays so, ")
                    .and(Told::person_to("end that process, which hangs or waits for a locked keychain")),
            ));
        };
        // What another process saved while we waited counts, not what we remember.
        let tokens = self.load().await?;
        if tokens.is_usable(self.rejected.as_ref()) {
            return Ok(self.adopt(&tokens));
        }
        if tokens.refresh.is_none() {
            return Err(Error::sign_in(
                "the access token has ended and Aries gave no refresh token with it",
                format!("run `{}`", login_command(settings)),
            ));
        }
        // Any process may have met a refused refresh of exactly this sign-in.
        let file = SessionFile::read(settings).filter(|file| file.login == tokens.login);
        if file.is_some_and(|file| file.state == SignInState::NeedsLogin) {
            return Err(ended(settings));
        }
        self.prove_writable().await?;
        match self.exchange(&tokens).await {
            Ok(new) => Ok(self.save(new, Some(lock)).await),
            Err(error) if error.kind == Kind::SignIn => self.refused(&tokens, error).await,
            Err(error) => Err(error),
        }
    }

    /// A renewal spends the stored refresh token, so it is not begun where the new one could not be saved.
    async fn prove_writable(&self) -> Result<()> {
        self.stored.store.probe(QUICK).await.map_err(|error| Error {
            cause: format!(
                "the sign-in is not renewed, since the new one could not be saved: {}",
                error.cause
            ),
            ..error
        })
    }

    /// Renews tokens that could not be saved: the store has lost the sign-in already, so nothing more is at risk.
    /// The refresh lock is held already, and memory is newer than the store.
    async fn renew_unsaved(&self) -> Result<Bearer> {
        let tokens = self.stored.memory().tokens.clone();
        let tokens = tokens.ok_or_else(|| ended(&self.stored.settings))?;
        match self.exchange(&tokens).await {
            Ok(new) => Ok(self.save(new, None).await),
            Err(error) => {
                if error.kind == Kind::SignIn {
                    self.stored.write_file(&tokens, SignInState::NeedsLogin);
                    self.stored.memory().unsaved = None;
                }
                Err(error)
            }
        }
    }

    async fn exchange(&self, old: &Tokens) -> Result<Tokens> {
        if self.stored.memory().is_closing {
            return Err(shutting_down());
        }
        let settings = &self.stored.settings;
        let secret = settings.client_secret.clone().or_else(|| old.client_secret.clone());
        TokenEndpoint::new(settings, &old.client_id, secret)?.refresh(old).await
    }

    /// If saving fails, the lock is kept and saving goes on in the background.
    async fn save(&self, new: Tokens, lock: Option<Lock>) -> Bearer {
        let saved = self.stored.store.save(&new, QUICK).await;
        let bearer = self.adopt(&new);
        self.stored.memory().tokens = Some(new.clone());
        match (saved, lock) {
            (Ok(()), _) => {
                self.stored.write_file(&new, SignInState::SignedIn);
                self.stored.memory().unsaved = None;
            }
            (Err(Error { cause, hint, .. }), Some(lock)) => {
                self.stored.memory().unsaved = Some(lock);
                tracing::error!("the renewed sign-in could not be saved and is only in memory: {cause}");
                tracing::error!("{hint}; saving is tried again until it works");
                tokio::spawn(save_until_done(Arc::clone(&self.stored)));
            }
            // The task that saves is running already.
            (Err(_), None) => {}
        }
        bearer
    }

    /// Handles `invalid_grant`: it ends the sign-in only if the store still holds the token that was refused.
    async fn refused(&self, old: &Tokens, error: Error) -> Result<Bearer> {
        let now = self.load().await?;
        if now.same_refresh(old) {
            self.stored.write_file(old, SignInState::NeedsLogin);
            return Err(error);
        }
        if now.is_usable(self.rejected.as_ref()) {
            return Ok(self.adopt(&now));
        }
        Err(Error::new(Kind::Unavailable, "the sign-in was replaced while it was being renewed", "try again"))
    }

    async fn load(&self) -> Result<Tokens> {
        // Read before the store: a sign-in between the two is then noticed at the next use.
        let login = self.stored.login();
        let loaded = self.stored.store.load(QUICK).await?;
        let mut memory = self.stored.memory();
        memory.tokens.clone_from(&loaded);
        memory.login = login;
        // None: another process signed out, or nobody ever signed in.
        loaded.ok_or_else(|| signed_out(&self.stored.settings))
    }

    fn adopt(&self, tokens: &Tokens) -> Bearer {
        self.stored.memory().failure = None;
        Bearer::of(tokens)
    }

    /// Returns the token in memory if it has not quite ended, since that is better than the error.
    fn last_of_old_token(&self, error: Error) -> Result<Bearer> {
        let memory = self.stored.memory();
        let tokens = memory.tokens.as_ref().filter(|tokens| tokens.is_alive(Timestamp::now()));
        tokens.filter(|tokens| !tokens.is_any(self.rejected.as_ref())).map(Bearer::of).ok_or(error)
    }
}

async fn save_until_done(stored: Arc<Stored>) {
    for pause in [1, 2].into_iter().chain(std::iter::repeat(5)) {
        tokio::time::sleep(Duration::from_secs(pause)).await;
        let _renewing = stored.renewing.lock().await;
        if stored.save_again().await {
            return;
        }
    }
}

/// A locked keychain that was never opened also answers that it has no entry, so the error names both.
fn signed_out(settings: &Settings) -> Error {
    let is_keychain = settings.token_store == TokenStore::Keychain && cfg!(target_os = "linux");
    let locked = if is_keychain { " (or its keychain is locked)" } else { "" };
    Error::sign_in(
        format!("nobody is signed in as profile {}{locked}", settings.profile),
        format!("run `{}`", login_command(settings)),
    )
}

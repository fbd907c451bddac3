//! One renewal, step by step (design 4; P1-P3). The caller holds this process's turn.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use tokio::time::Instant;

use super::{Bearer, Stored, Trouble, pause_after, stopped};
use crate::auth::keychain::QUICK;
use crate::auth::locks::refresh_lock;
use crate::auth::note::Standing;
use crate::auth::token_endpoint::{TokenEndpoint, ended, login_command};
use crate::auth::tokens::Tokens;
use crate::config::{Settings, TokenStore};
use crate::error::{Error, Kind, Result};
use crate::os::lock::{self, Lock};

/// How long to wait for the refresh of another process: longer than one exchange may take.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Renewal<'a> {
    pub(super) stored: &'a Arc<Stored>,
    pub(super) rejected: Option<&'a SecretString>,
}

impl Renewal<'_> {
    pub(super) async fn run(&self) -> Result<Bearer> {
        // Another task of this process may have done it while this one waited for its turn.
        if let Some(bearer) = self.stored.at_hand(self.rejected) {
            return Ok(bearer);
        }
        if let Some(error) = self.recent_trouble() {
            return self.make_do(error);
        }
        let marker = self.stored.marker();
        self.load_or_renew().await.or_else(|error| {
            let trouble = Trouble { since: Instant::now(), marker, error: error.clone() };
            self.stored.memory().trouble = Some(trouble);
            self.make_do(error)
        })
    }

    async fn load_or_renew(&self) -> Result<Bearer> {
        if !self.stored.save_again().await {
            return self.with_unsaved().await;
        }
        // The first use reads the store without the lock: usually the token there is fresh.
        if !self.stored.current() {
            let loaded = self.load().await?;
            if self.usable(&loaded) {
                return Ok(self.adopt(&loaded));
            }
        }
        self.under_lock().await
    }

    async fn under_lock(&self) -> Result<Bearer> {
        let path = refresh_lock(&self.stored.settings);
        let closing = || self.stored.memory().closing;
        let Some(lock) = lock::acquire_unless(&path, PATIENCE, closing).await? else {
            return Err(Error::new(
                Kind::Unavailable,
                "another aries-mcp process is renewing the sign-in and has not finished",
                "try again in a moment; if it stays so, look for a process that hangs, or a locked keychain",
            ));
        };
        // What another process saved while we waited counts, not what we remember.
        let tokens = self.load().await?;
        if self.usable(&tokens) {
            return Ok(self.adopt(&tokens));
        }
        if tokens.refresh.is_none() {
            return Err(Error::sign_in(
                "the access token has ended and Aries gave no refresh token with it",
                format!("run `{}`", login_command(&self.stored.settings)),
            ));
        }
        if self.stored.over(&tokens) {
            return Err(ended(&self.stored.settings));
        }
        match self.exchange(&tokens).await {
            Ok(new) => Ok(self.keep(new, Some(lock)).await),
            Err(error) if error.kind == Kind::SignIn => self.refused(&tokens, error).await,
            Err(error) => Err(error),
        }
    }

    /// The lock is held already, and what is in memory is newer than the store.
    async fn with_unsaved(&self) -> Result<Bearer> {
        let tokens = self.stored.memory().tokens.clone();
        let tokens = tokens.ok_or_else(|| ended(&self.stored.settings))?;
        match self.exchange(&tokens).await {
            Ok(new) => Ok(self.keep(new, None).await),
            Err(error) if error.kind == Kind::SignIn => {
                self.stored.write_note(&tokens, Standing::NeedsLogin);
                self.stored.memory().unsaved = None;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    async fn exchange(&self, old: &Tokens) -> Result<Tokens> {
        if self.stored.memory().closing {
            return Err(stopped());
        }
        let settings = &self.stored.settings;
        let secret = settings.client_secret.clone().or_else(|| old.client_secret.clone());
        TokenEndpoint::new(settings, &old.client_id, secret)?.refresh(old).await
    }

    /// Saves first, then tells anybody. If saving fails, the lock is kept and saving goes on in the background.
    async fn keep(&self, new: Tokens, lock: Option<Lock>) -> Bearer {
        let saved = self.stored.store.save(&new, QUICK).await;
        let bearer = self.adopt(&new);
        self.stored.memory().tokens = Some(new.clone());
        match (saved, lock) {
            (Ok(()), _) => {
                self.stored.write_note(&new, Standing::SignedIn);
                self.stored.memory().unsaved = None;
            }
            (Err(error), Some(lock)) => {
                self.stored.memory().unsaved = Some(lock);
                tracing::error!(
                    "the renewed sign-in could not be saved and is only in memory: {}",
                    error.cause
                );
                tracing::error!("{}; saving is tried again until it works", error.hint);
                tokio::spawn(save_until_done(Arc::clone(self.stored)));
            }
            // That task is running already.
            (Err(_), None) => {}
        }
        bearer
    }

    /// Aries said `invalid_grant`. It is believed only if the store still holds the token that was refused.
    async fn refused(&self, old: &Tokens, error: Error) -> Result<Bearer> {
        let now = self.load().await?;
        if now.same_refresh(old) {
            self.stored.write_note(old, Standing::NeedsLogin);
            return Err(error);
        }
        if self.usable(&now) {
            return Ok(self.adopt(&now));
        }
        Err(Error::new(Kind::Unavailable, "the sign-in was replaced while it was being renewed", "try again"))
    }

    /// Reads the store into memory.
    async fn load(&self) -> Result<Tokens> {
        // Read before the store: a sign-in between the two is then noticed at the next use.
        let marker = self.stored.marker();
        let loaded = self.stored.store.load(QUICK).await?;
        let mut memory = self.stored.memory();
        memory.tokens.clone_from(&loaded);
        memory.marker = marker;
        drop(memory);
        // Another process signed out, or nobody ever signed in.
        loaded.ok_or_else(|| signed_out(&self.stored.settings))
    }

    fn usable(&self, tokens: &Tokens) -> bool {
        tokens.fresh(Timestamp::now()) && !self.rejected.is_some_and(|rejected| tokens.is(rejected))
    }

    fn adopt(&self, tokens: &Tokens) -> Bearer {
        self.stored.memory().trouble = None;
        Bearer::of(tokens)
    }

    /// No renewal now; a token that has not quite ended is better than none.
    fn make_do(&self, error: Error) -> Result<Bearer> {
        let tokens = self.stored.memory().tokens.clone();
        let alive = |tokens: &Tokens| {
            tokens.alive(Timestamp::now()) && !self.rejected.is_some_and(|rejected| tokens.is(rejected))
        };
        tokens.filter(alive).map(|tokens| Bearer::of(&tokens)).ok_or(error)
    }

    fn recent_trouble(&self) -> Option<Error> {
        let marker = self.stored.marker();
        let memory = self.stored.memory();
        let trouble = memory.trouble.as_ref()?;
        let recent = trouble.since.elapsed() < pause_after(&trouble.error) && trouble.marker == marker;
        recent.then(|| trouble.error.clone())
    }
}

/// Tries until it works or the process ends.
async fn save_until_done(stored: Arc<Stored>) {
    for pause in [1, 2].into_iter().chain(std::iter::repeat(5)) {
        tokio::time::sleep(Duration::from_secs(pause)).await;
        let _turn = stored.turn.lock().await;
        if stored.save_again().await {
            return;
        }
    }
}

/// `NoEntry` is also what a keychain says that is locked and was never opened, so both are said.
fn signed_out(settings: &Settings) -> Error {
    let locked = match settings.token_store {
        TokenStore::Keychain if cfg!(target_os = "linux") => " (or its keychain is locked)",
        _ => "",
    };
    Error::sign_in(
        format!("nobody is signed in as profile {}{locked}", settings.profile),
        format!("run `{}`", login_command(settings)),
    )
}

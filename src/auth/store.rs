//! Where the tokens of one profile and API are kept: the keychain or a file.

use std::time::Duration;

use super::file_store::FileStore;
use super::keychain::{Keychain, SERVICE};
use super::tokens::Tokens;
use crate::config::{Settings, TokenStore};
use crate::error::Result;

/// The store of one credential.
#[derive(Debug, Clone)]
pub struct Store {
    place: Place,
    owner: String,
}

#[derive(Debug, Clone)]
enum Place {
    Keychain(Keychain),
    File(FileStore),
}

impl Store {
    /// Returns the store that these settings choose; nothing is touched yet.
    pub fn of(settings: &Settings) -> Self {
        Self::at(settings, settings.token_store)
    }

    pub(crate) fn at(settings: &Settings, kind: TokenStore) -> Self {
        let owner = settings.credential_key();
        let place = match kind {
            TokenStore::Keychain => Place::Keychain(Keychain::new(&owner)),
            TokenStore::File => Place::File(FileStore::new(&settings.places.state_dir, &settings.file_key())),
        };
        Self { place, owner }
    }

    pub(crate) fn describe(&self) -> String {
        match &self.place {
            Place::Keychain(keychain) => format!("the keychain, service {SERVICE}, user {}", keychain.user()),
            Place::File(file) => format!("the file {}", file.path().display()),
        }
    }

    /// Reads the stored tokens; `None` if there are none.
    /// Fails if the store is absent, locked, unreadable, or slower than `limit`.
    pub async fn load(&self, limit: Duration) -> Result<Option<Tokens>> {
        let bytes = match &self.place {
            Place::Keychain(keychain) => keychain.read(limit).await?,
            Place::File(file) => file.read()?,
        };
        bytes.map_or(Ok(None), |bytes| Tokens::from_json(&bytes, &self.owner))
    }

    /// Replaces the stored tokens. Callers hold the refresh lock. If it fails, what was stored before usually still
    /// stands.
    pub async fn save(&self, tokens: &Tokens, limit: Duration) -> Result<()> {
        let bytes = tokens.to_json(&self.owner);
        match &self.place {
            Place::Keychain(keychain) => keychain.write(bytes, limit).await,
            Place::File(file) => file.write(&bytes),
        }
    }

    /// Removes the tokens and the client secret. Only `logout` and a later sign-in do this, never a failure.
    pub(crate) async fn delete(&self, limit: Duration) -> Result<()> {
        match &self.place {
            Place::Keychain(keychain) => keychain.delete(limit).await,
            Place::File(file) => file.delete(),
        }
    }

    pub(crate) async fn probe(&self, limit: Duration) -> Result<()> {
        match &self.place {
            Place::Keychain(keychain) => keychain.probe(limit).await,
            Place::File(file) => file.probe(),
        }
    }
}

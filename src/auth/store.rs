//! Where the tokens of one profile and API are kept: the keychain or a file.

use std::time::Duration;

use super::file_store::FileStore;
use super::keychain::{Keychain, SERVICE};
use super::tokens::Tokens;
use crate::config::{Names, Settings, TokenStore};
use crate::error::Result;

/// The store of one credential.
#[derive(Debug, Clone)]
pub struct Store {
    entry: Entry,
    /// Where earlier versions kept the same credential. They are read, and go with the next save.
    earlier: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
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
        let entry = |names: Names| {
            let place = match kind {
                TokenStore::Keychain => Place::Keychain(Keychain::new(&names.owner)),
                TokenStore::File => Place::File(FileStore::new(&settings.places.state_dir, &names.file)),
            };
            Entry { place, owner: names.owner }
        };
        let earlier = settings.earlier_names().into_iter().map(entry).collect();
        Self { entry: entry(settings.names()), earlier }
    }

    pub(crate) fn describe(&self) -> String {
        match &self.entry.place {
            Place::Keychain(keychain) => format!("the keychain, service {SERVICE}, user {}", keychain.user()),
            Place::File(file) => format!("the file {}", file.path().display()),
        }
    }

    /// Reads the stored tokens; `None` if there are none.
    /// Fails if the store is absent, locked, unreadable, or slower than `limit`.
    pub async fn load(&self, limit: Duration) -> Result<Option<Tokens>> {
        for entry in std::iter::once(&self.entry).chain(&self.earlier) {
            if let Some(tokens) = entry.load(limit).await? {
                return Ok(Some(tokens));
            }
        }
        Ok(None)
    }

    /// Replaces the stored tokens. Callers hold the refresh lock. If it fails, what was stored before usually still
    /// stands.
    pub async fn save(&self, tokens: &Tokens, limit: Duration) -> Result<()> {
        let bytes = tokens.to_json(&self.entry.owner);
        match &self.entry.place {
            Place::Keychain(keychain) => keychain.write(bytes, limit).await?,
            Place::File(file) => file.write(&bytes)?,
        }
        for entry in &self.earlier {
            if let Err(error) = entry.delete(limit).await {
                tracing::warn!("an older entry of this sign-in could not be removed: {}", error.cause);
            }
        }
        Ok(())
    }

    /// Removes the tokens and the client secret. Only `logout` and a later sign-in do this, never a failure.
    pub(crate) async fn delete(&self, limit: Duration) -> Result<()> {
        for entry in std::iter::once(&self.entry).chain(&self.earlier) {
            entry.delete(limit).await?;
        }
        Ok(())
    }

    /// Writes something else beside the tokens and removes it: fails if tokens could not be saved now.
    pub(crate) async fn probe(&self, limit: Duration) -> Result<()> {
        match &self.entry.place {
            Place::Keychain(keychain) => keychain.probe(limit).await,
            Place::File(file) => file.probe(),
        }
    }
}

impl Entry {
    async fn load(&self, limit: Duration) -> Result<Option<Tokens>> {
        let bytes = match &self.place {
            Place::Keychain(keychain) => keychain.read(limit).await?,
            Place::File(file) => file.read()?,
        };
        bytes.map_or(Ok(None), |bytes| Tokens::from_json(&bytes, &self.owner))
    }

    async fn delete(&self, limit: Duration) -> Result<()> {
        match &self.place {
            Place::Keychain(keychain) => keychain.delete(limit).await,
            Place::File(file) => file.delete(),
        }
    }
}

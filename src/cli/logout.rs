//! `aries-mcp logout`: forget the sign-in of this profile on this machine.

use std::time::Duration;

use crate::auth::keychain::PATIENT;
use crate::auth::store::Store;
use crate::auth::{SessionFile, locks};
use crate::cli::output::answer;
use crate::config::{Settings, TokenStore};
use crate::error::{Error, Result};
use crate::os::lock;

/// How long a refresh of another process is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Removes tokens, client secret and session note of this profile and API, and says how to revoke the key.
/// Fails if the store cannot be opened; nothing is said to be removed that is not.
pub async fn run(settings: &Settings) -> Result<()> {
    // With the lock: a refresh that is on its way would put the tokens back.
    let Some(_lock) = lock::acquire(&locks::refresh_lock(settings), PATIENCE).await? else {
        return Err(Error::failed(
            format!(
                "another aries-mcp process is renewing the sign-in and does not let go of {}",
                locks::refresh_lock(settings).display()
            ),
            "end the other copies of aries-mcp and try again",
        ));
    };
    let store = Store::of(settings);
    // A damaged entry is there too, and goes.
    let known = store.load(PATIENT).await.map_or(true, |tokens| tokens.is_some());
    store.delete(PATIENT).await?;
    // A file left from before a move to the keychain.
    if settings.token_store == TokenStore::Keychain {
        Store::at(settings, TokenStore::File).delete(PATIENT).await?;
    }
    SessionFile::delete(settings)?;
    if known {
        answer!("Signed out profile {} of {}.", settings.profile, settings.urls.api_origin());
        answer!("Deleted the tokens in {}.", store.describe());
    } else {
        answer!("Nobody was signed in as profile {} of {}.", settings.profile, settings.urls.api_origin());
    }
    answer!("Aries itself still honours the key: to revoke it, delete it in Client Center, API.");
    Ok(())
}

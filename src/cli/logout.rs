//! `aries-mcp logout`: forget the sign-in of this profile on this machine.

use std::time::Duration;

use crate::auth::keychain::PATIENT;
use crate::auth::store::Store;
use crate::auth::{SessionFile, locks};
use crate::cli::output::{answer, waiting};
use crate::config::{Settings, TokenStore};
use crate::error::{Error, Result};
use crate::os::{holder, lock};

/// How long a refresh of another process is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Forgets the sign-in, and says how to revoke the key.
pub(super) async fn run(settings: &Settings) -> Result<()> {
    match forget(settings).await? {
        Some(place) => {
            answer!("Signed out profile {} of {}.", settings.profile, settings.urls.api_origin());
            answer!("Deleted the tokens in {place}.");
            answer!("The key still exists at Aries: to revoke it, delete it in Client Center, API.");
        }
        None => {
            answer!(
                "Nobody was signed in as profile {} of {}.",
                settings.profile,
                settings.urls.api_origin()
            );
        }
    }
    Ok(())
}

/// Removes tokens, client secret and session note of this profile and API. Returns where the tokens lay; `None` if there
/// were none. Fails if the store cannot be opened.
pub async fn forget(settings: &Settings) -> Result<Option<String>> {
    // With the lock: a refresh that is on its way would put the tokens back.
    let file = locks::refresh_lock(settings);
    let locking = lock::acquire(&file, PATIENCE);
    let Some(_lock) = waiting("waiting for another aries-mcp", locking).await? else {
        return Err(Error::failed(
            format!("another process renews the sign-in and does not let go of {}", holder::described(&file)),
            "end that process and try again",
        ));
    };
    let store = Store::of(settings);
    // A damaged entry is there too, and goes.
    let known = waiting("asking the token store", store.load(PATIENT)).await;
    let known = known.map_or(true, |tokens| tokens.is_some());
    waiting("deleting the tokens", store.delete(PATIENT)).await?;
    // A file left from before a move to the keychain.
    if settings.token_store == TokenStore::Keychain {
        Store::at(settings, TokenStore::File).delete(PATIENT).await?;
    }
    SessionFile::delete(settings)?;
    Ok(known.then(|| store.describe()))
}

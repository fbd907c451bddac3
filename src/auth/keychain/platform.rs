//! The keychain of this operating system.
//!
//! `keyring` opens the store once and remembers a failed start for the life of the process: a bus that comes up
//! later is never seen, and a connection that died stays dead. A server lives for days, so after such a failure the
//! store is opened anew, through the same store crate that `keyring` uses, and the call is made once more.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error, Result};
use zeroize::Zeroizing;

use super::parts::Entries;

/// The service name of every entry. Never changes: macOS asks the person again for an item with a new name.
pub(crate) const SERVICE: &str = "aries-mcp";

/// Bytes that one entry may hold. Windows: 2,560, shared with whatever other programs convert to UTF-16, so half of
/// it and a little less (`CRED_MAX_CREDENTIAL_BLOB_SIZE`). The others have no limit that a token could reach.
pub(super) const LIMIT: Option<usize> = if cfg!(windows) { Some(1_200) } else { None };

pub(super) struct Os;

impl Entries for Os {
    fn get(&self, user: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        match with_entry(user, |entry| entry.get_secret()) {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `set_secret` and not `set_password`: the latter stores UTF-16 on Windows, which doubles the size.
    fn set(&self, user: &str, bytes: &[u8]) -> Result<()> {
        with_entry(user, |entry| entry.set_secret(bytes))
    }

    fn remove(&self, user: &str) -> Result<()> {
        match with_entry(user, Entry::delete_credential) {
            Err(Error::NoEntry) => Ok(()),
            outcome => outcome,
        }
    }
}

fn with_entry<T>(user: &str, work: impl Fn(&Entry) -> Result<T>) -> Result<T> {
    let first = keyring::v1::Entry::new(SERVICE, user).and_then(|entry| work(&entry.inner));
    match first {
        // PlatformFailure is also what a read says that races another process's replacement of the item.
        Err(Error::NoDefaultStore | Error::PlatformFailure(_)) => {
            // Why it cannot be opened matters less than that it cannot.
            keyring_core::set_default_store(open().map_err(|_| Error::NoDefaultStore)?);
            work(&Entry::new(SERVICE, user)?)
        }
        outcome => outcome,
    }
}

#[cfg(target_os = "macos")]
fn open() -> Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn open() -> Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn open() -> Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

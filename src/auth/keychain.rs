//! Tokens in the OS keychain: macOS Keychain, Windows Credential Manager, Secret Service on Linux.
//!
//! Every call blocks and may show a dialog for minutes, so it runs on a thread of its own with a time limit. Calls run
//! one at a time: Windows does not order calls from several threads, and a call that outlived its limit must not finish
//! after a later one.

mod parts;
mod platform;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use keyring_core::Error as KeyringError;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::os::blocking;

pub(crate) use platform::SERVICE;

/// How long a running server waits for the keychain: a locked one answers within 3 seconds.
pub(crate) const QUICK: Duration = Duration::from_secs(3);
/// How long a command waits with a person in front of it, who may have to answer a dialog.
pub(crate) const PATIENT: Duration = Duration::from_secs(30);

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[derive(Debug, Clone)]
pub(crate) struct Keychain {
    user: String,
}

impl Keychain {
    pub(crate) fn new(credential_key: &str) -> Self {
        Self { user: credential_key.to_owned() }
    }

    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    pub(crate) async fn read(&self, limit: Duration) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.run(limit, |user| parts::read(&platform::Os, user)).await
    }

    /// Callers hold the refresh lock. If it fails, the old content still stands, or the new one already does.
    pub(crate) async fn write(&self, bytes: Zeroizing<Vec<u8>>, limit: Duration) -> Result<()> {
        self.run(limit, move |user| parts::write(&platform::Os, user, &bytes, platform::LIMIT)).await
    }

    pub(crate) async fn delete(&self, limit: Duration) -> Result<()> {
        self.run(limit, |user| parts::delete(&platform::Os, user)).await
    }

    /// Writes, reads and removes an entry of its own: if that fails, a sign-in could not be kept either.
    pub(crate) async fn probe(&self, limit: Duration) -> Result<()> {
        let probe = Self { user: format!("{}#probe", self.user) };
        let content = format!("probe of process {}", std::process::id()).into_bytes();
        probe.write(Zeroizing::new(content.clone()), limit).await?;
        let back = probe.read(limit).await?;
        probe.delete(limit).await?;
        back.filter(|back| **back == content).map(drop).ok_or_else(|| {
            Error::failed(
                "the keychain did not give back what was written to it",
                "unlock it and try again, or set ARIES_TOKEN_STORE=file to keep tokens in a file that only you can read",
            )
        })
    }

    async fn run<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&str) -> std::result::Result<T, KeyringError> + Send + 'static,
    ) -> Result<T> {
        let user = self.user.clone();
        let ended = blocking::run(Some(limit), move || {
            let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
            work(&user)
        });
        let outcome = ended.await.ok_or_else(|| {
            Error::failed(
                format!("the keychain did not answer within {} seconds; it may be locked", limit.as_secs()),
                "unlock it (a dialog may be waiting behind other windows) and try again",
            )
        })?;
        outcome.map_err(|error| explain(&error))
    }
}

/// Puts a keyring error into words of ours; none is shown as it is, since some carry the secret in their `Debug` form.
fn explain(error: &KeyringError) -> Error {
    let file = "or run `aries-mcp login` with ARIES_TOKEN_STORE=file to keep tokens in a file that only you can read";
    match error {
        KeyringError::NoDefaultStore => Error::failed(
            "there is no keychain here: no Secret Service answers on this session's D-Bus",
            format!("start one (gnome-keyring, KWallet or KeePassXC), {file}"),
        ),
        KeyringError::NoStorageAccess(why) => Error::failed(
            format!("the keychain is locked or refused access: {why}"),
            format!("unlock it, {file}"),
        ),
        KeyringError::PlatformFailure(why) => {
            Error::failed(format!("the keychain failed: {why}"), format!("see whether it runs, {file}"))
        }
        KeyringError::Ambiguous(_) => Error::failed(
            format!("the keychain holds several entries named {SERVICE} for this profile"),
            "remove them with the system's keychain program and run `aries-mcp login` again",
        ),
        KeyringError::BadEncoding(_) | KeyringError::BadDataFormat(..) | KeyringError::BadStoreFormat(_) => {
            let hint = "run `aries-mcp login` again; it replaces the entry";
            Error::failed("the entry in the keychain is damaged", hint)
        }
        _ => Error::failed("the keychain cannot store this", format!("report this as a bug, {file}")),
    }
}

#[cfg(test)]
mod tests {
    use super::parts::Entries;
    use super::*;

    #[test]
    fn no_secret_in_any_error() {
        for error in [
            KeyringError::BadEncoding(b"hush".to_vec()),
            KeyringError::BadDataFormat(b"hush".to_vec(), "why".into()),
            KeyringError::NoDefaultStore,
        ] {
            let error = explain(&error);
            assert!(!format!("{error} {error:?}").contains("hush") && !format!("{error:?}").contains("104"));
        }
    }

    /// Run it as `.ci/run` does: inside `dbus-run-session`, with an unlocked gnome-keyring.
    #[tokio::test]
    #[ignore = "needs gnome-keyring in a private D-Bus session"]
    async fn a_real_secret_service_keeps_long_tokens() {
        let keychain = Keychain::new("test@http://127.0.0.1:1");
        keychain.probe(PATIENT).await.unwrap();
        assert!(keychain.read(QUICK).await.unwrap().is_none());
        for length in [3_000, 8_000, 1] {
            let content = "t".repeat(length).into_bytes();
            keychain.write(Zeroizing::new(content.clone()), QUICK).await.unwrap();
            assert_eq!(**keychain.read(QUICK).await.unwrap().unwrap(), content);
        }
        // The split form that Windows needs works on a real store too.
        let long = vec![b'x'; 6_500];
        for content in [&long[..], &long[..2_000], b"short"] {
            parts::write(&platform::Os, "split@test", content, Some(1_200)).unwrap();
            assert_eq!(&**parts::read(&platform::Os, "split@test").unwrap().unwrap(), content);
        }
        // A part that somebody has changed is no part of a token.
        parts::write(&platform::Os, "split@test", &long, Some(1_200)).unwrap();
        platform::Os.set("split@test#a1", b"changed").unwrap();
        assert!(parts::read(&platform::Os, "split@test").is_err());
        parts::delete(&platform::Os, "split@test").unwrap();
        keychain.delete(QUICK).await.unwrap();
        assert!(keychain.read(QUICK).await.unwrap().is_none());
    }
}

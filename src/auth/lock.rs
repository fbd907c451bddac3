//! Locks between processes: the lock file of a credential.
//!
//! The operating system releases such a lock when its holder ends, however it ends, so a crash leaves none behind.
//! The files themselves stay: removing one would let two processes hold locks on two files of one name.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::Instant;

use super::private_file;
use crate::config::{Settings, TokenStore};
use crate::error::{Error, Kind, Result};

/// How often a held lock is tried again. A refresh takes some hundred milliseconds.
const POLL: Duration = Duration::from_millis(20);

/// How the lock files of sign-ins end.
const LOGIN: &str = ".login.lock";

/// Released when dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// The lock around "read the store again, refresh, save". Its path follows the credential: two processes that share
/// a keychain item share it, whatever their variables say; a token file has it beside itself.
pub(crate) fn refresh_lock(settings: &Settings) -> PathBuf {
    folder(settings).join(format!("{}.refresh.lock", settings.file_key()))
}

/// Held during a login: one at a time per profile and API.
pub(crate) fn login_lock(settings: &Settings) -> PathBuf {
    folder(settings).join(format!("{}{LOGIN}", settings.file_key()))
}

/// The profile of a sign-in that is on its way on this machine, whichever profile and store it belongs to.
pub(crate) async fn signing_in(settings: &Settings) -> Option<String> {
    let folders = [settings.places.lock_dir.clone(), settings.places.state_dir.clone()];
    let look = move || {
        let files = folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten();
        files.into_iter().find_map(|file| {
            let name = file.file_name().into_string().ok()?;
            let (profile, _) = name.strip_suffix(LOGIN)?.split_once('@')?;
            held(&file.path()).then(|| profile.to_owned())
        })
    };
    tokio::task::spawn_blocking(look).await.ok().flatten()
}

/// Whether a sign-in holds this lock.
pub(crate) async fn login_held(path: &Path) -> bool {
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || held(&path)).await.unwrap_or(false)
}

/// Unlike a try to take it, this leaves no file behind.
fn held(path: &Path) -> bool {
    let file = OpenOptions::new().read(true).write(true).open(path);
    file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

fn folder(settings: &Settings) -> &Path {
    match settings.token_store {
        TokenStore::Keychain => &settings.places.lock_dir,
        TokenStore::File => &settings.places.state_dir,
    }
}

/// Takes the lock, waiting at most `patience`; `None` if another process holds it all that time.
///
/// # Errors
/// If the lock file cannot be created or the file system has no locks.
pub(crate) async fn acquire(path: &Path, patience: Duration) -> Result<Option<Lock>> {
    acquire_unless(path, patience, || false).await
}

/// As [`acquire`], and gives up as soon as `stop` says so.
///
/// # Errors
/// As [`acquire`].
pub(crate) async fn acquire_unless(
    path: &Path,
    patience: Duration,
    stop: impl Fn() -> bool,
) -> Result<Option<Lock>> {
    let give_up = Instant::now() + patience;
    loop {
        let path = path.to_owned();
        // Each try is short, so nothing hangs on the blocking pool while another process works.
        let tried = tokio::task::spawn_blocking(move || try_once(&path)).await;
        let tried =
            tried.unwrap_or_else(|_| Err(Error::new(Kind::Unavailable, "shutting down", "try again")))?;
        if tried.is_some() || Instant::now() >= give_up || stop() {
            return Ok(tried);
        }
        tokio::time::sleep(POLL).await;
    }
}

fn try_once(path: &Path) -> Result<Option<Lock>> {
    let failed = |error: &std::io::Error| {
        Error::failed(
            format!("cannot lock {}: {error}", path.display()),
            "check that the folder can be written and lies on a local disk; ARIES_STATE_DIR moves it for the file store",
        )
    };
    if let Some(folder) = path.parent() {
        private_file::create_folder(folder).map_err(|error| failed(&error))?;
    }
    let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    let file = open.map_err(|error| failed(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_holder_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/lock");
        let held = acquire(&path, Duration::ZERO).await.unwrap();
        assert!(held.is_some());
        assert!(acquire(&path, Duration::ZERO).await.unwrap().is_none());
        let waiter = tokio::spawn({
            let path = path.clone();
            async move { acquire(&path, Duration::from_secs(30)).await.unwrap().is_some() }
        });
        drop(held);
        assert!(waiter.await.unwrap());
    }
}

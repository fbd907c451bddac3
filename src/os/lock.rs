//! Locks between processes, on files. The operating system releases one when its holder ends, however it ends. The
//! files stay: removing one would let two processes hold locks on two files of one name.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use super::atomic_file;
use crate::error::{Error, Result};

/// How often a held lock is tried again. Holders keep a lock for some hundred milliseconds.
const POLL: Duration = Duration::from_millis(20);

/// How long one try may take at least, whatever the patience: a disk that is busy is not one that hangs.
const LEAST: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Takes the lock, waiting at most `patience`; `None` if another process holds it all that time.
pub(crate) async fn acquire(path: &Path, patience: Duration) -> Result<Option<Lock>> {
    acquire_unless(path, patience, || false).await
}

/// Takes the lock like [`acquire`], and gives up as soon as `stop` returns true.
pub(crate) async fn acquire_unless(
    path: &Path,
    patience: Duration,
    stop: impl Fn() -> bool,
) -> Result<Option<Lock>> {
    let give_up = Instant::now() + patience;
    loop {
        // Off the runtime's thread: on a file system that hangs, its clock must go on, and the wait must end.
        let file = path.to_owned();
        let trying = tokio::task::spawn_blocking(move || try_once(&file));
        let end = give_up.max(Instant::now() + LEAST);
        let Ok(tried) = tokio::time::timeout_at(end, trying).await else { return Ok(None) };
        let tried = tried.map_err(io::Error::other);
        let tried = tried.and_then(|tried| tried).map_err(|error| {
            Error::failed(
                format!("cannot lock {}: {error}", path.display()),
                "check that the folder can be written and lies on a local disk; ARIES_STATE_DIR moves it for the file store",
            )
        })?;
        if tried.is_some() || Instant::now() >= give_up || stop() {
            return Ok(tried);
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Tells whether another process holds the lock. Unlike a try to take it, this leaves no file behind.
pub(crate) fn is_held(path: &Path) -> bool {
    let file = OpenOptions::new().read(true).write(true).open(path);
    file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

fn try_once(path: &Path) -> io::Result<Option<Lock>> {
    if let Some(folder) = path.parent() {
        atomic_file::create_folder(folder)?;
    }
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
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

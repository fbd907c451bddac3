//! Tokens in a file, for machines without a keychain. The person chooses it; the program never falls back to it.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::os::atomic_file;

/// One file, mode 0600, in a folder of mode 0700.
#[derive(Debug, Clone)]
pub(super) struct FileStore {
    path: PathBuf,
}

impl FileStore {
    /// Names the file of one credential; nothing is touched yet.
    pub(super) fn new(state_dir: &Path, file_key: &str) -> Self {
        Self { path: state_dir.join("credentials").join(format!("{file_key}.json")) }
    }

    /// Where the file is or would be.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the content; `None` if nothing is stored.
    /// Fails if others may read the file, since they may know the tokens already, or if it cannot be read.
    pub(super) async fn read(&self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.run(|path| {
            refuse_if_shared(path)?;
            atomic_file::read(path).map_err(|error| cannot("read", path, &error))
        })
        .await
    }

    /// Replaces the content. Callers hold the refresh lock.
    /// Fails if it cannot be written; the old content then still stands.
    pub(super) async fn write(&self, bytes: Zeroizing<Vec<u8>>) -> Result<()> {
        self.run(move |path| {
            atomic_file::write(path, &bytes)
                .and_then(|()| close_folder(path))
                .map_err(|error| cannot("write", path, &error))
        })
        .await
    }

    /// Removes the file.
    /// Fails if it is there and cannot be removed.
    pub(super) async fn delete(&self) -> Result<()> {
        self.run(|path| atomic_file::delete(path).map_err(|error| cannot("remove", path, &error))).await
    }

    /// Writes, reads and removes a file beside the real one.
    /// Fails if any of it fails: then a sign-in could not be kept either.
    pub(super) async fn probe(&self) -> Result<()> {
        let probe = Self { path: self.path.with_extension("probe") };
        probe.write(Zeroizing::new(b"probe".to_vec())).await?;
        probe.read().await?;
        probe.delete().await?;
        // A file that others can read would be refused later; say so before the browser opens.
        self.run(refuse_if_shared).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let path = self.path.clone();
        let ended = tokio::task::spawn_blocking(move || work(&path)).await;
        ended.unwrap_or_else(|_| {
            Err(Error::failed("the token file was left alone: shutting down", "try again"))
        })
    }
}

fn cannot(verb: &str, path: &Path, error: &std::io::Error) -> Error {
    Error::failed(
        format!("cannot {verb} the token file {}: {error}", path.display()),
        "check the free space and the owner of that folder, or set ARIES_STATE_DIR",
    )
}

#[cfg(unix)]
fn refuse_if_shared(path: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let Ok(found) = std::fs::metadata(path) else { return Ok(()) };
    if found.mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(Error::failed(
        format!("others may read the token file {} (mode {:o})", path.display(), found.mode() & 0o777),
        format!(
            "run `chmod 600 {}`, or `aries-mcp logout` and sign in again if others use this machine",
            path.display()
        ),
    ))
}

#[cfg(not(unix))]
fn refuse_if_shared(_path: &Path) -> Result<()> {
    Ok(())
}

/// Closes the folder to other users, even if it was made by hand with a wider mode.
fn close_folder(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(folder, mode)?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keeps_and_forgets() {
        let dir = tempfile::tempdir().unwrap();
        let store = FileStore::new(dir.path(), "default@x");
        store.probe().await.unwrap();
        assert!(store.read().await.unwrap().is_none());
        store.write(Zeroizing::new(vec![7; 9000])).await.unwrap();
        assert_eq!(store.read().await.unwrap().unwrap().len(), 9000);
        store.delete().await.unwrap();
        assert!(store.read().await.unwrap().is_none());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_readable_file_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let store = FileStore::new(dir.path(), "default@x");
        store.write(Zeroizing::new(b"{}".to_vec())).await.unwrap();
        std::fs::set_permissions(store.path(), std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = store.read().await.unwrap_err();
        assert!(error.hint.contains("chmod 600"), "{error}");
    }
}

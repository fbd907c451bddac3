//! Tokens in a file, for machines without a keychain. The person chooses it; the program never falls back to it.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::os::atomic_file;

#[derive(Debug, Clone)]
pub(super) struct FileStore {
    path: PathBuf,
}

impl FileStore {
    pub(super) fn new(state_dir: &Path, file_key: &str) -> Self {
        Self { path: state_dir.join("credentials").join(format!("{file_key}.json")) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Fails if others may read the file, since they may know the tokens already.
    pub(super) fn read(&self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        refuse_if_shared(&self.path)?;
        atomic_file::read(&self.path).map_err(|error| self.failed("read", &error))
    }

    /// Replaces the content. Callers hold the refresh lock. If it fails, the old content still stands.
    pub(super) fn write(&self, bytes: &[u8]) -> Result<()> {
        let written = atomic_file::write(&self.path, bytes).and_then(|()| close_folder(&self.path));
        written.map_err(|error| self.failed("write", &error))
    }

    pub(super) fn delete(&self) -> Result<()> {
        atomic_file::delete(&self.path).map_err(|error| self.failed("remove", &error))
    }

    /// Writes, reads and removes a file beside the real one: if that fails, a sign-in could not be kept either.
    pub(super) fn probe(&self) -> Result<()> {
        let probe = Self { path: self.path.with_extension("probe") };
        // As much as a sign-in takes: a disk may have room for a word.
        probe.write(&[b' '; 16 * 1024])?;
        probe.read()?;
        probe.delete()?;
        // A file that others can read would be refused later; say so before the browser opens.
        refuse_if_shared(&self.path)
    }

    fn failed(&self, verb: &str, error: &std::io::Error) -> Error {
        atomic_file::failed(&format!("{verb} the token file"), &self.path, error)
    }
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

    #[test]
    fn keeps_and_forgets() {
        let dir = tempfile::tempdir().unwrap();
        let store = FileStore::new(dir.path(), "default@x");
        store.probe().unwrap();
        assert!(store.read().unwrap().is_none());
        store.write(&[7; 9000]).unwrap();
        assert_eq!(store.read().unwrap().unwrap().len(), 9000);
        store.delete().unwrap();
        assert!(store.read().unwrap().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_readable_file_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let store = FileStore::new(dir.path(), "default@x");
        store.write(b"{}").unwrap();
        std::fs::set_permissions(store.path(), std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = store.read().unwrap_err();
        assert!(error.hint.to_string().contains("chmod 600"), "{error}");
    }
}

//! Files that only this user can read, replaced whole or not at all.

use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use tempfile::{NamedTempFile, PersistError};
use zeroize::Zeroizing;

use crate::error::Error;

/// How often, and with which pause, a file is put into its place that another process keeps open.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(10);

/// Creates a folder (and those above it) that only this user can enter.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file so that a reader, and a crash at any moment, finds either the old content or the new. Callers hold a
/// lock: what a crash leaves beside the file has a fixed name, which the next write replaces and [`delete`] removes.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_folder(folder)?;
    let beside = beside(path);
    remove(&beside)?;
    let name = beside.file_name().expect("its name ends with .new");
    // Made with mode 0600, and removed if anything below fails: the old file then still stands.
    let mut file = tempfile::Builder::new().prefix(name).rand_bytes(0).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    put(file, path)?;
    // The rename itself survives a power cut only once the folder is on disk; not every file system can do that.
    #[cfg(unix)]
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Replaces a file of another program: where a link leads, with the mode that the old one has.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_like(path, path, bytes)
}

/// The same for a file that is to have the mode of another one.
pub(crate) fn replace_like(model: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.prefix(".aries-mcp-").tempfile_in(folder)?;
    if let Ok(old) = std::fs::metadata(model) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    put(file, &target)
}

/// Puts a written file into the place of another. Windows refuses that while any process has the old one open, as every
/// reader and every virus scanner has for a moment.
fn put(mut file: NamedTempFile, path: &Path) -> io::Result<()> {
    for _ in 1..TRIES {
        match file.persist(path) {
            Err(PersistError { error, file: back }) if is_open_elsewhere(&error) => file = back,
            put => return put.map(drop).map_err(|failed| failed.error),
        }
        std::thread::sleep(PAUSE);
    }
    file.persist(path).map(drop).map_err(|failed| failed.error)
}

fn is_open_elsewhere(error: &io::Error) -> bool {
    // ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION.
    cfg!(windows) && matches!(error.raw_os_error(), Some(5 | 32))
}

pub(crate) fn read(path: &Path) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // One allocation: a growing vector would leave copies of a secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(16 * 1024));
    file.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Removes a file and what a crash may have left beside it; a missing one is no error.
pub(crate) fn delete(path: &Path) -> io::Result<()> {
    remove(&beside(path))?;
    remove(path)
}

pub(crate) fn failed(verb: &str, path: &Path, error: &io::Error) -> Error {
    Error::failed(
        format!("cannot {verb} {}: {error}", path.display()),
        "check the free space and the owner of that folder, or set ARIES_STATE_DIR",
    )
}

fn beside(path: &Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_whole_and_survives_a_leftover() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/er/file");
        write(&path, b"old").unwrap();
        std::fs::write(beside(&path), b"half of a crashed wri").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(&**read(&path).unwrap().unwrap(), b"new");
        assert!(!beside(&path).exists());
        delete(&path).unwrap();
        delete(&path).unwrap();
        assert!(read(&path).unwrap().is_none());
    }

    #[test]
    fn a_file_that_others_read_all_the_time_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        write(&path, b"content 0").unwrap();
        std::thread::scope(|scope| {
            let writer =
                scope.spawn(|| (0..40).try_for_each(|n| write(&path, format!("content {n}").as_bytes())));
            while !writer.is_finished() {
                let bytes = read(&path).unwrap().unwrap();
                assert!(bytes.starts_with(b"content "), "{bytes:?}");
            }
            writer.join().unwrap().unwrap();
        });
        assert_eq!(&**read(&path).unwrap().unwrap(), b"content 39");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sub/file");
        write(&path, b"x").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
}

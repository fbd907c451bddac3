//! The folder of a practice process below the temporary folder. It goes with the process; where that was killed, the next
//! one that begins removes what was left.

use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use super::{atomic_file, hex, random};
use crate::error::Result;

const PREFIX: &str = "aries-mcp-sandbox-";
/// A process that lives holds the lock on this file of its folder.
const ALIVE: &str = "alive.lock";
/// So old is a folder without that file if it is left over, and not being made just now.
const FORGOTTEN: Duration = Duration::from_secs(3_600);

#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
    /// `None` only while it is being dropped.
    alive: Option<File>,
}

/// Returns the path of this process's folder, which no other process has or had.
pub(crate) fn of_this_process() -> Result<PathBuf> {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    let name = format!("{PREFIX}{}", hex::encode(&random::bytes::<5>()?));
    Ok(PATH.get_or_init(|| std::env::temp_dir().join(name)).clone())
}

impl Scratch {
    /// Makes the folder, and removes those beside it whose process is gone.
    pub(crate) fn begin(path: &Path) -> io::Result<Self> {
        path.parent().into_iter().for_each(sweep);
        atomic_file::create_folder(path)?;
        // Locked before it has its name: nobody takes a folder that has just been made for one that was left.
        let unnamed = path.join("new");
        let file = File::create_new(&unnamed)?;
        file.lock()?;
        std::fs::rename(&unnamed, path.join(ALIVE))?;
        Ok(Self { path: path.to_owned(), alive: Some(file) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Windows removes no file that is open.
        drop(self.alive.take());
        // What cannot be removed now is left to the next process.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

fn sweep(place: &Path) {
    let entries = std::fs::read_dir(place).into_iter().flatten().filter_map(io::Result::ok);
    for entry in entries.filter(|entry| is_name(&entry.file_name())) {
        if is_left(&entry.path()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn is_name(name: &OsStr) -> bool {
    let rest = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_hexdigit() || c == '-'))
}

/// Whether a folder is this user's and its process is gone. A link is never followed.
fn is_left(folder: &Path) -> bool {
    let Ok(found) = std::fs::symlink_metadata(folder) else { return false };
    if !found.is_dir() || !is_of_this_user(&found) {
        return false;
    }
    let alive = folder.join(ALIVE);
    match std::fs::symlink_metadata(&alive) {
        Ok(file) => file.is_file() && is_free(&alive),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let age = found.modified().ok().and_then(|at| at.elapsed().ok());
            age.is_some_and(|age| age > FORGOTTEN)
        }
        Err(_) => false,
    }
}

/// Whether the lock could be had, which is let go at once.
fn is_free(lock: &Path) -> bool {
    let file = OpenOptions::new().read(true).write(true).open(lock);
    file.is_ok_and(|file| file.try_lock().is_ok())
}

#[cfg(unix)]
fn is_of_this_user(found: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(found) == nix::unistd::geteuid().as_raw()
}

/// The temporary folder of Windows is each user's own.
#[cfg(not(unix))]
fn is_of_this_user(_found: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(place: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(place).unwrap();
        let name = |entry: io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<_> = entries.map(|entry| name(entry).replace(PREFIX, "")).collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_killed_process_left_goes_and_what_lives_stays() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(format!("{PREFIX}{name}"));
        let living = Scratch::begin(&at("1-a")).unwrap();
        // As if killed: the lock is free and the folder is there.
        std::fs::create_dir_all(at("2-b").join("inside")).unwrap();
        std::fs::write(at("2-b").join(ALIVE), "").unwrap();
        // One that is being made, and one whose name is not ours.
        std::fs::create_dir(at("3-c")).unwrap();
        std::fs::create_dir(at("mine")).unwrap();
        std::fs::write(at("mine").join(ALIVE), "").unwrap();
        let next = Scratch::begin(&at("4-d")).unwrap();
        assert_eq!(names(place.path()), ["1-a", "3-c", "4-d", "mine"]);
        drop((living, next));
        assert_eq!(names(place.path()), ["3-c", "mine"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let (place, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let at = |name: &str| place.path().join(format!("{PREFIX}{name}"));
        std::fs::write(elsewhere.path().join(ALIVE), "").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), at("1-a")).unwrap();
        std::fs::create_dir(at("2-b")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path().join(ALIVE), at("2-b").join(ALIVE)).unwrap();
        drop(Scratch::begin(&at("3-c")).unwrap());
        assert_eq!(names(place.path()), ["1-a", "2-b"]);
        assert!(elsewhere.path().join(ALIVE).exists());
    }
}

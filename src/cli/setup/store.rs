//! Reads and replaces the files of clients. The copy beside a file is the file as it was before this program came in
//! last.

use std::io;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::plan::Outcome;
use crate::cli::clients::disk;
use crate::cli::clients::server::quoted;
use crate::cli::clients::{Client, Shape};
use crate::error::{Error, Result};
use crate::os::atomic_file;
use crate::told::Told;

/// A client's file as it lies on the disk.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) path: PathBuf,
    /// `None` if there is no such file.
    pub(super) text: Option<String>,
    /// The text of the copy, if there is one.
    pub(super) before: Option<String>,
}

/// The copy that lies beside a file after it was replaced.
#[derive(Debug)]
pub(super) enum Copy {
    /// It is the file as it was until this run.
    OfNow(PathBuf),
    /// It is older, from this moment.
    Older(PathBuf, Option<Zoned>),
}

/// Whether the file, as it is now, is what it was before this program came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// It is: a copy of another time is replaced.
    Anew,
    /// It is not, or that is not known: only a missing copy is made.
    IfNone,
}

impl Stored {
    pub(super) fn read(path: PathBuf) -> Result<Self> {
        let text = read(&path)?;
        let before = read(&copy_of(&path))?;
        Ok(Self { path, text, before })
    }

    /// The text, which is empty where there is no file.
    pub(super) fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// The file before this program came in, as far as that is known.
    pub(super) fn before(&self, client: &Client) -> Option<&str> {
        // Somebody had made what a link leads to, and neither it nor the link is deleted.
        let behind_link = || match client.shape {
            Shape::Json(_) => "{}\n",
            Shape::Toml | Shape::Yaml => "",
        };
        self.before.as_deref().or_else(|| self.path.is_symlink().then(behind_link))
    }

    /// Fails if the person has protected the file against changes.
    pub(super) fn allows(&self, outcome: &Outcome) -> Result<()> {
        let is_protected = std::fs::metadata(&self.path).is_ok_and(|found| found.permissions().readonly());
        if !is_protected || matches!(outcome, Outcome::Stays | Outcome::ByHand(..)) {
            return Ok(());
        }
        let path = self.path.display();
        let step = match cfg!(windows) {
            true => "take the mark read-only from it".to_owned(),
            false => format!("run `chmod u+w {}`", quoted(&path.to_string())),
        };
        Err(Error::failed(
            format!("{path} is read-only"),
            format!("nothing was written; to have it changed, {step}, then try again"),
        ))
    }

    /// Replaces the file and tells which copy there is of it then. Fails if somebody else has changed the file since it
    /// was read.
    pub(super) fn write(&self, outcome: &Outcome, keep: Keep) -> Result<Option<Copy>> {
        if read(&self.path)? != self.text {
            return Err(Error::failed(
                format!("{} was changed by another program just now", self.path.display()),
                "nothing was written; quit the client and run it again",
            ));
        }
        let done = match outcome {
            Outcome::Stays | Outcome::ByHand(..) => return Ok(None),
            Outcome::Disappears => self.delete().map(|()| None),
            Outcome::Becomes(text) => self.replace(text, keep),
        };
        done.map_err(|error| {
            Error::failed(
                format!("cannot write {}: {error}", self.path.display()),
                "check who owns the file and its folder",
            )
        })
    }

    fn delete(&self) -> io::Result<()> {
        if self.before.is_some() {
            std::fs::remove_file(copy_of(&self.path))?;
        }
        std::fs::remove_file(&self.path)
    }

    fn replace(&self, text: &str, keep: Keep) -> io::Result<Option<Copy>> {
        let copy = copy_of(&self.path);
        if self.before.as_deref() == Some(text) {
            atomic_file::replace(&self.path, text.as_bytes())?;
            // The file is what its copy is.
            return std::fs::remove_file(copy).map(|()| None);
        }
        let Some(old) = &self.text else {
            // A copy of another time is none of the file that there is not.
            if self.before.is_some() {
                std::fs::remove_file(copy)?;
            }
            return atomic_file::replace(&self.path, text.as_bytes()).map(|()| None);
        };
        let is_kept = self.before.is_some() && keep == Keep::IfNone;
        if !is_kept {
            // It may hold secrets of other servers: whoever may not read the file may not read its copy.
            atomic_file::replace_like(&self.path, &copy, old.as_bytes())?;
        }
        atomic_file::replace(&self.path, text.as_bytes())?;
        let is_old = is_kept && self.before.as_ref() != Some(old);
        let made = is_old.then(|| written(&copy));
        Ok(Some(made.map_or_else(|| Copy::OfNow(copy.clone()), |made| Copy::Older(copy.clone(), made))))
    }
}

/// When a file was written, by the clock of this place.
fn written(path: &Path) -> Option<Zoned> {
    let written = std::fs::metadata(path).ok()?.modified().ok()?;
    Some(Timestamp::try_from(written).ok()?.to_zoned(TimeZone::system()))
}

fn copy_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".before-aries-mcp");
    name.into()
}

fn read(path: &Path) -> Result<Option<String>> {
    disk::read(path)
        .map_err(|error| Error { hint: Told::from("nothing was written; ").and(error.hint), ..error })
}

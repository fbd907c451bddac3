//! The order journal: one line of JSON per event, each chained to the one before, on disk before anything is sent.
//!
//! One file per API origin, whatever the profile: two profiles may reach the same account, and a doubt about an order
//! concerns the account. Writers hold a lock for the length of a read and an append; a file beside it tells how many
//! lines there must be, so that cutting off the end is noticed too.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::event::Event;
use super::history::History;
use super::line::Line;
pub(crate) use super::line::hex;
use super::line::link;

use crate::aries::symbols::compare::option_root;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::os::atomic_file::create_folder;
use crate::os::lock::{self, Lock};
use crate::timing::Timing;

/// How many lines there are, and the hash of the last.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Head {
    n: u64,
    hash: String,
}

/// Where the journal of one API origin lies. Clones share what they have read of it.
#[derive(Debug, Clone)]
pub struct Journal {
    path: PathBuf,
    /// How long a writer waits for the others.
    patience: Duration,
    /// How long after its ticket was presented an order may still be sent.
    recent: Duration,
    known: Arc<Mutex<Known>>,
}

/// What was read last and found whole: one order opens the journal several times, and after years of orders it takes a
/// while to check. What is read again is compared with it byte by byte, so a change is noticed as if nothing were kept.
#[derive(Debug, Default)]
struct Known {
    bytes: Vec<u8>,
    lines: Arc<Vec<Line>>,
}

/// What a file says.
struct Reading {
    /// Every line up to the first that does not fit.
    lines: Arc<Vec<Line>>,
    /// Why that one does not.
    damage: Option<String>,
    /// Where the last whole line ends.
    end: usize,
}

/// The journal while its lock is held.
#[derive(Debug)]
pub struct Open {
    _lock: Lock,
    file: File,
    head_path: PathBuf,
    /// Every line there was when it was opened, checked.
    lines: Arc<Vec<Line>>,
    recent: Duration,
    /// The end, as it is now.
    head: Head,
}

impl Journal {
    /// The journal of these settings; nothing is created.
    pub fn of(settings: &Settings) -> Self {
        let key = settings.file_key();
        let host = key.split_once('@').map_or(key.as_str(), |(_, host)| host);
        Self::at(settings.places.state_dir.join(format!("orders@{host}.jsonl")), &settings.timing)
    }

    fn at(path: PathBuf, timing: &Timing) -> Self {
        Self { path, patience: timing.journal_lock, recent: timing.intent, known: Arc::default() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the lock that is held while an order on this account and underlying is on its way, in any process; `None`
    /// if another one holds it for longer than `patience`.
    /// Fails if the folder cannot be written.
    pub(crate) async fn order_lock(
        &self,
        account: &str,
        underlying: &str,
        patience: Duration,
    ) -> Result<Option<Lock>> {
        let name = hex(&Sha256::digest(format!("{account}\n{}", option_root(underlying))));
        let name = name.get(..24).unwrap_or_default();
        lock::acquire(&self.path.with_extension(format!("{name}.lock")), patience).await
    }

    /// Takes the lock and reads everything.
    /// Fails if another process holds it too long, the file cannot be used, or its chain is broken.
    pub async fn open(&self) -> Result<Open> {
        let lock = self.lock().await?;
        let journal = self.clone();
        let opened = tokio::task::spawn_blocking(move || Open::new(lock, &journal)).await;
        opened.unwrap_or_else(|_| Err(Error::failed("shutting down", "start it again")))
    }

    /// Appends one event.
    /// Fails as [`Journal::open`] and [`Open::append`].
    pub(crate) async fn append(&self, event: Event) -> Result<()> {
        self.open().await?.append(event)
    }

    /// Appends what became of an order. If that fails, the journal still has the order as unknown, and the next start
    /// looks for it first.
    pub(crate) async fn append_best_effort(&self, event: Event) {
        if let Err(error) = self.append(event).await {
            tracing::error!("{}", error.cause);
        }
    }

    /// Reads the orders without waiting for writers, up to the first line that is damaged; `None` if there is no journal
    /// yet.
    /// Fails if the file cannot be read.
    pub(crate) fn read(&self) -> Result<Option<History>> {
        match std::fs::read(&self.path) {
            Ok(bytes) => {
                let lines = self.known().read(&bytes).lines;
                Ok(Some(History::of(&lines, self.recent)))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unusable(&self.path, &error)),
        }
    }

    /// Checks every link and the end, and changes nothing: how many lines there are, `None` if there is no journal.
    ///
    /// # Errors
    /// Names the first line that was changed, and lines that are missing.
    pub(crate) async fn verify(&self) -> Result<Option<usize>> {
        // Without a journal there is nobody to wait for, and no lock file is made.
        let _lock = if self.path.exists() { Some(self.lock().await?) } else { None };
        self.inspect()
    }

    /// [`Journal::verify`] without waiting for writers: what they write meanwhile is no damage.
    /// Fails as [`Journal::verify`].
    pub(crate) fn inspect(&self) -> Result<Option<usize>> {
        match self.inspect_once() {
            // The very first line may have been written between the two readings.
            Err(_) => self.inspect_once(),
            inspected => inspected,
        }
    }

    fn inspect_once(&self) -> Result<Option<usize>> {
        // The note first: it may be older than the file, never newer.
        let head = head_of(&self.path).map_err(|error| self.with_way_out(error))?;
        let (bytes, exists) = match std::fs::read(&self.path) {
            Ok(bytes) => (bytes, true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => (Vec::new(), false),
            Err(error) => return Err(unusable(&self.path, &error)),
        };
        let read = self.whole(head, &bytes).map_err(|error| self.with_way_out(error))?;
        Ok(exists.then_some(read.lines.len()))
    }

    /// Damage as it is told to a person, who can end it. A model is only told to tell the person.
    fn with_way_out(&self, damage: Error) -> Error {
        let hint = format!(
            "put {} and {} back together as they were; if you cannot, look at your orders in Aries' own application, then \
             move both files away: which orders were in doubt and what the limits of today have used up are forgotten by that",
            self.path.display(),
            head_path(&self.path).display()
        );
        Error { hint, ..damage }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the file says, if every link holds and the end is where it was noted.
    fn whole(&self, head: Option<Head>, bytes: &[u8]) -> Result<Reading> {
        let mut read = self.known().read(bytes);
        if let Some(what) = read.damage.take() {
            return Err(broken(&self.path, &what));
        }
        let there = read.lines.len();
        match head {
            // It is noted before the first line is written, so whoever removed it may have removed lines as well.
            None if bytes.is_empty() => {}
            None => {
                let what = format!("{there} lines are there, and nothing tells how many it had");
                return Err(broken(&self.path, &what));
            }
            Some(Head { n: 0, .. }) => {}
            Some(head) => {
                let at = usize::try_from(head.n).ok().and_then(|n| n.checked_sub(1));
                if at.and_then(|at| read.lines.get(at)).is_none_or(|line| line.hash != head.hash) {
                    let what = format!("it had {} lines, {there} whole ones are there", head.n);
                    return Err(broken(&self.path, &what));
                }
            }
        }
        Ok(read)
    }

    async fn lock(&self) -> Result<Lock> {
        let lock = lock::acquire(&self.path.with_extension("lock"), self.patience).await?;
        lock.ok_or_else(|| {
            Error::failed("the order journal is in use by another process", "try again in a moment")
        })
    }
}

impl Open {
    fn new(lock: Lock, journal: &Journal) -> Result<Self> {
        let path = journal.path.as_path();
        let failed = |error: std::io::Error| unusable(path, &error);
        if let Some(folder) = path.parent() {
            create_folder(folder).map_err(failed)?;
        }
        let noted = head_of(path)?;
        // A file that is missed is not made up for by an empty one.
        let is_missed = noted.as_ref().is_some_and(|head| head.n > 0) && !path.exists();
        if is_missed {
            return Err(broken(path, "the file is gone"));
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        // Before anything is cut off: a line that was noted as written is missed here, not thrown away.
        let is_new = noted.is_none();
        let Reading { lines, end, .. } = journal.whole(noted, &bytes)?;
        if end < bytes.len() {
            // A power cut tore the last line. Its fsync never returned, so nothing was sent on the strength of it.
            file.set_len(u64::try_from(end).unwrap_or_default()).map_err(failed)?;
            file.seek(SeekFrom::End(0)).map_err(failed)?;
        }
        if is_new {
            let none = serde_json::to_string(&Head::default()).expect("a number and a text are JSON");
            write_head(&head_path(path), &none).map_err(failed)?;
        }
        let head = lines.last().map(|line| Head { n: line.n, hash: line.hash.clone() }).unwrap_or_default();
        Ok(Self { _lock: lock, file, head_path: head_path(path), lines, recent: journal.recent, head })
    }

    /// The orders as they stood when the journal was opened.
    pub(crate) fn history(&self) -> History {
        History::of(&self.lines, self.recent)
    }

    /// Appends an event and waits until it is on disk.
    /// Fails if it cannot be written; then nothing may be sent.
    pub fn append(&mut self, event: Event) -> Result<()> {
        let (n, prev) = (self.head.n + 1, self.head.hash.clone());
        let line = Line { n, prev, at: Timestamp::now(), event, hash: String::new() };
        let failed = |error: std::io::Error| unusable(&self.head_path, &error);
        let (line, text) = line.sealed().map_err(|error| failed(error.into()))?;
        self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_all()).map_err(failed)?;
        self.head = Head { n, hash: line.hash };
        let head = serde_json::to_string(&self.head).expect("a number and a text are JSON");
        // A head that lags behind is fine; one that runs ahead cannot be, since the line is on disk.
        if let Err(error) = write_head(&self.head_path, &head) {
            tracing::warn!("the end of the order journal could not be noted: {error}");
        }
        Ok(())
    }
}

fn write_head(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = path.with_extension("head.new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    // A power cut must not leave an empty one: that counts as damage.
    file.sync_all()?;
    std::fs::rename(beside, path)
}

fn head_path(path: &Path) -> PathBuf {
    path.with_extension("head")
}

/// What was noted of the end; `None` if there is no such file.
fn head_of(path: &Path) -> Result<Option<Head>> {
    let text = match std::fs::read_to_string(head_path(path)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(&head_path(path), &error)),
    };
    let head = serde_json::from_str(&text);
    head.map(Some).map_err(|_| broken(path, "the note of how many lines it had cannot be read"))
}

impl Known {
    /// Checks every line against the one before, those that are known already by comparing.
    fn read(&mut self, bytes: &[u8]) -> Reading {
        if !bytes.starts_with(&self.bytes) {
            *self = Self::default();
        }
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let new = bytes.get(self.bytes.len()..end).unwrap_or_default();
        let mut damage = None;
        if !new.is_empty() {
            let lines = Arc::make_mut(&mut self.lines);
            for text in String::from_utf8_lossy(new).split_terminator('\n') {
                let prev = lines.last().map_or("", |line| line.hash.as_str());
                match link(lines.len() + 1, text, prev) {
                    Ok(line) => lines.push(line),
                    Err(what) => {
                        damage = Some(what);
                        break;
                    }
                }
            }
            self.bytes.extend_from_slice(new);
        }
        let lines = Arc::clone(&self.lines);
        if damage.is_some() {
            // Read anew next time: it may be mended then.
            *self = Self::default();
        }
        Reading { lines, damage, end }
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    Error::failed(
        format!("the order journal {} cannot be used: {error}", path.display()),
        "tell the person: without the journal no order is sent",
    )
}

fn broken(path: &Path, what: &str) -> Error {
    Error::failed(
        format!("the order journal {} is damaged: {what}", path.display()),
        "tell the person: no order is sent until this is mended; `aries-mcp orders verify` tells them how",
    )
}

#[cfg(test)]
mod tests;

//! The order journal: one line of JSON per event, each chained to the one before, on disk before anything is sent.
//!
//! One file per API origin, whatever the profile: two profiles may reach the same account, and a doubt about an order
//! concerns the account. Writers hold a lock for the length of a read and an append; a file beside it tells how many
//! lines there must be, so that cutting off the end is noticed too.

mod earlier;

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::event::Event;
use super::history::History;
use super::line::Line;
use super::line::link;
use crate::aries::symbols::compare::option_root;
use crate::clock;
use crate::config::{Names, Settings};
use crate::error::{Error, Result};
use crate::os::lock::{self, Lock};
use crate::os::{atomic_file, blocking, hex, holder};
use crate::timing::Timing;
use crate::told::Told;

/// Far more than the orders of a life take.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Head {
    n: u64,
    hash: String,
}

/// Where the journal of one API origin lies. Clones share what they have read of it.
#[derive(Debug, Clone)]
pub struct Journal {
    path: PathBuf,
    /// Where earlier versions kept it.
    earlier: Vec<PathBuf>,
    patience: Duration,
    /// How long the disk may take for one reading, and for one line.
    disk: Duration,
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

struct Reading {
    /// Every line up to the first that does not fit.
    lines: Arc<Vec<Line>>,
    damage: Option<String>,
    end: usize,
}

/// The journal while its lock is held.
#[derive(Debug)]
pub struct Open {
    _lock: Lock,
    file: File,
    path: PathBuf,
    /// Every line there was when it was opened, checked.
    lines: Arc<Vec<Line>>,
    recent: Duration,
    head: Head,
}

impl Journal {
    /// The journal of these settings; nothing is created.
    pub fn of(settings: &Settings) -> Self {
        let path = |names: &Names| settings.places.state_dir.join(format!("orders@{}.jsonl", names.host()));
        let earlier = settings.earlier_names().iter().map(path).collect();
        Self { earlier, ..Self::at(path(&settings.names()), &settings.timing) }
    }

    fn at(path: PathBuf, timing: &Timing) -> Self {
        let (patience, disk) = (timing.journal_lock, timing.journal_disk);
        Self { path, earlier: Vec::new(), patience, disk, recent: timing.intent, known: Arc::default() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Held while an order on this account and underlying is on its way in any process; if that takes longer, the file and
    /// who holds it.
    pub(crate) async fn order_lock(
        &self,
        account: &str,
        underlying: &str,
        patience: Duration,
    ) -> Result<std::result::Result<Lock, String>> {
        let name = hex::encode(&Sha256::digest(format!("{account}\n{}", option_root(underlying))));
        let name = name.get(..24).expect("a SHA-256 has 64 digits");
        let path = self.path.with_extension(format!("{name}.lock"));
        Ok(lock::acquire(&path, patience).await?.ok_or_else(|| holder::described(&path)))
    }

    /// For whoever writes. Fails if another process holds the lock too long, or the chain is broken.
    pub async fn open(&self) -> Result<Open> {
        let lock = self.lock().await?;
        let journal = self.clone();
        self.off_thread(move || {
            earlier::adopt(&journal.earlier, &journal.path)?;
            Open::new(lock, journal)
        })
        .await
    }

    /// For whoever only reads: takes no lock. What others write meanwhile is no damage; a broken chain is.
    pub(crate) async fn history(&self) -> Result<History> {
        let journal = self.clone();
        self.off_thread(move || {
            let lines = journal.checked()?.unwrap_or_default();
            Ok(History::of(&lines, journal.recent))
        })
        .await
    }

    /// What can be known of the orders, however the journal stands, and whether that is all there is: of a damaged one what
    /// comes before the damage or was read before it, of one that hangs what was read last.
    pub(crate) async fn what_is_known(&self) -> (History, bool) {
        // Whoever is reading holds it for a moment only, but that is not waited for here.
        let before = self.known.try_lock().map(|known| Arc::clone(&known.lines)).unwrap_or_default();
        let before = History::of(&before, self.recent);
        let journal = self.clone();
        let reading = self.off_thread(move || match journal.checked() {
            Ok(lines) => Ok((History::of(&lines.unwrap_or_default(), journal.recent), true)),
            Err(error) => {
                tracing::warn!("{}", error.cause);
                Ok((journal.known_history(), false))
            }
        });
        match reading.await {
            Ok((history, is_whole)) if is_whole || history.0.len() > before.0.len() => (history, is_whole),
            _ => (before, false),
        }
    }

    pub(crate) async fn append(&self, event: Event) -> Result<()> {
        let open = self.open().await?;
        self.write(open, event).await
    }

    /// [`Open::append`] off the runtime's thread. If the disk takes too long, the line may be there or not.
    pub(crate) async fn write(&self, mut open: Open, event: Event) -> Result<()> {
        self.off_thread(move || open.append(event)).await
    }

    /// Works on a thread of its own, so that a file system that hangs holds back nothing else. Fails if that takes too long.
    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        blocking::run(Some(self.disk), work).await.unwrap_or_else(|| {
            let (path, seconds) = (self.path.display(), self.disk.as_secs_f32());
            Err(Error::failed(
                format!("the order journal {path} was not read or written within {seconds} s"),
                Told::person("without the journal no order is sent; its folder should lie on a local disk"),
            ))
        })
    }

    /// If it fails, the journal still has the order as unknown, and the next start looks for it first.
    pub(crate) async fn append_best_effort(&self, event: Event) {
        if let Err(error) = self.append(event).await {
            tracing::error!("{}", error.cause);
        }
    }

    /// As [`Journal::read`]. A journal that cannot be read counts as empty: sending reads it again and refuses.
    pub(crate) fn known_history(&self) -> History {
        self.read().ok().flatten().unwrap_or_default()
    }

    /// Reads the orders up to the first line that is damaged; `None` if there is no journal yet. It may take as long as the
    /// disk takes: not for the runtime's thread.
    pub(crate) fn read(&self) -> Result<Option<History>> {
        earlier::adopt(&self.earlier, &self.path)?;
        let bytes = self.bytes()?;
        Ok(bytes.map(|bytes| History::of(&self.known().read(&bytes).lines, self.recent)))
    }

    fn bytes(&self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        check_is_journal(&self.path)?;
        atomic_file::read(&self.path).map_err(|error| unusable(&self.path, &error))
    }

    /// Checks every link and the end, and changes nothing: how many lines there are, `None` if there is no journal. What
    /// others write meanwhile is no damage. The error names the first line that was changed, or the lines that are missing.
    pub(crate) fn verify(&self) -> Result<Option<usize>> {
        let lines = self.checked().map_err(|damage| self.with_way_out(damage))?;
        Ok(lines.map(|lines| lines.len()))
    }

    /// Every line, if each link and the end are as they were written; `None` if there is no journal.
    fn checked(&self) -> Result<Option<Arc<Vec<Line>>>> {
        earlier::adopt(&self.earlier, &self.path)?;
        let once = || {
            // The note first: it may be older than the file, never newer.
            let noted = head_of(&self.path)?;
            let bytes = self.bytes()?;
            let read = self.whole(noted, bytes.as_ref().map_or(&[][..], |bytes| bytes))?;
            Ok(bytes.is_some().then_some(read.lines))
        };
        // The very first line may have been written between the two readings.
        once().or_else(|_: Error| once())
    }

    /// Damage as it is told to a person, who can end it. A model is only told to tell the person.
    fn with_way_out(&self, damage: Error) -> Error {
        let hint = format!(
            "put {} and {} back together as they were; if you cannot, look at your orders in Aries' own application, then \
             move both files away: which orders were in doubt and what the limits of today have used up are forgotten by that",
            self.path.display(),
            head_path(&self.path).display()
        );
        Error { hint: hint.into(), ..damage }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the file says, if every link holds and the end is where it was noted.
    fn whole(&self, head: Option<Head>, bytes: &[u8]) -> Result<Reading> {
        let read = self.known().read(bytes);
        let there = read.lines.len();
        let damage = match head {
            _ if read.damage.is_some() => read.damage.clone(),
            // It is noted before the first line is written, so whoever removed it may have removed lines as well.
            None => (!bytes.is_empty())
                .then(|| format!("whole lines there: {there}, and nothing tells how many it had")),
            Some(head) => (!read.has(&head))
                .then(|| format!("lines that it had: {}, whole lines there: {there}", head.n)),
        };
        damage.map_or(Ok(read), |what| Err(broken(&self.path, &what)))
    }

    async fn lock(&self) -> Result<Lock> {
        let lock = lock::acquire(&self.path.with_extension("lock"), self.patience).await?;
        lock.ok_or_else(|| {
            let file = self.path.with_extension("lock");
            let file = holder::described(&file);
            let cause = format!("the order journal is in use by another process: {file}");
            Error::failed(cause, "try again in a moment")
        })
    }
}

impl Reading {
    fn has(&self, head: &Head) -> bool {
        let line = head.n.checked_sub(1).and_then(|at| self.lines.get(usize::try_from(at).ok()?));
        head.n == 0 || line.is_some_and(|line| line.hash == head.hash)
    }
}

impl Open {
    fn new(lock: Lock, journal: Journal) -> Result<Self> {
        let path = journal.path.as_path();
        let failed = |error: std::io::Error| unusable(path, &error);
        let noted = head_of(path)?;
        // A file that is missed is not made up for by an empty one.
        if noted.as_ref().is_some_and(|head| head.n > 0) && !path.exists() {
            return Err(broken(path, "the file is gone"));
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        check_is_journal(path)?;
        let mut file = options.open(path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        // Before anything is cut off: a line that was noted as written is missed here, not thrown away.
        let is_new = noted.is_none();
        let Reading { lines, end, .. } = journal.whole(noted, &bytes)?;
        if end < bytes.len() {
            // A power cut tore the last line. Its fsync never returned, so nothing was sent on the strength of it.
            file.set_len(u64::try_from(end).expect("it is the length of a file")).map_err(failed)?;
        }
        if is_new {
            write_head(path, &Head::default()).map_err(failed)?;
        }
        let head = lines.last().map(|line| Head { n: line.n, hash: line.hash.clone() }).unwrap_or_default();
        Ok(Self { _lock: lock, file, lines, recent: journal.recent, head, path: journal.path })
    }

    pub(crate) fn history(&self) -> History {
        History::of(&self.lines, self.recent)
    }

    /// Appends an event and waits until it is on disk.
    /// Fails if it cannot be written; then nothing may be sent.
    pub fn append(&mut self, event: Event) -> Result<()> {
        let (n, prev) = (self.head.n + 1, self.head.hash.clone());
        let line = Line { n, prev, at: clock::now(), event, hash: String::new() };
        let (line, text) = line.sealed();
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_all());
        written.map_err(|error| unusable(&self.path, &error))?;
        self.head = Head { n, hash: line.hash };
        // A head that lags behind is fine; one that runs ahead cannot be, since the line is on disk.
        if let Err(error) = write_head(&self.path, &self.head) {
            tracing::warn!("the end of the order journal could not be noted: {error}");
        }
        Ok(())
    }
}

fn write_head(path: &Path, head: &Head) -> std::io::Result<()> {
    let text = serde_json::to_string(head).expect("a number and a text are JSON");
    atomic_file::write(&head_path(path), text.as_bytes())
}

fn head_path(path: &Path) -> PathBuf {
    path.with_extension("head")
}

/// Fails for what can be no journal, before it is opened: reading a pipe never ends, and a file of this size fills the
/// memory.
fn check_is_journal(path: &Path) -> Result<()> {
    let what = match std::fs::metadata(path) {
        Ok(found) if !found.is_file() => "it is not a file",
        Ok(found) if found.len() > MOST_BYTES => "it is larger than a journal can be",
        _ => return Ok(()),
    };
    Err(unusable(path, &std::io::Error::other(what)))
}

fn head_of(path: &Path) -> Result<Option<Head>> {
    let path_of_head = head_path(path);
    check_is_journal(&path_of_head)?;
    let text = atomic_file::read(&path_of_head).map_err(|error| unusable(&path_of_head, &error))?;
    let head = text.map(|text| serde_json::from_slice(&text)).transpose();
    head.map_err(|_| broken(path, "the note of how many lines it had cannot be read"))
}

impl Known {
    /// Checks every line against the one before, those that are known already by comparing.
    fn read(&mut self, bytes: &[u8]) -> Reading {
        if !bytes.starts_with(&self.bytes) {
            *self = Self::default();
        }
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let new = bytes
            .get(self.bytes.len()..end)
            .expect("what is known ends with a line, and so not after the last");
        let mut damage = None;
        if !new.is_empty() {
            let lines = Arc::make_mut(&mut self.lines);
            let linked = String::from_utf8_lossy(new).split_terminator('\n').try_for_each(|text| {
                let prev = lines.last().map_or("", |line| line.hash.as_str());
                lines.push(link(lines.len() + 1, text, prev)?);
                Ok(())
            });
            damage = linked.err();
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
        Told::person("without the journal no order is sent"),
    )
}

fn broken(path: &Path, what: &str) -> Error {
    Error::failed(
        format!("the order journal {} is damaged: {what}", path.display()),
        Told::person("no order is sent until this is mended; `aries-mcp orders verify` tells how"),
    )
}

#[cfg(test)]
mod tests;

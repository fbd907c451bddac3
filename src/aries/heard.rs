//! What Aries has said of each account in this process, whoever asked. Of one that it calls different things nobody knows
//! what it is. That one was called live is known to every process for a day, by a file in the state folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::config::Settings;
use crate::environment::Money;
use crate::os::{atomic_file, blocking, hex};

/// How long it counts in other processes that an account was called live: one such word may have been an error.
const COUNTS: Duration = Duration::from_secs(24 * 3600);
/// How often it is noted anew.
const NOTED: Duration = Duration::from_secs(3600);
/// How long the state folder may take.
const DISK: Duration = Duration::from_secs(3);

/// How each account was called in the answers of this process; what one clone notes, all know.
#[derive(Clone, Default)]
pub(crate) struct Heard {
    said: Arc<Mutex<HashMap<String, Vec<Said>>>>,
    /// What the names of the files begin with; none for the embedded Aries, of which no other process hears.
    files: Option<PathBuf>,
}

/// What one answer says of an account. What is left out says nothing.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) money: Money,
    pub(crate) kind: Option<String>,
    pub(crate) class: Option<String>,
}

impl Heard {
    pub(super) fn of(settings: &Settings) -> Self {
        let name = format!("live@{}", settings.names().host());
        let files = (!settings.sandbox).then(|| settings.places.state_dir.join(name));
        Self { files, ..Self::default() }
    }

    /// Notes for other processes that an account is called live, or takes over that it was.
    pub(super) async fn remember(&self, account: &str, said: Said) {
        let Some(file) = self.file(account) else { return };
        if !said.money.is_live() {
            let was_live = blocking::run(Some(DISK), move || is_younger(&file, COUNTS)).await;
            if was_live == Some(true) {
                self.note(account, Said { money: said.money.as_live(), ..said });
            }
            return;
        }
        let writing = move || if is_younger(&file, NOTED) { Ok(()) } else { atomic_file::write(&file, b"") };
        if let Some(Err(error)) = blocking::run(Some(DISK), writing).await {
            tracing::debug!(%error, "that an account is live was not noted");
        }
    }

    fn file(&self, account: &str) -> Option<PathBuf> {
        let mut name = self.files.clone()?.into_os_string();
        let hash = hex::encode(&Sha256::digest(account));
        name.push(format!(".{hash:.16}"));
        Some(name.into())
    }

    /// Whether an answer has listed an account of this id.
    pub(crate) fn knows(&self, account: &str) -> bool {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).contains_key(account)
    }

    pub(crate) fn note(&self, account: &str, said: Said) {
        let mut heard = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let known = heard.entry(account.to_owned()).or_default();
        if !known.iter().any(|known| known.is_alike(&said)) {
            known.push(said);
        }
    }

    /// Whether Aries has called the account different things.
    pub(crate) fn wavers(&self, account: &str) -> bool {
        let heard = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        heard.get(account).is_some_and(|said| said.len() > 1)
    }
}

fn is_younger(file: &Path, age: Duration) -> bool {
    let written = std::fs::metadata(file).and_then(|found| found.modified());
    // One of the future is young.
    written.is_ok_and(|at| at.elapsed().map_or(true, |elapsed| elapsed < age))
}

impl Said {
    fn is_alike(&self, other: &Self) -> bool {
        let word = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => true,
        };
        self.money == other.money && word(&self.kind, &other.kind) && word(&self.class, &other.class)
    }
}

//! What Aries has called the accounts of the person: every answer that lists them is heard, whoever asked. That one was
//! called live is known to every process for a day, by a file in the state folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::model::Account;
use crate::config::Settings;
use crate::os::{atomic_file, blocking, hex};

/// How long it counts in other processes that an account was called live. One such word may have been an error.
const COUNTS: Duration = Duration::from_secs(24 * 3600);
/// How often it is noted anew.
const NOTED: Duration = Duration::from_secs(3600);
/// How long the state folder may take.
const DISK: Duration = Duration::from_secs(3);

#[derive(Default)]
pub(crate) struct Heard {
    accounts: Mutex<HashMap<String, Vec<Account>>>,
    /// The beginning of the files' names; none for the embedded Aries, of which no other process hears.
    files: Option<PathBuf>,
}

impl Heard {
    pub(super) fn of(settings: &Settings) -> Self {
        let name = format!("live@{}", settings.names().host());
        let files = (!settings.sandbox).then(|| settings.places.state_dir.join(name));
        Self { files, ..Self::default() }
    }

    /// Takes in the accounts of an answer.
    pub(crate) async fn note(&self, accounts: &[Account]) {
        {
            let mut heard = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
            for account in accounts {
                let known = heard.entry(account.id.clone()).or_default();
                if !known.iter().any(|known| is_alike(known, account)) {
                    known.push(account.clone());
                }
            }
        }
        for account in accounts.iter().filter(|account| account.money.is_live()) {
            let Some(file) = self.file(&account.id) else { return };
            let writing =
                move || if is_younger(&file, NOTED) { Ok(()) } else { atomic_file::write(&file, b"") };
            if let Some(Err(error)) = blocking::run(Some(DISK), writing).await {
                tracing::debug!(%error, "that an account is live could not be noted");
            }
        }
    }

    /// Whether Aries has called an account different things, or it was called live within a day.
    pub(crate) async fn counts_as_live(&self, id: &str) -> bool {
        let wavers = {
            let heard = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
            heard.get(id).is_some_and(|kinds| kinds.len() > 1)
        };
        let Some(file) = self.file(id).filter(|_| !wavers) else { return wavers };
        blocking::run(Some(DISK), move || is_younger(&file, COUNTS)).await.unwrap_or(false)
    }

    /// Whether an answer has listed an account of this id.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id)
    }

    fn file(&self, id: &str) -> Option<PathBuf> {
        let mut name = self.files.clone()?.into_os_string();
        let hash = hex::encode(&Sha256::digest(id));
        name.push(format!(".{hash:.16}"));
        Some(name.into())
    }
}

fn is_younger(file: &Path, age: Duration) -> bool {
    let written = std::fs::metadata(file).and_then(|found| found.modified());
    // One of the future is young.
    written.is_ok_and(|at| at.elapsed().map_or(true, |elapsed| elapsed < age))
}

/// Whether two answers say the same of an account. What is left out says nothing.
fn is_alike(one: &Account, other: &Account) -> bool {
    let word = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => true,
    };
    one.money == other.money && word(&one.kind, &other.kind) && word(&one.class, &other.class)
}

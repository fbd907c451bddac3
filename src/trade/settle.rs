//! Ending doubts: by finding the order, or by the person.

use std::time::Duration;

use super::Desk;
use super::book::Working;
use super::journal::{Event, Facts};
use super::lookup::{Found, Sought};
use super::outcome::State;
use super::record::{Record, doubts, records};
use crate::aries::account::Account;
use crate::error::{Error, Kind, Result};

/// How long the first look of a process takes at most: it helps, and the order itself is what was asked for.
const FIRST_LOOK: Duration = Duration::from_secs(6);

impl Desk {
    /// Before anything else that this process does with orders: looks once for those that an earlier one left in doubt.
    /// What stays in doubt, or could not be looked for, holds back orders where it matters.
    pub(super) async fn look_first(&self) {
        let mut looked = self.0.looked.lock().await;
        if looked.is_some() {
            return;
        }
        let told = looked.insert(Vec::new());
        match tokio::time::timeout(FIRST_LOOK, self.look_at_all(told)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!("orders in doubt could not be looked for: {}", error.cause),
            Err(_) => tracing::warn!("orders in doubt could not all be looked for in time"),
        }
    }

    /// What the first look found, once: the answer that carries it must be one that is given.
    pub(super) async fn found_first(&self) -> Vec<String> {
        self.0.looked.lock().await.as_mut().map(std::mem::take).unwrap_or_default()
    }

    async fn look_at_all(&self, told: &mut Vec<String>) -> Result<()> {
        let lines = self.journal().read()?.unwrap_or_default();
        for record in records(lines.iter().flatten()).iter().filter(|record| record.in_doubt()) {
            let (Some(account), Some(underlying)) = (&record.facts.account, &record.facts.underlying) else {
                continue;
            };
            // Whoever holds the lane is sending it or looking for it right now.
            let Some(_lane) = self.journal().lane(account, underlying, Duration::ZERO).await? else {
                continue;
            };
            let known = records(self.journal().open().await?.lines.iter());
            let Some(record) = known.iter().find(|one| one.id == record.id && one.in_doubt()) else {
                continue;
            };
            let Some(sought) = Sought::of(record, &known) else { continue };
            let Some(found) = self.look_now(&sought).await else { continue };
            let what = record.facts.summary.clone().unwrap_or_default();
            let state = self.found(&record.id, found).await?;
            told.push(format!("an earlier order whose answer was lost is at Aries ({what}): {state}"));
        }
        Ok(())
    }

    async fn found(&self, id: &str, found: Working) -> Result<String> {
        let state = State::of(&found.status).to_string();
        let told = format!("{} is {state}", found.id);
        let facts = Facts { order: Some(found.id), state: Some(state), ..Facts::default() };
        self.journal().open().await?.append(Event::Found, id, facts)?;
        Ok(told)
    }

    /// Looks for every order in doubt on an account and underlying; the caller holds their lane.
    ///
    /// # Errors
    /// If a doubt remains: then nothing new may be sent there.
    pub(super) async fn settle_doubts(&self, account: &Account, underlying: &str) -> Result<Vec<String>> {
        // What is found is told: whoever wants another order may not know that the first one is there.
        let mut all = Vec::new();
        let known = records(self.journal().open().await?.lines.iter());
        for record in doubts(&known, &account.id, underlying) {
            let found = self.look_for(record, &known).await?;
            let what = record.facts.summary.clone().unwrap_or_default();
            if !found.is_empty() {
                all.push(format!("{what}; {found}"));
                continue;
            }
            return Err(Error::new(
                Kind::Refused,
                format!("nobody knows whether an earlier order is at Aries ({what}; {})", record.id),
                format!(
                    "ask the person to look in Aries' own application and to end the doubt in a terminal: \
                     `aries-mcp orders settle {} --sent` or `--not-sent`",
                    record.id
                ),
            ));
        }
        Ok(all)
    }

    /// Looks for one order in doubt; what was found is journalled. Empty if it was not found.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn look_for(&self, record: &Record, known: &[Record]) -> Result<String> {
        let Some(sought) = Sought::of(record, known) else { return Ok(String::new()) };
        match self.look_up(&sought, true).await {
            Found::It(found) => self.found(&record.id, *found).await,
            Found::Nothing(_) => Ok(String::new()),
        }
    }

    /// Ends a doubt by the person's word.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn settle_by_hand(&self, id: &str, sent: bool) -> Result<()> {
        let state = if sent { "SENT" } else { "NOT SENT" };
        let note = if sent { "the person says it is at Aries" } else { "the person says it is not at Aries" };
        let facts = Facts { state: Some(state.to_owned()), note: Some(note.to_owned()), ..Facts::default() };
        self.journal().open().await?.append(Event::Settled, id, facts)
    }
}

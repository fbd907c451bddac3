//! Ending doubts: by finding the order, or by the person.

use super::Desk;
use super::journal::{Event, Facts};
use super::lookup::{Found, Sought};
use super::outcome::State;
use super::record::{Record, doubts, records};
use crate::aries::account::Account;
use crate::error::{Error, Kind, Result};

impl Desk {
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
            Found::It(found) => {
                let state = State::of(&found.status).to_string();
                let told = format!("{} is {state}", found.id);
                let facts = Facts { order: Some(found.id), state: Some(state), ..Facts::default() };
                self.journal().open().await?.append(Event::Found, &record.id, facts)?;
                Ok(told)
            }
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

//! Ending doubts: by finding the order, or by the person.
//!
//! Whoever looks for an order or settles it holds its lane: whoever is sending it, or looking for it, is let finish.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::aries::model::{self, Account};
use crate::aries::time;
use crate::error::{Error, Kind, Result};
use crate::trade::Desk;
use crate::trade::journal::file::{Event, Facts};
use crate::trade::journal::history::{Record, doubts, records};
use crate::trade::outcome::State;
use crate::trade::reconcile::find::{Effort, Found, Lookup};
use crate::trade::reconcile::fingerprint::{Sign, Sought};

/// For how long it is news that an order in doubt was found.
const NEWS: SignedDuration = SignedDuration::from_hours(24);

/// How the look for one order in doubt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Looked {
    /// It is at Aries; says how it stands. The journal knows it now.
    Found(String),
    /// It was not seen, which proves nothing.
    NotSeen,
    /// Nothing was learned; says why.
    NotLooked(String),
    /// Another process is sending it or looking for it right now.
    Busy,
    /// There is no doubt any more.
    Over,
}

/// How a person ends a doubt that no list ends.
pub(crate) fn way_out(id: &str) -> String {
    format!("`aries-mcp orders settle {id} --sent` or `--not-sent`")
}

impl Desk {
    /// Looks for orders in doubt when a process starts that may place orders. Nobody waits for it, and what it could
    /// not look for is left to the first preview or cancel: a laptop that wakes up has no network yet.
    pub(crate) async fn look_at_start(&self) {
        self.look_once_for_each(false).await;
    }

    /// Looks for orders in doubt before anything else that this process does with orders, once for each whatever comes
    /// of it: it costs time. What stays in doubt holds back orders where it matters.
    pub(crate) async fn look_first(&self) {
        self.look_once_for_each(true).await;
    }

    async fn look_once_for_each(&self, failures_count: bool) {
        // Held all the while: who comes second waits for what the first one finds.
        let mut looked = self.0.looked.lock().await;
        let doubts = match self.lookup().doubts().await {
            Ok(doubts) => doubts.into_iter().filter(|record| !looked.contains(&record.id)).collect(),
            Err(error) => return tracing::warn!("the order journal was not read: {}", error.cause),
        };
        for (record, outcome) in self.lookup().look_at(doubts).await {
            match outcome {
                Looked::NotLooked(why) => {
                    tracing::warn!(id = record.id, "an order in doubt was not looked for: {why}");
                    if failures_count {
                        looked.insert(record.id);
                    }
                }
                Looked::Busy => {}
                Looked::Found(_) | Looked::NotSeen | Looked::Over => {
                    looked.insert(record.id);
                }
            }
        }
    }

    /// Orders in doubt that were found and that this process has told nobody of yet, one line each. It goes by the
    /// journal: the process that found one may have had nobody to tell.
    pub(crate) fn news<'a>(&self, known: impl Iterator<Item = &'a Record>) -> Vec<String> {
        let now = Timestamp::now();
        let recent = |record: &&Record| {
            record.last == Event::Found && now.duration_since(record.at) < NEWS && self.tell(&record.id)
        };
        let line = |record: &Record| {
            let facts = &record.facts;
            format!(
                "{}: {} was {} at {}{}",
                facts.summary.as_deref().unwrap_or("an order"),
                facts.order.as_deref().unwrap_or(&record.id),
                facts.state.as_deref().unwrap_or("there"),
                time::local(record.at),
                record.caution()
            )
        };
        known.filter(recent).map(line).collect()
    }

    /// Notes that somebody hears of this order now; false if they have heard before.
    pub(crate) fn tell(&self, id: &str) -> bool {
        self.told().insert(id.to_owned())
    }

    /// Looks for every order in doubt on an account and underlying; the caller holds their lane.
    ///
    /// # Errors
    /// If a doubt remains: then nothing new may be sent there. And if one has ended since the person decided, by
    /// whoever has found the order: they may not know that it is there.
    pub(crate) async fn settle_doubts(&self, account: &Account, underlying: &str) -> Result<()> {
        let known = records(self.journal().open().await?.lines.iter());
        for record in doubts(&known, &account.id, underlying) {
            if let Looked::Found(_) = self.lookup().look(record, &known, Effort::Thorough).await? {
                continue;
            }
            let what = record.facts.summary.clone().unwrap_or_default();
            return Err(Error::new(
                Kind::Refused,
                format!("nobody knows whether an earlier order is at Aries ({what}; {})", record.id),
                format!(
                    "ask the person to look in Aries' own application and to end the doubt in a terminal: {}",
                    way_out(&record.id)
                ),
            ));
        }
        let known = records(self.journal().open().await?.lines.iter());
        let found = self.news(known.iter().filter(|record| record.is_on(&account.id, underlying)));
        if found.is_empty() {
            return Ok(());
        }
        Err(Error::new(
            Kind::Refused,
            format!("an earlier order, of which nobody knew, was just found at Aries ({})", found.join("; ")),
            "tell the person that this earlier order is there; only if they want another one, call preview_order again",
        ))
    }
}

impl Lookup {
    /// Every order in doubt.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub(crate) async fn doubts(&self) -> Result<Vec<Record>> {
        let journal = self.journal.clone();
        // Whoever has never ordered anything pays for no thread.
        if !journal.path().exists() {
            return Ok(Vec::new());
        }
        // A long journal takes a while to check, and others have something to say meanwhile.
        let read = tokio::task::spawn_blocking(move || journal.read()).await;
        let lines = read.map_err(|_| Error::failed("shutting down", "start it again"))??.unwrap_or_default();
        Ok(records(lines.iter().flatten()).into_iter().filter(Record::in_doubt).collect())
    }

    /// Looks once for each of these, for some seconds in all.
    pub(crate) async fn look_at(&self, doubts: Vec<Record>) -> Vec<(Record, Looked)> {
        let end = Instant::now() + self.timing.lookup_of_all;
        let mut all = Vec::new();
        for record in doubts {
            let looking = self.look_for(&record.id, Duration::ZERO, Effort::Once);
            let looked = match tokio::time::timeout_at(end, looking).await {
                Ok(Ok(looked)) => looked,
                Ok(Err(error)) => Looked::NotLooked(error.cause),
                Err(_) => Looked::NotLooked("Aries did not answer in time".to_owned()),
            };
            all.push((record, looked));
        }
        all
    }

    /// Looks for one order for ten seconds at most, after whoever may be sending it right now.
    ///
    /// # Errors
    /// If the journal cannot be read or written.
    pub(crate) async fn look_well(&self, id: &str) -> Result<Looked> {
        self.look_for(id, self.timing.sending_elsewhere, Effort::Thorough).await
    }

    async fn look_for(&self, id: &str, patience: Duration, effort: Effort) -> Result<Looked> {
        let known = records(self.journal.open().await?.lines.iter());
        let Some(place) = known.iter().find(|record| record.id == id).and_then(Record::place) else {
            return Ok(Looked::NotLooked("the journal does not say where it was sent".to_owned()));
        };
        let Some(_lane) = self.journal.lane(place.0, place.1, patience).await? else {
            return Ok(Looked::Busy);
        };
        // Once more: whoever held the lane may have ended the doubt.
        let known = records(self.journal.open().await?.lines.iter());
        match known.iter().find(|record| record.id == id && record.in_doubt()) {
            Some(record) => self.look(record, &known, effort).await,
            None => Ok(Looked::Over),
        }
    }

    /// Looks for one order in doubt; the caller holds its lane. What is found is journalled.
    async fn look(&self, record: &Record, known: &[Record], effort: Effort) -> Result<Looked> {
        let Some(sought) = Sought::of(record, known) else {
            return Ok(Looked::NotLooked("the journal does not say what was sent".to_owned()));
        };
        match self.look_up(&sought, effort).await {
            Found::It(found, sign) => self.found(&record.id, *found, sign).await.map(Looked::Found),
            Found::Nothing { looks: 0, seen } => Ok(Looked::NotLooked(seen)),
            Found::Nothing { .. } => Ok(Looked::NotSeen),
        }
    }

    async fn found(&self, id: &str, found: model::Order, sign: Sign) -> Result<String> {
        let state = State::of(&found.status).to_string();
        let told = format!("{} is {state}{}", found.id, sign.caution());
        let note = Some(sign.words().to_owned());
        let facts = Facts { order: Some(found.id), state: Some(state), note, ..Facts::default() };
        self.journal.open().await?.append(Event::Found, id, facts)?;
        Ok(told)
    }

    /// Ends a doubt by the person's word.
    ///
    /// # Errors
    /// If there is no doubt any more, another process is at it right now, or the journal cannot be written.
    pub(crate) async fn settle_by_hand(&self, record: &Record, sent: bool) -> Result<()> {
        let (account, underlying) = record.place().unwrap_or_default();
        let _lane =
            self.journal.lane(account, underlying, self.timing.sending_elsewhere).await?.ok_or_else(busy)?;
        let mut journal = self.journal.open().await?;
        // The person has taken a while to answer. What was found meanwhile counts more than what they know.
        let now = records(journal.lines.iter()).into_iter().find(|now| now.id == record.id);
        if let Some(now) = now.filter(|now| !now.in_doubt()) {
            return Err(Error::failed(
                format!("the doubt has ended meanwhile: it is {}", now.state()),
                "`aries-mcp orders` shows it; nothing was changed",
            ));
        }
        let state = if sent { "SENT" } else { "NOT SENT" };
        let note = if sent { "the person says it is at Aries" } else { "the person says it is not at Aries" };
        let facts = Facts { state: Some(state.to_owned()), note: Some(note.to_owned()), ..Facts::default() };
        journal.append(Event::Settled, &record.id, facts)
    }
}

/// Why a doubt cannot be settled while another process may be about to end it.
pub(crate) fn busy() -> Error {
    Error::failed(
        "another process is sending that order or looking for it right now",
        "try again in a moment",
    )
}

//! What the journal remembers of a ticket: for a process that did not make it, and once more after a doubt.
//!
//! A process that was killed, or one that has simply ended, may have sent the order of its tickets. "Not known here" is
//! therefore never "not sent".

use sha2::{Digest, Sha256};

use crate::aries::model;
use crate::aries::model::account::masked;
use crate::aries::time;
use crate::config::Approval;
use crate::error::Result;
use crate::trade::Desk;
use crate::trade::checks::portfolio;
use crate::trade::journal::file::{Event, Facts, hex};
use crate::trade::journal::history::{Record, records};
use crate::trade::outcome::{Outcome, State, also, with_seen};
use crate::trade::reconcile::fingerprint::otherwise;
use crate::trade::submit::send::NOT_AS_SENT;

/// How the journal calls a ticket: nobody can present what is written there.
pub(crate) fn mark(ticket: &str) -> String {
    hex(&Sha256::digest(ticket))
}

impl Desk {
    /// How the order of a ticket stands by the journal; one in doubt is looked for. `None` if the journal knows no such
    /// ticket.
    ///
    /// # Errors
    /// If the journal cannot be read or written.
    pub(crate) async fn recall(&self, ticket: &str) -> Result<Option<Outcome>> {
        let mark = mark(ticket);
        let is_it = |record: &&Record| record.facts.ticket.as_deref() == Some(mark.as_str());
        let known = records(self.journal().open().await?.lines.iter());
        let Some(record) = known.iter().find(is_it) else { return Ok(None) };
        if record.last == Event::Intent {
            if self.may_be_approved(record) {
                return Ok(Some(told(record, true)));
            }
            self.end_intent(record).await?;
        } else if record.in_doubt() {
            // Whoever is still sending it will say what became of it.
            self.lookup().look_well(&record.id).await?;
        } else {
            self.tell(&record.id);
            return Ok(Some(self.as_it_stands(record).await));
        }
        let known = records(self.journal().open().await?.lines.iter());
        let record = known.iter().find(is_it);
        if let Some(record) = record.filter(|record| record.last != Event::Intent && !record.in_doubt()) {
            self.tell(&record.id);
        }
        Ok(record.map(|record| told(record, false)))
    }

    /// Whether a person may still say yes to it in the process that it was presented to.
    fn may_be_approved(&self, record: &Record) -> bool {
        let is_asked = record.facts.live != Some(false) && self.trading().approval == Approval::Person;
        is_asked && record.is_young()
    }

    /// Ends an intent of which nothing should come any more. Its age proves nothing: a machine may have slept during the
    /// last checks. So whoever sends it looks for this end under the same lock, and as long as its lane is held it may be
    /// on its way.
    async fn end_intent(&self, record: &Record) -> Result<()> {
        let (account, underlying) = record.place().unwrap_or_default();
        let Some(_lane) = self.journal().lane(account, underlying, self.timing().sending_elsewhere).await?
        else {
            return Ok(());
        };
        let mut journal = self.journal().open().await?;
        let now = records(journal.lines.iter()).into_iter().find(|now| now.id == record.id);
        if now.is_none_or(|now| now.last != Event::Intent) {
            return Ok(());
        }
        let note = "the process that it was presented to did not send it in time";
        journal.append(Event::Dropped, &record.id, Facts { note: Some(note.to_owned()), ..Facts::default() })
    }

    /// What is told of a record. An order that may have changed since is looked at once more; without that it says from
    /// when its state is. Of a replacement that was refused or is not seen, also how the order stands that it was to
    /// replace.
    async fn as_it_stands(&self, record: &Record) -> Outcome {
        let outcome = told(record, false);
        // REPLACED may be our own reckoning, by the answer to a replacement that the exchange has refused since.
        let is_replaced = outcome.state == State::Replaced;
        let may_change = outcome.state.may_change();
        let now = if may_change || is_replaced {
            tokio::time::timeout(self.timing().status, self.listed(record)).await.ok().flatten()
        } else {
            None
        };
        let facts = &record.facts;
        let sent = facts.expect.as_ref().or(facts.body.as_ref());
        let differs = |now: &model::Order| sent.and_then(|sent| otherwise(sent, now));
        // With other terms it is the one in its place, under the same id.
        let now = now.filter(|now| !is_replaced || differs(now).is_none());
        let is_missed = may_change && now.is_none();
        let otherwise = now.as_ref().and_then(differs);
        let mut outcome = match now {
            Some(now) => {
                self.note_seen(&now, |other| other.id == record.id).await;
                let ordered =
                    format!("{}{}", facts.summary.as_deref().unwrap_or("an order"), record.caution());
                let words = with_seen(ordered, &now);
                Outcome {
                    state: State::of(&now.status),
                    sentence: otherwise.as_ref().map(|what| format!("{words}, but {what}")).unwrap_or(words),
                    order_id: Some(now.id),
                    ..outcome
                }
            }
            None => outcome,
        };
        if otherwise.is_some() {
            outcome.next = Some(NOT_AS_SENT.to_owned());
        } else if let (true, Some(account), Some(old)) =
            (is_missed || outcome.state == State::Rejected, &facts.account, &facts.replaces)
        {
            outcome.next = also(outcome.next.take(), Some(self.still_standing(account, old).await));
        }
        outcome
    }

    /// Appends how an order was seen, if the journal has its latest record that `is_it` otherwise. What is in doubt is
    /// left to those who hold its lane.
    pub(crate) async fn note_seen(&self, now: &model::Order, is_it: impl Fn(&Record) -> bool) {
        let state = State::of(&now.status).to_string();
        let writing = async {
            let mut journal = self.journal().open().await?;
            let known = records(journal.lines.iter());
            let record = known.iter().rev().find(|record| is_it(record));
            let Some(record) = record.filter(|record| !record.in_doubt() && record.state() != state) else {
                return Ok(());
            };
            // That it was found stays news to those who have not heard of it.
            let event = if record.last == Event::Found { Event::Found } else { Event::Answered };
            let facts = Facts { order: Some(now.id.clone()), state: Some(state), ..Facts::default() };
            journal.append(event, &record.id, facts)
        };
        let written: Result<()> = writing.await;
        if let Err(error) = written {
            tracing::error!("{}", error.cause);
        }
    }

    /// The order of a record in Aries' list of today.
    async fn listed(&self, record: &Record) -> Option<model::Order> {
        let listed = portfolio::current(self.aries(), record.facts.account.as_deref()?).await.ok()?;
        // By Aries' id first: our own may stay the same over replacements.
        let names = record.facts.order.iter().chain([&record.id]);
        names.into_iter().find_map(|name| listed.iter().find(|one| one.has_id(name))).cloned()
    }
}

/// A record as the outcome of its order; an intent may still be approved or not.
fn told(record: &Record, may_be_approved: bool) -> Outcome {
    let facts = &record.facts;
    let at = time::local(record.at);
    let note = facts.note.as_deref().unwrap_or("no reason noted");
    let (state, words, next) = match record.last {
        Event::Intent if may_be_approved => (
            State::WaitingForApproval,
            format!(
                "presented to another process of aries-mcp, which had not sent it at {at}; a person may still approve it there"
            ),
            "do not order it again now: ask the person, and look at get_orders; call place_order with the same ticket \
             in some minutes to hear the outcome",
        ),
        Event::Intent => (
            State::Unknown,
            "presented to another process of aries-mcp, which may be about to send it".to_owned(),
            "do not order it again; call place_order with the same ticket in a minute to hear the outcome",
        ),
        Event::Dropped | Event::Refused => (State::NotSent, note.to_owned(), AGAIN),
        Event::Sent | Event::Unknown => (
            State::Unknown,
            format!(
                "it was sent, and nobody knows whether it is at Aries ({})",
                facts.note.as_deref().unwrap_or(&at)
            ),
            "do not order it again. Ask the person to look in Aries' own application; call place_order with the same \
             ticket to have it looked for once more",
        ),
        Event::Settled => {
            (facts.state.as_deref().and_then(State::said).unwrap_or(State::Sent), note.to_owned(), STANDS)
        }
        _ => (
            facts.state.as_deref().and_then(State::said).unwrap_or(State::Sent),
            format!("as the journal had it at {at}{}", record.caution()),
            STANDS,
        ),
    };
    Outcome {
        state,
        account: format!(
            "{} {}",
            facts.environment.as_deref().unwrap_or("account"),
            masked(facts.account.as_deref().unwrap_or_default())
        ),
        sentence: format!("{}: {words}", facts.summary.as_deref().unwrap_or("an order")),
        order_id: facts.order.clone(),
        client_id: Some(record.id.clone()),
        next: Some(next.to_owned()),
    }
}

const STANDS: &str =
    "get_orders shows how it stands now; do not order it again unless the person wants another one";
const AGAIN: &str = "ask the person; to order it after all, call preview_order again";

//! The status of a ticket by the journal: for a process that did not make the ticket, and once more for an outcome that
//! was unknown.
//!
//! A process that was killed, or one that has simply ended, may have sent the order of its tickets. A ticket that this
//! process does not know is therefore no proof that nothing was sent.

use sha2::{Digest, Sha256};

use super::Reconciler;
use super::fingerprint::difference;
use super::identity::Identity;
use super::resolve::filled_event;
use crate::aries::model;
use crate::aries::time;
use crate::config::Approval;
use crate::error::{Error, Result};
use crate::os::hex;
use crate::told::Told;
use crate::trade::approval::asked::Act;
use crate::trade::checks::portfolio;
use crate::trade::journal::event::Event;
use crate::trade::journal::history::OrderHistory;
use crate::trade::outcome::{Next, Outcome, with_seen};
use crate::trade::state::State;

/// The hash by which the journal knows a ticket: nobody can present what is written there.
pub(crate) fn ticket_hash(ticket: &str) -> String {
    hex::encode(&Sha256::digest(ticket))
}

impl Reconciler {
    /// One with an unknown outcome is looked for. `None` if the journal has no such ticket.
    pub(crate) async fn ticket_status(&self, ticket: &str, approval: Approval) -> Result<Option<Outcome>> {
        let hash = ticket_hash(ticket);
        let history = self.journal.history().await?;
        let Some(order) = history.by_ticket(&hash) else { return Ok(None) };
        if order.is_intent() {
            if may_be_approved(order, approval) {
                return Ok(Some(waiting(order)));
            }
            self.end_intent(order).await?;
        } else if order.is_unknown() {
            // A process that is still sending it writes down what came of it.
            self.look_thoroughly(order).await?;
        } else {
            self.report(&order.id);
            return Ok(Some(self.as_it_stands(order).await));
        }
        let history = self.journal.history().await?;
        let order = history.by_ticket(&hash);
        if let Some(order) = order.filter(|order| !order.is_intent() && !order.is_unknown()) {
            self.report(&order.id);
        }
        Ok(order.map(as_journalled))
    }

    /// Ends an intent that nothing should come of any more. Its age proves nothing, for a machine may have slept during the
    /// last checks. So the process that sends it looks for this end under the same lock, and as long as its order lock
    /// is held it may be on its way.
    async fn end_intent(&self, order: &OrderHistory) -> Result<()> {
        let (account, underlying) = order.place().expect("an intent says where its order goes");
        let patience = self.timing.sending_elsewhere;
        let Ok(_lock) = self.journal.order_lock(account, underlying, patience).await? else {
            return Ok(());
        };
        let mut journal = self.journal.open().await?;
        if !journal.history().find(&order.id).is_some_and(OrderHistory::is_intent) {
            return Ok(());
        }
        let note = "the process that it was presented to did not send it in time";
        journal.append(Event::Dropped { id: order.id.clone(), note: note.to_owned() })
    }

    /// Tells how an order stands. One that may have changed since it was written down is looked at once more; without that,
    /// the answer says from when its state is. Of a replacement that was refused or is not seen, it also tells how
    /// the order stands that was to be replaced.
    async fn as_it_stands(&self, order: &OrderHistory) -> Outcome {
        let mut outcome = as_journalled(order);
        // REPLACED may be concluded from the answer to a replacement that the exchange has refused since, and REJECTED
        // from an answer alone.
        let (is_replaced, is_rejected) = (outcome.state == State::Replaced, outcome.state == State::Rejected);
        let may_change = outcome.state.may_change();
        let look = tokio::time::timeout(self.timing.status, self.listed(order));
        let now = if may_change || is_replaced || is_rejected { look.await.ok().flatten() } else { None };
        let now = now.filter(|now| !is_rejected || now.is_open());
        let sent = order.sent.as_ref().map(|(_, sent)| sent.order());
        let now = now.map(|now| (sent.and_then(|sent| difference(sent, &now)), now));
        // With other terms it is the one in its place, under the same id.
        let now = now.filter(|(difference, _)| !is_replaced || difference.is_none());
        let is_missed = may_change && now.is_none();
        if let Some((difference, now)) = now {
            self.append_seen(&now, |other| other.id == order.id).await;
            let (account, _) = order.place().unwrap_or_default();
            outcome = outcome.seen(format!("{}{}", order.terms(), order.caution()), &now, account);
            outcome.next = Some(Next::NotAgain);
            if let Some(difference) = difference {
                outcome.not_as_sent(&difference);
                return outcome;
            }
        }
        if let (true, Some((account, _)), Some(old)) =
            (is_missed || outcome.state == State::Rejected, order.place(), &order.replaces)
        {
            outcome.also(self.status_of_replaced(account, old).await);
        }
        outcome
    }

    /// Appends how an order was seen, if the journal has another state of its latest order that `is_it`. An order with an
    /// unknown outcome is left to those who hold its order lock.
    async fn append_seen(&self, now: &model::Order, is_it: impl Fn(&OrderHistory) -> bool) {
        let state = State::of(&now.status);
        let writing = async {
            let mut journal = self.journal.open().await?;
            let history = journal.history();
            let known = history.0.iter().rev().find(|order| is_it(order));
            let Some(known) = known.filter(|known| !known.is_unknown()) else { return Ok::<_, Error>(()) };
            if let Some(event) = filled_event(&known.id, now).filter(|_| now.filled > known.filled) {
                journal.append(event)?;
            }
            if known.state() == state {
                return Ok(());
            }
            let (id, order) = (known.id.clone(), now.id.clone());
            // That it was found stays news to those who have not heard of it.
            journal.append(match known.last {
                Event::Found { .. } => Event::Found { id, order, state, by: None },
                _ => Event::Answered { id, order: Some(order), state, note: None },
            })
        };
        if let Err(error) = writing.await {
            tracing::error!("{}", error.cause);
        }
    }

    async fn listed(&self, order: &OrderHistory) -> Option<model::Order> {
        let (account, _) = order.place()?;
        let listed = portfolio::current(&self.aries, account).await.ok()?;
        Identity::of(order).pick(&listed).cloned()
    }

    /// Tells how the order with this id stands, which was to be replaced; the journal knows it then too. It may have been
    /// filled or canceled a moment before, which is often why it was not replaced.
    pub(crate) async fn status_of_replaced(&self, account: &str, old: &str) -> Told {
        let now = tokio::time::timeout(self.timing.settling, self.locate(account, old)).await;
        let now = now.ok().and_then(Result::ok).map(|located| located.order);
        let Some(now) = now.filter(|now| now.id == old) else {
            let words = format!("see with get_orders how order {old} stands, which was to be replaced");
            return words.into();
        };
        let is_it = |order: &OrderHistory| {
            order.order.as_deref() == Some(old) && order.place().is_some_and(|(own, _)| own == account)
        };
        self.append_seen(&now, is_it).await;
        let which = format!("the order that was to be replaced, {} ({})", now.id, now.sentence());
        Told::person_that(with_seen(format!("{which}, is {}", State::of(&now.status)), &now))
    }
}

fn may_be_approved(order: &OrderHistory, approval: Approval) -> bool {
    let is_live = order.placed.as_ref().is_none_or(|placed| placed.live);
    is_live && approval == Approval::Person && order.is_recent
}

fn waiting(order: &OrderHistory) -> Outcome {
    let words = format!(
        "presented to another process of aries-mcp, which had not sent it at {}; a person may still approve it there",
        time::local(order.at)
    );
    let next =
        Told::pair("do not order it again now: ask the person, and look", "do not order it again now: look")
            .and(" at get_orders; call place_order with the same ticket in some minutes to hear the outcome");
    Outcome::of(order, State::WaitingForApproval, &words, next)
}

fn as_journalled(order: &OrderHistory) -> Outcome {
    let note = order.note.as_deref().unwrap_or("no reason noted");
    let (state, words, next) = match order.last {
        Event::Intent { .. } => (
            State::Unknown,
            "presented to another process of aries-mcp, which may be about to send it".to_owned(),
            "do not order it again; call place_order with the same ticket in a minute to hear the outcome".into(),
        ),
        Event::Dropped { .. } | Event::Refused { .. } => (
            State::NotSent,
            note.to_owned(),
            Act::Send.after_all(),
        ),
        Event::Sent { .. } | Event::Unknown { .. } => (
            State::Unknown,
            format!("it was sent, and nobody knows whether it is at Aries ({note})"),
            Told::pair("do not order it again. Ask the person to look", "do not order it again. Look").and(
                " in Aries' own application; call place_order with the same ticket to have it looked for once more",
            ),
        ),
        Event::Settled { .. } => (order.state(), note.to_owned(), STANDS),
        _ => {
            let words = format!("as the journal had it at {}{}", time::local(order.at), order.caution());
            (order.state(), words, STANDS)
        }
    };
    Outcome::of(order, state, &words, next)
}

const STANDS: Told = Told::pair(
    "get_orders shows how it stands now; do not order it again unless the person wants another one",
    "get_orders shows how it stands now",
);

//! Settling orders whose outcome is unknown: by finding the order, or by the person's word.
//!
//! Whoever looks for an order or settles it holds its order lock, so a process that is sending it, or looking for it, is let
//! finish first.

use std::sync::PoisonError;
use std::time::Duration;

use jiff::SignedDuration;
use rust_decimal::Decimal;
use tokio::time::Instant;

use super::Reconciler;
use super::fingerprint::Fingerprint;
use super::lookup::{Effort, Found};
use crate::aries::model::{self, Account};
use crate::aries::time;
use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::told::Told;
use crate::trade::journal::event::{Event, FoundBy};
use crate::trade::journal::history::{History, OrderHistory};
use crate::trade::state::State;

const NEWS: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Looked {
    /// It is at Aries; says how it stands. The journal knows it now.
    Found(String),
    /// It was not seen, which proves nothing.
    NotSeen,
    /// Nothing was learned; says why.
    Failed(String),
    /// Another process is at it; says which, as far as that is known.
    Busy(String),
    Over,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum OnFailure {
    TryAgain,
    GiveUp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    AtAries,
    NotAtAries,
}

/// How a person settles an order that no list shows.
pub(crate) fn way_out(id: &str) -> String {
    format!("`aries-mcp orders settle {id} --sent` or `--not-sent`")
}

impl Reconciler {
    /// Looks for orders with an unknown outcome when a process starts that may place orders. No call waits for it, and
    /// what it could not look for is left to the first preview or cancel: a laptop that wakes up has no network yet.
    pub(crate) async fn look_at_start(&self) {
        self.look_once_for_each(OnFailure::TryAgain).await;
    }

    /// The same before anything else that this process does with orders, once for each, since it costs time. An order that
    /// stays unknown holds back others where it matters.
    pub(crate) async fn look_first(&self) {
        self.look_once_for_each(OnFailure::GiveUp).await;
    }

    async fn look_once_for_each(&self, on_failure: OnFailure) {
        // Held all the while: the second caller waits for what the first one finds.
        let mut looked_for = self.looked_for.lock().await;
        let unknown = match self.unknown().await {
            Ok(unknown) => unknown.into_iter().filter(|order| !looked_for.contains(&order.id)).collect(),
            Err(error) => return tracing::warn!("the order journal was not read: {}", error.cause),
        };
        for (order, looked) in self.look_for_all(unknown).await {
            let is_done = match looked {
                Looked::Failed(why) => {
                    tracing::warn!(id = order.id, "an order in doubt was not looked for: {why}");
                    on_failure == OnFailure::GiveUp
                }
                looked => !matches!(looked, Looked::Busy(_)),
            };
            if is_done {
                looked_for.insert(order.id);
            }
        }
    }

    /// Orders that were found lately and that this process has not reported yet, one line each; they count as reported
    /// then. It goes by the journal, for the process that found an order may have had no call to report it to.
    pub(crate) fn unreported<'a>(&self, orders: impl Iterator<Item = &'a OrderHistory>) -> Vec<String> {
        let now = clock::now();
        let recent = |order: &&OrderHistory| {
            matches!(order.last, Event::Found { .. })
                && now.duration_since(order.at) < NEWS
                && self.report(&order.id)
        };
        let line = |order: &OrderHistory| {
            let (id, at) = (order.order.as_ref().unwrap_or(&order.id), time::local(order.at));
            format!("{}: {id} was {} at {at}{}", order.summary(), order.state(), order.caution())
        };
        orders.filter(recent).map(line).collect()
    }

    /// Marks the order as reported in this process; false if it already was.
    pub(crate) fn report(&self, id: &str) -> bool {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned())
    }

    /// Looks for every order with an unknown outcome on an account and underlying; the caller holds their order lock.
    /// Fails if an outcome stays unknown: then nothing new may be sent there. And if an order was found since the person
    /// decided, by whatever process: they may not know that it is there.
    pub(crate) async fn resolve_unknown(&self, account: &Account, underlying: &str) -> Result<()> {
        let mut history = self.journal.history().await?;
        let unknown: Vec<_> = history.unknown_on(&account.id, underlying).collect();
        let is_any = !unknown.is_empty();
        for order in unknown {
            if let Looked::Found(_) = self.look(order, &history, Effort::Thorough).await? {
                continue;
            }
            let what = format!("{}; {}", order.summary(), order.id);
            return Err(Error::new(
                Kind::Refused,
                format!("nobody knows whether an earlier order is at Aries ({what})"),
                Told::pair(
                    "ask the person to look in Aries' own application and to ",
                    "look in Aries' own application and ",
                )
                .and(format!("end the doubt in a terminal: {}", way_out(&order.id))),
            ));
        }
        if is_any {
            history = self.journal.history().await?;
        }
        let found = self.unreported(history.0.iter().filter(|order| order.is_on(&account.id, underlying)));
        if found.is_empty() {
            return Ok(());
        }
        Err(Error::new(
            Kind::Refused,
            format!("an earlier order, of which nobody knew, was just found at Aries ({})", found.join("; ")),
            Told::person_that(
                "this earlier order is there; only if they want another one, call preview_order again",
            ),
        ))
    }

    async fn unknown(&self) -> Result<Vec<OrderHistory>> {
        Ok(self.journal.history().await?.0.into_iter().filter(OrderHistory::is_unknown).collect())
    }

    pub(crate) async fn look_for_all(&self, unknown: Vec<OrderHistory>) -> Vec<(OrderHistory, Looked)> {
        let end = Instant::now() + self.timing.lookup_of_all;
        let mut all = Vec::new();
        for order in unknown {
            let looking = self.look_for(&order, Duration::ZERO, Effort::Once);
            let looked = match tokio::time::timeout_at(end, looking).await {
                Ok(Ok(looked)) => looked,
                Ok(Err(error)) => Looked::Failed(error.cause),
                Err(_) => Looked::Failed("Aries did not answer in time".to_owned()),
            };
            all.push((order, looked));
        }
        all
    }

    /// Looks for one order for some seconds, after whatever process may be sending it right now.
    pub(crate) async fn look_thoroughly(&self, order: &OrderHistory) -> Result<Looked> {
        self.look_for(order, self.timing.sending_elsewhere, Effort::Thorough).await
    }

    async fn look_for(&self, order: &OrderHistory, patience: Duration, effort: Effort) -> Result<Looked> {
        let Some((account, underlying)) = order.place() else {
            return Ok(Looked::Failed("the journal does not say where it was sent".to_owned()));
        };
        let _lock = match self.journal.order_lock(account, underlying, patience).await? {
            Ok(lock) => lock,
            Err(held) => return Ok(Looked::Busy(held)),
        };
        // Read under the lock: another process may have settled it meanwhile.
        let history = self.journal.history().await?;
        match history.find(&order.id).filter(|order| order.is_unknown()) {
            Some(order) => self.look(order, &history, effort).await,
            None => Ok(Looked::Over),
        }
    }

    /// Looks for one order; the caller holds its order lock. What is found is journalled.
    async fn look(&self, order: &OrderHistory, history: &History, effort: Effort) -> Result<Looked> {
        let Some(wanted) = Fingerprint::of(order, history) else {
            return Ok(Looked::Failed("the journal does not say what was sent".to_owned()));
        };
        match self.look_up(&wanted, effort).await {
            Found::Match(found, by) => {
                let told = format!("{} is {}{}", found.id, State::of(&found.status), by.caution());
                self.journal.append(found_event(&order.id, &found, by)).await?;
                if let Some(event) = filled_event(&order.id, &found) {
                    self.journal.append(event).await?;
                }
                Ok(Looked::Found(told))
            }
            Found::Nothing(seen) if seen.looks == 0 => Ok(Looked::Failed(seen.words())),
            Found::Nothing(_) => Ok(Looked::NotSeen),
        }
    }

    /// Fails if its outcome is known by now, another process is at it, or the journal cannot be written.
    pub(crate) async fn settle(&self, order: &OrderHistory, claim: Claim) -> Result<()> {
        // Where the journal does not say where it went, nobody else can be at it either.
        let (account, underlying) = order.place().unwrap_or_default();
        let patience = self.timing.sending_elsewhere;
        let _lock =
            self.journal.order_lock(account, underlying, patience).await?.map_err(|held| busy(&held))?;
        let mut journal = self.journal.open().await?;
        // The person has taken a while to answer. What was found meanwhile counts more than what they know.
        if let Some(now) = journal.history().find(&order.id).filter(|now| !now.is_unknown()) {
            return Err(Error::failed(
                format!("the doubt has ended meanwhile: it is {}", now.state()),
                "`aries-mcp orders` shows it; nothing was changed",
            ));
        }
        let (state, note) = match claim {
            Claim::AtAries => (State::Sent, "settled by hand: it is at Aries"),
            Claim::NotAtAries => (State::NotSent, "settled by hand: it is not at Aries"),
        };
        journal.append(Event::Settled { id: order.id.clone(), state, note: note.to_owned() })
    }
}

pub(crate) fn found_event(id: &str, found: &model::Order, by: FoundBy) -> Event {
    let state = State::of(&found.status);
    Event::Found { id: id.to_owned(), order: found.id.clone(), state, by: Some(by) }
}

/// What the journal keeps of an order that was seen to be filled in part; `None` if there is nothing to keep.
pub(crate) fn filled_event(id: &str, seen: &model::Order) -> Option<Event> {
    let is_part = seen.filled > Decimal::ZERO && State::of(&seen.status) != State::Filled;
    is_part.then(|| Event::Filled { id: id.to_owned(), quantity: seen.filled })
}

/// Why an order cannot be settled while another process may be about to find it.
pub(crate) fn busy(held: &str) -> Error {
    Error::failed(
        format!("another process is sending that order or looking for it right now ({held})"),
        "try again in a moment; if it stays so, end that process",
    )
}

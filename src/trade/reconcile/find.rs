//! Finding an order in Aries' lists by any id it ever had.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::Reconciler;
use super::heard::{self, Listener};
use super::identity::is_before;
use crate::aries::model::{self, Account};
use crate::error::{Error, Kind, Result};
use crate::trade::checks::portfolio;
use crate::trade::journal::history::History;
use crate::trade::state::State;

const HISTORY: SignedDuration = SignedDuration::from_hours(24 * 89);

impl Reconciler {
    /// Finds an order of an account by any id it ever had: Aries' own, one from before a replacement, or ours.
    pub(crate) async fn find(&self, account: &Account, id: &str) -> Result<model::Order> {
        self.find_in(&account.id, id).await?.ok_or_else(|| not_found(id))
    }

    /// As [`Reconciler::find`]; `None` if there is none in any list.
    pub(crate) async fn find_in(&self, account: &str, id: &str) -> Result<Option<model::Order>> {
        let history = self.journal.history().await?;
        self.find_by(account, &history, id).await
    }

    pub(crate) async fn find_by(
        &self,
        account: &str,
        history: &History,
        id: &str,
    ) -> Result<Option<model::Order>> {
        let names = history.names(id);
        let current = portfolio::current(&self.aries, account).await?;
        if let Some(order) = best(&names, disowned(current, history)) {
            return Ok(Some(order));
        }
        let from = Timestamp::now().checked_sub(HISTORY).expect("the clock is past 1970");
        let past = portfolio::history(&self.aries, account, from).await?;
        Ok(best(&names, disowned(past, history)))
    }

    /// Looks at an order until it has ended or the time is over, and returns how it was last seen. What a listener hears
    /// of its end meanwhile counts, too.
    pub(crate) async fn watch<F: Future<Output = Option<model::Order>>>(
        &self,
        patience: Duration,
        mut listener: Option<Listener>,
        look: impl Fn() -> F,
    ) -> Option<model::Order> {
        let (end, pause) = (Instant::now() + patience, self.timing.settling_pause);
        let mut seen: Option<model::Order> = None;
        loop {
            let found = tokio::select! {
                ended = heard::end(&mut listener) => return Some(ended),
                found = tokio::time::timeout_at(end, look()) => found,
            };
            let Ok(found) = found else { break };
            seen = found.or(seen);
            if seen.as_ref().is_some_and(|seen| !seen.is_open()) || Instant::now() + pause >= end {
                break;
            }
            tokio::select! {
                ended = heard::end(&mut listener) => return Some(ended),
                () = tokio::time::sleep(pause) => {}
            }
        }
        seen
    }
}

/// The same without our own id where it cannot be right: on a row that was there before the order of that id was sent.
fn disowned(mut orders: Vec<model::Order>, history: &History) -> Vec<model::Order> {
    for order in &mut orders {
        let known = order.own_id().and_then(|own| history.find(own));
        let sent = known.and_then(|known| known.sent.as_ref().map(|(sent, _)| *sent));
        if sent.is_some_and(|sent| is_before(order, sent)) {
            order.client_id = None;
        }
    }
    orders
}

/// Picks the order that counts of those that have one of these ids, of which the first was asked for: one that is open,
/// and of several the one that was asked for, else the newest. A replacement that was refused, and an order that was
/// replaced, tell less than what became of the other.
fn best(names: &[String], orders: Vec<model::Order>) -> Option<model::Order> {
    let rank = |order: &model::Order| {
        // Our own id stays the same over replacements at some brokers.
        let place = names.iter().rposition(|name| order.has_id(name))?;
        let asked_for = names.first().is_some_and(|name| order.has_id(name));
        let lasting = !matches!(State::of(&order.status), State::Rejected | State::Replaced);
        Some((order.is_open(), order.is_open() && asked_for, lasting, place))
    };
    let ranked: Vec<_> = orders.into_iter().filter_map(|order| Some((rank(&order)?, order))).collect();
    // Lists begin with the newest, and of equals the last is taken.
    ranked.into_iter().rev().max_by_key(|(rank, _)| *rank).map(|(_, order)| order)
}

pub(crate) fn not_found(id: &str) -> Error {
    Error::new(
        Kind::Refused,
        format!("Aries lists no order {}", crate::text::short(id)),
        "take the id from get_orders",
    )
}

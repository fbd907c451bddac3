//! Finding an order in Aries' lists by any id it ever had.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

use super::Reconciler;
use super::heard::{self, Listener};
use super::named::Listed;
use crate::aries::model::{self, Account};
use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::trade::checks::portfolio;
use crate::trade::journal::history::History;

const HISTORY: SignedDuration = SignedDuration::from_hours(24 * 89);

impl Reconciler {
    /// Finds the one order of an account that an id names: Aries' own, one from before a replacement of today, or ours.
    /// Fails if there is none, or more than one.
    pub(crate) async fn find(&self, account: &Account, id: &str) -> Result<model::Order> {
        self.find_in(&account.id, id).await?.ok_or_else(|| not_found(id))
    }

    /// As [`Reconciler::find`]; `None` if there is none in any list.
    pub(crate) async fn find_in(&self, account: &str, id: &str) -> Result<Option<model::Order>> {
        self.find_by(account, &self.journal.history().await?, id).await
    }

    /// The same by what is known of the journal.
    pub(crate) async fn find_by(
        &self,
        account: &str,
        history: &History,
        id: &str,
    ) -> Result<Option<model::Order>> {
        let history = &history.on(account);
        let rows = portfolio::current(&self.aries, account).await?;
        if let Some(order) = (Listed { rows, history }).named(id)? {
            return Ok(Some(order));
        }
        let from = clock::now().checked_sub(HISTORY).expect("the clock is past 1970");
        let rows = portfolio::history(&self.aries, account, from).await?;
        (Listed { rows, history }).named(id)
    }

    /// How the order that this id named stands under whichever id it has by now, if a list shows it.
    pub(crate) async fn latest(&self, account: &str, history: &History, id: &str) -> Option<model::Order> {
        let rows = portfolio::current(&self.aries, account).await.ok()?;
        (Listed { rows, history: &history.on(account) }).latest(id)
    }

    /// Looks at an order until it has ended or the time is over, and returns how it was last seen. What a listener hears
    /// of its end meanwhile counts, too.
    pub(crate) async fn watch<F: Future<Output = Option<model::Order>>>(
        &self,
        patience: Duration,
        mut listener: Option<Listener>,
        look: impl Fn() -> F,
    ) -> Option<model::Order> {
        let (end, mut pause) = (Instant::now() + patience, self.timing.settling_pause);
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
            // What does not happen at once may take its time, and each look is a call of the fifty a minute.
            pause *= 2;
        }
        seen
    }
}

pub(crate) fn not_found(id: &str) -> Error {
    Error::new(
        Kind::NotFound,
        format!("Aries lists no order {}", crate::text::short(id)),
        "take the id from get_orders",
    )
}

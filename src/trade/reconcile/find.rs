//! Finding an order in Aries' lists by any id it ever had.

use jiff::SignedDuration;

use super::Reconciler;
use super::named::Listed;
use crate::aries::model;
use crate::aries::model::order::list::{self, List};
use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::trade::checks::portfolio::{self, Located};
use crate::trade::journal::history::History;

const HISTORY: SignedDuration = SignedDuration::from_hours(24 * 89);

impl Reconciler {
    /// Finds the one order of an account that an id names: Aries' own, one from before a replacement of today, or ours.
    /// Fails if there is none, or more than one.
    pub(crate) async fn locate(&self, account: &str, id: &str) -> Result<Located> {
        self.locate_in(account, id).await?.ok_or_else(|| not_found(id))
    }

    /// As [`Reconciler::locate`]; `None` if there is none in any list.
    pub(crate) async fn locate_in(&self, account: &str, id: &str) -> Result<Option<Located>> {
        let history = self.journal.history().await?;
        let current = portfolio::current(&self.aries, account).await?;
        let found = self.find_among(current.clone(), account, &history, id).await?;
        Ok(found.map(|order| Located { order, current }))
    }

    /// The order alone, by what is known of the journal.
    pub(crate) async fn find_by(
        &self,
        account: &str,
        history: &History,
        id: &str,
    ) -> Result<Option<model::Order>> {
        let current = portfolio::current(&self.aries, account).await?;
        self.find_among(current, account, history, id).await
    }

    /// Looks into these orders, and then into those of the last months.
    async fn find_among(
        &self,
        rows: Vec<model::Order>,
        account: &str,
        history: &History,
        id: &str,
    ) -> Result<Option<model::Order>> {
        let history = &history.on(account);
        if let Some(order) = (Listed { rows, history }).named(id)? {
            return Ok(Some(order));
        }
        let from = clock::now().checked_sub(HISTORY).expect("the clock is past 1970");
        let rows = portfolio::history(&self.aries, account, from).await?;
        (Listed { rows, history }).named(id)
    }

    /// How the order that this id named stands under whichever id it has by now, if a list shows it. Where today's list
    /// shows its end, the history is not asked.
    pub(crate) async fn latest(&self, account: &str, history: &History, id: &str) -> Option<model::Order> {
        let history = &history.on(account);
        let today = list::whole(&self.aries, account, List::Today).await.ok()?;
        let found = Listed { rows: today.clone(), history }.latest(id);
        if found.as_ref().is_some_and(|found| !found.is_open() && found.id == id) {
            return found;
        }
        let rows = portfolio::with_history(&self.aries, account, today).await.ok()?;
        (Listed { rows, history }).latest(id)
    }
}

pub(crate) fn not_found(id: &str) -> Error {
    Error::new(
        Kind::NotFound,
        format!("Aries lists no order {}", crate::text::short(id)),
        "take the id from get_orders",
    )
}

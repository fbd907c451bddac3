//! Looking for an order in Aries' book, in the cache, in the database and in the history, by what tells it from others
//! (`sought`).
//!
//! Not being in a list proves nothing: lists can lag behind. Only being in one does.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::aries::Aries;
use crate::aries::model::{self, Account};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::timing::Timing;
use crate::trade::Desk;
use crate::trade::checks::portfolio::{self, Source};
use crate::trade::journal::file::Journal;
use crate::trade::journal::history::{names, records};
use crate::trade::outcome::State;
use crate::trade::reconcile::fingerprint::{SKEW, Seen, Sign, Sought, judge};

/// Looks orders up and notes what it finds. It reads at Aries and writes the journal, so it needs no right to trade.
#[derive(Clone)]
pub(crate) struct Lookup {
    pub(crate) aries: Aries,
    pub(crate) journal: Journal,
    pub(crate) timing: Timing,
}

/// How much is done to find an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// One look, also into the history, for orders of earlier days.
    Once,
    /// The same again and again for ten seconds.
    Thorough,
    /// Likewise for an order that was sent a moment ago, so not in the history.
    Fresh,
}

/// What was found.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// It is there, and this tells that it is the one.
    It(Box<model::Order>, Sign),
    /// It was not seen; how many lists could be read, and in words what was seen.
    Nothing { looks: usize, seen: String },
}

impl Lookup {
    /// A lookup with this sender, in the journal of these settings. Nothing is opened before the first look.
    pub(crate) fn new(settings: &Settings, aries: &Aries) -> Self {
        Self { aries: aries.clone(), journal: Journal::of(settings), timing: settings.timing }
    }

    /// Looks for an order.
    pub(crate) async fn look_up(&self, sought: &Sought, effort: Effort) -> Found {
        let mut seen = Seen::default();
        let pauses: &[Duration] = if effort == Effort::Once { &[] } else { &self.timing.lookup_pauses };
        let looking = async {
            for pause in pauses.iter().map(Some).chain([None]) {
                if let Some(found) = self.look_once(sought, effort != Effort::Fresh, &mut seen).await {
                    return Some(found);
                }
                tokio::time::sleep(*pause?).await;
            }
            None
        };
        match tokio::time::timeout(self.timing.lookup, looking).await.ok().flatten() {
            Some((found, sign)) => Found::It(Box::new(found), sign),
            None => Found::Nothing { looks: seen.looks, seen: seen.words() },
        }
    }

    async fn look_once(&self, sought: &Sought, late: bool, seen: &mut Seen) -> Option<(model::Order, Sign)> {
        for source in [Source::Cache, Source::Database] {
            let orders = match portfolio::orders(&self.aries, &sought.account, source).await {
                Ok(orders) => orders,
                Err(error) => {
                    seen.trouble = Some(error.cause);
                    continue;
                }
            };
            seen.looks += 1;
            seen.orders = orders.len();
            if let Some(found) = judge(sought, &orders, source == Source::Database, seen) {
                return Some(found);
            }
        }
        if late {
            let from = sought.sent.checked_sub(SKEW).unwrap_or(sought.sent);
            if let Ok(orders) = portfolio::history(&self.aries, &sought.account, from).await {
                seen.looks += 1;
                return judge(sought, &orders, true, seen);
            }
        }
        None
    }
}

impl Desk {
    /// An order of an account by any id it ever had: Aries' own, one from before a replacement, or ours.
    ///
    /// # Errors
    /// If there is none in any list.
    pub(crate) async fn find(&self, account: &Account, id: &str) -> Result<model::Order> {
        match self.find_in(&account.id, id).await? {
            Some(order) => Ok(order),
            None => Err(not_found(id)),
        }
    }

    pub(crate) async fn find_in(&self, account: &str, id: &str) -> Result<Option<model::Order>> {
        let lines: Vec<_> = self.journal().read()?.unwrap_or_default().into_iter().flatten().collect();
        self.find_by(account, &names(&records(lines.iter()), id)).await
    }

    /// The same by all the names that it may go by.
    pub(crate) async fn find_by(&self, account: &str, names: &[String]) -> Result<Option<model::Order>> {
        if let Some(order) = best(names, portfolio::current(self.aries(), account).await?) {
            return Ok(Some(order));
        }
        let from = Timestamp::now()
            .checked_sub(SignedDuration::from_hours(24 * 89))
            .unwrap_or(Timestamp::UNIX_EPOCH);
        let past = portfolio::history(self.aries(), account, from).await.unwrap_or_default();
        Ok(best(names, past))
    }
}

/// The one that counts of the orders that go by one of these names, of which the first was asked for: one that is open,
/// and of several that one which was asked for, else the newest. A replacement that was refused, and an order that was
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
        format!("Aries lists no order {}", crate::aries::text::short(id)),
        "take the id from get_orders",
    )
}

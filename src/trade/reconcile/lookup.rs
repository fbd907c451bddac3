//! Looking for an order whose outcome is unknown: in Aries' cache, in its database and in its history of orders.
//!
//! Not being in a list proves nothing, for lists can lag behind. Only being in one does.

use std::time::Duration;

use super::Reconciler;
use super::fingerprint::{Fingerprint, SKEW, Seen};
use crate::aries::model;
use crate::trade::checks::portfolio::{self, Source};
use crate::trade::journal::event::FoundBy;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// One look, also into the history, for orders of earlier days.
    Once,
    /// The same again and again for some seconds.
    Thorough,
    /// Likewise for an order that was sent a moment ago, so not in the history.
    Fresh,
}

pub(crate) enum Found {
    Match(Box<model::Order>, FoundBy),
    Nothing(Seen),
}

impl Reconciler {
    pub(crate) async fn look_up(&self, wanted: &Fingerprint, effort: Effort) -> Found {
        let mut seen = Seen::default();
        let pauses: &[Duration] = if effort == Effort::Once { &[] } else { &self.timing.lookup_pauses };
        let looking = async {
            for pause in pauses.iter().map(Some).chain([None]) {
                if let Some(found) = self.look_once(wanted, effort, &mut seen).await {
                    return Some(found);
                }
                tokio::time::sleep(*pause?).await;
            }
            None
        };
        match tokio::time::timeout(self.timing.lookup, looking).await.ok().flatten() {
            Some((found, by)) => Found::Match(Box::new(found), by),
            None => Found::Nothing(seen),
        }
    }

    async fn look_once(
        &self,
        wanted: &Fingerprint,
        effort: Effort,
        seen: &mut Seen,
    ) -> Option<(model::Order, FoundBy)> {
        for source in [Source::Cache, Source::Database] {
            let orders = match portfolio::orders(&self.aries, &wanted.account, source).await {
                Ok(orders) => orders,
                Err(error) => {
                    seen.trouble = Some(error.cause);
                    continue;
                }
            };
            seen.looks += 1;
            seen.orders = orders.len();
            if let Some(found) = wanted.pick(&orders, source, seen) {
                return Some(found);
            }
        }
        if effort != Effort::Fresh {
            let from = wanted.sent.checked_sub(SKEW).unwrap_or(wanted.sent);
            if let Ok(orders) = portfolio::history(&self.aries, &wanted.account, from).await {
                seen.looks += 1;
                return wanted.pick(&orders, Source::Database, seen);
            }
        }
        None
    }
}

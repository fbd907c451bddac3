//! Looking for an order whose outcome is unknown: in Aries' list of today, and in its history of orders.
//!
//! Not being in a list proves nothing, for lists can lag behind. Only being in one does.

use std::time::Duration;

use super::Reconciler;
use super::fingerprint::{Fingerprint, Seen, Source};
use super::identity::SKEW;
use crate::aries::model;
use crate::aries::model::order::list::{self, List};
use crate::rate_limits::Urgency;
use crate::trade::checks::portfolio;
use crate::trade::journal::event::FoundBy;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// One look at both lists.
    Once,
    /// The same again and again for some seconds.
    Thorough,
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
                if let Some(found) = self.look_once(wanted, &mut seen).await {
                    return Some(found);
                }
                tokio::time::sleep(*pause?).await;
            }
            None
        };
        match tokio::time::timeout(self.timing.lookup, looking).await {
            Ok(Some((found, by))) => Found::Match(Box::new(found), by),
            Ok(None) => Found::Nothing(seen),
            Err(_) => {
                // The last look is the one that counts.
                seen.trouble.get_or_insert_with(|| "the lists came too slowly".to_owned());
                Found::Nothing(seen)
            }
        }
    }

    async fn look_once(&self, wanted: &Fingerprint, seen: &mut Seen) -> Option<(model::Order, FoundBy)> {
        let (aries, account) = (self.aries.with(Urgency::Doubt), &wanted.account);
        let from = wanted.sent.checked_sub(SKEW).unwrap_or(wanted.sent);
        for source in [Source::Cache, Source::Database] {
            let listed = match source {
                Source::Cache => list::whole(&aries, account, List::Today).await,
                Source::Database => portfolio::history(&aries, account, from).await,
            };
            match listed {
                Ok(orders) => {
                    seen.looks += 1;
                    seen.orders = seen.orders.max(orders.len());
                    if let Some(found) = wanted.pick(&orders, source, seen) {
                        return Some(found);
                    }
                }
                Err(error) => seen.trouble = Some(error.cause),
            }
        }
        None
    }
}

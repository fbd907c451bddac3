//! Several calls at once for one order: one cancel is sent, and all of them hear what came of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::trade::outcome::Outcome;

#[derive(Clone)]
pub(super) struct Requested {
    pub(super) outcome: Outcome,
    /// The order was seen to have ended, and not by another one that has taken its place.
    pub(super) is_over: bool,
    /// Aries refused it, and the order is in no list, or as a rejected one: there may never have been one.
    pub(super) is_void: bool,
}

/// What came of the one cancel that the calls of now share; whoever comes later sends another.
pub(super) type Slot = tokio::sync::Mutex<Option<Requested>>;

/// An account, and Aries' id of an order of it.
type Named = (String, String);

/// The cancels under way. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct AtOnce(Arc<Mutex<HashMap<Named, Weak<Slot>>>>);

impl AtOnce {
    pub(super) fn slot(&self, account: &str, order: &str) -> Arc<Slot> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, slot| slot.strong_count() > 0);
        let known = all.entry((account.to_owned(), order.to_owned())).or_default();
        known.upgrade().unwrap_or_else(|| {
            let slot = Arc::default();
            *known = Arc::downgrade(&slot);
            slot
        })
    }
}

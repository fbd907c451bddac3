//! One call of `cancel_order`: which order is meant, whether it may be canceled, and what came of it.

use std::sync::{Arc, OnceLock};

use super::Canceler;
use super::at_once::Requested;
use super::cleared::Cleared;
use super::elsewhere::Elsewhere;
use super::target::{Known, Target, without_id};
use super::words::{as_ended, as_seen, under_way, unknown};
use crate::error::Result;
use crate::trade::approval::pending::Pending;
use crate::trade::approval::prompter::Prompter;
use crate::trade::in_flight::ending;
use crate::trade::outcome::Outcome;
use crate::trade::state::State;

pub(crate) enum Canceling {
    Over(Outcome),
    /// A person has to approve it, or it goes on after they did.
    Pending(Arc<Pending>),
}

impl Canceler {
    /// Asks for the end of an order, and waits for what comes of it as long as a call may. Never limited or repeated.
    pub(crate) async fn cancel(
        &self,
        account: Option<String>,
        id: String,
        prompter: Prompter,
    ) -> Result<Canceling> {
        if let Some(pending) = self.asked_before(account.as_deref(), &id) {
            pending.call_again(&prompter);
            return Ok(pending.over().map_or(Canceling::Pending(pending), Canceling::Over));
        }
        // In a task of its own: a call that is cancelled, or has waited long enough, must neither stop it half-way nor
        // hide from the journal what became of it.
        let before = Arc::new(OnceLock::new());
        let (canceler, noted, named) = (self.clone(), Arc::clone(&before), id.clone());
        let task = tokio::spawn(async move {
            canceler.cancel_and_watch(account.as_deref(), &named, &noted, prompter).await
        });
        match tokio::time::timeout(self.reconciler.timing.call, task).await {
            Ok(ended) => ended.unwrap_or_else(|_| Err(ending())),
            Err(_) => Ok(Canceling::Over(under_way(&id, before.get()))),
        }
    }

    /// Finds the order, cancels it and waits for its end. `before` gets the order as it was, once it is known.
    async fn cancel_and_watch(
        &self,
        account: Option<&str>,
        id: &str,
        before: &OnceLock<Outcome>,
        prompter: Prompter,
    ) -> Result<Canceling> {
        let known = self.look_first(id).await;
        let without_id = without_id(&known.history, id, account);
        let finder = self.reconciler.for_cancels();
        let (listed, newer) = match (Target::find(&finder, &known.history, account, id).await, without_id) {
            (Ok(target), _) => target,
            (Err(error), Some(order)) => return Ok(Canceling::Over(unknown(order, &error.cause))),
            (Err(error), None) => return Err(error),
        };
        let is_replaced = State::of(&listed.order.status) == State::Replaced;
        let first = if listed.order.is_open() {
            before.get_or_init(|| as_seen(&listed.account, &listed.order));
            let cleared = match Cleared::own(Box::new(listed), &known) {
                Ok(cleared) => cleared,
                Err(target) => match self.elsewhere(target, prompter).await? {
                    Elsewhere::Cleared(cleared) => cleared,
                    Elsewhere::Asking(pending) => return Ok(Canceling::Pending(pending)),
                },
            };
            let requested = self.request(cleared, &known).await?;
            if requested.is_over {
                return Ok(Canceling::Over(requested.outcome));
            }
            requested.outcome
        } else {
            if let (true, Some(order), None) = (is_replaced, without_id, &newer) {
                let cause = format!("Aries lists {} as REPLACED, and nothing in its place", listed.order.id);
                return Ok(Canceling::Over(unknown(order, &cause)));
            }
            as_ended(&listed.account, &listed.order)
        };
        // What took its place is meant as well, if the journal of today says so. It comes second: if that one has failed,
        // the other one is what there is.
        let newer = newer.and_then(|newer| Cleared::own(Box::new(newer), &known).ok());
        let Some(newer) = newer else { return Ok(Canceling::Over(first)) };
        before.get_or_init(|| as_seen(&newer.target().account, &newer.target().order));
        let Requested { outcome, is_void, .. } = self.request(newer, &known).await?;
        Ok(Canceling::Over(if is_void && !is_replaced { first } else { outcome }))
    }

    /// Looks for orders with an unknown outcome, of which one may be the one with this id, and reads the journal.
    async fn look_first(&self, id: &str) -> Known {
        let patience = self.reconciler.timing.cancel_lookup;
        let _ = tokio::time::timeout(patience, self.reconciler.look_first()).await;
        let known = self.known().await;
        let Some(order) = known.history.find(id).filter(|order| order.is_unknown()) else { return known };
        // That looks once in the life of a process, and this may be asked again.
        let looking = self.reconciler.look_for_all(vec![order.clone()]);
        let _ = tokio::time::timeout(patience, looking).await;
        self.known().await
    }

    /// What the journal knows of orders, however it stands: it helps, and nothing more.
    pub(super) async fn known(&self) -> Known {
        let (history, is_whole) = self.reconciler.journal.what_is_known().await;
        Known { history, is_whole }
    }
}

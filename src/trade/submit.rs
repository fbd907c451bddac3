//! From a presented ticket to at most one POST, and what came of it.

mod answer;
pub(crate) mod opener;
pub(crate) mod place;
pub(crate) mod presented;
mod result;
mod send;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::aries::order_sender::OrderSender;
use crate::os::browser::Browser;
use crate::trade::approval::declines::Declines;
use crate::trade::approval::ticket::{Previewed, Tickets};
use crate::trade::checks::Checks;
use crate::trade::in_flight::InFlight;
use crate::trade::journal::event::{Event, Placed};
use crate::trade::reconcile::Reconciler;
use presented::Presented;

#[derive(Clone)]
pub(crate) struct Submitter {
    pub(crate) checks: Checks,
    pub(crate) reconciler: Reconciler,
    pub(crate) sender: Arc<OrderSender>,
    pub(crate) in_flight: InFlight,
    pub(crate) profile: String,
    pub(crate) browser: Browser,
    pub(crate) tickets: Arc<Mutex<Tickets>>,
    pub(crate) declines: Declines,
    /// Orders whose tickets were presented to this process, by ticket.
    pub(crate) pending: Arc<Mutex<HashMap<String, Arc<Presented>>>>,
}

impl Submitter {
    fn journalled(&self, order: &Previewed) -> Placed {
        Placed {
            profile: self.profile.clone(),
            account: order.account.id.clone(),
            environment: order.account.money,
            live: order.account.money.is_live(),
            underlying: order.order.underlying.clone(),
            summary: order.sentence.clone(),
            terms: Some(order.terms.clone()),
        }
    }

    /// Writes down that a presented ticket has ended without a POST. A journal that cannot be written changes nothing then.
    async fn append_dropped(&self, order: &Previewed, why: &str) {
        let event = Event::Dropped { id: order.client_id.clone(), note: crate::text::clean(why, 200) };
        self.reconciler.journal.append_best_effort(event).await;
    }
}

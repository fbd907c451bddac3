//! `cancel_order`: reads the order first, copies what Aries wants back, and reports the end state seen.
//!
//! An order that this program placed is canceled freely. That can do no harm twice, so nothing of ours holds it back: not
//! a journal that is busy, damaged, gone or hangs, and not lists that are slow or do not show the order yet, if the
//! journal knows it. An order that was entered elsewhere may be a person's stop-loss: on a live account its cancel needs
//! the person's yes, and it goes by what the config file allows.

mod at_once;
pub(crate) mod call;
mod cleared;
mod elsewhere;
mod request;
mod target;
mod words;

use std::sync::{Arc, Mutex};

pub(crate) use at_once::AtOnce;

use crate::aries::order_sender::OrderSender;
use crate::os::browser::Browser;
use crate::trade::approval::declines::Declines;
use crate::trade::approval::pending::Pending;
use crate::trade::checks::Checks;
use crate::trade::in_flight::InFlight;
use crate::trade::reconcile::Reconciler;

#[derive(Clone)]
pub(crate) struct Canceler {
    pub(crate) checks: Checks,
    pub(crate) reconciler: Reconciler,
    pub(crate) sender: Arc<OrderSender>,
    pub(crate) in_flight: InFlight,
    pub(crate) profile: String,
    pub(crate) browser: Browser,
    pub(crate) declines: Declines,
    /// Cancels that a person was asked about, and of which the end was not told yet.
    pub(crate) pending: Arc<Mutex<Vec<Arc<Pending>>>>,
    pub(crate) at_once: AtOnce,
}

//! Order safety: from what was asked for to at most one POST, and what became of it.
//!
//! Each part is a struct that holds only the parts it calls, so a circle of calls does not compile:
//! `preview, submit, cancel → reconcile → journal`, `preview, submit → checks → order`, `submit → approval`.
//!
//! What holds, and what holds it:
//!
//! - A POST takes an [`approval::approved::ApprovedOrder`]: made from a redeemed ticket, and on live accounts from a
//!   person's yes. Both have private fields, so no other path compiles.
//! - `sent` is on disk before the POST begins: a process that is killed at any moment leaves at most an order whose outcome
//!   is unknown.
//! - An order is reported as not sent once its end stands in the journal; after such an end, `sent` is never written.
//! - One order at a time on an account and underlying, over all processes of this machine, by a lock file.

pub(crate) mod approval;
pub(crate) mod cancel;
pub(crate) mod checks;
mod exits;
pub(crate) mod in_flight;
pub mod journal;
pub(crate) mod order;
pub(crate) mod outcome;
pub(crate) mod payoff;
pub(crate) mod preview;
pub(crate) mod reconcile;
pub mod state;
pub(crate) mod submit;

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::aries::Aries;
use crate::aries::order_sender::OrderSender;
use crate::aries::socket::Streams;
use crate::config::{Allowance, Settings};
use crate::error::Result;
use approval::declines::Declines;
use approval::ticket::Tickets;
use cancel::Canceler;
use checks::{Checks, usage};
use in_flight::InFlight;
use preview::Previewer;
use reconcile::Reconciler;
use submit::Submitter;
use submit::opener::Opener;

pub(crate) struct OrderService {
    pub(crate) previewer: Previewer,
    pub(crate) submitter: Submitter,
    pub(crate) opener: Opener,
    pub(crate) canceler: Canceler,
    pub(crate) in_flight: InFlight,
    pub(crate) reconciler: Reconciler,
}

impl OrderService {
    /// The service of a process that may trade; `None` if it is read-only: then the order sender is never built.
    pub(crate) fn open(settings: &Settings, aries: &Aries, streams: &Streams) -> Option<Arc<Self>> {
        if settings.read_only {
            return None;
        }
        let reconciler = Reconciler::new(settings, aries, streams);
        #[expect(clippy::disallowed_methods, reason = "the one place that builds the order sender")]
        let sender = Arc::new(OrderSender::new(aries.clone()));
        let checks = Checks::new(aries.clone(), Allowance::of(settings));
        let tickets = Arc::new(Mutex::new(Tickets::new(settings.timing.ticket)));
        let (in_flight, declines) = (InFlight::default(), Declines::default());
        let submitter = Submitter {
            checks: checks.clone(),
            reconciler: reconciler.clone(),
            sender: Arc::clone(&sender),
            in_flight: in_flight.clone(),
            profile: settings.profile.clone(),
            browser: settings.browser(),
            tickets: Arc::clone(&tickets),
            declines: declines.clone(),
            pending: Arc::default(),
        };
        Some(Arc::new(Self {
            previewer: Previewer {
                checks: checks.clone(),
                reconciler: reconciler.clone(),
                sender: Arc::clone(&sender),
                tickets,
                declines: declines.clone(),
            },
            opener: Opener::new(submitter.clone()),
            submitter,
            canceler: Canceler {
                checks,
                reconciler: reconciler.clone(),
                sender,
                in_flight: in_flight.clone(),
                profile: settings.profile.clone(),
                browser: settings.browser(),
                declines,
                pending: Arc::default(),
                at_once: cancel::AtOnce::default(),
            },
            in_flight,
            reconciler,
        }))
    }

    /// What the person allows now, and what today has used of it.
    pub(crate) async fn allowed(&self) -> Result<Value> {
        let checks = self.submitter.checks.now().await?;
        // A journal that cannot be read counts as empty here; sending reads it again and refuses.
        let history = self.reconciler.journal.history().await.unwrap_or_default();
        Ok(usage::allowed(&checks.allowed.trading, &history))
    }
}

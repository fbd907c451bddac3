//! Order safety: from what was asked for to at most one POST, and what became of it.
//!
//! Each part is a struct that holds only the parts it calls, so a circle of calls does not compile:
//! `preview, submit, cancel → reconcile → journal`, `preview, submit → checks → order`, `submit → approval`.
//!
//! - [`preview`] makes a typed [`order`] of the arguments, checks it, asks Aries' own preview, and issues a ticket.
//! - [`submit`] presents the ticket. On live accounts a person is asked in a way that the model cannot use
//!   ([`approval`]). Then everything is checked once more, the [`journal`] is written, and the one POST is made.
//! - [`cancel`] asks for the end of an order.
//! - [`reconcile`] finds out what became of an order whose outcome is unknown. Until it is known, further orders on its
//!   account and underlying are refused.
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
pub(crate) mod in_flight;
pub mod journal;
pub(crate) mod order;
pub(crate) mod outcome;
pub(crate) mod preview;
pub(crate) mod reconcile;
pub mod state;
pub(crate) mod submit;

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::aries::Aries;
use crate::aries::order_sender::OrderSender;
use crate::config::Settings;
use crate::error::Result;
use crate::timing::Timing;
use approval::prompter::Prompter;
use approval::ticket::Tickets;
use cancel::Canceler;
use checks::{Checks, usage};
use in_flight::InFlight;
use order::request::OrderRequest;
use outcome::Outcome;
use preview::{Preview, Previewer};
use reconcile::Reconciler;
use submit::Submitter;
use submit::place::Placed;

/// The orders of one process. Clones share everything.
#[derive(Clone)]
pub(crate) struct OrderService(Arc<Parts>);

struct Parts {
    previewer: Previewer,
    submitter: Submitter,
    canceler: Canceler,
    in_flight: InFlight,
}

impl OrderService {
    /// The service of a process that may trade; `None` if it is read-only: then the order sender is never built.
    pub(crate) fn open(settings: &Settings, aries: &Aries) -> Option<Self> {
        if settings.read_only {
            return None;
        }
        let reconciler = Reconciler::new(settings, aries);
        #[expect(clippy::disallowed_methods, reason = "the one place that builds the order sender")]
        let sender = Arc::new(OrderSender::new(aries.clone()));
        let checks = Checks { aries: aries.clone(), trading: Arc::new(settings.trading.clone()) };
        let tickets = Arc::new(Mutex::new(Tickets::new(settings.timing.ticket)));
        let in_flight = InFlight::new();
        let profile = &settings.profile;
        Some(Self(Arc::new(Parts {
            previewer: Previewer {
                checks: checks.clone(),
                reconciler: reconciler.clone(),
                sender: Arc::clone(&sender),
                tickets: Arc::clone(&tickets),
            },
            submitter: Submitter {
                checks,
                reconciler: reconciler.clone(),
                sender: Arc::clone(&sender),
                in_flight: in_flight.clone(),
                profile: profile.clone(),
                tickets,
                pending: Arc::default(),
            },
            canceler: Canceler { reconciler, sender, in_flight: in_flight.clone(), profile: profile.clone() },
            in_flight,
        })))
    }

    /// Previews an order. Fails with what is wrong with it, or with what has to be known and could not be found out.
    pub(crate) async fn preview(&self, request: &OrderRequest) -> Result<Preview> {
        self.0.previewer.preview(request).await
    }

    /// Presents a ticket, or asks again for the outcome of one that was presented.
    /// Fails if there is no such ticket, or it has expired, or the journal cannot be read.
    pub(crate) async fn place(&self, ticket: &str, prompter: Prompter) -> Result<Placed> {
        self.0.submitter.place(ticket, prompter).await
    }

    /// Cancels an order.
    /// Fails if there is no such order, or neither the lists nor the journal can say.
    pub(crate) async fn cancel(&self, account: Option<String>, id: String) -> Result<Outcome> {
        self.0.canceler.cancel(account, id).await
    }

    /// Looks for orders with an unknown outcome when the process starts.
    pub(crate) async fn look_at_start(&self) {
        self.0.canceler.reconciler.look_at_start().await;
    }

    /// Lets no new order begin and waits until the outcome of each is in the journal. The caller bounds the time.
    pub(crate) async fn finish(&self) {
        self.0.in_flight.finish().await;
    }

    /// Everything the person allows, as the resource that the model may read.
    pub(crate) fn allowed(&self) -> Value {
        let Submitter { checks, reconciler, .. } = &self.0.submitter;
        usage::allowed(&checks.trading, &reconciler.journal)
    }

    /// How long orders wait.
    pub(crate) fn timing(&self) -> &Timing {
        &self.0.submitter.reconciler.timing
    }
}

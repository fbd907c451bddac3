//! Order safety: from what was asked for to at most one POST, and what became of it.
//!
//! The order of things (design part 5): [`order::request`] make a typed [`order`] of the arguments (`replacement` one of an open
//! order); [`preview`] checks it against positions and open orders ([`checks::portfolio`], [`order::open`], [`checks::position`]), against a fresh [`checks::quote`]
//! ([`checks::price`]), the clock (`hours`) and the person's [`checks::limits`] on what it is [`checks::notional`], asks Aries' own preview
//! (`estimate`), and issues a [`approval::ticket`]. Presenting the ticket to [`submit::present`] spends it and makes it a [`approval::pending`]; on live
//! accounts a person is asked (`asking`) through a [`approval::prompter`] that the model cannot use, and [`approval`] judges the
//! reply. [`submit::send`] checks everything once more, writes the [`journal`], and makes the one POST. What is not known
//! afterwards is looked up ([`reconcile::find`]; `sought` tells it from others) and blocks further orders until it is ([`reconcile::resolve`]); a ticket of an ended process
//! is recalled from the journal (`recall`).
//!
//! What holds, and what holds it:
//!
//! - A POST takes a [`approval::approved::Cleared`]: made from a redeemed ticket, and on live accounts from a person's yes. Both
//!   have private fields, so no other path compiles.
//! - `sent` is on disk before the POST begins; a process killed at any moment leaves at most a doubt.
//! - An order is told to be not sent once its end stands in the journal; after such an end, `sent` is never written.
//! - One order at a time on an account and underlying, over all processes of this machine, by a lock file.

pub(crate) mod approval;
pub(crate) mod cancel;
pub(crate) mod checks;
pub mod journal;
pub(crate) mod order;
pub(crate) mod outcome;
pub(crate) mod preview;
pub(crate) mod reconcile;
pub(crate) mod submit;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::aries::Aries;
use crate::aries::account::Account;
use crate::aries::write::Writer;
use crate::config::{Settings, Trading};
use crate::error::Result;
use approval::pending::Run;
use approval::ticket::Tickets;
use checks::Checks;
use journal::Journal;
use order::request::OrderRequest;
use preview::{Preview, Previewer};
use reconcile::find::Lookup;

/// Everything that one process knows of its orders. Cheap to clone; clones share everything.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Inner>);

struct Inner {
    lookup: Lookup,
    writer: Writer,
    trading: Trading,
    profile: String,
    tickets: Arc<Mutex<Tickets>>,
    checks: Checks,
    previewer: Previewer,
    runs: Mutex<HashMap<String, Arc<Run>>>,
    /// POSTs whose outcome is not on disk yet.
    on_their_way: watch::Sender<usize>,
    closing: AtomicBool,
    /// Orders in doubt that this process has looked for.
    looked: tokio::sync::Mutex<HashSet<String>>,
    /// Those that were found, as far as somebody here has heard of it.
    told: Mutex<HashSet<String>>,
}

/// Held from before `sent` is written until its outcome is on disk.
struct OnItsWay(Arc<Inner>);

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.0.on_their_way.send_modify(|count| *count = count.saturating_sub(1));
    }
}

impl Desk {
    /// The desk of a process that may trade; `None` if it is read-only: then the writing half is never built.
    pub(crate) fn open(settings: &Settings, aries: &Aries) -> Option<Self> {
        if settings.read_only {
            return None;
        }
        let lookup = Lookup::new(settings, aries);
        let tickets = Arc::<Mutex<Tickets>>::default();
        let checks = Checks { aries: aries.clone(), trading: Arc::new(settings.trading.clone()) };
        let previewer = Previewer {
            checks: checks.clone(),
            journal: lookup.journal.clone(),
            writer: Writer::new(aries.clone()),
            tickets: Arc::clone(&tickets),
        };
        Some(Self(Arc::new(Inner {
            lookup,
            writer: Writer::new(aries.clone()),
            trading: settings.trading.clone(),
            profile: settings.profile.clone(),
            tickets,
            checks,
            previewer,
            runs: Mutex::default(),
            on_their_way: watch::channel(0).0,
            closing: AtomicBool::new(false),
            looked: tokio::sync::Mutex::default(),
            told: Mutex::default(),
        })))
    }

    /// Lets no new order begin and waits until those on their way are in the journal. The caller bounds the time.
    pub(crate) async fn settle(&self) {
        self.0.closing.store(true, Ordering::SeqCst);
        let mut count = self.0.on_their_way.subscribe();
        // The sender lives as long as we do, so waiting cannot fail.
        let _ = count.wait_for(|count| *count == 0).await;
    }

    /// Previews an order.
    pub(crate) async fn preview(&self, request: &OrderRequest) -> Result<Preview> {
        self.0.previewer.preview(self, request).await
    }

    /// The checks of an order.
    pub(crate) fn checks(&self) -> &Checks {
        &self.0.checks
    }

    /// What the person allows.
    pub(crate) fn trading(&self) -> &Trading {
        &self.0.trading
    }

    /// The journal.
    pub(crate) fn journal(&self) -> &Journal {
        &self.0.lookup.journal
    }

    fn lookup(&self) -> &Lookup {
        &self.0.lookup
    }

    fn aries(&self) -> &Aries {
        &self.0.lookup.aries
    }

    fn writer(&self) -> &Writer {
        &self.0.writer
    }

    fn tickets(&self) -> MutexGuard<'_, Tickets> {
        self.0.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<String, Arc<Run>>> {
        self.0.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks an order as on its way; `None` once the process is ending.
    fn begin(&self) -> Option<OnItsWay> {
        self.0.on_their_way.send_modify(|count| *count += 1);
        let guard = OnItsWay(Arc::clone(&self.0));
        (!self.0.closing.load(Ordering::SeqCst)).then_some(guard)
    }

    /// The first words of an answer about this account.
    /// `LIVE …1234`.
    fn in_words(&self, account: &Account) -> String {
        format!("{} {}", self.environment(account), account.masked())
    }

    fn environment(&self, account: &Account) -> &'static str {
        match (self.aries().urls().on_this_machine(), account.simulated) {
            (true, false) => "SANDBOX (plays live)",
            (true, true) => "SANDBOX (plays simulated)",
            (false, false) => "LIVE",
            (false, true) => "SIM",
        }
    }
}

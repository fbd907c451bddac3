//! What became of an order: found in Aries' lists by its id or its fingerprint, or known from the journal alone.

pub(crate) mod find;
pub(crate) mod fingerprint;
pub(crate) mod heard;
pub(crate) mod identity;
pub(crate) mod lookup;
pub(crate) mod named;
pub(crate) mod owner;
pub(crate) mod resolve;
pub(crate) mod status;
pub(crate) mod watch;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use crate::aries::Aries;
use crate::aries::socket::Streams;
use crate::config::Settings;
use crate::rate_limits::Urgency;
use crate::timing::Timing;
use crate::trade::journal::Journal;

/// It only reads at Aries, so it needs no right to trade. Clones share what they know.
#[derive(Clone)]
pub(crate) struct Reconciler {
    pub(crate) aries: Aries,
    pub(crate) streams: Streams,
    pub(crate) journal: Journal,
    pub(crate) timing: Timing,
    /// Orders with an unknown outcome that this process has looked for.
    looked_for: Arc<tokio::sync::Mutex<HashSet<String>>>,
    /// Orders that were found and that this process has reported to somebody.
    reported: Arc<Mutex<HashSet<String>>>,
}

impl Reconciler {
    pub(crate) fn new(settings: &Settings, aries: &Aries, streams: &Streams) -> Self {
        Self {
            aries: aries.clone(),
            streams: streams.clone(),
            journal: Journal::of(settings),
            timing: settings.timing,
            looked_for: Arc::default(),
            reported: Arc::default(),
        }
    }

    /// The same, whose reads may use what is reserved for cancels.
    pub(crate) fn for_cancels(&self) -> Self {
        Self { aries: self.aries.with(Urgency::Cancel), ..self.clone() }
    }
}

//! What a running call may use.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::aries::endpoint::Endpoint;
use crate::aries::socket::Streams;
use crate::aries::watchlists::WatchlistSender;
use crate::aries::{Aries, Reply};
use crate::error::Result;
use crate::trade::OrderService;
use crate::trade::approval::prompter::Prompter;

#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) aries: Aries,
    /// Prices and orders as they change.
    pub(crate) streams: Streams,
    /// Changes watchlists; absent in a read-only process.
    pub(crate) lists: Option<WatchlistSender>,
    /// Tells the client how far it is, where the client asked for that.
    pub(crate) progress: Progress,
    /// Where orders are made; none in a read-only process.
    pub(crate) orders: Option<Arc<OrderService>>,
    /// How a person can be asked during this call.
    pub(crate) prompter: Prompter,
    /// Whether `wait_for` can be called next, as an answer about an open order suggests.
    pub(crate) can_wait: bool,
}

/// Reports progress as (done, of, what).
#[derive(Clone, Default)]
pub(crate) struct Progress(Option<Arc<Report>>);

type Report = dyn Fn(u32, u32, String) -> BoxFuture<'static, ()> + Send + Sync;

impl Progress {
    pub(crate) fn to(
        report: impl Fn(u32, u32, String) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        Self(Some(Arc::new(report)))
    }

    /// Reports, and waits until the report was sent: after the result a client no longer knows what it belongs to.
    pub(super) async fn tell(&self, done: u32, of: u32, what: impl Into<String>) {
        if let Some(report) = &self.0 {
            report(done, of, what.into()).await;
        }
    }
}

impl Call {
    /// What a call may use that only reads.
    pub(crate) fn reading(aries: Aries, streams: Streams) -> Self {
        Self {
            aries,
            streams,
            lists: None,
            progress: Progress::default(),
            orders: None,
            prompter: Prompter::default(),
            can_wait: false,
        }
    }

    /// The first word of an answer about the market.
    pub(super) fn market(&self) -> &'static str {
        if self.aries.urls().on_this_machine() { "SANDBOX" } else { "LIVE" }
    }

    /// Asks an endpoint; arguments that are null are left out.
    pub(super) async fn read<const N: usize>(
        &self,
        endpoint: &'static Endpoint,
        args: [(&str, Value); N],
    ) -> Result<Reply> {
        self.aries.read(&endpoint.with(args)?).await
    }
}

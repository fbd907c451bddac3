//! What a running call may use.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::aries::Aries;
use crate::aries::watchlists::WatchlistSender;
use crate::trade::OrderService;
use crate::trade::approval::prompter::Prompter;

#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) aries: Aries,
    /// Changes watchlists; absent in a read-only process.
    pub(crate) lists: Option<WatchlistSender>,
    /// Tells the client how far it is, where the client asked for that.
    pub(crate) progress: Progress,
    pub(crate) orders: Option<OrderService>,
    /// How a person can be asked during this call.
    pub(crate) prompter: Prompter,
}

/// Reports progress as (done, of, what).
#[derive(Clone, Default)]
pub(crate) struct Progress(Option<Arc<Report>>);

type Report = dyn Fn(u32, u32, &'static str) -> BoxFuture<'static, ()> + Send + Sync;

impl Progress {
    pub(crate) fn to(
        report: impl Fn(u32, u32, &'static str) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        Self(Some(Arc::new(report)))
    }

    /// Reports, and waits until the report was sent: after the result a client no longer knows what it belongs to.
    pub(super) async fn tell(&self, done: u32, of: u32, what: &'static str) {
        if let Some(report) = &self.0 {
            report(done, of, what).await;
        }
    }
}

impl Call {
    /// The first word of an answer about the market.
    pub(super) fn market(&self) -> &'static str {
        if self.aries.urls().on_this_machine() { "SANDBOX" } else { "LIVE" }
    }
}

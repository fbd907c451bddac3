//! MCP on stdin and stdout, in both protocol eras, over rmcp. Start-up touches no network, keychain or lock: clients
//! start short-lived copies only to look at the list.

mod elicitation;
mod handler;
mod init_filter;
mod lifetime;
mod listing;
mod outcome;
mod prompts;
mod resources;
mod stdio;
mod tasks;

use std::sync::Arc;

use rmcp::task_manager::TaskManager;

use crate::aries::Aries;
use crate::aries::socket::Streams;
use crate::aries::watchlists::WatchlistSender;
use crate::config::Toolset;
use crate::timing::Timing;
use crate::tools::{Selection, Tool};
use crate::trade::OrderService;

pub(crate) use lifetime::{end_signal, finish, serve};
pub(crate) use listing::listed;
pub(crate) use outcome::run;

/// Returns what may be listed right now. It reads a small file and nothing slower.
pub(crate) type Selector = Arc<dyn Fn() -> Selection + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Server {
    aries: Aries,
    streams: Streams,
    orders: Option<Arc<OrderService>>,
    lists: Option<WatchlistSender>,
    selection: Selector,
    seal: elicitation::Seal,
    /// Waits that run as tasks.
    tasks: TaskManager,
}

impl Server {
    pub(crate) fn new(
        aries: Aries,
        streams: Streams,
        orders: Option<Arc<OrderService>>,
        lists: Option<WatchlistSender>,
        selection: Selector,
    ) -> crate::error::Result<Self> {
        let approval =
            orders.as_ref().map_or_else(Timing::default, |orders| orders.reconciler.timing).approval;
        Ok(Self {
            aries,
            streams,
            orders,
            lists,
            selection,
            seal: elicitation::Seal::new(approval)?,
            tasks: TaskManager::new(),
        })
    }

    fn may_trade(&self) -> Option<&OrderService> {
        let listed = (self.selection)().tools().iter().any(|tool| tool.toolset == Toolset::Trading);
        self.orders.as_deref().filter(|_| listed)
    }

    /// Tells whether this session may call a tool. Called again after it has worked, `sign_in` answers that itself.
    fn may_call(&self, tool: &Tool) -> bool {
        tool.is_sign_in() || (self.selection)().tools().iter().any(|listed| listed.name == tool.name)
    }
}

//! MCP on stdin and stdout, in both protocol eras, over rmcp. Start-up touches no network, keychain or lock: clients
//! start short-lived copies only to look at the list.

mod absent;
mod apps;
mod bundle;
mod elicitation;
mod exact;
mod following;
mod handler;
mod init_filter;
mod lifetime;
mod lines;
mod listing;
mod live;
mod outcome;
mod prompts;
mod resources;
mod stdio;
mod tasks;
mod unique_ids;
mod warm;

use std::sync::Arc;

use rmcp::task_manager::TaskManager;

use crate::aries::Aries;
use crate::aries::socket::Streams;
use crate::aries::watchlists::WatchlistSender;
use crate::config::Toolset;
use crate::error::{Error, Kind};
use crate::timing::Timing;
use crate::tools::{Call, PAGE_TOOLS, Selection, Tool};
use crate::trade::OrderService;

pub(crate) use lifetime::{finish, serve};
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
    followed: live::Followed,
    first_connection: warm::FirstConnection,
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
            followed: live::Followed::default(),
            first_connection: warm::FirstConnection::default(),
        })
    }

    fn reading(&self) -> Call {
        Call::reading(self.aries.clone(), self.streams.clone())
    }

    fn may_trade(&self) -> Option<&OrderService> {
        let listed = (self.selection)().tools().iter().any(|tool| tool.toolset == Toolset::Trading);
        self.orders.as_deref().filter(|_| listed)
    }

    /// Why this session may not call a tool; `None` if it may. Called again after it has worked, `sign_in` answers that
    /// itself.
    fn refusal(&self, tool: &Tool, shows_pages: bool) -> Option<Error> {
        if PAGE_TOOLS.iter().any(|one| one.name == tool.name) {
            let may = shows_pages && self.may_trade().is_some();
            let cause = format!("{} is for the page that a client shows beside an order", tool.name);
            return (!may)
                .then(|| Error::new(Kind::Refused, cause, "an order that is not placed is not sent"));
        }
        let absence = (self.selection)().absence(tool).filter(|_| !tool.is_sign_in())?;
        Some(absent::refusal(tool, &absence, &self.aries.session().login_command()))
    }
}

//! MCP on stdin and stdout, in both protocol eras, over rmcp. Start-up touches no network, keychain or lock: clients
//! start short-lived copies only to look at the list.

mod apps;
mod elicitation;
mod handler;
mod init_filter;
mod lifetime;
mod lines;
mod listing;
mod outcome;
mod prompts;
mod resources;
mod stdio;

use std::sync::Arc;

use crate::aries::Aries;
use crate::aries::watchlists::WatchlistSender;
use crate::config::Toolset;
use crate::error::{Error, Kind, Result};
use crate::timing::Timing;
use crate::tools::{PAGE_TOOLS, Selection, Tool};
use crate::trade::OrderService;

pub(crate) use lifetime::{end_signal, finish, serve};
pub(crate) use listing::listed;
pub(crate) use outcome::run;

/// Returns what may be listed right now. It reads a small file and nothing slower.
pub(crate) type Selector = Arc<dyn Fn() -> Selection + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Server {
    aries: Aries,
    orders: Option<Arc<OrderService>>,
    lists: Option<WatchlistSender>,
    selection: Selector,
    seal: elicitation::Seal,
}

impl Server {
    pub(crate) fn new(
        aries: Aries,
        orders: Option<Arc<OrderService>>,
        lists: Option<WatchlistSender>,
        selection: Selector,
    ) -> Result<Self> {
        let approval =
            orders.as_ref().map_or_else(Timing::default, |orders| orders.reconciler.timing).approval;
        Ok(Self { aries, orders, lists, selection, seal: elicitation::Seal::new(approval)? })
    }

    fn may_trade(&self) -> Option<&OrderService> {
        let listed = (self.selection)().tools().iter().any(|tool| tool.toolset == Toolset::Trading);
        self.orders.as_deref().filter(|_| listed)
    }

    /// Refuses a tool that this session may not call. Called again after it has worked, `sign_in` answers that itself.
    fn check_listed(&self, tool: &Tool, shows_pages: bool) -> Result<()> {
        let is_of_page = PAGE_TOOLS.iter().any(|one| one.name == tool.name);
        let missing = if tool.is_sign_in() { None } else { (self.selection)().missing(tool) };
        match (is_of_page, missing) {
            (false, Some(error)) => Err(error),
            (true, _) if !shows_pages || self.may_trade().is_none() => {
                let cause = format!("{} is not available in this session: it belongs to a page", tool.name);
                Err(Error::new(Kind::Refused, cause, "use preview_order and place_order"))
            }
            _ => Ok(()),
        }
    }
}

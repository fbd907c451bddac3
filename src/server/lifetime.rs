//! How a server begins and ends: end of input, a signal and a dead parent end it alike, within 200 ms; only a token
//! refresh or an order that is on its way is finished first.

use std::time::Duration;

use rmcp::service::{RunningService, ServerInitializeError};
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::{RoleServer, serve_server};
use tokio::sync::watch;

use super::gate::Gate;
use super::{Selector, Server, pipes};
use crate::auth::session::Session;
use crate::error::{Error, Result};
use crate::tools::Selection;
use crate::trade::OrderService;

/// After the end of input, running reads may still answer for so long (`printf … | aries-mcp`).
const LAST_ANSWERS: Duration = Duration::from_millis(150);
/// A refresh or an order on its way may take so long; afterwards the tokens are saved or lost, and the order is in doubt.
const LAST_WORK: Duration = Duration::from_secs(3);
/// How often the parent is looked at.
const PARENT_BEAT: Duration = Duration::from_millis(100);
/// How often the session file is looked at, so that a sign-in elsewhere is announced within 5 s.
const SESSION_BEAT: Duration = Duration::from_secs(2);

/// Serves until the client is gone.
///
/// # Errors
/// If stdin or stdout cannot be used, or the client breaks the protocol before the session is settled.
pub(crate) async fn serve(server: Server) -> Result<()> {
    let session = std::sync::Arc::clone(server.aries.session());
    let orders = server.orders.clone();
    let (reader, writer) = pipes::take().map_err(|error| {
        Error::failed(
            format!("stdin or stdout cannot be used: {error}"),
            "start it from an MCP client, or try `aries-mcp demo`",
        )
    })?;
    let (transport, ended) = Gate::new(AsyncRwTransport::new_server(
        // A last line without its line break is a line all the same.
        tokio::io::AsyncReadExt::chain(reader, b"\n".as_slice()),
        writer,
    ));
    let outcome = tokio::select! {
        outcome = until_closed(server, transport) => outcome,
        () = told_to_end() => Ok(()),
        () = orphaned() => Ok(()),
        () = input_over(ended) => Ok(()),
    };
    finish(&session, orders.as_ref()).await;
    outcome
}

/// Lets an order that is on its way be journalled and a token refresh be saved: a spent refresh token that was not
/// replaced ends the sign-in.
pub(crate) async fn finish(session: &Session, orders: Option<&OrderService>) {
    // Orders first: one on its way may still need the sign-in.
    let settled = async {
        if let Some(orders) = orders {
            orders.finish().await;
        }
        session.settle().await;
    };
    if tokio::time::timeout(LAST_WORK, settled).await.is_err() {
        tracing::warn!("an order or a token refresh was still on its way at the end");
    }
}

async fn until_closed(
    server: Server,
    transport: impl rmcp::transport::Transport<RoleServer> + 'static,
) -> Result<()> {
    let orders = server.orders.clone();
    let running: RunningService<RoleServer, Server> = match serve_server(server, transport).await {
        Ok(running) => running,
        // A probe that opens and closes, or `< /dev/null`.
        Err(ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::Cancelled) => return Ok(()),
        Err(error) => {
            tracing::debug!(%error, "the session was never settled");
            return Err(Error::failed(
                "the client broke the MCP protocol at the start",
                "update the client, or report this with --log debug",
            ));
        }
    };
    // A start touches neither network nor lock. Afterwards only an order in doubt is a reason to, and nobody waits for it.
    if let Some(orders) = orders {
        tokio::spawn(async move { orders.look_at_start().await });
    }
    match running.waiting().await {
        Ok(_) => Ok(()),
        Err(error) => {
            Err(Error::failed(format!("the server stopped: {error}"), "report this with the log on stderr"))
        }
    }
}

async fn input_over(mut ended: watch::Receiver<bool>) {
    if ended.wait_for(|ended| *ended).await.is_ok() {
        tokio::time::sleep(LAST_ANSWERS).await;
    } else {
        std::future::pending::<()>().await;
    }
}

/// Waits for a signal to end. Claude Code ends a server with SIGINT, Gemini CLI with SIGTERM; neither closes stdin
/// first.
#[cfg(unix)]
pub(crate) async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};

    let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
    let mut streams: Vec<_> = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
    let waits = streams.iter_mut().map(|stream| Box::pin(stream.recv()));
    if waits.len() == 0 {
        return std::future::pending().await;
    }
    futures_util::future::select_all(waits).await;
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn told_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// A wrapper may hold the pipe open after the client died (P37): then only the parent's id tells.
#[cfg(unix)]
async fn orphaned() {
    let first = nix::unistd::getppid();
    if first.as_raw() <= 1 {
        return std::future::pending().await;
    }
    while nix::unistd::getppid() == first {
        tokio::time::sleep(PARENT_BEAT).await;
    }
}

#[cfg(not(unix))]
async fn orphaned() {
    std::future::pending::<()>().await;
}

/// Tells subscribers when the list of tools has become another one.
#[derive(Clone)]
pub(super) struct Changes {
    selection: Selector,
}

/// One subscriber's view.
pub(super) struct Subscription {
    selection: Selector,
    last: Selection,
}

impl Changes {
    pub(super) fn of(selection: Selector) -> Self {
        Self { selection }
    }

    pub(super) fn subscribe(&self) -> Subscription {
        Subscription { selection: Selector::clone(&self.selection), last: (self.selection)() }
    }
}

impl Subscription {
    /// Waits for the next change; true as long as there can be one.
    pub(super) async fn next(&mut self) -> bool {
        loop {
            tokio::time::sleep(SESSION_BEAT).await;
            let now = (self.selection)();
            if now != self.last {
                self.last = now;
                return true;
            }
        }
    }
}

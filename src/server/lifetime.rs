//! How a server begins and ends. The end of input, a signal and the death of the parent process end it alike, within
//! 200 ms; only a running token refresh or order is finished first.

use std::time::Duration;

use rmcp::service::ServerInitializeError;
use rmcp::{RoleServer, serve_server};
use tokio::sync::watch;

use super::exact::ExactReader;
use super::init_filter::InitFilter;
use super::lines::Lines;
use super::{Server, stdio};
use crate::auth::session::Session;
use crate::error::{Error, Result};
use crate::os::end;
use crate::trade::OrderService;

/// How long running reads may still answer after the end of input (`printf … | aries-mcp`).
const LAST_ANSWERS: Duration = Duration::from_millis(150);
/// How long a running refresh or order may take at the end; after that the tokens may be lost and the order unknown.
const LAST_WORK: Duration = Duration::from_secs(3);

pub(crate) async fn serve(server: Server) -> Result<()> {
    let session = std::sync::Arc::clone(server.aries.session());
    let (orders, streams) = (server.orders.clone(), server.streams.clone());
    let (reader, writer) = stdio::take().map_err(|error| {
        Error::failed(
            format!("stdin or stdout cannot be used: {error}"),
            "start it from an MCP client, or try `aries-mcp demo`",
        )
    })?;
    let (transport, ended) = InitFilter::new(Lines::new(
        // A last line without its line break is a line all the same.
        ExactReader::new(tokio::io::AsyncReadExt::chain(reader, b"\n".as_slice())),
        writer,
    ));
    let outcome = tokio::select! {
        outcome = until_closed(server, transport) => outcome,
        () = end::signal() => Ok(()),
        () = end::parent() => Ok(()),
        () = input_over(ended) => Ok(()),
    };
    futures_util::join!(finish(&session, orders.as_deref()), streams.close());
    outcome
}

/// Waits until a running order is in the journal and a running token refresh is saved: a spent refresh token that was
/// not replaced ends the sign-in.
pub(crate) async fn finish(session: &Session, orders: Option<&OrderService>) {
    let finished = async {
        // Orders first: a running one may still need the sign-in.
        if let Some(orders) = orders {
            orders.in_flight.finish().await;
        }
        session.close().await;
    };
    if tokio::time::timeout(LAST_WORK, finished).await.is_err() {
        tracing::warn!("an order or a token refresh was still running at the end");
    }
}

async fn until_closed(
    server: Server,
    transport: impl rmcp::transport::Transport<RoleServer> + 'static,
) -> Result<()> {
    let orders = server.orders.clone();
    let running = match serve_server(server, transport).await {
        Ok(running) => running,
        // A probe that opens and closes, or `< /dev/null`.
        Err(ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::Cancelled) => return Ok(()),
        Err(error) => {
            tracing::debug!(%error, "the session was never initialized");
            return Err(Error::failed(
                "the client broke the MCP protocol at the start",
                "update the client, or report this with --log debug",
            ));
        }
    };
    // Before this point nothing touches network or locks. An order in doubt is looked for now, and no call waits for it.
    if let Some(orders) = orders {
        tokio::spawn(async move { orders.reconciler.look_at_start().await });
    }
    let ended = running.waiting().await;
    ended.map(drop).map_err(|error| {
        Error::failed(format!("the server stopped: {error}"), "report this with the log on stderr")
    })
}

async fn input_over(mut ended: watch::Receiver<bool>) {
    if ended.wait_for(|ended| *ended).await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(LAST_ANSWERS).await;
}

//! How a server begins and ends. The end of input, a signal and the death of the parent process end it alike, within
//! 200 ms; only a running token refresh or order is finished first.

use std::time::Duration;

use rmcp::RoleServer;
use rmcp::service::serve_directly;
use tokio::sync::watch;

use super::exact::ExactReader;
use super::init_filter::{InitFilter, Phase};
use super::lines::Lines;
use super::unique_ids::UniqueIds;
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
    let (transport, phase) = InitFilter::new(Lines::new(
        // A last line without its line break is a line all the same.
        ExactReader::new(tokio::io::AsyncReadExt::chain(reader, b"\n".as_slice())),
        writer,
    ));
    let outcome = tokio::select! {
        outcome = until_closed(server, UniqueIds::new(transport), phase.clone()) => outcome,
        () = end::signal() => Ok(()),
        () = end::parent() => Ok(()),
        () = input_over(phase) => Ok(()),
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
    mut phase: watch::Receiver<Phase>,
) -> Result<()> {
    // Before a session has begun nothing touches network or locks. An order in doubt is looked for then, and no call
    // waits for it.
    if let Some(orders) = server.orders.clone() {
        tokio::spawn(async move {
            if phase.wait_for(|phase| *phase == Phase::Begun).await.is_ok() {
                orders.reconciler.look_at_start().await;
            }
        });
    }
    // rmcp would decide by the first request which version all others have to be in.
    let ended = serve_directly(server, transport, None).waiting().await;
    ended.map(drop).map_err(|error| {
        Error::failed(format!("the server stopped: {error}"), "report this with the log on stderr")
    })
}

async fn input_over(mut phase: watch::Receiver<Phase>) {
    if phase.wait_for(|phase| *phase == Phase::Ended).await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(LAST_ANSWERS).await;
}

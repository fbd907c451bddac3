//! `aries-mcp serve`: MCP on stdin and stdout.

use std::io::IsTerminal;

use crate::aries::socket::Streams;
use crate::aries::watchlists::WatchlistSender;
use crate::cli::output::say;
use crate::config::Settings;
use crate::error::Result;
use crate::server::{self, Server};
use crate::trade::OrderService;

pub(super) async fn run(settings: Settings) -> Result<()> {
    if std::io::stdin().is_terminal() {
        say!("aries-mcp speaks MCP on stdin and stdout; an MCP client starts it (end it with Ctrl-C).");
        say!(
            "To see what it does, run `aries-mcp demo`; to sign in, `aries-mcp login`; for everything, `aries-mcp --help`."
        );
    }
    let (settings, session) = super::signed_in(settings)?;
    let aries = super::sender(&settings, &session);
    let streams = Streams::new(&aries, settings.timing);
    let orders = OrderService::open(&settings, &aries, &streams);
    let lists = WatchlistSender::unless_read_only(&aries, &settings);
    let server = Server::new(aries, streams, orders, lists, super::selector(&settings, &session))?;
    Box::pin(server::serve(server)).await
}

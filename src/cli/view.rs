//! `aries-mcp view`: an answer as a page in the person's own browser. It reads and never changes anything, and ends with
//! the command.

mod page;

use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::apps::{self, App};
use crate::aries::socket::Streams;
use crate::auth::session::Session;
use crate::cli::output::{answer, say};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::os::browser;
use crate::server;
use crate::tools::schema::Object;
use crate::tools::{self, Call, Tool};
use page::Page;

#[derive(Debug, Args)]
pub(super) struct ViewArgs {
    #[command(subcommand)]
    what: What,
    /// Only print the address, open no browser
    #[arg(long, global = true)]
    no_browser: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Balances, allocation and positions
    Portfolio {
        /// Last four characters or full id; all accounts if left out
        #[arg(long)]
        account: Option<String>,
    },
    /// The price history of a symbol
    Chart {
        /// Ticker, OSI option symbol, index or future
        symbol: String,
        /// Length of a bar, such as 5m, 1d or 1w
        #[arg(long, default_value = "1d")]
        interval: String,
    },
    /// The options of a stock
    Chain {
        /// Ticker or index
        symbol: String,
        /// Expiration, such as 2026-12-18; the list of expirations if left out
        #[arg(long)]
        expiration: Option<String>,
    },
}

impl What {
    /// The page, the tool that it asks, and the first arguments of it.
    fn asked(&self) -> (&'static App, &'static Tool, Object) {
        let (app, name, given): (_, _, [(&str, Option<&String>); 2]) = match self {
            What::Portfolio { account } => {
                (&apps::PORTFOLIO, "get_portfolio", [("account", account.as_ref()), ("", None)])
            }
            What::Chart { symbol, interval } => {
                (&apps::CHART, "get_bars", [("symbol", Some(symbol)), ("interval", Some(interval))])
            }
            What::Chain { symbol, expiration } => (
                &apps::CHAIN,
                "get_option_chain",
                [("symbol", Some(symbol)), ("expiration", expiration.as_ref())],
            ),
        };
        let given = given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?))));
        (app, tools::find(name).expect("these tools are in the list of all"), given.collect())
    }
}

/// Asks the one tool of a page for the person at it.
pub(super) struct Asker {
    tool: &'static Tool,
    /// What the command line asked.
    first: Object,
    settings: Settings,
    session: Arc<Session>,
}

impl Asker {
    /// Answers with the result as a client of MCP gets it, and the arguments that it is about.
    pub(super) async fn ask(&self, given: Object) -> Value {
        let arguments = if given.is_empty() { self.first.clone() } else { given };
        let (result, _) = server::run(self.tool, self.call(), arguments.clone()).await;
        json!({ "input": arguments, "result": result })
    }

    /// Fails where the first answer does: a page that could only show that would help nobody.
    async fn check(&self) -> Result<()> {
        let (result, failed) = server::run(self.tool, self.call(), self.first.clone()).await;
        let Some(kind) = failed else { return Ok(()) };
        result.content.iter().filter_map(|block| block.as_text()).for_each(|text| say!("{}", text.text));
        Err(Error::new(kind, "", ""))
    }

    fn call(&self) -> Call {
        let aries = super::sender(&self.settings, &self.session);
        let streams = Streams::new(&aries, self.settings.timing);
        super::tools_call(aries, streams)
    }
}

pub(super) async fn run(settings: Settings, args: ViewArgs) -> Result<()> {
    let (settings, session) = super::signed_in(settings)?;
    let (app, tool, first) = args.what.asked();
    if !super::selector(&settings, &session)().tools().iter().any(|listed| listed.name == tool.name) {
        let hint = "sign in with `aries-mcp login`, or run `aries-mcp doctor`";
        return Err(Error::new(Kind::SignIn, format!("{} is not available here", tool.name), hint));
    }
    let folder = settings.places.state_dir.clone();
    let asker = Asker { tool, first, settings, session };
    asker.check().await?;
    let page = Page::serve(app, asker).await?;
    let address = page.address();
    say!("{}: this address works on this machine until you end the command with Ctrl-C.", app.title);
    answer!("{address}");
    if args.no_browser {
        server::end_signal().await;
        return Ok(());
    }
    tokio::select! {
        () = server::end_signal() => Ok(()),
        never = browser::lead(address.into(), &folder, |started| {
            if !started {
                say!("No browser could be started; open the address yourself.");
            }
        }) => match never {},
    }
}

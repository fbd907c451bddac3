//! `aries-mcp view`: an answer as a page in the person's own browser. It reads and never changes anything, and ends with
//! the command.

mod asker;
mod page;

use std::sync::Mutex;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::apps::{self, App};
use crate::cli::output::{answer, say, waiting};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::os::{browser, end};
use crate::tools::schema::Object;
use crate::tools::{self, Tool};
use asker::Asker;
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
    /// Show balances, allocation and positions
    Portfolio {
        /// Last four characters or full id; all accounts if left out
        #[arg(long)]
        account: Option<String>,
    },
    /// Show the price history of a symbol
    Chart {
        /// Ticker (AAPL), option (AAPL260116C00190000), index (SPX) or future (/ES)
        symbol: String,
        /// Length of a bar, such as 5m, 1d or 1w
        #[arg(long, default_value = "1d")]
        interval: String,
    },
    /// Show the options of a stock
    Chain {
        /// Ticker of the stock, or an index
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

pub(super) async fn run(settings: Settings, args: ViewArgs) -> Result<()> {
    let (settings, session) = super::signed_in(settings)?;
    let (app, tool, first) = args.what.asked();
    if !super::selector(&settings, &session)().tools().iter().any(|listed| listed.name == tool.name) {
        let hint = "sign in with `aries-mcp login`, or run `aries-mcp doctor`";
        return Err(Error::new(Kind::SignIn, format!("{} is not available here", tool.name), hint));
    }
    let shown_by = settings.browser();
    let asker = Asker { tool, first, settings, session, checked: Mutex::default() };
    waiting("asking Aries", asker.check()).await?;
    let page = Page::serve(app, asker).await?;
    // Listening before the address is told: whoever has it may end the command at once.
    let ended = end::signal();
    say!("{}: this address works on this computer until you end the command with Ctrl-C.", app.title);
    let address = page.address();
    answer!("{address}");
    let browser = async {
        if args.no_browser {
            return std::future::pending().await;
        }
        browser::lead(address.into(), &shown_by, |started| {
            if !started {
                say!("No browser could be started; open the address yourself.");
            }
        })
        .await
    };
    tokio::select! {
        () = ended => Ok(()),
        never = browser => match never {},
    }
}

//! `aries-mcp call`: one tool through the same path as MCP, for debugging and scripts.

use std::sync::Arc;

use clap::Args;
use serde_json::Value;

use crate::aries::Aries;
use crate::aries::socket::Streams;
use crate::aries::watchlists::WatchlistSender;
use crate::cli::output::{answer, answer_json, say};
use crate::config::Settings;
use crate::error::{Error, Kind, Result, did_you_mean, nearest};
use crate::server;
use crate::tools::{self, Absence, Call, Progress, Signed};
use crate::trade::OrderService;
use crate::trade::approval::prompter::Prompter;

#[derive(Debug, Args)]
pub(super) struct CallArgs {
    /// A tool, such as get_portfolio (see `aries-mcp tools`)
    tool: String,
    /// Its arguments as a JSON object, such as '{"symbols":["AAPL"]}'
    #[arg(value_name = "JSON")]
    args: Option<String>,
    /// Print the whole MCP result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(
    settings: Settings,
    aries: Aries,
    streams: Streams,
    orders: Option<Arc<OrderService>>,
    args: CallArgs,
) -> Result<()> {
    let selection = super::selector(&settings, aries.session())();
    let Some(tool) = tools::find(&args.tool) else {
        let names = selection.tools().into_iter().map(|tool| tool.name);
        let hint = did_you_mean(nearest(&args.tool, names), "`aries-mcp tools` lists them");
        return Err(Error::usage(format!("there is no tool {} here", args.tool), hint));
    };
    if let Some(absence) = selection.absence(tool).filter(|_| !tool.is_sign_in()) {
        let is_signed_out = matches!(absence, Absence::Scope(_, Signed::Out));
        let kind = if is_signed_out { Kind::SignIn } else { Kind::Usage };
        let cause = format!("there is no tool {} here: {}", tool.name, absence.cause());
        return Err(Error::new(kind, cause, absence.remedy(&aries.session().login_command())));
    }
    let text = args.args.as_deref().unwrap_or("{}");
    let given = match tool.exact(text).map(Value::Object).or_else(|| serde_json::from_str(text).ok()) {
        Some(Value::Object(given)) => given,
        _ => {
            let hint = format!("write it like: aries-mcp call {} '{}'", tool.name, tool.example);
            return Err(Error::usage("the arguments are not a JSON object", hint));
        }
    };
    if tool.is_sign_in() {
        // The flow would end with this process, a moment after the browser has opened.
        return Err(Error::usage("sign_in is for chats", "in a terminal, run `aries-mcp login`"));
    }
    let lists = WatchlistSender::unless_read_only(&aries, &settings);
    let call = Call {
        aries,
        streams: streams.clone(),
        lists,
        progress: Progress::default(),
        orders,
        prompter: Prompter::default(),
    };
    let (result, failed) = server::run(tool, call, given).await;
    streams.close().await;
    if args.json {
        answer_json(&result);
    } else {
        for text in result.content.iter().filter_map(|block| block.as_text()) {
            match failed {
                Some(_) => say!("{}", text.text),
                None => answer!("{}", text.text),
            }
        }
    }
    match failed {
        None => Ok(()),
        // `call` knows two failures only: sign in first, or it did not work.
        Some(Kind::SignIn) => Err(Error::new(Kind::SignIn, "", "")),
        Some(_) => Err(Error::failed("", "")),
    }
}

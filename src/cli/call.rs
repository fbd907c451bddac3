//! `aries-mcp call`: one tool through the same path as MCP, for debugging and scripts.

use std::sync::Arc;

use clap::Args;
use serde_json::Value;

use crate::aries::Aries;
use crate::aries::socket::Streams;
use crate::aries::watchlists::WatchlistSender;
use crate::cli::output::{self, answer_json, waiting};
use crate::config::Settings;
use crate::error::{Error, Kind, Result, did_you_mean, nearest};
use crate::os::blocking;
use crate::server;
use crate::told::Reader;
use crate::tools::schema::Object;
use crate::tools::{self, Absence, Call, Progress, Signed, Tool};
use crate::trade::OrderService;
use crate::trade::approval::prompter::Prompter;

#[derive(Debug, Args)]
pub(super) struct CallArgs {
    /// A tool, such as get_portfolio (see `aries-mcp tools`)
    tool: String,
    /// Its arguments as a JSON object, such as '{"symbols":["AAPL"]}'; - reads them from stdin, @FILE from a file
    #[arg(value_name = "JSON")]
    args: Option<String>,
    /// Print the whole MCP result as JSON
    #[arg(long)]
    json: bool,
}

/// The arguments: as they were given, or from stdin or a file, where no shell takes quotes away.
async fn arguments(tool: &Tool, given: Option<&str>) -> Result<Object> {
    let unread = |what: &str, error: std::io::Error| {
        let step = match error.kind() {
            std::io::ErrorKind::InvalidData => "save it as UTF-8",
            _ => "check its name",
        };
        Error::usage(format!("{what} cannot be read: {error}"), step)
    };
    let text = match (given, given.and_then(|given| given.strip_prefix('@'))) {
        (None, _) => "{}".to_owned(),
        (Some("-"), _) => {
            let read = blocking::run(None, || std::io::read_to_string(std::io::stdin())).await;
            read.unwrap_or_else(|| Ok(String::new())).map_err(|error| unread("stdin", error))?
        }
        (Some(_), Some("")) => {
            let step = "write @FILE, or - to read them from stdin";
            return Err(Error::usage("behind @ the name of a file is missing", step));
        }
        (Some(_), Some(path)) => std::fs::read_to_string(path).map_err(|error| unread(path, error))?,
        (Some(text), None) => text.to_owned(),
    };
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        let hint = format!("write them like: {} (or leave them out)", tool.example);
        return Err(Error::usage("the arguments are empty", hint));
    }
    let read = tool.exact(text).map_or_else(|| serde_json::from_str(text), |exact| Ok(Value::Object(exact)));
    let hint = || format!("write it like: aries-mcp call {} '{}'", tool.name, tool.example);
    match read {
        Ok(Value::Object(given)) => Ok(given),
        Ok(_) => Err(Error::usage("the arguments are not a JSON object", hint())),
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            Err(Error::usage(format!("the arguments are not a JSON object: {place} breaks it"), hint()))
        }
    }
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
        return Err(Error::new(kind, cause, absence.remedy_of_command(&aries.session().login_command())));
    }
    let given = arguments(tool, args.args.as_deref()).await?;
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
        can_wait: selection.can_wait(),
    };
    // A program that reads the whole result gets what a client gets.
    let reader = if args.json { Reader::Model } else { Reader::Person };
    let (result, failed) =
        waiting("waiting for Aries", Box::pin(server::run(tool, call, given, reader))).await;
    streams.close().await;
    if args.json {
        answer_json(&result);
    } else {
        for text in result.content.iter().filter_map(|block| block.as_text()) {
            match failed {
                Some(_) => output::error(&text.text),
                None => output::to_stdout_as_answer(&text.text),
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

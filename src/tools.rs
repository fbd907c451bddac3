//! What the model sees: a tool is a value in one list, and read-only, toolsets and scopes are filters over it.
//!
//! One call is a straight line: arguments checked against the schema, requests built from endpoint rows, one
//! sender, an [`Answer`] that becomes text.
//!
//! | file | what it is |
//! | --- | --- |
//! | `args`, `schema` | arguments checked against their schema, and the schemas of tools with code of their own |
//! | `research`, `views` | tools that are views over endpoint rows: one file each, and what runs them |
//! | `shape`, `layout`, `cell`, `format`, `cursor` | what a table shows, JSON to a table, one value, one number, the next page |
//! | `answer` | the text, and how it is cut |
//! | the others | one tool each, or two that read and change the same thing |

pub(crate) mod answer;
pub(crate) mod args;
pub(crate) mod schema;

mod account;
mod bars;
mod cell;
mod chain;
mod cursor;
mod format;
mod layout;
mod orders;
mod portfolio;
mod quotes;
mod research;
mod shape;
mod sign_in;
mod status;
mod symbols;
mod trading;
mod views;
mod watchlists;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::aries::endpoint::Endpoint;
use crate::aries::endpoints;
use crate::aries::watchlists::WatchlistSender;
use crate::aries::{Aries, Reply};
use crate::auth::scope::Scopes;
use crate::config::{Toolset, Toolsets};
use crate::error::{Error, Result};
use crate::trade::OrderService;
use crate::trade::approval::prompter::Prompter;

pub(crate) use account::AccountFacts;
pub(crate) use answer::Answer;
use schema::Object;
use views::Views;

pub(crate) struct Tool {
    /// `verb_noun`, at most 32 characters.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// For the model, at most 1,200 characters.
    pub(crate) description: &'static str,
    /// The set it belongs to.
    pub(crate) toolset: Toolset,
    /// Whether it is in the default toolset.
    pub(crate) default: bool,
    /// Its effects, for clients.
    pub(crate) hints: Hints,
    /// Schema of the structured answer, if there is one.
    pub(crate) output: Option<fn() -> Object>,
    /// Example arguments, as JSON.
    pub(crate) example: &'static str,
    work: Work,
}

/// How a tool answers.
enum Work {
    /// It shows views over endpoint rows.
    Views(Views),
    /// It has code of its own.
    Code {
        /// Schema of the arguments.
        input: fn() -> Object,
        /// The endpoints that belong to it, each with example arguments of the tool that reach it.
        endpoints: &'static [(&'static Endpoint, &'static str)],
        /// Runs it on checked arguments.
        run: fn(Call, Object) -> BoxFuture<'static, Result<Answer>>,
    },
}

/// The four annotation hints of MCP.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hints {
    pub(crate) read_only: bool,
    /// May end or overwrite something.
    pub(crate) destructive: bool,
    /// Calling twice does what calling once does.
    pub(crate) idempotent: bool,
    pub(crate) open_world: bool,
}

const READS: Hints = Hints { read_only: true, destructive: false, idempotent: true, open_world: true };

/// Every tool there is, in the order shown.
pub(crate) static TOOLS: &[&Tool] = &[
    &sign_in::SIGN_IN,
    &account::GET_ACCOUNTS,
    &portfolio::GET_PORTFOLIO,
    &orders::GET_ORDERS,
    &symbols::FIND_SYMBOL,
    &quotes::GET_QUOTES,
    &bars::GET_BARS,
    &trading::PREVIEW_ORDER,
    &trading::PLACE_ORDER,
    &trading::CANCEL_ORDER,
    &research::GET_INDEX_BARS,
    &research::GET_MOVERS,
    &status::GET_MARKET_STATUS,
    &chain::GET_OPTION_CHAIN,
    &research::GET_OPTION_ACTIVITY,
    &research::GET_CALENDAR,
    &research::GET_COMPANY,
    &research::GET_FINANCIALS,
    &research::GET_ESTIMATES,
    &research::GET_RATINGS,
    &research::GET_NEWS,
    &research::GET_TECHNICALS,
    &research::GET_ECONOMY,
    &research::GET_PREDICTION_MARKETS,
    &watchlists::GET_WATCHLISTS,
    &watchlists::EDIT_WATCHLIST,
    &research::GET_PROFILE,
];

/// What a running call may use.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) aries: Aries,
    /// Changes watchlists; absent in a read-only process.
    pub(crate) lists: Option<WatchlistSender>,
    /// Tells the client how far it is, where the client asked for that.
    pub(crate) progress: Progress,
    /// Where orders are made; none in a read-only process.
    pub(crate) orders: Option<Arc<OrderService>>,
    /// How a person can be asked during this call.
    pub(crate) prompter: Prompter,
}

/// Reports progress as (done, of, what).
#[derive(Clone, Default)]
pub(crate) struct Progress(Option<Arc<Report>>);

type Report = dyn Fn(u32, u32, String) -> BoxFuture<'static, ()> + Send + Sync;

impl Progress {
    /// Progress that goes to `report`.
    pub(crate) fn to(
        report: impl Fn(u32, u32, String) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        Self(Some(Arc::new(report)))
    }

    /// Reports, and waits until the report was sent: after the result a client no longer knows what it belongs to.
    async fn tell(&self, done: u32, of: u32, what: impl Into<String>) {
        if let Some(report) = &self.0 {
            report(done, of, what.into()).await;
        }
    }
}

impl Call {
    /// The first word of an answer about the market.
    fn market(&self) -> &'static str {
        if self.aries.urls().on_this_machine() { "SANDBOX" } else { "LIVE" }
    }

    /// Asks an endpoint; arguments that are null are left out.
    async fn read<const N: usize>(
        &self,
        endpoint: &'static Endpoint,
        args: [(&str, Value); N],
    ) -> Result<Reply> {
        self.aries.read(&endpoint.with(args)?).await
    }
}

/// What decides which tools are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) toolsets: Toolsets,
    /// No tool that changes anything.
    pub(crate) read_only: bool,
    /// Scopes granted, if known.
    pub(crate) granted: Option<Scopes>,
    /// Whether `sign_in` is listed: there is no sign-in, and one is possible.
    pub(crate) signed_out: bool,
}

impl Selection {
    /// The tools a client gets to see.
    pub(crate) fn tools(&self) -> Vec<&'static Tool> {
        TOOLS.iter().copied().filter(|tool| self.includes(tool)).collect()
    }

    fn includes(&self, tool: &Tool) -> bool {
        // Toolsets and read-only do not hide it: the other tools need a sign-in, and it changes nothing at Aries.
        if tool.is_sign_in() {
            return self.signed_out;
        }
        let wanted = match &self.toolsets {
            Toolsets::All => true,
            Toolsets::Default => tool.default,
            Toolsets::Only(sets) => sets.contains(&tool.toolset),
        };
        wanted && (!tool.is_trading() || !self.read_only) && self.may_use(tool)
    }

    /// A tool stays while any of its own endpoints is granted. Scopes unknown: reading tools only.
    fn may_use(&self, tool: &Tool) -> bool {
        let Some(granted) = &self.granted else { return !tool.is_trading() };
        let own = tool.endpoints();
        own.is_empty()
            || own.iter().any(|(row, _)| {
                // A row without a documented scope is allowed.
                row.scopes.is_empty() || row.scopes.iter().any(|scope| granted.contains(scope))
            })
    }
}

/// Finds a tool by name.
pub(crate) fn find(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().copied().find(|tool| tool.name == name)
}

/// Every endpoint with the tool it belongs to and example arguments of that tool, in the order of the table in README.
pub(crate) fn endpoints_with_tools() -> Vec<(&'static Endpoint, &'static Tool, &'static str)> {
    let owned: Vec<_> = TOOLS
        .iter()
        .flat_map(|tool| tool.endpoints().into_iter().map(move |(row, example)| (row, *tool, example)))
        .collect();
    let owner = |row: &'static Endpoint| owned.iter().copied().find(|(own, ..)| std::ptr::eq(*own, row));
    endpoints::all().filter_map(owner).collect()
}

/// Schemas of arguments, for the list and for the check of every call: deriving one costs more than a whole call.
static SCHEMAS: LazyLock<BTreeMap<&str, Arc<Object>>> =
    LazyLock::new(|| TOOLS.iter().map(|tool| (tool.name, Arc::new(tool.input()))).collect());

impl Tool {
    /// The tool that is listed only while signed out.
    pub(crate) fn is_sign_in(&self) -> bool {
        self.name == sign_in::SIGN_IN.name
    }

    /// Whether it belongs to order entry or changes anything at Aries: `preview_order` only reads, but leads to an
    /// order.
    pub(crate) fn is_trading(&self) -> bool {
        !self.is_sign_in() && (self.toolset == Toolset::Trading || !self.hints.read_only)
    }

    /// The schema of its arguments, built once.
    pub(crate) fn schema(&self) -> Arc<Object> {
        SCHEMAS.get(self.name).map_or_else(|| Arc::new(self.input()), Arc::clone)
    }

    fn input(&self) -> Object {
        match &self.work {
            Work::Views(views) => views.input(),
            Work::Code { input, .. } => input(),
        }
    }

    /// The endpoints that belong to it, each with example arguments that reach it.
    fn endpoints(&self) -> Vec<(&'static Endpoint, &'static str)> {
        match &self.work {
            Work::Views(views) => views.views.iter().map(|view| (view.endpoint, view.example)).collect(),
            Work::Code { endpoints, .. } => endpoints.to_vec(),
        }
    }

    /// Checks the arguments and runs.
    ///
    /// # Errors
    /// What went wrong, written for the model.
    pub(crate) async fn call(&'static self, call: Call, args: Object) -> Result<Answer> {
        let example = format!("{} {}", self.name, self.example);
        let forms = if self.is_trading() { args::Forms::Strict } else { args::Forms::Lenient };
        let checked = args::check(&self.schema(), args, forms, &example)?;
        match &self.work {
            Work::Views(views) => views::run(self.name, views, call, checked).await,
            Work::Code { run, .. } => run(call, checked).await,
        }
    }
}

/// Completions of a partly typed `account` or `symbol`; none if Aries does not answer.
pub(crate) async fn complete(aries: &Aries, argument: &str, typed: &str) -> Vec<String> {
    let call = Call {
        aries: aries.clone(),
        lists: None,
        progress: Progress::default(),
        orders: None,
        prompter: Prompter::default(),
    };
    let found = match argument {
        "account" => account::names(&call, typed).await,
        "symbol" => symbols::names(&call, typed).await,
        _ => Ok(Vec::new()),
    };
    found.unwrap_or_default()
}

/// Checked arguments as the tool's own type.
fn typed<T: DeserializeOwned>(args: Object) -> Result<T> {
    serde_json::from_value(Value::Object(args)).map_err(|error| {
        Error::usage(format!("the arguments do not fit: {error}"), "compare them with the tool's schema")
    })
}

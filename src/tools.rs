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
mod call;
mod cell;
mod chain;
mod closed;
mod cursor;
mod elsewhere;
mod exact;
mod format;
mod holdings;
mod layout;
mod no_symbols;
mod orders;
mod performance;
mod period;
mod portfolio;
mod quotes;
mod research;
mod selection;
mod shape;
mod sign_in;
mod status;
mod symbols;
mod tool;
mod trading;
mod views;
pub(crate) mod wait_for;
mod watchlists;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use crate::aries::Aries;
use crate::aries::endpoint::Endpoint;
use crate::aries::endpoints;
use crate::aries::socket::Streams;
use crate::config::Toolset;
use crate::error::{Error, Kind, Result};

pub(crate) use account::AccountFacts;
pub(crate) use answer::Answer;
use args::typed;
pub(crate) use call::{Call, Progress};
use schema::Object;
pub(crate) use selection::{Absence, Selection, Signed};
pub(crate) use tool::Tool;
use tool::{Hints, READS, READS_OFTEN, Work};

/// No other call lasts longer: some clients give up at 60 s.
const CALL_LIMIT: Duration = Duration::from_secs(45);

/// Every tool there is, in the order shown.
pub(crate) static TOOLS: &[&Tool] = &[
    &sign_in::SIGN_IN,
    &account::GET_ACCOUNTS,
    &portfolio::GET_PORTFOLIO,
    &orders::GET_ORDERS,
    &performance::GET_PERFORMANCE,
    &symbols::FIND_SYMBOL,
    &quotes::GET_QUOTES,
    &bars::GET_BARS,
    &wait_for::WAIT_FOR,
    &trading::PREVIEW_ORDER,
    &trading::PLACE_ORDER,
    &trading::CANCEL_ORDER,
    &research::index_bars::GET_INDEX_BARS,
    &research::movers::GET_MOVERS,
    &research::stock_data::GET_STOCK_DATA,
    &status::GET_MARKET_STATUS,
    &chain::GET_OPTION_CHAIN,
    &research::option_activity::GET_OPTION_ACTIVITY,
    &research::calendar::GET_CALENDAR,
    &research::company::GET_COMPANY,
    &research::financials::GET_FINANCIALS,
    &research::estimates::GET_ESTIMATES,
    &research::ratings::GET_RATINGS,
    &research::screener::SCREEN_STOCKS,
    &research::news::GET_NEWS,
    &research::technicals::GET_TECHNICALS,
    &research::fund::GET_FUND,
    &research::ownership::GET_OWNERSHIP,
    &research::economy::GET_ECONOMY,
    &research::prediction_markets::GET_PREDICTION_MARKETS,
    &research::alternative_data::GET_ALTERNATIVE_DATA,
    &watchlists::GET_WATCHLISTS,
    &watchlists::EDIT_WATCHLIST,
    &research::profile::GET_PROFILE,
    &research::chart_data::GET_CHART_DATA,
];

/// Tools that only the pages of [`apps`](crate::apps) call; a client that shows no pages never hears of them.
pub(crate) static PAGE_TOOLS: &[&Tool] = &[&trading::REJECT_ORDER];

/// The tools of an order, in the order of their use.
pub(crate) static ORDER_TOOLS: [&Tool; 3] =
    [&trading::PREVIEW_ORDER, &trading::PLACE_ORDER, &trading::CANCEL_ORDER];

pub(crate) fn find(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().chain(PAGE_TOOLS).copied().find(|tool| tool.name == name)
}

/// Every endpoint with the tool it belongs to and example arguments of that tool, in the order of the page of endpoints.
pub(crate) fn endpoints_with_tools() -> Vec<(&'static Endpoint, &'static Tool, String)> {
    let owned: Vec<_> = TOOLS
        .iter()
        .flat_map(|tool| tool.endpoints().into_iter().map(move |(row, example)| (row, *tool, example)))
        .collect();
    let owner = |row: &'static Endpoint| owned.iter().find(|(own, ..)| std::ptr::eq(*own, row)).cloned();
    endpoints::all().filter_map(owner).collect()
}

/// Schemas of arguments, for the list and for the check of every call: deriving one costs more than a whole call.
static SCHEMAS: LazyLock<BTreeMap<&str, Arc<Object>>> = LazyLock::new(|| {
    TOOLS.iter().chain(PAGE_TOOLS).map(|tool| (tool.name, Arc::new(tool.input()))).collect()
});

impl Tool {
    pub(crate) fn is_sign_in(&self) -> bool {
        self.name == sign_in::SIGN_IN.name
    }

    /// Whether it belongs to order entry or changes anything at Aries: `preview_order` only reads, but leads to an
    /// order.
    pub(crate) fn is_trading(&self) -> bool {
        !self.is_sign_in() && (self.toolset == Toolset::Trading || !self.hints.read_only)
    }

    /// Whether it waits for something to happen, and so lasts as long as its caller says.
    pub(crate) fn waits(&self) -> bool {
        self.name == wait_for::WAIT_FOR.name
    }

    /// How long a call with these arguments may take.
    pub(crate) fn limit(&self, args: &Object) -> Duration {
        if self.waits() { wait_for::limit(args) } else { CALL_LIMIT }
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

    fn endpoints(&self) -> Vec<(&'static Endpoint, String)> {
        match &self.work {
            Work::Views(views) => views.endpoints(),
            Work::Code { endpoints, .. } => {
                endpoints.iter().map(|(row, example)| (*row, (*example).to_owned())).collect()
            }
        }
    }

    /// Reads arguments out of their JSON text without rounding a number; `None` if it is no object. Only order tools take
    /// numbers as texts.
    pub(crate) fn exact(&self, text: &str) -> Option<Object> {
        if self.is_trading() { exact::arguments(&self.schema(), text) } else { None }
    }

    /// A valid call that resembles this one: of those that are known, the first with most of its arguments.
    fn example_like(&self, args: &Object) -> &'static str {
        let Work::Code { endpoints, .. } = &self.work else { return self.example };
        let shared = |example: &str| {
            let example: Object = serde_json::from_str(example).expect("an example is JSON");
            args.keys().filter(|name| example.contains_key(*name)).count()
        };
        let others = endpoints.iter().map(|(_, example)| *example).rev();
        others.chain([self.example]).max_by_key(|example| shared(example)).unwrap_or(self.example)
    }

    /// Checks the arguments and runs.
    pub(crate) async fn call(&'static self, call: Call, args: Object) -> Result<Answer> {
        let example = format!("{} {}", self.name, self.example_like(&args));
        let forms = if self.is_trading() { args::Forms::Strict } else { args::Forms::Lenient };
        let args::Checked { args, left_out } = args::check(&self.schema(), args, forms, &example)?;
        let remark = args.get("symbol").and_then(|symbol| elsewhere::remark(symbol.as_str()?));
        let (answer, readings) = match &self.work {
            Work::Views(views) => (Box::pin(views::run(self.name, views, call, args)).await, Vec::new()),
            Work::Code { run, .. } => {
                let readings = period::readings(&args);
                (run(call, args).await, readings)
            }
        };
        let is_about_symbol = |kind| matches!(kind, Kind::NotFound | Kind::Refused | Kind::Usage);
        match (answer, remark) {
            (Err(error), Some(remark)) if is_about_symbol(error.kind) => {
                Err(Error { hint: remark.into(), ..error })
            }
            (answer, remark) => answer
                .map(|answer| readings.into_iter().chain(left_out).chain(remark).fold(answer, Answer::line)),
        }
    }
}

/// Completions of a partly typed `account` or `symbol`; none if Aries does not answer.
pub(crate) async fn complete(aries: &Aries, streams: &Streams, argument: &str, typed: &str) -> Vec<String> {
    let call = Call::reading(aries.clone(), streams.clone());
    let found = match argument {
        "account" => account::names(&call, typed).await,
        "symbol" => symbols::names(&call, typed).await,
        _ => Ok(Vec::new()),
    };
    found.unwrap_or_default()
}

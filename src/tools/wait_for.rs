//! `wait_for`: answers when a price reaches a level or an order changes, or when the time is over.

mod condition;
mod order;
mod price;

use std::time::Duration;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::Instant;

use super::elsewhere::Elsewhere;
use super::{Answer, Call, Progress, READS, Tool, Work, account, schema, typed};
use crate::aries::endpoints;
use crate::aries::model::Account;
use crate::aries::socket::Link;
use crate::aries::symbols::Symbol;
use crate::config::Toolset;
use crate::error::{Error, Kind, Result};
use crate::text::short;

pub(crate) use condition::{Condition, Level, Seen};
pub(crate) use order::{find as find_order, standing as order_words};
pub(crate) use price::{event, is_final};

/// Several clients end a call after a minute.
const USUAL_SECONDS: u32 = 45;
const HINT: &str = "give symbol with above, below or percent, or give order";

pub(super) static WAIT_FOR: Tool = Tool {
    name: "wait_for",
    title: "Wait",
    description: "Waits for a price, or an order to fill (also in part) or end. Answers HAPPENED or NOT YET (call again).",
    toolset: Toolset::Market,
    default: true,
    hints: READS,
    output: None,
    example: r#"{"symbol":"AAPL","below":"300"}"#,
    work: Work::Code {
        input: schema::input::<WaitFor>,
        endpoints: &[
            (&endpoints::MARKET_SOCKET, r#"{"symbol":"AAPL","below":"300"}"#),
            (&endpoints::MARKET_SOCKET_OLDER, r#"{"symbol":"AAPL","below":"300"}"#),
            (&endpoints::ACCOUNT_SOCKET, r#"{"order":"an id from get_orders"}"#),
        ],
        run: |call, args| Box::pin(wait_for(call, args)),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WaitFor {
    /// Any symbol
    symbol: Option<String>,
    /// Price
    above: Option<String>,
    /// Price
    below: Option<String>,
    /// Move in %
    percent: Option<String>,
    /// Order id
    order: Option<String>,
    /// Its account
    account: Option<String>,
    /// Default 45
    #[schemars(range(min = 1, max = 3600))]
    seconds: Option<u32>,
}

/// How long a call with these arguments may take: what it waits, and what it takes to begin and to end.
pub(super) fn limit(args: &schema::Object) -> Duration {
    const REST: u64 = 20;
    let seconds =
        args.get("seconds").and_then(|value| value.as_u64().or_else(|| value.as_str()?.trim().parse().ok()));
    Duration::from_secs(seconds.unwrap_or(USUAL_SECONDS.into()).min(3600) + REST)
}

async fn wait_for(call: Call, args: schema::Object) -> Result<Answer> {
    let args: WaitFor = typed(args)?;
    let seconds = args.seconds.unwrap_or(USUAL_SECONDS);
    let began = Instant::now();
    let wait = Wait { began, end: began + Duration::from_secs(seconds.into()), seconds };
    let levels = levels(&args)?;
    match (args.symbol, args.order) {
        (Some(symbol), None) if args.account.is_none() => {
            if Elsewhere::of(&symbol).is_some() {
                return Err(Error::new(Kind::NotFound, format!("{} has no price", short(&symbol)), HINT));
            }
            let symbol = Symbol::parse(&symbol).map_err(|error| error.of_argument("symbol"))?.priced();
            if let Symbol::Future(_) = symbol {
                return Err(Error::usage(format!("Aries documents no quotes of futures ({symbol})"), HINT));
            }
            if levels.is_empty() {
                return Err(Error::usage("there is no level to wait for", HINT));
            }
            price::wait(&call, &symbol, Condition::new(&symbol, levels), wait).await
        }
        (None, Some(order)) if levels.is_empty() => {
            // By itself: a wait for a price lasts as long and needs no room for it.
            Box::pin(order::wait(&call, &order, args.account.as_deref(), wait)).await
        }
        _ => Err(Error::usage("a call waits for either a price or an order", HINT)),
    }
}

fn levels(args: &WaitFor) -> Result<Vec<Level>> {
    let given = [
        ("above", &args.above, Level::Above as fn(Decimal) -> Level),
        ("below", &args.below, Level::Below),
        ("percent", &args.percent, Level::Percent),
    ];
    let mut levels = Vec::new();
    for (name, text, level) in given {
        if let Some(text) = text {
            levels.push(level(number(name, text)?));
        }
    }
    Ok(levels)
}

/// Reads a positive number; one larger than any price is a mistake.
pub(crate) fn number(name: &str, text: &str) -> Result<Decimal> {
    const MOST: Decimal = Decimal::from_parts(10_000_000, 0, 0, false, 0);
    let bare = text.trim().trim_start_matches('$').trim_end_matches('%');
    let number = bare.parse::<Decimal>().ok().filter(|number| *number > Decimal::ZERO && *number <= MOST);
    number.ok_or_else(|| {
        let text = crate::text::short(text);
        Error::usage(format!("`{name}`: {text} is no positive number"), "write it like 200.50")
    })
}

/// The account of a name; fails if it is not one.
pub(crate) async fn the_account(call: &Call, name: &str) -> Result<Account> {
    let mut accounts = account::chosen(call, Some(name)).await?;
    Ok(accounts.pop().expect("one account fits, or there is an error"))
}

/// How long is waited.
#[derive(Debug, Clone, Copy)]
struct Wait {
    began: Instant,
    end: Instant,
    seconds: u32,
}

impl Wait {
    fn waited(&self) -> String {
        format!("waited {} s", self.began.elapsed().as_secs())
    }

    /// Reports how far the wait is.
    async fn tell(&self, progress: &Progress, what: String) {
        let done = u32::try_from(self.began.elapsed().as_secs()).unwrap_or(self.seconds);
        progress.tell(done.min(self.seconds), self.seconds, what).await;
    }
}

/// How the news comes, for the answer.
pub(crate) fn way(is_heard: bool, link: &Link, every: Duration) -> String {
    match (is_heard, link.trouble()) {
        (true, _) => "by Aries' socket".to_owned(),
        (false, Some(why)) => {
            format!("asking every {} s, since Aries' socket is not to be had: {why}", every.as_secs())
        }
        (false, None) => format!("asking every {} s", every.as_secs()),
    }
}

//! `get_market_status`: the call that tells it, or what the market socket pushes right after signing in, which takes another
//! right and knows more.

use std::time::Duration;

use super::account::NoArguments;
use super::cell::cell;
use super::format::now;
use super::{Answer, Call, READS, Tool, Work, schema};
use crate::aries::Json;
use crate::aries::endpoints::{self, EXCHANGE_STATUS};
use crate::aries::socket::{Link, STATUS};
use crate::config::Toolset;
use crate::error::{Error, Kind, Result};
use crate::text::clean;
use crate::tools::shape::Unit;
use crate::trade::checks::session::NEVER_CLOSES;

const PATIENCE: Duration = Duration::from_secs(15);

pub(super) static GET_MARKET_STATUS: Tool = Tool {
    name: "get_market_status",
    title: "Get market status",
    description: "Whether the US market is open now, and in which session: regular, pre-market or after-hours.",
    toolset: Toolset::Market,
    default: true,
    hints: READS,
    output: None,
    example: "{}",
    work: Work::Code {
        input: schema::input::<NoArguments>,
        endpoints: &[(&endpoints::EXCHANGE_STATUS, "{}"), (&endpoints::MARKET_SOCKET, "{}")],
        run: |call, _| Box::pin(get_market_status(call)),
    },
};

async fn get_market_status(call: Call) -> Result<Answer> {
    let told = call.aries.read_if_granted(&EXCHANGE_STATUS.with([])?).await;
    let told = told.and_then(|reply| {
        let found = reply.object(reply.json()?, EXCHANGE_STATUS.rows, &["isOpen"])?;
        Ok(exchange(&call, found.rows))
    });
    if let Ok(Some(answer)) = told {
        return Ok(answer);
    }
    // What the call says of its failure counts more than a socket that fails too, unless it was only not allowed.
    let pushed = pushed(&call).await.map_err(|error| match told {
        Err(first) if first.kind != Kind::Forbidden => first,
        _ => error,
    })?;
    Json::parse(&pushed).ok().and_then(|data| shown(&call, data)).ok_or_else(|| {
        let cause = "Aries sent a market status that is not understood";
        Error::new(Kind::Unavailable, cause, "try again in a minute")
    })
}

/// Waits for what the market socket says of the market. It says it after each sign-in, so an open one has said it already.
async fn pushed(call: &Call) -> Result<String> {
    let mut words = call.streams.market.listen(STATUS);
    let told = async {
        loop {
            if let Some(status) = words.state(|known| known.status.clone()).filter(|_| words.is_heard()) {
                return Ok(status);
            }
            if let Link::Down(why) = words.link() {
                return Err(unusable(&why));
            }
            words.change().await;
        }
    };
    let told = tokio::time::timeout(PATIENCE, told).await;
    told.unwrap_or_else(|_| Err(unusable("it did not tell the status in time")))
}

fn unusable(why: &str) -> Error {
    let cause = format!("Aries' market socket could not be used: {why}");
    Error::new(
        Kind::Unavailable,
        cause,
        "trying again may help; if not, tell the person to check the network",
    )
}

/// The answer of the call; `None` if it does not say whether the market is open.
fn exchange(call: &Call, json: Json<'_>) -> Option<Answer> {
    let is_open = json.get("isOpen")?.boolean()?;
    let mut facts = vec![format!("{} · market {}", call.market(), if is_open { "open" } else { "closed" })];
    if call.aries.urls().market_never_closes() {
        facts.push(NEVER_CLOSES.to_owned());
    }
    facts.extend(cell(json, "session", Unit::Word).map(|session| format!("session {session}")));
    facts.extend(cell(json, "exchange", Unit::Word).map(|exchange| format!("exchanges {exchange}")));
    facts.extend(cell(json, "timestamp", Unit::Stamp).map(|time| format!("Aries' clock {time}")));
    facts.push(format!("asked {} · times New York", now()));
    Some(Answer::new(facts.join(" · ")))
}

fn shown(call: &Call, data: Json<'_>) -> Option<Answer> {
    let market = cell(data, "market", Unit::Word)?;
    let flag = |path: &str| match data.get(path)?.boolean() {
        Some(open) => Some(if open { "yes" } else { "no" }.to_owned()),
        None => cell(data, path, Unit::Word),
    };
    let mut facts = vec![format!("{} · market {market}", call.market())];
    facts.extend(flag("earlyHours").map(|word| format!("pre-market {word}")));
    facts.extend(flag("afterHours").map(|word| format!("after-hours {word}")));
    facts.extend(cell(data, "serverTime", Unit::Stamp).map(|time| format!("Aries' clock {time}")));
    facts.push(format!("asked {} · times New York", now()));
    let mut answer = Answer::new(facts.join(" · "));
    for group in ["exchanges", "currencies", "indicesGroups"] {
        let members = data.get(group).map(Json::members).unwrap_or_default();
        let words = members.iter().take(20).filter_map(|(name, value)| {
            Some(format!("{} {}", clean(&name.replace('_', " "), 24), clean(&value.text()?, 24)))
        });
        let words = words.collect::<Vec<_>>().join(", ");
        if !words.is_empty() {
            answer = answer.line(format!("{group}: {words}"));
        }
    }
    Some(answer)
}

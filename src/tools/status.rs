//! `get_market_status`: the call that tells it; where that is refused, what the market socket pushes right after signing in,
//! which takes another right; else the exchange's calendar.

mod days;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Deserialize;

use super::cell::cell;
use super::format::now;
use super::{Answer, Call, READS, Tool, Work, schema, typed};
use crate::aries::endpoints::{self, EXCHANGE_STATUS, HOLIDAYS};
use crate::aries::socket::{Link, STATUS};
use crate::aries::{Json, time};
use crate::config::Toolset;
use crate::error::{Error, Kind, Result};
use crate::exchange;
use crate::text::clean;
use crate::told::Told;
use crate::tools::shape::Unit;
use crate::trade::checks::session::NEVER_CLOSES;
use days::{BY_THE_CALENDAR, Days};

/// How long each of the ways to the status may take.
const PATIENCE: Duration = Duration::from_secs(8);
/// A clock of Aries that differs by more from this one is a mistake, and the days to come would be those of another year.
const LIKELY: SignedDuration = SignedDuration::from_hours(24 * 366);
/// Minutes after which a status of the socket is shown with its age.
const FRESH: i64 = 2;

pub(super) static GET_MARKET_STATUS: Tool = Tool {
    name: "get_market_status",
    title: "Market status",
    description: "US market open? Next opening, closing, holidays",
    toolset: Toolset::Market,
    default: true,
    hints: READS,
    output: None,
    example: "{}",
    work: Work::Code {
        input: schema::input::<GetMarketStatus>,
        endpoints: &[(&endpoints::EXCHANGE_STATUS, "{}"), (&endpoints::MARKET_SOCKET, "{}")],
        run: |call, args| Box::pin(get_market_status(call, args)),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetMarketStatus {
    /// Adds them
    fields: Option<Vec<Field>>,
}

// What only the socket tells, and few people ask for. A doc comment would stand in the schema.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Field {
    Crypto,
    Indices,
    All,
}

fn has(fields: &[Field], wanted: Field) -> bool {
    fields.iter().any(|field| [wanted, Field::All].contains(field))
}

/// What was found out about this moment.
struct Moment {
    facts: Vec<String>,
    /// Whether this is a practice market that keeps no hours.
    never_closes: bool,
    clock: Option<Timestamp>,
    lines: Vec<Told>,
}

async fn get_market_status(call: Call, args: schema::Object) -> Result<Answer> {
    let args: GetMarketStatus = typed(args)?;
    let fields = args.fields.unwrap_or_default();
    let (told, days) = futures_util::join!(told(&call, &fields), holidays(&call));
    let told = told?;
    let own = crate::clock::now();
    let is_likely = |clock: &Timestamp| clock.duration_since(own).abs() <= LIKELY;
    let moment = told.clock.filter(is_likely).unwrap_or(own);
    let mut facts = vec![call.market().to_owned()];
    facts.extend(told.facts);
    facts.extend(told.clock.map(|clock| match is_likely(&clock) {
        true => format!("Aries' clock {}", time::local(clock)),
        false => {
            format!("Aries' clock {}, which cannot be right: this computer's is used", time::local(clock))
        }
    }));
    facts.push(format!("asked {} · times New York", now()));
    let answer = Answer::new(facts.join(" · "));
    let mut hours: Vec<String> = std::iter::once(days.turns(moment)).chain(days.today(moment)).collect();
    if told.never_closes {
        let of_exchange = hours.join(" · ");
        hours = vec![format!(
            "the exchange itself, whose hours the practice market does not keep: {of_exchange}"
        )];
    }
    let hours = hours.into_iter().chain(days.to_come(moment)).map(Told::from);
    Ok(hours.chain(told.lines).fold(answer, Answer::line))
}

/// The holidays that Aries lists; none where it does not tell them, and the calendar has them.
async fn holidays(call: &Call) -> Days {
    let listed = async {
        let reply = call.aries.read_if_granted(&HOLIDAYS.with([])?).await?;
        reply.rows(HOLIDAYS.rows, &["atDate"]).map(|rows| Days::read(&rows))
    };
    let listed = tokio::time::timeout(PATIENCE, listed).await;
    listed.ok().and_then(Result::ok).unwrap_or_default()
}

async fn told(call: &Call, fields: &[Field]) -> Result<Moment> {
    let late = || Error::new(Kind::Unavailable, "Aries did not answer in time", "try again in a minute");
    let by_call = tokio::time::timeout(PATIENCE, by_call(call)).await.unwrap_or_else(|_| Err(late()));
    if by_call.is_ok() && fields.is_empty() {
        return by_call;
    }
    match (by_call, pushed(call, fields).await) {
        (Ok(told), Ok(pushed)) => Ok(Moment { lines: pushed.lines, ..told }),
        (Ok(told), Err(error)) => {
            let line = error.after("nothing about crypto and indices");
            Ok(Moment { lines: vec![line], ..told })
        }
        (Err(_), Ok(pushed)) => Ok(pushed),
        // A new sign-in mends that.
        (Err(error), Err(_)) if error.kind == Kind::SignIn => Err(error),
        (Err(error), Err(_)) if error.kind != Kind::Forbidden => Ok(by_calendar(&error)),
        (Err(_), Err(error)) => Ok(by_calendar(&error)),
    }
}

async fn by_call(call: &Call) -> Result<Moment> {
    let reply = call.aries.read_if_granted(&EXCHANGE_STATUS.with([])?).await?;
    let found = reply.object(reply.json()?, EXCHANGE_STATUS.rows, &["isOpen"])?;
    let never_closes = call.aries.urls().market_never_closes();
    exchange_status(found.rows, never_closes).ok_or_else(not_understood)
}

/// Reads the answer of the call; `None` if it does not say whether the market is open.
fn exchange_status(json: Json<'_>, never_closes: bool) -> Option<Moment> {
    let is_open = json.get("isOpen")?.boolean()?;
    let mut facts = vec![format!("market {}", if is_open { "open" } else { "closed" })];
    let never_closes = is_open && never_closes;
    facts.extend(never_closes.then(|| NEVER_CLOSES.to_owned()));
    facts.extend(cell(json, "session", Unit::Word).map(|session| format!("session {session}")));
    facts.extend(cell(json, "exchange", Unit::Word).map(|exchange| format!("exchanges {exchange}")));
    Some(Moment { facts, never_closes, clock: clock(json, "timestamp"), lines: Vec::new() })
}

fn clock(json: Json<'_>, path: &str) -> Option<Timestamp> {
    json.text_at(path).and_then(|text| time::stamp(&text))
}

/// Waits for what the market socket says of the market. It says it after each sign-in, so an open one has said it already.
async fn pushed(call: &Call, fields: &[Field]) -> Result<Moment> {
    let mut words = call.streams.market.listen(STATUS);
    let told = async {
        loop {
            if let Some(status) = words.state(|known| known.status.clone()).filter(|_| words.is_heard()) {
                return Ok(status);
            }
            match words.link() {
                Link::Down(why) => return Err(unusable(&why)),
                Link::Refused(why) => return Err(refused(&why)),
                _ => {}
            }
            words.change().await;
        }
    };
    let told = tokio::time::timeout(PATIENCE, told).await;
    let (told, at) = told.unwrap_or_else(|_| Err(unusable("it did not tell the status in time")))?;
    let status = Json::parse(&told).ok().and_then(|data| status_of_socket(data, fields));
    let mut status = status.ok_or_else(not_understood)?;
    let minutes = Timestamp::now().duration_since(at).as_mins();
    if minutes >= FRESH {
        let age = format!("Aries' market socket told this {minutes} min ago; it tells each change");
        status.lines.push(age.into());
    }
    Ok(status)
}

fn unusable(why: &str) -> Error {
    let hint = Told::from("trying again may help; if not, ").and(Told::person_to("check the network"));
    Error::new(Kind::Unavailable, format!("Aries' market socket could not be used: {why}"), hint)
}

fn refused(why: &str) -> Error {
    Error { hint: "trying again soon does not help".into(), ..unusable(why) }
}

fn not_understood() -> Error {
    let cause = "Aries sent a market status that is not understood";
    Error::new(Kind::Unavailable, cause, "try again in a minute")
}

fn status_of_socket(data: Json<'_>, fields: &[Field]) -> Option<Moment> {
    let mut facts = vec![format!("market {}", cell(data, "market", Unit::Word)?)];
    facts.extend(cell(data, "earlyHours", Unit::Flag).map(|word| format!("pre-market {word}")));
    facts.extend(cell(data, "afterHours", Unit::Flag).map(|word| format!("after-hours {word}")));
    let groups = [
        ("exchanges", true),
        ("currencies", has(fields, Field::Crypto)),
        ("indicesGroups", has(fields, Field::Indices)),
    ];
    let groups = groups.into_iter().filter(|(_, is_shown)| *is_shown);
    let lines = groups.filter_map(|(group, _)| members(data, group)).map(Told::from).collect();
    Some(Moment { facts, never_closes: false, clock: clock(data, "serverTime"), lines })
}

fn members(data: Json<'_>, group: &str) -> Option<String> {
    let members = data.get(group)?.members();
    let words = members.iter().take(20).filter_map(|(name, value)| {
        Some(format!("{} {}", clean(&name.replace('_', " "), 24), clean(&value.text()?, 24)))
    });
    let words = words.collect::<Vec<_>>().join(", ");
    (!words.is_empty()).then(|| format!("{group}: {words}"))
}

/// What the exchange's calendar says of this moment, and why Aries does not say it.
fn by_calendar(error: &Error) -> Moment {
    let session = exchange::session(crate::clock::now());
    let market = match session {
        exchange::Session::Regular => "open",
        _ => "closed",
    };
    let mut facts = vec![format!("market {market}")];
    facts.extend((session != exchange::Session::Closed).then(|| session.words().to_owned()));
    facts.push(BY_THE_CALENDAR.to_owned());
    let why = error.after("Aries does not tell it");
    Moment { facts, never_closes: false, clock: None, lines: vec![why] }
}

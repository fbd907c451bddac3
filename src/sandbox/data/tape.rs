//! Trades and the previous day of one option contract (options-analytics-calendars.md 3).

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::answer::{Answer, Reply, number};
use super::super::call::Call;
use super::super::market::noise::uniform;
use super::super::market::{self, bars, calendar};
use super::super::world::World;
use super::options::prefixed;
use super::{dollars, nanoseconds, request_id, rows};

const NANOSECONDS: i64 = 1_000_000_000;
/// The tape reaches back this many trading days.
const DAYS: usize = 5;
/// At most one trade within so many seconds.
const STEP: i64 = 180;

/// `GET /v1/options/trades`: the newest first, unless `order=asc`.
pub(crate) fn trades(world: &mut World, call: &Call) -> Reply {
    let market = world.market();
    let (osi, _) = prefixed(market, call.required("ticker")?, call.now)?;
    rows::choice(call, "sort", &["timestamp"])?;
    let order = rows::choice(call, "order", &["desc", "asc"])?;
    let mut found = Vec::new();
    for second in traded_seconds(&osi, call.now.as_second()) {
        if wanted(call, stamp(&osi, second))? {
            found.push(second);
        }
    }
    if order == "desc" {
        found.reverse();
    }
    rows::page(call, &found, 100..=50_000, |second| {
        Some(json!({
            "price": dollars(market.cents_at(&osi, *second)?),
            "size": size(&osi, *second),
            "exchange": 300 + uniform(&osi, "exchange", *second) % 20,
            "conditions": [209],
            "sipTimestamp": stamp(&osi, *second),
            "participantTimestamp": stamp(&osi, *second) - 214_000,
        }))
    })
}

/// When the contract traded, oldest first: some of the moments of the last sessions.
fn traded_seconds(osi: &str, now: i64) -> Vec<i64> {
    let today = calendar::new_york_date(now);
    let mut days: Vec<Date> =
        std::iter::successors(Some(today), |day| Some(calendar::trading_day_before(*day)))
            .take(DAYS)
            .collect();
    days.reverse();
    let moments = days.into_iter().flat_map(|day| {
        let (open, close) = bars::session(day, false, now);
        (0..=(close.min(now) - open) / STEP).map(move |count| open + count * STEP)
    });
    moments.filter(|second| *second <= now && uniform(osi, "trade", *second) < 400).collect()
}

fn stamp(osi: &str, second: i64) -> i64 {
    second * NANOSECONDS + uniform(osi, "nanoseconds", second) * 999_983
}

fn size(osi: &str, second: i64) -> i64 {
    1 + uniform(osi, "size", second).pow(2) / 40_000
}

/// The five filters of the time: `timestamp`, and with `From`, `After`, `To`, `Before` behind it.
fn wanted(call: &Call, stamp: i64) -> Result<bool, Answer> {
    type Fits = fn(i64, (i64, i64)) -> bool;
    let rules: [(&str, Fits); 5] = [
        ("timestamp", |stamp, (first, last)| (first..=last).contains(&stamp)),
        ("timestampFrom", |stamp, (first, _)| stamp >= first),
        ("timestampAfter", |stamp, (_, last)| stamp > last),
        ("timestampTo", |stamp, (_, last)| stamp <= last),
        ("timestampBefore", |stamp, (first, _)| stamp < first),
    ];
    for (name, fits) in rules {
        let Some(text) = call.query(name) else { continue };
        if !fits(stamp, bound(name, text)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// First and last nanosecond of what is named: a day, or one nanosecond.
fn bound(name: &str, text: &str) -> Result<(i64, i64), Answer> {
    if let Ok(day) = text.parse::<Date>() {
        let (begin, end) = (calendar::midnight(day), calendar::midnight(calendar::plus_days(day, 1)));
        return Ok((begin.saturating_mul(NANOSECONDS), end.saturating_mul(NANOSECONDS) - 1));
    }
    let wrong = || Answer::bad_request(format!("{name} must be YYYY-MM-DD or nanoseconds"));
    text.parse().map(|stamp| (stamp, stamp)).map_err(|_| wrong())
}

/// `GET /v1/options/last-trade`.
pub(crate) fn last_trade(world: &mut World, call: &Call) -> Reply {
    let market = world.market();
    let (osi, _) = prefixed(market, call.required("ticker")?, call.now)?;
    let quote = market.quote(&osi, call.now).ok_or_else(|| Answer::not_found("no trades"))?;
    let sequence = call.now.as_second() % 100_000_000;
    Answer::ok(&json!({
        "requestId": request_id(),
        "status": "OK",
        "results": {
            "ticker": format!("O:{osi}"),
            "price": number(quote.last),
            "size": size(&osi, call.now.as_second()),
            "id": sequence.to_string(),
            "exchange": 312,
            "conditions": [209],
            "sequenceNumber": sequence,
            "sipTimestamp": nanoseconds(call.now),
            "participantTimestamp": nanoseconds(call.now) - 214_000,
        },
    }))
}

/// `GET /v1/options/previous-day`: flat, unlike its neighbours.
pub(crate) fn previous_day(world: &mut World, call: &Call) -> Reply {
    let market = world.market();
    let (osi, _) = prefixed(market, call.required("ticker")?, call.now)?;
    let bar = market.previous_day(&osi, market::today(call.now), call.now.as_second());
    let bar = bar.ok_or_else(|| Answer::not_found("no trades"))?;
    let middle = (bar.open + bar.high + bar.low + bar.close) / 4;
    let body: Value = json!({
        "ticker": format!("O:{osi}"),
        "open": dollars(bar.open),
        "high": dollars(bar.high),
        "low": dollars(bar.low),
        "close": dollars(bar.close),
        "volume": bar.volume,
        "volumeWeighted": dollars(middle),
        "timestamp": bar.start * 1000,
        "transactionCount": bar.volume / 6 + 1,
    });
    Answer::ok(&body)
}

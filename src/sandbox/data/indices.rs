//! `GET /v1/indices/realtime/values`.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::dollars;
use crate::exchange;
use crate::sandbox::answer::number;
use crate::sandbox::market::bars::{Bar, Span};
use crate::sandbox::market::instruments::{self, Instrument, Kind};
use crate::sandbox::market::{self, Market, calendar};
use crate::sandbox::{Answer, Call, Reply, World};

/// Values of several indices; unknown identifiers are left out.
pub(crate) fn realtime_values(world: &mut World, call: &Call) -> Reply {
    let identifiers = call.required("identifiers")?;
    if call.query("identifierType").is_some_and(|kind| kind != "Symbol") {
        return Err(Answer::bad_request("the sandbox knows indices by Symbol only"));
    }
    let market = world.market();
    let items: Vec<Value> = identifiers
        .split(',')
        .filter_map(|identifier| instruments::find(identifier.trim()))
        .filter(|found| found.kind == Kind::Index)
        .filter_map(|index| item(market, index, call.now))
        .collect();
    Answer::ok(&json!({ "items": items }))
}

fn item(market: &Market, index: &Instrument, now: Timestamp) -> Option<Value> {
    Some(json!({
        "identifier": index.symbol,
        "identifierType": "Symbol",
        "index": header(index),
        "value": value(market, index, now)?,
    }))
}

pub(super) fn header(index: &Instrument) -> Map<String, Value> {
    let members = [
        ("indexName", index.name),
        ("symbol", index.symbol.split('.').next().unwrap_or_default()),
        ("indexGroup", index.venue),
        // Made up, like the rest.
        ("valoren", "999999"),
        ("currency", "USD"),
    ];
    members.map(|(name, text)| (name.to_owned(), json!(text))).into_iter().collect()
}

fn value(market: &Market, index: &Instrument, now: Timestamp) -> Option<Value> {
    let quote = market.quote(index.symbol, now)?;
    let local = quote.at.to_zoned(exchange::zone());
    let today = local.date();
    let yesterday = calendar::trading_day_before(today);
    let Bar { open, low, high, .. } = market.running_day(index.symbol, now)?;
    let year = (calendar::plus_days(today, -364), yesterday);
    let weeks: Vec<Bar> = market.bars(index.symbol, Span::Weeks(1), year, false, now.as_second()).collect();
    let (low52, _) = range(weeks.iter().map(|bar| bar.low).chain([low]));
    let (_, high52) = range(weeks.iter().map(|bar| bar.high).chain([high]));
    let from_open = quote.last - market::decimal(open);
    let from_close = quote.last - quote.previous_close;
    Some(json!({
        "date": local.strftime("%m/%d/%Y").to_string(),
        "time": local.strftime("%I:%M %p").to_string().to_lowercase(),
        "utcOffset": local.offset().seconds() / 3600,
        "open": dollars(open),
        "high": dollars(high),
        "low": dollars(low),
        "last": number(quote.last),
        "close": number(quote.last),
        "volume": 0,
        "high52Weeks": dollars(high52),
        "low52Weeks": dollars(low52),
        "changeFromOpen": number(from_open),
        "percentChangeFromOpen": number(percent(from_open, market::decimal(open))),
        "previousClose": number(quote.previous_close),
        "previousCloseDate": yesterday.strftime("%m/%d/%Y").to_string(),
        "changeFromPreviousClose": number(from_close),
        "percentChangeFromPreviousClose": number(percent(from_close, quote.previous_close)),
    }))
}

fn range(values: impl Iterator<Item = i64>) -> (i64, i64) {
    values.fold((i64::MAX, i64::MIN), |(low, high), value| (low.min(value), high.max(value)))
}

/// A change in percent with two places.
pub(crate) fn percent(change: Decimal, of: Decimal) -> Decimal {
    change.checked_div(of).map_or(Decimal::ZERO, |share| (share * Decimal::ONE_HUNDRED).round_dp(2))
}

//! Option prices and chains.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::dollars;
use crate::sandbox::answer::number;
use crate::sandbox::market::bars::Bar;
use crate::sandbox::market::contracts::{self, Contract};
use crate::sandbox::market::instruments::{self, Instrument};
use crate::sandbox::market::{self, Market, Quote, calendar, pricing};
use crate::sandbox::{Answer, Call, Reply, World, paging};

/// `GET /v1/marketdata/options/details`: prices in the order of the request; what failed stands in `errors`.
pub(crate) fn details(world: &mut World, call: &Call) -> Reply {
    let symbols = call.required("symbols")?;
    let market = world.market();
    let (mut data, mut errors) = (Vec::new(), Vec::new());
    for symbol in symbols.split(',').map(str::trim) {
        let listed = market.contract(symbol, call.now);
        match listed.and_then(|_| market.quote(symbol, call.now)) {
            Some(quote) => data.push(detail(symbol, &quote)),
            None => errors.push(json!({ "symbol": symbol, "error": "unknown option symbol" })),
        }
    }
    Answer::ok(&json!({ "data": data, "errors": errors }))
}

fn detail(symbol: &str, quote: &Quote) -> Value {
    json!({
        "symbol": symbol,
        "lastPrice": number(quote.last),
        "bidPrice": number(quote.bid),
        "askPrice": number(quote.ask),
        "midPrice": number(middle(quote)),
        "closePrice": number(quote.previous_close),
    })
}

fn middle(quote: &Quote) -> Decimal {
    (quote.bid + quote.ask) / Decimal::TWO
}

/// `GET /v1/options/{symbol}/expiry-dates`.
pub(crate) fn expirations(_: &mut World, call: &Call) -> Reply {
    let instrument = underlying(call.param("symbol"))?;
    let days = calendar::expirations(market::today(call.now)).into_iter().filter(|_| instrument.optionable());
    let days: Vec<String> = days.map(|day| day.to_string()).collect();
    Answer::ok(&json!({ "symbol": instrument.symbol, "expiryDates": days }))
}

/// `GET /v1/options/{symbol}/contracts/{expiryDate}`: the contract symbols of one expiration.
pub(crate) fn contracts(_: &mut World, call: &Call) -> Reply {
    let instrument = underlying(call.param("symbol"))?;
    let day: Date =
        call.param("expiryDate").parse().map_err(|_| Answer::bad_request("expiryDate must be YYYY-MM-DD"))?;
    let listed = calendar::expirations(market::today(call.now)).contains(&day);
    let side = |is_call: bool| {
        let strikes = if listed { contracts::strikes(instrument) } else { Vec::new() };
        let rows = strikes.into_iter().map(|strike| {
            let osi = Contract::new(instrument.symbol, day, is_call, strike).osi();
            json!({ "symbol": format!("O:{osi}"), "strikePrice": number(strike) })
        });
        rows.collect::<Value>()
    };
    Answer::ok(&json!({
        "symbol": instrument.symbol,
        "expiryDate": day.to_string(),
        "calls": side(true),
        "puts": side(false),
    }))
}

/// `GET /v1/options/snapshot/{underlyingAsset}/{optionContract}`.
pub(crate) fn contract(world: &mut World, call: &Call) -> Reply {
    let market = world.market();
    let (osi, contract) = prefixed(market, call.param("optionContract"), call.now)?;
    let found = Some(contract).filter(|found| found.underlying == call.param("underlyingAsset"));
    let snapshot = found.and_then(|contract| snapshot(market, &contract, call.now));
    let snapshot = snapshot.ok_or_else(|| Answer::not_found(format!("no such contract: {osi}")))?;
    Answer::ok(&json!({ "requestId": "sandbox", "status": "OK", "results": snapshot }))
}

/// `GET /v1/options/snapshot/chain/{underlyingAsset}`: filtered, sorted, paged.
pub(crate) fn chain(world: &mut World, call: &Call) -> Reply {
    let instrument = underlying(call.param("underlyingAsset"))?;
    let mut found = Vec::new();
    for contract in all_contracts(instrument, call.now) {
        if wanted(call, &contract)? {
            found.push(contract);
        }
    }
    sort(call, &mut found);
    let market = world.market();
    let (rows, page) = paging::cut(call, found, ("limit", 50, 250))?;
    let results: Vec<Value> =
        rows.iter().filter_map(|contract| snapshot(market, contract, call.now)).collect();
    let mut body = json!({ "requestId": "sandbox", "status": "OK", "results": results });
    page.link(call, &mut body);
    Answer::ok(&body)
}

/// A contract by its `O:` form: the plain OSI symbol with what it means.
pub(super) fn prefixed(market: &Market, text: &str, now: Timestamp) -> Result<(String, Contract), Answer> {
    let osi =
        text.strip_prefix("O:").ok_or_else(|| Answer::bad_request("the contract must begin with O:"))?;
    let found =
        market.contract(osi, now).ok_or_else(|| Answer::not_found(format!("no such contract: {osi}")))?;
    Ok((osi.to_owned(), found))
}

fn underlying(ticker: &str) -> Result<&'static Instrument, Answer> {
    let found = instruments::find(ticker).filter(|found| found.tradable());
    found.ok_or_else(|| Answer::not_found(format!("no such ticker: {ticker}")))
}

fn all_contracts(instrument: &Instrument, now: Timestamp) -> Vec<Contract> {
    let mut all = Vec::new();
    for day in calendar::expirations(market::today(now)) {
        for strike in contracts::strikes(instrument) {
            all.push(Contract::new(instrument.symbol, day, true, strike));
            all.push(Contract::new(instrument.symbol, day, false, strike));
        }
    }
    all
}

/// Whether a contract passes every filter of the query.
fn wanted(call: &Call, contract: &Contract) -> Result<bool, Answer> {
    let side = match call.query("contractType") {
        None => true,
        Some("call") => contract.call,
        Some("put") => !contract.call,
        Some(_) => return Err(Answer::bad_request("contractType must be call or put")),
    };
    let expiration = within(call, "expirationDate", &contract.expiration)?;
    Ok(side && expiration && within(call, "strikePrice", &contract.strike)?)
}

/// The five filters of one field: exact, `Gte` (>=), `Gt` (>), `Lte` (<=), `Lt` (<).
fn within<T: Ord + std::str::FromStr>(call: &Call, name: &str, value: &T) -> Result<bool, Answer> {
    type Fits = fn(Ordering) -> bool;
    let rules: [(&str, Fits); 5] = [
        ("", Ordering::is_eq),
        ("Gte", Ordering::is_ge),
        ("Gt", Ordering::is_gt),
        ("Lte", Ordering::is_le),
        ("Lt", Ordering::is_lt),
    ];
    for (ending, fits) in rules {
        let name = format!("{name}{ending}");
        let Some(text) = call.query(&name) else { continue };
        let bound: T = text.parse().map_err(|_| Answer::bad_request(format!("{name} is malformed")))?;
        if !fits(value.cmp(&bound)) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn sort(call: &Call, found: &mut [Contract]) {
    match call.query("sort") {
        Some("ticker") => found.sort_by_key(Contract::osi),
        Some("expirationDate" | "expiration_date") => {
            found.sort_by(|one, other| {
                one.expiration.cmp(&other.expiration).then(one.strike.cmp(&other.strike))
            });
        }
        _ => found
            .sort_by(|one, other| one.strike.cmp(&other.strike).then(one.expiration.cmp(&other.expiration))),
    }
    if call.query("order") == Some("desc") {
        found.reverse();
    }
}

pub(crate) fn snapshot(market: &Market, contract: &Contract, now: Timestamp) -> Option<Value> {
    let (osi, asset) = (contract.osi(), instruments::find(&contract.underlying)?);
    let (quote, spot) = (market.quote(&osi, now)?, market.quote(&contract.underlying, now)?);
    let spot_cents = market::cents(spot.last)?;
    let model = pricing::value(contract, spot_cents, quote.at.as_second());
    let stamp = i64::try_from(quote.at.as_nanosecond()).ok()?;
    let premium = if contract.call { quote.last } else { -quote.last };
    let break_even = contract.strike + premium;
    let change = quote.last - quote.previous_close;
    let Bar { open, high, low, volume, .. } = market.running_day(&osi, now)?;
    Some(json!({
        "breakEvenPrice": number(break_even),
        "day": {
            "open": dollars(open),
            "high": dollars(high),
            "low": dollars(low),
            "close": number(quote.last),
            "previousClose": number(quote.previous_close),
            "change": number(change),
            "changePercent": number(super::indices::percent(change, quote.previous_close)),
            "volume": volume,
            "vwap": number(quote.last),
            "lastUpdated": stamp,
        },
        "details": {
            "ticker": format!("O:{osi}"),
            "contractType": if contract.call { "call" } else { "put" },
            "exerciseStyle": "american",
            "expirationDate": contract.expiration.to_string(),
            "strikePrice": number(contract.strike),
            "sharesPerContract": 100,
        },
        "fmv": number(middle(&quote)),
        "fmvLastUpdated": stamp,
        "greeks": {
            "delta": short(model.delta),
            "gamma": short(model.gamma),
            "theta": short(model.theta),
            "vega": short(model.vega),
        },
        "impliedVolatility": short(model.volatility),
        "lastQuote": {
            "ask": number(quote.ask),
            "askSize": quote.ask_size / 10,
            "askExchange": 308,
            "bid": number(quote.bid),
            "bidSize": quote.bid_size / 10,
            "bidExchange": 303,
            "midpoint": number(middle(&quote)),
            "lastUpdated": stamp,
            "timeframe": "REAL-TIME",
        },
        "lastTrade": {
            "price": number(quote.last),
            "size": 1,
            "exchange": 312,
            "conditions": [209],
            "sipTimestamp": stamp,
            "timeframe": "REAL-TIME",
        },
        "openInterest": market.open_interest(&osi, now),
        "underlyingAsset": {
            "ticker": contract.underlying,
            "price": number(spot.last),
            "changeToBreakEven": number(break_even - spot.last),
            "lastUpdated": i64::try_from(spot.at.saturating_sub(asset.delay()).ok()?.as_nanosecond()).ok()?,
            "timeframe": asset.timeframe(),
        },
    }))
}

/// A model's float with six places.
fn short(value: f64) -> Value {
    json!((value * 1e6).round() / 1e6)
}

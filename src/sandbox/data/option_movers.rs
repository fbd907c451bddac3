//! `/v1/options/stocks/…` and `/v1/options/etfs/…`: options that rose most or traded most
//! (options-analytics-calendars.md 4). Only volume exists for funds, and no losers: nothing more is documented.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::answer::{Answer, Reply, number};
use super::super::call::Call;
use super::super::market::contracts::{self, Contract};
use super::super::market::instruments::{INSTRUMENTS, Instrument, Kind};
use super::super::market::noise::uniform;
use super::super::market::{self, Market, Quote, calendar, pricing};
use super::super::world::World;
use super::indices::percent;
use super::rows;

/// Only these many strikes around the price and expirations are looked at; the rest hardly trades.
const STRIKES: usize = 4;
const EXPIRATIONS: usize = 3;

struct Found {
    contract: Contract,
    quote: Quote,
    change: Decimal,
    volume: i64,
}

/// `GET /v1/options/stocks/top-gainers`.
pub(crate) fn stock_gainers(world: &mut World, call: &Call) -> Reply {
    let mut found = candidates(world.market(), Kind::Stock, call.now);
    // A cent that became two is no mover.
    found.retain(|one| one.change > Decimal::ZERO && one.quote.previous_close >= Decimal::new(25, 2));
    found.sort_by_key(|one| -one.change);
    listed(world.market(), call, &found)
}

/// `GET /v1/options/stocks/top-volume`.
pub(crate) fn stock_volume(world: &mut World, call: &Call) -> Reply {
    busiest(world, call, Kind::Stock)
}

/// `GET /v1/options/etfs/top-volume`.
pub(crate) fn etf_volume(world: &mut World, call: &Call) -> Reply {
    busiest(world, call, Kind::Etf)
}

fn busiest(world: &mut World, call: &Call, kind: Kind) -> Reply {
    let mut found = candidates(world.market(), kind, call.now);
    found.sort_by_key(|one| -one.volume);
    listed(world.market(), call, &found)
}

fn listed(market: &Market, call: &Call, found: &[Found]) -> Reply {
    let size = rows::count(call, "size", 10..=99)?;
    Answer::ok(&found.iter().take(size).filter_map(|one| row(market, one, call.now)).collect())
}

fn candidates(market: &Market, kind: Kind, now: Timestamp) -> Vec<Found> {
    let mut found = Vec::new();
    for instrument in INSTRUMENTS.iter().filter(|one| one.kind == kind && one.optionable()) {
        let near = near_strikes(instrument);
        for day in calendar::expirations(market::today(now)).into_iter().take(EXPIRATIONS) {
            for (strike, call) in near.iter().flat_map(|strike| [(*strike, true), (*strike, false)]) {
                let contract = Contract::new(instrument.symbol, day, call, strike);
                found.extend(candidate(market, contract, instrument.volume, now));
            }
        }
    }
    found
}

fn near_strikes(instrument: &Instrument) -> Vec<Decimal> {
    let price = market::decimal(instrument.cents);
    let mut strikes = contracts::strikes(instrument);
    strikes.sort_by_key(|strike| (*strike - price).abs());
    strikes.truncate(STRIKES);
    strikes
}

fn candidate(market: &Market, contract: Contract, shares: i64, now: Timestamp) -> Option<Found> {
    let osi = contract.osi();
    let quote = market.quote(&osi, now)?;
    let change = percent(quote.last - quote.previous_close, quote.previous_close);
    let volume = shares / 1_000_000 * (50 + uniform(&osi, "contracts", 0));
    Some(Found { contract, quote, change, volume })
}

fn row(market: &Market, found: &Found, now: Timestamp) -> Option<Value> {
    let Found { contract, quote, change, volume } = found;
    let spot = market::cents(market.quote(&contract.underlying, now)?.last)?;
    let model = pricing::value(contract, spot, now.as_second());
    Some(json!({
        "symbol": contract.osi(),
        "underlyingSymbol": contract.underlying,
        "logoUrl": format!("https://logos.invalid/{}.png", contract.underlying),
        // A small c and a capital P, as documented.
        "type": if contract.call { "c" } else { "P" },
        "strike": number(contract.strike),
        "expiry": contract.expiration.to_string(),
        "volume": volume,
        "openInterest": volume / 3 + 200,
        "lastPrice": number(quote.last),
        "change": number(quote.last - quote.previous_close),
        "changePercent": number(*change),
        "bid": number(quote.bid),
        "ask": number(quote.ask),
        "impliedVolatility": super::options::short(model.volatility),
    }))
}

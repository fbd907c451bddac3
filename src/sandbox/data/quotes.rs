//! The calls that quote several symbols at once: `equities/details` for stocks, `chart/quotes` for everything.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{dollars, indices};
use crate::sandbox::answer::number;
use crate::sandbox::market::bars::Bar;
use crate::sandbox::market::instruments::{self, Instrument, Kind};
use crate::sandbox::market::{Market, Quote};
use crate::sandbox::{Answer, Call, Reply, World};

/// `GET /v1/marketdata/equities/details`: in the order of the request; what failed stands in `errors`.
pub(crate) fn details(world: &mut World, call: &Call) -> Reply {
    let symbols = call.required("symbols")?;
    let market = world.market();
    let (mut data, mut errors) = (Vec::new(), Vec::new());
    for symbol in symbols.split(',').map(str::trim) {
        let stock = instruments::find(symbol).filter(|found| found.tradable());
        match stock.and_then(|stock| detail(market, stock, call.now)) {
            Some(row) => data.push(row),
            None => errors.push(json!({ "symbol": symbol, "error": "unknown symbol" })),
        }
    }
    Answer::ok(&json!({ "data": data, "errors": errors }))
}

fn detail(market: &Market, stock: &Instrument, now: Timestamp) -> Option<Value> {
    let quote = market.quote(stock.symbol, now)?;
    let Bar { open, high, low, volume, .. } = market.running_day(stock.symbol, now)?;
    let made = quote.at.saturating_sub(stock.delay()).unwrap_or(quote.at).to_string();
    Some(json!({
        "symbol": stock.symbol,
        "name": stock.name,
        "type": "stock",
        "isETF": stock.kind == Kind::Etf,
        "hasOptions": stock.optionable(),
        "lastPrice": number(quote.last),
        "price": number(quote.last),
        "bidPrice": number(quote.bid),
        "askPrice": number(quote.ask),
        "midPrice": number((quote.bid + quote.ask) / rust_decimal::Decimal::TWO),
        "spread": number(quote.ask - quote.bid),
        "bidSize": quote.bid_size,
        "askSize": quote.ask_size,
        "openPrice": dollars(open),
        "highPrice": dollars(high),
        "lowPrice": dollars(low),
        "closePrice": number(quote.previous_close),
        "netChange": number(quote.last - quote.previous_close),
        "totalVolume": volume,
        "avgVolume4Weeks": stock.volume,
        "quoteTimestamp": made,
        "tradeTimestamp": made,
    }))
}

/// `GET /v1/chart/quotes`: an unknown symbol is left out.
pub(crate) fn chart(world: &mut World, call: &Call) -> Reply {
    let symbols = call.required("symbols")?;
    let market = world.market();
    let rows = symbols.split(',').map(str::trim).filter_map(|symbol| chart_row(market, symbol, call.now));
    Answer::ok(&json!({ "s": "ok", "d": rows.collect::<Vec<_>>() }))
}

fn chart_row(market: &Market, symbol: &str, now: Timestamp) -> Option<Value> {
    let quote: Quote = market.quote(symbol, now)?;
    let Bar { open, high, low, volume, .. } = market.running_day(symbol, now)?;
    let (name, venue) = instruments::find(symbol).map_or((symbol, "OPRA"), |found| (found.name, found.venue));
    let change = quote.last - quote.previous_close;
    Some(json!({
        "s": symbol,
        "n": symbol,
        "v": {
            "lp": number(quote.last),
            "bid": number(quote.bid),
            "ask": number(quote.ask),
            "ch": number(change),
            "chp": number(indices::percent(change, quote.previous_close)),
            "open_price": dollars(open),
            "high_price": dollars(high),
            "low_price": dollars(low),
            "prev_close_price": number(quote.previous_close),
            "volume": volume,
            "short_name": symbol,
            "description": name,
            "exchange": venue,
        },
    }))
}

//! Everything about one contract.

use rust_decimal::Decimal;
use serde_json::json;

use crate::aries::Json;
use crate::aries::endpoints::CONTRACT;
use crate::aries::model::greeks::Greeks;
use crate::aries::symbols::{Contract, Symbol, listed_below};
use crate::aries::time;
use crate::error::{Error, Result};
use crate::tools::cell::figure;
use crate::tools::layout::{Rows, Wanted, lay_out, members};
use crate::tools::shape::Unit::{Contract as Osi, Number, Percent, Price, Quantity, Stamp, Volatility, Word};
use crate::tools::shape::{Layout, Shape, col};
use crate::tools::{Answer, Call};

const SHAPE: Shape = Shape {
    layout: Layout::Object,
    columns: &[
        col("contract", "details/ticker", Osi),
        col("bid", "lastQuote/bid", Price),
        col("ask", "lastQuote/ask", Price),
        col("bid size", "lastQuote/bidSize", Quantity),
        col("ask size", "lastQuote/askSize", Quantity),
        col("quote time", "lastQuote/lastUpdated", Stamp),
        col("quote feed", "lastQuote/timeframe", Word),
        col("last", "lastTrade/price", Price),
        col("last time", "lastTrade/sipTimestamp", Stamp),
        col("open interest", "openInterest", Quantity),
        col("volume", "day/volume", Quantity),
        col("change %", "day/changePercent", Percent),
        col("break-even", "breakEvenPrice", Price),
        col("underlying", "underlyingAsset/price", Price),
        col("underlying feed", "underlyingAsset/timeframe", Word),
        col("shares per contract", "details/sharesPerContract", Quantity),
        col("style", "details/exerciseStyle", Word),
    ],
    units: "USD, times New York",
    ..Shape::TABLE
};

pub(super) async fn contract(call: &Call, text: &str) -> Result<Answer> {
    let symbol = Symbol::parse(text)
        .map_err(|error| Error { cause: format!("`contract`: {}", error.cause), ..error })?;
    let Symbol::Option(contract) = &symbol else {
        return Err(Error::usage(
            "`contract`: that is no option contract",
            "write it like AAPL 2026-12-18 200 C",
        ));
    };
    let underlying = listed_below(&contract.root);
    let names = [("symbol", json!(underlying)), ("contract", json!(symbol.to_string()))];
    let reply = call.read(&CONTRACT, names).await?;
    let rows = Rows::find(&SHAPE, CONTRACT.rows, reply.json()?);
    let bodies: Vec<_> = rows.found.iter().map(|found| found.rows).collect();
    // Greeks are figures of a snapshot, too, and stand below it.
    let has_greeks = bodies.first().is_some_and(|body| body.has("greeks,impliedVolatility"));
    let difference = rows.difference(&SHAPE, bodies.first().copied()).filter(|_| !has_greeks);
    let wanted = Wanted { limit: 1, ..Wanted::default() };
    let shaped = match &difference {
        None => lay_out(&SHAPE, &bodies, &wanted, ""),
        Some((_, rows)) => members(rows, &wanted, ""),
    };
    let asked = time::rfc3339(time::now().timestamp());
    let head = format!("{} · {} · asked {asked} · {}", call.market(), contract.words(), SHAPE.units);
    Ok(match (difference, shaped.table.is_empty()) {
        (Some((difference, _)), _) => {
            difference.warn(CONTRACT.path);
            Answer::new(head).line(difference.words()).table(shaped.table)
        }
        (None, true) => Answer::new(head).line("Aries sent nothing about it"),
        (None, false) => {
            let answer = Answer::new(head).table(shaped.table);
            bodies.iter().flat_map(|body| lines(*body, contract)).fold(answer, Answer::line)
        }
    })
}

/// The greeks that Aries sent; a dash where one cannot be that of the contract.
fn lines(snapshot: Json<'_>, contract: &Contract) -> Vec<String> {
    let greeks = Greeks::read(snapshot, contract);
    let figures = [
        ("IV %", "impliedVolatility", greeks.volatility, Volatility),
        ("delta", "greeks/delta", greeks.delta, Number),
        ("gamma", "greeks/gamma", greeks.gamma, Number),
        ("theta", "greeks/theta", greeks.theta, Number),
        ("vega", "greeks/vega", greeks.vega, Number),
    ];
    let sent = figures.into_iter().filter(|(_, path, ..)| snapshot.has(path));
    let line =
        |value: Option<Decimal>, unit| value.and_then(|value| figure(value, unit)).unwrap_or("—".to_owned());
    sent.map(|(name, _, value, unit)| format!("{name}: {}", line(value, unit))).collect()
}

//! `GET /v1/equity/top-gainers` and `/top-losers`.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::indices::percent;
use crate::sandbox::answer::number;
use crate::sandbox::market::instruments::{INSTRUMENTS, Instrument, Kind};
use crate::sandbox::market::{Market, Quote};
use crate::sandbox::{Answer, Call, Reply, World};

/// The stocks that rose most since the last close.
pub(crate) fn gainers(world: &mut World, call: &Call) -> Reply {
    movers(world, call, Decimal::ONE)
}

pub(crate) fn losers(world: &mut World, call: &Call) -> Reply {
    movers(world, call, Decimal::NEGATIVE_ONE)
}

fn movers(world: &mut World, call: &Call, sign: Decimal) -> Reply {
    let limit = usize::try_from(call.number("limit", 10, 1..=99)?).unwrap_or(10);
    let market = world.market();
    let mut found: Vec<(Decimal, &Instrument, Quote)> = INSTRUMENTS
        .iter()
        .filter(|instrument| instrument.tradable())
        .filter_map(|instrument| changed(market, instrument, call.now))
        .filter(|(change, ..)| (*change * sign).is_sign_positive() && !change.is_zero())
        .collect();
    found.sort_by_key(|(change, ..)| -(*change * sign));
    let rows =
        found.iter().take(limit).map(|(change, instrument, quote)| row(*change, instrument, quote, call.now));
    Answer::ok(&rows.collect())
}

fn changed<'a>(
    market: &Market,
    instrument: &'a Instrument,
    now: Timestamp,
) -> Option<(Decimal, &'a Instrument, Quote)> {
    let quote = market.quote(instrument.symbol, now)?;
    Some((percent(quote.last - quote.previous_close, quote.previous_close), instrument, quote))
}

/// Optional fields are left out where they do not apply, as documented.
fn row(percent: Decimal, instrument: &Instrument, quote: &Quote, now: Timestamp) -> Value {
    let mut row = Map::new();
    row.insert("symbol".into(), json!(instrument.symbol));
    row.insert("type".into(), json!(instrument.kind.word()));
    row.insert("description".into(), json!(instrument.name));
    row.insert("lastPrice".into(), number(quote.last));
    row.insert("previousClose".into(), number(quote.previous_close));
    row.insert("change".into(), number(quote.last - quote.previous_close));
    row.insert("changePercent".into(), number(percent));
    row.insert("volume".into(), json!(instrument.volume));
    row.insert("timestamp".into(), json!(now.as_millisecond()));
    if !instrument.sector.is_empty() {
        row.insert("sector".into(), json!(instrument.sector));
        row.insert("sicCode".into(), json!(instrument.sic));
    }
    row.insert("tag".into(), json!(instrument.venue));
    row.insert("logoUrl".into(), json!(format!("https://logos.invalid/{}.png", instrument.symbol)));
    row.insert("isETF".into(), json!(instrument.kind == Kind::Etf));
    Value::Object(row)
}

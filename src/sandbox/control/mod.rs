//! `/sandbox/…`: how a test makes the embedded Aries fail, and sees what was asked of it.
//!
//! No token is needed: it listens on loopback only, and nothing here is worth stealing.

pub(crate) mod faults;
pub(crate) mod log;

use std::time::Duration;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::sandbox::{Answer, Call, Reply, World};

/// `POST /sandbox/faults`: adds rules, one or a list.
pub(crate) fn add_faults(world: &mut World, call: &Call) -> Reply {
    let rules = match call.json()? {
        Value::Array(rules) => rules,
        one => vec![one],
    };
    let rules = rules.into_iter().map(serde_json::from_value).collect::<Result<Vec<_>, _>>();
    let rules = rules.map_err(|error| Answer::bad_request(error.to_string()))?;
    world.faults.add(rules);
    Answer::ok(&json!({ "waiting": world.faults.waiting() }))
}

/// `DELETE /sandbox/faults`: back to good behaviour.
pub(crate) fn clear_faults(world: &mut World, _: &Call) -> Reply {
    world.faults.clear();
    Answer::ok(&json!({ "waiting": 0 }))
}

/// `POST /sandbox/release`: lets the requests go on that a rule with `hold` stopped.
pub(crate) fn release(world: &mut World, _: &Call) -> Reply {
    Answer::ok(&json!({ "released": world.faults.release() }))
}

/// `GET /sandbox/log`: the requests seen, oldest first.
pub(crate) fn show_log(world: &mut World, _: &Call) -> Reply {
    Answer::ok(&world.log.shown())
}

/// `DELETE /sandbox/log`: forgets them, and sets the counters of `/sandbox/stats` to zero.
pub(crate) fn clear_log(world: &mut World, _: &Call) -> Reply {
    world.log.clear();
    world.tokens.refreshes = 0;
    world.tokens.reuses = 0;
    Answer::ok(&json!([]))
}

/// `GET /sandbox/stats`: counters since the start or since the log was cleared.
pub(crate) fn stats(world: &mut World, _: &Call) -> Reply {
    Answer::ok(&json!({
        "requests": world.log.requests(),
        "refreshes": world.tokens.refreshes,
        "reuses": world.tokens.reuses,
        "faultsWaiting": world.faults.waiting(),
        "held": world.faults.held(),
    }))
}

/// `POST /sandbox/options`: changes what it names, and says how things stand.
pub(crate) fn set_options(world: &mut World, call: &Call) -> Reply {
    let Value::Object(wanted) = call.json()? else {
        return Err(Answer::bad_request("the body must be an object"));
    };
    for (name, value) in &wanted {
        set_option(world, name, value)
            .ok_or_else(|| Answer::bad_request(format!("no such option, or a wrong value: {name}")))?;
    }
    let options = &world.options;
    Answer::ok(&json!({
        "access_ttl": options.access_ttl.as_secs(),
        "refresh_ttl": options.refresh_ttl.as_secs(),
        "rotate": options.rotate,
        "rate_limits": options.rate_limits,
        "auto_consent": options.auto_consent,
        "token_length": options.token_length,
        "client_ids": world.client_ids,
        "list_lag_ms": world.list_lag_ms,
        "older_paths": world.older_paths,
    }))
}

fn set_option(world: &mut World, name: &str, value: &Value) -> Option<()> {
    let options = &mut world.options;
    match name {
        "access_ttl" => options.access_ttl = Duration::from_secs(value.as_u64()?),
        "refresh_ttl" => options.refresh_ttl = Duration::from_secs(value.as_u64()?),
        "rotate" => options.rotate = value.as_bool()?,
        "rate_limits" => options.rate_limits = value.as_bool()?,
        "auto_consent" => options.auto_consent = value.as_bool()?,
        "token_length" => options.token_length = usize::try_from(value.as_u64()?).ok()?,
        "client_ids" => world.client_ids = serde_json::from_value(value.clone()).ok()?,
        "list_lag_ms" => world.list_lag_ms = value.as_i64()?,
        "error_shape" => world.error_shape = serde_json::from_value(value.clone()).ok()?,
        "older_paths" => world.older_paths = value.as_bool()?,
        _ => return world.sockets.set(name.strip_prefix("socket_")?, value),
    }
    Some(())
}

/// `POST /sandbox/fill`: fills an open order by hand, in part if `qty` is given.
pub(crate) fn fill(world: &mut World, call: &Call) -> Reply {
    let body = call.json()?;
    let id = body.get("clOrdId").and_then(Value::as_str).unwrap_or_default();
    let qty = body.get("qty").filter(|qty| !qty.is_null()).map(decimal).transpose()?;
    let (broker, market) = world.trading(call.now);
    broker.fill_by_hand(id, qty, market, call.now).map_err(Answer::bad_request)?;
    world.sockets.stir();
    Answer::ok(&json!({ "clOrdId": id }))
}

/// `POST /sandbox/status`: gives an open order another status; the exchange may reject one that was accepted before.
pub(crate) fn set_status(world: &mut World, call: &Call) -> Reply {
    let body = call.json()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let status = serde_json::from_value(json!(text("status")));
    let status = status.map_err(|_| Answer::bad_request("no such status"))?;
    let (broker, _) = world.trading(call.now);
    broker.set_status(text("clOrdId"), status, call.now).map_err(Answer::bad_request)?;
    world.sockets.stir();
    Answer::ok(&json!({ "clOrdId": text("clOrdId"), "status": status }))
}

/// `POST /sandbox/price`: pins the last price of a symbol; `null` lets it move again.
pub(crate) fn set_price(world: &mut World, call: &Call) -> Reply {
    let body = call.json()?;
    let symbol = body.get("symbol").and_then(Value::as_str).unwrap_or_default();
    let price = body.get("price").filter(|price| !price.is_null()).map(decimal).transpose()?;
    if !world.market().pin(symbol, price, call.now) {
        return Err(Answer::not_found(format!("no such symbol: {symbol}")));
    }
    // Orders that the new price reaches are filled now.
    world.trading(call.now);
    world.sockets.stir();
    Answer::ok(&json!({ "symbol": symbol, "price": price.map(|price| price.to_string()) }))
}

/// A positive decimal from a JSON string or number.
fn decimal(value: &Value) -> Result<Decimal, Answer> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.parse()
        .ok()
        .filter(|value| *value > Decimal::ZERO && *value <= Decimal::from(10_000_000))
        .ok_or_else(|| Answer::bad_request(format!("not a positive decimal of reasonable size: {text}")))
}

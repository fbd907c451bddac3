//! The order lists.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::order::{ClientIds, Order, Status};
use crate::sandbox::answer::{price, quantity};
use crate::sandbox::{Answer, Call, Reply, World, market};

const MOST_SECONDS: i64 = 90 * 86_400;

/// `GET /v2/accounts/{id}/orders`: open orders and those that ended today, newest first.
pub(crate) fn today(world: &mut World, call: &Call) -> Reply {
    let client_ids = world.client_ids;
    // This list is a cache, which may lag behind; the history never does.
    let lag = world.list_lag_ms;
    let (broker, _) = world.trading(call.now);
    let account = broker.account(call.param("id"))?;
    let today = market::today(call.now);
    let wanted = |order: &&Order| {
        let fresh = call.now.as_millisecond() - order.created.as_millisecond() < lag;
        !fresh && (order.status.open() || market::today(order.updated) == today)
    };
    let found: Vec<&Order> = shown(&account.orders).filter(wanted).rev().collect();
    match found.is_empty() {
        true => Answer::ok(&json!({ "orders": null, "nextCursor": 0 })),
        false => Answer::ok(&page(call, &found, account.id, client_ids)?),
    }
}

/// `GET /v2/accounts/{id}/orders/history`: orders by the time of their creation.
pub(crate) fn history(world: &mut World, call: &Call) -> Reply {
    let client_ids = world.client_ids;
    let from = moment(call, "from")?.ok_or_else(|| Answer::bad_request("from is required"))?;
    let to = moment(call, "to")?.unwrap_or(call.now);
    let span = to.as_second() - from.as_second();
    if !(0..=MOST_SECONDS).contains(&span) {
        return Err(Answer::bad_request("to must be after from, by at most 90 days"));
    }
    let descending = match call.query("order_by") {
        None | Some("desc") => true,
        Some("asc") => false,
        Some(_) => return Err(Answer::bad_request("order_by must be asc or desc")),
    };
    let exclude_today = call.query("exclude_today") == Some("true");
    let (broker, _) = world.trading(call.now);
    let account = broker.account(call.param("id"))?;
    let today = market::today(call.now);
    let wanted = |order: &&Order| {
        (from..=to).contains(&order.created) && !(exclude_today && market::today(order.created) == today)
    };
    let mut found: Vec<&Order> = shown(&account.orders).filter(wanted).collect();
    if descending {
        found.reverse();
    }
    Answer::ok(&page(call, &found, account.id, client_ids)?)
}

/// `GET /v1/accounts/{id}/orders`: the older call, with other names.
pub(crate) fn today_v1(world: &mut World, call: &Call) -> Reply {
    let (broker, _) = world.trading(call.now);
    let account = broker.account(call.param("id"))?;
    let today = market::today(call.now);
    let wanted = |order: &&Order| order.status.open() || market::today(order.updated) == today;
    let rows: Value = shown(&account.orders).filter(wanted).rev().map(row_v1).collect();
    Answer::ok(&json!({ "orders": rows, "availability": { "available": true, "source": "cache" } }))
}

fn shown(orders: &[Order]) -> impl DoubleEndedIterator<Item = &Order> {
    orders.iter().filter(|order| order.status != Status::Superseded)
}

/// One page. The cursor is the sequence of the last order shown, so that new orders do not shift the pages.
fn page(call: &Call, found: &[&Order], account: &str, client_ids: ClientIds) -> Result<Value, Answer> {
    let limit = usize::try_from(call.number("limit", 50, 1..=500)?).unwrap_or(50);
    let cursor = call.number("cursor", 0, 0..=i64::MAX)?;
    let begin = match cursor {
        0 => 0,
        last => found.iter().position(|order| order.sequence == last).map_or(found.len(), |at| at + 1),
    };
    let rest = found.get(begin..).unwrap_or_default();
    let page = rest.get(..limit).unwrap_or(rest);
    let next = if rest.len() > limit { page.last().map_or(0, |order| order.sequence) } else { 0 };
    let rows: Value = page.iter().map(|order| order.listed(account, client_ids)).collect();
    Ok(json!({ "orders": rows, "nextCursor": next }))
}

fn moment(call: &Call, name: &str) -> Result<Option<Timestamp>, Answer> {
    let Some(text) = call.query(name) else { return Ok(None) };
    let wrong = || Answer::bad_request(format!("{name} must be RFC 3339 with a zone"));
    text.parse().map(Some).map_err(|_| wrong())
}

fn row_v1(order: &Order) -> Value {
    let terms = &order.terms;
    let status = if order.status == Status::New { json!("WORKING") } else { json!(order.status) };
    json!({
        "orderId": order.ord_id,
        "clOrdId": order.cl_ord_id,
        "symbol": terms.symbol,
        "side": terms.side,
        "orderType": terms.pricing,
        "status": status,
        "tif": terms.time_in_force,
        "quantity": quantity(terms.qty),
        "filledQty": quantity(order.filled),
        "leavesQty": quantity(order.leaves()),
        "price": terms.price.map(price).unwrap_or_default(),
        "stopPrice": terms.stop.map(price).unwrap_or_default(),
        "avgPrice": price(order.average),
        "destination": "SANDBOX",
        "instrument": if terms.legs.is_empty() { "EQUITY" } else { "OPTION" },
        "category": if terms.legs.len() > 1 { "MULTI_LEG" } else { "SINGLE_LEG" },
        "text": order.text,
        "legs": order.legs(),
        "createdAt": order.created,
        "updatedAt": order.updated,
    })
}

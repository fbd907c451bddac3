//! Replace and cancel.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::Account;
use super::body::{self, Body, Needed};
use super::entry;
use super::order::{Leg, Order, Pricing, Side, Status, Terms, TimeInForce};
use crate::sandbox::answer::{price, quantity};
use crate::sandbox::{Answer, Call, Reply, World};

struct Named {
    id: String,
    account: String,
    symbol: String,
}

fn named(body: &mut Body) -> Option<Named> {
    let id = body.text("origClOrdId", 100, true);
    let account = body.account();
    let symbol = body.text("symbol", 21, true);
    Some(Named { id: id?.to_owned(), account: account?.to_owned(), symbol: symbol?.to_owned() })
}

/// `POST /v1/orders/cancel`: asks for the end of an open order.
pub(crate) fn cancel(world: &mut World, call: &Call) -> Reply {
    let fields = call.json()?;
    let mut body = Body::new(&fields);
    let named = named(&mut body);
    let side: Option<Side> = body.word("side", true);
    body.refusal()?;
    let (Some(named), Some(side)) = (named, side) else { return Err(Answer::bad_request("incomplete")) };
    let (broker, _) = world.trading(call.now);
    let order = find(broker.account(&named.account)?, &named)?;
    if order.terms.side != side {
        return Err(mismatch("side"));
    }
    let cancel_id = broker.next_id();
    let order = find(broker.account(&named.account)?, &named)?;
    let answer = |success: bool, status: Value, text: &str| {
        json!({
            "success": success,
            "clOrdId": cancel_id,
            "origClOrdId": named.id,
            "status": status,
            "text": text,
        })
    };
    if !order.status.open() {
        return Answer::ok(&answer(false, json!(order.status), "too late: the order is no longer open"));
    }
    order.end(Status::Canceled, "canceled by the client", call.now);
    Answer::ok(&answer(true, json!(order.status), "canceled"))
}

/// `POST /v1/orders/replace`: the order goes on under a new `clOrdId`; the old one is finished.
pub(crate) fn replace(world: &mut World, call: &Call) -> Reply {
    let fields = call.json()?;
    let mut body = Body::new(&fields);
    let named = named(&mut body);
    let client_id = body.text("clientId", 50, false).map(str::to_owned);
    let changes = Changes::read(&mut body);
    body.refusal()?;
    let Some(named) = named else { return Err(Answer::bad_request("incomplete")) };
    let (broker, market) = world.trading(call.now);
    let old = find(broker.account(&named.account)?, &named)?.clone();
    check_legs(Body::new(&fields), &named.symbol, &old)?;
    let terms = match changes.applied(&old) {
        Ok(terms) => terms,
        Err(message) => return Answer::ok(&not_replaced(&named.id, &old, message)),
    };
    // The old order must not hold back money while the new one is weighed.
    let account = broker.account(&named.account)?;
    find(account, &named)?.status = Status::Superseded;
    let rest = Terms { qty: terms.qty - old.filled, ..terms.clone() };
    if let Some((_, message)) = entry::refusal(&rest, account, market, call.now) {
        find(account, &named)?.status = old.status;
        return Answer::ok(&not_replaced(&named.id, &old, &message));
    }
    find(account, &named)?.end(Status::Superseded, "replaced", call.now);
    let draft = broker.draft(terms, client_id.or_else(|| old.client_id.clone()), call.now);
    let new = Order {
        replaces: Some(named.id.clone()),
        ord_id: old.ord_id.clone(),
        status: old.status,
        filled: old.filled,
        average: old.average,
        leg_averages: old.leg_averages,
        ..draft
    };
    let answer = json!({
        "success": true,
        "clOrdId": new.cl_ord_id,
        "origClOrdId": named.id,
        "status": "REPLACED",
        "qty": quantity(new.terms.qty),
        "price": new.terms.price.map(price).unwrap_or_default(),
        "text": "replaced",
        "transactTime": call.now,
    });
    broker.account(&named.account)?.orders.push(new);
    broker.update_orders(market, call.now);
    Answer::ok(&answer)
}

/// An option order is replaced with its legs once more; the only one of a single option may be its OSI symbol.
fn check_legs(mut body: Body, symbol: &str, old: &Order) -> Result<(), Answer> {
    let sent = body::legs(&mut body, symbol, old.terms.side);
    let is_same = |(sent, own): (&Leg, &Leg)| {
        (&sent.contract, sent.side, sent.ratio) == (&own.contract, own.side, own.ratio)
    };
    if old.terms.legs.len() != sent.len() || !sent.iter().zip(&old.terms.legs).all(is_same) {
        body.complain("INVALID_VALUE", "legs", "must be the legs of the order");
    }
    body.refusal()
}

fn not_replaced(id: &str, old: &Order, message: &str) -> Value {
    json!({
        "success": false,
        "clOrdId": id,
        "origClOrdId": id,
        "status": old.status,
        "qty": quantity(old.terms.qty),
        "price": old.terms.price.map(price).unwrap_or_default(),
        "text": message,
        "transactTime": old.updated,
    })
}

fn find<'a>(account: &'a mut Account, named: &Named) -> Result<&'a mut Order, Answer> {
    let order = account.orders.iter_mut().find(|order| order.cl_ord_id == named.id).ok_or_else(|| {
        let message = format!("no order {} on this account", named.id);
        let code = json!({ "code": "ORDER_NOT_FOUND", "description": message, "field": "origClOrdId" });
        Answer::json(404, &json!({ "error": message, "codes": [code], "metadata": {} }))
    })?;
    // An option order may be named by its underlying or by its OSI symbol.
    let osi = order.terms.legs.first().map(|leg| leg.contract.osi());
    if named.symbol != order.terms.symbol && Some(&named.symbol) != osi.as_ref() {
        return Err(mismatch("symbol"));
    }
    Ok(order)
}

fn mismatch(field: &str) -> Answer {
    let message = format!("{field} is not the one of the order");
    let code = json!({ "code": "MISMATCH", "description": message, "field": field });
    Answer::json(400, &json!({ "error": message, "codes": [code], "metadata": {} }))
}

struct Changes {
    side: Option<Side>,
    pricing: Option<Pricing>,
    time_in_force: Option<TimeInForce>,
    qty: Option<Decimal>,
    price: Option<Decimal>,
    stop: Option<Decimal>,
}

impl Changes {
    fn read(body: &mut Body) -> Self {
        Self {
            side: body.word("side", false),
            pricing: body.word("type", false),
            time_in_force: body.word("timeInForce", false),
            qty: body.whole("qty", false),
            price: body.price("price", Needed::Maybe),
            stop: body.price("stopPrice", Needed::Maybe),
        }
    }

    /// The new terms; the error says why the order cannot be changed so.
    fn applied(&self, old: &Order) -> Result<Terms, &'static str> {
        if !old.status.open() {
            return Err("the order is no longer open, or this id was replaced by a newer one");
        }
        if self.side.is_some_and(|side| side != old.terms.side) {
            return Err("the side cannot be changed");
        }
        let terms = Terms {
            pricing: self.pricing.unwrap_or(old.terms.pricing),
            time_in_force: self.time_in_force.unwrap_or(old.terms.time_in_force),
            qty: self.qty.unwrap_or(old.terms.qty),
            price: self.price.or(old.terms.price),
            stop: self.stop.or(old.terms.stop),
            ..old.terms.clone()
        };
        if terms.qty <= old.filled {
            return Err("qty is the new total and must be more than what is filled");
        }
        terms.with_fitting_prices().ok_or("the new type needs a price or a stopPrice")
    }
}

impl Terms {
    /// Drops prices that a changed type has no use for; none if one is missing that it needs.
    fn with_fitting_prices(mut self) -> Option<Self> {
        if matches!(self.pricing, Pricing::Market | Pricing::Stop) {
            self.price = None;
        }
        if matches!(self.pricing, Pricing::Market | Pricing::Limit) {
            self.stop = None;
        }
        let has_price = self.price.is_some() || matches!(self.pricing, Pricing::Market | Pricing::Stop);
        let has_stop = self.stop.is_some() || matches!(self.pricing, Pricing::Market | Pricing::Limit);
        (has_price && has_stop).then_some(self)
    }
}

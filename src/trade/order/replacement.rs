//! A replacement: what an open order becomes by it, and the body that says so (`trading.md` 6.5).

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::aries::model::{self, Account};
use crate::aries::symbols::Symbol;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::trade::order::body::{Action, Kind, Leg, Order, Shape, TimeInForce};
use crate::trade::order::decimal::Number;
use crate::trade::order::request::Wanted;

/// Decimal places of a number that a replacement leaves as it is.
const CARRIED: usize = 9;

/// The order that a replacement would leave in place of `old`.
pub(crate) fn order(old: &model::Order, wanted: &Wanted) -> Result<Order> {
    let refused = |cause: String| {
        Err(Error::new(ErrorKind::Refused, cause, "tell the person; get_orders shows the order"))
    };
    if !old.is_open() {
        return refused(format!("order {} is no longer open: it is {}", old.id, old.status));
    }
    if old.is_changing() {
        return refused(format!("order {} is about to change: Aries calls it {}", old.id, old.status));
    }
    if let Some(what) = old.unreadable {
        return refused(format!("order {} cannot be replaced, since {what} in Aries' list", old.id));
    }
    if old.legs.len() > 1 {
        return refused(
            "Aries documents no replacement of spreads; cancel it and preview a new one".to_owned(),
        );
    }
    if let Some(leg) = old.legs.first().filter(|leg| leg.ratio != Decimal::ONE) {
        return refused(format!(
            "order {} has {} contracts per unit, and only orders with one can be replaced; cancel it and preview a new one",
            old.id,
            leg.ratio.normalize()
        ));
    }
    let shape = shape_of(old, wanted)?;
    let kind = kind_of(old, wanted)?;
    let time_in_force = match wanted.time_in_force {
        Some(word @ (TimeInForce::Day | TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok)) => {
            Some(word)
        }
        Some(_) => {
            let cause = "`time_in_force`: a replacement takes day, gtc, ioc or fok";
            return Err(Error::usage(cause, "leave it out to keep what the order has"));
        }
        None => TimeInForce::of_wire(&old.time_in_force),
    };
    let Some(time_in_force) = time_in_force else {
        return refused(format!("its time in force {:?} is not known here", old.time_in_force));
    };
    let number =
        |name: &str, given: &Option<String>, before: Option<Decimal>, places: usize| match (given, before) {
            (Some(text), _) => Number::read(name, text, places).map(Some),
            // What does not change is not sent, so it may have more places than a new order takes.
            (None, Some(before)) => {
                let kept = Number::read(name, &before.normalize().to_string(), CARRIED);
                kept.map(Some).map_err(|_| {
                    Error::usage(
                        format!("the order's own `{name}`, {}, cannot be carried over", before.normalize()),
                        format!("give `{name}` too, or cancel the order and preview a new one"),
                    )
                })
            }
            (None, None) => Ok(None),
        };
    let needless = |name: &str, given: &Option<String>, has: bool| match given {
        Some(_) if !has => {
            Err(Error::usage(format!("`{name}` does not belong to a {} order", kind.word()), "leave it out"))
        }
        _ => Ok(()),
    };
    needless("limit_price", &wanted.limit_price, kind.has_limit())?;
    needless("stop_price", &wanted.stop_price, kind.has_stop())?;
    let quantity = number("quantity", &wanted.quantity, Some(old.quantity), 0)?;
    let Some(quantity) = quantity.filter(|quantity| quantity.value() > old.filled) else {
        return refused(format!(
            "`quantity` is the new total, and {} are filled already",
            old.filled.normalize()
        ));
    };
    let order = Order {
        shape,
        quantity,
        kind,
        limit: number("limit_price", &wanted.limit_price, old.limit.filter(|_| kind.has_limit()), 4)?,
        stop: number("stop_price", &wanted.stop_price, old.stop.filter(|_| kind.has_stop()), 4)?,
        time_in_force,
    };
    if order.limit.is_some() != kind.has_limit() || order.stop.is_some() != kind.has_stop() {
        return refused("Aries does not tell the prices of that order".to_owned());
    }
    let value = |number: &Option<Number>| number.as_ref().map(Number::value);
    let same = order.quantity.value() == old.quantity
        && value(&order.limit) == old.limit.filter(|_| kind.has_limit())
        && value(&order.stop) == old.stop.filter(|_| kind.has_stop())
        && order.time_in_force.wire() == old.time_in_force;
    if same {
        return Err(Error::usage(
            "the replacement changes nothing",
            "give what is to change: quantity, prices or time_in_force",
        ));
    }
    Ok(order)
}

/// The type of the old order. Lists may lack it (`trading.md` 5.1): then the call says it, and the prices must be those of it.
fn kind_of(old: &model::Order, wanted: &Wanted) -> Result<Kind> {
    let refused = |cause: String| {
        Err(Error::new(ErrorKind::Refused, cause, "tell the person; get_orders shows the order"))
    };
    match (Kind::of_wire(&old.kind), wanted.kind) {
        (Some(own), None) => Ok(own),
        (Some(own), Some(wanted)) if own == wanted => Ok(own),
        (None, None) if old.kind.is_empty() => Err(Error::usage(
            "Aries does not say which type that order has",
            "give `type` as well; ask the person",
        )),
        (None, Some(wanted)) if old.kind.is_empty() => {
            if (wanted.has_limit(), wanted.has_stop()) == (old.limit.is_some(), old.stop.is_some()) {
                return Ok(wanted);
            }
            refused(format!("by its prices that order is no {} order: {}", wanted.word(), old.sentence()))
        }
        _ => refused(format!("the type of an order cannot be replaced (it is {})", old.kind)),
    }
}

/// What the old order trades; what the call says of it must not contradict.
fn shape_of(old: &model::Order, wanted: &Wanted) -> Result<Shape> {
    let differs = |name: &str, is: &str| {
        let cause = format!("`{name}` cannot be changed by a replacement: the order has {is}");
        Err(Error::usage(cause, format!("leave `{name}` out, or cancel the order and preview a new one")))
    };
    if wanted.legs.is_some() {
        return differs("legs", "none");
    }
    let (shape, symbol) = match old.legs.first() {
        Some(leg) => {
            let action = match (leg.buys, leg.closes) {
                (true, Some(false)) => Action::BuyToOpen,
                (true, Some(true)) => Action::BuyToClose,
                (false, Some(true)) => Action::SellToClose,
                (false, Some(false)) => Action::SellToOpen,
                (_, None) => wanted
                    .action
                    .filter(|action| action.is_option() && action.buys() == leg.buys)
                    .ok_or_else(|| {
                    Error::usage(
                        "Aries does not say whether that order opens or closes",
                        "give `action`; ask the person",
                    )
                })?,
            };
            let contract = leg.contract.clone();
            (Shape::Single(Leg { contract: contract.clone(), action, ratio: 1 }), Symbol::Option(contract))
        }
        None => {
            let action = [Action::Buy, Action::Sell, Action::SellShort, Action::BuyToCover]
                .into_iter()
                .find(|action| action.side() == old.side)
                .ok_or_else(|| {
                    Error::new(
                        ErrorKind::Refused,
                        format!("its side {:?} is not known here", old.side),
                        "tell the person",
                    )
                })?;
            let ticker = old.ticker.clone();
            (Shape::Stock { ticker: ticker.clone(), action }, Symbol::Stock(ticker))
        }
    };
    let own = match &shape {
        Shape::Stock { action, .. } => *action,
        Shape::Single(leg) => leg.action,
        Shape::Spread { .. } => Action::Buy,
    };
    if wanted.action.is_some_and(|action| action != own) {
        return differs("action", own.words());
    }
    if let Some(text) = &wanted.symbol
        && !Symbol::traded(text).is_ok_and(|given| given.is_same_instrument(&symbol))
    {
        return differs("symbol", &symbol.to_string());
    }
    Ok(shape)
}

/// `trading.md` 6.5: the original's symbol, side and type, and of the rest only what changes.
pub(crate) fn body(account: &Account, order: &Order, old: &model::Order, client_id: &str) -> Value {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("origClOrdId", json!(old.id));
    put("tradingAccountId", json!(account.id));
    put("symbol", json!(old.symbol));
    put("side", json!(old.side));
    put("type", json!(order.kind.wire()));
    if order.quantity.value() != old.quantity {
        put("qty", json!(order.quantity.text()));
    }
    if let Some(limit) = order.limit.as_ref().filter(|limit| Some(limit.value()) != old.limit) {
        put("price", json!(limit.text()));
    }
    if let Some(stop) = order.stop.as_ref().filter(|stop| Some(stop.value()) != old.stop) {
        put("stopPrice", json!(stop.text()));
    }
    if order.time_in_force.wire() != old.time_in_force {
        put("timeInForce", json!(order.time_in_force.wire()));
    }
    put("clientId", json!(client_id));
    Value::Object(body)
}

//! A replacement: what an open order becomes by it, and the body that says so (`api-reference/orders/update-order`).

use rust_decimal::Decimal;
use serde_json::{Value, json};
use strum::VariantArray;

use crate::aries::model::{self, Account};
use crate::aries::symbols::Symbol;
use crate::error::{Error, Kind, Result};
use crate::told::Told;
use crate::trade::order::body::{Leg, Order};
use crate::trade::order::decimal::{Number, PRICE_PLACES};
use crate::trade::order::request::{OrderRequest, needless};
use crate::trade::order::terms::{Action, OrderType, TimeInForce};
use crate::trade::state::State;

/// Decimal places of a number that a replacement leaves as it is. It is not sent, so it may have more than a new one.
const CARRIED_PLACES: usize = 9;

/// The order that a replacement would leave in place of `old`. Fails if such an order cannot be replaced, or with the name of
/// an argument that does not go with it.
pub(crate) fn order(old: &model::Order, request: &OrderRequest) -> Result<Order> {
    check_replaceable(old)?;
    let (action, underlying, legs) = instrument(old, request)?;
    let order_type = order_type(old, request)?;
    let time_in_force = time_in_force(old, request)?;
    let (limit, stop) = (request.limit_price.as_deref(), request.stop_price.as_deref());
    let (has_limit, has_stop) = (order_type.has_limit(), order_type.has_stop());
    for (name, given, belongs) in [("limit_price", limit, has_limit), ("stop_price", stop, has_stop)] {
        if given.is_some() && !belongs {
            return Err(needless(name, order_type, "leave it out"));
        }
    }
    let order = Order {
        underlying,
        action,
        legs,
        quantity: quantity(old, request)?,
        order_type,
        limit: price("limit_price", limit, old.limit.filter(|_| has_limit))?,
        stop: price("stop_price", stop, old.stop.filter(|_| has_stop))?,
        time_in_force,
    };
    if (order.limit.is_some(), order.stop.is_some()) != (has_limit, has_stop) {
        return Err(refused("Aries does not tell the prices of that order"));
    }
    if changes(&order, old).is_empty() {
        let hint = "give what is to change: quantity, prices or time_in_force";
        return Err(Error::usage("the replacement changes nothing", hint));
    }
    Ok(order)
}

/// The body of a replacement: symbol, side, type and legs of the original, and of the rest only what changes. An order
/// under the symbol of its contract has no legs.
pub(crate) fn body(account: &Account, order: &Order, old: &model::Order, client_id: &str) -> Value {
    let original = [
        ("origClOrdId", old.id.as_str()),
        ("tradingAccountId", &account.id),
        ("symbol", &old.symbol),
        ("side", &old.side),
        ("type", order.order_type.wire()),
    ];
    let texts = original.into_iter().chain(changes(order, old)).chain([("clientId", client_id)]);
    let names_contract = matches!(Symbol::listed(&old.symbol), Some(Symbol::Option(_)));
    let legs = (!order.is_stock() && !names_contract).then(|| ("legs", order.legs_body()));
    texts.map(|(name, text)| (name, json!(text))).chain(legs).collect()
}

fn changes<'a>(order: &'a Order, old: &model::Order) -> Vec<(&'static str, &'a str)> {
    let changed = |number: &'a Option<Number>, before: Option<Decimal>| {
        number.as_ref().filter(|number| Some(number.value()) != before).map(Number::text)
    };
    let quantity = Some(&order.quantity).filter(|quantity| quantity.value() != old.quantity);
    let before = old.time_in_force.parse::<TimeInForce>().ok();
    let time_in_force = Some(order.time_in_force).filter(|now| Some(*now) != before).map(TimeInForce::wire);
    let fields = [
        ("qty", quantity.map(Number::text)),
        ("price", changed(&order.limit, old.limit)),
        ("stopPrice", changed(&order.stop, old.stop)),
        ("timeInForce", time_in_force),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn check_replaceable(old: &model::Order) -> Result<()> {
    let (id, status) = (&old.id, &old.status);
    let cause = if !old.is_open() {
        format!("order {id} is no longer open: it is {}", State::words(status))
    } else if old.is_changing() {
        format!("order {id} is about to change: it is {}", State::words(status))
    } else if let Some(what) = old.unreadable {
        format!("order {id} cannot be replaced, since {what} in Aries' list")
    } else if let [leg] = old.legs.as_slice()
        && leg.ratio != Decimal::ONE
    {
        let (ratio, only) = (leg.ratio.normalize(), "and only orders with one can be replaced");
        format!("order {id} has {ratio} contracts per unit, {only}; cancel it and preview a new one")
    } else {
        return Ok(());
    };
    Err(refused(cause))
}

fn refused(cause: impl Into<String>) -> Error {
    Error::new(
        Kind::Refused,
        cause.into(),
        Told::pair("tell the person; get_orders shows the order", "get_orders shows the order"),
    )
}

/// What the old order does with what, which a replacement cannot change: its action, underlying and legs.
fn instrument(old: &model::Order, request: &OrderRequest) -> Result<(Action, String, Vec<Leg>)> {
    let (action, symbol, legs) = match old.legs.as_slice() {
        [] => (stock_action(old)?, Symbol::Stock(old.ticker.clone()), Vec::new()),
        [leg] => {
            let (action, contract) = (leg_action(leg, request.action)?, leg.contract.clone());
            let own = Leg { contract: contract.clone(), action, ratio: 1 };
            (action, Symbol::Option(contract), vec![own])
        }
        legs => {
            let legs = legs.iter().map(spread_leg).collect::<Result<_>>()?;
            (stock_action(old)?, Symbol::traded(&old.symbol)?, legs)
        }
    };
    if request.legs.is_some() {
        let own = if legs.is_empty() { "none" } else { "its own" };
        return Err(unchangeable("legs", own));
    }
    if request.action.is_some_and(|requested| requested != action) {
        return Err(unchangeable("action", &action.words()));
    }
    if let Some(text) = &request.symbol
        && !Symbol::traded(text).is_ok_and(|requested| requested.is_same_instrument(&symbol))
    {
        return Err(unchangeable("symbol", &symbol.to_string()));
    }
    Ok((action, old.ticker.clone(), legs))
}

fn spread_leg(leg: &model::order::Leg) -> Result<Leg> {
    let ratio = leg.ratio.normalize();
    let whole = u32::try_from(ratio).ok().filter(|_| ratio.is_integer());
    let ratio =
        whole.ok_or_else(|| refused(format!("a leg of that order has {ratio} contracts per spread")))?;
    let told = leg.closes.and(leg_action(leg, None).ok());
    let action = told.ok_or_else(|| {
        let (cause, hint) = (
            "Aries does not say whether each leg of that order opens or closes",
            Told::pair(
                "tell the person; it can be canceled, and a new one previewed",
                "cancel it, and preview a new one",
            ),
        );
        Error::new(Kind::Refused, cause, hint)
    })?;
    Ok(Leg { contract: leg.contract.clone(), action, ratio })
}

fn unchangeable(name: &str, is: &str) -> Error {
    Error::usage(
        format!("`{name}` cannot be changed by a replacement: the order has {is}"),
        format!("leave `{name}` out, or cancel the order and preview a new one"),
    )
}

/// The action of a contract's order. If Aries' list does not say whether it opens or closes, the request has to.
fn leg_action(leg: &model::order::Leg, requested: Option<Action>) -> Result<Action> {
    let fits = |action: &Action| {
        action.is_option()
            && action.buys() == leg.buys
            && leg.closes.is_none_or(|closes| closes == action.closes())
    };
    let told = match leg.closes {
        Some(_) => Action::VARIANTS.iter().copied().find(fits),
        None => requested.filter(fits),
    };
    let cause = "Aries does not say whether that order opens or closes";
    told.ok_or_else(|| Error::usage(cause, Told::pair("give `action`; ask the person", "give `action`")))
}

/// The action of an order for shares, or of a spread.
fn stock_action(old: &model::Order) -> Result<Action> {
    let fits = |action: &&Action| !action.is_option() && action.side() == old.side;
    Action::VARIANTS.iter().find(fits).copied().ok_or_else(|| {
        let cause = format!("its side {:?} is not known here", old.side);
        Error::new(Kind::Refused, cause, Told::person_can("change it in Aries' own application"))
    })
}

/// The type of the old order, which a replacement cannot change. Lists may lack it: then the request has to say it, and
/// the prices of the order must be those of that type.
fn order_type(old: &model::Order, request: &OrderRequest) -> Result<OrderType> {
    match (old.kind.parse::<OrderType>().ok(), request.order_type) {
        (Some(own), None) => Ok(own),
        (Some(own), Some(requested)) if own == requested => Ok(own),
        (None, None) if old.kind.is_empty() => {
            let cause = "Aries does not say which type that order has";
            Err(Error::usage(cause, Told::pair("give `type` as well; ask the person", "give `type` as well")))
        }
        (None, Some(requested)) if old.kind.is_empty() => {
            if (requested.has_limit(), requested.has_stop()) == (old.limit.is_some(), old.stop.is_some()) {
                return Ok(requested);
            }
            let (name, order) = (requested.name(), old.sentence());
            Err(refused(format!("by its prices that order is no {name} order: {order}")))
        }
        _ => Err(refused(format!("the type of an order cannot be replaced (it is {})", old.kind))),
    }
}

fn time_in_force(old: &model::Order, request: &OrderRequest) -> Result<TimeInForce> {
    let own = || old.time_in_force.parse::<TimeInForce>().ok();
    request
        .time_in_force
        .or_else(own)
        .ok_or_else(|| refused(format!("its time in force {:?} is not known here", old.time_in_force)))
}

/// The new total quantity, of which something has to be left to fill.
fn quantity(old: &model::Order, request: &OrderRequest) -> Result<Number> {
    let quantity = match &request.quantity {
        Some(text) => Number::read("quantity", text, 0)?,
        None => carried_over("quantity", old.quantity)?,
    };
    if quantity.value() > old.filled {
        return Ok(quantity);
    }
    let filled = old.filled.normalize();
    Err(refused(format!("`quantity` is the new total, and {filled} are filled already")))
}

fn price(name: &str, text: Option<&str>, before: Option<Decimal>) -> Result<Option<Number>> {
    match text {
        Some(text) => Number::read(name, text, PRICE_PLACES).map(Some),
        None => before.map(|before| carried_over(name, before)).transpose(),
    }
}

/// A number of the old order that stays as it is.
fn carried_over(name: &str, before: Decimal) -> Result<Number> {
    let before = before.normalize();
    Number::read(name, &before.to_string(), CARRIED_PLACES).map_err(|_| {
        let cause = format!("the order's own `{name}`, {before}, cannot be carried over");
        Error::usage(cause, format!("give `{name}` too, or cancel the order and preview a new one"))
    })
}

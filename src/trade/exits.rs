//! The order that would close what an opening order has filled, offered as arguments of a preview: Aries has no brackets.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::aries::model::Order;
use crate::aries::model::account::masked;
use crate::aries::model::order::Leg;
use crate::aries::symbols::Symbol;
use crate::told::Told;
use crate::trade::order::terms::{Action, TimeInForce};

/// The offer for the filled part of an order; `None` if nothing of it is filled, it closes, or Aries does not say what it
/// opens.
pub(crate) fn exit(order: &Order, account: &str) -> Option<Told> {
    if order.filled.is_zero() || order.unreadable.is_some() {
        return None;
    }
    let Value::Object(mut arguments) = closing(order)? else { return None };
    for (name, value) in [
        ("account", masked(account).trim_start_matches('…').to_owned()),
        ("quantity", order.filled.normalize().to_string()),
        ("time_in_force", TimeInForce::Gtc.words()),
    ] {
        arguments.insert(name.to_owned(), Value::String(value));
    }
    let arguments = Value::Object(arguments);
    let prices = if order.legs.len() > 1 {
        "type limit and limit_price"
    } else {
        "type stop and stop_price, or type limit and limit_price,"
    };
    let lead = "nothing is sent and nothing is watched (Aries has no brackets); if ";
    let arguments = format!("preview_order with {arguments} and {prices} at a price that ");
    let (wants, gives) =
        (Told::pair("the person wants one, ", "you want one, "), Told::pair("the person gives", "you give"));
    Some(Told::from(lead).and(wants).and(arguments).and(gives))
}

/// What closes it: symbol, action and, of a spread, legs.
fn closing(order: &Order) -> Option<Value> {
    match order.legs.as_slice() {
        [] => {
            let action = match order.side.as_str() {
                "BUY" => Action::Sell,
                "SELL_SHORT" => Action::BuyToCover,
                _ => return None,
            };
            Some(json!({"symbol": order.ticker, "action": action.argument()}))
        }
        [leg] if leg.ratio == Decimal::ONE => {
            let symbol = Symbol::Option(leg.contract.clone()).to_string();
            Some(json!({"symbol": symbol, "action": closing_leg(leg)?.argument()}))
        }
        legs => {
            let reversed = legs.iter().map(|leg| {
                let (action, ratio) = (closing_leg(leg)?.argument(), leg.ratio.normalize());
                let ratio = u32::try_from(ratio).ok()?;
                Some(json!({"contract": leg.contract.to_string(), "action": action, "ratio": ratio}))
            });
            let action = if order.side == "BUY" { Action::Sell } else { Action::Buy };
            let legs: Vec<Value> = reversed.collect::<Option<_>>()?;
            Some(json!({"symbol": order.ticker, "action": action.argument(), "legs": legs}))
        }
    }
}

/// `None` if the leg does not open.
fn closing_leg(leg: &Leg) -> Option<Action> {
    match (leg.closes, leg.buys) {
        (Some(false), true) => Some(Action::SellToClose),
        (Some(false), false) => Some(Action::BuyToClose),
        _ => None,
    }
}

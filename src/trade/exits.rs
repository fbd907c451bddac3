//! The order that would close the spread that an order has filled, offered as arguments of a preview: its legs are those of
//! the order the other way round, which is easy to get wrong. Shares and one contract need no such help.

use serde_json::{Value, json};

use crate::aries::model::Order;
use crate::aries::model::account::masked;
use crate::aries::model::order::Leg;
use crate::told::Told;
use crate::trade::order::terms::Action;

/// The offer for the filled part of a spread; `None` if nothing of it is filled, a leg closes, or Aries does not say what
/// it opens.
pub(crate) fn exit(order: &Order, account: &str) -> Option<Told> {
    if order.filled.is_zero() || order.unreadable.is_some() || order.legs.len() < 2 {
        return None;
    }
    let legs: Vec<Value> = order.legs.iter().map(closing).collect::<Option<_>>()?;
    let action = if order.side == "BUY" { Action::Sell } else { Action::Buy };
    let arguments = json!({
        "account": masked(account).trim_start_matches('…'),
        "symbol": order.ticker,
        "action": action.argument(),
        "quantity": order.filled.normalize().to_string(),
        "legs": legs,
    });
    Some(format!("nothing is sent for it; preview_order {arguments} with type and price closes it").into())
}

/// The leg that closes one which opens.
fn closing(leg: &Leg) -> Option<Value> {
    let action = match (leg.closes, leg.buys) {
        (Some(false), true) => Action::SellToClose,
        (Some(false), false) => Action::BuyToClose,
        _ => return None,
    };
    let ratio = u32::try_from(leg.ratio.normalize()).ok()?;
    Some(json!({"contract": leg.contract.to_string(), "action": action.argument(), "ratio": ratio}))
}

//! Orders against the limits, the market and the clock, as [`check_order`] sees them.

mod limits;
mod notional;
mod price;
mod session;
mod sound;
mod spread;

use serde_json::{Value, json};

use super::*;
use crate::aries::model::quote::Feed;
use crate::config::Trading;
use crate::environment::Money;
use crate::trade::order::request;

const NOON: &str = "2026-11-20T12:00:00-05:00";

fn order(wanted: Value) -> Order {
    request::order(&serde_json::from_value(wanted).unwrap(), "2026-11-02".parse().unwrap()).unwrap()
}

fn msft(changes: &Value) -> Order {
    let mut wanted = json!({"symbol": "MSFT", "action": "buy", "quantity": "1", "type": "market"});
    wanted.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    order(wanted)
}

fn call(expiration: &str) -> Order {
    order(json!({"symbol": format!("AAPL {expiration} 270 C"), "action": "buy_to_open", "quantity": "1",
        "type": "limit", "limit_price": "1.00"}))
}

/// The check of an order on a live or simulated account, where the exchange has its hours.
fn judged(order: &Order, quote: Option<&Quote>, now: &str, money: Money) -> Result<CheckResult> {
    judged_by(&Trading { live: true, ..Trading::default() }, order, quote, now, money)
}

fn judged_by(
    trading: &Trading,
    order: &Order,
    quote: Option<&Quote>,
    now: &str,
    money: Money,
) -> Result<CheckResult> {
    let account =
        Account { id: "A0017".to_owned(), id_field: "id", money, status: None, kind: None, class: None };
    let now = now.parse().unwrap();
    let result = CheckResult::default();
    let context = CheckContext {
        trading,
        account: &account,
        order,
        replaced: None,
        now,
        always_open: false,
        no_quote: None,
        result,
    };
    check_order(context, quote)
}

fn quoted(bid: &str, ask: &str, at: &str) -> Quote {
    let price = |text: &str| text.parse().ok();
    let close = price(bid).or(price(ask));
    Quote { bid: price(bid), ask: price(ask), close, at: at.parse().ok(), ..Quote::default() }
}

fn refusal(result: Result<CheckResult>) -> String {
    result.unwrap_err().cause
}

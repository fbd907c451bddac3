//! The rows of `get_orders`.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::View;
use crate::aries::model::Order;
use crate::aries::time;
use crate::text::clean;
use crate::tools::format::{plain, quantity};
use crate::trade::state::State;

/// When it filled, as far as Aries tells: the last change of an order of which something was filled.
pub(super) fn filled_at(order: &Order) -> Option<Timestamp> {
    let is_filled = order.written.filled.unwrap_or(order.filled) > Decimal::ZERO;
    order.updated.or(order.created).filter(|_| is_filled)
}

pub(super) const ALL: [&str; 13] = [
    "created",
    "side",
    "quantity",
    "filled",
    "symbol",
    "type",
    "limit",
    "stop",
    "in force",
    "status",
    "average",
    "filled at",
    "id",
];
pub(super) const FILLED: [&str; 8] =
    ["filled at", "side", "filled", "of", "symbol", "average", "status", "id"];

pub(super) fn cells(order: &Order, view: View) -> Vec<Option<String>> {
    let written = &order.written;
    let said = |word: &String| (!word.is_empty()).then(|| word.clone());
    let mut status = said(&order.status).map_or_else(|| "—".to_owned(), |status| State::words(&status));
    // The history leaves out an order that was replaced, so only its successor tells of it.
    if let Some(replaced) = &order.replaces {
        status.push_str(&format!(" (replaces {})", clean(replaced, 40)));
    }
    if let Some(reason) = &written.reason {
        status.push_str(&format!(" (Aries: \"{reason}\")"));
    }
    let (side, symbol) = side_and_symbol(order);
    let at = filled_at(order).map(time::local);
    let (filled, quantity) = (written.filled.map(quantity), written.quantity.map(quantity));
    let (average, id) = (order.average.map(plain), Some(order.id.clone()));
    if view == View::Filled {
        return vec![at, side, filled, quantity, Some(symbol), average, Some(status), id];
    }
    let (limit, stop) = (order.limit.map(plain), order.stop.map(plain));
    let created = order.created.map(time::local);
    let (kind, force) = (said(&order.kind), said(&order.time_in_force));
    vec![
        created,
        side,
        quantity,
        filled,
        Some(symbol),
        kind,
        limit,
        stop,
        force,
        Some(status),
        average,
        at,
        id,
    ]
}

/// What is bought or sold: of one contract whether that opens or closes, and the symbol that every tool takes; of a spread
/// its legs, whose numbers are those of one spread.
fn side_and_symbol(order: &Order) -> (Option<String>, String) {
    let written = &order.written;
    if let ([leg], None) = (order.legs.as_slice(), order.unreadable)
        && leg.ratio == Decimal::ONE
    {
        return (Some(leg.action()), leg.contract.to_string());
    }
    let legs = written.legs.join("; ");
    let legs = match written.legs.len() {
        0 => String::new(),
        1 => format!(" [{legs}]"),
        _ => format!(" [each: {legs}]"),
    };
    (written.side.clone(), clean(&order.symbol, 32) + &legs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aries::Json;
    use serde_json::json;

    #[test]
    fn a_contract_is_named_once_and_the_legs_of_a_spread_say_what_one_of_it_has() {
        let leg = |side: &str, strike: &str| {
            json!({"side": side, "ratioQty": "1", "putCall": "CALL", "strikePrice": strike, "maturity": "2027-01-15",
                "positionEffect": "OPEN"})
        };
        let shown = |legs: serde_json::Value| {
            let row = json!({"clOrdId": "1", "symbol": "AAPL", "side": "BUY", "qty": "2", "ordStatus": "NEW", "legs": legs});
            let row = Order::read(Json::parse(&row.to_string()).unwrap());
            let cells = cells(&row, View::Today);
            [1, 2, 4, 9].map(|at: usize| cells[at].clone().unwrap())
        };
        assert_eq!(shown(json!([leg("BUY", "280")])), ["BUY TO OPEN", "2", "AAPL270115C00280000", "WORKING"]);
        let spread = "AAPL [each: BUY 1 2027-01-15 280 C OPEN; SELL 1 2027-01-15 290 C OPEN]";
        assert_eq!(shown(json!([leg("BUY", "280"), leg("SELL", "290")])), ["BUY", "2", spread, "WORKING"]);
    }
}

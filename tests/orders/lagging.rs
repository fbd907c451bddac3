//! Lists that are behind: what this machine has sent and heard counts until they show it.

use serde_json::{Value, json};

use crate::support::Client;
use crate::support::stage::*;

/// Has both lists of orders and the list of positions say this from now on.
pub(super) fn lag(stage: &Stage, orders: &[Value], positions: &[(&str, &str, &str)]) {
    stage.behave();
    let rows: Vec<Value> = positions
        .iter()
        .map(|(symbol, kind, quantity)| {
            json!({"accountId": SIM, "symbol": symbol, "securityType": kind, "quantity": quantity, "averagePrice": "1"})
        })
        .collect();
    let body = json!({"positions": rows}).to_string();
    let path = format!("/v1/accounts/{SIM}/positions");
    stage.aries.faults(json!({"path": path, "fault": "body", "body": body, "times": 999}));
    let path = format!("/v2/accounts/{SIM}/orders*");
    let body = json!({"orders": orders, "nextCursor": 0}).to_string();
    stage.aries.faults(json!({"path": path, "fault": "body", "body": body, "times": 999}));
    let cost = json!({"estimatedCost": "1.00"}).to_string();
    stage.aries.faults(json!({"path": "/v1/orders/preview", "fault": "body", "body": cost, "times": 999}));
}

pub(super) fn sale(quantity: &str, limit: Option<&str>) -> Value {
    let kind = if limit.is_some() { "limit" } else { "market" };
    let mut order =
        json!({"account": "0017", "symbol": "TSLA", "action": "sell", "quantity": quantity, "type": kind});
    if let Some(limit) = limit {
        order["limit_price"] = json!(limit);
    }
    order
}

/// How many of so many shares can still be sold.
pub(super) fn can_be_sold(client: &mut Client, most: u32) -> u32 {
    (1..=most)
        .rev()
        .find(|quantity| {
            let result = client.call("preview_order", sale(&quantity.to_string(), Some("990")));
            result["isError"] != json!(true)
        })
        .unwrap_or_default()
}

#[test]
fn of_fifteen_shares_no_twenty_five_are_sold() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let shares = |quantity| [("TSLA", "EQUITY", quantity)];
    lag(&stage, &[], &shares("15"));
    let ticket = ticket(&mut client, sale("10", Some("990")));
    let placed = place(&mut client, &ticket);
    // No list shows it, in this process, in another one, and after a restart.
    let refused = client.failure("preview_order", sale("10", Some("990")));
    assert!(refused.contains("held 15, already in open orders 10, asked 10 shares"), "{refused}");
    assert_eq!(can_be_sold(&mut client, 6), 5);
    drop(client);
    let mut client = stage.client();
    assert_eq!(can_be_sold(&mut client, 6), 5);
    // A list that shows it counts it once.
    let id = order_id(&placed);
    let row = json!({"clOrdId": id, "symbol": "TSLA", "side": "SELL", "type": "LIMIT", "timeInForce": "DAY", "qty": "10",
        "price": "990", "cumQty": "0", "leavesQty": "10", "ordStatus": "NEW", "securityType": "EQUITY"});
    lag(&stage, std::slice::from_ref(&row), &shares("15"));
    assert_eq!(can_be_sold(&mut client, 6), 5);
    // Canceled, and the lists do not show that either.
    stage.behave();
    let canceled = client.call("cancel_order", json!({"order": id}));
    assert_eq!(state(&canceled), "CANCELED");
    lag(&stage, &[row], &shares("15"));
    assert_eq!(can_be_sold(&mut client, 16), 15);
    stage.verified();
}

#[test]
fn a_fill_that_was_heard_counts_while_positions_are_behind() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let path = format!("/v1/accounts/{SIM}/positions");
    let say = |quantity: &str| {
        let row = json!({"accountId": SIM, "symbol": "TSLA", "securityType": "EQUITY", "quantity": quantity});
        let body = json!({"positions": [row]}).to_string();
        stage.behave();
        stage.aries.faults(json!({"path": path, "fault": "body", "body": body, "times": 999}));
    };
    say("15");
    let ticket = ticket(&mut client, sale("10", None));
    assert_eq!(state(&place(&mut client, &ticket)), "FILLED");
    for listed in ["15", "5"] {
        say(listed);
        assert_eq!(can_be_sold(&mut client, 6), 5, "{listed}");
        let mut other = stage.client();
        let refused = other.failure("preview_order", sale("10", Some("990")));
        assert!(refused.contains("held 5, already in open orders 0, asked 10 shares"), "{refused}");
    }
}

#[test]
fn a_position_is_not_closed_twice() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = super::table::Listed::find(&stage.aries);
    let contract = listed.osi('C', 270);
    for (held, action, price) in [("1", "sell_to_close", "25.00"), ("-1", "buy_to_close", "0.50")] {
        let order = json!({"account": "0017", "symbol": contract, "action": action, "quantity": "1", "type": "limit",
            "limit_price": price});
        lag(&stage, &[], &[(contract.as_str(), "OPTION", held)]);
        let ticket = ticket(&mut client, order.clone());
        let working = json!({"fault": "status", "status": 200,
            "body": json!({"success": true, "clOrdId": format!("W{held}"), "status": "NEW"}).to_string()});
        stage.fault("/v1/orders", working);
        place(&mut client, &ticket);
        let refused = stage.client().failure("preview_order", order);
        assert!(refused.contains("already in open orders 1, asked 1 contracts"), "{refused}");
    }
}

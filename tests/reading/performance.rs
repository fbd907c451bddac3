//! What was made: today, and by the fills of a period. What filled is one call of few rows.

use serde_json::{Value, json};

use crate::support::{Aries, Client, Home, READING, pairs};

const HISTORY: &str = "/v2/accounts/AR4471002/orders/history";

fn start() -> (Aries, Client) {
    let aries = Aries::start(Default::default());
    let mut client = Home::new().serve(&["serve"], &pairs(&aries.env(READING)));
    client.initialize("2025-11-25");
    (aries, client)
}

/// An order for shares that filled so many days ago.
fn filled(id: &str, days: i64, side: &str, quantity: &str, price: &str) -> Value {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days);
    json!({"clOrdId": id, "symbol": "AAPL", "securityType": "EQUITY", "side": side, "type": "LIMIT", "timeInForce": "GTC",
        "ordStatus": "FILLED", "qty": quantity, "cumQty": quantity, "leavesQty": "0", "avgPrice": price,
        "createdAt": (at - jiff::SignedDuration::from_hours(48)).to_string(), "updatedAt": at.to_string()})
}

/// Aries answers every question for the history with these orders.
fn history(aries: &Aries, orders: Value) {
    let body = json!({"orders": orders, "nextCursor": 0}).to_string();
    aries.faults(json!([{"path": HISTORY, "fault": "body", "body": body, "times": 9}]));
}

#[test]
fn profit_of_what_was_bought_before_is_unknown_and_not_zero() {
    let (aries, mut client) = start();
    let orders = [filled("s1", 2, "SELL", "15", "110"), filled("b1", 4, "BUY", "10", "100")];
    // Both parts of the history hold both orders: each counts once.
    history(&aries, json!(orders));
    let text = client.text("get_performance", json!({"account": "1002", "from": "7 days ago"}));
    assert!(text.contains("\nAAPL|10|100.00|15|110.00|100.00|5\n"), "{text}");
    assert!(text.contains("100.00 without what was closed of 1 symbol: it was opened before"), "{text}");
    assert!(text.contains("2 fills of orders, before fees, first in, first out"), "{text}");
    assert!(text.contains("does not tell deposits"), "{text}");
}

#[test]
fn a_sale_before_the_period_is_not_in_it() {
    let (aries, mut client) = start();
    let orders = [
        filled("s2", 1, "SELL", "5", "130"),
        filled("s1", 20, "SELL", "5", "90"),
        filled("b1", 30, "BUY", "10", "100"),
    ];
    history(&aries, json!(orders));
    let text = client.text("get_performance", json!({"account": "1002", "from": "7 days ago"}));
    assert!(text.contains("\nAAPL|—|—|5|130.00|150.00|—\n"), "{text}");
    assert!(text.contains(": 150.00 · 1 fill of orders"), "{text}");
}

#[test]
fn today_is_the_change_since_the_start_of_the_day() {
    let (aries, mut client) = start();
    let balance = json!({"balance": "1010.00", "sodTtlEquity": "1000.00", "sodTtlEquityUpdatedAt": "2026-11-20T09:00:00Z",
        "dayTotalPnl": "10.00", "dayOpenPnl": "7.50", "dayRealizedPnl": "2.50"});
    let positions = json!({"positions": [{"symbol": "KO", "securityType": "EQUITY", "quantity": "1", "todayRealizedPnL": "2.50"}]});
    aries.faults(json!([
        {"path": "/v2/accounts/AR4471002/balance", "fault": "body", "body": balance.to_string()},
        {"path": "/v1/accounts/AR4471002/positions", "fault": "body", "body": positions.to_string()},
    ]));
    let text = client.text("get_performance", json!({"account": "1002"}));
    let today = "today: equity 1010.00 · at the start of the day 1000.00 (2026-11-20 04:00:00) · change 10.00 (1.00 %) · \
                 day P&L 10.00 (open 7.50, realized 2.50)";
    assert!(text.contains(today), "{text}");
    assert!(text.contains("\nrealized today by position: KO 2.50\n"), "{text}");
}

#[test]
fn the_curve_comes_from_the_account_socket() {
    let (_aries, mut client) = start();
    for (args, unit) in [
        (json!({"account": "1002", "from": "10 days ago"}), "day"),
        (json!({"account": "1002", "from": "today", "to": "today"}), "hour"),
        (json!({"account": "1002", "from": "200 days ago"}), "month"),
    ] {
        let text = client.text("get_performance", args);
        let curve = format!("\nP&L at the end of each {unit}, as Aries' account socket counts it: ");
        let (_, rest) = text.split_once(&curve).unwrap_or_else(|| panic!("{text}"));
        let points: Vec<&str> = rest.lines().next().unwrap().split(", ").collect();
        assert!(
            points.iter().all(|point| point.rsplit(' ').next().unwrap().parse::<f64>().is_ok()),
            "{text}"
        );
    }
}

#[test]
fn without_the_account_socket_one_line_says_why() {
    let (aries, mut client) = start();
    aries.http("POST", "/sandbox/options", None, Some(json!({"socket_refuse": true})));
    let text = client.text("get_performance", json!({"account": "1002"}));
    let line = text.lines().find(|line| line.starts_with("P&L curve")).unwrap_or_else(|| panic!("{text}"));
    let why = "P&L curve: not available: Aries tells it on its account socket alone, and ";
    assert!(line.starts_with(why), "{line}");
    assert!(text.contains("today: equity 9"), "{text}");
}

#[test]
fn a_part_that_fails_leaves_the_rest() {
    let (aries, mut client) = start();
    aries.faults(json!([{"path": HISTORY, "fault": "status", "status": 400, "times": 9}]));
    let text = client.text("get_performance", json!({"account": "1002"}));
    assert!(text.contains("today: equity 9") && text.contains("order history: not available"), "{text}");
}

#[test]
fn what_filled_in_a_period_is_shown_by_the_time_of_the_fill() {
    let (aries, mut client) = start();
    let mut open = filled("o1", 1, "BUY", "5", "90");
    open["cumQty"] = json!("0");
    // Made before the period, filled within it.
    let orders = [
        open,
        filled("f1", 1, "SELL", "5", "130"),
        filled("f2", 8, "BUY", "5", "100"),
        filled("f1", 1, "SELL", "5", "130"),
    ];
    history(&aries, json!(orders));
    let args = json!({"account": "1002", "view": "filled", "from": "2 days ago"});
    let text = client.text("get_orders", args);
    assert!(text.contains("…1002: 1 order\nfilled at|side|filled|of|symbol|average|status|id\n"), "{text}");
    assert!(text.ends_with("|SELL|5|5|AAPL|130.00|FILLED|f1"), "{text}");
}

#[test]
fn a_list_goes_on_after_the_last_order_shown_and_ends_where_the_cursor_does_not_move() {
    let (aries, mut client) = start();
    let orders: Vec<Value> =
        (0..5).map(|number| filled(&format!("id{number}"), 1, "BUY", "1", "10")).collect();
    // Whatever the cursor, the same page comes with the same cursor.
    let body = json!({"orders": orders, "nextCursor": 7}).to_string();
    aries.faults(json!([{"path": HISTORY, "fault": "body", "body": body, "times": 99}]));
    let mut seen: Vec<String> = Vec::new();
    let mut cursor = None;
    for _ in 0..9 {
        let args =
            json!({"account": "1002", "view": "filled", "from": "3 days ago", "limit": 2, "cursor": cursor});
        let text = client.text("get_orders", args);
        let rows = text.lines().filter(|line| line.contains("|FILLED|"));
        seen.extend(rows.map(|line| line.rsplit('|').next().unwrap().to_owned()));
        let Some((_, next)) = text.split_once("cursor \"") else { break };
        cursor = Some(next.split('"').next().unwrap().to_owned());
    }
    assert_eq!(seen, ["id0", "id1", "id2", "id3", "id4"]);
}

#[test]
fn a_replacement_names_the_order_that_it_replaced() {
    let (aries, mut client) = start();
    let mut order = filled("new-1", 1, "BUY", "1", "10");
    order["origClOrdId"] = json!("old-1");
    history(&aries, json!([order]));
    let text = client.text("get_orders", json!({"account": "1002", "view": "history"}));
    assert!(text.contains("|FILLED (replaces old-1)|"), "{text}");
}

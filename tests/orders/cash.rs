//! The cash behind written puts: promised once, over all underlyings, processes and purchases.

use serde_json::{Value, json};

use super::table::Listed;
use crate::support::stage::*;
use crate::support::{Client, text_of};

const LIMITS: &str = "max_order_value = 1000000\nmax_value_per_day = 9000000\nmax_order_quantity = 100000\n\
                      max_contracts = 1000\nprice_collar_percent = 90\n";
/// The live account, which has 48,250.37 USD in cash.
const LIVE: &str = "AR4471002";

fn ready(more: &str) -> (Stage, Client, String) {
    let stage = Stage::new(&format!("[trading]\nlive = true\napproval = \"client\"\n{LIMITS}{more}"));
    let day = Listed::find(&stage.aries).day;
    let client = stage.client();
    (stage, client, day)
}

/// A put on the live account, written at a limit.
fn put(symbol: &str, day: &str, strike: u32) -> Value {
    json!({"account": "1002", "symbol": format!("{symbol} {day} {strike} P"), "action": "sell_to_open", "quantity": "1",
        "type": "limit", "limit_price": "30.00"})
}

fn purchase(symbol: &str, quantity: &str, kind: &str, price: &str) -> Value {
    let mut order =
        json!({"account": "1002", "symbol": symbol, "action": "buy", "quantity": quantity, "type": kind});
    order[if kind == "stop" { "stop_price" } else { "limit_price" }] = json!(price);
    order
}

fn placed(client: &mut Client, order: Value) {
    let ticket = ticket(client, order);
    let result = place(client, &ticket);
    assert_eq!(state(&result), "WORKING", "{result}");
}

/// Two orders are checked at once, and both pass by what the lists show then.
fn at_once(stage: &Stage, clients: [&mut Client; 2], orders: [Value; 2]) -> [Value; 2] {
    let [one, other] = clients;
    let [first, second] = orders;
    let tickets = [ticket(one, first), ticket(other, second)];
    let path = "/v2/users/me/accounts";
    stage.aries.faults(json!({"method": "GET", "path": path, "fault": "delay", "hold": true, "times": 2}));
    let calls = [begin_to_place(one, &tickets[0]), begin_to_place(other, &tickets[1])];
    until("both are about to be sent", || stage.aries.http("GET", "/sandbox/stats", None, None)["held"] == 2);
    stage.release();
    [one.answer(calls[0])["result"].clone(), other.answer(calls[1])["result"].clone()]
}

#[test]
fn the_cash_behind_two_puts_placed_at_once_is_promised_once() {
    let (stage, mut client, day) = ready("");
    let mut other = stage.client();
    let told = at_once(&stage, [&mut client, &mut other], [put("AAPL", &day, 260), put("MSFT", &day, 400)]);
    let mut states = told.each_ref().map(state);
    states.sort_unstable();
    assert_eq!(states, ["NOT SENT", "WORKING"], "{told:?}");
    assert_eq!(stage.posts("/v1/orders"), 1);
    let refused = told.iter().find(|told| state(told) == "NOT SENT").unwrap();
    let why = "since the preview the cover of written options has gone: 1 put would be uncovered";
    assert!(text_of(refused).contains(why) && text_of(refused).contains("preview again"), "{refused}");
    stage.verified();
}

#[test]
fn a_purchase_at_the_same_moment_takes_the_cash_of_no_put() {
    let (stage, mut client, day) = ready("");
    let mut other = stage.client();
    let told = at_once(
        &stage,
        [&mut client, &mut other],
        [put("AAPL", &day, 260), purchase("KO", "600", "limit", "60.00")],
    );
    assert_eq!(stage.posts("/v1/orders"), 1, "{told:?}");
    // One after the other, what the cash is enough for is sent.
    let (_stage, mut client, day) = ready("");
    placed(&mut client, put("AAPL", &day, 260));
    placed(&mut client, purchase("KO", "100", "limit", "60.00"));
}

#[test]
fn a_purchase_that_takes_the_cash_behind_a_put_is_named() {
    let (_stage, mut client, day) = ready("");
    placed(&mut client, put("AAPL", &day, 260));
    let long_call = json!({"account": "1002", "symbol": format!("AAPL {day} 250 C"), "action": "buy_to_open",
        "quantity": "18", "type": "limit", "limit_price": "21.90"});
    for order in [
        purchase("KO", "600", "limit", "60.00"),
        purchase("MSFT", "60", "stop", "430.00"),
        long_call,
        json!({"account": "1002", "symbol": "MSFT", "action": "buy", "quantity": "80", "type": "market"}),
        // More than twice the cash: the figures are compared, not their words.
        purchase("KO", "1500", "limit", "60.00"),
    ] {
        let text = client.text("preview_order", order.clone());
        let why = "1 put UNCOVERED: it uses cash that covers written puts: with all that is open ";
        assert!(text.contains(why) && text.contains("48,250.37 USD are there in cash"), "{order}: {text}");
        assert!(text.contains("UNCOVERED: 1 put, account …1002"), "{text}");
    }
    // What leaves enough is bought in silence.
    for order in [purchase("KO", "300", "limit", "60.00"), purchase("KO", "1", "limit", "60.00")] {
        let text = client.text("preview_order", order);
        assert!(!text.contains("UNCOVERED") && !text.contains("behind written puts"), "{text}");
    }
}

#[test]
fn open_purchases_without_a_limit_take_cash_too() {
    let (_stage, mut client, day) = ready("");
    placed(&mut client, purchase("MSFT", "100", "stop", "450.00"));
    let refused = client.failure("preview_order", put("AAPL", &day, 260));
    assert!(refused.contains("1 put UNCOVERED") && refused.contains("assignment takes 7"), "{refused}");
    // A market order that waits for the opening, entered elsewhere: at what the shares cost now.
    let (stage, mut client, day) = ready("");
    let now = jiff::Timestamp::now().to_string();
    let open = json!({"clOrdId": "M-1", "accountId": LIVE, "symbol": "MSFT", "side": "BUY", "type": "MARKET",
        "timeInForce": "OPG", "qty": "100", "cumQty": "0", "leavesQty": "100", "ordStatus": "NEW", "securityType": "EQUITY",
        "createdAt": now, "updatedAt": now});
    stage.aries.http("POST", "/sandbox/price", None, Some(json!({"symbol": "MSFT", "price": "400"})));
    let body = json!({"orders": [open], "nextCursor": 0}).to_string();
    let path = format!("/v2/accounts/{LIVE}/orders*");
    stage.aries.faults(json!({"path": path, "fault": "body", "body": body, "times": 99}));
    let refused = client.failure("preview_order", put("AAPL", &day, 260));
    assert!(refused.contains("1 put UNCOVERED"), "{refused}");
    // Without a price nobody knows.
    for path in ["/v1/marketdata/equities/details*", "/v1/chart/*", "/v1/stocks/*"] {
        stage.aries.faults(json!({"path": path, "fault": "status", "status": 503, "times": 99}));
    }
    let refused = client.failure("preview_order", put("AAPL", &day, 260));
    assert!(refused.contains("Aries does not tell whether "), "{refused}");
}

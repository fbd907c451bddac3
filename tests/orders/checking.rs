//! What is checked before an order: limits over all processes, what is held, what is already open.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::stage::*;
use crate::support::{stdout, text_of};

#[test]
fn limits_hold_across_processes_and_say_to_ask_the_person() {
    let stage = Stage::new(
        "[trading]\nmax_orders_per_day = 3\nmax_order_value = 4500\nmax_order_quantity = 50\nsymbols_deny = [\"tsla\"]\norder_types = [\"limit\"]\n",
    );
    let mut client = stage.client();
    let deny = [
        (json!({"quantity": "51", "symbol": "F", "limit_price": "10"}), "51 shares"),
        (json!({"quantity": "12"}), "a value of 4,800.00 USD"),
        (json!({"symbol": "TSLA", "quantity": "1"}), "not among the symbols"),
        (json!({"type": "market"}), "not among those that are allowed"),
    ];
    for (change, why) in deny {
        let mut order = msft("0017");
        order.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        if order["type"] == "market" {
            order.as_object_mut().unwrap().remove("limit_price");
        }
        let text = client.failure("preview_order", order);
        assert!(text.contains(why) && text.contains("tell the person"), "{text}");
        assert!(!text.contains("config") && !text.contains("max_"), "{text}");
    }
    // Eight processes hold a ticket each; three orders are left for the day.
    std::thread::scope(|scope| {
        for symbol in ["KO", "MSFT", "F", "SPY", "AAPL", "NVDA", "PFE", "DIS"] {
            let stage = &stage;
            scope.spawn(move || {
                let mut client = stage.client();
                let order = json!({"account": "0017", "symbol": symbol, "action": "buy", "quantity": "1", "type": "limit", "limit_price": "5"});
                let Value::String(ticket) = client.call("preview_order", order)["structuredContent"]["ticket"].clone() else { return };
                place(&mut client, &ticket);
            });
        }
    });
    assert_eq!(stage.posts("/v1/orders"), 3);
    assert!(client.failure("preview_order", msft("0017")).contains("3 orders were sent today"));
    let status = stage.run(&["status", "--json"]);
    let status: Value = serde_json::from_str(&stdout(&status)).unwrap();
    assert_eq!(status["limits"]["simulated"]["orders_today"], 3, "{status}");
    assert_eq!(
        status["restrictions"],
        json!({"accounts": null, "symbols_allow": null, "symbols_deny": ["tsla"], "order_types": ["limit"],
            "uncovered_options": false})
    );
    let shown = stdout(&stage.run(&["status"]));
    assert!(
        shown.contains(
            "every symbol, but not tsla; order type limit; uncovered options on live accounts are refused\n"
        ),
        "{shown}"
    );
    let read = client.request("resources/read", json!({"uri": "aries://trading/limits"}));
    let read: Value = serde_json::from_str(read["contents"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&read["live_trading"], &read["limits"]["simulated"]["orders_today"]),
        (&json!(false), &json!(3))
    );
    let listed = client.request("resources/list", json!({})).to_string();
    assert!(listed.contains("aries://trading/limits"), "{listed}");
    stage.verified();
}

#[test]
fn an_open_order_that_cannot_be_read_is_never_taken_for_another() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let row = json!({"clOrdId": "OPT-1", "ordId": "9", "accountId": SIM, "symbol": "MSFT", "side": "BUY",
        "type": "LIMIT", "timeInForce": "DAY", "qty": "4", "price": "9.00", "stopPrice": "", "cumQty": "0",
        "leavesQty": "4", "avgPrice": "0", "ordStatus": "NEW", "securityType": "OPT",
        "createdAt": "2026-11-21T14:00:00Z", "updatedAt": "2026-11-21T14:00:00Z"});
    let list = |change: Value, times: u32| {
        let mut row = row.clone();
        for (name, value) in change.as_object().unwrap() {
            row[name] = value.clone();
        }
        let body = json!({"orders": [row], "nextCursor": 0}).to_string();
        stage.aries.faults(json!({"method": "GET", "path": format!("/v2/accounts/{SIM}/orders"),
            "fault": "body", "body": body, "times": times}));
    };
    // Without legs it is an option all the same, whatever its symbol looks like.
    list(json!({}), 1);
    let refused =
        client.failure("preview_order", json!({"account": "0017", "replaces": "OPT-1", "quantity": "400"}));
    assert!(refused.contains("OPT-1 cannot be replaced"), "{refused}");
    // What is open and cannot be read may be anything, so nothing is ordered beside it.
    let changes = [
        json!({}),
        json!({"qty": null, "leavesQty": null, "securityType": "CS"}),
        json!({"side": "NEITHER", "securityType": "CS"}),
        json!({"securityType": null}),
        json!({"symbol": null}),
        json!({"clOrdId": null, "securityType": "CS"}),
        json!({"legs": [{"side": "SELL"}]}),
        json!({"legs": [{"side": "SELL"}, {"side": "BUY", "putCall": "CALL", "strikePrice": "300", "maturity": "2027-01-15"}]}),
        json!({"symbol": "MSFT 15JAN27 280 C"}),
    ];
    for change in changes {
        list(change.clone(), 1);
        let refused = client.failure("preview_order", msft("0017"));
        assert!(refused.contains("an open order that may be on MSFT cannot be read"), "{change}: {refused}");
    }
    // Ended ones, other tickers and readable ones are in nobody's way.
    for change in [
        json!({"ordStatus": "CANCELED"}),
        json!({"symbol": "TSLA"}),
        json!({"securityType": "CS"}),
        json!({"securityType": "EQUITY"}),
        json!({"side": null, "securityType": "CS"}),
        json!({"symbol": "MSFT270115C00280000"}),
    ] {
        list(change, 1);
        ticket(&mut client, msft("0017"));
    }
    // Canceling takes back what Aries lists, not what we make of it.
    list(json!({}), 1);
    client.call("cancel_order", json!({"order": "OPT-1", "account": "0017"}));
    let text = std::fs::read_to_string(stage.journal_file().unwrap()).unwrap();
    assert!(text.contains("\"securityType\":\"OPT\"") && !text.contains("\"CS\""), "{text}");
}

#[test]
fn a_fill_while_the_lists_are_read_sells_nothing_twice() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let sell = json!({"account": "0017", "symbol": "TSLA", "action": "sell", "quantity": "20", "type": "limit", "limit_price": "990"});
    let first = ticket(&mut client, sell.clone());
    let placed = place(&mut client, &first);
    let id = placed["structuredContent"]["order_id"].as_str().unwrap().to_owned();
    // The first list of orders comes late enough for a list of positions read beside it to be older.
    let positions = format!("GET /v1/accounts/{SIM}/positions");
    let reads = || stage.aries.log().iter().filter(|line| line.starts_with(&positions)).count();
    let before = reads();
    let path = format!("/v2/accounts/{SIM}/orders");
    stage.aries.faults(json!({"method": "GET", "path": path, "fault": "delay", "hold": true}));
    let call = client.send("tools/call", json!({"name": "preview_order", "arguments": sell}));
    stage.until_held();
    // One that is not read beside it is not waited for.
    let end = Instant::now() + Duration::from_millis(200);
    while reads() == before && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id})));
    stage.release();
    let answer = client.answer(call);
    assert_eq!(answer["result"]["isError"], json!(true), "{answer}");
    assert!(text_of(&answer["result"]).contains("more than there is to close"), "{answer}");
}

#[test]
fn a_short_sale_says_whether_the_shares_can_be_borrowed() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let mut told = |action: &str, answer: Option<Value>| {
        if let Some(answer) = answer {
            stage.fault("/v1/etb/search", answer);
        }
        let order = json!({"account": "0017", "symbol": "KO", "action": action, "quantity": "1", "type": "limit",
            "limit_price": "80"});
        client.text("preview_order", order)
    };
    let says =
        |results: Value| Some(json!({"fault": "body", "body": json!({"results": results}).to_string()}));
    assert!(!told("sell_short", None).contains("borrow"));
    let hard = told("sell_short", says(json!({"KO": false})));
    assert!(hard.contains("warning: KO is not on Aries' list of shares that are easy to borrow"), "{hard}");
    let unsaid = told("sell_short", says(json!({})));
    assert!(
        unsaid.contains("could not be checked: whether KO can be borrowed: Aries does not say it"),
        "{unsaid}"
    );
    let refused = told("sell_short", Some(json!({"fault": "status", "status": 403})));
    assert!(
        refused.contains("could not be checked: whether KO can be borrowed: the sign-in lacks"),
        "{refused}"
    );
    let asked = stage.posts("/v1/etb/search");
    assert!(!told("buy", None).contains("borrow"));
    assert_eq!(stage.posts("/v1/etb/search"), asked);
}

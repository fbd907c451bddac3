//! Lists that are not whole, or not of this account, decide nothing.

use serde_json::{Value, json};

use super::lagging::sale;
use crate::support::Client;
use crate::support::stage::*;

fn ended(id: usize) -> Value {
    let now = jiff::Timestamp::now().to_string();
    json!({"clOrdId": format!("E-{id}"), "symbol": "KO", "side": "BUY", "type": "LIMIT", "timeInForce": "DAY", "qty": "1",
        "price": "50", "cumQty": "0", "leavesQty": "0", "ordStatus": "CANCELED", "securityType": "EQUITY", "createdAt": now})
}

/// Has both lists of orders answer this from now on.
fn orders(stage: &Stage, body: &Value) {
    stage.behave();
    let path = format!("/v2/accounts/{SIM}/orders*");
    stage.aries.faults(json!({"path": path, "fault": "body", "body": body.to_string(), "times": 999}));
}

fn positions(stage: &Stage, body: &Value) {
    stage.behave();
    let path = format!("/v1/accounts/{SIM}/positions");
    stage.aries.faults(json!({"path": path, "fault": "body", "body": body.to_string(), "times": 999}));
}

/// Whether a sale of shares that are held passes.
fn sells(client: &mut Client) -> Result<String, String> {
    let result = client.call("preview_order", sale("10", Some("990")));
    let text = crate::support::text_of(&result);
    if result["isError"] == json!(true) { Err(text) } else { Ok(text) }
}

#[test]
fn a_list_of_orders_that_may_go_on_is_not_taken_for_the_whole() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let full: Vec<Value> = (0..500).map(ended).collect();
    let few = &full[..5];
    for body in [
        json!({"orders": full}),
        json!({"orders": full, "nextCursor": null}),
        json!({"orders": full, "nextCursor": ""}),
        json!({"orders": full, "nextCursor": " "}),
        json!({"orders": full, "nextCursor": {"id": 5}}),
        json!({"orders": few, "nextCursor": [5]}),
        json!({"orders": full, "nextCursor": 0, "hasMore": true}),
        json!({"orders": few, "nextCursor": 0, "pagination": {"nextCursor": 7}}),
        json!({"orders": few, "nextCursor": 0, "total": 6}),
        // The same page again, whatever is asked.
        json!({"orders": full, "nextCursor": 7}),
        json!({"orders": few, "nextCursor": 0, "warnings": ["incomplete"]}),
        json!({"orders": few, "nextCursor": 0, "status": "partial"}),
    ] {
        orders(&stage, &body);
        let refused = sells(&mut client).unwrap_err();
        assert!(refused.contains("Aries' list of orders "), "{refused}");
    }
    for body in [
        json!({"orders": full, "nextCursor": 0}),
        json!({"orders": few}),
        json!({"orders": few, "nextCursor": "0", "hasMore": false, "total": 5, "status": "OK", "errors": []}),
        json!({"orders": null, "nextCursor": 0}),
    ] {
        orders(&stage, &body);
        sells(&mut client).unwrap();
    }
}

/// A cursor that is followed to a page without anything new is one that Aries did not heed.
#[test]
fn a_page_without_a_new_order_ends_no_list() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let full: Vec<Value> = (0..500).map(ended).collect();
    let path = format!("/v2/accounts/{SIM}/orders");
    let page = |body: &Value, times: u32| {
        stage.aries.faults(json!({"path": path, "fault": "body", "body": body.to_string(), "times": times}));
    };
    page(&json!({"orders": full, "nextCursor": 7}), 1);
    page(&json!({"orders": full, "nextCursor": 0}), 1);
    let refused = sells(&mut client).unwrap_err();
    assert!(refused.contains("does not move on from one page"), "{refused}");
    page(&json!({"orders": full, "nextCursor": 7}), 1);
    page(&json!({"orders": [], "nextCursor": 0}), 1);
    sells(&mut client).unwrap();
}

#[test]
fn positions_that_are_not_all_there_cover_and_free_nothing() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let held = json!({"accountId": SIM, "symbol": "TSLA", "securityType": "EQUITY", "quantity": "20"});
    for body in [
        json!({"positions": [], "availability": false}),
        json!({"positions": [held], "available": false}),
        json!({"x": []}),
        json!({"data": []}),
        json!([]),
        json!({"status": "partial", "positions": [held]}),
        json!({"positions": [held], "warnings": ["incomplete"]}),
        json!({"positions": [held], "nextCursor": 7}),
        json!({"positions": [held], "nextCursor": 0, "hasMore": true}),
    ] {
        positions(&stage, &body);
        let refused = sells(&mut client).unwrap_err();
        assert!(refused.contains("Aries' list of positions is not available"), "{body}: {refused}");
    }
    // Of another account of the person, which the sign-in has as well.
    let mut other = held.clone();
    other["accountId"] = json!("AR4471002");
    positions(&stage, &json!({"positions": [other]}));
    let refused = sells(&mut client).unwrap_err();
    assert!(refused.contains("of account …0017 have rows of account …1002"), "{refused}");
    // A short position that says so in another member.
    let mut short = held.clone();
    short["positionType"] = json!("short");
    positions(&stage, &json!({"positions": [short]}));
    assert!(sells(&mut client).unwrap_err().contains("more than there is to close"));
    positions(&stage, &json!({"status": "OK", "positions": [held], "nextCursor": 0, "warnings": []}));
    sells(&mut client).unwrap();
}

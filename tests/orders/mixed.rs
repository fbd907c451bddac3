//! Answers that name somebody else's order, and accounts that were called live by whoever asked.

use serde_json::json;

use crate::support::stage::*;
use crate::support::text_of;

/// The person has an order of their own, and the answer to ours has its id.
#[test]
fn an_id_that_was_there_before_is_not_that_of_our_order() {
    for (success, status) in [(true, "NEW"), (false, "REJECTED")] {
        let stage = Stage::new("");
        stage.by_hand("MSFT", "5", "300.00");
        let theirs = stage.book(SIM, "MSFT")[0]["clOrdId"].as_str().unwrap().to_owned();
        let mut client = stage.client();
        let first = ticket(&mut client, msft("0017"));
        let body = json!({"success": success, "clOrdId": theirs, "status": status, "text": "no"}).to_string();
        stage.fault("/v1/orders", json!({"fault": "body", "body": body}));
        let placed = place(&mut client, &first);
        let booked = stage.book(SIM, "MSFT");
        let ours = booked.iter().find(|row| row["qty"] == "10").unwrap()["clOrdId"].as_str().unwrap();
        assert_eq!((state(&placed), order_id(&placed).as_str()), ("WORKING", ours), "{placed}");
        assert!(text_of(&placed).contains("names order"), "{placed}");
        assert_eq!(stage.journal()[0]["order"], ours);
        // Ours is canceled as ours, by either id.
        let own = placed["structuredContent"]["client_id"].as_str().unwrap();
        let canceled = client.call("cancel_order", json!({"order": own, "account": "0017"}));
        assert_eq!((state(&canceled), order_id(&canceled).as_str()), ("CANCELED", ours), "{canceled}");
        stage.verified();
    }
}

/// On a live account nobody cancels the person's order without them, whatever the journal believes its id to be.
#[test]
fn an_order_of_the_person_under_an_id_of_ours_is_not_canceled_for_free() {
    let stage = Stage::new("[trading]\nlive = true\napproval = \"client\"\n");
    let mut client = stage.client();
    let mut order = msft("1002");
    order["quantity"] = json!("1");
    let first = ticket(&mut client, order);
    let answer = json!({"success": true, "clOrdId": "P-1", "status": "NEW"}).to_string();
    stage.fault("/v1/orders", json!({"fault": "status", "status": 200, "body": answer}));
    place(&mut client, &first);
    // Older than ours by ten minutes, of the same day or the one before, and for the same shares.
    let then = (jiff::Timestamp::now() - jiff::SignedDuration::from_mins(10)).to_string();
    let theirs = json!({"clOrdId": "P-1", "symbol": "MSFT", "side": "BUY", "type": "LIMIT", "timeInForce": "DAY", "qty": "5",
        "price": "300", "cumQty": "0", "leavesQty": "5", "ordStatus": "NEW", "securityType": "EQUITY", "createdAt": then,
        "updatedAt": then});
    let body = json!({"orders": [theirs], "nextCursor": 0}).to_string();
    stage.aries.faults(
        json!({"path": "/v2/accounts/AR4471002/orders*", "fault": "body", "body": body, "times": 99}),
    );
    std::fs::write(stage.home.path("config/config.toml"), "[trading]\nlive = false\n").unwrap();
    let mut later = stage.client();
    let refused = later.failure("cancel_order", json!({"order": "P-1", "account": "1002"}));
    assert!(refused.contains("was not placed by aries-mcp"), "{refused}");
    assert_eq!(stage.posts("/v1/orders/cancel"), 0);
}

/// Whoever heard Aries call an account live, it counts as live.
#[test]
fn an_account_that_any_tool_of_any_process_heard_as_live_counts_as_live() {
    let say = |stage: &Stage| {
        let account = json!({"trading_account_id": "AR4471002", "status": "OPEN", "is_sim": true});
        let body = json!({"accounts": [account]}).to_string();
        stage
            .aries
            .faults(json!({"path": "/v2/users/me/accounts", "fault": "body", "body": body, "times": 99}));
    };
    for (tool, arguments) in [
        ("get_accounts", json!({})),
        ("get_portfolio", json!({})),
        ("get_orders", json!({"account": "1002"})),
    ] {
        let stage = Stage::new("");
        let mut client = stage.client();
        client.call(tool, arguments);
        say(&stage);
        for client in [&mut client, &mut stage.client()] {
            let refused = client.failure("preview_order", msft("1002"));
            assert!(refused.contains("so it counts as live, and live trading is off"), "{tool}: {refused}");
        }
    }
    // One that nobody heard of otherwise is what Aries calls it.
    let stage = Stage::new("");
    say(&stage);
    stage.client().text("preview_order", msft("1002"));
}

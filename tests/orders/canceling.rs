//! Cancels that nothing holds back, and that tell no more than what was seen after them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::brisk::Limits;
use crate::support::stage::*;
use crate::support::{Client, text_of, trading};

/// Every list of orders answers like this from now on.
fn lists(stage: &Stage, fault: &Value) {
    for path in ["/v1/accounts/*", "/v2/accounts/*"] {
        let mut rule = json!({"method": "GET", "path": path, "times": 999});
        rule.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
        stage.aries.faults(rule);
    }
}

/// Cancels, and does something between the reading of the order and the arrival of the cancel.
fn cancel_around(stage: &Stage, client: &mut Client, id: &str, between: impl Fn()) -> Value {
    stage.fault("/v1/orders/cancel", json!({"fault": "delay", "hold": true}));
    let call = client
        .send("tools/call", json!({"name": "cancel_order", "arguments": {"order": id, "account": "0017"}}));
    stage.until_held();
    between();
    stage.release();
    client.answer(call)["result"].clone()
}

fn placed(client: &mut Client, order: Value) -> String {
    let ticket = ticket(client, order);
    order_id(&place(client, &ticket))
}

fn next(result: &Value) -> String {
    let text = text_of(result);
    text.lines().find_map(|line| line.strip_prefix("next: ")).unwrap_or_default().to_owned()
}

#[test]
fn what_was_seen_before_a_cancel_is_not_told_as_how_it_stands() {
    seen_before("CANCELED", "Aries took the cancel");
}

#[test]
fn what_was_seen_before_a_cancel_that_came_too_late_is_not_told_either() {
    seen_before("FILLED", "Aries did not cancel it: \"too late");
}

/// Aries lists nothing after the cancel of an order, which then ended like this.
fn seen_before(end: &str, said: &str) {
    let stage = Stage::new("");
    let mut client = stage.client();
    let id = placed(&mut client, ko("1", "50"));
    let canceled = cancel_around(&stage, &mut client, &id, || {
        if end == "FILLED" {
            stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id})));
        }
        lists(&stage, &json!({"fault": "status", "status": 503}));
    });
    assert_eq!(state(&canceled), "UNKNOWN", "{canceled}");
    let text = text_of(&canceled);
    assert!(text.contains("it was WORKING before; not seen since") && text.contains(said), "{text}");
    assert!(next(&canceled).contains("canceling it again is safe"), "{text}");
    stage.behave();
    // Once the lists are back, it is told as it is.
    let again = client.call("cancel_order", json!({"order": id}));
    assert_eq!(state(&again), end, "{again}");
    stage.verified();
}

/// Refused, and still there: that it is open is no end of the matter.
#[test]
fn a_refused_cancel_tells_that_the_order_is_open() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let id = placed(&mut client, ko("1", "50"));
    stage.fault("/v1/orders/cancel", json!({"fault": "status", "status": 404}));
    let refused = client.call("cancel_order", json!({"order": id}));
    assert_eq!(state(&refused), "WORKING", "{refused}");
    assert!(text_of(&refused).contains("404") && next(&refused).contains("get_orders"), "{refused}");
    stage.verified();
}

#[test]
fn an_order_that_was_replaced_meanwhile_is_told_by_its_new_id() {
    let stage = Stage::new("");
    let (mut client, mut other) = (stage.client(), stage.client());
    let id = placed(&mut client, msft("0017"));
    let change = ticket(&mut other, json!({"account": "0017", "replaces": id, "limit_price": "399.00"}));
    let newer = std::cell::RefCell::new(String::new());
    let other = std::cell::RefCell::new(other);
    let canceled = cancel_around(&stage, &mut client, &id, || {
        *newer.borrow_mut() = order_id(&place(&mut other.borrow_mut(), &change));
    });
    assert_eq!((state(&canceled), order_id(&canceled)), ("WORKING", newer.into_inner()), "{canceled}");
    assert!(next(&canceled).contains("has taken its place"), "{canceled}");
    stage.verified();
}

#[test]
fn canceled_with_two_l_is_an_end() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let id = placed(&mut client, ko("1", "50"));
    let mut order = stage.book(SIM, "KO").remove(0);
    order["ordStatus"] = json!("CANCELLED");
    let list = json!({"fault": "body", "body": json!({"orders": [order]}).to_string()});
    let canceled = cancel_around(&stage, &mut client, &id, || lists(&stage, &list));
    assert_eq!((state(&canceled), next(&canceled).as_str()), ("CANCELED", ""), "{canceled}");
    assert!(!text_of(&canceled).contains("Aries calls it"), "{canceled}");
    let again = client.call("cancel_order", json!({"order": id, "account": "0017"}));
    assert!(next(&again).contains("had ended before"), "{again}");
    assert_eq!(stage.posts("/v1/orders/cancel"), 1);
}

/// What Aries was sent with the newest cancel.
fn newest_cancel(stage: &Stage) -> Value {
    let log = stage.aries.http("GET", "/sandbox/log", None, None);
    let sent = log.as_array().unwrap().iter().rfind(|entry| entry["path"] == "/v1/orders/cancel");
    sent.unwrap()["body"].clone()
}

/// Lists that lag behind, or are down: the journal knows all that a cancel needs.
#[test]
fn what_the_lists_do_not_show_is_canceled_from_the_journal() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let id = placed(&mut client, ko("1", "50"));
    let changed = ticket(&mut client, json!({"account": "0017", "replaces": id, "limit_price": "49.00"}));
    let newer = order_id(&place(&mut client, &changed));
    lists(&stage, &json!({"fault": "body", "body": "{\"orders\":[]}"}));
    // By an id from before a replacement.
    let canceled = client.call("cancel_order", json!({"order": id, "account": "0017"}));
    assert_eq!((state(&canceled), order_id(&canceled)), ("UNKNOWN", newer.clone()), "{canceled}");
    assert!(
        text_of(&canceled).contains("Aries took the cancel; the journal had it as WORKING"),
        "{canceled}"
    );
    assert_eq!(
        newest_cancel(&stage),
        json!({"origClOrdId": newer, "tradingAccountId": SIM, "symbol": "KO", "side": "BUY", "securityType": "CS"})
    );
    // What nobody knows is still refused, and what is not on the account that was named.
    for wrong in [json!({"order": "nothing"}), json!({"order": id, "account": "1002"})] {
        assert!(client.failure("cancel_order", wrong).contains("lists no order"));
    }
    stage.behave();
    assert_eq!(stage.book(SIM, "KO")[0]["ordStatus"], "CANCELED");
    stage.verified();
}

/// The body names the underlying and a leg.
#[test]
fn an_option_that_the_lists_do_not_show_is_canceled_from_the_journal() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let token = stage.aries.issue(&trading()).access_token;
    let path = "/v1/options/snapshot/chain/AAPL?limit=250&sort=expiration_date";
    let chain = stage.aries.http("GET", path, Some(&token), None).to_string();
    let at = chain.rfind("C00270000").unwrap();
    let osi = &chain[at - 10..at + 9];
    let option = |price: &str| {
        json!({
            "account": "0017", "symbol": osi, "action": "buy_to_open", "quantity": "1", "type": "limit",
            "limit_price": price
        })
    };
    let id = placed(&mut client, option("0.50"));
    let listed = client.call("cancel_order", json!({"order": id}));
    assert_eq!(state(&listed), "CANCELED", "{listed}");
    let mut expected = newest_cancel(&stage);
    let id = placed(&mut client, option("0.55"));
    lists(&stage, &json!({"fault": "body", "body": "{\"orders\":[]}"}));
    assert_eq!(state(&client.call("cancel_order", json!({"order": id}))), "UNKNOWN");
    expected["origClOrdId"] = json!(id);
    let sent = newest_cancel(&stage);
    for name in
        ["origClOrdId", "tradingAccountId", "side", "securityType", "putCall", "strikePrice", "maturity"]
    {
        assert_eq!(sent[name], expected[name], "{name}: {sent}");
    }
    assert_eq!(sent["symbol"], "AAPL");
    stage.behave();
    assert_eq!(stage.book(SIM, "AAPL").len() + stage.book(SIM, osi).len(), 2);
    stage.verified();
}

#[test]
fn while_nothing_can_be_read_an_order_is_canceled_from_the_journal() {
    let stage = Stage::new("");
    let mut client = stage.client_within(Limits::BriefLists);
    let id = placed(&mut client, msft("0017"));
    lists(&stage, &json!({"fault": "status", "status": 503}));
    stage.aries.faults(json!({"method": "GET", "path": "/v1/users/*", "fault": "status", "times": 99}));
    let canceled = client.call("cancel_order", json!({"order": id}));
    assert_eq!(state(&canceled), "UNKNOWN", "{canceled}");
    assert!(text_of(&canceled).starts_with("UNKNOWN · SANDBOX (plays simulated) …0017 · BUY 10 MSFT"));
    stage.behave();
    assert_eq!(stage.book(SIM, "MSFT")[0]["ordStatus"], "CANCELED");
    stage.verified();
}

/// That no list shows an order proves nothing.
#[test]
fn the_cancel_of_an_order_in_doubt_tells_that_it_may_be_there() {
    let stage = Stage::new("");
    // Aries shows no ids of ours: it is found by its shape, and not only at the first look.
    stage.aries.http("POST", "/sandbox/options", None, Some(json!({"client_ids": "hidden"})));
    let mut client = stage.client();
    let lost = ticket(&mut client, msft("0017"));
    stage.lists(&[]);
    stage.fault("/v1/orders", json!({"fault": "drop_after"}));
    assert_eq!(state(&place(&mut client, &lost)), "UNKNOWN");
    let id = stage.journal()[0]["id"].clone();
    for account in [json!({}), json!({"account": "0017"})] {
        let mut args = json!({"order": id});
        args.as_object_mut().unwrap().extend(account.as_object().unwrap().clone());
        let told = client.call("cancel_order", args);
        assert_eq!((state(&told), &told["structuredContent"]["client_id"]), ("UNKNOWN", &id), "{told}");
        let text = text_of(&told);
        assert!(text.starts_with("UNKNOWN · SANDBOX (plays simulated) …0017 · BUY 10 MSFT"), "{text}");
        assert!(text.contains("it may be at Aries under an id that is not known here"), "{text}");
        assert!(
            next(&told).starts_with("nothing was canceled: ") && text.contains("own application"),
            "{text}"
        );
    }
    let elsewhere = client.failure("cancel_order", json!({"order": id, "account": "1002"}));
    assert!(elsewhere.contains("lists no order"), "{elsewhere}");
    assert_eq!(stage.posts("/v1/orders/cancel"), 0);
    stage.behave();
    assert_eq!(state(&client.call("cancel_order", json!({"order": id}))), "CANCELED");
    stage.verified();
}

#[test]
fn a_journal_in_any_state_holds_no_cancel_back() {
    let stage = Stage::new("");
    let mut client = stage.client_within(Limits::BriefJournal);
    let ids: Vec<String> = (0..3).map(|_| placed(&mut client, ko("1", "50"))).collect();
    let path = stage.journal_file().unwrap();
    // Another process holds it for long.
    let busy = stage.journal_lock();
    let began = Instant::now();
    let canceled = client.call("cancel_order", json!({"order": ids[0], "account": "0017"}));
    // A moment before the POST and one after it; ten seconds were waited for each time once.
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    let unnoted = |canceled: &Value, why: &str| {
        assert_eq!(state(canceled), "CANCELED", "{canceled}");
        let text = text_of(canceled);
        assert!(text.contains("the cancel is not in the journal: ") && text.contains(why), "{text}");
    };
    unnoted(&canceled, "another process is using it");
    drop(busy);
    // What came of it is noted as soon as that is possible.
    stage.until_event("canceled");
    let whole = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, whole.replacen("KO", "KP", 1)).unwrap();
    unnoted(&client.call("cancel_order", json!({"order": ids[1], "account": "0017"})), "line 1 was changed");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    unnoted(&client.call("cancel_order", json!({"order": ids[2]})), "cannot be used");
    assert_eq!(stage.posts("/v1/orders/cancel"), 3);
}

/// The order is none of the journal's, so everything is read at an Aries that is slow.
#[test]
fn a_cancel_that_takes_longer_than_a_call_goes_on() {
    let stage = Stage::new("");
    let mut client = stage.client_within(Limits::BriefCalls);
    let token = stage.aries.issue(&trading()).access_token;
    let order = json!({
        "tradingAccountId": SIM, "symbol": "KO", "side": "BUY", "type": "LIMIT", "qty": "1", "price": "50.00",
        "timeInForce": "DAY"
    });
    let booked = stage.aries.http("POST", "/v1/orders", Some(&token), Some(order));
    let id = booked["clOrdId"].as_str().unwrap();
    let slow = json!({"method": "GET", "path": "/v1/users/*", "fault": "delay", "delay_ms": 500});
    stage.aries.faults(slow);
    stage.fault("/v1/orders/cancel", json!({"fault": "delay", "hold": true}));
    let call = client.send("tools/call", json!({"name": "cancel_order", "arguments": {"order": id}}));
    // The server answers others meanwhile.
    while !client.notifications.iter().any(|message| message["id"] == json!(call)) {
        client.request("ping", json!({}));
        std::thread::sleep(Duration::from_millis(100));
    }
    let answer = client.answer(call)["result"].clone();
    assert_eq!((state(&answer), order_id(&answer).as_str()), ("UNKNOWN", id), "{answer}");
    let text = text_of(&answer);
    assert!(text.starts_with("UNKNOWN · SANDBOX (plays simulated) …0017 · BUY 1 KO"), "{text}");
    assert!(text.contains("is on its way") && next(&answer).contains("canceling it again is safe"), "{text}");
    stage.release();
    stage.until_event("canceled");
    until("the cancel", || stage.book(SIM, "KO")[0]["ordStatus"] == "CANCELED");
    assert_eq!(stage.posts("/v1/orders/cancel"), 1);
    stage.verified();
}

/// A cancel has to say the side of its order.
#[test]
fn a_side_that_lists_do_not_tell_comes_from_the_journal_or_the_cancel_is_refused() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let own = placed(&mut client, ko("1", "50"));
    stage.by_hand("MSFT", "10", "400.00");
    let rows = ["KO", "MSFT"].map(|symbol| {
        let mut row = stage.book(SIM, symbol).remove(0);
        row["side"] = Value::Null;
        row
    });
    stage.lists(&rows);
    let by_hand = rows[1]["clOrdId"].as_str().unwrap();
    let refused = client.failure("cancel_order", json!({"order": by_hand, "account": "0017"}));
    assert!(refused.contains("nothing was canceled: a cancel has to say the side"), "{refused}");
    assert_eq!(stage.posts("/v1/orders/cancel"), 0);
    client.call("cancel_order", json!({"order": own, "account": "0017"}));
    stage.behave();
    assert_eq!(stage.book(SIM, "KO")[0]["ordStatus"], "CANCELED");
}

#[test]
fn an_answer_that_calls_the_cancel_rejected_is_no_acceptance() {
    for (answer, told) in [
        (
            json!({"success": true, "status": "REJECTED", "text": "not now"}),
            "Aries did not cancel it: \"not now\"",
        ),
        (json!({"status": "rejected", "ordRejReason": "TOO_LATE"}), "Aries did not cancel it: \"TOO_LATE\""),
        (json!({}), "Aries' answer differs from its documentation: `success`, `status` are missing"),
    ] {
        let stage = Stage::new("");
        let mut client = stage.client();
        let id = placed(&mut client, ko("1", "50"));
        stage.fault(
            "/v1/orders/cancel",
            json!({"fault": "status", "status": 200, "body": answer.to_string()}),
        );
        let canceled = client.call("cancel_order", json!({"order": id, "account": "0017"}));
        let text = text_of(&canceled);
        assert!(text.contains(told), "{answer}: {text}");
        assert!(
            !text.contains("Aries took the cancel") && !next(&canceled).contains("is requested"),
            "{text}"
        );
        assert_eq!(stage.posts("/v1/orders/cancel"), 1);
    }
}

/// A 401 proves nothing: the cancel may have arrived, and it is not sent again.
#[test]
fn a_cancel_that_is_answered_with_401_is_sent_once() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let id = placed(&mut client, ko("1", "50"));
    stage.fault(
        "/v1/orders/cancel",
        json!({"fault": "body", "status": 401, "body": "{\"error\":\"unauthorized\"}"}),
    );
    let canceled = client.call("cancel_order", json!({"order": id, "account": "0017"}));
    assert_eq!((state(&canceled), stage.posts("/v1/orders/cancel")), ("CANCELED", 1), "{canceled}");
}

#[test]
fn several_cancels_of_one_order_at_once_send_one() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let id = placed(&mut client, ko("1", "50"));
    let mut calls = Vec::new();
    stage.fault("/v1/orders/cancel", json!({"fault": "delay", "hold": true}));
    for _ in 0..3 {
        let arguments = json!({"order": id, "account": "0017"});
        calls.push(client.send("tools/call", json!({"name": "cancel_order", "arguments": arguments})));
    }
    stage.until_held();
    stage.release();
    for call in calls {
        assert_eq!(state(&client.answer(call)["result"]), "CANCELED");
    }
    assert_eq!(stage.posts("/v1/orders/cancel"), 1);
}

#[test]
fn a_cancel_that_aries_denies_and_lists_as_canceled_is_told_without_contradiction() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let id = placed(&mut client, ko("1", "50"));
    let said = json!({"success": false, "origClOrdId": id, "text": "busy"});
    stage.fault("/v1/orders/cancel", json!({"fault": "body", "body": said.to_string()}));
    let told = client.text("cancel_order", json!({"order": id, "account": "0017"}));
    assert!(told.starts_with("CANCELED"), "{told}");
    assert!(told.contains("Aries lists it as canceled, whatever it answered: "), "{told}");
}

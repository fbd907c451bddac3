//! Replace and cancel: ids that change, orders that have ended, answers that contradict themselves.

use serde_json::{Value, json};

#[cfg(target_os = "linux")]
use super::killed_settling::settle;
use super::table::Listed;
use crate::support::brisk::Limits;
use crate::support::stage::*;
use crate::support::{Client, text_of};

#[test]
fn replacements_follow_changing_ids() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let first = order_id(&place(&mut client, &first));
    let mut id = first.clone();
    for price in ["401.00", "402.50", "399"] {
        // Always by the very first id: the journal knows what it is called now.
        let preview =
            client.call("preview_order", json!({"account": "0017", "replaces": first, "limit_price": price}));
        assert!(text_of(&preview).contains("instead of"), "{preview}");
        let next =
            preview["structuredContent"]["ticket"].as_str().unwrap_or_else(|| panic!("{preview}")).to_owned();
        let placed = place(&mut client, &next);
        assert_eq!(state(&placed), "WORKING", "{placed}");
        let newer = order_id(&placed);
        assert_ne!(newer, id);
        id = newer;
    }
    let log = stage.aries.http("GET", "/sandbox/log", None, None);
    let bodies: Vec<&Value> = log
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["path"] == "/v1/orders/replace")
        .map(|entry| &entry["body"])
        .collect();
    assert_eq!(bodies.len(), 3);
    let mut body = bodies[0].clone();
    body.as_object_mut().unwrap().remove("clientId");
    assert_eq!(
        body,
        json!({"origClOrdId": first, "tradingAccountId": SIM, "symbol": "MSFT", "side": "BUY", "type": "LIMIT", "price": "401.00"})
    );
    assert_eq!(stage.book(SIM, "MSFT").len(), 1);
    for (wrong, why) in [
        (json!({"limit_price": "399"}), "changes nothing"),
        (json!({"action": "sell", "limit_price": "398"}), "cannot be changed"),
        (json!({"symbol": "KO", "limit_price": "398"}), "cannot be changed"),
        (json!({"type": "market"}), "cannot be replaced"),
        (json!({"stop_price": "398"}), "does not belong"),
        (json!({"limit_price": "398.001"}), "between two ticks"),
        (json!({"quantity": "1.5"}), "whole number"),
    ] {
        let mut args = json!({"account": "0017", "replaces": id});
        args.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let text = client.failure("preview_order", args);
        assert!(text.contains(why), "{wrong}: {text}");
    }
    // Filled between preview and place: what the person saw is no more, so nothing is sent.
    let late = ticket(&mut client, json!({"account": "0017", "replaces": id, "quantity": "12"}));
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id, "qty": "4"})));
    let placed = place(&mut client, &late);
    assert_eq!(state(&placed), "NOT SENT");
    assert!(text_of(&placed).contains("has changed since the preview"), "{placed}");
    let partly = client.call("cancel_order", json!({"order": first}));
    assert_eq!(state(&partly), "CANCELED");
    assert!(text_of(&partly).contains("4 of 10 filled"), "{partly}");
    stage.verified();
}

#[test]
fn a_cancel_that_comes_too_late_says_what_the_order_is() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let id = order_id(&place(&mut client, &first));
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id})));
    assert_eq!(state(&client.call("cancel_order", json!({"order": id}))), "FILLED");
    assert_eq!(stage.posts("/v1/orders/cancel"), 0);
    assert!(client.failure("cancel_order", json!({"order": "nothing"})).contains("lists no order"));
    // Lost before and after: told as it is seen.
    for (fault, expected) in [("drop_after", "CANCELED"), ("drop_before", "UNKNOWN")] {
        let next = ticket(&mut client, ko("1", "50"));
        let id = order_id(&place(&mut client, &next));
        stage.fault("/v1/orders/cancel", json!({"fault": fault}));
        let cancelled = client.call("cancel_order", json!({"order": id, "account": "0017"}));
        assert_eq!(state(&cancelled), expected, "{cancelled}");
    }
    stage.verified();
}

#[test]
fn a_replacement_that_is_denied_and_named_at_once_is_looked_up() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let old = place(&mut client, &first)["structuredContent"]["order_id"].as_str().unwrap().to_owned();
    let next = ticket(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "401.00"}));
    let said = json!({"success": false, "status": "REPLACED", "clOrdId": "ZZ", "origClOrdId": old});
    stage.fault("/v1/orders/replace", json!({"fault": "body", "body": said.to_string()}));
    let placed = place(&mut client, &next);
    assert_eq!(state(&placed), "WORKING", "{placed}");
    assert!(text_of(&placed).contains("it was found in the list of orders"), "{placed}");
    let open: Vec<Value> =
        stage.book(SIM, "MSFT").into_iter().filter(|order| order["ordStatus"] == "NEW").collect();
    assert_eq!((open.len(), &open[0]["price"]), (1, &json!("401.00")), "{open:?}");
}

/// Aries accepts a replacement, and the exchange refuses it afterwards: the old order is what there is.
#[test]
fn an_order_stays_in_reach_whose_replacement_failed_late() {
    stays_in_reach(false);
}

#[test]
fn an_order_stays_in_reach_whose_replacement_is_listed_as_rejected() {
    stays_in_reach(true);
}

fn stays_in_reach(listed: bool) {
    let stage = Stage::new("");
    let mut client = stage.client_within(Limits::BriefLists);
    let first = ticket(&mut client, msft("0017"));
    let old = order_id(&place(&mut client, &first));
    let next = ticket(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "401.00"}));
    let said = json!({"success": true, "status": "REPLACED", "clOrdId": "NEW-1", "origClOrdId": old});
    stage.fault("/v1/orders/replace", json!({"fault": "status", "status": 200, "body": said.to_string()}));
    assert_eq!(state(&place(&mut client, &next)), "SENT");
    if listed {
        let order = stage.book(SIM, "MSFT").remove(0);
        let mut refused = order.clone();
        refused["clOrdId"] = json!("NEW-1");
        refused["clientId"] = stage.journal()[1]["id"].clone();
        refused["ordStatus"] = json!("REJECTED");
        stage.lists(&[refused, order]);
    }
    let again =
        client.call("preview_order", json!({"account": "0017", "replaces": old, "limit_price": "402.00"}));
    assert!(
        text_of(&again).contains(&format!("instead of BUY 10 MSFT, limit 400.00 day ({old})")),
        "{again}"
    );
    let canceled = client.call("cancel_order", json!({"order": old, "account": "0017"}));
    assert_ne!(canceled["isError"], json!(true), "{canceled}");
    assert_eq!(order_id(&canceled), old);
    stage.behave();
    assert_eq!(stage.book(SIM, "MSFT")[0]["ordStatus"], "CANCELED");
    assert_eq!(state(&client.call("cancel_order", json!({"order": old}))), "CANCELED");
}

/// The same, asked by the tickets: neither they nor the journal call an order REPLACED that works.
#[test]
fn an_order_is_not_replaced_by_one_that_failed_late() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let old = order_id(&place(&mut client, &first));
    let order = stage.book(SIM, "MSFT").remove(0);
    let next = ticket(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "401.00"}));
    let said = json!({"success": true, "status": "REPLACED", "clOrdId": "NEW-1", "origClOrdId": old});
    stage.fault("/v1/orders/replace", json!({"fault": "status", "status": 200, "body": said.to_string()}));
    assert_eq!(state(&place(&mut client, &next)), "SENT");
    let row = |id: &str, price: &str, status: &str| {
        let mut row = order.clone();
        for (name, value) in [("clOrdId", id), ("price", price), ("ordStatus", status)] {
            row[name] = json!(value);
        }
        row["clientId"] = Value::Null;
        row
    };
    let lists = |rows: &[Value]| {
        stage.behave();
        stage.lists(rows);
    };
    let journal = || stage.journal().into_iter().map(|order| order["state"].clone()).collect::<Vec<_>>();
    let stands =
        format!("the order that was to be replaced, {old} (BUY 10 MSFT, limit 400.00 day), is WORKING");
    // Never listed.
    for client in [&mut client, &mut stage.client()] {
        let again = place(client, &next);
        assert_eq!(state(&again), "SENT", "{again}");
        assert!(text_of(&again).contains(&stands), "{again}");
        assert_eq!(state(&place(client, &first)), "WORKING");
    }
    assert_eq!(journal(), ["WORKING", "SENT"]);
    // Listed, and then neither of them is, or the old one again.
    lists(&[row("NEW-1", "401.00", "PENDING_NEW"), row(&old, "400.00", "REPLACED")]);
    assert_eq!(state(&place(&mut client, &next)), "WORKING");
    assert_eq!(journal(), ["REPLACED", "WORKING"]);
    lists(&[]);
    assert_eq!(state(&place(&mut client, &first)), "REPLACED");
    let rejected = [row("NEW-1", "401.00", "REJECTED"), row(&old, "400.00", "NEW")];
    lists(&rejected);
    for client in [&mut client, &mut stage.client()] {
        assert_eq!(state(&place(client, &first)), "WORKING");
    }
    assert_eq!(journal(), ["WORKING", "WORKING"]);
    for client in [&mut client, &mut stage.client()] {
        let again = place(client, &next);
        assert_eq!(state(&again), "REJECTED", "{again}");
        assert!(text_of(&again).contains(&stands), "{again}");
        assert_eq!(state(&place(client, &first)), "WORKING");
    }
    assert_eq!(journal(), ["WORKING", "REJECTED"]);
    let preview = text_of(&client.call("preview_order", msft("0017")));
    assert!(preview.contains("(WORKING): this would be another one"), "{preview}");
    stage.verified();
}

/// What happens to an order between the last look at it and its replacement.
#[test]
fn a_replacement_that_came_too_late_tells_how_the_order_stands() {
    for (canceled, ends) in [
        (false, "is FILLED: 10 of 10 filled at 400.00 on average = 4,000.00 USD without fees"),
        (true, "is CANCELED"),
    ] {
        let stage = Stage::new("");
        let mut client = stage.client();
        let first = ticket(&mut client, msft("0017"));
        let old = order_id(&place(&mut client, &first));
        let next = ticket(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "401.00"}));
        stage.fault("/v1/orders/replace", json!({"fault": "delay", "hold": true}));
        let call = begin_to_place(&mut client, &next);
        stage.until_held();
        if canceled {
            stage.client().call("cancel_order", json!({"order": old, "account": "0017"}));
        } else {
            stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": old})));
        }
        stage.release();
        let placed = client.answer(call)["result"].clone();
        assert_eq!(state(&placed), "REJECTED", "{placed}");
        assert!(text_of(&placed).contains(ends), "{placed}");
        assert!(!text_of(&placed).contains("as before"), "{placed}");
    }
}

#[test]
fn a_replacement_accepted_under_the_old_id_is_believed_when_it_is_seen() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let old = order_id(&place(&mut client, &first));
    let said = json!({"success": true, "status": "NEW", "clOrdId": old, "origClOrdId": old}).to_string();
    let next = ticket(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "401.00"}));
    stage.fault("/v1/orders/replace", json!({"fault": "status", "status": 200, "body": said}));
    let placed = place(&mut client, &next);
    assert_eq!(state(&placed), "UNKNOWN", "{placed}");
    assert!(text_of(&placed).contains("(BUY 10 MSFT, limit 400.00 day), is WORKING"), "{placed}");
    // The list shows the new price under the old id after all.
    let mut changed = stage.book(SIM, "MSFT").remove(0);
    changed["price"] = json!("401.00");
    stage.lists(&[changed]);
    let placed = place(&mut client, &next);
    assert_eq!((state(&placed), order_id(&placed)), ("WORKING", old), "{placed}");
    stage.verified();
}

/// An order and its replacement, which both go well: the ids of Aries.
fn replaced(client: &mut Client) -> (String, String) {
    let first = ticket(client, msft("0017"));
    let old = order_id(&place(client, &first));
    let next = ticket(client, json!({"account": "0017", "replaces": old, "limit_price": "399.00"}));
    let newer = order_id(&place(client, &next));
    (old, newer)
}

/// Which orders were asked to end, one after the other.
fn canceled(stage: &Stage) -> Vec<Value> {
    let log = stage.aries.http("GET", "/sandbox/log", None, None);
    let posts = log.as_array().unwrap().iter().filter(|entry| entry["path"] == "/v1/orders/cancel");
    posts.map(|entry| entry["body"]["origClOrdId"].clone()).collect()
}

/// Lists that do not show a replacement yet: the journal knows what to cancel.
#[test]
fn an_order_that_lists_call_replaced_is_canceled_by_its_first_id() {
    canceled_by_its_first_id("REPLACED");
}

#[test]
fn an_order_that_lists_call_canceled_is_canceled_by_its_first_id() {
    canceled_by_its_first_id("CANCELED");
}

#[test]
fn an_order_that_lists_call_new_is_canceled_by_its_first_id() {
    canceled_by_its_first_id("NEW");
}

fn canceled_by_its_first_id(status: &str) {
    let stage = Stage::new("");
    let mut client = stage.client_within(Limits::BriefLists);
    let (old, newer) = replaced(&mut client);
    let mut listed = stage.book(SIM, "MSFT").remove(0);
    listed["clOrdId"] = json!(old);
    listed["clientId"] = stage.journal()[0]["id"].clone();
    listed["price"] = json!("400.00");
    listed["ordStatus"] = json!(status);
    stage.lists(&[listed]);
    let told = client.call("cancel_order", json!({"order": old, "account": "0017"}));
    // Only what was seen is told.
    assert_eq!((state(&told), order_id(&told)), ("UNKNOWN", newer.clone()), "{status}: {told}");
    assert!(text_of(&told).contains("Aries took the cancel"), "{status}: {told}");
    let expected = if status == "NEW" { vec![json!(old), json!(newer)] } else { vec![json!(newer)] };
    assert_eq!(canceled(&stage), expected, "{status}");
    stage.behave();
    assert_eq!(stage.book(SIM, "MSFT")[0]["ordStatus"], "CANCELED", "{status}");
    stage.verified();
}

/// The answer to a replacement was lost, and the person says that it is there: lists show it by our own id.
#[cfg(target_os = "linux")]
#[test]
fn a_replacement_that_is_there_by_the_persons_word_is_canceled_by_any_id() {
    let stage = Stage::new("");
    let mut client = stage.client_within(Limits::BriefLists);
    let first = ticket(&mut client, msft("0017"));
    let old = order_id(&place(&mut client, &first));
    let next = ticket(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "399.00"}));
    stage.fault("/v1/orders/replace", json!({"fault": "drop_after", "hold": true}));
    let call = begin_to_place(&mut client, &next);
    stage.until_held();
    let mut row = stage.book(SIM, "MSFT").remove(0);
    row["ordStatus"] = json!("REPLACED");
    stage.lists(&[row.clone()]);
    stage.release();
    assert_eq!(state(&client.answer(call)["result"]), "UNKNOWN");
    let [own, lost] = [0, 1].map(|at| stage.journal()[at]["id"].clone());
    // Nobody knows under which id it is there.
    let unknown = |client: &mut Client, id: &Value| {
        let told = client.call("cancel_order", json!({"order": id, "account": "0017"}));
        assert_eq!((state(&told), &told["structuredContent"]["client_id"]), ("UNKNOWN", &lost), "{told}");
        assert!(text_of(&told).contains("nothing was canceled: Aries' id of it is not known"), "{told}");
    };
    unknown(&mut client, &json!(old));
    settle(&stage, "--sent");
    for id in [&json!(old), &own, &lost] {
        unknown(&mut client, id);
    }
    stage.behave();
    let newer = stage.book(SIM, "MSFT").remove(0);
    assert_eq!((&newer["clientId"], &newer["ordStatus"]), (&lost, &json!("NEW")));
    stage.lists(&[newer.clone(), row.clone()]);
    for id in [&json!(old), &own, &lost] {
        let told = client.call("cancel_order", json!({"order": id, "account": "0017"}));
        assert_eq!(json!(order_id(&told)), newer["clOrdId"], "{told}");
    }
    assert_eq!(canceled(&stage), vec![newer["clOrdId"].clone(); 3]);
    stage.behave();
    assert_eq!(stage.book(SIM, "MSFT")[0]["ordStatus"], "CANCELED");
    stage.verified();
}

/// The bodies of the replacements so far, without the ids.
fn replacements(stage: &Stage) -> Vec<Value> {
    let log = stage.aries.http("GET", "/sandbox/log", None, None);
    let posts = log.as_array().unwrap().iter().filter(|entry| entry["path"] == "/v1/orders/replace");
    let bodies = posts.map(|entry| {
        let mut body = entry["body"].clone();
        ["clientId", "origClOrdId", "tradingAccountId"].iter().for_each(|name| {
            body.as_object_mut().unwrap().remove(*name).unwrap();
        });
        body
    });
    bodies.collect()
}

#[test]
fn a_replacement_may_have_every_time_in_force() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let mut id = order_id(&place(&mut client, &first));
    for (word, wire) in [
        ("at_the_opening", "AT_THE_OPENING"),
        ("at_the_close", "AT_THE_CLOSE"),
        ("extended_hours", "EXTENDED_HOURS"),
        ("gtc", "GTC"),
    ] {
        let next = ticket(&mut client, json!({"account": "0017", "replaces": id, "time_in_force": word}));
        let placed = place(&mut client, &next);
        assert_eq!(state(&placed), "WORKING", "{placed}");
        assert_eq!(stage.book(SIM, "MSFT")[0]["timeInForce"], wire);
        id = order_id(&placed);
    }
    let bodies = replacements(&stage);
    assert_eq!(bodies[0]["timeInForce"], "AT_THE_OPENING");
    // The short spelling of Aries' SDK is the same time in force.
    let mut listed = stage.book(SIM, "MSFT").remove(0);
    listed["timeInForce"] = json!("EXT");
    stage.lists(&[listed]);
    let same = json!({"account": "0017", "replaces": id, "time_in_force": "extended_hours"});
    assert!(client.failure("preview_order", same).contains("changes nothing"));
}

#[test]
fn options_are_replaced_with_their_legs() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let day = Listed::find(&stage.aries).day;
    let contract = |strike: &str| format!("AAPL {day} {strike} C");
    let leg = |strike: &str, side: &str| {
        json!({"securityType": "OPT", "side": side, "ratioQty": "1", "putCall": "CALL", "strikePrice": strike,
            "maturity": day, "positionEffect": "OPEN"})
    };
    let single = json!({"account": "0017", "symbol": contract("270"), "action": "buy_to_open", "quantity": "1",
        "type": "limit", "limit_price": "1.00"});
    let spread = json!({"account": "0017", "symbol": "AAPL", "action": "buy", "quantity": "1", "type": "limit",
    "limit_price": "1.00", "legs": [
        {"contract": contract("270"), "action": "buy_to_open"}, {"contract": contract("280"), "action": "sell_to_open"}
    ]});
    for (order, legs) in
        [(single, vec![leg("270", "BUY")]), (spread, vec![leg("270", "BUY"), leg("280", "SELL")])]
    {
        let first = ticket(&mut client, order);
        let old = order_id(&place(&mut client, &first));
        let next = ticket(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "1.05"}));
        let placed = place(&mut client, &next);
        assert_eq!(state(&placed), "WORKING", "{placed}");
        let expected =
            json!({"symbol": "AAPL", "side": "BUY", "type": "LIMIT", "price": "1.05", "legs": legs});
        assert_eq!(replacements(&stage).pop().unwrap(), expected);
        let newer = order_id(&placed);
        for (wrong, why) in [
            (json!({"action": "sell"}), "`action` cannot be changed"),
            (json!({"symbol": "KO"}), "`symbol` cannot be changed"),
            (
                json!({"legs": [
                    {"contract": contract("270"), "action": "buy_to_open"}, {"contract": contract("290"), "action": "sell_to_open"}
                ]}),
                "`legs` cannot be changed",
            ),
            (json!({"time_in_force": "ioc"}), "does not go with options"),
        ] {
            let mut args = json!({"account": "0017", "replaces": newer, "limit_price": "1.10"});
            args.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
            let text = client.failure("preview_order", args);
            assert!(text.contains(why), "{wrong}: {text}");
        }
        let canceled = client.call("cancel_order", json!({"order": newer}));
        assert_eq!(state(&canceled), "CANCELED", "{canceled}");
    }
    stage.verified();
}

/// Somebody else changes an order between the preview of its replacement and the yes.
#[test]
fn a_replacement_is_for_the_order_as_it_was_shown() {
    for (name, value) in [("timeInForce", "GTC"), ("side", "SELL"), ("type", "STOP_LIMIT"), ("symbol", "KO")]
    {
        let stage = Stage::new("");
        let mut client = stage.client();
        let first = ticket(&mut client, msft("0017"));
        let old = order_id(&place(&mut client, &first));
        let next = ticket(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "401.00"}));
        let mut changed = stage.book(SIM, "MSFT").remove(0);
        changed[name] = json!(value);
        stage.lists(&[changed]);
        let placed = place(&mut client, &next);
        assert_eq!(state(&placed), "NOT SENT", "{name}: {placed}");
        assert!(text_of(&placed).contains("has changed since the preview"), "{name}: {placed}");
        assert_eq!(stage.posts("/v1/orders/replace"), 0);
    }
}

//! Answers that are lost, and how a doubt ends: by finding the order, or by the person.

use serde_json::json;

use crate::support::stage::*;
#[cfg(target_os = "linux")]
use crate::support::terminal::Terminal;
use crate::support::{stderr, text_of};

#[test]
fn answers_lost_before_and_after_booking_never_make_two() {
    // What happens to the POST, whether Aries shows our id in lists, whether the order is booked.
    let faults = [
        (json!({"fault": "drop_after"}), true, true),
        (json!({"fault": "drop_after"}), false, true),
        (json!({"fault": "truncate"}), true, true),
        (json!({"fault": "content_type", "body": "<html>"}), true, true),
        (json!({"fault": "body", "status": 502, "body": "bad gateway"}), true, true),
        (json!({"fault": "body", "status": 500, "body": "{}"}), false, true),
        (json!({"fault": "body", "body": "{\"success\":true}"}), true, true),
        (json!({"fault": "drop_before"}), true, false),
        (json!({"fault": "status", "status": 503}), true, false),
    ];
    std::thread::scope(|scope| {
        for (fault, echo, booked) in faults {
            scope.spawn(move || {
                let stage = Stage::new("");
                let client_ids = if echo { "sent" } else { "hidden" };
                stage.aries.http("POST", "/sandbox/options", None, Some(json!({"client_ids": client_ids})));
                let mut client = stage.client();
                let first = ticket(&mut client, msft("0017"));
                stage.fault("/v1/orders", fault.clone());
                let placed = place(&mut client, &first);
                assert_eq!(stage.posts("/v1/orders"), 1, "{fault}");
                assert_eq!(stage.book(SIM, "MSFT").len(), usize::from(booked), "{fault}");
                if booked {
                    assert_eq!(state(&placed), "WORKING", "{fault}: {placed}");
                    stage.verified();
                    return;
                }
                assert_eq!(state(&placed), "UNKNOWN", "{fault}: {placed}");
                assert_eq!(stage.journal()[0]["state"], "UNKNOWN");
                // In this process and in another one, nothing new on the same underlying until it is settled.
                for client in [&mut client, &mut stage.client()] {
                    let again = ticket(client, msft("0017"));
                    let placed = place(client, &again);
                    assert_eq!(state(&placed), "NOT SENT", "{fault}: {placed}");
                    assert!(text_of(&placed).contains("orders settle am-"), "{placed}");
                }
                let other = ticket(&mut client, ko("1", "50"));
                assert_eq!(state(&place(&mut client, &other)), "WORKING");
                assert_eq!(stage.posts("/v1/orders"), 2);
                stage.verified();
            });
        }
    });
}

#[test]
fn lists_that_lag_behind_deceive_nobody() {
    let stage = Stage::new("");
    stage.aries.http("POST", "/sandbox/options", None, Some(json!({"list_lag_ms": 60000})));
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    stage.fault("/v1/orders", json!({"fault": "drop_after"}));
    assert_eq!(state(&place(&mut client, &first)), "WORKING");
    // 20 are held: the second sale of 20 would be a short by accident.
    let sell = json!({"account": "0017", "symbol": "TSLA", "action": "sell", "quantity": "20", "type": "limit", "limit_price": "990"});
    let one = ticket(&mut client, sell.clone());
    let two = ticket(&mut client, sell.clone());
    assert_eq!(state(&place(&mut client, &one)), "WORKING");
    let placed = place(&mut client, &two);
    assert_eq!(state(&placed), "NOT SENT");
    assert!(text_of(&placed).contains("held 20, already in open orders 20, asked 20 shares"), "{placed}");
    assert!(client.failure("preview_order", sell).contains("already in open orders 20"));
}

#[test]
fn a_changed_journal_stops_all_orders() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, ko("1", "50"));
    assert_eq!(state(&place(&mut client, &first)), "WORKING");
    let path = stage.journal_file().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let second = ticket(&mut client, ko("1", "50"));
    std::fs::write(&path, text.replace("\"50.00\"", "\"5.00\"").replacen("\"n\":2", "\"n\":9", 1)).unwrap();
    let verify = stage.run(&["orders", "verify"]);
    assert_eq!(verify.status.code(), Some(1));
    assert!(stderr(&verify).contains("damaged: line"), "{}", stderr(&verify));
    assert_eq!(state(&place(&mut client, &second)), "NOT SENT");
    assert!(client.failure("preview_order", ko("1", "50")).contains("damaged"));
    assert_eq!(stage.posts("/v1/orders"), 1);
    let settle = stage.run(&["orders", "settle", "am-0", "--sent"]);
    assert_eq!(settle.status.code(), Some(2));
}

/// A person at a terminal may end a doubt; a pipe may not.
#[cfg(target_os = "linux")]
#[test]
fn a_doubt_is_ended_at_a_terminal_only() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    stage.fault("/v1/orders", json!({"fault": "drop_before"}));
    assert_eq!(state(&place(&mut client, &first)), "UNKNOWN");
    let id = stage.journal()[0]["id"].as_str().unwrap().to_owned();
    let piped = stage.run(&["orders", "settle", &id, "--not-sent"]);
    assert_eq!(piped.status.code(), Some(2));
    assert!(stderr(&piped).contains("only in a terminal"), "{}", stderr(&piped));
    let typed = |answer: &str| {
        let mut person = Terminal::run(&stage, &format!("orders settle {id} --not-sent"));
        person.line(answer);
        person.end()
    };
    let (ended, told) = typed("no");
    assert!(!ended && told.contains("nothing was changed"), "{told}");
    assert_eq!(stage.journal()[0]["state"], "UNKNOWN");
    let (ended, told) = typed("yes");
    assert!(ended && told.contains("is NOT at Aries") && told.contains("BUY 10 MSFT"), "{told}");
    assert_eq!(stage.journal()[0]["state"], "NOT SENT");
    // The process that doubted hears of it.
    let settled = place(&mut client, &first);
    assert_eq!(state(&settled), "NOT SENT", "{settled}");
    assert!(text_of(&settled).contains("settled by hand: it is not at Aries"), "{settled}");
    let second = ticket(&mut client, msft("0017"));
    assert_eq!(state(&place(&mut client, &second)), "WORKING");
    assert_eq!(stage.book(SIM, "MSFT").len(), 1);
    stage.verified();
}

/// A person takes their time; what another process finds meanwhile is not overwritten by what they believe.
#[cfg(target_os = "linux")]
#[test]
fn what_is_found_while_a_person_thinks_stands() {
    let stage = Stage::new("");
    let lost = stage.leave_in_doubt(false);
    let id = stage.journal()[0]["id"].as_str().unwrap().to_owned();
    let settling = || Terminal::run(&stage, &format!("orders settle {id} --not-sent"));
    // Whoever is sending it is let finish first.
    let lane = stage.lane_lock();
    let (ended, shown) = settling().end();
    assert!(!ended && shown.contains("another process is sending that order"), "{shown}");
    drop(lane);
    let mut person = settling();
    person.until_shown("Type yes");
    stage.release();
    let mut later = stage.client();
    until("the late order", || stage.book(SIM, "MSFT").len() == 1);
    assert_eq!(state(&place(&mut later, &lost)), "WORKING");
    person.line("yes");
    let (ended, shown) = person.end();
    assert!(!ended && shown.contains("the doubt has ended meanwhile: it is WORKING"), "{shown}");
    assert_eq!(stage.journal()[0]["state"], "WORKING");
    stage.verified();
}

/// The order never arrives, nobody knows, and the person places the same one by hand.
#[test]
fn an_order_placed_by_hand_is_not_taken_for_ours() {
    for ids_are_shown in [true, false] {
        let stage = Stage::new("");
        if ids_are_shown {
            let mut client = stage.client();
            let other = ticket(&mut client, ko("1", "50"));
            place(&mut client, &other);
        }
        let lost = stage.leave_in_doubt(false);
        stage.by_hand("MSFT", "10", "400.00");
        let mut later = stage.client();
        let told = place(&mut later, &lost);
        if ids_are_shown {
            assert_eq!(state(&told), "UNKNOWN", "{told}");
            continue;
        }
        // Where nothing tells whose it is, that is said.
        assert_eq!(state(&told), "WORKING", "{told}");
        assert!(text_of(&told).contains("found by its shape, not by its id"), "{told}");
        let preview = text_of(&stage.client().call("preview_order", ko("1", "50")));
        assert!(preview.contains("found by its shape, not by its id"), "{preview}");
    }
}

/// A refused order has an id too, and it may look like the next one.
#[test]
fn the_journal_knows_the_id_of_a_refused_order() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let said = json!({"success": false, "clOrdId": "R-1", "status": "REJECTED", "ordRejReason": "not today"});
    stage.fault("/v1/orders", json!({"fault": "status", "status": 200, "body": said.to_string()}));
    let placed = place(&mut client, &first);
    assert_eq!((state(&placed), order_id(&placed).as_str()), ("REJECTED", "R-1"));
    assert_eq!(stage.journal()[0]["order"], "R-1");
}

/// A refusal that names what it did is looked into, not believed.
#[test]
fn a_refusal_against_its_own_words_is_looked_up() {
    let held = json!({"success": false, "text": "held for review", "clOrdId": "X"});
    let canceled = json!({"success": false, "status": "CANCELED", "cumQty": "4", "leavesQty": "0"});
    let faults = [
        json!({"fault": "body", "body": held.to_string()}),
        json!({"fault": "body", "body": canceled.to_string()}),
        // The answer to an order that was booked.
        json!({"fault": "body", "status": 400}),
    ];
    let stage = Stage::new("");
    let mut client = stage.client();
    for (fault, price) in faults.into_iter().zip(["400.00", "401.00", "402.00"]) {
        let next = ticket(
            &mut client,
            json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit",
                "limit_price": price}),
        );
        stage.fault("/v1/orders", fault.clone());
        let placed = place(&mut client, &next);
        assert_eq!(state(&placed), "WORKING", "{fault}: {placed}");
        assert_eq!(order_id(&placed), stage.book(SIM, "MSFT")[0]["clOrdId"], "{fault}");
    }
    stage.verified();
}

/// Nobody approves an order in vain: that it cannot be sent is told before it is placed.
#[test]
fn a_preview_names_the_doubt_that_stands_in_its_way() {
    let stage = Stage::new("");
    stage.leave_in_doubt(false);
    let id = stage.journal()[0]["id"].as_str().unwrap().to_owned();
    let mut client = stage.client();
    let way_out = format!("`aries-mcp orders settle {id} --sent` or `--not-sent`");
    let told = client.text("preview_order", msft("0017"));
    let warning =
        told.lines().find(|line| line.contains("nobody knows whether an earlier order is at Aries"));
    let warning = warning.unwrap_or_else(|| panic!("{told}"));
    assert!(warning.starts_with("warning: ") && warning.contains(&way_out), "{warning}");
    // Another underlying is not concerned.
    assert!(!client.text("preview_order", ko("1", "50")).contains("nobody knows"));
    stage.release();
}

/// What Aries shows as `clientId` may be the application that sent the order.
#[test]
fn a_lost_order_is_found_although_lists_name_the_application() {
    let stage = Stage::new("");
    stage.aries.http("POST", "/sandbox/options", None, Some(json!({"client_ids": "application"})));
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    stage.fault("/v1/orders", json!({"fault": "drop_after"}));
    let placed = place(&mut client, &first);
    let listed = stage.book(SIM, "MSFT").remove(0);
    assert!(listed["clientId"].as_str().is_some_and(|id| !id.starts_with("am-")), "{listed}");
    assert_eq!(
        (state(&placed), json!(order_id(&placed))),
        ("WORKING", listed["clOrdId"].clone()),
        "{placed}"
    );
    assert!(text_of(&placed).contains("found by its shape"), "{placed}");
}

/// Rows under our own id and with other ids stand before the order that Aries answered, or alone.
#[test]
fn the_id_that_aries_answered_wins() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let id = order_id(&place(&mut client, &first));
    let row = stage.book(SIM, "MSFT").remove(0);
    let with = |id: &str, status: &str, created: &str| {
        let mut row = row.clone();
        (row["clOrdId"], row["ordStatus"]) = (json!(id), json!(status));
        if !created.is_empty() {
            row["createdAt"] = json!(created);
        }
        row
    };
    let older = with("OLD", "REJECTED", "2026-01-02T15:00:00Z");
    let mut in_its_place = with("NEXT", "PARTIALLY_FILLED", "");
    (in_its_place["origClOrdId"], in_its_place["clientId"]) = (json!(id), json!("an application"));
    for (rows, expected) in [
        (vec![older.clone(), with("TWIN", "CANCELED", ""), with(&id, "NEW", "")], ("WORKING", id.as_str())),
        (vec![older.clone(), with("TWIN", "CANCELED", ""), in_its_place], ("PARTIALLY FILLED", "NEXT")),
        (vec![older.clone(), with("TWIN", "SUSPENDED", "")], ("WORKING", "TWIN")),
    ] {
        stage.lists(&rows);
        let told = place(&mut client, &first);
        assert_eq!((state(&told), order_id(&told).as_str()), expected, "{told}");
        stage.behave();
    }
    // An older row alone is another order: what was known before stands.
    stage.lists(&[older]);
    let told = place(&mut client, &first);
    assert_ne!(state(&told), "REJECTED", "{told}");
    assert!(
        client
            .failure("cancel_order", json!({"order": "an application", "account": "0017"}))
            .contains("lists no order")
    );
}

/// The word of the answer that an order has ended counts for less than a list that shows it open.
#[test]
fn an_end_that_only_the_answer_tells_binds_nobody() {
    for word in ["EXPIRED", "CANCELED", "FILLED", "REJECTED"] {
        let stage = Stage::new("[trading]\nprice_collar_percent = 50\n");
        let mut client = stage.client();
        let sale = json!({"account": "0017", "symbol": "SPY", "action": "sell", "quantity": "10", "type": "limit",
            "limit_price": "700.00"});
        let first = ticket(&mut client, sale.clone());
        // Booked, and answered otherwise under its very id, which is the next one.
        let other = stage.aries.http("POST", "/v1/orders", Some(&stage.env()[1].1), Some(json!({
            "tradingAccountId": SIM, "symbol": "KO", "side": "BUY", "type": "LIMIT", "qty": "1", "price": "50",
            "timeInForce": "DAY"})));
        let (run, number) = other["clOrdId"].as_str().unwrap().rsplit_once('-').unwrap();
        let id = format!("{run}-{}", number.parse::<u32>().unwrap() + 1);
        let said = json!({"success": true, "clOrdId": id, "status": word});
        stage.fault("/v1/orders", json!({"fault": "body", "body": said.to_string()}));
        let placed = place(&mut client, &first);
        assert_eq!(state(&placed), "WORKING", "{word}: {placed}");
        assert_eq!(state(&place(&mut client, &first)), "WORKING", "{word}");
        let refused = client.failure("preview_order", sale);
        assert!(refused.contains("more than there is to close"), "{word}: {refused}");
    }
}

/// Of two orders only one can have an id: one that was listed before the sending is another's.
#[test]
fn an_id_that_was_there_before_is_not_that_of_our_order() {
    for said in [json!({"success": true, "status": "NEW"}), json!({"success": false, "status": "REJECTED"})] {
        let stage = Stage::new("");
        let theirs = stage.aries.http(
            "POST",
            "/v1/orders",
            Some(&stage.env()[1].1),
            Some(
                json!({"tradingAccountId": SIM, "symbol": "MSFT", "side": "BUY", "type": "LIMIT", "qty": "5",
                "price": "300", "timeInForce": "DAY"}),
            ),
        );
        let mut client = stage.client();
        let ticket = ticket(&mut client, msft("0017"));
        let mut said = said.clone();
        said["clOrdId"] = theirs["clOrdId"].clone();
        stage.fault("/v1/orders", json!({"fault": "body", "body": said.to_string()}));
        let placed = place(&mut client, &ticket);
        assert_eq!(state(&placed), "WORKING", "{placed}");
        assert_ne!(json!(order_id(&placed)), theirs["clOrdId"], "{placed}");
        assert!(text_of(&placed).contains("which was there before"), "{placed}");
    }
}

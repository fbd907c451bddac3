//! Who looks for an order in doubt, and who hears of it.

use std::process::Output;

use aries_mcp::trade::journal::{Event, State};
use serde_json::{Value, json};

use crate::support::brisk::Limits;
use crate::support::stage::*;
use crate::support::{Client, pairs, stderr, stdout, text_of};

#[test]
fn a_ticket_of_an_ended_process_tells_what_became_of_its_order() {
    let stage = Stage::new("");
    // Answered, and ended in peace; sent, and killed before the answer.
    let mut client = stage.client();
    let known = ticket(&mut client, ko("1", "50"));
    assert_eq!(state(&place(&mut client, &known)), "WORKING");
    let lost = stage.leave_in_doubt(true);
    let mut later = stage.client();
    for (ticket, symbol) in [(&lost, "MSFT"), (&known, "KO")] {
        let told = place(&mut later, ticket);
        assert_eq!(state(&told), "WORKING", "{told}");
        assert_eq!(told["structuredContent"]["order_id"], stage.book(SIM, symbol)[0]["clOrdId"], "{told}");
        assert!(text_of(&told).contains("do not order it again"), "{told}");
    }
    assert_eq!(stage.posts("/v1/orders"), 2);
    let journal = std::fs::read_dir(stage.home.path("state")).unwrap();
    let journal: String =
        journal.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default()).collect();
    assert!(!journal.contains(&lost) && !journal.contains(&known), "a ticket stands in the journal");
    stage.verified();
}

#[test]
fn a_ticket_asked_again_tells_how_its_order_stands_now() {
    let stage = Stage::new("");
    let mut client = stage.client();
    for (symbol, end) in [("KO", "CANCELED"), ("MSFT", "FILLED"), ("AAPL", "WORKING")] {
        let order = json!({
            "account": "0017", "symbol": symbol, "action": "buy", "quantity": "1", "type": "limit", "limit_price": "50.00"
        });
        let placed_as = ticket(&mut client, order);
        let placed = place(&mut client, &placed_as);
        assert_eq!(state(&placed), "WORKING", "{placed}");
        let id = order_id(&placed);
        match end {
            "CANCELED" => assert_eq!(state(&client.call("cancel_order", json!({"order": id}))), "CANCELED"),
            "FILLED" => {
                stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id})));
            }
            // Without a list, it is told from when the word is.
            _ => stage.aries.faults(
                json!({"method": "GET", "path": "/v2/accounts/*", "fault": "status", "status": 403, "times": 9}),
            ),
        }
        for (client, later) in [(&mut client, false), (&mut stage.client(), true)] {
            let again = place(client, &placed_as);
            assert_eq!((state(&again), order_id(&again)), (end, id.clone()), "{again}");
            if end != "CANCELED" {
                // The end that the first one has seen is in the journal.
                let from_journal = text_of(&again).contains("as the journal had it at 20");
                assert_eq!(from_journal, end == "WORKING" || later, "{again}");
            }
        }
    }
    assert_eq!(stage.posts("/v1/orders"), 3);
    stage.verified();
}

/// A process may have read a list before another one canceled, and note it afterwards.
#[test]
fn a_state_from_before_an_end_does_not_undo_it() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let placed_as = ticket(&mut client, msft("0017"));
    let id = order_id(&place(&mut client, &placed_as));
    assert_eq!(state(&client.call("cancel_order", json!({"order": id}))), "CANCELED");
    let own = stage.journal()[0]["id"].as_str().unwrap().to_owned();
    stage.append(Event::Answered { id: own, order: Some(id), state: State::Working, note: None });
    assert_eq!(stage.journal()[0]["state"], "CANCELED");
    let preview = text_of(&client.call("preview_order", msft("0017")));
    assert!(preview.contains("(CANCELED): this would be another one"), "{preview}");
    assert_eq!(state(&place(&mut stage.client(), &placed_as)), "CANCELED");
    stage.verified();
}

/// What asking again has shown, the table of orders knows too.
#[test]
fn what_is_seen_when_a_ticket_is_asked_again_is_journalled_once() {
    let stage = Stage::new("");
    let mut client = stage.client();
    for (end, expected) in [("fill", "FILLED"), ("status", "REJECTED")] {
        let placed_as = ticket(&mut client, msft("0017"));
        let id = order_id(&place(&mut client, &placed_as));
        let body = json!({"clOrdId": id, "status": expected});
        stage.aries.http("POST", &format!("/sandbox/{end}"), None, Some(body));
        let before = stage.lines().len();
        for client in [&mut client, &mut stage.client()] {
            assert_eq!(state(&place(client, &placed_as)), expected);
        }
        assert_eq!(stage.lines().len(), before + 1);
        let now = stage.journal().into_iter().find(|order| order["order"] == json!(id));
        assert_eq!(now.unwrap()["state"], expected);
    }
    stage.verified();
}

/// A process of a single call, which looks only if the call makes it.
fn call(stage: &Stage, tool: &str, args: &Value) -> Output {
    stage.run(&["call", tool, &args.to_string()])
}

#[test]
fn a_later_process_looks_first_whatever_it_is_asked() {
    let stage = Stage::new("");
    for what in ["preview", "refused", "cancel"] {
        stage.leave_in_doubt(true);
        let doubtful = stage.journal().pop().unwrap();
        assert_eq!((&doubtful["event"], &doubtful["state"]), (&json!("sent"), &json!("UNKNOWN")));
        match what {
            // Another symbol: it is looked for all the same, and told.
            "preview" => {
                let preview = stdout(&call(&stage, "preview_order", &ko("1", "50")));
                assert!(preview.contains("an earlier order whose answer was lost is at Aries"), "{preview}");
            }
            "refused" => assert!(!call(&stage, "preview_order", &msft("9999")).status.success()),
            _ => {
                let canceled = stdout(&call(&stage, "cancel_order", &json!({"order": doubtful["id"]})));
                assert!(canceled.starts_with("CANCELED"), "{canceled}");
            }
        }
        let journal = stage.journal();
        let now = journal.iter().find(|order| order["id"] == doubtful["id"]).unwrap();
        assert_eq!(now["event"], "found", "{what}: {now}");
    }
    stage.verified();
}

#[test]
fn a_server_looks_when_it_starts_and_keeps_nobody_waiting() {
    let stage = Stage::new("");
    stage.leave_in_doubt(true);
    // Nothing that the look needs is answered.
    stage.aries.faults(
        json!({"method": "GET", "path": "/v2/accounts/*", "fault": "delay", "hold": true, "times": 9}),
    );
    let mut client = stage.client();
    stage.until_held();
    assert!(client.request("tools/list", json!({})).to_string().contains("preview_order"));
    assert!(client.text("get_accounts", json!({})).contains("0017"));
    assert!(client.close().success());
    assert_eq!(stage.journal()[0]["state"], "UNKNOWN");
    stage.behave();
    stage.release();
    let mut client = stage.client();
    stage.until_event("found");
    // Said once: it is no news any more.
    for news in [true, false] {
        let preview = text_of(&client.call("preview_order", ko("1", "50")));
        assert_eq!(preview.contains("an earlier order whose answer was lost is at Aries"), news, "{preview}");
    }
    stage.verified();
}

/// A look that failed at the start is made up for before the first order.
#[test]
fn a_server_that_started_without_a_network_looks_later() {
    let stage = Stage::new("");
    stage.leave_in_doubt(true);
    stage.aries.faults(
        json!({"method": "GET", "path": "/v2/accounts/*", "fault": "status", "status": 403, "times": 2}),
    );
    let mut client = stage.client();
    until("the failed look", || {
        stage.aries.http("GET", "/sandbox/stats", None, None)["faultsWaiting"] == json!(0)
    });
    assert_eq!(stage.journal()[0]["state"], "UNKNOWN");
    let preview = text_of(&client.call("preview_order", ko("1", "50")));
    assert!(preview.contains("an earlier order whose answer was lost is at Aries"), "{preview}");
}

#[test]
fn a_server_of_the_newer_protocol_looks_too() {
    let stage = Stage::new("");
    stage.leave_in_doubt(true);
    let mut client = stage.home.serve(&["serve"], &pairs(&stage.env()));
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"}
    });
    client.request("tools/list", json!({"_meta": meta}));
    stage.until_event("found");
}

#[test]
fn a_server_without_a_doubt_looks_at_nothing() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    place(&mut client, &first);
    assert!(client.close().success());
    stage.aries.http("DELETE", "/sandbox/log", None, None);
    let mut later = stage.client();
    later.request("tools/list", json!({}));
    assert!(later.close().success());
    assert_eq!(stage.aries.log(), Vec::<String>::new());
}

/// A person who decided on an order did not know of one that was found since, whoever found it.
#[test]
fn a_ticket_from_before_the_finding_is_refused_once() {
    let stage = Stage::new("");
    let lost = stage.leave_in_doubt(false);
    let mut client = stage.client();
    let second = ticket(&mut client, msft("0017"));
    stage.release();
    until("the late order", || stage.book(SIM, "MSFT").len() == 1);
    let found = stage.run(&["orders"]);
    assert!(stderr(&found).contains("found at Aries"), "{}", stderr(&found));
    let placed = place(&mut client, &second);
    assert_eq!(state(&placed), "NOT SENT", "{placed}");
    assert!(text_of(&placed).contains("was just found at Aries (BUY 10 MSFT"), "{placed}");
    assert_eq!(stage.book(SIM, "MSFT").len(), 1);
    // They know now, and may want another one.
    let third = ticket(&mut client, msft("0017"));
    assert_eq!(state(&place(&mut client, &third)), "WORKING");
    assert_eq!(state(&place(&mut client, &lost)), "WORKING");
    assert_eq!(stage.book(SIM, "MSFT").len(), 2);
    stage.verified();
}

#[test]
fn the_table_of_orders_looks_doubts_up_first() {
    let stage = Stage::new("");
    stage.leave_in_doubt(true);
    stage.aries.http("DELETE", "/sandbox/log", None, None);
    // For programs it is the journal as it is.
    assert_eq!(stage.journal()[0]["state"], "UNKNOWN");
    assert_eq!(stage.aries.log(), Vec::<String>::new());
    // Looking is no right to trade, and takes none.
    let table = stage.run(&["orders", "--read-only"]);
    assert!(table.status.success());
    assert!(stdout(&table).contains("WORKING") && !stdout(&table).contains("UNKNOWN"), "{}", stdout(&table));
    assert!(stderr(&table).contains("found at Aries"), "{}", stderr(&table));
    let log = stage.aries.log();
    assert!(!log.is_empty() && log.iter().all(|line| line.starts_with("GET ")), "{log:?}");
    // Nothing is in doubt any more, so nobody is asked.
    stage.aries.http("DELETE", "/sandbox/log", None, None);
    assert_eq!(stderr(&stage.run(&["orders"])), "");
    assert_eq!(stage.aries.log(), Vec::<String>::new());
    stage.verified();
}

/// The table shows the order in doubt, and one line on stderr says why nothing more is known.
fn shown(output: &Output, id: &str, why: &str) {
    assert!(output.status.success(), "{why}");
    assert!(stdout(output).contains("UNKNOWN") && stdout(output).contains(id), "{}", stdout(output));
    let said = stderr(output);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(id) && said.contains(why), "{why}: {said}");
}

#[test]
fn the_table_of_orders_is_shown_whatever_keeps_it_from_looking() {
    let stage = Stage::new("");
    let none = stage.run(&["orders"]);
    assert!(none.status.success() && stdout(&none).contains("No orders"), "{}", stderr(&none));
    assert!(stage.journal_file().is_none() && stage.aries.log().is_empty(), "something was made or asked");
    stage.leave_in_doubt(false);
    let id = stage.journal()[0]["id"].as_str().unwrap().to_owned();
    let shown = |output: &Output, why: &str| shown(output, &id, why);
    shown(&stage.run(&["orders"]), "not seen at Aries, which proves nothing");
    let lane = stage.lane_lock();
    shown(&stage.run(&["orders"]), "another process is sending that order or looking for it right now (");
    drop(lane);
    let mut env = stage.env();
    env.retain(|(name, _)| *name != "ARIES_ACCESS_TOKEN" && *name != "ARIES_SCOPES");
    shown(&stage.home.run(&["orders"], &pairs(&env)), "trouble: nobody is signed in");
}

/// Aries keeps silent, and then it is gone.
#[test]
fn the_table_of_orders_is_shown_without_aries() {
    let stage = Stage::new("");
    stage.leave_in_doubt(false);
    let id = stage.journal()[0]["id"].as_str().unwrap().to_owned();
    let shown = |output: &Output, why: &str| shown(output, &id, why);
    stage.aries.faults(json!({"method": "GET", "path": "/v2/*", "fault": "delay", "hold": true, "times": 9}));
    let env = stage.env();
    let silent = stage.home.run_within(Limits::BriefLists, &["orders"], &pairs(&env));
    shown(&silent, "not looked up at Aries: Aries did not answer in time");
    let Stage { aries, home } = stage;
    aries.end();
    shown(&home.run(&["orders"], &pairs(&env)), "Aries could not be reached");
    assert!(home.run(&["orders", "verify"], &pairs(&env)).status.success());
}

/// A process in its last checks, and others that are asked about its ticket meanwhile.
#[test]
fn what_may_be_about_to_be_sent_is_never_told_not_sent() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let in_its_checks = |client: &mut Client| {
        let ticket = ticket(client, msft("0017"));
        stage
            .aries
            .faults(json!({"method": "GET", "path": "/v1/accounts/*", "fault": "delay", "hold": true}));
        let call = begin_to_place(client, &ticket);
        stage.until_held();
        (ticket, call)
    };
    let (ticket, call) = in_its_checks(&mut client);
    let mut other = stage.client();
    let told = place(&mut other, &ticket);
    assert_eq!(state(&told), "UNKNOWN", "{told}");
    assert!(text_of(&told).contains("may be about to send it"), "{told}");
    stage.release();
    assert_eq!(state(&client.answer(call)["result"]), "WORKING");
    assert_eq!(state(&place(&mut other, &ticket)), "WORKING");
    // Whoever has said NOT SENT has written that down first, and then it is true.
    let (ticket, call) = in_its_checks(&mut client);
    let id = stage.lines().pop().unwrap()["id"].as_str().unwrap().to_owned();
    stage.append(Event::Dropped { id, note: "nobody waits for it".to_owned() });
    assert_eq!(state(&place(&mut other, &ticket)), "NOT SENT");
    stage.release();
    let answer = client.answer(call)["result"].clone();
    assert_eq!(state(&answer), "NOT SENT", "{answer}");
    assert!(text_of(&answer).contains("it was not sent in time"), "{answer}");
    assert_eq!(stage.posts("/v1/orders"), 1);
    stage.verified();
}

//! Who looks for an order in doubt, and who hears of it.

use serde_json::json;

use super::support::stage::*;
use super::support::text_of;

#[test]
fn a_ticket_of_an_ended_process_tells_what_became_of_its_order() {
    let stage = Stage::new("");
    let mut client = stage.client();
    // Sent, and killed before the answer; answered, and ended in peace.
    let lost = ticket(&mut client, msft("0017"));
    let known = ticket(&mut client, ko("1", "50"));
    assert_eq!(state(&place(&mut client, &known)), "WORKING");
    stage.fault("/v1/orders", json!({"fault": "delay", "delay_ms": 4000}));
    begin_to_place(&mut client, &lost);
    until("the second POST", || stage.posts("/v1/orders") == 2);
    client.kill();
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
fn killed_while_an_order_is_on_its_way_a_later_process_finds_it() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    stage.fault("/v1/orders", json!({"fault": "delay", "delay_ms": 20000}));
    begin_to_place(&mut client, &first);
    until("the POST", || stage.posts("/v1/orders") == 1);
    client.kill();
    assert_eq!(stage.journal()[0]["event"], "sent");
    assert_eq!(stage.journal()[0]["state"], "UNKNOWN");
    let mut later = stage.client();
    let one = json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "1", "type": "limit", "limit_price": "400"});
    let mut second = ticket(&mut later, one.clone());
    let mut placed = place(&mut later, &second);
    // The later process looks first. If that is only when placing, the person hears of it before another one is sent.
    if state(&placed) == "NOT SENT" {
        let text = text_of(&placed);
        assert!(text.contains("was just found at Aries (BUY 10 MSFT"), "{text}");
        assert_eq!(stage.posts("/v1/orders"), 1);
        second = ticket(&mut later, one);
        placed = place(&mut later, &second);
    }
    assert_eq!(state(&placed), "WORKING");
    let journal = stage.journal();
    assert_eq!(
        journal
            .iter()
            .map(|order| order["event"].as_str().unwrap())
            .filter(|event| *event != "dropped")
            .collect::<Vec<_>>(),
        ["found", "answered"]
    );
    assert_eq!(stage.book(SIM, "MSFT").len(), 2);
    stage.verified();
}

#[test]
fn a_later_process_looks_first_whatever_it_is_asked() {
    let stage = Stage::new("");
    for what in ["preview", "refused", "cancel"] {
        let mut client = stage.client();
        let first = ticket(&mut client, msft("0017"));
        stage.fault("/v1/orders", json!({"fault": "delay", "delay_ms": 20000}));
        let before = stage.posts("/v1/orders");
        begin_to_place(&mut client, &first);
        until("the POST", || stage.posts("/v1/orders") > before);
        client.kill();
        let doubtful = stage.journal().pop().unwrap();
        assert_eq!(doubtful["state"], "UNKNOWN");
        let mut later = stage.client();
        match what {
            // Another account and another symbol: it is looked for all the same, and told.
            "preview" => {
                let text = text_of(&later.call("preview_order", ko("1", "50")));
                assert!(text.contains("an earlier order whose answer was lost is at Aries"), "{text}");
                assert!(
                    !text_of(&later.call("preview_order", ko("1", "50"))).contains("whose answer was lost")
                );
            }
            "refused" => drop(later.failure("preview_order", msft("1002"))),
            _ => {
                let id = doubtful["id"].as_str().unwrap();
                assert_eq!(state(&later.call("cancel_order", json!({"order": id}))), "CANCELED");
            }
        }
        let journal = stage.journal();
        let now = journal.iter().find(|order| order["id"] == doubtful["id"]).unwrap();
        assert_eq!(now["event"], "found", "{what}: {now}");
    }
    stage.verified();
}

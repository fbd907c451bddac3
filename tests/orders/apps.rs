//! The order's page beside an answer (MCP Apps): it rejects, it approves simulated orders, and for a live one it only has
//! the approval page opened.

use serde_json::{Value, json};

use super::approval::{OPENED, Page, Watched};
use crate::support::stage::{begin_to_place, msft, place, state};
use crate::support::{Client, text_of};

/// What a client offers that shows pages.
fn showing() -> Value {
    json!({"extensions": {"io.modelcontextprotocol/ui": {"mimeTypes": ["text/html;profile=mcp-app"]}}})
}

fn client(stage: &Watched) -> Client {
    let mut client = stage.server(true);
    client.initialize_with("2025-11-25", showing());
    client
}

fn preview(client: &mut Client, account: &str) -> Value {
    let result = client.call("preview_order", msft(account));
    assert_ne!(result["isError"], json!(true), "{result}");
    result["structuredContent"].clone()
}

fn ticket(preview: &Value) -> String {
    preview["ticket"].as_str().unwrap().to_owned()
}

#[test]
fn a_rejected_order_is_not_sent_whatever_follows() {
    let stage = Watched::new(OPENED);
    let mut client = client(&stage);
    for account in ["0017", "1002"] {
        let ticket = ticket(&preview(&mut client, account));
        let rejected = client.call("reject_order", json!({"ticket": ticket}));
        assert_eq!(state(&rejected), "NOT SENT");
        assert!(text_of(&rejected).contains("the approval was declined"), "{rejected}");
        assert_eq!(text_of(&place(&mut client, &ticket)), text_of(&rejected));
    }
    // What was sent before stays sent.
    let sent = ticket(&preview(&mut client, "0017"));
    assert_eq!(state(&place(&mut client, &sent)), "WORKING");
    assert_eq!(state(&client.call("reject_order", json!({"ticket": sent}))), "WORKING");
    assert_eq!(stage.orders(), 1);
    assert!(stage.no_page());
}

#[test]
fn a_person_who_is_being_asked_may_reject_beside_the_answer() {
    let stage = Watched::new(OPENED);
    let mut client = client(&stage);
    let live = preview(&mut client, "1002");
    let ticket = ticket(&live);
    Page::at(live["approval_page"].as_str().unwrap()).get();
    let page = stage.opened();
    let token = page.token();
    let rejected = client.call("reject_order", json!({"ticket": ticket}));
    assert_eq!(state(&rejected), "NOT SENT", "{rejected}");
    assert!(text_of(&rejected).contains("the approval was declined"), "{rejected}");
    // A yes on the page that is still open comes too late, and the page says so.
    page.post(&page.own_origin(), &token, "approve");
    assert!(page.get().contains("NOT SENT"), "{}", page.get());
    assert_eq!(state(&place(&mut client, &ticket)), "NOT SENT");
    assert_eq!(stage.orders(), 0);
}

#[test]
fn a_question_of_the_client_is_answered_by_a_rejection_beside_it() {
    let stage = Watched::new(OPENED);
    let mut client = stage.server(true);
    let mut both = showing();
    both["elicitation"] = json!({"form": {}});
    client.initialize_with("2025-11-25", both);
    let ticket = ticket(&preview(&mut client, "1002"));
    let call = begin_to_place(&mut client, &ticket);
    client.notification("elicitation/create");
    assert_eq!(state(&client.call("reject_order", json!({"ticket": ticket}))), "NOT SENT");
    assert_eq!(state(&client.answer(call)["result"]), "NOT SENT");
    assert_eq!(stage.orders(), 0);
}

#[test]
fn a_ticket_that_is_not_of_this_process_is_never_said_to_be_rejected() {
    let stage = Watched::new(OPENED);
    let (mut one, mut other) = (client(&stage), client(&stage));
    // Not presented yet: nobody but its own process knows it.
    let waiting = ticket(&preview(&mut one, "1002"));
    for unknown in [waiting.as_str(), "t-0", "", "' OR 1=1", "\u{202e}t-1"] {
        let refused = other.failure("reject_order", json!({"ticket": unknown}));
        assert!(refused.contains("no such ticket") || refused.contains("ticket"), "{unknown}: {refused}");
        assert!(!refused.contains("rejected"), "{unknown}: {refused}");
    }
    assert_eq!(state(&one.call("reject_order", json!({"ticket": waiting}))), "NOT SENT");
    // Presented, and waiting for the person there.
    let live = preview(&mut one, "1002");
    Page::at(live["approval_page"].as_str().unwrap()).get();
    let page = stage.opened();
    let told = other.call("reject_order", json!({"ticket": ticket(&live)}));
    assert_eq!(state(&told), "WAITING FOR APPROVAL", "{told}");
    page.post(&page.own_origin(), &page.token(), "approve");
    assert_eq!(state(&place(&mut one, &ticket(&live))), "WORKING");
    // Sent.
    assert_eq!(state(&other.call("reject_order", json!({"ticket": ticket(&live)}))), "WORKING");
    assert_eq!(stage.orders(), 1);
}

#[test]
fn only_a_simulated_order_may_be_approved_beside_the_answer() {
    let stage = Watched::new(OPENED);
    let mut client = client(&stage);
    let simulated = preview(&mut client, "0017");
    assert_eq!(simulated["approve_here"], json!(true));
    assert_eq!(simulated.get("approval_page"), None);
    let live = preview(&mut client, "1002");
    assert_eq!(live.get("approve_here"), None);
    let address = live["approval_page"].as_str().unwrap();
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    assert!(!address.contains(live["ticket"].as_str().unwrap()), "{address}");
}

#[test]
fn where_the_client_approves_a_live_order_is_for_the_chat_alone() {
    let stage = Watched::new("[trading]\nlive = true\napproval = \"client\"\n");
    let live = preview(&mut client(&stage), "1002");
    assert_eq!((live.get("approve_here"), live.get("approval_page")), (None, None));
}

#[test]
fn the_address_for_a_live_order_only_has_the_person_asked() {
    let stage = Watched::new(OPENED);
    let mut client = client(&stage);
    let live = preview(&mut client, "1002");
    let door = Page::at(live["approval_page"].as_str().unwrap());
    // Asked by anybody, as often as they like: the person is asked once, and nothing is sent.
    for _ in 0..3 {
        let shown = door.get();
        assert!(shown.starts_with("HTTP/1.1 200"), "{shown}");
        assert!(shown.contains("approve or reject it there"), "{shown}");
        assert!(!shown.contains("MSFT") && !shown.contains("token"), "{shown}");
    }
    let decided = door.post("", "", "approve");
    assert!(decided.starts_with("HTTP/1.1 405"), "{decided}");
    assert_eq!(stage.orders(), 0);
    let page = stage.opened();
    assert_ne!(page.address(), door.address());
    page.post(&page.own_origin(), &page.token(), "approve");
    assert_eq!(state(&place(&mut client, &ticket(&live))), "WORKING");
    assert!(door.get().contains("The order is decided: WORKING"));
    assert_eq!(stage.orders(), 1);
}

#[test]
fn another_address_or_another_host_opens_nothing() {
    let stage = Watched::new(OPENED);
    let mut client = client(&stage);
    let live = preview(&mut client, "1002");
    let door = Page::at(live["approval_page"].as_str().unwrap());
    let strange = Page::at(&format!("{}0", door.address()));
    assert!(strange.get().starts_with("HTTP/1.1 404"));
    let rebound = door.send(&format!(
        "GET {} HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        door.address().split_once("/order").map(|(_, rest)| format!("/order{rest}")).unwrap()
    ));
    assert!(rebound.starts_with("HTTP/1.1 421"), "{rebound}");
    assert!(stage.no_page());
}

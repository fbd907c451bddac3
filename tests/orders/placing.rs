//! An order's plain way: listed, previewed, placed once, refused, ended in peace.

use aries_mcp::sandbox::Options;
use serde_json::{Value, json};

use crate::support::brisk::Limits;
use crate::support::stage::*;
use crate::support::{Aries, Home, READING, Signal, pairs, stdout, text_of};

#[test]
fn a_limit_order_is_previewed_placed_once_and_cancelled() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let preview = client.call("preview_order", msft("0017"));
    let text = text_of(&preview);
    assert!(
        text.contains(
            "BUY 10 MSFT, limit 400.00, day, account …0017 SANDBOX (plays simulated), about 4,000.00 USD"
        ),
        "{text}"
    );
    for fact in [
        "Estimated cost|4,000.00",
        "Margin|",
        "Buying power effect|",
        "\nday trades: 0\n",
        "judged by: bid ",
        "ticket: t-",
    ] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
    let facts = &preview["structuredContent"];
    assert_eq!(facts["estimated_cost"], "4000.00");
    let ticket = facts["ticket"].as_str().unwrap();
    let placed = place(&mut client, ticket);
    assert_eq!(state(&placed), "WORKING");
    assert!(
        text_of(&placed).starts_with("WORKING · SANDBOX (plays simulated) …0017 · BUY 10 MSFT"),
        "{placed}"
    );
    // Previewed once more, it says that this would be another one.
    assert!(
        text_of(&client.call("preview_order", msft("0017")))
            .contains("the same order was sent 0 min ago (WORKING)")
    );
    // The same ticket is only a key to the outcome.
    assert_eq!(text_of(&place(&mut client, ticket)), text_of(&placed));
    assert_eq!(stage.posts("/v1/orders"), 1);
    let book = stage.book(SIM, "MSFT");
    assert_eq!(book.len(), 1);
    assert_eq!(book[0]["clientId"], placed["structuredContent"]["client_id"]);
    let id = placed["structuredContent"]["order_id"].as_str().unwrap();
    let cancelled = client.call("cancel_order", json!({"order": id}));
    assert_eq!(state(&cancelled), "CANCELED");
    assert_eq!(state(&client.call("cancel_order", json!({"order": id, "account": "0017"}))), "CANCELED");
    assert_eq!(stage.posts("/v1/orders/cancel"), 1);
    let journal = stage.journal();
    assert_eq!(
        (journal.len(), &journal[0]["body"]["qty"], &journal[0]["order"]),
        (1, &json!("10"), &json!(id))
    );
    stage.verified();
}

#[test]
fn without_the_right_or_read_only_nothing_is_listed() {
    let stage = Stage::new("");
    let names = |args: &[&str], env: &[(&'static str, String)]| {
        let output = stage.home.run(args, &pairs(env));
        stdout(&output)
    };
    let trade = ["preview_order", "place_order", "cancel_order"];
    let listed = names(&["tools", "--json"], &stage.env());
    assert!(trade.iter().all(|tool| listed.contains(&format!("\"{tool}\""))), "{listed}");
    let reading = names(&["tools", "--json"], &stage.aries.env(READING));
    let read_only = names(&["tools", "--json", "--read-only"], &stage.env());
    let mut unknown = stage.env();
    unknown.retain(|(name, _)| *name != "ARIES_SCOPES");
    let unknown = names(&["tools", "--json"], &unknown);
    for list in [reading, read_only, unknown] {
        assert!(trade.iter().all(|tool| !list.contains(&format!("\"name\": \"{tool}\""))), "{list}");
    }
    let mut client = stage.home.serve(&["serve", "--read-only"], &pairs(&stage.env()));
    client.initialize("2025-06-18");
    assert!(client.failure("preview_order", msft("0017")).contains("not available"));
    assert!(client.failure("place_order", json!({"ticket": "x"})).contains("not available"));
}

#[test]
fn a_live_account_is_closed_unless_the_person_opened_it() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let preview = client.call("preview_order", msft("1002"));
    let told = text_of(&preview);
    let barred = "cannot be placed: account …1002 is live, and live trading is off, so there is no ticket; only the person can";
    assert!(told.lines().last().unwrap().starts_with(barred), "{told}");
    assert!(!told.contains("ticket:") && !told.contains("next:"), "{told}");
    assert!(!told.contains("live = true") && !told.contains("config.toml"), "{told}");
    let structured = preview["structuredContent"].as_object().unwrap();
    assert!(!structured.contains_key("ticket") && !structured.contains_key("expires_at"), "{structured:?}");
    assert_eq!((stage.posts("/v1/orders"), stage.posts("/v1/orders/preview")), (0, 1));
    assert_eq!(stage.journal(), Vec::<Value>::new());
    assert!(
        client
            .failure(
                "preview_order",
                json!({"symbol": "MSFT", "action": "buy", "quantity": "1", "type": "market"})
            )
            .contains("several accounts are open")
    );
    let unknown = client.failure("place_order", json!({"ticket": "t-0000"}));
    assert!(unknown.contains("no such ticket") && unknown.contains("get_orders first"), "{unknown}");
    assert!(!unknown.contains("NOT SENT"), "{unknown}");
}

#[test]
fn a_preview_on_a_closed_live_account_tells_what_else_the_order_would_need() {
    let stage = Stage::new("[trading]\nmax_order_value = 1000\nmax_value_per_day = 2000\n");
    let mut client = stage.client();
    let told = client.text("preview_order", msft("1002"));
    for limit in [
        "a value of 4,000.00 USD, and the limit is 1,000.00 USD",
        "0.00 USD were ordered today, and 4,000.00 USD more would pass the limit of 2,000.00 USD a day",
    ] {
        let warning = format!("\nwarning: even with live trading on it is not allowed: {limit}\n");
        assert_eq!(told.matches(&warning).count(), 1, "{told}");
    }
    // A written call with nothing behind it is told as such, and a purchase of the same contract has its payoff.
    let days = client.text("get_option_chain", json!({"symbol": "KO"}));
    let day = days.lines().nth(1).unwrap().split(' ').nth(2).unwrap().to_owned();
    let option = |action: &str| {
        json!({"account": "1002", "symbol": format!("KO {day} 80 C"), "action": action, "quantity": "3", "type": "limit",
            "limit_price": "0.02"})
    };
    let written = client.text("preview_order", option("sell_to_open"));
    assert!(written.contains("UNCOVERED"), "{written}");
    assert!(
        client.text("preview_order", option("buy_to_open")).contains("maximum loss: 6.00 USD without fees")
    );
    assert_eq!(stage.posts("/v1/orders"), 0);
}

#[test]
fn a_closed_live_account_outside_the_allowed_ones_is_not_previewed() {
    for config in ["[trading]\naccounts = [\"0017\"]\n", "[trading]\nsymbols_deny = [\"MSFT\"]\n"] {
        let stage = Stage::new(config);
        let refused = stage.client().failure("preview_order", msft("1002"));
        assert!(refused.contains("not allowed: ") && refused.contains("that are allowed"), "{refused}");
        assert_eq!(stage.posts("/v1/orders/preview"), 0);
    }
}

#[test]
fn a_cancelled_call_leaves_no_ticket_half_way() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, ko("1", "50"));
    place(&mut client, &first);
    let second = ticket(&mut client, msft("0017"));
    let busy = stage.journal_lock();
    let call = begin_to_place(&mut client, &second);
    // What is answered was read after the call has begun to wait for the journal.
    client.request("ping", json!({}));
    client.notify("notifications/cancelled", json!({"requestId": call}));
    client.request("ping", json!({}));
    drop(busy);
    // The person asks what became of it: it went on, once.
    assert_eq!(state(&place(&mut client, &second)), "WORKING");
    assert_eq!(stage.book(SIM, "MSFT").len(), 1);
    assert_eq!(stage.posts("/v1/orders"), 2);
    stage.verified();
}

#[test]
fn eight_processes_at_once_book_what_each_meant_once() {
    let stage = Stage::new("");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut client = stage.client();
                let ticket = ticket(&mut client, ko("1", "50"));
                let ids: Vec<u64> = (0..3).map(|_| begin_to_place(&mut client, &ticket)).collect();
                for id in ids {
                    let placed = client.answer(id)["result"].clone();
                    assert!(["WORKING", "NOT SENT"].contains(&state(&placed)), "{placed}");
                }
            });
        }
    });
    let journal = stage.journal();
    assert_eq!(journal.len(), 8);
    let sent = journal.iter().filter(|order| order["state"] != "NOT SENT").count();
    assert_eq!((stage.book(SIM, "KO").len(), stage.posts("/v1/orders")), (sent, sent));
    assert!(sent >= 3, "{sent}");
    stage.verified();
}

#[test]
fn a_refusal_is_told_and_leaves_no_doubt() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let faults = [
        (
            json!({"fault": "status", "status": 200, "body": "{\"success\":false,\"status\":\"REJECTED\",\"text\":\"not today\"}"}),
            "REJECTED",
            "not today",
        ),
        (
            json!({"fault": "status", "status": 400, "body": "{\"error\":\"bad price\"}"}),
            "NOT SENT",
            "bad price",
        ),
        (json!({"fault": "status", "status": 403}), "NOT SENT", "403"),
        (json!({"fault": "status", "status": 429}), "NOT SENT", "429"),
        (json!({"fault": "status", "status": 401}), "NOT SENT", "401"),
    ];
    for (fault, expected, said) in faults {
        let next = ticket(&mut client, msft("0017"));
        stage.fault("/v1/orders", fault);
        let placed = place(&mut client, &next);
        assert_eq!(state(&placed), expected, "{placed}");
        assert!(text_of(&placed).contains(said), "{placed}");
    }
    assert_eq!(stage.book(SIM, "MSFT").len(), 0);
    let next = ticket(&mut client, msft("0017"));
    assert_eq!(state(&place(&mut client, &next)), "WORKING");
    stage.verified();
}

/// A no that is no whole refusal of Aries: the order may have been booked all the same, and it is sent once.
#[test]
fn a_no_that_proves_nothing_is_looked_up_and_the_order_never_sent_again() {
    let denials = [
        (401, r#"{"error":"unauthorized"}"#),
        (401, ""),
        (403, "<html>forbidden</html>"),
        (404, r#"{"message":"no route"}"#),
        (429, "too many"),
        (400, r#"{"error":"bad pr"#),
        (422, "{}"),
    ];
    std::thread::scope(|scope| {
        for (status, body) in denials {
            scope.spawn(move || {
                let stage = signed_in();
                let env =
                    [("ARIES_API_URL", stage.aries.origin.as_str()), ("ARIES_CLIENT_ID", "sandbox-client")];
                let mut client = stage.home.serve_within(Limits::Brisk, &["serve"], &env);
                client.initialize("2025-11-25");
                // `body` books the order, `status` does not.
                for (fault, expected) in [("body", "WORKING"), ("status", "NOT SENT")] {
                    let next = ticket(&mut client, msft("0017"));
                    let before = stage.posts("/v1/orders");
                    stage.fault("/v1/orders", json!({"fault": fault, "status": status, "body": body}));
                    let placed = place(&mut client, &next);
                    assert_eq!(state(&placed), expected, "{status} {body}: {placed}");
                    assert!(text_of(&placed).contains(&format!("Aries refused ({status})")), "{placed}");
                    assert_eq!(stage.posts("/v1/orders"), before + 1, "{status} {body}");
                }
                assert_eq!(stage.book(SIM, "MSFT").len(), 1, "{status} {body}");
                // What was denied and is not there holds nothing back.
                let next = ticket(&mut client, msft("0017"));
                assert_eq!(state(&place(&mut client, &next)), "WORKING");
            });
        }
    });
}

/// Without lists a denial is not believed either.
#[test]
fn a_no_that_cannot_be_looked_up_is_a_doubt() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    stage.fault("/v1/orders", json!({"fault": "status", "status": 401, "hold": true}));
    let call = begin_to_place(&mut client, &first);
    stage.until_held();
    stage.aries.faults(
        json!({"method": "GET", "path": "/v2/accounts/*", "fault": "status", "status": 403, "times": 99}),
    );
    stage.release();
    let placed = client.answer(call)["result"].clone();
    assert_eq!(state(&placed), "UNKNOWN", "{placed}");
    assert_eq!(stage.posts("/v1/orders"), 1);
}

/// The preview changes nothing, so it is asked again once the sign-in is renewed.
#[test]
fn a_preview_that_is_answered_with_401_is_asked_again() {
    let stage = signed_in();
    let env = [("ARIES_API_URL", stage.aries.origin.as_str()), ("ARIES_CLIENT_ID", "sandbox-client")];
    let mut client = stage.home.serve_within(Limits::Brisk, &["serve"], &env);
    client.initialize("2025-11-25");
    stage.fault("/v1/orders/preview", json!({"fault": "status", "status": 401}));
    let told = client.text("preview_order", msft("0017"));
    assert!(told.contains("Estimated cost"), "{told}");
    assert_eq!(stage.posts("/v1/orders/preview"), 2);
}

/// A stage on which a person has signed in for trading.
fn signed_in() -> Stage {
    let aries = Aries::start(Options { rate_limits: false, auto_consent: true, ..Options::default() });
    let stage = Stage { aries, home: Home::new() };
    stage.home.sign_in_with(&stage.aries, &["--trade"]);
    stage
}

#[test]
fn told_to_end_while_an_order_is_on_its_way_it_is_journalled_first() {
    for signal in [Signal::Terminate, Signal::Interrupt, Signal::HangUp] {
        let stage = Stage::new("");
        let mut client = stage.client();
        let first = ticket(&mut client, msft("0017"));
        stage.fault("/v1/orders", json!({"fault": "delay", "hold": true}));
        begin_to_place(&mut client, &first);
        stage.until_held();
        client.signal(signal);
        stage.release();
        assert!(client.wait().success());
        let journal = stage.journal();
        assert_eq!(journal[0]["event"], "answered", "{signal:?}: {journal:?}");
        assert_eq!(stage.posts("/v1/orders"), 1);
    }
}

#[test]
fn an_order_that_is_rejected_after_it_was_accepted_is_told_as_rejected() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    // Aries acknowledges, and its answer takes a second; meanwhile the exchange has its say.
    stage.fault("/v1/orders", json!({"fault": "delay", "delay_ms": 1000}));
    let call = begin_to_place(&mut client, &first);
    until("the order in the book", || !stage.book(SIM, "MSFT").is_empty());
    let id = stage.book(SIM, "MSFT")[0]["clOrdId"].clone();
    stage.aries.http("POST", "/sandbox/status", None, Some(json!({"clOrdId": id, "status": "REJECTED"})));
    let result = client.answer(call)["result"].clone();
    assert_eq!(state(&result), "REJECTED");
    assert!(text_of(&result).contains("the exchange rejected it"), "{result}");
    assert_eq!(stage.journal()[0]["state"], "REJECTED");
    // The same later, after it was told as working.
    let second = ticket(&mut client, msft("0017"));
    let working = place(&mut client, &second);
    assert_eq!(state(&working), "WORKING");
    stage.aries.http(
        "POST",
        "/sandbox/status",
        None,
        Some(json!({"clOrdId": order_id(&working), "status": "REJECTED"})),
    );
    assert_eq!(state(&place(&mut client, &second)), "REJECTED");
    stage.verified();
}

#[test]
fn the_open_account_socket_tells_what_became_of_an_order() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let resting = order_id(&{
        let resting = ticket(&mut client, msft("0017"));
        place(&mut client, &resting)
    });
    let waiting =
        json!({"name": "wait_for", "arguments": {"order": resting}, "_meta": {"progressToken": "p"}});
    let waiting = client.send("tools/call", waiting);
    // Once the socket tells of an account, an order on it settles without the lists.
    until("the subscription", || stage.aries.log().iter().any(|line| line == "GET /v1/accounts/ws"));
    let mut order = msft("0017");
    order["limit_price"] = json!("430.00");
    let bought = ticket(&mut client, order);
    stage.fault("/v1/orders", json!({"fault": "delay", "hold": true}));
    let placing = begin_to_place(&mut client, &bought);
    stage.until_held();
    let lists =
        json!({"method": "GET", "path": "/v2/accounts/*", "fault": "status", "status": 503, "times": 100});
    stage.aries.faults(lists);
    stage.release();
    let placed = client.answer(placing)["result"].clone();
    assert_eq!(state(&placed), "FILLED", "{placed}");
    client.notify("notifications/cancelled", json!({"requestId": waiting}));
}

//! What was approved is what exists: whatever the sentence says, or a check relied on, is read again before the POST.

use serde_json::{Value, json};

use crate::support::brisk::Limits;
use crate::support::stage::*;
use crate::support::{Client, text_of};

const LIVE: &str = "AR4471002";

/// What Aries says of the simulated account from now on, with these changes.
fn account_becomes(stage: &Stage, changes: &Value) {
    let mut row = json!({"trading_account_id": SIM, "broker_account_id": "", "status": "OPEN", "is_sim": true,
        "account_type": "", "account_class": ""});
    row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let body = json!({"accounts": [row]}).to_string();
    stage.aries.faults(json!({"path": "/v2/users/me/accounts", "fault": "body", "body": body, "times": 99}));
}

fn configure(stage: &Stage, text: &str) {
    std::fs::write(stage.home.path("config/config.toml"), text).unwrap();
}

/// Places a ticket, which must not be sent; what is told.
fn not_sent(stage: &Stage, client: &mut Client, ticket: &str) -> String {
    let told = place(client, ticket);
    assert_eq!(state(&told), "NOT SENT", "{told}");
    assert_eq!(stage.posts("/v1/orders") + stage.posts("/v1/orders/replace"), 0, "{told}");
    text_of(&told)
}

#[test]
fn an_order_is_not_sent_to_an_account_that_is_not_what_it_was() {
    for (changes, told) in [
        (json!({"is_sim": false}), "kind of account: SANDBOX (plays simulated) → SANDBOX (plays live)"),
        (json!({"status": "SUSPENDED"}), "status: OPEN → SUSPENDED"),
        (json!({"account_class": "CASH"}), "class: none → CASH"),
        (json!({"account_type": "JOINT"}), "type: none → JOINT"),
        (
            json!({"trading_account_id": "SIM1110099"}),
            "account …0017 is not in Aries' list of accounts any more",
        ),
    ] {
        let stage = Stage::new("[trading]\nlive = true\n");
        let mut client = stage.client();
        let ticket = ticket(&mut client, msft("0017"));
        account_becomes(&stage, &changes);
        let text = not_sent(&stage, &mut client, &ticket);
        assert!(text.contains(told), "{changes}: {text}");
        assert!(text.contains("next: nothing was sent") && text.contains("preview_order"), "{text}");
        // Once more it tells the same.
        assert_eq!(text_of(&place(&mut client, &ticket)), text);
        stage.verified();
    }
}

#[test]
fn an_account_that_became_live_is_previewed_by_the_limits_of_live_ones() {
    let stage = Stage::new("[trading]\nlive = true\n");
    let mut client = stage.client();
    let large = || ko("600", "50.00");
    ticket(&mut client, large());
    account_becomes(&stage, &json!({"is_sim": false}));
    let told = client.failure("preview_order", large());
    assert!(told.contains("600 shares, and the limit is 500"), "{told}");
}

#[test]
fn a_replacement_is_not_sent_for_an_order_that_differs_in_anything() {
    for (changes, told) in [
        (json!({"timeInForce": "GTC"}), "time in force: DAY → GTC"),
        (json!({"side": "SELL"}), "names two orders"),
        (json!({"price": "390.00"}), "limit: 400.00 → 390.00"),
        (json!({"qty": "11", "leavesQty": "11"}), "quantity: 10 → 11"),
        (json!({"cumQty": "1", "leavesQty": "9"}), "filled: 0 → 1"),
        (json!({"type": "STOP_LIMIT", "stopPrice": "399.00"}), "type: LIMIT → STOP_LIMIT"),
        (json!({"symbol": "AAPL"}), "names two orders"),
        (json!({"clientId": "another program"}), "client id: am-"),
        (json!({"ordStatus": "SUSPENDED"}), "status: WORKING → WORKING (Aries calls it \"SUSPENDED\")"),
        (json!({"ordStatus": "PENDING_CANCEL"}), "it is WORKING (Aries calls it \"PENDING_CANCEL\")"),
        (json!({"ordStatus": "FILLED", "cumQty": "10", "leavesQty": "0"}), "it is FILLED"),
    ] {
        let stage = Stage::new("");
        let mut client = stage.client();
        let first = ticket(&mut client, msft("0017"));
        let id = order_id(&place(&mut client, &first));
        let change = ticket(&mut client, json!({"account": "0017", "replaces": id, "limit_price": "401.00"}));
        let mut row = stage.book(SIM, "MSFT").remove(0);
        row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        stage.lists(&[row]);
        let placed = place(&mut client, &change);
        assert_eq!(state(&placed), "NOT SENT", "{changes}: {placed}");
        let text = text_of(&placed);
        assert!(text.contains("has changed since the preview") && text.contains(told), "{changes}: {text}");
        assert_eq!(stage.posts("/v1/orders/replace"), 0);
        stage.verified();
    }
}

#[test]
fn an_order_is_not_sent_when_the_position_is_another_one() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let sale = json!({"account": "0017", "symbol": "AAPL", "action": "sell", "quantity": "1", "type": "limit",
        "limit_price": "400.00"});
    let positions = |quantity: &str| {
        let row = json!({"accountId": SIM, "symbol": "AAPL", "securityType": "EQUITY", "quantity": quantity});
        let body = json!({"positions": [row]}).to_string();
        let path = format!("/v1/accounts/{SIM}/positions");
        stage.behave();
        stage.aries.faults(json!({"path": path, "fault": "body", "body": body, "times": 99}));
        let agreed = json!({"estimatedCost": "1.00"}).to_string();
        stage
            .aries
            .faults(json!({"path": "/v1/orders/preview", "fault": "body", "body": agreed, "times": 99}));
    };
    positions("100");
    let ticket = ticket(&mut client, sale);
    positions("60");
    let text = not_sent(&stage, &mut client, &ticket);
    assert!(text.contains("the position has changed since the preview, AAPL: 100 → 60"), "{text}");
}

#[test]
fn a_config_file_that_was_tightened_counts_at_once() {
    let live = "[trading]\nlive = true\n";
    let stage = Stage::new(live);
    let mut client = stage.client();
    for (now, told) in [
        (
            "",
            "live trading is off (the config file was tightened since aries-mcp started: live: true → false)",
        ),
        ("[trading]\nlive = true\nmax_order_value = 100\n", "max_order_value: default → 100"),
        ("[trading]\nlive = true\nmax_orders_per_day = 0\n", "max_orders_per_day: default → 0"),
        (
            "[trading]\nlive = true\naccounts = [\"0017\"]\n",
            "account …1002 is not among those that are allowed",
        ),
        ("[trading]\nlive = true\nsymbols_deny = [\"MSFT\"]\n", "symbols_deny: none → MSFT"),
        ("[trading]\nlive = true\nsymbols_allow = [\"KO\"]\n", "symbols_allow: every one → KO"),
        ("[trading]\nlive = true\norder_types = [\"market\"]\n", "order_types: every one → market"),
        ("read_only = true\n[trading]\nlive = true\n", "`read_only` = true by now"),
        ("[trading]\nlive = maybe\n", "config.toml line 2"),
        ("[trading]\nlive = true\nsymbols_deny = [\"$$$\"]\n", "\"$$$\" is no ticker"),
    ] {
        configure(&stage, live);
        ticket(&mut client, msft("1002"));
        configure(&stage, now);
        let text = text_of(&client.call("preview_order", msft("1002")));
        assert!(!text.contains("ticket: "), "{now}: {text}");
        assert!(text.contains(told), "{now}: {text}");
    }
}

/// Has the person asked, changes something while the question is open, and says yes.
fn approved_after(config: &str, between: impl Fn(&Stage)) -> (Stage, String) {
    let stage = Stage::new(config);
    let mut client =
        stage.home.serve_within(Limits::AnyAnswer, &["serve"], &crate::support::pairs(&stage.env()));
    client.initialize_with("2025-11-25", json!({"elicitation": {"form": {}}}));
    let ticket = ticket(&mut client, msft("1002"));
    let call = begin_to_place(&mut client, &ticket);
    let question = client.notification("elicitation/create");
    between(&stage);
    let yes = json!({"action": "accept", "content": {"decision": "approve"}});
    client.send_line(&json!({"jsonrpc": "2.0", "id": question["id"], "result": yes}).to_string());
    let told = client.answer(call)["result"].clone();
    let text = text_of(&told);
    assert_eq!(state(&told) == "NOT SENT", stage.posts("/v1/orders") == 0, "{told}");
    (stage, text)
}

#[test]
fn a_config_file_that_is_tightened_while_the_person_is_asked_counts_too() {
    let live = "[trading]\nlive = true\n";
    for (now, told) in [
        ("[trading]\nlive = false\n", "live: true → false"),
        ("[trading]\nlive = true\nmax_order_value = 100\n", "max_order_value: default → 100"),
        (
            "[trading]\nlive = true\nprice_collar_percent = 0.5\nmax_contracts = 1\nsymbols_deny = [\"MSFT\"]\n",
            "MSFT is not among the symbols",
        ),
        ("nonsense", "what is allowed cannot be read any more"),
    ] {
        let (_stage, text) = approved_after(live, |stage| configure(stage, now));
        assert!(text.starts_with("NOT SENT") && text.contains(told), "{now}: {text}");
    }
    let gone = |stage: &Stage| std::fs::remove_file(stage.home.path("config/config.toml")).unwrap();
    let (_stage, text) = approved_after(live, gone);
    assert!(text.starts_with("NOT SENT") && text.contains("config.toml is gone"), "{text}");
    // What is loosened changes nothing for this order, which is allowed as it is.
    let loosened = "[trading]\nlive = true\nmax_order_value = 9000\n";
    let (_stage, text) = approved_after(live, |stage| configure(stage, loosened));
    assert!(text.starts_with("WORKING"), "{text}");
}

#[test]
fn an_account_that_turns_simulated_while_the_person_is_asked_is_not_ordered_on() {
    let (_stage, text) = approved_after("[trading]\nlive = true\n", |stage| {
        account_becomes(stage, &json!({"trading_account_id": LIVE, "is_sim": true}));
    });
    assert!(
        text.starts_with("NOT SENT") && text.contains("plays live) → SANDBOX (plays simulated)"),
        "{text}"
    );
}

#[test]
fn a_config_file_that_was_loosened_counts_after_a_restart() {
    let stage = Stage::new("[trading]\nmax_order_value = 100\n");
    let mut client = stage.client();
    configure(&stage, "[trading]\nlive = true\nmax_order_value = 90000\n");
    let told = client.failure("preview_order", msft("0017"));
    assert!(told.contains("the limit is 100"), "{told}");
    let told = client.text("preview_order", msft("1002"));
    assert!(
        told.contains("live trading is off") && told.contains("counts once the client is restarted"),
        "{told}"
    );
    drop(client);
    let mut client = stage.client();
    ticket(&mut client, msft("0017"));
    let limits = client.request("resources/read", json!({"uri": "aries://trading/limits"}));
    assert!(limits.to_string().contains("90000"), "{limits}");
}

/// The person chose to rely on the client's prompt, and has thought better of it.
#[test]
fn a_person_is_asked_as_soon_as_the_file_says_so() {
    let client_asks = "[trading]\nlive = true\napproval = \"client\"\n";
    let stage = Stage::new(client_asks);
    let mut client = stage.client();
    let first = ticket(&mut client, msft("1002"));
    assert_eq!(state(&place(&mut client, &first)), "WORKING");
    let second = ticket(&mut client, msft("1002"));
    configure(&stage, "[trading]\nlive = true\n");
    // Nobody can be asked here: no browser, and a client that asks nothing.
    let told = place(&mut client, &second);
    assert_eq!((state(&told), stage.posts("/v1/orders")), ("NOT SENT", 1), "{told}");
    assert!(text_of(&told).contains("no person could be asked"), "{told}");
}

/// A pipe in the place of the config file: reading it never ends.
#[cfg(unix)]
#[test]
fn a_config_file_that_cannot_be_read_stops_orders_and_nothing_else() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let ticket = ticket(&mut client, msft("0017"));
    let path = stage.home.path("config/config.toml");
    std::fs::remove_file(&path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let text = not_sent(&stage, &mut client, &ticket);
    assert!(text.contains("config.toml is no file"), "{text}");
    client.text("get_accounts", json!({}));
}

//! Requests of both kinds of protocol on one pipe: after `initialize`, and those that carry their own version.

use crate::support::{Aries, Client, Home, READING, modern, pairs, text_of};
use serde_json::{Value, json};

fn accounts() -> Value {
    json!({"name": "get_accounts", "arguments": {}})
}

fn started() -> Client {
    Home::new().serve(&["--sandbox"], &[])
}

#[test]
fn a_session_of_one_kind_does_not_end_the_other_kind() {
    let mut client = started();
    client.request("server/discover", modern(json!({})));
    let result = client.request("tools/call", modern(accounts()));
    assert_eq!(result["resultType"], "complete");
    for version in ["2025-06-18", "2024-11-05"] {
        assert_eq!(client.initialize(version)["protocolVersion"], version);
        let tools = client.request("tools/list", json!({}));
        assert_eq!(tools.get("ttlMs"), None, "no older version has that");
        assert!(client.text("get_accounts", json!({})).starts_with("SANDBOX"));
        assert_eq!(client.request("ping", json!({})), json!({}));
        let result = client.request("tools/call", modern(accounts()));
        assert_eq!(result["resultType"], "complete");
    }
    assert!(client.close().success());
}

#[test]
fn before_initialize_a_request_without_a_version_is_told_what_it_lacks() {
    let mut client = started();
    for _ in 0..2 {
        let id = client.send("tools/list", json!({}));
        let error = client.answer(id)["error"].clone();
        assert_eq!(error["code"], -32602, "{error}");
        let words = error["message"].as_str().unwrap();
        assert!(words.contains("send `initialize` first") && words.contains("/protocolVersion"), "{words}");
        assert_eq!(client.request("ping", json!({})), json!({}));
        client.request("tools/list", modern(json!({})));
    }
    let id = client.send("initialize", json!({"protocolVersion": 7}));
    assert_eq!(client.answer(id)["error"]["message"], "the parameters are not those of initialize");
    client.initialize("2025-11-25");
    client.request("tools/list", json!({}));
}

/// A version that `initialize` cannot agree to is no version of the calls after it.
#[test]
fn what_is_agreed_on_counts_also_for_a_second_initialize() {
    let mut client = started();
    client.request("tools/list", modern(json!({})));
    assert_eq!(client.initialize("2026-07-28")["protocolVersion"], "2025-11-25");
    let result = client.request("tools/call", accounts());
    assert_eq!(result.get("resultType"), None, "{result}");
}

#[test]
fn what_a_client_notifies_before_initialize_ends_nothing() {
    let mut client = started();
    client.notify("notifications/initialized", json!({}));
    client.request("tools/list", modern(json!({})));
    client.notify("notifications/initialized", json!({}));
    client.send_line(r#"{"jsonrpc":"2.0","id":77,"result":{}}"#);
    client.initialize("2025-06-18");
    assert!(client.text("get_accounts", json!({})).starts_with("SANDBOX"));
}

#[test]
fn of_two_calls_with_one_id_the_second_is_refused_while_the_first_one_runs() {
    let aries = Aries::start(Default::default());
    let env = aries.env(READING);
    let mut client = Home::new().serve(&["serve"], &pairs(&env));
    client.initialize("2025-06-18");
    for id in [json!(70), json!("seventy")] {
        let line = |params| json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params});
        aries.faults(slow_once());
        client.send_line(&line(accounts()).to_string());
        client.send_line(&line(json!({"name": "find_symbol", "arguments": {"query": "Apple"}})).to_string());
        let refused = client.receive();
        assert_eq!((&refused["id"], &refused["error"]["code"]), (&id, &json!(-32600)), "{refused}");
        assert!(refused["error"]["message"].as_str().unwrap().contains("the same id"), "{refused}");
        let answer = client.receive();
        assert_eq!(answer["id"], id);
        assert!(text_of(&answer["result"]).contains("2 accounts"), "{answer}");
        // Some clients give every request the same id, one after the other.
        client.send_line(&line(accounts()).to_string());
        assert!(text_of(&client.receive()["result"]).contains("2 accounts"));
    }
}

#[test]
fn the_id_of_a_call_that_was_cancelled_is_free() {
    let aries = Aries::start(Default::default());
    aries.faults(slow_once());
    let env = aries.env(READING);
    let mut client = Home::new().serve(&["serve"], &pairs(&env));
    client.initialize("2025-06-18");
    let line = json!({"jsonrpc": "2.0", "id": 70, "method": "tools/call", "params": accounts()});
    client.send_line(&line.to_string());
    client.notify("notifications/cancelled", json!({"requestId": 70}));
    client.request("ping", json!({}));
    client.send_line(&line.to_string());
    assert!(text_of(&client.receive()["result"]).contains("2 accounts"));
    // At once after the cancel, while the first one is still ending, and cancelled once more.
    aries.faults(slow_once());
    let cancel = json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 70}});
    client.send_line(&format!("{line}\n{cancel}\n{line}\n{cancel}\n{line}"));
    let answer = client.receive();
    assert_eq!(answer["id"], 70, "{answer}");
    assert!(text_of(&answer["result"]).contains("2 accounts"), "{answer}");
}

fn slow_once() -> Value {
    json!([{"path": "/v2/users/me/accounts", "times": 1, "fault": "delay", "delay_ms": 400}])
}

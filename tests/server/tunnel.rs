//! ChatGPT on the web, as OpenAI's Secure MCP Tunnel client carries it: all conversations share one process and one
//! pipe, nothing is asked through the client, and a call is cut after 120 seconds.

use crate::support::{Aries, Home, READING, pairs, text_of};
use serde_json::{Value, json};

fn initialize(client: &mut crate::support::Client) -> Value {
    let params = json!({"protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "openai-mcp", "version": "1"}});
    client.request("initialize", params)
}

fn discover(number: u32, params: &Value) -> String {
    let id = format!("openai-mcp-discover-{number}");
    json!({"jsonrpc": "2.0", "id": id, "method": "server/discover", "params": params}).to_string()
}

fn modern() -> Value {
    json!({"_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "openai-mcp", "version": "1"}
    }})
}

#[test]
fn a_stray_notification_between_discover_and_initialize_ends_nothing() {
    for params in [json!({}), modern()] {
        let mut client = Home::new().serve(&["--sandbox"], &[]);
        client.send_line(&discover(1, &params));
        assert_eq!(client.receive()["id"], "openai-mcp-discover-1");
        client.notify("notifications/initialized", json!({}));
        client.notify("notifications/roots/list_changed", json!({}));
        initialize(&mut client);
        assert!(client.text("get_accounts", json!({})).starts_with("SANDBOX"));
        assert!(client.close().success());
    }
}

#[test]
fn a_call_that_comes_before_everything_is_answered_with_an_error() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    let id = client.send("tools/call", json!({"name": "get_accounts", "arguments": {}}));
    assert_eq!(client.answer(id)["error"]["code"], -32602);
    initialize(&mut client);
    assert!(client.text("get_accounts", json!({})).starts_with("SANDBOX"));
}

#[test]
fn conversations_share_one_pipe_and_none_says_that_it_is_initialized() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    for number in 1..=3 {
        client.send_line(&discover(number, &modern()));
        assert_eq!(client.receive()["id"], format!("openai-mcp-discover-{number}"));
        assert_eq!(initialize(&mut client)["protocolVersion"], "2025-06-18");
        assert!(client.text("get_accounts", json!({})).starts_with("SANDBOX"));
    }
    assert!(client.close().success());
}

#[test]
fn ten_calls_at_once_are_each_answered() {
    let mut client = Home::new().serve(&["--sandbox"], &[]);
    initialize(&mut client);
    let calls: Vec<u64> = (0..10)
        .map(|_| client.send("tools/call", json!({"name": "get_quotes", "arguments": {"symbols": ["AAPL"]}})))
        .collect();
    for id in calls {
        let answer = client.answer(id);
        assert!(text_of(&answer["result"]).contains("AAPL"), "{answer}");
    }
}

/// The tunnel tells nobody that a call was cut: what comes later is nobody's answer, and the others go on.
#[test]
fn a_call_that_was_cut_disturbs_no_other() {
    let aries = Aries::start(Default::default());
    let late = json!([{"path": "/v2/users/me/accounts", "times": 1, "fault": "delay", "delay_ms": 400}]);
    aries.faults(late);
    let env = aries.env(READING);
    let mut client = Home::new().serve(&["serve"], &pairs(&env));
    initialize(&mut client);
    let cut = client.send("tools/call", json!({"name": "get_accounts", "arguments": {}}));
    assert!(client.text("find_symbol", json!({"query": "Apple"})).contains("AAPL"));
    // Every call ends by itself long before the tunnel would cut it.
    assert!(aries_mcp::timing::Timing::default().call < std::time::Duration::from_secs(120));
    assert!(text_of(&client.answer(cut)["result"]).contains("2 accounts"));
    assert!(client.close().success());
}

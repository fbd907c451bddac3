//! What Aries says of a failure reaches the reader, in whichever shape it comes.

use aries_mcp::sandbox::Options;
use serde_json::json;

use crate::support::{Aries, Home, READING, pairs, stderr, stdout};

const SAID: &str = "a fault rule of the sandbox answers this";

#[test]
fn every_shape_of_an_error_is_read() {
    let (aries, home) = (Aries::start(Options::default()), Home::new());
    let mut client = home.serve(&["serve"], &pairs(&aries.env(READING)));
    client.initialize("2025-11-25");
    for (shape, said) in [
        (json!(null), format!("error: Aries refused (422): {SAID} (request req-")),
        (json!("nested"), format!("error: Aries refused (422): {SAID} (request req-")),
        (json!("flat"), format!("error: Aries refused (422): {SAID}\n")),
        (json!("list"), format!("error: Aries refused (422): {SAID}\n")),
        (json!("oauth"), format!("error: Aries refused (422): {SAID}\n")),
        (json!("text"), format!("error: Aries refused (422): sandbox_fault: {SAID}\n")),
        (json!("html"), "error: Aries refused (422): sandbox_fault\n".to_owned()),
        (json!("empty"), "error: Aries refused (422)\n".to_owned()),
    ] {
        aries.http("POST", "/sandbox/options", None, Some(json!({"error_shape": shape})));
        aries.faults(json!({"path": "/v1/marketdata/search", "fault": "status", "status": 422}));
        let text = client.failure("find_symbol", json!({"query": "Apple"}));
        assert!(text.starts_with(&said), "{shape}: {text}");
    }
}

#[test]
fn the_order_history_names_the_field_in_its_own_shape() {
    let aries = Aries::start(Options::default());
    let token = aries.issue(READING).access_token;
    let yesterday = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
    let path = format!("/v2/accounts/SIM8820017/orders/history?from={yesterday}&limit=0");
    let flat = aries.http("GET", &path, Some(&token), None);
    assert_eq!((&flat["codes"][0]["field"], flat["error"].is_string()), (&json!("limit"), true), "{flat}");
    let nested = aries.http("GET", "/v1/marketdata/search", Some(&token), None);
    assert_eq!(nested["error"]["details"][0]["field"], "query", "{nested}");
}

#[test]
fn a_refused_watchlist_and_a_refused_order_say_why() {
    let stage = crate::support::stage::Stage::new("");
    let mut client = stage.client();
    let body = r#"{"error":{"type":"CONFLICT","code":"WATCHLIST_ALREADY_EXISTS","message":"the name is taken","request_id":"req-77"}}"#;
    stage.aries.faults(json!([{"method": "PUT", "path": "/v1/*", "fault": "status", "status": 400, "body": body},
        {"method": "POST", "path": "/v1/config/watchlist*", "fault": "status", "status": 400, "body": body}]));
    let text =
        client.failure("edit_watchlist", json!({"action": "create", "list": "New", "account": "0017"}));
    assert!(text.contains("the name is taken (request req-77)"), "{text}");
    stage.fault(
        "/v1/orders/preview",
        json!({"fault": "status", "status": 400, "body": r#"{"success":false,"ordRejReason":"LOT_SIZE","text":"only whole lots"}"#}),
    );
    let text = client.failure("preview_order", crate::support::stage::msft("0017"));
    assert!(text.contains("LOT_SIZE: only whole lots"), "{text}");
}

#[test]
fn half_a_token_in_an_error_is_hidden() {
    let (aries, home) = (Aries::start(Options::default()), Home::new());
    let env = aries.env(READING);
    let token = &env[1].1;
    let half = &token[..token.len() / 2];
    let mut client = home.serve(&["serve"], &pairs(&env));
    client.initialize("2025-11-25");
    for body in [format!(r#"{{"error":{{"message":"bad token {half}"}}}}"#), format!("bad token {token}")] {
        aries
            .faults(json!({"path": "/v1/marketdata/search", "fault": "status", "status": 403, "body": body}));
        let text = client.failure("find_symbol", json!({"query": "Apple"}));
        assert!(text.contains("bad token (hidden)") && !text.contains(half), "{text}");
    }
}

#[test]
fn login_says_what_the_token_endpoint_refuses_in_every_shape() {
    for (shape, said) in [
        ("flat", "the client secret is missing or wrong"),
        ("nested", "the client secret is missing or wrong (request req-"),
        ("oauth", "the client secret is missing or wrong"),
        ("text", "invalid_client: the client secret is missing or wrong"),
    ] {
        let options =
            Options { auto_consent: true, require_secret: Some("a-secret".into()), ..Options::default() };
        let (aries, home) = (Aries::start(options), Home::new());
        aries.http("POST", "/sandbox/options", None, Some(json!({"error_shape": shape})));
        let text = home.login(&aries, &[]).said;
        assert!(text.contains("Aries does not accept this client id and secret"), "{shape}: {text}");
        assert!(text.contains(said), "{shape}: {text}");
    }
}

#[test]
fn the_log_shows_each_request_without_its_values() {
    let (aries, home) = (Aries::start(Options::default()), Home::new());
    let env = aries.env(READING);
    // Where the call for the status is refused, the socket is asked.
    aries.faults(json!([
        {"path": "/v1/accounts/*", "fault": "status", "status": 503},
        {"path": "/v1/market/status", "fault": "status", "status": 403, "times": 2},
    ]));
    let calls = [
        ("get_portfolio", r#"{"account":"0017"}"#),
        ("find_symbol", r#"{"query":"Zebra"}"#),
        ("get_market_status", "{}"),
    ];
    let mut log = String::new();
    for (tool, args) in calls {
        let output = home.run(&["call", tool, args, "--log", "debug"], &pairs(&env));
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
        log += &stderr(&output);
    }
    for line in [
        "GET /v1/marketdata/search?query&limit: 200, ",
        ": 503, ",
        " ms, try 1",
        " ms, try 2",
        "/accounts/…0017/positions: 200, ",
        " bytes, ",
        "GET /v1/market/ws: 101, ",
        "socket sent a sign-in, ",
        "socket received ",
    ] {
        assert!(log.contains(line), "{line:?} is missing in {log}");
    }
    for hidden in [env[1].1.as_str(), "Zebra", "SIM8820017", "8820017"] {
        assert!(!log.contains(hidden), "{hidden:?} is in {log}");
    }
}

#[test]
fn the_log_shows_token_calls_without_their_bodies() {
    let options = Options { auto_consent: true, ..Options::default() };
    let (aries, home) = (Aries::start(options), Home::new());
    let login = home.login(&aries, &["--log", "debug"]);
    let log = login.said;
    assert!(log.contains("POST /v1/oauth2/token: 200, "), "{log}");
    let code = login.landed.split_once("code=").unwrap().1.split('&').next().unwrap();
    assert!(!log.contains(code) && !log.contains("grant_type"), "{log}");
}

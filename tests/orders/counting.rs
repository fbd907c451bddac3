//! What counts against the limits, and which accounts count as live.

use serde_json::{Value, json};

use crate::support::stage::*;

#[test]
fn rejected_refused_and_unknown_orders_count() {
    let stage = Stage::new("[trading]\nmax_orders_per_day = 3\nmax_value_per_day = 100000\n");
    let mut client = stage.client();
    let rejected = r#"{"success":false,"status":"REJECTED","clOrdId":"R-1","text":"not today"}"#;
    let refused =
        r#"{"error":{"type":"invalid_request_error","code":"closed","message":"the account is closed"}}"#;
    for (symbol, fault) in [
        ("KO", json!({"fault": "status", "status": 200, "body": rejected})),
        ("F", json!({"fault": "status", "status": 400, "body": refused})),
        ("MSFT", json!({"fault": "drop_after"})),
    ] {
        let order = json!({"account": "0017", "symbol": symbol, "action": "buy", "quantity": "1", "type": "limit",
            "limit_price": "5"});
        let ticket = ticket(&mut client, order);
        stage.fault("/v1/orders", fault);
        place(&mut client, &ticket);
    }
    let told = client.failure("preview_order", ko("1", "50"));
    assert!(told.contains("3 orders were sent today, and the limit is 3"), "{told}");
}

/// Has Aries say this of every account until it behaves again.
fn say(stage: &Stage, accounts: &[Value]) {
    let body = json!({"accounts": accounts}).to_string();
    stage.aries.faults(json!({"path": "/v2/users/me/accounts", "fault": "body", "body": body, "times": 99}));
}

#[test]
fn an_account_that_wavers_counts_as_live() {
    let account = |is_sim: bool| json!({"trading_account_id": SIM, "status": "OPEN", "is_sim": is_sim});
    let counts = "so it counts as live, and live trading is off";
    // In two answers to one process, and in one answer.
    let stage = Stage::new("");
    let mut client = stage.client();
    say(&stage, &[account(false)]);
    assert!(client.text("preview_order", msft("0017")).contains("is live, and live trading is off"));
    stage.behave();
    say(&stage, &[account(true)]);
    let told = client.failure("preview_order", msft("0017"));
    assert!(told.contains(counts) && told.contains("Client Center"), "{told}");
    stage.behave();
    let mut client = stage.client();
    say(&stage, &[account(true), account(false)]);
    assert!(client.text("preview_order", msft("0017")).contains("live trading is off"));
    // The journal knows of another process, another day.
    let stage = Stage::new("[trading]\nlive = true\napproval = \"client\"\n");
    say(&stage, &[account(false)]);
    let mut client = stage.client();
    let ticket = ticket(&mut client, msft("0017"));
    place(&mut client, &ticket);
    stage.behave();
    let limits = "[trading]\nlive = false\n";
    std::fs::write(stage.home.path("config/config.toml"), limits).unwrap();
    let mut client = stage.client();
    assert!(client.failure("preview_order", msft("0017")).contains(counts));
    // With live trading on it is one, by the limits of live accounts and by name.
    std::fs::write(stage.home.path("config/config.toml"), "[trading]\nlive = true\n").unwrap();
    let mut client = stage.client();
    let told = client.text("preview_order", ko("1", "50"));
    assert!(told.contains("account …0017 SANDBOX (plays live)"), "{told}");
    let mut large = msft("0017");
    large["quantity"] = json!("13");
    assert!(client.failure("preview_order", large).contains("the limit is 5,000.00 USD"));
}

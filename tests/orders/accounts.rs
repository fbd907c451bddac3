//! The command line, the tools and a preview read an account in the same way, whatever JSON type Aries uses.

use serde_json::{Value, json};

use crate::support::stage::{SIM, Stage, msft};
use crate::support::{stdout, text_of};

/// Has Aries list this one account until it behaves again.
fn lists(stage: &Stage, account: &Value) {
    let body = json!({"accounts": [account]}).to_string();
    stage.aries.faults(json!({"path": "/v2/users/me/accounts", "fault": "body", "body": body, "times": 99}));
}

#[test]
fn all_agree_on_simulated_or_live() {
    let stage = Stage::new("");
    let mut client = stage.client();
    for (said, simulated) in [
        (json!(true), true),
        (json!("True"), true),
        (json!(1), true),
        (json!("1"), true),
        (json!("FALSE"), false),
        (json!(0), false),
        (Value::Null, false),
    ] {
        lists(&stage, &json!({"trading_account_id": SIM, "status": "OPEN", "is_sim": said}));
        let environment = if simulated { "SANDBOX (plays simulated)" } else { "SANDBOX (plays live)" };
        let status: Value = serde_json::from_str(&stdout(&stage.run(&["status", "--json"]))).unwrap();
        assert_eq!(status["accounts"][0]["environment"], environment, "{said}");
        let accounts = client.call("get_accounts", json!({}));
        assert_eq!(accounts["structuredContent"]["accounts"][0]["environment"], environment, "{said}");
        let portfolio = client.text("get_portfolio", json!({}));
        assert!(portfolio.starts_with(environment), "{said}: {portfolio}");
        let preview = text_of(&client.call("preview_order", msft("0017")));
        let expected = if simulated { environment } else { "is live, and live trading is off" };
        assert!(preview.contains(expected), "{said}: {preview}");
        stage.behave();
    }
}

#[test]
fn what_is_wrong_with_an_account_is_the_same_error_everywhere() {
    let stage = Stage::new("");
    let mut client = stage.client();
    for (account, error) in [
        (
            json!({"trading_account_id": SIM, "status": "OPEN", "is_sim": "perhaps"}),
            r#"Aries sent an account of which is_sim says neither yes nor no: "perhaps""#,
        ),
        (
            json!({"status": "OPEN", "is_sim": true}),
            "Aries' answer differs from its documentation: `trading_account_id` is missing, there are `status`, `is_sim`",
        ),
    ] {
        lists(&stage, &account);
        let status: Value = serde_json::from_str(&stdout(&stage.run(&["status", "--json"]))).unwrap();
        assert!(status["problem"].as_str().is_some_and(|problem| problem.starts_with(error)), "{status}");
        assert_eq!(status["accounts"], Value::Null, "{status}");
        for (tool, args) in [
            ("get_accounts", json!({})),
            ("get_portfolio", json!({})),
            ("get_orders", json!({})),
            ("preview_order", msft("0017")),
        ] {
            let told = client.failure(tool, args);
            assert!(told.starts_with(&format!("error: {error}")), "{tool}: {told}");
        }
        let doctor = stdout(&stage.run(&["doctor"]));
        assert!(doctor.contains(error), "{doctor}");
        stage.behave();
    }
}

/// A 401, or a page of a gateway, is no proof that a list was not changed: the change is sent once.
#[test]
fn a_change_of_a_watchlist_is_never_sent_again() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let changes = |stage: &Stage| {
        stage.aries.log().iter().filter(|line| line.starts_with("POST /v1/config/watchlist")).count()
    };
    for (number, (status, body)) in
        [(401, r#"{"error":"unauthorized"}"#), (403, "<html>"), (400, r#"{"error":"ba"#)]
            .into_iter()
            .enumerate()
    {
        let rule = json!({"fault": "body", "status": status, "body": body});
        stage.fault("/v1/config/watchlist", rule);
        let list = format!("Chips {number}");
        let args = json!({"action": "create", "list": list, "symbols": ["NVDA"]});
        let told = client.failure("edit_watchlist", args);
        assert!(told.contains("the watchlists may have changed or not"), "{status}: {told}");
        assert_eq!(changes(&stage), number + 1, "{status}");
        assert!(client.text("get_watchlists", json!({})).contains(&list), "{status}");
    }
}

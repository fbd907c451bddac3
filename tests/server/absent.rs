//! What a session hears of tools that it lacks, and what clients hear beside the list.

use serde_json::{Value, json};

use crate::support::{Aries, Client, Home, READING, editing, pairs, stderr};

/// Arguments and variables of the server, why it lacks the tool, and what helps.
type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a str, &'a str);

fn server(args: &[&str], env: &[(&str, &str)]) -> (Client, String) {
    let mut client = Home::new().serve(args, env);
    let hello = client.initialize("2025-11-25");
    (client, hello["instructions"].as_str().unwrap().to_owned())
}

#[test]
fn an_absent_order_tool_says_why_and_what_the_person_can_do() {
    let aries = Aries::start(Default::default());
    let reading = aries.env(&editing());
    let unknown = &reading[..2];
    let cases: [Case<'_>; 6] = [
        (&["--sandbox", "--read-only"], &[], "this server is read-only", "take read-only out of"),
        (&["--sandbox"], &[("ARIES_READ_ONLY", "1")], "this server is read-only", "take read-only out of"),
        (
            &["--sandbox", "--toolsets", "market"],
            &[],
            "its toolset, trading, is not",
            "add trading to the toolsets",
        ),
        (&["serve"], &[], "nobody is signed in", "aries-mcp login"),
        (&["serve"], &pairs(&reading), "is not known to grant order:execution", "ARIES_SCOPES"),
        (&["serve"], &pairs(unknown), "is not known to grant order:execution", "ARIES_SCOPES"),
    ];
    for (args, env, cause, remedy) in cases {
        let (mut client, _) = server(args, env);
        for tool in ["preview_order", "place_order", "cancel_order"] {
            let text = client.failure(tool, json!({}));
            assert!(text.contains(&format!("{tool} is not available in this session: ")), "{text}");
            assert!(
                text.contains(cause) && text.contains("only the person can") && text.contains(remedy),
                "{text}"
            );
        }
    }
}

#[test]
fn another_absent_tool_says_it_too() {
    let aries = Aries::start(Default::default());
    let env = aries.env(READING);
    let (mut client, _) = server(&["serve"], &pairs(&env));
    let text = client.failure("edit_watchlist", json!({}));
    assert!(text.contains("watchlist:management"), "{text}");
    let (mut client, _) = server(&["--sandbox", "--toolsets", "market"], &[]);
    let text = client.failure("get_calendar", json!({}));
    assert!(text.contains("its toolset, calendar, is not switched on"), "{text}");
}

#[test]
fn the_instructions_speak_of_orders_where_there_are_orders() {
    let (_, usual) = server(&["--sandbox"], &[]);
    assert!(usual.contains("preview_order") && !usual.contains("may not order"), "{usual}");
    let (_, read_only) = server(&["--sandbox", "--read-only"], &[]);
    assert!(!read_only.contains("preview_order") && !read_only.contains("login --trade"), "{read_only}");
}

#[test]
fn a_person_hears_it_in_call() {
    for (args, env, code, words) in [
        (vec!["call", "preview_order"], vec![], 3, "nobody is signed in"),
        (vec!["--sandbox", "--read-only", "call", "place_order"], vec![], 2, "this server is read-only"),
        (
            vec!["--sandbox", "--toolsets", "market", "call", "cancel_order"],
            vec![],
            2,
            "run it with --toolsets default,trading",
        ),
        (vec!["--sandbox", "call", "get_quote"], vec![], 2, "did you mean get_quotes?"),
    ] {
        let output = Home::new().run(&args, &env);
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        assert!(
            stderr(&output).contains(words) && !stderr(&output).contains("tell them"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn live_trading_that_is_off_says_what_the_person_can_do() {
    let (mut client, _) = server(&["--sandbox"], &[]);
    let accounts = client.call("get_accounts", json!({}));
    let listed = accounts["structuredContent"]["accounts"].as_array().unwrap().clone();
    let live = listed.iter().find(|one| one["environment"].as_str().unwrap().contains("plays live")).unwrap();
    let order = json!({"account": live["account"].as_str().unwrap().trim_start_matches('…'), "symbol": "MSFT",
        "action": "buy", "quantity": 1, "type": "limit", "limit_price": 400});
    let text = client.text("preview_order", order);
    assert!(
        text.contains("live trading is off") && text.contains("only the person can switch it on"),
        "{text}"
    );
    // Nothing that a model could write into a file by itself.
    assert!(!text.contains("live = true"), "{text}");
}

#[test]
fn claude_is_told_which_tools_to_load_and_where_to_ask() {
    let (mut client, _) = server(&["--sandbox"], &[]);
    let list = client.request("tools/list", json!({}));
    let told = |key: &str| -> Vec<Value> {
        let tools = list["tools"].as_array().unwrap().iter();
        tools.filter(|tool| tool["_meta"][key] == true).map(|tool| tool["name"].clone()).collect()
    };
    assert_eq!(told("anthropic/requiresUserInteraction"), ["place_order"]);
    assert_eq!(told("anthropic/alwaysLoad"), ["get_portfolio", "get_quotes", "preview_order"]);
}

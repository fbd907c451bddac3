//! What an answer or an error advises to do next.

use serde_json::json;

use crate::support::{Aries, Client, Home, READING, pairs, stderr, text_of};

fn start() -> (Aries, Client) {
    let aries = Aries::start(Default::default());
    let mut client = Home::new().serve(&["serve", "--toolsets", "all"], &pairs(&aries.env(READING)));
    client.initialize("2025-11-25");
    (aries, client)
}

fn practice() -> Client {
    let mut client = Home::new().serve(&["serve", "--sandbox"], &[]);
    client.initialize("2025-11-25");
    client
}

#[test]
fn yields_are_named_where_they_are_asked_for_and_nowhere_else() {
    let (_aries, mut client) = start();
    let text = client.text("find_symbol", json!({"query": "Qwertzuiop"}));
    assert!(text.contains("\nnothing found; ") && !text.contains("get_economy"), "{text}");
    let text = client.text("find_symbol", json!({"query": "treasury qwertz"}));
    assert!(text.contains("\nget_economy has the yields") && !text.contains("off by default"), "{text}");
    for (tool, args) in [
        ("get_bars", json!({"symbol": "TNX", "interval": "1d"})),
        ("get_technicals", json!({"symbol": "^TNX"})),
        ("get_news", json!({"symbol": "TNX"})),
        ("get_option_chain", json!({"symbol": "TNX"})),
        ("wait_for", json!({"symbol": "TNX", "above": "5", "seconds": 1})),
    ] {
        let text = text_of(&client.call(tool, args));
        assert!(text.contains("TNX is the 10-year Treasury yield; get_economy has"), "{tool}: {text}");
    }
}

#[test]
fn a_wait_for_what_is_not_known_ends_as_an_error() {
    let (_aries, mut client) = start();
    let error = client.failure("wait_for", json!({"symbol": "NOPE1", "above": "5", "seconds": 2}));
    assert!(error.contains("NOPE1: Aries has no price") && error.contains("find_symbol"), "{error}");
    assert!(!error.contains("again"), "{error}");
}

#[test]
fn accounts_are_advised_where_one_was_named_alone() {
    let (aries, mut client) = start();
    aries.faults(json!([{"path": "/v1/*", "fault": "status", "status": 404, "times": 99}]));
    for (tool, args) in [
        ("get_company", json!({"symbol": "NOPE1"})),
        ("get_news", json!({"symbol": "NOPE1"})),
        ("get_technicals", json!({"view": "levels", "symbol": "NOPE1", "interval": "1d"})),
        ("get_option_chain", json!({"symbol": "NOPE1"})),
    ] {
        let text = text_of(&client.call(tool, args));
        assert!(text.contains("find_symbol") && !text.contains("get_accounts"), "{tool}: {text}");
    }
}

#[test]
fn an_order_for_no_symbol_is_told_what_orders_take() {
    let mut client = practice();
    let mut failure = |symbol: &str| {
        let args = json!({"account": "0017", "symbol": symbol, "action": "buy", "quantity": "1", "type": "limit",
            "limit_price": "10.00"});
        client.failure("preview_order", args)
    };
    let error = failure("no symbol!");
    assert!(
        error.contains("is not a symbol") && !error.contains("an index") && !error.contains("/ES"),
        "{error}"
    );
    assert!(failure("APPLE").contains("find_symbol"), "{}", failure("APPLE"));
    for (root, index) in [("SPXW", "SPX"), ("SPX", "SPX"), ("rutw", "RUT")] {
        let error = failure(root);
        assert!(error.contains(&format!("{index} is an index, and an index cannot be bought")), "{error}");
    }
}

#[test]
fn the_root_of_index_options_has_the_price_of_the_index() {
    let mut client = practice();
    let text = client.text("get_quotes", json!({"symbols": ["SPXW", "SPX"]}));
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("SPX")).collect();
    assert!(rows.len() == 1 && rows[0].starts_with("SPX|") && !rows[0].starts_with("SPX|—"), "{text}");
}

#[test]
fn the_columns_of_a_view_are_a_plain_answer() {
    let (_aries, mut client) = start();
    let text = client.text("get_calendar", json!({"fields": ["?"]}));
    assert_eq!(
        text.split(" · ").nth(1).unwrap(),
        "earnings has: quarter, year, EPS surprise, revenue surprise, rating, target, ratings, success, return, or all"
    );
    client.text("get_company", json!({"symbol": "AAPL", "fields": "?"}));
    client.text("get_market_status", json!({"fields": ["all"]}));
}

#[test]
fn a_range_of_prices_is_not_told_in_words_of_time() {
    let (_aries, mut client) = start();
    let args = json!({"symbol": "AAPL", "expiration": "nearest", "strike_from": "300", "strike_to": "200"});
    let error = client.failure("get_option_chain", args);
    assert!(error.contains("is above `strike_to`"), "{error}");
    assert!(error.contains("give a lower `strike_from` or a higher `strike_to`"), "{error}");
}

#[test]
fn expirations_come_in_order_and_what_is_no_day_is_counted() {
    let (aries, mut client) = start();
    let body = json!({"expiryDates": ["2099-12-18", "soon", "2020-01-17", "2099-03-20", "2099-03-20", "2099-13-01"]});
    let path = "/v1/options/AAPL/expiry-dates";
    aries.faults(json!([{"path": path, "fault": "body", "body": body.to_string(), "times": 9}]));
    let text = client.text("get_option_chain", json!({"symbol": "AAPL"}));
    assert!(text.contains(" · 3 dates · "), "{text}");
    assert!(text.contains("\n2020-01-17 (over) 2099-03-20 2099-12-18\nleft out, since Aries' answer cannot be read there: 2 dates"), "{text}");
}

#[test]
fn a_call_without_the_name_of_its_file_says_so() {
    let aries = Aries::start(Default::default());
    let error = stderr(&Home::new().run(&["call", "get_quotes", "@"], &pairs(&aries.env(READING))));
    assert!(error.contains("behind @ the name of a file is missing"), "{error}");
}

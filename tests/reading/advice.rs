//! What an answer or an error advises to do next.

use serde_json::{Value, json};

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
    // The rows as by default, and below them the names.
    let args = json!({"view": "dividends", "holdings": true});
    let rows = client.text("get_calendar", args);
    let text = client.text("get_calendar", json!({"view": "dividends", "holdings": true, "fields": ["?"]}));
    assert_eq!(text.lines().nth(1), rows.lines().nth(1), "{text}");
    assert!(text.contains("\nAAPL|") && text.ends_with("\nfurther `fields`: record, kind, or all"), "{text}");
    client.text("get_company", json!({"symbol": "AAPL", "fields": "?"}));
    client.text("get_market_status", json!({"fields": ["all"]}));
}

#[test]
fn an_empty_answer_names_the_days_and_does_not_doubt_the_arguments() {
    let (aries, mut client) = start();
    let none = |path: &str, list: &str| json!({"path": path, "fault": "body", "body": format!("{{\"{list}\":[]}}"), "times": 9});
    aries.faults(json!([
        none("/v1/options/activity", "activities"),
        none("/v1/stock/split", "results"),
        none("/v1/corporate-actions/ipo-calendar", "ipos")
    ]));
    let mut last = |tool: &str, args: Value| client.text(tool, args).lines().nth(1).unwrap().to_owned();
    for (args, said) in [
        (json!({"view": "activity", "from": "today"}), "none today"),
        (
            json!({"view": "activity", "from": "2026-11-23", "to": "2026-11-24"}),
            "none from 2026-11-23 to 2026-11-24",
        ),
        (json!({"view": "activity", "from": "2026-11-23"}), "none since 2026-11-23"),
        (json!({"view": "activity", "from": "2026-10"}), "none from 2026-10-01 to 2026-10-31"),
        (json!({"view": "activity"}), "Aries has nothing for this"),
        (json!({"view": "activity", "symbol": "KO"}), "Aries has nothing for this; the symbol may be wrong"),
    ] {
        assert_eq!(last("get_option_activity", args.clone()), said, "{args}");
    }
    assert_eq!(last("get_calendar", json!({"view": "ipos", "from": "2026-12-01"})), "none on 2026-12-01");
    assert_eq!(
        last("get_calendar", json!({"view": "splits", "from": "2026-12-01"})),
        "none from 2026-12-01 on"
    );
}

#[test]
fn the_days_of_the_largest_option_trades_are_told() {
    let mut client = practice();
    let text = client.text("get_option_activity", json!({"view": "activity"}));
    let mut days: Vec<&str> =
        text.lines().filter(|line| line.starts_with("20")).map(|line| &line[..10]).collect();
    days.sort_unstable();
    // Few rows are the largest of all, not the largest of a small page.
    let few = client.text("get_option_activity", json!({"view": "activity", "limit": 2}));
    let rows = |text: &str| text.lines().skip(2).take(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(&few), rows(&text), "{few}");
    assert!(few.contains("\nnext: cursor "), "{few}");
    let told = format!(" · {} to {} · ", days.first().unwrap(), days.last().unwrap());
    assert!(text.lines().next().unwrap().contains(&told), "{text}");
}

#[test]
fn a_list_that_is_missing_is_one_action_away() {
    let mut client = practice();
    let error =
        client.failure("edit_watchlist", json!({"action": "add", "list": "Tech", "symbols": ["NVDA"]}));
    assert!(
        error.contains(
            "hint: action create makes it with these symbols, if the person wants that; there are: "
        ),
        "{error}"
    );
}

#[test]
fn an_expiration_in_words_tells_its_days_and_those_beside_it() {
    let mut client = practice();
    let args = json!({"symbol": "AAPL", "expiration": "30 days", "side": "call", "strikes": 2});
    let text = client.text("get_option_chain", args);
    let read = text.lines().last().unwrap();
    let words: Vec<&str> = read.split(' ').collect();
    assert!(read.starts_with("30 days: 20") && words[3].starts_with('(') && words[4] == "days);", "{text}");
    assert!(read.contains("; before it 20") && read.contains(", next 20"), "{text}");
    let args = json!({"symbol": "AAPL", "expiration": words[2], "side": "call", "strikes": 2});
    assert!(!client.text("get_option_chain", args).contains("before it"));
}

#[test]
fn the_days_that_nobody_named_are_told() {
    let mut client = practice();
    let text = client.text("get_calendar", json!({"view": "dividends", "holdings": true}));
    assert!(text.contains(" (the usual days: 100 days ago) · ") && text.contains("|pays on|"), "{text}");
    let text = client.text("get_calendar", json!({"view": "earnings", "holdings": true, "from": "today"}));
    assert!(!text.contains("usual days"), "{text}");
    let text = client.text("get_portfolio", json!({"account": "1002"}));
    assert!(text.contains("\ngreeks per share of the underlying, not of the position:\ncontract|"), "{text}");
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

//! What the six first tools answer, held against figures computed here from Aries' own answers, and what they say when
//! Aries fails.

use std::str::FromStr;

use crate::support::{Aries, Client, Home, READING, pairs};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// A server with a ready token on an embedded Aries of its own.
struct Rig {
    aries: Aries,
    token: String,
    client: Client,
    _home: Home,
}

impl Rig {
    fn start() -> Self {
        Self::with_scopes(READING)
    }

    fn with_scopes(scopes: &[&str]) -> Self {
        let aries = Aries::start(Default::default());
        let env = aries.env(scopes);
        let home = Home::new();
        let mut client = home.serve(&["serve"], &pairs(&env));
        client.initialize("2025-11-25");
        let token = env[1].1.clone();
        Self { aries, token, client, _home: home }
    }

    fn raw(&self, path: &str) -> Value {
        self.aries.http("GET", path, Some(&self.token), None)
    }

    fn pin(&self, symbol: &str, price: &str) {
        self.aries.http("POST", "/sandbox/price", None, Some(json!({"symbol": symbol, "price": price})));
    }

    fn fault(&self, rule: Value) {
        self.aries.faults(json!([rule]));
    }
}

/// The cells of the row that begins with `first`.
fn row<'a>(text: &'a str, first: &str) -> Vec<&'a str> {
    let line = text.lines().find(|line| line.split('|').next() == Some(first));
    line.unwrap_or_else(|| panic!("no row {first} in {text}")).split('|').collect()
}

fn decimal(value: &Value) -> Decimal {
    Decimal::from_str(value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str()).unwrap()
}

fn money(value: Decimal) -> String {
    format!("{:.2}", value.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero))
}

#[test]
fn positions_are_valued_with_the_fresh_price() {
    let mut rig = Rig::start();
    for (symbol, price) in [("AAPL", "271.37"), ("MSFT", "415.5"), ("NVDA", "180"), ("KO", "70.01")] {
        rig.pin(symbol, price);
    }
    let text = rig.client.text("get_portfolio", json!({"account": "1002"}));
    let balances = rig.raw("/v2/accounts/AR4471002/balance");
    let positions = rig.raw("/v1/accounts/AR4471002/positions");
    let equity = decimal(&balances["balance"]);
    for (symbol, last) in [("AAPL", "271.37"), ("MSFT", "415.50"), ("NVDA", "180.00"), ("KO", "70.01")] {
        let position =
            positions["positions"].as_array().unwrap().iter().find(|one| one["symbol"] == symbol).unwrap();
        let value = decimal(&position["quantity"]) * Decimal::from_str(last).unwrap();
        let cells = row(&text, symbol);
        assert_eq!(cells[1], position["quantity"].as_str().unwrap());
        assert_eq!((cells[3], cells[4]), (last, money(value).as_str()), "{text}");
        assert_eq!(cells[5], money(value / equity * Decimal::ONE_HUNDRED), "{text}");
        assert_eq!(decimal(&json!(cells[6])), decimal(&position["todayPl"]), "{text}");
        assert_eq!(decimal(&json!(cells[7])), decimal(&position["unrealizedPl"]), "{text}");
    }
    assert!(text.contains(&format!("equity {}", money(equity))), "{text}");
    for (name, field) in
        [("cash", "cashBalance"), ("settled cash", "settledFunds"), ("day P&L", "dayTotalPnl")]
    {
        let figure = format!(" · {name} {} ·", money(decimal(&balances[field])));
        assert!(text.contains(&figure), "{figure}: {text}");
    }
}

#[test]
fn an_option_counts_a_hundred_shares() {
    let mut rig = Rig::start();
    let positions = rig.raw("/v1/accounts/AR4471002/positions");
    let option = positions["positions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["securityType"] == "OPTION")
        .unwrap()
        .clone();
    let symbol = option["symbol"].as_str().unwrap();
    rig.pin(symbol, "8.40");
    let text = rig.client.text("get_portfolio", json!({"account": "AR4471002"}));
    let cells = row(&text, symbol);
    let value = decimal(&option["quantity"]) * Decimal::from(840);
    assert_eq!((cells[3], cells[4]), ("8.40", money(value).as_str()), "{text}");
}

#[test]
fn without_a_name_every_account_is_answered_and_a_wrong_name_lists_them() {
    let mut rig = Rig::start();
    let text = rig.client.text("get_portfolio", json!({}));
    assert!(text.starts_with("SANDBOX · 2 accounts · portfolio 20"), "{text}");
    assert!(text.contains("\nSANDBOX (plays live) …1002 INDIVIDUAL MARGIN OPEN\n"), "{text}");
    assert!(text.contains("\nSANDBOX (plays simulated) …0017 OPEN\n"), "{text}");
    assert_eq!(
        rig.client.failure("get_portfolio", json!({"account": "9999"})),
        "error: `account`: no account has that name\n\
         hint: give the last four characters or the full id; there are: …1002, …0017"
    );
}

#[test]
fn positions_that_are_not_available_are_not_none() {
    let mut rig = Rig::start();
    for said in [json!({"available": false, "source": "cache"}), json!(false), json!({"positions": false})] {
        let body = json!({"positions": [], "availability": said}).to_string();
        rig.fault(json!({"path": "/v1/accounts/AR4471002/positions", "fault": "body", "body": body}));
        let text = rig.client.text("get_portfolio", json!({"account": "1002"}));
        assert!(
            text.contains("positions: not available from Aries right now (this does not mean none)"),
            "{text}"
        );
        assert!(!text.contains("no positions"), "{text}");
    }
}

#[test]
fn positions_that_are_not_available_are_no_empty_calendar() {
    let mut rig = Rig::start();
    let body = json!({"positions": [], "availability": false}).to_string();
    for account in ["AR4471002", "SIM8820017"] {
        rig.fault(
            json!({"path": format!("/v1/accounts/{account}/positions"), "fault": "body", "body": body}),
        );
    }
    let told = rig.client.failure("get_calendar", json!({"holdings": true}));
    assert!(told.contains("Aries' list of positions is not available right now"), "{told}");
}

#[test]
fn orders_that_are_not_available_are_not_none() {
    let mut rig = Rig::start();
    let body = json!({"orders": [], "availability": false}).to_string();
    rig.fault(json!({"path": "/v2/accounts/AR4471002/orders", "fault": "body", "body": body}));
    let text = rig.client.text("get_orders", json!({"account": "1002", "view": "today"}));
    assert!(
        text.contains(": unknown (this does not mean none)\nAries marks this list as not available"),
        "{text}"
    );
}

#[test]
fn totals_leave_out_positions_that_are_not_known_with_a_word() {
    let mut rig = Rig::start();
    let body = json!({"positions": [], "availability": false}).to_string();
    rig.fault(json!({"path": "/v1/accounts/SIM8820017/positions", "fault": "body", "body": body}));
    let text = rig.client.text("get_portfolio", json!({}));
    let line = |head: &str| text.lines().find(|line| line.starts_with(head)).unwrap_or_default();
    assert!(line("all 2 accounts").contains(" (1 unknown left out) · day P&L"), "{text}");
    assert!(line("of it simulated").contains(" · positions — · "), "{text}");
    assert!(!line("of it live").contains("left out"), "{text}");
    assert!(text.contains("\nlargest known position: "), "{text}");
}

#[test]
fn a_part_that_fails_leaves_the_rest() {
    let mut rig = Rig::start();
    rig.fault(
        json!({"path": "/v2/accounts/AR4471002/balance", "fault": "status", "status": 400, "times": 9}),
    );
    let text = rig.client.text("get_portfolio", json!({"account": "1002"}));
    assert!(text.contains("balances not available: Aries refused (400)"), "{text}");
    assert_eq!(row(&text, "AAPL")[1], "40");
    assert!(text.contains("weight % of positions"), "{text}");
}

#[test]
fn quotes_of_every_kind_come_in_one_answer() {
    let mut rig = Rig::start();
    rig.pin("AAPL", "270.5");
    let previous = decimal(&rig.raw("/v1/stocks/prev?ticker=AAPL")["results"][0]["c"]);
    let nbbo = rig.raw("/v1/marketdata/equities/details?symbols=AAPL")["data"][0].clone();
    let option = rig.raw("/v1/accounts/AR4471002/positions")["positions"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|one| (one["securityType"] == "OPTION").then(|| one["symbol"].as_str().unwrap().to_owned()))
        .unwrap();
    let text = rig.client.text("get_quotes", json!({"symbols": ["aapl", "SPX", &option, "KO", "AAPL"]}));
    assert!(text.starts_with("SANDBOX · 4 quotes · asked 20"), "{text}");
    let cells = row(&text, "AAPL");
    let last = Decimal::from_str("270.5").unwrap();
    assert_eq!(cells[1], "270.50");
    assert_eq!(
        (decimal(&json!(cells[2])), decimal(&json!(cells[3]))),
        (decimal(&nbbo["bidPrice"]), decimal(&nbbo["askPrice"]))
    );
    assert_eq!(decimal(&json!(cells[4])), last - previous);
    assert_eq!(cells[5], money((last - previous) / previous * Decimal::ONE_HUNDRED));
    // That call says no word of it; the time does.
    assert_eq!((cells[8], row(&text, "KO")[8]), ("—", "—"));
    assert_eq!((row(&text, "SPX")[2], row(&text, "SPX")[3]), ("—", "—"));
    assert_ne!(row(&text, &option)[2], "—");
    // The time of a quote is a moment of New York's clock, close to now.
    let shown: jiff::civil::DateTime = cells[7].parse().unwrap();
    let age =
        jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::get("America/New_York").unwrap()).datetime()
            - shown;
    assert!(age.total(jiff::Unit::Second).unwrap().abs() < 120.0, "{text}");
}

#[test]
fn one_unknown_symbol_does_not_spoil_the_others() {
    let mut rig = Rig::start();
    let text = rig.client.text("get_quotes", json!({"symbols": ["AAPL", "ZZZZ", "AAPL991217C00001000"]}));
    assert_ne!(row(&text, "AAPL")[1], "—");
    assert_eq!(row(&text, "ZZZZ")[1..].to_vec(), vec!["—"; 8]);
    assert!(
        text.contains("incomplete: ") && text.contains("ZZZZ") && text.contains("AAPL991217C00001000"),
        "{text}"
    );
    let failure = rig.client.failure("get_quotes", json!({"symbols": ["ZZZZ"]}));
    assert!(failure.starts_with("error: ZZZZ: Aries has no price: unknown symbol"), "{failure}");
}

#[test]
fn bars_are_those_of_aries() {
    let mut rig = Rig::start();
    let text = rig.client.text(
        "get_bars",
        json!({"symbol": "MSFT", "interval": "1d", "from": "2026-03-02", "to": "2026-03-06"}),
    );
    let seen = rig.aries.log().into_iter().find(|line| line.contains("/v1/chart/history")).unwrap();
    // 00:00:00 on March 2 and 23:59:59 on March 6 in UTC, where charts begin their days.
    assert_eq!(seen, "GET /v1/chart/history?symbol=MSFT&resolution=1D&from=1772409600&to=1772841599");
    let raw = rig.raw("/v1/chart/history?symbol=MSFT&resolution=1D&from=1772409600&to=1772841599");
    let days = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"];
    assert_eq!(raw["t"].as_array().unwrap().len(), days.len());
    for (index, day) in days.iter().enumerate() {
        let cells = row(&text, day);
        for (cell, name) in cells[1..5].iter().zip(["o", "h", "l", "c"]) {
            assert_eq!(decimal(&json!(cell)), decimal(&raw[name][index]), "{day} {name}");
        }
        assert_eq!(cells[5], raw["v"][index].to_string());
    }
}

#[test]
fn a_failing_chart_is_an_error_and_an_empty_one_is_not() {
    let mut rig = Rig::start();
    rig.fault(json!({"path": "/v1/chart/history", "fault": "body", "body": r#"{"s":"error","errmsg":"unknown symbol"}"#}));
    let text = rig.client.failure("get_bars", json!({"symbol": "AAPL", "interval": "1d"}));
    assert!(text.starts_with("error: Aries answered with an error: unknown symbol"), "{text}");
    rig.fault(json!({"path": "/v1/chart/history", "fault": "body", "body": r#"{"s":"no_data"}"#}));
    let text = rig.client.text("get_bars", json!({"symbol": "AAPL", "interval": "1d"}));
    assert!(text.contains("no bars from"), "{text}");
}

#[test]
fn orders_come_open_of_today_and_of_the_past() {
    let mut rig = Rig::start();
    let open = rig.client.text("get_orders", json!({"account": "1002"}));
    assert!(open.contains("…1002: 1 order\n"), "{open}");
    assert!(open.contains("|BUY|20|0|KO|LIMIT|"), "{open}");
    let history = rig.client.text("get_orders", json!({"account": "1002", "view": "history", "limit": 2}));
    let seen = rig.aries.log().into_iter().find(|line| line.contains("/orders/history")).unwrap();
    assert!(seen.contains("limit=2"), "{seen}");
    assert!(history.contains("next: the same call with account and cursor"), "{history}");
    let cursor = history.rsplit("cursor \"").next().unwrap().trim_end_matches('"');
    let more = rig
        .client
        .text("get_orders", json!({"account": "1002", "view": "history", "limit": 2, "cursor": cursor}));
    let ids = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| line.starts_with("20"))
            .map(|line| line.rsplit('|').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!((ids(&history).len(), ids(&more).len()), (2, 2));
    assert!(ids(&more).iter().all(|id| !ids(&history).contains(id)), "{history}\n{more}");
}

#[test]
fn the_older_order_list_is_used_where_the_newer_is_unknown() {
    let mut rig = Rig::start();
    rig.aries.http("POST", "/sandbox/options", None, Some(json!({"older_paths": true})));
    for _ in 0..2 {
        let text = rig.client.text("get_orders", json!({"account": "1002"}));
        assert!(text.contains("…1002: 1 order\n"), "{text}");
    }
    let log = rig.aries.log();
    let asked = |path: &str| log.iter().filter(|line| line.starts_with(path)).count();
    // That there is only the older one is remembered.
    assert_eq!(
        (asked("GET /v2/accounts/AR4471002/orders"), asked("GET /v1/accounts/AR4471002/orders")),
        (1, 2)
    );
}

#[test]
fn a_newer_path_that_answered_before_is_asked_first_again() {
    let mut rig = Rig::start();
    rig.client.text("get_orders", json!({"account": "1002"}));
    rig.fault(json!({"path": "/v2/accounts/AR4471002/orders", "fault": "status", "status": 404}));
    rig.client.text("get_orders", json!({"account": "1002"}));
    rig.client.text("get_orders", json!({"account": "1002"}));
    let asked = rig.aries.log().into_iter().filter(|line| line.contains("/orders"));
    let paths: Vec<String> = asked.map(|line| line[4..7].to_owned()).collect();
    assert_eq!(paths, ["/v2", "/v2", "/v1", "/v2"]);
}

#[test]
fn where_neither_path_is_known_the_error_is_that_of_the_newer() {
    let mut rig = Rig::start();
    for (version, word) in [("v2", "newer"), ("v1", "older")] {
        let body = json!({"error": format!("no {word} list")}).to_string();
        let path = format!("/{version}/accounts/AR4471002/orders");
        rig.fault(json!({"path": path, "fault": "status", "status": 404, "body": body}));
    }
    let told = rig.client.failure("get_orders", json!({"account": "1002"}));
    assert!(told.contains("no newer list"), "{told}");
}

#[test]
fn a_missing_right_is_named() {
    let mut rig = Rig::with_scopes(&["account:information", "market:information"]);
    let text = rig.client.failure("get_option_chain", json!({"contract": "AAPL270115C00280000"}));
    assert!(text.contains("the sign-in lacks a right: market:supplemental"), "{text}");
    assert!(text.contains("enable market:supplemental for the API key in Client Center"), "{text}");
}

#[test]
fn a_passing_fault_is_not_noticed() {
    for fault in [
        json!({"fault": "drop_before"}),
        json!({"fault": "drop_after"}),
        json!({"fault": "truncate"}),
        json!({"fault": "status", "status": 503}),
        json!({"fault": "status", "status": 429, "headers": {"retry-after": "0"}}),
        json!({"fault": "content_type", "body": "<html></html>"}),
    ] {
        let mut rig = Rig::start();
        let mut rule = fault.clone();
        rule["path"] = json!("/v2/users/me/accounts");
        rig.fault(rule);
        let text = rig.client.text("get_accounts", json!({}));
        assert!(text.starts_with("SANDBOX · 2 accounts"), "{fault}: {text}");
        let asked = rig.aries.log().iter().filter(|line| line.contains("/v2/users/me/accounts")).count();
        assert_eq!(asked, 2, "{fault}");
    }
}

#[test]
fn a_lasting_fault_says_whether_to_try_again() {
    let cases = [
        (
            json!({"fault": "status", "status": 500}),
            "error: Aries has a fault (500)",
            "trying again in a minute may help",
            3,
        ),
        (
            json!({"fault": "status", "status": 429, "headers": {"retry-after": "60"}}),
            "error: Aries limits how often",
            "wait 60 s",
            1,
        ),
        (
            json!({"fault": "status", "status": 400, "body": "{\"error\":\"bad_request\",\"message\":\"no\\u202e such\"}"}),
            "error: Aries refused (400): no such",
            "will be refused again",
            1,
        ),
        (
            json!({"fault": "content_type", "body": "<html></html>"}),
            "error: a page came in place of Aries' answer (200)",
            "sign in to the network or proxy",
            3,
        ),
    ];
    for (fault, cause, hint, tries) in cases {
        let mut rig = Rig::start();
        let mut rule = fault.clone();
        rule["path"] = json!("/v2/users/me/accounts");
        rule["times"] = json!(99);
        rig.fault(rule);
        let text = rig.client.failure("get_accounts", json!({}));
        assert!(text.starts_with(cause) && text.contains(hint), "{fault}: {text}");
        let asked = rig.aries.log().iter().filter(|line| line.contains("/v2/users/me/accounts")).count();
        assert_eq!(asked, tries, "{fault}");
    }
}

#[test]
fn an_answer_without_end_is_refused_while_it_arrives() {
    let mut rig = Rig::start();
    rig.fault(json!({"path": "/v2/users/me/accounts", "fault": "big", "bytes": 20_000_000}));
    let text = rig.client.failure("get_accounts", json!({}));
    assert!(text.starts_with("error: Aries' answer is larger than 16 MB"), "{text}");
}

#[test]
fn a_large_answer_is_cut_with_its_totals() {
    let mut rig = Rig::start();
    let order = |number: usize| json!({"clOrdId": format!("C{number}"), "symbol": "AAPL", "side": "BUY", "qty": "1", "ordStatus": "NEW", "text": "x".repeat(300)});
    let orders: Vec<Value> = (0..500).map(order).collect();
    let body = json!({"orders": orders, "nextCursor": 0}).to_string();
    rig.fault(json!({"path": "/v2/accounts/AR4471002/orders", "fault": "body", "body": body, "times": 2}));
    let text = rig.client.text("get_orders", json!({"account": "1002", "limit": 500}));
    assert!(text.chars().count() <= 24_000);
    assert!(text.contains(" of 500 orders\n"), "{}", &text[..300]);
    let number = |line: &str| line.rsplit_once("|C").unwrap().1.parse::<usize>().unwrap();
    let last = number(text.lines().rev().nth(1).unwrap());
    let next = text.rsplit_once("next: the same call with account and cursor \"").unwrap().1;
    let args = json!({"account": "1002", "limit": 500, "cursor": next.trim_end_matches('"')});
    let more = rig.client.text("get_orders", args);
    assert_eq!(number(more.lines().find(|line| line.contains("|C")).unwrap()), last + 1, "{}", &more[..300]);
}

#[test]
fn what_cannot_be_read_is_never_none() {
    let cases = [
        ("get_accounts", "/v2/users/me/accounts", "{}"),
        ("get_accounts", "/v2/users/me/accounts", "{\"accounts\":[{\"is_sim\":false}]}"),
        ("get_orders", "/v2/accounts/*", "{\"orders\":[{\"zz\":1}]}"),
        ("get_orders", "/v2/accounts/*", "\"x\""),
    ];
    for (tool, path, body) in cases {
        let mut rig = Rig::start();
        rig.fault(json!({"path": path, "fault": "body", "body": body, "times": 9}));
        let text = rig.client.failure(tool, json!({}));
        assert!(text.starts_with("error: Aries"), "{tool} {body}: {text}");
    }
    let mut rig = Rig::start();
    rig.fault(json!({"path": "/v2/accounts/*", "fault": "body", "body": "{\"orders\":null}"}));
    let text = rig.client.text("get_orders", json!({"account": "1002"}));
    assert!(text.ends_with("…1002: 0 orders"), "a null list is an empty one: {text}");
    rig.fault(json!({"path": "/v1/accounts/AR4471002/positions", "fault": "body", "body": "{}"}));
    let text = rig.client.text("get_portfolio", json!({"account": "1002"}));
    assert!(
        text.contains(
            "positions not available: Aries' answer differs from its documentation: `positions` is missing"
        ),
        "{text}"
    );
    let body = json!({"positions": [{"symbol": "AAPL", "quantity": "5"}, {"quantity": "1"}]}).to_string();
    rig.fault(json!({"path": "/v1/accounts/AR4471002/positions", "fault": "body", "body": body}));
    let text = rig.client.text("get_portfolio", json!({"account": "1002"}));
    assert!(
        text.contains("day P&L — · open P&L —") && text.contains("1 position of Aries could not be read"),
        "{text}"
    );
}

/// Aries' cursors count rows. One that goes back, that is negative or that leads to nothing new ends the list with a word.
#[test]
fn a_list_of_orders_that_does_not_move_on_ends() {
    let order = |number: usize| json!({"clOrdId": format!("C{number}"), "symbol": "AAPL", "side": "BUY", "qty": "1", "ordStatus": "FILLED"});
    let page = |numbers: std::ops::Range<usize>, next: i64| json!({"orders": numbers.map(order).collect::<Vec<_>>(), "nextCursor": next});
    for (what, second) in [
        ("back", page(50..100, 20)),
        ("negative", page(50..100, -1)),
        ("the same rows", page(0..50, 100)),
        ("nothing", page(0..0, 100)),
    ] {
        for view in ["history", "filled", "today"] {
            let mut rig = Rig::start();
            let path = if view == "today" {
                "/v2/accounts/AR4471002/orders"
            } else {
                "/v2/accounts/AR4471002/orders/history"
            };
            let mut args = json!({"account": "1002", "view": view});
            let mut text = String::new();
            for answer in [page(0..50, 50), second.clone(), second.clone()] {
                rig.fault(json!({"path": path, "fault": "body", "body": answer.to_string()}));
            }
            for _ in 0..3 {
                text = rig.client.text("get_orders", args.clone());
                let Some((_, next)) = text.split_once("cursor \"") else { break };
                args["cursor"] = json!(next.trim_end_matches('"'));
            }
            assert!(
                text.contains("orders may be missing") && !text.contains("cursor"),
                "{what} {view}: {text}"
            );
        }
    }
}

#[test]
fn a_symbol_is_looked_for_on_every_page() {
    let mut rig = Rig::start();
    let all = rig.client.text("get_orders", json!({"account": "1002", "view": "history"}));
    let wanted: Vec<&str> = all.lines().filter(|line| line.contains("|AMZN|")).collect();
    assert!(!wanted.is_empty(), "{all}");
    let text = rig
        .client
        .text("get_orders", json!({"account": "1002", "view": "history", "symbol": "amzn", "limit": 1}));
    assert!(text.contains(wanted[0]), "{text}");
}

#[test]
fn a_long_wait_is_said_and_not_sat_out() {
    let mut rig = Rig::start();
    let fault = json!({"path": "/v2/users/me/accounts", "fault": "status", "status": 429, "headers": {"retry-after": "20"}});
    rig.fault(fault);
    let text = rig.client.failure("get_accounts", json!({}));
    assert!(text.contains("wait 20 s, then ask again"), "{text}");
}

//! Where prices come from: the ways in their order, what a sign-in may use of them, and which answers are no price.

use serde_json::{Value, json};

use crate::support::scripted::{Scripted, scripted};
use crate::support::stage::{Stage, msft, place, state, ticket};
use crate::support::{Aries, Client, Home, READING, pairs};

const DETAILS: &str = "/v1/marketdata/equities/details";
const CHART: &str = "/v1/chart/quotes";
/// The rights of a key that follows the older list of scopes in Aries' guide to OAuth.
const TEN: &[&str] = &[
    "user:information",
    "user:management",
    "account:information",
    "position:information",
    "order:information",
    "order:execution",
    "market:information",
    "options:information",
    "calendar:information",
    "analytics:information",
];

fn cells<'a>(text: &'a str, symbol: &str) -> Vec<&'a str> {
    let line = text.lines().find(|line| line.split('|').next() == Some(symbol));
    line.unwrap_or_else(|| panic!("no row {symbol} in {text}")).split('|').collect()
}

fn server(aries: &Aries, scopes: &[&str]) -> Client {
    let mut client = Home::new().serve(&["serve"], &pairs(&aries.env(scopes)));
    client.initialize("2025-11-25");
    client
}

/// A server whose token has exactly these ten rights. One of them is never asked for, so it is not known here.
fn with_ten(stage: &Stage, args: &[&str]) -> Client {
    let known: Vec<&str> = TEN.iter().copied().filter(|scope| *scope != "user:management").collect();
    let (token, scopes) = (stage.aries.issue(TEN).access_token, known.join(" "));
    let env = [
        ("ARIES_API_URL", stage.aries.origin.as_str()),
        ("ARIES_ACCESS_TOKEN", token.as_str()),
        ("ARIES_SCOPES", scopes.as_str()),
    ];
    let mut client = stage.home.serve(args, &env);
    client.initialize("2025-06-18");
    client
}

/// How often a path was asked.
fn asked(aries: &Aries, path: &str) -> usize {
    aries.log().iter().filter(|line| line.split(['?', ' ']).nth(1) == Some(path)).count()
}

/// An Aries that answers these bodies for `AAPL`, and refuses the way to everything else.
fn stand_in(answers: &[(&str, Value)]) -> (Scripted, Client) {
    let exchange =
        |(request, answer): &(&str, Value)| json!({"request": format!("GET {request}"), "answer": answer});
    let mut exchanges: Vec<Value> = answers.iter().map(exchange).collect();
    exchanges.push(json!({"request": "*", "status": 403, "answer": {"message": "no right"}}));
    scripted(&json!(exchanges))
}

#[test]
fn fifty_symbols_of_every_kind_take_three_requests() {
    let aries = Aries::start(Default::default());
    let mut client = server(&aries, READING);
    let tickers = [
        "AAPL", "MSFT", "NVDA", "TSLA", "AMZN", "GOOGL", "META", "KO", "JPM", "XOM", "SPY", "QQQ", "DIS",
        "PFE", "INTC", "F", "AMD", "NFLX", "BA", "T", "V", "WMT", "CVX", "JNJ", "GE", "BRK.B",
    ];
    let token = aries.issue(READING).access_token;
    let found = aries.http("GET", "/v1/marketdata/search?query=.AAPL&limit=18", Some(&token), None);
    let options = found.as_array().unwrap().iter().map(|row| row["symbol"].as_str().unwrap());
    let symbols: Vec<&str> =
        tickers.into_iter().chain(["SPX", "NDX", "VIX", "DJI", "RUT", "COMP"]).chain(options).collect();
    assert_eq!(symbols.len(), 50);
    aries.http("DELETE", "/sandbox/log", None, None);
    let text = client.text("get_quotes", json!({"symbols": symbols}));
    assert_eq!(aries.log().len(), 3, "{:?}", aries.log());
    for symbol in symbols {
        let row = cells(&text, symbol);
        assert!(row[1] != "—" && row[7] != "—", "{row:?}");
    }
}

#[test]
fn the_right_to_market_data_alone_is_enough_for_prices_and_values() {
    let aries = Aries::start(Default::default());
    let scopes = ["account:information", "position:information", "market:information"];
    let mut client = server(&aries, &scopes);
    let portfolio = client.text("get_portfolio", json!({"account": "1002"}));
    assert!(!portfolio.contains("incomplete") && !portfolio.contains("unknown left out"), "{portfolio}");
    let text = client.text("get_quotes", json!({"symbols": ["AAPL", "SPX"]}));
    let index = cells(&text, "SPX");
    assert!(index[1] != "—" && index[7] == "not told", "{text}");
    assert!(!aries.log().iter().any(|line| line.contains("/v1/stocks/") || line.contains("/v1/indices/")));
}

#[test]
fn the_right_to_market_data_alone_is_enough_for_a_limit_order_on_a_live_account() {
    let stage = Stage::new("[trading]\nlive = true\napproval = \"client\"\n");
    let scopes = [
        "account:information",
        "position:information",
        "order:information",
        "order:execution",
        "market:information",
    ];
    let mut client = stage.home.serve(&["serve"], &pairs(&stage.aries.env(&scopes)));
    client.initialize("2025-06-18");
    let preview = client.text("preview_order", msft("1002"));
    assert!(preview.contains("judged") || preview.contains("made at 20"), "{preview}");
    assert_eq!(asked(&stage.aries, DETAILS), 1);
}

#[test]
fn a_call_that_is_refused_is_not_asked_again() {
    let aries = Aries::start(Default::default());
    let mut client = server(&aries, READING);
    aries.faults(json!({"path": DETAILS, "fault": "status", "status": 403, "times": 99}));
    for _ in 0..2 {
        let text = client.text("get_quotes", json!({"symbols": ["AAPL"]}));
        let row = cells(&text, "AAPL");
        assert!(row[1] != "—" && row[4] != "—" && row[7] == "not told", "{text}");
        assert!(!text.contains("incomplete"), "{text}");
    }
    assert_eq!((asked(&aries, DETAILS), asked(&aries, CHART)), (1, 2));
}

#[test]
fn a_symbol_that_one_way_lacks_is_asked_another_way() {
    let body = json!({"data": [{"symbol": "MSFT", "lastPrice": 400.5, "netChange": 1.5, "totalVolume": 7,
        "tradeTimestamp": "2026-11-20T15:59:00-05:00"}], "errors": [{"symbol": "AAPL", "error": "no such symbol"}]});
    let chart =
        json!({"s": "ok", "d": [{"s": "AAPL", "n": "Apple", "v": {"lp": 270, "ch": -2, "volume": 9}}]});
    let (scripted, mut client) = stand_in(&[
        (&format!("{DETAILS}?symbols=MSFT%2CAAPL"), body),
        (&format!("{CHART}?symbols=AAPL"), chart),
    ]);
    let text = client.text("get_quotes", json!({"symbols": ["MSFT", "AAPL"]}));
    assert_eq!(
        cells(&text, "MSFT"),
        ["MSFT", "400.50", "—", "—", "1.50", "0.38", "7", "2026-11-20 15:59:00", "—"]
    );
    assert_eq!(cells(&text, "AAPL"), ["AAPL", "270.00", "—", "—", "-2.00", "-0.74", "9", "not told", "—"]);
    assert_eq!(scripted.asked().len(), 2);
}

#[test]
fn the_calls_about_one_stock_say_what_belongs_to_the_day_of_its_last_trade() {
    // A Friday, whose session before is that of Wednesday: Thanksgiving lies between.
    let moment = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let traded = moment("2026-11-27T12:30:00-05:00").as_nanosecond() as i64;
    let bar = |day: &str, close: f64, volume: i64| json!({"t": moment(&format!("{day}T00:00:00-05:00")).as_millisecond(), "c": close, "v": volume});
    let bars = json!({"results": [bar("2026-11-24", 250.0, 1), bar("2026-11-25", 260.0, 2), bar("2026-11-27", 270.0, 3)]});
    let days = "/v1/stocks/aggs?ticker=AAPL&multiplier=1&timespan=day&from=2026-11-17&to=2026-11-27";
    let answers = [
        (
            "/v1/stocks/last-trade?ticker=AAPL",
            json!({"status": "OK", "results": {"ticker": "AAPL", "price": 270, "sipTimestamp": traded}}),
        ),
        (
            "/v1/stocks/last-quote?ticker=AAPL",
            json!({"status": "OK", "results": {"ticker": "AAPL", "bidPrice": 269, "askPrice": 271, "sipTimestamp": traded}}),
        ),
        (days, bars),
    ];
    let (_scripted, mut client) = stand_in(&answers);
    let text = client.text("get_quotes", json!({"symbols": ["AAPL"]}));
    let expected =
        ["AAPL", "270.00", "269.00", "271.00", "10.00", "3.85", "3", "2026-11-27 12:30:00", "real-time"];
    assert_eq!(cells(&text, "AAPL"), expected, "{text}");
}

#[test]
fn where_nothing_else_answers_the_last_bar_is_called_the_close_of_its_day() {
    let aries = Aries::start(Default::default());
    let mut client = server(&aries, &["account:information", "position:information", "market:information"]);
    let day = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
    let bars = json!({"s": "ok", "t": [day("2026-11-19T00:00:00Z"), day("2026-11-20T00:00:00Z")], "o": [1, 1], "h": [1, 1],
        "l": [1, 1], "c": [265, 268], "v": [10, 20]});
    aries.faults(json!([
        {"path": DETAILS, "fault": "status", "status": 403, "times": 99},
        {"path": "/v1/marketdata/options/details", "fault": "status", "status": 403, "times": 99},
        {"path": CHART, "fault": "status", "status": 403, "times": 99},
        {"path": "/v1/chart/history", "fault": "body", "body": bars.to_string(), "times": 99}
    ]));
    let text = client.text("get_quotes", json!({"symbols": ["AAPL"]}));
    let expected = ["AAPL", "268.00", "—", "—", "3.00", "1.13", "20", "close of 2026-11-20", "—"];
    assert_eq!(cells(&text, "AAPL"), expected, "{text}");
    assert!(text.contains("incomplete: AAPL (the sign-in lacks a right: market:information"), "{text}");
    let portfolio = client.text("get_portfolio", json!({"account": "1002"}));
    assert_eq!(cells(&portfolio, "AAPL").last(), Some(&"close of 2026-11-20"), "{portfolio}");
}

#[test]
fn a_quote_that_names_another_symbol_is_no_quote() {
    let own = |symbol: &str| json!({"data": [{"symbol": symbol, "lastPrice": 9}]});
    let chart =
        |symbol: &str, name: &str| json!({"s": "ok", "d": [{"s": symbol, "n": name, "v": {"lp": 9}}]});
    let option = "AAPL270521C00250000";
    for (symbol, request, answer, is_own) in [
        ("AAPL", format!("{DETAILS}?symbols=AAPL"), own("MSFT"), false),
        ("AAPL", format!("{DETAILS}?symbols=AAPL"), own("AAPL"), true),
        ("AAPL", format!("{CHART}?symbols=AAPL"), chart("MSFT", "AAPL"), false),
        ("AAPL", format!("{CHART}?symbols=AAPL"), chart("ok", "NASDAQ:AAPL"), true),
        ("AAPL", format!("{CHART}?symbols=AAPL"), chart("ok", "MSFT"), false),
        ("AAPL", format!("{CHART}?symbols=AAPL"), chart("error", "AAPL"), false),
        (
            "AAPL",
            "/v1/stocks/last-trade?ticker=AAPL".to_owned(),
            json!({"results": {"ticker": "MSFT", "price": 9}}),
            false,
        ),
        (
            option,
            format!("/v1/marketdata/options/details?symbols={option}"),
            own("AAPL270521P00250000"),
            false,
        ),
        (option, format!("/v1/marketdata/options/details?symbols={option}"), own(option), true),
        (
            "SPX",
            "/v1/indices/realtime/values?identifiers=SPX.IND_CBOM".to_owned(),
            json!({"items": [{"identifier": "NDX.IND_CBOM", "value": {"last": 9}}]}),
            false,
        ),
    ] {
        let (_scripted, mut client) = stand_in(&[(&request, answer.clone())]);
        let result = client.call("get_quotes", json!({"symbols": [symbol]}));
        let text = result["content"][0]["text"].as_str().unwrap();
        assert_eq!(text.contains(&format!("\n{symbol}|9.00|")), is_own, "{request} {answer}\n{text}");
    }
}

#[test]
fn an_index_whose_own_feed_fails_has_no_bid_and_says_why() {
    let (_aries, mut client) = scripted(&json!([
        {"request": "GET /v1/indices/realtime/values?identifiers=SPX.IND_CBOM",
         "answer": {"code": "E1234", "message": "the index feed is down", "data": []}},
        {"request": format!("GET {CHART}?symbols=SPX.IND_CBOM"), "answer": {"s": "ok", "d": [
            {"s": "ok", "n": "SPX.IND_CBOM", "v": {"lp": 5000, "bid": 5000, "ask": 5000, "volume": 0, "ch": 10}}]}},
        {"request": "*", "status": 403, "answer": {"message": "no right"}},
    ]));
    let text = client.text("get_quotes", json!({"symbols": ["SPX"]}));
    let expected = ["SPX", "5000.00", "—", "—", "10.00", "0.20", "—", "not told", "—"];
    assert_eq!(cells(&text, "SPX"), expected, "{text}");
    assert!(
        text.contains("incomplete: SPX (Aries answered with an error: the index feed is down); "),
        "{text}"
    );
}

#[test]
fn prices_are_counted_by_those_there_are() {
    let row = json!({"data": [{"symbol": "AAPL", "lastPrice": 9}]});
    let (_aries, mut client) = scripted(&json!([
        {"request": format!("GET {DETAILS}?symbols=AAPL%2CBRK.A%2CBRK.C"), "answer": row},
        {"request": "*", "answer": {"status": "OK", "data": []}},
    ]));
    let text = client.text("get_quotes", json!({"symbols": ["AAPL", "BRK.A", "BRK.C"]}));
    assert!(
        text.starts_with("LIVE · 1 quote for 3 symbols · ") || text.contains(" · 1 quote for 3 symbols · "),
        "{text}"
    );
    assert!(text.contains("\nincomplete: BRK.A, BRK.C (Aries has no price); check"), "{text}");
    let error = client.failure("get_quotes", json!({"symbols": ["BRK.A", "BRK-D"]}));
    assert!(error.starts_with("error: BRK.A, BRK-D: Aries has no price\n"), "{error}");
    let error = client.failure("get_quotes", json!({"symbols": ["BRK-D"]}));
    assert!(
        error.ends_with("check the symbol with find_symbol; if it is a class of shares, write BRK.D"),
        "{error}"
    );
}

#[test]
fn a_symbol_in_the_place_of_a_name_is_no_name() {
    let contract = "AAPL270521C00250000";
    let aries = Aries::start(Default::default());
    let mut client = server(&aries, READING);
    let positions = json!({"positions": [
        {"accountId": "AR4471002", "symbol": contract, "quantity": "1", "securityType": "OPTION"}]});
    let chart =
        json!({"s": "ok", "d": [{"s": "ok", "n": contract, "v": {"lp": 9, "description": contract}}]});
    aries.faults(json!([
        {"path": "/v1/accounts/AR4471002/positions", "fault": "body", "body": positions.to_string()},
        {"path": "/v1/marketdata/options/details", "fault": "status", "status": 403, "times": 9},
        {"path": CHART, "fault": "body", "body": chart.to_string(), "times": 9},
    ]));
    let text = client.text("get_portfolio", json!({"account": "1002", "fields": ["name"]}));
    assert_eq!(cells(&text, contract).last(), Some(&"—"), "{text}");
}

#[test]
fn a_portfolio_says_every_cause_of_a_missing_price() {
    let aries = Aries::start(Default::default());
    let mut client = server(&aries, READING);
    let position = |symbol: &str| json!({"accountId": "AR4471002", "symbol": symbol, "quantity": "1", "securityType": "CS"});
    let positions = json!({"positions": [position("AAPL"), position("ZZZZ"), position("912828ZT0")]});
    aries.faults(
        json!({"path": "/v1/accounts/AR4471002/positions", "fault": "body", "body": positions.to_string()}),
    );
    let text = client.text("get_portfolio", json!({"account": "1002"}));
    assert!(text.contains("incomplete: ZZZZ (Aries has no price: unknown symbol)"), "{text}");
    assert!(text.contains("no price: 912828ZT0 (not a symbol that is understood here)"), "{text}");
}

#[test]
fn the_key_of_the_oauth_guide_answers_the_questions_of_the_guides() {
    let stage = Stage::new("");
    let mut client = with_ten(&stage, &["serve"]);
    // What's in my Aries portfolio?
    let portfolio = client.text("get_portfolio", json!({}));
    assert!(cells(&portfolio, "AAPL")[4] != "—" && !portfolio.contains("incomplete"), "{portfolio}");
    // What's the current price of AAPL?
    let quotes = client.text("get_quotes", json!({"symbols": ["AAPL"]}));
    assert!(cells(&quotes, "AAPL")[1..8].iter().all(|cell| *cell != "—"), "{quotes}");
    // Place a limit buy order for 10 shares of MSFT at $400.
    let ticket = ticket(&mut client, msft("0017"));
    assert_eq!(state(&place(&mut client, &ticket)), "WORKING");
}

#[test]
fn without_the_right_to_chains_the_puts_of_a_day_are_shown_as_far_as_they_are_known() {
    let stage = Stage::new("");
    let mut client = with_ten(&stage, &["serve", "--toolsets", "all"]);
    let days = client.text("get_option_chain", json!({"symbol": "AAPL"}));
    let day = days.lines().nth(1).unwrap().split(' ').nth(1).unwrap().to_owned();
    assert!(days.contains("there may be more (the sign-in lacks a right: market:supplemental"), "{days}");
    let puts = client.text("get_option_chain", json!({"symbol": "AAPL", "expiration": day, "side": "put"}));
    assert!(puts.contains("\nstrike|P bid|P ask|P last\n") && puts.contains(" · 10 of "), "{puts}");
    assert!(cells(&puts, "270")[1..].iter().all(|cell| *cell != "—"), "{puts}");
    assert!(puts.contains("without IV, delta") && puts.contains("enable market:supplemental"), "{puts}");
}

//! What people write, in every spelling of it: symbols, days and lists; and figures that cannot be.

use serde_json::{Value, json};

use crate::support::scripted::scripted;
use crate::support::{Aries, Client, Home, editing, pairs};

fn start() -> (Aries, Client) {
    let aries = Aries::start(Default::default());
    let mut client = Home::new().serve(&["serve", "--toolsets", "all"], &pairs(&aries.env(&editing())));
    client.initialize("2025-11-25");
    (aries, client)
}

fn row<'a>(text: &'a str, first: &str) -> Vec<&'a str> {
    let line = text.lines().find(|line| line.split('|').next() == Some(first));
    line.unwrap_or_else(|| panic!("no row {first} in {text}")).split('|').collect()
}

#[test]
fn every_spelling_of_a_share_is_quoted_once() {
    let (_aries, mut client) = start();
    let spellings = json!([
        "BRKB",
        "BRK_B",
        "$BRK.B",
        "BRK  B",
        "NYSE:BRK.B",
        "BRK&amp;B",
        "brk.b",
        "ＢＲＫ．Ｂ",
        "\"BRK/B\""
    ]);
    let text = client.text("get_quotes", json!({"symbols": spellings}));
    assert!(text.contains(" · 1 quote · ") && row(&text, "BRK.B").len() == 9, "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");
    let text = client.text("get_calendar", json!({"symbols": ["AAPL", "aapl", "$AAPL", "NASDAQ:AAPL"]}));
    assert!(text.starts_with("SANDBOX · earnings AAPL "), "{text}");
    for spelling in ["BRK_B", "brkb", "NYSE:BRK.B"] {
        assert!(
            client.text("get_company", json!({"symbol": spelling})).contains(" · profile BRK.B · "),
            "{spelling}"
        );
        assert!(client.text("find_symbol", json!({"query": spelling})).contains("\nBRK.B|"), "{spelling}");
    }
    for spelling in ["SPX.X", "$SPX", "^GSPC", "CBOE:SPX"] {
        let text = client.text("get_quotes", json!({"symbols": [spelling]}));
        assert_eq!(row(&text, "SPX").len(), 9, "{spelling}");
        let error = client.failure("get_option_chain", json!({"symbol": spelling}));
        assert!(error.contains("no such ticker: SPX "), "{error}");
    }
}

#[test]
fn lists_lengths_and_digits_are_taken_as_people_write_them() {
    let (_aries, mut client) = start();
    let text = client.text("get_quotes", json!({"symbols": "AAPL MSFT NVDA"}));
    assert!(text.contains(" · 3 quotes · "), "{text}");
    let text = client.text("get_quotes", json!({"symbols": ["BRK B", "KO PEP"]}));
    assert!(text.contains("\nBRK.B|") && text.contains("\nKO|"), "{text}");
    let error = client.failure("get_quotes", json!({"symbols": ["apple inc"]}));
    assert!(error.contains("find_symbol looks names up; between several put commas"), "{error}");
    for interval in ["1D", "daily", "1 day"] {
        let text =
            client.text("get_bars", json!({"symbol": "AAPL", "interval": interval, "limit": "\u{ff13}"}));
        assert!(text.contains(" · 1d bars · 3 bars"), "{interval}: {text}");
    }
    let text = client.text("get_portfolio", json!({"account": "\u{ff11}\u{ff10}\u{ff10}\u{ff12}"}));
    assert!(text.contains("…1002"), "{text}");
}

#[test]
fn one_bad_entry_loses_no_other_one_in_any_batch() {
    let (_aries, mut client) = start();
    let long = "A".repeat(41);
    let symbols = json!(["AAPL", null, {"a": 1}, long, 5, "../x", "KO"]);
    for (tool, args) in [
        ("get_quotes", json!({"symbols": symbols})),
        ("get_calendar", json!({"symbols": symbols})),
        ("get_calendar", json!({"view": "dividends", "symbols": symbols})),
        ("get_stock_data", json!({"view": "snapshot", "symbols": symbols})),
        ("edit_watchlist", json!({"action": "add", "list": "dividends", "symbols": symbols})),
        ("edit_watchlist", json!({"action": "create", "list": "New", "symbols": symbols})),
    ] {
        let text = client.text(tool, args);
        for named in [
            "AAPL",
            "KO",
            "entry 2 (null is not a text)",
            "an object is not a text",
            "41 characters",
            "\"../x\"",
            "write a ticker",
        ] {
            assert!(text.contains(named), "{tool} lacks {named}: {text}");
        }
    }
    let error = client.failure("get_quotes", json!({"symbols": [{"a": 1}, long]}));
    assert!(error.contains("`symbols`: entry 1: an object is not a text"), "{error}");
}

#[test]
fn what_was_not_to_be_done_to_a_watchlist_is_named() {
    let (_aries, mut client) = start();
    let edit =
        |action: &str, symbols: Value| json!({"action": action, "list": "DIVIDENDS", "symbols": symbols});
    let text = client.text("edit_watchlist", edit("add", json!("BRKB, JNJ")));
    assert!(
        text.contains(" · list \"Dividends\" · ") && text.contains("\nafter: JNJ CVX XOM T BRK.B\n"),
        "{text}"
    );
    assert!(text.contains("\nalready in the list: JNJ"), "{text}");
    let text = client.text("edit_watchlist", edit("remove", json!(["BRK_B", "ZZZZ", "no symbol!"])));
    assert!(text.contains("\nafter: JNJ CVX XOM T\n"), "{text}");
    assert!(text.contains("\nnot in the list: ZZZZ, no symbol!"), "{text}");
    let text = client.text("edit_watchlist", edit("remove", json!(["ZZZZ"])));
    assert!(text.starts_with("UNCHANGED") && text.contains("\nnot in the list: ZZZZ"), "{text}");
    let text = client.text("get_watchlists", json!({"list": "dividends"}));
    assert!(text.contains(" · 1 watchlist · ") && text.contains("\n\"Dividends\"|JNJ CVX XOM T|"), "{text}");
    let error = client.failure("get_watchlists", json!({"list": "Tech"}));
    assert!(error.contains("there are: \"My Watchlist\", \"Dividends\""), "{error}");
}

#[test]
fn days_are_taken_as_a_person_says_them() {
    let (_aries, mut client) = start();
    for to in [
        "3 weeks",
        "21 days",
        "in 3 weeks",
        "December",
        "next Friday",
        "tomorrow",
        "12/31/2099",
        "end of the year",
    ] {
        let text = client.text("get_calendar", json!({"view": "earnings", "to": to}));
        assert!(text.starts_with("SANDBOX · earnings from "), "{to}: {text}");
    }
    for from in ["3 weeks", "21 days", "last Friday", "this month", "ytd", "Jan 5", "01/05/2026"] {
        let text = client.text("get_ratings", json!({"symbol": "AAPL", "from": from}));
        assert!(text.starts_with("SANDBOX · ratings AAPL from 20"), "{from}: {text}");
    }
    for from in ["last month", "3 weeks"] {
        let text = client.text("get_performance", json!({"account": "1002", "from": from}));
        assert!(text.contains(" · performance 20"), "{from}: {text}");
    }
    let text = client.text("get_orders", json!({"view": "history", "from": "3 weeks"}));
    let same = client.text("get_orders", json!({"view": "history", "from": "3 weeks ago"}));
    assert_eq!(text[..60], same[..60]);
    let error = client.failure("get_calendar", json!({"view": "splits", "from": "3 years"}));
    assert!(error.contains("write \"3 years ago\" or \"in 3 years\""), "{error}");
}

#[test]
fn yields_and_futures_take_a_line_each_however_many_names_they_have() {
    let (_aries, mut client) = start();
    let names =
        json!(["TNX", "^TNX", "US10Y", "DGS10", "UST10Y", "10Y", "$TNX", "FVX", "US5Y", "/ES", "/NQ"]);
    let text = client.text("get_quotes", json!({"symbols": names}));
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[0].starts_with("/ES, /NQ: Aries documents no quotes of futures"), "{text}");
    assert!(
        lines[1].starts_with("TNX, ^TNX, US10Y, DGS10, UST10Y, 10Y, $TNX: no price; the 10-year"),
        "{text}"
    );
    assert!(lines[2].starts_with("FVX, US5Y: no price; the 5-year"), "{text}");
    assert_eq!(text.matches("get_economy").count(), 1, "{text}");
}

#[test]
fn a_negative_price_is_none_and_an_american_time_is_told() {
    let (_aries, mut client) = scripted(&json!([
        {"request": "GET /v1/marketdata/equities/details?symbols=AAPL%2CKO", "answer": {"data": [
            {"symbol": "AAPL", "lastPrice": 270, "bidPrice": 269, "askPrice": 271,
             "tradeTimestamp": "11/27/2026 12:59:00 PM", "quoteTimestamp": "11/27/2026 12:59:01 PM"},
            {"symbol": "KO", "lastPrice": -5, "bidPrice": -1, "askPrice": -2},
        ]}},
        {"request": "*", "status": 403, "answer": {"message": "no right"}},
    ]));
    let text = client.text("get_quotes", json!({"symbols": ["AAPL", "KO"]}));
    assert_eq!(row(&text, "AAPL")[..4], ["AAPL", "270.00", "269.00", "271.00"], "{text}");
    assert_eq!(row(&text, "AAPL")[7], "2026-11-27 12:59:00", "{text}");
    assert_eq!(row(&text, "KO")[1..], ["—"; 8], "{text}");
}

#[test]
fn a_greek_that_cannot_be_is_a_dash() {
    let snapshot = |greeks: Value, volatility: &str| {
        let answer = json!({"results": {
            "details": {"ticker": "O:XYZ261218C00050000"}, "greeks": greeks,
            "impliedVolatility": volatility.parse::<f64>().unwrap(), "underlyingAsset": {"price": 50.2}
        }});
        let (_aries, mut client) = scripted(&json!([
            {"request": "GET /v1/options/snapshot/XYZ/O:XYZ261218C00050000", "answer": answer},
        ]));
        client.text("get_option_chain", json!({"contract": "XYZ 2026-12-18 50 C"}))
    };
    let text = snapshot(json!({"delta": 1.2, "gamma": -0.04, "theta": -250, "vega": 60}), "20");
    for line in ["IV %: —", "delta: —", "gamma: —", "theta: —", "vega: —"] {
        assert!(text.lines().any(|own| own == line), "{line}: {text}");
    }
    let text = snapshot(json!({"delta": 0.5, "gamma": 0.04}), "0.3");
    assert!(text.ends_with("IV %: 30\ndelta: 0.5\ngamma: 0.04"), "{text}");
}

#[test]
fn growth_from_a_loss_or_from_nothing_is_a_dash_with_its_reason() {
    let income = |year: u32, income: i32, revenue: u32| json!({"period": format!("{year}-12-31"), "netIncome": income, "revenue": revenue});
    let (_aries, mut client) = scripted(&json!([{
        "request": "*",
        "answer": {"financials": [income(2025, 10, 5), income(2024, -20, 0), income(2023, 5, 4)]},
    }]));
    let text = client.text("get_financials", json!({"symbol": "AAPL"}));
    let growth = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name) && line.contains('%'));
        line.unwrap_or_else(|| panic!("no growth of {name}: {text}"))
    };
    assert!(growth("net income").ends_with("|— (from a loss)|-500.00|—"), "{text}");
    assert!(growth("revenue").ends_with("|— (from 0)|-100.00|—"), "{text}");
}

//! Answers of 200 around nothing: an error with Aries' words where a code tells of one, else the words for an absence.

use serde_json::{Value, json};

use crate::support::scripted::scripted;
use crate::support::{Client, text_of};

fn client(answer: Value) -> Client {
    scripted(&json!([{"request": "*", "answer": answer}])).1
}

/// Calls whose answers are a list, one object, columns, periods, or members that are not documented.
fn calls() -> Vec<(&'static str, Value)> {
    vec![
        ("get_profile", json!({})),
        ("get_news", json!({})),
        ("get_news", json!({"view": "item", "id": "76900"})),
        ("get_news", json!({"view": "sentiment", "symbol": "AAPL"})),
        ("get_company", json!({"symbol": "AAPL"})),
        ("get_company", json!({"view": "metrics", "symbol": "AAPL"})),
        ("get_company", json!({"view": "esg", "symbol": "AAPL"})),
        ("get_financials", json!({"symbol": "AAPL"})),
        ("get_financials", json!({"view": "ratios", "symbol": "AAPL"})),
        ("get_ratings", json!({"view": "target", "symbol": "AAPL"})),
        ("get_ratings", json!({"view": "cases", "symbol": "AAPL"})),
        ("get_stock_data", json!({"view": "borrow", "symbols": ["AAPL", "F"]})),
        ("get_stock_data", json!({"view": "day", "symbol": "AAPL", "date": "2026-11-20"})),
        ("get_option_activity", json!({"view": "last_trade", "contract": "AAPL270521C00250000"})),
        ("get_chart_data", json!({"view": "abilities"})),
        ("get_chart_data", json!({"view": "health"})),
        ("get_chart_data", json!({"view": "ticks", "symbol": "AAPL", "trades": "100"})),
        ("get_index_bars", json!({"view": "bar", "symbol": "SPX", "to": "2026-11-20"})),
        ("get_movers", json!({})),
        ("get_technicals", json!({"symbol": "AAPL", "indicator": "sma", "interval": "1d", "period": 20})),
        ("get_bars", json!({"symbol": "AAPL", "interval": "1d"})),
        ("get_option_chain", json!({"symbol": "AAPL"})),
        ("get_option_chain", json!({"contract": "AAPL 2027-05-21 250 C"})),
    ]
}

#[test]
fn a_code_beside_an_empty_list_is_an_error_in_aries_words() {
    for answer in [
        json!({"code": "E1234", "message": "no such plan", "data": []}),
        json!({"status": 0, "message": "no such plan", "data": []}),
        json!({"detail": [{"loc": ["query", "symbol"], "msg": "no such plan", "type": "value_error"}]}),
    ] {
        let mut client = client(answer.clone());
        for (tool, args) in calls() {
            let text = client.failure(tool, args.clone());
            let first = text.lines().next().unwrap();
            assert!(
                first.starts_with("error: Aries answered with an error: ") && first.ends_with("no such plan"),
                "{answer} {tool} {args}: {text}"
            );
        }
    }
}

#[test]
fn harmless_remarks_beside_an_empty_list_are_an_absence() {
    for answer in [
        json!({"error": false, "data": []}),
        json!({"errorCode": 0, "data": []}),
        json!({"code": 200, "message": "OK", "data": []}),
        json!({"status": "OK", "data": []}),
        json!({"status": 200, "data": []}),
        json!({"success": true, "message": "OK", "data": []}),
        json!({"symbol": "AAPL", "data": []}),
        json!({"ticker": "AAPL", "queryCount": 0, "resultsCount": 0, "adjusted": true, "results": []}),
    ] {
        let mut client = client(answer.clone());
        for (tool, args) in calls() {
            let text = text_of(&client.call(tool, args.clone()));
            for wrong in [" 1 figure ", " 2 figures ", " 1 row ", "differs", "is missing", "error", "list of"]
            {
                assert!(!text.contains(wrong), "{answer} {tool} {args}: {text}");
            }
            let is_told = [
                "\nnone ",
                "Aries has nothing",
                "Aries sent nothing",
                "no bars",
                "lists no options",
                "Aries has not",
            ];
            assert!(is_told.iter().any(|words| text.contains(words)), "{answer} {tool} {args}: {text}");
        }
    }
}

#[test]
fn bars_that_are_not_there_are_told_as_such_with_what_aries_says_of_it() {
    for answer in [
        json!({"data": [], "status": "OK"}),
        json!({"s": "no_data"}),
        json!({"s": "ok", "t": [], "o": [], "h": [], "l": [], "c": [], "v": [], "nextTime": 1}),
        json!({}),
    ] {
        let text = client(answer.clone()).text("get_bars", json!({"symbol": "AAPL", "interval": "1d"}));
        assert!(text.contains("\nno bars from ") && text.lines().count() == 2, "{answer}: {text}");
    }
    let said = json!({"data": [], "message": "your plan has no bars"});
    let text = client(said.clone()).text("get_bars", json!({"symbol": "AAPL", "interval": "1d"}));
    assert!(text.ends_with("; it says \"your plan has no bars\""), "{text}");
    let text = client(said).text("get_news", json!({}));
    let code = client(json!({"code": "USURTOT", "data": []})).text("get_news", json!({}));
    assert!(code.contains("\nAries has nothing for this"), "{code}");
    assert!(
        text.contains("\nAries has nothing for this")
            && text.ends_with("; it says \"your plan has no bars\""),
        "{text}"
    );
}

#[test]
fn contract_symbols_that_are_not_there_are_none() {
    let args = json!({"symbol": "AAPL", "expiration": "2027-05-21", "symbols_only": true});
    let text = client(json!({"status": "OK", "data": []})).text("get_option_chain", args);
    assert!(text.contains(" · 0 calls · 0 puts · "), "{text}");
}

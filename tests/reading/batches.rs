//! Several symbols in one call: one that is badly written or not known is named, and the others are answered.

use serde_json::{Value, json};

use crate::support::{Aries, Client, Home, READING, pairs};

fn start() -> (Aries, Client) {
    let aries = Aries::start(Default::default());
    let mut client = Home::new().serve(&["serve", "--toolsets", "all"], &pairs(&aries.env(READING)));
    client.initialize("2025-11-25");
    (aries, client)
}

fn stock_data(view: &str) -> Value {
    json!({"view": view, "symbols": ["AAPL", "NOPE1", "bad!", "MSFT"]})
}

#[test]
fn one_bad_symbol_does_not_lose_the_batch() {
    let (_aries, mut client) = start();
    for (tool, args) in [
        ("get_quotes", json!({"symbols": ["AAPL", "NOPE1", "bad!", "MSFT"]})),
        ("get_stock_data", stock_data("snapshot")),
        ("get_stock_data", stock_data("any_snapshot")),
        ("get_stock_data", stock_data("borrow")),
    ] {
        let text = client.text(tool, args.clone());
        for named in ["AAPL", "MSFT", "NOPE1", "\"bad!\""] {
            assert!(text.contains(named), "{tool} {args} lacks {named}: {text}");
        }
    }
}

#[test]
fn a_list_of_nothing_but_bad_symbols_is_an_error() {
    let (_aries, mut client) = start();
    let args = json!({"view": "snapshot", "symbols": ["bad!", "worse!"]});
    assert!(client.failure("get_stock_data", args).contains("\"bad!\" is not a symbol"));
}

#[test]
fn many_bad_symbols_are_one_line() {
    let (_aries, mut client) = start();
    let symbols: Vec<String> =
        std::iter::once("AAPL".to_owned()).chain((0..40).map(|number| format!("bad {number}!"))).collect();
    let text = client.text("get_quotes", json!({"symbols": symbols}));
    assert!(text.contains("\nleft out, no symbols: \"bad 0!\"") && text.contains(" and 32 more; "), "{text}");
    assert!(text.lines().count() < 6, "{text}");
}

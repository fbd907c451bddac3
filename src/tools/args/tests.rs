//! Arguments as models send them, and what is refused of them.

use super::*;
use proptest::prelude::*;

fn schema() -> Object {
    let value = json!({
        "properties": {
            "symbols": {"type": "array", "items": {"type": "string", "maxLength": 25}, "minItems": 1, "maxItems": 4},
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "view": {"type": "string", "enum": ["open", "today"]},
            "extended": {"type": "boolean"},
            "legs": {"type": "array", "items": {"type": "object", "required": ["contract", "action"], "properties": {
                "contract": {"type": "string", "maxLength": 40},
                "action": {"type": "string", "enum": ["buy_to_open", "sell_to_close"]},
                "ratio": {"type": "integer", "minimum": 1, "maximum": 20}
            }}}
        },
        "required": ["symbols"]
    });
    value.as_object().unwrap().clone()
}

fn run(args: Value, forms: Forms) -> Result<Value> {
    check(&schema(), args.as_object().unwrap().clone(), forms, "t {}")
        .map(|checked| Value::Object(checked.args))
}

#[test]
fn near_by_forms_are_understood_by_reading_tools_only() {
    let sent = json!({"symbols": "[\"AAPL\"]", "limit": "42", "extended": "true", "view": "OPEN"});
    let meant = json!({"symbols": ["AAPL"], "limit": 42, "extended": true, "view": "open"});
    assert_eq!(run(sent.clone(), Forms::Lenient).unwrap(), meant);
    assert!(run(sent, Forms::Strict).is_err());
    assert_eq!(
        run(json!({"symbols": ["A"], "view": "Open"}), Forms::Strict).unwrap(),
        json!({"symbols": ["A"], "view": "open"})
    );
    assert_eq!(
        run(json!({"symbols": "AAPL, MSFT"}), Forms::Lenient).unwrap(),
        json!({"symbols": ["AAPL", "MSFT"]})
    );
    assert_eq!(
        run(json!({"symbols": ["A", "", null, " "]}), Forms::Lenient).unwrap(),
        json!({"symbols": ["A"]})
    );
    assert_eq!(
        run(json!({"symbols": ["A"], "limit": 20.0, "view": null}), Forms::Strict).unwrap(),
        json!({"symbols": ["A"], "limit": 20})
    );
}

#[test]
fn one_bad_entry_of_a_batch_loses_no_other_one_and_is_named() {
    let long = "A".repeat(26);
    for (symbols, kept, left_out) in [
        (
            json!(["A", long, "B"]),
            json!(["A", "B"]),
            Some("\"AAAAAAAAAAAAAAAAAAAA…\" (26 characters are too many, at most 25)"),
        ),
        (json!(["A", null]), json!(["A"]), Some("entry 2 (null is not a text)")),
        (
            json!([{"a": 1}, "A", ["B"], true, "\u{0}", " "]),
            json!(["A"]),
            Some(
                "entry 1 (an object is not a text), entry 3 (a list is not a text), entry 4 (true is not a text), \
                 \"\" (it contains control characters), \"\" (it is empty)",
            ),
        ),
        (json!(["A", "A", "B", "A"]), json!(["A", "B"]), None),
        (json!(["A, B;C", "B&amp;B"]), json!(["A", "B", "C", "B&amp;B"]), None),
        (json!("A\nB"), json!(["A", "B"]), None),
        (json!("AAPL MSFT, KO"), json!(["AAPL", "MSFT", "KO"]), None),
        (json!(["AAPL MSFT $NVDA", "BRK B"]), json!(["AAPL", "MSFT", "$NVDA", "BRK B"]), None),
    ] {
        for forms in [Forms::Lenient, Forms::Strict] {
            let args = json!({"symbols": symbols}).as_object().unwrap().clone();
            let checked = check(&schema(), args, forms, "").unwrap();
            assert_eq!(checked.args["symbols"], kept, "{symbols}");
            let named = left_out.map(|entries| {
                format!("left out of `symbols`: {entries}; give each as a text of at most 25 characters")
            });
            assert_eq!(checked.left_out, named, "{symbols}");
        }
    }
    let number = |forms| run(json!({"symbols": ["A", 5]}), forms).unwrap();
    assert_eq!(number(Forms::Lenient), json!({"symbols": ["A", "5"]}));
    assert_eq!(number(Forms::Strict), json!({"symbols": ["A"]}));
    // A note never grows with the data.
    let many = json!({"symbols": Value::Array([vec![Value::Null; 500], vec![json!("A")]].concat())});
    let checked = check(&schema(), many.as_object().unwrap().clone(), Forms::Lenient, "").unwrap();
    assert!(checked.left_out.unwrap().contains("entry 8 (null is not a text) and 492 more;"));
}

#[test]
fn a_length_of_bars_and_a_number_are_read_however_they_are_written() {
    let schema = json!({"properties": {
        "interval": {"type": "string", "enum": ["1m", "1h", "1d", "1mo"]},
        "limit": {"type": "integer", "minimum": 1, "maximum": 500},
        "account": {"type": "string"},
    }});
    let run = |args: Value| {
        check(schema.as_object().unwrap(), args.as_object().unwrap().clone(), Forms::Lenient, "")
    };
    for (given, word) in [("1D", "1d"), ("daily", "1d"), ("1 day", "1d"), ("hourly", "1h"), ("month", "1mo")]
    {
        assert_eq!(run(json!({"interval": given})).unwrap().args["interval"], word);
    }
    for given in ["1M", "2 days", "weekly"] {
        let cause = run(json!({"interval": given})).unwrap_err().cause;
        assert_eq!(cause, format!("`interval`: \"{given}\" is not one of 1m, 1h, 1d, 1mo"));
    }
    let wide = run(json!({"limit": "\u{ff11}\u{ff12}", "account": "\u{ff10}\u{ff10}\u{ff11}\u{ff17}"}))
        .unwrap()
        .args;
    assert_eq!(Value::Object(wide), json!({"limit": 12, "account": "0017"}));
}

#[test]
fn every_refusal_names_the_argument() {
    let cases = [
        (json!({}), "`symbols` is missing"),
        (json!({"symbols": []}), "`symbols`: 0 entries, but 1 to 4 are allowed"),
        (json!({"symbols": ["A"], "limit": 0}), "`limit`: 0 is not between 1 and 100"),
        (json!({"symbols": ["A"], "limit": 1.5}), "`limit`: 1.5 is not a whole number"),
        (json!({"symbols": ["A"], "view": "closed"}), "`view`: \"closed\" is not one of open, today"),
        (json!({"symbols": ["A"], "limt": 1}), "there is no argument `limt`; did you mean `limit`?"),
        (json!({"symbols": [{"a": 1}]}), "`symbols`: entry 1: an object is not a text"),
        (json!({"symbols": ["A\u{0}"]}), "`symbols`: entry 1: it contains control characters"),
        (
            json!({"symbols": ["A".repeat(1_000_000)]}),
            "`symbols`: entry 1: 1000000 characters are too many, at most 25",
        ),
    ];
    for (args, cause) in cases {
        let error = run(args, Forms::Lenient).unwrap_err();
        assert_eq!((error.cause.as_str(), &*error.hint.to_string()), (cause, "example: t {}"));
    }
}

#[test]
fn a_mistake_inside_an_entry_names_its_place() {
    let good = json!({"contract": "AAPL 2026-12-18 200 C", "action": "buy_to_open"});
    let refused =
        |leg: Value| run(json!({"symbols": ["A"], "legs": [good, leg]}), Forms::Strict).unwrap_err().cause;
    let cases = [
        (json!({"contract": "X"}), "`legs[1].action` is missing"),
        (json!({"action": "buy_to_open", "contract": null}), "`legs[1].contract` is missing"),
        (
            json!({"contract": "X", "action": "buy"}),
            "`legs[1].action`: \"buy\" is not one of buy_to_open, sell_to_close",
        ),
        (
            json!({"contract": "X", "action": "buy_to_open", "ratio": 1.5}),
            "`legs[1].ratio`: 1.5 is not a whole number",
        ),
        (
            json!({"contract": "X", "action": "buy_to_open", "ratio": "1"}),
            "`legs[1].ratio`: \"1\" is not a whole number",
        ),
        (json!({"contract": 5, "action": "buy_to_open"}), "`legs[1].contract`: 5 is not a text"),
        (
            json!({"contract": "X", "action": "buy_to_open", "ratoi": 1}),
            "there is no argument `legs[1].ratoi`; did you mean `legs[1].ratio`?",
        ),
        (json!("AAPL 2026-12-18 200 C"), "`legs[1]`: \"AAPL 2026-12-18 200 C\" is not an object"),
        (json!([]), "`legs[1]`: a list is not an object"),
    ];
    for (leg, cause) in cases {
        assert_eq!(refused(leg.clone()), cause, "{leg}");
    }
    let whole = json!({"contract": "X", "action": "buy_to_open", "ratio": 1.0});
    let read = run(json!({"symbols": ["A"], "legs": [whole]}), Forms::Strict).unwrap();
    assert_eq!(read["legs"][0]["ratio"], json!(1));
}

proptest! {
    #[test]
    fn no_input_breaks_it(name in ".{0,12}", text in ".{0,60}") {
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        let mut args = Object::new();
        args.insert(name, value);
        let _ = check(&schema(), args, Forms::Lenient, "");
    }
}

//! Checks the arguments of a call against the tool's own schema, which is the one that clients are shown.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::schema::Object;
use crate::error::{Error, Result, nearest};
use crate::text::clean;

/// Longest text argument unless the schema says otherwise, in characters.
const MOST_TEXT: u64 = 200;

/// Which forms of a value are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forms {
    /// Also `"42"` for 42 and `"[\"AAPL\"]"` for a list, as models send them: for tools that only read.
    Lenient,
    /// What the schema says, its words in any case: for tools that lead to an order or change something.
    Strict,
}

/// Checks every argument and converts lenient forms, where `forms` accepts them.
/// Fails with [`Kind::Usage`](crate::error::Kind::Usage) naming the argument, with `example` as a valid call.
pub(crate) fn check(schema: &Object, args: Object, forms: Forms, example: &str) -> Result<Object> {
    members(schema, "", args, forms).map_err(|cause| Error::usage(cause, format!("example: {example}")))
}

/// Checks the members of an object: the arguments themselves, or of one that lies inside them at `path` (`legs[1].`).
fn members(schema: &Object, path: &str, args: Object, forms: Forms) -> std::result::Result<Object, String> {
    let empty = Object::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let mut checked = Object::new();
    for (name, value) in args {
        if value.is_null() {
            continue;
        }
        let Some(property) = properties.get(&name).and_then(Value::as_object) else {
            let shown = clean(&name, 40);
            let guess = nearest(&shown, properties.keys().map(String::as_str));
            let guess = guess.map(|near| format!("; did you mean `{path}{near}`?")).unwrap_or_default();
            return Err(format!("there is no argument `{path}{shown}`{guess}"));
        };
        let value = convert(property, &format!("{path}{name}"), value, forms)?;
        checked.insert(name, value);
    }
    let required =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    for name in required {
        if !checked.contains_key(name) {
            return Err(format!("`{path}{name}` is missing"));
        }
    }
    Ok(checked)
}

type Converted = std::result::Result<Value, String>;

fn convert(property: &Object, path: &str, value: Value, forms: Forms) -> Converted {
    let named = |cause: String| format!("`{path}`: {cause}");
    match (property.get("type").and_then(Value::as_str), value) {
        (Some("array"), value) => list(property, path, value, forms),
        (Some("object"), Value::Object(inner)) if property.contains_key("properties") => {
            members(property, &format!("{path}."), inner, forms).map(Value::Object)
        }
        (Some("object"), other) if !other.is_object() => {
            Err(named(format!("{} is not an object", shown(&other))))
        }
        (_, value) => scalar(property, value, forms).map_err(named),
    }
}

fn scalar(property: &Object, value: Value, forms: Forms) -> Converted {
    match property.get("type").and_then(Value::as_str) {
        Some("string") => text(property, value, forms),
        Some("integer") => whole(property, value, forms),
        Some("boolean") => match value {
            Value::String(word) if forms == Forms::Lenient && word == "true" => Ok(json!(true)),
            Value::String(word) if forms == Forms::Lenient && word == "false" => Ok(json!(false)),
            Value::Bool(_) => Ok(value),
            other => Err(format!("{} is neither true nor false", shown(&other))),
        },
        _ => Ok(value),
    }
}

fn text(property: &Object, value: Value, forms: Forms) -> Converted {
    let text = match value {
        Value::String(text) => text,
        Value::Number(number) if forms == Forms::Lenient => number.to_string(),
        other => return Err(format!("{} is not a text", shown(&other))),
    };
    if let Some(choices) = property.get("enum").and_then(Value::as_array) {
        let valid: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
        // Only words: of `1m` and `1M` the case is the meaning.
        let is_word = text.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
        let found =
            valid.iter().find(|choice| **choice == text || (is_word && choice.eq_ignore_ascii_case(&text)));
        return found
            .map(|choice| json!(choice))
            .ok_or_else(|| format!("{} is not one of {}", shown(&json!(text)), valid.join(", ")));
    }
    let most = property.get("maxLength").and_then(Value::as_u64).unwrap_or(MOST_TEXT);
    let count = text.chars().count();
    if count as u64 > most {
        return Err(format!("{count} characters are too many, at most {most}"));
    }
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Err("it contains control characters".to_owned());
    }
    Ok(Value::String(text))
}

fn whole(property: &Object, value: Value, forms: Forms) -> Converted {
    let number = match &value {
        Value::String(text) if forms == Forms::Lenient => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64().or_else(|| whole_float(number.as_f64()?)),
        _ => None,
    };
    let Some(number) = number else { return Err(format!("{} is not a whole number", shown(&value))) };
    let bound = |key: &str| property.get(key).and_then(Value::as_i64);
    let (least, most) = (bound("minimum").unwrap_or(i64::MIN), bound("maximum").unwrap_or(i64::MAX));
    if !(least..=most).contains(&number) {
        return Err(format!("{number} is not between {least} and {most}"));
    }
    Ok(json!(number))
}

/// JSON knows one kind of number, so `20.0` is a whole one.
fn whole_float(number: f64) -> Option<i64> {
    let text = number.to_string();
    text.parse().ok()
}

fn list(property: &Object, path: &str, value: Value, forms: Forms) -> Converted {
    let named = |cause: String| format!("`{path}`: {cause}");
    let items = match value {
        Value::Array(items) => items,
        Value::String(text) if forms == Forms::Lenient => match serde_json::from_str::<Vec<Value>>(&text) {
            Ok(items) => items,
            Err(_) => text.split(',').map(|part| json!(part.trim())).filter(|part| part != "").collect(),
        },
        other => return Err(named(format!("{} is not a list", shown(&other)))),
    };
    let bound = |key: &str, or: usize| property.get(key).and_then(Value::as_u64).map_or(or, |n| n as usize);
    let (least, most) = (bound("minItems", 0), bound("maxItems", usize::MAX));
    if !(least..=most).contains(&items.len()) {
        return Err(named(format!("{} entries, but {least} to {most} are allowed", items.len())));
    }
    let empty = Object::new();
    let inner = property.get("items").and_then(Value::as_object).unwrap_or(&empty);
    let numbered = items.into_iter().enumerate();
    let objects = inner.get("type").and_then(Value::as_str) == Some("object");
    let converted = numbered.map(|(index, item)| match objects {
        true => convert(inner, &format!("{path}[{index}]"), item, forms),
        false => scalar(inner, item, forms).map_err(|cause| named(format!("entry {}: {cause}", index + 1))),
    });
    converted.collect::<std::result::Result<Vec<_>, _>>().map(Value::Array)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) => format!("\"{}\"", clean(text, 40)),
        other => other.to_string(),
    }
}

pub(crate) fn typed<T: DeserializeOwned>(args: Object) -> Result<T> {
    serde_json::from_value(Value::Object(args)).map_err(|error| {
        Error::usage(format!("the arguments do not fit: {error}"), "compare them with the tool's schema")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn schema() -> Object {
        let value = json!({
            "properties": {
                "symbols": {"type": "array", "items": {"type": "string", "maxLength": 25}, "minItems": 1, "maxItems": 3},
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
        check(&schema(), args.as_object().unwrap().clone(), forms, "t {}").map(Value::Object)
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
            run(json!({"symbols": ["A"], "limit": 20.0, "view": null}), Forms::Strict).unwrap(),
            json!({"symbols": ["A"], "limit": 20})
        );
    }

    #[test]
    fn every_refusal_names_the_argument() {
        let cases = [
            (json!({}), "`symbols` is missing"),
            (json!({"symbols": []}), "`symbols`: 0 entries, but 1 to 3 are allowed"),
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
            assert_eq!((error.cause.as_str(), error.hint.as_str()), (cause, "example: t {}"));
        }
    }

    #[test]
    fn a_mistake_inside_an_entry_names_its_place() {
        let good = json!({"contract": "AAPL 2026-12-18 200 C", "action": "buy_to_open"});
        let refused = |leg: Value| {
            run(json!({"symbols": ["A"], "legs": [good, leg]}), Forms::Strict).unwrap_err().cause
        };
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
}

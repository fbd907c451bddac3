//! Checks the arguments of a call against the tool's own schema, which is the one that clients are shown.

mod interval;

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::format::few;
use super::schema::Object;
use crate::aries::symbols::tickers_between_blanks;
use crate::error::{Error, Result, nearest};
use crate::text::{clean, folded};

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

/// Lists of which one bad entry does not lose the others: each entry is a question of its own.
const BATCHES: [&str; 2] = ["symbols", "contracts"];

/// As many entries are named that were left out.
const MOST_NAMED: usize = 8;

/// Arguments that fit the schema.
#[derive(Debug, PartialEq)]
pub(crate) struct Checked {
    pub(crate) args: Object,
    /// Which entries of batches were left out, and why.
    pub(crate) left_out: Option<String>,
}

/// Checks every argument and converts lenient forms, where `forms` accepts them.
/// Fails with [`Kind::Usage`](crate::error::Kind::Usage) naming the argument, with `example` as a valid call.
pub(crate) fn check(schema: &Object, mut args: Object, forms: Forms, example: &str) -> Result<Checked> {
    let left_out = BATCHES.into_iter().find_map(|name| batch(schema, name, args.get_mut(name)?, forms));
    members(schema, "", args, forms)
        .map(|args| Checked { args, left_out })
        .map_err(|cause| Error::usage(cause, format!("example: {example}")))
}

/// Takes the entries out of a batch that are not as the schema wants them, and says so. If none is, they stay: then the
/// call fails.
fn batch(schema: &Object, name: &str, list: &mut Value, forms: Forms) -> Option<String> {
    let property = schema.get("properties")?.get(name)?;
    let inner = property.get("items")?.as_object()?;
    if let Value::String(text) = list {
        let read = serde_json::from_str::<Vec<Value>>(text);
        *list = read.map_or_else(|_| Value::Array(entries(text)), Value::Array);
    }
    let items = list.as_array_mut()?;
    let mut left_out = Vec::new();
    let mut kept = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let several = item.as_str().map(entries).filter(|entries| entries.len() > 1);
        for item in several.unwrap_or_else(|| vec![item.clone()]) {
            match (item.as_str(), scalar(inner, item.clone(), forms)) {
                (_, Ok(item)) => kept.push(item),
                (Some(text), Err(cause)) => left_out.push(format!("\"{}\" ({cause})", clean(text, 20))),
                (None, Err(cause)) => left_out.push(format!("entry {} ({cause})", at + 1)),
            }
        }
    }
    if kept.is_empty() {
        return None;
    }
    // The same one again asks nothing more.
    let mut seen = HashSet::new();
    kept.retain(|item| seen.insert(item.to_string()));
    *items = kept;
    let most = inner.get("maxLength").and_then(Value::as_u64).unwrap_or(MOST_TEXT);
    let named = || {
        let entries = few(&left_out, MOST_NAMED);
        format!("left out of `{name}`: {entries}; give each as a text of at most {most} characters")
    };
    (!left_out.is_empty()).then(named)
}

/// What stands between the entries of a list that is given as one text.
const ENDS: [char; 3] = [',', ';', '\n'];

fn parts(text: &str) -> Vec<Value> {
    let text = text.replace("&amp;", "&");
    text.split(ENDS).map(|part| json!(part.trim())).filter(|part| part != "").collect()
}

/// The entries of a batch that is given as one text: blanks may stand between tickers too.
fn entries(text: &str) -> Vec<Value> {
    let tickers = |part: &Value| -> Option<Vec<Value>> {
        Some(tickers_between_blanks(part.as_str()?)?.into_iter().map(|ticker| json!(ticker)).collect())
    };
    parts(text).into_iter().flat_map(|part| tickers(&part).unwrap_or_else(|| vec![part])).collect()
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
        Value::String(text) if forms == Forms::Lenient => folded(&text).into_owned(),
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
        let as_interval = || interval::word_for(&text).filter(|word| valid.contains(&word.as_str()));
        return found
            .map(|choice| json!(choice))
            .or_else(|| as_interval().map(Value::String))
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
        Value::String(text) if forms == Forms::Lenient => folded(text).trim().parse().ok(),
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
    let mut items = match value {
        Value::Array(items) => items,
        Value::String(text) if forms == Forms::Lenient => match serde_json::from_str::<Vec<Value>>(&text) {
            Ok(items) => items,
            Err(_) => parts(&text),
        },
        other => return Err(named(format!("{} is not a list", shown(&other)))),
    };
    // An entry without words names nothing, and the others are not lost for it.
    let names = |item: &Value| !item.is_null() && item.as_str().is_none_or(|text| !text.trim().is_empty());
    if forms == Forms::Lenient && items.iter().any(names) {
        items.retain(names);
    }
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
mod tests;

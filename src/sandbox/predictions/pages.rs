//! What election finance endpoints share: `pagination` in two styles, sorting, and lists as `name[]`.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::super::answer::{Answer, Reply};
use super::super::call::Call;
use super::super::data::rows;

/// Whether a row's value is among those that the query asks for, as `name`, `name[]`, once or often; yes if it asks
/// for none.
pub(super) fn asked(call: &Call, name: &str, value: &str) -> bool {
    let fits = |key: &str| key == name || key.strip_suffix("[]") == Some(name);
    let mut wanted = call.query.iter().filter(|(key, text)| fits(key) && !text.is_empty()).peekable();
    wanted.peek().is_none()
        || wanted.any(|(_, text)| text.split(',').any(|one| one.eq_ignore_ascii_case(value)))
}

/// Sorts by the field that `sortBy` names. `sortOrder` stands with `sortBy` only.
fn sort(call: &Call, found: &mut [Value]) -> Result<(), Answer> {
    let descending = rows::choice(call, "sortOrder", &["descending", "ascending"])? == "descending";
    let Some(field) = call.query("sortBy") else {
        return match call.query("sortOrder") {
            None => Ok(()),
            Some(_) => Err(Answer::bad_request("sortOrder needs sortBy")),
        };
    };
    if found.first().is_some_and(|row| row.get(field).is_none()) {
        return Err(Answer::bad_request(format!("cannot sort by {field}")));
    }
    found.sort_by(|one, other| {
        let order = compare(one.get(field), other.get(field));
        if descending { order.reverse() } else { order }
    });
    Ok(())
}

fn compare(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => {
            one.as_f64().partial_cmp(&other.as_f64()).unwrap_or(Ordering::Equal)
        }
        (one, other) => one.map(Value::to_string).cmp(&other.map(Value::to_string)),
    }
}

/// A page by its number, counted from 1.
pub(super) fn numbered(call: &Call, mut found: Vec<Value>) -> Reply {
    sort(call, &mut found)?;
    let size = rows::count(call, "perPage", 20..=100)?;
    let page = rows::count(call, "page", 1..=1_000_000)?;
    let results: Vec<&Value> = found.iter().skip((page - 1) * size).take(size).collect();
    Answer::ok(&json!({
        "pagination": {
            "page": page,
            "pages": found.len().div_ceil(size),
            "perPage": size,
            "count": found.len(),
            "isCountExact": true,
        },
        "results": results,
    }))
}

/// A page behind the row with `lastIndex`, the `subId` of the last one seen.
pub(super) fn keyset(call: &Call, mut found: Vec<Value>) -> Reply {
    sort(call, &mut found)?;
    let size = rows::count(call, "perPage", 20..=100)?;
    let begin = match call.query("lastIndex") {
        None => 0,
        Some(last) => found.iter().position(|row| id(row) == Some(last)).map_or(found.len(), |at| at + 1),
    };
    let results: Vec<&Value> = found.iter().skip(begin).take(size).collect();
    let last = results.last().and_then(|row| id(row));
    Answer::ok(&json!({
        "pagination": {
            "pages": found.len().div_ceil(size),
            "perPage": size,
            "count": found.len(),
            "isCountExact": true,
            "lastIndexes": last.map(|last| json!({ "lastIndex": last, "sortNullOnly": false })),
        },
        "results": results,
    }))
}

fn id(row: &Value) -> Option<&str> {
    row.get("subId").and_then(Value::as_str)
}

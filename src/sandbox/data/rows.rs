//! What the endpoints that answer with rows share: range filters, and pages with a cursor (market-data.md 8).

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::super::answer::{Answer, Reply};
use super::super::call::Call;
use super::{next_url, read_cursor, request_id};

/// The five filters of one field: exact, `From` (>=), `After` (>), `To` (<=), `Before` (<).
pub(crate) fn within<T: Ord + std::str::FromStr>(call: &Call, name: &str, value: &T) -> Result<bool, Answer> {
    type Fits = fn(Ordering) -> bool;
    let rules: [(&str, Fits); 5] = [
        ("", Ordering::is_eq),
        ("From", Ordering::is_ge),
        ("After", Ordering::is_gt),
        ("To", Ordering::is_le),
        ("Before", Ordering::is_lt),
    ];
    for (ending, fits) in rules {
        let name = format!("{name}{ending}");
        let Some(text) = call.query(&name) else { continue };
        let bound: T = text.parse().map_err(|_| Answer::bad_request(format!("{name} is malformed")))?;
        if !fits(value.cmp(&bound)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// One page of `found`, as `results` with `nextUrl` while there is more. `sizes` is the usual `limit` up to the most.
pub(crate) fn page<T>(
    call: &Call,
    found: &[T],
    sizes: RangeInclusive<i64>,
    row: impl FnMut(&T) -> Option<Value>,
) -> Reply {
    let limit = count(call, "limit", sizes)?;
    let begin = read_cursor(call)?.and_then(|at| usize::try_from(at).ok()).unwrap_or(0);
    let rest = found.get(begin..).unwrap_or_default();
    let results: Vec<Value> = rest.iter().take(limit).filter_map(row).collect();
    let mut body = json!({ "requestId": request_id(), "status": "OK", "results": results });
    if let (true, Value::Object(fields)) = (rest.len() > limit, &mut body) {
        let at = i64::try_from(begin + limit).unwrap_or_default();
        fields.insert("nextUrl".into(), json!(next_url(call, at)));
    }
    Answer::ok(&body)
}

/// How many rows are wanted: by a parameter, else the usual number.
pub(crate) fn count(call: &Call, name: &str, sizes: RangeInclusive<i64>) -> Result<usize, Answer> {
    let wanted = call.number(name, *sizes.start(), 1..=*sizes.end())?;
    Ok(usize::try_from(wanted).unwrap_or(1))
}

/// One of the words that a parameter allows; the first if it is absent.
pub(crate) fn choice<'a>(call: &Call, name: &str, words: &[&'a str]) -> Result<&'a str, Answer> {
    let first = words.first().copied().unwrap_or_default();
    let Some(text) = call.query(name) else { return Ok(first) };
    words
        .iter()
        .find(|word| **word == text)
        .copied()
        .ok_or_else(|| Answer::bad_request(format!("{name} must be one of {}", words.join(", "))))
}

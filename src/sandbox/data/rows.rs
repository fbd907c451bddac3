//! What the endpoints that answer with rows share: range filters, and pages with a cursor.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::request_id;
use crate::sandbox::paging::{self, Size};
use crate::sandbox::{Answer, Call, Reply};

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

/// One page of `found`, as `results` with `nextUrl` while there is more.
pub(crate) fn page<T>(call: &Call, found: Vec<T>, size: Size, row: impl FnMut(&T) -> Option<Value>) -> Reply {
    let (rows, page) = paging::cut(call, found, size)?;
    let results: Vec<Value> = rows.iter().filter_map(row).collect();
    let mut body = json!({ "requestId": request_id(), "status": "OK", "results": results });
    page.link(call, &mut body);
    Answer::ok(&body)
}

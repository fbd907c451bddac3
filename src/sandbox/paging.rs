//! Pages of generated lists. Every cursor here is the number of rows that were sent before.

use serde_json::{Map, Value};

use super::answer::Answer;
use super::call::Call;
use super::data;

/// One page of a list.
pub(super) struct Page {
    /// Rows on all pages.
    pub(super) count: usize,
    /// Rows on a full page.
    pub(super) size: usize,
    /// Rows up to the end of this page, if there are more.
    pub(super) next: Option<i64>,
}

/// Cuts out the page that the call asks for by `next`, `lastIndex` or `page`.
pub(super) fn cut(
    call: &Call,
    node: &Map<String, Value>,
    mut rows: Vec<Value>,
) -> Result<(Vec<Value>, Page), Answer> {
    let count = rows.len();
    let Some([name, usual]) = node.get("$limit").and_then(Value::as_array).map(Vec::as_slice) else {
        return Ok((rows, Page { count, size: count.max(1), next: None }));
    };
    let size = call.number(name.as_str().unwrap_or_default(), usual.as_i64().unwrap_or(20), 1..=50_000)?;
    let first = node.get("$first_page").and_then(Value::as_i64).unwrap_or(1);
    let page = call.number("page", first, first..=1_000_000)?;
    let last = call.number("lastIndex", 0, 0..=i64::MAX)?;
    let begin = data::read_cursor(call)?.unwrap_or((page - first) * size + last).max(0);
    let end = begin.saturating_add(size);
    let as_index = |at: i64| usize::try_from(at).unwrap_or(usize::MAX).min(count);
    rows.truncate(as_index(end));
    rows.drain(..as_index(begin));
    let next = (as_index(end) < count).then_some(end);
    Ok((rows, Page { count, size: usize::try_from(size).unwrap_or(1), next }))
}

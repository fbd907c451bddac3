//! Pages of lists. Every cursor here is the number of rows that were sent before.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::sandbox::{Answer, Call};

/// The name of the parameter for the size of a page, the size without it, and the largest.
pub(super) type Size<'a> = (&'a str, i64, i64);

/// One page of a list.
pub(super) struct Page {
    /// Rows on all pages.
    pub(super) count: usize,
    /// Rows on a full page.
    pub(super) size: usize,
    /// Rows up to the end of this page, if there are more.
    pub(super) next: Option<i64>,
}

/// Cuts out the page that the call asks for by `next`.
pub(super) fn cut<T>(call: &Call, rows: Vec<T>, size: Size) -> Result<(Vec<T>, Page), Answer> {
    let begin = read_cursor(call)?.unwrap_or(0);
    cut_from(call, rows, size, begin)
}

/// Cuts out the page that begins behind so many rows.
pub(super) fn cut_from<T>(
    call: &Call,
    mut rows: Vec<T>,
    (name, usual, most): Size,
    begin: i64,
) -> Result<(Vec<T>, Page), Answer> {
    let (count, size) = (rows.len(), call.number(name, usual, 1..=most)?);
    let end = begin.saturating_add(size);
    let as_index = |at: i64| usize::try_from(at).unwrap_or(0).min(count);
    rows.truncate(as_index(end));
    rows.drain(..as_index(begin));
    let next = (as_index(end) < count).then_some(end);
    Ok((rows, Page { count, size: as_index(size).max(1), next }))
}

impl Page {
    /// Adds `nextUrl` to an answer if there are more rows.
    pub(super) fn link(&self, call: &Call, body: &mut Value) {
        if let (Some(url), Some(members)) = (self.next_url(call), body.as_object_mut()) {
            members.insert("nextUrl".into(), json!(url));
        }
    }

    /// The query again with `next`. The host is a foreign one, as in one of the documented samples: a client that fetches
    /// it would carry its token there.
    pub(super) fn next_url(&self, call: &Call) -> Option<String> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(call.query.iter().filter(|(name, _)| name != "next"));
        query.append_pair("next", &URL_SAFE_NO_PAD.encode(format!("from:{}", self.next?)));
        Some(format!("http://localhost:8087{}?{}", call.path, query.finish()))
    }
}

pub(super) fn read_cursor(call: &Call) -> Result<Option<i64>, Answer> {
    let Some(text) = call.query("next") else { return Ok(None) };
    let decoded = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let position = decoded.as_deref().and_then(|text| text.strip_prefix("from:")?.parse().ok());
    position.map(Some).ok_or_else(|| Answer::bad_request("next is not a cursor of this endpoint"))
}

//! Where the rows of a table stand in Aries' answers, and whether they are as documented.

use crate::aries::Json;
use crate::aries::absence::{has_empty_room, is_absence};
use crate::aries::difference::{Difference, is_in_any};
use crate::aries::json::Found;
use crate::tools::shape::{Layout, Shape};

/// What was found in an answer.
pub(in crate::tools) struct Rows<'a> {
    /// The rows, and what stands around them.
    pub(in crate::tools) found: Option<Found<'a>>,
    places: &'static str,
    answer: Json<'a>,
}

/// How the rows of an answer differ from the documentation, and what is there.
pub(in crate::tools) type Differing<'a> = (Difference, Vec<Json<'a>>);

impl<'a> Rows<'a> {
    /// Looks for the rows that are documented in one of these places.
    pub(in crate::tools) fn find(shape: &Shape, places: &'static str, answer: Json<'a>) -> Self {
        Self { found: find(shape, places, answer), places, answer }
    }

    /// How the answer differs from the documentation, if it does; `body` is what is made of the rows.
    pub(in crate::tools) fn difference(
        &self,
        shape: &Shape,
        body: Option<Json<'a>>,
    ) -> Option<Differing<'a>> {
        let Some(body) = body else {
            let there = vec![self.answer.inmost()];
            let is_none = is_absence(self.answer);
            return (!is_none).then(|| (Difference::new([self.places], &there), there));
        };
        let rows = elements(shape, body);
        let missing = missing(shape, &rows);
        (!missing.is_empty()).then(|| (Difference::new(missing, &rows), rows))
    }
}

/// The rows of one answer; of an object, the place in which it has what identifies it.
fn find<'a>(shape: &Shape, places: &str, answer: Json<'a>) -> Option<Found<'a>> {
    let fits = |found: &Found<'_>| found.rows.is_null() || is_meant(shape, places, found);
    match shape.layout {
        Layout::Table | Layout::OpenTable | Layout::Transposed { .. } => answer.list(places),
        Layout::Object | Layout::OpenObject | Layout::Arrays => {
            let any =
                |found: &Found<'_>| (found.rows.is_object() || found.is_named()) && identity(shape).is_some();
            answer
                .places(places)
                .find(fits)
                .or_else(|| answer.places(places).find(any).filter(|_| !is_absence(answer)))
        }
    }
}

/// Whether an object is the one that a view shows.
fn is_meant(shape: &Shape, places: &str, found: &Found<'_>) -> bool {
    let says = |row: &Json<'_>| row.members().iter().any(|(_, value)| value.text().is_some());
    let is_flat =
        |row: &Json<'_>| row.members().iter().all(|(_, value)| !value.is_object() && !value.is_array());
    // Of an object whose members are not documented, only its place or its plainness speaks for it.
    let is_place = found.is_named() || places.split(',').any(str::is_empty);
    elements(shape, found.rows).iter().any(|row| match identity(shape) {
        Some(paths) => row.has(&paths) && !has_empty_room(*row),
        None if shape.columns.iter().any(|column| column.path.is_empty()) => row.text().is_some(),
        None => says(row) && !has_empty_room(*row) && (is_place || is_flat(row)),
    })
}

/// The rows of a place: the elements of its list; an object that is meant alone.
fn elements<'a>(shape: &Shape, place: Json<'a>) -> Vec<Json<'a>> {
    match shape.layout {
        Layout::Object | Layout::OpenObject if !place.is_array() => vec![place],
        Layout::Arrays => vec![place],
        _ => place.items(),
    }
}

fn identity(shape: &Shape) -> Option<String> {
    match shape.layout {
        Layout::Arrays => Some("t".to_owned()),
        Layout::Transposed { label } => Some(label.join(",")),
        _ => shape.identity().map(str::to_owned),
    }
}

/// What is missing in every row: what identifies one, or most of the usual columns.
fn missing<'s>(shape: &'s Shape, rows: &[Json<'_>]) -> Vec<&'s str> {
    if rows.iter().all(|row| row.is_null() || row.members().is_empty() && row.is_object()) {
        return Vec::new();
    }
    let is_missing = |path: &str| !path.is_empty() && !is_in_any(rows, path);
    let usual: Vec<&str> =
        shape.columns.iter().filter(|column| column.usual).map(|column| column.path).collect();
    let missing: Vec<&str> = usual.iter().copied().filter(|path| is_missing(path)).collect();
    let is_nameless = identity(shape).is_some_and(|paths| is_missing(&paths));
    match shape.layout {
        Layout::Transposed { label } if is_nameless => [label, &missing].concat(),
        Layout::Arrays if is_nameless => vec!["t"],
        _ if is_nameless || missing.len() * 2 > usual.len() => missing,
        _ => Vec::new(),
    }
}

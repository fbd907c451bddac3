//! A cursor of `get_orders`: Aries' own name of a page, and marks of the last orders that each answer before has shown. A page
//! that has one of them again is shown behind it.

use sha2::{Digest, Sha256};

/// Between Aries' name of the page and the marks.
const AFTER: char = '~';
/// Marks that a cursor remembers.
const MOST_MARKS: usize = 20;
/// Characters of the longest cursor that is shown.
pub(super) const MOST: usize = 300;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// None for the first page.
    pub(super) page: Option<String>,
    pub(super) shown: Vec<String>,
}

impl Place {
    pub(super) fn read(cursor: Option<&str>) -> Self {
        let cursor = cursor.unwrap_or_default();
        let (page, marks) = cursor.rsplit_once(AFTER).unwrap_or((cursor, ""));
        let shown = marks.split('.').filter(|mark| !mark.is_empty()).map(str::to_owned).collect();
        Self { page: Some(page.to_owned()).filter(|page| !page.is_empty()), shown }
    }

    /// The cursor of a page, behind what was shown before and these orders.
    pub(super) fn behind<'a>(
        page: Option<&str>,
        shown: &[String],
        ids: impl Iterator<Item = &'a String>,
    ) -> String {
        let mut marks: Vec<String> = shown.iter().cloned().chain(ids.map(|id| mark(id))).collect();
        marks.drain(..marks.len().saturating_sub(MOST_MARKS));
        format!("{}{AFTER}{}", page.unwrap_or_default(), marks.join("."))
    }
}

/// By which an order is known again: the beginning of the checksum of its id.
pub(super) fn mark(id: &str) -> String {
    crate::os::hex::encode(&Sha256::digest(id.as_bytes())).chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_page_and_the_last_orders_before_it() {
        let ids: Vec<String> = (0..30).map(|number| number.to_string()).collect();
        let cursor = Place::behind(Some("50"), &[mark("x")], ids.iter().take(2));
        let place = Place { page: Some("50".to_owned()), shown: ["x", "0", "1"].map(mark).to_vec() };
        assert_eq!(Place::read(Some(&cursor)), place);
        assert_eq!(Place::read(Some("50")), Place { page: Some("50".to_owned()), shown: Vec::new() });
        assert_eq!(Place::read(None), Place { page: None, shown: Vec::new() });
        let last = Place::read(Some(&Place::behind(None, &[], ids.iter())));
        assert_eq!((last.page, last.shown.len(), last.shown.last()), (None, MOST_MARKS, Some(&mark("29"))));
    }
}

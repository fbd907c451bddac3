//! Cursors: how many rows of a page were shown, and Aries' own name for the page. A cursor is `40`, `~abc` or
//! `40~abc`, or `40.1a2b3c.4d5e6f~abc` with the marks of the pages before, by which a page that comes again is known.

use sha2::{Digest, Sha256};

use crate::aries::endpoint::{Cursor, Endpoint, LAST_INDEXES, Request};
use crate::aries::json::{Found, is_alike};
use crate::error::{Error, Result};
use crate::text::clean;

pub(super) const MOST: usize = 2_100;
/// A longer name of a page is not shown; the documented ones have a few hundred characters.
const MOST_PAGE: usize = 2_000;

/// How much of its page an answer filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    /// As many rows as were asked for: there may be another page.
    Fully,
    /// Fewer: this was the last page.
    Partly,
}

/// Pages before that a cursor remembers.
const MOST_MARKS: usize = 3;

/// Where an answer begins: read from a cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Begin {
    /// Rows of the page to leave out.
    pub(super) skip: usize,
    /// Aries' own name for the page; none for the first one.
    pub(super) page: Option<String>,
    marks: Vec<String>,
}

impl Begin {
    /// The cursor for the rest of this page, behind so many rows.
    pub(super) fn behind(&self, skip: usize) -> String {
        match &self.page {
            Some(page) => format!("{skip}{}~{page}", self.marked()),
            None => skip.to_string(),
        }
    }

    /// The cursor for the page that Aries calls so, after one of these rows.
    pub(super) fn to(&self, page: &str, rows: &str) -> String {
        let mut marks: Vec<String> = self.marks.iter().rev().take(MOST_MARKS - 1).rev().cloned().collect();
        marks.push(mark(rows));
        let marked = Begin { marks, ..Begin::default() }.marked();
        format!("{marked}~{page}")
    }

    /// Whether a page of these rows was shown before.
    pub(super) fn was_shown(&self, rows: &str) -> bool {
        self.marks.contains(&mark(rows))
    }

    fn marked(&self) -> String {
        self.marks.iter().map(|mark| format!(".{mark}")).collect()
    }
}

/// By which a page is known again: the beginning of its checksum.
fn mark(rows: &str) -> String {
    crate::os::hex::encode(&Sha256::digest(rows.as_bytes())).chars().take(6).collect()
}

pub(super) fn wrong() -> Error {
    Error::usage(
        "`cursor` is not one of this view",
        "copy `next` of the answer before, with the same arguments",
    )
}

/// Reads the cursor of a view of this endpoint.
pub(super) fn read(row: &Endpoint, cursor: &str) -> Result<Begin> {
    let (front, page) = match cursor.split_once('~') {
        Some((front, page)) => (front, Some(page.to_owned())),
        None => (cursor, None),
    };
    let mut front = front.split('.');
    let skip = front.next().filter(|skip| !skip.is_empty());
    let skip = skip.map_or(Ok(0), str::parse).map_err(|_| wrong())?;
    let marks: Vec<String> = front.map(str::to_owned).collect();
    let fits = match (&page, row.paging.cursor) {
        (None, _) => true,
        (Some(_), Cursor::None) => false,
        (Some(page), Cursor::Page(..)) => page.parse::<u32>().is_ok(),
        (Some(page), _) => !page.is_empty() && page.is_ascii(),
    };
    let is_mark = |mark: &String| mark.len() == 6 && mark.bytes().all(|byte| byte.is_ascii_hexdigit());
    let marks_fit =
        marks.len() <= MOST_MARKS && marks.iter().all(is_mark) && (page.is_some() || marks.is_empty());
    if fits && marks_fit && skip <= 1_000_000 { Ok(Begin { skip, page, marks }) } else { Err(wrong()) }
}

/// Asks for the page that Aries has named.
pub(super) fn send(request: &mut Request, page: &str) {
    match request.endpoint.paging.cursor {
        Cursor::None => {}
        Cursor::Next => request.query.push(("next", page.to_owned())),
        Cursor::Page(name, _) | Cursor::Token(_, name) => request.query.push((name, page.to_owned())),
        Cursor::LastIndex => {
            for (name, value) in page.split('&').filter_map(|pair| pair.split_once('=')) {
                let known = LAST_INDEXES.iter().find(|known| **known == name);
                request.query.extend(known.map(|name| (*name, value.to_owned())));
            }
        }
    }
}

/// Aries' own name for the next page, if there is one. Of an address only the value of `next` is taken.
pub(super) fn next_page(
    cursor: Cursor,
    answer: &Found<'_>,
    page: Option<u32>,
    filled: Filled,
) -> Option<String> {
    let full = filled == Filled::Fully;
    match cursor {
        Cursor::None => None,
        Cursor::Next => {
            let text = answer.text_at("nextUrl")?;
            let url = url::Url::parse(&text).ok().or_else(|| {
                let base = url::Url::parse("http://localhost/").ok()?;
                base.join(&text).ok()
            })?;
            let found =
                url.query_pairs().find(|(name, _)| name == "next").map(|(_, value)| value.into_owned());
            found.filter(|value| !value.is_empty() && value.len() <= MOST_PAGE && value.is_ascii())
        }
        Cursor::Token(name, _) => {
            let token = answer.text_at(name)?.into_owned();
            (token.len() <= MOST_PAGE && token.is_ascii()).then_some(token)
        }
        Cursor::Page(_, second) => {
            full.then(|| page.map_or(second, |page| page.saturating_add(1)).to_string())
        }
        Cursor::LastIndex => {
            let last = answer.get("pagination/lastIndexes")?;
            let parts = last.members().into_iter().filter_map(|(name, value)| {
                let name = LAST_INDEXES.iter().find(|known| is_alike(known, &name))?;
                let text = clean(&value.text()?, 60);
                (!text.contains(['&', '='])).then(|| format!("{name}={text}"))
            });
            let parts = parts.collect::<Vec<_>>().join("&");
            (full && !parts.is_empty()).then_some(parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aries::Json;
    use crate::aries::endpoints;

    #[test]
    fn of_an_address_only_the_cursor_is_taken() {
        let next = |url: &str| {
            let text = serde_json::json!({ "nextUrl": url }).to_string();
            next_page(Cursor::Next, &Found::whole(Json::parse(&text).unwrap()), None, Filled::Fully)
        };
        assert_eq!(next("http://localhost:8087/v1/x?limit=5&next=YWJj%3D").as_deref(), Some("YWJj="));
        assert_eq!(next("/v1/x?next=a").as_deref(), Some("a"));
        for none in [
            "http://evil.example/",
            "",
            "next=a",
            &format!("http://x/?next={}", "a".repeat(5_000)),
            "http://x/?next=%0a%0d%ff",
        ] {
            assert!(next(none).is_none_or(|next| next.is_ascii() && next.len() <= MOST_PAGE), "{none}");
        }
        assert_eq!(
            next_page(
                Cursor::Page("page", 2),
                &Found::whole(Json::parse("{}").unwrap()),
                None,
                Filled::Fully
            )
            .as_deref(),
            Some("2")
        );
        assert_eq!(
            next_page(
                Cursor::Page("page", 2),
                &Found::whole(Json::parse("{}").unwrap()),
                Some(7),
                Filled::Fully
            )
            .as_deref(),
            Some("8")
        );
        assert_eq!(
            next_page(
                Cursor::Page("page", 2),
                &Found::whole(Json::parse("{}").unwrap()),
                Some(7),
                Filled::Partly
            ),
            None
        );
    }

    #[test]
    fn a_cursor_is_rows_left_out_and_a_page() {
        let dividends = &endpoints::DIVIDENDS;
        let begin =
            |skip, page: Option<&str>| Begin { skip, page: page.map(str::to_owned), marks: Vec::new() };
        assert_eq!(read(dividends, "40~abc=").unwrap(), begin(40, Some("abc=")));
        assert_eq!(read(dividends, "~abc").unwrap(), begin(0, Some("abc")));
        assert_eq!(read(dividends, "40").unwrap(), begin(40, None));
        for wrong in [
            "x",
            "1.5",
            "-1",
            "~",
            "99999999999999999999",
            "1.1a2b3c",
            ".1a2b3~abc",
            ".1a2b3c.1a2b3c.1a2b3c.1a2b3c~abc",
        ] {
            assert!(read(dividends, wrong).is_err(), "{wrong}");
        }
        // A page that comes again within three others is known.
        let mut at = begin(0, None);
        for (rows, next) in [("[1]", "a"), ("[2]", "b"), ("[3]", "c"), ("[4]", "d")] {
            assert!(!at.was_shown(rows));
            at = read(dividends, &at.to(next, rows)).unwrap();
        }
        assert!(at.was_shown("[2]") && at.was_shown("[4]") && !at.was_shown("[1]"));
        assert_eq!(read(dividends, &at.behind(7)).unwrap(), Begin { skip: 7, ..at });
        assert!(read(&endpoints::EARNINGS_CALENDAR, "~1").is_err());
        assert!(read(&endpoints::RATINGS, "~x").is_err());
    }
}

//! Cursors: how many rows of a page were shown, and Aries' own name for the page. A cursor is `40`, `~abc` or
//! `40~abc`.

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

pub(super) fn wrong() -> Error {
    Error::usage(
        "`cursor` is not one of this view",
        "copy `next` of the answer before, with the same arguments",
    )
}

/// Reads a cursor: rows to leave out, and Aries' own name for the page.
pub(super) fn read(row: &Endpoint, cursor: &str) -> Result<(usize, Option<String>)> {
    let (skip, page) = match cursor.split_once('~') {
        Some((skip, page)) => (skip, Some(page.to_owned())),
        None => (cursor, None),
    };
    let skip = if skip.is_empty() { 0 } else { skip.parse().map_err(|_| wrong())? };
    let fits = match (&page, row.paging.cursor) {
        (None, _) => true,
        (Some(_), Cursor::None) => false,
        (Some(page), Cursor::Page(..)) => page.parse::<u32>().is_ok(),
        (Some(page), _) => !page.is_empty() && page.is_ascii(),
    };
    if fits && skip <= 1_000_000 { Ok((skip, page)) } else { Err(wrong()) }
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
        assert_eq!(read(dividends, "40~abc=").unwrap(), (40, Some("abc=".to_owned())));
        assert_eq!(read(dividends, "~abc").unwrap(), (0, Some("abc".to_owned())));
        assert_eq!(read(dividends, "40").unwrap(), (40, None));
        for wrong in ["x", "1.5", "-1", "~", "99999999999999999999"] {
            assert!(read(dividends, wrong).is_err(), "{wrong}");
        }
        assert!(read(&endpoints::EARNINGS_CALENDAR, "~1").is_err());
        assert!(read(&endpoints::RATINGS, "~x").is_err());
    }
}

//! Contracts of a chain, which Aries answers one by one and page by page.

use serde_json::Value;

use crate::aries::endpoint::Cursor;
use crate::aries::endpoints::CHAIN;
use crate::aries::{Json, Reply};
use crate::error::Result;
use crate::tools::{Call, cursor};

pub(super) const PAGE: usize = 250;
/// Pages read for one answer; the cursor leads to the rest.
const MOST_PAGES: usize = 8;

/// What every contract has.
pub(super) const NEEDED: &[&str] = &["details/ticker", "details/expirationDate"];

/// Every page of a request up to a bound; true if there was more.
pub(super) async fn pages(call: &Call, filters: [(&str, Value); 7]) -> Result<(Vec<Reply>, bool)> {
    let request = CHAIN.with(filters)?;
    let mut replies = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    while replies.len() < MOST_PAGES {
        let mut page = request.clone();
        page.query.extend(seen.last().map(|next| ("next", next.clone())));
        let reply = call.aries.read_if_granted(&page).await?;
        let next = cursor::next_page(
            Cursor::Next,
            &reply.list(reply.json()?, CHAIN.rows, NEEDED)?,
            None,
            cursor::Filled::Fully,
        );
        replies.push(reply);
        match next.filter(|next| !seen.contains(next)) {
            Some(next) => seen.push(next),
            // Pages that come again end the list.
            None => return Ok((replies, false)),
        }
    }
    Ok((replies, true))
}

pub(super) fn contracts(replies: &[Reply]) -> Result<Vec<Json<'_>>> {
    let lists = replies.iter().map(|reply| reply.rows(CHAIN.rows, NEEDED)).collect::<Result<Vec<_>>>()?;
    Ok(lists.into_iter().flatten().collect())
}

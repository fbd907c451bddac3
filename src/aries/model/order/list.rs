//! Lists of orders: today's and the history, a page of them or the whole.

use std::collections::HashSet;

use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};
use serde_json::json;

use super::Order;
use crate::aries::endpoints::{ORDERS_HISTORY, ORDERS_TODAY};
use crate::aries::json::Found;
use crate::aries::{Aries, Reply};
use crate::error::{Error, Kind, Result};
use crate::told::Told;

/// The largest page that Aries gives.
pub(crate) const LARGEST: usize = 500;
/// Pages of a list that is read whole: 10,000 orders.
const MOST_PAGES: usize = 20;

/// Members without which a list of orders is not one.
const NEEDED: [&str; 4] = ["clOrdId,orderId", "symbol,legs", "ordStatus,status", "qty,quantity,leavesQty"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    /// Open orders and those that ended today, out of Aries' cache, which may lag behind.
    Today,
    /// Orders by the time of their creation, today's included, out of Aries' database. Aries takes at most 90 days.
    History { from: Timestamp, to: Timestamp },
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct PageRequest<'a> {
    pub(crate) account: &'a str,
    pub(crate) limit: usize,
    /// Where the page begins; at the newest order if this is none.
    pub(crate) cursor: Option<&'a str>,
}

#[derive(Debug)]
pub(crate) struct Page {
    /// Every row, also those that cannot be read.
    pub(crate) orders: Vec<Order>,
    /// Where the list goes on, if it does.
    pub(crate) next: Option<String>,
    /// Whether Aries says that the list goes on, but not beyond this page: then orders may be missing.
    pub(crate) stands_still: bool,
    /// Whether Aries says that its list can be used; if not, orders may be missing.
    pub(crate) available: bool,
    end: End,
    /// How many orders the list has, if Aries says so.
    total: Option<usize>,
}

/// What a page that leads to no other says of the end of its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Aries writes 0 where a list ends.
    Said,
    Unsaid,
    /// There is more, and not where: a cursor that cannot be read, or a word that says so.
    Denied,
}

/// The longest time that Aries gives the history of.
pub(crate) const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 90);

/// The whole seconds from one moment to another, with those that they lie in: Aries takes whole ones, and 90 days at most.
/// Where a second is too much it is the first one, since the last may be that of now.
fn whole_seconds(from: Timestamp, to: Timestamp) -> (Timestamp, Timestamp) {
    let rounded = |moment: Timestamp, mode: RoundMode| {
        moment.round(TimestampRound::new().smallest(Unit::Second).mode(mode)).unwrap_or(moment)
    };
    let to = rounded(to, RoundMode::Ceil);
    (rounded(from, RoundMode::Floor).max(to.saturating_sub(LONGEST).unwrap_or(from)), to)
}

/// A page of a list; all of today's orders at once where Aries has only the older call for them.
pub(crate) async fn page(aries: &Aries, list: List, wanted: PageRequest<'_>) -> Result<Page> {
    let PageRequest { account, limit, cursor } = wanted;
    let (account, limit, page) =
        (("account", json!(account)), ("limit", json!(limit)), ("cursor", json!(cursor)));
    let request = match list {
        List::Today => {
            let mut request = ORDERS_TODAY.with([account, limit, page])?;
            // The older call has no pages: it would answer with the whole list once more.
            request.older = request.older.filter(|_| cursor.is_none());
            request
        }
        List::History { from, to } => {
            let (from, to) = whole_seconds(from, to);
            ORDERS_HISTORY.with([
                account,
                limit,
                page,
                ("from", json!(from.to_string())),
                // Left out, Aries takes the last full minute.
                ("to", json!(to.to_string())),
            ])?
        }
    };
    let mut page = Page::read(&aries.read(&request).await?)?;
    // A page without an order may lead on to one with orders.
    let is_further = |next: &String| is_after(next, cursor);
    page.stands_still = !page.next.as_ref().is_none_or(is_further);
    page.next = page.next.filter(|_| !page.stands_still);
    Ok(page)
}

/// Whether a cursor leads on from the page that was asked for. Aries' cursors count rows, so they grow; of another text
/// only that it is not the same can be said.
fn is_after(next: &str, asked: Option<&str>) -> bool {
    match (next.parse::<i64>(), asked.map_or(Ok(0), str::parse::<i64>)) {
        (Ok(next), Ok(asked)) => next > asked,
        _ => Some(next) != asked,
    }
}

/// Reads a list to its end. Fails where that is not possible: an open order that is not seen would let the same shares
/// be sold twice.
pub(crate) async fn whole(aries: &Aries, account: &str, list: List) -> Result<Vec<Order>> {
    let mut orders: Vec<Order> = Vec::new();
    let mut ids: HashSet<String> = HashSet::new();
    let mut cursors: Vec<String> = Vec::new();
    while cursors.len() < MOST_PAGES {
        let wanted = PageRequest { account, limit: LARGEST, cursor: cursors.last().map(String::as_str) };
        let page = page(aries, list, wanted).await?;
        if !page.available {
            return Err(unusable("is not available right now", "try again in a minute"));
        }
        // A row without an id may be any.
        let is_new = |order: &Order| order.id.is_empty() || !ids.contains(&order.id);
        let brings_nothing = !page.orders.is_empty() && !page.orders.iter().any(is_new);
        let is_full = page.orders.len() >= LARGEST;
        ids.extend(page.orders.iter().map(|order| order.id.clone()));
        orders.extend(page.orders);
        let lacks_some = page.total.is_some_and(|total| total > orders.len());
        match page.next {
            Some(next) if cursors.contains(&next) => {
                return Err(unusable("comes to the same page twice", CUT));
            }
            Some(next) => cursors.push(next),
            // The cursor was not heeded, or leads back or to nothing.
            None if page.stands_still || brings_nothing => {
                return Err(unusable("does not move on from one page", CUT));
            }
            None if lacks_some || page.end == End::Denied || (is_full && page.end == End::Unsaid) => {
                return Err(unusable("does not say where it goes on", CUT));
            }
            None => return Ok(orders),
        }
    }
    let cause = format!("has more than {} orders, which is more than is read", MOST_PAGES * LARGEST);
    Err(unusable(
        &cause,
        Told::pair(
            "tell the person; Aries' own application takes the order",
            "Aries' own application takes the order",
        ),
    ))
}

const CUT: Told = Told::pair(
    "it may not be whole; tell the person that Aries' list of orders cannot be read to its end",
    "it may not be whole: Aries' list of orders cannot be read to its end",
);

fn unusable(cause: &str, hint: impl Into<Told>) -> Error {
    Error::new(Kind::Unavailable, format!("Aries' list of orders {cause}"), hint)
}

impl End {
    fn of(found: &Found<'_>, next: Option<&str>) -> Self {
        let says_more = |path: &str| {
            found.get(path).is_some_and(|value| {
                let text = value.text();
                !matches!(text.as_deref().map(str::trim), Some("false" | "0" | ""))
                    && (text.is_some() || value.is_object() || value.is_array())
            })
        };
        let is_unreadable =
            next.is_none() && found.get("nextCursor").is_some_and(|next| next.raw() != "\"\"");
        let elsewhere =
            ["hasMore", "pagination/hasMore", "pagination/nextCursor", "meta/hasMore", "meta/nextCursor"];
        match next {
            _ if is_unreadable || elsewhere.into_iter().any(says_more) => Self::Denied,
            None => Self::Unsaid,
            Some(_) => Self::Said,
        }
    }
}

impl Page {
    fn read(reply: &Reply) -> Result<Self> {
        let available = reply.json()?.is_available();
        reply.strictly(|json| {
            let found = match reply.list(json, "orders", &NEEDED) {
                // A list that is said to be unavailable may lack its rows.
                Err(_) if !available => {
                    return Ok(Self {
                        orders: Vec::new(),
                        next: None,
                        stands_still: false,
                        available,
                        end: End::Unsaid,
                        total: None,
                    });
                }
                found => found?,
            };
            let next = found.text_at("nextCursor").filter(|next| !next.trim().is_empty());
            let total = ["total", "totalCount"].iter().find_map(|name| found.get(name)?.integer());
            Ok(Self {
                orders: found.rows.items().into_iter().map(Order::read).collect(),
                end: End::of(&found, next.as_deref()),
                next: next.filter(|next| next != "0").map(|next| next.into_owned()),
                stands_still: false,
                available: available && found.is_available() && !found.is_partial(),
                total: total.and_then(|total| usize::try_from(total).ok()),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_stretch_keeps_the_second_of_now() {
        let to: Timestamp = "2026-11-29T16:15:50.4Z".parse().unwrap();
        let (first, last) = whole_seconds(to.saturating_sub(LONGEST).unwrap(), to);
        assert_eq!([first, last].map(|at| at.to_string()), ["2026-08-31T16:15:51Z", "2026-11-29T16:15:51Z"]);
    }

    fn end(members: &str) -> (Option<String>, End, Option<usize>) {
        let page = Page::read(&Reply::of(&format!(r#"{{"orders":[]{members}}}"#))).unwrap();
        (page.next, page.end, page.total)
    }

    #[test]
    fn a_page_ends_its_list_where_it_says_so_and_nothing_denies_it() {
        assert_eq!(end(r#","nextCursor":0"#), (None, End::Said, None));
        assert_eq!(end(r#","nextCursor":0,"hasMore":false,"total":6"#), (None, End::Said, Some(6)));
        assert_eq!(end(r#","nextCursor":7"#), (Some("7".to_owned()), End::Said, None));
        for unsaid in ["", r#","nextCursor":null"#, r#","nextCursor":"""#] {
            assert_eq!(end(unsaid).1, End::Unsaid, "{unsaid}");
        }
        for denied in [
            r#","nextCursor":{"id":5}"#,
            r#","nextCursor":" ""#,
            r#","nextCursor":0,"hasMore":true"#,
            r#","nextCursor":0,"has_more":"true""#,
            r#","pagination":{"nextCursor":7}"#,
            r#","nextCursor":0,"pagination":{"hasMore":true}"#,
        ] {
            assert_eq!((end(denied).0, end(denied).1), (None, End::Denied), "{denied}");
        }
    }
}

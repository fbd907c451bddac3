//! Lists of orders: today's and the history, a page of them or the whole.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::json;

use super::Order;
use crate::aries::endpoints::{ORDERS_HISTORY, ORDERS_TODAY};
use crate::aries::{Aries, Json, Reply};
use crate::error::{Error, Kind, Result};

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

#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Every row, also those that cannot be read.
    pub(crate) orders: Vec<Order>,
    /// Where the list goes on, if it does.
    pub(crate) next: Option<String>,
    /// Whether Aries says, or a page that is not full shows, that the list ends here.
    ends: bool,
    /// How many orders the list has, if Aries says so.
    total: Option<i64>,
    /// Whether Aries says that its list can be used; if not, orders may be missing.
    pub(crate) available: bool,
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
        List::History { from, to } => ORDERS_HISTORY.with([
            account,
            limit,
            page,
            ("from", json!(from.to_string())),
            // Left out, Aries takes the last full minute.
            ("to", json!(to.to_string())),
        ])?,
    };
    Page::read(&aries.read(&request).await?, wanted.limit)
}

/// Reads a list to its end. Fails where that is not possible: an open order that is not seen would let the same shares
/// be sold twice.
pub(crate) async fn whole(aries: &Aries, account: &str, list: List) -> Result<Vec<Order>> {
    let mut orders = Vec::new();
    let mut cursors: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    let hint = "tell the person that Aries' list of orders cannot be read to its end";
    while cursors.len() < MOST_PAGES {
        let wanted = PageRequest { account, limit: LARGEST, cursor: cursors.last().map(String::as_str) };
        let page = page(aries, list, wanted).await?;
        if !page.available {
            return Err(unusable("is not available right now", "try again in a minute"));
        }
        let is_new =
            page.orders.iter().filter(|order| known.insert((order.id.clone(), order.created))).count() > 0;
        let is_again = !cursors.is_empty() && !page.orders.is_empty() && !is_new;
        orders.extend(page.orders);
        match page.next {
            next if is_again || next.as_ref().is_some_and(|next| cursors.contains(next)) => {
                return Err(unusable("comes to the same page twice, so it may not be whole", hint));
            }
            Some(next) => cursors.push(next),
            None if page.ends && page.total.is_none_or(|total| total <= count(&orders)) => return Ok(orders),
            None => return Err(unusable("does not say that it ends here, so it may not be whole", hint)),
        }
    }
    let cause = format!("has more than {} orders, which is more than is read", MOST_PAGES * LARGEST);
    Err(unusable(&cause, "tell the person; Aries' own application takes the order"))
}

fn count(orders: &[Order]) -> i64 {
    i64::try_from(orders.len()).unwrap_or(i64::MAX)
}

fn unusable(cause: &str, hint: &str) -> Error {
    Error::new(Kind::Unavailable, format!("Aries' list of orders {cause}"), hint)
}

impl Page {
    fn read(reply: &Reply, limit: usize) -> Result<Self> {
        let available = reply.json()?.is_available();
        reply.strictly(|json| {
            let found = match reply.list(json, "orders", &NEEDED) {
                // A list that is said to be unavailable may lack its rows.
                Err(_) if !available => return Ok(Self::default()),
                found => found?,
            };
            let orders: Vec<Order> = found.rows.items().into_iter().map(Order::read).collect();
            let cursor = found.get("nextCursor");
            let next = cursor.and_then(Json::text).map(|next| next.trim().to_owned());
            let next = next.filter(|next| !next.is_empty());
            // Aries writes 0 where the list ends. Where it writes nothing, a page that is not full ends it.
            let is_end = match (&cursor, &next) {
                (_, Some(next)) => next == "0",
                (Some(cursor), None) if cursor.is_object() || cursor.is_array() => false,
                _ => orders.len() < limit,
            };
            Ok(Self {
                ends: is_end && !found.has_more(),
                total: ["total", "totalCount"].iter().find_map(|name| found.get(name)?.integer()),
                next: next.filter(|next| next != "0"),
                available: available && found.is_available() && !found.is_partial(),
                orders,
            })
        })
    }
}

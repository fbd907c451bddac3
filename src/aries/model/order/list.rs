//! Lists of orders: today's and the history, a page of them or the whole.

use jiff::Timestamp;
use serde_json::json;

use super::Order;
use crate::aries::endpoints::{ORDERS_HISTORY, ORDERS_TODAY};
use crate::aries::{Aries, Reply};
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
    let mut page = Page::read(&aries.read(&request).await?)?;
    let is_further = |next: &String| !page.orders.is_empty() && is_after(next, cursor);
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
    let mut orders = Vec::new();
    let mut cursors: Vec<String> = Vec::new();
    while cursors.len() < MOST_PAGES {
        let wanted = PageRequest { account, limit: LARGEST, cursor: cursors.last().map(String::as_str) };
        let page = page(aries, list, wanted).await?;
        if !page.available {
            return Err(unusable("is not available right now", "try again in a minute"));
        }
        orders.extend(page.orders);
        match page.next {
            None if !page.stands_still => return Ok(orders),
            Some(next) if !cursors.contains(&next) => cursors.push(next),
            _ => {
                let hint = "tell the person that Aries' list of orders cannot be read to its end";
                return Err(unusable("does not move on from one page, so it may not be whole", hint));
            }
        }
    }
    let cause = format!("has more than {} orders, which is more than is read", MOST_PAGES * LARGEST);
    Err(unusable(&cause, "tell the person; Aries' own application takes the order"))
}

fn unusable(cause: &str, hint: &str) -> Error {
    Error::new(Kind::Unavailable, format!("Aries' list of orders {cause}"), hint)
}

impl Page {
    fn read(reply: &Reply) -> Result<Self> {
        let available = reply.json()?.is_available();
        reply.strictly(|json| {
            let found = match reply.list(json, "orders", &NEEDED) {
                // A list that is said to be unavailable may lack its rows.
                Err(_) if !available => {
                    return Ok(Self { orders: Vec::new(), next: None, stands_still: false, available });
                }
                found => found?,
            };
            let next = found.text_at("nextCursor");
            Ok(Self {
                orders: found.rows.items().into_iter().map(Order::read).collect(),
                // Aries writes 0 where the list ends.
                next: next.filter(|next| next != "0").map(|next| next.into_owned()),
                stands_still: false,
                available: available && found.is_available(),
            })
        })
    }
}

//! Lists of orders: today's and the history, page by page.

use jiff::Timestamp;
use serde_json::json;

use super::Order;
use crate::aries::endpoints::{ORDERS_HISTORY, ORDERS_TODAY};
use crate::aries::{Aries, Reply};
use crate::error::Result;

/// The largest page that Aries gives.
pub(crate) const LARGEST: usize = 500;

/// Members without which a list of orders is not one.
const NEEDED: [&str; 4] = ["clOrdId,orderId", "symbol,legs", "ordStatus,status", "qty,quantity,leavesQty"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Cache,
    /// Aries' order database, which does not lag behind its cache.
    Database,
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
    /// Whether Aries says that its list can be used; if not, orders may be missing.
    pub(crate) available: bool,
}

/// A page of today's orders, open and ended; all of them at once where Aries does not know the newer call and has the
/// older one. The older list is a cache, so whoever asks for the database or for a later page does not get it.
pub(crate) async fn today(aries: &Aries, wanted: PageRequest<'_>, source: Source) -> Result<Page> {
    let PageRequest { account, limit, cursor } = wanted;
    let mut request = ORDERS_TODAY.with([
        ("account", json!(account)),
        ("limit", json!(limit)),
        ("cursor", json!(cursor)),
        ("source", json!((source == Source::Database).then_some("database"))),
    ])?;
    if source == Source::Database || cursor.is_some() {
        request.older = None;
    }
    Page::read(&aries.read(&request).await?)
}

/// A page of the orders between two moments, or since the first.
pub(crate) async fn history(
    aries: &Aries,
    wanted: PageRequest<'_>,
    from: Timestamp,
    to: Option<Timestamp>,
) -> Result<Page> {
    let request = ORDERS_HISTORY.with([
        ("account", json!(wanted.account)),
        ("limit", json!(wanted.limit)),
        ("cursor", json!(wanted.cursor)),
        ("from", json!(from.to_string())),
        ("to", json!(to.map(|to| to.to_string()))),
    ])?;
    Page::read(&aries.read(&request).await?)
}

impl Page {
    fn read(reply: &Reply) -> Result<Self> {
        let available = reply.json()?.is_available();
        reply.strictly(|json| {
            let found = match reply.list(json, "orders", &NEEDED) {
                // A list that is said to be unavailable may lack its rows.
                Err(_) if !available => return Ok(Self { orders: Vec::new(), next: None, available }),
                found => found?,
            };
            let next = found.text_at("nextCursor");
            Ok(Self {
                orders: found.rows.items().into_iter().map(Order::read).collect(),
                // Aries writes 0 where the list ends.
                next: next.filter(|next| next != "0").map(|next| next.into_owned()),
                available: available && found.is_available(),
            })
        })
    }
}

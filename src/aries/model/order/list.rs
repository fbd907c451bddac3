//! Lists of orders: today's and the history, page by page.

use jiff::Timestamp;
use serde_json::json;

use super::Order;
use crate::aries::endpoints::{ORDERS_HISTORY, ORDERS_TODAY};
use crate::aries::{Aries, Json, Reply};
use crate::error::Result;

/// The largest page that Aries gives.
pub(crate) const LARGEST: usize = 500;

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
        let json = reply.json()?;
        let available = json.get("availability/available").and_then(Json::boolean) != Some(false);
        // A list that is said to be unavailable may lack its rows.
        let rows = if available { reply.rows("orders")? } else { reply.rows("orders").unwrap_or_default() };
        Ok(Self {
            orders: rows.into_iter().map(Order::read).collect(),
            // Aries writes 0 where the list ends.
            next: json.text_at("nextCursor").filter(|next| next != "0").map(|next| next.into_owned()),
            available,
        })
    }
}

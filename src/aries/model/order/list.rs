//! Lists of orders: today's and the history, page by page.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Order;
use crate::aries::endpoints::{ORDERS_HISTORY, ORDERS_LEGACY, ORDERS_TODAY};
use crate::aries::{Aries, Json, Reply};
use crate::error::{Kind, Result};

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
    let mut args = wanted.args();
    if source == Source::Database {
        args.insert("source".to_owned(), json!("database"));
    }
    let newer = aries.read(&ORDERS_TODAY.request(&args)?).await;
    let reply = match newer {
        Err(error) if error.kind == Kind::NotFound && source == Source::Cache && wanted.cursor.is_none() => {
            let args = Map::from_iter([("account".to_owned(), json!(wanted.account))]);
            aries.read(&ORDERS_LEGACY.request(&args)?).await?
        }
        newer => newer?,
    };
    Page::read(&reply)
}

/// A page of the orders between two moments, or since the first.
pub(crate) async fn history(
    aries: &Aries,
    wanted: PageRequest<'_>,
    from: Timestamp,
    to: Option<Timestamp>,
) -> Result<Page> {
    let mut args = wanted.args();
    args.insert("from".to_owned(), json!(from.to_string()));
    args.extend(to.map(|to| ("to".to_owned(), json!(to.to_string()))));
    Page::read(&aries.read(&ORDERS_HISTORY.request(&args)?).await?)
}

impl PageRequest<'_> {
    fn args(&self) -> Map<String, Value> {
        let mut args = Map::from_iter([
            ("account".to_owned(), json!(self.account)),
            ("limit".to_owned(), json!(self.limit)),
        ]);
        args.extend(self.cursor.map(|cursor| ("cursor".to_owned(), json!(cursor))));
        args
    }
}

impl Page {
    fn read(reply: &Reply) -> Result<Self> {
        let json = reply.json()?;
        Ok(Self {
            orders: reply.rows("orders")?.into_iter().map(Order::read).collect(),
            // Aries writes 0 where the list ends.
            next: json.text_at("nextCursor").filter(|next| next != "0").map(|next| next.into_owned()),
            available: json.get("availability/available").and_then(Json::boolean) != Some(false),
        })
    }
}

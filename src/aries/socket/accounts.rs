//! The account socket: orders and positions of an account as they change.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::about::About;
use crate::aries::endpoint::Endpoint;
use crate::aries::endpoints::ACCOUNT_SOCKET;
use crate::aries::json::Object;
use crate::aries::model::order::list::{self, List};
use crate::aries::model::{Order, Position};
use crate::aries::{Aries, Json};
use crate::error::Result;
use crate::timing::Sockets;

/// Orders and positions of an account that are kept; no person has more in a day.
const MOST: usize = 2_000;
/// A larger row is no order of a person.
const MOST_OF_ROW: usize = 32 * 1024;

pub(crate) struct Accounts;

/// What is known of one account, by the ids of orders and the symbols of positions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Book {
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) positions: BTreeMap<String, Position>,
    /// Whether a whole list of orders has come.
    pub(crate) is_whole: bool,
}

/// One thing that changed; `Whole` follows a list.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Order(Box<Order>),
    Position,
    Whole,
}

impl About for Accounts {
    type State = Book;
    type News = Change;
    type Polled = Vec<Order>;

    fn endpoint() -> &'static Endpoint {
        &ACCOUNT_SOCKET
    }

    fn subscribe(key: &str) -> Option<Value> {
        Some(json!({"topic": "account", "params": {"accountId": key}}))
    }

    fn unsubscribe(key: &str) -> Option<Value> {
        Self::subscribe(key)
    }

    /// The id of the answer is the account's. That an event names it, and where, is not documented: one that names none is
    /// about the only account there is.
    fn key(id: Option<&str>, payload: &Object<'_>, known: &[&str]) -> Option<String> {
        let texts =
            |paths: &[&str]| paths.iter().filter_map(|path| payload.text_at(path)).collect::<Vec<_>>();
        let accounts = texts(&["accountId", "data/accountId", "data/tradingAccountId", "params/accountId"]);
        let others = id.map(Into::into).into_iter().chain(payload.text_at("target"));
        let names: Vec<_> = others.chain(accounts.iter().cloned()).collect();
        let is_known = |key: &&&str| names.iter().any(|name| name == **key);
        let is_only =
            known.first().filter(|_| known.len() == 1 && accounts.iter().all(|name| name.is_empty()));
        known.iter().find(is_known).or(is_only).map(|key| (*key).to_owned())
    }

    fn merge(book: &mut Book, payload: &Object<'_>) -> Option<Vec<Change>> {
        // It is not documented whether the snapshot stands in the answer or in an event, and there below `data`.
        let data = payload.get("data");
        for place in [Some(payload.whole()), data].into_iter().flatten() {
            if let Some(orders) = place.get("ordersV2").filter(|orders| orders.is_array()) {
                let positions = place.get("positions").map(Json::items).unwrap_or_default();
                let mut changes = book.take_positions(&positions);
                let rows = orders.items().into_iter().filter(|row| row.raw().len() <= MOST_OF_ROW);
                changes.extend(book.take_orders(rows.map(Order::read)));
                book.is_whole = true;
                changes.push(Change::Whole);
                return Some(changes);
            }
        }
        let data = data.filter(|data| data.is_object() && data.raw().len() <= MOST_OF_ROW)?;
        match payload.text_at("name").as_deref() {
            Some("account.order") => book.take_row(data),
            Some("account.position") => Some(book.take_positions(&[data])),
            // Money moves with every tick, and nobody waits for it here.
            Some("account.balance" | "account.info") => Some(Vec::new()),
            _ => None,
        }
    }

    fn is_of_note(payload: &Object<'_>) -> bool {
        matches!(payload.text_at("name").as_deref(), Some("account.order" | "account.position"))
    }

    /// An event tells of one order; what happened while there was no socket stands in the list alone.
    fn is_all(news: &[Change]) -> bool {
        news.iter().any(|change| matches!(change, Change::Whole))
    }

    fn merge_polled(book: &mut Book, polled: Vec<Order>) -> Vec<Change> {
        let mut changes = book.take_orders(polled);
        book.is_whole = true;
        changes.push(Change::Whole);
        changes
    }

    async fn poll(aries: &Aries, keys: &[String]) -> Vec<(String, Result<Vec<Order>>)> {
        let mut answers = Vec::new();
        for key in keys {
            answers.push((key.clone(), list::whole(aries, key, List::Today).await));
        }
        answers
    }

    /// Several accounts share the calls, so that half of those that Aries takes a minute are left.
    fn pause(timing: &Sockets, accounts: usize) -> Duration {
        timing.orders * u32::try_from(accounts.max(2)).unwrap_or(u32::MAX) / 2
    }
}

impl Book {
    /// Takes one row, which may hold what has changed and no more. `None` if that does not make a whole order, or another
    /// one than the order that is known by its id.
    fn take_row(&mut self, row: Json<'_>) -> Option<Vec<Change>> {
        let mut order = Order::read(row);
        let known = self.orders.get(&order.id);
        if !Order::is_whole(row) {
            order = known?.changed_by(row, order)?;
        }
        let is_same = |known: &Order| known.symbol == order.symbol && known.side == order.side;
        let is_sound =
            order.unreadable.is_none() && order.filled <= order.quantity && known.is_none_or(is_same);
        is_sound.then(|| self.take_orders([order]))
    }

    fn take_orders(&mut self, orders: impl IntoIterator<Item = Order>) -> Vec<Change> {
        let mut changes = Vec::new();
        for order in orders {
            let known = self.orders.get(&order.id);
            let is_full = known.is_none() && self.orders.len() >= MOST;
            if order.id.is_empty() || is_full || known.is_some_and(|known| !is_news(known, &order)) {
                continue;
            }
            self.orders.insert(order.id.clone(), order.clone());
            changes.push(Change::Order(Box::new(order)));
        }
        changes
    }

    fn take_positions(&mut self, rows: &[Json<'_>]) -> Vec<Change> {
        let mut changes = Vec::new();
        for position in
            rows.iter().filter(|row| row.raw().len() <= MOST_OF_ROW).map(|row| Position::read(*row))
        {
            let known = self.positions.get(&position.symbol);
            if known.is_some_and(|known| known.quantity == position.quantity)
                || known.is_none() && self.positions.len() >= MOST
            {
                continue;
            }
            self.positions.insert(position.symbol.clone(), position);
            changes.push(Change::Position);
        }
        changes
    }
}

/// Whether a row is newer than what is known of its order: what has ended stays so, and fills are never taken back, also
/// where a list that lags behind says otherwise.
fn is_news(known: &Order, new: &Order) -> bool {
    let is_late = new.updated.zip(known.updated).is_some_and(|(new, known)| new < known);
    known != new && !is_late && (known.is_open() || !new.is_open()) && new.filled >= known.filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(status: &str, filled: u32) -> Value {
        json!({"clOrdId": "1", "symbol": "MSFT", "side": "BUY", "qty": "10", "cumQty": filled.to_string(),
            "securityType": "EQUITY", "ordStatus": status})
    }

    fn merged(book: &mut Book, payload: &Value) -> Option<Vec<Change>> {
        Accounts::merge(book, &Json::parse(&payload.to_string()).unwrap().opened())
    }

    #[test]
    fn a_snapshot_is_found_wherever_it_stands() {
        for payload in [
            json!({"topic": "account", "ordersV2": [order("NEW", 0)], "positions": [], "account": {}}),
            json!({"topic": "account", "data": {"ordersV2": [order("NEW", 0)]}}),
        ] {
            let mut book = Book::default();
            assert_eq!(merged(&mut book, &payload).unwrap().len(), 2);
            assert!(book.is_whole && book.orders.contains_key("1"));
        }
    }

    #[test]
    fn an_order_goes_forward_only() {
        let event = |status: &str, filled| json!({"name": "account.order", "data": order(status, filled)});
        let mut book = Book::default();
        for (status, filled, is_news) in [
            ("NEW", 0, true),
            ("PARTIALLY_FILLED", 4, true),
            ("PARTIALLY_FILLED", 4, false),
            ("PARTIALLY_FILLED", 2, false),
            ("FILLED", 10, true),
            ("NEW", 0, false),
        ] {
            let changes = merged(&mut book, &event(status, filled)).unwrap();
            assert_eq!(changes.len(), usize::from(is_news), "{status} {filled}");
        }
        assert_eq!(book.orders["1"].status, "FILLED");
    }

    #[test]
    fn a_row_of_what_has_changed_is_merged_into_what_is_known() {
        let mut book = Book::default();
        let event = |row: Value| json!({"name": "account.order", "data": row});
        merged(&mut book, &event(order("NEW", 0))).unwrap();
        let part = event(
            json!({"clOrdId": "1", "ordStatus": "PARTIALLY_FILLED", "cumQty": 4, "avgPrice": "399.98"}),
        );
        assert_eq!(merged(&mut book, &part).unwrap().len(), 1);
        let known = &book.orders["1"];
        assert_eq!((known.symbol.as_str(), known.quantity, known.filled), ("MSFT", 10.into(), 4.into()));
        assert_eq!((known.status.as_str(), known.average), ("PARTIALLY_FILLED", "399.98".parse().ok()));
        assert!(known.unreadable.is_none());
        // What cannot be read, or is another order, is left to the lists.
        for wrong in [
            json!({"clOrdId": "1", "ordStatus": "FILLED", "cumQty": "NaN"}),
            json!({"clOrdId": "1", "ordStatus": "FILLED", "cumQty": 12}),
            json!({"clOrdId": "1", "symbol": "TSLA", "side": "SELL", "qty": 99, "securityType": "EQUITY",
                "ordStatus": "CANCELED"}),
            json!({"clOrdId": "1", "symbol": "MSFT", "side": "BUY", "qty": "-1", "ordStatus": "FILLED"}),
        ] {
            assert!(merged(&mut book, &event(wrong.clone())).is_none(), "{wrong}");
        }
        assert_eq!(book.orders["1"].status, "PARTIALLY_FILLED");
        // Of an order that is not known the lists tell more.
        let unknown = event(json!({"clOrdId": "2", "ordStatus": "FILLED"}));
        assert!(merged(&mut book, &unknown).is_none());
        assert!(Accounts::is_of_note(&Json::parse(&unknown.to_string()).unwrap().opened()));
        assert_eq!(book.orders.len(), 1);
    }

    #[test]
    fn what_is_no_news_of_an_account_is_not_understood() {
        for payload in [json!({}), json!({"name": "account.order"}), json!({"name": "novelty", "data": {}})] {
            assert!(merged(&mut Book::default(), &payload).is_none(), "{payload}");
        }
        let balance = json!({"name": "account.balance", "data": {"balance": 1}});
        assert!(merged(&mut Book::default(), &balance).unwrap().is_empty());
    }

    #[test]
    fn an_account_is_found_by_whatever_names_it() {
        let key = |id: Option<&str>, payload: Value, known: &[&str]| {
            Accounts::key(id, &Json::parse(&payload.to_string()).unwrap().opened(), known)
        };
        assert_eq!(key(Some("A1"), json!({}), &["A1", "A2"]).as_deref(), Some("A1"));
        assert_eq!(key(None, json!({"target": "A2"}), &["A1", "A2"]).as_deref(), Some("A2"));
        assert_eq!(key(None, json!({}), &["A1", "A2"]), None);
        assert_eq!(key(None, json!({}), &["A1"]).as_deref(), Some("A1"));
        assert_eq!(key(None, json!({"target": "ORDERS"}), &["A1"]).as_deref(), Some("A1"));
        assert_eq!(key(None, json!({"data": {"accountId": "A2"}}), &["A1"]), None);
        assert_eq!(key(None, json!({"data": {"accountId": ""}}), &["A1"]).as_deref(), Some("A1"));
    }
}

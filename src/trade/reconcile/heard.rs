//! The end of an order as the account socket tells it, where that is open. An order whose outcome is unknown is looked for
//! in the lists alone.

use super::Reconciler;
use crate::aries::model;
use crate::aries::socket::{Accounts, Subscription};
use crate::trade::state::State;

/// Hears of one order.
pub(crate) struct Listener {
    orders: Subscription<Accounts>,
    id: String,
}

impl Reconciler {
    /// Listens for the end of an order; `None` without an open socket.
    pub(crate) fn listen(&self, account: &str, id: &str) -> Option<Listener> {
        let orders = self.streams.accounts.listen_if_open(account)?;
        Some(Listener { orders, id: id.to_owned() })
    }
}

impl Listener {
    /// Whether the socket is open and has told of the account.
    pub(super) fn is_heard(&self) -> bool {
        self.orders.is_heard()
    }

    /// The same order with what the socket told of its fills.
    pub(super) fn with_fills(&self, seen: Option<model::Order>) -> Option<model::Order> {
        let heard = self.orders.state(|book| book.orders.get(&self.id).cloned());
        let is_further = |heard: &model::Order| {
            heard.is_open()
                && seen.as_ref().is_none_or(|seen| heard.id == seen.id && heard.filled > seen.filled)
        };
        heard.filter(is_further).or(seen)
    }

    /// Waits until the order has ended. One that was replaced lives on under another id, which the lists know.
    pub(super) async fn end(&mut self) -> model::Order {
        loop {
            let order = self.orders.state(|book| book.orders.get(&self.id).cloned());
            let ended = order.filter(|order| !order.is_open() && State::of(&order.status) != State::Replaced);
            match ended {
                Some(order) => return order,
                None => drop(self.orders.next().await),
            }
        }
    }
}

/// As [`Listener::end`]; never without a listener.
pub(super) async fn end(listener: &mut Option<Listener>) -> model::Order {
    match listener {
        Some(listener) => listener.end().await,
        None => std::future::pending().await,
    }
}

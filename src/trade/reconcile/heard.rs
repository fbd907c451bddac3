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
    /// Waits until the order has ended. One that was replaced lives on under another id, which the lists know.
    async fn end(&mut self) -> model::Order {
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

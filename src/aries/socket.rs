//! Aries' WebSockets (pages `api-reference/marketdata/wss`, `websockets/account-updates`): one of each kind a process,
//! opened when somebody first listens and closed when nobody has for a while. While one cannot be had, REST is asked.
//!
//! | file | what it is |
//! | --- | --- |
//! | `open` | the connection, through the HTTP client that all requests take |
//! | `frame` | what is sent and what is heard, the same for all sockets |
//! | `feed` | who listens to what, and the newest word on it |
//! | `session` | one connection from its sign-in to its end |
//! | `driver` | opens sessions, asks REST between them, ends when idle |
//! | `market`, `accounts` | what the two sockets are about |

mod accounts;
mod driver;
mod feed;
mod frame;
mod market;
mod open;
mod session;

pub(crate) use accounts::{Accounts, Change};
pub(crate) use feed::{About, Link, Subscription, Word};
pub(crate) use market::{Market, STATUS, Ticker};
pub(crate) use open::{address, opening};

use crate::aries::Aries;
use crate::timing::Timing;
use driver::Live;

/// The sockets of a process. Cheap to clone; nothing is opened before the first subscription.
#[derive(Clone)]
pub(crate) struct Streams {
    pub(crate) market: Live<Market>,
    pub(crate) accounts: Live<Accounts>,
    pub(crate) timing: Timing,
}

impl Streams {
    pub(crate) fn new(aries: &Aries, timing: Timing) -> Self {
        Self {
            market: Live::new(aries.clone(), timing.sockets, &[STATUS]),
            accounts: Live::new(aries.clone(), timing.sockets, &[]),
            timing,
        }
    }

    /// Closes what is open: the process ends.
    pub(crate) async fn close(&self) {
        futures_util::join!(self.market.close(), self.accounts.close());
    }
}

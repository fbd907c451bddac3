//! Aries' WebSockets (pages `api-reference/marketdata/wss`, `websockets/account-updates`): one of each kind a process,
//! opened when somebody first listens and closed when nobody has for a while. While one cannot be had, REST is asked.
//!
//! | file | what it is |
//! | --- | --- |
//! | `open` | the connection, through the HTTP client that all requests take |
//! | `frame` | what is sent and what is heard, the same for all sockets |
//! | `about` | what a kind of socket says for itself, and what its listeners hear |
//! | `feed` | who listens to what, and the newest word on it |
//! | `session` | one connection from its sign-in to its end |
//! | `driver` | opens sessions, asks REST between them, ends when idle |
//! | `market`, `accounts` | what the two sockets are about |
//! | `pnl` | the candles of profit and loss, each account's on a connection of its own |

mod about;
mod accounts;
mod driver;
mod feed;
mod frame;
mod market;
mod open;
mod pnl;
mod session;

pub(crate) use about::{About, Link, Word};
pub(crate) use accounts::{Accounts, Change};
pub(crate) use feed::Subscription;
pub(crate) use market::{Market, STATUS, Ticker};
pub(crate) use open::{address, opening};
pub(crate) use pnl::{Curve, Pnl};

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::aries::Aries;
use crate::timing::{Sockets, Timing};
use driver::Live;

/// The sockets of a process. Cheap to clone, and no larger than a pointer, since every call holds it; nothing is opened
/// before the first subscription.
#[derive(Clone)]
pub(crate) struct Streams(Arc<Sources>);

impl Deref for Streams {
    type Target = Sources;
    fn deref(&self) -> &Sources {
        &self.0
    }
}

/// What every clone of [`Streams`] uses: one socket of each kind a process.
pub(crate) struct Sources {
    aries: Aries,
    pub(crate) market: Live<Market>,
    pub(crate) accounts: Live<Accounts>,
    pub(crate) timing: Timing,
}

impl Streams {
    pub(crate) fn new(aries: &Aries, timing: Timing) -> Self {
        Self(Arc::new(Sources {
            aries: aries.clone(),
            market: Live::new(aries.clone(), timing.sockets, &[STATUS]),
            accounts: Live::new(aries.clone(), timing.sockets, &[]),
            timing,
        }))
    }

    /// Opens a connection for the profit and loss of one account, which closes when nobody listens any more.
    pub(crate) fn pnl(&self, account: &str, from: Timestamp, interval: &str) -> Subscription<Pnl> {
        let timing = Sockets { idle: Duration::ZERO, ..self.timing.sockets };
        Live::new(self.aries.clone(), timing, &[]).listen(&Pnl::name(account, from, interval))
    }

    /// Closes what is open: the process ends.
    pub(crate) async fn close(&self) {
        futures_util::join!(self.market.close(), self.accounts.close());
    }
}

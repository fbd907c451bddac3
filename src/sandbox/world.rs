//! All that the embedded Aries knows.

use jiff::Timestamp;

use crate::exchange::{self, Session};
use crate::sandbox::broker::Broker;
use crate::sandbox::broker::order::ClientIds;
use crate::sandbox::control::faults::Faults;
use crate::sandbox::control::log::Log;
use crate::sandbox::failure::ErrorShape;
use crate::sandbox::market::Market;
use crate::sandbox::routes::limits::Limits;
use crate::sandbox::sign_in::requests::SignIns;
use crate::sandbox::sign_in::tokens::TokenBook;
use crate::sandbox::socket::faults::SocketFaults;
use crate::sandbox::{Answer, Issued, Options};

pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) client_ids: ClientIds,
    /// How long a new order stays out of today's list, in milliseconds.
    pub(crate) list_lag_ms: i64,
    /// The shape of every error; that of each service if none is chosen.
    pub(crate) error_shape: Option<ErrorShape>,
    /// Whether only the older paths are there, where a call has two.
    pub(crate) older_paths: bool,
    pub(crate) tokens: TokenBook,
    /// Sign-ins that have begun and codes that have not been redeemed.
    pub(crate) sign_ins: SignIns,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    pub(crate) sockets: SocketFaults,
    pub(crate) log: Log,
    started: Timestamp,
    market: Option<Market>,
    broker: Option<Broker>,
}

impl World {
    /// A new world, still empty: market and accounts come with the first request for them.
    pub(crate) fn new(options: Options, started: Timestamp) -> Self {
        Self {
            options,
            client_ids: ClientIds::Sent,
            list_lag_ms: 0,
            error_shape: None,
            older_paths: false,
            tokens: TokenBook::default(),
            sign_ins: SignIns::default(),
            limits: Limits::default(),
            faults: Faults::default(),
            sockets: SocketFaults::default(),
            log: Log::default(),
            started,
            market: None,
            broker: None,
        }
    }

    /// Writes the body of an answer that is an error.
    pub(crate) fn finish(&self, answer: &mut Answer, path: &str) {
        self.error_shape.unwrap_or_else(|| ErrorShape::of(path)).write(answer, path, self.log.requests());
    }

    pub(crate) fn market(&mut self) -> &mut Market {
        self.market.get_or_insert_with(|| Market::new(self.started).with_hours(self.options.keeps_hours))
    }

    /// The session of a moment; always the regular one if the market never closes.
    pub(crate) fn session(&self, now: Timestamp) -> Session {
        if self.options.keeps_hours { exchange::session(now) } else { Session::Regular }
    }

    /// The accounts with every order matched up to `now`, and the market they trade on.
    ///
    /// Matching here, at each look, replaces timers.
    pub(crate) fn trading(&mut self, now: Timestamp) -> (&mut Broker, &Market) {
        let market =
            self.market.get_or_insert_with(|| Market::new(self.started).with_hours(self.options.keeps_hours));
        let broker = self.broker.get_or_insert_with(|| Broker::seeded(market, self.started));
        broker.update_orders(market, now);
        (broker, market)
    }

    pub(crate) fn issue(&mut self, scopes: Vec<String>, now: Timestamp) -> Issued {
        let scope = scopes.join(" ");
        let pair = self.tokens.issue(scopes, &self.options, now);
        Issued {
            access_token: pair.access,
            refresh_token: pair.refresh,
            expires_in: self.options.access_ttl.as_secs(),
            scope,
        }
    }
}

//! Tickets: the only way from a preview to a POST.
//!
//! A ticket is bound to the exact order that was previewed; it lives in this process alone, for 120 seconds, and
//! presenting it spends it. The fields of `Ticket` and `Redeemed` are private to this file: no other file can make
//! either.

use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::asked::{Act, Asked};
use super::window::Window;
use crate::aries::model::{self, Account};
use crate::error::{Error, Kind, Result};
use crate::os::{hex, random};
use crate::told::Told;
use crate::trade::checks::unchanged::Held;
use crate::trade::order::body::Order;
use crate::trade::outcome::Outcome;
use crate::trade::payoff::Payoff;
use crate::trade::payoff::coverage::Uncovered;
use crate::trade::state::State;

/// Tickets kept at a time; the oldest make room.
const MOST: usize = 64;

#[derive(Debug, Clone)]
pub(crate) struct Previewed {
    pub(crate) account: Account,
    /// The account as Aries called it; it may count as live all the same.
    pub(crate) told: Account,
    pub(crate) order: Order,
    pub(crate) replaced: Option<model::Order>,
    pub(crate) body: Value,
    pub(crate) client_id: String,
    pub(crate) cost: Option<Decimal>,
    /// What one unit would be filled at, of an order that takes whatever price there is.
    pub(crate) market_price: Option<Decimal>,
    pub(crate) sentence: String,
    /// Its part about the order alone, without account and value.
    pub(crate) terms: String,
    pub(crate) warnings: Vec<String>,
    pub(crate) numbers: Vec<String>,
    /// What the person was told of written options without cover.
    pub(crate) uncovered: Uncovered,
    pub(crate) payoff: Option<Payoff>,
    /// The positions that it was checked against.
    pub(crate) held: Option<Held>,
}

impl Previewed {
    /// What a person is asked about it.
    pub(crate) fn asked(&self) -> Asked {
        Asked {
            act: Act::Send,
            account: self.account.clone(),
            sentence: self.sentence.clone(),
            terms: self.terms.clone(),
            warnings: self.warnings.clone(),
            numbers: self.numbers.clone(),
            id: self.client_id.clone(),
            payoff: self.payoff.clone(),
            order: None,
        }
    }

    pub(crate) fn outcome(&self, state: State) -> Outcome {
        self.asked().outcome(state)
    }

    pub(crate) fn not_sent(&self, error: Error) -> Outcome {
        self.asked().not_done(error)
    }

    pub(crate) fn replaces(&self) -> Option<&str> {
        self.replaced.as_ref().map(|old| old.id.as_str())
    }
}

struct Ticket {
    name: String,
    previewed: Previewed,
    window: Window,
}

/// A ticket that was presented in time. Sending takes it by value: it works once.
#[derive(Debug)]
pub(crate) struct Redeemed {
    previewed: Box<Previewed>,
}

impl Redeemed {
    pub(crate) fn previewed(&self) -> &Previewed {
        &self.previewed
    }
}

pub(crate) struct Tickets {
    lifetime: Duration,
    waiting: Vec<Ticket>,
}

impl Tickets {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { lifetime, waiting: Vec::new() }
    }

    pub(crate) fn issue(&mut self, previewed: Previewed) -> Result<(String, Timestamp)> {
        let (name, window) = (format!("t-{}", random()?), Window::open(self.lifetime));
        let expires = window.end()?;
        if self.waiting.len() >= MOST {
            self.waiting.remove(0);
        }
        self.waiting.push(Ticket { name: name.clone(), previewed, window });
        Ok((name, expires))
    }

    /// Whether the ticket was not spent yet, and has not expired.
    pub(crate) fn is_waiting(&self, name: &str) -> bool {
        self.waiting.iter().any(|ticket| ticket.name == name && !ticket.window.is_over())
    }

    /// Spends a ticket; `None` if it waits not here: another process may have sent its order. Fails if it has expired.
    pub(crate) fn redeem(&mut self, name: &str) -> Result<Option<Redeemed>> {
        let mut waiting = self.waiting.iter().enumerate();
        let Some((at, ticket)) = waiting.find(|(_, ticket)| ticket.name == name) else { return Ok(None) };
        if ticket.window.is_over() {
            // It stays, to be told the same when asked again.
            return Err(Error::new(
                Kind::Refused,
                "NOT SENT: the ticket has expired",
                Told::pair(
                    "call preview_order again and show the person its answer; ",
                    "call preview_order again; ",
                )
                .and("a ticket works once, within 120 seconds, and only in the process that made it"),
            ));
        }
        Ok(Some(Redeemed { previewed: Box::new(self.waiting.remove(at).previewed) }))
    }
}

/// 128 random bits in hexadecimal. Fails if the machine has no randomness.
pub(crate) fn random() -> Result<String> {
    Ok(hex::encode(&random::bytes::<16>()?))
}

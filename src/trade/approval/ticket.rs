//! Tickets: the only way from a preview to a POST.
//!
//! A ticket is bound to the exact order that was previewed; it lives in this process alone, for 120 seconds by the
//! monotonic **and** the wall clock (a machine that sleeps stops the one, a clock that is set moves the other), and
//! presenting it spends it. The fields of `Ticket` and `Redeemed` are private to this file: no other file can make
//! either.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::aries::model::{self, Account};
use crate::error::{Error, Kind, Result};
use crate::trade::journal::file::hex;
use crate::trade::order::body::Order;
use crate::trade::outcome::{Next, Outcome};
use crate::trade::state::State;

/// Said below every question to a person.
pub(crate) const NOTE: &str = "Only you can approve this. Nothing is sent unless you do.";
/// Tickets kept at a time; the oldest make room.
const MOST: usize = 64;
/// How far the wall clock may be set back before it proves nothing.
const SLACK: Duration = Duration::from_secs(5);

/// Everything a preview has settled.
#[derive(Debug, Clone)]
pub(crate) struct Previewed {
    pub(crate) account: Account,
    pub(crate) order: Order,
    /// The order whose place it takes.
    pub(crate) replaced: Option<model::Order>,
    /// The exact body that will be sent.
    pub(crate) body: Value,
    /// Our own id in that body.
    pub(crate) client_id: String,
    /// What Aries' own preview expects it to cost.
    pub(crate) cost: Option<Decimal>,
    /// The sentence that a person can check.
    pub(crate) sentence: String,
    /// Numbers for a person, one line each.
    pub(crate) numbers: Vec<String>,
}

impl Previewed {
    /// What a person is asked: the sentence, then the numbers.
    pub(crate) fn question(&self) -> String {
        let mut lines = vec![format!("Send this order to Aries? {}", self.sentence)];
        lines.extend(self.numbers.iter().cloned());
        lines.push(NOTE.to_owned());
        lines.join("\n")
    }

    /// An outcome of this order; the caller fills in what is known.
    pub(crate) fn outcome(&self, state: State) -> Outcome {
        Outcome {
            state,
            account: self.account.label(),
            sentence: self.sentence.clone(),
            order_id: None,
            client_id: Some(self.client_id.clone()),
            next: None,
        }
    }

    /// Nothing was sent: why, and what to do next.
    pub(crate) fn not_sent(&self, why: &str, next: impl Into<Next>) -> Outcome {
        let sentence = format!("{}: {why}", self.sentence);
        Outcome { sentence, next: Some(next.into()), ..self.outcome(State::NotSent) }
    }

    /// Aries' id of the order that it is to replace.
    pub(crate) fn replaces(&self) -> Option<&str> {
        self.replaced.as_ref().map(|old| old.id.as_str())
    }
}

struct Ticket {
    previewed: Previewed,
    issued: Instant,
    expires: Timestamp,
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

/// The tickets of this process.
pub(crate) struct Tickets {
    lifetime: Duration,
    waiting: HashMap<String, Ticket>,
}

impl Tickets {
    /// No tickets yet; each can be presented for so long.
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { lifetime, waiting: HashMap::new() }
    }

    /// Issues a ticket: what to present, and until when.
    /// Fails if the machine has no randomness.
    pub(crate) fn issue(&mut self, previewed: Previewed) -> Result<(String, Timestamp)> {
        let name = format!("t-{}", random()?);
        let expires = Timestamp::now()
            .checked_add(self.lifetime)
            .map_err(|_| Error::failed("the clock of this machine is off", "tell the person to set it"))?;
        if self.waiting.len() >= MOST
            && let Some(oldest) =
                self.waiting.iter().min_by_key(|(_, ticket)| ticket.issued).map(|(name, _)| name.clone())
        {
            self.waiting.remove(&oldest);
        }
        self.waiting.insert(name.clone(), Ticket { previewed, issued: Instant::now(), expires });
        Ok((name, expires))
    }

    /// Spends a ticket; `None` if it waits not here. That says nothing about its order: another process may have
    /// sent it.
    /// Fails if it has expired before anybody presented it.
    pub(crate) fn redeem(&mut self, name: &str) -> Result<Option<Redeemed>> {
        let Some(ticket) = self.waiting.get(name) else { return Ok(None) };
        let now = Timestamp::now();
        // Set back beyond its birth, the wall clock proves nothing either.
        let born = ticket.expires.checked_sub(self.lifetime + SLACK).unwrap_or(now);
        if ticket.issued.elapsed() > self.lifetime || now > ticket.expires || now < born {
            // It stays, to be told the same when asked again.
            return Err(Error::new(
                Kind::Refused,
                "NOT SENT: the ticket has expired",
                "call preview_order again and show the person its answer; a ticket works once, within 120 seconds, and \
                 only in the process that made it",
            ));
        }
        Ok(self.waiting.remove(name).map(|ticket| Redeemed { previewed: Box::new(ticket.previewed) }))
    }
}

/// 128 random bits in hexadecimal. Fails if the machine has no randomness.
pub(crate) fn random() -> Result<String> {
    Ok(hex(&crate::os::random::bytes::<16>()?))
}

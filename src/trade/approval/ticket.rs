//! Tickets: the only way from a preview to a POST.
//!
//! A ticket is bound to the exact order that was previewed; it lives in this process alone, for 120 seconds by the
//! monotonic **and** the wall clock (a machine that sleeps stops the one, a clock that is set moves the other), and
//! presenting it spends it. The fields of `Ticket` and `Redeemed` are private to this file: nobody else can make
//! either.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::aries::model::{self, Account};
use crate::error::{Error, Kind, Result};
use crate::trade::journal::file::hex;
use crate::trade::order::body::Order;

/// How long a ticket can be presented.
pub(crate) const LIFETIME: Duration = Duration::from_secs(120);
/// Tickets kept at a time; the oldest make room.
const MOST: usize = 64;

/// Everything a preview has settled.
#[derive(Debug, Clone)]
pub(crate) struct Previewed {
    /// Where it goes.
    pub(crate) account: Account,
    /// What it is.
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
    /// What was previewed.
    pub(crate) fn previewed(&self) -> &Previewed {
        &self.previewed
    }
}

/// The tickets of this process.
#[derive(Default)]
pub(crate) struct Tickets(HashMap<String, Ticket>);

impl Tickets {
    /// Issues a ticket: what to present, and until when.
    ///
    /// # Errors
    /// If the machine has no randomness.
    pub(crate) fn issue(&mut self, previewed: Previewed) -> Result<(String, Timestamp)> {
        let name = format!("t-{}", random()?);
        let expires = Timestamp::now()
            .checked_add(SignedDuration::from_secs(120))
            .map_err(|_| Error::failed("the clock of this machine is off", "tell the person to set it"))?;
        if self.0.len() >= MOST
            && let Some(oldest) =
                self.0.iter().min_by_key(|(_, ticket)| ticket.issued).map(|(name, _)| name.clone())
        {
            self.0.remove(&oldest);
        }
        self.0.insert(name.clone(), Ticket { previewed, issued: Instant::now(), expires });
        Ok((name, expires))
    }

    /// Spends a ticket; `None` if it waits not here. That says nothing about its order: another process may have
    /// sent it.
    ///
    /// # Errors
    /// If it has expired before anybody presented it.
    pub(crate) fn redeem(&mut self, name: &str) -> Result<Option<Redeemed>> {
        let Some(ticket) = self.0.get(name) else { return Ok(None) };
        let now = Timestamp::now();
        // Set back beyond its birth, the wall clock proves nothing either.
        let born = ticket.expires.checked_sub(SignedDuration::from_secs(125)).unwrap_or(now);
        if ticket.issued.elapsed() > LIFETIME || now > ticket.expires || now < born {
            // It stays, to be told the same when asked again.
            return Err(Error::new(
                Kind::Refused,
                "NOT SENT: the ticket has expired",
                "call preview_order again and show the person its answer; a ticket works once, within 120 seconds, and \
                 only in the process that made it",
            ));
        }
        Ok(self.0.remove(name).map(|ticket| Redeemed { previewed: Box::new(ticket.previewed) }))
    }
}

/// 128 bits nobody can guess.
///
/// # Errors
/// If the machine has no randomness.
pub(crate) fn random() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::failed(format!("no randomness on this machine: {error}"), "report this"))?;
    Ok(hex(&bytes))
}

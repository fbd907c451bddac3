//! Leave to send: on simulated accounts the ticket is enough; on live accounts a person says yes.
//!
//! [`Cleared`] can be made in this file alone, and [`send`](super::send) takes nothing else.

use std::time::Duration;

use super::ticket::Redeemed;
use crate::config::{Approval, Trading};

/// An answer that comes sooner after the question was not given by a person who read it (P41).
pub const LEAST_READING: Duration = Duration::from_secs(1);
/// How long an approval can be given.
pub const LIFETIME: Duration = Duration::from_secs(300);

/// An order that may be sent, once: this value is used up by sending.
#[derive(Debug)]
pub struct Cleared {
    redeemed: Redeemed,
    by: &'static str,
}

impl Cleared {
    /// What may be sent.
    pub fn order(&self) -> &super::ticket::Previewed {
        self.redeemed.previewed()
    }

    /// Who said so, for the journal.
    pub fn by(&self) -> &'static str {
        self.by
    }
}

/// What a person did with the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Said yes.
    Accept,
    /// Said no.
    Decline,
    /// Closed the question.
    Dismiss,
    /// The question was never shown.
    NotShown,
}

impl Reply {
    /// An answer below a second counts as not shown: never as a yes, and not as a no either.
    pub fn after(self, elapsed: Duration) -> Self {
        if elapsed < LEAST_READING { Reply::NotShown } else { self }
    }
}

/// Clears an order where no person has to be asked here: a simulated account, or a person who has chosen to rely on
/// the client's own prompt. Otherwise gives the ticket back.
///
/// # Errors
/// The ticket, if a person has to be asked.
pub(super) fn without_asking(redeemed: Redeemed, trading: &Trading) -> Result<Cleared, Redeemed> {
    if redeemed.previewed().account.simulated {
        return Ok(Cleared { redeemed, by: "the ticket (simulated account)" });
    }
    match trading.approval {
        Approval::Client if trading.live => Ok(Cleared { redeemed, by: "the client's own prompt" }),
        _ => Err(redeemed),
    }
}

/// Clears an order by a person's reply; anything but a yes gives the ticket back.
///
/// # Errors
/// The ticket, unless the reply is a yes.
pub(super) fn by_reply(redeemed: Redeemed, reply: Reply, by: &'static str) -> Result<Cleared, Redeemed> {
    match reply {
        Reply::Accept => Ok(Cleared { redeemed, by }),
        _ => Err(redeemed),
    }
}

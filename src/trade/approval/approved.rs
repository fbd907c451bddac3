//! Approved orders: on simulated accounts the ticket is enough; on live accounts a person says yes.
//!
//! An [`ApprovedOrder`] can be made in this file alone, and [`send`](crate::trade::submit::send) takes nothing else.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::config::{Approval, Trading};
use crate::trade::approval::ticket::{Previewed, Redeemed};

/// How often the window is looked at: a clock can jump.
const TICK: Duration = Duration::from_secs(1);
/// How far the wall clock may be set back before it proves nothing.
const SLACK: SignedDuration = SignedDuration::from_secs(5);

/// The time in which one approval can be given and its order be sent, by the monotonic **and** the wall clock: a machine
/// that sleeps stops the one, and a clock that is set moves the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    lifetime: Duration,
    began: Instant,
    born: Timestamp,
}

impl Window {
    /// Begins now, and is over after `lifetime`.
    pub(crate) fn open(lifetime: Duration) -> Self {
        Self { lifetime, began: Instant::now(), born: Timestamp::now() }
    }

    /// Whether nothing can be approved or sent any more.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over_at(Instant::now(), Timestamp::now())
    }

    fn is_over_at(&self, monotonic: Instant, wall: Timestamp) -> bool {
        let passed = wall.duration_since(self.born);
        monotonic.saturating_duration_since(self.began) >= self.lifetime
            || passed < -SLACK
            || passed.unsigned_abs() >= self.lifetime
    }

    /// Waits until it is over.
    pub(crate) async fn over(&self) {
        while !self.is_over() {
            let left = self.lifetime.saturating_sub(self.began.elapsed());
            tokio::time::sleep(left.min(TICK)).await;
        }
    }
}

/// An order that may be sent, once: this value is used up by sending.
#[derive(Debug)]
pub(crate) struct ApprovedOrder {
    redeemed: Redeemed,
    by: &'static str,
    window: Window,
}

impl ApprovedOrder {
    /// What may be sent.
    pub(crate) fn order(&self) -> &Previewed {
        self.redeemed.previewed()
    }

    /// Who said so, for the journal.
    pub(crate) fn by(&self) -> &'static str {
        self.by
    }

    /// Whether it may not be sent any more: an approval holds for what was true when it was given.
    pub(crate) fn is_over(&self) -> bool {
        self.window.is_over()
    }
}

/// What a person did with the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    Accept,
    Decline,
    Dismiss,
    /// The question was never shown.
    NotShown,
}

impl Reply {
    /// An answer that comes sooner than anybody can read counts as not shown: never as a yes, and not as a no either.
    pub(crate) fn after(self, elapsed: Duration, least_reading: Duration) -> Self {
        if elapsed < least_reading { Reply::NotShown } else { self }
    }
}

/// Approves an order where no person has to be asked here: a simulated account, or a person who has chosen to rely on
/// the client's own prompt. Otherwise gives the ticket back.
///
/// # Errors
/// The ticket, if a person has to be asked.
pub(crate) fn without_asking(
    redeemed: Redeemed,
    trading: &Trading,
    window: Window,
) -> Result<ApprovedOrder, Redeemed> {
    if !redeemed.previewed().account.money.is_live() {
        return Ok(ApprovedOrder { redeemed, by: "the ticket (simulated account)", window });
    }
    match trading.approval {
        Approval::Client if trading.live => {
            Ok(ApprovedOrder { redeemed, by: "the client's own prompt", window })
        }
        _ => Err(redeemed),
    }
}

/// Approves an order by a person's reply; anything but a yes gives the ticket back.
///
/// # Errors
/// The ticket, unless the reply is a yes.
pub(crate) fn by_reply(
    redeemed: Redeemed,
    reply: Reply,
    by: &'static str,
    window: Window,
) -> Result<ApprovedOrder, Redeemed> {
    match reply {
        Reply::Accept => Ok(ApprovedOrder { redeemed, by, window }),
        _ => Err(redeemed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approval_ends_by_either_clock() {
        let window = Window::open(Duration::from_secs(300));
        // Seconds passed by the monotonic and by the wall clock.
        for (monotonic, wall, over) in [
            (0, 0, false),
            (299, 299, false),
            (300, 299, true),
            // Asleep for a while, and set forwards or back.
            (1, 300, true),
            (1, 1200, true),
            (10, -4, false),
            (10, -6, true),
            (10, -3600, true),
        ] {
            let at = window.born.checked_add(SignedDuration::from_secs(wall)).unwrap();
            let monotonic_at = window.began + Duration::from_secs(monotonic);
            assert_eq!(window.is_over_at(monotonic_at, at), over, "{monotonic} {wall}");
        }
    }
}

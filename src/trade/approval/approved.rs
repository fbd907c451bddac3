//! Approved orders: on simulated accounts the ticket is enough; on live accounts a person says yes.
//!
//! An [`ApprovedOrder`] can be made in this file alone, and `Submitter::send` takes nothing else.

use super::prompter::Reply;
use super::ticket::{Previewed, Redeemed};
use super::window::Window;
use crate::config::{Approval, Trading};

/// An order that may be sent, once: this value is used up by sending.
#[derive(Debug)]
pub(crate) struct ApprovedOrder {
    redeemed: Redeemed,
    by: &'static str,
    window: Window,
}

impl ApprovedOrder {
    pub(crate) fn order(&self) -> &Previewed {
        self.redeemed.previewed()
    }

    pub(crate) fn by(&self) -> &'static str {
        self.by
    }

    /// Whether it may not be sent any more: an approval holds for what was true when it was given.
    pub(crate) fn is_over(&self) -> bool {
        self.window.is_over()
    }
}

/// Approves an order where no person has to be asked here: a simulated account, or a person who has chosen to rely on
/// the client's own prompt. Otherwise gives the ticket back.
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
            by_reply(redeemed, Reply::Accept, "the client's own prompt", window)
        }
        _ => Err(redeemed),
    }
}

/// Approves an order by a person's reply; anything but a yes gives the ticket back.
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

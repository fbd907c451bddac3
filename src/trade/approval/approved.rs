//! Approved orders: on simulated accounts the ticket is enough; on live accounts a person says yes.
//!
//! An [`ApprovedOrder`] can be made in this file alone, and `Submitter::send` takes nothing else.

use super::prompter::Reply;
use super::ticket::{Previewed, Redeemed};
use super::window::Window;
use crate::config::{Approval, Trading};
use crate::error::{Error, Kind, Result};

/// An order that may be sent, once: this value is used up by sending.
#[derive(Debug)]
pub(crate) struct ApprovedOrder {
    redeemed: Redeemed,
    by: &'static str,
    clearance: Clearance,
    window: Window,
}

/// What let an order pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clearance {
    /// The account is simulated.
    Ticket,
    /// The person relies on the client's own prompt.
    Client,
    /// A person said yes.
    Person,
}

impl ApprovedOrder {
    pub(crate) fn order(&self) -> &Previewed {
        self.redeemed.previewed()
    }

    pub(crate) fn by(&self) -> &'static str {
        self.by
    }

    /// Fails if a person's yes is missing by what the config file says now.
    pub(crate) fn check_still_enough(&self, trading: &Trading) -> Result<()> {
        if self.clearance == Clearance::Client && trading.approval == Approval::Person {
            return Err(Error::new(
                Kind::Refused,
                "a person has to approve live orders by now, and this one relied on the client's own prompt",
                "nothing was sent; call preview_order again, and place_order asks for the approval",
            ));
        }
        Ok(())
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
) -> std::result::Result<ApprovedOrder, Redeemed> {
    if !redeemed.previewed().account.money.is_live() {
        let by = "the ticket (simulated account)";
        return Ok(ApprovedOrder { redeemed, by, clearance: Clearance::Ticket, window });
    }
    match trading.approval {
        Approval::Client if trading.live => {
            let by = "the client's own prompt";
            Ok(ApprovedOrder { redeemed, by, clearance: Clearance::Client, window })
        }
        _ => Err(redeemed),
    }
}

/// Approves an order by a person's reply, if that is a yes.
pub(crate) fn by_reply(
    redeemed: Redeemed,
    reply: Reply,
    by: &'static str,
    window: Window,
) -> Option<ApprovedOrder> {
    let clearance = Clearance::Person;
    (reply == Reply::Accept).then_some(ApprovedOrder { redeemed, by, clearance, window })
}

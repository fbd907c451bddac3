//! Cancels that may be sent: of an order that this program placed, of any on a simulated account, and by a person's yes.
//!
//! A [`Cleared`] can be made in this file alone, and the POST of a cancel takes nothing else.

use super::target::{Known, Target};
use crate::aries::model;
use crate::aries::time;
use crate::config::{Approval, Trading};
use crate::trade::approval::prompter::Reply;
use crate::trade::approval::window::Window;
use crate::trade::order::open::OWN;
use crate::trade::reconcile::identity::Identity;

/// A cancel that may be sent, once.
pub(super) struct Cleared {
    target: Box<Target>,
    /// Who let it pass, where the order was entered elsewhere.
    by: Option<&'static str>,
    window: Option<Window>,
}

impl Cleared {
    /// Of an order that this program placed; gives any other one back.
    pub(super) fn own(target: Box<Target>, known: &Known) -> Result<Self, Box<Target>> {
        if is_ours(&target, known) { Ok(Self { target, by: None, window: None }) } else { Err(target) }
    }

    /// Of an order that was entered elsewhere, where nobody has to be asked here; else gives it back.
    pub(super) fn without_asking(target: Box<Target>, trading: &Trading) -> Result<Self, Box<Target>> {
        let by = match (target.account.money.is_live(), trading.approval) {
            (false, _) => "the simulated account",
            (true, Approval::Client) if trading.live => "the client's own prompt",
            _ => return Err(target),
        };
        Ok(Self { target, by: Some(by), window: None })
    }

    /// By a person's reply, if that is a yes.
    pub(super) fn by_reply(
        target: Box<Target>,
        reply: Reply,
        by: &'static str,
        window: Window,
    ) -> Option<Self> {
        (reply == Reply::Accept).then_some(Self { target, by: Some(by), window: Some(window) })
    }

    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// Whether it may not be sent any more: a yes holds for what was true when it was given.
    pub(super) fn is_over(&self) -> bool {
        self.window.is_some_and(|window| window.is_over())
    }

    /// What the journal notes of it.
    pub(super) fn remark(&self) -> String {
        self.by.map(|by| format!(" (entered elsewhere, cleared by {by})")).unwrap_or_default()
    }
}

/// Whether this program placed an order, by the journal: under the id that Aries answered, else under our own id where no
/// answer came. Aries' word alone, that a row has our id, proves nothing: anybody may have written it there.
fn is_ours(target: &Target, known: &Known) -> bool {
    if target.is_from_journal {
        return true;
    }
    let order = &target.order;
    let history = known.history.on(&target.account.id);
    let is_it = |sent: &crate::trade::journal::history::OrderHistory| {
        let identity = Identity::of(sent);
        let is_under_our_id = || {
            sent.order.is_none()
                && sent.sent.is_some()
                && identity.under_our_id(std::slice::from_ref(order)).is_some()
        };
        sent.is_proven() && (identity.is_surely(order) || is_under_our_id())
    };
    history.0.iter().any(is_it) || !known.is_whole && looks_ours(order)
}

/// What counts where the journal cannot be read whole: that the row has an id of the form that this program alone makes, and
/// came today. Aries' own application, where a person enters a stop-loss, writes none; and a cancel of ours must not wait.
fn looks_ours(order: &model::Order) -> bool {
    let digits = order.own_id().and_then(|id| id.strip_prefix(OWN));
    let today = time::now().date();
    digits.is_some_and(|id| id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
        && order.created.is_some_and(|at| at.to_zoned(time::zone()).date() == today)
}

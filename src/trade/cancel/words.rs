//! What is told of a cancel.

use crate::aries::model::{self, Account};
use crate::text::short;
use crate::trade::journal::history::OrderHistory;
use crate::trade::outcome::{Outcome, with_seen};
use crate::trade::state::State;

pub(super) const LOOK: &str = "look at the order with get_orders; canceling it again is safe";

/// What to do where an order may be at Aries under an id that is not known here.
const WITHOUT_ID: &str = "nothing was canceled: Aries' id of it is not known; call cancel_order again in a moment, or ask the \
                          person to look in Aries' own application";

/// An order that may be at Aries, and that cannot be canceled since Aries' id of it is not known.
pub(super) fn unknown(order: &OrderHistory, cause: &str) -> Outcome {
    let words = format!("it may be at Aries under an id that is not known here ({cause})");
    Outcome::of(order, State::Unknown, &words, WITHOUT_ID)
}

pub(super) fn as_seen(account: &Account, order: &model::Order) -> Outcome {
    Outcome {
        state: State::of(&order.status),
        account: account.label(),
        sentence: with_seen(order.sentence(), order),
        order_id: Some(order.id.clone()),
        client_id: order.client_id.clone(),
        next: None,
        exit: None,
    }
}

/// Of an order that has ended before anything was canceled.
pub(super) fn as_ended(account: &Account, order: &model::Order) -> Outcome {
    let next = match State::of(&order.status) {
        State::Replaced => {
            "nothing was canceled: another order has taken its place; look for it with get_orders"
        }
        _ => "nothing was canceled: the order had ended before",
    };
    Outcome { next: Some(next.into()), ..as_seen(account, order) }
}

pub(super) fn under_way(id: &str, before: Option<&Outcome>) -> Outcome {
    let words = format!("the cancel of {} is on its way", short(id));
    match before.cloned() {
        Some(before) => Outcome { state: State::Unknown, ..before.with(&words, LOOK) },
        None => Outcome {
            state: State::Unknown,
            account: "account not read yet".to_owned(),
            sentence: words,
            order_id: None,
            client_id: None,
            next: Some(LOOK.into()),
            exit: None,
        },
    }
}

//! How an order stands, in the words of design 5.6.

use std::fmt;

use rust_decimal::Decimal;

use crate::aries::model;

/// The states that an answer can begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// A person has to decide first.
    WaitingForApproval,
    /// Nothing was sent, and nothing will be for this ticket.
    NotSent,
    /// Aries accepted it; more is not known yet.
    Sent,
    /// It rests or is being worked on.
    Working,
    /// A part of it is done.
    PartiallyFilled,
    /// All of it is done.
    Filled,
    /// It was canceled.
    Canceled,
    /// It was refused.
    Rejected,
    /// Its time ran out.
    Expired,
    /// Another order has taken its place.
    Replaced,
    /// Nobody knows whether Aries has it.
    Unknown,
}

impl State {
    /// As written in answers.
    pub(crate) fn words(self) -> &'static str {
        match self {
            State::WaitingForApproval => "WAITING FOR APPROVAL",
            State::NotSent => "NOT SENT",
            State::Sent => "SENT",
            State::Working => "WORKING",
            State::PartiallyFilled => "PARTIALLY FILLED",
            State::Filled => "FILLED",
            State::Canceled => "CANCELED",
            State::Rejected => "REJECTED",
            State::Expired => "EXPIRED",
            State::Replaced => "REPLACED",
            State::Unknown => "UNKNOWN",
        }
    }

    /// The state of these words.
    pub(crate) fn said(words: &str) -> Option<Self> {
        [
            State::WaitingForApproval,
            State::NotSent,
            State::Sent,
            State::Working,
            State::PartiallyFilled,
            State::Filled,
            State::Canceled,
            State::Rejected,
            State::Expired,
            State::Replaced,
            State::Unknown,
        ]
        .into_iter()
        .find(|state| state.words() == words)
    }

    /// Whether an order that was accepted may stand otherwise a moment later.
    pub(crate) fn may_change(self) -> bool {
        matches!(self, State::Sent | State::Working | State::PartiallyFilled)
    }

    /// Whether it has come to an end of its own. REPLACED may be no more than our reckoning.
    pub(crate) fn is_end(self) -> bool {
        matches!(self, State::Filled | State::Canceled | State::Rejected | State::Expired)
    }

    /// Aries' status word; an unknown one is work in progress.
    pub(crate) fn of(status: &str) -> Self {
        Self::read(status).unwrap_or(State::Working)
    }

    /// Aries' status word, if it is one that we know.
    fn read(status: &str) -> Option<Self> {
        Some(match status {
            "NEW" | "PENDING_NEW" | "WORKING" => State::Working,
            "PARTIALLY_FILLED" => State::PartiallyFilled,
            "FILLED" => State::Filled,
            "CANCELED" | "CANCELLED" => State::Canceled,
            "REJECTED" => State::Rejected,
            "EXPIRED" => State::Expired,
            "REPLACED" | "SUPERSEDED" => State::Replaced,
            _ => return None,
        })
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// What an answer about one order says.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// How it stands.
    pub(crate) state: State,
    /// `LIVE …1234`.
    pub(crate) account: String,
    /// One sentence.
    pub(crate) sentence: String,
    /// Aries' id.
    pub(crate) order_id: Option<String>,
    /// Our own id.
    pub(crate) client_id: Option<String>,
    /// What to do next, if anything.
    pub(crate) next: Option<String>,
}

/// How an order in the book stands, in words: fills, and a status we do not know as it was written.
pub(crate) fn seen(order: &model::Order) -> String {
    let mut parts = Vec::new();
    if order.filled > Decimal::ZERO {
        let average =
            order.average.map(|price| format!(" at {} on average", price.normalize())).unwrap_or_default();
        parts.push(format!("{} of {} filled{average}", order.filled.normalize(), order.quantity.normalize()));
    }
    if State::read(&order.status).is_none() {
        parts.push(format!("Aries calls it \"{}\"", order.status));
    }
    if let Some(reason) = order.reason.as_ref().filter(|_| !order.is_open() && order.status != "FILLED") {
        parts.push(format!("Aries: \"{reason}\""));
    }
    parts.join(", ")
}

/// A sentence about an order, and how the order stands.
pub(crate) fn with_seen(sentence: String, order: &model::Order) -> String {
    match seen(order) {
        words if words.is_empty() => sentence,
        words => format!("{sentence}: {words}"),
    }
}

/// Two things to do next, as far as there are any.
pub(crate) fn also(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => Some(format!("{one}; {other}")),
        (one, other) => one.or(other),
    }
}

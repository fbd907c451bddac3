//! The states of an order in our words, as answers begin with them and as the journal keeps them.

#![expect(missing_docs, reason = "states whose names say what they mean; tests alone see them from outside")]

use std::fmt;

use serde::{Deserialize, Serialize};

/// How an order stands. Its words are those that the journal keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum State {
    #[serde(rename = "WAITING FOR APPROVAL")]
    WaitingForApproval,
    /// Its ticket was presented, and it was neither sent nor dropped yet; only the list of orders says so.
    Pending,
    /// Nothing was sent, and nothing will be for this ticket.
    #[serde(rename = "NOT SENT")]
    NotSent,
    /// No cancel was sent, and the order is as it was.
    #[serde(rename = "NOT CANCELED")]
    NotCanceled,
    /// Aries accepted it; more is not known yet.
    Sent,
    Working,
    #[serde(rename = "PARTIALLY FILLED")]
    PartiallyFilled,
    Filled,
    Canceled,
    Rejected,
    Expired,
    /// Another order has taken its place.
    Replaced,
    /// It is not known whether Aries has it.
    Unknown,
}

impl State {
    /// Whether an order that was accepted may stand otherwise a moment later.
    pub(crate) fn may_change(self) -> bool {
        matches!(self, State::Sent | State::Working | State::PartiallyFilled)
    }

    /// Whether it was seen to have ended. REJECTED and REPLACED are not among them: the journal may have them from an
    /// answer alone, and a list that shows the order as open counts more.
    pub(crate) fn is_end(self) -> bool {
        matches!(self, State::Filled | State::Canceled | State::Expired)
    }

    /// The state that Aries' status word means; an unknown word counts as work in progress.
    pub(crate) fn of(status: &str) -> Self {
        Self::known(status).unwrap_or(State::Working)
    }

    /// A status word of Aries in the words that answers have for a state. One that is not among these is quoted.
    pub(crate) fn words(status: &str) -> String {
        match Self::known(status) {
            Some(state) => state.to_string(),
            None if status.is_empty() => format!("{} (Aries tells no status)", State::Working),
            None => format!("{} (Aries calls it {status:?})", State::Working),
        }
    }

    /// The state that Aries' status word means, if it is a documented one.
    pub(crate) fn known(status: &str) -> Option<Self> {
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
        self.serialize(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_of_aries_is_told_in_the_words_of_every_answer() {
        for (status, words) in [
            ("NEW", "WORKING"),
            ("PENDING_NEW", "WORKING"),
            ("PARTIALLY_FILLED", "PARTIALLY FILLED"),
            ("CANCELLED", "CANCELED"),
            ("SUPERSEDED", "REPLACED"),
            ("PENDING_CANCEL", "WORKING (Aries calls it \"PENDING_CANCEL\")"),
            ("", "WORKING (Aries tells no status)"),
        ] {
            assert_eq!(State::words(status), words);
        }
    }
}

//! What a person is asked to approve, as the question and the page show it: an order, or the cancel of one that was entered
//! elsewhere.

use super::prompter::Question;
use crate::aries::model::Account;
use crate::error::Error;
use crate::told::Told;
use crate::trade::outcome::Outcome;
use crate::trade::payoff::Payoff;
use crate::trade::state::State;

/// Said below every question to a person.
pub(crate) const NOTE: &str = "Only you can approve this. Nothing is sent unless you do.";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Send,
    Cancel,
}

#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) act: Act,
    pub(crate) account: Account,
    pub(crate) sentence: String,
    /// Its part about the order alone: an outcome names the account by itself.
    pub(crate) terms: String,
    /// What should stop the person, if anything does.
    pub(crate) warnings: Vec<String>,
    pub(crate) numbers: Vec<String>,
    /// Tells this question from every other one: our own id of an order, or one that is made for a cancel.
    pub(crate) id: String,
    /// What an option order can bring and cost.
    pub(crate) payoff: Option<Payoff>,
    /// Aries' id of the order that is to be canceled.
    pub(crate) order: Option<String>,
}

impl Act {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Send => "Approve this order?",
            Self::Cancel => "Cancel this order?",
        }
    }

    /// What to do to hear how it ended.
    pub(super) fn call_again(self) -> &'static str {
        match self {
            Self::Send => "call place_order again with the same ticket to hear the outcome",
            Self::Cancel => "call cancel_order again with the same order to hear the outcome",
        }
    }

    /// What to do after it was not approved.
    pub(crate) fn after_all(self) -> Told {
        match self {
            Self::Send => Told::pair(
                "ask the person; to order it after all, call preview_order again",
                "to order it after all, preview it again",
            ),
            Self::Cancel => Told::pair(
                "nothing was canceled; ask the person, who can cancel it in Aries' own application too",
                "nothing was canceled; it can be canceled in Aries' own application too",
            ),
        }
    }
}

impl Asked {
    pub(super) fn question(&self) -> Question {
        let what = match self.act {
            Act::Send => "Send this order to Aries?",
            Act::Cancel => "Cancel this order at Aries?",
        };
        let mut lines = vec![format!("{what} {}", self.sentence)];
        lines.extend(self.warnings.iter().chain(&self.numbers).cloned());
        lines.push(NOTE.to_owned());
        Question { id: self.id.clone(), text: lines.join("\n"), page: None }
    }

    pub(crate) fn outcome(&self, state: State) -> Outcome {
        Outcome {
            state,
            account: self.account.label(),
            sentence: self.terms.clone(),
            order_id: self.order.clone(),
            client_id: (self.act == Act::Send).then(|| self.id.clone()),
            next: None,
            exit: None,
        }
    }

    /// How it ended without anything that was sent.
    pub(crate) fn not_done(&self, error: Error) -> Outcome {
        let state = match self.act {
            Act::Send => State::NotSent,
            Act::Cancel => State::NotCanceled,
        };
        self.outcome(state).with(&error.cause, error.hint)
    }
}

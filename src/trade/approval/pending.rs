//! One presented ticket: where it stands, who decides it, and what is told of it as often as it is asked for.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use tokio::sync::watch;

use crate::trade::approval::approved::{Reply, Window};
use crate::trade::approval::prompter::{Addresses, Notice, Question};
use crate::trade::approval::ticket::{Previewed, Redeemed};
use crate::trade::outcome::{Outcome, State};
use crate::trade::submit::send::outcome;

/// Where a person decides whose client was given the address.
pub(crate) const ON_SHOWN_PAGE: &str = "on the page whose address the client shows";
pub(crate) const UNSHOWN: &str = "no browser could be opened, and the client did not show the page's address";

/// Where a presented ticket stands.
#[derive(Debug, Clone)]
pub(crate) enum Stage {
    /// A person has to decide; says where.
    Asking(&'static str),
    /// The page waits, and its address has yet to reach the person, with the end of a call.
    Unshown(SecretString),
    /// It is being sent.
    Sending,
    /// It is over.
    Done(Outcome),
}

/// One presented ticket. It is only a key to its outcome now.
pub(crate) struct Run {
    /// What was presented; the journal knows it by its hash.
    pub(crate) ticket: String,
    pub(crate) order: Previewed,
    pub(crate) stage: watch::Sender<Stage>,
    /// The order while a person decides. Whoever takes it out decides what happens: it can be taken once.
    pub(crate) held: Mutex<Option<Redeemed>>,
    pub(crate) window: Window,
    pub(crate) least_reading: Duration,
    pub(crate) addresses: Addresses,
    /// When the person was last asked by a client that calls again. Empty once an answer came: a question is used up
    /// by its first answer, whatever that was.
    pub(crate) asked: Mutex<Option<Instant>>,
}

/// What a wait for a ticket ends with.
pub(crate) enum Turn {
    /// Its outcome.
    Over(Outcome),
    /// Have the client show this to the person, and call again.
    Ask(Question),
}

/// What a client that calls again brings.
pub(crate) enum Heard {
    /// The first answer to the question.
    Answer(Reply),
    /// No answer yet.
    Nothing,
    /// The question has been answered before, or was never asked.
    TooLate,
}

impl Run {
    /// Waits for the end, or for an address that the person has to be shown, if this call's client shows any.
    pub(crate) async fn turn(&self, addresses: &Addresses) -> Turn {
        let shows = matches!(addresses, Addresses::Rounds);
        let mut stage = self.stage.subscribe();
        loop {
            let is_turn = |stage: &Stage| match stage {
                Stage::Done(_) => true,
                Stage::Unshown(_) => shows,
                _ => false,
            };
            let reached = stage.wait_for(is_turn).await;
            match reached.map(|stage| stage.clone()) {
                Ok(Stage::Unshown(address)) => {
                    // Of several calls one shows it.
                    let taken = self.stage.send_if_modified(|stage| {
                        let unshown = matches!(stage, Stage::Unshown(_));
                        if unshown {
                            *stage = Stage::Asking(ON_SHOWN_PAGE);
                        }
                        unshown
                    });
                    if taken {
                        return Turn::Ask(Question::Page(self.notice(address)));
                    }
                }
                Ok(Stage::Done(outcome)) => return Turn::Over(outcome),
                // The sender is a field of this very value.
                _ => return Turn::Over(self.now()),
            }
        }
    }

    /// Waits for the end.
    pub(crate) async fn done(&self) -> Outcome {
        let mut stage = self.stage.subscribe();
        match stage.wait_for(|stage| matches!(stage, Stage::Done(_))).await.map(|stage| stage.clone()) {
            Ok(Stage::Done(outcome)) => outcome,
            _ => self.now(),
        }
    }

    pub(crate) fn notice(&self, address: SecretString) -> Notice {
        let text = format!("Approve or reject this order on the page: {}", self.order.sentence);
        Notice { id: self.order.client_id.clone(), text, address }
    }

    /// How it stands right now.
    pub(crate) fn now(&self) -> Outcome {
        let place = match &*self.stage.borrow() {
            Stage::Done(outcome) => return outcome.clone(),
            Stage::Asking(place) => Some(*place),
            Stage::Unshown(_) => Some(ON_SHOWN_PAGE),
            Stage::Sending => None,
        };
        match place {
            Some(place) => Outcome {
                sentence: format!("{}: a person has to approve it {place}", self.order.sentence),
                next: Some(
                    "tell the person where to approve it; then call place_order again with the same ticket to hear the outcome"
                        .to_owned(),
                ),
                ..outcome(&self.order, State::WaitingForApproval)
            },
            None => Outcome {
                sentence: format!("{}: it is being sent, and Aries has not answered yet", self.order.sentence),
                next: Some("call place_order again with the same ticket to hear the outcome; do not order it again".to_owned()),
                ..outcome(&self.order, State::Unknown)
            },
        }
    }

    pub(crate) fn take(&self) -> Option<Redeemed> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Moves on while nobody has decided yet; whether that was so. What is decided is never open again.
    pub(crate) fn still(&self, stage: Stage) -> bool {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_some() {
            self.stage.send_replace(stage);
        }
        held.is_some()
    }

    pub(crate) fn ask(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// What a call of a client that calls again brings, by the clock of this process.
    pub(crate) fn hear(&self, reply: Option<Reply>) -> Heard {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        match (*asked, reply) {
            (None, _) => Heard::TooLate,
            (Some(_), None) => {
                *asked = Some(Instant::now());
                Heard::Nothing
            }
            (Some(at), Some(reply)) => {
                *asked = None;
                Heard::Answer(reply.after(at.elapsed(), self.least_reading))
            }
        }
    }
}

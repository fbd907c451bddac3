//! One presented ticket: where it stands, and what answers about it say as often as they are asked for.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};

use super::approved::{Reply, Window};
use super::prompter::{Addresses, Forms, Notice, Prompter, Question};
use super::ticket::Previewed;
use crate::timing::Timing;
use crate::trade::outcome::Outcome;
use crate::trade::state::State;

/// Where a person decides whose client was given the address.
pub(crate) const ON_SHOWN_PAGE: &str = "on the page whose address the client shows";
/// Where a person decides whose client asks.
pub(crate) const IN_CLIENT: &str = "in the client";

/// Where a presented ticket stands.
#[derive(Debug, Clone)]
pub(crate) enum Stage {
    /// A person has to decide; says where.
    Asking(&'static str),
    /// The question waits for a call whose client puts it before the person after the call.
    ToAsk(Question),
    /// It is being sent.
    Sending,
    Done(Outcome),
}

/// What a later call brings from the person or the client.
pub(crate) enum Message {
    /// The first answer to the question.
    Answer(Reply),
    /// The client did not show the page's address.
    NotShown,
}

/// What a wait for a ticket ends with.
pub(crate) enum Turn {
    Over(Outcome),
    /// Have the client put this before the person, and call again.
    Ask(Question),
}

/// An order whose ticket was presented. The ticket is only a key to its outcome now.
pub(crate) struct Pending {
    /// What was presented; the journal knows it by its hash.
    pub(crate) ticket: String,
    pub(crate) order: Previewed,
    pub(crate) window: Window,
    pub(crate) addresses: Addresses,
    pub(crate) least_reading: Duration,
    stage: watch::Sender<Stage>,
    /// Goes to whoever waits for the person's decision.
    messages: mpsc::UnboundedSender<Message>,
    /// When the person was last asked by a client that calls again. Empty once an answer came: a question is used up
    /// by its first answer, whatever that was.
    asked: Mutex<Option<Instant>>,
}

impl Pending {
    /// A ticket that is presented now, and what later calls bring.
    pub(crate) fn new(
        ticket: &str,
        order: Previewed,
        addresses: Addresses,
        timing: &Timing,
    ) -> (Self, mpsc::UnboundedReceiver<Message>) {
        let (messages, received) = mpsc::unbounded_channel();
        let pending = Self {
            ticket: ticket.to_owned(),
            order,
            window: Window::open(timing.approval),
            addresses,
            least_reading: timing.least_reading,
            stage: watch::channel(Stage::Sending).0,
            messages,
            asked: Mutex::new(None),
        };
        (pending, received)
    }

    pub(crate) fn set(&self, stage: Stage) {
        self.stage.send_replace(stage);
    }

    /// Waits for the end, or for a question that the client of this call can put before the person.
    pub(crate) async fn turn(&self, prompter: &Prompter) -> Turn {
        let mut stage = self.stage.subscribe();
        loop {
            let is_turn = |stage: &Stage| match stage {
                Stage::Done(_) => true,
                Stage::ToAsk(question) => prompter.carries(question),
                _ => false,
            };
            match stage.wait_for(is_turn).await.map(|stage| stage.clone()) {
                Ok(Stage::ToAsk(question)) => {
                    if self.take_question() {
                        return Turn::Ask(question);
                    }
                }
                Ok(Stage::Done(outcome)) => return Turn::Over(outcome),
                // The sender is a field of this very value.
                _ => return Turn::Over(self.now()),
            }
        }
    }

    /// Marks the question as put before the person; false if another call did.
    fn take_question(&self) -> bool {
        self.stage.send_if_modified(|stage| {
            let place = match stage {
                Stage::ToAsk(Question::Form(_)) => IN_CLIENT,
                Stage::ToAsk(Question::Page(_)) => ON_SHOWN_PAGE,
                _ => return false,
            };
            if place == IN_CLIENT {
                *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            }
            *stage = Stage::Asking(place);
            true
        })
    }

    /// Waits for the end.
    pub(crate) async fn done(&self) -> Outcome {
        match self.turn(&Prompter::default()).await {
            Turn::Over(outcome) => outcome,
            Turn::Ask(_) => self.now(),
        }
    }

    /// Takes what a later call brings, by the clock of this process: an answer, or that the client did not show the
    /// address. A call without an answer has the question asked once more.
    pub(crate) fn call_again(&self, prompter: &Prompter) {
        if !matches!(&*self.stage.borrow(), Stage::Asking(_) | Stage::ToAsk(Question::Form(_))) {
            return;
        }
        if prompter.not_shown && matches!(self.addresses, Addresses::BetweenCalls) {
            self.bring(Message::NotShown);
        }
        let Forms::BetweenCalls(reply) = prompter.forms else { return };
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(at) = *asked else { return };
        match reply {
            Some(reply) => {
                *asked = None;
                self.bring(Message::Answer(reply.after(at.elapsed(), self.least_reading)));
            }
            None => {
                drop(asked);
                self.stage.send_if_modified(|stage| {
                    let is_asking = matches!(stage, Stage::Asking(_));
                    if is_asking {
                        *stage = Stage::ToAsk(Question::Form(self.order.question()));
                    }
                    is_asking
                });
            }
        }
    }

    fn bring(&self, message: Message) {
        // Once the person has decided, the receiver is gone.
        let _ = self.messages.send(message);
    }

    /// The address of the page, as a client shows it.
    pub(crate) fn notice(&self, address: secrecy::SecretString) -> Notice {
        let text = format!("Approve or reject this order on the page: {}", self.order.sentence);
        Notice { id: self.order.client_id.clone(), text, address }
    }

    /// The outcome, if it is over.
    pub(crate) fn over(&self) -> Option<Outcome> {
        match &*self.stage.borrow() {
            Stage::Done(outcome) => Some(outcome.clone()),
            _ => None,
        }
    }

    /// How it stands right now.
    pub(crate) fn now(&self) -> Outcome {
        let place = match &*self.stage.borrow() {
            Stage::Done(outcome) => return outcome.clone(),
            Stage::Asking(place) => Some(*place),
            Stage::ToAsk(Question::Form(_)) => Some(IN_CLIENT),
            Stage::ToAsk(Question::Page(_)) => Some(ON_SHOWN_PAGE),
            Stage::Sending => None,
        };
        let sentence = &self.order.sentence;
        let (state, sentence, next) = match place {
            Some(place) => (
                State::WaitingForApproval,
                format!("{sentence}: a person has to approve it {place}"),
                "tell the person where to approve it; then call place_order again with the same ticket to hear the outcome",
            ),
            None => (
                State::Unknown,
                format!("{sentence}: it is being sent, and Aries has not answered yet"),
                "call place_order again with the same ticket to hear the outcome; do not order it again",
            ),
        };
        Outcome { sentence, next: Some(next.into()), ..self.order.outcome(state) }
    }
}

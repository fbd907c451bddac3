//! One presented ticket: where it stands, and what answers about it say as often as they are asked for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use secrecy::SecretString;
use tokio::sync::{Notify, mpsc, watch};

use super::asked::{Act, Asked};
use super::prompter::{Prompter, Question, Reply, Way};
use super::window::Window;
use crate::os::browser::Browser;
use crate::timing::Timing;
use crate::told::Told;
use crate::trade::outcome::Outcome;
use crate::trade::state::State;

/// Where a person decides whose client was given the address.
pub(super) const ON_SHOWN_PAGE: &str = "on the page whose address the client shows";
/// Where a person decides whose client asks.
pub(super) const IN_CLIENT: &str = "in the client";

#[derive(Debug, Clone)]
pub(crate) enum Stage {
    /// A person has to decide; says where.
    Asking(&'static str),
    /// The question waits for a call whose client puts it before the person after the call.
    ToAsk(Question),
    Sending,
    Done(Outcome),
}

/// Why a question ends that nobody has answered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Withdrawal {
    /// The call that waits for the answer was cancelled.
    CallCancelled,
    /// The person rejects the order elsewhere: on the page that the client shows beside the preview.
    Rejected,
}

pub(crate) enum Turn {
    Over(Outcome),
    /// Have the client put this before the person, and call again.
    Ask(Question),
}

/// Something that waits for a person, or for its end.
pub(crate) struct Pending {
    pub(crate) asked: Asked,
    pub(crate) window: Window,
    /// How the client of the first call shows the address of a page.
    pub(super) pages: Way,
    pub(super) timing: Timing,
    /// The program in which the order was placed, as it calls itself.
    pub(super) client: Option<String>,
    pub(super) browser: Browser,
    stage: watch::Sender<Stage>,
    withdrawn: watch::Sender<Option<Withdrawal>>,
    /// Somebody looks at the page of the order.
    looks: Notify,
    declined: AtomicBool,
    /// What later calls bring, for whoever waits for the person's decision.
    replies: mpsc::UnboundedSender<Reply>,
    received: tokio::sync::Mutex<mpsc::UnboundedReceiver<Reply>>,
    /// When the person was last asked by a client that calls again. Empty once an answer came: a question is used up
    /// by its first answer, whatever that was.
    asked_at: Mutex<Option<Instant>>,
}

impl Pending {
    pub(crate) fn new(asked: Asked, prompter: &Prompter, timing: Timing, browser: Browser) -> Self {
        let (replies, received) = mpsc::unbounded_channel();
        Self {
            asked,
            window: Window::open(timing.approval),
            pages: prompter.pages.clone(),
            client: prompter.client.clone(),
            timing,
            browser,
            stage: watch::channel(Stage::Sending).0,
            withdrawn: watch::channel(None).0,
            looks: Notify::new(),
            replies,
            received: tokio::sync::Mutex::new(received),
            asked_at: Mutex::new(None),
            declined: AtomicBool::new(false),
        }
    }

    pub(crate) fn set(&self, stage: Stage) {
        self.stage.send_replace(stage);
    }

    /// Ends the question. What was approved before stays approved.
    pub(crate) fn withdraw(&self, why: Withdrawal) {
        self.withdrawn.send_replace(Some(why));
    }

    pub(super) fn note_look(&self) {
        self.looks.notify_one();
    }

    /// Waits until somebody looks at the page of the order, or returns at once if somebody did since the last time.
    pub(crate) async fn look(&self) {
        self.looks.notified().await;
    }

    /// Waits until the order can change no more.
    pub(super) async fn ended(&self) {
        let has_ended = |stage: &Stage| matches!(stage, Stage::Done(outcome) if !outcome.state.may_change());
        let ended = self.stage.subscribe().wait_for(has_ended).await.map(drop);
        ended.expect("the sender is a field of this very value");
    }

    pub(super) fn note_declined(&self) {
        self.declined.store(true, Ordering::Relaxed);
    }

    /// Whether the person said no, so that asking the same again has to wait.
    pub(crate) fn is_declined(&self) -> bool {
        self.declined.load(Ordering::Relaxed) && !self.window.is_over()
    }

    pub(super) async fn withdrawal(&self) -> Withdrawal {
        let mut withdrawn = self.withdrawn.subscribe();
        let withdrawn = withdrawn.wait_for(Option::is_some).await;
        withdrawn.ok().and_then(|why| *why).expect("the sender is a field of this very value")
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
                // The sender is a field of this very value, so it is over.
                _ => return Turn::Over(self.now()),
            }
        }
    }

    /// Marks the question as put before the person; false if another call did.
    fn take_question(&self) -> bool {
        self.stage.send_if_modified(|stage| {
            let Stage::ToAsk(question) = stage else { return false };
            if question.page.is_none() {
                *self.asked_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            }
            *stage = Stage::Asking(place(question));
            true
        })
    }

    pub(crate) async fn done(&self) -> Outcome {
        match self.turn(&Prompter::default()).await {
            Turn::Over(outcome) => outcome,
            Turn::Ask(_) => self.now(),
        }
    }

    /// Takes what a later call brings, by the clock of this process: an answer, or that the client did not show the
    /// address. A call without an answer has the question asked once more.
    pub(crate) fn call_again(&self, prompter: &Prompter) {
        let is_form = |stage: &Stage| matches!(stage, Stage::ToAsk(Question { page: None, .. }));
        let is_asking = |stage: &Stage| matches!(stage, Stage::Asking(_));
        if !(is_asking(&self.stage.borrow()) || is_form(&self.stage.borrow())) {
            return;
        }
        // Of what comes back for the page's address only a refusal counts: the page alone decides.
        if matches!(
            (&self.pages, &prompter.pages),
            (Way::BetweenCalls(_), Way::BetweenCalls(Some(Reply::NotShown)))
        ) {
            self.bring(Reply::NotShown);
        }
        let Way::BetweenCalls(reply) = prompter.forms else { return };
        // An answer to another question is none: of two questions about one order, too.
        let reply = reply.filter(|_| prompter.answered.as_ref() == Some(&self.asked.id));
        let mut asked = self.asked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(at) = *asked else { return };
        if let Some(reply) = reply {
            *asked = None;
            return self.bring(reply.after(at.elapsed(), self.timing.least_reading));
        }
        drop(asked);
        self.stage.send_if_modified(|stage| {
            let is_asking = is_asking(stage);
            if is_asking {
                *stage = Stage::ToAsk(self.asked.question());
            }
            is_asking
        });
    }

    fn bring(&self, reply: Reply) {
        self.replies.send(reply).expect("the receiver is a field of this very value");
    }

    pub(super) async fn next_reply(&self) -> Reply {
        self.received.lock().await.recv().await.expect("the sender is a field of this very value")
    }

    pub(super) fn page_question(&self, address: SecretString) -> Question {
        let what = match self.asked.act {
            Act::Send => "order",
            Act::Cancel => "cancel",
        };
        let text = format!("Approve or reject this {what} on the page: {}", self.asked.sentence);
        Question { id: self.asked.id.clone(), text, page: Some(address) }
    }

    pub(crate) fn over(&self) -> Option<Outcome> {
        match &*self.stage.borrow() {
            Stage::Done(outcome) => Some(outcome.clone()),
            _ => None,
        }
    }

    pub(crate) fn now(&self) -> Outcome {
        let place = match &*self.stage.borrow() {
            Stage::Done(outcome) => return outcome.clone(),
            Stage::Asking(place) => Some(*place),
            Stage::ToAsk(question) => Some(place(question)),
            Stage::Sending => None,
        };
        let (state, words, next) = match place {
            Some(place) => (
                State::WaitingForApproval,
                format!("a person has to approve it {place}"),
                Told::pair("tell the person where to approve it; then ", "").and(self.asked.act.call_again()),
            ),
            None => (
                State::Unknown,
                "it is being sent, and Aries has not answered yet".to_owned(),
                match self.asked.act {
                    Act::Send => format!("{}; do not order it again", Act::Send.call_again()).into(),
                    Act::Cancel => Act::Cancel.call_again().into(),
                },
            ),
        };
        self.asked.outcome(state).with(&words, next)
    }
}

fn place(question: &Question) -> &'static str {
    if question.page.is_none() { IN_CLIENT } else { ON_SHOWN_PAGE }
}

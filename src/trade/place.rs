//! `place_order`: presenting a ticket, waiting for a person where one has to say yes, and telling the outcome as often
//! as it is asked for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use futures_util::future::BoxFuture;
use tokio::sync::watch;

use super::Desk;
use super::approval::{self, Cleared, Reply, Window};
use super::journal::{Event, Facts};
use super::outcome::{Outcome, State};
use super::page::{self, Page};
use super::recall;
use super::send::{not_sent, outcome};
use super::ticket::{Previewed, Redeemed};
use crate::error::{Error, Kind, Result};

/// How a person can be asked during this call.
#[derive(Clone, Default)]
pub enum Channel {
    /// The client cannot ask.
    #[default]
    None,
    /// The client asks and answers on the same connection (protocols up to 2025).
    Ask(Asker),
    /// The client asks and then calls again (2026): what the person answered, on such a second call.
    Rounds(Option<Reply>),
}

/// Puts a question to the person and waits for the answer.
pub type Asker = Arc<dyn Fn(String) -> BoxFuture<'static, Reply> + Send + Sync>;

/// Where a presented ticket stands.
#[derive(Debug, Clone)]
enum Stage {
    /// A person has to decide; says where.
    Asking(&'static str),
    /// It is being sent.
    Sending,
    /// It is over.
    Done(Outcome),
}

/// One presented ticket. It is only a key to its outcome now.
pub struct Run {
    order: Previewed,
    stage: watch::Sender<Stage>,
    /// The order while a person decides. Whoever takes it out decides what happens: it can be taken once.
    held: Mutex<Option<Redeemed>>,
    window: Window,
    /// When the person was last asked by a client that calls again. Empty once an answer came: a question is used up
    /// by its first answer, whatever that was.
    asked: Mutex<Option<Instant>>,
}

/// What to do with a call of `place_order`.
pub enum Step {
    /// Have the client ask the person this, and call again.
    Ask(String),
    /// Wait for the outcome.
    Wait(Arc<Run>),
    /// This is how the order of another process stands.
    Told(Outcome),
}

/// What a client that calls again brings.
enum Heard {
    /// The first answer to the question.
    Answer(Reply),
    /// No answer yet.
    Nothing,
    /// The question has been answered before, or was never asked.
    TooLate,
}

/// What a ticket is to this process.
enum Presented {
    /// Presented for the first time.
    Now(Arc<Run>, Redeemed),
    /// Presented before.
    Before(Arc<Run>),
    /// Not one of this process.
    Elsewhere,
}

impl Run {
    /// Waits for the end.
    pub async fn done(&self) -> Outcome {
        let mut stage = self.stage.subscribe();
        let ended = stage.wait_for(|stage| matches!(stage, Stage::Done(_))).await.map(|stage| stage.clone());
        match ended {
            Ok(Stage::Done(outcome)) => outcome,
            // The sender is a field of this very value.
            _ => self.now(),
        }
    }

    /// How it stands right now.
    pub fn now(&self) -> Outcome {
        match &*self.stage.borrow() {
            Stage::Done(outcome) => outcome.clone(),
            Stage::Asking(place) => Outcome {
                sentence: format!("{}: a person has to approve it {place}", self.order.sentence),
                next: Some(
                    "tell the person where to approve it; then call place_order again with the same ticket to hear the outcome"
                        .to_owned(),
                ),
                ..outcome(&self.order, State::WaitingForApproval)
            },
            Stage::Sending => Outcome {
                sentence: format!("{}: it is being sent, and Aries has not answered yet", self.order.sentence),
                next: Some("call place_order again with the same ticket to hear the outcome; do not order it again".to_owned()),
                ..outcome(&self.order, State::Unknown)
            },
        }
    }

    fn take(&self) -> Option<Redeemed> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn ask(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// What a call of a client that calls again brings, by the clock of this process.
    fn hear(&self, reply: Option<Reply>) -> Heard {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        match (*asked, reply) {
            (None, _) => Heard::TooLate,
            (Some(_), None) => {
                *asked = Some(Instant::now());
                Heard::Nothing
            }
            (Some(at), Some(reply)) => {
                *asked = None;
                Heard::Answer(reply.after(at.elapsed()))
            }
        }
    }
}

impl Desk {
    /// Presents a ticket, or asks again for the outcome of one that was presented.
    ///
    /// # Errors
    /// If there is no such ticket, or it has expired, or the journal cannot be written.
    pub async fn place(&self, ticket: &str, channel: Channel) -> Result<Step> {
        // In a task of its own: a call that is cancelled must not leave a spent ticket half-way.
        let (desk, ticket) = (self.clone(), ticket.to_owned());
        let task = tokio::spawn(async move { desk.present(&ticket, channel).await });
        task.await.unwrap_or_else(|_| {
            Err(Error::failed("aries-mcp is ending", "start it again, and look at get_orders first"))
        })
    }

    async fn present(&self, ticket: &str, channel: Channel) -> Result<Step> {
        let (run, redeemed) = match self.presented(ticket)? {
            Presented::Now(run, redeemed) => (run, redeemed),
            Presented::Before(run) => {
                self.refresh(&run, ticket).await;
                return Ok(self.again(run, &channel));
            }
            Presented::Elsewhere => return self.recall(ticket).await?.map(Step::Told).ok_or_else(strange),
        };
        let order = run.order.clone();
        let facts = Facts { ticket: Some(recall::mark(ticket)), ..self.facts(&order) };
        let noted = match self.journal().open().await {
            Ok(mut journal) => journal.append(Event::Intent, &order.client_id, facts),
            Err(error) => Err(error),
        };
        if let Err(error) = noted {
            let ended = not_sent(&order, &error.cause, Some(error.hint));
            run.stage.send_replace(Stage::Done(ended));
            return Ok(Step::Wait(run));
        }
        match approval::without_asking(redeemed, self.trading()) {
            Ok(cleared) => self.start(&run, cleared),
            Err(redeemed) => {
                *run.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(redeemed);
                return Ok(self.ask(run, channel));
            }
        }
        Ok(Step::Wait(run))
    }

    fn presented(&self, ticket: &str) -> Result<Presented> {
        // One lock around all of it: of two calls at once one redeems the ticket, and the other finds its run.
        let mut runs = self.runs();
        if let Some(run) = runs.get(ticket) {
            return Ok(Presented::Before(Arc::clone(run)));
        }
        let Some(redeemed) = self.tickets().redeem(ticket)? else { return Ok(Presented::Elsewhere) };
        let run = Arc::new(Run {
            order: redeemed.previewed().clone(),
            stage: watch::channel(Stage::Sending).0,
            held: Mutex::new(None),
            window: Window::open(),
            asked: Mutex::new(None),
        });
        runs.insert(ticket.to_owned(), Arc::clone(&run));
        Ok(Presented::Now(run, redeemed))
    }

    /// A doubt may have ended since it was told: the person settled it, or another process found the order.
    async fn refresh(&self, run: &Run, ticket: &str) {
        let is_unknown = matches!(&*run.stage.borrow(), Stage::Done(told) if told.state == State::Unknown);
        if !is_unknown {
            return;
        }
        match self.recall(ticket).await {
            Ok(Some(told)) if told.state != State::Unknown => {
                run.stage.send_replace(Stage::Done(told));
            }
            // What was told before still holds.
            Ok(_) => {}
            Err(error) => tracing::warn!("the order journal was not read again: {}", error.cause),
        }
    }

    /// The second and later calls with a ticket.
    fn again(&self, run: Arc<Run>, channel: &Channel) -> Step {
        let asking = matches!(&*run.stage.borrow(), Stage::Asking(_));
        let Channel::Rounds(reply) = channel else { return Step::Wait(run) };
        if !asking {
            return Step::Wait(run);
        }
        match run.hear(*reply) {
            Heard::Answer(reply) => self.decide(&run, reply, "the client's question"),
            Heard::Nothing => return Step::Ask(question(&run.order)),
            Heard::TooLate => {}
        }
        Step::Wait(run)
    }

    fn ask(&self, run: Arc<Run>, channel: Channel) -> Step {
        match channel {
            Channel::Rounds(_) => {
                run.stage.send_replace(Stage::Asking("in the client"));
                run.ask();
                self.end_in_time(&run);
                Step::Ask(question(&run.order))
            }
            Channel::Ask(asker) => {
                run.stage.send_replace(Stage::Asking("in the client"));
                self.end_in_time(&run);
                let (desk, asked) = (self.clone(), Arc::clone(&run));
                tokio::spawn(async move {
                    let began = Instant::now();
                    let reply = asker(question(&asked.order)).await;
                    desk.decide(&asked, reply.after(began.elapsed()), "the client's question");
                });
                Step::Wait(run)
            }
            Channel::None => {
                self.end_in_time(&run);
                self.open_page(&run);
                Step::Wait(run)
            }
        }
    }

    /// What a reply leads to. Late and second replies find nothing to decide.
    fn decide(&self, run: &Arc<Run>, reply: Reply, by: &'static str) {
        if reply == Reply::NotShown {
            self.open_page(run);
            return;
        }
        let Some(redeemed) = run.take() else { return };
        if run.window.is_over() {
            self.end(run, "nobody approved it in time");
            return;
        }
        match approval::by_reply(redeemed, reply, by) {
            Ok(cleared) => self.start(run, cleared),
            Err(_) if reply == Reply::Dismiss => {
                self.end(run, "the person closed the question without a yes")
            }
            Err(_) => self.end(run, "the person rejected it"),
        }
    }

    /// The next channel after a client that cannot ask, or did not really.
    fn open_page(&self, run: &Arc<Run>) {
        let (desk, run) = (self.clone(), Arc::clone(run));
        run.stage.send_replace(Stage::Asking("on the page in the browser"));
        tokio::spawn(async move {
            let mut page = match Page::open(&run.order, run.window).await {
                Ok(page) => page,
                Err(error) => {
                    if run.take().is_some() {
                        let why = format!("no person could be asked: {}", error.cause);
                        desk.end_with(&run, &why, Some(error.hint));
                    }
                    return;
                }
            };
            let reply = page.reply().await;
            desk.decide(&run, reply, "the approval page");
            let outcome = run.done().await;
            page.tell(&outcome);
            page.linger().await;
        });
    }

    /// Nothing is approved after its time.
    fn end_in_time(&self, run: &Arc<Run>) {
        let (desk, run) = (self.clone(), Arc::clone(run));
        tokio::spawn(async move {
            run.window.over().await;
            if run.take().is_some() {
                desk.end(&run, "nobody approved it in time");
            }
        });
    }

    fn end(&self, run: &Arc<Run>, why: &str) {
        self.end_with(
            run,
            why,
            Some("ask the person; to order it after all, call preview_order again".to_owned()),
        );
    }

    fn end_with(&self, run: &Arc<Run>, why: &str, next: Option<String>) {
        run.stage.send_replace(Stage::Done(not_sent(&run.order, why, next)));
        let (desk, order) = (self.clone(), run.order.clone());
        let facts = Facts { note: Some(why.to_owned()), ..Facts::default() };
        tokio::spawn(async move { desk.note(Event::Dropped, &order.client_id, facts).await });
    }

    /// Sends in a task of its own: a call that is cancelled or times out must not stop an order half-way.
    fn start(&self, run: &Arc<Run>, cleared: Cleared) {
        run.stage.send_replace(Stage::Sending);
        let (desk, run) = (self.clone(), Arc::clone(run));
        tokio::spawn(async move {
            let outcome = desk.send(cleared).await;
            run.stage.send_replace(Stage::Done(outcome));
        });
    }
}

/// A ticket that nobody knows is no proof that nothing was sent.
fn strange() -> Error {
    Error::new(
        Kind::Refused,
        "there is no such ticket, neither in this process nor in the order journal",
        "look at get_orders first: if the order is not there and the person wants it, call preview_order; a ticket works \
         once, within 120 seconds, and only in the process that made it",
    )
}

/// What a person is asked: the sentence, then the numbers.
fn question(order: &Previewed) -> String {
    let mut lines = vec![format!("Send this order to Aries? {}", order.sentence)];
    lines.extend(order.numbers.iter().cloned());
    lines.push(page::NOTE.to_owned());
    lines.join("\n")
}

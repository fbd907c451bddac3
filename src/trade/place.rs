//! `place_order`: presenting a ticket, waiting for a person where one has to say yes, and telling the outcome as often
//! as it is asked for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use futures_util::future::BoxFuture;
use secrecy::SecretString;
use tokio::sync::watch;

use super::Desk;
use super::approval::{self, Cleared, Reply, Window};
use super::journal::{Event, Facts};
use super::outcome::{Outcome, State};
use super::page::{self, Page};
use super::recall;
use super::record::records;
use super::send::{NOT_AS_SENT, not_sent, outcome};
use super::ticket::{Previewed, Redeemed};
use crate::error::{Error, Kind, Result};

/// How a person can be reached during this call.
#[derive(Clone, Default)]
pub struct Channel {
    /// How the client asks questions.
    pub forms: Forms,
    /// How the client shows addresses.
    pub addresses: Addresses,
    /// The client was given the page's address in the last call, and did not show it (2026).
    pub not_shown: bool,
}

/// How a client asks its person a question.
#[derive(Clone, Default)]
pub enum Forms {
    /// It cannot.
    #[default]
    None,
    /// It asks and answers on the same connection (protocols up to 2025).
    Ask(Asker),
    /// It asks and then calls again (2026): what the person answered, on such a second call.
    Rounds(Option<Reply>),
}

/// How a client shows its person the address of a page. Whatever it says to that approves nothing.
#[derive(Clone, Default)]
pub enum Addresses {
    /// It cannot.
    #[default]
    None,
    /// On the same connection (protocols up to 2025).
    Show(Shower),
    /// As the end of a call, after which it calls again (2026).
    Rounds,
}

/// Puts a question to the person and waits for the answer.
pub type Asker = Arc<dyn Fn(String) -> BoxFuture<'static, Reply> + Send + Sync>;

/// Has the client show the address of a page; whether it did.
pub type Shower = Arc<dyn Fn(Notice) -> BoxFuture<'static, bool> + Send + Sync>;

/// The address of the page that decides, for a client that shows it.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Tells it from others.
    pub id: String,
    /// What stands beside it.
    pub text: String,
    /// Where the page is.
    pub address: SecretString,
}

/// What the client has to put before the person.
#[derive(Debug, Clone)]
pub enum Question {
    /// A text to say yes or no to.
    Form(String),
    /// A page to decide on.
    Page(Notice),
}

/// Where a person decides whose client was given the address.
const ON_SHOWN_PAGE: &str = "on the page whose address the client shows";
const UNSHOWN: &str = "no browser could be opened, and the client did not show the page's address";

/// Where a presented ticket stands.
#[derive(Debug, Clone)]
enum Stage {
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
pub struct Run {
    /// What was presented; the journal knows it by its hash.
    ticket: String,
    order: Previewed,
    stage: watch::Sender<Stage>,
    /// The order while a person decides. Whoever takes it out decides what happens: it can be taken once.
    held: Mutex<Option<Redeemed>>,
    window: Window,
    addresses: Addresses,
    /// When the person was last asked by a client that calls again. Empty once an answer came: a question is used up
    /// by its first answer, whatever that was.
    asked: Mutex<Option<Instant>>,
}

/// What to do with a call of `place_order`.
pub enum Step {
    /// Have the client ask the person this, and call again.
    Ask(Question),
    /// Wait for the outcome.
    Wait(Arc<Run>),
    /// This is how the order of another process stands.
    Told(Outcome),
}

/// What a wait for a ticket ends with.
pub enum Turn {
    /// Its outcome.
    Over(Outcome),
    /// Have the client show this to the person, and call again.
    Ask(Question),
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
    /// Waits for the end, or for an address that the person has to be shown.
    pub async fn turn(&self) -> Turn {
        let mut stage = self.stage.subscribe();
        loop {
            let reached = stage.wait_for(|stage| matches!(stage, Stage::Done(_) | Stage::Unshown(_))).await;
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
    async fn done(&self) -> Outcome {
        let mut stage = self.stage.subscribe();
        match stage.wait_for(|stage| matches!(stage, Stage::Done(_))).await.map(|stage| stage.clone()) {
            Ok(Stage::Done(outcome)) => outcome,
            _ => self.now(),
        }
    }

    fn notice(&self, address: SecretString) -> Notice {
        let text = format!("Approve or reject this order on the page: {}", self.order.sentence);
        Notice { id: self.order.client_id.clone(), text, address }
    }

    /// How it stands right now.
    pub fn now(&self) -> Outcome {
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

    fn take(&self) -> Option<Redeemed> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Moves on while nobody has decided yet; whether that was so. What is decided is never open again.
    fn still(&self, stage: Stage) -> bool {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_some() {
            self.stage.send_replace(stage);
        }
        held.is_some()
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
        let (run, redeemed) = match self.presented(ticket, &channel)? {
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
        match approval::without_asking(redeemed, self.trading(), run.window) {
            Ok(cleared) => self.start(&run, cleared),
            Err(redeemed) => {
                *run.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(redeemed);
                return Ok(self.ask(run, channel.forms));
            }
        }
        Ok(Step::Wait(run))
    }

    fn presented(&self, ticket: &str, channel: &Channel) -> Result<Presented> {
        // One lock around all of it: of two calls at once one redeems the ticket, and the other finds its run.
        let mut runs = self.runs();
        if let Some(run) = runs.get(ticket) {
            return Ok(Presented::Before(Arc::clone(run)));
        }
        let Some(redeemed) = self.tickets().redeem(ticket)? else { return Ok(Presented::Elsewhere) };
        let run = Arc::new(Run {
            ticket: ticket.to_owned(),
            order: redeemed.previewed().clone(),
            stage: watch::channel(Stage::Sending).0,
            held: Mutex::new(None),
            window: Window::open(),
            addresses: channel.addresses.clone(),
            asked: Mutex::new(None),
        });
        runs.insert(ticket.to_owned(), Arc::clone(&run));
        Ok(Presented::Now(run, redeemed))
    }

    /// What was told before may be over: a doubt that the person settled or another process ended by finding the
    /// order, and an order that was open.
    async fn refresh(&self, run: &Run, ticket: &str) {
        let before = match &*run.stage.borrow() {
            Stage::Done(told) if told.state == State::Unknown || told.state.may_change() => told.clone(),
            _ => return,
        };
        let now = match self.recall(ticket).await {
            Ok(Some(now)) if now.state != State::Unknown => now,
            // What was told before still holds.
            Ok(_) => return,
            Err(error) if before.state == State::Unknown => {
                return tracing::warn!("the order journal was not read again: {}", error.cause);
            }
            Err(error) => Outcome {
                sentence: format!(
                    "{}: as told before; not looked up again: {}",
                    run.order.sentence, error.cause
                ),
                next: Some("get_orders shows how it stands now".to_owned()),
                ..before.clone()
            },
        };
        // An order that was not as sent is so still, whatever else is known of it.
        let not_as_sent = before.next.clone().filter(|next| next == NOT_AS_SENT);
        let now = Outcome { next: not_as_sent.or(now.next), ..now };
        // What stands as it did needs no new words.
        if (now.state, &now.sentence) != (before.state, &before.sentence) {
            run.stage.send_replace(Stage::Done(now));
        }
    }

    /// The second and later calls with a ticket.
    fn again(&self, run: Arc<Run>, channel: &Channel) -> Step {
        let asking = matches!(&*run.stage.borrow(), Stage::Asking(_));
        if asking && channel.not_shown && matches!(run.addresses, Addresses::Rounds) {
            self.nobody(&run, UNSHOWN, page::HELP);
        }
        let Forms::Rounds(reply) = &channel.forms else { return Step::Wait(run) };
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

    fn ask(&self, run: Arc<Run>, forms: Forms) -> Step {
        self.end_in_time(&run);
        match forms {
            Forms::Rounds(_) => {
                run.still(Stage::Asking("in the client"));
                run.ask();
                Step::Ask(question(&run.order))
            }
            Forms::Ask(asker) => {
                run.still(Stage::Asking("in the client"));
                let (desk, asked) = (self.clone(), Arc::clone(&run));
                tokio::spawn(async move {
                    let began = Instant::now();
                    let reply = asker(words(&asked.order)).await;
                    desk.decide(&asked, reply.after(began.elapsed()), "the client's question");
                });
                Step::Wait(run)
            }
            Forms::None => {
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
        match approval::by_reply(redeemed, reply, by, run.window) {
            Ok(cleared) => self.start(run, cleared),
            Err(_) if reply == Reply::Dismiss => {
                self.end(run, "the person closed the question without a yes")
            }
            Err(_) => self.end(run, "the person rejected it"),
        }
    }

    /// The next channel after a client that cannot ask, or did not really.
    fn open_page(&self, run: &Arc<Run>) {
        if !run.still(Stage::Asking("on the page in the browser")) {
            return;
        }
        let (desk, run) = (self.clone(), Arc::clone(run));
        tokio::spawn(async move {
            let mut page = match Page::open(&run.order, run.window).await {
                Ok(page) => page,
                Err(error) => return desk.nobody(&run, &error.cause, &error.hint),
            };
            if !page.in_browser() {
                desk.show(&run, page.address());
            }
            tokio::select! {
                reply = page.reply() => desk.decide(&run, reply, "the approval page"),
                _ = run.done() => {}
            }
            let outcome = run.done().await;
            page.tell(&outcome);
            page.linger().await;
        });
    }

    /// Where no browser opens here (WSL, ssh) the client may show the page's address. That it did is no approval.
    fn show(&self, run: &Arc<Run>, address: SecretString) {
        match &run.addresses {
            Addresses::None => self.nobody(run, "no browser could be opened", page::HELP),
            Addresses::Show(shower) => {
                run.still(Stage::Asking(ON_SHOWN_PAGE));
                let (desk, run, shown) = (self.clone(), Arc::clone(run), shower(run.notice(address)));
                tokio::spawn(async move {
                    if !shown.await {
                        desk.nobody(&run, UNSHOWN, page::HELP);
                    }
                });
            }
            Addresses::Rounds => {
                run.still(Stage::Unshown(address));
            }
        }
    }

    /// Ends what no person can decide.
    fn nobody(&self, run: &Arc<Run>, cause: &str, hint: &str) {
        if run.take().is_some() {
            self.end_with(run, &format!("no person could be asked: {cause}"), Some(hint.to_owned()));
        }
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
        let desk = self.clone();
        self.follow(run, async move { desk.send(cleared).await });
    }

    /// Tells what sending ended with. A fault in it must not leave the ticket on its way for ever.
    fn follow(&self, run: &Arc<Run>, sending: impl Future<Output = Outcome> + Send + 'static) {
        let (desk, run) = (self.clone(), Arc::clone(run));
        let sending = tokio::spawn(sending);
        tokio::spawn(async move {
            let outcome = match sending.await {
                Ok(outcome) => outcome,
                Err(_) => desk.after_fault(&run).await,
            };
            run.stage.send_replace(Stage::Done(outcome));
        });
    }

    /// What is true after a fault while sending, by the journal: `sent` is on disk before the POST begins.
    async fn after_fault(&self, run: &Run) -> Outcome {
        let order = &run.order;
        let lines = self.journal().open().await.map(|journal| journal.lines);
        let known = lines.map(|lines| records(lines.iter())).unwrap_or_default();
        match known.iter().find(|record| record.id == order.client_id) {
            Some(record) if record.sent.is_none() => {
                let why = "a fault inside aries-mcp stopped it before it was sent";
                self.drop_intent(order, why).await;
                not_sent(
                    order,
                    why,
                    Some("tell the person; preview it again if they still want it".to_owned()),
                )
            }
            Some(_) => self.recall(&run.ticket).await.ok().flatten().unwrap_or_else(|| lost(order)),
            None => lost(order),
        }
    }
}

/// A fault, and a journal that tells nothing.
fn lost(order: &Previewed) -> Outcome {
    Outcome {
        sentence: format!(
            "{}: a fault inside aries-mcp, and the journal tells nothing. It may or may not be at Aries",
            order.sentence
        ),
        next: Some("do not order it again; ask the person to look in Aries' own application".to_owned()),
        ..outcome(order, State::Unknown)
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

fn question(order: &Previewed) -> Question {
    Question::Form(words(order))
}

/// What a person is asked: the sentence, then the numbers.
fn words(order: &Previewed) -> String {
    let mut lines = vec![format!("Send this order to Aries? {}", order.sentence)];
    lines.extend(order.numbers.iter().cloned());
    lines.push(page::NOTE.to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::order::Order;
    use super::super::rules;
    use super::*;
    use crate::aries::Aries;
    use crate::aries::account::Account;
    use crate::auth::session::Session;
    use crate::config::{Environment, Options, Settings};

    /// A desk with a journal of its own, at an Aries that nobody reaches.
    fn desk(folder: &std::path::Path) -> Desk {
        let folder = folder.to_str().unwrap();
        let env: Environment = [
            ("ARIES_CONFIG_DIR", folder),
            ("ARIES_STATE_DIR", folder),
            ("ARIES_API_URL", "http://127.0.0.1:9"),
        ]
        .into();
        let settings = Settings::resolve(&Options::default(), &env).unwrap();
        let session = Session::fixed("a token".to_owned().into(), None);
        let aries = Aries::new(settings.urls.clone(), Arc::new(session));
        Desk::open(&settings, &aries).unwrap()
    }

    fn run() -> Arc<Run> {
        let wanted = json!({"symbol": "MSFT", "action": "buy", "quantity": "1", "type": "limit", "limit_price": "300.00"});
        let order: Order =
            rules::order(&serde_json::from_value(wanted).unwrap(), "2026-11-02".parse().unwrap()).unwrap();
        let account = Account {
            id: "SIM8820017".to_owned(),
            id_field: "id",
            simulated: true,
            status: None,
            kind: None,
            class: None,
        };
        let client_id = "am-fault".to_owned();
        Arc::new(Run {
            ticket: "t-fault".to_owned(),
            order: Previewed {
                environment: "SANDBOX (plays simulated)",
                replaced: None,
                body: order.body(&account.id, Some(&client_id)),
                client_id,
                cost: None,
                sentence: order.sentence(),
                numbers: Vec::new(),
                account,
                order,
            },
            stage: watch::channel(Stage::Sending).0,
            held: Mutex::new(None),
            window: Window::open(),
            addresses: Addresses::None,
            asked: Mutex::new(None),
        })
    }

    async fn fault() -> Outcome {
        panic!("a fault while sending")
    }

    #[tokio::test]
    async fn a_fault_while_sending_ends_with_what_the_journal_knows() {
        let folder = tempfile::tempdir().unwrap();
        let desk = desk(folder.path());
        let run = run();
        let note = async |event: Event, facts: Facts| {
            let facts = Facts { ticket: Some(recall::mark(&run.ticket)), ..facts };
            desk.journal().open().await.unwrap().append(event, &run.order.client_id, facts).unwrap();
        };
        let told = async || {
            run.stage.send_replace(Stage::Sending);
            desk.follow(&run, fault());
            run.done().await
        };
        // Before the POST: it was surely not sent, and the journal says so too.
        note(Event::Intent, desk.facts(&run.order)).await;
        assert_eq!(told().await.state, State::NotSent);
        assert_eq!(desk.journal().open().await.unwrap().lines.last().unwrap().event, Event::Dropped);
        // After it: whatever is known of it by then.
        note(Event::Sent, Facts::default()).await;
        let answer =
            Facts { order: Some("A-1".to_owned()), state: Some("WORKING".to_owned()), ..Facts::default() };
        note(Event::Answered, answer).await;
        let outcome = told().await;
        assert_eq!((outcome.state, outcome.order_id.as_deref()), (State::Working, Some("A-1")));
        // With a journal that cannot be read nothing is known.
        std::fs::write(desk.journal().path(), "not a journal\n").unwrap();
        assert_eq!(told().await.state, State::Unknown);
    }
}

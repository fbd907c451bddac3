//! `place_order`: presenting a ticket, waiting for a person where one has to say yes, and telling the outcome as often
//! as it is asked for.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::error::{Error, Kind, Result};
use crate::trade::Desk;
use crate::trade::approval::approved::{self, Cleared, Window};
use crate::trade::approval::pending::{Run, Stage};
use crate::trade::approval::prompter::{Channel, Question};
use crate::trade::approval::ticket::{Previewed, Redeemed};
use crate::trade::journal::file::{Event, Facts};
use crate::trade::journal::history::records;
use crate::trade::outcome::{Outcome, State};
use crate::trade::reconcile::status;
use crate::trade::submit::send::{NOT_AS_SENT, not_sent, outcome};

/// What to do with a call of `place_order`.
pub(crate) enum Step {
    /// Have the client ask the person this, and call again.
    Ask(Question),
    /// Wait for the outcome.
    Wait(Arc<Run>),
    /// This is how the order of another process stands.
    Told(Outcome),
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

impl Desk {
    /// Presents a ticket, or asks again for the outcome of one that was presented.
    ///
    /// # Errors
    /// If there is no such ticket, or it has expired, or the journal cannot be written.
    pub(crate) async fn place(&self, ticket: &str, channel: Channel) -> Result<Step> {
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
        let facts = Facts { ticket: Some(status::mark(ticket)), ..self.facts(&order) };
        let noted = match self.journal().open().await {
            Ok(mut journal) => journal.append(Event::Intent, &order.client_id, facts),
            Err(error) => Err(error),
        };
        if let Err(error) = noted {
            let ended = not_sent(&order, &error.cause, Some(error.hint));
            run.stage.send_replace(Stage::Done(ended));
            return Ok(Step::Wait(run));
        }
        match approved::without_asking(redeemed, self.trading(), run.window) {
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
            window: Window::open(self.timing().approval),
            least_reading: self.timing().least_reading,
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
            Stage::Done(told)
                if matches!(told.state, State::Unknown | State::Replaced) || told.state.may_change() =>
            {
                told.clone()
            }
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
        // What stands as it did needs no new words, unless they tell of the order that was to be replaced.
        let same = (now.state, &now.sentence) == (before.state, &before.sentence);
        if !same || run.order.replaced.is_some() {
            run.stage.send_replace(Stage::Done(now));
        }
    }

    /// Sends in a task of its own: a call that is cancelled or times out must not stop an order half-way.
    pub(crate) fn start(&self, run: &Arc<Run>, cleared: Cleared) {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::aries::Aries;
    use crate::aries::model::Account;
    use crate::auth::session::Session;
    use crate::config::{Environment, Options, Settings};
    use crate::environment::{Money, Plays};
    use crate::timing::Timing;
    use crate::trade::order::body::Order;
    use crate::trade::order::request;

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
            request::order(&serde_json::from_value(wanted).unwrap(), "2026-11-02".parse().unwrap()).unwrap();
        let account = Account {
            id: "SIM8820017".to_owned(),
            id_field: "id",
            money: Money::Sandbox(Plays::Simulated),
            status: None,
            kind: None,
            class: None,
        };
        let client_id = "am-fault".to_owned();
        Arc::new(Run {
            ticket: "t-fault".to_owned(),
            order: Previewed {
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
            window: Window::open(Timing::default().approval),
            least_reading: Timing::default().least_reading,
            addresses: crate::trade::approval::prompter::Addresses::None,
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
            let facts = Facts { ticket: Some(status::mark(&run.ticket)), ..facts };
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

//! `place_order`: presenting a ticket, waiting for a person where one has to say yes, and reporting the outcome as often as
//! it is asked for.

use std::sync::{Arc, PoisonError};

use super::Submitter;
use super::presented::Presented;
use crate::config::Allowed;
use crate::error::{Error, Kind, Result};
use crate::rate_limits::{Category, Left};
use crate::told::Told;
use crate::trade::approval::approved;
use crate::trade::approval::pending::{Pending, Stage, Withdrawal};
use crate::trade::approval::prompter::Prompter;
use crate::trade::approval::ticket::{Previewed, Redeemed};
use crate::trade::in_flight::ending;
use crate::trade::journal::event::Event;
use crate::trade::outcome::{Next, Outcome};
use crate::trade::reconcile::status::ticket_hash;
use crate::trade::state::State;

/// Trading calls of an order: three lists, and the order itself. What became of it is looked at if there are more.
const CALLS: usize = 4;

pub(crate) enum Placed {
    Pending(Arc<Pending>),
    /// This is how the order of another process stands.
    Elsewhere(Outcome),
}

impl Submitter {
    /// Fails if there is no such ticket, or it has expired, or the journal cannot be read.
    pub(crate) async fn place(&self, ticket: &str, prompter: Prompter) -> Result<Placed> {
        // In a task of its own: a call that is cancelled must not leave a spent ticket half-way.
        let (submitter, ticket) = (self.clone(), ticket.to_owned());
        let task = tokio::spawn(async move { submitter.present(&ticket, prompter).await });
        task.await.unwrap_or_else(|_| {
            let hint = ending().hint.and(", and look at get_orders first");
            Err(Error { hint, ..ending() })
        })
    }

    /// Spends a ticket: the person does not want its order. Where they are being asked already, that is their answer. What
    /// was approved before stays so, and of a ticket of another process it is told how its order stands.
    pub(crate) async fn reject(&self, ticket: &str, prompter: &Prompter) -> Result<Outcome> {
        let Some((presented, redeemed)) = self.presented(ticket, prompter)? else {
            return self.status(ticket).await?.ok_or_else(unknown_ticket);
        };
        let pending = &presented.pending;
        if redeemed.is_some() {
            let hint = Told::pair("do not order it again unless the person asks for it", "nothing was sent");
            let rejected = Error::new(Kind::Refused, "the approval was declined", hint);
            pending.set(Stage::Done(presented.order.not_sent(rejected)));
        } else {
            pending.withdraw(Withdrawal::Rejected);
            let _ = tokio::time::timeout(self.reconciler.timing.call, pending.done()).await;
        }
        Ok(pending.now())
    }

    async fn present(&self, ticket: &str, prompter: Prompter) -> Result<Placed> {
        // A ticket is not spent on an order for which too few calls are left.
        if self.tickets.lock().unwrap_or_else(PoisonError::into_inner).is_waiting(ticket) {
            let room = self.reconciler.aries.room(Category::Trading, CALLS).await;
            room.map_err(Error::with_nothing_sent)?;
        }
        let Some((presented, redeemed)) = self.presented(ticket, &prompter)? else {
            return self.status(ticket).await?.map(Placed::Elsewhere).ok_or_else(unknown_ticket);
        };
        let pending = &presented.pending;
        match redeemed {
            None => {
                self.refresh(&presented).await;
                pending.call_again(&prompter);
            }
            Some(redeemed) => match self.reconciler.journal.append(self.intent(&presented)).await {
                Ok(()) => self.begin(&presented, redeemed, prompter).await,
                Err(error) => pending.set(Stage::Done(presented.order.not_sent(error))),
            },
        }
        Ok(Placed::Pending(Arc::clone(pending)))
    }

    /// Has the order sent, after a person's yes where it needs one.
    async fn begin(&self, presented: &Arc<Presented>, redeemed: Redeemed, prompter: Prompter) {
        let pending = &presented.pending;
        // Nobody is asked for a yes that the config file does not allow any more.
        let allowed = match self.allowed_now(&presented.order).await {
            Ok(allowed) => allowed,
            Err(error) => {
                self.append_dropped(&presented.order, &error.cause).await;
                return pending.set(Stage::Done(presented.order.not_sent(error)));
            }
        };
        let (submitter, asked) = (self.clone(), Arc::clone(presented));
        match approved::without_asking(redeemed, &allowed.trading, pending.window) {
            Ok(approved) => self.follow(presented, async move { Box::pin(submitter.send(approved)).await }),
            Err(redeemed) => {
                pending.begin(&prompter.forms);
                self.follow(presented, async move {
                    let approve = |reply, by, window| approved::by_reply(redeemed, reply, by, window);
                    match asked.pending.decide(approve, prompter.forms, &submitter.declines).await {
                        Ok(approved) => {
                            asked.pending.set(Stage::Sending);
                            Box::pin(submitter.send(approved)).await
                        }
                        Err(error) => {
                            let outcome = asked.order.not_sent(error.clone());
                            // Reported first, whatever holds the journal.
                            asked.pending.set(Stage::Done(outcome.clone()));
                            submitter.append_dropped(&asked.order, &error.cause).await;
                            outcome
                        }
                    }
                });
            }
        }
    }

    async fn allowed_now(&self, order: &Previewed) -> Result<Allowed> {
        let checks = self.checks.now().await?;
        let checked = checks.check_live_trading(&order.account);
        checked.map_err(|error| checks.allowed.explain(error)).map(|()| checks.allowed)
    }

    /// With what it is redeemed for the first time; `None` if the ticket is not one of this process.
    fn presented(
        &self,
        ticket: &str,
        prompter: &Prompter,
    ) -> Result<Option<(Arc<Presented>, Option<Redeemed>)>> {
        // One lock around all of it: of two calls at once one redeems the ticket, and the other finds it pending.
        let mut all = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(presented) = all.get(ticket) {
            return Ok(Some((Arc::clone(presented), None)));
        }
        let redeemed = self.tickets.lock().unwrap_or_else(PoisonError::into_inner).redeem(ticket)?;
        let Some(redeemed) = redeemed else { return Ok(None) };
        let (order, timing) = (redeemed.previewed().clone(), self.reconciler.timing);
        let pending = Pending::new(order.asked(), prompter, timing, self.browser.clone());
        let presented = Arc::new(Presented { ticket: ticket.to_owned(), order, pending: Arc::new(pending) });
        all.insert(ticket.to_owned(), Arc::clone(&presented));
        Ok(Some((presented, Some(redeemed))))
    }

    async fn status(&self, ticket: &str) -> Result<Option<Outcome>> {
        self.reconciler.ticket_status(ticket, self.checks.allowed.trading.approval).await
    }

    fn intent(&self, presented: &Presented) -> Event {
        let order = &presented.order;
        Event::Intent {
            id: order.client_id.clone(),
            ticket: ticket_hash(&presented.ticket),
            placed: self.journalled(order),
            replaces: order.replaces().map(str::to_owned),
        }
    }

    /// Looks again at an outcome that may be over: one that was unknown, one of an order that was open, and one of which
    /// an answer alone may have told.
    async fn refresh(&self, presented: &Presented) {
        let Some(before) = presented.pending.over().filter(|before| {
            matches!(before.state, State::Unknown | State::Replaced | State::Rejected)
                || before.state.may_change()
        }) else {
            return;
        };
        let now = match self.status(&presented.ticket).await {
            Ok(Some(now)) if now.state != State::Unknown => now,
            // The outcome from before still holds.
            Ok(_) => return,
            Err(error) if before.state == State::Unknown => {
                return tracing::warn!("the order journal was not read again: {}", error.cause);
            }
            Err(error) => {
                let words = format!("as told before; not looked up again: {}", error.cause);
                let told = Outcome { sentence: presented.order.terms.clone(), ..before.clone() };
                told.with(&words, "get_orders shows how it stands now")
            }
        };
        let next = if before.next == Some(Next::NotAsSent) { before.next } else { now.next };
        // What stands as it did needs no new words, unless they are about the order that was to be replaced.
        let is_same =
            now.state == before.state && (now.sentence == before.sentence || now.state == State::Rejected);
        if !is_same || presented.order.replaced.is_some() {
            presented.pending.set(Stage::Done(Outcome { next, ..now }));
        }
    }

    /// Sends in a task of its own, since a call that is cancelled or times out must not stop an order half-way, and sets
    /// the outcome. A fault in it must not leave the ticket pending for ever.
    fn follow(&self, presented: &Arc<Presented>, sending: impl Future<Output = Outcome> + Send + 'static) {
        let (submitter, presented) = (self.clone(), Arc::clone(presented));
        let sending = tokio::spawn(sending);
        tokio::spawn(async move {
            let outcome = match sending.await {
                Ok(outcome) => outcome,
                Err(_) => submitter.after_fault(&presented).await,
            };
            presented.pending.set(Stage::Done(outcome));
            submitter.keep_current(&presented).await;
        });
    }

    /// Looks at an order again as long as it can change and somebody looks at its page: more and more rarely, and not with
    /// the last calls of a minute.
    async fn keep_current(&self, presented: &Presented) {
        let (pending, aries) = (&presented.pending, &self.reconciler.aries);
        let mut pause = self.reconciler.timing.sockets.orders;
        let longest = pause * 4;
        while pending.over().is_some_and(|outcome| outcome.state.may_change()) {
            pending.look().await;
            if aries.calls_left(Category::Trading) != Left::HardlyAny {
                self.refresh(presented).await;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }

    /// What is true after a fault while sending, by the journal: `sent` is on disk before the POST begins.
    async fn after_fault(&self, presented: &Presented) -> Outcome {
        let order = &presented.order;
        let Ok(history) = self.reconciler.journal.history().await else { return lost(order) };
        match history.find(&order.client_id) {
            Some(known) if known.sent.is_none() => {
                let why = "a fault inside aries-mcp stopped it before it was sent";
                self.append_dropped(order, why).await;
                order.not_sent(Error::failed(
                    why,
                    Told::pair(
                        "tell the person; preview it again if they still want it",
                        "preview it again if you still want it",
                    ),
                ))
            }
            Some(_) => {
                let status = self.status(&presented.ticket).await;
                status.ok().flatten().unwrap_or_else(|| lost(order))
            }
            None => lost(order),
        }
    }
}

fn lost(order: &Previewed) -> Outcome {
    order.outcome(State::Unknown).with(
        "a fault inside aries-mcp, and the journal tells nothing. It may or may not be at Aries",
        Told::pair(
            "do not order it again; ask the person to look in Aries' own application",
            "do not order it again; look in Aries' own application",
        ),
    )
}

/// A ticket that is not known here is no proof that nothing was sent.
fn unknown_ticket() -> Error {
    Error::new(
        Kind::Refused,
        "there is no such ticket, neither in this process nor in the order journal",
        Told::pair(
            "look at get_orders first: if the order is not there and the person wants it, call preview_order; ",
            "look at get_orders first; ",
        )
        .and("a ticket works once, within 120 seconds, and only in the process that made it"),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rust_decimal::Decimal;
    use serde_json::json;

    use super::*;
    use crate::aries::Aries;
    use crate::aries::model::Account;
    use crate::aries::socket::Streams;
    use crate::auth::session::Session;
    use crate::config::{Environment, Options, Settings};
    use crate::environment::{Money, Plays};
    use crate::trade::OrderService;
    use crate::trade::journal::event::Sent;
    use crate::trade::order::body::Order;
    use crate::trade::order::request;
    use crate::trade::payoff::coverage::Uncovered;

    /// Settings of nobody, for an Aries that nothing reaches.
    fn settings(folder: &std::path::Path) -> Settings {
        let folder = folder.to_str().unwrap();
        let env: Environment = [
            ("ARIES_CONFIG_DIR", folder),
            ("ARIES_STATE_DIR", folder),
            ("ARIES_API_URL", "http://127.0.0.1:9"),
        ]
        .into();
        Settings::resolve(&Options::default(), &env).unwrap()
    }

    /// A submitter with a journal of its own.
    fn submitter(folder: &std::path::Path) -> Submitter {
        let settings = settings(folder);
        let session = Session::fixed("a token".to_owned().into(), None);
        let aries = Aries::new(&settings, Arc::new(session));
        let streams = Streams::new(&aries, settings.timing);
        OrderService::open(&settings, &aries, &streams).unwrap().submitter.clone()
    }

    fn presented() -> Arc<Presented> {
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
        let order = Previewed {
            told: account.clone(),
            replaced: None,
            body: order.body(&account.id, Some(&client_id)),
            client_id,
            cost: None,
            market_price: None,
            sentence: order.sentence(),
            terms: order.sentence(),
            warnings: Vec::new(),
            numbers: Vec::new(),
            uncovered: Uncovered::default(),
            payoff: None,
            held: None,
            account,
            order,
        };
        let settings = settings(&std::env::temp_dir());
        let pending = Pending::new(order.asked(), &Prompter::default(), settings.timing, settings.browser());
        Arc::new(Presented { ticket: "t-fault".to_owned(), order, pending: Arc::new(pending) })
    }

    async fn fault() -> Outcome {
        panic!("a fault while sending")
    }

    #[tokio::test]
    async fn a_fault_while_sending_ends_with_what_the_journal_knows() {
        let folder = tempfile::tempdir().unwrap();
        let submitter = submitter(folder.path());
        let journal = &submitter.reconciler.journal;
        let presented = presented();
        let told = async || {
            presented.pending.set(Stage::Sending);
            submitter.follow(&presented, fault());
            presented.pending.done().await
        };
        // Before the POST: it was surely not sent, and the journal says so too.
        journal.append(submitter.intent(&presented)).await.unwrap();
        assert_eq!(told().await.state, State::NotSent);
        let history = journal.read().unwrap().unwrap();
        assert!(matches!(history.0[0].last, Event::Dropped { .. }));
        // After it: whatever is known of it by then.
        let id = || presented.order.client_id.clone();
        let sent = Box::new(Sent {
            value: Decimal::ONE,
            body: presented.order.body.clone(),
            expect: None,
            before: Vec::new(),
            held: BTreeMap::new(),
        });
        let (placed, note) = (submitter.journalled(&presented.order), String::new());
        journal.append(Event::Sent { id: id(), placed, sent, replaces: None, note }).await.unwrap();
        let (order, state) = (Some("A-1".to_owned()), State::Working);
        journal.append(Event::Answered { id: id(), order, state, note: None }).await.unwrap();
        let outcome = told().await;
        assert_eq!((outcome.state, outcome.order_id.as_deref()), (State::Working, Some("A-1")));
        // With a journal that cannot be read nothing is known.
        std::fs::write(journal.path(), "not a journal\n").unwrap();
        assert_eq!(told().await.state, State::Unknown);
    }
}

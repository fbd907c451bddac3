//! `cancel_order`: reads the order first, copies what Aries wants back, and reports the end state seen.
//!
//! A cancel can do no harm twice, so nothing of ours holds it back: not a journal that is busy, damaged or gone, and
//! not lists that are slow or do not show the order yet, if the journal knows it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::aries::Json;
use crate::aries::endpoints::ORDER_CANCEL;
use crate::aries::model::{self, Account};
use crate::aries::text::{clean, short};
use crate::aries::write::Sent;
use crate::error::{Error, Result};
use crate::trade::Desk;
use crate::trade::checks::portfolio;
use crate::trade::journal::file::{Event, Facts};
use crate::trade::journal::history::{Record, names, records};
use crate::trade::outcome::{Outcome, State, with_seen};
use crate::trade::reconcile::find::not_found;
use crate::trade::reconcile::unlisted::{Meant, account_of, journalled, unlisted};

/// What to do where it is not known how the order stands.
const LOOK: &str = "look at the order with get_orders; canceling it again is safe";

/// Likewise, of an order that may be at Aries under an id that nobody knows.
const UNLISTED: &str = "nothing was canceled: Aries' id of it is not known; call cancel_order again in a moment, or ask the \
                        person to look in Aries' own application";

/// What a request to cancel has led to.
struct Requested {
    outcome: Outcome,
    /// The order was seen to have ended, and not by another one that has taken its place.
    over: bool,
    /// Aries refused it, and the order is in no list, or as a rejected one: there may never have been one.
    void: bool,
}

impl Desk {
    /// Asks for the end of an order, and waits for what comes of it as long as a call may. Never limited, and never
    /// repeated by itself.
    ///
    /// # Errors
    /// If there is no such order, or neither the lists nor the journal can say.
    pub(crate) async fn cancel(&self, account: Option<String>, id: String) -> Result<Outcome> {
        // In a task of its own: a call that is cancelled, or has waited long enough, must neither stop it half-way nor
        // hide from the journal what became of it.
        let found = Arc::new(OnceLock::new());
        let (desk, noted, named) = (self.clone(), Arc::clone(&found), id.clone());
        let task = tokio::spawn(async move { desk.cancel_meant(account.as_deref(), &named, &noted).await });
        match tokio::time::timeout(self.timing().call, task).await {
            Ok(ended) => ended.unwrap_or_else(|_| Err(ending())),
            Err(_) => Ok(on_its_way(&id, found.get())),
        }
    }

    /// The whole of it. `found` gets the order as it was before, once it is known.
    async fn cancel_meant(
        &self,
        account: Option<&str>,
        id: &str,
        found: &OnceLock<Outcome>,
    ) -> Result<Outcome> {
        // An order that an earlier process left in doubt may be the one meant: its id is then known again.
        let _ = tokio::time::timeout(self.timing().cancel_lookup, self.look_first()).await;
        let mut known = self.remembered();
        if let Some(doubt) = known.iter().find(|record| record.id == id && record.in_doubt()) {
            // That looks once in the life of a process, and this may be asked again.
            let looking = self.lookup().look_at(vec![doubt.clone()]);
            let _ = tokio::time::timeout(self.timing().cancel_lookup, looking).await;
            known = self.remembered();
        }
        let unlisted = unlisted(&known, id, account);
        let (listed, newer) = match (self.meant(&known, account, id).await, unlisted) {
            (Ok(meant), _) => meant,
            (Err(error), Some(record)) => return Ok(self.perhaps(record, &error.cause)),
            (Err(error), None) => return Err(error),
        };
        let replaced = State::of(&listed.order.status) == State::Replaced;
        let first = if listed.order.is_open() {
            found.get_or_init(|| self.as_seen(&listed.account, &listed.order));
            let requested = self.request(&listed).await?;
            if requested.over {
                return Ok(requested.outcome);
            }
            requested.outcome
        } else {
            let next = match (replaced, unlisted) {
                (true, Some(record)) if newer.is_none() => {
                    let cause =
                        format!("Aries lists {} as REPLACED, and nothing in its place", listed.order.id);
                    return Ok(self.perhaps(record, &cause));
                }
                (true, _) => {
                    "nothing was canceled: another order has taken its place; look for it with get_orders"
                }
                (false, _) => "nothing was canceled: the order had ended before",
            };
            Outcome { next: Some(next.to_owned()), ..self.as_seen(&listed.account, &listed.order) }
        };
        // What took its place is what is meant as well. It comes second: if it has failed, the other one is what there is.
        let Some(newer) = newer else { return Ok(first) };
        found.get_or_init(|| self.as_seen(&newer.account, &newer.order));
        let requested = self.request(&newer).await?;
        Ok(if requested.void && !replaced { first } else { requested.outcome })
    }

    /// Sends the cancel of an order, and waits a while for its end.
    async fn request(&self, meant: &Meant) -> Result<Requested> {
        let (account, order) = (&meant.account, &meant.order);
        let guard = self.begin().ok_or_else(ending)?;
        let body = order.cancel_body(&account.id);
        let facts = Facts {
            profile: Some(self.0.profile.clone()),
            account: Some(account.id.clone()),
            underlying: Some(order.ticker.clone()),
            summary: Some(format!("CANCEL {}", order.sentence())),
            order: Some(order.id.clone()),
            body: Some(body.clone()),
            ..Facts::default()
        };
        let noted = self.jot(Event::Cancel, &order.id, facts).await;
        let sent = self.writer().post(&ORDER_CANCEL, &body).await;
        let (said, patience, doubt) = match answer(sent) {
            Answer::Accepted => (None, self.timing().settling, false),
            Answer::Refused(why) => (Some(why), self.timing().settling, false),
            Answer::Lost(why) => (Some(why), self.timing().cancel_lost, true),
        };
        let last = self.end_state(account, order, patience).await;
        let facts = Facts {
            order: Some(order.id.clone()),
            // One that has taken its place has a state of its own.
            state: last
                .as_ref()
                .filter(|last| last.id == order.id)
                .map(|last| State::of(&last.status).to_string()),
            note: said.clone(),
            ..Facts::default()
        };
        // Beside the answer: whoever holds the journal holds back neither.
        let (desk, id) = (self.clone(), order.id.clone());
        let noting = tokio::spawn(async move {
            desk.note(Event::Canceled, &id, facts).await;
            drop(guard);
        });
        let _ = tokio::time::timeout(self.timing().cancel_journal, noting).await;
        let mut outcome = self.ended(meant, last.as_ref(), said.is_some(), doubt);
        let end = last.as_ref().filter(|last| !last.is_open()).map(|last| State::of(&last.status));
        let over = end.is_some_and(|end| end != State::Replaced);
        let void = said.is_some() && !doubt && (last.is_none() || end == Some(State::Rejected));
        let unnoted = noted.err().map(|error| format!("the cancel is not in the journal: {}", error.cause));
        let remarks: Vec<String> = said.into_iter().chain(unnoted).collect();
        if !remarks.is_empty() {
            outcome.sentence.push_str(&format!(" ({})", remarks.join("; ")));
        }
        Ok(Requested { outcome, over, void })
    }

    /// What came of it, by what was seen after the POST alone: what was seen before it says nothing any more.
    fn ended(&self, meant: &Meant, last: Option<&model::Order>, refused: bool, doubt: bool) -> Outcome {
        let Some(last) = last else {
            let order = &meant.order;
            let taken = if refused { "" } else { "Aries took the cancel; " };
            return Outcome {
                state: State::Unknown,
                sentence: format!("{}: {taken}{}; not seen since", order.sentence(), meant.before),
                next: Some(LOOK.to_owned()),
                ..self.as_seen(&meant.account, order)
            };
        };
        let mut outcome = self.as_seen(&meant.account, last);
        if !last.is_open() {
            return outcome;
        }
        let next = if doubt {
            outcome.state = State::Unknown;
            "the cancel may have arrived; look at the order with get_orders, and cancel again if it is still open"
        } else if last.id != meant.order.id {
            "this order has taken its place; if the person wants this one canceled, call cancel_order with its id"
        } else if refused {
            LOOK
        } else {
            "the cancel is requested; Aries has not confirmed its end yet: look again with get_orders"
        };
        outcome.next = Some(next.to_owned());
        outcome
    }

    /// The order that is meant: as Aries lists it, else as the journal has it. With it the one that has taken its place
    /// since, if the journal knows one that the list does not show.
    async fn meant(
        &self,
        known: &[Record],
        account: Option<&str>,
        id: &str,
    ) -> Result<(Meant, Option<Meant>)> {
        let names = names(known, id);
        let listing = self.anywhere(account, id, &names);
        // The newest that was not seen to end: a replacement may have failed.
        let journalled =
            names.iter().rev().find_map(|name| journalled(known, name, account, self.aries().urls()));
        let Some(journalled) = journalled else { return Ok((listing.await?, None)) };
        let Ok(Ok(listed)) = tokio::time::timeout(self.timing().cancel_lists, listing).await else {
            return Ok((journalled, None));
        };
        let place = |meant: &Meant| names.iter().rposition(|name| meant.order.has_id(name));
        let is_newer = place(&journalled) > place(&listed);
        Ok((listed, is_newer.then_some(journalled)))
    }

    /// The order with this id, on the named account or on any.
    async fn anywhere(&self, account: Option<&str>, id: &str, names: &[String]) -> Result<Meant> {
        let accounts = match account {
            Some(name) => vec![portfolio::account(self.aries(), Some(name)).await?],
            None => model::account::all(self.aries()).await?,
        };
        let mut trouble = None;
        for account in accounts {
            match self.find_by(&account.id, names).await {
                Ok(Some(order)) => {
                    let before = format!("it was {} before", State::of(&order.status));
                    return Ok(Meant { account, order, before });
                }
                Ok(None) => {}
                Err(error) => trouble = Some(error),
            }
        }
        Err(trouble.unwrap_or_else(|| not_found(id)))
    }

    async fn end_state(
        &self,
        account: &Account,
        order: &model::Order,
        patience: Duration,
    ) -> Option<model::Order> {
        let mut last = None;
        let looking = async {
            loop {
                let names = names(&self.remembered(), &order.id);
                if let Ok(Some(found)) = self.find_by(&account.id, &names).await {
                    let over = !found.is_open();
                    last = Some(found);
                    if over {
                        return;
                    }
                }
                tokio::time::sleep(self.timing().settling_pause).await;
            }
        };
        // Whatever was seen by then is what is told.
        let _ = tokio::time::timeout(patience, looking).await;
        last
    }

    /// What the journal knows of orders. One that cannot be read counts as empty: it helps, and nothing more.
    fn remembered(&self) -> Vec<Record> {
        let lines = self.journal().read().unwrap_or_else(|error| {
            tracing::warn!("{}", error.cause);
            None
        });
        records(lines.unwrap_or_default().iter().flatten())
    }

    /// Appends without waiting long for whoever holds the journal.
    async fn jot(&self, event: Event, id: &str, facts: Facts) -> Result<()> {
        let writing = async { self.journal().open().await?.append(event, id, facts) };
        let written = tokio::time::timeout(self.timing().cancel_journal, writing).await;
        written.unwrap_or_else(|_| Err(Error::failed("another process is using it", "try again in a moment")))
    }

    /// An order that may be at Aries, and that nothing can be asked of.
    fn perhaps(&self, record: &Record, cause: &str) -> Outcome {
        let facts = &record.facts;
        Outcome {
            state: State::Unknown,
            account: account_of(record, self.aries().urls())
                .map_or_else(|| "account not known".to_owned(), |account| account.label()),
            sentence: format!(
                "{}: it may be at Aries under an id that is not known here ({cause})",
                facts.summary.as_deref().unwrap_or("an order")
            ),
            order_id: None,
            client_id: Some(record.id.clone()),
            next: Some(UNLISTED.to_owned()),
        }
    }

    fn as_seen(&self, account: &Account, order: &model::Order) -> Outcome {
        Outcome {
            state: State::of(&order.status),
            account: account.label(),
            sentence: with_seen(order.sentence(), order),
            order_id: Some(order.id.clone()),
            client_id: order.client_id.clone(),
            next: None,
        }
    }
}

/// What Aries said to the cancel.
enum Answer {
    Accepted,
    Refused(String),
    Lost(String),
}

fn answer(sent: Sent) -> Answer {
    let reply = match sent {
        Sent::Answered(reply) => reply,
        Sent::Refused(error) => return Answer::Refused(error.cause),
        Sent::Unknown(error) => return Answer::Lost(format!("the answer was lost: {}", error.cause)),
    };
    let Ok(json) = reply.json() else { return Answer::Lost("the answer is not JSON".to_owned()) };
    if json.get("success").and_then(Json::boolean) != Some(false) {
        return Answer::Accepted;
    }
    let text = json.text_at("text").map_or_else(|| "no reason given".to_owned(), |text| clean(&text, 120));
    Answer::Refused(format!("Aries did not cancel it: \"{text}\""))
}

fn ending() -> Error {
    Error::failed("aries-mcp is ending", "start it again")
}

/// A cancel that takes longer than a call may.
fn on_its_way(id: &str, found: Option<&Outcome>) -> Outcome {
    let id = short(id);
    Outcome {
        state: State::Unknown,
        account: found.map_or_else(|| "account not read yet".to_owned(), |order| order.account.clone()),
        sentence: match found {
            Some(order) => format!("{}: the cancel of {id} is on its way", order.sentence),
            None => format!("the cancel of {id} is on its way"),
        },
        order_id: found.and_then(|order| order.order_id.clone()),
        client_id: found.and_then(|order| order.client_id.clone()),
        next: Some(LOOK.to_owned()),
    }
}

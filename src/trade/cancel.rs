//! `cancel_order`: reads the order first, copies what Aries wants back, and reports the end state seen.
//!
//! A cancel can do no harm twice, so nothing of ours holds it back: not a journal that is busy, damaged or gone, and
//! not lists that are slow or do not show the order yet, if the journal knows it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::json;

use super::Desk;
use super::book;
use super::journal::{Event, Facts};
use super::lookup::not_found;
use super::outcome::{Outcome, State, seen};
use super::record::{Record, names, records};
use super::working::Working;
use crate::aries::Json;
use crate::aries::account::Account;
use crate::aries::endpoints::ORDER_CANCEL;
use crate::aries::text::{clean, short};
use crate::aries::write::Sent;
use crate::error::{Error, Result};

/// How long the end state is waited for; longer if the answer was lost.
const SETTLING: Duration = Duration::from_secs(3);
const LOOKING: Duration = Duration::from_secs(10);
const LOOKS: Duration = Duration::from_millis(400);
/// How long orders in doubt are looked for first.
const DOUBTS: Duration = Duration::from_secs(3);
/// How long the journal is waited for.
const NOTING: Duration = Duration::from_secs(1);
/// How long Aries' lists are waited for where the journal has what they would say.
const LISTS: Duration = Duration::from_secs(8);

/// What to do where it is not known how the order stands.
const LOOK: &str = "look at the order with get_orders; canceling it again is safe";

/// The order that is to be canceled, as far as it was known before.
struct Meant {
    account: Account,
    order: Working,
    /// How it stood, and who says so.
    before: String,
}

impl Desk {
    /// Asks for the end of an order, and waits at most `patience` for what comes of it. Never limited, and never
    /// repeated by itself.
    ///
    /// # Errors
    /// If there is no such order, or neither the lists nor the journal can say.
    pub async fn cancel(&self, account: Option<String>, id: String, patience: Duration) -> Result<Outcome> {
        // In a task of its own: a call that is cancelled, or has waited long enough, must neither stop it half-way nor
        // hide from the journal what became of it.
        let found = Arc::new(OnceLock::new());
        let (desk, noted, named) = (self.clone(), Arc::clone(&found), id.clone());
        let task = tokio::spawn(async move { desk.cancel_meant(account.as_deref(), &named, &noted).await });
        match tokio::time::timeout(patience, task).await {
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
        let _ = tokio::time::timeout(DOUBTS, self.look_first()).await;
        let meant = self.meant(account, id).await?;
        let (account, order) = (&meant.account, &meant.order);
        let before = found.get_or_init(|| self.as_seen(account, order));
        if !order.is_open() {
            let next = Some("nothing was canceled: the order had ended before".to_owned());
            return Ok(Outcome { next, ..before.clone() });
        }
        let guard = self.begin().ok_or_else(ending)?;
        let body = order.cancel_body(&account.id);
        let facts = Facts {
            profile: Some(self.0.profile.clone()),
            account: Some(account.id.clone()),
            underlying: Some(order.underlying().to_owned()),
            summary: Some(format!("CANCEL {}", order.sentence())),
            order: Some(order.id.clone()),
            body: Some(body.clone()),
            ..Facts::default()
        };
        let noted = self.jot(Event::Cancel, &order.id, facts).await;
        let sent = self.writer().post(&ORDER_CANCEL, &body).await;
        let (said, patience, doubt) = match answer(sent) {
            Answer::Accepted => (None, SETTLING, false),
            Answer::Refused(why) => (Some(why), SETTLING, false),
            Answer::Lost(why) => (Some(why), LOOKING, true),
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
        let _ = tokio::time::timeout(NOTING, noting).await;
        let mut outcome = self.ended(&meant, last.as_ref(), said.is_some(), doubt);
        let unnoted = noted.err().map(|error| format!("the cancel is not in the journal: {}", error.cause));
        let remarks: Vec<String> = said.into_iter().chain(unnoted).collect();
        if !remarks.is_empty() {
            outcome.sentence.push_str(&format!(" ({})", remarks.join("; ")));
        }
        Ok(outcome)
    }

    /// What came of it, by what was seen after the POST alone: what was seen before it says nothing any more.
    fn ended(&self, meant: &Meant, last: Option<&Working>, refused: bool, doubt: bool) -> Outcome {
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

    /// The order that is meant: as Aries lists it, else as the journal has it.
    async fn meant(&self, account: Option<&str>, id: &str) -> Result<Meant> {
        let known = self.remembered();
        let names = names(&known, id);
        let listing = self.anywhere(account, id, &names);
        // The newest that was not seen to end: a replacement may have failed.
        let journalled = names.iter().rev().find_map(|name| journalled(&known, name, account));
        let Some(journalled) = journalled else { return listing.await };
        match tokio::time::timeout(LISTS, listing).await {
            Ok(Ok(listed)) => Ok(listed),
            _ => Ok(journalled),
        }
    }

    /// The order with this id, on the named account or on any.
    async fn anywhere(&self, account: Option<&str>, id: &str, names: &[String]) -> Result<Meant> {
        let accounts = match account {
            Some(name) => vec![book::account(self.aries(), Some(name)).await?],
            None => book::accounts(self.aries()).await?,
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

    async fn end_state(&self, account: &Account, order: &Working, patience: Duration) -> Option<Working> {
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
                tokio::time::sleep(LOOKS).await;
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
        let written = tokio::time::timeout(NOTING, writing).await;
        written.unwrap_or_else(|_| Err(Error::failed("another process is using it", "try again in a moment")))
    }

    fn as_seen(&self, account: &Account, order: &Working) -> Outcome {
        let words = seen(order);
        let words = if words.is_empty() { String::new() } else { format!(": {words}") };
        Outcome {
            state: State::of(&order.status),
            account: format!("{} {}", self.environment(account), account.masked()),
            sentence: format!("{}{words}", order.sentence()),
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

/// An order of ours that was not seen to end, as the journal has it: what was sent says all that a cancel needs.
fn journalled(known: &[Record], id: &str, account: Option<&str>) -> Option<Meant> {
    let record = known.iter().rev().find(|record| record.facts.order.as_deref() == Some(id))?;
    let facts = &record.facts;
    let state = facts.state.as_deref().and_then(State::said).unwrap_or(State::Sent);
    // Only its id, and whether it is simulated, are of interest here.
    let on = Account {
        id: facts.account.clone()?,
        id_field: "",
        simulated: facts.live == Some(false),
        status: None,
        kind: None,
        class: None,
    };
    if !state.may_change() || account.is_some_and(|name| !on.is_named(name)) {
        return None;
    }
    // A body has the names that a list has, for what both of them say.
    let mut order = facts.expect.as_ref().or(facts.body.as_ref())?.as_object()?.clone();
    order.insert("clOrdId".to_owned(), json!(id));
    order.insert("clientId".to_owned(), json!(record.id));
    order.insert("ordStatus".to_owned(), json!(state.words().replace(' ', "_")));
    if !order.contains_key("legs") {
        order.insert("securityType".to_owned(), json!("CS"));
    }
    let text = serde_json::to_string(&order).ok()?;
    let order = Working::read(Json::parse(&text).ok()?);
    Some(Meant { account: on, order, before: format!("the journal had it as {state}") })
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

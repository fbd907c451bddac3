//! `cancel_order`: reads the order first, copies what Aries wants back, and reports the end state seen.
//!
//! A cancel can do no harm twice, so nothing of ours holds it back: not a journal that is busy, damaged or gone, and
//! not lists that are slow or do not show the order yet, if the journal knows it.

mod target;

use std::sync::{Arc, OnceLock};

use crate::aries::Json;
use crate::aries::difference::Difference;
use crate::aries::endpoints::ORDER_CANCEL;
use crate::aries::model::{self, Account};
use crate::aries::order_sender::{OrderSender, Sent};
use crate::error::{Error, Kind, Result};
use crate::text::{clean, short};
use crate::trade::in_flight::{InFlight, ending};
use crate::trade::journal::event::Event;
use crate::trade::journal::history::{History, OrderHistory};
use crate::trade::outcome::{Outcome, with_seen};
use crate::trade::reconcile::Reconciler;
use crate::trade::state::State;
use target::{Target, without_id};

const LOOK: &str = "look at the order with get_orders; canceling it again is safe";

/// What to do where an order may be at Aries under an id that is not known here.
const WITHOUT_ID: &str = "nothing was canceled: Aries' id of it is not known; call cancel_order again in a moment, or ask the \
                          person to look in Aries' own application";

#[derive(Clone)]
pub(crate) struct Canceler {
    pub(crate) reconciler: Reconciler,
    pub(crate) sender: Arc<OrderSender>,
    pub(crate) in_flight: InFlight,
    pub(crate) profile: String,
}

struct Requested {
    outcome: Outcome,
    /// The order was seen to have ended, and not by another one that has taken its place.
    is_over: bool,
    /// Aries refused it, and the order is in no list, or as a rejected one: there may never have been one.
    is_void: bool,
}

enum Answer {
    Accepted,
    Refused(String),
    Lost(String),
}

impl Canceler {
    /// Asks for the end of an order, and waits for what comes of it as long as a call may. Never limited or repeated.
    pub(crate) async fn cancel(&self, account: Option<String>, id: String) -> Result<Outcome> {
        // In a task of its own: a call that is cancelled, or has waited long enough, must neither stop it half-way nor
        // hide from the journal what became of it.
        let before = Arc::new(OnceLock::new());
        let (canceler, noted, named) = (self.clone(), Arc::clone(&before), id.clone());
        let task =
            tokio::spawn(async move { canceler.cancel_and_watch(account.as_deref(), &named, &noted).await });
        match tokio::time::timeout(self.reconciler.timing.call, task).await {
            Ok(ended) => ended.unwrap_or_else(|_| Err(ending())),
            Err(_) => Ok(under_way(&id, before.get())),
        }
    }

    /// Finds the order, cancels it and waits for its end. `before` gets the order as it was, once it is known.
    async fn cancel_and_watch(
        &self,
        account: Option<&str>,
        id: &str,
        before: &OnceLock<Outcome>,
    ) -> Result<Outcome> {
        let history = self.look_first(id).await;
        let without_id = without_id(&history, id, account);
        let finder = self.reconciler.for_cancels();
        let (listed, newer) = match (Target::find(&finder, &history, account, id).await, without_id) {
            (Ok(target), _) => target,
            (Err(error), Some(order)) => return Ok(unknown(order, &error.cause)),
            (Err(error), None) => return Err(error),
        };
        let is_replaced = State::of(&listed.order.status) == State::Replaced;
        let first = if listed.order.is_open() {
            before.get_or_init(|| as_seen(&listed.account, &listed.order));
            let requested = self.request(&listed).await?;
            if requested.is_over {
                return Ok(requested.outcome);
            }
            requested.outcome
        } else {
            let next = match (is_replaced, without_id) {
                (true, Some(order)) if newer.is_none() => {
                    let cause =
                        format!("Aries lists {} as REPLACED, and nothing in its place", listed.order.id);
                    return Ok(unknown(order, &cause));
                }
                (true, _) => {
                    "nothing was canceled: another order has taken its place; look for it with get_orders"
                }
                (false, _) => "nothing was canceled: the order had ended before",
            };
            Outcome { next: Some(next.into()), ..as_seen(&listed.account, &listed.order) }
        };
        // What took its place is meant as well. It comes second: if that one has failed, the other one is what there is.
        let Some(newer) = newer else { return Ok(first) };
        before.get_or_init(|| as_seen(&newer.account, &newer.order));
        let requested = self.request(&newer).await?;
        Ok(if requested.is_void && !is_replaced { first } else { requested.outcome })
    }

    /// Looks for orders with an unknown outcome, of which one may be the one with this id, and reads the journal.
    async fn look_first(&self, id: &str) -> History {
        let patience = self.reconciler.timing.cancel_lookup;
        let _ = tokio::time::timeout(patience, self.reconciler.look_first()).await;
        let history = self.known();
        let Some(order) = history.find(id).filter(|order| order.is_unknown()) else { return history };
        // That looks once in the life of a process, and this may be asked again.
        let looking = self.reconciler.look_for_all(vec![order.clone()]);
        let _ = tokio::time::timeout(patience, looking).await;
        self.known()
    }

    async fn request(&self, target: &Target) -> Result<Requested> {
        let (account, order, timing) = (&target.account, &target.order, &self.reconciler.timing);
        if order.side.is_empty() {
            return Err(without_side(&order.id));
        }
        let guard = self.in_flight.begin()?;
        let body = order.cancel_body(&account.id);
        let event = Event::Cancel {
            id: order.id.clone(),
            profile: self.profile.clone(),
            account: account.id.clone(),
            underlying: order.ticker.clone(),
            summary: format!("CANCEL {}", order.sentence()),
            body: body.clone(),
            order: order.id.clone(),
        };
        // Whoever holds the journal is not waited for long.
        let writing = tokio::time::timeout(timing.cancel_journal, self.reconciler.journal.append(event));
        let unwritten = match writing.await {
            Ok(written) => written.err().map(|error| error.cause),
            Err(_) => Some("another process is using it".to_owned()),
        };
        #[expect(clippy::disallowed_methods, reason = "the one line that sends a cancel")]
        let sent = self.sender.post(&ORDER_CANCEL, &body).await;
        let answer = Answer::of(sent);
        let is_lost = matches!(answer, Answer::Lost(_));
        let patience = if is_lost { timing.cancel_lost } else { timing.settling };
        let look =
            || async { self.reconciler.find_by(&account.id, &self.known(), &order.id).await.ok().flatten() };
        let listener = if is_lost { None } else { self.reconciler.listen(&account.id, &order.id) };
        let last = self.reconciler.watch(patience, listener, look).await;
        let event = Event::Canceled {
            id: order.id.clone(),
            order: order.id.clone(),
            // One that has taken its place has a state of its own.
            state: last.as_ref().filter(|last| last.id == order.id).map(|last| State::of(&last.status)),
            note: answer.said().map(str::to_owned),
        };
        // Beside the answer: whoever holds the journal holds back neither.
        let journal = self.reconciler.journal.clone();
        let writing = tokio::spawn(async move {
            journal.append_best_effort(event).await;
            drop(guard);
        });
        let _ = tokio::time::timeout(timing.cancel_journal, writing).await;
        let mut outcome = ended(target, last.as_ref(), &answer);
        let unwritten = unwritten.map(|cause| format!("the cancel is not in the journal: {cause}"));
        let remarks: Vec<&str> = answer.said().into_iter().chain(unwritten.as_deref()).collect();
        if !remarks.is_empty() {
            outcome.sentence.push_str(&format!(" ({})", remarks.join("; ")));
        }
        let end = last.as_ref().filter(|last| !last.is_open()).map(|last| State::of(&last.status));
        let is_refused = matches!(answer, Answer::Refused(_));
        Ok(Requested {
            outcome,
            is_over: end.is_some_and(|end| end != State::Replaced),
            is_void: is_refused && (last.is_none() || end == Some(State::Rejected)),
        })
    }

    /// What the journal knows of orders. A journal that cannot be read counts as empty: it helps, and nothing more.
    fn known(&self) -> History {
        let history = self.reconciler.journal.read().unwrap_or_else(|error| {
            tracing::warn!("{}", error.cause);
            None
        });
        history.unwrap_or_default()
    }
}

impl Answer {
    fn of(sent: Sent) -> Self {
        let reply = match sent {
            Sent::Answered(reply) => reply,
            Sent::Refused(error) => return Self::Refused(error.cause),
            Sent::Denied(error) | Sent::Unknown(error) => {
                return Self::Lost(format!("the answer was lost: {}", error.cause));
            }
        };
        reply.strictly(|json| Ok(Self::read(json))).unwrap_or_else(|error| Self::Lost(error.cause))
    }

    fn read(json: Json<'_>) -> Self {
        let levels = json.levels();
        let word = |name: &str| levels.iter().find_map(|level| level.text_at(name));
        let status = word("status").unwrap_or_default().to_uppercase();
        let denied = levels.iter().any(|level| level.get("success").and_then(Json::boolean) == Some(false));
        match word("success") {
            Some(_) if !denied && status != "REJECTED" => Self::Accepted,
            None if status.is_empty() => {
                Self::Lost(Difference::new(["success", "status"], &[json.inmost()]).words())
            }
            None if status != "REJECTED" => Self::Accepted,
            _ => {
                let text = word("text").or_else(|| word("ordRejReason"));
                let text = text.map_or_else(|| "no reason given".to_owned(), |text| clean(&text, 120));
                Self::Refused(format!("Aries did not cancel it: \"{text}\""))
            }
        }
    }

    fn said(&self) -> Option<&str> {
        match self {
            Self::Accepted => None,
            Self::Refused(why) | Self::Lost(why) => Some(why),
        }
    }
}

/// What came of it, by what was seen after the POST alone: what was seen before says nothing any more.
fn ended(target: &Target, last: Option<&model::Order>, answer: &Answer) -> Outcome {
    let Some(last) = last else {
        let taken = if matches!(answer, Answer::Accepted) { "Aries took the cancel; " } else { "" };
        let words = format!("{taken}{}; not seen since", target.before);
        let sentence = target.order.sentence();
        let outcome = Outcome { state: State::Unknown, sentence, ..as_seen(&target.account, &target.order) };
        return outcome.with(&words, LOOK);
    };
    let mut outcome = as_seen(&target.account, last);
    if !last.is_open() {
        return outcome;
    }
    let next = match answer {
        Answer::Lost(_) => {
            outcome.state = State::Unknown;
            "the cancel may have arrived; look at the order with get_orders, and cancel again if it is still open"
        }
        _ if last.id != target.order.id => {
            "this order has taken its place; if the person wants this one canceled, call cancel_order with its id"
        }
        Answer::Refused(_) => LOOK,
        Answer::Accepted => {
            "the cancel is requested; Aries has not confirmed its end yet: look again with get_orders"
        }
    };
    outcome.next = Some(next.into());
    outcome
}

/// An order that may be at Aries, and that cannot be canceled since Aries' id of it is not known.
fn unknown(order: &OrderHistory, cause: &str) -> Outcome {
    let words = format!("it may be at Aries under an id that is not known here ({cause})");
    Outcome::of(order, State::Unknown, &words, WITHOUT_ID)
}

fn without_side(id: &str) -> Error {
    Error::new(
        Kind::Refused,
        format!(
            "nothing was canceled: a cancel has to say the side of order {id}, and Aries' lists do not tell it"
        ),
        "ask the person to cancel it in Aries' own application",
    )
}

fn as_seen(account: &Account, order: &model::Order) -> Outcome {
    Outcome {
        state: State::of(&order.status),
        account: account.label(),
        sentence: with_seen(order.sentence(), order),
        order_id: Some(order.id.clone()),
        client_id: order.client_id.clone(),
        next: None,
    }
}

fn under_way(id: &str, before: Option<&Outcome>) -> Outcome {
    let words = format!("the cancel of {} is on its way", short(id));
    match before.cloned() {
        Some(before) => Outcome { state: State::Unknown, ..before.with(&words, LOOK) },
        None => Outcome {
            state: State::Unknown,
            account: "account not read yet".to_owned(),
            sentence: words,
            order_id: None,
            client_id: None,
            next: Some(LOOK.into()),
        },
    }
}

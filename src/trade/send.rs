//! The one POST, and what is made of its answer.

use std::time::Duration;

use jiff::Timestamp;

use super::approval::Cleared;
use super::book;
use super::journal::{Event, Facts};
use super::limits;
use super::lookup::{self, Effort, Found, Sought};
use super::outcome::{Outcome, State, seen};
use super::record::{self, records};
use super::ticket::Previewed;
use super::working::Working;
use super::{Desk, OnItsWay};
use crate::aries::endpoints::{ORDER_PLACE, ORDER_REPLACE};
use crate::aries::text::clean;
use crate::aries::time;
use crate::aries::write::Sent;
use crate::aries::{Json, Reply};
use crate::auth::lock::Lock;
use crate::error::Error;

/// How long an order waits for another one on the same account and underlying.
const LANE: Duration = Duration::from_secs(15);
/// How long the settled state is waited for (P60).
const SETTLING: Duration = Duration::from_secs(3);
const LOOKS: Duration = Duration::from_millis(400);

/// What Aries' answer means.
enum Meaning {
    Accepted { order: String, status: String },
    Rejected(String),
    Doubt(String),
}

impl Desk {
    /// Checks everything once more, writes the journal, sends once, and tells what became of it.
    pub(super) async fn send(&self, cleared: Cleared) -> Outcome {
        let order = cleared.order().clone();
        let ready = match self.ready(&cleared).await {
            Ok(ready) => ready,
            Err(error) => {
                self.drop_intent(&order, &error.cause).await;
                return not_sent(&order, &error.cause, Some(error.hint));
            }
        };
        let (lane, guard, sought) = ready;
        let endpoint = if order.replaced.is_some() { &ORDER_REPLACE } else { &ORDER_PLACE };
        // The only line of the program that sends an order.
        let sent = self.writer().post(endpoint, &order.body).await;
        // Used up: there is no second way to this line with the same value.
        drop(cleared);
        // The lane opens once the outcome is on disk, or the doubt is.
        self.settle_answer(&order, sent, lane, guard, &sought).await
    }

    /// The lane, the last checks, and `sent` on disk.
    async fn ready(&self, cleared: &Cleared) -> crate::error::Result<(Lock, OnItsWay, Sought)> {
        let order = cleared.order();
        let underlying = order.order.underlying();
        let busy = || {
            Error::new(
                crate::error::Kind::Refused,
                format!("another order on {underlying} in this account is on its way"),
                "wait until that one is settled, then preview again",
            )
        };
        let lane = self.journal().lane(&order.account.id, underlying, LANE).await?.ok_or_else(busy)?;
        self.settle_doubts(&order.account, underlying).await?;
        self.open_for(&order.account)?;
        if let Some(old) = &order.replaced {
            self.unchanged(order, old).await?;
        }
        let checked = self.check(&order.account, &order.order, order.replaced.as_ref(), order.cost).await?;
        let mut journal = self.journal().open().await?;
        let known = records(journal.lines.iter());
        // Once more under the lock, so that eight processes cannot all take the last order of the day.
        let live = !order.account.simulated;
        let used = record::used(&known, live, time::now().date());
        limits::day(self.trading(), live, used, checked.verdict.growth)?;
        let guard = self.begin().ok_or_else(|| Error::failed("aries-mcp is ending", "start it again"))?;
        let sought = Sought {
            account: order.account.id.clone(),
            client_id: order.client_id.clone(),
            expect: order.order.body(&order.account.id, None),
            before: checked.listed,
            others: known.iter().filter_map(|record| record.facts.order.clone()).collect(),
            sent: Timestamp::now(),
        };
        let facts = Facts {
            value: Some(checked.verdict.growth),
            body: Some(order.body.clone()),
            expect: order.replaced.is_some().then(|| sought.expect.clone()),
            before: Some(sought.before.clone()),
            note: Some(format!("cleared by {}", cleared.by())),
            ..self.facts(order)
        };
        journal.append(Event::Sent, &order.client_id, facts)?;
        Ok((lane, guard, sought))
    }

    /// A replacement is for the order that the person saw: if it was filled or changed meanwhile, nothing is sent.
    async fn unchanged(&self, order: &Previewed, old: &Working) -> crate::error::Result<()> {
        let now = self.find(&order.account, &old.id).await?;
        let same = now.id == old.id
            && now.is_open()
            && !now.is_changing()
            && now.quantity == old.quantity
            && now.limit == old.limit
            && now.stop == old.stop
            && now.filled == old.filled;
        if same {
            return Ok(());
        }
        Err(Error::new(
            crate::error::Kind::Refused,
            format!(
                "order {} has changed since the preview: {} {}",
                old.id,
                State::of(&now.status),
                seen(&now)
            ),
            "look at it with get_orders and preview again",
        ))
    }

    pub(super) fn facts(&self, order: &Previewed) -> Facts {
        Facts {
            profile: Some(self.0.profile.clone()),
            account: Some(order.account.id.clone()),
            environment: Some(order.environment.to_owned()),
            live: Some(!order.account.simulated),
            underlying: Some(order.order.underlying().to_owned()),
            summary: Some(order.sentence.clone()),
            replaces: order.replaced.as_ref().map(|old| old.id.clone()),
            ..Facts::default()
        }
    }

    /// Notes that a presented ticket has ended without a POST. A journal that cannot be written changes nothing then.
    pub(super) async fn drop_intent(&self, order: &Previewed, why: &str) {
        self.note(
            Event::Dropped,
            &order.client_id,
            Facts { note: Some(clean(why, 200)), ..Facts::default() },
        )
        .await;
    }

    /// Appends what became of an order. If that fails, the journal keeps the doubt, and the next start looks first.
    pub(super) async fn note(&self, event: Event, id: &str, facts: Facts) {
        let written = match self.journal().open().await {
            Ok(mut journal) => journal.append(event, id, facts),
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            tracing::error!("{}", error.cause);
        }
    }

    async fn settle_answer(
        &self,
        order: &Previewed,
        sent: Sent,
        lane: Lock,
        guard: OnItsWay,
        sought: &Sought,
    ) -> Outcome {
        let replaced = order.replaced.as_ref();
        let meaning = match sent {
            Sent::Answered(reply) => meaning(&reply, replaced.map(|old| old.id.as_str())),
            Sent::Refused(error) => {
                let facts = Facts { note: Some(error.cause.clone()), ..Facts::default() };
                self.note(Event::Refused, &order.client_id, facts).await;
                return not_sent(order, &error.cause, Some(error.hint));
            }
            Sent::Unknown(error) => Meaning::Doubt(error.cause),
        };
        match meaning {
            Meaning::Accepted { order: id, status } => {
                // REPLACED is said of the old order; this is the one in its place.
                let state = match State::of(&status) {
                    State::Replaced => State::Sent,
                    state => state,
                };
                let facts =
                    Facts { order: Some(id.clone()), state: Some(state.to_string()), ..Facts::default() };
                self.note(Event::Answered, &order.client_id, facts).await;
                drop((guard, lane));
                self.settled(order, &id, if state == State::Working { State::Sent } else { state }).await
            }
            Meaning::Rejected(why) => {
                let facts =
                    Facts { state: Some("REJECTED".to_owned()), note: Some(why.clone()), ..Facts::default() };
                self.note(Event::Answered, &order.client_id, facts).await;
                drop(guard);
                Outcome {
                    sentence: format!("{}: Aries refused it: \"{why}\"", order.sentence),
                    next: replaced.map(|_| {
                        "the order that was to be replaced stands as before; look at it with get_orders"
                            .to_owned()
                    }),
                    ..outcome(order, State::Rejected)
                }
            }
            Meaning::Doubt(why) => {
                let facts = Facts { note: Some(why.clone()), ..Facts::default() };
                self.note(Event::Unknown, &order.client_id, facts).await;
                drop(guard);
                self.resolve(order, sought, &why).await
            }
        }
    }

    /// Looks an order up whose answer was lost.
    async fn resolve(&self, order: &Previewed, sought: &Sought, why: &str) -> Outcome {
        match self.lookup().look_up(sought, Effort::Fresh).await {
            Found::It(found) => {
                let state = State::of(&found.status);
                let facts = Facts {
                    order: Some(found.id.clone()),
                    state: Some(state.to_string()),
                    ..Facts::default()
                };
                self.note(Event::Found, &order.client_id, facts).await;
                let mut outcome = self.settled(order, &found.id, State::Sent).await;
                outcome
                    .sentence
                    .push_str(&format!(" (its answer was lost: {why}; it was found in the list of orders)"));
                outcome
            }
            Found::Nothing { seen, .. } => {
                let note = format!("{why}; {seen}");
                self.note(Event::Unknown, &order.client_id, Facts { note: Some(note), ..Facts::default() })
                    .await;
                Outcome {
                    sentence: format!("{}: {why}; {seen}. It may or may not be at Aries", order.sentence),
                    next: Some(
                        "do not order it again. Ask the person to look in Aries' own application; call place_order with \
                         the same ticket to hear this again. Until the doubt is settled, further orders on this underlying \
                         in this account are refused"
                            .to_owned(),
                    ),
                    ..outcome(order, State::Unknown)
                }
            }
        }
    }

    /// Waits up to three seconds for the state to settle, and tells the last one seen.
    async fn settled(&self, order: &Previewed, id: &str, mut state: State) -> Outcome {
        let mut words = String::new();
        let mut seen_once = None;
        let end = tokio::time::Instant::now() + SETTLING;
        loop {
            let left = end.saturating_duration_since(tokio::time::Instant::now());
            let listed = tokio::time::timeout(left, book::current(self.aries(), &order.account.id)).await;
            let Ok(listed) = listed else { break };
            let mine = |one: &&Working| {
                !one.id.is_empty() && (one.id == id || one.client_id.as_deref() == Some(&order.client_id))
            };
            let found = listed.ok().and_then(|orders| orders.iter().find(mine).cloned());
            if let Some(found) = found {
                state = State::of(&found.status);
                words = seen(&found);
                let over = !found.is_open();
                seen_once = Some(found);
                if over {
                    break;
                }
            }
            if tokio::time::Instant::now() + LOOKS >= end {
                break;
            }
            tokio::time::sleep(LOOKS).await;
        }
        // An order that is not what the person saw must not pass for it.
        let sent = order.order.body(&order.account.id, None);
        let otherwise = seen_once.as_ref().and_then(|found| lookup::otherwise(&sent, found));
        let id = seen_once.map_or_else(|| id.to_owned(), |found| found.id);
        let facts = Facts {
            order: Some(id.clone()),
            state: Some(state.to_string()),
            note: otherwise.clone(),
            ..Facts::default()
        };
        self.note(Event::Answered, &order.client_id, facts).await;
        let words = if words.is_empty() { String::new() } else { format!(": {words}") };
        let but = otherwise.as_ref().map(|what| format!(", but {what}")).unwrap_or_default();
        Outcome {
            sentence: format!("{}{words}{but}", order.sentence),
            order_id: Some(id),
            next: otherwise.map(|_| {
                "tell the person at once that this is not what was sent; order and cancel nothing before they have decided"
                    .to_owned()
            }),
            ..outcome(order, state)
        }
    }
}

/// `success: false` inside a 200 is a failure (P58), unless the answer contradicts itself.
/// For a replacement, the id and an open state of the order it was to replace say that this one stands as before.
fn meaning(reply: &Reply, replaced: Option<&str>) -> Meaning {
    let Ok(json) = reply.json() else { return Meaning::Doubt("the answer is not JSON".to_owned()) };
    let word = |name: &str| json.text_at(name).map(|text| clean(&text, 100)).unwrap_or_default();
    let (id, status) = (word("clOrdId"), word("status").to_uppercase());
    let why = [word("text"), word("ordRejReason"), word("error"), word("message")];
    let why = why.into_iter().find(|text| !text.is_empty()).unwrap_or_else(|| "no reason given".to_owned());
    match json.get("success").and_then(Json::boolean) {
        Some(false) => {
            let stands = replaced.is_some_and(|old| id.is_empty() || id == old);
            let plain = match status.as_str() {
                "" | "REJECTED" | "CANCELED" | "EXPIRED" => replaced.is_none() || stands,
                "NEW" | "PARTIALLY_FILLED" | "FILLED" => stands,
                _ => false,
            };
            if plain {
                return Meaning::Rejected(why);
            }
            Meaning::Doubt(format!(
                "Aries says no success, but names the order {id:?} with the status {status:?}"
            ))
        }
        _ if id.is_empty() => Meaning::Doubt("Aries' answer names no order".to_owned()),
        _ if status == "REJECTED" => Meaning::Rejected(why),
        _ => Meaning::Accepted { order: id, status },
    }
}

/// The frame of an outcome.
pub(super) fn outcome(order: &Previewed, state: State) -> Outcome {
    Outcome {
        state,
        account: format!("{} {}", order.environment, order.account.masked()),
        sentence: order.sentence.clone(),
        order_id: None,
        client_id: Some(order.client_id.clone()),
        next: None,
    }
}

/// Nothing was sent, and why.
pub(super) fn not_sent(order: &Previewed, why: &str, next: Option<String>) -> Outcome {
    Outcome { sentence: format!("{}: {why}", order.sentence), next, ..outcome(order, State::NotSent) }
}

/// The body of a place order never says more than the documentation knows; for tests.
#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(value: serde_json::Value, replaces: bool) -> &'static str {
        match meaning(&Reply::of(&value.to_string()), replaces.then_some("1")) {
            Meaning::Accepted { .. } => "accepted",
            Meaning::Rejected(_) => "rejected",
            Meaning::Doubt(_) => "doubt",
        }
    }

    #[test]
    fn answers_mean_what_they_say() {
        assert_eq!(said(json!({"success": true, "clOrdId": "1", "status": "NEW"}), false), "accepted");
        assert_eq!(said(json!({"clOrdId": "1"}), false), "accepted");
        assert_eq!(said(json!({"success": false, "clOrdId": "1", "status": "REJECTED"}), false), "rejected");
        assert_eq!(said(json!({"success": true, "clOrdId": "1", "status": "REJECTED"}), false), "rejected");
        assert_eq!(said(json!({"success": false, "text": "closed"}), false), "rejected");
        assert_eq!(said(json!({"success": false, "clOrdId": "1", "status": "NEW"}), false), "doubt");
        assert_eq!(said(json!({"success": false, "clOrdId": "1", "status": "NEW"}), true), "rejected");
        assert_eq!(said(json!({"success": false, "status": "REJECTED"}), true), "rejected");
        assert_eq!(said(json!({"success": false, "text": "closed"}), true), "rejected");
        assert_eq!(said(json!({"success": false, "clOrdId": "2", "status": "REPLACED"}), true), "doubt");
        assert_eq!(said(json!({"success": false, "clOrdId": "1", "status": "REPLACED"}), true), "doubt");
        assert_eq!(said(json!({"success": false, "clOrdId": "2", "status": "NEW"}), true), "doubt");
        assert_eq!(said(json!({"success": false, "status": "PENDING_REPLACE"}), true), "doubt");
        assert_eq!(said(json!({"success": true}), false), "doubt");
        assert_eq!(said(json!({}), false), "doubt");
        assert_eq!(said(json!([]), false), "doubt");
    }
}

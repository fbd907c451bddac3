//! The one POST, and what is made of its answer.

use std::time::Duration;

use jiff::Timestamp;

use crate::aries::endpoints::{ORDER_PLACE, ORDER_REPLACE};
use crate::aries::text::clean;
use crate::aries::time;
use crate::aries::write::Sent;
use crate::auth::lock::Lock;
use crate::error::Error;
use crate::trade::approval::approved::Cleared;
use crate::trade::approval::ticket::Previewed;
use crate::trade::checks::context::money;
use crate::trade::checks::portfolio;
use crate::trade::journal::file::{Event, Facts};
use crate::trade::journal::history::{self, records};
use crate::trade::order::open::Working;
use crate::trade::outcome::{Outcome, State, also, seen, with_seen};
use crate::trade::reconcile::find::{Effort, Found};
use crate::trade::reconcile::fingerprint::{self, Sought};
use crate::trade::reconcile::resolve::way_out;
use crate::trade::submit::answer::{Meaning, meaning};
use crate::trade::{Desk, OnItsWay};

/// How long an order waits for another one on the same account and underlying.
const LANE: Duration = Duration::from_secs(15);
/// How long the settled state is waited for (P60).
pub(crate) const SETTLING: Duration = Duration::from_secs(3);
pub(crate) const LOOKS: Duration = Duration::from_millis(400);

/// What to do where Aries lists an order otherwise than it was sent.
pub(crate) const NOT_AS_SENT: &str = "tell the person at once that this is not what was sent; order and cancel nothing before they have decided";

impl Desk {
    /// Checks everything once more, writes the journal, sends once, and tells what became of it.
    pub(crate) async fn send(&self, cleared: Cleared) -> Outcome {
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
        self.checks().check_live_trading(&order.account)?;
        if let Some(old) = &order.replaced {
            self.unchanged(order, old).await?;
        }
        let replaced = order.replaced.as_ref();
        let mut checked = self.checks().check(&order.account, &order.order, replaced).await?;
        if let Some(cost) = order.cost {
            self.checks().apply_estimate(&order.account, &order.order, cost, &mut checked.result)?;
        }
        let mut journal = self.journal().open().await?;
        let known = records(journal.lines.iter());
        // Under the lock, so that eight processes cannot all take the last order of the day.
        let used = history::used(&known, money(&order.account).is_live(), time::now().date());
        self.checks().check_day(&order.account, &checked.result, used)?;
        let guard = self.begin().ok_or_else(|| Error::failed("aries-mcp is ending", "start it again"))?;
        let sought = Sought {
            account: order.account.id.clone(),
            client_id: order.client_id.clone(),
            expect: order.order.body(&order.account.id, None),
            before: checked.listed,
            others: known.iter().filter_map(|record| record.facts.order.clone()).collect(),
            ours: fingerprint::ids(&known),
            replaces: order.replaced.as_ref().map(|old| old.id.clone()),
            sent: Timestamp::now(),
        };
        let facts = Facts {
            value: Some(checked.result.day_value),
            body: Some(order.body.clone()),
            expect: order.replaced.is_some().then(|| sought.expect.clone()),
            before: Some(sought.before.clone()),
            note: Some(format!("cleared by {}", cleared.by())),
            ..self.facts(order)
        };
        // Under the lock of the journal: whoever was told that it is not sent was told so by what stands there.
        let mine = known.iter().find(|record| record.id == order.client_id);
        if cleared.is_over() || mine.is_none_or(|record| record.last != Event::Intent) {
            let hint = "ask the person; to order it after all, call preview_order again";
            return Err(Error::new(crate::error::Kind::Refused, "it was not sent in time", hint));
        }
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

    pub(crate) fn facts(&self, order: &Previewed) -> Facts {
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
    pub(crate) async fn drop_intent(&self, order: &Previewed, why: &str) {
        self.note(
            Event::Dropped,
            &order.client_id,
            Facts { note: Some(clean(why, 200)), ..Facts::default() },
        )
        .await;
    }

    /// Appends what became of an order. If that fails, the journal keeps the doubt, and the next start looks first.
    pub(crate) async fn note(&self, event: Event, id: &str, facts: Facts) {
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
                drop(guard);
                let next = also(Some(error.hint), self.left_standing(order).await);
                return not_sent(order, &error.cause, next);
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
                let state = if state == State::Working { State::Sent } else { state };
                self.settled_or_not(order, &id, state).await
            }
            Meaning::Rejected { why, order: id } => {
                // Its id too: nobody must take this order for another one of the same shape.
                let facts = Facts {
                    order: id.clone(),
                    state: Some("REJECTED".to_owned()),
                    note: Some(why.clone()),
                    ..Facts::default()
                };
                self.note(Event::Answered, &order.client_id, facts).await;
                drop(guard);
                Outcome {
                    sentence: format!("{}: Aries refused it: \"{why}\"", order.sentence),
                    next: self.left_standing(order).await,
                    order_id: id,
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

    /// Looks an order up whose answer was lost, or tells too little.
    async fn resolve(&self, order: &Previewed, sought: &Sought, why: &str) -> Outcome {
        match self.lookup().look_up(sought, Effort::Fresh).await {
            Found::It(found, sign) => {
                let state = State::of(&found.status);
                let facts = Facts {
                    order: Some(found.id.clone()),
                    state: Some(state.to_string()),
                    note: Some(sign.words().to_owned()),
                    ..Facts::default()
                };
                self.note(Event::Found, &order.client_id, facts).await;
                let mut outcome = self.settled_or_not(order, &found.id, State::Sent).await;
                outcome.sentence.push_str(&format!(
                    " (in doubt at first: {why}; it was found in the list of orders){}",
                    sign.caution()
                ));
                outcome
            }
            Found::Nothing { seen, .. } => {
                let note = format!("{why}; {seen}");
                self.note(Event::Unknown, &order.client_id, Facts { note: Some(note), ..Facts::default() })
                    .await;
                let next = format!(
                    "do not order it again. Ask the person to look in Aries' own application, and if it is surely there \
                     or not, to end the doubt in a terminal: {}. Until then further orders on this underlying in this \
                     account are refused; call place_order with the same ticket to have it looked for once more",
                    way_out(&order.client_id)
                );
                Outcome {
                    sentence: format!("{}: {why}; {seen}. It may or may not be at Aries", order.sentence),
                    next: also(Some(next), self.left_standing(order).await),
                    ..outcome(order, State::Unknown)
                }
            }
        }
    }

    /// The settled state; of a replacement that Aries lists as refused, or does not list, also how the order stands that
    /// was to be replaced.
    async fn settled_or_not(&self, order: &Previewed, id: &str, state: State) -> Outcome {
        let mut outcome = self.settled(order, id, state).await;
        if outcome.next.is_none() && matches!(outcome.state, State::Sent | State::Rejected) {
            outcome.next = self.left_standing(order).await;
        }
        outcome
    }

    /// How the order stands that this one was to replace, if it was to replace one: it may have been filled or canceled
    /// a moment before, which is often why it was not replaced.
    async fn left_standing(&self, order: &Previewed) -> Option<String> {
        let old = order.replaced.as_ref()?;
        Some(self.still_standing(&order.account.id, &old.id).await)
    }

    /// How the order with this id stands, which was to be replaced; the journal knows it then too.
    pub(crate) async fn still_standing(&self, account: &str, old: &str) -> String {
        let now = tokio::time::timeout(SETTLING, self.find_in(account, old)).await;
        let Some(now) = now.ok().and_then(Result::ok).flatten().filter(|now| now.id == old) else {
            return format!("see with get_orders how order {old} stands, which was to be replaced");
        };
        self.note_seen(&now, |record| record.facts.order.as_deref() == Some(old)).await;
        let words = format!(
            "tell the person that the order that was to be replaced, {} ({}), is {}",
            now.id,
            now.sentence(),
            State::of(&now.status)
        );
        with_seen(words, &now)
    }

    /// Waits up to three seconds for the state to settle, and tells the last one seen.
    async fn settled(&self, order: &Previewed, id: &str, mut state: State) -> Outcome {
        let mut seen_once = None;
        let end = tokio::time::Instant::now() + SETTLING;
        loop {
            let left = end.saturating_duration_since(tokio::time::Instant::now());
            let listed =
                tokio::time::timeout(left, portfolio::current(self.aries(), &order.account.id)).await;
            let Ok(listed) = listed else { break };
            let mine = |one: &&Working| one.goes_by(id) || one.goes_by(&order.client_id);
            let found = listed.ok().and_then(|orders| orders.iter().find(mine).cloned());
            if let Some(found) = found {
                state = State::of(&found.status);
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
        let otherwise = seen_once.as_ref().and_then(|found| fingerprint::otherwise(&sent, found));
        let sentence = order.sentence.clone();
        let (id, sentence) = match seen_once {
            Some(found) => (found.id.clone(), with_seen(sentence, &found)),
            None => (id.to_owned(), sentence),
        };
        let facts = Facts {
            order: Some(id.clone()),
            state: Some(state.to_string()),
            note: otherwise.clone(),
            ..Facts::default()
        };
        self.note(Event::Answered, &order.client_id, facts).await;
        let but = otherwise.as_ref().map(|what| format!(", but {what}")).unwrap_or_default();
        Outcome {
            sentence: format!("{sentence}{but}"),
            order_id: Some(id),
            next: otherwise.map(|_| NOT_AS_SENT.to_owned()),
            ..outcome(order, state)
        }
    }
}

/// The frame of an outcome.
pub(crate) fn outcome(order: &Previewed, state: State) -> Outcome {
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
pub(crate) fn not_sent(order: &Previewed, why: &str, next: Option<String>) -> Outcome {
    Outcome { sentence: format!("{}: {why}", order.sentence), next, ..outcome(order, State::NotSent) }
}

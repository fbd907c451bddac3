//! What came of the one POST: what Aries answered, how the order stands soon after, and the lookup if the answer was lost.

use super::Submitter;
use super::answer::{Meaning, meaning};
use super::send::Ready;
use crate::aries::model;
use crate::aries::model::order::list::{self, List};
use crate::aries::order_sender::Sent;
use crate::error::{Error, Kind};
use crate::told::Told;
use crate::trade::approval::ticket::Previewed;
use crate::trade::checks::portfolio;
use crate::trade::journal::event::Event;
use crate::trade::outcome::Outcome;
use crate::trade::reconcile::fingerprint::{Fingerprint, difference};
use crate::trade::reconcile::identity::{Identity, is_same_day};
use crate::trade::reconcile::lookup::{Effort, Found};
use crate::trade::reconcile::resolve::{filled_event, found_event, way_out};
use crate::trade::state::State;

impl Submitter {
    /// The order lock opens once the outcome is on disk, or that it is unknown.
    pub(super) async fn conclude(&self, order: &Previewed, sent: Sent, ready: Ready) -> Outcome {
        let Ready { lock, guard, fingerprint } = ready;
        let id = order.client_id.clone();
        let journal = &self.reconciler.journal;
        let mut denial = None;
        let meaning = match sent {
            Sent::Answered(reply) => meaning(&reply, order.replaces()),
            Sent::Unknown(error) => Meaning::Unknown(error.cause),
            Sent::Denied(error) => Meaning::Unknown(denial.insert(error).cause.clone()),
            Sent::Refused(error) => {
                journal.append_best_effort(Event::Refused { id, note: error.cause.clone() }).await;
                drop(guard);
                return self.add_replaced(order, order.not_sent(error)).await;
            }
        };
        let meaning = match meaning {
            Meaning::Accepted { order: ref id, .. } | Meaning::Rejected { order: Some(ref id), .. }
                if self.was_there(order, &fingerprint, id).await =>
            {
                Meaning::Unknown(format!("Aries' answer names order {id}, which was there before"))
            }
            Meaning::Denied(why) => {
                let hint = Told::pair("tell the person what Aries said", "change the order, or ask Aries");
                Meaning::Unknown(denial.insert(Error::new(Kind::Refused, why, hint)).cause.clone())
            }
            meaning => meaning,
        };
        match meaning {
            Meaning::Accepted { order: aries_id, status } => {
                // REPLACED is said of the old order; this is the one in its place.
                let state = match State::of(&status) {
                    State::Replaced => State::Sent,
                    state => state,
                };
                // That it has ended is believed when a list shows it.
                let noted = if state.is_end() { State::Sent } else { state };
                let event = Event::Answered { id, order: Some(aries_id.clone()), state: noted, note: None };
                journal.append_best_effort(event).await;
                drop((guard, lock));
                let state = if state == State::Working { State::Sent } else { state };
                self.settled(order, &fingerprint, &aries_id, state).await
            }
            Meaning::Rejected { why, order: Some(aries_id) } => {
                // Its id too: no other order of the same shape may be taken for this one.
                let (state, note) = (State::Sent, Some(why.clone()));
                let event = Event::Answered { id, order: Some(aries_id.clone()), state, note };
                journal.append_best_effort(event).await;
                drop(guard);
                let mut outcome = self.settled(order, &fingerprint, &aries_id, State::Rejected).await;
                if outcome.state == State::Rejected {
                    outcome.sentence = format!("{}: Aries refused it: \"{why}\"", order.terms);
                } else {
                    outcome.sentence.push_str(&format!(" (Aries' answer refuses it: \"{why}\")"));
                }
                outcome
            }
            Meaning::Rejected { why, order: None } => {
                let (state, note) = (State::Rejected, Some(why.clone()));
                journal.append_best_effort(Event::Answered { id, order: None, state, note }).await;
                drop(guard);
                let sentence = format!("{}: Aries refused it: \"{why}\"", order.terms);
                let outcome = Outcome { sentence, ..order.outcome(State::Rejected) };
                self.add_replaced(order, outcome).await
            }
            Meaning::Denied(why) | Meaning::Unknown(why) => {
                journal.append_best_effort(Event::Unknown { id, note: why.clone() }).await;
                drop(guard);
                self.look_up(order, &fingerprint, &why, denial).await
            }
        }
    }

    /// Whether an order of this id was listed before this one was sent, and had come before: then it is another one.
    async fn was_there(&self, order: &Previewed, fingerprint: &Fingerprint, id: &str) -> bool {
        if order.replaced.is_some() || !fingerprint.was_listed(id) {
            return false;
        }
        let sent = fingerprint.sent;
        let listed = portfolio::current(&self.reconciler.aries, &order.account.id).await.unwrap_or_default();
        let came_before = |at| is_same_day(at, sent) && at < sent;
        listed.iter().any(|row| row.id == id && row.created.is_some_and(came_before))
    }

    /// Looks for an order that may be there. If it is not, a denial is believed as soon as nothing speaks against it.
    async fn look_up(
        &self,
        order: &Previewed,
        fingerprint: &Fingerprint,
        why: &str,
        denial: Option<Error>,
    ) -> Outcome {
        let (journal, id) = (&self.reconciler.journal, &order.client_id);
        match self.reconciler.look_up(fingerprint, Effort::Thorough).await {
            Found::Match(found, by) => {
                journal.append_best_effort(found_event(id, &found, by)).await;
                let mut outcome = self.settled(order, fingerprint, &found.id, State::Sent).await;
                outcome.sentence.push_str(&format!(
                    " (in doubt at first: {why}; it was found in the list of orders){}",
                    by.caution()
                ));
                outcome
            }
            Found::Nothing(seen) if seen.is_clear() && denial.is_some() => {
                let note = format!("{why}; {}", seen.words());
                journal.append_best_effort(Event::Refused { id: id.clone(), note: note.clone() }).await;
                let denial = denial.map(|denial| Error { cause: note, ..denial }).expect("it is there");
                self.add_replaced(order, order.not_sent(denial)).await
            }
            Found::Nothing(seen) => {
                let note = format!("{why}; {}", seen.words());
                journal.append_best_effort(Event::Unknown { id: id.clone(), note: note.clone() }).await;
                let next = format!(
                    "do not order it again. Ask the person to look in Aries' own application, and if it is surely there \
                     or not, to end the doubt in a terminal: {}. Until then further orders on this underlying in this \
                     account are refused; call place_order with the same ticket to have it looked for once more",
                    way_out(id)
                );
                let words = format!("{note}. It may or may not be at Aries");
                self.add_replaced(order, order.outcome(State::Unknown).with(&words, next)).await
            }
        }
    }

    /// Of a replacement that Aries lists as refused, or does not list, it also tells how the old order stands.
    async fn settled(
        &self,
        order: &Previewed,
        fingerprint: &Fingerprint,
        id: &str,
        accepted: State,
    ) -> Outcome {
        let sent = order.order.body(&order.account.id, None);
        let identity = Identity {
            order: Some(id),
            own: &order.client_id,
            sent: Some(fingerprint.sent),
            is_replacement: order.replaced.is_some(),
            body: Some(&sent),
        };
        let listener = self.reconciler.listen(&order.account.id, id);
        let look = || async {
            let (aries, account) = (&self.reconciler.aries, &order.account.id);
            // The history is asked where today's list does not show it: the calls of a minute are few.
            let listed = list::whole(aries, account, List::Today).await.ok()?;
            let is_it = |seen: &&model::Order| seen.id == id || seen.own_id() == Some(identity.own);
            if let Some(seen) = identity.pick(&listed).filter(is_it) {
                return Some(seen.clone());
            }
            identity.pick(&portfolio::with_history(aries, account, listed).await.ok()?).cloned()
        };
        let seen = self.reconciler.watch(self.reconciler.timing.settling, listener, look).await;
        // An order that is not what the person saw must not pass for it.
        let difference = seen.as_ref().and_then(|seen| difference(&sent, seen));
        let filled = seen.as_ref().and_then(|seen| filled_event(&order.client_id, seen));
        let mut outcome = match seen {
            Some(seen) => order.outcome(accepted).seen(order.terms.clone(), &seen, &order.account.id),
            None => unseen(order, id, accepted),
        };
        let event = Event::Answered {
            id: order.client_id.clone(),
            order: outcome.order_id.clone(),
            state: outcome.state,
            note: difference.clone(),
        };
        for event in std::iter::once(event).chain(filled) {
            self.reconciler.journal.append_best_effort(event).await;
        }
        if let Some(difference) = difference {
            outcome.not_as_sent(&difference);
        } else if matches!(outcome.state, State::Sent | State::Rejected) {
            return self.add_replaced(order, outcome).await;
        }
        outcome
    }

    async fn add_replaced(&self, order: &Previewed, mut outcome: Outcome) -> Outcome {
        if let Some(old) = order.replaces() {
            outcome.also(self.reconciler.status_of_replaced(&order.account.id, old).await);
        }
        outcome
    }
}

/// Of an order that no list shows. The word of the answer that it has ended is told and not taken for what it is: an order
/// that is open after all would bind nothing.
fn unseen(order: &Previewed, id: &str, accepted: State) -> Outcome {
    let state = if accepted.is_end() { State::Sent } else { accepted };
    let mut outcome = Outcome { order_id: Some(id.to_owned()), ..order.outcome(state) };
    if accepted.is_end() {
        outcome.sentence.push_str(&format!(" (Aries' answer says {accepted}; no list shows it yet)"));
    }
    outcome
}

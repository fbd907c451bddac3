//! What came of the one POST: what Aries answered, how the order stands soon after, and the lookup if the answer was lost.

use super::Submitter;
use super::answer::{Meaning, meaning};
use super::send::Ready;
use crate::aries::model;
use crate::aries::order_sender::Sent;
use crate::error::{Error, Kind};
use crate::trade::approval::ticket::Previewed;
use crate::trade::checks::portfolio;
use crate::trade::journal::event::Event;
use crate::trade::outcome::Outcome;
use crate::trade::reconcile::fingerprint::{Fingerprint, difference};
use crate::trade::reconcile::identity::Identity;
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
        let why = match of_ours(meaning, &fingerprint) {
            Meaning::Accepted { order: aries_id, status } => {
                // How it stands is for the lists to say: nothing that they show would undo an end.
                let (state, note) = (State::Sent, None);
                journal
                    .append_best_effort(Event::Answered { id, order: Some(aries_id.clone()), state, note })
                    .await;
                drop((guard, lock));
                let outcome = self.settled(order, &fingerprint, &aries_id).await;
                return beside_claim(outcome, State::of(&status));
            }
            Meaning::Rejected { why, order: aries_id } => {
                // Its id too: no other order of the same shape may be taken for this one.
                let (state, note) = (State::Rejected, Some(why.clone()));
                journal
                    .append_best_effort(Event::Answered { id, order: aries_id.clone(), state, note })
                    .await;
                drop(guard);
                if let Some(id) = &aries_id
                    && self.is_open(order, &fingerprint, id).await
                {
                    drop(lock);
                    return beside_claim(self.settled(order, &fingerprint, id).await, state);
                }
                let sentence = format!("{}: Aries refused it: \"{why}\"", order.sentence);
                let outcome = Outcome { sentence, order_id: aries_id, ..order.outcome(State::Rejected) };
                return self.add_replaced(order, outcome).await;
            }
            Meaning::Denied(why) => {
                denial = Some(Error::new(Kind::Refused, why.clone(), "tell the person what Aries said"));
                why
            }
            Meaning::Unknown(why) => why,
        };
        journal.append_best_effort(Event::Unknown { id, note: why.clone() }).await;
        drop(guard);
        self.look_up(order, &fingerprint, &why, denial).await
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
                let mut outcome = self.settled(order, fingerprint, &found.id).await;
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
    async fn settled(&self, order: &Previewed, fingerprint: &Fingerprint, id: &str) -> Outcome {
        let sent = order.order.body(&order.account.id, None);
        let listener = self.reconciler.listen(&order.account.id, id);
        let look = || self.listed(order, fingerprint, id);
        let seen = self.reconciler.watch(self.reconciler.timing.settling, listener, look).await;
        // An order that is not what the person saw must not pass for it.
        let difference = seen.as_ref().and_then(|seen| difference(&sent, seen));
        let filled = seen.as_ref().and_then(|seen| filled_event(&order.client_id, seen));
        let mut outcome = match seen {
            Some(seen) => order.outcome(State::Sent).seen(order.sentence.clone(), &seen, &order.account.id),
            None => Outcome { order_id: Some(id.to_owned()), ..order.outcome(State::Sent) },
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

    /// Whether a list shows this order as open, whatever Aries' answer called it.
    async fn is_open(&self, order: &Previewed, fingerprint: &Fingerprint, id: &str) -> bool {
        self.listed(order, fingerprint, id).await.is_some_and(|listed| listed.is_open())
    }

    async fn listed(&self, order: &Previewed, fingerprint: &Fingerprint, id: &str) -> Option<model::Order> {
        let sent = order.order.body(&order.account.id, None);
        let identity = Identity {
            order: Some(id),
            own: &order.client_id,
            sent: Some(fingerprint.sent),
            replaces: order.replaces(),
            before: fingerprint.before(),
            body: Some(&sent),
        };
        let listed = portfolio::current(&self.reconciler.aries, &order.account.id).await.ok()?;
        identity.pick(&listed).cloned()
    }

    async fn add_replaced(&self, order: &Previewed, mut outcome: Outcome) -> Outcome {
        if let Some(old) = order.replaces() {
            outcome.also(self.reconciler.status_of_replaced(&order.account.id, old).await);
        }
        outcome
    }
}

/// Tells it where the lists do not bear out an end of which Aries' answer spoke.
fn beside_claim(mut outcome: Outcome, claimed: State) -> Outcome {
    if (claimed.is_end() || claimed == State::Rejected) && outcome.state != claimed {
        outcome.sentence.push_str(&format!(" (Aries' answer called it {claimed}, and its lists do not)"));
    }
    outcome
}

/// The same, but a doubt where the answer is about an order that was there before ours was sent.
fn of_ours(meaning: Meaning, fingerprint: &Fingerprint) -> Meaning {
    let another = |id: &str| format!("Aries' answer names order {id}, which was there before");
    match meaning {
        Meaning::Accepted { order, .. } if fingerprint.was_listed(&order) => {
            Meaning::Unknown(another(&order))
        }
        Meaning::Rejected { order: Some(order), .. } if fingerprint.was_listed(&order) => {
            Meaning::Denied(another(&order))
        }
        meaning => meaning,
    }
}

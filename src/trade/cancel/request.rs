//! The one POST of a cancel, and what came of it.

use super::Canceler;
use super::at_once::Requested;
use super::cleared::Cleared;
use super::target::{Known, Target};
use super::words::{LOOK, as_seen};
use crate::aries::difference::Difference;
use crate::aries::endpoints::ORDER_CANCEL;
use crate::aries::model;
use crate::aries::order_sender::Sent;
use crate::aries::{Json, Reply};
use crate::error::{Error, Kind, Result};
use crate::error_body::ErrorBody;
use crate::text::clean;
use crate::told::Told;
use crate::trade::journal::event::Event;
use crate::trade::outcome::Outcome;
use crate::trade::reconcile::resolve::filled_event;
use crate::trade::state::State;

enum Answer {
    Accepted,
    Refused(String),
    Lost(String),
}

impl Canceler {
    /// Takes what may be canceled by value: one POST for each, or the one that is under way for the same order.
    pub(super) async fn request(&self, cleared: Cleared, known: &Known) -> Result<Requested> {
        let target = cleared.target();
        let slot = self.at_once.slot(&target.account.id, &target.order.id);
        let mut shared = slot.lock().await;
        if let Some(requested) = &*shared {
            return Ok(requested.clone());
        }
        let requested = self.send(cleared, known).await?;
        Ok(shared.insert(requested).clone())
    }

    async fn send(&self, cleared: Cleared, known: &Known) -> Result<Requested> {
        let target = cleared.target();
        let (account, order, timing) = (&target.account, &target.order, &self.reconciler.timing);
        check_side(order)?;
        let guard = self.in_flight.begin()?;
        let body = order.cancel_body(&account.id);
        let event = Event::Cancel {
            id: order.id.clone(),
            profile: self.profile.clone(),
            account: account.id.clone(),
            underlying: order.ticker.clone(),
            summary: format!("CANCEL {}{}", order.sentence(), cleared.remark()),
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
        let finder = self.reconciler.for_cancels();
        let patience = if is_lost { timing.cancel_lost } else { timing.settling };
        let look = || async {
            // Another process may have replaced it meanwhile. A journal that hangs is not asked again.
            let history = if known.is_whole { &self.known().await.history } else { &known.history };
            finder.latest(&account.id, history, &order.id).await
        };
        let listener = if is_lost { None } else { self.reconciler.listen(&account.id, &order.id) };
        let last = finder.watch(patience, listener, look).await;
        let event = Event::Canceled {
            id: order.id.clone(),
            order: order.id.clone(),
            // One that has taken its place has a state of its own.
            state: last.as_ref().filter(|last| last.id == order.id).map(|last| State::of(&last.status)),
            note: answer.said().map(str::to_owned),
        };
        let filled = last.as_ref().and_then(|last| filled_event(&last.id, last));
        // Beside the answer: whoever holds the journal holds back neither.
        let journal = self.reconciler.journal.clone();
        let writing = tokio::spawn(async move {
            journal.append_best_effort(event).await;
            if let Some(event) = filled {
                journal.append_best_effort(event).await;
            }
            drop(guard);
        });
        let _ = tokio::time::timeout(timing.cancel_journal, writing).await;
        let mut outcome = ended(target, last.as_ref(), &answer);
        let end = last.as_ref().filter(|last| !last.is_open()).map(|last| State::of(&last.status));
        let unwritten = unwritten.map(|cause| format!("the cancel is not in the journal: {cause}"));
        let said = answer.said().map(|said| match end {
            Some(State::Canceled) => format!("Aries lists it as canceled, whatever it answered: {said}"),
            _ => said.to_owned(),
        });
        let remarks: Vec<String> = said.into_iter().chain(unwritten).collect();
        if !remarks.is_empty() {
            outcome.sentence.push_str(&format!(" ({})", remarks.join("; ")));
        }
        let is_refused = matches!(answer, Answer::Refused(_));
        Ok(Requested {
            outcome,
            is_over: end.is_some_and(|end| end != State::Replaced),
            is_void: is_refused && (last.is_none() || end == Some(State::Rejected)),
        })
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
        Self::said_by(&reply)
    }

    fn said_by(reply: &Reply) -> Self {
        reply
            .strictly(|json| Ok(Self::read(reply, json)))
            .unwrap_or_else(|error| Self::Lost(error.cause + &reply.remark()))
    }

    fn read(reply: &Reply, json: Json<'_>) -> Self {
        let levels = json.levels();
        let word = |name: &str| levels.iter().find_map(|level| level.text_at(name));
        let status = word("status").unwrap_or_default().to_uppercase();
        let denied = levels.iter().any(|level| level.get("success").and_then(Json::boolean) == Some(false));
        if denied || status == "REJECTED" {
            let text = word("text").or_else(|| word("ordRejReason")).map(|text| clean(&text, 120));
            let text = text.or_else(|| ErrorBody::read(json.raw()).said());
            let text = text.unwrap_or_else(|| "no reason given".to_owned());
            return Self::Refused(format!("Aries did not cancel it: \"{text}\""));
        }
        if let Some(denial) = reply.denial() {
            return Self::Lost(denial);
        }
        match word("success") {
            Some(_) => Self::Accepted,
            None if status.is_empty() => {
                let difference = Difference::new(["success", "status"], &[json.inmost()]).words();
                Self::Lost(difference + &reply.remark())
            }
            None if is_yes(&status) => Self::Accepted,
            None => {
                let status = clean(&status, 40);
                Self::Lost(format!("Aries answered with the status {status:?}{}", reply.remark()))
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

/// Whether a status says that the cancel was taken: by that of the order, or by a word of success.
fn is_yes(status: &str) -> bool {
    let status = status.trim();
    State::known(status).is_some()
        || status.starts_with("PENDING")
        || matches!(status, "OK" | "SUCCESS" | "ACCEPTED" | "200" | "202")
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
            "the cancel may have arrived; look at the order with get_orders, and cancel again if it is still open".into()
        }
        _ if last.id != target.order.id => Told::pair(
            "this order has taken its place; if the person wants this one canceled, call cancel_order with its id",
            "this order has taken its place; to cancel this one, give its id",
        ),
        Answer::Refused(_) => LOOK.into(),
        Answer::Accepted => {
            "the cancel is requested; Aries has not confirmed its end yet: look again with get_orders".into()
        }
    };
    outcome.next = Some(next.into());
    outcome
}

/// Fails for an order of which nobody tells the side.
pub(super) fn check_side(order: &model::Order) -> Result<()> {
    if !order.side.is_empty() {
        return Ok(());
    }
    let (id, hint) = (&order.id, Told::person_to("cancel it in Aries' own application"));
    let cause = format!(
        "nothing was canceled: a cancel has to say the side of order {id}, and Aries' lists do not tell it"
    );
    Err(Error::new(Kind::Refused, cause, hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancel_is_taken_only_where_aries_says_so() {
        let lost = "Aries answered with an error: too late";
        let refused = "Aries did not cancel it: \"too late\"";
        for (body, said) in [
            (r#"{"success":true}"#, None),
            (r#"{"success":true,"clOrdId":"1","status":"NEW","text":"on its way"}"#, None),
            (r#"{"success":true,"message":"cancel taken"}"#, None),
            (r#"{"status":"PENDING_CANCEL","message":"cancel taken"}"#, None),
            (r#"{"status":"success","data":{"clOrdId":"1"}}"#, None),
            (r#"{"status":"canceled"}"#, None),
            (r#"{"success":false,"text":"too late"}"#, Some(refused)),
            (r#"{"success":false,"message":"too late"}"#, Some(refused)),
            (r#"{"success":false,"error":{"message":"too late"}}"#, Some(refused)),
            (r#"{"status":"REJECTED","text":"too late"}"#, Some(refused)),
            (r#"{"error":"too late"}"#, Some(lost)),
            (r#"{"status":"ERROR","message":"too late"}"#, Some(lost)),
            (r#"{"status":"FAILED","message":"too late"}"#, Some(lost)),
            (r#"{"status":"NEW","error":"too late"}"#, Some(lost)),
            (r#"{"success":true,"errors":["too late"]}"#, Some(lost)),
            (r#"{"success":true,"status":"ERROR","message":"too late"}"#, Some(lost)),
            (r#"{"ok":false,"status":"NEW","message":"too late"}"#, Some(lost)),
            (r#"{"status":422,"message":"too late"}"#, Some(lost)),
            (r#"{"data":{"status":"ERROR","message":"too late"}}"#, Some(lost)),
            (
                r#"{"status":"TOO_LATE","message":"too late"}"#,
                Some("Aries answered with the status \"TOO_LATE\"; it says \"too late\""),
            ),
            (
                r#"{"message":"too late"}"#,
                Some(
                    "Aries' answer differs from its documentation: `success`, `status` are missing, there is `message`; it \
                     says \"too late\"",
                ),
            ),
        ] {
            let answer = Answer::said_by(&Reply::of(body));
            assert_eq!(answer.said(), said, "{body}");
            assert_eq!(matches!(answer, Answer::Refused(_)), said == Some(refused), "{body}");
        }
    }
}

//! `cancel_order`: reads the order first, copies what Aries wants back, and reports the end state seen.

use std::time::Duration;

use super::Desk;
use super::book;
use super::journal::{Event, Facts};
use super::lookup::not_found;
use super::outcome::{Outcome, State, seen};
use super::working::Working;
use crate::aries::Json;
use crate::aries::account::Account;
use crate::aries::endpoints::ORDER_CANCEL;
use crate::aries::text::clean;
use crate::aries::write::Sent;
use crate::error::Result;

/// How long the end state is waited for; longer if the answer was lost.
const SETTLING: Duration = Duration::from_secs(3);
const LOOKING: Duration = Duration::from_secs(10);
const LOOKS: Duration = Duration::from_millis(400);

impl Desk {
    /// Asks for the end of an order. Never limited, and never repeated by itself.
    ///
    /// # Errors
    /// If there is no such order, or the lists cannot be read.
    pub async fn cancel(&self, account: Option<&str>, id: &str) -> Result<Outcome> {
        // An order that an earlier process left in doubt may be the one meant: its id is then known again.
        self.look_first().await;
        let (account, order) = self.anywhere(account, id).await?;
        if !order.is_open() {
            let next = Some("nothing was canceled: the order had ended before".to_owned());
            return Ok(Outcome { next, ..self.as_seen(&account, &order) });
        }
        let Some(guard) = self.begin() else {
            return Err(crate::error::Error::failed("aries-mcp is ending", "start it again"));
        };
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
        // A cancel can do no harm twice, so a journal that cannot be written does not hold it back.
        self.note(Event::Cancel, &order.id, facts).await;
        let sent = self.writer().post(&ORDER_CANCEL, &body).await;
        let (said, patience, doubt) = match &sent {
            Sent::Answered(reply) => {
                let json = reply.json()?;
                let text = json.text_at("text").map(|text| clean(&text, 120));
                match json.get("success").and_then(Json::boolean) {
                    Some(false) => {
                        let text = text.unwrap_or_else(|| "no reason given".to_owned());
                        (Some(format!("Aries did not cancel it: \"{text}\"")), SETTLING, false)
                    }
                    _ => (None, SETTLING, false),
                }
            }
            Sent::Refused(error) => (Some(error.cause.clone()), SETTLING, false),
            Sent::Unknown(error) => (Some(format!("the answer was lost: {}", error.cause)), LOOKING, true),
        };
        let last = self.end_state(&account, &order, patience).await;
        let facts = Facts {
            order: Some(order.id.clone()),
            state: last.as_ref().map(|order| State::of(&order.status).to_string()),
            note: said.clone(),
            ..Facts::default()
        };
        self.note(Event::Canceled, &order.id, facts).await;
        drop(guard);
        let still_open = last.as_ref().is_none_or(Working::is_open);
        let mut outcome = self.as_seen(&account, last.as_ref().unwrap_or(&order));
        outcome.next = match (doubt, still_open) {
            (true, true) => {
                outcome.state = State::Unknown;
                Some("the cancel may have arrived; look at the order with get_orders, and cancel again if it is still open".to_owned())
            }
            (false, true) if said.is_none() => Some(
                "the cancel is requested; Aries has not confirmed its end yet: look again with get_orders"
                    .to_owned(),
            ),
            _ => None,
        };
        if let Some(said) = said {
            outcome.sentence.push_str(&format!(" ({said})"));
        }
        Ok(outcome)
    }

    /// The order with this id, on the named account or on any.
    async fn anywhere(&self, account: Option<&str>, id: &str) -> Result<(Account, Working)> {
        let accounts = match account {
            Some(name) => vec![book::account(self.aries(), Some(name)).await?],
            None => book::accounts(self.aries()).await?,
        };
        let mut trouble = None;
        for account in accounts {
            match self.find_in(&account, id).await {
                Ok(Some(order)) => return Ok((account, order)),
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
                if let Ok(Some(found)) = self.find_in(account, &order.id).await {
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

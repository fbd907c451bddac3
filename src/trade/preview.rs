//! `preview_order`: everything that can be known before an order is sent, and the ticket that sends it.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::aries::endpoints::ORDER_PREVIEW;
use crate::aries::model::{self, Account};
use crate::aries::order_sender::{OrderSender, Sent};
use crate::aries::time;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::trade::approval::ticket::{Previewed, Tickets, random};
use crate::trade::checks::estimate::{self, Estimate};
use crate::trade::checks::limits::Verdict;
use crate::trade::checks::notional::cents;
use crate::trade::checks::portfolio;
use crate::trade::checks::quote::Quote;
use crate::trade::checks::{Checked, Checks};
use crate::trade::journal::history::History;
use crate::trade::order::body::Order;
use crate::trade::order::replacement;
use crate::trade::order::request::{self, Wanted};
use crate::trade::reconcile::Reconciler;
use crate::trade::reconcile::resolve::way_out;

/// What a preview tells.
#[derive(Debug, Clone)]
pub(crate) struct Preview {
    /// One sentence a person can check.
    pub(crate) sentence: String,
    /// What Aries' own preview said, as name and USD.
    pub(crate) money: Vec<(String, String)>,
    /// How many day trades it would count.
    pub(crate) day_trades: Option<i64>,
    /// What a person should know.
    pub(crate) warnings: Vec<String>,
    /// Checks that could not run.
    pub(crate) unchecked: Vec<String>,
    /// Where the value comes from.
    pub(crate) estimated_cost: Option<String>,
    /// The quote it was judged by.
    pub(crate) quote: String,
    /// The ticket.
    pub(crate) ticket: String,
    /// Until when it can be presented.
    pub(crate) expires: Timestamp,
}

/// Makes previews and the tickets for them.
#[derive(Clone)]
pub(crate) struct Previewer {
    pub(crate) checks: Checks,
    pub(crate) reconciler: Reconciler,
    pub(crate) sender: Arc<OrderSender>,
    pub(crate) tickets: Arc<Mutex<Tickets>>,
}

impl Previewer {
    /// Previews an order.
    ///
    /// # Errors
    /// What is wrong with it, or what could not be found out and must be.
    pub(crate) async fn preview(&self, wanted: &Wanted) -> Result<Preview> {
        self.reconciler.look_first().await;
        let account = portfolio::account(&self.checks.aries, wanted.account.as_deref()).await?;
        self.checks.open_for(&account)?;
        let today = time::now().date();
        let (order, replaced) = match &wanted.replaces {
            Some(id) => {
                let old = self.reconciler.find(&account, id).await?;
                let order = replacement::order(&old, wanted)?;
                request::check(&order, today)?;
                (order, Some(old))
            }
            None => (request::order(wanted, today)?, None),
        };
        let checked = self.checks.check(&account, &order, replaced.as_ref()).await?;
        let history = self.reconciler.journal.open().await?.history();
        self.checks.day(&account, checked.verdict.growth, &history)?;
        let client_id = format!("am-{:.24}", random()?);
        let body = match &replaced {
            Some(old) => replacement::body(&account, &order, old, &client_id),
            None => order.body(&account.id, Some(&client_id)),
        };
        let Checked { mut verdict, quote, .. } = checked;
        let estimate = match &replaced {
            Some(_) => {
                verdict.unchecked.push("Aries' own preview: it has none for replacements".to_owned());
                Estimate::default()
            }
            None => self.ask_aries(&account, &body, &mut verdict).await?,
        };
        let cost = estimate.cost;
        if cost.is_none() && !estimate.is_empty() {
            verdict.unchecked.push("Aries' own estimate of the cost: its preview tells none".to_owned());
        }
        if let Some(cost) = cost {
            self.checks.apply_estimate(&account, &order, cost, &mut verdict)?;
            self.checks.day(&account, verdict.growth, &history)?;
        }
        let sentence = sentence(&account, &order, replaced.as_ref(), verdict.value);
        verdict.warnings.extend(self.of_earlier_orders(&account, &order, &body, &history));
        let told = estimate.money.iter().map(|(name, value)| format!("{name}: {value}"));
        let told = told.chain(estimate.day_trades.map(|days| format!("Day trades: {days}")));
        let quote_words = quote.as_ref().map_or_else(|| "none".to_owned(), Quote::words);
        let mut lines: Vec<String> = told.collect();
        lines.push(format!("Quote: {quote_words}"));
        lines.extend(verdict.warnings.iter().map(|warning| format!("Warning: {warning}")));
        lines.extend(verdict.unchecked.iter().map(|what| format!("Could not be checked: {what}")));
        let (ticket, expires) =
            self.tickets.lock().unwrap_or_else(PoisonError::into_inner).issue(Previewed {
                account,
                order,
                replaced,
                body,
                client_id,
                cost,
                sentence: sentence.clone(),
                numbers: lines,
            })?;
        Ok(Preview {
            sentence,
            estimated_cost: estimate
                .cost
                .or_else(|| (!verdict.value.is_zero()).then_some(verdict.value))
                .map(cents),
            money: estimate.money,
            day_trades: estimate.day_trades,
            warnings: verdict.warnings,
            unchecked: verdict.unchecked,
            quote: quote_words,
            ticket,
            expires,
        })
    }

    /// What the person should know of earlier orders: which of those whose answer was lost were found, which are in
    /// doubt still, and whether this very order was sent already, since a model may lose track.
    fn of_earlier_orders(
        &self,
        account: &Account,
        order: &Order,
        body: &Value,
        history: &History,
    ) -> Vec<String> {
        let now = Timestamp::now();
        let minutes = |at: Timestamp| now.duration_since(at).as_mins();
        let alike = history.0.iter().rev().find_map(|one| {
            let (at, sent) = one.sent.as_ref().filter(|(at, _)| minutes(*at) < 60)?;
            // What a replacement makes of its order is an order like any other.
            let known = [Some(&sent.body), sent.expect.as_ref()];
            known.into_iter().flatten().any(|sent| is_same(sent, body)).then_some((one, *at))
        });
        let alike = alike.map(|(one, at)| {
            format!(
                "the same order was sent {} min ago ({}): this would be another one",
                minutes(at),
                one.state()
            )
        });
        let found = self.reconciler.unreported(history.0.iter());
        let found =
            found.iter().map(|what| format!("an earlier order whose answer was lost is at Aries: {what}"));
        let doubts = history.unknown_on(&account.id, order.underlying()).map(|one| {
            format!(
                "nobody knows whether an earlier order is at Aries ({}), and until that is settled this one will not be \
                 sent; the person can look in Aries' own application and end the doubt in a terminal: {}",
                one.summary(),
                way_out(&one.id)
            )
        });
        found.chain(doubts).chain(alike).collect()
    }

    /// Aries' own preview. What it names an error refuses the order.
    async fn ask_aries(&self, account: &Account, body: &Value, verdict: &mut Verdict) -> Result<Estimate> {
        #[expect(clippy::disallowed_methods, reason = "Aries' own preview, which is no order")]
        let reply = match self.sender.post(&ORDER_PREVIEW, body).await {
            Sent::Answered(reply) => reply,
            Sent::Refused(error) => return Err(error),
            Sent::Unknown(error) if account.money.is_live() => {
                let cause = format!("Aries' own preview could not be had: {}", error.cause);
                return Err(Error::new(
                    ErrorKind::Unavailable,
                    cause,
                    "nothing was ordered; try again in a minute",
                ));
            }
            Sent::Unknown(error) => {
                verdict.unchecked.push(format!("Aries' own preview: {}", error.cause));
                return Ok(Estimate::default());
            }
        };
        let estimate = estimate::read(reply.json()?, body.get("legs").is_some())?;
        if estimate.is_empty() {
            let what = "Aries' own preview: its answer holds no number";
            if account.money.is_live() {
                let hint = "nothing was ordered; try again in a minute, then tell the person";
                return Err(Error::new(ErrorKind::Unavailable, what, hint));
            }
            verdict.unchecked.push(what.to_owned());
        }
        verdict.warnings.extend(estimate.warnings.iter().cloned());
        Ok(estimate)
    }
}

fn sentence(account: &Account, order: &Order, replaced: Option<&model::Order>, value: Decimal) -> String {
    // The quantity is the new total, so a person must know what of it is done already.
    let filled = |old: &model::Order| match old.filled {
        filled if filled.is_zero() => String::new(),
        filled => {
            let left = (order.quantity.value() - filled).normalize();
            format!("; {} filled already, {left} left to fill", filled.normalize())
        }
    };
    let old = replaced
        .map(|old| format!(" instead of {} ({}{})", old.sentence(), old.id, filled(old)))
        .unwrap_or_default();
    let about =
        if value.is_zero() { "of unknown value".to_owned() } else { format!("about {} USD", cents(value)) };
    format!("{}{old}, account {} {}, {about}", order.sentence(), account.masked(), account.money)
}

/// Whether two bodies order the same. Each has a client id of its own, and 380 is 380.00.
fn is_same(one: &Value, other: &Value) -> bool {
    let plain = |body: &Value| {
        let mut members = body.as_object().cloned().unwrap_or_default();
        members.remove("clientId");
        for name in ["qty", "price", "stopPrice"] {
            let number =
                members.get(name).and_then(Value::as_str).and_then(|text| text.parse::<Decimal>().ok());
            if let Some(number) = number {
                members.insert(name.to_owned(), Value::String(number.normalize().to_string()));
            }
        }
        members
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_order_is_known_however_its_numbers_are_written() {
        let order =
            |price: &str, id: &str| json!({"symbol": "MSFT", "qty": "10", "price": price, "clientId": id});
        assert!(is_same(&order("380.00", "am-1"), &order("380", "am-2")));
        assert!(!is_same(&order("380.00", "am-1"), &order("380.01", "am-2")));
        assert!(!is_same(&order("380", "am-1"), &json!({"symbol": "MSFT", "qty": "10"})));
    }
}

//! `preview_order`: everything that can be known before an order is sent, and the ticket that sends it.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::aries::endpoints::ORDER_PREVIEW;
use crate::aries::model::{self, Account};
use crate::aries::time;
use crate::aries::write::Sent;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::trade::Desk;
use crate::trade::approval::ticket::{Previewed, random};
use crate::trade::checks::estimate::{self, Estimate};
use crate::trade::checks::limits::{self, Scene, Verdict};
use crate::trade::checks::notional::cents;
use crate::trade::checks::portfolio;
use crate::trade::checks::position;
use crate::trade::checks::quote::{self, Quote};
use crate::trade::journal::history::{self, records};
use crate::trade::order::body::{Order, Shape};
use crate::trade::order::replacement;
use crate::trade::order::request::{self, Wanted};
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

/// An order and where it goes, checked in every way that needs no answer of a person.
pub(crate) struct Checked {
    pub(crate) verdict: Verdict,
    pub(crate) quote: Option<Quote>,
    /// Ids that Aries lists for the account now.
    pub(crate) listed: Vec<String>,
}

impl Desk {
    /// Previews an order.
    ///
    /// # Errors
    /// What is wrong with it, or what could not be found out and must be.
    pub(crate) async fn preview(&self, wanted: &Wanted) -> Result<Preview> {
        self.look_first().await;
        let account = portfolio::account(self.aries(), wanted.account.as_deref()).await?;
        self.open_for(&account)?;
        let today = time::now().date();
        let (order, replaced) = match &wanted.replaces {
            Some(id) => {
                let (order, old) = self.replacement(&account, wanted, id).await?;
                request::check(&order, today)?;
                (order, Some(old))
            }
            None => (request::order(wanted, today)?, None),
        };
        let checked = self.check(&account, &order, replaced.as_ref(), None).await?;
        let client_id = format!("am-{}", random()?.get(..24).unwrap_or_default());
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
        self.heed(&account, &order, cost, &mut verdict).await?;
        let sentence = self.sentence(&account, &order, replaced.as_ref(), verdict.value);
        verdict.warnings.extend(self.of_earlier_orders(&account, &order, &body)?);
        let told = estimate.money.iter().map(|(name, value)| format!("{name}: {value}"));
        let told = told.chain(estimate.day_trades.map(|days| format!("Day trades: {days}")));
        let quote_words = quote.as_ref().map_or_else(|| "none".to_owned(), Quote::words);
        let mut lines: Vec<String> = told.collect();
        lines.push(format!("Quote: {quote_words}"));
        lines.extend(verdict.warnings.iter().map(|warning| format!("Warning: {warning}")));
        lines.extend(verdict.unchecked.iter().map(|what| format!("Could not be checked: {what}")));
        let (ticket, expires) = self.tickets().issue(Previewed {
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
    fn of_earlier_orders(&self, account: &Account, order: &Order, body: &Value) -> Result<Vec<String>> {
        let lines = self.journal().read()?.unwrap_or_default();
        let known = records(lines.iter().flatten());
        let now = Timestamp::now();
        let alike = known.iter().rev().find(|record| {
            let recent = record.sent.is_some_and(|at| now.duration_since(at).as_mins() < 60);
            // What a replacement makes of its order is an order like any other.
            let known = [&record.facts.body, &record.facts.expect];
            recent && known.into_iter().flatten().any(|sent| is_same(sent, body))
        });
        let alike = alike.map(|record| {
            let minutes = record.sent.map_or(0, |at| now.duration_since(at).as_mins());
            format!(
                "the same order was sent {minutes} min ago ({}): this would be another one",
                record.state()
            )
        });
        let found = self.news(known.iter());
        let found =
            found.iter().map(|what| format!("an earlier order whose answer was lost is at Aries: {what}"));
        let doubts = history::doubts(&known, &account.id, order.underlying());
        let doubts = doubts.into_iter().map(|record| {
            format!(
                "nobody knows whether an earlier order is at Aries ({}), and until that is settled this one will not be \
                 sent; the person can look in Aries' own application and end the doubt in a terminal: {}",
                record.facts.summary.as_deref().unwrap_or_default(),
                way_out(&record.id)
            )
        });
        Ok(found.chain(doubts).chain(alike).collect())
    }

    /// Whether orders are possible on this account at all.
    pub(crate) fn open_for(&self, account: &Account) -> Result<()> {
        if !account.money.is_live() || self.trading().live {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Refused,
            format!("account {} is live, and live trading is off", account.masked()),
            "ask the person; only they can decide that, outside this conversation. A simulated account can be used",
        ))
    }

    /// Everything that is checked at preview and once more before sending: position, open orders, quote, limits. `cost`
    /// is what Aries' own preview said, once it has been asked.
    pub(crate) async fn check(
        &self,
        account: &Account,
        order: &Order,
        replaced: Option<&model::Order>,
        cost: Option<Decimal>,
    ) -> Result<Checked> {
        let aries = self.aries();
        // Orders first: one that is filled between the two reads counts twice, as ordered and as done. The other way
        // round it would not count at all, and the same shares could be sold again.
        let held = async {
            let open = portfolio::current(aries, &account.id).await?;
            Ok::<_, Error>((open, portfolio::positions(aries, &account.id).await?))
        };
        let (held, quote) = futures_util::join!(held, quote::fetch(aries, order));
        let live = account.money.is_live();
        let mut unchecked = Vec::new();
        let (open, positions) = held?;
        portfolio::readable(&open, order.underlying(), replaced)?;
        match positions {
            Some(positions) => {
                portfolio::readable_positions(&positions, order)?;
                position::check(order, &positions, &open, replaced)?;
            }
            None if live || closes(order) => {
                return Err(Error::new(
                    ErrorKind::Unavailable,
                    "Aries' list of positions is not available right now, so the order cannot be checked against it",
                    "try again in a minute",
                ));
            }
            None => unchecked.push("positions: Aries' list is not available".to_owned()),
        }
        let quote = match quote {
            Ok(quote) => Some(quote),
            Err(error) => {
                unchecked.push(format!("prices: {}", error.cause));
                None
            }
        };
        let scene = Scene {
            trading: self.trading(),
            account,
            replaced,
            now: Timestamp::now(),
            always_open: aries.urls().on_this_machine(),
        };
        let mut verdict = limits::check(&scene, order, quote.as_ref())?;
        verdict.unchecked.extend(unchecked);
        match cost {
            Some(_) => self.heed(account, order, cost, &mut verdict).await?,
            None => self.day(live, verdict.growth).await?,
        }
        Ok(Checked { verdict, quote, listed: open.into_iter().map(|order| order.id).collect() })
    }

    /// Counts Aries' own estimate too, where there is one.
    async fn heed(
        &self,
        account: &Account,
        order: &Order,
        cost: Option<Decimal>,
        verdict: &mut Verdict,
    ) -> Result<()> {
        let Some(cost) = cost else { return Ok(()) };
        let live = account.money.is_live();
        limits::heed(&self.trading().limits(live), order, cost, verdict)?;
        self.day(live, verdict.growth).await
    }

    /// What the day has left.
    async fn day(&self, live: bool, growth: Decimal) -> Result<()> {
        let journal = self.journal().open().await?;
        let used = history::used(&records(journal.lines.iter()), live, time::now().date());
        limits::day(self.trading(), live, used, growth)
    }

    /// Aries' own preview (`trading.md` 6.4). What it names an error refuses the order.
    async fn ask_aries(&self, account: &Account, body: &Value, verdict: &mut Verdict) -> Result<Estimate> {
        let reply = match self.writer().post(&ORDER_PREVIEW, body).await {
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

    fn sentence(
        &self,
        account: &Account,
        order: &Order,
        replaced: Option<&model::Order>,
        value: Decimal,
    ) -> String {
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
        let about = if value.is_zero() {
            "of unknown value".to_owned()
        } else {
            format!("about {} USD", cents(value))
        };
        format!("{}{old}, account {} {}, {about}", order.sentence(), account.masked(), account.money)
    }
}

fn closes(order: &Order) -> bool {
    match &order.shape {
        Shape::Stock { action, .. } => action.closes(),
        _ => order.legs().iter().any(|leg| leg.action.closes()),
    }
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

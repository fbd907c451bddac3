//! `preview_order`: everything that can be known before an order is sent, and the ticket that sends it.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::aries::difference::Difference;
use crate::aries::model::{self, Account};
use crate::aries::order_sender::{OrderSender, Sent};
use crate::aries::time;
use crate::clock;
use crate::config::Trading;
use crate::environment::Money;
use crate::error::{Error, Kind, Result};
use crate::rate_limits::Category;
use crate::told::Told;
use crate::trade::approval::declines::Declines;
use crate::trade::approval::ticket::{Previewed, Tickets, random};
use crate::trade::checks::borrow::check_borrow;
use crate::trade::checks::context::CheckResult;
use crate::trade::checks::estimate::{self, Estimate};
use crate::trade::checks::limits;
use crate::trade::checks::notional::{self, cents};
use crate::trade::checks::portfolio::Located;
use crate::trade::checks::quote::Quote;
use crate::trade::checks::{Checked, Checks};
use crate::trade::journal::history::History;
use crate::trade::order::body::Order;
use crate::trade::order::open::OWN;
use crate::trade::order::replacement;
use crate::trade::order::request::{self, OrderRequest};
use crate::trade::payoff::after::position_after;
use crate::trade::payoff::curve::Curve;
use crate::trade::payoff::holdings::left;
use crate::trade::payoff::rows::Row;
use crate::trade::payoff::{Known, Payoff};
use crate::trade::reconcile::Reconciler;
use crate::trade::reconcile::resolve::way_out;

/// Trading calls of a preview: three lists, and Aries' own preview.
const CALLS: usize = 4;

pub(crate) struct Previewer {
    pub(crate) checks: Checks,
    pub(crate) reconciler: Reconciler,
    pub(crate) sender: Arc<OrderSender>,
    pub(crate) tickets: Arc<Mutex<Tickets>>,
    pub(crate) declines: Declines,
}

#[derive(Debug, Clone)]
pub(crate) struct Preview {
    /// What is at stake in the account.
    pub(crate) money: Money,
    pub(crate) sentence: String,
    /// From Aries' own preview; empty where it has none.
    pub(crate) estimate: Estimate,
    pub(crate) result: CheckResult,
    pub(crate) quote: String,
    /// What the order can bring and cost, and the position after it: names and values.
    pub(crate) rows: Vec<Row>,
    /// Points of the payoff: price of the underlying, and profit in USD at expiration; none without one.
    pub(crate) curve: Vec<(Decimal, Decimal)>,
    pub(crate) placing: Placing,
}

/// Whether an order that was previewed can be placed.
#[derive(Debug, Clone)]
pub(crate) enum Placing {
    /// By this ticket, until then.
    Ticket(String, Timestamp),
    /// Not at all, for this reason: there is no ticket.
    Barred(Error),
}

impl Preview {
    /// Aries' estimate in USD, else the value computed here, if either is known.
    pub(crate) fn estimated_cost(&self) -> Option<Decimal> {
        self.estimate.cost.or(Some(self.result.value).filter(|value| !value.is_zero()))
    }
}

impl Previewer {
    /// By what the person allows now.
    pub(crate) async fn preview(&self, request: &OrderRequest) -> Result<Preview> {
        let checks = self.checks.now().await?;
        self.preview_by(&checks, request).await.map_err(|error| checks.allowed.explain(error))
    }

    async fn preview_by(&self, checks: &Checks, request: &OrderRequest) -> Result<Preview> {
        self.reconciler.look_first().await;
        checks.aries.room(Category::Trading, CALLS).await?;
        let mut history = self.reconciler.journal.history().await?;
        let all = model::account::all(&checks.aries).await?;
        let (named, located) = match (&request.account, &request.replaces) {
            (None, Some(replaced)) => {
                let (account, located) = self.reconciler.account_of(replaced, &all).await?;
                (Some(account), located)
            }
            (named, _) => (named.clone(), None),
        };
        let (account, told) = checks.account(all, named.as_deref(), &history)?;
        let trading = &checks.allowed.trading;
        if trading.puts_at_stake(account.money) {
            self.declines.check()?;
        }
        let (order, located) = self.requested_order(&account, request, located).await?;
        let Checked { mut result, quote, held, .. } =
            Box::pin(checks.check(&account, &order, located.as_ref(), &history)).await?;
        let replaced = located.map(|located| located.order);
        check_borrow(&checks.aries, &order, &mut result).await;
        history = self.reconciler.journal.open().await?.history();
        let day = checks.check_day(&account, &result, &history);
        result.within(trading, &account, day)?;
        let client_id = format!("{OWN}{:.24}", random()?);
        let (body, estimate) = match &replaced {
            Some(old) => {
                result.unchecked.push("Aries' own preview: it has none for replacements".to_owned());
                (replacement::body(&account, &order, old, &client_id), Estimate::default())
            }
            None => {
                let body = order.body(&account.id, Some(&client_id));
                let estimate = self.estimate(trading, &account, &order, &body, &mut result).await?;
                // Other orders may have been sent while Aries' preview was under way.
                history = self.reconciler.journal.history().await?;
                if let Some(cost) = estimate.cost {
                    let judged = limits::apply_estimate(&checks.limits(&account), &order, cost, &mut result);
                    result.within(trading, &account, judged)?;
                    let day = checks.check_day(&account, &result, &history);
                    result.within(trading, &account, day)?;
                }
                (body, estimate)
            }
        };
        result.warnings.extend(self.earlier_orders(&history, &account.id, &order, &body));
        let terms = terms(&order, replaced.as_ref(), &result);
        let sentence = sentence(&terms, &account, &order, &result);
        let payoff = payoff(&order, replaced.as_ref(), &result, quote.as_ref(), &estimate);
        let rows = rows(&order, replaced.as_ref(), payoff.as_ref(), &result);
        let quote = quote.as_ref().map_or_else(|| "none".to_owned(), Quote::words);
        let curve = payoff.as_ref().and_then(Payoff::curve).map(Curve::points).unwrap_or_default();
        let money = account.money;
        let previewed = Previewed {
            told: Account { money: told, ..account.clone() },
            account,
            order,
            replaced,
            body,
            client_id,
            cost: estimate.cost,
            market_price: result.market_price,
            sentence: sentence.clone(),
            terms,
            warnings: warnings(&result),
            numbers: numbers(&estimate, &rows, &quote),
            uncovered: result.uncovered,
            payoff,
            held,
        };
        let placing = self.placing(checks, previewed)?;
        Ok(Preview { money, sentence, estimate, result, quote, rows, curve, placing })
    }

    /// A ticket for what was previewed; none on a live account while live trading is off.
    fn placing(&self, checks: &Checks, previewed: Previewed) -> Result<Placing> {
        if let Err(refusal) = checks.check_live_trading(&previewed.account) {
            return Ok(Placing::Barred(checks.allowed.explain(refusal)));
        }
        let (ticket, until) = self.tickets.lock().unwrap_or_else(PoisonError::into_inner).issue(previewed)?;
        Ok(Placing::Ticket(ticket, until))
    }

    /// With the order that it replaces; `located` is that if it was read already.
    async fn requested_order(
        &self,
        account: &Account,
        request: &OrderRequest,
        located: Option<Located>,
    ) -> Result<(Order, Option<Located>)> {
        let today = time::now().date();
        let Some(id) = &request.replaces else { return Ok((request::order(request, today)?, None)) };
        let located = match located {
            Some(located) => located,
            None => self.reconciler.locate(&account.id, id).await?,
        };
        let order = replacement::order(&located.order, request)?;
        request::check_form(&order, today)?;
        Ok((order, Some(located)))
    }

    /// Asks Aries' own preview (`api-reference/orders/preview-order`). Fails if Aries would refuse the order, and if it can
    /// move real money and Aries does not say what it would cost; else that is a check that could not run.
    async fn estimate(
        &self,
        trading: &Trading,
        account: &Account,
        order: &Order,
        body: &Value,
        result: &mut CheckResult,
    ) -> Result<Estimate> {
        let unavailable = |cause: String, hint: Told| match trading.puts_at_stake(account.money) {
            true => Err(Error::new(Kind::Unavailable, cause, hint)),
            false => Ok(Estimate::default()),
        };
        let reply = match self.sender.preview(body).await {
            Sent::Answered(reply) => reply,
            Sent::Refused(error) => return Err(error),
            Sent::Denied(Error { cause, .. }) | Sent::Unknown(Error { cause, .. }) => {
                result.unchecked.push(format!("Aries' own preview: {cause}"));
                let cause = format!("Aries' own preview could not be had: {cause}");
                return unavailable(cause, "nothing was ordered; try again in a minute".into());
            }
        };
        let estimate = reply.strictly(|json| estimate::read(json, &order.legs))?;
        result.warnings.extend(estimate.warnings.iter().cloned());
        if estimate.is_empty() {
            let what = format!(
                "Aries' own preview: {}",
                Difference::new(["estimatedCost"], &[reply.json()?.inmost()]).words()
            );
            result.unchecked.push(what.clone());
            let hint = Told::pair(
                "nothing was ordered; try again in a minute, then tell the person",
                "nothing was ordered; try again in a minute",
            );
            return unavailable(what, hint);
        }
        if estimate.cost.is_none() {
            let what = "Aries' own estimate of the cost: its preview tells none";
            result.unchecked.push(what.to_owned());
        }
        Ok(estimate)
    }

    /// What the person should know of earlier orders: which of those whose answer was lost were found, of which the outcome
    /// is still unknown, and whether this very order was sent already, since a model may lose track.
    fn earlier_orders(&self, history: &History, account: &str, order: &Order, body: &Value) -> Vec<String> {
        let found = self.reconciler.unreported(history.0.iter()).into_iter();
        let found = found.map(|what| format!("an earlier order whose answer was lost is at Aries: {what}"));
        let unknown = history.unknown_on(account, &order.underlying).map(|one| {
            let (summary, way_out) = (one.summary(), way_out(&one.id));
            format!(
                "nobody knows whether an earlier order is at Aries ({summary}), and until that is settled this one will not be \
                 sent; look for it in Aries' own application, and end the doubt in a terminal: {way_out}"
            )
        });
        found.chain(unknown).chain(sent_before(history, body)).collect()
    }
}

fn sent_before(history: &History, body: &Value) -> Option<String> {
    let now = clock::now();
    history.0.iter().rev().find_map(|one| {
        let (at, sent) = one.sent.as_ref()?;
        let minutes = now.duration_since(*at).as_mins();
        // What a replacement makes of its order is an order like any other.
        let mut sent = [Some(&sent.body), sent.expect.as_ref()].into_iter().flatten();
        (minutes < 60 && sent.any(|sent| is_same_order(sent, body))).then(|| {
            format!("the same order was sent {minutes} min ago ({}): this would be another one", one.state())
        })
    })
}

/// Whether two bodies order the same. Their client ids do not count, and 380 is 380.00.
fn is_same_order(one: &Value, other: &Value) -> bool {
    const NUMBERS: [&str; 3] = ["qty", "price", "stopPrice"];
    let comparable = |body: &Value| -> Option<Map<String, Value>> {
        let mut members = body.as_object()?.clone();
        members.remove("clientId");
        let numbers = members.iter_mut().filter(|(name, _)| NUMBERS.contains(&name.as_str()));
        for (_, value) in numbers {
            if let Some(number) = value.as_str().and_then(|text| text.parse::<Decimal>().ok()) {
                *value = Value::String(number.normalize().to_string());
            }
        }
        Some(members)
    };
    comparable(one) == comparable(other)
}

/// The whole order in one sentence that a person can check.
fn sentence(terms: &str, account: &Account, order: &Order, result: &CheckResult) -> String {
    let value = value_words(order, result.value);
    let remark = result.remark.iter().map(|remark| format!(", {remark}"));
    let account = format!("account {} {}", account.masked(), account.money);
    format!("{terms}, {account}, {value}{}", remark.collect::<String>())
}

/// What is ordered, in place of what, and what it leaves uncovered.
fn terms(order: &Order, replaced: Option<&model::Order>, result: &CheckResult) -> String {
    let mut instead = String::new();
    if let Some(old) = replaced {
        instead = format!(" instead of {} ({}", old.sentence(), old.id);
        // The quantity is the new total, so a person must know what of it is filled already.
        if !old.filled.is_zero() {
            let left = (order.quantity.value() - old.filled).normalize();
            instead += &format!("; {} filled already, {left} left to fill", old.filled.normalize());
        }
        instead.push(')');
    }
    if !result.uncovered.is_none() {
        instead += &format!(", UNCOVERED: {}", result.uncovered);
    }
    order.sentence() + &instead
}

/// The value in USD as it is computed here, and at which price.
fn value_words(order: &Order, value: Decimal) -> String {
    if value.is_zero() {
        return "of unknown value".to_owned();
    }
    let own = notional::value_at_own_price(order, order.order_type).filter(|own| *own == value);
    let price = match own {
        Some(_) if order.limit.is_some() => "its limit price",
        Some(_) => "its stop price",
        None => "the market price",
    };
    format!("about {} USD at {price}", cents(value))
}

fn payoff(
    order: &Order,
    replaced: Option<&model::Order>,
    result: &CheckResult,
    quote: Option<&Quote>,
    estimate: &Estimate,
) -> Option<Payoff> {
    let (left, holdings, uncovered) = (left(order, replaced), result.holdings.as_ref(), result.uncovered);
    let today = time::now().date();
    Payoff::of(order, &Known { left, holdings, uncovered, quote, estimate, today })
}

fn rows(
    order: &Order,
    replaced: Option<&model::Order>,
    payoff: Option<&Payoff>,
    result: &CheckResult,
) -> Vec<Row> {
    let after = result.holdings.as_ref();
    let after = after.map(|held| ("Position after it", position_after(order, left(order, replaced), held)));
    let session = result.session.clone().map(|words| ("Session", words));
    payoff.map(Payoff::rows).unwrap_or_default().into_iter().chain(after).chain(session).collect()
}

/// What should stop the person.
fn warnings(result: &CheckResult) -> Vec<String> {
    let warnings = result.warnings.iter().map(|warning| format!("Warning: {warning}"));
    let unchecked = result.unchecked.iter().map(|what| format!("Could not be checked: {what}"));
    warnings.chain(unchecked).collect()
}

/// What the person reads below the sentence and the warnings.
fn numbers(estimate: &Estimate, rows: &[Row], quote: &str) -> Vec<String> {
    let amounts = estimate.amounts.iter().map(|(name, value)| format!("{name}, by Aries: {value} USD"));
    let day_trades = estimate.day_trades.map(|days| format!("Day trades: {days}"));
    let rows = rows.iter().map(|(name, value)| format!("{name}: {value}"));
    let quote = format!("Quote in USD: {quote}");
    rows.chain(amounts).chain(day_trades).chain([quote]).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_order_is_known_however_its_numbers_are_written() {
        let order =
            |price: &str, id: &str| json!({"symbol": "MSFT", "qty": "10", "price": price, "clientId": id});
        assert!(is_same_order(&order("380.00", "am-1"), &order("380", "am-2")));
        assert!(!is_same_order(&order("380.00", "am-1"), &order("380.01", "am-2")));
        assert!(!is_same_order(&order("380", "am-1"), &json!({"symbol": "MSFT", "qty": "10"})));
    }
}

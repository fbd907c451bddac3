//! What an order must pass before it is sent. The first check that refuses it ends them.

pub(crate) mod borrow;
pub(crate) mod context;
pub(crate) mod cover;
pub(crate) mod estimate;
pub(crate) mod limits;
pub(crate) mod notional;
pub(crate) mod portfolio;
pub(crate) mod position;
pub(crate) mod price;
pub(crate) mod quote;
pub(crate) mod session;
pub(crate) mod unchanged;
pub(crate) mod usage;

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::aries::model::{self, Account, Position};
use crate::aries::{Aries, time};
use crate::config::{Allowance, Allowed, Limits};
use crate::error::{Error, Kind, Result};
use crate::trade::journal::history::History;
use crate::trade::order::body::Order;
use crate::trade::payoff::holdings::{Holdings, left};
use context::{CheckContext, CheckResult};
use cover::{Written, check_cover};
use quote::Quote;
use unchanged::Held;

/// Checks orders against what the person allows and what Aries says. It only reads.
#[derive(Clone)]
pub(crate) struct Checks {
    pub(crate) aries: Aries,
    pub(crate) allowance: Allowance,
    /// What holds for the order that is checked.
    pub(crate) allowed: Allowed,
}

pub(crate) struct Checked {
    pub(crate) result: CheckResult,
    pub(crate) quote: Option<Quote>,
    /// Aries' ids of the orders that the account has today.
    pub(crate) listed: Vec<String>,
    /// What is held of all that the order is about, if that can be known.
    pub(crate) held: Option<Held>,
}

impl Checks {
    pub(crate) fn new(aries: Aries, allowance: Allowance) -> Self {
        Self { aries, allowed: allowance.at_start(), allowance }
    }

    /// The same by what the config file says now. Fails if it cannot be read, or allows no orders any more.
    pub(crate) async fn now(&self) -> Result<Self> {
        let allowed = self.allowance.now().await?;
        limits::check_symbol_lists(&allowed.trading)?;
        Ok(Self { allowed, ..self.clone() })
    }

    /// Refuses every order on a live account unless the person has switched live trading on.
    pub(crate) fn check_live_trading(&self, account: &Account) -> Result<()> {
        if !account.money.is_live() || self.allowed.trading.live {
            return Ok(());
        }
        let cause = format!("account {} is live, and live trading is off", account.masked());
        let hint = "ask the person; only they can decide that, outside this conversation. A simulated account can be used";
        Err(Error::new(Kind::Refused, cause, hint))
    }

    /// Runs every check but those of Aries' estimate and of the day, at preview and once more before sending. Fails with
    /// the first check that refuses the order, and if Aries' lists cannot be read.
    pub(crate) async fn check(
        &self,
        account: &Account,
        order: &Order,
        replaced: Option<&model::Order>,
    ) -> Result<Checked> {
        // The orders are read first: one that is filled between the two reads then counts twice, as ordered and as held.
        // The other way round it would not count at all, and the same shares could be sold again.
        let held = async {
            let open = portfolio::current(&self.aries, &account.id).await?;
            Ok::<_, Error>((open, portfolio::positions(&self.aries, &account.id).await?))
        };
        let (held, quote) = futures_util::join!(held, quote::fetch(&self.aries, order));
        let (open, positions) = held?;
        let mut context = CheckContext {
            trading: &self.allowed.trading,
            account,
            order,
            replaced,
            now: Timestamp::now(),
            always_open: self.aries.urls().on_this_machine(),
            result: CheckResult::default(),
        };
        portfolio::readable(&open, &order.underlying, replaced)?;
        check_positions(&mut context, &open, positions.as_deref())?;
        let mut unchecked = std::mem::take(&mut context.result.unchecked);
        let quote = quote.inspect_err(|error| unchecked.push(format!("prices: {}", error.cause))).ok();
        let mut result = check_order(context, quote.as_ref())?;
        result.unchecked.extend(unchecked);
        let others = portfolio::others(&open, replaced);
        let own = positions.as_deref().map(|positions| Holdings::of(order, positions, &others));
        let written = Written { account, order, left: left(order, replaced), held: own };
        check_cover(&self.aries, &self.allowed.trading, written, &mut result).await?;
        let held = positions.as_deref().map(|positions| unchanged::held_of(positions, order));
        Ok(Checked { result, quote, listed: open.into_iter().map(|order| order.id).collect(), held })
    }

    pub(crate) fn limits(&self, account: &Account) -> Limits {
        self.allowed.trading.limits(account.money)
    }

    pub(crate) fn check_day(&self, account: &Account, result: &CheckResult, history: &History) -> Result<()> {
        let used = history.used(account.money, time::now().date());
        limits::check_day(&self.limits(account), used, result.day_value)
    }
}

fn check_positions(
    context: &mut CheckContext<'_>,
    open: &[model::Order],
    positions: Option<&[Position]>,
) -> Result<()> {
    if let Some(positions) = positions {
        portfolio::readable_positions(positions, context.order)?;
        return position::check_position(context, positions, open);
    }
    let what =
        "Aries' list of positions is not available right now, so the order cannot be checked against it";
    let refusal = Error::new(Kind::Unavailable, what, "try again in a minute");
    if context.order.closes() {
        return Err(refusal);
    }
    context.refuse_if_live(refusal)?;
    context.result.unchecked.push("positions: Aries' list is not available".to_owned());
    Ok(())
}

/// Checks what can be said of an order by itself, its quote and the clock. Fails with the first check that refuses it.
fn check_order(mut context: CheckContext<'_>, quote: Option<&Quote>) -> Result<CheckResult> {
    let (order, limits) = (context.order, context.limits());
    limits::check_allowed(&context)?;
    session::check_expiration(&context)?;
    notional::check_multiplier(order, quote)?;
    limits::check_size(&limits, order)?;
    let quote = session::usable_quote(&mut context, quote)?;
    let mut order_type = order.order_type;
    if let Some(quote) = quote {
        order_type = price::effective_type(&mut context, quote)?;
        limits::check_type(context.trading, order_type)?;
        price::check_spread_side(order, quote)?;
    }
    let value = notional::value(order, order_type, quote);
    let legs = notional::value_of_legs(order, quote);
    for (value, what) in [
        (value, "its value cannot be computed without a price"),
        (legs, "the value of its legs cannot be computed without a price for each"),
    ] {
        if value.is_none() {
            context.unverified(what, format!("limits: {what}"))?;
        }
    }
    let value = value.unwrap_or_default();
    let least = notional::value_at_own_price(order, order_type);
    // The net of a spread may be less than what its legs put at stake.
    let counted = value.max(legs.unwrap_or_default());
    limits::check_value(&limits, counted, if counted > value { ", every leg counted" } else { "" })?;
    context.result.value = value;
    context.result.least_value = least.map_or(value, |least| least.min(value));
    context.result.day_value = (counted - replaced_value(&context)).max(Decimal::ZERO);
    if let Some(quote) = quote {
        price::check_price(&mut context, order_type, quote)?;
    }
    session::check_session(&mut context, order_type)?;
    context.result.warnings.extend(price::tick_warning(order));
    Ok(context.result)
}

/// The value of the order that is to be replaced, in USD; zero if there is none or it names no price.
fn replaced_value(context: &CheckContext<'_>) -> Decimal {
    let multiplier = context.order.multiplier();
    let value = |old: &model::Order| old.limit?.checked_mul(old.quantity)?.checked_mul(multiplier);
    context.replaced.and_then(value).unwrap_or_default()
}

#[cfg(test)]
mod tests;

//! What an order must pass before it is sent. The first check that refuses it ends them.

pub(crate) mod borrow;
pub(crate) mod context;
pub(crate) mod cover;
pub(crate) mod elsewhere;
pub(crate) mod estimate;
pub(crate) mod limits;
pub(crate) mod notional;
pub(crate) mod obligation;
pub(crate) mod portfolio;
pub(crate) mod position;
pub(crate) mod price;
pub(crate) mod quote;
pub(crate) mod recent;
pub(crate) mod session;
pub(crate) mod sound;
pub(crate) mod unchanged;
pub(crate) mod usage;
pub(crate) mod wavering;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::aries::model::{self, Account, Position};
use crate::aries::{Aries, time};
use crate::clock;
use crate::config::{Allowance, Allowed, Limits, OrderType};
use crate::environment::Money;
use crate::error::{Error, Kind, Result};
use crate::told::Told;
use crate::trade::journal::history::History;
use crate::trade::order::body::Order;
use crate::trade::payoff::holdings::{Holdings, left};
use crate::trade::reconcile::identity::is_same_day;
use context::{CheckContext, CheckResult};
use cover::{Judged, Written, check_cover};
use limits::Counted;
use portfolio::Located;
use quote::Quote;
use recent::Portfolio;
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
    /// Aries' ids of the orders that are open or came today: no new order gets one of them.
    pub(crate) listed: Vec<String>,
    /// What is held of what the order is about, before any of it is filled.
    pub(crate) before: BTreeMap<String, Decimal>,
    /// What is listed as held of all that the order is about, if that can be known.
    pub(crate) held: Option<Held>,
    /// To be judged once more under the lock of the journal, since other orders may take the same cash.
    pub(crate) cover: Judged,
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

    /// The account of these that an order is for, as it counts and as Aries calls it now: the one named, or the only open
    /// one. Fails if there is none, if several fit, and if it is said to be simulated, counts as live, and live trading is
    /// off.
    pub(crate) fn account(
        &self,
        all: Vec<Account>,
        name: Option<&str>,
        history: &History,
    ) -> Result<(Account, Money)> {
        limits::check_names(&self.allowed.trading, &all)?;
        let mut rows = all.clone();
        let account = portfolio::pick(wavering::settled(self.aries.heard(), all, history), name)?;
        rows.retain(|row| row.id == account.id);
        let told = rows.iter().map(|row| row.money).find(|money| money.is_live());
        if account.money.is_live() && !self.allowed.trading.live && told.is_none() {
            return Err(wavering::refusal(&account));
        }
        let told = told.or(rows.first().map(|row| row.money)).unwrap_or(account.money);
        Ok((account, told))
    }

    /// Refuses every order on a live account unless the person has switched live trading on.
    pub(crate) fn check_live_trading(&self, account: &Account) -> Result<()> {
        if !account.money.is_live() || self.allowed.trading.live {
            return Ok(());
        }
        let cause = format!("account {} is live, and live trading is off", account.masked());
        let hint = Told::pair(
            "only the person can switch it on, outside this conversation, in the config file of aries-mcp, as its README says \
             under Orders. A simulated account can be used",
            "you alone can switch it on, in the config file, as README says under Orders. A simulated account can be used",
        );
        Err(Error::new(Kind::Refused, cause, hint))
    }

    /// Runs every check but those of Aries' estimate and of the day, at preview and once more before sending. Of an order
    /// that replaces another one, the orders that were read to find that are not read again. Fails with the first check
    /// that refuses the order, and if Aries' lists cannot be read.
    pub(crate) async fn check(
        &self,
        account: &Account,
        order: &Order,
        replaced: Option<&Located>,
        history: &History,
    ) -> Result<Checked> {
        // The orders are read first: one that is filled between the two reads then counts twice, as ordered and as held.
        // The other way round it would not count at all, and the same shares could be sold again.
        let held = async {
            let open = match replaced {
                Some(located) => located.current.clone(),
                None => portfolio::current(&self.aries, &account.id).await?,
            };
            Ok::<_, Error>((open, portfolio::positions(&self.aries, &account.id).await?))
        };
        let (held, quote) = futures_util::join!(held, quote::fetch(&self.aries, order));
        let replaced = replaced.map(|located| &located.order);
        let (open, positions) = held?;
        let of_positions = positions.iter().flatten().filter_map(|position| position.account.as_deref());
        self.check_rows(
            account,
            open.iter().filter_map(|order| order.account.as_deref()).chain(of_positions),
        )?;
        let is_taken = |order: &&model::Order| {
            order.is_open() || order.created.is_none_or(|created| is_same_day(created, clock::now()))
        };
        let listed = open.iter().filter(is_taken).map(|order| order.id.clone()).collect();
        let portfolio = Portfolio::of(open.clone(), history, &account.id, clock::now());
        let mut context = CheckContext {
            trading: &self.allowed.trading,
            account,
            order,
            replaced,
            now: clock::now(),
            always_open: self.aries.urls().market_never_closes(),
            no_quote: quote.as_ref().err().cloned(),
            result: CheckResult::default(),
        };
        portfolio::readable(&portfolio.orders, &order.underlying, replaced)?;
        if let Err(refusal) = check_positions(&mut context, &portfolio, positions.as_deref()) {
            let own = positions.as_deref().unwrap_or_default();
            return Err(elsewhere::explain(&self.aries, account, order, own, refusal).await);
        }
        let others = portfolio::others(&portfolio.orders, replaced);
        let own =
            positions.as_deref().map(|listed| Holdings::of(order, &portfolio.positions(listed), &others));
        let left = left(order, replaced);
        let cost = cover::cost(order, left, quote.as_ref().ok());
        let written = Written { account, order, left, cost, held: own };
        let funds = check_cover(&self.aries, &self.allowed.trading, written, &mut context.result).await?;
        let mut unchecked = std::mem::take(&mut context.result.unchecked);
        let quote = quote.inspect_err(|error| unchecked.push(format!("prices: {}", error.cause))).ok();
        let mut result = check_order(context, quote.as_ref())?;
        result.unchecked.extend(unchecked);
        let before = positions.as_deref().map(|positions| portfolio.held_of(positions, order, replaced));
        let held = positions.as_deref().map(|positions| unchanged::held_of(positions, order));
        let cover = Judged { orders: open, positions, cost, funds };
        Ok(Checked { result, quote, listed, before: before.unwrap_or_default(), held, cover })
    }

    /// Fails if a row of this account's lists says that it is of another account of the person: nothing there covers here.
    fn check_rows<'r>(&self, account: &Account, mut rows: impl Iterator<Item = &'r str>) -> Result<()> {
        let Some(other) = rows.find(|id| *id != account.id && self.aries.heard().knows(id)) else {
            return Ok(());
        };
        let (own, other) = (account.masked(), model::account::masked(other));
        let cause =
            format!("Aries' lists of account {own} have rows of account {other}, so nothing can be checked");
        let hint = Told::from("try again in a minute; if it stays so, ")
            .and(Told::person_that("Aries is out of order"));
        Err(Error::new(Kind::Unavailable, cause, hint))
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
    portfolio: &Portfolio,
    positions: Option<&[Position]>,
) -> Result<()> {
    if let Some(positions) = positions {
        portfolio::readable_positions(positions, context.order)?;
        return position::check_position(context, positions, portfolio);
    }
    let what =
        "Aries' list of positions is not available right now, so the order cannot be checked against it";
    let refusal = Error::new(Kind::Unavailable, what, "try again in a minute");
    if context.order.closes() {
        return Err(refusal);
    }
    context.refuse_at_stake(refusal)?;
    context.result.unchecked.push("positions: Aries' list is not available".to_owned());
    Ok(())
}

/// Checks what can be said of an order by itself, its quote and the clock. Fails with the first check that refuses it.
fn check_order(mut context: CheckContext<'_>, quote: Option<&Quote>) -> Result<CheckResult> {
    let (order, limits) = (context.order, context.limits());
    limits::check_allowed(&context)?;
    session::check_expiration(&context)?;
    notional::check_multiplier(order, quote)?;
    context.within(limits::check_size(&limits, order))?;
    let judges = sound::judges(&mut context, quote)?;
    let mut order_type = order.order_type;
    for judge in &judges {
        if order_type != OrderType::Market {
            order_type = price::effective_type(&mut context, judge, quote.unwrap_or(judge))?;
        }
        limits::check_type(context.trading, order_type)?;
        price::check_spread_side(order, judge)?;
    }
    check_values(&mut context, order_type, &judges)?;
    for quote in &judges {
        price::check_price(&mut context, order_type, quote)?;
    }
    if let Some(quote) = judges.first() {
        context.result.warnings.extend(price::without_bid(order, quote));
        let side = if order.buys() { quote.ask } else { quote.bid };
        context.result.market_price = side.or(quote.last).filter(|_| order_type == OrderType::Market);
    }
    session::check_session(&mut context, order_type)?;
    context.result.warnings.extend(price::tick_warning(order));
    Ok(context.result)
}

/// Counts what the order is worth against the limits: by the highest of the prices that judge it, every leg of a spread,
/// and what its written options oblige to.
fn check_values(context: &mut CheckContext<'_>, order_type: OrderType, judges: &[Quote]) -> Result<()> {
    let (order, limits) = (context.order, context.limits());
    let each = |value: &dyn Fn(Option<&Quote>) -> Option<Decimal>| match judges {
        [] => value(None),
        some => some.iter().map(|quote| value(Some(quote))).max().flatten(),
    };
    let value = each(&|quote| notional::value(order, order_type, quote));
    let legs = each(&|quote| notional::value_of_legs(order, quote));
    for (value, what) in [
        (value, "its value cannot be computed without a price"),
        (legs, "the value of its legs cannot be computed without a price for each"),
    ] {
        if value.is_none() {
            context.unverified(what, format!("limits: {what}"))?;
        }
    }
    let (value, legs) = (value.unwrap_or_default(), legs.unwrap_or_default());
    let shares = judges.iter().filter_map(|quote| quote.underlying).max();
    let obligation = obligation::of(order, shares);
    let least = notional::value_at_own_price(order, order_type);
    // The net of a spread may be less than what its legs put at stake.
    let counted = value.max(legs).max(obligation);
    let how = match counted {
        counted if counted == value => Counted::Price,
        counted if counted == obligation => Counted::Obligation,
        _ => Counted::EveryLeg,
    };
    context.within(limits::check_value(&limits, counted, how))?;
    let result = &mut context.result;
    result.value = value;
    result.least_value = least.map_or(value, |least| least.min(value));
    context.result.day_value = (counted - replaced_value(context)).max(Decimal::ZERO);
    Ok(())
}

/// The value of the order that is to be replaced, in USD; zero if there is none or it names no price.
fn replaced_value(context: &CheckContext<'_>) -> Decimal {
    let multiplier = context.order.multiplier();
    let Some(old) = context.replaced else { return Decimal::ZERO };
    let value = old.limit.and_then(|limit| limit.checked_mul(old.quantity)?.checked_mul(multiplier));
    value.unwrap_or_default().max(obligation::of_listed(old, multiplier))
}

#[cfg(test)]
mod tests;

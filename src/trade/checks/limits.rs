//! The person's limits, applied to one order: value, size, symbols, types, and the distance from the market.
//!
//! What cannot be computed is refused on live accounts and told on simulated ones. No message says how to loosen a
//! limit: it says to ask the person (P49).

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::aries::model::{self, Account};
use crate::aries::symbols::Symbol;
use crate::aries::symbols::compare::{is_same_stock, may_be_same_underlying};
use crate::config::{Limits, Trading};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::trade::checks::notional::cents;
use crate::trade::checks::quote::Quote;
use crate::trade::checks::{notional, price, session};
use crate::trade::journal::history::Used;
use crate::trade::order::body::{Kind, Order};

/// Aries' estimate and the value here differ noticeably by more than a twentieth, for which no movement of the market
/// between two quotes accounts (it is the usual collar), and by more than 1 USD, which the fees of a tiny order can be.
const TWENTY: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

/// The circumstances of a check.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// What the person allows.
    pub(crate) trading: &'a Trading,
    /// Where it is to be ordered.
    pub(crate) account: &'a Account,
    /// The order whose place it takes.
    pub(crate) replaced: Option<&'a model::Order>,
    /// Now.
    pub(crate) now: Timestamp,
    /// The embedded market never closes.
    pub(crate) always_open: bool,
}

/// What came of a check that refused nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verdict {
    /// Value of the order, in USD; of a spread its net.
    pub(crate) value: Decimal,
    /// The same at the order's own price, where that is less: a sale below the market, a stop that is not reached.
    pub(crate) least: Decimal,
    /// What it adds to the value of the day: for a replacement only the growth, for a spread every leg.
    pub(crate) growth: Decimal,
    /// What a person should know.
    pub(crate) warnings: Vec<String>,
    /// Checks that could not run.
    pub(crate) unchecked: Vec<String>,
}

/// Checks everything that one order alone can break.
///
/// # Errors
/// [`Kind::Refused`](crate::error::Kind::Refused) naming the limit.
pub(crate) fn check(scene: &Scene<'_>, order: &Order, quote: Option<&Quote>) -> Result<Verdict> {
    let live = scene.account.money.is_live();
    let limits = scene.trading.limits(live);
    let mut verdict = Verdict::default();
    allowed(scene, order)?;
    session::unexpired(scene, order)?;
    standard(order, quote)?;
    let quantity = order.quantity.value();
    if order.legs().is_empty() && quantity > limits.max_order_quantity {
        return Err(beyond(&format!(
            "{quantity} shares, and the person's limit is {}",
            limits.max_order_quantity
        )));
    }
    for leg in order.legs() {
        let contracts = quantity * Decimal::from(leg.ratio);
        if contracts > limits.max_contracts {
            let what = format!(
                "{contracts} contracts of {}, and the person's limit is {}",
                leg.contract.words(),
                limits.max_contracts
            );
            return Err(beyond(&what));
        }
    }
    let quote = session::fresh(scene, order, quote, live, &mut verdict)?;
    let mut kind = order.kind;
    if let Some(quote) = quote {
        kind = price::kind(order, quote, live, &mut verdict)?;
        typed(scene.trading, kind)?;
        price::sides(order, quote)?;
    }
    let (net, premiums) = (notional::value(order, kind, quote), notional::premiums(order, quote));
    for (known, what) in [
        (net.is_some(), "its value cannot be computed without a price"),
        (premiums.is_some(), "the value of its legs cannot be computed without a price for each"),
    ] {
        match (known, live) {
            (true, _) => {}
            (false, true) => return Err(unknown(what)),
            (false, false) => verdict.unchecked.push(format!("limits: {what}")),
        }
    }
    verdict.value = net.unwrap_or_default();
    verdict.least = notional::own_price(order, kind)
        .and_then(|own| notional::at(order, own))
        .map_or(verdict.value, |own| own.min(verdict.value));
    // What counts for the limits: of a spread more than its net.
    let counted = verdict.value.max(premiums.unwrap_or_default());
    if counted > limits.max_order_value {
        let legs = if counted > verdict.value { ", every leg counted" } else { "" };
        let what = format!(
            "a value of {} USD{legs}, and the person's limit is {}",
            cents(counted),
            limits.max_order_value
        );
        return Err(beyond(&what));
    }
    let before =
        scene.replaced.and_then(|old| old.limit?.checked_mul(old.quantity)?.checked_mul(order.multiplier()));
    verdict.growth = (counted - before.unwrap_or_default()).max(Decimal::ZERO);
    if let Some(quote) = quote {
        price::check(order, kind, quote, live, limits.price_collar_percent, &mut verdict)?;
    }
    session::session(scene, order, kind, live, &mut verdict)?;
    verdict.warnings.extend(coarse(order));
    Ok(verdict)
}

/// Counts what Aries itself expects a new order to cost: it knows the contract and its fees, so of two values the
/// higher one counts for the order and for the day.
///
/// # Errors
/// [`Kind::Refused`](crate::error::Kind::Refused) naming the limit.
pub(crate) fn heed(limits: &Limits, order: &Order, cost: Decimal, verdict: &mut Verdict) -> Result<()> {
    let estimate = cost.abs();
    if estimate > limits.max_order_value {
        let what = format!(
            "a value of {} USD by Aries' own estimate, and the person's limit is {}",
            cents(estimate),
            limits.max_order_value
        );
        return Err(beyond(&what));
    }
    verdict.growth = verdict.growth.max(estimate);
    // A sale may have no cost, and an unknown value explains nothing.
    let comparable = !verdict.value.is_zero() && (order.buys() || !estimate.is_zero());
    // Negative between the two values.
    let apart = (estimate - verdict.value).max(verdict.least - estimate);
    if order.buys() && cost < Decimal::ZERO {
        // What its sign means is not documented, so it is told and no more.
        verdict.warnings.push(format!(
            "Aries estimates that {} USD come in, but a purchase costs money",
            cents(estimate)
        ));
    } else if comparable && apart > Decimal::ONE && apart > verdict.value / TWENTY {
        verdict.warnings.push(format!(
            "Aries estimates {} USD, but by its price and quantity the order is worth {} USD",
            cents(estimate),
            cents(verdict.value)
        ));
    }
    Ok(())
}

/// Checks what the day has left.
///
/// # Errors
/// [`Kind::Refused`](crate::error::Kind::Refused) naming the limit.
pub(crate) fn day(trading: &Trading, live: bool, used: Used, growth: Decimal) -> Result<()> {
    let limits = trading.limits(live);
    if used.orders >= limits.max_orders_per_day {
        let what = format!(
            "{} orders were sent today, and the person's limit is {}",
            used.orders, limits.max_orders_per_day
        );
        return Err(beyond(&what));
    }
    // A sum that no decimal can hold is beyond every limit.
    if used.value.checked_add(growth).is_none_or(|sum| sum > limits.max_value_per_day) {
        let what = format!(
            "{} USD were ordered today, {} more would pass the person's limit of {}",
            cents(used.value),
            cents(growth),
            limits.max_value_per_day
        );
        return Err(beyond(&what));
    }
    Ok(())
}

/// That every entry of `symbols_allow` and `symbols_deny` names an underlying: one that named nothing would forbid
/// nothing.
///
/// # Errors
/// [`Kind::Usage`](crate::error::Kind::Usage) naming the entry.
pub(crate) fn symbols(trading: &Trading) -> Result<()> {
    let allow = trading.symbols_allow.iter().flatten().map(|entry| ("symbols_allow", entry));
    let deny = trading.symbols_deny.iter().map(|entry| ("symbols_deny", entry));
    for (list, entry) in allow.chain(deny) {
        if !matches!(Symbol::traded(entry), Ok(Symbol::Stock(_))) {
            return Err(Error::usage(
                format!("[trading] {list}: {entry:?} is no ticker"),
                "write one ticker per entry, such as \"MSFT\" or \"BRK.B\"; of an option or an index its ticker",
            ));
        }
    }
    Ok(())
}

fn allowed(scene: &Scene<'_>, order: &Order) -> Result<()> {
    let trading = scene.trading;
    if let Some(accounts) = &trading.accounts
        && !accounts.iter().any(|name| scene.account.is_named(name))
    {
        return Err(beyond(&format!(
            "account {} is not among those the person allows",
            scene.account.masked()
        )));
    }
    let ticker = order.underlying();
    let denies = |entry: &String| may_be_same_underlying(entry, ticker);
    // What is allowed is these shares and no others; the root of an option can only be compared by its letters.
    let allows =
        |entry: &String| if order.legs().is_empty() { is_same_stock(entry, ticker) } else { denies(entry) };
    let allowed = trading.symbols_allow.as_ref().is_none_or(|list| list.iter().any(allows));
    if trading.symbols_deny.iter().any(denies) || !allowed {
        return Err(beyond(&format!("{ticker} is not among the symbols the person allows")));
    }
    typed(trading, order.kind)
}

/// Whether the person allows this type of order.
fn typed(trading: &Trading, kind: Kind) -> Result<()> {
    let word = kind.word();
    if trading.order_types.as_ref().is_some_and(|types| !types.iter().any(|kind| kind.name() == word)) {
        return Err(beyond(&format!("{word} orders are not among those the person allows")));
    }
    Ok(())
}

/// Every value here counts 100 shares a contract, so a contract that is said to stand for another number is refused.
fn standard(order: &Order, quote: Option<&Quote>) -> Result<()> {
    let quotes = quote.map(|quote| quote.legs.as_slice()).unwrap_or_default();
    let other = order.legs().iter().zip(quotes).find_map(|(leg, quote)| {
        let shares = quote.shares.filter(|shares| *shares != order.multiplier())?;
        Some((leg, shares))
    });
    let Some((leg, shares)) = other else { return Ok(()) };
    Err(Error::new(
        ErrorKind::Refused,
        format!("{} stands for {} shares, not for 100", leg.contract.words(), shares.normalize()),
        "tell the person to trade it in Aries' own application",
    ))
}

/// The usual step of options is known, that of each class is not.
fn coarse(order: &Order) -> Option<String> {
    let limit = order.limit.as_ref().filter(|_| order.legs().len() == 1)?.value();
    let off = limit >= Decimal::from(3) && !(limit * Decimal::from(20)).is_integer();
    off.then(|| {
        "many options from 3.00 on trade in steps of 0.05: the exchange may reject this price".to_owned()
    })
}

pub(crate) fn beyond(what: &str) -> Error {
    Error::new(
        ErrorKind::Refused,
        format!("not allowed: {what}"),
        "tell the person; ask what they want to do instead",
    )
}

pub(crate) fn unknown(what: &str) -> Error {
    Error::new(
        ErrorKind::Refused,
        format!("not allowed on a live account: {what}"),
        "tell the person; it may work when Aries has current prices",
    )
}

#[cfg(test)]
mod tests;

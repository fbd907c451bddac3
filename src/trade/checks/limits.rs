//! The limits that the person has set: accounts, symbols, types, size, value, orders and value of a day.

use rust_decimal::Decimal;

use crate::aries::model::Account;
use crate::aries::model::account::masked;
use crate::aries::symbols::Symbol;
use crate::aries::symbols::compare::{is_same_stock, may_be_same_underlying};
use crate::config::{Limits, Trading};
use crate::error::{Error, Result};
use crate::trade::checks::context::{CheckContext, CheckResult, over_limit};
use crate::trade::checks::notional::cents;
use crate::trade::journal::history::Used;
use crate::trade::order::body::Order;
use crate::trade::order::terms::OrderType;

/// The least difference between Aries' estimate and the value computed here that is worth a warning, as a part of the
/// value: a twentieth. It is the usual collar, and no market moves that far between two quotes. The difference also has
/// to be more than 1 USD, which the fees of a tiny order can be.
const NOTICEABLE_PART: Decimal = Decimal::from_parts(5, 0, 0, false, 2);

/// Refuses an entry of `symbols_allow` or `symbols_deny` that names no ticker, since it would allow or deny nothing.
pub(crate) fn check_symbol_lists(trading: &Trading) -> Result<()> {
    let allow = trading.symbols_allow.iter().flatten().map(|entry| ("symbols_allow", entry));
    let deny = trading.symbols_deny.iter().map(|entry| ("symbols_deny", entry));
    for (list, entry) in allow.chain(deny) {
        // Entries are compared as they stand, so other programs' spellings (`$TSLA`, `NYSE:F`) would name nothing.
        if !matches!(Symbol::traded(entry), Ok(Symbol::Stock(ticker)) if is_same_stock(entry, &ticker)) {
            let cause = format!("[trading] {list}: {entry:?} is no ticker");
            let hint = "write one ticker per entry, such as \"MSFT\" or \"BRK.B\"; of an option or an index its ticker";
            return Err(Error::usage(cause, hint));
        }
    }
    Ok(())
}

pub(crate) fn check_allowed(context: &CheckContext<'_>) -> Result<()> {
    let (trading, account, order) = (context.trading, context.account, context.order);
    check_account_and_symbol(trading, account, &order.underlying, order.is_stock())?;
    check_type(trading, order.order_type)
}

/// Refuses what the config file allows by an end of an id that several accounts have: nobody knows which is meant.
pub(crate) fn check_names(trading: &Trading, all: &[Account]) -> Result<()> {
    let named = |name: &String| {
        let mut ids: Vec<&str> = all
            .iter()
            .filter(|account| account.is_open() && account.is_named(name))
            .map(|account| account.id.as_str())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len() > 1 && !ids.contains(&name.as_str())
    };
    match trading.accounts.iter().flatten().find(|name| named(name)) {
        Some(name) => Err(over_limit(&format!(
            "`accounts` in the config file has {}, and several accounts end like that",
            masked(name)
        ))),
        None => Ok(()),
    }
}

/// Refuses an account or a ticker that is not allowed, of an order for shares or for options.
pub(crate) fn check_account_and_symbol(
    trading: &Trading,
    account: &Account,
    ticker: &str,
    is_stock: bool,
) -> Result<()> {
    let is_named = |names: &Vec<String>| names.iter().any(|name| account.is_named(name));
    if !trading.readings().filter_map(|trading| trading.accounts.as_ref()).all(is_named) {
        let account = account.masked();
        return Err(over_limit(&format!("account {account} is not among those that are allowed")));
    }
    let may_be_it = |entry: &String| may_be_same_underlying(entry, ticker);
    // Of stocks exactly these are allowed. The root of an option can only be compared by its letters.
    let is_it = |entry: &String| if is_stock { is_same_stock(entry, ticker) } else { may_be_it(entry) };
    let mut lists = trading.readings().filter_map(|trading| trading.symbols_allow.as_ref());
    if trading.symbols_deny.iter().any(may_be_it) || !lists.all(|list| list.iter().any(is_it)) {
        return Err(over_limit(&format!("{ticker} is not among the symbols that are allowed")));
    }
    Ok(())
}

pub(crate) fn check_type(trading: &Trading, order_type: OrderType) -> Result<()> {
    if trading.order_types.as_ref().is_none_or(|types| types.contains(&order_type)) {
        return Ok(());
    }
    Err(over_limit(&format!("{} orders are not among those that are allowed", order_type.name())))
}

pub(crate) fn check_size(limits: &Limits, order: &Order) -> Result<()> {
    let quantity = order.quantity.value();
    if order.is_stock() && quantity > limits.max_order_quantity {
        let limit = limits.max_order_quantity;
        return Err(over_limit(&format!("{quantity} shares, and the limit is {limit}")));
    }
    for leg in &order.legs {
        let contracts = quantity * Decimal::from(leg.ratio);
        if contracts > limits.max_contracts {
            let (contract, limit) = (leg.contract.words(), limits.max_contracts);
            let what = format!("{contracts} contracts of {contract}, and the limit is {limit}");
            return Err(over_limit(&what));
        }
    }
    Ok(())
}

/// How the value of an order was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// By its price and quantity; of a spread by its net.
    Price,
    EveryLeg,
    /// By what assignment of the options that it writes can move: paid for shares, or got for them.
    Obligation,
    Estimate,
}

/// Refuses an order of too much value.
pub(crate) fn check_value(limits: &Limits, value: Decimal, counted: Counted) -> Result<()> {
    if value <= limits.max_order_value {
        return Ok(());
    }
    let (value, limit) = (cents(value), cents(limits.max_order_value));
    let what = match counted {
        Counted::Price => format!("a value of {value} USD"),
        Counted::EveryLeg => format!("a value of {value} USD, every leg counted"),
        Counted::Obligation => format!("assignment of the options that it writes can move {value} USD"),
        Counted::Estimate => format!("a value of {value} USD by Aries' own estimate"),
    };
    Err(over_limit(&format!("{what}, and the limit is {limit} USD")))
}

/// Counts what Aries itself expects a new order to cost. Aries knows the contract and its fees, so the higher of the two
/// values counts for the order and for the day.
pub(crate) fn apply_estimate(
    limits: &Limits,
    order: &Order,
    cost: Decimal,
    result: &mut CheckResult,
) -> Result<()> {
    result.day_value = result.day_value.max(cost.abs());
    compare_estimate(order, cost, result);
    check_value(limits, cost.abs(), Counted::Estimate)
}

/// Warns where Aries' estimate and the value that is computed here contradict each other.
fn compare_estimate(order: &Order, cost: Decimal, result: &mut CheckResult) {
    let estimate = cost.abs();
    if order.buys() && cost < Decimal::ZERO {
        // Aries does not document what the sign means, so the order is not refused for it.
        let amount = cents(estimate);
        result
            .warnings
            .push(format!("Aries estimates that {amount} USD come in, but a purchase costs money"));
        return;
    }
    // A sale may have no cost, and an unknown value cannot be compared.
    let comparable = !result.value.is_zero() && (order.buys() || !estimate.is_zero());
    // Negative between the two values.
    let difference = (estimate - result.value).max(result.least_value - estimate);
    if comparable && difference > Decimal::ONE && difference > result.value * NOTICEABLE_PART {
        let (estimate, value) = (cents(estimate), cents(result.value));
        let what = format!(
            "Aries estimates {estimate} USD, but by its price and quantity the order is worth {value} USD"
        );
        result.warnings.push(what);
    }
}

/// Refuses an order that the day has no room for: `used` was sent today, and `value` in USD would be added to it.
pub(crate) fn check_day(limits: &Limits, used: Used, value: Decimal) -> Result<()> {
    if used.orders >= limits.max_orders_per_day {
        let (orders, limit) = (used.orders, limits.max_orders_per_day);
        return Err(over_limit(&format!("{orders} orders were sent today, and the limit is {limit}")));
    }
    // A sum that no decimal can hold is over every limit.
    if used.value.checked_add(value).is_none_or(|sum| sum > limits.max_value_per_day) {
        let (used, more, limit) = (cents(used.value), cents(value), cents(limits.max_value_per_day));
        let what = format!(
            "{used} USD were ordered today, and {more} USD more would pass the limit of {limit} USD a day"
        );
        return Err(over_limit(&what));
    }
    Ok(())
}

//! Limit usage: what the person allows, and what today has used of it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};

use crate::aries::model::account::masked;
use crate::aries::time;
use crate::config::{Limits, OrderType, Trading};
use crate::environment::Money;
use crate::trade::checks::notional::cents;
use crate::trade::journal::history::History;

#[derive(Debug, Serialize)]
pub(crate) struct LimitUsage {
    #[serde(flatten)]
    limits: Limits,
    orders_today: u32,
    value_today: Decimal,
}

pub(crate) fn limit_usage(trading: &Trading, history: &History) -> BTreeMap<&'static str, LimitUsage> {
    let today = time::now().date();
    let usage = |money: Money| {
        let used = history.used(money, today);
        LimitUsage { limits: trading.limits(money), orders_today: used.orders, value_today: used.value }
    };
    BTreeMap::from([("live", usage(Money::Live)), ("simulated", usage(Money::Simulated))])
}

impl LimitUsage {
    pub(crate) fn words(&self) -> String {
        let Limits { max_order_quantity: shares, max_contracts: contracts, max_orders_per_day, .. } =
            &self.limits;
        let Limits { max_order_value, max_value_per_day, price_collar_percent: collar, .. } = self.limits;
        let [value, of_day, used] = [max_order_value, max_value_per_day, self.value_today].map(cents);
        let orders = self.orders_today;
        format!(
            "at most {value} USD, {shares} shares and {contracts} contracts an order, at a price up to {collar} % worse than the \
             market; used today: {orders} of {max_orders_per_day} orders and {used} of {of_day} USD"
        )
    }
}

/// What may be ordered at all, and on which accounts. An absent list restricts nothing.
#[derive(Debug, Serialize)]
pub(crate) struct Restrictions {
    /// Last four characters of the accounts.
    accounts: Option<Vec<String>>,
    symbols_allow: Option<Vec<String>>,
    symbols_deny: Vec<String>,
    order_types: Option<Vec<OrderType>>,
    uncovered_options: bool,
}

impl Restrictions {
    pub(crate) fn of(trading: &Trading) -> Self {
        Self {
            accounts: trading.accounts.as_ref().map(|names| names.iter().map(|name| masked(name)).collect()),
            symbols_allow: trading.symbols_allow.clone(),
            symbols_deny: trading.symbols_deny.clone(),
            order_types: trading.order_types.clone(),
            uncovered_options: trading.uncovered_options,
        }
    }

    pub(crate) fn words(&self) -> String {
        let every = |what: &str, list: Option<&[String]>| match list {
            None => format!("every {what}"),
            Some([]) => format!("no {what}"),
            Some(list) => format!("{what} {}", list.join(" ")),
        };
        let types: Option<Vec<String>> =
            self.order_types.as_ref().map(|types| types.iter().map(|one| one.name()).collect());
        let but = if self.symbols_deny.is_empty() { "" } else { ", but not " };
        format!(
            "{}; {}{but}{}; {}; uncovered options on live accounts are {}",
            every("account", self.accounts.as_deref()),
            every("symbol", self.symbols_allow.as_deref()),
            self.symbols_deny.join(" "),
            every("order type", types.as_deref()),
            if self.uncovered_options { "allowed" } else { "refused" }
        )
    }
}

pub(crate) fn allowed(trading: &Trading, history: &History) -> Value {
    let restrictions = Restrictions::of(trading);
    json!({
        "live_trading": trading.live,
        "approval": trading.approval,
        "accounts": restrictions.accounts,
        "symbols_allow": restrictions.symbols_allow,
        "symbols_deny": restrictions.symbols_deny,
        "order_types": restrictions.order_types,
        "uncovered_options": restrictions.uncovered_options,
        "limits": limit_usage(trading, history),
    })
}

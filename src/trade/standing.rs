//! The limits as they stand: what the person allows, and what today has used of it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};

use super::Desk;
use super::journal::Journal;
use super::record;
use crate::aries::time;
use crate::config::{Limits, Trading};

/// The limits of one kind of account, and what today has used of them.
#[derive(Debug, Serialize)]
pub struct Standing {
    #[serde(flatten)]
    limits: Limits,
    orders_today: u32,
    value_today: Decimal,
}

/// Both kinds of accounts. A journal that cannot be read counts as empty here; sending reads it again and refuses.
pub fn of(trading: &Trading, journal: &Journal) -> BTreeMap<&'static str, Standing> {
    let lines = journal.read().ok().flatten().unwrap_or_default();
    let known = record::records(lines.iter().flatten());
    let today = time::now().date();
    let of = |live: bool| {
        let used = record::used(&known, live, today);
        Standing { limits: trading.limits(live), orders_today: used.orders, value_today: used.value }
    };
    BTreeMap::from([("live", of(true)), ("simulated", of(false))])
}

impl Standing {
    /// One line for people.
    pub fn words(&self) -> String {
        let limits = &self.limits;
        format!(
            "{} USD, {} shares, {} contracts an order; {} of {} orders and {} of {} USD today; {} % from the market",
            limits.max_order_value,
            limits.max_order_quantity,
            limits.max_contracts,
            self.orders_today,
            limits.max_orders_per_day,
            self.value_today.normalize(),
            limits.max_value_per_day,
            limits.price_collar_percent
        )
    }
}

impl Desk {
    /// Everything the person allows, for whoever may only read it.
    pub fn standing(&self) -> Value {
        let trading = self.trading();
        let account = |name: &String| {
            let skip = name.chars().count().saturating_sub(4);
            format!("…{}", name.chars().skip(skip).collect::<String>())
        };
        json!({
            "live_trading": trading.live,
            "approval": trading.approval,
            "accounts": trading.accounts.as_ref().map(|names| names.iter().map(account).collect::<Vec<_>>()),
            "symbols_allow": trading.symbols_allow,
            "symbols_deny": trading.symbols_deny,
            "order_types": trading.order_types,
            "limits": of(trading, self.journal()),
        })
    }
}

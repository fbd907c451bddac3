//! The fills of an account: those of a period, and those before it that tell what was paid for what was sold in it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::realized::Fill;
use crate::aries::model::Order;
use crate::aries::model::order::list::{LONGEST, List, whole};
use crate::aries::{Aries, time};
use crate::error::Result;
use crate::tools::format::count;
use crate::tools::period::{Period, days_before};

/// The longest stretch that Aries answers at once.
const MOST_DAYS: i64 = LONGEST.as_hours() / 24;

pub(super) struct History {
    pub(super) fills: Vec<Fill>,
    /// Since when the fills are known.
    since: Timestamp,
    /// What is missing among them, a sentence each.
    pub(super) notes: Vec<String>,
}

impl History {
    pub(super) fn since_words(&self) -> String {
        self.since.to_zoned(time::zone()).date().to_string()
    }
}

/// Reads the orders of the period in parts, and those of the 90 days before it.
pub(super) async fn read(aries: &Aries, account: &str, period: Period) -> Result<History> {
    let mut parts = Vec::new();
    let mut end = period.to;
    while end > period.from {
        // A day less, since Aries takes whole seconds: those at both ends belong to the part.
        let begin = days_before(end, MOST_DAYS - 1).max(period.from);
        parts.push((begin, end));
        end = begin;
    }
    let before = (days_before(period.from, MOST_DAYS), period.from);
    let list = |(from, to)| whole(aries, account, List::History { from, to });
    let (parts, before_it) =
        futures_util::join!(futures_util::future::try_join_all(parts.into_iter().map(list)), list(before));
    let mut orders: Vec<Order> = parts?.into_iter().flatten().collect();
    let (mut since, mut notes) = (before.0, Vec::new());
    match before_it {
        Ok(older) => orders.extend(older),
        Err(error) => {
            since = period.from;
            notes.push(format!("orders before {} could not be read: {}", period.words(), error.cause));
        }
    }
    // Two parts may both have an order of the moment between them.
    let mut seen = BTreeSet::new();
    orders.retain(|order| order.id.is_empty() || seen.insert(order.id.clone()));
    count_once(&mut orders);
    let is_filled = |order: &Order| order.written.filled.is_none_or(|filled| !filled.is_zero());
    let unreadable = orders.iter().filter(|order| order.unreadable.is_some() && is_filled(order)).count();
    if unreadable > 0 {
        notes.push(format!(
            "left out, since Aries' answer cannot be read there: {}",
            count(unreadable, "order")
        ));
    }
    orders.retain(|order| order.unreadable.is_none());
    Ok(History { fills: orders.iter().flat_map(Fill::of).collect(), since, notes })
}

/// Leaves out the orders whose fills stand at the order that replaced them.
fn count_once(orders: &mut Vec<Order>) {
    let newer = orders
        .iter()
        .filter_map(|order| Some((order.replaces.clone().filter(|id| *id != order.id)?, order.filled)));
    let carried: BTreeMap<String, Decimal> = newer.collect();
    orders.retain(|order| carried.get(&order.id).is_none_or(|filled| *filled < order.filled));
}

//! Profit that sales realized, out of the fills of orders, first in, first out. Pure: the fills are given.
//!
//! Only what was bought within these fills has a known cost. What is sold beyond that was bought before them, and its profit
//! is not known.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::aries::model::Order;
use crate::aries::symbols::Symbol;
use crate::tools::period::Period;

/// What was bought or sold of one instrument.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fill {
    pub(super) symbol: String,
    pub(super) at: Timestamp,
    pub(super) buys: bool,
    /// Whether it closes a position; `None` if Aries does not say.
    pub(super) closes: Option<bool>,
    pub(super) quantity: Decimal,
    pub(super) price: Option<Decimal>,
    /// Shares that one unit stands for; `None` of an adjusted contract.
    pub(super) multiplier: Option<Decimal>,
}

impl Fill {
    /// The fills of one order: one, or one per leg. Empty if nothing was filled.
    pub(super) fn of(order: &Order) -> Vec<Self> {
        let Some(at) = order.updated.or(order.created).filter(|_| order.filled > Decimal::ZERO) else {
            return Vec::new();
        };
        if order.legs.is_empty() {
            let closes = match order.side.as_str() {
                "SELL_SHORT" => Some(false),
                "BUY_TO_COVER" | "SELL" => Some(true),
                _ => None,
            };
            let symbol =
                Symbol::listed(&order.symbol).map_or_else(|| order.symbol.clone(), |own| own.to_string());
            let buys = order.side.starts_with("BUY");
            let multiplier = Some(Decimal::ONE);
            let (quantity, price) = (order.filled, order.average);
            return vec![Self { symbol, at, buys, closes, quantity, price, multiplier }];
        }
        let is_single = order.legs.len() == 1;
        let fill = |leg: &crate::aries::model::order::Leg| Self {
            symbol: leg.contract.to_string(),
            at,
            buys: leg.buys,
            closes: leg.closes,
            quantity: order.filled.saturating_mul(leg.ratio),
            price: leg.average.or(order.average.filter(|_| is_single)),
            multiplier: (!leg.contract.is_adjusted()).then_some(Decimal::ONE_HUNDRED),
        };
        order.legs.iter().map(fill).collect()
    }
}

/// What the fills of a period did to one instrument.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Realized {
    pub(super) bought: Traded,
    pub(super) sold: Traded,
    /// Profit of what was closed in the period and opened within the fills; `None` if nothing such was closed, or a price is
    /// not known.
    pub(super) profit: Option<Decimal>,
    /// How much was closed in the period that was opened before the fills, or at a price that is not known.
    pub(super) unknown: Decimal,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Traded {
    pub(super) quantity: Decimal,
    amount: Decimal,
    has_unpriced: bool,
}

impl Traded {
    fn add(&mut self, fill: &Fill) {
        self.quantity += fill.quantity;
        match fill.price.and_then(|price| price.checked_mul(fill.quantity)) {
            Some(amount) => self.amount += amount,
            None => self.has_unpriced = true,
        }
    }

    /// The average price; unknown if that of a part is.
    pub(super) fn average(&self) -> Option<Decimal> {
        if self.has_unpriced { None } else { self.amount.checked_div(self.quantity) }
    }
}

/// A quantity that was opened at a price, negative if it was sold short.
struct Lot {
    quantity: Decimal,
    price: Option<Decimal>,
}

/// By symbol, what the fills within the period did, given every earlier fill that is known too.
pub(super) fn realized(mut fills: Vec<Fill>, period: Period) -> BTreeMap<String, Realized> {
    fills.sort_by_key(|fill| fill.at);
    let mut lots: BTreeMap<String, VecDeque<Lot>> = BTreeMap::new();
    let mut found: BTreeMap<String, Realized> = BTreeMap::new();
    for fill in &fills {
        let lots = lots.entry(fill.symbol.clone()).or_default();
        let closed = close(lots, fill);
        if !period.contains(fill.at) {
            continue;
        }
        let row = found.entry(fill.symbol.clone()).or_default();
        if fill.buys {
            row.bought.add(fill)
        } else {
            row.sold.add(fill)
        }
        row.unknown += closed.unknown;
        row.profit = match (row.profit, closed.profit) {
            (Some(before), Some(more)) => Some(before + more),
            (before, more) => before.or(more),
        };
    }
    found
}

/// The profit of all symbols as far as it is known; `None` if that of none of those that closed something is.
pub(super) fn profit(rows: &BTreeMap<String, Realized>) -> Option<Decimal> {
    let known: Vec<Decimal> = rows.values().filter_map(|row| row.profit).collect();
    let is_unknown = known.is_empty() && rows.values().any(|row| !row.unknown.is_zero());
    (!is_unknown).then(|| known.iter().sum())
}

struct Closed {
    profit: Option<Decimal>,
    unknown: Decimal,
}

/// Closes the oldest lots of the other direction; what is left over opens a lot, or closes what is not known.
fn close(lots: &mut VecDeque<Lot>, fill: &Fill) -> Closed {
    let sign = if fill.buys { Decimal::ONE } else { -Decimal::ONE };
    let mut left = fill.quantity;
    let mut closed = Closed { profit: None, unknown: Decimal::ZERO };
    while left > Decimal::ZERO && fill.closes != Some(false) {
        let Some(lot) = lots.front_mut().filter(|lot| (lot.quantity * sign).is_sign_negative()) else {
            break;
        };
        let part = lot.quantity.abs().min(left);
        let gain = || {
            // A buy closes what was sold before: the gain is what was received above what is paid.
            let difference = fill.price?.checked_sub(lot.price?)?.checked_mul(-sign)?;
            difference.checked_mul(part)?.checked_mul(fill.multiplier?)
        };
        match gain() {
            Some(gain) => closed.profit = Some(closed.profit.unwrap_or_default() + gain),
            None => closed.unknown += part,
        }
        lot.quantity += sign * part;
        if lot.quantity.is_zero() {
            lots.pop_front();
        }
        left -= part;
    }
    if left > Decimal::ZERO {
        match fill.closes {
            Some(true) => closed.unknown += left,
            // Of contracts Aries says whether they close; a sale that says nothing may close what was bought before.
            None if !fill.buys => closed.unknown += left,
            _ => lots.push_back(Lot { quantity: sign * left, price: fill.price }),
        }
    }
    closed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(day: i64, buys: bool, closes: Option<bool>, quantity: i64, price: i64) -> Fill {
        Fill {
            symbol: "A".to_owned(),
            at: Timestamp::from_second(day * 86_400).unwrap(),
            buys,
            closes,
            quantity: quantity.into(),
            price: Some(price.into()),
            multiplier: Some(Decimal::ONE),
        }
    }

    fn of(fills: Vec<Fill>) -> Realized {
        let at = |day: i64| Timestamp::from_second(day * 86_400).unwrap();
        realized(fills, Period { from: at(10), to: at(20) }).remove("A").unwrap_or_default()
    }

    const BUY: (bool, Option<bool>) = (true, None);
    const SELL: (bool, Option<bool>) = (false, Some(true));
    const SHORT: (bool, Option<bool>) = (false, Some(false));
    const COVER: (bool, Option<bool>) = (true, Some(true));

    fn at(day: i64, (buys, closes): (bool, Option<bool>), quantity: i64, price: i64) -> Fill {
        fill(day, buys, closes, quantity, price)
    }

    #[test]
    fn the_first_bought_is_the_first_sold() {
        // Given in any order; the lots before the period count, and only sales within it are shown.
        let row =
            of(vec![at(12, SELL, 15, 130), at(1, BUY, 10, 100), at(5, BUY, 10, 110), at(21, SELL, 5, 1)]);
        assert_eq!((row.profit, row.unknown), (Some(Decimal::from(10 * 30 + 5 * 20)), Decimal::ZERO));
        assert_eq!((row.sold.quantity, row.bought.quantity), (15.into(), Decimal::ZERO));
    }

    #[test]
    fn what_was_bought_before_is_unknown_and_not_zero() {
        let row = of(vec![at(12, SELL, 15, 130)]);
        assert_eq!((row.profit, row.unknown), (None, Decimal::from(15)));
        let row = of(vec![at(11, BUY, 10, 100), at(12, SELL, 15, 130)]);
        assert_eq!((row.profit, row.unknown), (Some(Decimal::from(300)), Decimal::from(5)));
        let mut unpriced = at(11, BUY, 10, 0);
        unpriced.price = None;
        let row = of(vec![unpriced, at(12, SELL, 10, 130)]);
        assert_eq!((row.profit, row.unknown, row.bought.average()), (None, Decimal::TEN, None));
    }

    #[test]
    fn a_short_sale_gains_when_the_price_falls() {
        let row = of(vec![at(11, SHORT, 10, 100), at(12, COVER, 4, 90), at(13, COVER, 10, 120)]);
        assert_eq!((row.profit, row.unknown), (Some(Decimal::from(40 - 120)), Decimal::from(4)));
    }

    #[test]
    fn a_contract_counts_a_hundred_shares_and_an_adjusted_one_none() {
        let contract = |multiplier: Option<Decimal>| {
            let fills = [at(11, BUY, 2, 5), at(12, SELL, 2, 7)];
            of(fills.map(|fill| Fill { multiplier, ..fill }).to_vec())
        };
        assert_eq!(contract(Some(Decimal::ONE_HUNDRED)).profit, Some(Decimal::from(400)));
        assert_eq!((contract(None).profit, contract(None).unknown), (None, Decimal::TWO));
    }
}

//! What an account has of one underlying, and what its other open orders will take of it.

use rust_decimal::Decimal;

use super::matching::unmatched;
use super::settlement::PER_CONTRACT;
use crate::aries::model::{self, Position};
use crate::aries::symbols::compare::option_root;
use crate::aries::symbols::{Contract, Symbol};
use crate::trade::order::body::Order;

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Holdings {
    pub(crate) shares: Lot,
    pub(crate) contracts: Vec<(Contract, Lot)>,
    /// Shares that other open orders sell.
    pub(crate) shares_promised: Decimal,
    /// Contracts that other open orders write or sell, negative, with as many as such an order itself buys against them.
    pub(crate) contracts_promised: Vec<(Contract, Decimal)>,
    /// Written contracts on the same shares that were adjusted, negative: it is not known here what they deliver.
    pub(crate) adjusted: Decimal,
    /// Written puts on other underlyings that no bought one covers, with their number.
    pub(crate) puts_elsewhere: Vec<(Contract, Decimal)>,
    pub(crate) purchases: Purchases,
}

/// What other open orders buy.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Purchases {
    /// USD at their own limits and stops.
    pub(crate) priced: Decimal,
    /// Shares that are bought, or stand behind what is bought, at whatever price there is; of a spread nothing else.
    pub(crate) at_market: Vec<(Option<Symbol>, Decimal)>,
}

impl Purchases {
    /// Adds what an order pays when it is filled.
    fn add(&mut self, other: &model::Order) {
        if !other.side.starts_with("BUY") {
            return;
        }
        let multiplier = if other.legs.is_empty() { Decimal::ONE } else { PER_CONTRACT };
        let units = other.leaves() * multiplier;
        match other.limit.or(other.stop) {
            Some(price) => self.priced += price.abs() * units,
            None => self.at_market.push((bought(other), units)),
        }
    }

    /// All of it in USD; `None` where a price is missing.
    pub(crate) fn cost(&self, price: impl Fn(&Symbol) -> Option<Decimal>) -> Option<Decimal> {
        let costs = self.at_market.iter().map(|(what, units)| price(what.as_ref()?)?.checked_mul(*units));
        self.priced.checked_add(costs.sum::<Option<Decimal>>()?)
    }
}

fn bought(order: &model::Order) -> Option<Symbol> {
    match order.legs.as_slice() {
        [] => Some(Symbol::Stock(order.ticker.clone())),
        [leg] => Some(Symbol::Option(leg.contract.clone())),
        _ => None,
    }
}

/// A quantity, and what it cost in USD per share if that is known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Lot {
    /// Negative for what was sold short or written.
    pub(crate) quantity: Decimal,
    pub(crate) average: Option<Decimal>,
}

impl Lot {
    fn of(position: &Position) -> Self {
        Self { quantity: position.quantity.unwrap_or_default(), average: position.average }
    }

    /// Both together; the average is known if both are.
    fn and(self, other: Self) -> Self {
        let quantity = self.quantity + other.quantity;
        let cost = |lot: Self| Some(lot.average? * lot.quantity);
        let average = match (self.quantity.is_zero(), other.quantity.is_zero(), quantity.is_zero()) {
            (true, ..) => other.average,
            (_, true, _) => self.average,
            (false, false, true) => None,
            _ => cost(self).zip(cost(other)).map(|(one, two)| (one + two) / quantity),
        };
        Self { quantity, average }
    }
}

impl Holdings {
    /// What the account has of the underlying of `order`. `others` are its open orders without the one that is replaced.
    pub(crate) fn of(order: &Order, positions: &[Position], others: &[&model::Order]) -> Self {
        let mut all = Self::default();
        let (shares, root) = underlying(order);
        let mut elsewhere = Vec::new();
        for position in positions {
            match &position.parsed {
                _ if position.is(&shares) => all.shares = all.shares.and(Lot::of(position)),
                Some(Symbol::Option(contract)) => {
                    let lot = Lot::of(position);
                    if contract.root == root {
                        all.add(contract, lot);
                    } else if contract.is_adjusted() && is_adjusted_root(contract, &root) {
                        all.adjusted = all.adjusted.min(lot.quantity);
                    } else {
                        elsewhere.push((contract.clone(), lot.quantity));
                    }
                }
                _ => {}
            }
        }
        for other in others {
            all.shares_promised += shares_sold(other, &shares);
            all.purchases.add(other);
            let (own, others) = contracts_of(other).into_iter().partition(|(one, _)| one.root == root);
            all.contracts_promised.extend::<Vec<_>>(own);
            elsewhere.extend::<Vec<_>>(others);
        }
        all.puts_elsewhere = unmatched(elsewhere, false);
        all
    }

    fn add(&mut self, contract: &Contract, lot: Lot) {
        match self.contracts.iter_mut().find(|(known, _)| known == contract) {
            Some((_, known)) => *known = known.and(lot),
            None => self.contracts.push((contract.clone(), lot)),
        }
    }

    /// Shares that can cover. What an adjusted contract that is written takes of them is not known, so it takes all.
    pub(crate) fn usable_shares(&self) -> Decimal {
        if self.adjusted < Decimal::ZERO { Decimal::ZERO } else { self.shares.quantity }
    }

    pub(crate) fn held(&self, contract: &Contract) -> Lot {
        self.contracts.iter().find(|(known, _)| known == contract).map(|(_, lot)| *lot).unwrap_or_default()
    }
}

/// Units of an order that are left to fill: of a replacement, what its order has not filled.
pub(crate) fn left(order: &Order, replaced: Option<&model::Order>) -> Decimal {
    let filled = replaced.map_or(Decimal::ZERO, |replaced| replaced.filled);
    (order.quantity.value() - filled).max(Decimal::ZERO)
}

fn underlying(order: &Order) -> (Symbol, String) {
    match order.legs.first() {
        Some(leg) => (Symbol::Stock(leg.contract.underlying().to_owned()), leg.contract.root.clone()),
        None => (Symbol::Stock(order.underlying.clone()), option_root(&order.underlying)),
    }
}

fn is_adjusted_root(contract: &Contract, root: &str) -> bool {
    contract.root.trim_end_matches(|c: char| c.is_ascii_digit()) == root
}

/// Shares that an open order may still sell of what is held. One that does not say its side may be a sale.
fn shares_sold(other: &model::Order, shares: &Symbol) -> Decimal {
    let is_sale = other.side == "SELL" || other.side.is_empty();
    let is_it = other.legs.is_empty() && is_sale && other.has_underlying(&shares.to_string());
    if is_it { other.leaves() } else { Decimal::ZERO }
}

/// Contracts that an open order may still write or sell, negative. What it buys itself counts against as many of them,
/// since both are filled together.
fn contracts_of(other: &model::Order) -> Vec<(Contract, Decimal)> {
    let units = |leg: &model::order::Leg| leg.ratio * other.leaves();
    let sold = |call: bool| -> Decimal {
        other.legs.iter().filter(|leg| !leg.buys && leg.contract.call == call).map(units).sum()
    };
    let mut left = [sold(false), sold(true)];
    let mut all = Vec::new();
    for leg in &other.legs {
        let [puts, calls] = &mut left;
        let room = if leg.contract.call { calls } else { puts };
        let signed = if leg.buys { units(leg).min(*room) } else { -units(leg) };
        *room -= signed.max(Decimal::ZERO);
        all.push((leg.contract.clone(), signed));
    }
    all
}

//! Maximum gain and loss of an order together with what belongs to it.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::curve::{Curve, Extreme, Piece};
use super::matching::unmatched;
use super::pairing::Pairing;
use super::price::Price;
use super::settlement::PER_CONTRACT;
use crate::aries::symbols::Contract;
use crate::trade::order::body::Order;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Figures {
    AtExpiration(Curve),
    /// Nothing is left afterwards: the profit in USD.
    Closed(Decimal),
    /// The contracts expire on different days. No more than this can be lost, in USD as a negative profit, since a bought
    /// contract is worth at least what its exercise brings; `None` where not even that can be said.
    DifferentDays(Option<Extreme>),
    /// Why nothing is stated.
    Unstated(String),
    /// Which contract delivers something that is not known.
    Nonstandard(String),
}

/// Everything that a result consists of.
pub(crate) struct Parts {
    /// Money received less money paid, in USD.
    cash: Decimal,
    shares: Decimal,
    /// Number of contracts, each of them once; written ones are negative.
    contracts: Vec<(Contract, Decimal)>,
}

impl Parts {
    /// Fails with the reason if something that belongs to the order has no known cost.
    pub(crate) fn of(
        order: &Order,
        units: Decimal,
        price: &Price,
        pairing: &Pairing,
    ) -> Result<Self, String> {
        let mut parts = Self {
            cash: price.received * units * PER_CONTRACT,
            shares: pairing.shares.quantity,
            contracts: Vec::new(),
        };
        let unknown = |what: String| format!("the average price of {what} held is not known");
        if !parts.shares.is_zero() {
            let average = pairing.shares.average.ok_or_else(|| unknown("the shares".to_owned()))?;
            parts.cash -= parts.shares * average;
        }
        for (contract, lot) in pairing.closed.iter().chain(&pairing.covering) {
            let average = lot.average.ok_or_else(|| unknown(contract.words()))?;
            parts.cash -= lot.quantity * average * PER_CONTRACT;
            parts.add(contract, lot.quantity);
        }
        for leg in &order.legs {
            let count = Decimal::from(leg.ratio) * units;
            parts.add(&leg.contract, if leg.action.buys() { count } else { -count });
        }
        parts.contracts.retain(|(_, count)| !count.is_zero());
        Ok(parts)
    }

    fn add(&mut self, contract: &Contract, count: Decimal) {
        match self.contracts.iter_mut().find(|(known, _)| known == contract) {
            Some((_, known)) => *known += count,
            None => self.contracts.push((contract.clone(), count)),
        }
    }

    pub(crate) fn figures(&self) -> Figures {
        let mut days: Vec<Date> = self.contracts.iter().map(|(contract, _)| contract.expiration).collect();
        days.sort();
        days.dedup();
        match days.as_slice() {
            [] if self.shares.is_zero() => Figures::Closed(self.cash),
            [] | [_] => Figures::AtExpiration(self.curve(&self.contracts)),
            _ => Figures::DifferentDays(self.least()),
        }
    }

    fn curve(&self, contracts: &[(Contract, Decimal)]) -> Curve {
        let piece = |(contract, count): &(Contract, Decimal)| Piece::of(contract, *count * PER_CONTRACT);
        Curve { cash: self.cash, shares: self.shares, options: contracts.iter().map(piece).collect() }
    }

    /// The worst result at the day on which all written contracts expire: bought ones that expire sooner count for nothing,
    /// and later ones for what their exercise brings then.
    fn least(&self) -> Option<Extreme> {
        let written = || self.contracts.iter().filter(|(_, count)| count.is_sign_negative());
        let calls: Decimal = unmatched(self.contracts.clone(), true).iter().map(|(_, count)| *count).sum();
        if calls * PER_CONTRACT > self.shares {
            return Some(Extreme::Unlimited);
        }
        let mut days = written().map(|(contract, _)| contract.expiration);
        let day = days.next();
        if days.any(|other| Some(other) != day) {
            return None;
        }
        let is_there =
            |(contract, _): &&(Contract, Decimal)| day.is_some_and(|day| contract.expiration >= day);
        let contracts: Vec<_> = self.contracts.iter().filter(is_there).cloned().collect();
        Some(self.curve(&contracts).least())
    }
}

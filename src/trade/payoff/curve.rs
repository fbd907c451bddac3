//! Profit and loss at expiration: straight lines between strikes.

use rust_decimal::Decimal;

use crate::aries::symbols::Contract;

/// The profit or loss in USD by the price of the underlying when every contract of it expires.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Curve {
    /// Money received less money paid, in USD.
    pub(crate) cash: Decimal,
    /// Shares held through it; shorts are negative.
    pub(crate) shares: Decimal,
    pub(crate) options: Vec<Piece>,
}

/// Options of one kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    pub(crate) call: bool,
    pub(crate) strike: Decimal,
    /// Shares that they stand for; written ones are negative.
    pub(crate) shares: Decimal,
}

/// The most that can be gained or lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Extreme {
    Unlimited,
    /// Profit in USD; a loss is negative.
    At(Decimal),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Breakeven {
    At(Decimal),
    /// Neither profit nor loss from one price to the other, or for every price above.
    Between(Decimal, Option<Decimal>),
}

impl Piece {
    pub(crate) fn of(contract: &Contract, shares: Decimal) -> Self {
        Self { call: contract.call, strike: contract.strike, shares }
    }

    fn at(&self, price: Decimal) -> Decimal {
        let within = if self.call { price - self.strike } else { self.strike - price };
        self.shares * within.max(Decimal::ZERO)
    }
}

impl Curve {
    pub(crate) fn at(&self, price: Decimal) -> Decimal {
        self.cash + self.shares * price + self.options.iter().map(|piece| piece.at(price)).sum::<Decimal>()
    }

    pub(crate) fn most(&self) -> Extreme {
        if self.last_slope() > Decimal::ZERO {
            return Extreme::Unlimited;
        }
        Extreme::At(self.kinks().into_iter().map(|price| self.at(price)).max().unwrap_or(self.cash))
    }

    pub(crate) fn least(&self) -> Extreme {
        if self.last_slope() < Decimal::ZERO {
            return Extreme::Unlimited;
        }
        Extreme::At(self.kinks().into_iter().map(|price| self.at(price)).min().unwrap_or(self.cash))
    }

    /// Where profit turns into loss or touches it, in rising order.
    pub(crate) fn breakevens(&self) -> Vec<Breakeven> {
        let kinks = self.kinks();
        let mut found = Vec::new();
        for (at, low) in kinks.iter().enumerate() {
            match kinks.get(at + 1) {
                Some(high) => found.extend(self.between(*low, *high)),
                None => found.extend(self.above(*low)),
            }
        }
        merged(found)
    }

    /// Points that draw it, price and profit: where it bends or crosses zero, and some way to both sides.
    pub(crate) fn points(&self) -> Vec<(Decimal, Decimal)> {
        let crossings = self.breakevens().into_iter().flat_map(|one| match one {
            Breakeven::At(price) => [Some(price), None],
            Breakeven::Between(low, high) => [Some(low), high],
        });
        let bends = self.options.iter().map(|piece| Some(piece.strike));
        let mut prices: Vec<Decimal> = bends.chain(crossings).flatten().collect();
        prices.sort();
        let (Some(low), Some(high)) = (prices.first().copied(), prices.last().copied()) else {
            return Vec::new();
        };
        let margin = ((high - low) / Decimal::TWO).max(high / Decimal::TEN);
        prices.insert(0, (low - margin).max(Decimal::ZERO));
        prices.push(high + margin);
        prices.dedup();
        prices.into_iter().map(|price| (price, self.at(price))).collect()
    }

    fn last_slope(&self) -> Decimal {
        let calls = self.options.iter().filter(|piece| piece.call);
        self.shares + calls.map(|piece| piece.shares).sum::<Decimal>()
    }

    /// Zero and every strike, in rising order.
    fn kinks(&self) -> Vec<Decimal> {
        let strikes = self.options.iter().map(|piece| piece.strike);
        let mut kinks: Vec<Decimal> = std::iter::once(Decimal::ZERO).chain(strikes).collect();
        kinks.sort();
        kinks.dedup();
        kinks
    }

    fn between(&self, low: Decimal, high: Decimal) -> Option<Breakeven> {
        let (from, to) = (self.at(low), self.at(high));
        match (from.is_zero(), to.is_zero()) {
            (true, true) => Some(Breakeven::Between(low, Some(high))),
            (true, false) => Some(Breakeven::At(low)),
            (false, true) => Some(Breakeven::At(high)),
            (false, false) if from.is_sign_negative() == to.is_sign_negative() => None,
            (false, false) => Some(Breakeven::At(low - from * (high - low) / (to - from))),
        }
    }

    fn above(&self, low: Decimal) -> Option<Breakeven> {
        let (from, slope) = (self.at(low), self.last_slope());
        match (from.is_zero(), slope.is_zero()) {
            (true, true) => Some(Breakeven::Between(low, None)),
            (true, false) => Some(Breakeven::At(low)),
            (false, false) if from.is_sign_negative() != slope.is_sign_negative() => {
                Some(Breakeven::At(low - from / slope))
            }
            _ => None,
        }
    }
}

/// Joins what touches: a point at the end of a stretch belongs to it.
fn merged(found: Vec<Breakeven>) -> Vec<Breakeven> {
    let mut all: Vec<Breakeven> = Vec::new();
    for one in found {
        match (all.last_mut(), one) {
            (Some(Breakeven::At(known)), Breakeven::At(price)) if *known == price => {}
            (Some(Breakeven::Between(_, Some(end))), Breakeven::At(price)) if *end == price => {}
            (Some(Breakeven::Between(_, end)), Breakeven::Between(low, high)) if *end == Some(low) => {
                *end = high;
            }
            (Some(last @ Breakeven::At(_)), Breakeven::Between(low, _)) if *last == Breakeven::At(low) => {
                *last = one;
            }
            _ => all.push(one),
        }
    }
    all
}

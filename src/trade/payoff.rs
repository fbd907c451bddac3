//! What an option order can bring and cost at expiration, and whether what it writes is covered: values computed from the
//! order and from what the account holds, without asking anybody.

pub(crate) mod after;
pub(crate) mod coverage;
pub(crate) mod curve;
mod figures;
pub(crate) mod holdings;
mod matching;
mod pairing;
pub(crate) mod picture;
mod price;
pub(crate) mod rows;
pub(crate) mod settlement;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::aries::model::Quote;
use crate::trade::checks::estimate::Estimate;
use crate::trade::order::body::{Leg, Order};
use coverage::Uncovered;
use curve::Curve;
use figures::{Figures, Parts};
use holdings::Holdings;
use pairing::Pairing;
use price::Price;
use settlement::{PER_CONTRACT, Unsettled};

/// What is known of an option order before it is sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Payoff {
    legs: Vec<Leg>,
    /// Units of the order that are left to fill.
    left: Decimal,
    today: Date,
    price: Option<Price>,
    /// What the account holds that belongs to the result of this order.
    pairing: Pairing,
    uncovered: Uncovered,
    figures: Figures,
    /// Fees of the order in USD, where Aries' estimate of its cost is the price and just these.
    fees: Option<Decimal>,
    /// What Aries requires in the account for it, in USD.
    requirement: Option<Decimal>,
}

/// What a payoff is computed from, besides the order.
pub(crate) struct Known<'a> {
    /// Units of the order that are left to fill.
    pub(crate) left: Decimal,
    /// `None` if Aries' list of positions is not available.
    pub(crate) holdings: Option<&'a Holdings>,
    pub(crate) uncovered: Uncovered,
    pub(crate) quote: Option<&'a Quote>,
    /// What Aries' own preview says of it.
    pub(crate) estimate: &'a Estimate,
    pub(crate) today: Date,
}

impl Payoff {
    /// `None` for an order without options.
    pub(crate) fn of(order: &Order, known: &Known<'_>) -> Option<Self> {
        if order.is_stock() {
            return None;
        }
        let (left, price) = (known.left, Price::of(order, known.quote));
        let pairing = known.holdings.map(|held| Pairing::of(order, left, held)).unwrap_or_default();
        let figures = match (Unsettled::of(order, known.quote), &price) {
            (Some(unsettled), _) => Figures::Nonstandard(unsettled.to_string()),
            (None, None) => Figures::Unstated("there is no price to compute it from".to_owned()),
            (None, Some(price)) => match Parts::of(order, left, price, &pairing) {
                Ok(parts) => parts.figures(),
                Err(why) => Figures::Unstated(why),
            },
        };
        let (legs, today, uncovered) = (order.legs.clone(), known.today, known.uncovered);
        let price_alone = price.as_ref().map(|price| -price.received * left * PER_CONTRACT);
        let fees = price_alone.and_then(|price| known.estimate.fees_beside(price));
        let requirement = known.estimate.requirement;
        Some(Self { legs, left, today, price, pairing, uncovered, figures, fees, requirement })
    }

    /// The profit or loss at expiration by the price of the underlying, where all contracts expire on one day.
    pub(crate) fn curve(&self) -> Option<&Curve> {
        match &self.figures {
            Figures::AtExpiration(curve) => Some(curve),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;

//! Orders whose payoff is known, and any order against a payoff that is computed price by price.

mod brute;
mod words;

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::coverage::{Change, Uncovered};
use super::holdings::{Holdings, Lot};
use super::{Known, Payoff};
use crate::aries::Json;
use crate::aries::model::Quote;
use crate::aries::symbols::Contract;
use crate::trade::checks::estimate::{self, Estimate};
use crate::trade::order::body::{Leg, Order};
use crate::trade::order::decimal::Number;
use crate::trade::order::terms::{Action, OrderType, TimeInForce};

const TODAY: Date = date(2026, 11, 28);
/// An expiration 20 days after it, and a later one.
const NEAR: Date = date(2026, 12, 18);
const FAR: Date = date(2027, 1, 15);

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn call(strike: i64) -> Contract {
    Contract { root: "F".to_owned(), expiration: NEAR, call: true, strike: strike.into() }
}

fn put(strike: i64) -> Contract {
    Contract { call: false, ..call(strike) }
}

fn later(contract: Contract) -> Contract {
    Contract { expiration: FAR, ..contract }
}

fn leg(contract: Contract, action: Action, ratio: u32) -> Leg {
    Leg { contract, action, ratio }
}

fn bought(contract: Contract) -> Leg {
    leg(contract, Action::BuyToOpen, 1)
}

fn written(contract: Contract) -> Leg {
    leg(contract, Action::SellToOpen, 1)
}

/// An order at this limit: positive where money comes in.
fn order(legs: Vec<Leg>, quantity: u32, net: &str) -> Order {
    let (price, buys) = (dec(net).abs().to_string(), net.starts_with('-'));
    let action = match legs.as_slice() {
        [leg] => leg.action,
        _ if buys => Action::Buy,
        _ => Action::Sell,
    };
    Order {
        underlying: "F".to_owned(),
        action,
        legs,
        quantity: Number::read("quantity", &quantity.to_string(), 0).unwrap(),
        order_type: OrderType::Limit,
        limit: Some(Number::read("price", &price, 4).unwrap()),
        stop: None,
        time_in_force: TimeInForce::Day,
    }
}

fn lot(quantity: i64, average: &str) -> Lot {
    Lot { quantity: quantity.into(), average: average.parse().ok() }
}

fn shares(quantity: i64, average: &str) -> Holdings {
    Holdings { shares: lot(quantity, average), ..Holdings::default() }
}

fn holding(contracts: &[(Contract, i64, &str)]) -> Holdings {
    let contracts =
        contracts.iter().map(|(contract, count, average)| (contract.clone(), lot(*count, average)));
    Holdings { contracts: contracts.collect(), ..Holdings::default() }
}

fn uncovered(order: &Order, held: &Holdings) -> Uncovered {
    Change::of(order, order.quantity.value(), held, Decimal::ZERO).uncovered
}

fn payoff(order: &Order, held: &Holdings, quote: Option<&Quote>) -> Payoff {
    payoff_by(order, held, quote, &Estimate::default())
}

fn payoff_by(order: &Order, held: &Holdings, quote: Option<&Quote>, estimate: &Estimate) -> Payoff {
    let left = order.quantity.value();
    let uncovered = uncovered(order, held);
    let known = Known { left, holdings: Some(held), uncovered, quote, estimate, today: TODAY };
    Payoff::of(order, &known).unwrap()
}

/// The rows as `name: value`.
fn told(order: &Order, held: &Holdings) -> Vec<String> {
    payoff(order, held, None).rows().into_iter().map(|(name, value)| format!("{name}: {value}")).collect()
}

//! The notional value of an order in USD, and how money is written.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::error::{Error, Kind, Result};
use crate::told::Told;
use crate::trade::checks::quote::Quote;
use crate::trade::order::body::Order;
use crate::trade::order::terms::OrderType;

pub(crate) const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// `None` without a price. A sale below the market counts at the market.
pub(crate) fn value(order: &Order, order_type: OrderType, quote: Option<&Quote>) -> Option<Decimal> {
    let market = |side: fn(&Quote) -> Option<Decimal>| quote.and_then(side);
    let (own, last) = (own_price(order, order_type), market(Quote::counted_last));
    let price = match (order.buys(), order_type) {
        (true, OrderType::Limit | OrderType::StopLimit) => own,
        (true, _) => own.max(market(|quote| quote.ask)).max(last),
        (false, _) => own.max(market(|quote| quote.bid)).max(last),
    }?;
    value_at(order, price)
}

pub(crate) fn value_at_own_price(order: &Order, order_type: OrderType) -> Option<Decimal> {
    value_at(order, own_price(order, order_type)?)
}

fn own_price(order: &Order, order_type: OrderType) -> Option<Decimal> {
    let own = order.limit.as_ref().or(order.stop.as_ref()).filter(|_| order_type != OrderType::Market);
    own.map(|number| number.value())
}

fn value_at(order: &Order, price: Decimal) -> Option<Decimal> {
    Some(price.checked_mul(order.quantity.value())?.checked_mul(order.multiplier())?.abs())
}

/// The value of all legs of a spread, bought or sold: two that nearly cancel out in the net are two positions all the
/// same. Zero for an order without legs or with one; `None` if a leg has no price.
pub(crate) fn value_of_legs(order: &Order, quote: Option<&Quote>) -> Option<Decimal> {
    let legs = &order.legs;
    if legs.len() < 2 {
        return Some(Decimal::ZERO);
    }
    let prices = quote.map(|quote| quote.legs.as_slice()).filter(|prices| prices.len() == legs.len())?;
    let units = order.quantity.value() * order.multiplier();
    legs.iter()
        .zip(prices)
        .map(|(leg, price)| price.highest()?.checked_mul(Decimal::from(leg.ratio))?.checked_mul(units))
        .sum()
}

/// Refuses a contract that stands for another number of shares than 100, which every value here counts.
pub(crate) fn check_multiplier(order: &Order, quote: Option<&Quote>) -> Result<()> {
    let quotes = quote.map(|quote| quote.legs.as_slice()).unwrap_or_default();
    for (leg, quote) in order.legs.iter().zip(quotes) {
        if let Some(shares) = quote.shares.filter(|shares| *shares != order.multiplier()) {
            let (contract, shares) = (leg.contract.words(), shares.normalize());
            let cause = format!("{contract} stands for {shares} shares, not for 100");
            let hint = Told::person_to("trade it in Aries' own application");
            return Err(Error::new(Kind::Refused, cause, hint));
        }
    }
    Ok(())
}

/// Money to the cent with grouped thousands. Less than a cent is written in full, for it is not nothing.
pub(crate) fn cents(value: Decimal) -> String {
    let shown = if value.abs() < CENT {
        value.normalize()
    } else {
        value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
    };
    let places = shown.scale().max(2) as usize;
    let text = format!("{:.places$}", shown.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "00"));
    let digits = whole.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect::<Vec<_>>();
    let sign = if shown.is_sign_negative() { "-" } else { "" };
    format!("{sign}{}.{fraction}", digits.join(","))
}

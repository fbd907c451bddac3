//! What an order is worth, in USD, and how money is written.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::trade::checks::quote::Quote;
use crate::trade::order::body::{Kind, Order};

pub(crate) const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Value of the order, which is of this kind in the market. A sale below the market is worth the market.
pub(crate) fn value(order: &Order, kind: Kind, quote: Option<&Quote>) -> Option<Decimal> {
    let market = |side: fn(&Quote) -> Option<Decimal>| quote.and_then(side);
    let (own, last) = (own_price(order, kind), market(Quote::counted_last));
    let price = match (order.buys(), kind) {
        (true, Kind::Limit | Kind::StopLimit) => own,
        (true, _) => own.max(market(|quote| quote.ask)).max(last),
        (false, _) => own.max(market(|quote| quote.bid)).max(last),
    }?;
    at(order, price)
}

/// The price that it names itself.
pub(crate) fn own_price(order: &Order, kind: Kind) -> Option<Decimal> {
    let own = order.limit.as_ref().or(order.stop.as_ref()).filter(|_| kind != Kind::Market);
    own.map(|number| number.value())
}

/// The whole order at a price.
pub(crate) fn at(order: &Order, price: Decimal) -> Option<Decimal> {
    Some(price.checked_mul(order.quantity.value())?.checked_mul(order.multiplier())?.abs())
}

/// What all legs of a spread are worth, bought or sold: two that nearly cancel out in the net are two positions all
/// the same. Zero for an order without legs or with one; `None` if one has no price.
pub(crate) fn premiums(order: &Order, quote: Option<&Quote>) -> Option<Decimal> {
    let legs = order.legs();
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

/// Money to the cent; what is less than a cent as it is, for it is not nothing.
pub(crate) fn cents(value: Decimal) -> String {
    let mut rounded = if value.abs() < CENT {
        value.normalize()
    } else {
        value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
    };
    if rounded.scale() <= 2 {
        rounded.rescale(2);
    }
    let text = rounded.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{fraction}")
}

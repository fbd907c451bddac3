//! An order against the market: its price, the two sides of the quote, a stop that is reached already, a spread whose
//! legs are confused.

use rust_decimal::Decimal;

use crate::error::{Error, Kind, Result};
use crate::told::Told;
use crate::trade::checks::context::{CheckContext, cannot_verify, over_limit};
use crate::trade::checks::quote::Quote;
use crate::trade::order::body::Order;
use crate::trade::order::decimal::{Number, price_words};
use crate::trade::order::terms::{OrderType, TimeInForce};

/// The type that the order has in effect: a stop order whose stop is reached already is a market order, with all that
/// holds for one. Fails on live accounts: a person who gives a stop does not mean "now, at any price".
/// `shown` is the quote as Aries gave it.
pub(crate) fn effective_type(
    context: &mut CheckContext<'_>,
    quote: &Quote,
    shown: &Quote,
) -> Result<OrderType> {
    let order = context.order;
    let Some(stop) = order.stop.as_ref().filter(|stop| is_reached(order, stop.value(), quote)) else {
        return Ok(order.order_type);
    };
    let what = format!("the stop {} is already reached ({})", price_words(stop.value()), shown.prices());
    if order.order_type == OrderType::StopLimit {
        // Its limit still holds.
        context.result.warnings.push(format!("{what}: it triggers at once"));
        return Ok(order.order_type);
    }
    let side = if order.buys() { "above" } else { "below" };
    let cause = format!("`stop_price`: {what}, so this would be a market order at once");
    let hint = Told::pair("tell the person; they", "you")
        .and(format!(" may mean a stop {side} the market, or type market or limit"));
    let refusal = Error::new(Kind::Refused, cause, hint);
    context.warn(refusal, format!("{what}: it is a market order at once"))?;
    Ok(OrderType::Market)
}

/// Whether the last trade has reached the stop, or both sides of the market have. Without a last trade the nearer side is
/// enough.
fn is_reached(order: &Order, stop: Decimal, quote: &Quote) -> bool {
    let reaches = |price: Decimal| if order.buys() { price >= stop } else { price <= stop };
    let (far, near) = if order.buys() { (quote.bid, quote.ask) } else { (quote.ask, quote.bid) };
    [quote.counted_last().or(near), far].into_iter().flatten().any(reaches)
}

/// Refuses to buy a spread that receives money and to sell one that costs money, and names the action that is right: Aries
/// takes the side as it is said. Near zero either can be meant, so only a net that is below zero on both sides of the
/// market is refused.
pub(crate) fn check_spread_side(order: &Order, quote: &Quote) -> Result<()> {
    // Both are signed in the direction of the order's action.
    let (Some(bid), Some(ask)) = (quote.bid, quote.ask) else { return Ok(()) };
    if !order.is_spread() || bid >= Decimal::ZERO || ask >= Decimal::ZERO {
        return Ok(());
    }
    let (is, right) = if order.buys() { ("credit", "sell") } else { ("debit", "buy") };
    let [low, high] = [ask, bid].map(|price| price_words(price.abs()));
    Err(Error::new(
        Kind::Refused,
        format!("`action`: at the market these legs are a net {is} ({low} to {high})"),
        Told::pair("check the action of each leg with the person", "check the action of each leg")
            .and(format!("; if the legs are right, `action` is {right}")),
    ))
}

/// Refuses a price much worse than the market (a buy above the ask, a sell below the bid), and a market
/// order where bid and ask are far apart. On simulated accounts more is reported and less is refused.
pub(crate) fn check_price(
    context: &mut CheckContext<'_>,
    order_type: OrderType,
    quote: &Quote,
) -> Result<()> {
    match order_type {
        OrderType::Market => check_width(context, quote),
        _ => check_collar(context, quote),
    }
}

/// Refuses a limit that is worse than its reference by more than the collar.
fn check_collar(context: &mut CheckContext<'_>, quote: &Quote) -> Result<()> {
    let (order, percent) = (context.order, context.limits().price_collar_percent);
    let (side, name) = if order.buys() { (quote.ask, "ask") } else { (quote.bid, "bid") };
    let Some(side) = side else {
        let why = format!("there is no {name} to check its price against");
        return context.unverified(&why, format!("distance from the market: there is no {name}"));
    };
    let Some(limit) = order.limit.as_ref().map(Number::value) else { return Ok(()) };
    // A stop-limit becomes a limit order when its stop is reached, so its limit is checked against its stop.
    let stop = order.stop.as_ref().map(|stop| (stop.value(), "its stop"));
    let (reference, against) = stop.unwrap_or((side, name));
    let loss = if order.buys() { limit - reference } else { reference - limit };
    if loss <= reference.abs() * percent / Decimal::ONE_HUNDRED {
        return Ok(());
    }
    let [limit, reference] = [limit, reference].map(price_words);
    let side = if order.buys() { "above" } else { "below" };
    let what = format!("the limit {limit} is more than {percent} % {side} {against} {reference}");
    Err(over_limit(&what))
}

/// Refuses a market order where bid and ask are far apart. An auction fills at a price of its own, and before the opening
/// quotes are wide as a rule, so for an auction it is a warning.
fn check_width(context: &mut CheckContext<'_>, quote: &Quote) -> Result<()> {
    let percent = context.limits().price_collar_percent;
    let auction = matches!(context.order.time_in_force, TimeInForce::AtTheOpening | TimeInForce::AtTheClose);
    let (Some(bid), Some(ask)) = (quote.bid, quote.ask) else {
        let what = format!("there is no {}", if quote.bid.is_none() { "bid" } else { "ask" });
        if !auction {
            let why = format!("{what}, so a market order could fill at any price");
            context.refuse_at_stake(cannot_verify(&why))?;
        }
        context.result.unchecked.push(format!("distance between bid and ask: {what}"));
        return Ok(());
    };
    if ask - bid <= ask.abs().max(bid.abs()) * percent / Decimal::ONE_HUNDRED {
        return Ok(());
    }
    let [bid, ask] = [bid, ask].map(price_words);
    let what = format!(
        "bid {bid} and ask {ask} are more than {percent} % apart: a market order could fill at any price"
    );
    if !auction {
        context.refuse_at_stake(over_limit(&what))?;
    }
    context.result.warnings.push(what);
    Ok(())
}

/// A warning for each contract that nobody bids for.
pub(crate) fn without_bid(order: &Order, quote: &Quote) -> Vec<String> {
    let legs = order.legs.iter().zip(&quote.legs);
    let without = legs.filter(|(_, quote)| quote.bid.is_some_and(|bid| bid.is_zero()));
    without.map(|(leg, _)| format!("nobody bids for {}", leg.contract.words())).collect()
}

/// A warning for an option's limit that is not on the usual tick. The tick of each class is not known here.
pub(crate) fn tick_warning(order: &Order) -> Option<String> {
    let limit = order.limit.as_ref().filter(|_| order.legs.len() == 1)?.value();
    let off = limit >= Decimal::from(3) && !(limit * Decimal::from(20)).is_integer();
    off.then(|| {
        "many options from 3.00 on trade in steps of 0.05: the exchange may reject this price".to_owned()
    })
}

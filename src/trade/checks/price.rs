//! An order against the market: a price that nobody would want, a quote that says nothing, a stop that waits for
//! nothing, a spread whose two sides are confused.

use rust_decimal::Decimal;

use crate::error::{Error, Kind as ErrorKind, Result};
use crate::trade::checks::limits::{Verdict, beyond, unknown};
use crate::trade::checks::notional::CENT;
use crate::trade::checks::quote::Quote;
use crate::trade::order::body::{Kind, Order, Shape, TimeInForce};

/// What the order is once it is in the market: a stop that is already reached is a market order from the start, with
/// all that holds for one.
///
/// # Errors
/// [`Kind::Refused`](ErrorKind::Refused) on live accounts: a person who gives a stop does not mean "now, at any price".
pub(crate) fn kind(order: &Order, quote: &Quote, live: bool, verdict: &mut Verdict) -> Result<Kind> {
    let Some(stop) = order.stop.as_ref().filter(|stop| is_reached(order, stop.value(), quote)) else {
        return Ok(order.kind);
    };
    let what = format!("the stop {stop} is already reached ({})", quote.prices());
    if order.kind == Kind::StopLimit {
        // Its limit still holds.
        verdict.warnings.push(format!("{what}: it triggers at once"));
        return Ok(order.kind);
    }
    if live {
        let side = if order.buys() { "above" } else { "below" };
        return Err(Error::new(
            ErrorKind::Refused,
            format!("`stop_price`: {what}, so this would be a market order at once"),
            format!("tell the person; they may mean a stop {side} the market, or type market or limit"),
        ));
    }
    verdict.warnings.push(format!("{what}: it is a market order at once"));
    Ok(Kind::Market)
}

/// Whether the last trade has reached the stop, or all of the market has. Where there is no last trade, the nearest
/// offer is enough.
fn is_reached(order: &Order, stop: Decimal, quote: &Quote) -> bool {
    let reaches = |price: Decimal| if order.buys() { price >= stop } else { price <= stop };
    let (all, nearest) = if order.buys() { (quote.bid, quote.ask) } else { (quote.ask, quote.bid) };
    [quote.counted_last().or(nearest), all].into_iter().flatten().any(reaches)
}

/// A spread that receives money cannot be bought, and one that costs money cannot be sold: Aries takes the side as it
/// is said. Near zero either can be meant, so only a net that is beyond zero on both sides says so.
///
/// # Errors
/// [`Kind::Refused`](ErrorKind::Refused) naming the action that is right.
pub(crate) fn sides(order: &Order, quote: &Quote) -> Result<()> {
    let Shape::Spread { debit, .. } = order.shape else { return Ok(()) };
    // The best and the worst that the order could get, in the direction of its action.
    let (Some(bid), Some(ask)) = (quote.bid, quote.ask) else { return Ok(()) };
    if bid >= Decimal::ZERO || ask >= Decimal::ZERO {
        return Ok(());
    }
    let (is, right) = if debit { ("credit", "sell") } else { ("debit", "buy") };
    Err(Error::new(
        ErrorKind::Refused,
        format!(
            "`action`: at the market these legs are a net {is} ({} to {})",
            ask.abs().normalize(),
            bid.abs().normalize()
        ),
        format!("check the action of each leg with the person; if the legs are right, `action` is {right}"),
    ))
}

/// Prices on the losing side of the market (a buy above the ask, a sell below the bid), and markets that no price can
/// be judged by.
///
/// # Errors
/// [`Kind::Refused`](ErrorKind::Refused); on simulated accounts less is refused and more is told.
pub(crate) fn check(
    order: &Order,
    kind: Kind,
    quote: &Quote,
    live: bool,
    percent: Decimal,
    verdict: &mut Verdict,
) -> Result<()> {
    let share = percent / Decimal::ONE_HUNDRED;
    crossed(order, quote, live, share, verdict)?;
    for (leg, quote) in order.legs().iter().zip(&quote.legs) {
        if quote.bid.is_some_and(|bid| bid.is_zero()) {
            verdict.warnings.push(format!("nobody bids for {}", leg.contract.words()));
        }
    }
    if kind == Kind::Market {
        return near(order, quote, live, percent, verdict);
    }
    let (side, name) = if order.buys() { (quote.ask, "ask") } else { (quote.bid, "bid") };
    let Some(side) = side else {
        if live {
            return Err(unknown(&format!("there is no {name} to judge it by")));
        }
        verdict.unchecked.push(format!("distance from the market: there is no {name}"));
        return Ok(());
    };
    let band = |reference: Decimal| {
        let width = reference.abs() * share;
        if order.buys() { reference + width } else { reference - width }
    };
    let passes = |price: Decimal, reference: Decimal| {
        if order.buys() { price > band(reference) } else { price < band(reference) }
    };
    // A stop-limit becomes a limit order when its stop is reached, so its limit is judged by its stop.
    let stop = order.stop.as_ref().filter(|_| kind == Kind::StopLimit).map(|number| number.value());
    let (reference, against) = stop.map_or((side, name), |stop| (stop, "its stop"));
    if let Some(limit) = order.limit.as_ref().map(|number| number.value())
        && passes(limit, reference)
    {
        return Err(beyond(&format!(
            "the limit {limit} is more than {percent} % on the losing side of {against} {}",
            reference.normalize()
        )));
    }
    Ok(())
}

/// A bid above the ask is an error somewhere, unless it is so little that one of them was a moment older. Contracts are
/// judged one by one: the net of two can be so near zero that a cent is most of it.
fn crossed(order: &Order, quote: &Quote, live: bool, share: Decimal, verdict: &mut Verdict) -> Result<()> {
    let quotes = if quote.legs.is_empty() { std::slice::from_ref(quote) } else { quote.legs.as_slice() };
    let step = if order.legs().is_empty() { Decimal::ZERO } else { CENT };
    for (bid, ask) in quotes.iter().filter_map(|quote| quote.bid.zip(quote.ask)) {
        if bid - ask <= (bid * share).max(step) {
            continue;
        }
        let what = format!("bid {} is above ask {}: such a quote is wrong", bid.normalize(), ask.normalize());
        if live {
            return Err(unknown(&what));
        }
        verdict.warnings.push(what);
    }
    Ok(())
}

/// A market order needs bid and ask near each other. An auction fills at a price of its own, and before the opening
/// quotes are wide as a rule, so there they are only told.
fn near(order: &Order, quote: &Quote, live: bool, percent: Decimal, verdict: &mut Verdict) -> Result<()> {
    let auction = matches!(order.time_in_force, TimeInForce::AtTheOpening | TimeInForce::AtTheClose);
    let strict = live && !auction;
    let (Some(bid), Some(ask)) = (quote.bid, quote.ask) else {
        let missing = if quote.bid.is_none() { "bid" } else { "ask" };
        if strict {
            return Err(unknown(&format!(
                "there is no {missing}, so a market order could fill at any price"
            )));
        }
        verdict.unchecked.push(format!("distance between bid and ask: there is no {missing}"));
        return Ok(());
    };
    if ask - bid <= ask.abs().max(bid.abs()) * percent / Decimal::ONE_HUNDRED {
        return Ok(());
    }
    let what = format!(
        "bid {} and ask {} are more than {percent} % apart: a market order could fill at any price",
        bid.normalize(),
        ask.normalize()
    );
    if strict {
        return Err(beyond(&what));
    }
    verdict.warnings.push(what);
    Ok(())
}

//! When an order fills, and at what price.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::order::{Leg, Order, Pricing, Terms, TimeInForce};
use crate::exchange::{self, Hours};
use crate::sandbox::market::{self, Market, calendar};

/// What one unit can be had for, or sold for, right now: the ask or the bid; for legs the net in the sense of the
/// order's side. None if something in it is not traded.
pub(crate) fn price_now(terms: &Terms, market: &Market, now: Timestamp) -> Option<Decimal> {
    if terms.legs.is_empty() {
        let quote = market.quote(&terms.symbol, now)?;
        return Some(if terms.side.buys() { quote.ask } else { quote.bid });
    }
    let mut paid = Decimal::ZERO;
    for leg in &terms.legs {
        let quote = market.quote(&leg.contract.osi(), now)?;
        paid += leg.signed() * if leg.side.buys() { quote.ask } else { quote.bid };
    }
    Some(if terms.side.buys() { paid } else { -paid })
}

/// The price of each leg of a fill: all but the first at their last price, and the first at what those leave of the net.
pub(crate) fn leg_prices(terms: &Terms, net: Decimal, market: &Market, at: Timestamp) -> Vec<Decimal> {
    let last = |leg: &Leg| market.quote(&leg.contract.osi(), at).map_or(Decimal::ZERO, |quote| quote.last);
    let mut prices: Vec<Decimal> = terms.legs.iter().map(last).collect();
    let others = terms.legs.iter().zip(&prices).skip(1).map(|(leg, price)| leg.signed() * price);
    let rest = if terms.side.buys() { net } else { -net } - others.sum::<Decimal>();
    if let (Some(first), Some(price)) = (terms.legs.first(), prices.first_mut()) {
        *price = rest / first.signed();
    }
    prices
}

/// The last price of one unit, by which stops are triggered.
fn last(terms: &Terms, market: &Market, now: Timestamp) -> Option<Decimal> {
    if terms.legs.is_empty() {
        return Some(market.quote(&terms.symbol, now)?.last);
    }
    let mut net = Decimal::ZERO;
    for leg in &terms.legs {
        net += leg.signed() * market.quote(&leg.contract.osi(), now)?.last;
    }
    Some(if terms.side.buys() { net } else { -net })
}

/// When the order could be filled last; none if it stands until it is canceled. Where the market never closes, that is
/// midnight, and no auction comes.
pub(crate) fn end(order: &Order, market: &Market) -> Option<Timestamp> {
    let after = order.created;
    match order.terms.time_in_force {
        TimeInForce::Gtc => None,
        _ if !market.keeps_hours => {
            let tomorrow = calendar::plus_days(market::today(after), 1);
            Some(calendar::instant(calendar::midnight(tomorrow)))
        }
        TimeInForce::AtTheOpening => Some(exchange::next_open(after, Hours::Regular)),
        _ => Some(exchange::next_close(after, hours(order))),
    }
}

fn hours(order: &Order) -> Hours {
    match order.terms.time_in_force {
        TimeInForce::ExtendedHours => Hours::Extended,
        _ => Hours::Regular,
    }
}

/// When the order fills and at what price; none if it rests. Notes in the order when its stop is reached.
pub(crate) fn fill(order: &mut Order, market: &Market, now: Timestamp) -> Option<(Timestamp, Decimal)> {
    let end = end(order, market);
    let in_auction = matches!(order.terms.time_in_force, TimeInForce::AtTheOpening | TimeInForce::AtTheClose);
    let at = match in_auction {
        true => end.filter(|auction| market.keeps_hours && *auction <= now)?,
        false => {
            Some(now).filter(|now| market.is_open(hours(order), *now) && end.is_none_or(|end| *now < end))?
        }
    };
    let last = last(&order.terms, market, at)?;
    order.triggered |= reached(&order.terms, last);
    // An auction has one price for all.
    let price = if in_auction { last } else { price_now(&order.terms, market, at)? };
    (order.triggered && acceptable(&order.terms, price)).then_some((at, price))
}

/// Sells trigger at or below the stop, buys at or above.
fn reached(terms: &Terms, last: Decimal) -> bool {
    match (terms.pricing, terms.stop) {
        (Pricing::Stop | Pricing::StopLimit, Some(stop)) if terms.side.buys() => last >= stop,
        (Pricing::Stop | Pricing::StopLimit, Some(stop)) => last <= stop,
        _ => true,
    }
}

fn acceptable(terms: &Terms, price: Decimal) -> bool {
    match (terms.pricing, terms.price) {
        (Pricing::Limit | Pricing::StopLimit, Some(limit)) if terms.side.buys() => price <= limit,
        (Pricing::Limit | Pricing::StopLimit, Some(limit)) => price >= limit,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::order::Side;
    use super::*;

    fn terms(side: Side, pricing: Pricing, price: Option<i64>, stop: Option<i64>) -> Terms {
        Terms {
            symbol: "MSFT".into(),
            side,
            pricing,
            time_in_force: TimeInForce::Day,
            qty: Decimal::TEN,
            price: price.map(Decimal::from),
            stop: stop.map(Decimal::from),
            legs: Vec::new(),
        }
    }

    #[test]
    fn stops_trigger_on_their_side() {
        let reached =
            |side, stop, last: i64| reached(&terms(side, Pricing::Stop, None, Some(stop)), last.into());
        assert!(
            reached(Side::Sell, 400, 400) && reached(Side::Sell, 400, 399) && !reached(Side::Sell, 400, 401)
        );
        assert!(
            reached(Side::Buy, 400, 400)
                && reached(Side::BuyToCover, 400, 401)
                && !reached(Side::Buy, 400, 399)
        );
    }

    #[test]
    fn limits_bind_from_their_side() {
        let fits = |side, price: i64| acceptable(&terms(side, Pricing::Limit, Some(400), None), price.into());
        assert!(fits(Side::Buy, 400) && fits(Side::Buy, 399) && !fits(Side::Buy, 401));
        assert!(fits(Side::Sell, 400) && fits(Side::SellShort, 401) && !fits(Side::Sell, 399));
    }

    #[test]
    fn a_buy_takes_the_ask_and_a_sell_the_bid() {
        let now = Timestamp::from_second(1_795_265_355).unwrap();
        let market = Market::new(now);
        let quote = market.quote("MSFT", now).unwrap();
        let price = |side| price_now(&terms(side, Pricing::Market, None, None), &market, now);
        assert_eq!((price(Side::Buy), price(Side::Sell)), (Some(quote.ask), Some(quote.bid)));
    }
}

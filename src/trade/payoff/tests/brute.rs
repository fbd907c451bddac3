//! Any order against a payoff that is computed price by price, contract by contract.

use proptest::prelude::*;

use super::super::curve::{Breakeven, Curve, Extreme};
use super::super::matching::unmatched;
use super::*;

/// What one contract is worth when it expires.
fn worth(contract: &Contract, price: Decimal) -> Decimal {
    let within = if contract.call { price - contract.strike } else { contract.strike - price };
    if within > Decimal::ZERO { within * Decimal::ONE_HUNDRED } else { Decimal::ZERO }
}

/// The profit at expiration of an order that opens, with as many shares at their cost.
fn profit(order: &Order, net: Decimal, shares: Lot, price: Decimal) -> Decimal {
    let quantity = order.quantity.value();
    let mut profit = net * quantity * Decimal::ONE_HUNDRED;
    for leg in &order.legs {
        let count = quantity * Decimal::from(leg.ratio);
        let value = worth(&leg.contract, price) * count;
        profit += if leg.action.buys() { value } else { -value };
    }
    profit + shares.quantity * (price - shares.average.unwrap_or_default())
}

/// A leg on one expiration: right, strike in half dollars, bought, ratio.
fn any_leg() -> impl Strategy<Value = Leg> {
    (any::<bool>(), 1i64..80, any::<bool>(), 1u32..4).prop_map(|(is_call, halves, buys, ratio)| {
        let contract = Contract { call: is_call, strike: Decimal::new(halves * 5, 1), ..call(1) };
        leg(contract, if buys { Action::BuyToOpen } else { Action::SellToOpen }, ratio)
    })
}

fn any_order() -> impl Strategy<Value = (Order, Decimal)> {
    (prop::collection::vec(any_leg(), 1..5), 1u32..20, 1i64..2000).prop_map(|(mut legs, quantity, cents)| {
        legs.dedup_by(|one, other| one.contract == other.contract);
        let pays = legs[0].action.buys();
        let net = format!("{}{}", if pays { "-" } else { "" }, Decimal::new(cents, 2));
        (order(legs, quantity, &net), dec(&net))
    })
}

/// Prices from zero to far beyond every strike, strikes and breakevens among them.
fn prices(order: &Order, curve: &Curve) -> Vec<Decimal> {
    let strikes = order.legs.iter().map(|leg| leg.contract.strike);
    let crossings = curve.breakevens().into_iter().map(|one| match one {
        Breakeven::At(price) | Breakeven::Between(price, _) => price.round_dp(4),
    });
    let steps = (0i64..400).map(|step| Decimal::new(step * 25, 2));
    let mut prices: Vec<Decimal> = steps.chain(strikes).chain(crossings).chain([dec("100000")]).collect();
    prices.sort();
    prices
}

/// Whether nothing but rounding of a price keeps it from zero.
fn is_zero(profit: Decimal) -> bool {
    profit.abs() < Decimal::new(1, 9)
}

proptest! {
    #[test]
    fn curve_extremes_and_breakevens_agree_with_every_price((order, net) in any_order()) {
        let payoff = payoff(&order, &Holdings::default(), None);
        let curve = payoff.curve().unwrap();
        let prices = prices(&order, curve);
        let results: Vec<Decimal> =
            prices.iter().map(|price| profit(&order, net, Lot::default(), *price)).collect();
        for (price, result) in prices.iter().zip(&results) {
            prop_assert_eq!(curve.at(*price), *result, "at {}", price);
        }
        // Beyond the last strike a straight line goes on for ever.
        let far = |price: &str| profit(&order, net, Lot::default(), dec(price));
        let slope = far("2000000") - far("1000000");
        let (most, least) = (results.iter().max().unwrap(), results.iter().min().unwrap());
        let expected = |is_open: bool, at: Decimal| if is_open { Extreme::Unlimited } else { Extreme::At(at) };
        prop_assert_eq!(curve.most(), expected(slope > Decimal::ZERO, *most));
        prop_assert_eq!(curve.least(), expected(slope < Decimal::ZERO, *least));
        // Every breakeven is one, and between two prices of different sign there is one.
        let breakevens = curve.breakevens();
        for one in &breakevens {
            let (Breakeven::At(price) | Breakeven::Between(price, _)) = *one;
            prop_assert!(is_zero(profit(&order, net, Lot::default(), price)), "{:?}", one);
        }
        let signs: Vec<bool> = results.iter().filter(|one| !is_zero(**one)).map(|one| one.is_sign_negative()).collect();
        let turns = signs.windows(2).filter(|pair| pair[0] != pair[1]).count();
        prop_assert!(turns <= breakevens.len(), "{} turns, {:?}", turns, breakevens);
    }

    #[test]
    fn shares_that_cover_or_are_protected_count((quantity, count, strike) in (0i64..900, 1u32..6, 5i64..20),
        is_call in any::<bool>()) {
        let legs = if is_call { vec![written(call(strike))] } else { vec![bought(put(strike))] };
        let net = if is_call { "0.40" } else { "-0.40" };
        let (order, held) = (order(legs, count, net), shares(quantity, "11.45"));
        let most = Decimal::from(count) * Decimal::ONE_HUNDRED;
        let whole = Decimal::from(quantity / 100 * 100);
        let taken = if is_call { whole.min(most) } else { Decimal::from(quantity).min(most) };
        let payoff = payoff(&order, &held, None);
        let curve = payoff.curve().unwrap();
        for price in prices(&order, curve) {
            let expected = profit(&order, dec(net), Lot { quantity: taken, ..held.shares }, price);
            prop_assert_eq!(curve.at(price), expected);
        }
        let is_limited = curve.least() != Extreme::Unlimited;
        prop_assert_eq!(is_limited, uncovered(&order, &held).is_none());
    }

    #[test]
    fn as_many_written_calls_are_covered_as_can_be(
        days in prop::collection::vec((0i8..4, any::<bool>()), 1..8),
    ) {
        let on = |day: i8, strike: i64| Contract { expiration: date(2026, 12, 1 + day), ..call(strike) };
        let contracts: Vec<(Contract, Decimal)> = days.iter().zip(1..).map(|((day, buys), strike)| {
            (on(*day, strike), if *buys { Decimal::ONE } else { Decimal::NEGATIVE_ONE })
        }).collect();
        let of = |wanted: bool| -> Vec<i8> {
            days.iter().filter(|(_, buys)| *buys == wanted).map(|(day, _)| *day).collect()
        };
        let left: Decimal = unmatched(contracts, true).iter().map(|(_, count)| *count).sum();
        let covered = most_covered(&of(false), &of(true));
        prop_assert_eq!(left, Decimal::from(of(false).len() - covered));
    }
}

/// The most of the written days that bought ones cover, by trying every choice.
fn most_covered(written: &[i8], bought: &[i8]) -> usize {
    let Some((first, rest)) = written.split_first() else { return 0 };
    let chosen = bought.iter().enumerate().filter(|(_, day)| *day >= first).map(|(at, _)| {
        let others: Vec<i8> =
            bought.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, day)| *day).collect();
        1 + most_covered(rest, &others)
    });
    chosen.chain([most_covered(rest, bought)]).max().unwrap_or_default()
}

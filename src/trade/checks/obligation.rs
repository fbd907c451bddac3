//! What written options oblige to, in USD: the money for shares that may be put, the value of shares that may be called.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::aries::model;
use crate::aries::symbols::Contract;
use crate::trade::order::body::Order;

/// Contracts of one leg that the order opens.
#[derive(Clone, Copy)]
struct Opened {
    written: bool,
    call: bool,
    strike: Decimal,
    expiration: Date,
    contracts: Decimal,
}

impl Opened {
    fn new(contract: &Contract, buys: bool, contracts: Decimal) -> Self {
        let Contract { call, strike, expiration, .. } = *contract;
        Self { written: !buys, call, strike, expiration, contracts }
    }

    /// Per share: all of the strike of a put; of a call what the shares are worth, which is at least the strike if it is
    /// exercised.
    fn alone(&self, shares: Decimal) -> Decimal {
        if self.call { self.strike.max(shares) } else { self.strike }
    }

    /// Per share, where a bought contract that lasts as long makes up for the rest; `None` if `long` does not.
    fn beside(&self, long: &Self) -> Option<Decimal> {
        let covers = self.call == long.call && long.expiration >= self.expiration;
        let loss = if self.call { long.strike - self.strike } else { self.strike - long.strike };
        covers.then(|| loss.max(Decimal::ZERO))
    }
}

/// What an order obliges to. `shares` is the price of the shares behind it, if it is known. Only contracts that the same
/// order buys count against those that it writes: others that are held may be sold before.
pub(crate) fn of(order: &Order, shares: Option<Decimal>) -> Decimal {
    let opening = order.legs.iter().filter(|leg| !leg.action.closes());
    let opened = opening.map(|leg| Opened::new(&leg.contract, leg.action.buys(), leg.ratio.into()));
    total(opened.collect(), shares, order.quantity.value() * order.multiplier())
}

/// The same of an order that Aries lists: what surely counted when it was sent.
pub(crate) fn of_listed(order: &model::Order, multiplier: Decimal) -> Decimal {
    let opening = order.legs.iter().filter(|leg| leg.closes == Some(false));
    let opened = opening.map(|leg| Opened::new(&leg.contract, leg.buys, leg.ratio));
    total(opened.collect(), None, order.quantity * multiplier)
}

/// What all of it together obliges to. What no decimal can hold is more than any limit.
fn total(opened: Vec<Opened>, shares: Option<Decimal>, units: Decimal) -> Decimal {
    let shares = shares.unwrap_or_default();
    let of_side = |call: bool| opened.iter().filter(move |one| one.call == call);
    let side = |call: bool| {
        let (written, bought): (Vec<Opened>, Vec<Opened>) = of_side(call).partition(|one| one.written);
        least(&written, &bought, shares)
    };
    let [puts, calls] = [false, true].map(side);
    let per_share = if is_either(&opened) { puts.max(calls) } else { puts.saturating_add(calls) };
    per_share.checked_mul(units).unwrap_or(Decimal::MAX)
}

/// Whether puts and calls are never exercised both: all written ones end on one day, the puts at or below the calls.
fn is_either(opened: &[Opened]) -> bool {
    let written = || opened.iter().filter(|one| one.written);
    let strikes = |call: bool| written().filter(move |one| one.call == call).map(|one| one.strike);
    let is_apart = strikes(false).max().zip(strikes(true).min()).is_none_or(|(put, call)| put <= call);
    is_apart && written().zip(written().skip(1)).all(|(one, next)| one.expiration == next.expiration)
}

/// The least obligation per share that any pairing of written with bought contracts leaves.
fn least(written: &[Opened], bought: &[Opened], shares: Decimal) -> Decimal {
    let Some((first, others)) = written.split_first() else { return Decimal::ZERO };
    let alone = first.alone(shares) * first.contracts + least(others, bought, shares);
    let paired = bought.iter().enumerate().filter_map(|(place, long)| {
        let rest = first.beside(long).filter(|_| !long.contracts.is_zero())?;
        let contracts = first.contracts.min(long.contracts);
        let (mut written, mut bought) = (written.to_vec(), bought.to_vec());
        bought.get_mut(place)?.contracts -= contracts;
        written.first_mut()?.contracts -= contracts;
        let left = if first.contracts == contracts { written.get(1..)? } else { &written };
        Some(rest * contracts + least(left, &bought, shares))
    });
    paired.fold(alone, Decimal::min)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::trade::order::request;

    fn order(legs: &[(u32, char, &str, &str, u32)], quantity: &str) -> Order {
        let contract = |(strike, right, month, ..): &(u32, char, &str, &str, u32)| {
            format!("AAPL 2026-{month}-18 {strike} {right}")
        };
        let wanted = match legs {
            [one] => {
                json!({"symbol": contract(one), "action": one.3, "quantity": quantity, "type": "market"})
            }
            many => {
                let leg = |leg: &(u32, char, &str, &str, u32)| json!({"contract": contract(leg), "action": leg.3, "ratio": leg.4});
                let legs: Vec<Value> = many.iter().map(leg).collect();
                json!({"symbol": "AAPL", "action": "sell", "quantity": quantity, "type": "market", "legs": legs})
            }
        };
        request::order(&serde_json::from_value(wanted).unwrap(), "2026-11-02".parse().unwrap()).unwrap()
    }

    #[test]
    fn written_options_count_by_what_they_oblige_to() {
        let (sell, buy, close) = ("sell_to_open", "buy_to_open", "buy_to_close");
        for (legs, quantity, shares, obligation) in [
            // A put: strike × 100 × contracts. A call: the shares, by the strike or the market, whichever is more.
            (vec![(250, 'P', "12", sell, 1)], "2", None, 50_000),
            (vec![(270, 'C', "12", sell, 1)], "1", None, 27_000),
            (vec![(270, 'C', "12", sell, 1)], "1", Some(300), 30_000),
            (vec![(270, 'C', "12", sell, 1)], "1", Some(200), 27_000),
            // What is bought or closed obliges to nothing.
            (vec![(270, 'C', "12", buy, 1)], "9", Some(300), 0),
            (vec![(250, 'P', "12", close, 1)], "9", None, 0),
            // A bought contract of the same day or later bounds it, an earlier one does not.
            (vec![(250, 'P', "12", sell, 1), (240, 'P', "12", buy, 1)], "3", None, 3_000),
            (vec![(250, 'P', "12", sell, 1), (260, 'P', "12", buy, 1)], "3", None, 0),
            (vec![(270, 'C', "12", sell, 1), (280, 'C', "12", buy, 1)], "1", Some(300), 1_000),
            (vec![(270, 'C', "11", sell, 1), (270, 'C', "12", buy, 1)], "1", Some(300), 0),
            (vec![(270, 'C', "12", sell, 1), (270, 'C', "11", buy, 1)], "1", Some(300), 30_000),
            // A put covers no call.
            (vec![(270, 'C', "12", sell, 1), (270, 'P', "12", buy, 1)], "1", None, 27_000),
            // More are written than bought.
            (vec![(250, 'P', "12", sell, 2), (240, 'P', "12", buy, 1)], "1", None, 26_000),
            // An iron condor can lose on one side only; what ends on two days on both.
            (
                vec![
                    (240, 'P', "12", buy, 1),
                    (250, 'P', "12", sell, 1),
                    (280, 'C', "12", sell, 1),
                    (295, 'C', "12", buy, 1),
                ],
                "1",
                Some(270),
                1_500,
            ),
            (vec![(250, 'P', "12", sell, 1), (280, 'C', "11", sell, 1)], "1", Some(270), 53_000),
            (vec![(250, 'P', "12", sell, 1), (280, 'C', "12", sell, 1)], "1", Some(270), 28_000),
            // Between the strikes of these both are exercised.
            (vec![(280, 'P', "12", sell, 1), (250, 'C', "12", sell, 1)], "1", Some(270), 55_000),
        ] {
            let shares = shares.map(Decimal::from);
            assert_eq!(of(&order(&legs, quantity), shares), Decimal::from(obligation), "{legs:?}");
        }
    }

    proptest! {
        /// Whatever the shares are worth on the day when all of it ends, no more than the obligation is lost on it.
        #[test]
        fn no_price_at_the_end_takes_more_than_the_obligation(
            legs in proptest::collection::vec((1_u32..60, any::<bool>(), any::<bool>(), 1_u32..4), 1..5),
            shares in 0_u32..60,
        ) {
            let day: Date = "2026-12-18".parse().unwrap();
            let opened: Vec<Opened> = legs.iter().map(|(strike, call, written, contracts)| Opened {
                written: *written, call: *call, strike: (*strike).into(), expiration: day, contracts: (*contracts).into(),
            }).collect();
            let obligation = total(opened.clone(), Some(shares.into()), Decimal::ONE);
            // Of a call that stands alone the obligation is the shares as they are priced now.
            for price in 0..=shares {
                let price = Decimal::from(price);
                let lost: Decimal = opened.iter().map(|one| {
                    let worth = if one.call { price - one.strike } else { one.strike - price };
                    let worth = worth.max(Decimal::ZERO) * one.contracts;
                    if one.written { worth } else { -worth }
                }).sum();
                prop_assert!(lost <= obligation, "{lost} at {price} is more than {obligation}");
            }
        }
    }
}

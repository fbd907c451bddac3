//! What an option is worth: Black and Scholes without dividends. Floats live in here and leave as whole cents.

use std::f64::consts::{PI, SQRT_2};

use super::calendar;
use super::contracts::Contract;
use super::instruments;

const RATE: f64 = 0.04;
const YEAR: f64 = 365.25 * 86_400.0;

/// An option's model value and its sensitivities.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value {
    /// Price per share in cents, at least one.
    pub(crate) cents: i64,
    /// Implied volatility; 0.28 is 28 %.
    pub(crate) volatility: f64,
    /// Change per dollar of the underlying.
    pub(crate) delta: f64,
    /// Change of delta per dollar.
    pub(crate) gamma: f64,
    pub(crate) theta: f64,
    /// Change per percentage point of volatility.
    pub(crate) vega: f64,
}

/// Values a contract at a Unix second, with the underlying at `spot` cents.
pub(crate) fn value(contract: &Contract, spot: i64, second: i64) -> Value {
    let base = instruments::find(&contract.underlying).map_or(30, |instrument| instrument.volatility);
    let (spot, strike) = (to_float(spot) / 100.0, contract.strike.as_f64());
    // A smile: strikes away from the price cost a little more.
    let volatility = to_float(base) / 100.0 * (1.0 + 0.25 * (strike / spot).ln().abs());
    let left = calendar::session(contract.expiration, false).1 - second;
    let years = to_float(left.max(60)) / YEAR;
    let model = black_scholes(contract.call, spot, strike, years, volatility);
    #[expect(clippy::cast_possible_truncation, reason = "option prices are far below the limit")]
    let cents = (model.price * 100.0).round() as i64;
    Value {
        cents: cents.max(1),
        volatility,
        delta: model.delta,
        gamma: model.gamma,
        theta: model.theta,
        vega: model.vega,
    }
}

/// Bid and ask around a value in cents: 1 % to each side, on ticks of 1 cent below 3 dollars and of 5 above.
pub(crate) fn bid_and_ask(cents: i64) -> (i64, i64) {
    let tick = if cents < 300 { 1 } else { 5 };
    let half = (cents / 100).max(1);
    let bid = (cents - half).max(0) / tick * tick;
    let ask = (cents + half + tick - 1) / tick * tick;
    (bid, ask)
}

struct Model {
    price: f64,
    delta: f64,
    gamma: f64,
    theta: f64,
    vega: f64,
}

fn black_scholes(call: bool, spot: f64, strike: f64, years: f64, volatility: f64) -> Model {
    let spread = volatility * years.sqrt();
    let d1 = ((spot / strike).ln() + (RATE + volatility * volatility / 2.0) * years) / spread;
    let d2 = d1 - spread;
    let discounted = strike * (-RATE * years).exp();
    let density = (-d1 * d1 / 2.0).exp() / (2.0 * PI).sqrt();
    // A put is a call seen from the other side.
    let sign = if call { 1.0 } else { -1.0 };
    let price = sign * (spot * cumulative(sign * d1) - discounted * cumulative(sign * d2));
    let decay = spot * density * volatility / (2.0 * years.sqrt());
    Model {
        price,
        delta: sign * cumulative(sign * d1),
        gamma: density / (spot * spread),
        theta: (-decay - sign * RATE * discounted * cumulative(sign * d2)) / 365.0,
        vega: spot * density * years.sqrt() / 100.0,
    }
}

/// The normal distribution, by formula 7.1.26 of Abramowitz and Stegun; good to seven digits.
fn cumulative(x: f64) -> f64 {
    let z = x.abs() / SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = t
        * (0.254_829_592
            + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    let upper = 1.0 - series * (-z * z).exp();
    (1.0 + upper.copysign(x)) / 2.0
}

#[expect(clippy::cast_precision_loss, reason = "cents and seconds are far below 2^52")]
fn to_float(value: i64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_textbook() {
        // Hull's example (spot 42, strike 40, 20 % volatility, half a year) with our interest of 4 %.
        let call = black_scholes(true, 42.0, 40.0, 0.5, 0.2);
        let put = black_scholes(false, 42.0, 40.0, 0.5, 0.2);
        let parity = 42.0 - 40.0 * (-0.02_f64).exp();
        assert!((call.price - put.price - parity).abs() < 1e-6);
        assert!((call.price - 3.9499).abs() < 1e-4, "{}", call.price);
        assert!((call.delta - put.delta - 1.0).abs() < 1e-6);
    }

    #[test]
    fn ask_is_above_bid_on_ticks() {
        assert_eq!(bid_and_ask(1), (0, 2));
        assert_eq!(bid_and_ask(212), (210, 214));
        assert_eq!(bid_and_ask(1_003), (990, 1_015));
    }
}

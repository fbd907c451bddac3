//! Greeks and implied volatility of one contract, as its snapshot tells them.

use rust_decimal::Decimal;

use crate::aries::Json;
use crate::aries::symbols::Contract;

/// Figures that cannot be, such as a delta of 99 or a negative volatility, are left out: feeds write them for "none".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Greeks {
    pub(crate) delta: Option<Decimal>,
    pub(crate) gamma: Option<Decimal>,
    pub(crate) theta: Option<Decimal>,
    pub(crate) vega: Option<Decimal>,
    /// As a share: 0.28 is 28 %.
    pub(crate) volatility: Option<Decimal>,
}

/// No contract has a larger implied volatility: 1,000 %.
const MOST_VOLATILITY: Decimal = Decimal::TEN;
/// Where no price is known, a contract loses less in a day.
const MOST_THETA: Decimal = Decimal::from_parts(99, 0, 0, false, 0);
/// No gamma is larger where neither price nor strike is known: a delta moves from 0 to 1 in a cent at the least.
const MOST_GAMMA: Decimal = Decimal::ONE_HUNDRED;
/// Gamma times the price of the underlying is largest at the money in the last hour of a quiet day.
const MOST_GAMMA_OF_PRICE: Decimal = Decimal::from_parts(500, 0, 0, false, 0);
/// No vega is larger, as no underlying has a higher price.
const MOST_VEGA: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

impl Greeks {
    /// Reads the snapshot of a contract; a call has a delta from 0 to 1, a put from -1 to 0.
    pub(crate) fn read(snapshot: Json<'_>, contract: &Contract) -> Self {
        let positive = |name: &str| snapshot.decimal_at(name).filter(|figure| *figure > Decimal::ZERO);
        let sign = if contract.call { Decimal::ONE } else { -Decimal::ONE };
        // A contract loses no more in a day than its price. Feeds write -999 and the like for "none".
        let prices = ["lastQuote/ask", "lastTrade/price", "lastQuote/bid"];
        let price = prices.iter().filter_map(|name| positive(name)).max();
        let is_daily = |theta: &Decimal| theta.abs() <= price.unwrap_or(MOST_THETA).max(Decimal::ONE);
        let is_of_side = |delta: &Decimal| (Decimal::ZERO..=Decimal::ONE).contains(&(sign * delta));
        let underlying = positive("underlyingAsset/price").unwrap_or(contract.strike);
        let is_gamma = |gamma: &Decimal| {
            is_gamma(gamma) && gamma.checked_mul(underlying).is_some_and(|most| most <= MOST_GAMMA_OF_PRICE)
        };
        // If volatility rose from nothing to 100 %, no contract would gain more than the price of what it is on.
        let is_vega = |vega: &Decimal| is_vega(vega) && *vega <= underlying.max(contract.strike);
        Self {
            delta: snapshot.decimal_at("greeks/delta").filter(is_of_side),
            gamma: snapshot.decimal_at("greeks/gamma").filter(is_gamma),
            theta: snapshot.decimal_at("greeks/theta").filter(is_daily),
            vega: snapshot.decimal_at("greeks/vega").filter(is_vega),
            volatility: snapshot.decimal_at("impliedVolatility").filter(is_volatility),
        }
    }
}

/// Whether it can be the delta of a call or of a put.
pub(crate) fn is_delta(figure: &Decimal) -> bool {
    figure.abs() <= Decimal::ONE
}

pub(crate) fn is_gamma(figure: &Decimal) -> bool {
    (Decimal::ZERO..=MOST_GAMMA).contains(figure)
}

/// Whether it can be a theta, where the price of its contract is not known.
pub(crate) fn is_theta(figure: &Decimal) -> bool {
    figure.abs() <= MOST_THETA
}

pub(crate) fn is_vega(figure: &Decimal) -> bool {
    (Decimal::ZERO..=MOST_VEGA).contains(figure)
}

pub(crate) fn is_volatility(share: &Decimal) -> bool {
    *share > Decimal::ZERO && *share <= MOST_VOLATILITY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(symbol: &str, greeks: &str) -> Greeks {
        let snapshot = format!(r#"{{"impliedVolatility":0.3,"greeks":{greeks}}}"#);
        Greeks::read(Json::parse(&snapshot).unwrap(), &Contract::parse(symbol).unwrap())
    }

    #[test]
    fn a_greek_outside_its_range_is_none() {
        let (call, put) = ("A261218C00100000", "A261218P00100000");
        let delta = |symbol: &str, delta: &str| read(symbol, &format!(r#"{{"delta":{delta}}}"#)).delta;
        for (symbol, sent, is_kept) in [
            (call, "0.5", true),
            (call, "1", true),
            (call, "0", true),
            (call, "1.01", false),
            (call, "-0.2", false),
            (call, "99", false),
            (call, "\"NaN\"", false),
            (put, "-0.5", true),
            (put, "0.5", false),
            (put, "-1.5", false),
            (put, "-999", false),
        ] {
            assert_eq!(delta(symbol, sent).is_some(), is_kept, "{symbol} {sent}");
        }
        let odd = read(call, r#"{"gamma":-1,"vega":-0.1,"theta":-1e9}"#);
        assert_eq!(odd, Greeks { volatility: odd.volatility, ..Greeks::default() });
        for (theta, is_kept) in [("-0.2", true), ("0.1", true), ("-999", false), ("5", false)] {
            let text = format!(r#"{{"lastQuote":{{"ask":3.95}},"greeks":{{"theta":{theta}}}}}"#);
            let greeks = Greeks::read(Json::parse(&text).unwrap(), &Contract::parse(call).unwrap());
            assert_eq!(greeks.theta.is_some(), is_kept, "{theta}");
        }
        for (greek, sent, is_kept) in [
            ("gamma", "0.02", true),
            ("gamma", "5", true),
            ("gamma", "5.1", false),
            ("gamma", "-0.02", false),
            ("vega", "0.35", true),
            ("vega", "35", true),
            ("vega", "101", false),
            ("vega", "-0.35", false),
        ] {
            let greeks = read(call, &format!(r#"{{"{greek}":{sent}}}"#));
            assert_eq!(greeks.gamma.or(greeks.vega).is_some(), is_kept, "{greek} {sent}");
        }
        for (sent, is_kept) in
            [("0.3", true), ("0", false), ("-1", false), ("10", true), ("20", false), ("51", false)]
        {
            let text = format!(r#"{{"impliedVolatility":{sent}}}"#);
            let greeks = Greeks::read(Json::parse(&text).unwrap(), &Contract::parse(call).unwrap());
            assert_eq!(greeks.volatility.is_some(), is_kept, "{sent}");
        }
    }
}

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

/// No contract has a larger implied volatility: 5,000 %.
const MOST_VOLATILITY: Decimal = Decimal::from_parts(50, 0, 0, false, 0);
/// Where no price is known, a contract loses less in a day.
const MOST_THETA: Decimal = Decimal::from_parts(99, 0, 0, false, 0);
/// No greek of a contract on any listed share is larger.
const MOST: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);

impl Greeks {
    /// Reads the snapshot of a contract; a call has a delta from 0 to 1, a put from -1 to 0.
    pub(crate) fn read(snapshot: Json<'_>, contract: &Contract) -> Self {
        let greek = |name: &str| snapshot.decimal_at(name).filter(|figure| figure.abs() < MOST);
        let sign = if contract.call { Decimal::ONE } else { -Decimal::ONE };
        // A contract loses no more in a day than its price. Feeds write -999 and the like for "none".
        let prices = ["lastQuote/ask", "lastTrade/price", "lastQuote/bid"];
        let price = prices.iter().filter_map(|name| snapshot.decimal_at(name)).max();
        let is_daily = |theta: &Decimal| theta.abs() <= price.unwrap_or(MOST_THETA).max(Decimal::ONE);
        let is_of_side = |delta: &Decimal| (Decimal::ZERO..=Decimal::ONE).contains(&(sign * delta));
        Self {
            delta: greek("greeks/delta").filter(is_of_side),
            gamma: greek("greeks/gamma").filter(is_positive),
            theta: greek("greeks/theta").filter(is_daily),
            vega: greek("greeks/vega").filter(is_positive),
            volatility: snapshot.decimal_at("impliedVolatility").filter(is_volatility),
        }
    }
}

/// Whether it can be the delta of a call or of a put.
pub(crate) fn is_delta(figure: &Decimal) -> bool {
    figure.abs() <= Decimal::ONE
}

/// Whether it can be a gamma or a vega.
pub(crate) fn is_positive(figure: &Decimal) -> bool {
    (Decimal::ZERO..MOST).contains(figure)
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
        for (sent, is_kept) in [("0.3", true), ("0", false), ("-1", false), ("51", false)] {
            let text = format!(r#"{{"impliedVolatility":{sent}}}"#);
            let greeks = Greeks::read(Json::parse(&text).unwrap(), &Contract::parse(call).unwrap());
            assert_eq!(greeks.volatility.is_some(), is_kept, "{sent}");
        }
    }
}

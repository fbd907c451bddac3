//! How much money orders and positions tie up. Simple rules in the manner of Regulation T, enough to make buying
//! power move the right way: stock half its value, long options all of it, spreads their widest loss, naked shorts
//! a fifth of the underlying.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::account::Account;
use super::matching;
use super::order::{Side, Terms};
use crate::sandbox::market::Market;
use crate::sandbox::market::contracts::Contract;

pub(crate) const HALF: Decimal = Decimal::from_parts(5, 0, 0, false, 1);
const FIFTH: Decimal = Decimal::from_parts(2, 0, 0, false, 1);

/// Money that `qty` units of an order would tie up when filled at its limit, or at the market without one.
pub(crate) fn needed(
    terms: &Terms,
    qty: Decimal,
    account: &Account,
    market: &Market,
    now: Timestamp,
) -> Decimal {
    let price =
        terms.price.or(terms.stop).or_else(|| matching::price_now(terms, market, now)).unwrap_or_default();
    let value = price * qty * terms.multiplier();
    if terms.legs.is_empty() {
        return match terms.side {
            Side::Buy | Side::SellShort => value * HALF,
            Side::Sell | Side::BuyToCover => Decimal::ZERO,
        };
    }
    let opening = terms.legs.iter().filter(|leg| leg.opens);
    let legs: Vec<(&Contract, Decimal)> = opening.map(|leg| (&leg.contract, leg.signed() * qty)).collect();
    let spot = market.quote(terms.underlying(), now).map_or(Decimal::ZERO, |quote| quote.last);
    let paid = if terms.side.buys() { value } else { -value };
    let fees = terms.contracts() * qty * super::account::OPTION_FEE;
    (paid + fees + options(&legs, spot, account.free_to_sell(terms.underlying()))).max(Decimal::ZERO)
}

/// What the positions add to cash as buying power: half of stock, nothing of options, less what shorts tie up.
pub(crate) fn loan_value(account: &Account, market: &Market, now: Timestamp) -> Decimal {
    let mut value = Decimal::ZERO;
    let mut contracts: Vec<(Contract, Decimal)> = Vec::new();
    for (symbol, holding) in &account.holdings {
        match Contract::parse(symbol) {
            Some(contract) => contracts.push((contract, holding.qty)),
            None => {
                let worth = holding.value(symbol, market, now);
                value += worth - worth.abs() * HALF;
            }
        }
    }
    value - options_by_underlying(&contracts, account, market, now)
}

fn options_by_underlying(
    contracts: &[(Contract, Decimal)],
    account: &Account,
    market: &Market,
    now: Timestamp,
) -> Decimal {
    let mut tickers: Vec<&str> = contracts.iter().map(|(contract, _)| contract.underlying.as_str()).collect();
    tickers.dedup();
    let tied = tickers.into_iter().map(|ticker| {
        let own = contracts.iter().filter(|(contract, _)| contract.underlying == ticker);
        let own: Vec<(&Contract, Decimal)> = own.map(|(contract, qty)| (contract, *qty)).collect();
        let spot = market.quote(ticker, now).map_or(Decimal::ZERO, |quote| quote.last);
        let shares = account.holdings.get(ticker).map_or(Decimal::ZERO, |holding| holding.qty);
        options(&own, spot, shares)
    });
    tied.sum()
}

/// Margin of signed contracts on one underlying, of which `shares` are held.
///
/// Each short is paired with a long of the same kind that lasts as long; what stays alone is covered by shares
/// (calls) or naked.
fn options(contracts: &[(&Contract, Decimal)], spot: Decimal, shares: Decimal) -> Decimal {
    let mut longs: Vec<(&Contract, Decimal)> =
        contracts.iter().filter(|(_, qty)| *qty > Decimal::ZERO).copied().collect();
    let mut shares = shares.max(Decimal::ZERO);
    let mut tied = Decimal::ZERO;
    for (short, qty) in contracts.iter().filter(|(_, qty)| *qty < Decimal::ZERO) {
        let mut alone = -*qty;
        for (long, left) in &mut longs {
            let pairs = long.call == short.call && long.expiration >= short.expiration;
            if pairs {
                let matched = alone.min(*left);
                let width = if short.call { long.strike - short.strike } else { short.strike - long.strike };
                tied += width.max(Decimal::ZERO) * Decimal::ONE_HUNDRED * matched;
                *left -= matched;
                alone -= matched;
            }
        }
        if short.call {
            let covered = alone.min((shares / Decimal::ONE_HUNDRED).floor());
            shares -= covered * Decimal::ONE_HUNDRED;
            alone -= covered;
        }
        tied += spot * FIFTH * Decimal::ONE_HUNDRED * alone;
    }
    tied
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn spreads_tie_up_their_widest_loss() {
        let put = |strike: i64| Contract::new("AAPL", date(2026, 12, 18), false, strike.into());
        let call = |strike: i64| Contract::new("AAPL", date(2026, 12, 18), true, strike.into());
        let tied = |legs: &[(&Contract, i64)], shares: i64| {
            let legs: Vec<_> = legs.iter().map(|(contract, qty)| (*contract, Decimal::from(*qty))).collect();
            options(&legs, Decimal::from(270), shares.into())
        };
        assert_eq!(tied(&[(&put(260), -1), (&put(250), 1)], 0), Decimal::from(1_000));
        assert_eq!(tied(&[(&call(270), 1), (&call(280), -1)], 0), Decimal::ZERO);
        assert_eq!(tied(&[(&call(280), -1)], 100), Decimal::ZERO);
        assert_eq!(tied(&[(&call(280), -1)], 99), Decimal::from(5_400));
    }
}

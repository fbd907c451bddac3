//! What one contract delivers: 100 shares, cash for an index, or something that is not known here.

use std::fmt;

use rust_decimal::Decimal;

use crate::aries::model::Quote;
use crate::aries::symbols::Contract;
use crate::trade::order::body::Order;

/// Shares, or USD per point of an index, that one contract stands for.
pub(crate) const PER_CONTRACT: Decimal = Decimal::ONE_HUNDRED;

/// Roots of options on indices, which are settled in cash (`Cboe and Nasdaq product specifications`).
const INDEX_ROOTS: [&str; 16] = [
    "DJX", "MRUT", "MXEA", "MXEF", "NDX", "NDXP", "OEX", "RUT", "RUTW", "SPX", "SPXW", "VIX", "VIXW", "XEO",
    "XND", "XSP",
];

pub(crate) fn is_cash_settled(contract: &Contract) -> bool {
    INDEX_ROOTS.contains(&contract.root.as_str())
}

/// Contracts that so many shares stand for; none if they are held the other way round.
pub(crate) fn lots(shares: Decimal) -> Decimal {
    (shares / PER_CONTRACT).floor().max(Decimal::ZERO)
}

/// Cash in USD that assignment of these puts takes.
pub(crate) fn to_buy(put: &Contract, count: Decimal) -> Decimal {
    put.strike * count * PER_CONTRACT
}

/// A contract of an order of which it is not known what it delivers.
pub(crate) struct Unsettled<'a>(&'a Contract);

impl<'a> Unsettled<'a> {
    pub(crate) fn of(order: &'a Order, quote: Option<&Quote>) -> Option<Self> {
        let quotes = quote.map(|quote| quote.legs.as_slice()).unwrap_or_default();
        let is_odd = |at: usize| {
            let shares = quotes.get(at).and_then(|quote| quote.shares);
            shares.is_some_and(|shares| shares != PER_CONTRACT)
        };
        let mut legs = order.legs.iter().enumerate();
        legs.find(|(at, leg)| leg.contract.is_adjusted() || is_odd(*at)).map(|(_, leg)| Self(&leg.contract))
    }
}

impl fmt::Display for Unsettled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was adjusted and does not deliver 100 shares", self.0.words())
    }
}

//! An account: cash, positions, orders, and what its owner could still buy.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::books::Trade;
use super::order::Order;
use super::{margin, matching};
use crate::sandbox::market::Market;
use crate::sandbox::market::contracts::Contract;

/// What an option contract costs on top of its price, when bought and when sold.
pub(crate) const OPTION_FEE: Decimal = Decimal::from_parts(50, 0, 0, false, 2);

/// What is held of one symbol.
#[derive(Debug, Clone, Default)]
pub(crate) struct Holding {
    /// Shares or contracts; negative when short.
    pub(crate) qty: Decimal,
    /// What was paid for them, times the multiplier; negative when short.
    pub(crate) cost: Decimal,
    pub(crate) opened: Timestamp,
    /// Quantities and prices, oldest first.
    lots: VecDeque<(Decimal, Decimal)>,
}

/// An account with all that belongs to it.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: &'static str,
    /// Simulated, as its owner would see it; here everything is.
    pub(crate) is_sim: bool,
    /// Number for the fields that carry internal ids.
    pub(crate) number: i64,
    pub(crate) cash: Decimal,
    /// By ticker or OSI symbol.
    pub(crate) holdings: BTreeMap<String, Holding>,
    /// Everything that was ever bought and sold, in the order of its booking.
    pub(crate) trades: Vec<Trade>,
    pub(crate) orders: Vec<Order>,
}

impl Account {
    pub(crate) fn new(id: &'static str, is_sim: bool, number: i64, cash: Decimal) -> Self {
        Self { id, is_sim, number, cash, holdings: BTreeMap::new(), trades: Vec::new(), orders: Vec::new() }
    }

    /// Fills a part of an order, and books what it trades: every leg at its own price.
    pub(crate) fn fill(
        &mut self,
        order: &mut Order,
        qty: Decimal,
        price: Decimal,
        market: &Market,
        at: Timestamp,
    ) {
        let legs = matching::leg_prices(&order.terms, price, market, at);
        order.fill(qty, price, &legs, at);
        let terms = &order.terms;
        if terms.legs.is_empty() {
            let signed = if terms.side.buys() { qty } else { -qty };
            self.trade(&terms.symbol, signed, price, Decimal::ZERO, at);
        }
        for (leg, price) in terms.legs.iter().zip(legs) {
            let fee = leg.ratio * qty * OPTION_FEE;
            self.trade(&leg.contract.osi(), leg.signed() * qty, price, fee, at);
        }
    }

    fn trade(&mut self, symbol: &str, signed: Decimal, price: Decimal, fee: Decimal, at: Timestamp) {
        let holding = self.holdings.entry(symbol.to_owned()).or_default();
        let realized = holding.apply(signed, price, multiplier(symbol), at) - fee;
        if holding.qty.is_zero() {
            self.holdings.remove(symbol);
        }
        let trade = Trade { at, symbol: symbol.to_owned(), signed, price, fee, realized };
        self.cash += trade.cash();
        self.trades.push(trade);
    }

    /// Shares or contracts held, less what open orders would already sell.
    pub(crate) fn free_to_sell(&self, symbol: &str) -> Decimal {
        let held = self.holdings.get(symbol).map_or(Decimal::ZERO, |holding| holding.qty);
        let promised = |order: &Order| match order.terms.legs.as_slice() {
            [] if order.terms.symbol == symbol && !order.terms.side.buys() => order.leaves(),
            legs => legs
                .iter()
                .filter(|leg| !leg.side.buys() && leg.contract.osi() == symbol)
                .map(|leg| leg.ratio * order.leaves())
                .sum(),
        };
        held - self.orders.iter().map(promised).sum::<Decimal>()
    }

    pub(crate) fn open_orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| order.status.open())
    }

    /// Value of all positions, shorts counted as negative.
    pub(crate) fn positions_value(&self, market: &Market, now: Timestamp) -> Decimal {
        self.holdings.iter().map(|(symbol, holding)| holding.value(symbol, market, now)).sum()
    }

    /// Profit of all positions that is not realized.
    pub(crate) fn unrealized(&self, market: &Market, now: Timestamp) -> Decimal {
        self.holdings.iter().map(|(symbol, holding)| holding.unrealized(symbol, market, now)).sum()
    }

    pub(crate) fn reserved(&self, market: &Market, now: Timestamp) -> Decimal {
        self.open_orders().map(|order| margin::needed(&order.terms, order.leaves(), self, market, now)).sum()
    }

    /// Money free for new orders: the buying power of options; stock, on margin, buys twice as much.
    pub(crate) fn available(&self, market: &Market, now: Timestamp) -> Decimal {
        self.cash + margin::loan_value(self, market, now) - self.reserved(market, now)
    }
}

impl Holding {
    /// Adds a signed quantity; gives back the profit of what it closes: the oldest first, as tax law has it.
    fn apply(&mut self, signed: Decimal, price: Decimal, multiplier: Decimal, at: Timestamp) -> Decimal {
        let (mut left, mut gain) = (signed, Decimal::ZERO);
        while let Some((qty, paid)) = self.lots.front_mut()
            && !left.is_zero()
            && qty.is_sign_positive() != left.is_sign_positive()
        {
            let closed = if qty.abs() <= left.abs() { *qty } else { -left };
            gain += (price - *paid) * closed;
            *qty -= closed;
            left += closed;
            if qty.is_zero() {
                self.lots.pop_front();
            }
        }
        if !left.is_zero() {
            // What went through zero is a new position.
            self.opened = if self.lots.is_empty() { at } else { self.opened };
            self.lots.push_back((left, price));
        }
        self.qty = self.lots.iter().map(|(qty, _)| qty).sum();
        self.cost = self.lots.iter().map(|(qty, price)| qty * price * multiplier).sum();
        gain * multiplier
    }

    /// What one share, or one share of a contract, has cost.
    pub(crate) fn average(&self, symbol: &str) -> Decimal {
        self.cost.checked_div(self.qty * multiplier(symbol)).unwrap_or_default()
    }

    /// Value now, negative when short.
    pub(crate) fn value(&self, symbol: &str, market: &Market, now: Timestamp) -> Decimal {
        market.quote(symbol, now).map_or(Decimal::ZERO, |quote| quote.last * self.qty * multiplier(symbol))
    }

    pub(crate) fn unrealized(&self, symbol: &str, market: &Market, now: Timestamp) -> Decimal {
        self.value(symbol, market, now) - self.cost
    }
}

/// Shares per unit: 100 for options.
pub(crate) fn multiplier(symbol: &str) -> Decimal {
    if Contract::parse(symbol).is_some() { Decimal::ONE_HUNDRED } else { Decimal::ONE }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account::new("A1", false, 1, Decimal::from(10_000))
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_795_265_355).unwrap()
    }

    fn trade(account: &mut Account, symbol: &str, signed: i64, price: i64) {
        account.trade(symbol, signed.into(), price.into(), Decimal::ZERO, now());
    }

    fn realized(account: &Account) -> Decimal {
        account.trades.iter().map(|trade| trade.realized).sum()
    }

    #[test]
    fn buying_averages_and_selling_realizes_the_oldest_first() {
        let mut account = account();
        trade(&mut account, "KO", 10, 60);
        trade(&mut account, "KO", 10, 70);
        assert_eq!(account.holdings["KO"].average("KO"), Decimal::from(65));
        trade(&mut account, "KO", -5, 75);
        assert_eq!((realized(&account), account.cash), (Decimal::from(75), Decimal::from(9_075)));
        trade(&mut account, "KO", -15, 65);
        assert!(account.holdings.is_empty());
        assert_eq!(realized(&account), account.cash - Decimal::from(10_000));
    }

    #[test]
    fn a_short_that_is_bought_back_realizes_too() {
        let mut account = account();
        trade(&mut account, "F", -100, 13);
        trade(&mut account, "F", 150, 12);
        assert_eq!(realized(&account), Decimal::from(100));
        let held = &account.holdings["F"];
        assert_eq!((held.qty, held.average("F")), (Decimal::from(50), Decimal::from(12)));
    }
}

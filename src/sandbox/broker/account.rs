//! An account: cash, positions, orders, and what its owner could still buy.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::margin;
use super::order::{Order, Terms};
use crate::sandbox::market::contracts::Contract;
use crate::sandbox::market::{self, Market};

/// What an option contract costs on top of its price, when bought and when sold.
pub(crate) const OPTION_FEE: Decimal = Decimal::from_parts(50, 0, 0, false, 2);

#[derive(Debug, Clone)]
pub(crate) struct Holding {
    /// Shares or contracts; negative when short.
    pub(crate) qty: Decimal,
    pub(crate) average: Decimal,
    /// Profit realized today by closing parts of it.
    pub(crate) realized_today: Decimal,
    pub(crate) opened: Timestamp,
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
    pub(crate) cash_at_start: Decimal,
    /// Value of the positions when the process started.
    pub(crate) positions_at_start: Decimal,
    pub(crate) realized: Decimal,
    pub(crate) bought: Decimal,
    pub(crate) sold: Decimal,
    /// By ticker or OSI symbol.
    pub(crate) holdings: BTreeMap<String, Holding>,
    pub(crate) orders: Vec<Order>,
}

impl Account {
    pub(crate) fn new(id: &'static str, is_sim: bool, number: i64, cash: Decimal) -> Self {
        Self {
            id,
            is_sim,
            number,
            cash,
            cash_at_start: cash,
            positions_at_start: Decimal::ZERO,
            realized: Decimal::ZERO,
            bought: Decimal::ZERO,
            sold: Decimal::ZERO,
            holdings: BTreeMap::new(),
            orders: Vec::new(),
        }
    }

    /// Books a fill of a whole order or of a part: every leg at its own price, scaled to the agreed net.
    pub(crate) fn book(
        &mut self,
        terms: &Terms,
        qty: Decimal,
        price: Decimal,
        market: &Market,
        now: Timestamp,
    ) {
        if terms.legs.is_empty() {
            let signed = if terms.side.buys() { qty } else { -qty };
            return self.trade(&terms.symbol, signed, price, now);
        }
        self.cash -= terms.contracts() * qty * OPTION_FEE;
        // The first leg takes what the others leave of the net, so that the legs add up to it exactly.
        let mut rest = if terms.side.buys() { price } else { -price };
        let (Some(first), others) = (terms.legs.first(), terms.legs.get(1..).unwrap_or_default()) else {
            return;
        };
        for leg in others {
            let osi = leg.contract.osi();
            let value = market.quote(&osi, now).map_or(Decimal::ZERO, |quote| quote.last);
            rest -= leg.signed() * value;
            self.trade(&osi, leg.signed() * qty, value, now);
        }
        self.trade(&first.contract.osi(), first.signed() * qty, rest / first.signed(), now);
    }

    fn trade(&mut self, symbol: &str, signed: Decimal, price: Decimal, now: Timestamp) {
        let multiplier = multiplier(symbol);
        let value = signed * price * multiplier;
        self.cash -= value;
        if signed.is_sign_positive() {
            self.bought += value
        } else {
            self.sold -= value
        }
        let empty =
            Holding { qty: Decimal::ZERO, average: price, realized_today: Decimal::ZERO, opened: now };
        let holding = self.holdings.entry(symbol.to_owned()).or_insert(empty);
        let realized = holding.apply(signed, price, now) * multiplier;
        holding.realized_today += realized;
        self.realized += realized;
        if holding.qty.is_zero() {
            self.holdings.remove(symbol);
        }
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
    /// Adds a signed quantity; gives back the profit per unit of multiplier that it realizes.
    fn apply(&mut self, signed: Decimal, price: Decimal, now: Timestamp) -> Decimal {
        let opposite = !self.qty.is_zero() && self.qty.is_sign_positive() != signed.is_sign_positive();
        let before = self.qty;
        self.qty += signed;
        if !opposite {
            self.average = ((self.average * before + price * signed) / self.qty).round_dp(6);
            return Decimal::ZERO;
        }
        let closed = signed.abs().min(before.abs());
        let gain = if before.is_sign_positive() { price - self.average } else { self.average - price };
        if signed.abs() > before.abs() {
            // It went through zero: what is left is a new position.
            self.average = price;
            self.opened = now;
        }
        closed * gain
    }

    /// Value now, negative when short.
    pub(crate) fn value(&self, symbol: &str, market: &Market, now: Timestamp) -> Decimal {
        market.quote(symbol, now).map_or(Decimal::ZERO, |quote| quote.last * self.qty * multiplier(symbol))
    }

    pub(crate) fn unrealized(&self, symbol: &str, market: &Market, now: Timestamp) -> Decimal {
        self.value(symbol, market, now) - self.average * self.qty * multiplier(symbol)
    }

    /// Profit since the last close, or since it was opened today.
    pub(crate) fn daily(&self, symbol: &str, market: &Market, now: Timestamp) -> Decimal {
        let Some(quote) = market.quote(symbol, now) else { return Decimal::ZERO };
        let since = if market::today(self.opened) == market::today(now) {
            self.average
        } else {
            quote.previous_close
        };
        (quote.last - since) * self.qty * multiplier(symbol)
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

    #[test]
    fn buying_averages_and_selling_realizes() {
        let mut account = account();
        account.trade("KO", Decimal::TEN, Decimal::from(60), now());
        account.trade("KO", Decimal::TEN, Decimal::from(70), now());
        assert_eq!(account.holdings["KO"].average, Decimal::from(65));
        account.trade("KO", Decimal::from(-5), Decimal::from(75), now());
        assert_eq!((account.realized, account.cash), (Decimal::from(50), Decimal::from(9_075)));
        account.trade("KO", Decimal::from(-15), Decimal::from(65), now());
        assert!(account.holdings.is_empty());
    }

    #[test]
    fn a_short_that_is_bought_back_realizes_too() {
        let mut account = account();
        account.trade("F", Decimal::from(-100), Decimal::from(13), now());
        account.trade("F", Decimal::from(150), Decimal::from(12), now());
        assert_eq!(account.realized, Decimal::from(100));
        assert_eq!(
            (account.holdings["F"].qty, account.holdings["F"].average),
            (Decimal::from(50), Decimal::from(12))
        );
    }
}

//! What an account traded, and what it earned by that: cash, positions, the profit of a day and its curve follow from one
//! list of trades, to which a later trade only adds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::account::{Account, multiplier};
use crate::exchange::{self, Hours};
use crate::sandbox::market::{self, Market, calendar};

/// What was bought or sold of one symbol at once.
#[derive(Debug, Clone)]
pub(crate) struct Trade {
    pub(crate) at: Timestamp,
    pub(crate) symbol: String,
    /// Shares or contracts; negative when sold.
    pub(crate) signed: Decimal,
    pub(crate) price: Decimal,
    pub(crate) fee: Decimal,
    /// Profit of what it closed, less its fee.
    pub(crate) realized: Decimal,
}

impl Trade {
    /// What it brought in cash; negative when bought.
    pub(crate) fn cash(&self) -> Decimal {
        -self.value() - self.fee
    }

    /// What was bought, or, if negative, sold for.
    pub(crate) fn value(&self) -> Decimal {
        self.signed * self.price * multiplier(&self.symbol)
    }
}

/// A state of the books: what was traded before a moment, at the prices of a second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    pub(crate) before: Timestamp,
    pub(crate) priced_at: i64,
}

impl State {
    pub(crate) fn now(market: &Market, now: Timestamp) -> Self {
        Self { before: Timestamp::MAX, priced_at: market.last_open(Hours::Extended, now).as_second() }
    }

    /// At midnight before a day, at the prices of the last close.
    pub(crate) fn before_day(day: Date) -> Self {
        let before = calendar::instant(calendar::midnight(day));
        Self { before, priced_at: calendar::last_close_before(day) }
    }

    /// When the day began whose prices are told now.
    pub(crate) fn start_of_day(market: &Market, now: Timestamp) -> Self {
        Self::before_day(market.day(now))
    }

    /// At a moment of the past: at its price if there was a session then, else at that of the last close.
    pub(crate) fn at(moment: Timestamp, market: &Market, now: Timestamp) -> Self {
        let (day, second) = (market::today(moment), moment.as_second());
        let (open, close) = market.session(day, false, now.as_second());
        let has_session = exchange::is_trading_day(day) || !market.keeps_hours && day == market::today(now);
        match has_session && second > open {
            true => Self { before: moment, priced_at: second.min(close) },
            false => Self { before: moment, ..Self::before_day(day) },
        }
    }
}

impl Account {
    /// What all trades of a symbol, or of all, have earned up to a state of the books, realized or not.
    pub(crate) fn earned(&self, symbol: Option<&str>, state: State, market: &Market) -> Decimal {
        let trades = self.trades.iter().filter(|trade| symbol.is_none_or(|symbol| symbol == trade.symbol));
        let trades: Vec<&Trade> = trades.filter(|trade| trade.at < state.before).collect();
        let cash: Decimal = trades.iter().map(|trade| trade.cash()).sum();
        cash + value(&trades, state.priced_at, market)
    }

    /// What a symbol, or all of them, earned since the day began.
    pub(crate) fn earned_today(&self, symbol: Option<&str>, market: &Market, now: Timestamp) -> Decimal {
        let earned = |state| self.earned(symbol, state, market);
        earned(State::now(market, now)) - earned(State::start_of_day(market, now))
    }

    /// The trades since the day began.
    pub(crate) fn trades_today(&self, market: &Market, now: Timestamp) -> impl Iterator<Item = &Trade> {
        let begin = State::start_of_day(market, now).before;
        self.trades.iter().filter(move |trade| trade.at >= begin)
    }

    /// Cash when the day began.
    pub(crate) fn cash_at_start(&self, market: &Market, now: Timestamp) -> Decimal {
        self.cash - self.trades_today(market, now).map(Trade::cash).sum::<Decimal>()
    }

    /// Value of the positions when the day began.
    pub(crate) fn positions_at_start(&self, market: &Market, now: Timestamp) -> Decimal {
        let start = State::start_of_day(market, now);
        let before: Vec<&Trade> = self.trades.iter().filter(|trade| trade.at < start.before).collect();
        value(&before, start.priced_at, market)
    }
}

/// What is held after these trades is worth at a second.
fn value(trades: &[&Trade], second: i64, market: &Market) -> Decimal {
    let mut held: BTreeMap<&str, Decimal> = BTreeMap::new();
    for trade in trades {
        *held.entry(&trade.symbol).or_default() += trade.signed;
    }
    let held = held.into_iter().filter(|(_, qty)| !qty.is_zero());
    let value = |(symbol, qty): (&str, Decimal)| {
        Some(market::decimal(market.cents_at(symbol, second)?) * qty * multiplier(symbol))
    };
    held.filter_map(value).sum()
}

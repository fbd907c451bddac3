//! How the accounts look when a process begins: the same each time, with dates that fit today.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::Broker;
use super::account::{Account, Holding};
use super::order::{Order, Pricing, Side, Status, Terms, TimeInForce};
use crate::sandbox::market::contracts::Contract;
use crate::sandbox::market::{self, Market, calendar, instruments};

/// The account that looks live.
pub(crate) const LIVE: &str = "AR4471002";
/// The account that is simulated even here.
pub(crate) const SIMULATED: &str = "SIM8820017";

/// Ticker, shares, average price in cents.
const LIVE_STOCKS: &[(&str, i64, i64)] =
    &[("AAPL", 40, 21_435), ("MSFT", 25, 36_210), ("NVDA", 60, 11_890), ("KO", 120, 6_215)];
const SIMULATED_STOCKS: &[(&str, i64, i64)] = &[("SPY", 15, 61_020), ("TSLA", 20, 45_560), ("F", 300, 1_145)];

pub(crate) fn accounts(started: Timestamp) -> Vec<Account> {
    let mut live = Account::new(LIVE, false, 4_471_002, Decimal::new(4_825_037, 2));
    live.holdings = holdings(LIVE_STOCKS, started);
    // One call, a month or two out and a little out of the money.
    let days = calendar::expirations(market::today(started));
    if let Some(day) = days.iter().rev().nth(4) {
        let call = Contract::new("AAPL", *day, true, Decimal::from(280));
        live.holdings.insert(call.osi(), holding(2, 615, started));
    }
    let mut simulated = Account::new(SIMULATED, true, 8_820_017, Decimal::from(100_000));
    simulated.holdings = holdings(SIMULATED_STOCKS, started);
    vec![live, simulated]
}

fn holdings(stocks: &[(&str, i64, i64)], started: Timestamp) -> BTreeMap<String, Holding> {
    stocks.iter().map(|(symbol, qty, cents)| ((*symbol).to_owned(), holding(*qty, *cents, started))).collect()
}

fn holding(qty: i64, cents: i64, started: Timestamp) -> Holding {
    let opened = calendar::instant(started.as_second() - 45 * 86_400);
    Holding { qty: qty.into(), average: market::decimal(cents), realized_today: Decimal::ZERO, opened }
}

/// A past order: days ago, ticker, side, how priced, shares, how it ended.
type Past = (i64, &'static str, Side, Pricing, i64, Status);

use Pricing::{Limit, Market as AtMarket, StopLimit};
use Side::{Buy, Sell};
use Status::{Canceled, Expired, Filled, Rejected};

const LIVE_PAST: &[Past] = &[
    (58, "AAPL", Buy, Limit, 20, Filled),
    (55, "NVDA", Buy, AtMarket, 30, Filled),
    (51, "KO", Buy, Limit, 60, Filled),
    (47, "TSLA", Buy, Limit, 5, Canceled),
    (45, "AAPL", Buy, AtMarket, 20, Filled),
    (41, "NVDA", Buy, Limit, 40, Filled),
    (36, "MSFT", Buy, Limit, 25, Filled),
    (33, "DIS", Buy, Limit, 50, Expired),
    (29, "KO", Buy, AtMarket, 60, Filled),
    (22, "NVDA", Sell, Limit, 10, Filled),
    (17, "MSFT", Sell, StopLimit, 10, Canceled),
    (12, "AMZN", Buy, AtMarket, 500, Rejected),
    (8, "AMZN", Buy, Limit, 10, Filled),
    (5, "AMZN", Sell, AtMarket, 10, Filled),
    (3, "PFE", Buy, Limit, 100, Canceled),
];

const SIMULATED_PAST: &[Past] = &[
    (50, "SPY", Buy, AtMarket, 15, Filled),
    (40, "TSLA", Buy, Limit, 20, Filled),
    (31, "F", Buy, Limit, 300, Filled),
    (14, "META", Buy, Limit, 3, Canceled),
    (6, "F", Sell, Limit, 50, Expired),
];

/// Past orders, and one that rests on the live-looking account.
pub(crate) fn orders(broker: &mut Broker, market: &Market, started: Timestamp) {
    for (at, past) in [(0, LIVE_PAST), (1, SIMULATED_PAST)] {
        let orders: Vec<Order> =
            past.iter().filter_map(|past| ended(broker, past, market, started)).collect();
        if let Some(account) = broker.accounts.get_mut(at) {
            account.orders = orders;
        }
    }
    let ko = instruments::find("KO").map_or(0, |ko| ko.cents);
    let terms = terms("KO", Buy, Limit, 20, ko * 9 / 10, TimeInForce::Gtc);
    let resting = broker.draft(terms, Some("earlier".into()), started);
    if let Some(account) = broker.accounts.first_mut() {
        account.orders.push(resting);
    }
}

fn ended(broker: &mut Broker, past: &Past, market: &Market, started: Timestamp) -> Option<Order> {
    let (days_ago, symbol, side, pricing, qty, status) = *past;
    let wanted = calendar::plus_days(market::today(started), 1 - days_ago);
    let open = calendar::session(calendar::trading_day_before(wanted), false).0;
    let booked = calendar::instant(open + 1_800 + 97 * days_ago);
    let cents = market.cents_at(symbol, booked.as_second())?;
    // What was filled had a limit that the market reached; the others were 4 % away from it.
    let away = if status == Filled { 0 } else { cents / 25 };
    let limit = if side.buys() { cents - away } else { cents + away };
    let time_in_force = if status == Expired { TimeInForce::Day } else { TimeInForce::Gtc };
    let mut order = broker.draft(terms(symbol, side, pricing, qty, limit, time_in_force), None, booked);
    let later = calendar::instant(booked.as_second() + if status == Filled { 2 } else { 5_400 });
    match status {
        Filled => order.fill(qty.into(), market::decimal(cents), later),
        Rejected => {
            "INSUFFICIENT_BUYING_POWER".clone_into(&mut order.reason);
            order.end(Rejected, "the order needs more buying power than there is", booked);
        }
        _ => order.end(status, "", later),
    }
    Some(order)
}

fn terms(
    symbol: &str,
    side: Side,
    pricing: Pricing,
    qty: i64,
    cents: i64,
    time_in_force: TimeInForce,
) -> Terms {
    Terms {
        symbol: symbol.to_owned(),
        side,
        pricing,
        time_in_force,
        qty: qty.into(),
        price: (pricing != AtMarket).then(|| market::decimal(cents)),
        stop: (pricing == StopLimit).then(|| market::decimal(cents)),
        legs: Vec::new(),
    }
}

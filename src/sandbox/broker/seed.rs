//! How the accounts look when a process begins: the same each time, with dates that fit today.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::Broker;
use super::account::Account;
use super::order::{Leg, Order, Pricing, Side, Status, Terms, TimeInForce};
use crate::sandbox::market::contracts::Contract;
use crate::sandbox::market::{self, Market, calendar, instruments};

/// The account that looks live.
pub(crate) const LIVE: &str = "AR4471002";
/// The account that is simulated even here.
pub(crate) const SIMULATED: &str = "SIM8820017";

/// Both accounts before their past: what was paid in does not show.
pub(crate) fn accounts() -> Vec<Account> {
    vec![
        Account::new(LIVE, false, 4_471_002, Decimal::new(4_825_037, 2)),
        Account::new(SIMULATED, true, 8_820_017, Decimal::from(100_000)),
    ]
}

/// A past order: days ago, ticker, side, how priced, shares, how it ended.
type Past = (i64, &'static str, Side, Pricing, i64, Status);

use Pricing::{Limit, Market as AtMarket, StopLimit};
use Side::{Buy, Sell};
use Status::{Canceled, Expired, Filled, Rejected};

/// Stands for the symbol of the call below.
const A_CALL: &str = "a call";

const LIVE_PAST: &[Past] = &[
    (58, "AAPL", Buy, Limit, 20, Filled),
    (55, "NVDA", Buy, AtMarket, 30, Filled),
    (51, "KO", Buy, Limit, 60, Filled),
    (47, "TSLA", Buy, Limit, 5, Canceled),
    (45, "AAPL", Buy, AtMarket, 100, Filled),
    (36, "MSFT", Buy, Limit, 25, Filled),
    (33, "DIS", Buy, Limit, 50, Expired),
    (29, "KO", Buy, AtMarket, 60, Filled),
    (25, A_CALL, Buy, Limit, 2, Filled),
    (22, "NVDA", Sell, Limit, 10, Filled),
    (19, "NVDA", Buy, Limit, 40, Filled),
    (17, "MSFT", Sell, StopLimit, 10, Canceled),
    (12, "AMZN", Buy, AtMarket, 1_500, Rejected),
    (8, "AMZN", Buy, Limit, 10, Filled),
    (5, "AMZN", Sell, AtMarket, 10, Filled),
    (3, "PFE", Buy, Limit, 100, Canceled),
];

const SIMULATED_PAST: &[Past] = &[
    (50, "SPY", Buy, AtMarket, 15, Filled),
    (43, "AAPL", Buy, AtMarket, 10, Filled),
    (40, "TSLA", Buy, Limit, 20, Filled),
    (31, "F", Buy, Limit, 300, Filled),
    (14, "META", Buy, Limit, 3, Canceled),
    (6, "F", Sell, Limit, 50, Expired),
];

/// Past orders with what they traded, and one that rests on the live-looking account. The cash is what is left after them.
pub(crate) fn orders(broker: &mut Broker, market: &Market, started: Timestamp) {
    let mut accounts = std::mem::take(&mut broker.accounts);
    for (account, past) in accounts.iter_mut().zip([LIVE_PAST, SIMULATED_PAST]) {
        let cash = account.cash;
        for past in past {
            let (at, terms) = placed(past, market, started);
            let order = broker.draft(terms, None, at);
            let order = ended(order, past.5, account, market);
            account.orders.push(order);
        }
        account.cash = cash;
    }
    broker.accounts = accounts;
    let ko = instruments::find("KO").map_or(0, |ko| ko.cents);
    let terms = terms("KO", Buy, Limit, 20, ko * 9 / 10, TimeInForce::Gtc);
    let resting = broker.draft(terms, Some("earlier".into()), started);
    if let Some(account) = broker.accounts.first_mut() {
        account.orders.push(resting);
    }
}

/// When a past order was placed, and its terms. What was filled had a limit that the market reached; the others were 4 %
/// away from it.
fn placed(past: &Past, market: &Market, started: Timestamp) -> (Timestamp, Terms) {
    let (days_ago, symbol, side, pricing, qty, status) = *past;
    let wanted = calendar::plus_days(market::today(started), 1 - days_ago);
    let open = calendar::session(calendar::trading_day_before(wanted), false).0;
    // Two orders of one day keep their order.
    let at = calendar::instant(open + 1_800 + 97 * (60 - days_ago));
    let contract = (symbol == A_CALL).then(|| call(started));
    let symbol = contract.as_ref().map_or_else(|| symbol.to_owned(), Contract::osi);
    let cents = market.cents_at(&symbol, at.as_second()).unwrap_or_default();
    let away = if status == Filled { 0 } else { cents / 25 };
    // A stop lies on the other side of the market than a limit.
    let is_below = side.buys() != (pricing == StopLimit);
    let limit = if is_below { cents - away } else { cents + away };
    let time_in_force = if status == Expired { TimeInForce::Day } else { TimeInForce::Gtc };
    let mut terms = terms(&symbol, side, pricing, qty, limit, time_in_force);
    terms.legs.extend(contract.map(|contract| Leg { contract, side, ratio: Decimal::ONE, opens: true }));
    (at, terms)
}

/// A call on Apple, a month or two out and a little out of the money.
fn call(started: Timestamp) -> Contract {
    let days = calendar::expirations(market::today(started));
    let day = days.iter().rev().nth(4).or(days.last()).copied().unwrap_or_default();
    Contract::new("AAPL", day, true, Decimal::from(280))
}

fn ended(mut order: Order, status: Status, account: &mut Account, market: &Market) -> Order {
    let placed = order.created;
    let after = |seconds| calendar::instant(placed.as_second() + seconds);
    match status {
        Filled => {
            let price =
                market::decimal(market.cents_at(&order.terms.symbol, placed.as_second()).unwrap_or_default());
            let qty = order.terms.qty;
            account.fill(&mut order, qty, price, market, after(2));
        }
        Rejected => {
            "INSUFFICIENT_BUYING_POWER".clone_into(&mut order.reason);
            order.end(Rejected, "the order needs more buying power than there is", placed);
        }
        Expired => {
            let close = calendar::session(market::today(placed), false).1;
            order.end(Expired, "", calendar::instant(close));
        }
        _ => order.end(status, "", after(5_400)),
    }
    order
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

//! The broker: accounts and the book of their orders.

pub(crate) mod account;
pub(crate) mod balances;
pub(crate) mod body;
pub(crate) mod books;
pub(crate) mod change;
pub(crate) mod entry;
pub(crate) mod lists;
mod margin;
pub(crate) mod matching;
pub(crate) mod order;
pub(crate) mod positions;
mod seed;
pub(crate) mod users;
pub(crate) mod watchlists;

use jiff::Timestamp;
use rust_decimal::Decimal;

use self::account::Account;
use self::order::{Order, Status, Terms, TimeInForce};
use self::watchlists::Watchlist;
use crate::sandbox::Answer;
use crate::sandbox::market::Market;

/// The accounts, and the next free order number.
#[derive(Debug)]
pub(crate) struct Broker {
    pub(crate) accounts: Vec<Account>,
    pub(crate) watchlists: Vec<Watchlist>,
    /// Part of every order id: two runs must not give out the same ids, since journals outlive a run.
    run: i64,
    next: i64,
}

impl Broker {
    pub(crate) fn seeded(market: &Market, started: Timestamp) -> Self {
        let mut broker = Self {
            accounts: seed::accounts(),
            watchlists: watchlists::seeded(),
            // By this machine's clock: that of the market may begin at the same time in every run.
            run: Timestamp::now().as_millisecond(),
            next: 1,
        };
        seed::orders(&mut broker, market, started);
        broker.update_orders(market, started);
        broker
    }

    /// The account of an id; 404 if there is none.
    pub(crate) fn account(&mut self, id: &str) -> Result<&mut Account, Answer> {
        let found = self.accounts.iter_mut().find(|account| account.id == id);
        found.ok_or_else(|| Answer::not_found(format!("no such account: {id}")))
    }

    /// An id that no order has: a cancel has one of its own.
    pub(crate) fn next_id(&mut self) -> String {
        let sequence = self.next;
        self.next += 1;
        format!("C{:X}-{sequence}", self.run)
    }

    /// A new order, not yet in any book.
    pub(crate) fn draft(&mut self, terms: Terms, client_id: Option<String>, now: Timestamp) -> Order {
        let sequence = self.next;
        self.next += 1;
        Order {
            sequence,
            cl_ord_id: format!("C{:X}-{sequence}", self.run),
            replaces: None,
            ord_id: format!("P{:X}-{sequence}", self.run),
            client_id,
            triggered: false,
            terms,
            status: Status::New,
            filled: Decimal::ZERO,
            average: Decimal::ZERO,
            leg_averages: Vec::new(),
            text: String::new(),
            reason: String::new(),
            created: now,
            updated: now,
        }
    }

    /// Brings every order up to date: expires what has had its day, fills what the market reaches.
    pub(crate) fn update_orders(&mut self, market: &Market, now: Timestamp) {
        for account in &mut self.accounts {
            let mut orders = std::mem::take(&mut account.orders);
            for order in orders.iter_mut().filter(|order| order.status.open()) {
                update_order(order, account, market, now);
            }
            account.orders = orders;
        }
    }

    /// Fills an open order by hand, at its limit or else at the market.
    pub(crate) fn fill_by_hand(
        &mut self,
        id: &str,
        qty: Option<Decimal>,
        market: &Market,
        now: Timestamp,
    ) -> Result<(), &'static str> {
        for account in &mut self.accounts {
            let mut orders = std::mem::take(&mut account.orders);
            let found = orders.iter_mut().find(|order| order.cl_ord_id == id && order.status.open());
            let filled = found.map(|order| fill_by_hand(order, account, qty, market, now));
            account.orders = orders;
            if let Some(filled) = filled {
                return filled;
            }
        }
        Err(NOT_OPEN)
    }

    /// Gives an open order another status by hand.
    pub(crate) fn set_status(
        &mut self,
        id: &str,
        status: Status,
        now: Timestamp,
    ) -> Result<(), &'static str> {
        let mut orders = self.accounts.iter_mut().flat_map(|account| &mut account.orders);
        let order = orders.find(|order| order.cl_ord_id == id && order.status.open()).ok_or(NOT_OPEN)?;
        let text = if status == Status::Rejected { "the exchange rejected it" } else { "" };
        if status == Status::Rejected {
            "EXCHANGE".clone_into(&mut order.reason);
        }
        order.end(status, text, now);
        Ok(())
    }
}

const NOT_OPEN: &str = "no open order has this clOrdId";

fn fill_by_hand(
    order: &mut Order,
    account: &mut Account,
    qty: Option<Decimal>,
    market: &Market,
    now: Timestamp,
) -> Result<(), &'static str> {
    let qty = qty.unwrap_or_else(|| order.leaves());
    if qty > order.leaves() || qty.is_zero() {
        return Err("qty is zero or more than the order leaves");
    }
    let price = order.terms.price.or_else(|| matching::price_now(&order.terms, market, now));
    account.fill(order, qty, price.ok_or("the order has no price")?, market, now);
    Ok(())
}

fn update_order(order: &mut Order, account: &mut Account, market: &Market, now: Timestamp) {
    if let Some((at, price)) = matching::fill(order, market, now) {
        account.fill(order, order.leaves(), price, market, at);
    } else if let Some(end) = matching::end(order, market).filter(|end| *end <= now) {
        order.end(Status::Expired, "its time in force ended", end);
    } else if matches!(order.terms.time_in_force, TimeInForce::Ioc | TimeInForce::Fok) {
        order.end(Status::Canceled, "could not be filled at once", now);
    }
}

#[cfg(test)]
mod tests {
    use super::order::{Pricing, Side};
    use super::*;

    fn resting(time_in_force: TimeInForce) -> Terms {
        Terms {
            symbol: "MSFT".into(),
            side: Side::Buy,
            pricing: Pricing::Limit,
            time_in_force,
            qty: Decimal::TEN,
            price: Some(Decimal::from(400)),
            stop: None,
            legs: Vec::new(),
        }
    }

    #[test]
    fn day_orders_end_with_their_day_and_others_stay() {
        let at = |hour: i64| Timestamp::from_second(1_795_265_355 + hour * 3_600).unwrap();
        let market = Market::new(at(0));
        let mut broker = Broker::seeded(&market, at(0));
        for time_in_force in [TimeInForce::Day, TimeInForce::Gtc, TimeInForce::AtTheClose] {
            let order = broker.draft(resting(time_in_force), None, at(0));
            broker.accounts[1].orders.push(order);
        }
        let mut status_after = |hours: i64| {
            broker.update_orders(&market, at(hours));
            let orders = &broker.accounts[1].orders;
            orders[orders.len() - 3..].iter().map(|order| order.status).collect::<Vec<_>>()
        };
        assert_eq!(status_after(1), [Status::New; 3]);
        assert_eq!(status_after(24), [Status::Expired, Status::New, Status::Expired]);
    }

    /// The end of an order of `time_in_force` that came at one time and was looked at at another, where the market keeps its
    /// hours: its status, and when it came to it.
    fn ended(time_in_force: TimeInForce, pricing: Pricing, came: &str, looked: &str) -> (Status, String) {
        let at = |text: &str| format!("2026-11-{text}-05:00").parse::<Timestamp>().unwrap();
        let market = Market::new(at(came)).with_hours(true);
        let mut broker = Broker::seeded(&market, at(came));
        let terms = Terms { pricing, ..resting(time_in_force) };
        let order = broker.draft(terms, None, at(came));
        broker.accounts[1].orders.push(order);
        broker.update_orders(&market, at(came));
        broker.update_orders(&market, at(looked));
        let order = broker.accounts[1].orders.last().unwrap();
        let updated = order.updated.to_zoned(crate::exchange::zone());
        (order.status, updated.strftime("%dT%H:%M:%S").to_string())
    }

    #[test]
    fn auctions_come_at_the_opening_and_the_close() {
        use TimeInForce::{AtTheClose, AtTheOpening};
        for (time_in_force, came, looked, status, when) in [
            (AtTheClose, "27T12:59:50", "27T12:59:59", Status::New, "27T12:59:50"),
            (AtTheClose, "27T12:59:50", "27T13:00:05", Status::Filled, "27T13:00:00"),
            (AtTheClose, "25T15:00:00", "27T10:00:00", Status::Filled, "25T16:00:00"),
            (AtTheClose, "27T13:00:00", "30T15:00:00", Status::New, "27T13:00:00"),
            (AtTheOpening, "26T12:00:00", "27T09:29:59", Status::New, "26T12:00:00"),
            (AtTheOpening, "26T12:00:00", "27T09:30:01", Status::Filled, "27T09:30:00"),
            (AtTheOpening, "27T09:30:00", "27T12:00:00", Status::New, "27T09:30:00"),
        ] {
            let end = ended(time_in_force, Pricing::Market, came, looked);
            assert_eq!(end, (status, when.to_owned()), "{time_in_force:?} {came} {looked}");
            let limited = ended(time_in_force, Pricing::Limit, came, looked).0;
            let unreached = if status == Status::Filled { Status::Expired } else { status };
            assert_eq!(limited, unreached, "{time_in_force:?} {came} {looked}");
        }
    }

    #[test]
    fn orders_end_with_their_session_and_none_fills_outside_it() {
        use TimeInForce::{Day, ExtendedHours, Gtc, Ioc};
        for (time_in_force, came, looked, status, when) in [
            (Day, "27T12:59:50", "27T13:00:00", Status::Expired, "27T13:00:00"),
            (Day, "25T18:00:00", "27T12:59:59", Status::New, "25T18:00:00"),
            (Day, "25T18:00:00", "28T12:00:00", Status::Expired, "27T13:00:00"),
            (ExtendedHours, "27T12:00:00", "27T16:59:59", Status::New, "27T12:00:00"),
            (ExtendedHours, "27T12:00:00", "27T17:00:00", Status::Expired, "27T17:00:00"),
            (Gtc, "25T12:00:00", "30T15:00:00", Status::New, "25T12:00:00"),
            (Ioc, "27T12:00:00", "27T12:00:00", Status::Canceled, "27T12:00:00"),
        ] {
            let end = ended(time_in_force, Pricing::Limit, came, looked);
            assert_eq!(end, (status, when.to_owned()), "{time_in_force:?} {came} {looked}");
        }
        for (time_in_force, came, looked, status) in [
            (Day, "27T13:00:00", "28T12:00:00", Status::New),
            (Day, "26T12:00:00", "27T09:30:00", Status::Filled),
            (Gtc, "28T12:00:00", "29T12:00:00", Status::New),
            (ExtendedHours, "27T04:00:00", "27T04:00:00", Status::Filled),
            (Ioc, "28T12:00:00", "28T12:00:00", Status::Canceled),
        ] {
            let end = ended(time_in_force, Pricing::Market, came, looked);
            assert_eq!(end.0, status, "{time_in_force:?} {came} {looked}");
        }
    }

    #[test]
    fn a_run_begins_with_two_accounts_and_their_past() {
        let now = Timestamp::from_second(1_795_265_355).unwrap();
        let market = Market::new(now);
        let broker = Broker::seeded(&market, now);
        let [live, simulated] = broker.accounts.as_slice() else { panic!("two accounts") };
        assert!(!live.is_sim && simulated.is_sim);
        assert_eq!((live.orders.len(), simulated.orders.len()), (17, 6));
        assert!(live.orders.is_sorted_by_key(|order| (order.created, order.sequence)));
        let options: Vec<&String> = live.holdings.keys().filter(|symbol| symbol.len() > 15).collect();
        assert_eq!(options.len(), 1);
        assert!(market.contract(options[0], now).is_some());
    }
}

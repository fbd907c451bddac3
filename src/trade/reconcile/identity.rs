//! Which row of Aries' list an order is: the one with the id that Aries answered, else the one that took its place, else the
//! one that came under our own id after it was sent.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::aries::model::Order;
use crate::aries::time;
use crate::clock;
use crate::trade::journal::history::OrderHistory;

/// How far Aries' clock may be behind ours: an order of a moment before was not ours.
pub(crate) const SLACK: SignedDuration = SignedDuration::from_secs(2);
/// How far Aries' clock may be from ours.
pub(crate) const SKEW: SignedDuration = SignedDuration::from_secs(120);

pub(crate) struct Identity<'a> {
    /// Aries' id, if it is known.
    pub(crate) order: Option<&'a str>,
    /// The `am-…` id that was sent as its `clientId`.
    pub(crate) own: &'a str,
    /// When it was sent; any row counts as later if that is not known.
    pub(crate) sent: Option<Timestamp>,
    /// Whether it took the place of another order, of which its row may have the time.
    pub(crate) is_replacement: bool,
    /// The body of the order, if it is known.
    pub(crate) body: Option<&'a Value>,
}

impl<'a> Identity<'a> {
    /// That of an order in the journal.
    pub(crate) fn of(order: &'a OrderHistory) -> Self {
        Self {
            order: order.order.as_deref(),
            own: &order.id,
            sent: order.sent.as_ref().map(|(at, _)| *at),
            is_replacement: order.replaces.is_some(),
            body: order.sent.as_ref().map(|(_, sent)| sent.order()),
        }
    }

    /// Picks the order out of a list, which begins with the newest.
    pub(crate) fn pick<'o>(&self, orders: &'o [Order]) -> Option<&'o Order> {
        // Another one may have got its id since; alone it is told, and that it is not what was sent.
        let by_id = || {
            let mut all = orders.iter().filter(|one| self.has_its_id(one));
            all.clone().find(|one| self.is_same_trade(one)).or_else(|| all.next())
        };
        // What takes its place comes later, be it on another day; by an id of another day it is none.
        let in_its_place = || {
            let is_today = self.sent.is_none_or(|sent| is_same_day(clock::now(), sent));
            let mut others = orders.iter().filter(|_| is_today);
            others.find(|one| one.replaces.is_some() && one.replaces.as_deref() == self.order)
        };
        by_id().or_else(in_its_place).or_else(|| self.under_our_id(orders))
    }

    /// Whether a row has the id that Aries answered, and is not one of a later day: ids begin anew with each.
    fn has_its_id(&self, row: &Order) -> bool {
        let is_later = |sent| !is_same_day(created(row), sent) && created(row) > sent;
        self.is_its_id(row) && !self.sent.is_some_and(is_later)
    }

    /// Whether a row has the id that Aries answered, and came on that day; one in the place of another may have its time.
    pub(crate) fn is_surely(&self, row: &Order) -> bool {
        let is_after = |sent| created(row).duration_since(sent) >= -SKEW;
        let is_then = |sent| {
            is_same_day(created(row), sent) && is_after(sent) || self.is_replacement && created(row) < sent
        };
        self.is_its_id(row) && self.sent.is_some_and(is_then) && self.is_same_trade(row)
    }

    /// Whether a row is for what was sent, bought or sold: no change of an order can make it another one.
    pub(crate) fn is_same_trade(&self, row: &Order) -> bool {
        let sent = |name: &str| self.body.and_then(|body| body.get(name)?.as_str());
        let is_side = sent("side").is_none_or(|side| row.side.is_empty() || row.side == side);
        let is_readable = !row.symbol.is_empty() && row.unreadable.is_none();
        is_side && sent("symbol").is_none_or(|symbol| !is_readable || row.has_underlying(symbol))
    }

    fn is_its_id(&self, row: &Order) -> bool {
        !row.id.is_empty() && self.order == Some(&row.id)
    }

    /// The newest that shows our own id. One that was there before ours was sent, or is for something else, is another one,
    /// whatever it shows.
    pub(crate) fn under_our_id<'o>(&self, orders: &'o [Order]) -> Option<&'o Order> {
        let shows_it = |one: &&Order| {
            !one.id.is_empty()
                && one.own_id() == Some(self.own)
                && !self.sent.is_some_and(|sent| is_before(one, sent))
                && self.is_same_trade(one)
        };
        // Of equals the last is taken.
        orders.iter().rev().filter(shows_it).max_by_key(|one| one.created)
    }
}

/// Whether a row was there before an order was sent.
pub(crate) fn is_before(row: &Order, sent: Timestamp) -> bool {
    row.created.is_some_and(|created| created.duration_since(sent) < -SLACK)
}

/// When a row came. One without a time says nothing of its day: then it can only be one of today.
fn created(row: &Order) -> Timestamp {
    row.created.unwrap_or_else(clock::now)
}

/// Whether both moments are of one New York day, or so near to each other that the clocks may tell different ones.
pub(crate) fn is_same_day(one: Timestamp, other: Timestamp) -> bool {
    let day = |at: Timestamp| at.to_zoned(time::zone()).date();
    day(one) == day(other) || one.duration_since(other).abs() <= SKEW
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::aries::Json;

    fn rows(rows: &Value) -> Vec<Order> {
        Json::parse(&rows.to_string()).unwrap().items().into_iter().map(Order::read).collect()
    }

    /// A moment of today, or so near to it that the day does not count.
    fn sent() -> Timestamp {
        clock::now() - SignedDuration::from_secs(30)
    }

    fn picked(order: Option<&str>, list: Value) -> Option<String> {
        let identity = Identity { order, own: "am-1", sent: Some(sent()), is_replacement: false, body: None };
        identity.pick(&rows(&list)).map(|one| one.id.clone())
    }

    #[test]
    fn the_id_that_aries_answered_goes_before_all_else() {
        let ours = |id: &str, second: i64| json!({"clOrdId": id, "clientId": "am-1", "createdAt": (sent() + SignedDuration::from_secs(second)).to_string()});
        let before = (sent() - SignedDuration::from_secs(60)).to_string();
        let older = json!({"clOrdId": "OLD", "clientId": "am-1", "createdAt": before});
        let next = json!({"clOrdId": "NEXT", "origClOrdId": "A"});
        let foreign = json!({"clOrdId": "F", "clientId": "A"});
        let tried = |list: &[&Value]| picked(Some("A"), json!(list));
        assert_eq!(tried(&[&older, &ours("B", 9), &next, &ours("A", 1)]).as_deref(), Some("A"));
        assert_eq!(tried(&[&older, &ours("B", 9), &next]).as_deref(), Some("NEXT"));
        assert_eq!(tried(&[&older, &ours("B", 9), &ours("C", 8)]).as_deref(), Some("B"));
        assert_eq!(tried(&[&older, &foreign]), None);
        assert_eq!(tried(&[&json!({"clOrdId": "U", "clientId": "am-1"}), &older]).as_deref(), Some("U"));
        assert_eq!(picked(None, json!([older, next, foreign])), None);
        assert_eq!(
            picked(None, json!([{"clOrdId": "", "clientId": "am-1"}, ours("C", 0)])).as_deref(),
            Some("C")
        );
    }
}

//! The fingerprint of an order: what identifies it in Aries' lists as the one that was sent. That is our own id or else, as
//! long as Aries shows no ids of ours, its shape and time.

use std::collections::HashSet;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::identity::{Identity, SKEW, SLACK, is_same_day};
use crate::aries::model;
use crate::trade::journal::event::{FoundBy, Sent};
use crate::trade::journal::history::{History, OrderHistory};

/// Where a list of orders comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Today's list, which may lag behind.
    Cache,
    /// The history, which is read from the database and has today, too.
    Database,
}

#[derive(Debug, Clone)]
pub(crate) struct Fingerprint {
    pub(crate) account: String,
    client_id: String,
    expect: Value,
    before: Vec<String>,
    others: Vec<String>,
    /// Our own ids of every order in the journal.
    ours: HashSet<String>,
    replaces: Option<String>,
    pub(crate) sent: Timestamp,
}

impl Fingerprint {
    pub(crate) fn of(order: &OrderHistory, history: &History) -> Option<Self> {
        let (at, sent) = order.sent.as_ref()?;
        let (account, _) = order.place()?;
        Some(Self::new(&order.id, account, sent, *at, order.replaces.clone(), history))
    }

    /// That of an order with this id of ours that is sent `at` this time.
    pub(crate) fn new(
        id: &str,
        account: &str,
        sent: &Sent,
        at: Timestamp,
        replaces: Option<String>,
        history: &History,
    ) -> Self {
        // Of this account and day: elsewhere, and on other days, the same ids are those of other orders.
        let others = history.0.iter().filter(|other| {
            let is_here = other.place().is_some_and(|(own, _)| own == account);
            let then = other.sent.as_ref().is_some_and(|(then, _)| is_same_day(*then, at));
            other.id != id && is_here && then
        });
        let others = others.filter_map(|other| other.order.clone());
        Self {
            account: account.to_owned(),
            client_id: id.to_owned(),
            expect: sent.order().clone(),
            before: sent.before.clone(),
            others: others.collect(),
            ours: history.0.iter().map(|order| order.id.clone()).collect(),
            replaces,
            sent: at,
        }
    }

    /// Whether this id was in the lists before the order was sent.
    pub(crate) fn was_listed(&self, id: &str) -> bool {
        self.before.iter().any(|known| known == id)
    }

    /// By what Aries itself says of it: the chain of replacements, else our own id.
    fn by_id<'a>(&self, orders: &'a [model::Order]) -> Option<&'a model::Order> {
        let identity = Identity {
            order: None,
            own: &self.client_id,
            sent: Some(self.sent),
            is_replacement: self.replaces.is_some(),
            body: Some(&self.expect),
        };
        orders.iter().find(|order| self.is_replacement(order)).or_else(|| identity.under_our_id(orders))
    }

    /// Whether an order is what was sent and new, and says what it replaces; or has become what was sent under the id that it
    /// had. By Aries' documentation a replacement has an id of its own, but what is listed counts.
    fn is_replacement(&self, order: &model::Order) -> bool {
        let Some(replaced) = &self.replaces else { return false };
        let is_new = order.replaces.as_ref() == Some(replaced) && !self.is_known(order);
        !order.id.is_empty() && (is_new || order.id == *replaced) && self.is_sent(order)
    }

    /// Whether it was listed before ours was sent, or is another order of ours.
    fn is_known(&self, order: &model::Order) -> bool {
        self.before.contains(&order.id) || self.others.contains(&order.id)
    }

    /// Whether an order shows no id of ours but is what was sent, came when it was sent, and was not there before.
    fn resembles(&self, order: &model::Order) -> bool {
        let near = order.created.is_some_and(|at| (-SLACK..=SKEW).contains(&at.duration_since(self.sent)));
        // One that Aries refused has answered: a doubt is about one that it may have taken.
        near && order.own_id().is_none()
            && order.status != "REJECTED"
            && self.is_sent(order)
            && !self.is_known(order)
    }

    fn is_sent(&self, order: &model::Order) -> bool {
        order.unreadable.is_none() && is_same(&self.expect, order, LeftOut::Differs)
    }

    /// Picks the order out of a list, if the list shows it; what was seen of others goes into `seen`.
    pub(crate) fn pick(
        &self,
        orders: &[model::Order],
        source: Source,
        seen: &mut Seen,
    ) -> Option<(model::Order, FoundBy)> {
        if let Some(found) = self.by_id(orders) {
            return Some((found.clone(), FoundBy::Id));
        }
        seen.named |= orders.iter().any(|order| order.own_id().is_some_and(|id| self.ours.contains(id)));
        // Where Aries shows our own ids, an order without one is none of ours.
        if seen.named {
            return None;
        }
        let alike: Vec<_> = orders.iter().filter(|order| self.resembles(order)).collect();
        match alike.as_slice() {
            // A cache may show one of two; only the database is taken at its word.
            [one] if source == Source::Database => Some(((*one).clone(), FoundBy::Shape)),
            several => {
                seen.alike = several.len();
                None
            }
        }
    }
}

/// What it means that a list leaves something of an order out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LeftOut {
    Differs,
    IsFine,
}

fn is_same(body: &Value, order: &model::Order, left_out: LeftOut) -> bool {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| text(name).parse::<Decimal>().ok();
    let is_fine = left_out == LeftOut::IsFine;
    let word = |listed: &str, name: &str| is_fine && listed.is_empty() || listed == text(name);
    let price = |listed: Option<Decimal>, name: &str| is_fine && listed.is_none() || listed == number(name);
    order.has_underlying(text("symbol"))
        && word(&order.side, "side")
        && word(&order.kind, "type")
        && word(&order.time_in_force, "timeInForce")
        && Some(order.quantity) == number("qty")
        && price(order.limit, "price")
        && price(order.stop, "stopPrice")
        && same_legs(body, order)
}

fn same_legs(body: &Value, order: &model::Order) -> bool {
    let legs = body.get("legs").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    legs.len() == order.legs.len()
        && legs.iter().all(|leg| {
            let of = |name: &str| leg.get(name).and_then(Value::as_str).unwrap_or_default();
            order.legs.iter().any(|other| {
                other.contract.expiration.to_string() == of("maturity")
                    && Some(other.contract.strike) == of("strikePrice").parse().ok()
                    && other.contract.call == (of("putCall") == "CALL")
                    && other.buys == (of("side") == "BUY")
                    && Some(other.ratio) == of("ratioQty").parse().ok()
                    && other.closes.is_none_or(|closes| closes == (of("positionEffect") == "CLOSE"))
            })
        })
}

/// How Aries' list of an order differs from the body that was sent. What the list leaves out is no difference: side and type
/// may be missing there.
pub(crate) fn difference(body: &Value, order: &model::Order) -> Option<String> {
    if let Some(what) = order.unreadable {
        return Some(format!("what Aries lists cannot be compared with it: {what}"));
    }
    (!is_same(body, order, LeftOut::IsFine)).then(|| format!("Aries lists it as {}", order.sentence()))
}

/// What the lists showed while the order was not found.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) looks: usize,
    pub(crate) orders: usize,
    pub(crate) alike: usize,
    pub(crate) named: bool,
    pub(crate) trouble: Option<String>,
}

impl Seen {
    /// Whether every list was read and nothing in it speaks for the order.
    pub(crate) fn is_clear(&self) -> bool {
        self.looks > 0 && self.alike == 0 && self.trouble.is_none()
    }

    pub(crate) fn words(&self) -> String {
        let mut text = match self.looks {
            0 => "the lists of orders could not be read".to_owned(),
            looks => format!("it was not seen in {looks} looks at the lists ({} orders there)", self.orders),
        };
        if self.alike > 1 {
            text.push_str(&format!(", {} orders look like it", self.alike));
        }
        if let Some(trouble) = &self.trouble {
            text.push_str(&format!(", trouble: {trouble}"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SENT: &str = "2026-11-20T15:00:00Z";

    fn fingerprint(body: Value) -> Fingerprint {
        Fingerprint {
            account: "A1".to_owned(),
            client_id: "am-2".to_owned(),
            expect: body,
            before: vec!["B-1".to_owned()],
            others: vec!["O-1".to_owned()],
            ours: ["am-1", "am-2"].map(str::to_owned).into(),
            replaces: Some("B-1".to_owned()),
            sent: SENT.parse().unwrap(),
        }
    }

    /// What the database's list of these orders tells of the order that is looked for.
    fn found_by(body: &Value, rows: &[Value]) -> Option<FoundBy> {
        let text = json!(rows).to_string();
        let rows = crate::aries::Json::parse(&text).unwrap().items();
        let orders: Vec<model::Order> = rows.into_iter().map(model::Order::read).collect();
        fingerprint(body.clone()).pick(&orders, Source::Database, &mut Seen::default()).map(|(_, by)| by)
    }

    fn with(row: &Value, changes: Value) -> Value {
        let mut row = row.clone();
        row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        row
    }

    #[test]
    fn only_what_cannot_be_another_order_is_taken_by_its_shape() {
        let body = json!({"symbol": "MSFT", "side": "BUY", "type": "LIMIT", "qty": "10", "price": "400.00",
            "timeInForce": "DAY"});
        let row = with(
            &body,
            json!({"clOrdId": "N-1", "securityType": "CS", "ordStatus": "NEW", "createdAt": "2026-11-20T15:00:01Z"}),
        );
        let tried = |changes: Value| found_by(&body, &[with(&row, changes)]);
        assert_eq!(tried(json!({})), Some(FoundBy::Shape));
        assert_eq!(tried(json!({"clientId": "am-2"})), Some(FoundBy::Id));
        // What is no id of ours may be the application that sent it.
        assert_eq!(tried(json!({"clientId": "an application"})), Some(FoundBy::Shape));
        assert_eq!(tried(json!({"origClOrdId": "B-1", "clientId": "an application"})), Some(FoundBy::Id));
        // It has become what was sent under the id that it had.
        assert_eq!(tried(json!({"clOrdId": "B-1", "createdAt": "2026-11-20T09:30:00Z"})), Some(FoundBy::Id));
        // A clock is not exact, but what came before ours is another one.
        assert_eq!(tried(json!({"createdAt": "2026-11-20T14:59:59Z"})), Some(FoundBy::Shape));
        for another in [
            json!({"createdAt": "2026-11-20T14:59:57Z"}),
            json!({"createdAt": "2026-11-20T15:03:00Z"}),
            json!({"ordStatus": "REJECTED"}),
            json!({"clOrdId": "B-1", "price": "401.00"}),
            json!({"clOrdId": "O-1"}),
            json!({"clientId": "am-elsewhere"}),
            json!({"price": "401.00"}),
            json!({"origClOrdId": "B-1", "price": "401.00"}),
            json!({"clientId": "am-2", "createdAt": "2026-11-20T14:00:00Z"}),
        ] {
            assert_eq!(tried(another.clone()), None, "{another}");
        }
        assert_eq!(found_by(&body, &[row.clone(), with(&row, json!({"clOrdId": "N-2"}))]), None);
        // Where Aries shows our ids, an order without one is not ours.
        let other = with(&row, json!({"clOrdId": "O-1", "symbol": "KO", "clientId": "am-1"}));
        assert_eq!(found_by(&body, &[row.clone(), other.clone()]), None);
        assert_eq!(found_by(&body, &[with(&row, json!({"clientId": "am-2"})), other]), Some(FoundBy::Id));
    }

    #[test]
    fn a_leg_has_a_ratio_and_an_effect() {
        let leg = json!({"securityType": "OPT", "symbol": "AAPL", "side": "BUY", "ratioQty": "1", "putCall": "CALL",
            "strikePrice": "200", "maturity": "2026-12-18", "positionEffect": "OPEN"});
        let body = json!({"symbol": "AAPL", "side": "BUY", "type": "LIMIT", "qty": "1", "price": "5.00",
            "timeInForce": "DAY", "legs": [leg]});
        let row = with(
            &body,
            json!({"clOrdId": "N-1", "securityType": "OPT", "ordStatus": "NEW", "createdAt": SENT}),
        );
        let tried = |changes: Value| found_by(&body, &[with(&row, json!({"legs": [with(&leg, changes)]}))]);
        assert_eq!(tried(json!({})), Some(FoundBy::Shape));
        assert_eq!(tried(json!({"positionEffect": null})), Some(FoundBy::Shape));
        assert_eq!(tried(json!({"positionEffect": "CLOSE"})), None);
        assert_eq!(tried(json!({"ratioQty": "2"})), None);
    }
}

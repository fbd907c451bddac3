//! What tells that an order in a list is the one that was sent: our own id, else, as long as Aries shows no ids of ours,
//! its shape and time.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::aries::model;
use crate::trade::journal::history::Record;

/// How far Aries' clock may be from ours.
pub(crate) const SKEW: SignedDuration = SignedDuration::from_secs(120);
/// How far it may be behind where an order has nothing but its shape: one that a person placed by hand a moment before
/// ours has the same.
const SLACK: SignedDuration = SignedDuration::from_secs(2);

/// What is looked for.
#[derive(Debug, Clone)]
pub(crate) struct Sought {
    pub(crate) account: String,
    pub(crate) client_id: String,
    /// The order as a place body.
    pub(crate) expect: Value,
    /// Ids that were there before it was sent.
    pub(crate) before: Vec<String>,
    /// Ids that belong to other orders of ours.
    pub(crate) others: Vec<String>,
    /// Our own ids of every order in the journal.
    pub(crate) ours: HashSet<String>,
    /// Aries' id of the order that it is to replace.
    pub(crate) replaces: Option<String>,
    pub(crate) sent: Timestamp,
}

/// What tells that an order in a list is the one that is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// It shows our own id, or has the id of the order that was to be replaced and has become what was sent.
    Id,
    /// It is what was sent, came when it was sent, and shows no id.
    Shape,
}

impl Sign {
    /// In words, for the journal and for whoever hears of it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Sign::Id => "found by its id",
            Sign::Shape => {
                "found by its shape, not by its id: it may be one that a person placed by hand since"
            }
        }
    }

    /// What has to be said of an order that was found like this.
    pub(crate) fn caution(self) -> String {
        match self {
            Sign::Id => String::new(),
            Sign::Shape => format!(" ({})", self.words()),
        }
    }
}

impl Record {
    /// What has to be said of how it was found, if it was.
    pub(crate) fn caution(&self) -> String {
        let noted = self.facts.note.as_deref();
        if noted == Some(Sign::Shape.words()) { Sign::Shape.caution() } else { String::new() }
    }
}

impl Sought {
    /// What a record of the journal looks for.
    pub(crate) fn of(record: &Record, all: &[Record]) -> Option<Self> {
        let facts = &record.facts;
        let others =
            all.iter().filter(|other| other.id != record.id).filter_map(|other| other.facts.order.clone());
        Some(Self {
            account: facts.account.clone()?,
            client_id: record.id.clone(),
            expect: facts.expect.clone().or_else(|| facts.body.clone())?,
            before: facts.before.clone().unwrap_or_default(),
            others: others.collect(),
            ours: ids(all),
            replaces: facts.replaces.clone(),
            sent: record.sent?,
        })
    }

    fn by_id<'a>(&self, orders: &'a [model::Order]) -> Option<&'a model::Order> {
        // A replacement has an id of its own (`trading.md` 6.5), but what is listed counts. The order had other terms
        // just before it was sent.
        let is_changed =
            |order: &model::Order| self.replaces.as_ref() == Some(&order.id) && self.is_sent(order);
        orders.iter().find(|order| {
            !order.id.is_empty() && (order.client_id.as_deref() == Some(&self.client_id) || is_changed(order))
        })
    }

    /// Whether Aries shows in this list what we call our orders. Then one without an id of ours is none of ours.
    fn is_named(&self, orders: &[model::Order]) -> bool {
        orders.iter().any(|order| order.client_id.as_ref().is_some_and(|id| self.ours.contains(id)))
    }

    /// Orders that show no id of ours but are what was sent, when it was sent, and were not there before.
    fn by_shape<'a>(&self, orders: &'a [model::Order]) -> Vec<&'a model::Order> {
        orders.iter().filter(|order| order.client_id.is_none() && self.resembles(order)).collect()
    }

    fn resembles(&self, order: &model::Order) -> bool {
        let near = order.created.is_some_and(|at| (-SLACK..=SKEW).contains(&at.duration_since(self.sent)));
        // One that Aries refused has answered: a doubt is about one that it may have taken.
        near && order.status != "REJECTED"
            && self.is_sent(order)
            && !self.before.contains(&order.id)
            && !self.others.contains(&order.id)
    }

    /// Whether an order is what was sent.
    fn is_sent(&self, order: &model::Order) -> bool {
        let text = |name: &str| self.expect.get(name).and_then(Value::as_str).unwrap_or_default();
        let number = |name: &str| text(name).parse::<Decimal>().ok();
        order.unreadable.is_none()
            && order.has_underlying(text("symbol"))
            && order.side == text("side")
            && order.kind == text("type")
            && order.time_in_force == text("timeInForce")
            && Some(order.quantity) == number("qty")
            && order.limit == number("price")
            && order.stop == number("stopPrice")
            && same_legs(&self.expect, order)
    }
}

/// Whether an order has the legs of a body.
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

/// How Aries lists an order that was sent as this body, if it does so otherwise. What the list leaves out (`trading.md`
/// 5.1: side and type may be missing) is no difference.
pub(crate) fn otherwise(body: &Value, order: &model::Order) -> Option<String> {
    if let Some(what) = order.unreadable {
        return Some(format!("what Aries lists cannot be compared with it: {what}"));
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| text(name).parse::<Decimal>().ok();
    let word = |listed: &str, name: &str| listed.is_empty() || listed == text(name);
    let price = |listed: Option<Decimal>, name: &str| listed.is_none() || listed == number(name);
    let same = order.has_underlying(text("symbol"))
        && word(&order.side, "side")
        && word(&order.kind, "type")
        && word(&order.time_in_force, "timeInForce")
        && Some(order.quantity) == number("qty")
        && price(order.limit, "price")
        && price(order.stop, "stopPrice")
        && same_legs(body, order);
    (!same).then(|| format!("Aries lists it as {}", order.sentence()))
}

/// Our own ids of these orders.
pub(crate) fn ids(records: &[Record]) -> HashSet<String> {
    records.iter().map(|record| record.id.clone()).collect()
}

/// The order that is sought, if this list shows it; what was seen of others is noted.
pub(crate) fn judge(
    sought: &Sought,
    orders: &[model::Order],
    whole: bool,
    seen: &mut Seen,
) -> Option<(model::Order, Sign)> {
    if let Some(found) = sought.by_id(orders) {
        return Some((found.clone(), Sign::Id));
    }
    seen.named |= sought.is_named(orders);
    if seen.named {
        return None;
    }
    match sought.by_shape(orders).as_slice() {
        // A cache may show one of two; only the database is taken at its word.
        [one] if whole => Some(((*one).clone(), Sign::Shape)),
        several => {
            seen.alike = several.len();
            None
        }
    }
}

/// What was seen while nothing was found.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) looks: usize,
    pub(crate) orders: usize,
    pub(crate) alike: usize,
    /// Whether Aries shows what we call our orders.
    pub(crate) named: bool,
    pub(crate) trouble: Option<String>,
}

impl Seen {
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

    fn sought(body: Value) -> Sought {
        Sought {
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
    fn sign(body: &Value, rows: &[Value]) -> Option<Sign> {
        let text = json!(rows).to_string();
        let rows = crate::aries::Json::parse(&text).unwrap().items();
        let orders: Vec<model::Order> = rows.into_iter().map(model::Order::read).collect();
        judge(&sought(body.clone()), &orders, true, &mut Seen::default()).map(|(_, sign)| sign)
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
        let tried = |changes: Value| sign(&body, &[with(&row, changes)]);
        assert_eq!(tried(json!({})), Some(Sign::Shape));
        assert_eq!(tried(json!({"clientId": "am-2"})), Some(Sign::Id));
        // It has become what was sent under the id that it had.
        assert_eq!(tried(json!({"clOrdId": "B-1", "createdAt": "2026-11-20T09:30:00Z"})), Some(Sign::Id));
        // A clock is not exact, but what came before ours is another one.
        assert_eq!(tried(json!({"createdAt": "2026-11-20T14:59:59Z"})), Some(Sign::Shape));
        for another in [
            json!({"createdAt": "2026-11-20T14:59:57Z"}),
            json!({"createdAt": "2026-11-20T15:03:00Z"}),
            json!({"ordStatus": "REJECTED"}),
            json!({"clOrdId": "B-1", "price": "401.00"}),
            json!({"clOrdId": "O-1"}),
            json!({"clientId": "somebody's"}),
            json!({"price": "401.00"}),
        ] {
            assert_eq!(tried(another.clone()), None, "{another}");
        }
        assert_eq!(sign(&body, &[row.clone(), with(&row, json!({"clOrdId": "N-2"}))]), None);
        // Where Aries shows our ids, an order without one is not ours.
        let other = with(&row, json!({"clOrdId": "O-1", "symbol": "KO", "clientId": "am-1"}));
        assert_eq!(sign(&body, &[row.clone(), other.clone()]), None);
        assert_eq!(sign(&body, &[with(&row, json!({"clientId": "am-2"})), other]), Some(Sign::Id));
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
        let tried = |changes: Value| sign(&body, &[with(&row, json!({"legs": [with(&leg, changes)]}))]);
        assert_eq!(tried(json!({})), Some(Sign::Shape));
        assert_eq!(tried(json!({"positionEffect": null})), Some(Sign::Shape));
        assert_eq!(tried(json!({"positionEffect": "CLOSE"})), None);
        assert_eq!(tried(json!({"ratioQty": "2"})), None);
    }
}

//! Finding an order in Aries' book: by our own id, else by shape and time, in the cache and in the database.
//!
//! Not being in a list proves nothing: lists can lag behind. Only being in one does.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;

use super::Desk;
use super::book::{self, Source};
use super::journal::Journal;
use super::record::{Record, current_id, records};
use super::working::Working;
use crate::aries::Aries;
use crate::aries::account::Account;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};

/// How long is looked.
const LIMIT: Duration = Duration::from_secs(10);
/// Pauses between looks.
const PAUSES: [u64; 6] = [300, 700, 1_200, 1_800, 2_000, 2_500];
/// How far Aries' clock may be from ours.
const SKEW: SignedDuration = SignedDuration::from_secs(120);

/// Looks orders up and notes what it finds. It reads at Aries and writes the journal, so it needs no right to trade.
#[derive(Clone)]
pub struct Lookup {
    pub(super) aries: Aries,
    pub(super) journal: Journal,
}

/// How much is done to find an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// One look, also into the history, for orders of earlier days.
    Once,
    /// The same again and again for ten seconds.
    Thorough,
    /// Likewise for an order that was sent a moment ago, so not in the history.
    Fresh,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub(super) struct Sought {
    pub(super) account: String,
    pub(super) client_id: String,
    /// The order as a place body.
    pub(super) expect: Value,
    /// Ids that were there before it was sent.
    pub(super) before: Vec<String>,
    /// Ids that belong to other orders of ours.
    pub(super) others: Vec<String>,
    pub(super) sent: Timestamp,
}

/// What was found.
#[derive(Debug, Clone)]
pub(super) enum Found {
    /// It is there.
    It(Box<Working>),
    /// It was not seen; how many lists could be read, and in words what was seen.
    Nothing { looks: usize, seen: String },
}

impl Sought {
    /// What a record of the journal looks for.
    pub(super) fn of(record: &Record, all: &[Record]) -> Option<Self> {
        let facts = &record.facts;
        let others =
            all.iter().filter(|other| other.id != record.id).filter_map(|other| other.facts.order.clone());
        Some(Self {
            account: facts.account.clone()?,
            client_id: record.id.clone(),
            expect: facts.expect.clone().or_else(|| facts.body.clone())?,
            before: facts.before.clone().unwrap_or_default(),
            others: others.collect(),
            sent: record.sent?,
        })
    }

    fn by_id<'a>(&self, orders: &'a [Working]) -> Option<&'a Working> {
        orders
            .iter()
            .find(|order| !order.id.is_empty() && order.client_id.as_deref() == Some(&self.client_id))
    }

    /// Orders that show no id of ours but are what was sent, when it was sent, and were not there before.
    fn by_shape<'a>(&self, orders: &'a [Working]) -> Vec<&'a Working> {
        orders.iter().filter(|order| order.client_id.is_none() && self.resembles(order)).collect()
    }

    fn resembles(&self, order: &Working) -> bool {
        let text = |name: &str| self.expect.get(name).and_then(Value::as_str).unwrap_or_default();
        let number = |name: &str| text(name).parse::<Decimal>().ok();
        let near = order.created.is_some_and(|at| at.duration_since(self.sent).abs() <= SKEW);
        near && order.unreadable.is_none()
            && order.is_on(text("symbol"))
            && order.side == text("side")
            && order.kind == text("type")
            && order.time_in_force == text("timeInForce")
            && Some(order.quantity) == number("qty")
            && order.limit == number("price")
            && order.stop == number("stopPrice")
            && same_legs(&self.expect, order)
            && !self.before.contains(&order.id)
            && !self.others.contains(&order.id)
    }
}

/// Whether an order has the legs of a body.
fn same_legs(body: &Value, order: &Working) -> bool {
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
pub(super) fn otherwise(body: &Value, order: &Working) -> Option<String> {
    if let Some(what) = order.unreadable {
        return Some(format!("what Aries lists cannot be compared with it: {what}"));
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| text(name).parse::<Decimal>().ok();
    let word = |listed: &str, name: &str| listed.is_empty() || listed == text(name);
    let price = |listed: Option<Decimal>, name: &str| listed.is_none() || listed == number(name);
    let same = order.is_on(text("symbol"))
        && word(&order.side, "side")
        && word(&order.kind, "type")
        && word(&order.time_in_force, "timeInForce")
        && Some(order.quantity) == number("qty")
        && price(order.limit, "price")
        && price(order.stop, "stopPrice")
        && same_legs(body, order);
    (!same).then(|| format!("Aries lists it as {}", order.sentence()))
}

impl Lookup {
    /// A lookup with this sender, in the journal of these settings. Nothing is opened before the first look.
    pub fn new(settings: &Settings, aries: &Aries) -> Self {
        Self { aries: aries.clone(), journal: Journal::of(settings) }
    }

    /// Looks for an order.
    pub(super) async fn look_up(&self, sought: &Sought, effort: Effort) -> Found {
        let mut seen = Seen::default();
        let pauses: &[u64] = if effort == Effort::Once { &[] } else { &PAUSES };
        let looking = async {
            for pause in pauses.iter().map(Some).chain([None]) {
                if let Some(found) = self.look_once(sought, effort != Effort::Fresh, &mut seen).await {
                    return Some(found);
                }
                tokio::time::sleep(Duration::from_millis(*pause?)).await;
            }
            None
        };
        match tokio::time::timeout(LIMIT, looking).await.ok().flatten() {
            Some(found) => Found::It(Box::new(found)),
            None => Found::Nothing { looks: seen.looks, seen: seen.words() },
        }
    }

    async fn look_once(&self, sought: &Sought, late: bool, seen: &mut Seen) -> Option<Working> {
        for source in [Source::Cache, Source::Database] {
            let orders = match book::orders(&self.aries, &sought.account, source).await {
                Ok(orders) => orders,
                Err(error) => {
                    seen.trouble = Some(error.cause);
                    continue;
                }
            };
            seen.looks += 1;
            seen.orders = orders.len();
            if let Some(found) = judge(sought, &orders, source == Source::Database, seen) {
                return Some(found);
            }
        }
        if late {
            let from = sought.sent.checked_sub(SKEW).unwrap_or(sought.sent);
            if let Ok(orders) = book::history(&self.aries, &sought.account, from).await {
                seen.looks += 1;
                return judge(sought, &orders, true, seen);
            }
        }
        None
    }
}

impl Desk {
    /// An order of an account by any id it ever had: Aries' own, one from before a replacement, or ours.
    ///
    /// # Errors
    /// If there is none in any list.
    pub(super) async fn find(&self, account: &Account, id: &str) -> Result<Working> {
        match self.find_in(account, id).await? {
            Some(order) => Ok(order),
            None => Err(not_found(id)),
        }
    }

    pub(super) async fn find_in(&self, account: &Account, id: &str) -> Result<Option<Working>> {
        let lines: Vec<_> = self.journal().read()?.unwrap_or_default().into_iter().flatten().collect();
        let newest = current_id(&records(lines.iter()), id);
        let is_it = |order: &Working| {
            !order.id.is_empty()
                && (order.id == newest
                    || order.client_id.as_deref() == Some(newest.as_str())
                    || order.client_id.as_deref() == Some(id))
        };
        let orders = book::current(self.aries(), &account.id).await?;
        let found: Vec<Working> = orders.into_iter().filter(is_it).collect();
        // The newest id decides; our own id stays the same over replacements at some brokers.
        let best = found
            .iter()
            .find(|order| order.id == newest)
            .or_else(|| found.iter().find(|order| order.is_open()));
        if let Some(order) = best.or(found.first()) {
            return Ok(Some(order.clone()));
        }
        let from = Timestamp::now()
            .checked_sub(SignedDuration::from_hours(24 * 89))
            .unwrap_or(Timestamp::UNIX_EPOCH);
        let past = book::history(self.aries(), &account.id, from).await.unwrap_or_default();
        Ok(past.into_iter().find(is_it))
    }
}

fn judge(sought: &Sought, orders: &[Working], whole: bool, seen: &mut Seen) -> Option<Working> {
    if let Some(found) = sought.by_id(orders) {
        return Some(found.clone());
    }
    match sought.by_shape(orders).as_slice() {
        // A cache may show one of two; only the database is taken at its word.
        [one] if whole => Some((*one).clone()),
        several => {
            seen.alike = several.len();
            None
        }
    }
}

pub(super) fn not_found(id: &str) -> Error {
    Error::new(
        Kind::Refused,
        format!("Aries lists no order {}", crate::aries::text::short(id)),
        "take the id from get_orders",
    )
}

/// What was seen while nothing was found.
#[derive(Debug, Default)]
struct Seen {
    looks: usize,
    orders: usize,
    alike: usize,
    trouble: Option<String>,
}

impl Seen {
    fn words(&self) -> String {
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

//! What the journal knows and the lists may not show yet: they may lag behind by minutes. Orders of ours that were sent
//! lately count as open, and fills that were heard as bought or sold, until the lists show them.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::aries::model::{self, Position};
use crate::aries::symbols::Symbol;
use crate::trade::checks::portfolio;
use crate::trade::journal::history::{History, OrderHistory};
use crate::trade::order::{body, sent};
use crate::trade::reconcile::identity::{Identity, SLACK};
use crate::trade::state::State;

/// How long the journal counts beside the lists.
const LATELY: SignedDuration = SignedDuration::from_mins(10);

/// What an account has open and holds, by the lists and by the journal.
pub(crate) struct Portfolio {
    /// Every listed order as far as the journal does not know it to have ended, and those of ours that no list shows yet.
    pub(crate) orders: Vec<model::Order>,
    trades: Vec<Trade>,
}

/// How much of something is held: between the two, where it is not sure which trades the list of positions shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) least: Decimal,
    pub(crate) most: Decimal,
}

/// What was bought or sold by one order.
struct Trade {
    order: model::Order,
    /// Orders that took each other's place count as one: what one has filled, the next one counts as filled too.
    chain: String,
    since: Option<Timestamp>,
    /// What was held when it was sent, of ours.
    before: Option<BTreeMap<String, Decimal>>,
    is_recent: bool,
}

impl Portfolio {
    /// Joins what the lists say of an account with what the journal knows.
    pub(crate) fn of(mut rows: Vec<model::Order>, history: &History, account: &str, now: Timestamp) -> Self {
        let is_late = |at: Timestamp| now.duration_since(at) <= LATELY;
        let (mut unlisted, mut trades) = (Vec::new(), Vec::new());
        let (mut chains, mut ours) = (HashMap::new(), Vec::new());
        for one in history.0.iter().filter(|one| one.place().is_some_and(|(own, _)| own == account)) {
            let Some((at, sent)) = one.sent.as_ref().filter(|_| one.may_be_there()) else { continue };
            let is_recent = is_late(*at) || is_late(one.at) || one.is_unknown();
            let Some(mut order) = sent::as_listed(one).filter(|_| is_recent || is_of_today(*at, now)) else {
                continue;
            };
            let chain =
                one.replaces.as_ref().map(|old| chains.get(old).unwrap_or(old)).unwrap_or(&order.id).clone();
            chains.insert(order.id.clone(), chain.clone());
            let identity = Identity { order: one.order.as_deref(), own: &one.id, sent: Some(*at) };
            let listed = identity.pick(&rows).map(|row| row.id.clone());
            match listed.and_then(|id| rows.iter_mut().find(|row| row.id == id)) {
                Some(row) => {
                    row.filled = row.filled.max(order.filled).min(row.quantity);
                    row.left = row.left.min(row.quantity - row.filled);
                    // One that has taken its place has an end of its own.
                    if one.state().is_end()
                        && (one.order.as_ref() == Some(&row.id) || row.own_id() == Some(&one.id))
                    {
                        row.status.clone_from(&order.status);
                    }
                    ours.push(row.id.clone());
                    order = row.clone();
                }
                None if is_recent && order.is_open() && one.state() != State::Replaced => {
                    unlisted.extend(beyond(order.clone(), one, &rows));
                }
                None => {}
            }
            let (since, before) = (Some(*at), Some(sent.held.clone()));
            trades.push(Trade { order, chain, since, before, is_recent });
        }
        for row in rows.iter().filter(|row| !ours.contains(&row.id)) {
            let chain = row.replaces.as_ref().and_then(|old| chains.get(old)).unwrap_or(&row.id).clone();
            trades.push(Trade {
                order: row.clone(),
                chain,
                since: row.created,
                before: None,
                is_recent: false,
            });
        }
        trades.retain(|trade| !trade.order.filled.is_zero());
        Self { orders: rows.into_iter().chain(unlisted).collect(), trades }
    }

    /// What is surely held of what an order is about, before any of it or of the order that it replaces was filled.
    pub(crate) fn held_of(
        &self,
        positions: &[Position],
        order: &body::Order,
        replaced: Option<&model::Order>,
    ) -> BTreeMap<String, Decimal> {
        let contracts = order.legs.iter().map(|leg| Symbol::Option(leg.contract.clone()));
        let shares = order.is_stock().then(|| Symbol::Stock(order.underlying.clone()));
        let held = |symbol: Symbol| {
            let filled = replaced.map(|replaced| traded(replaced, &symbol)).unwrap_or_default();
            (symbol.to_string(), self.held(positions, &symbol).least - filled)
        };
        contracts.chain(shares).map(held).collect()
    }

    /// How much is held of a symbol. A list of positions has no time and names no orders, so the one that it had when
    /// the first of the recent orders was sent tells which of them it shows.
    pub(crate) fn held(&self, positions: &[Position], symbol: &Symbol) -> Held {
        let listed = portfolio::held(positions, symbol);
        let of_symbol: Vec<(&Trade, Decimal)> = self
            .trades
            .iter()
            .map(|trade| (trade, traded(&trade.order, symbol)))
            .filter(|(_, amount)| !amount.is_zero())
            .collect();
        let recent = of_symbol.iter().filter(|(trade, _)| trade.is_recent);
        let first = recent.min_by_key(|(trade, _)| trade.since);
        let Some((first, since)) = first.and_then(|(first, _)| Some((first, first.since?))) else {
            return Held::exactly(listed);
        };
        let is_earlier = |trade: &Trade| trade.since.is_some_and(|at| at.duration_since(since) < -SLACK);
        let mut chains: HashMap<&str, Decimal> = HashMap::new();
        for (trade, amount) in of_symbol.iter().filter(|(trade, _)| !is_earlier(trade)) {
            let known = chains.entry(&trade.chain).or_default();
            if amount.abs() > known.abs() {
                *known = *amount;
            }
        }
        let sum: Decimal = chains.values().sum();
        let before = first.before.as_ref().and_then(|held| held.get(&symbol.to_string()));
        let Some(before) = before else {
            // It may show all of them, or none.
            return Held::between(listed, listed + sum);
        };
        // Another order may have filled meanwhile of which only a part is meant.
        let is_clear =
            !of_symbol.iter().any(|(trade, _)| is_earlier(trade) && trade.order.updated >= Some(since));
        let expected = before + sum;
        if listed == *before && is_clear { Held::exactly(expected) } else { Held::between(listed, expected) }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (least, most) = (self.least.normalize(), self.most.normalize());
        if least == most {
            return write!(f, "{least}");
        }
        write!(f, "{least} to {most}, since Aries' list of positions may lag behind the last orders")
    }
}

impl Held {
    pub(crate) fn exactly(held: Decimal) -> Self {
        Self { least: held, most: held }
    }

    fn between(one: Decimal, other: Decimal) -> Self {
        Self { least: one.min(other), most: one.max(other) }
    }
}

/// What of an unlisted order is beyond the one that it replaces, where that is still listed as open; `None` if nothing is.
fn beyond(mut order: model::Order, one: &OrderHistory, rows: &[model::Order]) -> Option<model::Order> {
    let old = rows.iter().find(|row| Some(&row.id) == one.replaces.as_ref() && row.is_open());
    let left = order.leaves() - old.map(model::Order::leaves).unwrap_or_default();
    order.quantity = left;
    order.filled = Decimal::ZERO;
    (left > Decimal::ZERO).then_some(order)
}

/// What the fills of an order added to a position, or took from it.
fn traded(order: &model::Order, symbol: &Symbol) -> Decimal {
    let signed = |buys: bool, amount: Decimal| if buys { amount } else { -amount };
    match symbol {
        Symbol::Option(contract) => {
            let legs = order.legs.iter().filter(|leg| leg.contract == *contract);
            legs.map(|leg| signed(leg.buys, leg.ratio * order.filled)).sum()
        }
        shares if order.legs.is_empty() && order.has_symbol(shares) => {
            signed(order.side.starts_with("BUY"), order.filled)
        }
        _ => Decimal::ZERO,
    }
}

fn is_of_today(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) <= SignedDuration::from_hours(24)
}

//! What the journal knows and the lists may not show yet: they may lag behind by minutes. Orders of ours that were sent
//! lately count as open, and fills that were heard as bought or sold, until the lists show them.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::json;

use crate::aries::Json;
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
            let listed = Identity::of(one).pick(&rows).map(|row| row.id.clone());
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

    /// The listed positions, with what the list surely lacks or has too much as rows of their own.
    pub(crate) fn positions(&self, listed: &[Position]) -> Vec<Position> {
        let mut symbols: Vec<Symbol> = Vec::new();
        for order in self.trades.iter().map(|trade| &trade.order) {
            let contracts = order.legs.iter().map(|leg| Symbol::Option(leg.contract.clone()));
            let shares = order.legs.is_empty().then(|| Symbol::Stock(order.ticker.clone()));
            let new: Vec<Symbol> = contracts.chain(shares).filter(|one| !symbols.contains(one)).collect();
            symbols.extend(new);
        }
        let missing = symbols.iter().filter_map(|symbol| {
            let missing = self.held(listed, symbol).least - portfolio::held(listed, symbol);
            let kind = if matches!(symbol, Symbol::Option(_)) { "OPTION" } else { "EQUITY" };
            let row =
                json!({"symbol": symbol.to_string(), "securityType": kind, "quantity": missing.to_string()});
            let position = Position::read(Json::parse(&row.to_string()).ok()?);
            (!missing.is_zero()).then_some(position)
        });
        listed.iter().cloned().chain(missing).collect()
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::trade::journal::line::Line;

    const BEGIN: &str = "2026-11-20T15:00:00Z";

    fn at(second: i64) -> Timestamp {
        BEGIN.parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second)
    }

    fn history(lines: &[Value]) -> History {
        let whole = |(n, line): (usize, &Value)| -> Line {
            let mut whole = json!({"n": n, "prev": "", "hash": "", "at": BEGIN, "ticket": "", "profile": "",
                "account": "A", "environment": "SIM", "live": false, "underlying": "F", "summary": "", "value": "1",
                "before": [], "note": ""});
            whole.as_object_mut().unwrap().extend(line.as_object().unwrap().clone());
            serde_json::from_value(whole).unwrap()
        };
        let lines: Vec<Line> = lines.iter().enumerate().map(whole).collect();
        History::of(&lines, Duration::ZERO)
    }

    fn sent(number: usize, second: i64, side: &str, quantity: u32, held: i64) -> Value {
        json!({"event": "sent", "id": format!("am-{number}"), "at": at(second), "held": {"F": held.to_string()},
            "body": {"symbol": "F", "side": side, "type": "LIMIT", "qty": quantity.to_string(), "price": "10",
                "timeInForce": "DAY"}})
    }

    fn heard(number: usize, second: i64, state: &str) -> Value {
        json!({"event": "answered", "id": format!("am-{number}"), "at": at(second), "order": format!("A{number}"),
            "state": state})
    }

    fn row(id: &str, second: i64, side: &str, quantity: u32, filled: u32, status: &str) -> Value {
        json!({"clOrdId": id, "symbol": "F", "side": side, "type": "LIMIT", "qty": quantity.to_string(), "price": "10",
            "timeInForce": "DAY", "securityType": "CS", "ordStatus": status, "cumQty": filled.to_string(),
            "leavesQty": "0", "createdAt": at(second), "updatedAt": at(second)})
    }

    fn read<T>(rows: &[Value], read: fn(Json<'_>) -> T) -> Vec<T> {
        Json::parse(&json!(rows).to_string()).unwrap().items().into_iter().map(read).collect()
    }

    /// What surely can be sold: what is least held, less what open orders still sell.
    fn free(lines: &[Value], rows: &[Value], listed: i64, second: i64) -> Decimal {
        let portfolio = Portfolio::of(read(rows, model::Order::read), &history(lines), "A", at(second));
        let shares = json!({"symbol": "F", "securityType": "CS", "quantity": listed.to_string()});
        let held = portfolio.held(&read(&[shares], Position::read), &Symbol::Stock("F".to_owned()));
        let sales = portfolio.orders.iter().filter(|order| order.side == "SELL");
        held.least - sales.map(model::Order::leaves).sum::<Decimal>()
    }

    #[test]
    fn what_was_sent_and_heard_counts_until_the_lists_show_it() {
        let sale = sent(1, 0, "SELL", 10, 15);
        let accepted = [sale.clone(), heard(1, 1, "WORKING")];
        let filled = [sale.clone(), heard(1, 1, "FILLED")];
        let canceled = [sale.clone(), heard(1, 1, "CANCELED")];
        let part = json!({"event": "filled", "id": "A1", "quantity": "4", "at": at(2)});
        let partly = [sale.clone(), heard(1, 1, "CANCELED"), part];
        let listed = |filled: u32, status: &str| [row("A1", 0, "SELL", 10, filled, status)];
        let (old, new, done) = (&[][..], &listed(0, "NEW")[..], &listed(10, "FILLED")[..]);
        for (lines, rows, position, second, free_now) in [
            (&accepted[..], old, 15, 8, 5),
            (&accepted, new, 15, 8, 5),
            (&accepted[..1], old, 15, 8, 5),
            // Filled: by neither list, by one of them, by both.
            (&filled, old, 15, 300, 5),
            (&filled, new, 15, 300, 5),
            (&filled, done, 15, 300, 5),
            (&filled, old, 5, 300, 5),
            (&filled, new, 5, 300, 5),
            (&filled, done, 5, 300, 5),
            // The list alone knows of the fill.
            (&accepted, done, 15, 300, 5),
            // What has ended sells nothing any more, but for what was filled before.
            (&canceled, old, 15, 8, 15),
            (&canceled, new, 15, 8, 15),
            (&partly, old, 15, 8, 11),
            (&partly, old, 11, 8, 11),
            (&[sale.clone(), heard(1, 1, "REJECTED")], old, 15, 8, 15),
            (&[sale.clone(), json!({"event": "refused", "id": "am-1"})], old, 15, 8, 15),
            // Ten minutes later the lists are taken at their word; an unknown outcome stays one.
            (&accepted, old, 15, 602, 15),
            (&filled, old, 15, 602, 15),
            (&[sale.clone(), json!({"event": "unknown", "id": "am-1"})], old, 15, 9_000, 5),
        ] {
            assert_eq!(
                free(lines, rows, position, second),
                Decimal::from(free_now),
                "{lines:?} {rows:?} {position}"
            );
        }
    }

    #[test]
    fn a_replacement_counts_once_and_what_others_trade_is_no_trade_of_ours() {
        let old = [sent(1, 0, "SELL", 10, 15), heard(1, 1, "WORKING")];
        let mut newer = sent(2, 2, "SELL", 12, 15);
        newer["replaces"] = json!("A1");
        let lines = [&old[..], &[newer.clone()]].concat();
        let listed = row("A1", 0, "SELL", 10, 0, "NEW");
        // Nobody knows yet whether it has taken the place; then Aries says so, then the list.
        assert_eq!(free(&lines, std::slice::from_ref(&listed), 15, 3), Decimal::from(3));
        let lines = [&lines[..], &[heard(2, 3, "SENT")]].concat();
        assert_eq!(free(&lines, std::slice::from_ref(&listed), 15, 4), Decimal::from(3));
        let mut next = row("A2", 3, "SELL", 12, 5, "PARTIALLY_FILLED");
        next["origClOrdId"] = json!("A1");
        assert_eq!(free(&lines, std::slice::from_ref(&next), 15, 5), Decimal::from(3));
        assert_eq!(free(&lines, &[next], 10, 5), Decimal::from(3));
        // Bought by hand meanwhile: listed, and shown by the position or not yet.
        let filled = [sent(1, 0, "SELL", 10, 15), heard(1, 1, "FILLED")];
        let by_hand = [row("X1", 2, "BUY", 10, 10, "FILLED")];
        assert_eq!(free(&filled, &by_hand, 15, 5), Decimal::from(15));
        assert_eq!(free(&filled, &by_hand, 5, 5), Decimal::from(5));
    }

    /// One step: what is sold or bought, whether it fills at once, whether that is heard, and how old the lists are.
    type Step = (bool, u32, bool, bool, usize, usize);

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        /// However the lists lag, no more is ever sold or promised than is held.
        #[test]
        fn no_lag_lets_more_be_sold_than_there_is(
            steps in proptest::collection::vec(
                (any::<bool>(), 1_u32..12, any::<bool>(), any::<bool>(), 0_usize..9, 0_usize..9), 1..14),
        ) {
            let (mut position, mut rows, mut lines) = (20_i64, Vec::<Value>::new(), Vec::new());
            let (mut positions, mut lists) = (vec![position], vec![rows.clone()]);
            for (number, (sells, quantity, fills, is_heard, orders_lag, positions_lag)) in
                steps.into_iter().enumerate().map(|(number, step): (usize, Step)| (number, step))
            {
                let second = 2 * i64::try_from(number).unwrap();
                let listed = &lists[lists.len().saturating_sub(1 + orders_lag)];
                let held = positions[positions.len().saturating_sub(1 + positions_lag)];
                if sells && free(&lines, listed, held, second) < Decimal::from(quantity) {
                    continue;
                }
                let side = if sells { "SELL" } else { "BUY" };
                let portfolio = Portfolio::of(read(listed, model::Order::read), &history(&lines), "A", at(second));
                let shares = json!({"symbol": "F", "securityType": "CS", "quantity": held.to_string()});
                let before = portfolio.held(&read(&[shares], Position::read), &Symbol::Stock("F".to_owned())).least;
                let before = i64::try_from(before.mantissa()).unwrap();
                lines.push(sent(number, second, side, quantity, before));
                let (filled, status) = if fills { (quantity, "FILLED") } else { (0, "NEW") };
                rows.push(row(&format!("A{number}"), second, side, quantity, filled, status));
                lines.push(heard(number, second + 1, if fills && is_heard { "FILLED" } else { "WORKING" }));
                if fills {
                    position += if sells { -i64::from(quantity) } else { i64::from(quantity) };
                }
                positions.push(position);
                lists.push(rows.clone());
                let promised: i64 = rows.iter().filter(|row| row["side"] == "SELL" && row["ordStatus"] == "NEW")
                    .map(|row| row["qty"].as_str().unwrap().parse::<i64>().unwrap()).sum();
                prop_assert!(position >= promised, "{promised} promised of {position}");
            }
        }
    }
}

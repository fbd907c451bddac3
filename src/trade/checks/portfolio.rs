//! What an account holds and what is already ordered: what the rule about an order's `action` compares it with.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::aries::model::order::list::{self, List};
use crate::aries::model::{self, Account, Order, Position, Security};
use crate::aries::symbols::Symbol;
use crate::aries::symbols::compare::is_same_symbol;
use crate::aries::{Aries, time};
use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::text::clean;
use crate::told::Told;
use crate::trade::order::body;

/// How far back the history is read beside today's orders.
const LATELY: SignedDuration = SignedDuration::from_hours(24);
/// How far Aries' clock is thought to be ahead of this one.
const AHEAD: SignedDuration = SignedDuration::from_secs(10);

/// The account that an order is for: the one named, or the only open one.
pub(crate) async fn account(aries: &Aries, name: Option<&str>) -> Result<Account> {
    pick(model::account::all(aries).await?, name)
}

/// The same out of these.
pub(crate) fn pick(all: Vec<Account>, name: Option<&str>) -> Result<Account> {
    let listed = all.iter().map(Account::masked).collect::<Vec<_>>().join(", ");
    let mut fitting = match name {
        Some(name) => model::account::named(all, name),
        None => all.into_iter().filter(Account::is_open).collect(),
    };
    let (cause, hint) = match (fitting.len(), name, fitting.pop()) {
        (1, _, Some(account)) if account.is_open() => return Ok(account),
        (1, ..) => {
            let hint = Told::pair("ask the person which account to use", "say which account to use");
            return Err(Error::new(Kind::Refused, "that account is not open", hint));
        }
        (0, ..) => ("`account`: there is no such open account", format!("there are: {listed}").into()),
        (_, None, _) => (
            "`account` is missing, and several accounts are open",
            Told::pair("ask the person which one: ", "say which one: ").and(listed),
        ),
        _ => (
            "`account`: several accounts end like that",
            Told::pair(
                "give the full id; the person can look it up in Client Center",
                "give the full id; Client Center has it",
            ),
        ),
    };
    Err(Error::usage(cause, hint))
}

/// Positions; `None` if Aries marks the list as not available, or gives none.
pub(crate) async fn positions(aries: &Aries, account: &str) -> Result<Option<Vec<Position>>> {
    let positions = model::position::all(aries, account).await?;
    Ok(positions.list.ok().filter(|_| positions.available))
}

/// An order, and every order that is open or of today, by the read that found it.
pub(crate) struct Located {
    pub(crate) order: Order,
    pub(crate) current: Vec<Order>,
}

/// Every order that is open or of today, by both of Aries' lists: today's is a cache, which may lag behind, and the history
/// its database. Fails where one of them is not whole; an Aries that has no history is taken at the word of the other.
pub(crate) async fn current(aries: &Aries, account: &str) -> Result<Vec<Order>> {
    let (today, history) =
        futures_util::join!(list::whole(aries, account, List::Today), list::whole(aries, account, lately()));
    joined(today?, history)
}

/// The same where today's list is here already.
pub(crate) async fn with_history(aries: &Aries, account: &str, today: Vec<Order>) -> Result<Vec<Order>> {
    joined(today, list::whole(aries, account, lately()).await)
}

fn lately() -> List {
    let now = clock::now();
    List::History { from: now.checked_sub(LATELY).unwrap_or(now), to: now_there() }
}

fn joined(today: Vec<Order>, history: Result<Vec<Order>>) -> Result<Vec<Order>> {
    match history {
        Ok(history) => Ok(together(today, history)),
        Err(error) if error.kind == Kind::NotFound => Ok(today),
        Err(error) => Err(error),
    }
}

/// The orders of both lists, newest first. What both have is as it was changed last.
fn together(today: Vec<Order>, history: Vec<Order>) -> Vec<Order> {
    let mut all: Vec<Order> = Vec::new();
    let mut places: HashMap<(String, Option<Date>), Vec<usize>> = HashMap::new();
    // Ids begin anew with each New York day, so two rows of one id and two days are two orders.
    let day = |order: &Order| order.created.map(|at| at.to_zoned(time::zone()).date());
    for order in today.into_iter().chain(history) {
        let places = places.entry((order.id.clone(), day(&order))).or_default();
        let is_it = |place: &&usize| all.get(**place).is_some_and(|known| may_be_one(known, &order));
        match places.iter().find(is_it).copied().and_then(|place| all.get_mut(place)) {
            Some(known) if !order.id.is_empty() => {
                if order.updated > known.updated {
                    *known = order;
                }
            }
            _ => {
                places.push(all.len());
                all.push(order);
            }
        }
    }
    all.sort_by_key(|order| Reverse(order.created));
    all
}

/// Whether two rows of one id may show one order: no replacement changes its ticker or side.
fn may_be_one(one: &Order, other: &Order) -> bool {
    let is_silent = |one: &str, other: &str| one.is_empty() || other.is_empty();
    (is_silent(&one.ticker, &other.ticker) || is_same_symbol(&one.ticker, &other.ticker))
        && (is_silent(&one.side, &other.side) || one.side == other.side)
}

/// Now by Aries' clock, which may be a little ahead of this one; seconds are sent whole.
fn now_there() -> Timestamp {
    let now = clock::now();
    now.checked_add(AHEAD).unwrap_or(now)
}

/// Orders since a moment, from the history; none where Aries has no history.
pub(crate) async fn history(aries: &Aries, account: &str, from: Timestamp) -> Result<Vec<Order>> {
    let to = from.checked_add(list::LONGEST).map_or(now_there(), |end| end.min(now_there()));
    match list::whole(aries, account, List::History { from, to }).await {
        Err(error) if error.kind == Kind::NotFound => Ok(Vec::new()),
        outcome => outcome,
    }
}

/// The orders that are open, without the one that is replaced.
pub(crate) fn others<'a>(open: &'a [Order], replaced: Option<&Order>) -> Vec<&'a Order> {
    let others = open.iter().filter(|other| replaced.is_none_or(|replaced| replaced.id != other.id));
    others.filter(|other| other.is_open()).collect()
}

/// Refuses where an open order cannot be read and may be for this ticker. `replaced` does not count: it is read by itself.
pub(crate) fn readable(open: &[Order], ticker: &str, replaced: Option<&Order>) -> Result<()> {
    let Some(other) = others(open, replaced).into_iter().find(|other| other.may_refer_to(ticker)) else {
        return Ok(());
    };
    let (what, order) =
        (other.unreadable.expect("only what cannot be read may refer to anything"), other.sentence());
    let cause = format!(
        "an open order that may be on {ticker} cannot be read, so nothing can be checked against it: {what} ({order}, id {:?})",
        other.id
    );
    let hint = Told::person_can("look at it in Aries' own application, or have it canceled");
    Err(Error::new(Kind::Refused, cause, hint))
}

/// Refuses where a position cannot be read and may be what the order is about; options say nothing of shares.
pub(crate) fn readable_positions(positions: &[Position], order: &body::Order) -> Result<()> {
    let ticker = &order.underlying;
    let wanted = if order.is_stock() { Security::Shares } else { Security::Option };
    let Some(other) = positions.iter().find(|position| position.may_refer_to(ticker, wanted)) else {
        return Ok(());
    };
    let (what, symbol) =
        (other.unreadable.expect("only what cannot be read may refer to anything"), clean(&other.symbol, 40));
    let quantity =
        other.quantity.map_or_else(|| "unknown".to_owned(), |quantity| quantity.normalize().to_string());
    let cause = format!(
        "a position that may be in {ticker} cannot be read, so nothing can be checked against it: {what} ({symbol:?}, quantity {quantity})"
    );
    let hint = Told::person_can("look at it in Aries' own application, and trade it there");
    Err(Error::new(Kind::Refused, cause, hint))
}

pub(crate) fn held(positions: &[Position], symbol: &Symbol) -> Decimal {
    positions.iter().filter(|position| position.is(symbol)).filter_map(|position| position.quantity).sum()
}

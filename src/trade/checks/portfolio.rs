//! What an account holds and what is already ordered: what the rule about an order's `action` compares it with.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::aries::Aries;
use crate::aries::model::order::list::{LARGEST, PageRequest, history as history_page, today};
use crate::aries::model::{self, Account, Order, Position, Security};
use crate::aries::symbols::Symbol;
use crate::aries::text::clean;
use crate::error::{Error, Kind, Result};
use crate::trade::order::body;

pub(crate) use crate::aries::model::order::list::Source;

/// How many pages of today's orders are read.
const MOST_PAGES: usize = 10;

/// The account that an order is for: the one named, or the only open one.
/// Fails if none or several fit; the answer lists what there is.
pub(crate) async fn account(aries: &Aries, name: Option<&str>) -> Result<Account> {
    let all = model::account::all(aries).await?;
    let listed = all.iter().map(Account::masked).collect::<Vec<_>>().join(", ");
    let mut fitting = match name {
        Some(name) => model::account::named(all, name),
        None => all.into_iter().filter(Account::is_open).collect(),
    };
    match (fitting.len(), name) {
        (1, _) => match fitting.pop() {
            Some(account) if account.is_open() => Ok(account),
            _ => Err(Error::new(
                Kind::Refused,
                "that account is not open",
                "ask the person which account to use",
            )),
        },
        (0, _) => {
            Err(Error::usage("`account`: there is no such open account", format!("there are: {listed}")))
        }
        (_, None) => Err(Error::usage(
            "`account` is missing, and several accounts are open",
            format!("ask the person which one: {listed}"),
        )),
        _ => Err(Error::usage(
            "`account`: several accounts end like that",
            "give the full id; the person can look it up in Client Center",
        )),
    }
}

/// Positions; `None` if Aries marks the list as not available, or gives none.
/// Fails as the sender.
pub(crate) async fn positions(aries: &Aries, account: &str) -> Result<Option<Vec<Position>>> {
    let positions = model::position::all(aries, account).await?;
    Ok(positions.list.ok().filter(|_| positions.available))
}

/// Today's orders out of the database: a cache that lags behind would let the same shares be sold twice. The name of the
/// parameter that asks for it is inferred, so an Aries that refuses it, or only has the older list, is asked without.
/// Fails as the sender.
pub(crate) async fn current(aries: &Aries, account: &str) -> Result<Vec<Order>> {
    match orders(aries, account, Source::Database).await {
        Err(error) if matches!(error.kind, Kind::Refused | Kind::NotFound) => {
            orders(aries, account, Source::Cache).await
        }
        outcome => outcome,
    }
}

/// Today's orders, open and ended, read to the end of the list.
/// Fails as the sender, and if Aries says that the list cannot be used.
pub(crate) async fn orders(aries: &Aries, account: &str, source: Source) -> Result<Vec<Order>> {
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let wanted = PageRequest { account, limit: LARGEST, cursor: cursor.as_deref() };
        let page = today(aries, wanted, source).await?;
        if !page.available {
            return Err(Error::new(
                Kind::Unavailable,
                "Aries' list of orders is not available right now",
                "try again in a minute",
            ));
        }
        all.extend(page.orders);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(all)
}

/// Orders since a moment, from the history.
/// Fails as the sender.
pub(crate) async fn history(aries: &Aries, account: &str, from: Timestamp) -> Result<Vec<Order>> {
    let wanted = PageRequest { account, limit: LARGEST, cursor: None };
    Ok(history_page(aries, wanted, from, None).await?.orders)
}

/// Refuses where an open order cannot be read and may be for this ticker. `replaced` does not count: it is read by itself.
/// Fails with [`Kind::Refused`] and what is known of it.
pub(crate) fn readable(open: &[Order], ticker: &str, replaced: Option<&Order>) -> Result<()> {
    let in_the_way = open.iter().find(|other| {
        other.is_open()
            && replaced.is_none_or(|replaced| replaced.id != other.id)
            && other.may_refer_to(ticker)
    });
    let Some(other) = in_the_way else { return Ok(()) };
    Err(Error::new(
        Kind::Refused,
        format!(
            "an open order that may be on {ticker} cannot be read, so nothing can be checked against it: {} ({}, id {:?})",
            other.unreadable.unwrap_or_default(),
            other.sentence(),
            other.id
        ),
        "tell the person; they can look at it in Aries' own application, or have it canceled",
    ))
}

/// Refuses where a position cannot be read and may be one that the order is about. One in options says nothing about
/// shares.
/// Fails with [`Kind::Refused`] and what is known of it.
pub(crate) fn readable_positions(positions: &[Position], order: &body::Order) -> Result<()> {
    let ticker = order.underlying.as_str();
    let wanted = if order.is_stock() { Security::Shares } else { Security::Option };
    let in_the_way = positions.iter().find(|position| position.may_refer_to(ticker, wanted));
    let Some(other) = in_the_way else { return Ok(()) };
    Err(Error::new(
        Kind::Refused,
        format!(
            "a position that may be in {ticker} cannot be read, so nothing can be checked against it: {} ({:?}, quantity {})",
            other.unreadable.unwrap_or_default(),
            clean(&other.symbol, 40),
            other.quantity.map_or_else(|| "unknown".to_owned(), |quantity| quantity.normalize().to_string())
        ),
        "tell the person; they can look at it in Aries' own application, and trade it there",
    ))
}

/// What is held of a symbol, signed; shorts are negative.
pub(crate) fn held(positions: &[Position], symbol: &Symbol) -> Decimal {
    positions.iter().filter(|position| position.is(symbol)).filter_map(|position| position.quantity).sum()
}

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

const MOST_PAGES: usize = 10;

/// The account that an order is for: the one named, or the only open one.
pub(crate) async fn account(aries: &Aries, name: Option<&str>) -> Result<Account> {
    let all = model::account::all(aries).await?;
    let listed = all.iter().map(Account::masked).collect::<Vec<_>>().join(", ");
    let mut fitting = match name {
        Some(name) => model::account::named(all, name),
        None => all.into_iter().filter(Account::is_open).collect(),
    };
    let (cause, hint) = match (fitting.len(), name, fitting.pop()) {
        (1, _, Some(account)) if account.is_open() => return Ok(account),
        (1, ..) => {
            let hint = "ask the person which account to use";
            return Err(Error::new(Kind::Refused, "that account is not open", hint));
        }
        (0, ..) => ("`account`: there is no such open account", format!("there are: {listed}")),
        (_, None, _) => (
            "`account` is missing, and several accounts are open",
            format!("ask the person which one: {listed}"),
        ),
        _ => (
            "`account`: several accounts end like that",
            "give the full id; the person can look it up in Client Center".to_owned(),
        ),
    };
    Err(Error::usage(cause, hint))
}

/// Positions; `None` if Aries marks the list as not available, or gives none.
pub(crate) async fn positions(aries: &Aries, account: &str) -> Result<Option<Vec<Position>>> {
    let positions = model::position::all(aries, account).await?;
    Ok(positions.list.ok().filter(|_| positions.available))
}

/// Today's orders out of the database: a cache that lags behind would let the same shares be sold twice. The name of the
/// parameter that asks for it is inferred, so an Aries that refuses it, or only has the older list, is asked without.
pub(crate) async fn current(aries: &Aries, account: &str) -> Result<Vec<Order>> {
    match orders(aries, account, Source::Database).await {
        Err(error) if matches!(error.kind, Kind::Refused | Kind::NotFound) => {
            orders(aries, account, Source::Cache).await
        }
        outcome => outcome,
    }
}

/// Today's orders, open and ended, read to the end of the list. Fails also if Aries says that the list cannot be used.
pub(crate) async fn orders(aries: &Aries, account: &str, source: Source) -> Result<Vec<Order>> {
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let wanted = PageRequest { account, limit: LARGEST, cursor: cursor.as_deref() };
        let page = today(aries, wanted, source).await?;
        if !page.available {
            let cause = "Aries' list of orders is not available right now";
            return Err(Error::new(Kind::Unavailable, cause, "try again in a minute"));
        }
        all.extend(page.orders);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(all)
}

pub(crate) async fn history(aries: &Aries, account: &str, from: Timestamp) -> Result<Vec<Order>> {
    let wanted = PageRequest { account, limit: LARGEST, cursor: None };
    Ok(history_page(aries, wanted, from, None).await?.orders)
}

/// Refuses where an open order cannot be read and may be for this ticker. `replaced` does not count: it is read by itself.
pub(crate) fn readable(open: &[Order], ticker: &str, replaced: Option<&Order>) -> Result<()> {
    let others = open.iter().filter(|other| replaced.is_none_or(|replaced| replaced.id != other.id));
    let Some(other) = others.filter(|other| other.is_open()).find(|other| other.may_refer_to(ticker)) else {
        return Ok(());
    };
    let (what, order) =
        (other.unreadable.expect("only what cannot be read may refer to anything"), other.sentence());
    let cause = format!(
        "an open order that may be on {ticker} cannot be read, so nothing can be checked against it: {what} ({order}, id {:?})",
        other.id
    );
    let hint = "tell the person; they can look at it in Aries' own application, or have it canceled";
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
    let hint = "tell the person; they can look at it in Aries' own application, and trade it there";
    Err(Error::new(Kind::Refused, cause, hint))
}

pub(crate) fn held(positions: &[Position], symbol: &Symbol) -> Decimal {
    positions.iter().filter(|position| position.is(symbol)).filter_map(|position| position.quantity).sum()
}

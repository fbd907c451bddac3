//! What an account holds and what is already ordered: the other side of every rule about `action`.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, json};

use crate::aries::account::{Account, Position, named};
use crate::aries::endpoints::{ORDERS_HISTORY, POSITIONS_HELD, USER_ACCOUNTS};
use crate::aries::orders::{is_unavailable, next_cursor, today};
use crate::aries::symbols::Symbol;
use crate::aries::text::clean;
use crate::aries::{Aries, Json};
use crate::error::{Error, Kind, Result};
use crate::trade::order::open::Working;

/// Aries' largest page (`trading.md` 5.1), and how many of them are read.
const PAGE: u32 = 500;
const MOST_PAGES: usize = 10;

/// Where Aries is to read its list from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// What it does by itself.
    Cache,
    /// The book itself.
    Database,
}

/// Every account of the person.
///
/// # Errors
/// As the sender.
pub(crate) async fn accounts(aries: &Aries) -> Result<Vec<Account>> {
    let reply = aries.read(&USER_ACCOUNTS.request(&Map::new())?).await?;
    let json = reply.json()?;
    let rows = json.get(USER_ACCOUNTS.rows).unwrap_or(json).items();
    Ok(rows.into_iter().filter_map(|row| Account::read(row, aries.urls())).collect())
}

/// The account that an order is for: the one named, or the only open one.
///
/// # Errors
/// If none or several fit; the answer lists what there is.
pub(crate) async fn account(aries: &Aries, name: Option<&str>) -> Result<Account> {
    let all = accounts(aries).await?;
    let listed = all.iter().map(Account::masked).collect::<Vec<_>>().join(", ");
    let mut fitting = match name {
        Some(name) => named(all, name),
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

/// Positions; `None` if Aries marks the list as not available.
///
/// # Errors
/// As the sender.
pub(crate) async fn positions(aries: &Aries, account: &str) -> Result<Option<Vec<Position>>> {
    let args = Map::from_iter([("account".to_owned(), json!(account))]);
    let reply = aries.read(&POSITIONS_HELD.request(&args)?).await?;
    let json = reply.json()?;
    if json.get("availability/available").and_then(Json::boolean) == Some(false) {
        return Ok(None);
    }
    let rows = json.get(POSITIONS_HELD.rows).unwrap_or(json);
    if !rows.is_array() {
        return Ok(None);
    }
    Ok(Some(rows.items().into_iter().map(Position::read).collect()))
}

/// Today's orders as the book itself has them: a cache that lags behind would let the same shares be sold twice. The
/// name of that parameter is inferred (`trading.md` 5.1), so an Aries that refuses it, or only has the older list, is asked
/// without.
///
/// # Errors
/// As the sender.
pub(crate) async fn current(aries: &Aries, account: &str) -> Result<Vec<Working>> {
    match orders(aries, account, Source::Database).await {
        Err(error) if error.kind == Kind::Refused => orders(aries, account, Source::Cache).await,
        outcome => outcome,
    }
}

/// Today's orders, open and ended, read to the end of the list.
///
/// # Errors
/// As the sender.
pub(crate) async fn orders(aries: &Aries, account: &str, source: Source) -> Result<Vec<Working>> {
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let mut args =
            Map::from_iter([("account".to_owned(), json!(account)), ("limit".to_owned(), json!(PAGE))]);
        if source == Source::Database {
            args.insert("source".to_owned(), json!("database"));
        }
        if let Some(cursor) = &cursor {
            args.insert("cursor".to_owned(), json!(cursor));
        }
        let reply = today(aries, &args).await?;
        let json = reply.json()?;
        if is_unavailable(json) {
            return Err(Error::new(
                Kind::Unavailable,
                "Aries' list of orders is not available right now",
                "try again in a minute",
            ));
        }
        all.extend(reply.rows("orders")?.into_iter().map(Working::read));
        cursor = next_cursor(json);
        if cursor.is_none() {
            break;
        }
    }
    Ok(all)
}

/// Orders since a moment, from the history.
///
/// # Errors
/// As the sender.
pub(crate) async fn history(aries: &Aries, account: &str, from: Timestamp) -> Result<Vec<Working>> {
    let args = Map::from_iter([
        ("account".to_owned(), json!(account)),
        ("from".to_owned(), json!(from.to_string())),
        ("limit".to_owned(), json!(PAGE)),
    ]);
    let reply = aries.read(&ORDERS_HISTORY.request(&args)?).await?;
    let rows = reply.json()?.get("orders").map(Json::items).unwrap_or_default();
    Ok(rows.into_iter().map(Working::read).collect())
}

/// That no open order is in the way which cannot be read and may be for this ticker. `replaced` is not asked: it is
/// read by itself.
///
/// # Errors
/// [`Kind::Refused`] with what is known of it.
pub(crate) fn readable(open: &[Working], ticker: &str, replaced: Option<&Working>) -> Result<()> {
    let in_the_way = open.iter().find(|other| {
        other.is_open()
            && replaced.is_none_or(|replaced| replaced.id != other.id)
            && other.may_concern(ticker)
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

/// The same for positions, where an order for shares and one for options have different ones in their way.
///
/// # Errors
/// [`Kind::Refused`] with what is known of it.
pub(crate) fn readable_positions(positions: &[Position], ticker: &str, options: bool) -> Result<()> {
    let in_the_way = positions.iter().find(|position| position.may_concern(ticker, options));
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
    positions.iter().filter(|position| position.is_of(symbol)).filter_map(|position| position.quantity).sum()
}

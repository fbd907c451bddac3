//! What an order was approved by, held against what Aries says a moment before the POST: the account, an order that is to
//! be replaced or canceled, the positions. Any difference is a refusal that tells it, old → new.

use rust_decimal::Decimal;

use crate::aries::Aries;
use crate::aries::model::{self, Account, Order, Position, Security};
use crate::aries::symbols::Symbol;
use crate::error::{Error, Kind, Result};
use crate::told::Told;
use crate::trade::checks::portfolio::held;
use crate::trade::order::body;
use crate::trade::order::decimal::price_words;
use crate::trade::state::State;

/// Reads the account again. Fails if anything that Aries says of it is otherwise, and if it is gone.
pub(crate) async fn check_account(aries: &Aries, before: &Account, hint: Told) -> Result<()> {
    let all = model::account::all(aries).await?;
    let rows: Vec<&Account> = all.iter().filter(|now| now.id == before.id).collect();
    let what = format!("account {}", before.masked());
    if rows.is_empty() {
        return Err(refused(&format!("{what} is not in Aries' list of accounts any more"), hint));
    }
    // Every row of that id, should there be several.
    let changes: Vec<String> = rows.into_iter().flat_map(|now| changes_of_account(before, now)).collect();
    check_same(&what, &changes, hint)
}

fn changes_of_account(before: &Account, now: &Account) -> Vec<String> {
    changed([
        ("kind of account", before.money.to_string(), now.money.to_string()),
        ("status", word(before.status.as_deref()), word(now.status.as_deref())),
        ("type", word(before.kind.as_deref()), word(now.kind.as_deref())),
        ("class", word(before.class.as_deref()), word(now.class.as_deref())),
    ])
}

/// Fails if an order differs from what was shown of it in anything that it says.
pub(crate) fn check_order(before: &Order, now: &Order, hint: Told) -> Result<()> {
    let legs = |order: &Order| {
        let words = |leg: &model::order::Leg| {
            let side = if leg.buys { "BUY" } else { "SELL" };
            let effect = leg.closes.map_or("", |closes| if closes { " TO CLOSE" } else { " TO OPEN" });
            format!("{side}{effect} {} {}", leg.ratio.normalize(), leg.contract.words())
        };
        order.legs.iter().map(words).collect::<Vec<_>>().join(" + ")
    };
    let number = |value: Decimal| value.normalize().to_string();
    let price = |value: Option<Decimal>| value.map_or_else(|| "none".to_owned(), price_words);
    let pair = |of: &dyn Fn(&Order) -> String| (of(before), of(now));
    let members: [(&'static str, (String, String)); 15] = [
        ("id", pair(&|order| order.id.clone())),
        // That the exchange has taken it in meanwhile was to be expected: both words of Aries mean WORKING.
        ("status", pair(&|order| State::words(&order.status))),
        ("symbol", pair(&|order| order.symbol.clone())),
        ("security type", pair(&|order| format!("{:?}", Security::of(&order.security)))),
        ("side", pair(&|order| order.side.clone())),
        ("type", pair(&|order| order.kind.clone())),
        ("time in force", pair(&|order| order.time_in_force.clone())),
        ("legs", pair(&legs)),
        ("quantity", pair(&|order| number(order.quantity))),
        ("filled", pair(&|order| number(order.filled))),
        ("left to fill", pair(&|order| number(order.leaves()))),
        ("limit", pair(&|order| price(order.limit))),
        ("stop", pair(&|order| price(order.stop))),
        ("client id", pair(&|order| word(order.client_id.as_deref()))),
        ("replaced order", pair(&|order| word(order.replaces.as_deref()))),
    ];
    let changes = changed(members.map(|(name, (before, now))| (name, before, now)));
    if !now.is_open() || now.is_changing() || now.unreadable != before.unreadable {
        let cause =
            format!("order {} has changed since the preview: it is {}", before.id, State::words(&now.status));
        return Err(refused(&with_changes(cause, &changes), hint));
    }
    check_same(&format!("order {}", before.id), &changes, hint)
}

/// Where the id of a replaced order names another one by now, or two.
pub(crate) fn named_otherwise(before: &model::Order, error: Error) -> Error {
    if error.kind != Kind::Usage {
        return error;
    }
    let cause = format!("order {} has changed since the preview: {}", before.id, error.cause);
    Error::new(Kind::Refused, cause, error.hint)
}

/// What is held of all that an order is about: the contracts of its legs, and the shares.
pub(crate) type Held = Vec<(String, Decimal)>;

pub(crate) fn held_of(positions: &[Position], order: &body::Order) -> Held {
    let shares = [Symbol::Stock(order.underlying.clone())].into_iter();
    let contracts = order.legs.iter().map(|leg| Symbol::Option(leg.contract.clone()));
    shares.chain(contracts).map(|symbol| (symbol.to_string(), held(positions, &symbol))).collect()
}

/// Fails if more or less is held than at the preview. Positions that cannot be had are no difference: what depends on
/// them is refused by itself.
pub(crate) fn check_held(before: Option<&Held>, now: Option<&Held>, hint: Told) -> Result<()> {
    let (Some(before), Some(now)) = (before, now) else { return Ok(()) };
    let pairs = before.iter().zip(now).filter(|((_, before), (_, now))| before != now);
    let words = pairs.map(|((symbol, before), (_, now))| {
        format!("{symbol}: {} → {}", before.normalize(), now.normalize())
    });
    check_same("the position", &words.collect::<Vec<_>>(), hint)
}

fn word(text: Option<&str>) -> String {
    text.unwrap_or("none").to_owned()
}

fn changed<const N: usize>(members: [(&'static str, String, String); N]) -> Vec<String> {
    let differ = members.into_iter().filter(|(_, before, now)| before != now);
    differ.map(|(name, before, now)| format!("{name}: {before} → {now}")).collect()
}

fn with_changes(cause: String, changes: &[String]) -> String {
    if changes.is_empty() { cause } else { format!("{cause}, {}", changes.join(", ")) }
}

fn check_same(what: &str, changes: &[String], hint: Told) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    Err(refused(&with_changes(format!("{what} has changed since the preview"), changes), hint))
}

fn refused(cause: &str, hint: Told) -> Error {
    Error::new(Kind::Refused, cause, hint)
}

//! What other accounts hold of what an order would close and its own account does not have.

use rust_decimal::Decimal;

use crate::aries::Aries;
use crate::aries::model::{self, Account, Position};
use crate::aries::symbols::Symbol;
use crate::error::{Error, Kind};
use crate::trade::checks::portfolio;
use crate::trade::order::body::Order;

/// The refusal with the accounts that hold it. Where they cannot be read, the refusal stands alone.
pub(super) async fn explain(
    aries: &Aries,
    account: &Account,
    order: &Order,
    own: &[Position],
    refusal: Error,
) -> Error {
    let missing = closed(order).into_iter().find(|(symbol, _)| portfolio::held(own, symbol).is_zero());
    let Some((symbol, sells)) = missing.filter(|_| refusal.kind == Kind::Refused) else { return refusal };
    let mut holders = Vec::new();
    for other in model::account::all(aries).await.unwrap_or_default() {
        if other.id == account.id || !other.is_open() {
            continue;
        }
        let Ok(Some(positions)) = portfolio::positions(aries, &other.id).await else { continue };
        let held = portfolio::held(&positions, &symbol);
        if if sells { held > Decimal::ZERO } else { held < Decimal::ZERO } {
            holders.push(format!("account {} holds {}", other.masked(), held.normalize()));
        }
    }
    if holders.is_empty() {
        return refusal;
    }
    let held = format!("; {}", holders.join(", "));
    Error { hint: refusal.hint.and(held), ..refusal }
}

/// What the order closes, and whether by selling.
fn closed(order: &Order) -> Vec<(Symbol, bool)> {
    if order.is_stock() {
        let shares = (Symbol::Stock(order.underlying.clone()), !order.action.buys());
        return Vec::from_iter(order.action.closes().then_some(shares));
    }
    let legs = order.legs.iter().filter(|leg| leg.action.closes());
    legs.map(|leg| (Symbol::Option(leg.contract.clone()), !leg.action.buys())).collect()
}

//! What the account would hold once the order is filled.

use rust_decimal::Decimal;

use super::coverage::effect;
use super::holdings::Holdings;
use crate::trade::order::body::Order;

/// `30 MSFT (now 20)`, `short 10 KO (now 0)`.
pub(crate) fn position_after(order: &Order, left: Decimal, held: &Holdings) -> String {
    let words = |now: Decimal, change: Decimal, what: &str| {
        format!("{} {what} (now {})", signed(now + change), signed(now))
    };
    let (shares, contracts) = effect(order, left);
    if order.is_stock() {
        return words(held.shares.quantity, shares, &order.underlying);
    }
    let contracts = contracts.iter();
    let parts: Vec<String> = contracts
        .map(|(contract, change)| words(held.held(contract).quantity, *change, &contract.words()))
        .collect();
    parts.join("; ")
}

fn signed(quantity: Decimal) -> String {
    let short = if quantity < Decimal::ZERO { "short " } else { "" };
    format!("{short}{}", quantity.abs().normalize())
}

//! What `action` means for the position **and** the open orders held (P53, P54): nothing is sold that is not there,
//! closed that is not open, or opened by accident.

use rust_decimal::Decimal;

use crate::aries::model::{self, Position};
use crate::aries::symbols::{Contract, Symbol};
use crate::error::{Error, Kind, Result};
use crate::trade::checks::portfolio;
use crate::trade::order::body::{Action, Order, Shape};

/// Checks an order against what is held and ordered. `replaced` is the order whose place it takes.
///
/// # Errors
/// [`Kind::Refused`] with the numbers.
pub(crate) fn check(
    order: &Order,
    positions: &[Position],
    open: &[model::Order],
    replaced: Option<&model::Order>,
) -> Result<()> {
    let others: Vec<&model::Order> = open
        .iter()
        .filter(|other| other.is_open() && replaced.is_none_or(|replaced| replaced.id != other.id))
        .collect();
    let done = replaced.map_or(Decimal::ZERO, |replaced| replaced.filled);
    let wanted = (order.quantity.value() - done).max(Decimal::ZERO);
    if let Shape::Stock { ticker, action } = &order.shape {
        let held = portfolio::held(positions, &Symbol::Stock(ticker.clone()));
        let promised: Decimal = others
            .iter()
            // One that does not say its side may be on this one.
            .filter(|other| other.legs.is_empty() && (other.side.is_empty() || other.side == action.side()))
            .filter(|other| other.has_underlying(ticker))
            .map(|other| other.leaves())
            .sum();
        return judge(*action, ticker, held, promised, wanted, "shares");
    }
    for leg in order.legs() {
        let held = portfolio::held(positions, &Symbol::Option(leg.contract.clone()));
        let promised = promised(&others, &leg.contract, leg.action.buys());
        judge(
            leg.action,
            &leg.contract.words(),
            held,
            promised,
            wanted * Decimal::from(leg.ratio),
            "contracts",
        )?;
    }
    Ok(())
}

/// Contracts that open orders would already close on this side. A leg that does not say whether it closes counts.
fn promised(others: &[&model::Order], contract: &Contract, buys: bool) -> Decimal {
    let of = |other: &&model::Order| -> Decimal {
        let legs = other.legs.iter().filter(|leg| leg.contract == *contract && leg.buys == buys);
        legs.filter(|leg| leg.closes != Some(false)).map(|leg| leg.ratio * other.leaves()).sum()
    };
    others.iter().map(of).sum()
}

fn judge(
    action: Action,
    what: &str,
    held: Decimal,
    promised: Decimal,
    wanted: Decimal,
    unit: &str,
) -> Result<()> {
    let refused = |cause: String, hint: &str| Err(Error::new(Kind::Refused, cause, hint));
    let numbers = || {
        let held = held.normalize();
        let promised = promised.normalize();
        format!("held {held}, already in open orders {promised}, asked {} {unit}", wanted.normalize())
    };
    let free = match action {
        Action::Sell | Action::SellToClose => held.max(Decimal::ZERO) - promised,
        Action::BuyToCover | Action::BuyToClose => (-held).max(Decimal::ZERO) - promised,
        _ => {
            return match (action.buys(), held) {
                (true, held) if held < Decimal::ZERO => refused(
                    format!(
                        "{what} is held short ({}): {} would close, not open",
                        held.normalize(),
                        action.words()
                    ),
                    "use buy_to_cover or buy_to_close if that is meant; ask the person",
                ),
                (false, held) if held > Decimal::ZERO => refused(
                    format!(
                        "{what} is held ({}): {} would sell it, not open",
                        held.normalize(),
                        action.words()
                    ),
                    "use sell or sell_to_close if that is meant; ask the person",
                ),
                _ => Ok(()),
            };
        }
    };
    if wanted <= free {
        return Ok(());
    }
    refused(
        format!("{} {what}: more than there is to close ({})", action.words(), numbers()),
        "ask the person; get_portfolio and get_orders show what there is",
    )
}

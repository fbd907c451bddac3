//! An order against what the account holds and what its open orders already promise: nothing is sold that is not there,
//! closed that is not open, or opened by accident.

use rust_decimal::Decimal;

use crate::aries::model::{self, Position};
use crate::aries::symbols::{Contract, Symbol};
use crate::error::{Error, Kind, Result};
use crate::told::Told;
use crate::trade::checks::context::CheckContext;
use crate::trade::checks::portfolio::others;
use crate::trade::checks::recent::{Held, Portfolio};
use crate::trade::order::terms::Action;
use crate::trade::payoff::holdings::left;

pub(crate) fn check_position(
    context: &CheckContext<'_>,
    positions: &[Position],
    portfolio: &Portfolio,
) -> Result<()> {
    let (order, replaced) = (context.order, context.replaced);
    let (others, asked) = (others(&portfolio.orders, replaced), left(order, replaced));
    if order.is_stock() {
        let (ticker, action) = (&order.underlying, order.action);
        let held = portfolio.held(positions, &Symbol::Stock(ticker.clone()));
        let ordered = shares_in_open_orders(&others, ticker, action);
        return check_action(action, ticker, held, ordered, (asked, Unit::Shares));
    }
    let unit = if order.is_spread() { Unit::OfLeg } else { Unit::Contracts };
    order.legs.iter().try_for_each(|leg| {
        let held = portfolio.held(positions, &Symbol::Option(leg.contract.clone()));
        let ordered = contracts_in_open_orders(&others, &leg.contract, leg.action);
        let asked = (asked * Decimal::from(leg.ratio), unit);
        check_action(leg.action, &leg.contract.words(), held, ordered, asked)
    })
}

/// Shares that open orders still have to fill on this side. An order that does not say its side may be on this one.
fn shares_in_open_orders(others: &[&model::Order], ticker: &str, action: Action) -> Decimal {
    others
        .iter()
        .filter(|other| other.legs.is_empty() && (other.side.is_empty() || other.side == action.side()))
        .filter(|other| other.has_underlying(ticker))
        .map(|other| other.leaves())
        .sum()
}

/// Contracts that open orders may still close on this side. A leg that does not say whether it closes counts.
fn contracts_in_open_orders(others: &[&model::Order], contract: &Contract, action: Action) -> Decimal {
    let of = |other: &&model::Order| -> Decimal {
        let legs = other.legs.iter().filter(|leg| leg.contract == *contract && leg.buys == action.buys());
        legs.filter(|leg| leg.closes != Some(false)).map(|leg| leg.ratio * other.leaves()).sum()
    };
    others.iter().map(of).sum()
}

/// What is counted of an order, or of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Shares,
    Contracts,
    /// Contracts of one leg of a spread.
    OfLeg,
}

impl Unit {
    fn words(self) -> &'static str {
        if self == Self::Shares { "shares" } else { "contracts" }
    }

    /// What to do in place of an opening action that would close what is held.
    fn closing(self, action: Action) -> Told {
        let name = match (self, action.buys()) {
            (Self::Shares, true) => Action::BuyToCover,
            (Self::Shares, false) => Action::Sell,
            (_, true) => Action::BuyToClose,
            (_, false) => Action::SellToClose,
        };
        let name = name.argument();
        match self {
            Self::OfLeg => Told::from(format!(
                "for the spread as asked take another strike, expiration or account, or close what is held first; a leg with \
                 {name} closes it within the spread"
            )),
            _ => Told::from(format!("use {name} if that is meant")),
        }
        .and(Told::pair("; ask the person", ""))
    }
}

/// Refuses to close more than there surely is, and to open against what may be held. `ordered` is what open orders already
/// take of it.
fn check_action(
    action: Action,
    what: &str,
    held: Held,
    ordered: Decimal,
    (asked, unit): (Decimal, Unit),
) -> Result<()> {
    let words = action.words();
    let refused = |cause: String, hint: Told| Err(Error::new(Kind::Refused, cause, hint));
    if action.closes() {
        let there = if action.buys() { -held.most } else { held.least };
        if asked <= there.max(Decimal::ZERO) - ordered {
            return Ok(());
        }
        let (ordered, asked) = (ordered.normalize(), asked.normalize());
        let counted =
            format!("held {held}, already in open orders {ordered}, asked {asked} {}", unit.words());
        return refused(
            format!("{words} {what}: more than there is to close ({counted})"),
            Told::pair(
                "ask the person; get_portfolio and get_orders show what there is",
                "get_portfolio and get_orders show what there is",
            ),
        );
    }
    if action.buys() && held.least < Decimal::ZERO {
        return refused(
            format!("{what} is held short ({held}): {words} would close, not open"),
            unit.closing(action),
        );
    }
    if !action.buys() && held.most > Decimal::ZERO {
        return refused(format!("you hold {held} {what}, so {words} would sell those"), unit.closing(action));
    }
    Ok(())
}

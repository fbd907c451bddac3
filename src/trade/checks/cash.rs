//! Cash that stands behind written puts: nothing else may be bought with it, and no two orders may rely on it at once.

use rust_decimal::Decimal;

use crate::aries::Aries;
use crate::aries::model::{Account, balance};
use crate::error::{Error, Kind, Result};
use crate::trade::checks::context::CheckResult;
use crate::trade::checks::notional::cents;
use crate::trade::journal::history::History;
use crate::trade::order::body::{Leg, Order};
use crate::trade::order::terms::Action;
use crate::trade::payoff::coverage::Change;

/// Warns of a purchase for `value` USD that leaves less in cash than the written puts of the account may take.
pub(crate) async fn warn(
    aries: &Aries,
    account: &Account,
    order: &Order,
    left: Decimal,
    result: &mut CheckResult,
) {
    let Some(held) = result.holdings.as_ref().filter(|_| order.buys()) else { return };
    let change = Change::of(order, left, held);
    if change.behind_puts.is_zero() || !change.uncovered.puts.is_zero() {
        return;
    }
    let (needed, puts) = (cents(change.cash_needed + result.value), cents(change.behind_puts));
    match balance::cash(aries, &account.id).await.ok().flatten().map(cents) {
        Some(cash) if cash >= needed => {}
        Some(cash) => result.warnings.push(format!(
            "it takes of the cash that stands behind written puts: their assignment takes {puts} USD, with this order and all \
             that is open {needed} USD are needed, and there are {cash} in cash"
        )),
        None => {
            let what = format!("cash: Aries does not tell whether {puts} USD stay behind the written puts");
            result.unchecked.push(what);
        }
    }
}

/// Refuses an order that writes puts if another one was sent on the account since `known` was read, by which it was checked:
/// both may rely on the same cash.
pub(crate) fn check_alone(account: &Account, order: &Order, known: &History, now: &History) -> Result<()> {
    let writes = |leg: &Leg| leg.action == Action::SellToOpen && !leg.contract.call;
    let sent = |history: &History| {
        let orders = history.0.iter().filter(|one| one.sent.is_some());
        orders.filter(|one| one.place().is_some_and(|(own, _)| own == account.id)).count()
    };
    if !order.legs.iter().any(writes) || sent(known) == sent(now) {
        return Ok(());
    }
    let cause = format!(
        "another order was sent on account {} while this one was checked, and both may rely on the same cash",
        account.masked()
    );
    Err(Error::new(Kind::Refused, cause, "nothing was sent; preview it again if the person still wants it"))
}

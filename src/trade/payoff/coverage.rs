//! Which written options nothing stands behind.
//!
//! A written call is covered by 100 shares, or by a bought call of the same or a later expiration, whatever its strike:
//! the loss is limited then. A written put is covered by a bought put of the same or a later expiration, by 100 shares
//! held short, or by the cash that assignment takes. Nothing covers twice.

use std::cmp::Reverse;
use std::fmt;

use rust_decimal::Decimal;

use super::holdings::Holdings;
use super::matching::unmatched;
use super::settlement::{is_cash_settled, lots, to_buy};
use crate::aries::symbols::Contract;
use crate::trade::order::body::Order;

/// Written contracts that an order leaves without cover, more than there were before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Uncovered {
    pub(crate) calls: Decimal,
    pub(crate) puts: Decimal,
}

impl Uncovered {
    pub(crate) fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// `1 call`, `2 puts`, `1 call and 1 put`.
impl fmt::Display for Uncovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |count: Decimal, what: &str| {
            let plural = if count == Decimal::ONE { "" } else { "s" };
            (!count.is_zero()).then(|| format!("{} {what}{plural}", count.normalize()))
        };
        let parts = [count(self.calls, "call"), count(self.puts, "put")];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(" and "))
    }
}

/// What an order changes of the cover.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Change {
    /// As if there were no cash.
    pub(crate) uncovered: Uncovered,
    /// What of the cash the written puts of the account take, in USD, when the order is filled.
    pub(crate) behind_puts: Decimal,
    /// Cash in USD that all written puts of the account take which only cash can cover, when the order is filled.
    pub(crate) cash_needed: Decimal,
}

impl Change {
    /// What `left` units of an order change for an account with these holdings.
    pub(crate) fn of(order: &Order, left: Decimal, held: &Holdings) -> Self {
        let before = Exposure::of(held, Decimal::ZERO, Vec::new());
        let (shares, contracts) = effect(order, left);
        let after = Exposure::of(held, shares, contracts);
        let more = |after: Decimal, before: Decimal| (after - before).max(Decimal::ZERO);
        Self {
            uncovered: Uncovered {
                calls: more(after.calls, before.calls),
                puts: more(after.puts.count(), before.puts.count()),
            },
            behind_puts: after.puts.cash() + held.behind_puts,
            cash_needed: after.puts.cash() + held.cash_bound,
        }
    }

    pub(crate) fn with_cash(self, cash: Decimal) -> Uncovered {
        let puts = if cash >= self.cash_needed { Decimal::ZERO } else { self.uncovered.puts };
        Uncovered { puts, ..self.uncovered }
    }
}

/// Shares and contracts that an order adds, signed.
pub(crate) fn effect(order: &Order, left: Decimal) -> (Decimal, Vec<(Contract, Decimal)>) {
    let signed = |buys: bool, count: Decimal| if buys { count } else { -count };
    if order.is_stock() {
        return (signed(order.buys(), left), Vec::new());
    }
    let legs = order
        .legs
        .iter()
        .map(|leg| (leg.contract.clone(), signed(leg.action.buys(), Decimal::from(leg.ratio) * left)));
    (Decimal::ZERO, legs.collect())
}

/// Written contracts without cover: calls by number, puts with what their assignment takes.
struct Exposure {
    calls: Decimal,
    puts: Puts,
}

struct Puts(Vec<(Contract, Decimal)>);

impl Puts {
    fn count(&self) -> Decimal {
        self.0.iter().map(|(_, count)| *count).sum()
    }

    fn cash(&self) -> Decimal {
        self.0.iter().map(|(put, count)| to_buy(put, *count)).sum()
    }
}

impl Exposure {
    fn of(held: &Holdings, shares: Decimal, contracts: Vec<(Contract, Decimal)>) -> Self {
        let own = held.contracts.iter().map(|(contract, lot)| (contract.clone(), lot.quantity));
        let all: Vec<_> = own.chain(held.contracts_promised.iter().cloned()).chain(contracts).collect();
        let calls: Decimal = unmatched(all.clone(), true).iter().map(|(_, count)| *count).sum();
        let is_index = all.iter().any(|(contract, _)| is_cash_settled(contract));
        let usable = if is_index { Decimal::ZERO } else { held.usable_shares() + shares };
        let calls = (calls - lots(usable - held.shares_promised)).max(Decimal::ZERO);
        Self { calls, puts: Puts(after_shorts(unmatched(all, false), lots(-usable))) }
    }
}

/// Takes so many of the dearest puts off, which shares held short cover.
fn after_shorts(mut puts: Vec<(Contract, Decimal)>, mut lots: Decimal) -> Vec<(Contract, Decimal)> {
    puts.sort_by_key(|(put, _)| Reverse(put.strike));
    for (_, count) in &mut puts {
        let taken = lots.min(*count);
        *count -= taken;
        lots -= taken;
    }
    puts
}

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
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// As if there were no cash.
    pub(crate) uncovered: Uncovered,
    /// Cash in USD that the order takes when it is filled.
    cost: Decimal,
    /// All written puts of the account that only cash can cover, before the order is filled and after.
    before: Puts,
    after: Puts,
}

impl Change {
    /// What `left` units of an order change for an account with these holdings.
    pub(crate) fn of(order: &Order, left: Decimal, held: &Holdings, cost: Decimal) -> Self {
        let before = Exposure::of(held, Decimal::ZERO, Vec::new());
        let (shares, contracts) = effect(order, left);
        let after = Exposure::of(held, shares, contracts);
        let more = |after: Decimal, before: Decimal| (after - before).max(Decimal::ZERO);
        let uncovered = Uncovered {
            calls: more(after.calls, before.calls),
            puts: more(after.puts.count(), before.puts.count()),
        };
        let [before, after] = [before, after].map(|all| all.puts.and(&held.puts_elsewhere));
        Self { uncovered, cost, before, after }
    }

    /// Whether cash decides: the order writes a put that nothing else covers, or takes cash that may stand behind one.
    pub(crate) fn needs_cash(&self) -> bool {
        let takes = !self.cost.is_zero() && !self.after.count().is_zero();
        self.writes_puts() || takes
    }

    /// Whether it is the order itself that writes puts, or takes from them what covered them.
    pub(crate) fn writes_puts(&self) -> bool {
        !self.uncovered.puts.is_zero()
    }

    /// Cash in USD that all of it takes, where other open orders take `ordered`.
    pub(crate) fn cash_needed(&self, ordered: Decimal) -> Decimal {
        self.after.cash().saturating_add(ordered).saturating_add(self.cost)
    }

    /// What the order leaves uncovered: what it writes itself, or what it takes the cash from.
    pub(crate) fn with_cash(&self, cash: Decimal, ordered: Decimal) -> Uncovered {
        let free = cash.saturating_sub(ordered);
        let puts = if cash >= self.cash_needed(ordered) {
            Decimal::ZERO
        } else if !self.uncovered.puts.is_zero() {
            self.uncovered.puts
        } else {
            let after = self.after.lacking(free.saturating_sub(self.cost));
            (after - self.before.lacking(free)).max(Decimal::ZERO)
        };
        Uncovered { puts, ..self.uncovered }
    }

    /// The same where nobody knows what of the cash other orders take.
    pub(crate) fn without_cash(&self) -> Uncovered {
        let takes = self.uncovered.puts.is_zero() && !self.cost.is_zero();
        let puts = if takes { self.after.count() } else { self.uncovered.puts };
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

#[derive(Debug, Clone)]
struct Puts(Vec<(Contract, Decimal)>);

impl Puts {
    fn and(mut self, others: &[(Contract, Decimal)]) -> Self {
        self.0.extend_from_slice(others);
        self
    }

    /// The fewest contracts that so much cash does not cover.
    fn lacking(&self, cash: Decimal) -> Decimal {
        let mut puts: Vec<&(Contract, Decimal)> = self.0.iter().collect();
        puts.sort_by_key(|(put, _)| Reverse(put.strike));
        let (mut short, mut lacking) = (self.cash().saturating_sub(cash), Decimal::ZERO);
        for (put, count) in puts {
            let each = to_buy(put, Decimal::ONE);
            let taken = (short.max(Decimal::ZERO) / each).ceil().min(*count);
            short -= taken * each;
            lacking += taken;
        }
        lacking
    }

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

//! What the account holds that belongs to the result of an order: the contracts that it closes, the shares and bought
//! contracts that cover what it writes, and the shares that it protects.

use rust_decimal::Decimal;

use super::holdings::{Holdings, Lot};
use super::matching::{Left, matched, unmatched};
use super::settlement::{PER_CONTRACT, is_cash_settled, lots};
use crate::aries::symbols::Contract;
use crate::trade::order::body::Order;

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Pairing {
    /// The shares that cover or are protected; shorts are negative.
    pub(crate) shares: Lot,
    /// All shares that are held.
    pub(crate) shares_held: Decimal,
    /// Calls that the order writes and does not itself cover by bought ones.
    pub(crate) calls_written: Decimal,
    /// Shares that could cover them: held, and neither promised to another order nor behind another written call.
    pub(crate) shares_free: Decimal,
    /// Written contracts of the order that these shares cover.
    pub(crate) covered_by_shares: Decimal,
    /// Shares that bought contracts of the order protect.
    pub(crate) protected: Decimal,
    pub(crate) closed: Vec<(Contract, Lot)>,
    /// Bought contracts that are held and cover written ones of the order.
    pub(crate) covering: Vec<(Contract, Lot)>,
    /// Written puts of the order that only cash can cover.
    pub(crate) puts_left: Decimal,
}

impl Pairing {
    pub(crate) fn of(order: &Order, units: Decimal, held: &Holdings) -> Self {
        let mut pairing = Self { shares_held: held.shares.quantity, ..Self::default() };
        let mut opened = Vec::new();
        for leg in &order.legs {
            let count = Decimal::from(leg.ratio) * units;
            let signed = if leg.action.buys() { count } else { -count };
            if leg.action.closes() {
                let average = held.held(&leg.contract).average;
                pairing.closed.push((leg.contract.clone(), Lot { quantity: -signed, average }));
            } else {
                opened.push((leg.contract.clone(), signed));
            }
        }
        let is_index = order.legs.iter().any(|leg| is_cash_settled(&leg.contract));
        let shares = if is_index { Decimal::ZERO } else { held.usable_shares() };
        for call in [true, false] {
            pairing.pair(held, &opened, call, shares);
        }
        let taken = (pairing.covered_by_shares * PER_CONTRACT).max(pairing.protected);
        let quantity = if shares.is_sign_negative() { -taken } else { taken };
        pairing.shares = Lot { quantity, average: held.shares.average };
        pairing
    }

    /// Pairs the calls or the puts that an order opens. Shares held cover calls and are protected by puts; short ones the
    /// other way round.
    fn pair(&mut self, held: &Holdings, opened: &[(Contract, Decimal)], call: bool, shares: Decimal) {
        let (cover, protect) =
            if call { (shares - held.shares_promised, -shares) } else { (-shares, shares) };
        let mut written = unmatched(opened.to_vec(), call);
        let Left { written: before, mut bought } = matched(self.there(held), call);
        let used: Decimal = before.iter().map(|(_, count)| *count).sum();
        let mut free = (lots(cover) - used).max(Decimal::ZERO);
        if call {
            self.calls_written = written.iter().map(|(_, count)| *count).sum();
            self.shares_free = (cover - used * PER_CONTRACT).max(Decimal::ZERO);
        }
        for (contract, count) in &mut written {
            let taken = free.min(*count);
            free -= taken;
            *count -= taken;
            self.covered_by_shares += taken;
            for (other, there) in &mut bought {
                if other.expiration >= contract.expiration {
                    let taken = (*count).min(*there);
                    *count -= taken;
                    *there -= taken;
                    self.cover(other, Lot { quantity: taken, ..held.held(other) });
                }
            }
        }
        let net: Decimal = opened.iter().filter(|(one, _)| one.call == call).map(|(_, count)| *count).sum();
        self.protected =
            self.protected.max((net.max(Decimal::ZERO) * PER_CONTRACT).min(protect.max(Decimal::ZERO)));
        if !call {
            self.puts_left = written.iter().map(|(_, count)| *count).sum();
        }
    }

    /// The contracts that are held or promised and stay so.
    fn there(&self, held: &Holdings) -> Vec<(Contract, Decimal)> {
        let own = held.contracts.iter().map(|(contract, lot)| (contract.clone(), lot.quantity));
        let closed = self.closed.iter().map(|(contract, lot)| (contract.clone(), -lot.quantity));
        own.chain(held.contracts_promised.iter().cloned()).chain(closed).collect()
    }

    fn cover(&mut self, contract: &Contract, lot: Lot) {
        if !lot.quantity.is_zero() {
            self.covering.push((contract.clone(), lot));
        }
    }
}

//! Written contracts against the bought ones that cover them.

use std::cmp::Reverse;

use rust_decimal::Decimal;

use crate::aries::symbols::Contract;

/// The written calls or puts that no bought one of the same root covers, with their number.
pub(crate) fn unmatched(contracts: Vec<(Contract, Decimal)>, call: bool) -> Vec<(Contract, Decimal)> {
    matched(contracts, call).written
}

/// What is left of the contracts of one right when each written one has taken a bought one that covers it.
pub(crate) struct Left {
    /// Their number is positive here.
    pub(crate) written: Vec<(Contract, Decimal)>,
    pub(crate) bought: Vec<(Contract, Decimal)>,
}

/// The written one that expires last has the fewest that can cover it, so it is served first, each time by the one that is
/// of least use to others.
pub(crate) fn matched(contracts: Vec<(Contract, Decimal)>, call: bool) -> Left {
    let mut of_right = net(contracts);
    of_right.retain(|(contract, count)| contract.call == call && !count.is_zero());
    let (mut bought, mut written): (Vec<_>, Vec<_>) =
        of_right.into_iter().partition(|(_, count)| count.is_sign_positive());
    bought.sort_by_key(|(contract, _)| contract.expiration);
    written.sort_by_key(|(contract, _)| Reverse(contract.expiration));
    for (contract, count) in &mut written {
        *count = -*count;
        let covers =
            |other: &Contract| other.root == contract.root && other.expiration >= contract.expiration;
        for (_, there) in bought.iter_mut().filter(|(other, _)| covers(other)) {
            let taken = (*count).min(*there);
            *count -= taken;
            *there -= taken;
        }
    }
    written.retain(|(_, count)| !count.is_zero());
    bought.retain(|(_, count)| !count.is_zero());
    Left { written, bought }
}

/// One row for each contract.
fn net(contracts: Vec<(Contract, Decimal)>) -> Vec<(Contract, Decimal)> {
    let mut all: Vec<(Contract, Decimal)> = Vec::new();
    for (contract, count) in contracts {
        match all.iter_mut().find(|(known, _)| *known == contract) {
            Some((_, known)) => *known += count,
            None => all.push((contract, count)),
        }
    }
    all
}

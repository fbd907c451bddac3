//! The figures of several accounts together.

use rust_decimal::Decimal;

use super::balances::Balances;
use super::positions::{Row, name};
use crate::aries::model::Account;
use crate::error::Result;
use crate::tools::format::{cents, percent, total_of};

/// What is known of one account.
pub(super) struct Part<'a> {
    pub(super) account: &'a Account,
    pub(super) balances: &'a Result<Balances>,
    pub(super) rows: &'a [Row<'a>],
    /// How many of its positions, or lists of them, are not known.
    pub(super) unknown: usize,
}

/// The sums over all accounts, those of simulated money apart where there are both, and the largest position of all.
pub(super) fn lines(parts: &[Part<'_>]) -> Vec<String> {
    let mut lines = vec![format!("all {} accounts: {}", parts.len(), sums(parts.iter()))];
    let is_live = |part: &&Part<'_>| part.account.money.is_live();
    let live: Vec<&Part<'_>> = parts.iter().filter(is_live).collect();
    if (1..parts.len()).contains(&live.len()) {
        let simulated: Vec<&Part<'_>> = parts.iter().filter(|part| !is_live(part)).collect();
        lines.push(format!("of it live: {}", sums(live.into_iter())));
        lines.push(format!("of it simulated, which is no money: {}", sums(simulated.into_iter())));
    }
    let rows = parts.iter().flat_map(|part| part.rows);
    let largest = rows.filter_map(|row| Some((row, row.value?))).max_by_key(|(_, value)| value.abs());
    let equity: Option<Decimal> = parts.iter().map(|part| part.balances.as_ref().ok()?.equity).sum();
    lines.extend(largest.map(|(row, value)| {
        let share = equity.and_then(|equity| percent(value, equity));
        let share = share.map(|share| format!(", {share} % of all equity")).unwrap_or_default();
        let known = if parts.iter().any(|part| part.unknown > 0) { " known" } else { "" };
        format!("largest{known} position: {} {}{share}", name(row.position), cents(value))
    }));
    lines
}

fn sums<'a>(parts: impl Iterator<Item = &'a Part<'a>> + Clone) -> String {
    let of = |figure: fn(&Balances) -> Option<Decimal>| {
        total_of(parts.clone().map(|part| part.balances.as_ref().ok().and_then(figure)))
    };
    let values = |part: &Part<'a>| {
        let rows: Vec<_> = part.rows.iter().map(|row| row.value).collect();
        rows.into_iter().chain(std::iter::repeat_n(None, part.unknown))
    };
    format!(
        "equity {} · cash {} · positions {} · day P&L {} · open P&L {}",
        of(|balances| balances.equity),
        of(|balances| balances.cash),
        total_of(parts.clone().flat_map(values)),
        of(|balances| balances.day_pl),
        of(|balances| balances.open_pl)
    )
}

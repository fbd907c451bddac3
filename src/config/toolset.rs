//! Which tools are wanted.

use super::words::choose;
use crate::error::{Error, Result};

/// A group of tools that can be switched on together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Toolset {
    /// Accounts, balances, positions, orders.
    Account,
    Market,
    /// Chains and option activity.
    Options,
    /// Company, fundamentals, estimates, news.
    Research,
    /// Earnings, economy, dividends, splits.
    Calendar,
    Trading,
    Watch,
}

impl Toolset {
    /// Every toolset with the name that `--toolsets` takes.
    const ALL: [(&'static str, Toolset); 7] = [
        ("account", Toolset::Account),
        ("market", Toolset::Market),
        ("options", Toolset::Options),
        ("research", Toolset::Research),
        ("calendar", Toolset::Calendar),
        ("trading", Toolset::Trading),
        ("watch", Toolset::Watch),
    ];
}

/// Which tools are wanted, before scopes and read-only narrow them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Toolsets {
    /// Every tool marked as default.
    Default,
    /// Every tool there is.
    All,
    /// The named sets, whole.
    Only(Vec<Toolset>),
}

impl Toolsets {
    /// The words that `--toolsets` takes.
    pub(super) fn names() -> Vec<&'static str> {
        choices().into_iter().map(|(name, _)| name).collect()
    }

    /// Reads names separated by commas; the default sets if there are none.
    /// Fails with [`Kind::Usage`](crate::error::Kind::Usage) with the nearest name.
    pub(super) fn parse(names: &str) -> Result<Self> {
        let valid = choices();
        let mut sets = Vec::new();
        let mut whole = None;
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match choose("toolsets", name, &valid)? {
                Choice::Set(set) => sets.push(set),
                Choice::All => whole = Some(Toolsets::All),
                Choice::Default => whole = whole.or(Some(Toolsets::Default)),
            }
        }
        match whole {
            Some(Toolsets::Default) if !sets.is_empty() => Err(Error::usage(
                "toolsets: default cannot be combined with other names",
                "name the sets one by one, for example account,market,research, or use all",
            )),
            Some(whole) => Ok(whole),
            None if sets.is_empty() => Ok(Toolsets::Default),
            None => Ok(Toolsets::Only(sets)),
        }
    }
}

/// What one name chooses.
#[derive(Clone, Copy)]
enum Choice {
    Set(Toolset),
    Default,
    All,
}

fn choices() -> Vec<(&'static str, Choice)> {
    let mut choices: Vec<_> = Toolset::ALL.iter().map(|(name, set)| (*name, Choice::Set(*set))).collect();
    choices.extend([("default", Choice::Default), ("all", Choice::All)]);
    choices
}

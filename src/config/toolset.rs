//! Which tools are wanted.

use super::words::choose;
use crate::error::{Error, Result};

/// A group of tools that can be switched on together (design 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Toolset {
    /// Accounts, balances, positions, orders.
    Account,
    /// Symbols, quotes, bars.
    Market,
    /// Chains and option activity.
    Options,
    /// Company, fundamentals, estimates, news.
    Research,
    /// Earnings, economy, dividends, splits.
    Calendar,
    /// Order entry.
    Trading,
    /// Bounded live watching.
    Watch,
}

impl Toolset {
    /// Every toolset with the name that `--toolsets` takes.
    pub(crate) const ALL: [(&'static str, Toolset); 7] = [
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
    /// The sets of these names; the usual ones if there are none.
    pub(super) fn parse<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self> {
        let mut valid = Toolset::ALL.map(|(name, set)| (name, Toolsets::Only(vec![set]))).to_vec();
        valid.extend([("default", Toolsets::Default), ("all", Toolsets::All)]);
        let mut sets = Vec::new();
        let mut whole = None;
        for name in names.filter(|name| !name.is_empty()) {
            let index = choose(
                "toolsets",
                name,
                &valid.iter().enumerate().map(|(i, (n, _))| (*n, i)).collect::<Vec<_>>(),
            )?;
            match valid.get(index).map(|(_, chosen)| chosen) {
                Some(Toolsets::Only(one)) => sets.extend(one),
                Some(Toolsets::All) => whole = Some(Toolsets::All),
                _ => whole = whole.or(Some(Toolsets::Default)),
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

//! Which tools are wanted.

use super::words::{choose, names};
use crate::error::{Error, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Toolset {
    Account,
    Market,
    Options,
    Research,
    Calendar,
    Trading,
    Watch,
}

/// Which tools are wanted, before scopes and read-only narrow them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Toolsets {
    /// Every tool marked as default.
    Default,
    All,
    Only(Vec<Toolset>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    Set(Toolset),
    Default,
    All,
}

const WORDS: [(&str, Choice); 9] = [
    ("account", Choice::Set(Toolset::Account)),
    ("market", Choice::Set(Toolset::Market)),
    ("options", Choice::Set(Toolset::Options)),
    ("research", Choice::Set(Toolset::Research)),
    ("calendar", Choice::Set(Toolset::Calendar)),
    ("trading", Choice::Set(Toolset::Trading)),
    ("watch", Choice::Set(Toolset::Watch)),
    ("default", Choice::Default),
    ("all", Choice::All),
];

impl Toolsets {
    pub(super) fn names() -> Vec<&'static str> {
        names(&WORDS)
    }

    /// Reads names separated by commas; the default sets if there are none.
    pub(super) fn parse(list: &str) -> Result<Self> {
        let given = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        let chosen = given.map(|name| choose("toolsets", name, &WORDS)).collect::<Result<Vec<_>>>()?;
        let set = |choice: &Choice| if let Choice::Set(set) = choice { Some(*set) } else { None };
        let sets: Vec<Toolset> = chosen.iter().filter_map(set).collect();
        if chosen.contains(&Choice::All) {
            return Ok(Toolsets::All);
        }
        match (chosen.contains(&Choice::Default), sets.is_empty()) {
            (true, false) => Err(Error::usage(
                "toolsets: default cannot be combined with other names",
                "name the sets one by one, for example account,market,research, or use all",
            )),
            (_, true) => Ok(Toolsets::Default),
            (false, false) => Ok(Toolsets::Only(sets)),
        }
    }
}

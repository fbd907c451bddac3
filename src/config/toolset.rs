//! Which tools are wanted.

use strum::{IntoStaticStr, VariantArray};

use super::words::{choose, names};
use crate::error::{Error, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub(crate) enum Toolset {
    Account,
    Market,
    Options,
    Research,
    Calendar,
    Trading,
    /// What few people ask for: listed with `all` alone.
    Rare,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Toolsets {
    /// Every tool marked as default.
    Default,
    All,
    Only(Vec<Toolset>),
}

fn words() -> Vec<(&'static str, Toolsets)> {
    let sets = Toolset::VARIANTS.iter().map(|set| (set.into(), Toolsets::Only(vec![*set])));
    sets.chain([("default", Toolsets::Default), ("all", Toolsets::All)]).collect()
}

impl Toolsets {
    pub(super) fn names() -> Vec<&'static str> {
        names(&words())
    }

    /// Reads names separated by commas; the default sets if there are none.
    pub(super) fn parse(list: &str) -> Result<Self> {
        let given = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        let words = words();
        let chosen = given.map(|name| choose("toolsets", name, &words)).collect::<Result<Vec<_>>>()?;
        if chosen.contains(&Toolsets::All) {
            return Ok(Toolsets::All);
        }
        let set = |one: &Toolsets| if let Toolsets::Only(sets) = one { sets.clone() } else { Vec::new() };
        let sets: Vec<Toolset> = chosen.iter().flat_map(set).collect();
        match (chosen.contains(&Toolsets::Default), sets.is_empty()) {
            (true, false) => Err(Error::usage(
                "toolsets: default cannot be combined with other names",
                "name the sets one by one, for example account,market,research, or use all",
            )),
            (_, true) => Ok(Toolsets::Default),
            (false, false) => Ok(Toolsets::Only(sets)),
        }
    }
}

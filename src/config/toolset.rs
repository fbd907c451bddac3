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
    /// Every tool marked as default, and every tool of these sets.
    DefaultAnd(Vec<Toolset>),
    All,
    Only(Vec<Toolset>),
}

fn words() -> Vec<(&'static str, Toolsets)> {
    let sets = Toolset::VARIANTS.iter().map(|set| (set.into(), Toolsets::Only(vec![*set])));
    sets.chain([("default", Toolsets::DefaultAnd(Vec::new())), ("all", Toolsets::All)]).collect()
}

impl Toolsets {
    pub(super) fn names() -> Vec<&'static str> {
        names(&words())
    }

    /// Reads names separated by commas. Fails if there are none: nobody wants no tools, and whoever wants the usual ones
    /// names no list.
    pub(super) fn parse(list: &str) -> Result<Self> {
        let given = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        let words = words();
        let chosen = given.map(|name| choose("toolsets", name, &words)).collect::<Result<Vec<_>>>()?;
        if chosen.is_empty() {
            let hint =
                format!("leave it out to have the usual tools, or name some: {}", names(&words).join(", "));
            return Err(Error::usage(format!("toolsets: {list:?} names none"), hint));
        }
        if chosen.contains(&Toolsets::All) {
            return Ok(Toolsets::All);
        }
        let set = |one: &Toolsets| if let Toolsets::Only(sets) = one { sets.clone() } else { Vec::new() };
        let sets: Vec<Toolset> = chosen.iter().flat_map(set).collect();
        let with_default = chosen.contains(&Toolsets::DefaultAnd(Vec::new()));
        Ok(if with_default { Toolsets::DefaultAnd(sets) } else { Toolsets::Only(sets) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_chosen_alone_or_beside_the_default_ones() {
        let read = |list| Toolsets::parse(list).unwrap();
        assert_eq!(read("default"), Toolsets::DefaultAnd(Vec::new()));
        assert_eq!(read("market, options"), Toolsets::Only(vec![Toolset::Market, Toolset::Options]));
        assert_eq!(read("default,research"), Toolsets::DefaultAnd(vec![Toolset::Research]));
        assert_eq!(read("default,all"), Toolsets::All);
        for none in ["", " ", ",", " , "] {
            let error = Toolsets::parse(none).unwrap_err().to_string();
            assert!(error.contains("names none") && error.contains("market"), "{error}");
        }
        assert!(Toolsets::parse("default,reserch").unwrap_err().to_string().contains("research"));
    }
}

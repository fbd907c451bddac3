//! Shares or options: what Aries says that a position or an order is, and the contract that it describes.

use crate::aries::Json;
use crate::aries::symbols::compare::option_root;
use crate::aries::symbols::{Contract, Symbol};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// Shares: `CS` in the newer lists, `EQUITY` in the older ones.
    Shares,
    /// Option contracts: `OPT` or `OPTION`.
    Option,
    /// Any other word: cash, a bond, a future.
    Other,
    Unsaid,
}

/// The names of the field in the newer lists and in the older ones.
pub(super) const FIELD: [&str; 2] = ["securityType", "instrument"];

impl Security {
    pub(crate) fn of(word: &str) -> Self {
        match word.to_ascii_uppercase().as_str() {
            "" => Self::Unsaid,
            "CS" | "EQUITY" => Self::Shares,
            "OPT" | "OPTION" => Self::Option,
            _ => Self::Other,
        }
    }
}

/// The contract that a row or a leg describes by its three parts, on this underlying. A word that is not documented makes
/// it none.
pub(super) fn contract(json: Json<'_>, underlying: &Symbol) -> Option<Contract> {
    let call = match json.text_at("putCall")?.trim().to_ascii_uppercase().as_str() {
        "CALL" | "C" => true,
        "PUT" | "P" => false,
        _ => return None,
    };
    // The root of options on class shares carries no point.
    let root = match underlying {
        Symbol::Option(contract) => contract.root.clone(),
        other => option_root(&other.to_string()),
    };
    Contract::new(&root, json.text_at("maturity")?.parse().ok()?, call, json.decimal_at("strikePrice")?)
}

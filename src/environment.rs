//! What is at stake in an account: real money, simulated money, or nothing at all in the embedded Aries.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What Aries says of an account (`is_sim`): whether its money is real.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plays {
    Live,
    Simulated,
}

/// What an order on an account moves. Every answer about an account begins with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) enum Money {
    Live,
    Simulated,
    /// An account of an Aries on this machine, which is the embedded one. It follows the rules of the account it plays.
    Sandbox(Plays),
}

impl Money {
    /// Whether the rules of live accounts hold: a person approves each order, and what cannot be computed is refused.
    pub(crate) fn is_live(self) -> bool {
        matches!(self, Self::Live | Self::Sandbox(Plays::Live))
    }

    /// The same account under the rules of live ones.
    pub(crate) fn as_live(self) -> Self {
        match self {
            Self::Live | Self::Simulated => Self::Live,
            Self::Sandbox(_) => Self::Sandbox(Plays::Live),
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Live => "LIVE",
            Self::Simulated => "SIM",
            Self::Sandbox(Plays::Live) => "SANDBOX (plays live)",
            Self::Sandbox(Plays::Simulated) => "SANDBOX (plays simulated)",
        })
    }
}

impl From<Money> for String {
    fn from(money: Money) -> Self {
        money.to_string()
    }
}

impl TryFrom<String> for Money {
    type Error = String;

    fn try_from(words: String) -> Result<Self, String> {
        [Self::Live, Self::Simulated, Self::Sandbox(Plays::Live), Self::Sandbox(Plays::Simulated)]
            .into_iter()
            .find(|money| money.to_string() == words)
            .ok_or(words)
    }
}

//! Which tools a session has, and why it lacks another: toolsets, read-only, sign-in and scopes, in this order.

use super::{TOOLS, Tool};
use crate::aries::endpoints;
use crate::auth::Scopes;
use crate::auth::scope::{EDITING, TRADING};
use crate::config::{Toolset, Toolsets};

/// What decides which tools are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) toolsets: Toolsets,
    pub(crate) read_only: bool,
    pub(crate) granted: Option<Scopes>,
    pub(crate) signed: Signed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    In,
    Out,
    /// A ready token or the embedded Aries: nobody signs in here.
    ByToken,
}

/// Why a tool is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Absence {
    ReadOnly,
    /// The person has chosen other toolsets.
    Toolset(Toolset),
    /// Nobody was granted any of these scopes: not by the sign-in or ready token, or nobody is signed in.
    Scope(Vec<&'static str>, Signed),
    /// It is for signing in, and there is nothing to sign in for.
    NeedsNoSignIn,
}

impl Selection {
    pub(crate) fn tools(&self) -> Vec<&'static Tool> {
        TOOLS.iter().copied().filter(|tool| self.absence(tool).is_none()).collect()
    }

    /// Why the tool is not listed; `None` if it is.
    pub(crate) fn absence(&self, tool: &Tool) -> Option<Absence> {
        // Toolsets and read-only do not hide it from somebody who is signed out: the other tools need a sign-in, and it
        // changes nothing at Aries.
        if tool.is_sign_in() {
            let is_listed = self.signed == Signed::Out || self.may_ask_to_trade();
            return (!is_listed).then_some(Absence::NeedsNoSignIn);
        }
        if tool.is_trading() && self.read_only {
            return Some(Absence::ReadOnly);
        }
        if !self.wants(tool) {
            return Some(Absence::Toolset(tool.toolset));
        }
        Some(Absence::Scope(self.missing(tool)?, self.signed))
    }

    /// Whether `wait_for` is among them.
    pub(crate) fn can_wait(&self) -> bool {
        self.tools().iter().any(|tool| tool.waits())
    }

    /// Whether the right to order is all that keeps the order tools away, and a sign-in can bring it.
    pub(crate) fn may_ask_to_trade(&self) -> bool {
        TOOLS.iter().any(|tool| {
            tool.toolset == Toolset::Trading
                && matches!(self.absence(tool), Some(Absence::Scope(_, Signed::In)))
        })
    }

    fn wants(&self, tool: &Tool) -> bool {
        match &self.toolsets {
            Toolsets::All => true,
            Toolsets::DefaultAnd(sets) => tool.default || sets.contains(&tool.toolset),
            Toolsets::Only(sets) => sets.contains(&tool.toolset),
        }
    }

    /// The scopes of which one is needed and none granted. A tool stays while any of its own endpoints is granted, older
    /// paths apart. Scopes unknown: reading tools only.
    fn missing(&self, tool: &Tool) -> Option<Vec<&'static str>> {
        let own = tool.endpoints();
        let rows = || own.iter().map(|(row, _)| *row).filter(|row| endpoints::newer_than(row).is_none());
        let is_usable = match &self.granted {
            None => !tool.is_trading(),
            // A row without a documented scope is allowed.
            Some(granted) => rows()
                .any(|row| row.scopes.is_empty() || row.scopes.iter().any(|scope| granted.contains(scope))),
        };
        if is_usable || own.is_empty() {
            return None;
        }
        let mut scopes: Vec<&str> = rows().flat_map(|row| row.scopes.iter().copied()).collect();
        scopes.sort_unstable();
        scopes.dedup();
        Some(scopes)
    }
}

impl Absence {
    /// What keeps the tool away.
    pub(crate) fn cause(&self) -> String {
        match self {
            Self::ReadOnly => "this server is read-only".to_owned(),
            Self::Toolset(set) => format!("its toolset, {}, is not switched on", <&str>::from(*set)),
            Self::Scope(_, Signed::Out) => "nobody is signed in".to_owned(),
            Self::Scope(scopes, Signed::ByToken) => {
                format!("the ready token is not known to grant {}", scopes.join(" or "))
            }
            Self::Scope(scopes, Signed::In) => {
                format!("this sign-in was not granted {}", scopes.join(" or "))
            }
            Self::NeedsNoSignIn => "nobody has to sign in here".to_owned(),
        }
    }

    /// The same for a person who has just run a command without it.
    pub(crate) fn remedy_of_command(&self, login: &str) -> String {
        match self {
            Self::ReadOnly => {
                "run it without --read-only; where that is not given, take read-only out of the variables and the config file"
                    .to_owned()
            }
            Self::Toolset(set) => format!("run it with --toolsets default,{}", <&str>::from(*set)),
            _ => self.remedy(login),
        }
    }

    /// What the person can do about it, as an order to them; `login` is the command that signs them in.
    pub(crate) fn remedy(&self, login: &str) -> String {
        match self {
            Self::ReadOnly => {
                "take read-only out of the client's configuration of this server, its variables or the config file, and \
                 start it again"
                    .to_owned()
            }
            Self::Toolset(set) => format!(
                "add {} to the toolsets in the client's configuration of this server",
                <&str>::from(*set)
            ),
            Self::Scope(scopes, Signed::ByToken) => format!(
                "set ARIES_ACCESS_TOKEN to a token with {}, and name its scopes in ARIES_SCOPES",
                scopes.join(" or ")
            ),
            Self::Scope(scopes, _) if scopes.contains(&TRADING) => format!("run `{login} --trade`"),
            Self::Scope(scopes, _) if scopes.contains(&EDITING) => format!("run `{login} --edit-watchlists`"),
            Self::Scope(_, Signed::Out) => format!("run `{login}`"),
            Self::Scope(scopes, Signed::In) => format!(
                "enable {} for the API key in Client Center, then run `{login}`",
                scopes.join(" or ")
            ),
            Self::NeedsNoSignIn => "use the other tools".to_owned(),
        }
    }
}

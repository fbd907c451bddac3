//! The terms of an order that have a fixed set of values, as `preview_order` takes them and as Aries writes them
//! (`api-reference/orders/place-order`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

pub(crate) use crate::config::OrderType;

/// Whether an order buys or sells, and whether it opens or closes a position.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub(crate) enum Action {
    /// Stock: open or add to a long position; with legs: pay a net debit.
    Buy,
    /// Stock: sell what is held; with legs: receive a net credit.
    Sell,
    /// Stock: sell what is not held.
    SellShort,
    /// Stock: buy back what was sold short.
    BuyToCover,
    /// Option: open or add to a long position.
    BuyToOpen,
    /// Option: sell contracts that are held.
    SellToClose,
    /// Option: write contracts.
    SellToOpen,
    /// Option: buy back written contracts.
    BuyToClose,
}

/// The actions that a leg of a spread can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(crate) enum LegAction {
    BuyToOpen,
    SellToClose,
    SellToOpen,
    BuyToClose,
}

impl From<LegAction> for Action {
    fn from(action: LegAction) -> Self {
        match action {
            LegAction::BuyToOpen => Self::BuyToOpen,
            LegAction::SellToClose => Self::SellToClose,
            LegAction::SellToOpen => Self::SellToOpen,
            LegAction::BuyToClose => Self::BuyToClose,
        }
    }
}

impl Action {
    /// Aries' `side` of a stock order; options and their legs have `BUY` and `SELL` only.
    pub(crate) fn side(self) -> &'static str {
        self.into()
    }

    /// As a person reads it: `SELL SHORT`.
    pub(crate) fn words(self) -> String {
        self.side().replace('_', " ")
    }

    pub(crate) fn buys(self) -> bool {
        matches!(self, Action::Buy | Action::BuyToCover | Action::BuyToOpen | Action::BuyToClose)
    }

    pub(crate) fn is_option(self) -> bool {
        matches!(self, Action::BuyToOpen | Action::SellToClose | Action::SellToOpen | Action::BuyToClose)
    }

    /// The argument of `preview_order` for it: `sell_short`.
    pub(crate) fn argument(self) -> String {
        self.side().to_lowercase()
    }

    pub(crate) fn closes(self) -> bool {
        matches!(self, Action::Sell | Action::BuyToCover | Action::SellToClose | Action::BuyToClose)
    }
}

impl OrderType {
    pub(crate) fn has_limit(self) -> bool {
        matches!(self, OrderType::Limit | OrderType::StopLimit)
    }

    pub(crate) fn has_stop(self) -> bool {
        matches!(self, OrderType::Stop | OrderType::StopLimit)
    }
}

/// How long an order stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, IntoStaticStr, EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub(crate) enum TimeInForce {
    /// Until the end of the day.
    Day,
    /// Until canceled.
    Gtc,
    /// At once; what cannot be filled is canceled.
    Ioc,
    /// At once and in full, or not at all.
    Fok,
    /// Like day, before and after the session too.
    #[strum(to_string = "EXTENDED_HOURS", serialize = "EXT")]
    ExtendedHours,
    /// In the opening auction.
    #[strum(to_string = "AT_THE_OPENING", serialize = "ATO")]
    AtTheOpening,
    /// In the closing auction.
    #[strum(to_string = "AT_THE_CLOSE", serialize = "ATC")]
    AtTheClose,
}

impl TimeInForce {
    pub(crate) fn wire(self) -> &'static str {
        self.into()
    }

    /// As a person reads it: `at the close`.
    pub(crate) fn words(self) -> String {
        self.wire().to_lowercase().replace('_', " ")
    }
}

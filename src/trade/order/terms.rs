//! The terms of an order that have a fixed set of values, as `preview_order` takes them and as Aries writes them
//! (`api-reference/orders/place-order`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use crate::config::OrderType;

/// Whether an order buys or sells, and whether it opens or closes a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
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
            LegAction::BuyToOpen => Action::BuyToOpen,
            LegAction::SellToClose => Action::SellToClose,
            LegAction::SellToOpen => Action::SellToOpen,
            LegAction::BuyToClose => Action::BuyToClose,
        }
    }
}

impl Action {
    /// As a person reads it: `SELL SHORT`.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Action::Buy => "BUY",
            Action::Sell => "SELL",
            Action::SellShort => "SELL SHORT",
            Action::BuyToCover => "BUY TO COVER",
            Action::BuyToOpen => "BUY TO OPEN",
            Action::SellToClose => "SELL TO CLOSE",
            Action::SellToOpen => "SELL TO OPEN",
            Action::BuyToClose => "BUY TO CLOSE",
        }
    }

    pub(crate) fn buys(self) -> bool {
        matches!(self, Action::Buy | Action::BuyToCover | Action::BuyToOpen | Action::BuyToClose)
    }

    /// Whether it is an action of options alone.
    pub(crate) fn is_option(self) -> bool {
        matches!(self, Action::BuyToOpen | Action::SellToClose | Action::SellToOpen | Action::BuyToClose)
    }

    /// The argument of `preview_order` for it: `sell_short`.
    pub(crate) fn argument(self) -> String {
        self.words().to_lowercase().replace(' ', "_")
    }

    pub(crate) fn closes(self) -> bool {
        matches!(self, Action::Sell | Action::BuyToCover | Action::SellToClose | Action::BuyToClose)
    }

    /// Aries' `side` of a stock order; options and their legs have `BUY` and `SELL` only.
    pub(crate) fn side(self) -> &'static str {
        match self {
            Action::SellShort => "SELL_SHORT",
            Action::BuyToCover => "BUY_TO_COVER",
            other if other.buys() => "BUY",
            _ => "SELL",
        }
    }

    /// Aries' `positionEffect` of a leg.
    pub(crate) fn effect(self) -> &'static str {
        if self.closes() { "CLOSE" } else { "OPEN" }
    }
}

impl OrderType {
    /// Aries' word.
    pub(crate) fn wire(self) -> &'static str {
        match self {
            OrderType::Market => "MARKET",
            OrderType::Limit => "LIMIT",
            OrderType::Stop => "STOP",
            OrderType::StopLimit => "STOP_LIMIT",
        }
    }

    pub(crate) fn of_wire(word: &str) -> Option<Self> {
        use OrderType::{Limit, Market, Stop, StopLimit};
        [Market, Limit, Stop, StopLimit].into_iter().find(|one| one.wire() == word)
    }

    pub(crate) fn has_limit(self) -> bool {
        matches!(self, OrderType::Limit | OrderType::StopLimit)
    }

    pub(crate) fn has_stop(self) -> bool {
        matches!(self, OrderType::Stop | OrderType::StopLimit)
    }
}

/// How long an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
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
    ExtendedHours,
    /// In the opening auction.
    AtTheOpening,
    /// In the closing auction.
    AtTheClose,
}

impl TimeInForce {
    /// Aries' word.
    pub(crate) fn wire(self) -> &'static str {
        match self {
            TimeInForce::Day => "DAY",
            TimeInForce::Gtc => "GTC",
            TimeInForce::Ioc => "IOC",
            TimeInForce::Fok => "FOK",
            TimeInForce::ExtendedHours => "EXTENDED_HOURS",
            TimeInForce::AtTheOpening => "AT_THE_OPENING",
            TimeInForce::AtTheClose => "AT_THE_CLOSE",
        }
    }

    pub(crate) fn of_wire(word: &str) -> Option<Self> {
        use TimeInForce::{AtTheClose, AtTheOpening, Day, ExtendedHours, Fok, Gtc, Ioc};
        let all = [Day, Gtc, Ioc, Fok, ExtendedHours, AtTheOpening, AtTheClose];
        all.into_iter().find(|one| one.wire() == word)
    }

    /// As a person reads it: `at the close`.
    pub(crate) fn words(self) -> String {
        self.wire().to_lowercase().replace('_', " ")
    }
}

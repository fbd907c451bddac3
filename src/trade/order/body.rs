//! An order as it was asked for, and the exact body that Aries gets (`aries-api/trading.md` 6.1 to 6.3).

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::aries::symbols::Contract;
use crate::trade::order::decimal::Number;

/// What a person wants to do, in the words of the trade.
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

/// What a leg of a spread does; every word says whether it opens or closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(crate) enum LegAction {
    /// Open or add to a long position.
    BuyToOpen,
    /// Sell contracts that are held.
    SellToClose,
    /// Write contracts.
    SellToOpen,
    /// Buy back written contracts.
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
    /// In words: `SELL SHORT`.
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

    /// Whether money goes out.
    pub(crate) fn buys(self) -> bool {
        matches!(self, Action::Buy | Action::BuyToCover | Action::BuyToOpen | Action::BuyToClose)
    }

    /// Whether it is meant for options.
    pub(crate) fn is_option(self) -> bool {
        matches!(self, Action::BuyToOpen | Action::SellToClose | Action::SellToOpen | Action::BuyToClose)
    }

    /// Whether it ends a position.
    pub(crate) fn closes(self) -> bool {
        matches!(self, Action::Sell | Action::BuyToCover | Action::SellToClose | Action::BuyToClose)
    }

    /// `side` of a stock order; options and their legs know `BUY` and `SELL` only.
    pub(crate) fn side(self) -> &'static str {
        match self {
            Action::SellShort => "SELL_SHORT",
            Action::BuyToCover => "BUY_TO_COVER",
            other if other.buys() => "BUY",
            _ => "SELL",
        }
    }

    fn effect(self) -> &'static str {
        if self.closes() { "CLOSE" } else { "OPEN" }
    }
}

/// How the price is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(crate) enum Kind {
    /// At any price.
    Market,
    /// At the limit or better.
    Limit,
    /// A market order once the stop price is reached.
    Stop,
    /// A limit order once the stop price is reached.
    StopLimit,
}

impl Kind {
    /// Every kind, with our word and Aries'.
    pub(crate) const ALL: [(Kind, &'static str, &'static str); 4] = [
        (Kind::Market, "market", "MARKET"),
        (Kind::Limit, "limit", "LIMIT"),
        (Kind::Stop, "stop", "STOP"),
        (Kind::StopLimit, "stop_limit", "STOP_LIMIT"),
    ];

    /// Aries' word.
    pub(crate) fn wire(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, _, wire)| wire)
    }

    /// Our word.
    pub(crate) fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, word, _)| word)
    }

    /// Reads Aries' word.
    pub(crate) fn of_wire(wire: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, _, word)| *word == wire).map(|(kind, _, _)| *kind)
    }

    /// Whether a limit price belongs to it.
    pub(crate) fn has_limit(self) -> bool {
        matches!(self, Kind::Limit | Kind::StopLimit)
    }

    /// Whether a stop price belongs to it.
    pub(crate) fn has_stop(self) -> bool {
        matches!(self, Kind::Stop | Kind::StopLimit)
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
    const ALL: [(TimeInForce, &'static str); 7] = [
        (TimeInForce::Day, "DAY"),
        (TimeInForce::Gtc, "GTC"),
        (TimeInForce::Ioc, "IOC"),
        (TimeInForce::Fok, "FOK"),
        (TimeInForce::ExtendedHours, "EXTENDED_HOURS"),
        (TimeInForce::AtTheOpening, "AT_THE_OPENING"),
        (TimeInForce::AtTheClose, "AT_THE_CLOSE"),
    ];

    /// Aries' word.
    pub(crate) fn wire(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("", |(_, wire)| wire)
    }

    /// Reads Aries' word.
    pub(crate) fn of_wire(wire: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, word)| *word == wire).map(|(one, _)| *one)
    }

    /// In words: `at the close`.
    pub(crate) fn words(self) -> String {
        self.wire().to_lowercase().replace('_', " ")
    }
}

/// One leg of an option order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leg {
    /// Which contract.
    pub(crate) contract: Contract,
    /// Open or close, buy or sell.
    pub(crate) action: Action,
    /// Contracts per unit of the order.
    pub(crate) ratio: u32,
}

impl Leg {
    /// The leg as Aries wants it (`trading.md` 6.3): `positionEffect` is always said.
    pub(crate) fn body(&self) -> Value {
        json!({
            "securityType": "OPT",
            "side": if self.action.buys() { "BUY" } else { "SELL" },
            "ratioQty": self.ratio.to_string(),
            "putCall": if self.contract.call { "CALL" } else { "PUT" },
            "strikePrice": self.contract.strike.normalize().to_string(),
            "maturity": self.contract.expiration.to_string(),
            "positionEffect": self.action.effect(),
        })
    }
}

/// What is traded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Shares.
    Stock {
        /// The ticker.
        ticker: String,
        /// What to do with them.
        action: Action,
    },
    /// Contracts of one option.
    Single(Leg),
    /// Two to four contracts at one net price.
    Spread {
        /// Their underlying.
        underlying: String,
        /// Whether a net debit is paid; else a net credit is received.
        debit: bool,
        /// The contracts.
        legs: Vec<Leg>,
    },
}

/// An order that has passed the rules of form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// What is traded.
    pub(crate) shape: Shape,
    /// Shares, contracts or spreads.
    pub(crate) quantity: Number,
    /// How the price is set.
    pub(crate) kind: Kind,
    /// Limit price, per share or contract, net for spreads.
    pub(crate) limit: Option<Number>,
    /// Stop price.
    pub(crate) stop: Option<Number>,
    /// How long it stands.
    pub(crate) time_in_force: TimeInForce,
}

impl Order {
    /// The ticker of the shares behind it; what limits and doubts are about.
    pub(crate) fn underlying(&self) -> &str {
        match &self.shape {
            Shape::Stock { ticker, .. } => ticker,
            Shape::Single(leg) => &leg.contract.root,
            Shape::Spread { underlying, .. } => underlying,
        }
    }

    /// `symbol` as Aries wants it: of options the underlying (`trading.md` 6.2), that is the ticker of the shares and not the
    /// root of the contracts. It is taken from the contracts for one as for several, so that both say the same.
    fn symbol(&self) -> &str {
        self.legs().first().map_or_else(|| self.underlying(), |leg| leg.contract.underlying())
    }

    /// The option legs; none for stock.
    pub(crate) fn legs(&self) -> &[Leg] {
        match &self.shape {
            Shape::Stock { .. } => &[],
            Shape::Single(leg) => std::slice::from_ref(leg),
            Shape::Spread { legs, .. } => legs,
        }
    }

    /// Whether money goes out.
    pub(crate) fn buys(&self) -> bool {
        match &self.shape {
            Shape::Stock { action, .. } => action.buys(),
            Shape::Single(leg) => leg.action.buys(),
            Shape::Spread { debit, .. } => *debit,
        }
    }

    /// `side` as Aries wants it.
    pub(crate) fn side(&self) -> &'static str {
        match &self.shape {
            Shape::Stock { action, .. } => action.side(),
            _ if self.buys() => "BUY",
            _ => "SELL",
        }
    }

    /// Shares per unit of quantity.
    pub(crate) fn multiplier(&self) -> Decimal {
        if self.legs().is_empty() { Decimal::ONE } else { Decimal::ONE_HUNDRED }
    }

    /// The body of place and preview, with our own id where there is one.
    pub(crate) fn body(&self, account: &str, client_id: Option<&str>) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("tradingAccountId", json!(account));
        put("symbol", json!(self.symbol()));
        put("side", json!(self.side()));
        put("type", json!(self.kind.wire()));
        put("qty", json!(self.quantity.text()));
        if let Some(limit) = &self.limit {
            put("price", json!(limit.text()));
        }
        if let Some(stop) = &self.stop {
            put("stopPrice", json!(stop.text()));
        }
        put("timeInForce", json!(self.time_in_force.wire()));
        if let Some(id) = client_id {
            put("clientId", json!(id));
        }
        if !self.legs().is_empty() {
            put("legs", self.legs().iter().map(Leg::body).collect());
        }
        Value::Object(body)
    }

    /// `BUY 10 MSFT, limit 400.00, day`.
    pub(crate) fn sentence(&self) -> String {
        let what = match &self.shape {
            Shape::Stock { ticker, action } => format!("{} {} {ticker}", action.words(), self.quantity),
            Shape::Single(leg) => {
                format!("{} {} {}", leg.action.words(), self.quantity, leg.contract.words())
            }
            Shape::Spread { underlying, debit, legs } => {
                let legs = legs
                    .iter()
                    .map(|leg| format!("{} {} {}", leg.action.words(), leg.ratio, leg.contract.words()));
                let legs = legs.collect::<Vec<_>>().join(" + ");
                let side = if *debit { "BUY" } else { "SELL" };
                format!("{side} {} {underlying} spread [{legs}]", self.quantity)
            }
        };
        let net = match &self.shape {
            Shape::Spread { debit: true, .. } => " net debit",
            Shape::Spread { debit: false, .. } => " net credit",
            _ => "",
        };
        let price = |number: &Option<Number>| number.as_ref().map(shown).unwrap_or_default();
        let terms = match self.kind {
            Kind::Market => "at the market".to_owned(),
            Kind::Limit => format!("limit {}{net}", price(&self.limit)),
            Kind::Stop => format!("stop {}", price(&self.stop)),
            Kind::StopLimit => format!("stop {} limit {}{net}", price(&self.stop), price(&self.limit)),
        };
        format!("{what}, {terms}, {}", self.time_in_force.words())
    }
}

/// A price with at least two decimals.
fn shown(number: &Number) -> String {
    let mut value = number.value();
    if value.scale() < 2 {
        value.rescale(2);
    }
    value.to_string()
}

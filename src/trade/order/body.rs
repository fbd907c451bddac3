//! A valid order, and the body that places it at Aries (`api-reference/orders/place-order`).

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::aries::symbols::Contract;
use crate::trade::order::decimal::Number;
use crate::trade::order::terms::{Action, OrderType, TimeInForce};

/// One leg of an option order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leg {
    pub(crate) contract: Contract,
    pub(crate) action: Action,
    /// Contracts per unit of the order.
    pub(crate) ratio: u32,
}

impl Leg {
    fn body(&self) -> Value {
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
    Stock {
        ticker: String,
        action: Action,
    },
    /// Contracts of one option.
    Single(Leg),
    /// Two to four contracts of one underlying at one net price.
    Spread {
        underlying: String,
        /// Whether a net debit is paid; else a net credit is received.
        debit: bool,
        legs: Vec<Leg>,
    },
}

/// An order whose arguments fit together. Whether it may be sent is for the checks to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) shape: Shape,
    /// Shares, contracts or spreads.
    pub(crate) quantity: Number,
    pub(crate) order_type: OrderType,
    /// Limit price in USD, per share or contract; the net price of a spread.
    pub(crate) limit: Option<Number>,
    pub(crate) stop: Option<Number>,
    pub(crate) time_in_force: TimeInForce,
}

impl Order {
    /// The ticker of the stock, or the root of the contracts: what limits and orders of unknown outcome are compared by.
    pub(crate) fn underlying(&self) -> &str {
        match &self.shape {
            Shape::Stock { ticker, .. } => ticker,
            Shape::Single(leg) => &leg.contract.root,
            Shape::Spread { underlying, .. } => underlying,
        }
    }

    /// Aries' `symbol`: for options the ticker of the shares behind them, not the root of the contracts. It is taken from
    /// the contracts for one as for several, so that both say the same.
    fn symbol(&self) -> &str {
        self.legs().first().map_or_else(|| self.underlying(), |leg| leg.contract.underlying())
    }

    pub(crate) fn legs(&self) -> &[Leg] {
        match &self.shape {
            Shape::Stock { .. } => &[],
            Shape::Single(leg) => std::slice::from_ref(leg),
            Shape::Spread { legs, .. } => legs,
        }
    }

    /// Whether it is a purchase; of a spread, whether a net debit is paid.
    pub(crate) fn buys(&self) -> bool {
        match &self.shape {
            Shape::Stock { action, .. } => action.buys(),
            Shape::Single(leg) => leg.action.buys(),
            Shape::Spread { debit, .. } => *debit,
        }
    }

    /// Whether any part of it closes a position.
    pub(crate) fn closes(&self) -> bool {
        match &self.shape {
            Shape::Stock { action, .. } => action.closes(),
            _ => self.legs().iter().any(|leg| leg.action.closes()),
        }
    }

    /// Aries' `side`.
    fn side(&self) -> &'static str {
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

    /// The body that places or previews it, with our own id if one is given.
    pub(crate) fn body(&self, account: &str, client_id: Option<&str>) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("tradingAccountId", json!(account));
        put("symbol", json!(self.symbol()));
        put("side", json!(self.side()));
        put("type", json!(self.order_type.wire()));
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

    /// As a person reads it: `BUY 10 MSFT, limit 400.00, day`.
    pub(crate) fn sentence(&self) -> String {
        format!("{}, {}, {}", self.what(), self.price_terms(), self.time_in_force.words())
    }

    fn what(&self) -> String {
        match &self.shape {
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
        }
    }

    fn price_terms(&self) -> String {
        let net = match &self.shape {
            Shape::Spread { debit: true, .. } => " net debit",
            Shape::Spread { debit: false, .. } => " net credit",
            _ => "",
        };
        let price = |name: &str, number: &Number| {
            let mut value = number.value();
            value.rescale(value.scale().max(2));
            format!("{name} {value}")
        };
        let stop = self.stop.as_ref().map(|stop| price("stop", stop));
        let limit = self.limit.as_ref().map(|limit| price("limit", limit) + net);
        match (stop, limit) {
            (Some(stop), Some(limit)) => format!("{stop} {limit}"),
            (one, other) => one.or(other).unwrap_or_else(|| "at the market".to_owned()),
        }
    }
}

//! A valid order, and the body that places it at Aries (`api-reference/orders/place-order`).

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::aries::symbols::Contract;
use crate::trade::order::decimal::{Number, price_words};
use crate::trade::order::terms::{Action, OrderType, TimeInForce};

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
            "side": side(self.action),
            "ratioQty": self.ratio.to_string(),
            "putCall": if self.contract.call { "CALL" } else { "PUT" },
            "strikePrice": self.contract.strike.normalize().to_string(),
            "maturity": self.contract.expiration.to_string(),
            "positionEffect": if self.action.closes() { "CLOSE" } else { "OPEN" },
        })
    }
}

/// Aries' `side` of options and their legs.
fn side(action: Action) -> &'static str {
    if action.buys() { "BUY" } else { "SELL" }
}

/// An order whose arguments fit together. Whether it may be sent is for the checks to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// The ticker of the stock, or the root of the contracts: what limits and orders of unknown outcome are compared by.
    pub(crate) underlying: String,
    /// Of a spread `Buy` where a net debit is paid, and `Sell` where a net credit is received.
    pub(crate) action: Action,
    /// None for a stock, one for contracts of one option, more for a spread at one net price.
    pub(crate) legs: Vec<Leg>,
    pub(crate) quantity: Number,
    pub(crate) order_type: OrderType,
    /// Limit price in USD, per share or contract; the net price of a spread.
    pub(crate) limit: Option<Number>,
    pub(crate) stop: Option<Number>,
    pub(crate) time_in_force: TimeInForce,
}

impl Order {
    pub(crate) fn is_stock(&self) -> bool {
        self.legs.is_empty()
    }

    pub(crate) fn is_spread(&self) -> bool {
        self.legs.len() > 1
    }

    pub(crate) fn buys(&self) -> bool {
        self.action.buys()
    }

    pub(crate) fn closes(&self) -> bool {
        if self.is_stock() { self.action.closes() } else { self.legs.iter().any(|leg| leg.action.closes()) }
    }

    pub(crate) fn multiplier(&self) -> Decimal {
        if self.is_stock() { Decimal::ONE } else { Decimal::ONE_HUNDRED }
    }

    /// The body that places or previews it, with our own id if one is given.
    pub(crate) fn body(&self, account: &str, client_id: Option<&str>) -> Value {
        // Aries wants the ticker of the shares behind a contract, not the root of the contract.
        let symbol = self.legs.first().map_or(self.underlying.as_str(), |leg| leg.contract.underlying());
        let side = if self.is_stock() { self.action.side() } else { side(self.action) };
        object([
            ("tradingAccountId", Some(json!(account))),
            ("symbol", Some(json!(symbol))),
            ("side", Some(json!(side))),
            ("type", Some(json!(self.order_type.wire()))),
            ("qty", Some(json!(self.quantity.text()))),
            ("price", self.limit.as_ref().map(|limit| json!(limit.text()))),
            ("stopPrice", self.stop.as_ref().map(|stop| json!(stop.text()))),
            ("timeInForce", Some(json!(self.time_in_force.wire()))),
            ("clientId", client_id.map(|id| json!(id))),
            ("legs", (!self.is_stock()).then(|| self.legs_body())),
        ])
    }

    pub(crate) fn legs_body(&self) -> Value {
        self.legs.iter().map(Leg::body).collect()
    }

    /// As a person reads it: `BUY 10 MSFT, limit 400.00, day`.
    pub(crate) fn sentence(&self) -> String {
        let what = match self.legs.as_slice() {
            [] => self.underlying.clone(),
            [leg] => leg.contract.words(),
            legs => {
                let words =
                    |leg: &Leg| format!("{} {} {}", leg.action.words(), leg.ratio, leg.contract.words());
                let legs: Vec<_> = legs.iter().map(words).collect();
                format!("{} spread [{}]", self.underlying, legs.join(" + "))
            }
        };
        let (action, quantity, time) = (self.action.words(), &self.quantity, self.time_in_force.words());
        format!("{action} {quantity} {what}, {}, {time}", self.price_terms())
    }

    fn price_terms(&self) -> String {
        let net = match (self.is_spread(), self.buys()) {
            (true, true) => " net debit",
            (true, false) => " net credit",
            (false, _) => "",
        };
        let price = |name: &str, number: &Number| format!("{name} {}", price_words(number.value()));
        let stop = self.stop.as_ref().map(|stop| price("stop", stop));
        let limit = self.limit.as_ref().map(|limit| price("limit", limit) + net);
        let terms = stop.into_iter().chain(limit).collect::<Vec<_>>();
        if terms.is_empty() { "at the market".to_owned() } else { terms.join(" ") }
    }
}

fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

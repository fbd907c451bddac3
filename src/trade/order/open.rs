//! What trade says and sends of an order that Aries lists.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::aries::model::order::Leg;
use crate::aries::model::{Order, Security};
use crate::text::clean;
use crate::trade::order::decimal::price_words;

/// What our own ids begin with.
pub(crate) const OWN: &str = "am-";

impl Order {
    /// Our own id of it. What Aries shows there may as well be the application that sent the order, so nothing else counts.
    pub(crate) fn own_id(&self) -> Option<&str> {
        self.client_id.as_deref().filter(|id| id.starts_with(OWN))
    }

    /// Whether this is exactly its id, or our own id where Aries shows that.
    pub(crate) fn has_id(&self, id: &str) -> bool {
        !self.id.is_empty() && (self.id == id || self.own_id() == Some(id))
    }

    pub(crate) fn cancel_body(&self, account: &str) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("origClOrdId", json!(self.id));
        put("tradingAccountId", json!(account));
        put("symbol", json!(self.symbol));
        if !self.side.is_empty() {
            put("side", json!(self.side));
        }
        match Security::of(&self.security) {
            _ if !self.legs.is_empty() => put("securityType", json!("OPT")),
            Security::Option => put("securityType", json!("OPT")),
            Security::Shares => put("securityType", json!("CS")),
            Security::Other => put("securityType", json!(self.security)),
            // Aries does not need it; a wrong one is worse than none.
            Security::Unsaid => None,
        };
        if let [leg] = self.legs.as_slice() {
            put("putCall", json!(if leg.contract.call { "CALL" } else { "PUT" }));
            put("strikePrice", json!(leg.contract.strike.normalize().to_string()));
            put("maturity", json!(leg.contract.expiration.to_string()));
        }
        Value::Object(body)
    }

    /// `BUY 10 MSFT, limit 400.00 day`, `SELL TO CLOSE 1 AAPL 2026-12-18 200 C, …`, and a spread with its legs.
    pub(crate) fn sentence(&self) -> String {
        let side = if self.side.is_empty() { "(side unknown)" } else { &self.side }.replace('_', " ");
        let quantity = self.quantity.normalize();
        let what = match self.legs.as_slice() {
            [] if self.unreadable.is_some() => {
                let word = if self.security.is_empty() { "type unknown" } else { &self.security };
                format!("{side} {quantity} {} ({word})", clean(&self.symbol, 40))
            }
            [] => format!("{side} {quantity} {}", self.ticker),
            [leg] if leg.ratio == Decimal::ONE && self.unreadable.is_none() => {
                format!("{} {quantity} {}", leg.action(), leg.contract.words())
            }
            legs => {
                let words = |leg: &Leg| {
                    format!("{} {} {}", leg.action(), leg.ratio.normalize(), leg.contract.words())
                };
                let legs = legs.iter().map(words).collect::<Vec<_>>().join(" + ");
                let spread = if self.legs.len() > 1 { " spread" } else { "" };
                format!("{side} {quantity} {}{spread} [{legs}]", self.ticker)
            }
        };
        let price = |name: &str, price: Option<Decimal>| {
            price.map(|price| format!(" {name} {}", price_words(price))).unwrap_or_default()
        };
        let market = if self.kind == "MARKET" { " at the market" } else { "" };
        let (stop, limit) = (price("stop", self.stop), price("limit", self.limit));
        format!("{what},{market}{stop}{limit} {}", self.time_in_force.to_lowercase().replace('_', " "))
    }
}

impl Leg {
    /// `BUY TO OPEN`; without the effect if Aries does not say it.
    pub(crate) fn action(&self) -> String {
        let effect = self.closes.map(|closes| if closes { " TO CLOSE" } else { " TO OPEN" });
        format!("{}{}", if self.buys { "BUY" } else { "SELL" }, effect.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;

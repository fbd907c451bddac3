//! Section `[trading]` of the config file: what the person allows. Nothing that a model can call changes it.

use std::sync::Arc;

use jiff::SignedDuration;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::environment::Money;

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Trading {
    /// Whether orders on live accounts are possible at all.
    pub(crate) live: bool,
    /// Accounts that may be traded: full ids or last four characters; every one if absent.
    pub(crate) accounts: Option<Vec<String>>,
    /// Most value of one order, in USD.
    #[serde(deserialize_with = "amount")]
    pub(crate) max_order_value: Option<Decimal>,
    /// Most shares of one order.
    #[serde(deserialize_with = "amount")]
    pub(crate) max_order_quantity: Option<Decimal>,
    /// Most contracts of one leg of an order.
    #[serde(deserialize_with = "amount")]
    pub(crate) max_contracts: Option<Decimal>,
    /// Most orders on one New York day.
    pub(crate) max_orders_per_day: Option<u32>,
    /// Most value on one New York day, in USD, opening and closing orders alike.
    #[serde(deserialize_with = "amount")]
    pub(crate) max_value_per_day: Option<Decimal>,
    /// Tickers (underlyings) that may be traded; every one if absent.
    pub(crate) symbols_allow: Option<Vec<String>>,
    /// Tickers (underlyings) that may not.
    pub(crate) symbols_deny: Vec<String>,
    /// How much worse than the market a price may be, in percent.
    #[serde(deserialize_with = "percent")]
    pub(crate) price_collar_percent: Option<Decimal>,
    /// Oldest quote that judges a market or stop order, in seconds.
    pub(crate) max_quote_age: Option<u32>,
    /// Types of order that may be used; every one if absent.
    pub(crate) order_types: Option<Vec<OrderType>>,
    pub(crate) approval: Approval,
    /// Whether live orders may leave written options uncovered.
    pub(crate) uncovered_options: bool,
    /// What held when the process started, if this was read later: it allows nothing more.
    #[serde(skip)]
    pub(crate) at_start: Option<Arc<Trading>>,
}

/// How the price of an order is set. The file and `preview_order` use the same names.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, IntoStaticStr, EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub(crate) enum OrderType {
    /// At any price.
    Market,
    /// At the limit or better.
    Limit,
    /// A market order once the stop price is reached.
    Stop,
    /// A limit order once the stop price is reached.
    StopLimit,
}

impl OrderType {
    pub(crate) fn wire(self) -> &'static str {
        self.into()
    }

    /// The word of the file and of `preview_order`.
    pub(crate) fn name(self) -> String {
        self.wire().to_lowercase()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Approval {
    /// A person, asked in a way that the model cannot answer.
    #[default]
    Person,
    /// The client's own prompt before a tool runs; chosen by the person who relies on it.
    Client,
}

/// The limits of one kind of account: what the person has set, else the default.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Limits {
    pub(crate) max_order_value: Decimal,
    pub(crate) max_order_quantity: Decimal,
    pub(crate) max_contracts: Decimal,
    pub(crate) max_orders_per_day: u32,
    pub(crate) max_value_per_day: Decimal,
    pub(crate) price_collar_percent: Decimal,
}

/// Oldest quote that judges an order with a limit price: that of a feed that is delayed by 15 minutes.
const DELAYED: SignedDuration = SignedDuration::from_mins(20);

impl Trading {
    /// Whether an order on such an account can move real money: it is live, and live trading is on.
    pub(crate) fn puts_at_stake(&self, money: Money) -> bool {
        money.is_live() && self.live
    }

    /// How old a quote may be that judges an order of this type; of two readings the lower age counts.
    pub(crate) fn quote_age(&self, order_type: OrderType) -> SignedDuration {
        let of = |reading: &Self| SignedDuration::from_secs(reading.max_quote_age.unwrap_or(60).into());
        let most = self.readings().map(of).min().unwrap_or_default();
        match order_type {
            OrderType::Limit => most.max(DELAYED),
            OrderType::Market | OrderType::Stop | OrderType::StopLimit => most,
        }
    }

    /// The limits of this reading alone.
    pub(super) fn own_limits(&self, money: Money) -> Limits {
        let live = money.is_live();
        let or = |set: Option<Decimal>, on_live: i64, on_simulated: i64| {
            set.unwrap_or_else(|| Decimal::from(if live { on_live } else { on_simulated }))
        };
        Limits {
            max_order_value: or(self.max_order_value, 5_000, 1_000_000),
            max_order_quantity: or(self.max_order_quantity, 500, 100_000),
            max_contracts: or(self.max_contracts, 5, 1_000),
            max_orders_per_day: self.max_orders_per_day.unwrap_or(if live { 20 } else { 1_000 }),
            max_value_per_day: or(self.max_value_per_day, 20_000, 100_000_000),
            price_collar_percent: or(self.price_collar_percent, 5, 50),
        }
    }
}

/// Reads an amount that is not negative, written as a number or a text. TOML's floats are read back as the shortest text
/// that means them, which is what the person wrote.
fn amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text.trim().to_owned(),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        _ => return Err(D::Error::custom("write a number that is not negative, such as 5000 or \"2.5\"")),
    };
    match text.parse::<Decimal>() {
        Ok(value) if value.is_sign_negative() => Err(D::Error::custom(format!("{text} is negative"))),
        Ok(value) => Ok(Some(value)),
        Err(_) => Err(D::Error::custom(format!("{text:?} is not a number"))),
    }
}

/// Reads an amount below 100: a collar of 100 percent would let every sale pass, down to a price of nothing.
fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let value = amount(deserializer)?;
    match value.filter(|value| *value >= Decimal::ONE_HUNDRED) {
        Some(value) => Err(D::Error::custom(format!(
            "`price_collar_percent`: {value} is not below 100; write 5 for 5 percent"
        ))),
        None => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_every_plain_form() {
        let text = "max_order_value = 2500\nmax_value_per_day = \"10000.50\"\nprice_collar_percent = 2.5\n";
        let trading: Trading = toml::from_str(text).unwrap();
        let limits = trading.limits(Money::Live);
        assert_eq!(limits.max_order_value, Decimal::from(2500));
        assert_eq!(limits.max_value_per_day.to_string(), "10000.50");
        assert_eq!(limits.price_collar_percent.to_string(), "2.5");
        assert_eq!((limits.max_order_quantity, limits.max_contracts), (500.into(), 5.into()));
        assert!(!trading.live);
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "max_order_value = -1",
            "max_order_value = \"1,000\"",
            "max_ordervalue = 1",
            "approval = \"nobody\"",
            "price_collar_percent = nan",
            "price_collar_percent = 100",
            "price_collar_percent = \"500\"",
            "order_types = [\"trailing\"]",
        ] {
            assert!(toml::from_str::<Trading>(text).is_err(), "{text}");
        }
    }
}

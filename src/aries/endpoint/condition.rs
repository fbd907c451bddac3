//! A condition of the screener as a person writes it (`marketcap > 10000000000`) and as Aries wants it
//! (`{"field": "marketcap", "operator": "gt", "value": "10000000000"}`).

use std::cmp::Reverse;
use std::fmt;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::text::short;

/// What stands between conditions that are written one after another; no condition contains it.
pub(super) const CONDITIONS: &str = "; ";

/// A sign, longer ones first, and Aries' word for it.
const OPERATORS: [(&str, &str); 6] =
    [(">=", "gte"), ("<=", "lte"), (">", "gt"), ("<", "lt"), ("=", "eq"), (" contains ", "contains")];

/// The fields that Aries names; it says that there are others.
const FIELDS: [&str; 9] = [
    "marketcap",
    "pricetoearnings",
    "pricetobook",
    "roe",
    "volume",
    "open_price",
    "close_price",
    "dilutedeps",
    "cashandequivalents",
];

/// A field is compared with a value.
pub(super) struct Condition {
    field: String,
    /// Our sign and Aries' word.
    operator: (&'static str, &'static str),
    value: String,
}

impl Condition {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let first = OPERATORS.iter().filter_map(|operator| Some((text.find(operator.0)?, operator)));
        // Of signs at the same place the longer one is meant.
        let Some((at, operator)) = first.min_by_key(|(at, operator)| (*at, Reverse(operator.0.len()))) else {
            return Err(not_a_condition(text));
        };
        let (field, value) = text.split_at(at);
        let value = value.get(operator.0.len()..).unwrap_or_default().trim();
        let field = field.trim();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if field.is_empty() || !field.chars().all(is_name) || value.is_empty() || value.contains(';') {
            return Err(not_a_condition(text));
        }
        let is_order = operator.0.starts_with(['<', '>']);
        if is_order && value.parse::<Decimal>().is_err() {
            let cause = format!("{} is not a number", short(value));
            return Err(Error::usage(cause, "write a plain number, such as 10000000000 or 0.15"));
        }
        Ok(Self { field: known(field), operator: *operator, value: value.to_owned() })
    }

    pub(super) fn json(&self) -> Value {
        json!({"field": self.field, "operator": self.operator.1, "value": self.value})
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.field, self.operator.0.trim(), self.value)
    }
}

/// The field in Aries' spelling, where case and underscores are all that differs.
fn known(field: &str) -> String {
    let bare = |name: &str| name.replace('_', "").to_lowercase();
    let found = FIELDS.iter().find(|known| bare(known) == bare(field));
    found.map_or_else(|| field.to_owned(), |known| (*known).to_owned())
}

fn not_a_condition(text: &str) -> Error {
    Error::usage(
        format!("{} is not a condition", short(text)),
        "write a field, one of > >= < <= = contains, and a value: marketcap > 10000000000",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_a_field_an_operator_and_a_value() {
        for (text, field, operator, value) in [
            ("market_cap > 10000000000", "marketcap", "gt", "10000000000"),
            ("roe>=0.15", "roe", "gte", "0.15"),
            ("ClosePrice <= 20", "close_price", "lte", "20"),
            ("sector = Technology", "sector", "eq", "Technology"),
            ("name contains Coca-Cola = Co", "name", "contains", "Coca-Cola = Co"),
        ] {
            let condition = Condition::parse(text).unwrap();
            assert_eq!(condition.json(), json!({"field": field, "operator": operator, "value": value}));
            assert_eq!(Condition::parse(&condition.to_string()).unwrap().json(), condition.json());
        }
    }

    #[test]
    fn what_is_no_condition_is_refused_with_its_reason() {
        let refused = |text: &str| Condition::parse(text).err().unwrap().cause;
        for text in ["large companies", "> 5", "roe >", "price to book < 1", "name = a; b"] {
            assert!(refused(text).ends_with("is not a condition"), "{text}");
        }
        assert_eq!(refused("marketcap > 10B"), "\"10B\" is not a number");
    }
}

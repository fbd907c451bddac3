//! The stock below a chain: its price says which strikes are near the money.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::pages::NEEDED;
use crate::aries::Json;
use crate::aries::endpoints::CHAIN;
use crate::error::Result;
use crate::tools::Call;
use crate::tools::cell::cell;
use crate::tools::format::plain;
use crate::tools::shape::Unit;

/// The price of the underlying, as the first contract of a chain tells it.
pub(super) async fn money(call: &Call, ticker: &str, day: Date) -> Result<Option<Underlying>> {
    let first = [("symbol", json!(ticker)), ("expiration", json!(day.to_string())), ("limit", json!(1))];
    let reply = call.aries.read_if_granted(&CHAIN.with(first)?).await?;
    let first = reply.rows(CHAIN.rows, NEEDED)?;
    Ok((!first.is_empty()).then(|| Underlying::of(&first)))
}

pub(super) struct Underlying {
    pub(crate) price: Option<Decimal>,
    feed: Option<String>,
}

impl Underlying {
    /// As the first of these contracts tells it that tells it at all: an illiquid one may not.
    pub(super) fn of(contracts: &[Json<'_>]) -> Self {
        Self {
            price: contracts.iter().find_map(|contract| contract.decimal_at("underlyingAsset/price")),
            feed: contracts
                .iter()
                .find_map(|contract| cell(*contract, "underlyingAsset/timeframe", Unit::Word)),
        }
    }

    pub(super) fn words(&self, ticker: &str) -> String {
        let feed = match self.feed.as_deref().map(str::to_lowercase) {
            // Aries marks this price by itself: those of the contracts beside it may be real-time.
            Some(feed) if feed == "delayed" => " (delayed; get_quotes has the newest)".to_owned(),
            Some(feed) => format!(" ({feed})"),
            None => String::new(),
        };
        format!("{ticker} {}{feed}", self.price.map_or("—".to_owned(), plain))
    }

    /// Strikes within a share of the price, and never less than some dollars either side.
    pub(super) fn band(&self, percent: i64, dollars: Decimal) -> (Value, Value) {
        let Some(price) = self.price else { return (Value::Null, Value::Null) };
        let width = (price * Decimal::new(percent, 2)).max(dollars);
        let text = |value: Decimal| json!(value.round_dp(2).normalize().to_string());
        let low = price - width;
        (if low.is_sign_positive() && !low.is_zero() { text(low) } else { Value::Null }, text(price + width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_never_reaches_below_nothing() {
        let cheap = Underlying { price: Some(Decimal::from(3)), feed: None };
        assert_eq!(cheap.band(20, Decimal::from(5)), (Value::Null, json!("8")));
        let usual = Underlying { price: Some(Decimal::from(200)), feed: None };
        assert_eq!(usual.band(20, Decimal::from(5)), (json!("160"), json!("240")));
    }
}

//! Quotes and last trades with the names of charting libraries: one symbol per subscription, news of it every second.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::session::{Feed, event, rest};
use crate::sandbox::World;

/// The symbols as the client wrote them.
#[derive(Default)]
pub(super) struct Charts(Vec<String>);

impl Feed for Charts {
    fn add(
        &mut self,
        one: &Value,
        _: Option<&str>,
        world: &mut World,
        now: Timestamp,
    ) -> Result<Vec<Value>, String> {
        if one.get("type").and_then(Value::as_str) != Some("quotes") {
            return Err("type must be quotes".into());
        }
        let symbol = one.get("symbol").and_then(Value::as_str).ok_or("symbol is required")?;
        let told = told(symbol, world, now)?;
        self.0.retain(|other| other != symbol);
        self.0.push(symbol.to_owned());
        Ok(told)
    }

    fn remove(&mut self, one: &Value, _: Option<&str>) -> Vec<Value> {
        self.0.retain(|symbol| one.get("symbol").and_then(Value::as_str) != Some(symbol));
        Vec::new()
    }

    fn updates(&mut self, world: &mut World, now: Timestamp) -> Vec<Value> {
        self.0.iter().flat_map(|symbol| told(symbol, world, now).unwrap_or_default()).collect()
    }
}

/// The quote, as REST gives it, and the last trade.
fn told(symbol: &str, world: &mut World, now: Timestamp) -> Result<Vec<Value>, String> {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("symbols", symbol).finish();
    let mut quotes = rest(world, "/v1/chart/quotes", &query, now)?;
    let values = quotes.pointer_mut("/d/0/v").map(Value::take).ok_or(format!("unknown symbol: {symbol}"))?;
    let trade =
        json!({ "s": "ok", "t": now.as_millisecond(), "lp": values.get("lp"), "v": values.get("volume") });
    let quote = json!({ "s": "ok", "n": symbol, "v": values });
    Ok([quote, trade].map(|data| event(json!({ "symbol": symbol, "data": data }), now)).to_vec())
}

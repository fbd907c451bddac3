//! What is true at the embedded Aries, asked past everything that disturbs.

use std::time::Duration;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::wire::{self, Answer, Request};

/// A way to the embedded Aries of its own.
#[derive(Clone)]
pub(super) struct Truth {
    pub(super) host: String,
    pub(super) token: String,
}

pub(super) fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}

/// A number that Aries writes as a text; none for an empty one.
pub(super) fn number(of: &Value, name: &str) -> Option<Decimal> {
    match &of[name] {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

pub(super) fn is_open(row: &Value) -> bool {
    !["FILLED", "CANCELED", "REJECTED", "EXPIRED", "REPLACED", "SUPERSEDED"].contains(&text(row, "ordStatus"))
}

/// What a row can still fill.
pub(super) fn leaves(row: &Value) -> Decimal {
    if is_open(row) { number(row, "leavesQty").unwrap_or_default() } else { Decimal::ZERO }
}

impl Truth {
    pub(super) fn ask(&self, method: &str, target: &str, body: Option<&Value>) -> Answer {
        let headers = vec![
            format!("authorization: Bearer {}", self.token),
            "content-type: application/json".to_owned(),
        ];
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        wire::pass_on(
            &self.host,
            &Request { method: method.to_owned(), target: target.to_owned(), headers, body },
        )
    }

    pub(super) fn get(&self, target: &str) -> Value {
        self.ask("GET", target, None).json()
    }

    pub(super) fn post(&self, target: &str, body: &Value) -> Value {
        self.ask("POST", target, Some(body)).json()
    }

    /// Every order of the last day, newest first.
    pub(super) fn rows(&self, account: &str) -> Vec<Value> {
        let from = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
        let list = self.get(&format!("/v2/accounts/{account}/orders/history?limit=500&from={from}"));
        list["orders"].as_array().cloned().unwrap_or_default()
    }

    pub(super) fn row(&self, account: &str, id: &str) -> Option<Value> {
        self.rows(account).into_iter().find(|row| text(row, "clOrdId") == id)
    }

    pub(super) fn held(&self, account: &str, symbol: &str) -> Decimal {
        let list = self.get(&format!("/v1/accounts/{account}/positions"));
        let rows = list["positions"].as_array().cloned().unwrap_or_default();
        rows.iter()
            .filter(|row| text(row, "symbol") == symbol)
            .filter_map(|row| number(row, "quantity"))
            .sum()
    }

    /// Bid and ask of a stock.
    pub(super) fn quote(&self, symbol: &str) -> Option<(Decimal, Decimal)> {
        let list = self.get(&format!("/v1/marketdata/equities/details?symbols={symbol}"));
        let row = &list["data"][0];
        Some((number(row, "bidPrice")?, number(row, "askPrice")?))
    }

    /// Bid and ask of a contract.
    pub(super) fn contract(&self, osi: &str) -> Option<(Decimal, Decimal)> {
        let answer = self.get(&format!("/v1/options/snapshot/{}/O:{osi}", &osi[..osi.len() - 15]));
        let quote = &answer["results"]["lastQuote"];
        Some((number(quote, "bid")?, number(quote, "ask")?))
    }

    /// Shares that could be sold without selling what is not there. `but` is an order that does not count.
    pub(super) fn free(&self, account: &str, symbol: &str, but: Option<&str>) -> Decimal {
        let promised: Decimal = self
            .rows(account)
            .iter()
            .filter(|row| {
                text(row, "symbol") == symbol && text(row, "side") == "SELL" && row["legs"].is_null()
            })
            .filter(|row| Some(text(row, "clOrdId")) != but)
            .map(leaves)
            .sum();
        self.held(account, symbol) - promised
    }

    /// Fills an open order, or a part of it.
    pub(super) fn fill(&self, id: &str, quantity: Option<i64>) {
        self.post("/sandbox/fill", &json!({"clOrdId": id, "qty": quantity.map(|qty| qty.to_string())}));
    }
}

pub(super) fn pause(millis: u64) {
    std::thread::sleep(Duration::from_millis(millis));
}

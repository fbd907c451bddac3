//! `POST /v1/stock/screener`: which rows meet the conditions of the body.

use std::cmp::Ordering;

use serde_json::Value;

use crate::sandbox::Call;

/// Keeps the rows that meet the conditions, in the order that the query names.
pub(super) fn screen(call: &Call, rows: &mut Vec<Value>) {
    let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let clauses = body.get("clauses").and_then(Value::as_array).cloned().unwrap_or_default();
    rows.retain(|row| {
        let mut met = clauses.iter().map(|clause| meets(row, clause));
        match text(&body, "operator") {
            "OR" => met.any(|met| met),
            "NOT" => !met.any(|met| met),
            _ => met.all(|met| met),
        }
    });
    if let Some(column) = call.query("order_column") {
        let figure = |row: &Value| figure(row, column).unwrap_or(f64::MIN);
        rows.sort_by(|one, other| figure(one).total_cmp(&figure(other)));
        if call.query("order_direction") == Some("desc") {
            rows.reverse();
        }
    }
}

fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn figure(row: &Value, field: &str) -> Option<f64> {
    let figures = row.get("data")?.as_array()?;
    figures.iter().find(|figure| text(figure, "tag") == field)?.get("number_value")?.as_f64()
}

fn meets(row: &Value, clause: &Value) -> bool {
    let Some(figure) = figure(row, text(clause, "field")) else { return false };
    let order = text(clause, "value").parse().ok().and_then(|bound: f64| figure.partial_cmp(&bound));
    match text(clause, "operator") {
        "gt" => order == Some(Ordering::Greater),
        "gte" => order.is_some_and(Ordering::is_ge),
        "lt" => order == Some(Ordering::Less),
        "lte" => order.is_some_and(Ordering::is_le),
        "eq" => order == Some(Ordering::Equal),
        _ => figure.to_string().contains(text(clause, "value")),
    }
}

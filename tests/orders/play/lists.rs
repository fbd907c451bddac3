//! Lists of orders and positions as the program gets them.

use std::collections::HashSet;
use std::time::Instant;

use serde_json::{Value, json};

use super::gateway::Inner;
use super::mood::{Lag, List, Mood, Pages};
use super::truth::{Truth, text};
use super::wire::{Answer, Request};

/// The id under which an order is shown.
pub(super) fn shown_id(mood: &Mood, id: &str) -> String {
    let disguise = mood.disguises.iter().find(|disguise| disguise.order == id);
    disguise.map_or(id, |disguise| disguise.shown.as_str()).to_owned()
}

/// The account and list that a path names.
fn named(path: &str) -> Option<(&str, List)> {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["v2", "accounts", account, "orders"] => Some((account, List::Today)),
        ["v2", "accounts", account, "orders", "history"] => Some((account, List::History)),
        ["v1", "accounts", account, "positions"] => Some((account, List::Positions)),
        _ => None,
    }
}

/// What a list says now, for a lag that begins.
pub(super) fn now(truth: &Truth, account: &str, list: List) -> Value {
    match list {
        List::Today => truth.get(&format!("/v2/accounts/{account}/orders?limit=500"))["orders"].clone(),
        List::History => json!(truth.rows(account)),
        List::Positions => truth.get(&format!("/v1/accounts/{account}/positions")),
    }
}

pub(super) fn answer(inner: &Inner, request: &Request) -> Option<Answer> {
    let (account, list) = named(request.path())?;
    if list == List::Positions {
        return positions(&mut inner.mood(), account);
    }
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(request.target.split_once('?').unwrap_or_default().1.as_bytes())
            .into_owned()
            .collect();
    let of = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let mut target = format!("{}?limit=500", request.path());
    for (name, value) in query.iter().filter(|(name, _)| !["cursor", "limit"].contains(&name.as_str())) {
        target += &format!("&{name}={value}");
    }
    let answer = inner.truth.ask("GET", &target, None);
    if answer.status != 200 {
        return Some(answer);
    }
    let mut rows = answer.json()["orders"].as_array().cloned().unwrap_or_default();
    let mut mood = inner.mood();
    mood.looks += 1;
    if let Some(lag) = lag(&mut mood, account, list, of("cursor").is_none()) {
        rows = before(rows, &lag.0, lag.1);
    }
    for row in &mut rows {
        let id = text(row, "clOrdId").to_owned();
        mood.shown.entry(id.clone()).or_insert_with(Instant::now);
        if mood.twins.iter().any(|(twin, how)| *twin == id && how.aged) {
            age(row);
        }
        row["clOrdId"] = json!(shown_id(&mood, &id));
        if let Some(old) = row["origClOrdId"].as_str() {
            row["origClOrdId"] = json!(shown_id(&mood, old));
        }
    }
    let limit = of("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50);
    let cursor = of("cursor").and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    Some(page(&mut mood, &rows, limit, cursor))
}

fn positions(mood: &mut Mood, account: &str) -> Option<Answer> {
    lag(mood, account, List::Positions, true).map(|(was, _)| Answer::of(200, &was))
}

/// What a list that lags still says, and since when.
fn lag(mood: &mut Mood, account: &str, list: List, first: bool) -> Option<(Value, jiff::Timestamp)> {
    let lag: &mut Lag = mood.lags.iter_mut().find(|lag| lag.account == account && lag.list == list)?;
    let was = (lag.was.clone(), lag.since);
    if first {
        lag.looks = lag.looks.saturating_sub(1);
        mood.lags.retain(|lag| lag.looks > 0);
        mood.count(format!("{list:?} lags"));
    }
    Some(was)
}

/// The rows as they were: those of then, and older ones that were not asked for then.
fn before(rows: Vec<Value>, was: &Value, since: jiff::Timestamp) -> Vec<Value> {
    let mut all = was.as_array().cloned().unwrap_or_default();
    let known: HashSet<String> = all.iter().map(|row| text(row, "clOrdId").to_owned()).collect();
    let created = |row: &Value| text(row, "createdAt").parse::<jiff::Timestamp>().unwrap_or_default();
    all.extend(rows.into_iter().filter(|row| !known.contains(text(row, "clOrdId")) && created(row) < since));
    all.sort_by_key(|row| std::cmp::Reverse(created(row)));
    all
}

/// Makes a row an hour older.
fn age(row: &mut Value) {
    for name in ["createdAt", "updatedAt"] {
        if let Ok(at) = text(row, name).parse::<jiff::Timestamp>() {
            row[name] = json!((at - jiff::SignedDuration::from_hours(1)).to_string());
        }
    }
}

/// One page. A cursor is the number of rows before it, plus one.
fn page(mood: &mut Mood, rows: &[Value], limit: usize, cursor: usize) -> Answer {
    let size = match mood.pages {
        Pages::Whole => limit,
        Pages::Small(size) => size.min(limit),
        Pages::Repeating | Pages::Stuck | Pages::Overlapping => 2.min(limit),
    };
    let begin = cursor.saturating_sub(1).min(rows.len());
    let from = if mood.pages == Pages::Overlapping { begin.saturating_sub(1) } else { begin };
    let end = (begin + size).min(rows.len());
    let mut next = if end < rows.len() { end + 1 } else { 0 };
    if mood.pages == Pages::Repeating && cursor > 3 {
        next = 3;
    }
    if mood.pages == Pages::Stuck && cursor > 0 {
        next = cursor;
    }
    if mood.pages != Pages::Whole && end < rows.len() {
        let name = format!("pages {}", format!("{:?}", mood.pages).split('(').next().unwrap_or_default());
        mood.count(name);
    }
    let shown = &rows[from..end];
    let orders = if shown.is_empty() && cursor == 0 { Value::Null } else { json!(shown) };
    Answer::of(200, &json!({ "orders": orders, "nextCursor": next }))
}

//! Accounts by socket. A subscription names a topic and its `params`; the acknowledgement of `account` carries the
//! snapshot, then comes what changes. Rows look as they do over REST.
//!
//! Not documented, and so chosen here: that the snapshot stands in the acknowledgement.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::pnl;
use super::session::{Feed, event, rest};
use crate::sandbox::World;

#[derive(Default)]
pub(super) struct Accounts(Vec<Stream>);

/// A topic with its parameters, and what was told of it last.
struct Stream {
    topic: String,
    params: Value,
    told: Value,
}

impl Feed for Accounts {
    fn add(
        &mut self,
        one: &Value,
        id: Option<&str>,
        world: &mut World,
        now: Timestamp,
    ) -> Result<Vec<Value>, String> {
        let topic = one.get("topic").and_then(Value::as_str).ok_or("topic is required")?.to_owned();
        let params = one.get("params").cloned().unwrap_or_default();
        let told = look(&topic, &params, world, now)?;
        self.remove(one, id);
        let said = match topic.as_str() {
            "account" => vec![acknowledged("subscribed", id, &topic, told.clone())],
            _ => {
                let first = acknowledged("subscribed", id, &topic, json!({}));
                std::iter::once(first).chain(events(&topic, &told, &Value::Null, now)).collect()
            }
        };
        self.0.push(Stream { topic, params, told });
        Ok(said)
    }

    /// Ends the streams of a topic; with an account, those of this account.
    fn remove(&mut self, one: &Value, id: Option<&str>) -> Vec<Value> {
        let topic = one.get("topic").and_then(Value::as_str).unwrap_or_default();
        let account = one.pointer("/params/accountId");
        self.0.retain(|other| {
            other.topic != topic || account.is_some() && other.params.get("accountId") != account
        });
        vec![acknowledged("response", id, topic, json!({ "status": 200 }))]
    }

    fn updates(&mut self, world: &mut World, now: Timestamp) -> Vec<Value> {
        self.0.iter_mut().flat_map(|stream| stream.updates(world, now)).collect()
    }
}

fn acknowledged(kind: &str, id: Option<&str>, topic: &str, mut payload: Value) -> Value {
    if let Value::Object(members) = &mut payload {
        members.insert("topic".into(), json!(topic));
    }
    json!({ "type": kind, "id": id, "payload": payload })
}

impl Stream {
    fn updates(&mut self, world: &mut World, now: Timestamp) -> Vec<Value> {
        let Ok(fresh) = look(&self.topic, &self.params, world, now) else { return Vec::new() };
        let before = std::mem::replace(&mut self.told, fresh);
        match self.topic.as_str() {
            "account" => self.changes(&before, now),
            _ if before == self.told => Vec::new(),
            _ => events(&self.topic, &self.told, &before, now),
        }
    }

    /// Orders that are new or changed, and with them positions and balance. Money that only moves with the market
    /// is not sent: it would be every second.
    fn changes(&self, before: &Value, now: Timestamp) -> Vec<Value> {
        let target = self.params.get("accountId");
        let tell = |name: &str, data: &Value| {
            event(json!({ "topic": "account", "name": name, "target": target, "data": data }), now)
        };
        let orders = list(&self.told, "ordersV2").iter().rev();
        let known = list(before, "ordersV2");
        let mut told: Vec<Value> =
            orders.filter(|order| !known.contains(order)).map(|order| tell("account.order", order)).collect();
        if !told.is_empty() {
            told.extend(
                list(&self.told, "positions").iter().map(|position| tell("account.position", position)),
            );
            told.extend(self.told.get("account").map(|balance| tell("account.balance", balance)));
        }
        told
    }
}

/// What is new of a topic: a list as a whole, and each candle by itself.
fn events(topic: &str, told: &Value, before: &Value, now: Timestamp) -> Vec<Value> {
    let one = |data: &Value| event(json!({ "topic": topic, "data": data }), now);
    let known = before.as_array().map_or(&[][..], Vec::as_slice);
    match told.as_array().filter(|_| topic == "pnl") {
        Some(candles) => candles.iter().filter(|candle| !known.contains(candle)).map(one).collect(),
        None => vec![one(told)],
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// What REST tells of a topic now.
fn look(topic: &str, params: &Value, world: &mut World, now: Timestamp) -> Result<Value, String> {
    let word = |name: &str| params.get(name).and_then(Value::as_str);
    let account = || word("accountId").ok_or("accountId is required");
    match topic {
        "account" => {
            let account = account()?;
            let orders = rest(world, &format!("/v2/accounts/{account}/orders"), "limit=500", now)?;
            let positions = rest(world, &format!("/v1/accounts/{account}/positions"), "", now)?;
            Ok(json!({
                "account": rest(world, &format!("/v2/accounts/{account}/balance"), "", now)?,
                "positions": list(&positions, "positions"),
                "ordersV2": list(&orders, "orders"),
            }))
        }
        "pnl" => pnl::candles(world, params, now).map(Value::Array),
        "watchlist" => {
            rest(world, "/v1/config/watchlist", "", now).map(|body| json!(list(&body, "watchlist")))
        }
        "news" => {
            let words = |name: &str| {
                let all = list(params, name).iter().filter_map(Value::as_str);
                all.collect::<Vec<_>>().join(",")
            };
            let query = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(["symbols", "topics"].map(|name| (name, words(name))))
                .finish();
            rest(world, "/v1/news", &query, now).map(|body| json!(list(&body, "news")))
        }
        _ => Err(format!("unknown topic: {topic}")),
    }
}

//! One client's session: sign-in within five seconds, subscriptions, and an end.
//!
//! Lengths: 45 minutes for market data (the sample's `expiresIn`), 65 for accounts; a warning comes 5 minutes before.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Topic, accounts, market};
use crate::sandbox::World;

/// Seconds to sign in.
const PATIENCE: i64 = 5;
/// Seconds before the end when the warning comes.
const WARNING: i64 = 300;

pub(super) struct Session {
    topic: Topic,
    /// Unix second of the next end: of the patience, then of the session.
    until: i64,
    signed_in: bool,
    warned: bool,
    over: bool,
    market: market::Subscriptions,
    accounts: accounts::Subscriptions,
}

impl Topic {
    fn seconds(self) -> i64 {
        match self {
            Topic::Market => 45 * 60,
            Topic::Accounts => 65 * 60,
        }
    }

    fn scope(self) -> &'static str {
        match self {
            Topic::Market => "market:information",
            Topic::Accounts => "account:information",
        }
    }
}

pub(super) fn event(action: &str, id: Option<&str>, data: &Value, now: Timestamp) -> Value {
    let mut payload = json!({ "action": action, "data": data, "timestamp": now.as_millisecond() });
    if let (Some(id), Value::Object(fields)) = (id, &mut payload) {
        fields.insert("id".into(), json!(id));
    }
    json!({ "type": "event", "payload": payload })
}

impl Session {
    pub(super) fn new(topic: Topic, now: Timestamp) -> Self {
        Self {
            topic,
            until: now.as_second() + PATIENCE,
            signed_in: false,
            warned: false,
            over: false,
            market: market::Subscriptions::default(),
            accounts: accounts::Subscriptions::default(),
        }
    }

    pub(super) fn over(&self) -> bool {
        self.over
    }

    /// An `error` event. The text stands in `error`, as documented.
    pub(super) fn error(&self, id: Option<&str>, message: &str, now: Timestamp) -> Value {
        json!({
            "type": "event",
            "payload": { "action": "error", "id": id, "error": message, "timestamp": now.as_millisecond() },
        })
    }

    pub(super) fn hear(&mut self, message: &Value, world: &mut World, now: Timestamp) -> Vec<Value> {
        let id = message.get("id").and_then(Value::as_str);
        let payload = message.get("payload").unwrap_or(&Value::Null);
        match message.get("type").and_then(Value::as_str) {
            Some("ping") => vec![json!({ "type": "pong", "id": id, "timestamp": now.as_millisecond() })],
            Some("request") if is_auth(payload) => self.sign_in(id, payload, world, now),
            _ if !self.signed_in => vec![event("authRequired", id, &Value::Null, now)],
            Some("subscribe") => self.subscribe(id, payload, world, now),
            Some("unsubscribe") => {
                match self.topic {
                    Topic::Market => self.market.remove(payload),
                    Topic::Accounts => self.accounts.remove(payload),
                }
                vec![event("unsubscribed", id, payload, now)]
            }
            _ => vec![self.error(id, "no such request", now)],
        }
    }

    fn sign_in(&mut self, id: Option<&str>, payload: &Value, world: &World, now: Timestamp) -> Vec<Value> {
        let Some(token) = payload.pointer("/body/token").and_then(Value::as_str) else {
            return vec![self.error(id, "token is required", now)];
        };
        let scope = self.topic.scope();
        match world.tokens.scopes(token, now) {
            None => return vec![self.error(id, "the access token is unknown, expired or revoked", now)],
            Some(scopes) if !scopes.iter().any(|have| have == scope) => {
                return vec![self.error(id, &format!("this needs the scope {scope}"), now)];
            }
            Some(_) => {}
        }
        let seconds = self.topic.seconds();
        self.until = now.as_second() + seconds;
        (self.signed_in, self.warned) = (true, false);
        let mut events = vec![event("authSuccess", id, &json!({ "expiresIn": seconds * 1000 }), now)];
        if self.topic == Topic::Market {
            events.push(event("marketStatus", None, &market::status(now), now));
        }
        events
    }

    fn subscribe(
        &mut self,
        id: Option<&str>,
        payload: &Value,
        world: &mut World,
        now: Timestamp,
    ) -> Vec<Value> {
        // One object per symbol or topic; a single one may come without its array.
        let wanted = payload.as_array().map_or(std::slice::from_ref(payload), Vec::as_slice);
        let mut events = Vec::new();
        for one in wanted {
            let answered = match self.topic {
                Topic::Market => self.market.add(one, id, world, now),
                Topic::Accounts => self.accounts.add(one, id, world, now),
            };
            events.extend(answered.unwrap_or_else(|refusal| vec![self.error(id, &refusal, now)]));
        }
        events
    }

    /// What there is to tell once a second.
    pub(super) fn tick(&mut self, world: &mut World, now: Timestamp) -> Vec<Value> {
        let left = self.until - now.as_second();
        if left <= 0 {
            self.over = true;
            let action = if self.signed_in { "authExpired" } else { "authRequired" };
            return vec![event(action, None, &Value::Null, now)];
        }
        let mut events = Vec::new();
        if self.signed_in && left <= WARNING && !self.warned {
            self.warned = true;
            events.push(event("refreshAuth", None, &json!({ "expiresIn": left * 1000 }), now));
        }
        events.extend(match self.topic {
            Topic::Market => self.market.updates(world, now),
            Topic::Accounts => self.accounts.updates(world, now),
        });
        events
    }
}

fn is_auth(payload: &Value) -> bool {
    let word = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default();
    word("path") == "/auth" && word("method").eq_ignore_ascii_case("post")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_265_355 + second).unwrap()
    }

    fn actions(events: &[Value]) -> Vec<&str> {
        events.iter().filter_map(|one| one["payload"]["action"].as_str()).collect()
    }

    fn auth(token: &str) -> Value {
        json!({ "type": "request", "id": "a", "payload": { "method": "POST", "path": "/auth", "body": { "token": token } } })
    }

    #[test]
    fn who_does_not_sign_in_is_sent_away_and_who_does_is_warned() {
        let mut world = World::new(super::super::super::Options::default(), at(0));
        let token = world.issue(vec!["market:information".into()], at(0)).access_token;
        let mut silent = Session::new(Topic::Market, at(0));
        assert!(silent.tick(&mut world, at(4)).is_empty() && !silent.over());
        assert_eq!(actions(&silent.tick(&mut world, at(5))), ["authRequired"]);
        assert!(silent.over());
        let mut session = Session::new(Topic::Market, at(0));
        assert_eq!(actions(&session.hear(&auth(&token), &mut world, at(1))), ["authSuccess", "marketStatus"]);
        assert!(session.tick(&mut world, at(2)).is_empty());
        assert_eq!(actions(&session.tick(&mut world, at(2_401))), ["refreshAuth"]);
        assert!(session.tick(&mut world, at(2_402)).is_empty());
        assert_eq!(actions(&session.tick(&mut world, at(2_701))), ["authExpired"]);
        assert!(session.over());
    }

    #[test]
    fn a_token_must_be_there_be_good_and_allow_it() {
        let mut world = World::new(super::super::super::Options::default(), at(0));
        let token = world.issue(vec!["market:information".into()], at(0)).access_token;
        let mut session = Session::new(Topic::Accounts, at(0));
        let misplaced = json!({ "type": "request", "id": "a",
            "payload": { "method": "post", "path": "/auth", "token": token } });
        for (message, expected) in
            [(misplaced, "token is required"), (auth("x"), "unknown"), (auth(&token), "scope")]
        {
            let answer = session.hear(&message, &mut world, at(1));
            assert_eq!(actions(&answer), ["error"]);
            assert!(answer[0]["payload"]["error"].as_str().unwrap().contains(expected));
        }
        let early = session.hear(&json!({ "type": "subscribe", "payload": [] }), &mut world, at(1));
        assert_eq!(actions(&early), ["authRequired"]);
    }
}

//! One client's session: sign-in within five seconds, subscriptions, requests, and an end.
//!
//! Lengths: 45 minutes for market data (the sample's `expiresIn`), 65 for accounts; a warning comes 5 minutes before.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Topic;
use super::accounts::Accounts;
use super::charts::Charts;
use super::market::{self, Market};
use crate::sandbox::{World, routes};

/// Seconds to sign in.
const PATIENCE: i64 = 5;
/// Seconds before the end when the warning comes.
const WARNING: i64 = 300;

/// What a socket is about: the subscriptions of one client, and what they have been told.
pub(super) trait Feed: Send {
    /// Adds one object of a subscription; gives back what is said at once.
    fn add(
        &mut self,
        one: &Value,
        id: Option<&str>,
        world: &mut World,
        now: Timestamp,
    ) -> Result<Vec<Value>, String>;

    /// Takes back one object of a subscription; gives back the acknowledgement, if the socket has one.
    fn remove(&mut self, one: &Value, id: Option<&str>) -> Vec<Value>;

    /// What is new since the last look.
    fn updates(&mut self, world: &mut World, now: Timestamp) -> Vec<Value>;
}

pub(super) struct Session {
    topic: Topic,
    /// Unix second of the next end: of the patience, then of the session.
    until: i64,
    /// How long before it the warning comes.
    warning: i64,
    signed_in: bool,
    warned: bool,
    over: bool,
    feed: Box<dyn Feed>,
}

/// An event; members of `payload` that are null are left out.
pub(super) fn event(mut payload: Value, now: Timestamp) -> Value {
    if let Value::Object(members) = &mut payload {
        members.retain(|_, value| !value.is_null());
        members.insert("timestamp".into(), json!(now.as_millisecond()));
    }
    json!({ "type": "event", "payload": payload })
}

/// An `error` event, whose text stands in `error`.
pub(super) fn error(id: Option<&str>, message: &str, now: Timestamp) -> Value {
    event(json!({ "action": "error", "id": id, "error": message }), now)
}

/// Asks the endpoint that tells the same over REST.
pub(super) fn rest(world: &mut World, path: &str, query: &str, now: Timestamp) -> Result<Value, String> {
    let answer = routes::answer_within(world, path, query, now);
    match answer.failure {
        Some(failure) => Err(failure.message),
        None => serde_json::from_slice(&answer.body).map_err(|error| error.to_string()),
    }
}

/// One object or a list of them.
fn each(payload: &Value) -> &[Value] {
    payload.as_array().map_or(std::slice::from_ref(payload), Vec::as_slice)
}

impl Session {
    pub(super) fn new(topic: Topic, now: Timestamp) -> Self {
        let feed: Box<dyn Feed> = match topic {
            Topic::Market => Box::new(Market::default()),
            Topic::Charts => Box::new(Charts::default()),
            Topic::Accounts => Box::new(Accounts::default()),
        };
        let until = now.as_second() + PATIENCE;
        Self { topic, until, warning: WARNING, signed_in: false, warned: false, over: false, feed }
    }

    pub(super) fn over(&self) -> bool {
        self.over
    }

    pub(super) fn hear(&mut self, message: &Value, world: &mut World, now: Timestamp) -> Vec<Value> {
        let payload = message.get("payload").unwrap_or(&Value::Null);
        let id = message.get("id").or_else(|| payload.get("id")).and_then(Value::as_str);
        match message.get("type").or_else(|| message.get("action")).and_then(Value::as_str) {
            Some("ping") => vec![json!({ "type": "pong", "id": id })],
            Some("request") if is_auth(payload) => self.sign_in(id, payload, world, now),
            _ if !self.signed_in => vec![event(json!({ "action": "authRequired", "id": id }), now)],
            Some("request") => vec![self.request(id, payload, world, now)],
            Some("subscribe") => self.subscribe(id, payload, world, now),
            Some("unsubscribe") => each(payload).iter().flat_map(|one| self.feed.remove(one, id)).collect(),
            _ => vec![error(id, "no such type of message", now)],
        }
    }

    /// Signs in, or in again: the session then begins anew on the same socket.
    fn sign_in(&mut self, id: Option<&str>, payload: &Value, world: &World, now: Timestamp) -> Vec<Value> {
        let Some(token) = payload.pointer("/body/token").and_then(Value::as_str) else {
            return vec![error(id, "token is required", now)];
        };
        let scope = self.topic.scope();
        match world.tokens.scopes(token, now).filter(|_| !world.sockets.refuses) {
            None => return vec![error(id, "the access token is unknown, expired or revoked", now)],
            Some(scopes) if !scopes.iter().any(|have| have == scope) => {
                return vec![error(id, &format!("this needs the scope {scope}"), now)];
            }
            Some(_) => {}
        }
        let seconds = world.sockets.seconds.unwrap_or(self.topic.seconds());
        self.until = now.as_second() + seconds;
        self.warning = WARNING.min(seconds / 2);
        (self.signed_in, self.warned) = (true, false);
        let data = json!({ "expiresIn": seconds * 1000 });
        let mut events = vec![event(json!({ "action": "authSuccess", "id": id, "data": data }), now)];
        if self.topic == Topic::Market {
            let data = market::status(world.session(now), now);
            events.push(event(json!({ "action": "update", "type": "marketStatus", "data": data }), now));
        }
        events
    }

    /// Answers a request for the expirations or contracts of an underlying, as the REST call of that path does.
    fn request(&self, id: Option<&str>, payload: &Value, world: &mut World, now: Timestamp) -> Value {
        let word = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default();
        let is_known = self.topic == Topic::Market && word("path").starts_with("/options/");
        let answer = match is_known && word("method").eq_ignore_ascii_case("get") {
            true => rest(world, &format!("/v1{}", word("path")), "", now),
            false => Err("no such request".to_owned()),
        };
        let payload = match answer {
            Ok(data) => json!({ "status": 200, "data": data }),
            Err(message) => json!({ "status": 404, "error": message }),
        };
        json!({ "type": "response", "id": id, "payload": payload })
    }

    fn subscribe(
        &mut self,
        id: Option<&str>,
        payload: &Value,
        world: &mut World,
        now: Timestamp,
    ) -> Vec<Value> {
        let add = |one| self.feed.add(one, id, world, now).unwrap_or_else(|no| vec![error(id, &no, now)]);
        each(payload).iter().flat_map(add).collect()
    }

    /// What there is to tell once a second.
    pub(super) fn tick(&mut self, world: &mut World, now: Timestamp) -> Vec<Value> {
        let left = self.until - now.as_second();
        if left <= 0 {
            self.over = true;
            let action = if self.signed_in { "authExpired" } else { "authTimeout" };
            return vec![event(json!({ "action": action }), now)];
        }
        let mut events = Vec::new();
        if self.signed_in && left <= self.warning && !self.warned {
            self.warned = true;
            let data = json!({ "expiresIn": left * 1000 });
            events.push(event(json!({ "action": "refreshAuth", "data": data }), now));
        }
        events.extend(self.feed.updates(world, now));
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

    fn world() -> (World, String) {
        let mut world = World::new(super::super::super::Options::default(), at(0));
        let token = world.issue(vec!["market:information".into()], at(0)).access_token;
        (world, token)
    }

    #[test]
    fn who_does_not_sign_in_is_sent_away() {
        let (mut world, _) = world();
        let mut silent = Session::new(Topic::Market, at(0));
        assert!(silent.tick(&mut world, at(4)).is_empty() && !silent.over());
        assert_eq!(actions(&silent.tick(&mut world, at(5))), ["authTimeout"]);
        assert!(silent.over());
    }

    #[test]
    fn a_session_is_warned_and_ends_unless_it_signs_in_again() {
        let (mut world, token) = world();
        let mut session = Session::new(Topic::Charts, at(0));
        assert_eq!(actions(&session.hear(&auth(&token), &mut world, at(1))), ["authSuccess"]);
        assert_eq!(actions(&session.tick(&mut world, at(2_401))), ["refreshAuth"]);
        assert!(session.tick(&mut world, at(2_402)).is_empty());
        session.hear(&auth(&token), &mut world, at(2_403));
        assert!(session.tick(&mut world, at(2_701)).is_empty());
        assert_eq!(actions(&session.tick(&mut world, at(5_103))), ["authExpired"]);
        assert!(session.over());
    }

    #[test]
    fn the_market_status_follows_the_sign_in() {
        let (mut world, token) = world();
        let said = Session::new(Topic::Market, at(0)).hear(&auth(&token), &mut world, at(1));
        let status = &said[1]["payload"];
        assert_eq!(
            (status["action"].as_str(), status["type"].as_str()),
            (Some("update"), Some("marketStatus"))
        );
    }

    #[test]
    fn a_token_must_be_there_be_good_and_allow_it() {
        let (mut world, token) = world();
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

    #[test]
    fn pings_are_answered_in_both_forms_with_their_id() {
        let (mut world, _) = world();
        let mut session = Session::new(Topic::Market, at(0));
        for ping in [json!({ "type": "ping", "id": "p" }), json!({ "action": "ping", "id": "p" })] {
            assert_eq!(session.hear(&ping, &mut world, at(0)), [json!({ "type": "pong", "id": "p" })]);
        }
    }
}

//! The three WebSockets: market data, charts and accounts, on the listener of everything else.
//!
//! A request arrives by the table of endpoints, so that faults, the log and the check of the host apply to it. After
//! the handshake its connection belongs to `serve`, which reads lines of JSON, asks `session` what to say, and once
//! a second what there is to tell.

mod accounts;
mod charts;
pub(crate) mod faults;
mod market;
pub(crate) mod pnl;
mod session;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use self::session::Session;
use crate::clock;
use crate::sandbox::server::{Shared, lock};
use crate::sandbox::{Answer, Call, Reply, World};

pub(crate) const MARKET_PATH: &str = "/v1/market/ws";
pub(crate) const MARKET_PATH_OLDER: &str = "/v1/marketdata/ws";
pub(crate) const CHARTS_PATH: &str = "/v1/charts/ws";
pub(crate) const ACCOUNTS_PATH: &str = "/v1/accounts/ws";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Market,
    Charts,
    Accounts,
}

impl Topic {
    fn seconds(self) -> i64 {
        match self {
            Topic::Market | Topic::Charts => 45 * 60,
            Topic::Accounts => 65 * 60,
        }
    }

    fn scope(self) -> &'static str {
        match self {
            Topic::Market | Topic::Charts => "market:information",
            Topic::Accounts => "account:information",
        }
    }
}

/// The topic of a path, if it is one of a socket.
pub(crate) fn topic(path: &str) -> Option<Topic> {
    match path {
        MARKET_PATH | MARKET_PATH_OLDER => Some(Topic::Market),
        CHARTS_PATH => Some(Topic::Charts),
        ACCOUNTS_PATH => Some(Topic::Accounts),
        _ => None,
    }
}

/// Agrees to speak WebSocket (RFC 6455, 4.2).
pub(crate) fn handshake(_: &mut World, call: &Call) -> Reply {
    let says = |name: &str, word: &str| {
        let words = call.header(name).unwrap_or_default().split(',');
        words.into_iter().any(|one| one.trim().eq_ignore_ascii_case(word))
    };
    let key = call.header("sec-websocket-key").filter(|key| !key.is_empty());
    let (true, true, Some(key)) = (says("connection", "upgrade"), says("upgrade", "websocket"), key) else {
        let refusal = Answer::error(426, "upgrade_required", "this address speaks WebSocket only");
        return Err(refusal.with("upgrade", "websocket"));
    };
    if call.header("sec-websocket-version") != Some("13") {
        return Err(Answer::bad_request("only version 13 is spoken").with("sec-websocket-version", "13"));
    }
    let agreed = Answer::switching().with("connection", "upgrade").with("upgrade", "websocket");
    Ok(agreed.with("sec-websocket-accept", &derive_accept_key(key.as_bytes())))
}

/// Talks until the client leaves or the session ends.
pub(crate) async fn serve(upgrade: OnUpgrade, topic: Topic, world: Shared) {
    let Ok(upgraded) = upgrade.await else { return };
    let mut socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
    let mut session = Session::new(topic, clock::now());
    let (mut moved, drops) = {
        let world = lock(&world);
        (world.sockets.moved.subscribe(), world.sockets.drops)
    };
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    // The first tick comes at once.
    seconds.tick().await;
    while !session.over() {
        let floods = lock(&world).sockets.floods;
        let events = tokio::select! {
            () = tokio::task::yield_now(), if floods => {
                for line in faults::GARBAGE {
                    if socket.send(Message::text(line)).await.is_err() {
                        return;
                    }
                }
                continue;
            }
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => heard(&mut session, &text, &world),
                Some(Ok(Message::Binary(_))) => vec![session::error(None, "send text", clock::now())],
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
            _ = seconds.tick() => session.tick(&mut lock(&world), clock::now()),
            // The sender lives as long as the world.
            _ = moved.changed() => session.tick(&mut lock(&world), clock::now()),
        };
        // One frame, a line for each.
        let mut lines: Vec<String> = events.iter().map(Value::to_string).collect();
        {
            let faults = &lock(&world).sockets;
            if faults.drops != drops {
                return;
            }
            if faults.silent {
                continue;
            }
            if faults.garbage {
                lines.splice(0..0, faults::GARBAGE.map(str::to_owned));
            }
        }
        if !lines.is_empty() && socket.send(Message::text(lines.join("\n"))).await.is_err() {
            return;
        }
    }
    let _ = socket.close(None).await;
}

fn heard(session: &mut Session, text: &str, world: &Shared) -> Vec<Value> {
    let now = clock::now();
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .flat_map(|line| match serde_json::from_str(line) {
            Ok(message) => session.hear(&message, &mut lock(world), now),
            Err(_) => vec![session::error(None, "not JSON", now)],
        })
        .collect()
}

//! Both sockets over a real connection.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::Bench;

struct Line {
    socket: WebSocketStream<TcpStream>,
    heard: Vec<Value>,
}

impl Bench {
    async fn open(&self, path: &str) -> Line {
        let host = self.sandbox.origin().replace("http://", "");
        let stream = TcpStream::connect(&host).await.unwrap();
        let (socket, answer) = client_async(format!("ws://{host}{path}"), stream).await.unwrap();
        assert_eq!(answer.headers()["aries-sandbox"], "1");
        Line { socket, heard: Vec::new() }
    }

    /// A line that is signed in already.
    async fn signed_in(&self, path: &str) -> Line {
        let mut line = self.open(path).await;
        let body = json!({ "token": self.token });
        let payload = json!({ "method": "post", "path": "/auth", "body": body });
        line.say(json!({ "type": "request", "id": "auth-001", "payload": payload })).await;
        let success = line.next("authSuccess").await;
        assert_eq!(success["payload"]["id"], "auth-001");
        assert!(success["payload"]["data"]["expiresIn"].as_i64().unwrap() >= 2_700_000);
        line
    }
}

impl Line {
    async fn say(&mut self, message: Value) {
        self.socket.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next event of this action; others are skipped.
    async fn next(&mut self, action: &str) -> Value {
        loop {
            if let Some(at) = self.heard.iter().position(|one| one["payload"]["action"] == action) {
                return self.heard.drain(..=at).next_back().unwrap();
            }
            let next = tokio::time::timeout(Duration::from_secs(10), self.socket.next()).await;
            let text = next.unwrap_or_else(|_| panic!("no {action}")).unwrap().unwrap();
            let lines = text.to_text().unwrap().lines();
            self.heard.extend(lines.map(|line| serde_json::from_str::<Value>(line).unwrap()));
        }
    }
}

#[tokio::test]
async fn the_market_socket_tells_its_status_a_snapshot_and_updates() {
    let bench = Bench::unlimited().await;
    let (_, found) = bench.get("/v1/marketdata/search?query=.MSFT").await;
    let mut line = bench.signed_in("/v1/market/ws").await;
    let status = line.next("marketStatus").await;
    assert_eq!(status["payload"]["data"]["market"], "open");
    let wanted = json!([
        { "symbol": "AAPL" },
        { "symbol": "SPX" },
        { "symbol": found[0]["symbol"], "symbolType": "option", "quoteFields": "bidPrice", "greeksFields": ["*"] },
        { "symbol": "NOPE" },
    ]);
    line.say(json!({ "type": "subscribe", "id": "sub-1", "payload": wanted })).await;
    let apple = line.next("snapshot").await;
    assert_eq!(apple["payload"]["id"], "sub-1");
    assert!(apple["payload"]["data"]["quote"]["askPrice"].is_number());
    assert!(apple["payload"]["data"]["trade"]["lastPrice"].is_number());
    let index = line.next("snapshot").await;
    assert!(index["payload"]["data"]["quote"].is_null() && index["payload"]["data"]["symbol"] == "SPX");
    let option = line.next("snapshot").await;
    assert_eq!(option["payload"]["data"]["quote"].as_object().unwrap().len(), 1);
    assert!(option["payload"]["data"]["greeks"]["delta"].is_number());
    let refused = line.next("error").await;
    assert_eq!(refused["payload"]["error"], "unknown symbol: NOPE");
    assert_eq!(line.next("update").await["payload"]["data"]["symbol"], "AAPL");
}

#[tokio::test]
async fn the_account_socket_tells_of_orders() {
    let bench = Bench::unlimited().await;
    let mut line = bench.signed_in("/v1/accounts/ws").await;
    let wanted = json!({ "topic": "account", "accountId": "SIM8820017" });
    line.say(json!({ "type": "subscribe", "id": "s", "payload": wanted })).await;
    let snapshot = line.next("account").await;
    let data = &snapshot["payload"]["data"];
    assert!(data["positions"].as_array().unwrap().len() == 3 && data["balance"]["balance"].is_string());
    let order = json!({ "tradingAccountId": "SIM8820017", "symbol": "MSFT", "side": "BUY", "type": "LIMIT",
        "qty": "1", "price": "400", "timeInForce": "DAY" });
    let (_, placed) = bench.post("/v1/orders", order).await;
    let told = line.next("account.order").await;
    assert_eq!(told["payload"]["data"]["clOrdId"], placed["clOrdId"]);
    bench.post("/sandbox/fill", json!({ "clOrdId": placed["clOrdId"] })).await;
    assert_eq!(line.next("account.order").await["payload"]["data"]["ordStatus"], "FILLED");
    line.next("account.balance").await;
}

#[tokio::test]
async fn faults_and_plain_requests_meet_the_sockets_too() {
    let bench = Bench::unlimited().await;
    assert_eq!(bench.get("/v1/market/ws").await.0, 426);
    bench.post("/sandbox/faults", json!({ "path": "/v1/market/ws", "fault": "status", "status": 503 })).await;
    let host = bench.sandbox.origin().replace("http://", "");
    let stream = TcpStream::connect(&host).await.unwrap();
    assert!(client_async(format!("ws://{host}/v1/market/ws"), stream).await.is_err());
    bench.open("/v1/market/ws").await;
}

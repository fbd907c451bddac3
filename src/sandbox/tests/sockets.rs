//! The sockets over a real connection.

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
        let payload = json!({ "method": "POST", "path": "/auth", "body": body });
        line.say(json!({ "type": "request", "id": "auth-001", "payload": payload })).await;
        let success = line.event("action", "authSuccess").await;
        assert_eq!(success["id"], "auth-001");
        assert!(success["data"]["expiresIn"].as_i64().unwrap() >= 2_700_000);
        line
    }
}

impl Line {
    async fn say(&mut self, message: Value) {
        self.socket.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message that fits; others are skipped.
    async fn next(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            if let Some(at) = self.heard.iter().position(&fits) {
                return self.heard.drain(..=at).next_back().unwrap();
            }
            let next = tokio::time::timeout(Duration::from_secs(10), self.socket.next()).await;
            let text = next.expect("the message that is waited for").unwrap().unwrap();
            let lines = text.to_text().unwrap().lines();
            self.heard.extend(lines.map(|line| serde_json::from_str::<Value>(line).unwrap()));
        }
    }

    /// The payload of the next event with this value in a member of its payload.
    async fn event(&mut self, member: &str, value: &str) -> Value {
        self.next(|one| one["payload"][member] == value).await["payload"].take()
    }

    /// The answer to a message with this id.
    async fn answer(&mut self, message: Value) -> Value {
        let id = message["id"].clone();
        self.say(message).await;
        self.next(|one| one["id"] == id).await
    }
}

#[tokio::test]
async fn the_market_socket_tells_its_status_a_snapshot_and_changes() {
    let bench = Bench::unlimited().await;
    let (_, found) = bench.get("/v1/marketdata/search?query=.MSFT").await;
    let mut line = bench.signed_in("/v1/market/ws").await;
    let status = line.event("type", "marketStatus").await;
    assert_eq!((&status["action"], &status["data"]["market"]), (&json!("update"), &json!("open")));
    let wanted = json!([
        { "symbol": "AAPL" },
        { "symbol": "SPX" },
        { "symbol": found[0]["symbol"], "symbolType": "option", "quoteFields": ["bidPrice"], "greeksFields": "*" },
        { "symbol": "NOPE" },
    ]);
    line.say(json!({ "type": "subscribe", "id": "sub-1", "payload": wanted })).await;
    let quote = line.event("type", "quote").await;
    assert_eq!((&quote["action"], &quote["symbol"]), (&json!("snapshot"), &json!("AAPL")));
    assert!(quote["data"]["askPrice"].is_number());
    assert!(line.event("type", "trade").await["data"]["lastPrice"].is_number());
    // An index has no bid and ask.
    assert_eq!(line.event("symbol", "SPX").await["type"], "trade");
    assert_eq!(line.event("type", "quote").await["data"].as_object().unwrap().len(), 1);
    assert!(line.event("type", "greeks").await["data"]["delta"].is_number());
    let refused = line.event("id", "sub-1").await;
    assert_eq!(refused["error"], "unknown symbol: NOPE");
    let update = line.event("action", "update").await;
    assert_eq!((&update["symbol"], &update["data"]["bidExchange"]), (&json!("AAPL"), &Value::Null));
}

#[tokio::test]
async fn time_and_sales_alone_brings_no_quotes_and_parts_can_be_dropped() {
    let bench = Bench::unlimited().await;
    let mut line = bench.signed_in("/v1/market/ws").await;
    let wanted = json!([{ "symbol": "AAPL", "timeAndSales": true, "level2": true }]);
    line.say(json!({ "type": "subscribe", "payload": wanted })).await;
    let dropped = json!([{ "symbol": "AAPL", "level2": true }]);
    line.say(json!({ "type": "unsubscribe", "payload": dropped })).await;
    let told = line.event("symbol", "AAPL").await;
    assert!(told["type"] == "timeAndSales" && told["data"]["price"].is_string(), "{told}");
    assert!(line.heard.iter().all(|one| one["payload"]["type"] == "timeAndSales"), "{:?}", line.heard);
}

#[tokio::test]
async fn the_market_socket_answers_requests_like_rest() {
    let bench = Bench::unlimited().await;
    let (_, found) = bench.get("/v1/marketdata/search?query=.MSFT").await;
    let day = found[0]["symbol"].as_str().unwrap();
    let day = format!("20{}-{}-{}", &day[4..6], &day[6..8], &day[8..10]);
    let mut line = bench.signed_in("/v1/market/ws").await;
    let path = format!("/options/MSFT/contracts/{day}");
    let payload = json!({ "method": "GET", "path": path });
    let answer = line.answer(json!({ "type": "request", "id": "r", "payload": payload })).await;
    let (_, rest) = bench.get(&format!("/v1{path}")).await;
    assert_eq!((&answer["type"], &answer["payload"]["data"]), (&json!("response"), &rest));
    let payload = json!({ "method": "GET", "path": "/options/NOPE/contracts/2026-12-18" });
    let answer = line.answer(json!({ "type": "request", "id": "q", "payload": payload })).await;
    assert_eq!(answer["payload"]["error"], "no such ticker: NOPE");
}

#[tokio::test]
async fn the_charts_socket_tells_quotes_and_trades() {
    let bench = Bench::unlimited().await;
    let mut line = bench.signed_in("/v1/charts/ws").await;
    line.say(json!({ "type": "subscribe", "payload": { "type": "quotes", "symbol": "AAPL" } })).await;
    let quote = line.event("symbol", "AAPL").await["data"].take();
    assert!(quote["n"] == "AAPL" && quote["v"]["lp"].is_number(), "{quote}");
    let trade = line.event("symbol", "AAPL").await["data"].take();
    assert_eq!(trade["lp"], quote["v"]["lp"]);
}

#[tokio::test]
async fn the_account_socket_tells_of_orders() {
    let bench = Bench::unlimited().await;
    let mut line = bench.signed_in("/v1/accounts/ws").await;
    let wanted = json!({ "topic": "account", "params": { "accountId": "SIM8820017" } });
    let snapshot = line.answer(json!({ "type": "subscribe", "id": "s", "payload": wanted })).await;
    assert_eq!(snapshot["type"], "subscribed");
    let snapshot = &snapshot["payload"];
    assert_eq!(snapshot["positions"].as_array().unwrap().len(), 4);
    assert!(snapshot["account"]["balance"].is_string() && snapshot["ordersV2"].is_array());
    let order = json!({ "tradingAccountId": "SIM8820017", "symbol": "MSFT", "side": "BUY", "type": "LIMIT",
        "qty": "1", "price": "400", "timeInForce": "DAY" });
    let (_, placed) = bench.post("/v1/orders", order).await;
    let told = line.event("name", "account.order").await;
    assert_eq!((&told["topic"], &told["data"]["clOrdId"]), (&json!("account"), &placed["clOrdId"]));
    bench.post("/sandbox/fill", json!({ "clOrdId": placed["clOrdId"] })).await;
    assert_eq!(line.event("name", "account.order").await["data"]["ordStatus"], "FILLED");
    assert_eq!(line.event("name", "account.balance").await["target"], "SIM8820017");
}

#[tokio::test]
async fn the_account_socket_tells_profit_watchlists_and_news() {
    let bench = Bench::unlimited().await;
    let mut line = bench.signed_in("/v1/accounts/ws").await;
    for (topic, params) in [
        ("pnl", json!({ "accountId": "SIM8820017", "startTime": "2026-11-27T14:30:00Z", "interval": "1m" })),
        ("watchlist", Value::Null),
        ("news", json!({ "symbols": ["AAPL"] })),
    ] {
        let payload = json!({ "topic": topic, "params": params });
        let said = line.answer(json!({ "type": "subscribe", "id": topic, "payload": payload })).await;
        assert_eq!(said["type"], "subscribed", "{said}");
        let data = line.next(|one| one["payload"]["data"] != Value::Null).await["payload"]["data"].take();
        assert_eq!(data.is_array(), topic != "pnl", "{topic}: {data}");
    }
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

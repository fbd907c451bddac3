//! The embedded Aries misbehaving on demand.

use reqwest::Method;
use serde_json::{Value, json};

use super::Bench;

const ORDER: &str = "/v1/orders";

fn order() -> Value {
    json!({ "tradingAccountId": "SIM8820017", "symbol": "MSFT", "side": "BUY", "type": "LIMIT", "qty": "1",
        "price": "400", "timeInForce": "DAY" })
}

impl Bench {
    async fn fault(&self, rule: Value) {
        let (status, told) = self.post("/sandbox/faults", json!([rule])).await;
        assert_eq!(status, 200, "{told}");
    }

    async fn open_orders(&self) -> usize {
        self.get("/v2/accounts/SIM8820017/orders").await.1["orders"].as_array().map_or(0, Vec::len)
    }
}

#[tokio::test]
async fn a_drop_comes_before_or_after_the_order_is_booked() {
    let bench = Bench::unlimited().await;
    for (fault, booked) in [("drop_before", 0), ("drop_after", 1)] {
        bench.fault(json!({ "method": "POST", "path": ORDER, "fault": fault })).await;
        assert!(bench.send(Method::POST, ORDER, Some(&order())).await.is_err());
        assert_eq!(bench.open_orders().await, booked, "{fault}");
    }
    // Each rule applied once.
    assert_eq!(bench.post(ORDER, order()).await.0, 200);
    let (_, log) = bench.get("/sandbox/log").await;
    let posts: Vec<&Value> = log.as_array().unwrap().iter().filter(|entry| entry["path"] == ORDER).collect();
    assert_eq!(
        posts.iter().map(|entry| &entry["status"]).collect::<Vec<_>>(),
        [&Value::Null, &json!(200), &json!(200)]
    );
    assert_eq!(posts[0]["body"]["symbol"], "MSFT");
}

#[tokio::test]
async fn a_status_does_nothing_else() {
    let bench = Bench::unlimited().await;
    let headers = json!({ "retry-after": "7" });
    bench
        .fault(
            json!({ "path": "/v1/*", "fault": "status", "status": 429, "headers": headers, "body": "busy" }),
        )
        .await;
    let answer = bench.send(Method::POST, ORDER, Some(&order())).await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (429, &"7".parse().unwrap()));
    assert_eq!(answer.text().await.unwrap(), "busy");
    assert_eq!(bench.open_orders().await, 0);
}

#[tokio::test]
async fn a_truncated_answer_breaks_off() {
    let bench = Bench::unlimited().await;
    bench.fault(json!({ "path": ORDER, "fault": "truncate" })).await;
    let answer = bench.send(Method::POST, ORDER, Some(&order())).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.is_err());
    assert_eq!(bench.open_orders().await, 1);
}

#[tokio::test]
async fn answers_can_be_wrong_in_kind_in_content_and_in_size() {
    let bench = Bench::unlimited().await;
    let path = "/v1/marketdata/search";
    bench.fault(json!({ "path": path, "fault": "content_type", "body": "<h1>hi</h1>" })).await;
    bench.fault(json!({ "path": path, "fault": "body", "body": "{\"oops\":" })).await;
    bench.fault(json!({ "path": path, "fault": "big", "bytes": 100_000 })).await;
    let get = async || bench.send(Method::GET, "/v1/marketdata/search?query=KO", None).await.unwrap();
    assert_eq!(get().await.headers()["content-type"], "text/html");
    assert_eq!(get().await.text().await.unwrap(), "{\"oops\":");
    assert!(get().await.text().await.unwrap().len() > 100_000);
    assert!(get().await.text().await.unwrap().len() < 1_000);
}

#[tokio::test]
async fn a_delay_comes_after_the_deed() {
    let bench = Bench::unlimited().await;
    bench.fault(json!({ "path": ORDER, "fault": "delay", "delay_ms": 60_000 })).await;
    let (waited, order) = (std::time::Duration::from_secs(1), order());
    assert!(tokio::time::timeout(waited, bench.send(Method::POST, ORDER, Some(&order))).await.is_err());
    assert_eq!(bench.open_orders().await, 1);
}

#[tokio::test]
async fn a_delay_holds_up_nobody_else() {
    let bench = Bench::unlimited().await;
    bench.fault(json!({ "path": "/v1/users/me", "fault": "delay", "delay_ms": 60_000 })).await;
    let slow = bench.get("/v1/users/me");
    let quick = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        bench.get("/v1/users/me/accounts").await
    };
    tokio::select! {
        _ = slow => panic!("not delayed"),
        (status, _) = quick => assert_eq!(status, 200),
    }
}

#[tokio::test]
async fn rules_can_be_cleared_and_mistakes_in_them_are_named() {
    let bench = Bench::unlimited().await;
    bench.fault(json!({ "path": "*", "times": 5, "fault": "status" })).await;
    assert_eq!(bench.get("/v1/users/me").await.0, 503);
    assert_eq!(bench.get("/sandbox/stats").await.1["faultsWaiting"], 4);
    bench.send(Method::DELETE, "/sandbox/faults", None).await.unwrap();
    assert_eq!(bench.get("/v1/users/me").await.0, 200);
    assert_eq!(bench.post("/sandbox/faults", json!([{ "path": "*", "fault": "explode" }])).await.0, 400);
    assert_eq!(bench.post("/sandbox/options", json!({ "rotat": false })).await.0, 400);
    let (_, options) = bench.post("/sandbox/options", json!({ "rotate": false, "access_ttl": 5 })).await;
    assert_eq!((&options["rotate"], &options["access_ttl"]), (&json!(false), &json!(5)));
}

#[tokio::test]
async fn a_held_order_is_booked_after_its_release_whoever_has_left() {
    let bench = Bench::unlimited().await;
    let held = || async { bench.get("/sandbox/stats").await.1["held"].clone() };
    bench.fault(json!({ "method": "POST", "path": ORDER, "fault": "delay", "hold": true })).await;
    let body = order();
    let mut sending = Box::pin(bench.send(Method::POST, ORDER, Some(&body)));
    while held().await == 0 {
        let _ = futures_util::poll!(&mut sending);
    }
    drop(sending);
    assert_eq!(bench.open_orders().await, 0);
    assert_eq!(bench.post("/sandbox/release", json!({})).await.1["released"], 1);
    while bench.open_orders().await == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(held().await, 0);
}

//! Watchlists as a client meets them.

use reqwest::Method;
use serde_json::{Value, json};

use super::documented::check;
use super::{Bench, read};

const PATH: &str = "/v1/accounts/AR4471002/watchlist";

impl Bench {
    async fn put(&self, body: Value) -> (u16, Value) {
        read(self.send(Method::PUT, PATH, Some(&body)).await.unwrap()).await
    }

    async fn delete_list(&self, id: &Value) -> (u16, Value) {
        read(self.send(Method::DELETE, &format!("/v1/watchlist/{id}"), None).await.unwrap()).await
    }
}

#[tokio::test]
async fn a_put_replaces_all_lists_and_known_names_keep_their_id() {
    let bench = Bench::unlimited().await;
    let (_, before) = bench.get(PATH).await;
    check(&before, "", "user_id watchlist", "get");
    check(&before, "/watchlist/1", "id name symbols", "get");
    let (status, after) = bench
        .put(json!([{ "name": "Chips", "symbols": ["NVDA", "AMD"] }, { "name": "Dividends", "symbols": [] }]))
        .await;
    assert_eq!(status, 200, "{after}");
    assert_eq!(after, bench.get(PATH).await.1);
    assert_eq!(after["watchlist"][1]["id"], before["watchlist"][1]["id"]);
    assert_eq!(after["watchlist"].as_array().unwrap().len(), 2);
    let (_, other) = bench.get("/v1/accounts/SIM8820017/watchlist").await;
    assert_eq!(other["watchlist"][0]["name"], "My Watchlist");
}

#[tokio::test]
async fn names_and_symbols_are_unique() {
    let bench = Bench::unlimited().await;
    for wrong in [
        json!({ "name": "A", "symbols": [] }),
        json!([{ "name": "A" }]),
        json!([{ "name": " ", "symbols": [] }]),
        json!([{ "name": "A", "symbols": [] }, { "name": "A", "symbols": [] }]),
        json!([{ "name": "A", "symbols": ["KO", "KO"] }]),
    ] {
        assert_eq!(bench.put(wrong.clone()).await.0, 400, "{wrong}");
    }
    assert_eq!(bench.get(PATH).await.1["watchlist"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_default_list_is_emptied_and_others_go() {
    let bench = Bench::unlimited().await;
    let (_, before) = bench.get(PATH).await;
    let (_, gone) = bench.delete_list(&before["watchlist"][1]["id"]).await;
    assert_eq!(gone["name"], "Dividends");
    let (_, emptied) = bench.delete_list(&before["watchlist"][0]["id"]).await;
    check(&emptied, "", "id name symbols", "delete");
    let (_, after) = bench.get(PATH).await;
    assert_eq!(after["watchlist"], json!([emptied]));
    assert_eq!(bench.delete_list(&json!(1)).await.0, 404);
    assert_eq!(bench.delete_list(&json!("x")).await.0, 400);
}

//! Watchlists as a client meets them.

use reqwest::Method;
use serde_json::{Value, json};

use super::documented::check;
use super::{Bench, read};

const PATH: &str = "/v1/config/watchlist";
const OLDER: &str = "/v1/accounts/AR4471002/watchlist";

impl Bench {
    async fn put(&self, body: Value) -> (u16, Value) {
        read(self.send(Method::PUT, OLDER, Some(&body)).await.unwrap()).await
    }

    async fn patch(&self, id: &Value, body: Value) -> (u16, Value) {
        read(self.send(Method::PATCH, &format!("{PATH}/{id}"), Some(&body)).await.unwrap()).await
    }

    async fn delete_list(&self, id: &Value) -> (u16, Value) {
        read(self.send(Method::DELETE, &format!("{PATH}/{id}"), None).await.unwrap()).await
    }
}

#[tokio::test]
async fn a_list_is_created_and_changed_by_itself() {
    let bench = Bench::unlimited().await;
    let (status, new) =
        bench.post(PATH, json!({ "name": "Chips", "symbols": ["nvda", "NVDA", "ZZZZ"] })).await;
    assert_eq!((status, &new["symbols"], &new["invalid_symbols"]), (201, &json!(["NVDA"]), &json!(["ZZZZ"])));
    let taken = bench.post(PATH, json!({ "name": "Chips" })).await;
    assert_eq!((taken.0, &taken.1["error"]["code"]), (400, &json!("WATCHLIST_ALREADY_EXISTS")));
    let change = json!({ "add_symbols": ["AMD"], "remove_symbols": ["NVDA"] });
    let (_, changed) = bench.patch(&new["id"], change).await;
    assert_eq!(changed["symbols"], json!(["AMD"]));
    assert_eq!(bench.get(&format!("{PATH}/{}", new["id"])).await.1, changed);
    assert_eq!(bench.patch(&new["id"], json!({})).await.0, 400);
    let (_, emptied) = bench.patch(&new["id"], json!({ "remove_symbols": ["AMD"] })).await;
    assert!(emptied["symbols"].is_null(), "{emptied}");
    assert_eq!(bench.get(PATH).await.1["watchlist"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_older_put_replaces_all_lists_and_known_names_keep_their_id() {
    let bench = Bench::unlimited().await;
    let (_, before) = bench.get(OLDER).await;
    check(&before, "", "user_id watchlist", "get");
    check(&before, "/watchlist/1", "id name symbols", "get");
    let (status, after) = bench
        .put(json!([{ "name": "Chips", "symbols": ["NVDA", "AMD"] }, { "name": "Dividends", "symbols": [] }]))
        .await;
    assert_eq!(status, 200, "{after}");
    assert_eq!(after, bench.get(PATH).await.1);
    assert_eq!(after["watchlist"][1]["id"], before["watchlist"][1]["id"]);
    assert_eq!(after["watchlist"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn names_and_symbols_are_unique() {
    let bench = Bench::unlimited().await;
    for wrong in [
        json!({ "name": "A", "symbols": [] }),
        json!([{ "name": " ", "symbols": [] }]),
        json!([{ "name": "A", "symbols": [] }, { "name": "A", "symbols": [] }]),
        json!([{ "name": "A", "symbols": ["KO", "KO"] }]),
    ] {
        assert_eq!(bench.put(wrong.clone()).await.0, 400, "{wrong}");
    }
    assert_eq!(bench.get(OLDER).await.1["watchlist"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_last_list_is_emptied_and_others_go() {
    let bench = Bench::unlimited().await;
    let (_, before) = bench.get(PATH).await;
    let (_, gone) = bench.delete_list(&before["watchlist"][1]["id"]).await;
    assert_eq!(gone["name"], "Dividends");
    let (_, emptied) = bench.delete_list(&before["watchlist"][0]["id"]).await;
    assert_eq!(emptied["name"], "Default");
    check(&emptied, "", "id name symbols", "delete");
    let (_, after) = bench.get(PATH).await;
    assert_eq!(after["watchlist"], json!([emptied]));
    assert_eq!(bench.delete_list(&json!(1)).await.0, 404);
    assert_eq!(bench.delete_list(&json!("x")).await.0, 400);
}

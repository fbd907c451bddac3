//! Resources that change: read, followed in both eras of the protocol, and let go.

use std::time::{Duration, Instant};

use aries_mcp::sandbox::Options;
use serde_json::{Value, json};

use crate::support::brisk::Limits;
use crate::support::{Aries, Client, Home, READING, modern, pairs};

const QUOTE: &str = "aries://quotes/AAPL";
const ORDERS: &str = "aries://orders/1002";
const UPDATED: &str = "notifications/resources/updated";
const OUT: &[&str] = &[];

struct Stage {
    aries: Aries,
    client: Client,
    _home: Home,
}

impl Stage {
    fn new(args: &[&str]) -> Self {
        let (aries, home) = (Aries::start(Options::default()), Home::new());
        let client = home.serve_within(Limits::BriefSockets, args, &pairs(&aries.env(READING)));
        Self { aries, client, _home: home }
    }

    fn older() -> Self {
        let mut stage = Self::new(OUT);
        let capabilities = stage.client.initialize("2025-11-25")["capabilities"].clone();
        assert_eq!(capabilities["resources"]["subscribe"], true, "{capabilities}");
        stage
    }

    fn price(&self, price: &str) {
        self.aries.http("POST", "/sandbox/price", None, Some(json!({"symbol": "AAPL", "price": price})));
    }

    /// Waits for an update, and tells of which resource.
    fn updated(&mut self) -> String {
        self.client.notification(UPDATED)["params"]["uri"].as_str().unwrap().to_owned()
    }

    fn read(&mut self, uri: &str, params: fn(Value) -> Value) -> String {
        let page = self.client.request("resources/read", params(json!({"uri": uri})));
        page["contents"][0]["text"].as_str().unwrap().to_owned()
    }

    /// Waits until nobody listens: the socket, which is closed as soon as it is idle, is opened anew by the next need.
    fn sockets(&self) -> usize {
        self.aries.log().iter().filter(|line| line.ends_with("/ws")).count()
    }
}

#[test]
fn templates_are_listed_and_read_as_their_tools_answer() {
    for (number, era) in [(|params| params) as fn(Value) -> Value, modern].into_iter().enumerate() {
        let mut stage = Stage::new(OUT);
        if number == 0 {
            stage.client.initialize("2025-11-25");
        }
        let list = stage.client.request("resources/templates/list", era(json!({})));
        let uris: Vec<&str> = list["resourceTemplates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["uriTemplate"].as_str().unwrap())
            .collect();
        assert_eq!(uris, ["aries://quotes/{symbol}", "aries://orders/{account}"]);
        let quote = stage.read("aries://quotes/%5ESPX", era);
        assert!(quote.contains("\nSPX|"), "{quote}");
        let orders = stage.read(ORDERS, era);
        assert!(orders.contains("|KO|"), "{orders}");
        for uri in ["aries://quotes/", "aries://quotes/%2FES", "aries://orders/9999", "aries://quotes/..%2F"]
        {
            let id = stage.client.send("resources/read", era(json!({"uri": uri})));
            let answer = stage.client.answer(id);
            assert!(answer["error"]["message"].is_string(), "{uri}: {answer}");
        }
    }
}

#[test]
fn a_subscription_is_told_of_changes_at_most_once_a_second() {
    let mut stage = Stage::older();
    stage.price("270.00");
    stage.client.request("resources/subscribe", json!({"uri": QUOTE}));
    assert_eq!(stage.updated(), QUOTE);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(1_200) {
        stage.price(&format!("{}", 270 + begun.elapsed().as_millis() % 20));
    }
    stage.updated();
    let (told, passed) = (stage.client.notifications.len(), begun.elapsed().as_secs());
    assert!(told as u64 <= passed, "{told} further updates within {passed} s");
    stage.price("280.00");
    assert_eq!(stage.updated(), QUOTE);
    assert!(stage.read(QUOTE, |params| params).contains("AAPL|280"));
    assert_eq!(stage.sockets(), 1);
}

#[test]
fn orders_are_followed_by_the_name_of_their_account() {
    let mut stage = Stage::older();
    stage.client.request("resources/subscribe", json!({"uri": ORDERS}));
    assert_eq!(stage.updated(), ORDERS);
    let text = stage.read(ORDERS, |params| params);
    let order = text.lines().find(|line| line.contains("|KO|")).unwrap().rsplit('|').next().unwrap();
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": order, "qty": null})));
    assert_eq!(stage.updated(), ORDERS);
    let filled = stage.read(ORDERS, |params| params);
    assert!(filled.contains("FILLED"), "{filled}");
    for uri in ["aries://orders/9999", "aries://reference/symbols", "aries://nonsense"] {
        let id = stage.client.send("resources/subscribe", json!({"uri": uri}));
        assert!(stage.client.answer(id)["error"].is_object(), "{uri}");
    }
}

#[test]
fn what_is_unsubscribed_from_is_let_go() {
    let mut stage = Stage::older();
    stage.price("270.00");
    // A second subscription to the same resource is the first one.
    for _ in 0..2 {
        stage.client.request("resources/subscribe", json!({"uri": QUOTE}));
    }
    assert_eq!(stage.updated(), QUOTE);
    stage.client.request("resources/unsubscribe", json!({"uri": QUOTE}));
    stage.client.notifications.clear();
    // A wait listens to the same symbol now, and alone.
    stage.price("150.00");
    let text = stage.client.text("wait_for", json!({"symbol": "AAPL", "below": "200"}));
    assert!(text.starts_with("HAPPENED"), "{text}");
    assert!(stage.client.notifications.iter().all(|one| one["method"] != UPDATED));
    stage.client.request("resources/unsubscribe", json!({"uri": "aries://quotes/MSFT"}));
    assert!(stage.client.close().success());
}

#[test]
fn eight_subscribers_share_a_socket_and_let_it_go() {
    let mut stage = Stage::new(OUT);
    stage.price("270.00");
    let filter = json!({"notifications": {"resourceSubscriptions": [QUOTE, "aries://nonsense"]}});
    let ids: Vec<u64> =
        (0..8).map(|_| stage.client.send("subscriptions/listen", modern(filter.clone()))).collect();
    for _ in &ids {
        let accepted = stage.client.notification("notifications/subscriptions/acknowledged");
        assert_eq!(accepted["params"]["notifications"], json!({"resourceSubscriptions": [QUOTE]}));
    }
    let mut told = std::collections::BTreeSet::new();
    for early in std::mem::take(&mut stage.client.notifications) {
        told.extend(early["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"].as_u64());
    }
    while told.len() < ids.len() {
        let update = stage.client.notification(UPDATED);
        told.insert(update["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"].as_u64().unwrap());
    }
    assert_eq!(stage.sockets(), 1);
    for id in &ids {
        stage.client.notify("notifications/cancelled", modern(json!({"requestId": id})));
    }
    // What is asked next is answered after that.
    stage.client.request("resources/list", modern(json!({})));
    stage.client.notifications.clear();
    stage.price("300.00");
    let wait = modern(json!({"name": "wait_for", "arguments": {"symbol": "AAPL", "above": "290"}}));
    stage.client.request("tools/call", wait);
    assert!(stage.client.notifications.iter().all(|one| one["method"] != UPDATED));
    assert!(stage.client.close().success());
}

/// Fifty resources a client, whichever subscription they belong to.
#[test]
fn a_client_follows_so_many_resources_and_no_more() {
    let mut stage = Stage::new(OUT);
    let quotes = |count: u8| {
        (0..count)
            .map(|at| {
                format!(
                    "aries://quotes/AA{}",
                    char::from(b'A' + at % 26).to_string() + &"B".repeat(usize::from(at / 26))
                )
            })
            .collect::<Vec<_>>()
    };
    let mut listen = |uris: Vec<String>| {
        let filter = json!({"notifications": {"resourceSubscriptions": uris}});
        stage.client.send("subscriptions/listen", modern(filter));
        let accepted = stage.client.notification("notifications/subscriptions/acknowledged");
        accepted["params"]["notifications"]["resourceSubscriptions"].as_array().map_or(0, Vec::len)
    };
    assert_eq!((listen(quotes(45)), listen(quotes(45)), listen(quotes(1))), (45, 5, 0));
    let id = stage.client.send("subscriptions/listen", modern(json!({"notifications": 7})));
    assert_eq!(stage.client.answer(id)["error"]["code"], -32602);

    let mut older = Stage::older();
    for uri in quotes(50) {
        older.client.request("resources/subscribe", json!({"uri": uri}));
    }
    let id = older.client.send("resources/subscribe", json!({"uri": QUOTE}));
    assert_eq!(older.client.answer(id)["error"]["code"], -32602);
    older.client.request("resources/unsubscribe", json!({"uri": quotes(1)[0]}));
    older.client.request("resources/subscribe", json!({"uri": QUOTE}));
}

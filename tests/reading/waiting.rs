//! `wait_for`, by the sockets and without them.

use serde_json::{Value, json};

use crate::support::brisk::Limits;
use crate::support::{Aries, Client, Home, READING, pairs, text_of};

const MARKET: &str = "GET /v1/market/ws";

/// A server with hardly any pauses at an Aries of its own.
struct Stage {
    aries: Aries,
    client: Client,
    _home: Home,
}

impl Stage {
    fn new() -> Self {
        Self::with(json!({}))
    }

    /// With options of the sandbox that hold from the beginning.
    fn with(options: Value) -> Self {
        let (aries, home) = (Aries::start(Default::default()), Home::new());
        aries.http("POST", "/sandbox/options", None, Some(options));
        let mut client = home.serve_within(Limits::BriefSockets, &[], &pairs(&aries.env(READING)));
        client.initialize("2025-11-25");
        Self { aries, client, _home: home }
    }

    fn options(&self, options: Value) {
        self.aries.http("POST", "/sandbox/options", None, Some(options));
    }

    fn price(&self, symbol: &str, price: &str) {
        self.aries.http("POST", "/sandbox/price", None, Some(json!({"symbol": symbol, "price": price})));
    }

    fn begin(&mut self, args: Value) -> u64 {
        let params = json!({"name": "wait_for", "arguments": args, "_meta": {"progressToken": "wait"}});
        self.client.send("tools/call", params)
    }

    /// Begins to wait, and returns once the wait knows how things stand.
    fn begun(&mut self, args: Value, standing: &str) -> u64 {
        let id = self.begin(args);
        self.until_told(standing);
        id
    }

    fn until_told(&mut self, standing: &str) {
        while !self.client.notification("notifications/progress")["params"]["message"]
            .as_str()
            .unwrap()
            .contains(standing)
        {}
    }

    fn text(&mut self, id: u64) -> String {
        let answer = self.client.answer(id);
        assert_ne!(answer["result"]["isError"], json!(true), "{answer}");
        text_of(&answer["result"])
    }

    /// Waits for AAPL to jump over a level after `disturb` and tells how many market sockets were opened.
    fn crosses_after(mut self, disturb: impl FnOnce(&mut Self)) -> usize {
        self.price("AAPL", "270.00");
        let id =
            self.begun(json!({"symbol": "AAPL", "above": "300"}), "270.00, 30.00 (11.11 %) below 300.00");
        disturb(&mut self);
        self.price("AAPL", "305.50");
        let text = self.text(id);
        assert!(text.starts_with("HAPPENED · SANDBOX · AAPL 305.50, at or above 300.00 · 20"), "{text}");
        assert!(text.contains(" New York · bid 305.47 · ask 305.53 · "), "{text}");
        self.sockets(MARKET)
    }

    fn sockets(&self, path: &str) -> usize {
        self.aries.log().iter().filter(|line| *line == path).count()
    }
}

#[test]
fn a_price_that_jumps_over_the_level_is_told() {
    assert_eq!(Stage::new().crosses_after(|_| {}), 1);
}

#[test]
fn a_dozen_waits_share_one_socket() {
    let mut stage = Stage::new();
    stage.price("AAPL", "270.00");
    let ids: Vec<u64> =
        (0..12).map(|level| stage.begin(json!({"symbol": "AAPL", "below": 200 + level}))).collect();
    stage.until_told("270.00");
    stage.price("AAPL", "150.00");
    for id in ids {
        assert!(stage.text(id).starts_with("HAPPENED · SANDBOX · AAPL 150.00, at or below 2"));
    }
    assert_eq!(stage.sockets(MARKET), 1);
}

#[test]
fn a_socket_that_is_dropped_comes_back() {
    let count = Stage::new().crosses_after(|stage| {
        stage.options(json!({"socket_drop": true}));
        while stage.sockets(MARKET) < 2 {
            stage.until_told("270.00");
        }
    });
    assert_eq!(count, 2);
}

#[test]
fn a_socket_that_falls_silent_is_given_up() {
    let count = Stage::new().crosses_after(|stage| {
        stage.options(json!({"socket_silent": true}));
        while stage.sockets(MARKET) < 2 {
            stage.until_told("270.00");
        }
    });
    assert!(count >= 2);
}

#[test]
fn garbage_harms_nothing() {
    assert_eq!(Stage::with(json!({"socket_garbage": true})).crosses_after(|_| {}), 1);
}

#[test]
fn frames_without_end_hold_up_nothing() {
    assert_eq!(Stage::with(json!({"socket_flood": true})).crosses_after(|_| {}), 1);
}

#[test]
fn without_a_socket_rest_is_asked() {
    for options in [json!({"socket_refuse": true}), json!({"socket_silent": true})] {
        assert!(Stage::with(options).crosses_after(|_| {}) >= 1);
    }
    let mut stage = Stage::new();
    stage.aries.faults(json!({"path": "/v1/market/ws", "fault": "status", "status": 403, "times": 100}));
    stage.price("AAPL", "270.00");
    let text = stage.client.text("wait_for", json!({"symbol": "AAPL", "above": "300", "seconds": 2}));
    let way =
        "waited 2 s asking every 0 s, since Aries' socket is not to be had: it refused the connection (403)";
    assert!(text.starts_with("NOT YET · SANDBOX · AAPL 270.00, 30.00 (11.11 %) below 300.00 · "), "{text}");
    assert!(text.contains(way), "{text}");
}

#[test]
fn the_older_path_is_asked_on_a_404() {
    let mut stage = Stage::new();
    stage.aries.faults(json!({"path": "/v1/market/ws", "fault": "status", "status": 404}));
    stage.price("AAPL", "270.00");
    let id = stage.begun(json!({"symbol": "AAPL", "percent": "2%"}), "270.00, 5.40 (2.00 %)");
    while stage.sockets("GET /v1/marketdata/ws") == 0 {
        stage.until_told("270.00");
    }
    stage.price("AAPL", "264.59");
    assert!(stage.text(id).contains("AAPL 264.59, moved 2 % from 270.00"));
    assert_eq!((stage.sockets(MARKET), stage.sockets("GET /v1/marketdata/ws")), (1, 1));
}

#[test]
fn a_session_that_ends_soon_is_signed_in_to_again() {
    let count = Stage::with(json!({"socket_seconds": 2})).crosses_after(|stage| {
        let begun = std::time::Instant::now();
        while begun.elapsed() < std::time::Duration::from_millis(2_400) {
            stage.until_told("270.00");
        }
    });
    assert_eq!(count, 1);
}

#[test]
fn a_level_that_is_reached_already_is_told_at_once() {
    let mut stage = Stage::new();
    stage.price("MSFT", "400.00");
    let text = stage.client.text("wait_for", json!({"symbol": "MSFT", "below": "400"}));
    assert!(text.starts_with("HAPPENED · SANDBOX · MSFT 400.00, already at or below 400.00 · "), "{text}");
}

#[test]
fn an_order_is_waited_for_until_it_fills() {
    for options in [json!({}), json!({"socket_refuse": true})] {
        let mut stage = Stage::with(options);
        let (order, account) = open_order(&mut stage);
        let fill = |stage: &Stage, qty: Option<&str>| {
            let body = json!({"clOrdId": order, "qty": qty});
            stage.aries.http("POST", "/sandbox/fill", None, Some(body));
        };
        let id = stage.begun(json!({"order": order}), "0 of 20 filled");
        fill(&stage, Some("5"));
        let text = stage.text(id);
        assert!(text.starts_with("HAPPENED · SANDBOX (plays live) …1002 · order "), "{text}");
        assert!(text.contains(" is PARTIALLY FILLED: BUY 20 KO, limit 63.90 · 5 of 20 filled at "), "{text}");
        let id = stage.begun(json!({"order": order, "account": account}), "5 of 20 filled");
        fill(&stage, None);
        let text = stage.text(id);
        assert!(text.contains(" is FILLED: BUY 20 KO, limit 63.90 · 20 of 20 filled at "), "{text}");
        let again = stage.client.text("wait_for", json!({"order": order}));
        assert!(again.contains(" (it was so already) · "), "{again}");
    }
}

/// The id of the order that is open from the start, and its account.
fn open_order(stage: &mut Stage) -> (String, &'static str) {
    let orders = stage.client.text("get_orders", json!({"account": "1002"}));
    (
        orders.lines().find(|line| line.contains("|KO|")).unwrap().rsplit('|').next().unwrap().to_owned(),
        "1002",
    )
}

#[test]
fn a_wait_ends_with_its_cancellation() {
    let mut stage = Stage::new();
    let id = stage.begun(json!({"symbol": "AAPL", "above": "3000", "seconds": 3600}), "below 3000.00");
    stage.client.notify("notifications/cancelled", json!({"requestId": id, "reason": "no longer wanted"}));
    // The next wait is told of, and the canceled one no more.
    let next = stage.begun(json!({"symbol": "AAPL", "below": "1"}), "above 1.00");
    stage.client.notifications.clear();
    stage.until_told("above 1.00");
    let heard = stage
        .client
        .notifications
        .iter()
        .any(|message| message["params"]["message"].to_string().contains("3000"));
    assert!(!heard, "{:?}", stage.client.notifications);
    stage.client.notify("notifications/cancelled", json!({"requestId": next}));
    assert!(stage.client.close().success());
}

#[test]
fn what_cannot_be_waited_for_is_refused() {
    let mut stage = Stage::new();
    for (args, cause) in [
        (json!({}), "a call waits for either a price or an order"),
        (json!({"symbol": "AAPL"}), "there is no level to wait for"),
        (
            json!({"symbol": "AAPL", "order": "1", "above": "1"}),
            "a call waits for either a price or an order",
        ),
        (json!({"symbol": "AAPL", "above": "-1"}), "`above`: \"-1\" is no positive number"),
        (json!({"symbol": "/ES", "above": "1"}), "Aries documents no quotes of futures (/ES)"),
        (json!({"symbol": "NOPE", "above": "1"}), "Aries has no price"),
        (json!({"order": "nope"}), "Aries lists no order \"nope\" today"),
        (
            json!({"symbol": "AAPL", "above": "1", "seconds": 3601}),
            "`seconds`: 3601 is not between 1 and 3600",
        ),
    ] {
        let text = stage.client.failure("wait_for", args);
        assert!(text.contains(cause), "{text}");
    }
}

#[test]
fn no_socket_is_opened_before_the_first_need() {
    let mut stage = Stage::new();
    stage.client.text("get_quotes", json!({"symbols": ["AAPL"]}));
    stage.client.text("get_portfolio", json!({}));
    assert!(stage.aries.log().iter().all(|line| !line.ends_with("/ws")));
}

#[test]
fn with_every_socket_blocked_all_is_answered_and_says_how() {
    let mut stage = Stage::new();
    let blocked = ["/v1/market/ws", "/v1/accounts/ws"]
        .map(|path| json!({"path": path, "fault": "status", "status": 403, "times": 1000}));
    stage.aries.faults(json!(blocked));
    stage.price("AAPL", "270.00");
    let (order, _) = open_order(&mut stage);
    let way = "asking every 0 s, since Aries' socket is not to be had: it refused the connection (403)";
    let text = stage.client.text("wait_for", json!({"order": order, "seconds": 1}));
    assert!(text.starts_with("NOT YET · ") && text.contains(way), "{text}");
    let id = stage.begun(json!({"order": order}), "0 of 20 filled");
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": order, "qty": null})));
    let text = stage.text(id);
    assert!(text.contains(" is FILLED: BUY 20 KO"), "{text}");
    let text = stage.client.text("get_market_status", json!({"fields": ["crypto"]}));
    let without = "\nnothing about crypto and indices: Aries' market socket could not be used: it refused the connection (403)";
    assert!(text.starts_with("SANDBOX · market open · ") && text.contains(without), "{text}");
    stage.client.request("resources/subscribe", json!({"uri": "aries://quotes/AAPL"}));
    stage.client.notification("notifications/resources/updated");
    stage.price("AAPL", "300.00");
    stage.client.notification("notifications/resources/updated");
}

#[test]
fn a_wait_for_an_order_ends_in_its_seconds_though_the_lists_hang() {
    let mut stage = Stage::new();
    let hangs = ["AR4471002", "SIM8820017"].map(|account| {
        json!({"path": format!("/v2/accounts/{account}/orders"), "times": 9, "fault": "delay", "delay_ms": 15_000})
    });
    stage.aries.faults(json!(hangs));
    let id = stage.begin(json!({"order": "1", "seconds": 1}));
    let told = stage.text(id);
    assert!(
        told.starts_with("NOT YET · SANDBOX · order \"1\": Aries has not listed it · waited 1 s · "),
        "{told}"
    );
}

//! Orders through the real binary on the embedded Aries: previewed, approved, sent exactly once.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may fail loudly")]

mod support;

use aries_mcp::sandbox::Options;
use serde_json::{Value, json};
use support::{Aries, Client, Home, pairs, stderr, stdout, text_of, trading};

const LIVE: &str = "AR4471002";
const SIM: &str = "SIM8820017";

/// An embedded Aries, a home, and as many servers as a test wants.
struct Stage {
    aries: Aries,
    home: Home,
}

impl Stage {
    fn new(config: &str) -> Self {
        let aries = Aries::start(Options { rate_limits: false, ..Options::default() });
        let home = Home::new();
        std::fs::create_dir_all(home.path("config")).unwrap();
        std::fs::write(home.path("config/config.toml"), config).unwrap();
        Self { aries, home }
    }

    fn env(&self) -> Vec<(&'static str, String)> {
        self.aries.env(&trading())
    }

    fn client(&self) -> Client {
        let env = self.env();
        let mut client = self.home.serve(&["serve"], &pairs(&env));
        client.initialize("2025-06-18");
        client
    }

    fn run(&self, args: &[&str]) -> std::process::Output {
        let env = self.env();
        self.home.run(args, &pairs(&env))
    }

    /// What `aries-mcp orders --json` knows.
    fn journal(&self) -> Vec<Value> {
        let output = self.run(&["orders", "--json"]);
        assert!(output.status.success(), "{}", stderr(&output));
        serde_json::from_str::<Value>(&stdout(&output)).unwrap().as_array().unwrap().clone()
    }

    fn verified(&self) {
        let output = self.run(&["orders", "verify"]);
        assert!(output.status.success(), "{}", stderr(&output));
    }

    /// Orders on a symbol that are in the book of an account today, whatever became of them.
    fn book(&self, account: &str, symbol: &str) -> Vec<Value> {
        let token = self.aries.issue(&trading()).access_token;
        let list = self.aries.http(
            "GET",
            &format!("/v2/accounts/{account}/orders?limit=500&source=db"),
            Some(&token),
            None,
        );
        list["orders"].as_array().unwrap().iter().filter(|order| order["symbol"] == symbol).cloned().collect()
    }

    /// How often a path was posted to.
    fn posts(&self, path: &str) -> usize {
        self.aries.log().iter().filter(|line| **line == format!("POST {path}")).count()
    }

    fn fault(&self, path: &str, fault: Value) {
        let mut rule = json!({"method": "POST", "path": path});
        rule.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
        self.aries.faults(rule);
    }
}

fn msft(account: &str) -> Value {
    json!({"account": account, "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit", "limit_price": "400.00"})
}

fn ticket(client: &mut Client, args: Value) -> String {
    let result = client.call("preview_order", args);
    assert_ne!(result["isError"], json!(true), "{result}");
    result["structuredContent"]["ticket"].as_str().unwrap().to_owned()
}

fn place(client: &mut Client, ticket: &str) -> Value {
    let result = client.call("place_order", json!({"ticket": ticket}));
    assert_ne!(result["isError"], json!(true), "{result}");
    result
}

/// The answer to one of several calls at once: it may have come while another was waited for.
fn answer(client: &mut Client, id: u64) -> Value {
    let earlier = client.notifications.iter().position(|message| message["id"] == json!(id));
    match earlier {
        Some(at) => client.notifications.remove(at),
        None => client.answer(id),
    }
}

fn state(result: &Value) -> &str {
    result["structuredContent"]["state"].as_str().unwrap_or_else(|| panic!("no state in {result}"))
}

#[test]
fn a_limit_order_is_previewed_placed_once_and_cancelled() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let preview = client.call("preview_order", msft("0017"));
    let text = text_of(&preview);
    assert!(
        text.contains(
            "BUY 10 MSFT, limit 400.00, day, account …0017 SANDBOX (plays simulated), about 4,000.00 USD"
        ),
        "{text}"
    );
    for fact in [
        "Estimated cost|4,000.00",
        "Margin|",
        "Buying power effect|",
        "Day trades|0",
        "judged by: bid ",
        "ticket: t-",
    ] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
    let facts = &preview["structuredContent"];
    assert_eq!(facts["estimated_cost"], "4000.00");
    let ticket = facts["ticket"].as_str().unwrap();
    let placed = place(&mut client, ticket);
    assert_eq!(state(&placed), "WORKING");
    assert!(
        text_of(&placed).starts_with("WORKING · SANDBOX (plays simulated) …0017 · BUY 10 MSFT"),
        "{placed}"
    );
    // The same ticket is only a key to the outcome.
    assert_eq!(text_of(&place(&mut client, ticket)), text_of(&placed));
    assert_eq!(stage.posts("/v1/orders"), 1);
    let book = stage.book(SIM, "MSFT");
    assert_eq!(book.len(), 1);
    assert_eq!(book[0]["clientId"], placed["structuredContent"]["client_id"]);
    let id = placed["structuredContent"]["order_id"].as_str().unwrap();
    let cancelled = client.call("cancel_order", json!({"order": id}));
    assert_eq!(state(&cancelled), "CANCELED");
    assert_eq!(state(&client.call("cancel_order", json!({"order": id, "account": "0017"}))), "CANCELED");
    assert_eq!(stage.posts("/v1/orders/cancel"), 1);
    let journal = stage.journal();
    assert_eq!(
        (journal.len(), &journal[0]["body"]["qty"], &journal[0]["order"]),
        (1, &json!("10"), &json!(id))
    );
    stage.verified();
}

#[test]
fn without_the_right_or_read_only_nothing_is_listed() {
    let stage = Stage::new("");
    let names = |args: &[&str], env: &[(&'static str, String)]| {
        let output = stage.home.run(args, &pairs(env));
        stdout(&output)
    };
    let trade = ["preview_order", "place_order", "cancel_order"];
    let listed = names(&["tools", "--json"], &stage.env());
    assert!(trade.iter().all(|tool| listed.contains(&format!("\"{tool}\""))), "{listed}");
    let reading = names(&["tools", "--json"], &stage.aries.env(support::READING));
    let read_only = names(&["tools", "--json", "--read-only"], &stage.env());
    let mut unknown = stage.env();
    unknown.retain(|(name, _)| *name != "ARIES_SCOPES");
    let unknown = names(&["tools", "--json"], &unknown);
    for list in [reading, read_only, unknown] {
        assert!(trade.iter().all(|tool| !list.contains(&format!("\"name\": \"{tool}\""))), "{list}");
    }
    let mut client = stage.home.serve(&["serve", "--read-only"], &pairs(&stage.env()));
    client.initialize("2025-06-18");
    assert!(client.failure("preview_order", msft("0017")).contains("not available"));
    assert!(client.failure("place_order", json!({"ticket": "x"})).contains("not available"));
}

#[test]
fn a_live_account_is_closed_unless_the_person_opened_it() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let refused = client.failure("preview_order", msft("1002"));
    assert!(refused.contains("live trading is off") && refused.contains("ask the person"), "{refused}");
    assert!(!refused.contains("trading.live") && !refused.contains("config.toml"), "{refused}");
    assert_eq!(stage.posts("/v1/orders") + stage.posts("/v1/orders/preview"), 0);
    assert!(
        client
            .failure(
                "preview_order",
                json!({"symbol": "MSFT", "action": "buy", "quantity": "1", "type": "market"})
            )
            .contains("several accounts are open")
    );
    assert!(client.failure("place_order", json!({"ticket": "t-0000"})).contains("NOT SENT"));
    assert!(!LIVE.is_empty());
}

#[test]
fn answers_lost_before_and_after_booking_never_make_two() {
    // What happens to the POST, whether Aries shows our id in lists, whether the order is booked.
    let faults = [
        (json!({"fault": "drop_after"}), true, true),
        (json!({"fault": "drop_after"}), false, true),
        (json!({"fault": "truncate"}), true, true),
        (json!({"fault": "content_type", "body": "<html>"}), true, true),
        (json!({"fault": "body", "status": 502, "body": "bad gateway"}), true, true),
        (json!({"fault": "body", "status": 500, "body": "{}"}), false, true),
        (json!({"fault": "body", "body": "{\"success\":true}"}), true, true),
        (json!({"fault": "drop_before"}), true, false),
        (json!({"fault": "status", "status": 503}), true, false),
    ];
    std::thread::scope(|scope| {
        for (fault, echo, booked) in faults {
            scope.spawn(move || {
                let stage = Stage::new("");
                stage.aries.http("POST", "/sandbox/options", None, Some(json!({"echo_client_id": echo})));
                let mut client = stage.client();
                let first = ticket(&mut client, msft("0017"));
                stage.fault("/v1/orders", fault.clone());
                let placed = place(&mut client, &first);
                assert_eq!(stage.posts("/v1/orders"), 1, "{fault}");
                assert_eq!(stage.book(SIM, "MSFT").len(), usize::from(booked), "{fault}");
                if booked {
                    assert_eq!(state(&placed), "WORKING", "{fault}: {placed}");
                    stage.verified();
                    return;
                }
                assert_eq!(state(&placed), "UNKNOWN", "{fault}: {placed}");
                assert_eq!(stage.journal()[0]["state"], "UNKNOWN");
                // In this process and in another one, nothing new on the same underlying until it is settled.
                for client in [&mut client, &mut stage.client()] {
                    let again = ticket(client, msft("0017"));
                    let placed = place(client, &again);
                    assert_eq!(state(&placed), "NOT SENT", "{fault}: {placed}");
                    assert!(text_of(&placed).contains("orders settle am-"), "{placed}");
                }
                let other = json!({"account": "0017", "symbol": "KO", "action": "buy", "quantity": "1", "type": "limit", "limit_price": "50"});
                let other = ticket(&mut client, other);
                assert_eq!(state(&place(&mut client, &other)), "WORKING");
                assert_eq!(stage.posts("/v1/orders"), 2);
                stage.verified();
            });
        }
    });
}

#[test]
fn killed_while_an_order_is_on_its_way_a_later_process_finds_it() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    stage.fault("/v1/orders", json!({"fault": "delay", "delay_ms": 20000}));
    client.send("tools/call", json!({"name": "place_order", "arguments": {"ticket": first}}));
    while stage.posts("/v1/orders") == 0 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    client.child.kill().unwrap();
    client.child.wait().unwrap();
    assert_eq!(stage.journal()[0]["event"], "sent");
    assert_eq!(stage.journal()[0]["state"], "UNKNOWN");
    let mut later = stage.client();
    let second = ticket(
        &mut later,
        json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "1", "type": "limit", "limit_price": "400"}),
    );
    // The later process looks first, finds the order, and may then go on.
    assert_eq!(state(&place(&mut later, &second)), "WORKING");
    let journal = stage.journal();
    assert_eq!(
        journal.iter().map(|order| order["event"].as_str().unwrap()).collect::<Vec<_>>(),
        ["found", "answered"]
    );
    assert_eq!(stage.book(SIM, "MSFT").len(), 2);
    stage.verified();
}

#[test]
fn eight_processes_at_once_book_what_each_meant_once() {
    let stage = Stage::new("");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut client = stage.client();
                let ticket = ticket(&mut client, json!({"account": "0017", "symbol": "KO", "action": "buy", "quantity": "1", "type": "limit", "limit_price": "50"}));
                let ids: Vec<u64> = (0..3).map(|_| client.send("tools/call", json!({"name": "place_order", "arguments": {"ticket": ticket}}))).collect();
                for id in ids {
                    let placed = answer(&mut client, id)["result"].clone();
                    assert!(["WORKING", "NOT SENT"].contains(&state(&placed)), "{placed}");
                }
            });
        }
    });
    let journal = stage.journal();
    assert_eq!(journal.len(), 8);
    let sent = journal.iter().filter(|order| order["state"] != "NOT SENT").count();
    assert_eq!((stage.book(SIM, "KO").len(), stage.posts("/v1/orders")), (sent, sent));
    assert!(sent >= 3, "{sent}");
    stage.verified();
}

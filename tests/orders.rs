//! Orders through the real binary on the embedded Aries: previewed, approved, sent exactly once.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may fail loudly")]

mod support;

#[path = "orders/book.rs"]
mod book;

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
    // Previewed once more, it says that this would be another one.
    assert!(
        text_of(&client.call("preview_order", msft("0017")))
            .contains("the same order was sent 0 min ago (WORKING)")
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
fn a_ticket_of_an_ended_process_tells_what_became_of_its_order() {
    let stage = Stage::new("");
    let mut client = stage.client();
    // Sent, and killed before the answer; answered, and ended in peace.
    let lost = ticket(&mut client, msft("0017"));
    let known = ticket(&mut client, ko("1", "50"));
    assert_eq!(state(&place(&mut client, &known)), "WORKING");
    stage.fault("/v1/orders", json!({"fault": "delay", "delay_ms": 4000}));
    client.send("tools/call", json!({"name": "place_order", "arguments": {"ticket": lost}}));
    while stage.posts("/v1/orders") < 2 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    client.child.kill().unwrap();
    client.child.wait().unwrap();
    let mut later = stage.client();
    for (ticket, symbol) in [(&lost, "MSFT"), (&known, "KO")] {
        let told = place(&mut later, ticket);
        assert_eq!(state(&told), "WORKING", "{told}");
        assert_eq!(told["structuredContent"]["order_id"], stage.book(SIM, symbol)[0]["clOrdId"], "{told}");
        assert!(text_of(&told).contains("do not order it again"), "{told}");
    }
    assert_eq!(stage.posts("/v1/orders"), 2);
    let journal = std::fs::read_dir(stage.home.path("state")).unwrap();
    let journal: String =
        journal.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default()).collect();
    assert!(!journal.contains(&lost) && !journal.contains(&known), "a ticket stands in the journal");
    stage.verified();
}

#[test]
fn a_cancelled_call_leaves_no_ticket_half_way() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, ko("1", "50"));
    place(&mut client, &first);
    let second = ticket(&mut client, msft("0017"));
    let busy = support::journal_lock(&stage.home);
    let call = client.send("tools/call", json!({"name": "place_order", "arguments": {"ticket": second}}));
    std::thread::sleep(std::time::Duration::from_millis(300));
    client.notify("notifications/cancelled", json!({"requestId": call}));
    std::thread::sleep(std::time::Duration::from_millis(300));
    drop(busy);
    // The person asks what became of it: it went on, once.
    assert_eq!(state(&place(&mut client, &second)), "WORKING");
    assert_eq!(stage.book(SIM, "MSFT").len(), 1);
    assert_eq!(stage.posts("/v1/orders"), 2);
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
    let unknown = client.failure("place_order", json!({"ticket": "t-0000"}));
    assert!(unknown.contains("no such ticket") && unknown.contains("get_orders first"), "{unknown}");
    assert!(!unknown.contains("NOT SENT"), "{unknown}");
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
    let one = json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "1", "type": "limit", "limit_price": "400"});
    let mut second = ticket(&mut later, one.clone());
    let mut placed = place(&mut later, &second);
    // The later process looks first. If that is only when placing, the person hears of it before another one is sent.
    if state(&placed) == "NOT SENT" {
        let text = text_of(&placed);
        assert!(text.contains("was just found at Aries (BUY 10 MSFT"), "{text}");
        assert_eq!(stage.posts("/v1/orders"), 1);
        second = ticket(&mut later, one);
        placed = place(&mut later, &second);
    }
    assert_eq!(state(&placed), "WORKING");
    let journal = stage.journal();
    assert_eq!(
        journal
            .iter()
            .map(|order| order["event"].as_str().unwrap())
            .filter(|event| *event != "dropped")
            .collect::<Vec<_>>(),
        ["found", "answered"]
    );
    assert_eq!(stage.book(SIM, "MSFT").len(), 2);
    stage.verified();
}

#[test]
fn a_later_process_looks_first_whatever_it_is_asked() {
    let stage = Stage::new("");
    for what in ["preview", "refused", "cancel"] {
        let mut client = stage.client();
        let first = ticket(&mut client, msft("0017"));
        stage.fault("/v1/orders", json!({"fault": "delay", "delay_ms": 20000}));
        let before = stage.posts("/v1/orders");
        client.send("tools/call", json!({"name": "place_order", "arguments": {"ticket": first}}));
        while stage.posts("/v1/orders") == before {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        client.child.kill().unwrap();
        client.child.wait().unwrap();
        let doubtful = stage.journal().pop().unwrap();
        assert_eq!(doubtful["state"], "UNKNOWN");
        let mut later = stage.client();
        match what {
            // Another account and another symbol: it is looked for all the same, and told.
            "preview" => {
                let text = text_of(&later.call("preview_order", ko("1", "50")));
                assert!(text.contains("an earlier order whose answer was lost is at Aries"), "{text}");
                assert!(
                    !text_of(&later.call("preview_order", ko("1", "50"))).contains("whose answer was lost")
                );
            }
            "refused" => drop(later.failure("preview_order", msft("1002"))),
            _ => {
                let id = doubtful["id"].as_str().unwrap();
                assert_eq!(state(&later.call("cancel_order", json!({"order": id}))), "CANCELED");
            }
        }
        let journal = stage.journal();
        let now = journal.iter().find(|order| order["id"] == doubtful["id"]).unwrap();
        assert_eq!(now["event"], "found", "{what}: {now}");
    }
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

fn ko(quantity: &str, price: &str) -> Value {
    json!({"account": "0017", "symbol": "KO", "action": "buy", "quantity": quantity, "type": "limit", "limit_price": price})
}

fn order_id(result: &Value) -> String {
    result["structuredContent"]["order_id"].as_str().unwrap().to_owned()
}

#[test]
fn replacements_follow_changing_ids() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let first = order_id(&place(&mut client, &first));
    let mut id = first.clone();
    for price in ["401.00", "402.50", "399"] {
        // Always by the very first id: the journal knows what it is called now.
        let preview =
            client.call("preview_order", json!({"account": "0017", "replaces": first, "limit_price": price}));
        assert!(text_of(&preview).contains("instead of"), "{preview}");
        let next =
            preview["structuredContent"]["ticket"].as_str().unwrap_or_else(|| panic!("{preview}")).to_owned();
        let placed = place(&mut client, &next);
        assert_eq!(state(&placed), "WORKING", "{placed}");
        let newer = order_id(&placed);
        assert_ne!(newer, id);
        id = newer;
    }
    let log = stage.aries.http("GET", "/sandbox/log", None, None);
    let bodies: Vec<&Value> = log
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["path"] == "/v1/orders/replace")
        .map(|entry| &entry["body"])
        .collect();
    assert_eq!(bodies.len(), 3);
    let mut body = bodies[0].clone();
    body.as_object_mut().unwrap().remove("clientId");
    assert_eq!(
        body,
        json!({"origClOrdId": first, "tradingAccountId": SIM, "symbol": "MSFT", "side": "BUY", "type": "LIMIT", "price": "401.00"})
    );
    assert_eq!(stage.book(SIM, "MSFT").len(), 1);
    for (wrong, why) in [
        (json!({"limit_price": "399"}), "changes nothing"),
        (json!({"action": "sell", "limit_price": "398"}), "cannot be changed"),
        (json!({"symbol": "KO", "limit_price": "398"}), "cannot be changed"),
        (json!({"type": "market"}), "cannot be replaced"),
        (json!({"time_in_force": "extended_hours"}), "day, gtc, ioc or fok"),
        (json!({"stop_price": "398"}), "does not belong"),
        (json!({"limit_price": "398.001"}), "between two ticks"),
        (json!({"quantity": "1.5"}), "whole number"),
    ] {
        let mut args = json!({"account": "0017", "replaces": id});
        args.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let text = client.failure("preview_order", args);
        assert!(text.contains(why), "{wrong}: {text}");
    }
    // Filled between preview and place: what the person saw is no more, so nothing is sent.
    let late = ticket(&mut client, json!({"account": "0017", "replaces": id, "quantity": "12"}));
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id, "qty": "4"})));
    let placed = place(&mut client, &late);
    assert_eq!(state(&placed), "NOT SENT");
    assert!(text_of(&placed).contains("has changed since the preview"), "{placed}");
    let partly = client.call("cancel_order", json!({"order": first}));
    assert_eq!(state(&partly), "CANCELED");
    assert!(text_of(&partly).contains("4 of 10 filled"), "{partly}");
    stage.verified();
}

#[test]
fn a_cancel_that_comes_too_late_says_what_the_order_is() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let id = order_id(&place(&mut client, &first));
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id})));
    assert_eq!(state(&client.call("cancel_order", json!({"order": id}))), "FILLED");
    assert_eq!(stage.posts("/v1/orders/cancel"), 0);
    assert!(client.failure("cancel_order", json!({"order": "nothing"})).contains("lists no order"));
    // Lost before and after: told as it is seen.
    for (fault, expected) in [("drop_after", "CANCELED"), ("drop_before", "UNKNOWN")] {
        let next = ticket(&mut client, ko("1", "50"));
        let id = order_id(&place(&mut client, &next));
        stage.fault("/v1/orders/cancel", json!({"fault": fault}));
        let cancelled = client.call("cancel_order", json!({"order": id, "account": "0017"}));
        assert_eq!(state(&cancelled), expected, "{cancelled}");
    }
    stage.verified();
}

#[test]
fn limits_hold_across_processes_and_say_to_ask_the_person() {
    let stage = Stage::new(
        "[trading]\nmax_orders_per_day = 3\nmax_order_value = 4500\nmax_order_quantity = 50\nsymbols_deny = [\"tsla\"]\norder_types = [\"limit\"]\n",
    );
    let mut client = stage.client();
    let deny = [
        (json!({"quantity": "51", "symbol": "F", "limit_price": "10"}), "51 shares"),
        (json!({"quantity": "12"}), "a value of 4,800.00 USD"),
        (json!({"symbol": "TSLA", "quantity": "1"}), "not among the symbols"),
        (json!({"type": "market"}), "not among those the person allows"),
    ];
    for (change, why) in deny {
        let mut order = msft("0017");
        order.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        if order["type"] == "market" {
            order.as_object_mut().unwrap().remove("limit_price");
        }
        let text = client.failure("preview_order", order);
        assert!(text.contains(why) && text.contains("tell the person"), "{text}");
        assert!(!text.contains("config") && !text.contains("max_"), "{text}");
    }
    // Eight processes hold a ticket each; three orders are left for the day.
    std::thread::scope(|scope| {
        for symbol in ["KO", "MSFT", "F", "SPY", "AAPL", "NVDA", "PFE", "DIS"] {
            let stage = &stage;
            scope.spawn(move || {
                let mut client = stage.client();
                let order = json!({"account": "0017", "symbol": symbol, "action": "buy", "quantity": "1", "type": "limit", "limit_price": "5"});
                let Value::String(ticket) = client.call("preview_order", order)["structuredContent"]["ticket"].clone() else { return };
                place(&mut client, &ticket);
            });
        }
    });
    assert_eq!(stage.posts("/v1/orders"), 3);
    assert!(client.failure("preview_order", msft("0017")).contains("3 orders were sent today"));
    let status = stage.run(&["status", "--json"]);
    let status: Value = serde_json::from_str(&stdout(&status)).unwrap();
    assert_eq!(status["limits"]["simulated"]["orders_today"], 3, "{status}");
    let read = client.request("resources/read", json!({"uri": "aries://trading/limits"}));
    let read: Value = serde_json::from_str(read["contents"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&read["live_trading"], &read["limits"]["simulated"]["orders_today"]),
        (&json!(false), &json!(3))
    );
    let listed = client.request("resources/list", json!({})).to_string();
    assert!(listed.contains("aries://trading/limits"), "{listed}");
    stage.verified();
}

#[test]
fn killed_before_sending_nothing_was_sent_and_after_it_nothing_is_lost() {
    // What is slow when the process dies: a read before the POST, or the list after the answer.
    for (path, event, posts) in [("/v1/accounts/*", "intent", 0), ("/v2/accounts/*", "answered", 1)] {
        let stage = Stage::new("");
        let mut client = stage.client();
        let first = ticket(&mut client, msft("0017"));
        let times = if posts == 0 { 9 } else { 1 };
        if posts == 1 {
            // Only lists after the answer are slow.
            stage.fault("/v1/orders", json!({"fault": "delay", "delay_ms": 700}));
        }
        let slow =
            json!({"method": "GET", "path": path, "fault": "delay", "delay_ms": 15000, "times": times});
        if posts == 0 {
            stage.aries.faults(slow.clone());
        }
        client.send("tools/call", json!({"name": "place_order", "arguments": {"ticket": first}}));
        let until = |done: &dyn Fn() -> bool| {
            let end = std::time::Instant::now() + support::PATIENCE;
            while !done() {
                assert!(std::time::Instant::now() < end, "{path}");
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        };
        if posts == 1 {
            until(&|| stage.posts("/v1/orders") == 1);
            stage.aries.faults(slow);
        }
        until(&|| stage.journal().first().is_some_and(|order| order["event"] == event));
        client.child.kill().unwrap();
        client.child.wait().unwrap();
        stage.aries.http("DELETE", "/sandbox/faults", None, None);
        assert_eq!(stage.posts("/v1/orders"), posts);
        assert_eq!(stage.book(SIM, "MSFT").len(), posts);
        let mut later = stage.client();
        // The journal knows the ticket: what was sent is found, whichever process is asked.
        let same = place(&mut later, &first);
        let expected = match (event, posts) {
            (_, 1) => "WORKING",
            ("intent", _) => "WAITING FOR APPROVAL",
            _ => "UNKNOWN",
        };
        assert_eq!(state(&same), expected, "{event} {posts}: {same}");
        assert_eq!(stage.posts("/v1/orders"), posts);
        let next = ticket(&mut later, msft("0017"));
        assert_eq!(state(&place(&mut later, &next)), "WORKING");
        assert_eq!(stage.book(SIM, "MSFT").len(), posts + 1);
        stage.verified();
    }
}

#[test]
fn told_to_end_while_an_order_is_on_its_way_it_is_journalled_first() {
    for signal in ["-TERM", "-INT", "-HUP"] {
        let stage = Stage::new("");
        let mut client = stage.client();
        let first = ticket(&mut client, msft("0017"));
        stage.fault("/v1/orders", json!({"fault": "delay", "delay_ms": 1500}));
        client.send("tools/call", json!({"name": "place_order", "arguments": {"ticket": first}}));
        while stage.posts("/v1/orders") == 0 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let id = client.child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert!(client.wait().success());
        let journal = stage.journal();
        assert_eq!(journal[0]["event"], "answered", "{signal}: {journal:?}");
        assert_eq!(stage.posts("/v1/orders"), 1);
    }
}

#[test]
fn lists_that_lag_behind_deceive_nobody() {
    let stage = Stage::new("");
    stage.aries.http("POST", "/sandbox/options", None, Some(json!({"list_lag_ms": 60000})));
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    stage.fault("/v1/orders", json!({"fault": "drop_after"}));
    assert_eq!(state(&place(&mut client, &first)), "WORKING");
    // 20 are held: the second sale of 20 would be a short by accident.
    let sell = json!({"account": "0017", "symbol": "TSLA", "action": "sell", "quantity": "20", "type": "limit", "limit_price": "990"});
    let one = ticket(&mut client, sell.clone());
    let two = ticket(&mut client, sell.clone());
    assert_eq!(state(&place(&mut client, &one)), "WORKING");
    let placed = place(&mut client, &two);
    assert_eq!(state(&placed), "NOT SENT");
    assert!(text_of(&placed).contains("held 20, already in open orders 20, asked 20 shares"), "{placed}");
    assert!(client.failure("preview_order", sell).contains("already in open orders 20"));
}

#[test]
fn an_open_order_that_cannot_be_read_is_never_taken_for_another() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let row = json!({"clOrdId": "OPT-1", "ordId": "9", "accountId": SIM, "symbol": "MSFT", "side": "BUY",
        "type": "LIMIT", "timeInForce": "DAY", "qty": "4", "price": "9.00", "stopPrice": "", "cumQty": "0",
        "leavesQty": "4", "avgPrice": "0", "ordStatus": "NEW", "securityType": "OPT",
        "createdAt": "2026-11-21T14:00:00Z", "updatedAt": "2026-11-21T14:00:00Z"});
    let list = |change: Value, times: u32| {
        let mut row = row.clone();
        for (name, value) in change.as_object().unwrap() {
            row[name] = value.clone();
        }
        let body = json!({"orders": [row], "nextCursor": 0}).to_string();
        stage.aries.faults(json!({"method": "GET", "path": format!("/v2/accounts/{SIM}/orders"),
            "fault": "body", "body": body, "times": times}));
    };
    // Without legs it is an option all the same, whatever its symbol looks like.
    list(json!({}), 1);
    let refused =
        client.failure("preview_order", json!({"account": "0017", "replaces": "OPT-1", "quantity": "400"}));
    assert!(refused.contains("OPT-1 cannot be replaced"), "{refused}");
    // What is open and cannot be read may be anything, so nothing is ordered beside it.
    let changes = [
        json!({}),
        json!({"qty": null, "leavesQty": null, "securityType": "CS"}),
        json!({"side": null, "securityType": "CS"}),
        json!({"securityType": null}),
        json!({"symbol": null}),
        json!({"clOrdId": null, "securityType": "CS"}),
        json!({"legs": [{"side": "SELL"}]}),
        json!({"legs": [{"side": "SELL"}, {"side": "BUY", "putCall": "CALL", "strikePrice": "300", "maturity": "2027-01-15"}]}),
        json!({"symbol": "MSFT 15JAN27 280 C"}),
    ];
    for change in changes {
        list(change.clone(), 1);
        let refused = client.failure("preview_order", msft("0017"));
        assert!(refused.contains("an open order on MSFT cannot be read"), "{change}: {refused}");
    }
    // Ended ones, other tickers and readable ones are in nobody's way.
    for change in [
        json!({"ordStatus": "CANCELED"}),
        json!({"symbol": "TSLA"}),
        json!({"securityType": "CS"}),
        json!({"securityType": "EQUITY"}),
        json!({"symbol": "MSFT270115C00280000"}),
    ] {
        list(change, 1);
        ticket(&mut client, msft("0017"));
    }
    // Canceling takes back what Aries lists, not what we make of it.
    list(json!({}), 1);
    client.call("cancel_order", json!({"order": "OPT-1", "account": "0017"}));
    let journal = std::fs::read_dir(stage.home.path("state")).unwrap();
    let journal = journal.map(|file| file.unwrap().path()).find(|path| path.extension().unwrap() == "jsonl");
    let text = std::fs::read_to_string(journal.unwrap()).unwrap();
    assert!(text.contains("\"securityType\":\"OPT\"") && !text.contains("\"CS\""), "{text}");
}

#[test]
fn a_fill_while_the_lists_are_read_sells_nothing_twice() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let sell = json!({"account": "0017", "symbol": "TSLA", "action": "sell", "quantity": "20", "type": "limit", "limit_price": "990"});
    let first = ticket(&mut client, sell.clone());
    let placed = place(&mut client, &first);
    let id = placed["structuredContent"]["order_id"].as_str().unwrap().to_owned();
    // The first answer with orders comes late enough for a list of positions read beside it to be older.
    let path = format!("/v2/accounts/{SIM}/orders");
    let reads =
        |stage: &Stage| stage.aries.log().iter().filter(|line| line.contains(&format!("GET {path}"))).count();
    let before = reads(&stage);
    stage.aries.faults(json!({"method": "GET", "path": path, "fault": "status", "status": 503}));
    let call = client.send("tools/call", json!({"name": "preview_order", "arguments": sell}));
    while reads(&stage) == before {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    std::thread::sleep(std::time::Duration::from_millis(40));
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id})));
    let answer = answer(&mut client, call);
    assert_eq!(answer["result"]["isError"], json!(true), "{answer}");
    assert!(text_of(&answer["result"]).contains("more than there is to close"), "{answer}");
}

#[test]
fn a_replacement_that_is_denied_and_named_at_once_is_looked_up() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let old = place(&mut client, &first)["structuredContent"]["order_id"].as_str().unwrap().to_owned();
    let next = ticket(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "401.00"}));
    let said = json!({"success": false, "status": "REPLACED", "clOrdId": "ZZ", "origClOrdId": old});
    stage.fault("/v1/orders/replace", json!({"fault": "body", "body": said.to_string()}));
    let placed = place(&mut client, &next);
    assert_eq!(state(&placed), "WORKING", "{placed}");
    assert!(text_of(&placed).contains("it was found in the list of orders"), "{placed}");
    let open: Vec<Value> =
        stage.book(SIM, "MSFT").into_iter().filter(|order| order["ordStatus"] == "NEW").collect();
    assert_eq!((open.len(), &open[0]["price"]), (1, &json!("401.00")), "{open:?}");
}

#[test]
fn a_refusal_is_told_and_leaves_no_doubt() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let faults = [
        (
            json!({"fault": "status", "status": 200, "body": "{\"success\":false,\"status\":\"REJECTED\",\"text\":\"not today\"}"}),
            "REJECTED",
            "not today",
        ),
        (
            json!({"fault": "status", "status": 400, "body": "{\"error\":\"bad price\"}"}),
            "NOT SENT",
            "bad price",
        ),
        (json!({"fault": "status", "status": 403}), "NOT SENT", "403"),
        (json!({"fault": "status", "status": 429}), "NOT SENT", "429"),
        (json!({"fault": "status", "status": 401}), "NOT SENT", "access token"),
    ];
    for (fault, expected, said) in faults {
        let next = ticket(&mut client, msft("0017"));
        stage.fault("/v1/orders", fault);
        let placed = place(&mut client, &next);
        assert_eq!(state(&placed), expected, "{placed}");
        assert!(text_of(&placed).contains(said), "{placed}");
    }
    assert_eq!(stage.book(SIM, "MSFT").len(), 0);
    let next = ticket(&mut client, msft("0017"));
    assert_eq!(state(&place(&mut client, &next)), "WORKING");
    stage.verified();
}

#[test]
fn after_a_401_the_sign_in_is_renewed_and_the_order_sent_once_more() {
    let aries = Aries::start(Options { rate_limits: false, auto_consent: true, ..Options::default() });
    let stage = Stage { aries, home: Home::new() };
    stage.home.sign_in_with(&stage.aries, &["--trade"]);
    let env = [("ARIES_API_URL", stage.aries.origin.as_str()), ("ARIES_CLIENT_ID", "sandbox-client")];
    let mut client = stage.home.serve(&["serve"], &env);
    client.initialize("2025-11-25");
    let first = ticket(&mut client, msft("0017"));
    stage.fault("/v1/orders", json!({"fault": "status", "status": 401}));
    assert_eq!(state(&place(&mut client, &first)), "WORKING");
    assert_eq!(stage.posts("/v1/orders"), 2);
    assert_eq!(stage.book(SIM, "MSFT").len(), 1);
}

#[test]
fn a_changed_journal_stops_all_orders() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, ko("1", "50"));
    assert_eq!(state(&place(&mut client, &first)), "WORKING");
    let path = std::fs::read_dir(stage.home.path("state"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let second = ticket(&mut client, ko("1", "50"));
    std::fs::write(&path, text.replace("\"50.00\"", "\"5.00\"").replacen("\"n\":2", "\"n\":9", 1)).unwrap();
    let verify = stage.run(&["orders", "verify"]);
    assert_eq!(verify.status.code(), Some(1));
    assert!(stderr(&verify).contains("damaged: line"), "{}", stderr(&verify));
    assert_eq!(state(&place(&mut client, &second)), "NOT SENT");
    assert!(client.failure("preview_order", ko("1", "50")).contains("damaged"));
    assert_eq!(stage.posts("/v1/orders"), 1);
    let settle = stage.run(&["orders", "settle", "am-0", "--sent"]);
    assert_eq!(settle.status.code(), Some(2));
}

/// A person at a terminal may end a doubt; a pipe may not.
#[cfg(target_os = "linux")]
#[test]
fn a_doubt_is_ended_at_a_terminal_only() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    stage.fault("/v1/orders", json!({"fault": "drop_before"}));
    assert_eq!(state(&place(&mut client, &first)), "UNKNOWN");
    let id = stage.journal()[0]["id"].as_str().unwrap().to_owned();
    let piped = stage.run(&["orders", "settle", &id, "--not-sent"]);
    assert_eq!(piped.status.code(), Some(2));
    assert!(stderr(&piped).contains("needs a terminal"), "{}", stderr(&piped));
    let typed = |answer: &str| {
        let inner = format!("{} orders settle {id} --not-sent", env!("CARGO_BIN_EXE_aries-mcp"));
        let env = stage.env();
        let mut command = stage.home.command(&[]);
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &inner, "/dev/null"]).env_clear().envs(env).env("TERM", "dumb");
        for (name, value) in command.arg("x").get_envs() {
            if let Some(value) = value {
                script.env(name, value);
            }
        }
        let mut child =
            script.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        std::io::Write::write_all(&mut stdin, format!("{answer}\n").as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        drop(stdin);
        (output.status.success(), stdout(&output))
    };
    let (ended, told) = typed("no");
    assert!(!ended && told.contains("nothing was changed"), "{told}");
    assert_eq!(stage.journal()[0]["state"], "UNKNOWN");
    let (ended, told) = typed("yes");
    assert!(ended && told.contains("is NOT at Aries") && told.contains("BUY 10 MSFT"), "{told}");
    assert_eq!(stage.journal()[0]["state"], "NOT SENT");
    // The process that doubted hears of it.
    let settled = place(&mut client, &first);
    assert_eq!(state(&settled), "NOT SENT", "{settled}");
    assert!(text_of(&settled).contains("the person says it is not at Aries"), "{settled}");
    let second = ticket(&mut client, msft("0017"));
    assert_eq!(state(&place(&mut client, &second)), "WORKING");
    assert_eq!(stage.book(SIM, "MSFT").len(), 1);
    stage.verified();
}

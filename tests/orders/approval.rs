//! Live orders: nothing is sent without a person's yes, and never twice, whatever the client does.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use crate::support::brisk::Limits;
use crate::support::browser::Browser;
use crate::support::stage::{self, Stage, begin_to_place, msft, place, state, until};
use crate::support::stand_in::{Browser as StandIn, started_with};
use crate::support::{Client, pairs, text_of, trading};
use aries_mcp::timing::Timing;
use serde_json::{Value, json};

pub(super) const OPENED: &str = "[trading]\nlive = true\n";

/// The stage, and a browser that only notes where it was sent.
pub(super) struct Watched {
    stage: Stage,
    browser: StandIn,
}

impl std::ops::Deref for Watched {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

impl Watched {
    pub(super) fn new(config: &str) -> Self {
        let stage = Stage::new(config);
        let browser = StandIn::Notes(stage.home.path("opened"));
        Self { stage, browser }
    }

    /// The same with another browser.
    fn with_browser(config: &str, browser: StandIn) -> Self {
        Self { browser, ..Self::new(config) }
    }

    /// The file that the browser was started with.
    fn redirect_file(&self) -> std::path::PathBuf {
        self.opened();
        let started = std::fs::read_to_string(started_with(&self.home.path("opened"))).unwrap();
        started.lines().last().unwrap().into()
    }

    /// A server with a browser, or without one.
    pub(super) fn server(&self, browser: bool) -> Client {
        self.server_within(Limits::Brisk, browser)
    }

    pub(super) fn server_within(&self, limits: Limits, browser: bool) -> Client {
        let mut env = self.env();
        env.extend(browser.then(|| self.browser.variable()));
        self.home.serve_within(limits, &["serve"], &pairs(&env))
    }

    fn plain(&self, browser: bool) -> Client {
        let mut client = self.server(browser);
        client.initialize("2025-06-18");
        client
    }

    pub(super) fn orders(&self) -> usize {
        self.posts("/v1/orders")
    }

    /// Where the browser was sent.
    pub(super) fn opened(&self) -> Page {
        let lines = || std::fs::read_to_string(self.home.path("opened")).unwrap_or_default();
        until("a browser that was opened", || lines().contains('\n'));
        let lines = lines();
        Page::at(lines.lines().last().unwrap())
    }

    pub(super) fn no_page(&self) -> bool {
        !self.home.path("opened").exists()
    }
}

/// The approval page as one browser sees it.
pub(super) struct Page {
    host: String,
    path: String,
    cookie: std::cell::OnceCell<String>,
}

impl Page {
    pub(super) fn at(address: &str) -> Self {
        let (host, path) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
        Self { host: host.to_owned(), path: format!("/{path}"), cookie: std::cell::OnceCell::new() }
    }

    /// The header with the cookie of this browser, which it gets where it opens the page first.
    fn cookie(&self) -> &str {
        self.cookie.get_or_init(|| {
            let entered = self.send(&format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", self.path, self.host));
            let set = entered.lines().find_map(|line| line.strip_prefix("set-cookie: "));
            let set = set.map(|set| set.split(';').next().unwrap());
            set.map(|pair| format!("Cookie: {pair}\r\n")).unwrap_or_default()
        })
    }

    pub(super) fn send(&self, request: &str) -> String {
        let mut stream = std::net::TcpStream::connect(&self.host).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    pub(super) fn get(&self) -> String {
        self.send(&format!("GET {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", self.path, self.host, self.cookie()))
    }

    /// What stands below the page's own path.
    pub(super) fn get_below(&self, path: &str) -> String {
        let head =
            format!("GET {}{path} HTTP/1.1\r\nHost: {}\r\n{}\r\n", self.path, self.host, self.cookie());
        self.send(&head)
    }

    pub(super) fn token(&self) -> String {
        let page = self.get();
        let (_, rest) = page.split_once("name=\"token\" value=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    pub(super) fn post(&self, origin: &str, token: &str, decision: &str) -> String {
        let body = format!("token={token}&decision={decision}");
        self.send(&format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\n{}{origin}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.path,
            self.host,
            self.cookie(),
            body.len()
        ))
    }

    pub(super) fn address(&self) -> String {
        format!("http://{}{}", self.host, self.path)
    }

    pub(super) fn own_origin(&self) -> String {
        format!("Origin: http://{}\r\n", self.host)
    }
}

fn order() -> Value {
    msft("1002")
}

fn ticket(client: &mut Client) -> String {
    stage::ticket(client, order())
}

/// Calls place_order and answers the question that comes, while nothing has been sent.
fn place_with(stage: &Watched, client: &mut Client, ticket: &str, action: &str) -> (u64, Value) {
    let before = stage.orders();
    let call = begin_to_place(client, ticket);
    let question = client.notification("elicitation/create");
    assert_eq!(stage.orders(), before, "sent before the answer was there");
    let result =
        if action == "accept" { json!({"action": action, "content": {}}) } else { json!({"action": action}) };
    client.send_line(&json!({"jsonrpc": "2.0", "id": question["id"], "result": result}).to_string());
    (call, question)
}

#[test]
fn the_older_protocol_asks_and_waits() {
    let stage = Watched::new(OPENED);
    let mut client = stage.server_within(Limits::AnyAnswer, true);
    client.initialize_with("2025-06-18", json!({"elicitation": {}}));
    let yes = ticket(&mut client);
    let (call, question) = place_with(&stage, &mut client, &yes, "accept");
    let message = question["params"]["message"].as_str().unwrap();
    assert!(
        message.contains(
            "BUY 10 MSFT, limit 400.00, day, account …1002 SANDBOX (plays live), about 4,000.00 USD"
        ),
        "{message}"
    );
    assert_eq!(state(&client.answer(call)["result"]), "WORKING");
    assert_eq!(stage.orders(), 1);
    for (answer, why) in [("decline", "the approval was declined"), ("cancel", "without a yes")] {
        let no = ticket(&mut client);
        let (call, _) = place_with(&stage, &mut client, &no, answer);
        let result = client.answer(call)["result"].clone();
        assert_eq!(state(&result), "NOT SENT");
        assert!(text_of(&result).contains(why), "{result}");
        // Asked again, it tells the same and asks nobody.
        assert_eq!(text_of(&place(&mut client, &no)), text_of(&result));
    }
    assert_eq!(stage.orders(), 1);
    assert!(stage.no_page());
}

#[test]
fn the_form_carries_the_persons_choice() {
    let stage = Watched::new(OPENED);
    let mut client = stage.server_within(Limits::AnyAnswer, false);
    client.initialize_with("2025-11-25", json!({"elicitation": {"form": {}}}));
    let choices = [("approve", "WORKING", 1), ("reject", "NOT SENT", 1), ("later", "NOT SENT", 1)];
    for (choice, expected, orders) in choices {
        let ticket = ticket(&mut client);
        let call = begin_to_place(&mut client, &ticket);
        let question = client.notification("elicitation/create");
        let schema = &question["params"]["requestedSchema"];
        assert_eq!(schema["properties"]["decision"]["enum"], json!(["approve", "reject"]), "{schema}");
        assert_eq!(schema["required"], json!(["decision"]));
        let result = json!({"action": "accept", "content": {"decision": choice}});
        client.send_line(&json!({"jsonrpc": "2.0", "id": question["id"], "result": result}).to_string());
        assert_eq!(state(&client.answer(call)["result"]), expected, "{choice}");
        assert_eq!(stage.orders(), orders, "{choice}");
    }
}

#[test]
fn a_call_that_is_cancelled_takes_its_question_back() {
    let stage = Watched::new(OPENED);
    let mut client = stage.server_within(Limits::AnyAnswer, true);
    client.initialize_with("2025-11-25", json!({"elicitation": {"form": {}}}));
    let first = ticket(&mut client);
    let call = begin_to_place(&mut client, &first);
    let question = client.notification("elicitation/create");
    let cancel =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": call}});
    client.send_line(&cancel.to_string());
    let withdrawn = client.notification("notifications/cancelled");
    assert_eq!(withdrawn["params"]["requestId"], question["id"], "{withdrawn}");
    // A yes that comes after all sends nothing.
    let yes = json!({"action": "accept", "content": {"decision": "approve"}});
    client.send_line(&json!({"jsonrpc": "2.0", "id": question["id"], "result": yes}).to_string());
    let told = place(&mut client, &first);
    assert_eq!(state(&told), "NOT SENT");
    assert!(text_of(&told).contains("the call that asked for it was cancelled"), "{told}");
    assert_eq!(stage.orders(), 0);
}

#[test]
fn after_three_orders_that_the_person_declined_the_next_preview_waits() {
    let stage = Watched::new(OPENED);
    let mut client = stage.server_within(Limits::AnyAnswer, false);
    client.initialize_with("2025-11-25", json!({"elicitation": {"form": {}}}));
    for _ in 0..3 {
        let no = ticket(&mut client);
        let (call, _) = place_with(&stage, &mut client, &no, "decline");
        assert_eq!(state(&client.answer(call)["result"]), "NOT SENT");
    }
    let told = client.failure("preview_order", order());
    assert!(told.contains("3 orders were declined within ten minutes"), "{told}");
    // Simulated money may go on.
    let mut simulated = order();
    simulated["account"] = json!("0017");
    stage::ticket(&mut client, simulated);
}

#[test]
fn an_answer_that_nobody_can_have_read_is_neither_yes_nor_no() {
    for answer in ["accept", "decline", "cancel"] {
        let stage = Watched::new(OPENED);
        let mut client = stage.server_within(Limits::NoAnswer, true);
        client.initialize_with("2025-11-25", json!({"elicitation": {"form": {}}}));
        let first = ticket(&mut client);
        let (call, _) = place_with(&stage, &mut client, &first, answer);
        let page = stage.opened();
        assert_eq!(stage.orders(), 0, "{answer}");
        page.post(&page.own_origin(), &page.token(), "approve");
        assert_eq!(state(&client.answer(call)["result"]), "WORKING", "{answer}");
        assert_eq!(stage.orders(), 1, "{answer}");
    }
}

fn modern(mut params: Value, capabilities: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": capabilities,
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"}
    });
    params
}

fn asks() -> Value {
    json!({"elicitation": {"form": {}, "url": {}}})
}

fn call_modern(client: &mut Client, tool: &str, arguments: Value, more: Value) -> Value {
    let mut params = json!({"name": tool, "arguments": arguments});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.request("tools/call", modern(params, asks()))
}

#[test]
fn the_newer_protocol_ends_the_call_and_comes_back() {
    let stage = Watched::new(OPENED);
    let mut client = stage.server_within(Limits::AnyAnswer, true);
    let preview = call_modern(&mut client, "preview_order", order(), json!({}));
    let ticket = json!({"ticket": preview["structuredContent"]["ticket"]});
    let asked = call_modern(&mut client, "place_order", ticket.clone(), json!({}));
    assert_eq!(asked["resultType"], "input_required", "{asked}");
    let question = &asked["inputRequests"]["approval"];
    assert_eq!(question["method"], "elicitation/create");
    assert!(question["params"]["message"].as_str().unwrap().contains("BUY 10 MSFT"), "{asked}");
    let yes = |sealed: &Value| json!({"inputResponses": {"approval": {"action": "accept", "content": {}}}, "requestState": sealed});
    // A state that was not sealed here, or for another ticket, is no answer: the question comes again.
    let forged = call_modern(&mut client, "place_order", ticket.clone(), yes(&json!("rs1.AAAA.BBBB")));
    assert_eq!(forged["resultType"], "input_required", "{forged}");
    let other = call_modern(&mut client, "preview_order", order(), json!({}));
    let other = json!({"ticket": other["structuredContent"]["ticket"]});
    let elsewhere = call_modern(&mut client, "place_order", other.clone(), yes(&asked["requestState"]));
    assert_eq!(elsewhere["resultType"], "input_required", "{elsewhere}");
    assert_eq!(stage.orders(), 0);
    let sent = call_modern(&mut client, "place_order", ticket.clone(), yes(&asked["requestState"]));
    assert_eq!(state(&sent), "WORKING");
    // The same yes once more is no second order.
    let again = call_modern(&mut client, "place_order", ticket, yes(&asked["requestState"]));
    assert_eq!(text_of(&again), text_of(&sent));
    let no = json!({"inputResponses": {"approval": {"action": "decline"}}, "requestState": elsewhere["requestState"]});
    assert_eq!(state(&call_modern(&mut client, "place_order", other, no)), "NOT SENT");
    assert_eq!(stage.orders(), 1);
}

#[test]
fn the_newer_protocol_knows_answers_that_nobody_gave() {
    let stage = Watched::new(OPENED);
    let mut client = stage.server(true);
    let preview = call_modern(&mut client, "preview_order", order(), json!({}));
    let ticket = json!({"ticket": preview["structuredContent"]["ticket"]});
    let asked = call_modern(&mut client, "place_order", ticket.clone(), json!({}));
    let yes = json!({"inputResponses": {"approval": {"action": "accept", "content": {}}}, "requestState": asked["requestState"]});
    let id = client.send("tools/call", modern(json!({"name": "place_order", "arguments": ticket, "inputResponses": yes["inputResponses"], "requestState": yes["requestState"]}), asks()));
    let page = stage.opened();
    assert_eq!(stage.orders(), 0);
    // The very same answer again, when a person could have given it, and a call without one: the question is used up,
    // only the page decides now, and there is one page.
    std::thread::sleep(Timing::default().least_reading + Duration::from_millis(300));
    let same = json!({"name": "place_order", "arguments": ticket, "inputResponses": yes["inputResponses"], "requestState": yes["requestState"]});
    let replayed = client.send("tools/call", modern(same, asks()));
    let polled =
        client.send("tools/call", modern(json!({"name": "place_order", "arguments": ticket}), asks()));
    client.request("tools/list", modern(json!({}), asks()));
    assert_eq!(stage.orders(), 0, "a replayed answer was taken for a person's");
    page.post(&page.own_origin(), &page.token(), "reject");
    for _ in 0..3 {
        let told = client.receive();
        assert!([json!(id), json!(replayed), json!(polled)].contains(&told["id"]), "{told}");
        assert_eq!(state(&told["result"]), "NOT SENT");
    }
    assert_eq!(stage.orders(), 0);
    assert_eq!(std::fs::read_to_string(stage.home.path("opened")).unwrap().lines().count(), 1);
}

#[test]
fn the_page_decides_once_and_only_by_its_own_form() {
    let stage = Watched::new(OPENED);
    let mut client = stage.plain(true);
    let first = ticket(&mut client);
    let call = client.send(
        "tools/call",
        json!({"name": "place_order", "arguments": {"ticket": first}, "_meta": {"progressToken": 7}}),
    );
    let page = stage.opened();
    let secret = page.path.rsplit('/').next().unwrap().to_owned();
    assert_eq!(secret.len(), 32);
    let shown = page.get();
    for fact in [
        "BUY 10 MSFT, limit 400.00",
        "SANDBOX (plays live) …1002",
        "4,000.00",
        "Approve",
        "Reject",
        "no-store",
        "referrer-policy: same-origin",
        "default-src 'none'; style-src 'sha256-",
        "script-src 'sha256-",
        "Asked for by</th><td>test",
        "Order id</th><td>am-",
    ] {
        assert!(shown.contains(fact), "{fact}: {shown}");
    }
    assert!(shown.contains("base-uri 'none'; form-action 'self'; frame-ancestors 'none'"), "{shown}");
    let token = page.token();
    let status = |answer: &str| answer.split(' ').nth(1).unwrap().to_owned();
    assert_eq!(status(&page.post("", &token, "approve")), "403", "no origin");
    assert_eq!(status(&page.post("Origin: null\r\n", &token, "approve")), "403");
    assert_eq!(status(&page.post("Origin: http://evil.example\r\n", &token, "approve")), "403");
    assert_eq!(status(&page.post(&page.own_origin(), "0123", "approve")), "403", "wrong token");
    assert_eq!(status(&page.post(&page.own_origin(), &token, "maybe")), "400");
    assert_eq!(
        status(&page.send(&format!("GET {} HTTP/1.1\r\nHost: evil.example\r\n\r\n", page.path))),
        "421"
    );
    assert_eq!(
        status(&page.send(&format!(
            "GET /approve/{} HTTP/1.1\r\nHost: {}\r\n\r\n",
            "0".repeat(32),
            page.host
        ))),
        "404"
    );
    assert_eq!(
        status(&page.send(&format!("PUT {} HTTP/1.1\r\nHost: {}\r\n\r\n", page.path, page.host))),
        "405"
    );
    assert_eq!(stage.orders(), 0);
    // Two tabs, and a reload of each.
    for decision in ["approve", "reject", "approve"] {
        assert_eq!(status(&page.post(&page.own_origin(), &token, decision)), "303");
    }
    let result = client.answer(call)["result"].clone();
    assert_eq!(state(&result), "WORKING");
    assert_eq!(stage.orders(), 1);
    until("the outcome on the page", || page.get().contains("WORKING"));
    let journal = std::fs::read_dir(stage.home.path("state"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default())
        .collect::<String>();
    for text in [journal, result.to_string(), format!("{:?}", client.notifications)] {
        assert!(!text.contains(&secret) && !text.contains(&page.host), "the address leaked: {text}");
    }
}

#[test]
fn the_address_of_the_page_is_no_argument_of_a_process() {
    let stage = Watched::new(OPENED);
    let mut client = stage.plain(true);
    let first = ticket(&mut client);
    let call = begin_to_place(&mut client, &first);
    let (page, file) = (stage.opened(), stage.redirect_file());
    let started = std::fs::read_to_string(started_with(&stage.home.path("opened"))).unwrap();
    assert!(!started.contains(&page.path) && !started.contains("http"), "{started}");
    assert!(file.starts_with(stage.home.path("state")), "{file:?}");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    page.get();
    until("the file to be gone", || !file.exists());
    page.post(&page.own_origin(), &page.token(), "reject");
    let told = client.answer(call)["result"].clone();
    assert!(text_of(&told).contains("the approval was declined"), "{told}");
}

#[test]
fn the_page_answers_the_browser_that_opened_it_first_and_no_other() {
    let stage = Watched::new(OPENED);
    let mut client = stage.plain(true);
    let first = ticket(&mut client);
    let call = begin_to_place(&mut client, &first);
    let page = stage.opened();
    let token = page.token();
    assert!(page.cookie().contains('='));
    let other = Page::at(&page.address());
    let seen = other.get();
    assert!(seen.starts_with("HTTP/1.1 403") && seen.contains("Opened elsewhere"), "{seen}");
    for fact in ["MSFT", &token, "Approve</button>"] {
        assert!(!seen.contains(fact), "{seen}");
    }
    let pressed = other.post(&other.own_origin(), &token, "approve");
    assert!(pressed.starts_with("HTTP/1.1 403"), "{pressed}");
    page.post(&page.own_origin(), &token, "reject");
    assert_eq!(state(&client.answer(call)["result"]), "NOT SENT");
    let ended = page.get();
    assert!(ended.contains("NOT SENT") && ended.contains(": you rejected it</p>"), "{ended}");
    assert_eq!(stage.orders(), 0);
}

#[test]
fn the_page_of_an_option_order_has_its_payoff_in_words_and_as_a_picture() {
    // What a written option obliges to counts as the value of its order.
    let limits = "max_order_value = 100000\nmax_value_per_day = 1000000\n";
    let stage = Watched::new(&format!("[trading]\nlive = true\nuncovered_options = true\n{limits}"));
    let day = super::table::Listed::find(&stage.aries).day;
    let mut client = stage.plain(true);
    let shown = |client: &mut Client, symbol: &str, action: &str, price: &str| {
        let order = json!({"account": "1002", "symbol": symbol, "action": action, "quantity": "1", "type": "limit", "limit_price": price});
        let ticket = stage::ticket(client, order);
        let call = begin_to_place(client, &ticket);
        let page = stage.opened();
        let shown = page.get();
        page.post(&page.own_origin(), &page.token(), "reject");
        client.answer(call);
        std::fs::remove_file(stage.home.path("opened")).unwrap();
        shown
    };
    let page = shown(&mut client, &format!("MSFT {day} 420 C"), "sell_to_open", "45.00");
    for fact in [
        "UNCOVERED: 1 call",
        "<th>Warning</th><td>1 call UNCOVERED: neither 100 shares",
        "<th>Net credit</th><td>4,500.00 USD at the limit price, without fees</td>",
        "<th>Maximum loss</th><td>unlimited</td>",
        "<th>Breakeven at expiration</th><td>465.00 USD, without fees</td>",
        "<th>Estimated cost, by Aries</th><td>-4,499.50 USD</td>",
        " New York time</td>",
        "role=\"img\" aria-label=\"Profit or loss at expiration. Maximum loss: unlimited. Maximum gain: 4,500.00 USD without fees, 4,499.50 with \
         them. Breakeven at expiration: 465.00 USD, without fees\"",
        "<polygon class=\"gain\"",
        "<polygon class=\"loss\"",
    ] {
        assert!(page.contains(fact), "{fact}\n{page}");
    }
    assert!(!page.contains("style=\""), "the policy forbids it: {page}");
    // Our id stands last, and an order for shares has no picture.
    let rows = page.rsplit_once("</table>").unwrap().0;
    assert!(rows.rsplit_once("<tr>").unwrap().1.starts_with("<th>Order id</th>"), "{rows}");
    let page = shown(&mut client, "MSFT", "buy", "300.00");
    assert!(
        page.contains("<th>Position after it</th><td>26 MSFT (now 25)</td>") && !page.contains("<svg"),
        "{page}"
    );
}

#[test]
fn approve_does_not_count_before_anybody_can_have_read_the_page() {
    let stage = Watched::new(OPENED);
    let mut client = stage.server_within(Limits::SlowReaders, true);
    client.initialize("2025-06-18");
    let first = ticket(&mut client);
    let call = begin_to_place(&mut client, &first);
    let page = stage.opened();
    let token = page.token();
    let pressed = page.post(&page.own_origin(), &token, "approve");
    assert!(pressed.starts_with("HTTP/1.1 200") && pressed.contains("it did not count"), "{pressed}");
    // A no counts at any time.
    page.post(&page.own_origin(), &token, "reject");
    assert_eq!(state(&client.answer(call)["result"]), "NOT SENT");
    assert_eq!(stage.orders(), 0);
}

/// A launcher that fails late, and a browser that never comes: the client shows the address.
#[test]
fn where_no_browser_comes_the_address_is_offered() {
    let late = Watched::with_browser(OPENED, StandIn::FailsLate);
    let never = Watched::with_browser(OPENED, StandIn::NeverComes);
    for (stage, limits) in [(late, Limits::Brisk), (never, Limits::BriefVisits)] {
        let mut client = stage.server_within(limits, true);
        client.initialize_with("2025-11-25", json!({"elicitation": {"url": {}}}));
        let first = ticket(&mut client);
        let (call, asked) = place_with(&stage, &mut client, &first, "accept");
        let page = shown_page(&asked["params"]);
        page.post(&page.own_origin(), &page.token(), "reject");
        assert_eq!(state(&client.answer(call)["result"]), "NOT SENT", "{limits:?}");
    }
}

#[test]
fn without_browser_and_elicitation_nothing_is_sent() {
    let stage = Watched::new(OPENED);
    let mut client = stage.plain(false);
    let first = ticket(&mut client);
    let result = place(&mut client, &first);
    assert_eq!(state(&result), "NOT SENT", "{result}");
    assert!(text_of(&result).contains("no person could be asked"), "{result}");
    assert_eq!(stage.orders(), 0);
}

/// The page whose address a client was asked to show.
fn shown_page(request: &Value) -> Page {
    assert_eq!(request["mode"], "url", "{request}");
    assert!(request["message"].as_str().unwrap().contains("BUY 10 MSFT"), "{request}");
    assert!(request["elicitationId"].as_str().unwrap().starts_with("am-"), "{request}");
    Page::at(request["url"].as_str().unwrap())
}

#[test]
fn a_client_that_shows_addresses_stands_in_for_the_browser_and_approves_nothing() {
    let stage = Watched::new(OPENED);
    let mut client = stage.server_within(Limits::AnyAnswer, false);
    client.initialize_with("2025-11-25", json!({"elicitation": {"url": {}}}));
    for (decision, expected, orders) in [("reject", "NOT SENT", 0), ("approve", "WORKING", 1)] {
        let shown = ticket(&mut client);
        let (call, asked) = place_with(&stage, &mut client, &shown, "accept");
        let page = shown_page(&asked["params"]);
        assert!(page.get().contains("Approve"), "the page waits for the person still");
        page.post(&page.own_origin(), &page.token(), decision);
        let result = client.answer(call)["result"].clone();
        assert_eq!(state(&result), expected, "showing an address was taken for a yes");
        assert_eq!(stage.orders(), orders);
        assert!(!result.to_string().contains(&page.host), "{result}");
    }
    // A client that does not show it after all.
    for answer in ["decline", "cancel"] {
        let no = ticket(&mut client);
        let (call, _) = place_with(&stage, &mut client, &no, answer);
        let result = client.answer(call)["result"].clone();
        assert_eq!(state(&result), "NOT SENT");
        assert!(text_of(&result).contains("the client did not show"), "{result}");
    }
    assert_eq!(stage.orders(), 1);
}

#[test]
fn the_newer_protocol_shows_the_address_at_the_end_of_a_call() {
    let stage = Watched::new(OPENED);
    let mut client = stage.server(false);
    let only_addresses = || json!({"elicitation": {"url": {}}});
    let mut call = |tool: &str, arguments: &Value, answer: Option<&str>| {
        let mut params = json!({"name": tool, "arguments": arguments});
        if let Some(answer) = answer {
            params["inputResponses"] = json!({"approval_page": {"action": answer}});
        }
        client.request("tools/call", modern(params, only_addresses()))
    };
    let present = |call: &mut dyn FnMut(&str, &Value, Option<&str>) -> Value| {
        let preview = call("preview_order", &order(), None);
        let ticket = json!({"ticket": preview["structuredContent"]["ticket"]});
        let asked = call("place_order", &ticket, None);
        assert_eq!(asked["resultType"], "input_required", "{asked}");
        (ticket, shown_page(&asked["inputRequests"]["approval_page"]["params"]))
    };
    let (ticket, page) = present(&mut call);
    page.post(&page.own_origin(), &page.token(), "reject");
    let told = call("place_order", &ticket, Some("accept"));
    assert_eq!(state(&told), "NOT SENT", "the client's yes was taken for the person's");
    let (ticket, page) = present(&mut call);
    page.post(&page.own_origin(), &page.token(), "approve");
    assert_eq!(state(&call("place_order", &ticket, Some("accept"))), "WORKING");
    assert_eq!(stage.orders(), 1);
    let (ticket, _) = present(&mut call);
    let told = call("place_order", &ticket, Some("decline"));
    assert!(text_of(&told).contains("NOT SENT") && text_of(&told).contains("did not show"), "{told}");
    assert_eq!(stage.orders(), 1);
}

#[test]
fn a_person_may_rely_on_the_client() {
    let stage = Watched::new("[trading]\nlive = true\napproval = \"client\"\n");
    let mut client = stage.plain(false);
    let first = ticket(&mut client);
    assert_eq!(state(&place(&mut client, &first)), "WORKING");
    assert_eq!(stage.orders(), 1);
}

#[test]
fn live_options_are_judged_by_quotes_of_known_age() {
    let stage = Watched::new("[trading]\nlive = true\napproval = \"client\"\n");
    let mut client = stage.plain(false);
    let token = stage.aries.issue(&trading()).access_token;
    let held = stage.aries.http("GET", "/v1/accounts/AR4471002/positions", Some(&token), None);
    let call = held["positions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|held| held["securityType"] == "OPTION")
        .unwrap()["symbol"]
        .clone();
    let order = |action: &str, quantity: &str| json!({"account": "1002", "symbol": call, "action": action, "quantity": quantity, "type": "limit", "limit_price": "20.00"});
    let preview = client.call("preview_order", order("sell_to_close", "1"));
    let text = text_of(&preview);
    assert!(
        text.contains("SELL TO CLOSE 1 AAPL")
            && text.contains(", made at 20")
            && !text.contains("could not be checked"),
        "{text}"
    );
    let placed = place(&mut client, preview["structuredContent"]["ticket"].as_str().unwrap());
    assert_eq!(state(&placed), "WORKING");
    // One of two is promised now; opening what is held the other way, and more than the limit, are refused.
    assert!(
        client
            .failure("preview_order", order("sell_to_close", "2"))
            .contains("held 2, already in open orders 1, asked 2 contracts")
    );
    assert!(client.failure("preview_order", order("sell_to_open", "1")).contains("would sell those"));
    assert!(client.failure("preview_order", order("sell_to_close", "6")).contains("contracts"));
    // Without the time of the quote it cannot be judged, and on a live account that is a refusal.
    stage.aries.faults(json!({"method": "GET", "path": "/v1/options/snapshot/*", "fault": "status", "status": 404, "times": 99}));
    assert!(client.failure("preview_order", order("sell_to_close", "1")).contains("how old the quote is"));
    assert_eq!(stage.orders(), 1);
}

#[test]
fn waiting_ends_before_clients_give_up_and_dying_ends_the_approval() {
    let stage = Watched::new(OPENED);
    let mut client = stage.server_within(Limits::BriefCalls, true);
    client.initialize("2025-06-18");
    // An order of the simulated account makes the journal, which another process then uses for a part of the time.
    let mut simulated = order();
    simulated["account"] = json!("0017");
    let preview = client.call("preview_order", simulated);
    place(&mut client, preview["structuredContent"]["ticket"].as_str().unwrap());
    let before = stage.orders();
    let first = ticket(&mut client);
    let busy = stage.journal_lock();
    let began = Instant::now();
    let call = begin_to_place(&mut client, &first);
    std::thread::sleep(Duration::from_millis(1500));
    drop(busy);
    let waited = client.answer(call)["result"].clone();
    // Two seconds, the time of the other process among them.
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert_eq!(state(&waited), "WAITING FOR APPROVAL");
    let page = stage.opened();
    let token = page.token();
    client.kill();
    assert!(std::net::TcpStream::connect(&page.host).is_err(), "the page outlived its process: {token}");
    let mut later = stage.plain(true);
    // It cannot know that the other process has ended; it can say that nothing was sent.
    let told = place(&mut later, &first);
    assert_eq!(state(&told), "WAITING FOR APPROVAL");
    assert!(text_of(&told).contains("had not sent it"), "{told}");
    assert_eq!(stage.orders(), before);
}

/// Nothing that a model can do by itself sends a live order: made-up and spent tickets, calls again and again, answers
/// faster than any person, in any order.
#[test]
fn no_path_reaches_the_post_without_a_person() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};

    #[derive(Debug, Clone)]
    enum Act {
        Preview,
        /// A ticket of ours, by number.
        Place(usize),
        /// A ticket with a letter changed, or any text.
        Forged(usize, u8),
        Any(String),
        /// An answer that no person gave.
        Answer(usize, &'static str),
        /// The same with a state from elsewhere.
        Forward(usize, usize),
    }
    let act = prop_oneof![
        3 => Just(Act::Preview),
        3 => (0usize..4).prop_map(Act::Place),
        1 => (0usize..4, any::<u8>()).prop_map(|(at, byte)| Act::Forged(at, byte)),
        1 => "\\PC{1,40}".prop_map(Act::Any),
        3 => (0usize..4, prop_oneof![Just("accept"), Just("decline"), Just("cancel"), Just("yes")]).prop_map(|(at, action)| Act::Answer(at, action)),
        2 => (0usize..4, 0usize..4).prop_map(|(at, from)| Act::Forward(at, from)),
    ];
    let stage = Watched::new(OPENED);
    let acts = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&proptest::collection::vec(act, 1..10), |script| {
        // No browser: an answer that nobody gave ends in NOT SENT at once.
        let mut client = stage.server_within(Limits::NoAnswer, false);
        let mut tickets: Vec<Value> = Vec::new();
        let mut states: Vec<Value> = Vec::new();
        for act in script {
            acts.set(acts.get() + 1);
            let of = |list: &Vec<Value>, at: usize| list.get(at).cloned().unwrap_or_else(|| json!("t-0"));
            let answered = |action: &str, state: Value| json!({"inputResponses": {"approval": {"action": action, "content": {}}}, "requestState": state});
            let (ticket, more) = match act {
                Act::Preview => {
                    let preview = call_modern(&mut client, "preview_order", order(), json!({}));
                    tickets.push(preview["structuredContent"]["ticket"].clone());
                    states.push(json!("none"));
                    continue;
                }
                Act::Place(at) => (of(&tickets, at), json!({})),
                Act::Any(text) => (json!(text), json!({})),
                Act::Forged(at, byte) => {
                    let mut text = of(&tickets, at).as_str().unwrap().to_owned();
                    text.replace_range(2..3, &format!("{:x}", byte % 16));
                    text.push('0');
                    (json!(text), json!({}))
                }
                Act::Answer(at, action) => (of(&tickets, at), answered(action, of(&states, at))),
                Act::Forward(at, from) => (of(&tickets, at), answered("accept", of(&states, from))),
            };
            let params = json!({"name": "place_order", "arguments": {"ticket": ticket}});
            let mut params = modern(params, json!({"elicitation": {"form": {}}}));
            params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let id = client.send("tools/call", params);
            let result = client.answer(id)["result"].clone();
            if let (Some(at), Some(state)) = (tickets.iter().position(|known| *known == ticket), result.get("requestState")) {
                states[at] = state.clone();
            }
            prop_assert_eq!(stage.orders(), 0);
        }
        Ok(())
    });
    outcome.unwrap();
    assert!(acts.get() > 50, "{}", acts.get());
    assert!(!stage.aries.log().iter().any(|line| line == "POST /v1/orders/replace"));
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_real_browser_approves_and_rejects() {
    let browser = Browser::start();
    for (button, state_shown, orders) in [("approve", "WORKING", 1), ("reject", "NOT SENT", 0)] {
        let stage = Watched::new(OPENED);
        let mut client = stage.plain(true);
        let first = ticket(&mut client);
        let call = begin_to_place(&mut client, &first);
        let file = stage.redirect_file();
        browser.open(&format!("file://{}", file.display()));
        browser.wait_for("Approve this order?");
        until("the file to be gone", || !file.exists());
        let shown = browser.text();
        for fact in [
            "BUY 10 MSFT, limit 400.00, day",
            "SANDBOX (plays live) …1002",
            "4,000.00",
            "Buying power effect",
        ] {
            assert!(shown.contains(fact), "{fact}: {shown}");
        }
        browser.screenshot(&format!("question-{orders}"));
        browser.reload();
        browser.wait_for("Approve this order?");
        assert_eq!(stage.orders(), 0, "a reload decided");
        browser.click(&format!("//button[@class='{button}']"));
        browser.wait_for(state_shown);
        browser.screenshot(&format!("outcome-{orders}"));
        browser.reload();
        browser.wait_for(state_shown);
        assert_eq!(state(&client.answer(call)["result"]), state_shown);
        assert_eq!(stage.orders(), orders);
    }
}

/// Nothing is sent after its time, and the page is gone.
#[test]
fn after_its_time_an_approval_is_over() {
    over_in_time(|page| assert!(page.get().contains("Approve this order?")), |_| {});
}

/// The same for a person who has the page before them.
#[test]
#[ignore = "needs chromium and chromedriver"]
fn after_its_time_the_page_is_gone() {
    let browser = Browser::start();
    let look = |page: &Page| {
        browser.open(&page.address());
        browser.wait_for("Approve this order?");
    };
    let approve = |page: &Page| {
        browser.click("//button[@class='approve']");
        // What the browser says instead of the page.
        browser.wait_for(page.host.split(':').next().unwrap());
        browser.screenshot("expired");
    };
    over_in_time(look, approve);
}

fn over_in_time(look: impl Fn(&Page), approve: impl Fn(&Page)) {
    let stage = Watched::new(OPENED);
    let mut client = stage.server_within(Limits::BriefApprovals, true);
    client.initialize("2025-06-18");
    let first = ticket(&mut client);
    let call = begin_to_place(&mut client, &first);
    let page = stage.opened();
    look(&page);
    // A client that never answers its question gives up on it only after the time is over.
    let silent = Watched::new(OPENED);
    let mut mute = silent.server_within(Limits::BriefApprovals, true);
    mute.initialize_with("2025-11-25", json!({"elicitation": {}}));
    let unheard = ticket(&mut mute);
    begin_to_place(&mut mute, &unheard);
    assert_eq!(state(&client.answer(call)["result"]), "WAITING FOR APPROVAL");
    let ended = |client: &mut Client, ticket: &str| loop {
        let told = place(client, ticket);
        if state(&told) != "WAITING FOR APPROVAL" {
            return told;
        }
    };
    let told = ended(&mut client, &first);
    assert_eq!(state(&told), "NOT SENT", "{told}");
    approve(&page);
    assert!(text_of(&ended(&mut mute, &unheard)).contains("nobody approved it in time"));
    assert!(silent.no_page(), "a page was opened after the time was over");
    assert_eq!(stage.orders(), 0);
    assert!(std::net::TcpStream::connect(&page.host).is_err(), "still listening");
}

/// The desktop's own launcher stands in the way of the process that the tests start elsewhere, so this is the program itself.
#[cfg(target_os = "linux")]
#[test]
fn the_browser_gets_none_of_our_secrets() {
    use std::os::unix::fs::PermissionsExt;
    let watched = Watched::new(OPENED);
    let bin = watched.home.path("bin");
    std::fs::create_dir_all(&bin).unwrap();
    std::fs::write(bin.join("xdg-open"), "#!/bin/sh\nenv > \"$(dirname \"$0\")/env\"\n").unwrap();
    std::fs::set_permissions(bin.join("xdg-open"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut env = watched.env();
    env.push(("PATH", format!("{}:/usr/bin:/bin", bin.display())));
    env.push(("ARIES_CLIENT_SECRET", "secret-1".to_owned()));
    let mut client = watched.home.serve(&["serve"], &pairs(&env));
    client.initialize("2025-06-18");
    let ticket = ticket(&mut client);
    begin_to_place(&mut client, &ticket);
    let shown = || std::fs::read_to_string(watched.home.path("bin/env")).unwrap_or_default();
    until("a browser that was started", || shown().contains("PATH="));
    assert!(!shown().contains("ARIES_ACCESS_TOKEN") && !shown().contains("secret-1"), "{}", shown());
}

//! Orders on the stage: an embedded Aries, a home, and as many processes as a test wants; what they did is read from
//! Aries' book and log and from the journal.

use std::process::Output;
use std::time::{Duration, Instant};

use aries_mcp::config::{self, Environment, Settings};
use aries_mcp::sandbox::Options;
use aries_mcp::trade::journal::{Event, Journal};
use serde_json::{Value, json};

use super::brisk::Limits;
use super::{Aries, Client, Home, PATIENCE, pairs, stderr, stdout, trading};

/// The account that plays simulated.
pub const SIM: &str = "SIM8820017";

/// An embedded Aries, a home, and as many servers as a test wants.
pub struct Stage {
    pub aries: Aries,
    pub home: Home,
}

impl Stage {
    /// With this config file.
    pub fn new(config: &str) -> Self {
        let aries = Aries::start(Options { rate_limits: false, ..Options::default() });
        let home = Home::new();
        std::fs::create_dir_all(home.path("config")).unwrap();
        std::fs::write(home.path("config/config.toml"), config).unwrap();
        Self { aries, home }
    }

    /// Variables of a process that may trade.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        self.aries.env(&trading())
    }

    /// A server with brisk time limits, whose session is settled.
    pub fn client(&self) -> Client {
        self.client_within(Limits::Brisk)
    }

    /// The same with other limits.
    pub fn client_within(&self, limits: Limits) -> Client {
        let mut client = self.home.serve_within(limits, &["serve"], &pairs(&self.env()));
        client.initialize("2025-06-18");
        client
    }

    /// Runs a command to its end, with brisk time limits.
    pub fn run(&self, args: &[&str]) -> Output {
        self.home.run_within(Limits::Brisk, args, &pairs(&self.env()))
    }

    /// What `aries-mcp orders --json` knows.
    pub fn journal(&self) -> Vec<Value> {
        let output = self.run(&["orders", "--json"]);
        assert!(output.status.success(), "{}", stderr(&output));
        serde_json::from_str::<Value>(&stdout(&output)).unwrap().as_array().unwrap().clone()
    }

    /// The journal passes `aries-mcp orders verify`.
    pub fn verified(&self) {
        let output = self.run(&["orders", "verify"]);
        assert!(output.status.success(), "{}", stderr(&output));
    }

    /// The file of the journal, once there is one.
    pub fn journal_file(&self) -> Option<std::path::PathBuf> {
        let entries = std::fs::read_dir(self.home.path("state")).ok()?;
        let mut paths = entries.map(|entry| entry.unwrap().path());
        paths.find(|path| path.extension().is_some_and(|end| end == "jsonl"))
    }

    /// Every whole line of the journal.
    pub fn lines(&self) -> Vec<Value> {
        let text = self.journal_file().map(|path| std::fs::read_to_string(path).unwrap());
        text.unwrap_or_default().lines().map_while(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Writes a line into the journal, as another process does.
    pub fn append(&self, event: Event) {
        let state = self.home.path("state");
        let env =
            [("ARIES_API_URL", self.aries.origin.as_str()), ("ARIES_STATE_DIR", state.to_str().unwrap())];
        let settings = Settings::resolve(&config::Options::default(), &Environment::from(env)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut journal = Journal::of(&settings).open().await.unwrap();
            journal.append(event).unwrap();
        });
    }

    /// Waits until the last line of the journal tells of this event.
    pub fn until_event(&self, event: &str) {
        until(&format!("{event} in the journal"), || {
            self.lines().last().is_some_and(|line| line["event"] == event)
        });
    }

    /// Holds the lock of the journal, as another process does while it writes, until it is dropped.
    pub fn journal_lock(&self) -> std::fs::File {
        let path = self.journal_file().unwrap().with_extension("lock");
        let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
        file.lock().unwrap();
        file
    }

    /// The lock files of the lanes: `orders@HOST.LANE.lock`; that of the journal itself has no lane.
    fn lanes(&self) -> Vec<std::fs::File> {
        let journal = self.journal_file().unwrap().file_stem().unwrap().to_str().unwrap().to_owned();
        let entries = std::fs::read_dir(self.home.path("state")).unwrap();
        let lanes = entries.map(|entry| entry.unwrap().path()).filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            let between = name.strip_prefix(&journal).and_then(|rest| rest.strip_suffix(".lock"));
            between.is_some_and(|lane| !lane.is_empty())
        });
        lanes.map(|path| std::fs::File::open(path).unwrap()).collect()
    }

    /// Whether a process holds the lane of an order, whichever.
    #[cfg(target_os = "linux")]
    pub fn lane_is_held(&self) -> bool {
        self.lanes().iter().any(|file| file.try_lock().is_err())
    }

    /// Holds the lane of the one order there was, as a process does that sends it, until it is dropped.
    pub fn lane_lock(&self) -> std::fs::File {
        let lane = self.lanes().pop().unwrap();
        lane.lock().unwrap();
        lane
    }

    /// Kills a process while it sends the order of the README, and tells its ticket: Aries has booked it, or will
    /// when it is released.
    pub fn leave_in_doubt(&self, booked: bool) -> String {
        let mut client = self.client();
        let ticket = ticket(&mut client, msft("0017"));
        let posts = self.posts("/v1/orders");
        self.fault("/v1/orders", json!({"fault": "delay", "delay_ms": 60_000, "hold": !booked}));
        begin_to_place(&mut client, &ticket);
        if booked {
            until("the POST", || self.posts("/v1/orders") > posts);
        } else {
            self.until_held();
        }
        client.kill();
        ticket
    }

    /// Orders on a symbol that are in the book of an account since a moment ago, whatever became of them.
    pub fn book(&self, account: &str, symbol: &str) -> Vec<Value> {
        let token = self.aries.issue(&trading()).access_token;
        let from = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(30);
        let path = format!("/v2/accounts/{account}/orders/history?limit=500&from={from}");
        let list = self.aries.http("GET", &path, Some(&token), None);
        list["orders"].as_array().unwrap().iter().filter(|order| order["symbol"] == symbol).cloned().collect()
    }

    /// A limit order to buy that a person places themselves, on the simulated account.
    pub fn by_hand(&self, symbol: &str, quantity: &str, price: &str) {
        let token = self.aries.issue(&trading()).access_token;
        let order = json!({"tradingAccountId": SIM, "symbol": symbol, "side": "BUY", "type": "LIMIT", "qty": quantity,
            "price": price, "timeInForce": "DAY"});
        assert_eq!(self.aries.http("POST", "/v1/orders", Some(&token), Some(order))["success"], true);
    }

    /// How often a path was posted to.
    pub fn posts(&self, path: &str) -> usize {
        self.aries.log().iter().filter(|line| **line == format!("POST {path}")).count()
    }

    /// What goes wrong with the next POST to a path.
    pub fn fault(&self, path: &str, fault: Value) {
        let mut rule = json!({"method": "POST", "path": path});
        rule.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
        self.aries.faults(rule);
    }

    /// Has every list of orders hold these and nothing else, until Aries behaves again.
    pub fn lists(&self, orders: &[Value]) {
        let body = json!({"orders": orders, "nextCursor": 0}).to_string();
        self.aries.faults(
            json!({"method": "GET", "path": "/v2/accounts/*", "fault": "body", "body": body, "times": 999}),
        );
    }

    /// Waits until Aries holds a request, by a rule with `hold`.
    pub fn until_held(&self) {
        until("a request that is held", || {
            self.aries.http("GET", "/sandbox/stats", None, None)["held"] != json!(0)
        });
    }

    /// Lets held requests go on.
    pub fn release(&self) {
        self.aries.http("POST", "/sandbox/release", None, Some(json!({})));
    }

    /// Aries behaves again, as far as nothing is held.
    pub fn behave(&self) {
        self.aries.http("DELETE", "/sandbox/faults", None, None);
    }
}

/// Waits until something has happened.
pub fn until(what: &str, done: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < end, "it never came to this: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The order of the README.
pub fn msft(account: &str) -> Value {
    json!({"account": account, "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit", "limit_price": "400.00"})
}

/// An order on another symbol.
pub fn ko(quantity: &str, price: &str) -> Value {
    json!({"account": "0017", "symbol": "KO", "action": "buy", "quantity": quantity, "type": "limit", "limit_price": price})
}

/// The ticket of a preview that must succeed.
pub fn ticket(client: &mut Client, args: Value) -> String {
    let result = client.call("preview_order", args);
    assert_ne!(result["isError"], json!(true), "{result}");
    result["structuredContent"]["ticket"].as_str().unwrap().to_owned()
}

/// Presents a ticket and waits for the answer.
pub fn place(client: &mut Client, ticket: &str) -> Value {
    let result = client.call("place_order", json!({"ticket": ticket}));
    assert_ne!(result["isError"], json!(true), "{result}");
    result
}

/// Presents a ticket without waiting; tells the id of the call.
pub fn begin_to_place(client: &mut Client, ticket: &str) -> u64 {
    client.send("tools/call", json!({"name": "place_order", "arguments": {"ticket": ticket}}))
}

/// The state that an answer begins with.
pub fn state(result: &Value) -> &str {
    result["structuredContent"]["state"].as_str().unwrap_or_else(|| panic!("no state in {result}"))
}

/// Aries' id in an answer.
pub fn order_id(result: &Value) -> String {
    result["structuredContent"]["order_id"].as_str().unwrap_or_else(|| panic!("no id in {result}")).to_owned()
}

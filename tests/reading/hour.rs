//! Eight processes on sockets that are dropped all the time, while prices tick and an order fills share by share.
//!
//! Pauses are a fiftieth of a person's, so a drop every few seconds is one every few hundredths of a second. An hour of them:
//! `HOUR=720 cargo test --test integration reading::hour -- --nocapture`.

use aries_mcp::sandbox::Options;
use serde_json::json;

use crate::support::brisk::Limits;
use crate::support::stage::SIM;
use crate::support::{Aries, Client, Home, pairs, text_of, trading};

const PROCESSES: usize = 8;
/// After so many drops everything that a process keeps is there.
const SETTLED: usize = 1;

struct Process {
    client: Client,
    _home: Home,
}

impl Process {
    fn start(aries: &Aries) -> Self {
        let home = Home::new();
        let mut client = home.serve_within(Limits::BriefSockets, &[], &pairs(&aries.env(&trading())));
        client.initialize("2025-11-25");
        // Prices tick for somebody all the time.
        client.send("tools/call", wait(json!({"symbol": "AAPL", "above": "9000", "seconds": 3600})));
        Self { client, _home: home }
    }

    /// Waits for the order, and returns once the wait knows how it stands.
    fn begin(&mut self, order: &str, filled: usize) -> u64 {
        let args = json!({"order": order, "account": "0017", "seconds": 600});
        let id = self.client.send("tools/call", wait(args));
        let standing = format!("{filled} of 5000 filled");
        let tells =
            |message: &serde_json::Value| message["params"]["message"].to_string().contains(&standing);
        while !tells(&self.client.notification("notifications/progress")) {}
        self.client.notifications.retain(|message| message.get("id").is_some());
        id
    }

    fn heard(&mut self, id: u64) -> String {
        let answer = self.client.answer(id);
        text_of(&answer["result"])
    }

    /// Memory in KiB, threads and open files.
    fn figures(&self) -> [usize; 3] {
        let process = format!("/proc/{}", self.client.child.id());
        let status = std::fs::read_to_string(format!("{process}/status")).unwrap();
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        let files = std::fs::read_dir(format!("{process}/fd")).unwrap().count();
        [number("VmRSS:"), number("Threads:"), files]
    }
}

fn wait(args: serde_json::Value) -> serde_json::Value {
    json!({"name": "wait_for", "arguments": args, "_meta": {"progressToken": "wait"}})
}

#[test]
#[expect(clippy::print_stderr, reason = "figures are asked for with --nocapture")]
fn eight_processes_lose_no_event_of_an_order_and_leak_nothing() {
    let drops: usize = std::env::var("HOUR").map_or(2, |text| text.parse().unwrap());
    let aries = Aries::start(Options { rate_limits: false, ..Options::default() });
    let token = aries.issue(&trading()).access_token;
    let order = json!({"tradingAccountId": SIM, "symbol": "KO", "side": "BUY", "type": "LIMIT", "qty": "5000",
        "price": "1", "timeInForce": "DAY"});
    let placed = aries.http("POST", "/v1/orders", Some(&token), Some(order));
    let order = placed["clOrdId"].as_str().unwrap_or_else(|| panic!("{placed}")).to_owned();
    let mut processes: Vec<Process> = (0..PROCESSES).map(|_| Process::start(&aries)).collect();
    let mut before = Vec::new();
    for number in 0..drops + SETTLED {
        let ids: Vec<u64> = processes.iter_mut().map(|process| process.begin(&order, number)).collect();
        let drop = || aries.http("POST", "/sandbox/options", None, Some(json!({"socket_drop": true})));
        let fill = || aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": order, "qty": "1"})));
        // The event comes before the drop, while nobody can hear it, or between two drops.
        let [first, then]: [&dyn Fn() -> serde_json::Value; 2] =
            if number % 3 == 0 { [&fill, &drop] } else { [&drop, &fill] };
        first();
        then();
        if number % 3 == 2 {
            drop();
        }
        for (process, id) in processes.iter_mut().zip(ids) {
            let text = process.heard(id);
            assert!(text.contains(&format!(" · {} of 5000 filled", number + 1)), "{number}: {text}");
        }
        if number + 1 == SETTLED {
            before = processes.iter().map(Process::figures).collect();
        }
    }
    for (process, before) in processes.iter().zip(before) {
        let [memory, threads, files] = process.figures();
        eprintln!("{drops} drops: {memory} KiB after {}, {threads} threads, {files} files", before[0]);
        assert!(memory < before[0] + 2_048, "{memory} KiB after {}", before[0]);
        // While a socket is away, calls ask by connections that are kept for a while.
        assert!(threads <= before[1] && files <= before[2] + 6, "{before:?}, now {threads} and {files}");
    }
}

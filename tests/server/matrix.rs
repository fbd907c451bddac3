//! Every client of the matrix, played against the real binary: it lists, calls, errs, takes a long answer, gives up on a
//! call, has a live order approved in its own way, and ends.

use crate::support::brisk::Limits;
use crate::support::matrix::{Approval, Cancel, End, Opening, ROWS, Row};
use crate::support::stage::{Stage, msft, until};
use crate::support::stand_in::Browser;
use crate::support::{Client, Signal, pairs, text_of};
use serde_json::{Value, json};

/// What some clients refuse or cut off.
const LONGEST_ANSWER: usize = 100_000;

/// A client of this row, with its session opened.
struct Player<'a> {
    row: &'a Row,
    stage: &'a Stage,
    client: Client,
}

impl<'a> Player<'a> {
    fn open(row: &'a Row, stage: &'a Stage) -> Self {
        let limits = match row.approval {
            Approval::Page => Limits::BriefCalls,
            _ => Limits::AnyAnswer,
        };
        let path = std::env::var("PATH").unwrap();
        let browser = Browser::Notes(stage.home.path("opened")).variable();
        let home = stage.home.path("home").display().to_string();
        let value = |name: &str| match name {
            "PATH" => path.clone(),
            "HOME" => home.clone(),
            _ => "/x".to_owned(),
        };
        let env = row.variables.iter().map(|name| (*name, value(name))).chain(stage.env()).chain([browser]);
        let env: Vec<(&'static str, String)> = env.collect();
        let mut player =
            Self { row, stage, client: stage.home.serve_within(limits, &["serve"], &pairs(&env)) };
        player.greet();
        player
    }

    fn greet(&mut self) {
        match self.row.opening {
            Opening::Modern => {
                let discovered = self.request("server/discover", json!({}));
                assert!(discovered["capabilities"]["tools"].is_object(), "{discovered}");
            }
            Opening::Initialize(version) => self.initialize(version),
            Opening::EarlyNotification(version) => {
                self.client.notify("notifications/roots/list_changed", json!({}));
                self.initialize(version);
            }
            Opening::Tunnel => {
                let probe = r#"{"jsonrpc":"2.0","id":"openai-mcp-discover-1","method":"server/discover","params":{}}"#;
                self.client.send_line(probe);
                assert_eq!(self.client.receive()["error"]["code"], -32602);
                self.client.notify("notifications/initialized", json!({}));
                let params = json!({"protocolVersion": "2025-06-18", "capabilities": {},
                    "clientInfo": {"name": "openai-mcp", "version": "1"}});
                assert_eq!(self.client.request("initialize", params)["protocolVersion"], "2025-06-18");
            }
        }
    }

    fn initialize(&mut self, version: &str) {
        let answer = self.client.initialize_with(version, self.row.capabilities());
        assert_eq!(answer["protocolVersion"], version, "{}", self.row.name);
    }

    /// Parameters as this client sends them.
    fn params(&self, mut params: Value) -> Value {
        if self.row.opening == Opening::Modern {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": self.row.capabilities(),
                "io.modelcontextprotocol/clientInfo": {"name": self.row.name, "version": "1"}
            });
        }
        params
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        let params = self.params(params);
        self.client.request(method, params)
    }

    fn call(&mut self, tool: &str, args: Value) -> Value {
        self.request("tools/call", json!({"name": tool, "arguments": args}))
    }

    fn reads(&mut self) {
        let list = self.request("tools/list", json!({}));
        assert!(list["tools"].as_array().unwrap().len() >= 22, "{}", self.row.name);
        let result = self.call("get_accounts", json!({}));
        assert!(text_of(&result).contains("2 accounts"), "{result}");
        let error = self.call("get_quotes", json!({"symbols": ["../x"]}));
        assert_eq!(error["isError"], true, "{error}");
        assert!(text_of(&error).contains("\nhint: "), "{error}");
        let bars = json!({"symbol": "AAPL", "interval": "1d", "from": "2022-01-03", "limit": 500});
        let long = self.call("get_bars", bars);
        assert_ne!(long["isError"], true, "{long}");
        assert!((5_000..LONGEST_ANSWER).contains(&text_of(&long).len()), "{}", text_of(&long).len());
    }

    /// A call that hangs at Aries is given up; the next one is answered all the same.
    fn gives_up(&mut self) {
        let hangs =
            json!([{"path": "/v1/marketdata/search", "times": 1, "fault": "delay", "delay_ms": 20_000}]);
        self.stage.aries.faults(hangs);
        let params = self.params(json!({"name": "find_symbol", "arguments": {"query": "Apple"}}));
        let id = self.client.send("tools/call", params);
        until("the request that hangs", || {
            self.stage.aries.http("GET", "/sandbox/stats", None, None)["faultsWaiting"] == json!(0)
        });
        if self.row.cancel == Cancel::Tells {
            self.client.notify("notifications/cancelled", json!({"requestId": id, "reason": "test"}));
        }
        assert!(text_of(&self.call("get_accounts", json!({}))).contains("2 accounts"));
    }

    /// Has a live order approved, as far as this client can.
    fn orders(&mut self) {
        let preview = self.call("preview_order", msft("1002"));
        let ticket = preview["structuredContent"]["ticket"].as_str();
        let ticket = ticket.unwrap_or_else(|| panic!("{}: no ticket in {preview}", self.row.name));
        let place = json!({"name": "place_order", "arguments": {"ticket": ticket}});
        match self.row.approval {
            Approval::Dialog => {
                let call = self.client.send("tools/call", place);
                let question = self.client.notification("elicitation/create");
                let yes = json!({"action": "accept", "content": {"decision": "approve"}});
                let yes = json!({"jsonrpc": "2.0", "id": question["id"], "result": yes});
                self.client.send_line(&yes.to_string());
                assert!(
                    text_of(&self.client.answer(call)["result"]).starts_with("WORKING"),
                    "{}",
                    self.row.name
                );
            }
            Approval::DialogBetweenCalls => {
                let asked = self.request("tools/call", place.clone());
                assert_eq!(asked["resultType"], "input_required", "{asked}");
                let mut again = place;
                let name = asked["inputRequests"].as_object().unwrap().keys().next().unwrap().clone();
                again["requestState"] = asked["requestState"].clone();
                again["inputResponses"] =
                    json!({name: {"action": "accept", "content": {"decision": "approve"}}});
                let done = self.request("tools/call", again);
                assert!(text_of(&done).starts_with("WORKING"), "{done}");
            }
            Approval::Page => {
                let result = self.call("place_order", json!({"ticket": ticket}));
                let opened = std::fs::read_to_string(self.stage.home.path("opened")).unwrap();
                assert!(opened.starts_with("http://127.0.0.1:"), "{opened}");
                assert!(text_of(&result).contains("approv"), "{result}");
            }
        }
        let sent = usize::from(self.row.approval != Approval::Page);
        assert_eq!(self.stage.posts("/v1/orders"), sent, "{}", self.row.line());
    }

    fn ends(mut self) {
        match self.row.end {
            End::ClosesInput => self.client.hang_up(),
            End::Interrupts => self.client.signal(Signal::Interrupt),
            End::Terminates => self.client.signal(Signal::Terminate),
            End::Both => {
                self.client.hang_up();
                self.client.signal(Signal::Terminate);
            }
        }
        assert!(self.client.wait().success(), "{}", self.row.name);
    }
}

fn play(row: &Row) {
    let stage = Stage::new("[trading]\nlive = true\n");
    let mut player = Player::open(row, &stage);
    player.reads();
    player.gives_up();
    player.orders();
    player.ends();
}

#[test]
fn every_client_of_the_matrix_is_served() {
    std::thread::scope(|scope| {
        for row in ROWS {
            scope.spawn(move || play(row));
        }
    });
}

//! `doctor --api`: how each answer of Aries differs from the documented one.

use std::process::Output;

use aries_mcp::sandbox::Options;
use serde_json::{Value, json};

use crate::support::{Aries, Home, READING, pairs, stderr, stdout};

struct Person {
    home: Home,
    aries: Aries,
    env: Vec<(&'static str, String)>,
}

impl Person {
    fn new(scopes: &[&str]) -> Self {
        let aries = Aries::start(Options { rate_limits: false, ..Options::default() });
        let env = aries.env(scopes);
        Self { home: Home::new(), aries, env }
    }

    fn run(&self, args: &[&str]) -> Output {
        self.home.run(&[&["doctor", "--api"], args].concat(), &pairs(&self.env))
    }

    fn calls(&self) -> (Option<i32>, Vec<Value>) {
        let output = self.run(&["--json"]);
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", stdout(&output), stderr(&output)));
        (output.status.code(), report["calls"].as_array().unwrap().clone())
    }
}

fn one<'a>(calls: &'a [Value], path: &str) -> &'a Value {
    calls.iter().find(|call| call["path"] == path).unwrap_or_else(|| panic!("{path} was not asked"))
}

const SEARCH: &str = "/v1/marketdata/search";
const BREADTH: &str = "/v1/analytics/market-breadth";
const METRICS: &str = "/v1/company/metrics";

#[test]
fn an_aries_as_documented_passes_and_is_asked_without_a_write() {
    let person = Person::new(READING);
    let (code, calls) = person.calls();
    let fine = |call: &&Value| call["result"] == "as-documented";
    let others: Vec<_> = calls.iter().filter(|call| !fine(call)).collect();
    assert!(others.is_empty(), "{others:#?}");
    assert_eq!(code, Some(0));
    assert!(person.aries.log().iter().all(|line| !line.contains("/v1/orders")));
}

#[test]
fn each_kind_of_difference_is_told() {
    let person = Person::new(READING);
    let body = |value: Value| json!({"fault": "body", "body": value.to_string()});
    let rule = |path: &str, fault: Value| {
        let mut rule = json!({"path": path, "times": 3});
        rule.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
        rule
    };
    let extra = json!({"data": {"advancers": 1, "brandNew": [{"inner": true}]}, "success": true});
    let status = |status: u16| json!({"fault": "status", "status": status});
    person.aries.faults(json!([
        rule(BREADTH, body(extra)),
        rule(SEARCH, body(json!({"results": []}))),
        rule("/v1/stocks/prev", status(403)),
        rule("/v1/stocks/last-trade", status(404)),
        rule("/v1/stocks/last-quote", status(500)),
    ]));
    let (code, calls) = person.calls();
    assert_eq!(code, Some(1));
    let breadth = one(&calls, BREADTH);
    assert_eq!(breadth["result"], "missing-members");
    let names = |list: &str| breadth[list].to_string();
    assert!(names("extra").contains(r#"{"member":"data/brandNew","type":"array"}"#), "{breadth}");
    assert!(names("missing").contains(r#""data/decliners""#), "{breadth}");
    for (path, result) in [
        (SEARCH, "other-shape"),
        ("/v1/stocks/prev", "refused"),
        ("/v1/stocks/last-trade", "not-found"),
        ("/v1/stocks/last-quote", "failed"),
    ] {
        assert_eq!(one(&calls, path)["result"], result, "{path}");
    }
}

#[test]
fn only_what_was_granted_is_asked() {
    let person = Person::new(&["account:information", "market:information"]);
    let (_, calls) = person.calls();
    assert_eq!(one(&calls, METRICS)["result"], "not-granted");
    assert_eq!(one(&calls, SEARCH)["result"], "as-documented");
    assert!(person.aries.log().iter().all(|line| !line.contains(METRICS)));
}

#[test]
fn the_saved_report_holds_names_and_no_values() {
    let person = Person::new(READING);
    let value = json!({"AR4471002": {"2026-01-02": {"price": 12345.67, "owner": "Ann Example"}}});
    person.aries.faults(json!({"path": BREADTH, "fault": "body", "body": value.to_string()}));
    let said = "the account AR4471002 of Ann Example is closed";
    person.aries.faults(json!({"path": SEARCH, "fault": "status", "status": 400, "body": said}));
    let file = person.home.path("report.json");
    let output = person.run(&["--save", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(
        stdout(&output).contains("missing members   GET /v1/analytics/market-breadth"),
        "{}",
        stdout(&output)
    );
    assert!(stderr(&output).contains(" of "), "progress is shown: {}", stderr(&output));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("*/*/price"), "{text}");
    for hidden in ["AR4471002", "2026-01-02", "12345", "Ann Example", "SIM8820017", person.env[1].1.as_str()]
    {
        assert!(!text.contains(hidden), "{hidden} is in the report");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // A file that is there is left alone, and nothing is asked for it.
    let asked = person.aries.log().len();
    let again = person.run(&["--save", file.to_str().unwrap()]);
    assert_eq!((again.status.code(), person.aries.log().len()), (Some(2), asked));
    assert!(stderr(&again).contains("is there already"), "{}", stderr(&again));
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_there() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let person = Person::new(READING);
    person.aries.faults(json!({"path": BREADTH, "fault": "delay", "delay_ms": 60_000, "hold": true}));
    let file = person.home.path("report.json");
    let mut command = person.home.command(&["doctor", "--api", "--save", file.to_str().unwrap()]);
    command.envs(person.env.iter().map(|(name, value)| (*name, value.as_str())));
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut progress = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(progress.any(|line| line.contains(SEARCH)), "no progress");
    let interrupt = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.unwrap().success());
    progress.for_each(drop);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains(&format!("GET {SEARCH}")), "{}", stdout(&output));
    let report: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert!(report["asked"].as_u64() < report["of"].as_u64(), "{report}");
}

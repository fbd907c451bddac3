//! The official SDK clients and MCP Inspector against the real binary on the embedded Aries.
//!
//! `.ci/run` installs them and says where they are. What each client saw is one line of JSON, judged here.

use std::process::Command;
use std::time::Duration;

use crate::support::inspector::{InspectorPage, Server, place};
use crate::support::{Aries, Home, READING};
use aries_mcp::sandbox::Options;
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_aries-mcp");

fn practice() -> Server {
    [BINARY, "serve", "--sandbox"].map(str::to_owned).to_vec()
}

/// A person has signed in with `aries-mcp login`; the client starts a plain `aries-mcp`. Clients pass a thin
/// environment on, so `env` says where the person's folders are.
struct SignedIn {
    _aries: Aries,
    _home: Home,
    server: Server,
}

fn signed_in() -> SignedIn {
    let aries = Aries::start(Options { auto_consent: true, ..Options::default() });
    let home = Home::new();
    home.sign_in(&aries);
    let folder = |name: &str| home.path(name).to_str().unwrap().to_owned();
    let mut server = vec!["env".to_owned(), format!("ARIES_CONFIG_DIR={}", folder("config"))];
    server.push(format!("ARIES_STATE_DIR={}", folder("state")));
    server.push(BINARY.to_owned());
    SignedIn { _aries: aries, _home: home, server }
}
const TOOLS: [&str; 6] =
    ["get_accounts", "get_portfolio", "get_orders", "find_symbol", "get_quotes", "get_bars"];

/// Runs a client and parses the one JSON object it prints.
fn run(program: &str, args: &[&str]) -> Value {
    // Inspector keeps files in the home, and no client may find settings of the person who runs this.
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(program)
        .args(args)
        .env("HOME", home.path())
        .output()
        .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {}\n{stderr}", output.status);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{program} {args:?}: {error}: {}\n{stderr}", String::from_utf8_lossy(&output.stdout))
    })
}

fn assert_has_tools<'a>(names: impl Iterator<Item = &'a str>) {
    let names: Vec<&str> = names.collect();
    for tool in TOOLS {
        assert!(names.contains(&tool), "{tool} is not among {names:?}");
    }
}

/// What an SDK script saw: the revision agreed on, the list, and the portfolio.
fn judge(seen: &Value, protocol: &str) {
    assert_eq!(seen["protocol"], protocol, "{seen}");
    assert_has_tools(seen["tools"].as_array().unwrap().iter().filter_map(Value::as_str));
    assert_eq!(seen["is_error"], false, "{seen}");
    assert!(seen["text"].as_str().unwrap().starts_with("SANDBOX"), "{seen}");
}

/// Runs one of the scripts in `tests/clients` with the interpreter that `variable` names.
fn sdk(variable: &str, script: &str, mode: &[&str], server: &Server) -> Value {
    let script = format!("{}/tests/clients/{script}", env!("CARGO_MANIFEST_DIR"));
    let server: Vec<&str> = server.iter().map(String::as_str).collect();
    let args = [&[script.as_str()], mode, server.as_slice()].concat();
    run(&place(variable), &args)
}

const LEGACY: &str = "2025-11-25";
const MODERN: &str = "2026-07-28";

#[test]
#[ignore = "needs the Python SDK: run by .ci/run"]
fn python_sdk() {
    let signed_in = signed_in();
    for server in [practice(), signed_in.server.clone()] {
        judge(&sdk("ARIES_TEST_PYTHON", "python.py", &["auto"], &server), MODERN);
        judge(&sdk("ARIES_TEST_PYTHON", "python.py", &["legacy"], &server), LEGACY);
    }
}

/// A live order, approved by a person who takes a second and a half to read, in both protocol eras.
#[test]
#[ignore = "needs the Python SDK: run by .ci/run"]
fn python_sdk_approves_an_order() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "[trading]\nlive = true\n").unwrap();
    let config = config.to_str().unwrap();
    for (mode, protocol) in [("auto", MODERN), ("legacy", LEGACY)] {
        for (action, state) in [("accept", "WORKING"), ("decline", "NOT SENT")] {
            let server = [practice(), vec!["--config".to_owned(), config.to_owned()]].concat();
            let seen = sdk("ARIES_TEST_PYTHON", "python_order.py", &[mode, "1.5", action], &server);
            assert_eq!(seen["protocol"], protocol, "{seen}");
            assert_eq!(seen["state"], state, "{seen}");
            assert_eq!(seen["placed"], seen["again"], "{seen}");
            let asked = seen["asked"].as_array().unwrap();
            assert_eq!(asked.len(), 1, "{seen}");
            assert!(
                asked.iter().all(|text| text.as_str().unwrap().contains("BUY 10 MSFT, limit 400.00, day"))
            );
            let booked = seen["orders"].as_str().unwrap().matches("|MSFT|").count();
            assert_eq!(booked, usize::from(action == "accept"), "{seen}");
        }
    }
}

#[test]
#[ignore = "needs the Python SDK: run by .ci/run"]
fn python_sdk_waits() {
    let aries = Aries::start(Options::default());
    let variables = aries.env(READING).into_iter().map(|(name, value)| format!("{name}={value}"));
    let mut server = vec!["env".to_owned()];
    server.extend(variables);
    server.extend([BINARY, "serve"].map(str::to_owned));
    let seen = sdk("ARIES_TEST_PYTHON", "python_wait.py", &[&aries.origin], &server);
    let statuses: Vec<&str> = seen["statuses"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!((statuses.first(), statuses.last()), (Some(&"working"), Some(&"completed")), "{seen}");
    assert!(seen["happened"].as_str().unwrap().starts_with("HAPPENED · SANDBOX · AAPL 305.00, "), "{seen}");
    assert_eq!(seen["cancelled"], "cancelled", "{seen}");
    for (call, protocol) in seen["calls"].as_array().unwrap().iter().zip([MODERN, LEGACY]) {
        assert_eq!((&call["protocol"], &call["stopped"]), (&json!(protocol), &json!(true)), "{seen}");
        assert!(call["waited"].as_str().unwrap().starts_with("NOT YET · SANDBOX · AAPL 305.00, "), "{seen}");
        assert!(call["progress"][0].as_str().unwrap().contains("AAPL 305.00"), "{seen}");
        assert!(call["after"].as_str().unwrap().contains("\nAAPL|305.00|"), "{seen}");
    }
}

#[test]
#[ignore = "needs the Python SDK 1.x: run by .ci/run"]
fn python_sdk_1x() {
    let signed_in = signed_in();
    for server in [practice(), signed_in.server.clone()] {
        judge(&sdk("ARIES_TEST_PYTHON_1X", "python_1x.py", &[], &server), LEGACY);
    }
}

#[test]
#[ignore = "needs node and the TypeScript client: run by .ci/run"]
fn typescript_client() {
    let signed_in = signed_in();
    for server in [practice(), signed_in.server.clone()] {
        judge(&sdk("ARIES_TEST_NODE", "typescript.mjs", &["auto"], &server), MODERN);
        judge(&sdk("ARIES_TEST_NODE", "typescript.mjs", &["legacy"], &server), LEGACY);
    }
}

#[test]
#[ignore = "needs node and the TypeScript SDK 1.x: run by .ci/run"]
fn typescript_sdk_1x() {
    let signed_in = signed_in();
    for server in [practice(), signed_in.server.clone()] {
        judge(&sdk("ARIES_TEST_NODE", "typescript_1x.mjs", &[], &server), LEGACY);
    }
}

/// One request by Inspector's command line, in the words of its users.
fn inspect(era: &str, method: &[&str], server: &Server) -> Value {
    let inspector = format!("{}/.bin/mcp-inspector", place("ARIES_TEST_NODE_MODULES"));
    let options = ["--protocol-era", era, "--format", "json", "-q", "--method"];
    let server: Vec<&str> = server.iter().map(String::as_str).collect();
    let args =
        [&[inspector.as_str(), "--cli"], options.as_slice(), method, &["--"], server.as_slice()].concat();
    run(&place("ARIES_TEST_NODE"), &args)
}

#[test]
#[ignore = "needs node and MCP Inspector: run by .ci/run"]
fn inspector() {
    let signed_in = signed_in();
    for server in [practice(), signed_in.server.clone()] {
        for era in ["legacy", "auto", "modern"] {
            // --strict fails on a schema that some model provider would refuse.
            let list = inspect(era, &["tools/list", "--strict"], &server);
            let tools = list["result"]["tools"].as_array().unwrap_or_else(|| panic!("{era}: {list}"));
            assert_has_tools(tools.iter().filter_map(|tool| tool["name"].as_str()));
            let answer = inspect(era, &["tools/call", "--tool-name", "get_portfolio"], &server);
            let text =
                answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{era}: {answer}"));
            assert!(text.starts_with("SANDBOX"), "{era}: {text}");
            let wait = ["symbol=AAPL", "above=100000", "seconds=1"].map(|arg| ["--tool-arg", arg]).concat();
            let call = [&["tools/call", "--tool-name", "wait_for"][..], wait.as_slice()].concat();
            let waited = inspect(era, &call, &server);
            let text =
                waited["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{era}: {waited}"));
            assert!(text.starts_with("NOT YET · SANDBOX · AAPL "), "{era}: {text}");
        }
    }
}

#[test]
#[ignore = "needs node, MCP Inspector, chromium and chromedriver: run by .ci/run"]
fn inspectors_page_places_an_order_on_the_simulated_account() {
    let page = InspectorPage::open(&practice());
    page.order("0017");
    page.browser.wait_for("WORKING · SANDBOX (plays simulated) …0017 · BUY 10 MSFT, limit 400.00, day");
    page.browser.screenshot("inspector-simulated");
}

#[test]
#[ignore = "needs node, MCP Inspector, chromium and chromedriver: run by .ci/run"]
fn inspectors_page_asks_a_person_before_a_live_order() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "[trading]\nlive = true\n").unwrap();
    let server = [practice(), vec!["--config".to_owned(), config.to_str().unwrap().to_owned()]].concat();
    let page = InspectorPage::open(&server);
    for (button, state) in [("Decline", "NOT SENT"), ("Submit", "WORKING")] {
        page.order("1002");
        page.browser.wait_for("Send this order to Aries? BUY 10 MSFT, limit 400.00, day");
        page.browser.screenshot("inspector-live");
        // A person reads; a faster answer is none.
        std::thread::sleep(Duration::from_millis(1500));
        if button == "Submit" {
            page.browser.click("//*[@role='dialog']//input[@aria-haspopup='listbox']");
            page.browser.click("//*[@role='option' and contains(., 'approve')]");
        }
        page.browser.click(&format!("//*[@role='dialog']//button[contains(., '{button}')]"));
        page.browser.wait_for(&format!("{state} · SANDBOX (plays live) …1002 · BUY 10 MSFT"));
    }
}

#[test]
#[ignore = "needs node, MCP Inspector, chromium and chromedriver: run by .ci/run"]
fn inspectors_apps_panel_lists_our_pages() {
    let page = InspectorPage::open(&practice());
    page.tab("Apps");
    page.browser.wait_for("MCP Apps (5)");
    page.browser.click("//*[normalize-space(text())='Get portfolio']");
    page.browser.wait_for("Last four characters or full id");
    page.browser.screenshot("inspector-apps");
}

//! Aries' own Python SDK as the judge of the embedded Aries and of the program's requests.
//!
//! `.ci/run` installs it. The scripts in `tests/clients/aries_sdk` print one JSON object each, which is judged here.

use std::io::Write;
use std::process::Command;

use serde_json::{Value, json};

/// How many methods of the SDK understood the sandbox's answer when this was written; fewer is a step back.
const UNDERSTOOD: u64 = 148;

fn run(script: &str) -> Value {
    let python = std::env::var("ARIES_TEST_SDK")
        .expect("ARIES_TEST_SDK names a Python with Aries' SDK: .ci/run sets it and installs that");
    let script = format!("{}/tests/clients/aries_sdk/{script}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(python).arg(script).arg(env!("CARGO_BIN_EXE_aries-mcp")).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Writes a figure where cargo shows it, even if the test passes.
#[expect(clippy::explicit_write, reason = "cargo hides what eprintln writes")]
fn tell(figure: &str) {
    writeln!(std::io::stderr(), "{figure}").unwrap();
}

#[test]
#[ignore = "needs the official SDK: run by .ci/run"]
fn the_sdk_understands_every_answer_of_the_sandbox() {
    let report = run("parse_answers.py");
    tell(&format!("the official SDK understands {} of {} answers", report["passed"], report["of"]));
    assert!(report["passed"].as_u64().unwrap() >= UNDERSTOOD, "{:#}", report["failures"]);
}

#[test]
#[ignore = "needs the official SDK: run by .ci/run"]
fn the_program_asks_as_the_sdk_does() {
    let report = run("compare_requests.py");
    tell(&format!("calls compared with those of the official SDK: {}", report["compared"]));
    assert_eq!(report["differences"], json!({}), "{report:#}");
}

#[test]
#[ignore = "needs the official SDK: run by .ci/run"]
fn the_sdk_hears_quotes_a_snapshot_and_an_order_by_socket() {
    let heard = run("use_sockets.py");
    let market = &heard["market"];
    assert_eq!((&market["status"], &market["symbol"]), (&json!("open"), &json!("AAPL")), "{heard}");
    assert!(market["ask"].as_f64() > market["last"].as_f64() && market["delta"].is_number(), "{heard}");
    assert!(market["expirations"]["data"]["expiryDates"][0].is_string(), "{heard}");
    assert!(heard["chart"]["symbol"] == "AAPL" && heard["chart"]["last"].is_number(), "{heard}");
    let account = &heard["account"];
    assert!(account["positions"] == 4 && account["balance"].is_string(), "{heard}");
    assert_eq!(account["told"], account["placed"], "{heard}");
}

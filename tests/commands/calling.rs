//! `call` as a person and a script use it.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::json;

use crate::support::stage::{Stage, msft};
use crate::support::{Home, stderr, stdout};

#[test]
fn arguments_come_from_stdin_and_from_a_file() {
    let home = Home::new();
    let args = "\u{feff}{\"query\":\"Apple\"}\n";
    let mut command = home.command(&["call", "--sandbox", "find_symbol", "-"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(args.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(stdout(&output).contains("\nAAPL|Apple Inc.|"), "{}{}", stdout(&output), stderr(&output));

    let file = home.path("args.json");
    std::fs::write(&file, args).unwrap();
    let output = home.run(&["call", "--sandbox", "find_symbol", &format!("@{}", file.display())], &[]);
    assert!(stdout(&output).contains("\nAAPL|Apple Inc.|"), "{}{}", stdout(&output), stderr(&output));

    let output = home.run(&["call", "--sandbox", "find_symbol", "-"], &[]);
    assert!(
        stderr(&output).starts_with("error: the arguments are empty\nhint: write them like: {"),
        "{}",
        stderr(&output)
    );

    let output = home.run(&["call", "--sandbox", "find_symbol", "@no-such-file"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: no-such-file cannot be read: "), "{}", stderr(&output));
}

#[test]
fn a_pipe_gets_rows_as_they_are_and_a_person_hints_for_a_person() {
    let home = Home::new();
    let output = home.run(&["call", "--sandbox", "get_quotes", r#"{"symbols":["AAPL"]}"#], &[]);
    assert!(
        stdout(&output).contains("\nsymbol|last|") && !stdout(&output).contains('\u{1b}'),
        "{}",
        stdout(&output)
    );
    let output = home.run(&["call", "get_accounts"], &[("ARIES_CLIENT_ID", "x")]);
    assert_eq!(output.status.code(), Some(3));
    assert!(!stderr(&output).contains("the person"), "{}", stderr(&output));
}

#[test]
fn a_practice_process_leaves_nothing_in_the_temporary_folder() {
    let home = Home::new();
    let folder = home.path("tmp");
    std::fs::create_dir_all(&folder).unwrap();
    let order = r#"{"account":"0017","symbol":"MSFT","action":"buy","quantity":"1","type":"limit","limit_price":"400"}"#;
    let mut command = home.command(&["call", "--sandbox", "preview_order", order]);
    let output = command.env("TMPDIR", &folder).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    assert!(!home.path("state").exists(), "the practice broker writes into its own folder only");
}

/// A practice server that has previewed an order, so that it has written what it writes.
fn practice_server(home: &Home, folder: &Path) -> Child {
    std::fs::create_dir_all(folder).unwrap();
    let mut command = home.command(&["serve", "--sandbox"]);
    command.env("TMPDIR", folder).env("TMP", folder).env("TEMP", folder);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let order = serde_json::json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "1", "type": "market"});
    let initialize = serde_json::json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}});
    let call = serde_json::json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
        "name": "preview_order", "arguments": order}});
    let lines = format!(
        "{initialize}\n{}\n{call}\n",
        serde_json::json!({"jsonrpc": "2.0", "method": "notifications/initialized"})
    );
    child.stdin.as_mut().unwrap().write_all(lines.as_bytes()).unwrap();
    let mut answers = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let answer = answers.find(|line| line.as_ref().unwrap().contains("\"id\":2")).unwrap().unwrap();
    assert!(answer.contains("ticket"), "{answer}");
    child
}

fn left_in(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_practice_server_leaves_nothing_in_the_temporary_folder() {
    let home = Home::new();
    let folder = home.path("tmp");
    let mut child = practice_server(&home, &folder);
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert_eq!(left_in(&folder), 0);
    assert!(!home.path("state").exists(), "the practice broker writes into its own folder only");
}

#[test]
fn what_a_killed_practice_server_left_goes_with_the_next_one() {
    let home = Home::new();
    let folder = home.path("tmp");
    let (mut killed, mut living) = (practice_server(&home, &folder), practice_server(&home, &folder));
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(left_in(&folder), 2);
    let next = practice_server(&home, &folder);
    assert_eq!(left_in(&folder), 2, "that of the killed one is gone, and that of the living one is there");
    drop(living.stdin.take());
    assert!(living.wait().unwrap().success());
    let output = next.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(left_in(&folder), 0);
}

#[test]
fn a_preview_by_a_command_shows_no_ticket_that_nobody_can_use() {
    let home = Home::new();
    let call = |more: &[&str]| {
        let order = msft("0017").to_string();
        let args = [&["call", "--sandbox"], more, &["preview_order", order.as_str()]].concat();
        let output = home.run(&args, &[]);
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let person = call(&[]);
    assert!(
        !person.contains("ticket") && person.contains("ask your assistant to preview and place"),
        "{person}"
    );
    // With a clock of its own the end of a ticket is a time of that clock.
    let model = call(&["--clock", "2026-11-27T11:00:00-05:00", "--json"]);
    assert!(model.contains("(until 2026-11-27T11:02:"), "{model}");
}

#[test]
fn a_tool_speaks_to_the_model_and_a_command_to_the_person() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let order = msft("1002");
    let (model, person) = (
        client.text("preview_order", order.clone()),
        stage.run(&["call", "preview_order", &order.to_string()]),
    );
    assert!(model.contains("; only the person can switch it on"), "{model}");
    let person = stdout(&person);
    assert!(person.contains("; you alone can switch it on") && !person.contains("the person"), "{person}");
    stage
        .aries
        .faults(json!({"path": "/v2/users/me/accounts", "fault": "status", "status": 500, "times": 99}));
    let (model, person) =
        (client.failure("get_accounts", json!({})), stderr(&stage.run(&["call", "get_accounts"])));
    assert!(model.contains("if not, tell the person that Aries is out of order"), "{model}");
    assert!(person.contains("if not, Aries is out of order") && !person.contains("tell"), "{person}");
    // What only the person can mend of a sign-in is told to the model as such.
    stage.behave();
    let env = [("ARIES_API_URL", stage.aries.origin.as_str()), ("ARIES_ACCESS_TOKEN", "over")];
    let mut client = stage.home.serve(&["serve"], &env);
    client.initialize("2025-06-18");
    let model = client.failure("get_accounts", json!({}));
    assert!(model.contains("hint: tell the person: set a new one, or unset it"), "{model}");
}

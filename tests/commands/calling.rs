//! `call` as a person and a script use it.

use std::io::Write;
use std::process::Stdio;

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
    let output = command.env("TMPDIR", &folder).env_remove("ARIES_STATE_DIR").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_practice_server_leaves_nothing_in_the_temporary_folder() {
    let home = Home::new();
    let folder = home.path("tmp");
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = home.command(&["serve", "--sandbox"]);
    command.env("TMPDIR", &folder).env_remove("ARIES_STATE_DIR");
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
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines.as_bytes()).unwrap();
    let mut answers = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let answer = answers.find(|line| line.as_ref().unwrap().contains("\"id\":2")).unwrap().unwrap();
    assert!(answer.contains("ticket"), "{answer}");
    drop(stdin);
    assert!(child.wait().unwrap().success());
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(left.is_empty(), "{left:?}");
}

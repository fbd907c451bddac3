//! What clients and people are shown: tool schemas, budgets, documents, help and refusals of the command
//! line.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests may fail loudly, and say what to do"
)]

#[expect(dead_code, reason = "each test crate uses its part")]
mod support;

#[path = "surface/documents.rs"]
mod documents;

use serde_json::Value;
use support::{Home, stderr, stdout};

/// Arguments, variables, and what the second line must say.
type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a str);

/// Every tool: `sign_in`, which is listed only while signed out, and all others.
fn tools() -> Vec<Value> {
    let list = |args: &[&str]| {
        let output = Home::new().run(args, &[]);
        let list: Value = serde_json::from_slice(&output.stdout).unwrap();
        list["tools"].as_array().unwrap().clone()
    };
    let mut all = list(&["tools", "--sandbox", "--toolsets", "all", "--json"]);
    all.extend(list(&["tools", "--json"]).into_iter().filter(|tool| tool["name"] == "sign_in"));
    all
}

#[test]
fn every_tool_is_a_snapshot() {
    println!("if the change is meant: INSTA_UPDATE=always cargo test --test surface");
    for tool in tools() {
        insta::assert_json_snapshot!(tool["name"].as_str().unwrap(), tool);
    }
}

#[test]
fn no_schema_holds_what_some_client_stumbles_over() {
    fn walk(value: &Value, path: &str) {
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    let banned = ["anyOf", "oneOf", "allOf", "$ref", "$schema", "$defs"];
                    assert!(!banned.contains(&key.as_str()), "{path}/{key}");
                    assert!(key != "format" || path.ends_with("/properties"), "{path}/{key}");
                    walk(value, &format!("{path}/{key}"));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, path)),
            Value::String(text) => assert_ne!(text, "null", "{path}"),
            _ => {}
        }
    }
    for tool in tools() {
        let name = tool["name"].as_str().unwrap();
        assert!(
            name.len() <= 32
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
            "{name}"
        );
        assert!(tool["description"].as_str().unwrap().chars().count() <= 1200, "{name}");
        let input = &tool["inputSchema"];
        walk(input, name);
        walk(&tool["outputSchema"], name);
        assert_eq!(
            (&input["type"], &input["additionalProperties"]),
            (&"object".into(), &false.into()),
            "{name}"
        );
        for (argument, schema) in input["properties"].as_object().unwrap() {
            assert!(schema["description"].is_string(), "{name}.{argument} has no description");
        }
        for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] {
            assert!(tool["annotations"][hint].is_boolean(), "{name} {hint}");
        }
    }
}

#[test]
fn the_default_list_stays_in_its_budget() {
    let output = Home::new().run(&["tools", "--sandbox", "--json"], &[]);
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = list["tools"].as_array().unwrap();
    let bytes: usize = list.iter().map(|tool| tool.to_string().len() + 1).sum();
    assert!(list.len() <= 24 && bytes <= 32_000, "{} tools, {bytes} bytes", list.len());
}

#[test]
fn a_wrong_word_names_the_right_one() {
    let cases: [Case<'_>; 8] = [
        (&["serve", "--toolset", "market"], &[], "--toolsets"),
        (&["stauts"], &[], "status"),
        (&["serve", "--toolsets", "markte"], &[], "market"),
        (&["serve", "--log", "wran"], &[], "warn"),
        (&["serve"], &[("ARIES_TOKEN_STORE", "keychian")], "keychain"),
        (&["serve"], &[("ARIES_READ_ONLY", "maybe")], "ARIES_READ_ONLY=true"),
        (&["serve"], &[("ARIES_API_URL", "http://api.aries.com")], "https://"),
        (&["call", "get_portfolios"], &[], "get_portfolio"),
    ];
    for (args, env, right) in cases {
        let output = Home::new().run(args, env);
        let text = stderr(&output);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            (output.status.code(), stdout(&output).as_str(), lines.len()),
            (Some(2), "", 2),
            "{args:?}: {text}"
        );
        assert!(lines[0].starts_with("error: ") && lines[1].starts_with("hint: "), "{text}");
        assert!(lines[1].contains(right), "{args:?}: {text}");
    }
}

#[test]
fn a_wrong_key_in_the_file_stops_the_server_too() {
    let home = Home::new();
    std::fs::create_dir_all(home.path("config")).unwrap();
    std::fs::write(home.path("config/config.toml"), "log = \"warn\"\nreadonly = true\n").unwrap();
    let output = home.run(&["serve"], &[]);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains("line 2") && text.contains("did you mean read_only?"), "{text}");
}

#[test]
fn sandbox_goes_with_reading_commands_only() {
    for command in ["login", "logout", "demo", "sandbox"] {
        let output = Home::new().run(&[command, "--sandbox"], &[]);
        assert_eq!(output.status.code(), Some(2), "{command}");
    }
}

#[test]
fn call_speaks_in_exit_codes() {
    let home = Home::new();
    let good = home.run(&["call", "--sandbox", "find_symbol", r#"{"query":"Apple"}"#], &[]);
    assert_eq!((good.status.code(), stderr(&good).as_str()), (Some(0), ""));
    assert!(stdout(&good).contains("\nAAPL|Apple Inc.|stock|XNAS"), "{}", stdout(&good));
    let bad = home.run(&["call", "--sandbox", "get_quotes", r#"{"symbols":["../x"]}"#], &[]);
    assert_eq!((bad.status.code(), stdout(&bad).as_str()), (Some(1), ""));
    assert!(
        stderr(&bad).starts_with("error: \"../X\" is not a symbol")
            || stderr(&bad).starts_with("error: \"../x\" is not a symbol"),
        "{}",
        stderr(&bad)
    );
    let signed_out = home.run(&["call", "get_accounts"], &[("ARIES_CLIENT_ID", "x")]);
    assert_eq!(signed_out.status.code(), Some(3));
    let json = home.run(&["call", "--sandbox", "get_accounts", "--json"], &[]);
    let result: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(result["structuredContent"]["accounts"][1]["account"], "…0017");
}

#[test]
fn the_sandbox_leaves_nothing_of_the_person_touched() {
    let home = Home::new();
    let output = home.run(&["call", "--sandbox", "get_portfolio"], &[]);
    assert!(output.status.success());
    assert!(!home.path("config").exists() && !home.path("state").exists());
}

#[test]
fn the_demo_tells_its_whole_story() {
    let output = Home::new().run(&["demo"], &[]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}{}", stderr(&output));
    for part in [
        "Signed in to http://127.0.0.1:",
        "1. \"Which accounts do I have?\"",
        "MSFT    Microsoft Corporation",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}

#[test]
fn endpoints_are_listed_once_each() {
    let output = Home::new().run(&["tools", "--endpoints", "--json"], &[]);
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<Value> = tools().iter().map(|tool| tool["name"].clone()).collect();
    for row in &rows {
        let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["method", "path", "scope", "source", "after_404_of", "tool", "args"]);
        assert!(names.contains(&row["tool"]) && row["args"].is_object(), "{row}");
        assert_eq!(
            rows.iter()
                .filter(|other| other["path"] == row["path"] && other["method"] == row["method"])
                .count(),
            1,
            "{row}"
        );
    }
}

#[test]
fn completions_and_help_come_from_the_same_words() {
    let home = Home::new();
    let help = stdout(&home.run(&["--help"], &[]));
    let completions = stdout(&home.run(&["completions", "bash"], &[]));
    for word in [
        "serve",
        "login",
        "logout",
        "status",
        "doctor",
        "tools",
        "call",
        "sandbox",
        "demo",
        "--profile",
        "--read-only",
        "--toolsets",
    ] {
        assert!(help.contains(word) && completions.contains(word), "{word}");
    }
}

#[test]
fn nothing_is_read_half() {
    let cases: [Case<'_>; 6] = [
        (&["serve"], &[("ARIES_SCOPES", "acount:information")], "account:information"),
        (&["serve"], &[("ARIES_API_URL", "wss://api.aries.com")], "https://"),
        (&["serve"], &[("ARIES_API_URL", "https://me:geheim@api.aries.com")], "https://"),
        (&["serve"], &[("ARIES_ACCESS_TOKEN", "ab\ncd")], "ARIES_ACCESS_TOKEN"),
        (&["call", "get\nrich"], &[], "aries-mcp tools"),
        (&["serve", "--config", "/"], &[], "--config"),
    ];
    for (args, env, right) in cases {
        let output = Home::new().run(args, env);
        let text = stderr(&output);
        assert_eq!((output.status.code(), text.lines().count()), (Some(2), 2), "{args:?}: {text}");
        assert!(
            text.contains(right) && !text.contains("geheim") && !text.contains("ab\ncd"),
            "{args:?}: {text}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_refused() {
    use std::os::unix::ffi::OsStrExt;

    let mut command = Home::new().command(&["tools"]);
    let output = command.env("ARIES_READ_ONLY", std::ffi::OsStr::from_bytes(b"\xff")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: ARIES_READ_ONLY is not Unicode text"), "{}", stderr(&output));
}

/// `| head` closes the pipe early; a full disk takes nothing.
#[test]
fn nobody_reading_is_no_panic() {
    for args in
        [["tools", "--sandbox"].as_slice(), &["completions", "bash"], &["status", "--sandbox"], &["--help"]]
    {
        let home = Home::new();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = home.command(args).stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{args:?}");
        if !cfg!(target_os = "linux") {
            continue;
        }
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = home.command(args).stdout(full).output().unwrap();
        assert_eq!(stderr(&output).lines().count(), 2, "{args:?}: {}", stderr(&output));
        assert_eq!(output.status.code(), Some(1), "{args:?}");
    }
}

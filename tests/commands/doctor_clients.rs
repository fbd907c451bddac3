//! What `doctor` finds in the files of clients.

use std::process::Stdio;

use crate::support::{Home, stdout};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_aries-mcp");

/// What is found of one client: the result, what it means and the next step, one line each.
fn found(files: &[(&str, &str)], client: &str) -> String {
    let home = Home::new();
    for (path, text) in files {
        let path = home.path(&format!("home/{path}"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    of(&home, client)
}

fn of(home: &Home, client: &str) -> String {
    let mut command = home.command(&["doctor", "--json", "--sandbox"]);
    command.env("HOME", home.path("home")).env("PATH", home.path("bin")).current_dir(home.path("home"));
    let output = command.stdin(Stdio::null()).output().unwrap();
    let told: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let checks = told["checks"].as_array().unwrap().iter().filter(|check| check["name"] == client);
    let text = |check: &Value, member: &str| check[member].as_str().unwrap_or_default().to_owned();
    checks
        .map(|check| ["result", "meaning", "next_step"].map(|member| text(check, member)).join(" | "))
        .collect::<Vec<_>>()
        .join("\n")
}

fn cursor(server: &str) -> String {
    found(&[(".cursor/mcp.json", &format!("{{\"mcpServers\": {{\"aries\": {server}}}}}"))], "Cursor")
}

#[test]
fn what_stands_twice_is_a_problem() {
    for text in [
        r#"{"mcpServers": {}, "mcpServers": {"aries": {"command": "aries-mcp"}}}"#,
        r#"{"mcpServers": {"aries": {"command": "/x"}, "aries": {"command": "aries-mcp"}}}"#,
        r#"{"mcpServers": {"aries": {"command": "/x", "command": "aries-mcp"}}}"#,
    ] {
        let said = found(&[(".cursor/mcp.json", text)], "Cursor");
        assert!(said.starts_with("problem") && said.contains("twice"), "{text}: {said}");
    }
}

#[test]
fn members_and_commands_that_start_no_server_are_problems() {
    for (server, words) in [
        (r#"{"command": "BINARY", "args": "serve"}"#, "has a \"args\" that clients do not read"),
        (r#"{"command": ["BINARY"]}"#, "has a \"command\" that clients do not read"),
        (
            r#"{"command": "BINARY", "env": {"ARIES_READ_ONLY": true}}"#,
            "has a \"env\" that clients do not read",
        ),
        (r#"{"command": "BINARY", "args": ["login"]}"#, "runs `aries-mcp login`, which does not speak MCP"),
        (r#"{"command": "BINARY", "args": ["--profile", "ira", "doctor"]}"#, "runs `aries-mcp doctor`"),
        (r#"{"command": " "}"#, "names no command"),
    ] {
        let said = cursor(&server.replace("BINARY", &BINARY.replace('\\', "\\\\")));
        assert!(said.contains("problem | ") && said.contains(words), "{server}: {said}");
    }
    let said = cursor(&format!("{{\"command\": {:?}, \"args\": [\"serve\", \"--sandbox\"]}}", BINARY));
    assert!(said.starts_with("ok"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_client_that_reads_json_alone_reads_no_comment() {
    let text = "{\n  // mine\n  \"mcpServers\": {\"aries\": {\"command\": \"aries-mcp\"},}\n}";
    for (client, path, is_read) in [
        ("Claude Desktop", ".config/Claude/claude_desktop_config.json", false),
        ("Claude Code", ".claude.json", false),
        ("Claude Code, this project", ".mcp.json", false),
        ("Gemini CLI", ".gemini/settings.json", false),
        ("Copilot CLI", ".copilot/mcp-config.json", false),
        ("Cursor", ".cursor/mcp.json", true),
        ("VS Code", ".config/Code/User/mcp.json", true),
    ] {
        let text = if client == "VS Code" { text.replace("mcpServers", "servers") } else { text.to_owned() };
        let said = found(&[(path, &text)], client);
        assert_eq!(!said.contains("is not as the client can read it"), is_read, "{client}: {said}");
    }
    let comment_alone = text.replace("},}", "}}");
    let said = found(&[(".gemini/settings.json", &comment_alone)], "Gemini CLI");
    assert!(!said.contains("is not as the client can read it"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn gooses_extensions_are_known_however_far_they_are_set_in() {
    let goose = |text: &str| found(&[(".config/goose/config.yaml", text)], "Goose");
    let said = goose("extensions:\n    aries:\n        cmd: aries-mcp\n        enabled: false\n");
    assert!(said.contains("is switched off by its \"enabled\""), "{said}");
    let said = goose("a: 1\nextensions: [\n");
    assert!(said.starts_with("problem") && said.contains("line 2"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_bundle_beside_an_entry_is_another_copy() {
    let folder = ".config/Claude/Claude Extensions/local.mcpb.owner.aries-mcp";
    let bundle = (&*format!("{folder}/server/aries-mcp"), "");
    assert!(found(&[bundle], "Claude Desktop").contains(&format!("the bundle in ~/{folder} starts")));
    assert_eq!(found(&[bundle], "configured copies"), "");
    let entry = format!("{{\"mcpServers\": {{\"aries\": {{\"command\": {BINARY:?}}}}}}}");
    let said = found(&[bundle, (".config/Claude/claude_desktop_config.json", &entry)], "configured copies");
    assert!(said.contains("different programs") && said.contains("uninstall the bundle"), "{said}");
}

#[cfg(unix)]
#[test]
fn copies_are_the_same_program_by_whatever_path_and_words() {
    let home = Home::new();
    std::fs::create_dir_all(home.path("home/.cursor")).unwrap();
    std::fs::create_dir_all(home.path("home/.gemini")).unwrap();
    let link = home.path("home/aries-mcp");
    std::os::unix::fs::symlink(BINARY, &link).unwrap();
    let text = |servers: &str| {
        let servers = servers.replace("BINARY", BINARY).replace("LINK", link.to_str().unwrap());
        format!("{{\"mcpServers\": {{{servers}}}}}")
    };
    let write = |path: &str, servers: &str| std::fs::write(home.path(path), text(servers)).unwrap();
    // One program by two paths in two clients is nothing to be told.
    write("home/.cursor/mcp.json", r#""aries": {"command": "BINARY"}"#);
    write("home/.gemini/settings.json", r#""aries": {"command": "LINK"}"#);
    assert_eq!(of(&home, "configured copies"), "");
    write("home/.gemini/settings.json", r#""aries": {"command": "/other/aries-mcp"}"#);
    assert!(of(&home, "configured copies").contains("start different programs"));
    write("home/.gemini/settings.json", r#""aries": {"command": ""}"#);
    assert_eq!(of(&home, "configured copies"), "");
    let twice = r#""aries": {"command": "BINARY"}, "again": {"command": "LINK", "args": ["serve"]}"#;
    write("home/.cursor/mcp.json", twice);
    let said = of(&home, "configured copies");
    assert!(said.contains("start the same program twice") && said.contains("--name again"), "{said}");
    write("home/.cursor/mcp.json", &twice.replace("\"serve\"]", "\"serve\"], \"disabled\": true"));
    assert_eq!(of(&home, "configured copies"), "");
}

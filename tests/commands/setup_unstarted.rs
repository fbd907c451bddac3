//! Entries that a client does not start, or not as they are meant: `doctor` and `setup` tell them in the same words.

use super::setup::{BINARY, Person};
use crate::support::{stderr, stdout};
use serde_json::Value;

fn with(path: &str, text: &str) -> Person {
    let person = Person::new();
    person.write(path, text.replace("BINARY", BINARY).as_bytes());
    person
}

#[cfg(target_os = "linux")]
fn text(person: &Person, path: &str) -> String {
    String::from_utf8(person.read(path).unwrap()).unwrap()
}

/// What `doctor` finds of a client, one finding a line.
fn doctor(person: &Person, client: &str) -> String {
    let mut command = person.0.command(&["doctor", "--json", "--sandbox"]);
    command.env("HOME", person.0.path("home")).env("PATH", person.0.path("bin"));
    let output = command.current_dir(person.0.path("home")).output().unwrap();
    let told: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let checks = told["checks"].as_array().unwrap().iter().filter(|check| check["name"] == client);
    let line =
        |check: &Value| format!("{} | {} | {}\n", check["result"], check["meaning"], check["next_step"]);
    checks.map(line).collect::<String>().replace('\\', "")
}

const GEMINI: &str = ".gemini/settings.json";

#[test]
fn lists_of_gemini_keep_an_entry_from_starting() {
    let entry = r#""mcpServers": {"aries": {"command": "BINARY", "args": ["--sandbox"]}}"#;
    for (lists, words, step) in [
        (
            r#""mcp": {"excluded": ["x", "Aries"]}"#,
            r#"is switched off by "mcp.excluded" in "#,
            r#"take "aries" out of"#,
        ),
        (r#""mcp": {"allowed": ["x"]}"#, r#"is not among "mcp.allowed" in "#, r#"put "aries" into"#),
        (r#""mcp": {"allowed": [], "excluded": ["x"]}"#, "", ""),
        (r#""mcp": {"allowed": ["aries"], "excluded": "x"}"#, "", ""),
    ] {
        let person = with(GEMINI, &format!("{{{lists}, {entry}}}"));
        for said in [doctor(&person, "Gemini CLI"), person.well(&["gemini"])] {
            assert!(said.contains(words) && said.contains(step), "{lists}: {said}");
            assert!(!words.is_empty() || !said.contains("mcp."), "{lists}: {said}");
        }
        let table = stdout(&person.run(&["--dry-run"]));
        assert!(table.contains(words), "{table}");
        // A new entry is no better off.
        let person = with(GEMINI, &format!("{{{lists}}}"));
        let said = person.well(&["gemini"]);
        assert!(said.contains("written to") && said.contains(words) && said.contains(step), "{said}");
    }
    let person = with(GEMINI, &format!("{{{entry}}}"));
    person.write(".gemini/mcp-server-enablement.json", br#"{"aries": {"enabled": false}}"#);
    let said = doctor(&person, "Gemini CLI");
    assert!(said.contains(r#""warning""#) && said.contains("mcp-server-enablement.json"), "{said}");
    assert!(said.contains("Gemini CLI does not start it"), "{said}");
}

#[test]
fn lists_of_claude_code_and_copilot_keep_an_entry_from_starting() {
    let entry = r#""mcpServers": {"aries": {"type": "stdio", "command": "BINARY", "args": ["--sandbox"]}}"#;
    let projects =
        r#""projects": {"/a": {"disabledMcpServers": ["aries"]}, "/b": {"disabledMcpServers": []}}"#;
    let person = with(".claude.json", &format!("{{{entry}, {projects}}}"));
    let words = r#"is switched off in the project /a by "disabledMcpServers" in "#;
    let said = doctor(&person, "Claude Code");
    assert!(said.contains(words) && said.contains("Claude Code does not start it there"), "{said}");
    assert!(person.well(&["claude-code"]).contains(words));

    let person = with(".mcp.json", &format!("{{{entry}}}"));
    for file in [".claude/settings.json", ".claude/settings.local.json"] {
        person.write(file, br#"{"disabledMcpjsonServers": ["aries"]}"#);
        let words = r#"is switched off by "disabledMcpjsonServers" in "#;
        let said = doctor(&person, "Claude Code, this project");
        assert!(said.contains(words) && said.contains(file), "{said}");
        assert!(person.well(&["claude-code-project"]).contains(words));
        std::fs::remove_file(person.0.path(&format!("home/{file}"))).unwrap();
    }
    person.write(".claude/settings.json", br#"{"deniedMcpServers": [{"serverName": "aries"}]}"#);
    assert!(doctor(&person, "Claude Code, this project").contains(r#"by "deniedMcpServers" in "#));

    let person = with(".copilot/mcp-config.json", &format!("{{{entry}}}"));
    person.write(".copilot/settings.json", br#"{"disabledMcpServers": ["aries"]}"#);
    assert!(doctor(&person, "Copilot CLI").contains(r#"by "disabledMcpServers" in "#));
}

#[test]
fn a_folder_to_start_in_that_is_not_there_is_a_problem() {
    let entry = r#"{"mcpServers": {"aries": {"command": "BINARY", "args": ["--sandbox"], "cwd": "FOLDER"}}}"#;
    let person = Person::new();
    let home = person.0.path("home").display().to_string();
    for (folder, words) in [
        (format!("{home}/nowhere"), "which does not exist"),
        (format!("{home}/.cursor/mcp.json"), "which is not a folder"),
        (home, ""),
        ("${workspaceFolder}".to_owned(), ""),
        ("./server".to_owned(), ""),
    ] {
        person
            .write(".cursor/mcp.json", entry.replace("BINARY", BINARY).replace("FOLDER", &folder).as_bytes());
        let said = doctor(&person, "Cursor");
        if words.is_empty() {
            assert!(said.starts_with(r#""ok""#), "{folder}: {said}");
            person.well(&["cursor"]);
        } else {
            assert!(said.starts_with(r#""problem""#) && said.contains(words), "{folder}: {said}");
            assert!(said.contains(r#"take "cwd" out"#), "{said}");
            assert!(person.refused(&["cursor"]).contains(words));
        }
    }
}

#[test]
fn the_words_behind_npx_are_judged_as_those_behind_the_program() {
    for (command, args, words) in [
        ("npx", r#""-y", "aries-mcp", "--bogus""#, "would not start: "),
        ("npx", r#""-y", "aries-mcp", "login""#, "runs `aries-mcp login`, which does not speak MCP"),
        ("npx", r#""-y", "--package", "aries-mcp", "aries-mcp", "--toolsets", "markt""#, "would not start: "),
        ("env", r#""ARIES_TYPO=1", "BINARY""#, "would not start: "),
        ("cmd", r#""/c", "npx", "aries-mcp@0.1.0", "--toolsets", """#, "would not start: "),
        ("npx", r#""-y", "aries-mcp", "--sandbox""#, ""),
        ("env", r#""ARIES_SANDBOX=1", "BINARY""#, ""),
    ] {
        let entry = format!(r#"{{"mcpServers": {{"aries": {{"command": "{command}", "args": [{args}]}}}}}}"#);
        let person = with(".cursor/mcp.json", &entry);
        std::fs::create_dir_all(person.0.path("bin")).unwrap();
        std::os::unix::fs::symlink(BINARY, person.0.path(&format!("bin/{command}"))).unwrap();
        let said = doctor(&person, "Cursor");
        assert_eq!(said.contains(r#""problem""#), !words.is_empty(), "{args}: {said}");
        assert!(said.contains(words), "{args}: {said}");
        match words {
            "" => drop(person.well(&["cursor"])),
            words => assert!(person.refused(&["cursor"]).contains(words), "{args}"),
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_missing_kind_of_server_is_told_and_put_in() {
    for (key, client, path, servers, command, member) in [
        ("zed", "Zed", ".config/zed/settings.json", "context_servers", "\"BINARY\"", r#""source": "custom""#),
        (
            "opencode",
            "OpenCode",
            ".config/opencode/opencode.json",
            "mcp",
            "[\"BINARY\"]",
            r#""type": "local""#,
        ),
    ] {
        let file = |more: &str| {
            let server = format!("{{\"command\": {}{more}}}", command.replace("BINARY", BINARY));
            format!("{{ // mine\n  \"{servers}\": {{\n    \"aries\": {server}\n  }}\n}}\n")
        };
        let person = with(path, &file(""));
        let (name, value) = member.split_once(": ").unwrap();
        let said = doctor(&person, client);
        assert!(
            said.contains(&format!("has no {name}; some versions of {client} start nothing of it")),
            "{said}"
        );
        assert!(said.contains(&format!("as {value} there, or have `aries-mcp setup {key}` do it")), "{said}");
        let said = person.well(&[key]);
        assert!(said.contains(&format!("aries is now as {client} reads it: ")), "{said}");
        assert_eq!(text(&person, path), file(&format!(", {member}")));
        assert!(!doctor(&person, client).contains("has no"));
        assert!(person.well(&[key]).contains("nothing to do"));
        // A new entry has it.
        let person = Person::new();
        person.write(path, b"{}");
        person.well(&[key]);
        assert!(text(&person, path).contains(member));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn other_editions_and_profiles_are_told_with_what_to_do_for_them() {
    let (stable, insiders) = (".config/Code/User/mcp.json", ".config/Code - Insiders/User/mcp.json");
    let person = with(stable, "{}");
    assert!(!person.well(&["vscode"]).contains("editions"));
    person.write(".config/Code - Insiders/keep", b"");
    person.write(".config/Code/User/profiles/-1a2b/mcp.json", b"{}");
    // Now it is in one of them, and `doctor` has sent the person here for the others.
    let said = person.well(&["vscode"]);
    assert!(
        said.contains("VS Code has other editions or profiles here, which do not read this file"),
        "{said}"
    );
    let places = "copy its entry below \"servers\" of ~/.config/Code - Insiders/User/mcp.json and of \
                  ~/.config/Code/User/profiles/-1a2b/mcp.json";
    assert!(said.contains(places), "{said}");
    let with_us = text(&person, stable);
    for place in [insiders, ".config/Code/User/profiles/-1a2b/mcp.json"] {
        person.write(place, with_us.as_bytes());
    }
    assert!(!person.well(&["vscode"]).contains("editions"));
}

#[test]
fn the_lock_lies_where_the_files_do() {
    use std::os::unix::fs::PermissionsExt;
    let person = Person::new();
    // The state folder is neither written nor needed.
    std::fs::write(person.0.path("state"), "a file").unwrap();
    person.well(&["cursor"]);
    person.well(&["cursor", "--sandbox"]);
    assert_eq!(std::fs::read(person.0.path("state")).unwrap(), b"a file");
    let lock = person.0.path("home/.local/state/aries-mcp/setup.lock");
    if cfg!(target_os = "linux") {
        let held = std::fs::File::open(&lock).unwrap();
        held.lock().unwrap();
        let said = person.refused(&["cursor", "--sandbox"]);
        assert!(
            said.contains("another `aries-mcp setup` is at work") && said.contains("setup.lock"),
            "{said}"
        );
        drop(held);
        // Whoever runs this as root may write everywhere.
        std::fs::remove_dir_all(lock.parent().unwrap()).unwrap();
        std::fs::write(lock.parent().unwrap(), "a file").unwrap();
        let said = person.refused(&["cursor"]);
        assert!(said.contains("cannot lock") && said.contains("in the home of the clients (HOME)"), "{said}");
        std::fs::set_permissions(lock.parent().unwrap(), std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[test]
fn an_empty_list_of_toolsets_is_refused_with_what_to_write() {
    let person = Person::new();
    let says = |said: String| {
        assert!(said.contains("names none") && said.contains("or name some: account, market"), "{said}")
    };
    for args in [
        &["serve", "--toolsets", ""][..],
        &["setup", "cursor", "--toolsets", ","],
        &["tools", "--toolsets", " "],
    ] {
        let output = person.0.command(args).env("HOME", person.0.path("home")).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        says(stderr(&output));
    }
    says(stderr(&person.0.run(&["tools"], &[("ARIES_TOOLSETS", ",")])));
    std::fs::create_dir_all(person.0.path("config")).unwrap();
    std::fs::write(person.0.path("config/config.toml"), "toolsets = []\n").unwrap();
    says(stderr(&person.0.run(&["tools"], &[])));
    assert_eq!(person.read(".cursor/mcp.json"), None);
}

/// Without the copy it is not known what the file was: what says nothing is deleted, as a file that setup has made.
#[test]
fn a_file_of_codex_with_our_entries_alone_is_gone_after_removal_without_its_copy() {
    let path = ".codex/config.toml";
    for text in [
        "",
        "\n",
        "\n\n[mcp_servers.aries]\ncommand = \"/old/aries-mcp\"\n\n\n",
        "[mcp_servers.a]\ncommand = \"/old/aries-mcp\"\n\n[mcp_servers.b]\ncommand = \"/old/aries-mcp\"\n",
        "mcp_servers.aries.command = \"/old/aries-mcp\"\n",
        "[mcp_servers.aries]\ncommand = \"/old/aries-mcp\"\ntools.place_order.approval_mode = \"prompt\"\n",
    ] {
        let person = with(path, text);
        person.well(&["codex"]);
        std::fs::remove_file(person.0.path(&format!("home/{path}.before-aries-mcp"))).unwrap();
        let said = person.well(&["codex", "--remove"]);
        assert!(said.contains("was deleted; nothing else was in it"), "{text:?}: {said}");
        assert_eq!(person.read(path), None, "{text:?}");
    }
    for (text, left) in [
        ("# mine\n", "# mine\n"),
        ("a = 1\nmcp_servers.aries.command = \"/old/aries-mcp\"\nb = 2\n", "a = 1\nb = 2\n"),
        (
            "[mcp_servers.aries]\ncommand = \"/old/aries-mcp\"\ntools.place_order.approval_mode = \"prompt\"\n\n[z]\nc = 1\n",
            "[z]\nc = 1\n",
        ),
        (
            "[mcp_servers]\naries.command = \"/old/aries-mcp\"\nx.command = \"y\"\n",
            "[mcp_servers]\nx.command = \"y\"\n",
        ),
    ] {
        let person = with(path, text);
        person.well(&["codex"]);
        std::fs::remove_file(person.0.path(&format!("home/{path}.before-aries-mcp"))).unwrap();
        person.well(&["codex", "--remove"]);
        assert_eq!(String::from_utf8(person.read(path).unwrap()).unwrap(), left, "{text:?}");
    }
}

//! `setup` where the person, the shell or the file is not as usual.

use super::setup::{BINARY, Person};
use crate::support::{stderr, stdout};

fn text(person: &Person, path: &str) -> String {
    String::from_utf8(person.read(path).unwrap()).unwrap()
}

#[test]
fn removing_again_has_nothing_to_do() {
    let person = Person::new();
    person.write(".cursor/mcp.json", b"{}");
    person.well(&["all"]);
    person.well(&["all", "--remove"]);
    for args in [&["all", "--remove"][..], &["ALL", "--remove"], &["all", "--remove", "--dry-run"]] {
        assert!(person.well(args).contains("is in no client's configuration here; nothing to do"));
    }
    assert_eq!(person.read(".cursor/mcp.json").unwrap(), b"{}");
}

#[test]
fn all_is_taken_in_whatever_letters_and_company() {
    let person = Person::new();
    person.write(".cursor/mcp.json", b"{}");
    assert!(person.well(&["ALL", "--dry-run"]).contains("Cursor: "));
    let said = person.well(&["gemini", "All", "--dry-run"]);
    assert!(said.contains("Gemini CLI: ") && said.matches("Cursor: ").count() == 1, "{said}");
    let links = person.well(&["all", "--link"]);
    assert_eq!(links.lines().count(), 3, "{links}");
    assert_eq!(person.well(&["--link"]), links);
    assert_eq!(person.run(&["all", "curser"]).status.code(), Some(2));
}

/// The program of these tests lies in such a folder.
#[test]
fn a_link_to_a_program_that_will_not_last_is_told_too() {
    let output = Person::new().run(&["cursor", "--link"]);
    assert!(stdout(&output).starts_with("cursor://"), "{}", stdout(&output));
    assert!(stderr(&output).contains("warning: ") && stderr(&output).contains("install it first"));
}

#[test]
fn an_entry_that_is_switched_off_is_told() {
    for (key, path, entry) in [
        (
            "cursor",
            ".cursor/mcp.json",
            r#"{"mcpServers": {"aries": {"command": "BINARY", "disabled": true}}}"#,
        ),
        ("codex", ".codex/config.toml", "[mcp_servers.aries]\ncommand = \"BINARY\"\nenabled = false\n"),
    ] {
        let person = Person::new();
        person.write(path, entry.replace("BINARY", BINARY).as_bytes());
        let said = person.well(&[key]);
        let member = if key == "codex" { "enabled" } else { "disabled" };
        assert!(said.contains(&format!("is switched off by its {member:?}: switch it on in")), "{said}");
        assert!(!person.well(&[key, "--remove"]).contains("switched off"));
        person.write(path, entry.replace("BINARY", BINARY).as_bytes());
        let table = stdout(&person.run(&["--dry-run"]));
        assert!(table.contains(&format!("set up, but is switched off by its {member:?}")), "{table}");
    }
}

#[test]
fn what_the_shell_alone_has_is_told_and_the_words_are_for_the_entry() {
    let person = Person::new();
    let mut command = person.command(&["cursor", "--read-only"]);
    let output = command.env("ARIES_PROFILE", "atelier").env("ARIES_READ_ONLY", "true").output().unwrap();
    let said = stderr(&output);
    assert!(
        said.contains("note: ARIES_PROFILE is set in this shell alone")
            && said.contains("`--profile atelier`"),
        "{said}"
    );
    assert!(!said.contains("ARIES_READ_ONLY") && said.contains("run `aries-mcp login`"), "{said}");
    assert!(!text(&person, ".cursor/mcp.json").contains("atelier"));
    let output =
        person.command(&["cursor", "--profile", "atelier"]).env("ARIES_PROFILE", "atelier").output().unwrap();
    let said = stderr(&output);
    assert!(!said.contains("note: ") && said.contains("run `aries-mcp login --profile atelier`"), "{said}");
}

#[test]
fn a_link_stays_though_its_copy_is_gone() {
    for (key, path, before) in [("cursor", ".cursor/mcp.json", "{}\n"), ("codex", ".codex/config.toml", "")] {
        let person = Person::new();
        person.write("dotfiles/config", before.as_bytes());
        let link = person.0.path(&format!("home/{path}"));
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(person.0.path("home/dotfiles/config"), &link).unwrap();
        person.well(&[key]);
        std::fs::remove_file(person.0.path(&format!("home/{path}.before-aries-mcp"))).unwrap();
        person.well(&[key, "--remove"]);
        assert!(link.is_symlink(), "{key}");
        assert_eq!(text(&person, "dotfiles/config"), before);
    }
}

#[test]
fn an_entry_that_starts_this_file_by_a_link_stays() {
    let person = Person::new();
    let link = person.0.path("home/aries-mcp");
    std::os::unix::fs::symlink(BINARY, &link).unwrap();
    let entry = format!(r#"{{"mcpServers": {{"aries": {{"command": {:?}}}}}}}"#, link.to_str().unwrap());
    person.write(".cursor/mcp.json", entry.as_bytes());
    assert!(person.well(&["cursor"]).contains("nothing to do"));
    person.well(&["cursor", "--read-only"]);
    let text = text(&person, ".cursor/mcp.json");
    assert!(text.contains(link.to_str().unwrap()) && text.contains("--read-only"), "{text}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_comment_is_refused_where_the_client_reads_none() {
    let text = b"{\n  // mine\n  \"mcpServers\": {}\n}\n";
    for (key, path) in [
        ("claude-desktop", ".config/Claude/claude_desktop_config.json"),
        ("claude-code", ".claude.json"),
        ("claude-code-project", ".mcp.json"),
        ("copilot", ".copilot/mcp-config.json"),
    ] {
        let person = Person::new();
        person.write(path, text);
        let said = person.refused(&[key]);
        assert!(said.contains("line 2, column 3: Comments are not allowed"), "{said}");
        assert!(
            said.contains("take it out first: this client reads nothing of a file that has it"),
            "{said}"
        );
        assert_eq!(person.read(path).unwrap(), text);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn gooses_lines_are_set_in_as_the_file_has_them() {
    let person = Person::new();
    person.write(".config/goose/config.yaml", b"extensions:\n    memory:\n        cmd: npx\n");
    let said = person.well(&["goose"]);
    assert!(said.contains("\n    aries:\n        type: stdio\n"), "{said}");
    let own = "    aries:\n        cmd: /old/aries-mcp\n        args:\n        - serve\n";
    person.write(
        ".config/goose/config.yaml",
        format!("extensions:\n{own}    memory:\n        cmd: npx\n").as_bytes(),
    );
    assert!(person.well(&["goose"]).contains(&format!("cmd: {BINARY:?}")));
    let said = person.well(&["goose", "--remove"]);
    assert!(said.contains(own.trim_end()) && !said.contains("memory"), "{said}");
    person.write(".config/goose/config.yaml", b"extensions: [\n");
    assert!(person.refused(&["goose"]).contains("line 1"));
}

#[cfg(target_os = "linux")]
#[test]
fn every_place_of_vs_code_is_known() {
    let person = Person::new();
    person.write(".config/Code - Insiders/keep", b"");
    assert!(person.well(&["vscode"]).contains("~/.config/Code - Insiders/User/mcp.json"));
    person.write(
        ".config/Code/User/profiles/-1a2b/mcp.json",
        br#"{"servers": {"aries": {"command": "/old/aries-mcp"}}}"#,
    );
    let said = person.well(&["vscode"]);
    assert!(said.contains("written to ~/.config/Code/User/profiles/-1a2b/mcp.json"), "{said}");
}

#[test]
fn a_copy_of_a_file_that_is_gone_is_no_copy_of_the_new_one() {
    let person = Person::new();
    person.write(".cursor/mcp.json.before-aries-mcp", b"{\"old\": 1}");
    person.well(&["cursor"]);
    person.well(&["cursor", "--remove"]);
    assert_eq!(person.read(".cursor/mcp.json"), None);
    assert_eq!(person.read(".cursor/mcp.json.before-aries-mcp"), None);
}

#[test]
fn variables_of_clients_move_their_files_and_a_home_is_a_full_path() {
    let person = Person::new();
    for (key, variable, file) in [
        ("codex", "CODEX_HOME", "config.toml"),
        ("claude-code", "CLAUDE_CONFIG_DIR", ".claude.json"),
        ("copilot", "COPILOT_HOME", "mcp-config.json"),
        ("gemini", "GEMINI_CLI_HOME", ".gemini/settings.json"),
    ] {
        let folder = person.0.path("home").join(key);
        let output = person.command(&[key]).env(variable, &folder).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(folder.join(file).is_file(), "{key}");
        let empty = person.command(&[key, "--dry-run"]).env(variable, "").output().unwrap();
        assert!(stdout(&empty).contains(" ~/."), "{key}: {}", stdout(&empty));
    }
    let output = person.command(&["cursor"]).env("HOME", "home").output().unwrap();
    assert!(stderr(&output).contains("set HOME to the full path of a folder"), "{}", stderr(&output));
}

/// Each entry goes when it is named, and the file is the old one when the last one has gone.
#[test]
fn two_entries_of_ours_share_one_copy() {
    let person = Person::new();
    let before = b"{ \"theme\": 1 } // mine";
    person.write(".cursor/mcp.json", before);
    person.well(&["cursor"]);
    person.well(&["cursor", "--name", "practice", "--sandbox"]);
    person.well(&["cursor", "--remove", "--name", "aries"]);
    person.well(&["cursor", "--name", "practice", "--toolsets", "market"]);
    person.well(&["cursor", "--remove"]);
    assert_eq!(person.read(".cursor/mcp.json").unwrap(), before);
    assert_eq!(person.read(".cursor/mcp.json.before-aries-mcp"), None);
}

#[test]
fn a_copy_that_is_older_than_somebody_elses_change_is_told_with_its_day() {
    for (key, path, before, more) in [
        ("cursor", ".cursor/mcp.json", "{\"a\": 1}", "{\"b\": 2, "),
        ("codex", ".codex/config.toml", "a = 1\n", "b = 2\n"),
    ] {
        let person = Person::new();
        person.write(path, before.as_bytes());
        assert!(person.well(&[key]).contains("copy of the file as it was: "));
        let with_us = text(&person, path);
        let rest = if key == "cursor" { with_us.strip_prefix('{').unwrap() } else { &with_us };
        person.write(path, format!("{more}{rest}").as_bytes());
        let said = person.well(&[key, "--read-only"]);
        assert!(
            said.contains("an older copy of the file, of 20")
                && said.contains(", without what was changed since: "),
            "{said}"
        );
        // Its bytes are not those of the file that a removal leaves.
        let said = person.well(&[key, "--remove"]);
        assert!(said.contains("an older copy of the file, of 20"), "{said}");
        assert_ne!(text(&person, path), before);
        assert_eq!(text(&person, &format!("{path}.before-aries-mcp")), before);
    }
}

#[test]
fn only_the_entry_that_is_asked_for_is_removed_and_the_others_are_named() {
    let person = Person::new();
    let path = ".cursor/mcp.json";
    let entry = format!(
        r#"{{"mcpServers": {{"a2": {{"command": {BINARY:?}, "args": ["serve", "--profile", "ira"]}}, "a3": {{"command": {BINARY:?}, "env": {{"ARIES_PROFILE": "joint"}}}}}}}}"#
    );
    person.write(path, entry.as_bytes());
    for args in [
        &["cursor", "--remove", "--name", "zz"][..],
        &["cursor", "--remove", "--profile", "roth"],
        &["all", "--remove", "--read-only"],
        &["cursor", "--remove", "--profile", "roth", "--dry-run"],
    ] {
        let said = person.well(args);
        assert!(said.contains("has no such entry"), "{said}");
        assert!(
            said.contains("aries-mcp stays there as a2, a3: `aries-mcp setup cursor --remove --name a2`"),
            "{said}"
        );
        assert_eq!(text(&person, path), entry);
    }
    let said = person.well(&["cursor", "--remove", "--profile", "joint"]);
    assert!(said.contains("aries-mcp stays there as a2: "), "{said}");
    person.well(&["cursor", "--remove", "--profile", "ira"]);
    assert!(!text(&person, path).contains("aries-mcp"));
}

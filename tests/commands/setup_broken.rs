//! `setup` with entries of ours that start nothing, or that ask nobody before an order.

use super::setup::{BINARY, Person};
use crate::support::stdout;

fn with(server: &str) -> Person {
    let person = Person::new();
    let server = server.replace("BINARY", &BINARY.replace('\\', "\\\\"));
    person.write(".cursor/mcp.json", format!(r#"{{"mcpServers": {{"aries": {server}}}}}"#).as_bytes());
    person
}

#[test]
fn an_entry_that_starts_nothing_is_broken_in_the_words_of_doctor() {
    for (server, words) in [
        (r#"{"command": "BINARY", "args": ["login"]}"#, "runs `aries-mcp login`, which does not speak MCP"),
        (r#"{"command": "BINARY", "args": ["serve", "--nope"]}"#, "would not start: "),
        (r#"{"command": "BINARY", "env": {"ARIES_TYPO": "x"}}"#, "would not start: "),
        (
            r#"{"command": "BINARY", "env": {"ARIES_READ_ONLY": true}}"#,
            "has a \"env\" that clients do not read",
        ),
        (r#"{"command": "BINARY", "env": {"ARIES_CLIENT_SECRET": "x"}}"#, "holds a secret in clear text"),
        (r#"{"command": "BINARY", "args": null}"#, "has a \"args\" that clients do not read"),
    ] {
        let person = with(server);
        let before = person.read(".cursor/mcp.json");
        let table = stdout(&person.run(&["--dry-run"]));
        assert!(table.contains("broken: entry \"aries\" ") && table.contains(words), "{table}");
        let said = person.refused(&["cursor"]);
        assert!(said.contains(words) && said.contains("`aries-mcp setup cursor --remove`"), "{said}");
        assert_eq!(person.read(".cursor/mcp.json"), before);
        person.well(&["cursor", "--remove"]);
        person.well(&["cursor"]);
    }
}

#[test]
fn words_in_one_text_become_a_list_and_none_is_lost() {
    let person = with(r#"{"command": "BINARY", "args": "serve --read-only"}"#);
    assert!(stdout(&person.run(&["--dry-run"])).contains("broken: "));
    person.well(&["cursor"]);
    let text = String::from_utf8(person.read(".cursor/mcp.json").unwrap()).unwrap();
    assert!(
        text.contains(r#""args": ["serve","--read-only"]"#)
            || text.contains(r#""args": ["serve", "--read-only"]"#),
        "{text}"
    );
    assert!(person.well(&["cursor"]).contains("nothing to do"));
    let toml = format!("[mcp_servers.aries]\ncommand = {BINARY:?}\nargs = \"serve\"\n");
    person.write(".codex/config.toml", toml.as_bytes());
    person.well(&["codex"]);
    let text = String::from_utf8(person.read(".codex/config.toml").unwrap()).unwrap();
    assert!(text.contains("args = [\"serve\"]"), "{text}");
}

#[test]
fn a_choice_against_approval_is_left_and_told() {
    let person = Person::new();
    let toml = format!(
        "[mcp_servers.aries]\ncommand = {BINARY:?}\ntool_timeout_sec = 20\n\
         [mcp_servers.aries.tools.place_order]\napproval_mode = \"approve\"\n"
    );
    person.write(".codex/config.toml", toml.as_bytes());
    let said = person.well(&["codex"]);
    assert!(said.contains("left as it is: entry \"aries\" gives a call 20 s"), "{said}");
    assert!(said.contains("without asking, by its \"approval_mode\""), "{said}");
    assert_eq!(person.read(".codex/config.toml").unwrap(), toml.as_bytes());
    let mut doctor = person.0.command(&["doctor", "--sandbox"]);
    let doctor = stdout(&doctor.env("HOME", person.0.path("home")).output().unwrap());
    assert!(doctor.contains("without asking, by its \"approval_mode\""), "{doctor}");
}

#[test]
fn a_missing_bracket_is_told_at_the_end_by_setup_and_doctor() {
    let person = Person::new();
    person.write(".cursor/mcp.json", b"{\n  \"mcpServers\": {\n    \"x\": {}\n  }\n");
    assert!(person.refused(&["cursor"]).contains("line 4, column 4: "));
    let mut doctor = person.0.command(&["doctor", "--sandbox"]);
    let doctor = stdout(&doctor.env("HOME", person.0.path("home")).output().unwrap());
    assert!(doctor.contains("mcp.json line 4 is not as the client can read it"), "{doctor}");
}

#[test]
fn a_server_that_is_to_be_reached_by_an_address_is_broken() {
    let person = with(r#"{"type": "http", "command": "BINARY"}"#);
    let said = person.refused(&["cursor"]);
    assert!(
        said.contains("has a \"type\" that clients do not read") && said.contains("as \"stdio\""),
        "{said}"
    );
}

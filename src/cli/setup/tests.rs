//! Changes of files, from text to text.

mod round_trips;

use super::plan::{Outcome, State, Wish, outcome, state};
use super::*;

fn launch() -> Launch {
    Launch { command: "/opt/aries-mcp".to_owned(), args: vec!["serve".to_owned(), "--sandbox".to_owned()] }
}

fn client(key: &str) -> &'static Client {
    find(key).unwrap()
}

/// The text with us in it.
fn added(key: &str, text: &str) -> String {
    let state = state(text, client(key), None, &launch());
    match outcome(Some(text), None, client(key), Wish::Have, &state, &launch()).unwrap() {
        Outcome::Becomes(text) => text,
        other => panic!("{key}: {state:?} {other:?}"),
    }
}

/// What becomes of a text when we are removed.
fn removed(key: &str, text: &str, before: Option<&str>) -> Outcome {
    let state = state(text, client(key), None, &launch());
    outcome(Some(text), before, client(key), Wish::Remove, &state, &launch()).unwrap()
}

const JSON: &[&str] = &[
    "",
    "\n",
    "{}",
    "{ }\r\n",
    "{\n}\n",
    "// mine\n",
    "\u{feff}{\r\n\t\"a\": 1, // c\r\n}\r\n",
    "{\"a\":1}",
    "{\n  \"mcpServers\": {}\n}",
    "{\n  \"mcpServers\": {\n  },\n  \"z\": [1,\n 2]\n}",
    "{\"mcpServers\":{\"x\":{\"command\":\"y\"}}}",
    "{\n    // top\n    \"mcpServers\": {\n        \"x\": {\"command\": \"y\"}, // end\n    },\n    \"z\": 1e3\n}\n",
    "{\n  \"mcpServers\": {\n    \"x\": {\"command\": \"y\"} // no comma\n    /* more */\n  }\n}\n",
    "{\n  \"mcpServers\": {\"x\": {}, \"y\": {}},\n  \"b\": \"\\u00e9\"\n}",
    "{ // top\n}",
    "{\n  // only a comment\n}\n",
    "{ }",
    "{ \"a\": 1 }\n",
    "{ \"a\": 1,\n  \"b\": 2 // two\n}\n\n\n",
    "/* a */ {\"a\": 1} // b",
    "  \n  {\n\n  \"mcpServers\" : { }\n\n}\n",
    "{\n  \"mcpServers\": {\n    // none yet\n  }\n}\n",
    "{\n  \"mcpServers\": {\"x\": {} /* c */ , /* d */ }, // e\n  /* f */ \"z\": 1,\n}",
    "{\n  \"mcpServers\": { \"x\": {} // c\n }\n}",
    "{\"a\": 1, // c\n \"mcpServers\": {\n\t\t\"x\": {\"command\": \"y\"},\n\n\t}}",
    "\n\n// a\n",
    " ",
];

const TOML: &[&str] = &[
    "",
    "model = \"x\"",
    "model = \"x\" # mine\r\n\r\n# servers\r\n[mcp_servers.x]\r\ncommand = 'y'\r\n\r\n[tui]\r\na = '''1\r\n2'''\r\n",
    "\u{feff}a = 1\n",
    "mcp_servers = { x = { command = \"y\" } }\n",
    "mcp_servers.x.command = \"y\"\n",
    "a = 1\n# the end\n",
    "# the end",
    "\n\n",
    "a = 1\n\n\n",
    "a = 1\r\n",
    "a = 1\n\n[mcp_servers]\n",
    "[mcp_servers.x]\ncommand = \"y\"\n  # set in\n\n\n[tui]\n",
    "mcp_servers = {x={command = \"y\"} }  # c\na = 1",
    "# one\nmcp_servers = { x={command=\"y\"} }",
];

fn fixtures() -> impl Iterator<Item = (&'static str, &'static str)> {
    JSON.iter().map(|text| ("cursor", *text)).chain(TOML.iter().map(|text| ("codex", *text)))
}

#[test]
fn adding_again_changes_nothing_and_removing_gives_the_old_bytes() {
    for (key, text) in fixtures() {
        let with_us = added(key, text);
        let again = state(&with_us, client(key), None, &launch());
        let again = outcome(Some(&with_us), None, client(key), Wish::Have, &again, &launch());
        assert_eq!(again, Ok(Outcome::Stays), "{text:?} -> {with_us:?}");
        assert_eq!(removed(key, &with_us, Some(text)), Outcome::Becomes(text.to_owned()), "{with_us:?}");
    }
}

/// Nothing of a file is lost or moved: its characters without blanks and commas stand in the new one in their order.
#[test]
fn adding_keeps_everything_else() {
    for (key, text) in fixtures() {
        let with_us = added(key, text);
        let mut rest = with_us.chars();
        let lost = text.chars().find(|c| !" \n".contains(*c) && !rest.any(|found| found == *c));
        assert_eq!(lost, None, "{text:?} -> {with_us:?}");
        let line_ends = |text: &str| (text.matches('\n').count(), text.matches("\r\n").count());
        if let (all, marked @ 1..) = line_ends(text)
            && all == marked
        {
            assert_eq!(line_ends(&with_us).0, line_ends(&with_us).1, "{with_us:?}");
        }
    }
}

#[test]
fn a_file_that_somebody_else_changed_meanwhile_loses_our_part_alone() {
    for (key, text) in fixtures().filter(|(_, text)| text.contains('\n')) {
        for (one, other) in
            [("\"y\"", "\"changed\""), ("'y'", "'changed'"), ("[1,", "[77,"), ("\"a\": 1", "\"a\": 77")]
        {
            let changed = text.replacen(one, other, 1);
            if changed == text || text.contains("mcp_servers = ") {
                continue;
            }
            let with_us = added(key, text).replacen(one, other, 1);
            assert_eq!(removed(key, &with_us, Some(text)), Outcome::Becomes(changed), "{text:?}");
        }
    }
}

#[test]
fn what_only_we_had_made_disappears() {
    for key in ["cursor", "codex", "zed"] {
        assert_eq!(removed(key, &added(key, ""), None), Outcome::Disappears);
        let named = added(key, "");
        let state = state(&named, client(key), None, &launch());
        let stays = outcome(Some(&named), Some(""), client(key), Wish::Remove, &state, &launch()).unwrap();
        assert_eq!(stays, Outcome::Becomes(String::new()));
    }
}

#[test]
fn a_copy_that_was_made_after_us_does_not_bring_us_back() {
    let old = Launch { command: "/old/aries-mcp".to_owned(), args: Vec::new() };
    for key in ["cursor", "codex"] {
        let state = |text: &str, launch: &Launch| state(text, client(key), None, launch);
        let have = |text: &str, launch: &Launch| match outcome(
            Some(text),
            None,
            client(key),
            Wish::Have,
            &state(text, launch),
            launch,
        )
        .unwrap()
        {
            Outcome::Becomes(text) => text,
            other => panic!("{other:?}"),
        };
        let first = have("", &old);
        let second = have(&first, &launch());
        assert_eq!(removed(key, &second, Some(&first)), Outcome::Disappears, "{second}");
    }
}

#[test]
fn an_update_keeps_what_the_person_put_into_our_entry() {
    let json = "{\"mcpServers\": {\"aries\": {\"command\": \"/old/aries-mcp\", \"disabled\": true /* x */}}}";
    let json = added("cursor", json);
    assert!(
        json.contains("\"command\": \"/opt/aries-mcp\"") && json.contains("\"disabled\": true, /* x */"),
        "{json}"
    );
    let toml = "[mcp_servers.aries]\r\ncommand = \"/old/aries-mcp\" # here\r\nenabled = false\r\n";
    assert_eq!(
        added("codex", toml),
        "[mcp_servers.aries]\r\ncommand = \"/opt/aries-mcp\" # here\r\nenabled = false\r\nargs = [\"serve\", \"--sandbox\"]\r\n\
         tool_timeout_sec = 180\r\n\r\n[mcp_servers.aries.tools.place_order]\r\napproval_mode = \"prompt\"\r\n"
    );
    // What the person has chosen stays.
    let own = "[mcp_servers.aries]\ncommand = \"/opt/aries-mcp\"\nargs = [\"serve\", \"--sandbox\"]\ntool_timeout_sec = 20\n\
               [mcp_servers.aries.tools.place_order]\napproval_mode = \"approve\"\n";
    let state = state(own, client("codex"), None, &launch());
    assert_eq!(outcome(Some(own), None, client("codex"), Wish::Have, &state, &launch()), Ok(Outcome::Stays));
}

#[test]
fn arguments_that_stay_stay_as_they_are_written() {
    let args = "args = [\"serve\", # s\n  '--sandbox']  # t\n";
    let rest = "tool_timeout_sec = 20\n[mcp_servers.aries.tools.place_order]\napproval_mode = \"prompt\"\n";
    let toml = |command: &str| format!("[mcp_servers.aries]\n{args}command = {command:?}\n{rest}");
    assert_eq!(added("codex", &toml("/old/aries-mcp")), toml("/opt/aries-mcp"));
}

#[test]
fn without_options_an_entry_keeps_its_own() {
    let plain = Launch { command: "/opt/aries-mcp".to_owned(), args: Vec::new() };
    let becomes = |server: &str| {
        let text = format!("{{\"mcpServers\": {{\"aries\": {server}}}}}");
        let state = state(&text, client("cursor"), None, &plain);
        match outcome(Some(&text), None, client("cursor"), Wish::Have, &state, &plain).unwrap() {
            Outcome::Becomes(text) => Some(text),
            _ => None,
        }
    };
    let moved = becomes(r#"{"command": "/old/aries-mcp", "args": ["serve", "--read-only"]}"#).unwrap();
    assert!(moved.contains(r#""command": "/opt/aries-mcp", "args": ["serve", "--read-only"]"#), "{moved}");
    for stays in [
        r#"{"command": "/opt/aries-mcp", "args": ["--read-only"]}"#,
        r#"{"command": "npx", "args": ["-y", "aries-mcp@1.2.0", "--read-only"]}"#,
    ] {
        assert_eq!(becomes(stays), None, "{stays}");
    }
}

#[test]
fn another_program_that_is_called_as_we_are_is_left_alone() {
    let other = r#"{"mcpServers": {"aries": {"command": "/usr/bin/other", "env": {"TOKEN": "s3cret"}}}}"#;
    let found = state(other, client("cursor"), None, &launch());
    assert_eq!(found, State::Taken { name: "aries".to_owned() });
    let removed = outcome(Some(other), None, client("cursor"), Wish::Remove, &found, &launch());
    assert_eq!(removed.unwrap(), Outcome::Stays);
}

/// Comments at the end stay there, and one above our entry is the person's.
#[test]
fn comments_of_toml_stay_where_they_are() {
    for text in ["# hi\n", "a = 1\n# the end\n", "# one\r\n\r\n# two\r\n"] {
        let with_us = added("codex", text);
        assert!(with_us.starts_with(text), "{with_us:?}");
        assert_eq!(removed("codex", &with_us, None), Outcome::Becomes(text.to_owned()), "{with_us:?}");
    }
    let by_hand = "a = 1\n\n# mine\n[mcp_servers.aries]\ncommand = \"aries-mcp\" # c\n\n[b]\nc = 1\n";
    let left = "a = 1\n\n# mine\n\n[b]\nc = 1\n";
    assert_eq!(removed("codex", by_hand, None), Outcome::Becomes(left.to_owned()));
}

#[test]
fn an_empty_object_with_a_comment_stays_on_its_line() {
    let text = "{ /* nothing */ }\n";
    let with_us = added("cursor", text);
    assert!(
        with_us.starts_with("{ /* nothing */ \"mcpServers\": {") && with_us.ends_with(" }\n"),
        "{with_us}"
    );
    let inner = "{\"mcpServers\": { /* none */ }, \"z\": 1}";
    let with_us = added("cursor", inner);
    assert!(with_us.starts_with("{\"mcpServers\": { /* none */ \"aries\": {"), "{with_us}");
    assert!(with_us.ends_with(" }, \"z\": 1}"), "{with_us}");
}

#[test]
fn every_entry_of_ours_is_moved_and_every_one_is_removed() {
    let text = r#"{"mcpServers": {"ro": {"command": "/old/aries-mcp", "args": ["--read-only"]}, "x": {"command": "y"}, "live": {"command": "/old/aries-mcp"}}}"#;
    let plain = Launch { command: "/opt/aries-mcp".to_owned(), args: Vec::new() };
    let of = |wish, launch: &Launch| {
        let state = state(text, client("cursor"), None, launch);
        outcome(Some(text), None, client("cursor"), wish, &state, launch)
    };
    assert_eq!(of(Wish::Have, &plain), Ok(Outcome::Becomes(text.replace("/old/", "/opt/"))));
    let Ok(Outcome::Becomes(left)) = of(Wish::Remove, &plain) else { panic!() };
    assert_eq!(entries_of(&left), ["x"]);
    // Options are for one of them, and nobody said for which.
    let refused = of(Wish::Have, &launch()).unwrap_err();
    assert!(refused.cause.contains("ro, live") && refused.step.contains("--name"), "{refused:?}");
}

#[test]
fn an_entry_of_ours_under_another_name_is_the_one_that_is_changed() {
    let text = added("cursor", r#"{"mcpServers": {"brokerage": {"command": "/old/aries-mcp"}}}"#);
    assert_eq!(entries_of(&text), ["brokerage"]);
}

fn entries_of(text: &str) -> Vec<String> {
    crate::cli::clients::entry::servers(text, client("cursor"))
        .unwrap()
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    let broken = |key: &str, text: &str| match state(text, client(key), None, &launch()) {
        State::Broken(broken) => broken.cause,
        other => panic!("{text:?}: {other:?}"),
    };
    assert!(broken("cursor", "{\n  \"mcpServers\": \n}").starts_with("line 3, column 1"));
    assert!(broken("codex", "a = 1\nb = \n").starts_with("line 2, column "));
    assert_eq!(broken("cursor", "[]"), "the whole file is not an object");
    assert_eq!(broken("cursor", r#"{"mcpServers": []}"#), "mcpServers is not an object");
    for twice in [
        r#"{"mcpServers": {}, "mcpServers": {}}"#,
        r#"{"mcpServers": {"aries": {"command": "aries-mcp"}, "aries": {"command": "/usr/bin/other"}}}"#,
        r#"{"mcpServers": {"aries": {"command": "/old/aries-mcp", "command": "/older/aries-mcp"}}}"#,
    ] {
        assert!(broken("cursor", twice).contains("twice"), "{twice}");
    }
    let hosted = r#"{"mcpServers": {"aries": {"url": "https://mcp.example"}}}"#;
    assert_eq!(state(hosted, client("cursor"), None, &launch()), State::Taken { name: "aries".to_owned() });
}

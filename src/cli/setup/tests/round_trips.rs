//! Every shape of file through every order of set-up, set-up with other options, somebody else's change, and removal:
//! what is left is the file with that change, byte for byte.

use super::*;

/// The client, and the file as it was before the first set-up.
fn files() -> Vec<(&'static str, String)> {
    let mut files = Vec::new();
    for text in JSON {
        // The shapes of servers that differ: members before and behind the command, and a list of words.
        for (key, servers) in
            [("cursor", "mcpServers"), ("vscode", "servers"), ("zed", "context_servers"), ("opencode", "mcp")]
        {
            files.push((key, text.replace("mcpServers", servers)));
        }
        files.push(("cursor", text.replace("\r\n", "\n").replace('\n', "\r\n")));
        files.push(("cline", (*text).to_owned()));
        files.push(("copilot", (*text).to_owned()));
    }
    files.extend(TOML.iter().map(|text| ("codex", (*text).to_owned())));
    files.extend(TOML.iter().map(|text| ("codex", text.replace("\r\n", "\n"))));
    files.extend(FILES.iter().map(|(key, text)| (*key, (*text).to_owned())));
    files.retain(|(key, text)| check(key, text));
    files
}

const FILES: [(&str, &str); 6] = [
    ("claude-desktop", include_str!("../../../../tests/clients/files/claude_desktop_config.json")),
    ("codex", include_str!("../../../../tests/clients/files/codex.toml")),
    ("zed", include_str!("../../../../tests/clients/files/zed.json")),
    ("opencode", include_str!("../../../../tests/clients/files/opencode.jsonc")),
    ("vscode", include_str!("../../../../tests/clients/files/vscode.json")),
    ("claude-code", include_str!("../../../../tests/clients/files/claude.json")),
];

fn check(key: &str, text: &str) -> bool {
    !matches!(state(text, client(key), None, &launch()), State::Broken(_))
}

/// What somebody else does to a file, whether we are in it or not; nothing if the file has no such place.
const CHANGES: [fn(&str, &str) -> String; 7] = [
    |_, text| text.to_owned(),
    |_, text| text.replacen("\"y\"", "\"changed\"", 1),
    |_, text| text.replacen("\"a\"", "\"bcd\"", 1),
    |key, text| match key {
        "codex" if !text.starts_with('\u{feff}') => format!("# new\n{text}"),
        _ => text.to_owned(),
    },
    |_, text| text.replacen("\"x\": {", "\"w\": {}, \"x\": {", 1),
    |_, text| text.replacen("\"a\": 1", "\"a\":  [1,  2]", 1),
    |_, text| format!("\u{feff}{}", text.trim_start_matches('\u{feff}')),
];

fn set_up(key: &str, text: &str, name: Option<&str>, launch: &Launch) -> String {
    let state = state(text, client(key), name, launch);
    match outcome(Some(text), None, client(key), Wish::Have, &state, launch) {
        Ok(Outcome::Becomes(text)) => text,
        Ok(Outcome::Stays) => text.to_owned(),
        other => panic!("{key} {text:?}: {state:?} {other:?}"),
    }
}

fn launches() -> [Launch; 3] {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    ["", "serve --sandbox", "serve --toolsets market --read-only"]
        .map(|text| Launch { command: "/opt/aries-mcp".to_owned(), args: words(text) })
}

#[test]
fn what_is_left_is_the_file_with_the_change_of_somebody_else() {
    let other = Launch { command: "/old/aries-mcp".to_owned(), args: Vec::new() };
    let [plain, sandbox, market] = launches();
    for (key, before) in files() {
        for (first, second) in [(&plain, &sandbox), (&sandbox, &market), (&plain, &other)] {
            let with_us = set_up(key, &set_up(key, &before, None, first), None, second);
            for (number, change) in CHANGES.iter().enumerate() {
                let (expected, now) = (change(key, &before), change(key, &with_us));
                if number == 0 || expected != before {
                    let left = removed(key, &now, Some(&before));
                    assert_eq!(
                        left,
                        Outcome::Becomes(expected),
                        "{key} {before:?}\n{first:?} {second:?}\n{now}"
                    );
                }
            }
        }
    }
}

#[test]
fn of_two_entries_each_goes_alone_and_both_leave_the_old_bytes() {
    let [plain, sandbox, _] = launches();
    for (key, before) in files() {
        let both = set_up(key, &set_up(key, &before, None, &plain), Some("practice"), &sandbox);
        assert_eq!(
            removed(key, &both, Some(&before)),
            Outcome::Becomes(before.clone()),
            "{key} {before:?}\n{both}"
        );
        for (goes, stays) in [("aries", "practice"), ("practice", "aries")] {
            let one = state(&both, client(key), Some(goes), &plain);
            let left = outcome(Some(&both), Some(&before), client(key), Wish::Remove, &one, &plain);
            let Ok(Outcome::Becomes(left)) = left else { panic!("{key} {both:?}: {left:?}") };
            assert!(
                check(key, &left) && left.contains(stays) && !left.contains(&format!("\"{goes}\"")),
                "{left}"
            );
            assert_eq!(removed(key, &left, Some(&before)), Outcome::Becomes(before.clone()), "{key}\n{left}");
        }
    }
}

/// A client that writes its file anew puts us where it likes, and others behind us.
#[test]
fn what_stands_behind_us_stays() {
    for (key, before) in files() {
        let with_us = set_up(key, &before, None, &launch());
        let with_more = match key {
            "codex" => format!("{with_us}\n[projects.\"/x\"]\ntrust_level = \"trusted\" # yes\n"),
            _ => {
                let servers = crate::cli::clients::entry::servers(&with_us, client(key)).unwrap();
                assert!(servers.iter().any(|(name, _)| name == "aries"));
                // Behind us: our entry is the last server, and its text ends with the last brace before that of servers.
                let own = set_up(key, &with_us, Some("later"), &launch());
                own.replacen("\"later\"", "\"other\"", 1).replace("/opt/aries-mcp", "/opt/x").replacen(
                    "/opt/x",
                    "/opt/aries-mcp",
                    1,
                )
            }
        };
        let Outcome::Becomes(left) = removed(key, &with_more, Some(&before)) else { panic!("{key}") };
        assert!(
            check(key, &left) && !left.contains("/opt/aries-mcp"),
            "{key} {before:?}\n{with_more}\n{left}"
        );
        if key == "codex" {
            assert!(
                left.starts_with(&before) && left.ends_with("trust_level = \"trusted\" # yes\n"),
                "{left}"
            );
        } else {
            let servers = crate::cli::clients::entry::servers(&left, client(key)).unwrap();
            assert!(servers.iter().any(|(name, _)| name == "other"), "{left}");
        }
    }
}

/// The characters of a file are in the file with us, in their order, and only our own come between.
#[test]
fn adding_moves_nothing() {
    for (key, before) in files() {
        let with_us = set_up(key, &before, None, &launch());
        let mut rest = with_us.chars();
        let lost = before.chars().find(|c| !rest.any(|found| found == *c));
        assert_eq!(lost, None, "{key} {before:?}\n{with_us:?}");
    }
}

#[test]
fn an_entry_on_the_line_of_its_brace_stays_there() {
    let update = |text: &str| set_up("cursor", text, None, &launch());
    assert_eq!(
        update("{\"mcpServers\": {\"aries\": {\"command\": \"/old/aries-mcp\",\n  \"env\": {} }}}"),
        "{\"mcpServers\": {\"aries\": {\"command\": \"/opt/aries-mcp\",\n  \"env\": {},\n  \"args\": [\"serve\", \"--sandbox\"] }}}"
    );
    assert_eq!(
        update("{ \"a\": 1,\n  \"b\": 2 // two\n}"),
        "{ \"a\": 1,\n  \"b\": 2, // two\n  \"mcpServers\": {\n    \"aries\": {\n      \"command\": \"/opt/aries-mcp\",\n      \
         \"args\": [\"serve\", \"--sandbox\"]\n    }\n  }\n}"
    );
    assert_eq!(
        update("{ \"a\": 1 }\n"),
        "{ \"a\": 1, \"mcpServers\": {\"aries\": {\"command\": \"/opt/aries-mcp\", \"args\": [\"serve\", \"--sandbox\"]}} }\n"
    );
}

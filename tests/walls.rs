//! Invariants of `lib.rs` that no lint can hold, read off the sources themselves.

#![expect(clippy::unwrap_used, reason = "tests may fail loudly")]

use std::path::{Path, PathBuf};

/// Every source file with its path below `src`.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    assert!(found.len() > 30);
    let name = |path: &Path| path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
    found.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

/// Files outside `allowed` (prefixes) that contain one of the words.
fn offenders(words: &[&str], allowed: &[&str]) -> Vec<String> {
    let sources = sources();
    let outside = sources.iter().filter(|(name, _)| !allowed.iter().any(|prefix| name.starts_with(prefix)));
    let guilty = outside.filter(|(_, text)| words.iter().any(|word| text.contains(word)));
    guilty.map(|(name, _)| name.clone()).collect()
}

#[test]
fn only_config_reads_the_environment() {
    assert_eq!(offenders(&["env::var", "env::vars"], &["config"]), Vec::<String>::new());
}

#[test]
fn only_the_server_knows_the_protocol_library() {
    assert_eq!(offenders(&["rmcp::", "use rmcp"], &["server"]), Vec::<String>::new());
}

#[test]
fn aries_and_auth_know_nothing_of_what_lies_above() {
    let above = ["crate::tools", "crate::server", "crate::cli", "crate::sandbox"];
    let below = ["tools", "server", "cli", "sandbox", "lib.rs", "main.rs"];
    assert_eq!(offenders(&["crate::trade"], &["trade", "tools", "server", "cli"]), Vec::<String>::new());
    assert_eq!(offenders(&above, &below), Vec::<String>::new());
    assert_eq!(offenders(&["crate::sandbox"], &["sandbox", "cli"]), Vec::<String>::new());
}

#[test]
fn profile_changes_are_never_asked_for() {
    assert!(!aries_mcp::auth::scope::READING.contains(&"user:management"));
    assert!(aries_mcp::auth::scope::wanted(Some("user:management"), false).is_err());
}

#[test]
fn only_trade_can_send_an_order() {
    assert_eq!(
        offenders(
            &["aries::write", "Writer::new", "writing_client"],
            &["trade", "aries/write.rs", "aries/endpoint", "web.rs"]
        ),
        Vec::<String>::new()
    );
    // What clears an order is made in one file, what redeems a ticket in another, and one line sends.
    assert_eq!(
        offenders(&["ApprovedOrder {"], &["trade/approval/approved.rs", "sandbox"]),
        Vec::<String>::new()
    );
    assert_eq!(offenders(&["Redeemed {"], &["trade/approval/ticket.rs", "sandbox"]), Vec::<String>::new());
    let text = sources().into_iter().find(|(name, _)| name == "trade/submit/send.rs").unwrap().1;
    assert_eq!(text.matches(".post(").count(), 1);
    let mut posting: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| text.contains("sender.post("))
        .map(|(name, _)| name)
        .collect();
    posting.sort();
    assert_eq!(posting, ["trade/cancel.rs", "trade/preview.rs", "trade/submit/send.rs"]);
}

//! A journal of earlier orders, whose ids Aries gives out again.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::Home;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/journals");

/// Leaves the journal of an earlier build in the state folder, so many days older than it is, and tells the ids of Aries
/// that it knows.
pub(super) fn leave_journal(home: &Home, env: &[(&'static str, String)], days: i64) -> Vec<String> {
    let env: Vec<(&str, &str)> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = home.run(&["orders", "verify"], &env);
    let told = String::from_utf8(told.stdout).unwrap();
    let path = told
        .trim()
        .strip_prefix("There is no order journal yet, for no order was sent from here: ")
        .map(std::path::PathBuf::from)
        .unwrap();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = std::fs::read_to_string(format!("{FOLDER}/orders.jsonl")).unwrap();
    let (mut written, mut prev, mut count) = (String::new(), String::new(), 0);
    let mut ids = Vec::new();
    for line in text.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let at: jiff::Timestamp = line["at"].as_str().unwrap().parse().unwrap();
        line["at"] = (at - jiff::SignedDuration::from_hours(24 * days)).to_string().into();
        line["prev"] = prev.into();
        line["hash"] = "".into();
        prev = Sha256::digest(line.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
        line["hash"] = prev.clone().into();
        written += &format!("{line}\n");
        count += 1;
        ids.extend(line["order"].as_str().map(str::to_owned));
    }
    std::fs::write(&path, written).unwrap();
    std::fs::write(path.with_extension("head"), format!(r#"{{"n":{count},"hash":"{prev}"}}"#)).unwrap();
    ids.sort_unstable();
    ids.dedup();
    ids
}

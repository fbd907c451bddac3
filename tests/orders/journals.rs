//! Journals of an earlier build: `tests/journals` holds two that it wrote, and what `orders --json` said of them.

use std::path::PathBuf;

use aries_mcp::trade::journal::{Event, State};

use crate::support::stage::*;
use crate::support::{stderr, stdout};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/journals");

/// A stage with one of these journals in place of its own.
fn stage_with(name: &str) -> (Stage, PathBuf) {
    let stage = Stage::new("");
    let told = stage.run(&["orders", "verify"]);
    let path = stdout(&told)
        .trim()
        .strip_prefix("There is no order journal yet, for no order was sent from here: ")
        .map(PathBuf::from)
        .unwrap();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    for ending in ["jsonl", "head"] {
        std::fs::copy(format!("{FOLDER}/{name}.{ending}"), path.with_extension(ending)).unwrap();
    }
    (stage, path)
}

#[test]
fn a_journal_of_an_earlier_build_is_verified_read_and_continued() {
    for (name, lines) in [("orders", 43), ("shape", 5)] {
        let (stage, path) = stage_with(name);
        let verified = |lines: usize| {
            let output = stage.run(&["orders", "verify"]);
            assert!(
                stdout(&output).starts_with(&format!("{lines} lines, each as it was written: ")),
                "{}",
                stderr(&output)
            );
        };
        verified(lines);
        let listed = std::fs::read_to_string(format!("{FOLDER}/{name}.json")).unwrap();
        assert_eq!(stdout(&stage.run(&["orders", "--json"])), listed, "{name}");
        let before = std::fs::read_to_string(&path).unwrap();
        let order = stage.journal().pop().unwrap()["id"].as_str().unwrap().to_owned();
        stage.append(Event::Answered { id: order, order: None, state: State::Filled, note: None });
        verified(lines + 1);
        assert!(std::fs::read_to_string(&path).unwrap().starts_with(&before));
        assert_eq!(stage.journal().pop().unwrap()["state"], "FILLED");
    }
}

//! What CONTRIBUTING says of imports and no lint can hold: which module imports which, read off the sources. The
//! walls that a lint can hold are in `.clippy.toml`.

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

/// Each word with the folders and files whose code may contain it, and nobody else's.
const WALLS: &[(&str, &[&str])] = &[
    ("rmcp::", &["server"]),
    ("crate::cli", &["cli", "lib.rs", "main.rs"]),
    ("crate::server", &["server", "cli", "lib.rs", "main.rs"]),
    ("crate::tools", &["tools", "server", "cli", "sandbox/tests", "lib.rs", "main.rs"]),
    ("crate::trade", &["trade", "tools", "server", "cli"]),
    // The sandbox answers by the rows of the endpoints.
    ("crate::aries", &["aries", "trade", "tools", "server", "cli", "sandbox"]),
    ("crate::auth", &["auth", "aries", "trade", "tools", "server", "cli"]),
    ("crate::sandbox", &["sandbox", "cli"]),
    ("crate::os", &["os", "config", "http", "auth", "aries", "trade", "tools", "server", "cli"]),
];

#[test]
fn imports_go_one_way() {
    let sources = sources();
    let mut broken = Vec::new();
    for (word, allowed) in WALLS {
        let outside =
            sources.iter().filter(|(name, _)| !allowed.iter().any(|prefix| name.starts_with(prefix)));
        let guilty = outside.filter(|(_, text)| text.contains(word));
        broken.extend(guilty.map(|(name, _)| format!("src/{name} uses {word}")));
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn profile_changes_are_never_asked_for() {
    assert!(!aries_mcp::auth::scope::READING.contains(&"user:management"));
    assert!(aries_mcp::auth::scope::requested(Some("user:management")).is_err());
}

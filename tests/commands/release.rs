//! What a release is listed by: versions, names and descriptions agree with `Cargo.toml`, and a fork's release names the
//! fork.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const DESCRIPTION: &str = env!("CARGO_PKG_DESCRIPTION");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(".release").join(path)).unwrap()
}

fn manifest(path: &str) -> Value {
    serde_json::from_str(&text(path)).unwrap()
}

#[test]
fn manifests_agree_with_the_crate() {
    for path in ["mcpb/manifest.json", "npm/package.json", "server.json"] {
        let manifest = manifest(path);
        assert_eq!(
            (&manifest["version"], &manifest["description"]),
            (&json!(VERSION), &json!(DESCRIPTION)),
            "{path}"
        );
    }
    // The registry takes no longer one, and leaves the entry out without a word.
    assert!(DESCRIPTION.len() <= 100);
    let name = "io.github.OWNER/aries-mcp";
    assert_eq!(
        (&manifest("server.json")["name"], &manifest("npm/package.json")["mcpName"]),
        (&json!(name), &json!(name))
    );
    let package = &manifest("server.json")["packages"][0];
    assert_eq!(
        (&package["identifier"], &package["version"]),
        (&json!(env!("CARGO_PKG_NAME")), &json!(VERSION))
    );
    assert_eq!(manifest("mcpb/manifest.json")["license"], env!("CARGO_PKG_LICENSE"));
    for (name, version) in manifest("npm/package.json")["optionalDependencies"].as_object().unwrap() {
        assert_eq!(version, VERSION, "{name}");
    }
    let formula = text("homebrew/aries-mcp.rb");
    assert!(formula.contains(&format!("  version \"{VERSION}\"\n")) && formula.contains(DESCRIPTION));
    assert_eq!(formula.matches(&format!("/v{VERSION}/aries-mcp-{VERSION}-")).count(), 4);
}

#[test]
fn the_shim_is_short() {
    let code = text("npm/bin/aries-mcp.js");
    assert!(code.lines().filter(|line| !line.starts_with("//")).count() <= 15);
}

#[test]
fn every_target_is_built_and_has_a_package() {
    let workflow = std::fs::read_to_string(root().join(".github/workflows/release.yml")).unwrap();
    let packer = text("pack");
    let targets: Vec<&str> = packer
        .lines()
        .filter_map(|line| line.strip_prefix("    \"")?.split_once("\": (\""))
        .map(|(target, _)| target)
        .collect();
    assert_eq!(targets.len(), 5);
    for target in targets {
        assert!(workflow.contains(&format!("target: {target} ")), "{target}");
    }
}

/// Python is what the workflow has on every system; a machine without it proves this in `.ci/run`.
#[cfg(unix)]
#[test]
#[ignore = "needs python3 with tomllib: run by .ci/run"]
fn a_forks_release_names_the_fork() {
    use std::process::Command;
    let folder = tempfile::tempdir().unwrap();
    let listings = Command::new(root().join(".release/pack"))
        .args(["listings".as_ref(), folder.path().as_os_str(), folder.path().as_os_str()])
        .env("GITHUB_REPOSITORY", "ann/aries-mcp")
        .status();
    assert!(listings.unwrap().success());
    let notes = Command::new(root().join(".release/pack"))
        .args(["notes".as_ref(), folder.path().join("notes.md").as_os_str()])
        .env("GITHUB_REPOSITORY", "ann/aries-mcp")
        .status();
    assert!(notes.unwrap().success());
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    for name in ["install.sh", "server.json", "aries-mcp.rb", "notes.md"] {
        assert!(read(name).contains("github.com/ann/aries-mcp"), "{name}");
    }
    assert!(read("server.json").contains("\"io.github.ann/aries-mcp\""));
    // The script itself still knows the word that stands for no owner.
    assert!(read("install.sh").contains("*/OWNER/*)") && !read("install.sh").contains("github.com/OWNER"));
}

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
    // A fork has a scope, in its program and in its packages.
    let package = "\nenv:\n  # The program knows it too.";
    assert!(workflow.contains(package) && workflow.contains("'@{0}/aries-mcp', github.repository_owner"));
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
    let pack = |words: &[&std::ffi::OsStr], has_secrets: &str| {
        let mut command = Command::new(root().join(".release/pack"));
        command.args(words).env("GITHUB_REPOSITORY", "ann/my.aries").env("NPM_PACKAGE", "@Ann/aries-mcp");
        command.envs(["HAS_NPM", "HAS_TAP", "HAS_CRATE"].map(|name| (name, has_secrets)));
        assert!(command.status().unwrap().success(), "{words:?}");
    };
    let place = folder.path().as_os_str();
    pack(&["listings".as_ref(), place, place], "false");
    pack(&["npm-main".as_ref(), place], "false");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    for (has_secrets, ways) in [("false", 0), ("true", 3)] {
        pack(&["notes".as_ref(), folder.path().join("notes.md").as_os_str()], has_secrets);
        let notes = read("notes.md");
        let named = ["npm install", "brew install ann/tap/", "cargo binstall"];
        assert_eq!(named.iter().filter(|way| notes.contains(**way)).count(), ways, "{notes}");
        assert!(
            notes.contains("](https://github.com/ann/my.aries#get-a-key)") && !notes.contains("](#"),
            "{notes}"
        );
    }
    for name in ["install.sh", "server.json", "aries-mcp.rb", "notes.md", "README.md", "package.json"] {
        let text = read(name);
        assert!(text.contains("github.com/ann/my.aries") && !text.contains("OWNER"), "{name}: {text}");
        assert!(!text.contains("](../") && !text.contains("](.github"), "{name} leads nowhere: {text}");
    }
    // npm has one program of a name: a fork's packages have a scope, wherever they are named.
    let json = |name: &str| serde_json::from_str::<Value>(&read(name)).unwrap();
    assert_eq!(json("package.json")["name"], "@ann/aries-mcp");
    let platforms = json("package.json")["optionalDependencies"].as_object().unwrap().clone();
    assert_eq!(platforms.len(), 5);
    assert!(platforms.keys().all(|name| name.starts_with("@ann/aries-mcp-")), "{platforms:?}");
    assert!(read("bin/aries-mcp.js").contains("require.resolve(`@ann/aries-mcp-${"));
    assert_eq!(json("server.json")["packages"][0]["identifier"], "@ann/aries-mcp");
    for name in ["notes.md", "README.md"] {
        assert!(read(name).contains("npm install --global @ann/aries-mcp`"), "{name}");
    }
    pack(
        &[
            "npm".as_ref(),
            "x86_64-unknown-linux-musl".as_ref(),
            "/dev/null".as_ref(),
            folder.path().join("linux").as_os_str(),
        ],
        "true",
    );
    assert_eq!(json("linux/package.json")["name"], "@ann/aries-mcp-linux-x64");
    assert!(
        read("server.json").contains("\"io.github.ann/aries-mcp\"")
            || read("server.json").contains("\"io.github.ann/my.aries\"")
    );
}

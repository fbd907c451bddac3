//! Documents that are written from what the program says: reference pages, README's table of clients, the guide and the
//! example files of clients.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use aries_mcp::cli::clients::documents::{self, Document};
use serde_json::Value;

use crate::support::{Home, matrix, stdout};

/// Several tests write into one file.
static TURN: Mutex<()> = Mutex::new(());

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn is_updating() -> bool {
    std::env::var_os("UPDATE_README").is_some()
}

/// The part of a document between its markers. `UPDATE_README=1 cargo test --test surface` writes it anew.
fn check(document: &str, name: &str, expected: &str) {
    let _turn = TURN.lock();
    let path = root().join(document);
    let text = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {name}:begin -->\n"), format!("<!-- {name}:end -->"));
    let (before, rest) = text.split_once(&begin).unwrap();
    let (inside, after) = rest.split_once(&end).unwrap();
    if is_updating() {
        std::fs::write(&path, format!("{before}{begin}{expected}\n{end}{after}")).unwrap();
    } else {
        assert_eq!(inside.trim_end(), expected, "run: UPDATE_README=1 cargo test --test surface");
    }
}

fn check_whole(path: &Path, expected: &str) {
    if is_updating() {
        std::fs::write(path, expected).unwrap();
    } else {
        let found = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(found, expected, "{}: run UPDATE_README=1 cargo test --test surface", path.display());
    }
}

#[test]
fn the_tools() {
    let rows = crate::tools();
    let output = Home::new().run(&["tools", "--sandbox", "--json"], &[]);
    let usual: Value = serde_json::from_slice(&output.stdout).unwrap();
    let usual: Vec<Value> =
        usual["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect();
    let rows = rows.iter().map(|tool| {
        let schema = &tool["inputSchema"];
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let names = schema["properties"].as_object().unwrap().keys();
        let names = names.map(|name| {
            if required.contains(&name.as_str().into()) { name.clone() } else { format!("{name}?") }
        });
        let first = tool["description"].as_str().unwrap().replace('|', "/");
        format!(
            "| `{}`{} | {} | {first} |",
            tool["name"].as_str().unwrap(),
            if usual.contains(&tool["name"]) { "" } else { " *all*" },
            names.collect::<Vec<_>>().join(", ")
        )
    });
    let head = "| tool | arguments (? may be left out) | what it answers |\n| --- | --- | --- |".to_owned();
    let table = std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n");
    check(".github/docs/tools.md", "tools", &table);
}

#[test]
fn the_endpoints() {
    let output = Home::new().run(&["tools", "--endpoints", "--json"], &[]);
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let lines = rows.iter().map(|row| {
        let newer = row["after_404_of"].as_str().map(|path| format!(", after a 404 of `{path}`"));
        format!(
            "| `{} {}` | `{}` | {} | {}{} |",
            text(row, "method"),
            text(row, "path"),
            text(row, "tool"),
            text(row, "scope"),
            text(row, "source"),
            newer.unwrap_or_default()
        )
    });
    let head = "| endpoint | tool | scope | source |\n| --- | --- | --- | --- |".to_owned();
    let table = std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n");
    check(".github/docs/endpoints.md", "endpoints", &table);
}

#[test]
fn the_settings() {
    check(".github/docs/settings.md", "settings", &aries_mcp::config::settings_table());
}

/// Every command as its own help says it.
#[test]
fn the_commands() {
    let help = |args: &[&str]| stdout(&Home::new().run(args, &[])).trim_end().to_owned();
    let all = help(&["--help"]);
    let listed =
        all.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A longer description goes on in the next line, further in.
    let firsts = listed.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    let names = firsts.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let section = |name: &str| {
        let text = help(&[name, "--help"]);
        // Options that every command has stand once, below the list of commands.
        let mut of_global = false;
        let is_own = |line: &&str| {
            of_global = is_global(line) || (of_global && line.starts_with("          "));
            !of_global
        };
        let own: Vec<&str> = text.lines().filter(is_own).collect();
        format!("## `aries-mcp {name}`\n\n```text\n{}\n```", own.join("\n"))
    };
    let sections: Vec<String> = names.map(section).collect();
    check(
        ".github/docs/commands.md",
        "commands",
        &format!("```text\n{all}\n```\n\n{}", sections.join("\n\n")),
    );
}

fn is_global(line: &str) -> bool {
    ["--profile", "--sandbox", "--read-only", "--toolsets", "--config", "--log", "--clock"]
        .iter()
        .any(|option| line.trim_start().starts_with(option))
}

#[test]
fn the_clients_in_the_readme() {
    let head = "| client | set up | a live order is approved on | tested | good to know |\n| --- | --- | --- | --- | --- |";
    let lines = matrix::ROWS.iter().map(matrix::Row::line);
    let table = std::iter::once(head.to_owned()).chain(lines).collect::<Vec<_>>().join("\n");
    check("README.md", "clients", &table);
    let keys: Vec<&str> = documents::all().into_iter().flat_map(|client| client.keys).collect();
    for row in matrix::ROWS {
        assert!(keys.contains(&row.key), "{} is not in the table of clients", row.key);
    }
}

#[test]
fn the_guide_of_clients() {
    let clients = documents::all();
    let section = |client: &Document| {
        let (example, kind) = &client.example;
        let link = if client.has_link { " A link that adds it: the same command with `--link`." } else { "" };
        let note = if client.note.is_empty() { String::new() } else { format!("{}\n\n", client.note) };
        format!(
            "## {}\n\n`aries-mcp setup {}` writes it.{link} The file: {}.\n\n{note}```{kind}\n{example}\n```\n\nThen {}.",
            client.name,
            client.keys[0],
            client.files.join("; "),
            client.next
        )
    };
    let sections: Vec<String> = clients.iter().map(section).collect();
    check("examples/clients/README.md", "clients", &sections.join("\n\n"));
    for client in &clients {
        check_whole(&example_file(client), &format!("{}\n", client.example.0));
    }
}

fn example_file(client: &Document) -> PathBuf {
    root().join(format!("examples/clients/{}.{}", client.keys[0], client.example.1))
}

#[test]
fn the_readme_is_short_and_its_links_lead_somewhere() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.lines().count() <= 200, "{} lines", readme.lines().count());
    for document in ["README.md", ".github/CONTRIBUTING.md", "examples/clients/README.md"] {
        let text = std::fs::read_to_string(root().join(document)).unwrap();
        let folder = root().join(document).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            // GitHub's own page of the repository, whoever owns it.
            let is_release_page = link == "../../releases/latest";
            let is_local = !link.contains("://") && !file.is_empty() && !is_release_page;
            assert!(!is_local || folder.join(file).exists(), "{document}: {link}");
        }
    }
}

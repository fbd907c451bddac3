//! The configuration of each MCP client on this machine: where it lies and what is in it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::check::Check;
use super::entry::{self, Entry};
use super::jsonc;
use crate::config::{ClientFolders, Environment, client_folders};

/// A place where a client looks for servers.
pub(super) struct Client {
    pub(super) name: &'static str,
    path: PathBuf,
    shape: Shape,
    /// How many tools it takes.
    pub(super) most_tools: Option<usize>,
    /// Whether it starts programs without the `PATH` of a shell.
    pub(super) desktop: bool,
}

/// How servers stand in the file.
#[derive(Clone, Copy)]
enum Shape {
    /// `{"mcpServers": {name: server}}`, also inside `projects`.
    McpServers,
    /// `{"servers": {name: server}}`
    Servers,
    /// `[mcp_servers.name]`
    Toml,
}

fn known(folders: &ClientFolders) -> Vec<Client> {
    let (home, config) = (&folders.home, &folders.config);
    let client =
        |name, path: PathBuf, shape, most_tools, desktop| Client { name, path, shape, most_tools, desktop };
    vec![
        client(
            "Claude Desktop",
            config.join("Claude/claude_desktop_config.json"),
            Shape::McpServers,
            None,
            true,
        ),
        client("Cursor", home.join(".cursor/mcp.json"), Shape::McpServers, Some(40), true),
        client("VS Code", config.join("Code/User/mcp.json"), Shape::Servers, Some(128), true),
        client("Claude Code", home.join(".claude.json"), Shape::McpServers, None, false),
        client("Codex", home.join(".codex/config.toml"), Shape::Toml, None, false),
        client("Gemini CLI", home.join(".gemini/settings.json"), Shape::McpServers, None, false),
        client("Windsurf", home.join(".codeium/windsurf/mcp_config.json"), Shape::McpServers, Some(50), true),
    ]
}

/// `settings_hold` says whether an entry's own settings are worth resolving: a broken config file breaks them all.
pub(super) fn checks(env: &Environment, settings_hold: bool) -> Vec<Check> {
    let Some(folders) = client_folders() else {
        return vec![Check::not_checked("clients", "this user has no home folder")];
    };
    let mut checks: Vec<Check> =
        known(&folders).iter().flat_map(|client| of_client(client, env, settings_hold)).collect();
    if checks.is_empty() {
        checks.push(Check::ok("clients", "no configuration of a known client lies on this computer"));
    }
    checks
}

fn of_client(client: &Client, env: &Environment, settings_hold: bool) -> Vec<Check> {
    let name = client.name;
    let shown = client.path.display();
    let text = match std::fs::read_to_string(&client.path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => return vec![Check::not_checked(name, format!("{shown} cannot be read: {error}"))],
    };
    let entries = match entries(&text, client.shape) {
        Ok(entries) => entries,
        Err(line) => {
            let meaning =
                format!("{shown} line {line} is not as the client can read it; none of its servers start");
            return vec![Check::problem(
                name,
                meaning,
                "correct that line; a comma or bracket is the usual cause",
            )];
        }
    };
    if entries.is_empty() {
        let meaning = format!("aries-mcp is not in {shown}");
        return vec![Check::ok(name, meaning).next("to use it there, see \"Set up a client\" in the README")];
    }
    entries
        .iter()
        .flat_map(|entry| entry::judge(client, &shown.to_string(), entry, env, settings_hold))
        .collect()
}

/// Our entries, or the line where the file breaks.
fn entries(text: &str, shape: Shape) -> Result<Vec<Entry>, usize> {
    let all: Value = match shape {
        Shape::Toml => toml::from_str(text).map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            before.matches('\n').count() + 1
        })?,
        // Some clients write nothing at all at first.
        _ if text.trim().is_empty() => return Ok(Vec::new()),
        _ => jsonc::parse(text)?,
    };
    let key = match shape {
        Shape::McpServers => "mcpServers",
        Shape::Servers => "servers",
        Shape::Toml => "mcp_servers",
    };
    let projects =
        all.get("projects").and_then(Value::as_object).into_iter().flatten().map(|(_, project)| project);
    let servers = std::iter::once(&all).chain(projects).filter_map(|part| part.get(key)?.as_object());
    Ok(servers.flatten().filter_map(|(name, server)| Entry::read(name, server)).collect())
}

/// Whether a path names this program.
pub(super) fn is_ours(word: &str) -> bool {
    let name = Path::new(word).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    // A path of Windows, read elsewhere.
    let name = name.rsplit('\\').next().unwrap_or_default();
    matches!(name, "aries-mcp" | "aries-mcp.exe" | "aries-mcp.cmd")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_our_entries_in_every_shape() {
        let count = |text, shape| entries(text, shape).unwrap().len();
        assert_eq!(
            count(
                r#"{"mcpServers": {"a": {"command": "/x/aries-mcp"}, "b": {"command": "npx"}}}"#,
                Shape::McpServers
            ),
            1
        );
        assert_eq!(
            count(r#"{"projects": {"/p": {"mcpServers": {"aries": {"command": "y"}}}}}"#, Shape::McpServers),
            1
        );
        assert_eq!(
            count(
                "// c\n{\"servers\": {\"z\": {\"command\": \"sh\", \"args\": [\"C:\\\\aries-mcp.exe\"]},}}",
                Shape::Servers
            ),
            1
        );
        assert_eq!(count("[mcp_servers.aries]\ncommand = \"aries-mcp\"\n", Shape::Toml), 1);
        assert_eq!(entries("[mcp_servers.aries]\ncommand = \n", Shape::Toml).err(), Some(2));
        // Aries' hosted server is reached by an address and is not this program.
        assert_eq!(
            count(r#"{"mcpServers": {"aries": {"url": "https://mcp.example"}}}"#, Shape::McpServers),
            0
        );
    }
}

//! The configuration of each MCP client on this machine: where it lies and what is in it.

use std::path::PathBuf;

use serde_json::Value;

use super::check::{Check, Finding};
use super::entry::{self, Entry, Habits};
use super::jsonc;
use crate::config::{ClientFolders, Environment, client_folders};

struct Client {
    name: &'static str,
    path: PathBuf,
    shape: Shape,
    habits: Habits,
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

fn known(ClientFolders { home, config }: &ClientFolders) -> [Client; 7] {
    use Shape::{McpServers, Servers, Toml};
    let client = |name, path, shape, habits| Client { name, path, shape, habits };
    let desktop = |most_tools| Habits { most_tools, desktop: true };
    let terminal = Habits { most_tools: None, desktop: false };
    [
        client("Claude Desktop", config.join("Claude/claude_desktop_config.json"), McpServers, desktop(None)),
        client("Cursor", home.join(".cursor/mcp.json"), McpServers, desktop(Some(40))),
        client("VS Code", config.join("Code/User/mcp.json"), Servers, desktop(Some(128))),
        client("Claude Code", home.join(".claude.json"), McpServers, terminal),
        client("Codex", home.join(".codex/config.toml"), Toml, terminal),
        client("Gemini CLI", home.join(".gemini/settings.json"), McpServers, terminal),
        client("Windsurf", home.join(".codeium/windsurf/mcp_config.json"), McpServers, desktop(Some(50))),
    ]
}

/// `settings_hold` says whether an entry's own settings are worth resolving: a broken config file breaks them all.
pub(super) fn checks(env: &Environment, settings_hold: bool) -> Vec<Check> {
    let Some(folders) = client_folders() else {
        return vec![Finding::not_checked("this user has no home folder").named("clients")];
    };
    let of_client = |client: Client| {
        let findings = of_client(&client, env, settings_hold).unwrap_or_else(|finding| vec![finding]);
        findings.into_iter().map(move |finding| finding.named(client.name))
    };
    let mut checks: Vec<Check> = known(&folders).into_iter().flat_map(of_client).collect();
    if checks.is_empty() {
        checks.push(Finding::ok("no configuration of a known client lies on this computer").named("clients"));
    }
    checks
}

/// What is found in each of our entries of a client. Fails with the finding if there is no entry to look at.
fn of_client(client: &Client, env: &Environment, settings_hold: bool) -> Result<Vec<Finding>, Finding> {
    let shown = client.path.display();
    let text = match std::fs::read_to_string(&client.path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Finding::not_checked(format!("{shown} cannot be read: {error}"))),
    };
    let entries = entries(&text, client.shape).map_err(|line| {
        Finding::problem(
            format!("{shown} line {line} is not as the client can read it; none of its servers start"),
            "correct that line; a comma or bracket is the usual cause",
        )
    })?;
    if entries.is_empty() {
        return Err(Finding::ok(format!("aries-mcp is not in {shown}"))
            .next("to use it there, see \"Set up a client\" in the README"));
    }
    let judge = |entry| entry::judge(&client.habits, &shown.to_string(), entry, env, settings_hold);
    Ok(entries.iter().flat_map(judge).collect())
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

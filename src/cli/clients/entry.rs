//! The entries of a client's file that start this program.

use std::path::Path;

use serde_json::Value;

use super::{CallLimit, Client, Shape, jsonc};

/// A server of a client's file that is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Entry {
    pub(in crate::cli) name: String,
    pub(in crate::cli) command: String,
    pub(in crate::cli) args: Vec<String>,
    pub(in crate::cli) env: Vec<(String, String)>,
    /// How many seconds the entry gives a call, if it says so.
    pub(in crate::cli) seconds: Option<u64>,
}

/// The entries of a client's file, those of its projects among them; or the line where the file breaks.
pub(in crate::cli) fn entries(text: &str, client: &Client) -> Result<Vec<Entry>, usize> {
    let Some((all, key)) = parse(text, client)? else { return Ok(of_yaml(text)) };
    let projects =
        all.get("projects").and_then(Value::as_object).into_iter().flatten().map(|(_, project)| project);
    let servers = std::iter::once(&all).chain(projects).filter_map(|part| part.get(key)?.as_object());
    Ok(servers.flatten().filter_map(|(name, server)| Entry::read(name, server, client.limit)).collect())
}

/// Every server that the file has for all projects, with what is ours of it; or the line where the file breaks.
pub(in crate::cli) fn servers(text: &str, client: &Client) -> Result<Vec<(String, Option<Entry>)>, usize> {
    let Some((all, key)) = parse(text, client)? else {
        return Ok(of_yaml(text).into_iter().map(|entry| (entry.name.clone(), Some(entry))).collect());
    };
    let servers = all.get(key).and_then(Value::as_object).into_iter().flatten();
    // Another program may be called as we are.
    let ours = |name, server| Entry::read(name, server, client.limit).filter(Entry::starts_us);
    Ok(servers.map(|(name, server)| (name.clone(), ours(name, server))).collect())
}

/// The file and its member that holds the servers; `None` for YAML.
fn parse(text: &str, client: &Client) -> Result<Option<(Value, &'static str)>, usize> {
    let text = text.trim_start_matches('\u{feff}');
    Ok(match client.shape {
        Shape::Yaml => None,
        Shape::Toml => Some((toml_value(text)?, "mcp_servers")),
        // Some clients write nothing at all at first.
        Shape::Json(shape) if text.trim().is_empty() => Some((Value::Null, shape.key)),
        Shape::Json(shape) => Some((jsonc::parse(text)?, shape.key)),
    })
}

fn toml_value(text: &str) -> Result<Value, usize> {
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        before.matches('\n').count() + 1
    })
}

/// Goose's extensions, as far as the lines that Goose writes itself go.
fn of_yaml(text: &str) -> Vec<Entry> {
    let mut name = "";
    let mut found = Vec::new();
    for line in text.lines() {
        let words = line.trim();
        match words.split_once(':') {
            Some((key, "")) if line.starts_with("  ") && !line.starts_with("   ") => name = key,
            Some(("cmd", value)) => {
                let command = value.trim().trim_matches(['"', '\'']).to_owned();
                if is_named(name) || is_ours(&command) {
                    let (name, args, env) = (name.to_owned(), Vec::new(), Vec::new());
                    found.push(Entry { name, command, args, env, seconds: None });
                }
            }
            _ => {}
        }
    }
    found
}

impl Entry {
    /// Whether both start the same program in the same way.
    pub(in crate::cli) fn starts_like(&self, other: &Self) -> bool {
        (&self.command, &self.args, &self.env) == (&other.command, &other.args, &other.env)
    }

    /// Whether it starts this program, by itself or through another one such as npx.
    fn starts_us(&self) -> bool {
        let is_package = |word: &str| word.starts_with("aries-mcp@");
        let mut words =
            std::iter::once(&self.command).chain(&self.args).flat_map(|words| words.split_whitespace());
        words.any(|word| is_ours(word) || is_package(word))
    }

    /// Reads a server; `None` if it is not ours, or not a program.
    fn read(name: &str, server: &Value, limit: Option<CallLimit>) -> Option<Self> {
        let texts = |value: &Value| -> Vec<String> {
            value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let given = server.get("command")?;
        // OpenCode has one list of words.
        let mut words = match given {
            Value::Array(_) => texts(given),
            _ => vec![given.as_str().unwrap_or_default().to_owned()],
        };
        words.extend(server.get("args").map(texts).unwrap_or_default());
        let ours = is_named(name) || words.iter().any(|word| is_ours(word));
        let env = ["env", "environment"].iter().filter_map(|key| server.get(*key)?.as_object()).flatten();
        let env = env.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect();
        let seconds = limit.and_then(|limit| limit.member).and_then(|(member, unit)| {
            server.get(member).and_then(Value::as_u64).map(|number| unit.seconds(number))
        });
        let mut words = words.into_iter();
        let command = words.next().unwrap_or_default();
        ours.then(|| Self { name: name.to_owned(), command, args: words.collect(), env, seconds })
    }
}

fn is_named(name: &str) -> bool {
    matches!(name, "aries" | "aries-mcp")
}

/// Whether a word names this program.
pub(in crate::cli) fn is_ours(word: &str) -> bool {
    let name = Path::new(word).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    // A path of Windows, read elsewhere.
    let name = name.rsplit('\\').next().unwrap_or_default();
    matches!(name, "aries-mcp" | "aries-mcp.exe" | "aries-mcp.cmd")
}

#[cfg(test)]
mod tests {
    use super::super::table::CLIENTS;
    use super::*;

    fn of(key: &str, text: &str) -> Result<Vec<Entry>, usize> {
        entries(text, CLIENTS.iter().find(|client| client.key == key).unwrap())
    }

    #[test]
    fn finds_our_entries_in_every_shape() {
        let count = |key: &str, text: &str| of(key, text).unwrap().len();
        let two = r#"{"mcpServers": {"a": {"command": "/x/aries-mcp"}, "b": {"command": "npx"}}}"#;
        assert_eq!(count("cursor", two), 1);
        let project = r#"{"projects": {"/p": {"mcpServers": {"aries": {"command": "y"}}}}}"#;
        assert_eq!(count("claude-code", project), 1);
        let wrapped =
            "// c\n{\"servers\": {\"z\": {\"command\": \"sh\", \"args\": [\"C:\\\\aries-mcp.exe\"]},}}";
        assert_eq!(count("vscode", wrapped), 1);
        let joined = r#"{"mcp": {"z": {"type": "local", "command": ["/x/aries-mcp", "serve"]}}}"#;
        assert_eq!(of("opencode", joined).unwrap()[0].args, ["serve"]);
        assert_eq!(count("codex", "\u{feff}[mcp_servers.aries]\ncommand = \"aries-mcp\"\n"), 1);
        assert_eq!(of("codex", "[mcp_servers.aries]\ncommand = \n"), Err(2));
        let goose = "extensions:\n  memory:\n    cmd: npx\n  z:\n    cmd: \"/x/aries-mcp\"\n";
        assert_eq!(of("goose", goose).unwrap()[0].name, "z");
        // Aries' hosted server is reached by an address and is not this program.
        assert_eq!(count("cursor", r#"{"mcpServers": {"aries": {"url": "https://mcp.example"}}}"#), 0);
    }

    #[test]
    fn time_limits_are_read_in_their_unit() {
        let gemini = r#"{"mcpServers": {"aries": {"command": "x", "timeout": 30000}}}"#;
        assert_eq!(of("gemini", gemini).unwrap()[0].seconds, Some(30));
        let codex = "[mcp_servers.aries]\ncommand = \"x\"\ntool_timeout_sec = 30\n";
        assert_eq!(of("codex", codex).unwrap()[0].seconds, Some(30));
    }
}

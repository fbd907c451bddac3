//! The entries of a client's file that start this program.

use serde_json::Value;

use super::{CallLimit, Client, Shape, jsonc};

/// A server of a client's file that is ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::cli) struct Entry {
    pub(in crate::cli) name: String,
    pub(in crate::cli) command: String,
    pub(in crate::cli) args: Vec<String>,
    pub(in crate::cli) env: Vec<(String, String)>,
    /// How many seconds the entry gives a call, if it says so.
    pub(in crate::cli) seconds: Option<u64>,
    /// The member that switches the entry off, if it does.
    pub(in crate::cli) off: Option<&'static str>,
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
        let ours = of_yaml(text).into_iter().map(|entry| (entry.name.clone(), Some(entry)));
        // Another program may be called as we are.
        return Ok(ours.map(|(name, entry)| (name, entry.filter(Entry::starts_us))).collect());
    };
    let servers = all.get(key).and_then(Value::as_object).into_iter().flatten();
    let ours = |name, server| Entry::read(name, server, client.limit).filter(Entry::starts_us);
    Ok(servers.map(|(name, server)| (name.clone(), ours(name, server))).collect())
}

/// The projects of a client's file that have entries of ours, with the name of each entry.
pub(in crate::cli) fn in_projects(text: &str, client: &Client) -> Vec<(String, String)> {
    let Ok(Some((all, key))) = parse(text, client) else { return Vec::new() };
    let projects = all.get("projects").and_then(Value::as_object).into_iter().flatten();
    let found = projects.flat_map(|(project, part)| {
        let servers = part.get(key).and_then(Value::as_object).into_iter().flatten();
        let ours = servers.filter_map(|(name, server)| Entry::read(name, server, client.limit));
        ours.filter(Entry::starts_us).map(|entry| (project.clone(), entry.name))
    });
    found.collect()
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
    let plain = |word: &str| word.trim().trim_matches(['"', '\'']).to_owned();
    let mut found: Vec<Entry> = Vec::new();
    for line in text.lines() {
        let words = line.trim();
        if line.starts_with("  ") && !line.starts_with("   ") && !words.starts_with('-') {
            let name = words.split_once(':').map_or("", |(name, _)| name).to_owned();
            found.push(Entry { name, ..Entry::default() });
            continue;
        }
        let Some(entry) = found.last_mut() else { continue };
        match words.split_once(": ").map(|(key, value)| (key, value.trim())) {
            Some(("cmd", value)) => entry.command = plain(value),
            Some(("args", value)) => {
                let list = value.trim_matches(['[', ']']).split(',').map(plain);
                entry.args = list.filter(|word| !word.is_empty()).collect();
            }
            Some(("enabled", "false")) => entry.off = Some("enabled"),
            _ => entry.args.extend(words.strip_prefix("- ").map(plain)),
        }
    }
    found.retain(|entry| !entry.command.is_empty() && (is_named(&entry.name) || entry.starts_us()));
    found
}

impl Entry {
    /// Whether both start the same program in the same way.
    pub(in crate::cli) fn starts_like(&self, other: &Self) -> bool {
        (&self.command, &self.args, &self.env) == (&other.command, &other.args, &other.env)
    }

    /// Whether it starts this program, by itself or through a program such as npx that runs packages.
    fn starts_us(&self) -> bool {
        let mut words = std::iter::once(&self.command).chain(&self.args);
        words.find(|word| !is_launcher(word)).is_some_and(|word| is_ours(word) || is_package(word))
    }

    /// Whether it may start this program: a shell's line is not taken apart.
    fn may_start_us(&self) -> bool {
        let is_shell = matches!(file_name(&self.command), "sh" | "bash" | "zsh");
        is_named(&self.name)
            || self.starts_us()
            || (is_shell && self.args.iter().flat_map(|words| words.split_whitespace()).any(is_ours))
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
        let env = ["env", "environment"].iter().filter_map(|key| server.get(*key)?.as_object()).flatten();
        let env = env.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect();
        let seconds = limit.and_then(|limit| limit.member).and_then(|(member, unit)| {
            server.get(member).and_then(Value::as_u64).map(|number| unit.seconds(number))
        });
        let is = |member: &str, state| server.get(member).and_then(Value::as_bool) == Some(state);
        let off = [("disabled", true), ("enabled", false)].into_iter().find(|(member, off)| is(member, *off));
        let off = off.map(|(member, _)| member);
        let mut words = words.into_iter();
        let command = words.next().unwrap_or_default();
        let entry = Self { name: name.to_owned(), command, args: words.collect(), env, seconds, off };
        entry.may_start_us().then_some(entry)
    }
}

fn is_named(name: &str) -> bool {
    matches!(name, "aries" | "aries-mcp")
}

/// Whether a word names this program.
pub(in crate::cli) fn is_ours(word: &str) -> bool {
    // A package of somebody else may end in our name.
    !word.starts_with('@')
        && matches!(file_name(word), "aries-mcp" | "aries-mcp.exe" | "aries-mcp.cmd" | "aries-mcp.js")
}

/// Whether a word names this program's package, of whatever version.
fn is_package(word: &str) -> bool {
    word.strip_prefix("aries-mcp@").is_some_and(|version| !version.contains('/'))
}

/// Whether a word stands before the package that is run: `cmd /c npx -y`, `npm exec --`, `env NAME=value`.
fn is_launcher(word: &str) -> bool {
    let name = file_name(word).trim_end_matches(".cmd").trim_end_matches(".exe");
    let runs_packages = ["npx", "npm", "pnpm", "pnpx", "yarn", "bun", "bunx", "node", "cmd", "env"];
    let is_verb = ["exec", "dlx", "x", "/c", "/C"].contains(&word);
    is_verb || word.starts_with('-') || runs_packages.contains(&name) || is_assignment(word)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| !name.contains(['/', '\\']))
}

/// The last part of a path of any system.
fn file_name(word: &str) -> &str {
    word.rsplit(['/', '\\']).next().unwrap_or_default()
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
        let goose = "extensions:\n  memory:\n    cmd: npx\n  z:\n    cmd: \"/x/aries-mcp\"\n    args: [\"--read-only\"]\n";
        let found = &of("goose", goose).unwrap()[0];
        assert_eq!((found.name.as_str(), &found.args), ("z", &vec!["--read-only".to_owned()]));
        // Aries' hosted server is reached by an address and is not this program.
        assert_eq!(count("cursor", r#"{"mcpServers": {"aries": {"url": "https://mcp.example"}}}"#), 0);
    }

    #[test]
    fn an_entry_is_ours_by_what_it_starts() {
        let is_ours = |words: &str| {
            let mut words = words.split(' ').map(str::to_owned);
            let command = words.next().unwrap();
            Entry { name: "aries".to_owned(), command, args: words.collect(), ..Entry::default() }.starts_us()
        };
        for ours in [
            "/opt/aries-mcp serve",
            r"C:\x\aries-mcp.exe",
            "npx -y aries-mcp --read-only",
            "/usr/bin/npx --yes aries-mcp@latest",
            r"C:\nodejs\npx.cmd aries-mcp@0.1.0",
            "cmd /c npx -y aries-mcp",
            "npm exec --yes -- aries-mcp",
            "pnpm dlx aries-mcp",
            "bunx aries-mcp",
            "env ARIES_PROFILE=ira /opt/aries-mcp",
            "node /x/node_modules/aries-mcp/bin/aries-mcp.js",
        ] {
            assert!(is_ours(ours), "{ours}");
        }
        for other in [
            "/usr/bin/other x",
            "npx -y @modelcontextprotocol/server-filesystem /home/ann/aries-mcp",
            "npx -y aries-mcp-other",
            "npx -y @other/aries-mcp",
            "npx -y aries-mcp@github/fork",
            "mcp-proxy aries-mcp",
            "/opt/aries-mcp/bin/start",
            "uvx other --with aries-mcp",
            "sh -c aries-mcp",
        ] {
            assert!(!is_ours(other), "{other}");
        }
    }

    #[test]
    fn an_entry_that_is_switched_off_is_known() {
        let off = |key: &str, text: &str| of(key, text).unwrap()[0].off;
        assert_eq!(
            off("kiro", r#"{"mcpServers": {"aries": {"command": "x", "disabled": true}}}"#),
            Some("disabled")
        );
        assert_eq!(off("kiro", r#"{"mcpServers": {"aries": {"command": "x", "disabled": false}}}"#), None);
        assert_eq!(off("codex", "[mcp_servers.aries]\ncommand = \"x\"\nenabled = false\n"), Some("enabled"));
        assert_eq!(off("goose", "extensions:\n  aries:\n    cmd: x\n    enabled: false\n"), Some("enabled"));
    }

    #[test]
    fn time_limits_are_read_in_their_unit() {
        let gemini = r#"{"mcpServers": {"aries": {"command": "x", "timeout": 30000}}}"#;
        assert_eq!(of("gemini", gemini).unwrap()[0].seconds, Some(30));
        let codex = "[mcp_servers.aries]\ncommand = \"x\"\ntool_timeout_sec = 30\n";
        assert_eq!(of("codex", codex).unwrap()[0].seconds, Some(30));
    }
}

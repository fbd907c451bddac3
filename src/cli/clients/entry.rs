//! The entries of a client's file that start this program.

use serde_json::Value;

use super::odd::{Odd, missing, odd};
use super::off::Off;
use super::program::{Start, file_name, is_ours, start};
use super::unasked::unasked;
use super::unread::Unread;
use super::{Client, Shape, goose, jsonc};

/// A server of a client's file that is ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::cli) struct Entry {
    pub(in crate::cli) name: String,
    pub(in crate::cli) command: String,
    pub(in crate::cli) args: Vec<String>,
    pub(in crate::cli) env: Vec<(String, String)>,
    /// The folder that it is to be started in, if it names one.
    pub(in crate::cli) cwd: Option<String>,
    /// How many seconds the entry gives a call, if it says so.
    pub(in crate::cli) seconds: Option<u64>,
    /// What switches it off, if anything does.
    pub(in crate::cli) off: Option<Off>,
    /// A member that is not of the kind that clients read.
    pub(in crate::cli) odd: Option<Odd>,
    /// A member that some versions of the client want, and that it does not have.
    pub(in crate::cli) missing: Option<Odd>,
    /// The member that has the client use the tools for orders without asking, if one does.
    pub(in crate::cli) unasked: Option<&'static str>,
}

/// The entries of a client's file, those of its projects among them; or the line where the file breaks.
pub(in crate::cli) fn entries(text: &str, client: &Client) -> Result<Vec<Entry>, Unread> {
    let Some((all, key)) = parse(text, client)? else {
        let found = goose::extensions(text)?.into_iter().filter(|found| !found.command.is_empty());
        return Ok(found.map(Entry::from).filter(Entry::may_start_us).collect());
    };
    let projects =
        all.get("projects").and_then(Value::as_object).into_iter().flatten().map(|(_, project)| project);
    let servers = std::iter::once(&all).chain(projects).filter_map(|part| part.get(key)?.as_object());
    Ok(servers.flatten().filter_map(|(name, server)| Entry::read(name, server, client)).collect())
}

/// Every server that the file has for all projects, with what is ours of it; or the line where the file breaks.
pub(in crate::cli) fn servers(text: &str, client: &Client) -> Result<Vec<(String, Option<Entry>)>, Unread> {
    let Some((all, key)) = parse(text, client)? else {
        let all = goose::extensions(text)?.into_iter().map(Entry::from);
        return Ok(all.map(|entry| (entry.name.clone(), Some(entry).filter(Entry::starts_us))).collect());
    };
    let servers = all.get(key).and_then(Value::as_object).into_iter().flatten();
    let ours = |name, server| Entry::read(name, server, client).filter(Entry::starts_us);
    Ok(servers.map(|(name, server)| (name.clone(), ours(name, server))).collect())
}

/// The projects of a client's file that have entries of ours, with the name of each entry.
pub(in crate::cli) fn in_projects(text: &str, client: &Client) -> Vec<(String, String)> {
    let Ok(Some((all, key))) = parse(text, client) else { return Vec::new() };
    let projects = all.get("projects").and_then(Value::as_object).into_iter().flatten();
    let found = projects.flat_map(|(project, part)| {
        let servers = part.get(key).and_then(Value::as_object).into_iter().flatten();
        let ours = servers.filter_map(|(name, server)| Entry::read(name, server, client));
        ours.filter(Entry::starts_us).map(|entry| (project.clone(), entry.name))
    });
    found.collect()
}

/// The file and its member that holds the servers; `None` for YAML.
fn parse(text: &str, client: &Client) -> Result<Option<(Value, &'static str)>, usize> {
    let text = text.trim_start_matches('\u{feff}');
    let (all, key) = match client.shape {
        Shape::Yaml => return Ok(None),
        Shape::Toml => (toml_value(text)?, "mcp_servers"),
        // Some clients write nothing at all at first.
        Shape::Json(shape) if text.trim().is_empty() => return Ok(Some((Value::Null, shape.key))),
        Shape::Json(shape) => (jsonc::parse(text, shape.dialect)?, shape.key),
    };
    let is_object =
        all.is_null() || all.as_object().is_some_and(|all| all.get(key).is_none_or(Value::is_object));
    match is_object {
        true => Ok(Some((all, key))),
        false => Err(text.split(key).next().unwrap_or_default().matches('\n').count() + 1),
    }
}

fn toml_value(text: &str) -> Result<Value, usize> {
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        before.matches('\n').count() + 1
    })
}

impl From<goose::Extension> for Entry {
    fn from(found: goose::Extension) -> Self {
        Self {
            off: found.is_off.then_some(Off::Member("enabled")),
            name: found.name,
            command: found.command,
            args: found.args,
            env: found.env,
            seconds: found.seconds,
            ..Self::default()
        }
    }
}

impl Entry {
    /// The words that it starts its program with; `serve` is what the program does without a word too.
    pub(in crate::cli) fn words(&self) -> &[String] {
        self.args.strip_prefix(&["serve".to_owned()]).unwrap_or(&self.args)
    }

    /// What it starts this program with, by itself or through a program such as npx that runs packages.
    pub(in crate::cli) fn start(&self) -> Option<Start> {
        start(&self.command, &self.args)
    }

    fn starts_us(&self) -> bool {
        self.start().is_some()
    }

    /// Whether it may start this program: a shell's line is not taken apart.
    fn may_start_us(&self) -> bool {
        let is_shell = matches!(file_name(&self.command), "sh" | "bash" | "zsh");
        is_named(&self.name)
            || self.starts_us()
            || (is_shell && self.args.iter().flat_map(|words| words.split_whitespace()).any(is_ours))
    }

    /// Reads a server; `None` if it is not ours, or not a program.
    fn read(name: &str, server: &Value, client: &Client) -> Option<Self> {
        let texts = |value: &Value| -> Vec<String> {
            // No client reads words in one text; what they say is not lost all the same.
            let in_one = value.as_str().into_iter().flat_map(str::split_whitespace);
            let listed = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            in_one.chain(listed).map(str::to_owned).collect()
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
        let seconds = client.limit.and_then(|limit| limit.member);
        let seconds = seconds.and_then(|(member, unit)| Some(unit.seconds(whole(server.get(member)?)?)));
        let is = |member: &str, state| server.get(member).and_then(Value::as_bool) == Some(state);
        let off = [("disabled", true), ("enabled", false)].into_iter().find(|(member, off)| is(member, *off));
        let off = off.map(|(member, _)| Off::Member(member));
        let mut words = words.into_iter();
        let command = words.next().unwrap_or_default();
        let entry = Self {
            name: name.to_owned(),
            command,
            args: words.collect(),
            env,
            cwd: server.get("cwd").and_then(Value::as_str).map(str::to_owned),
            seconds,
            off,
            odd: odd(server, client),
            missing: missing(server, client),
            unasked: unasked(server),
        };
        entry.may_start_us().then_some(entry)
    }
}

/// A number without its fraction: Codex writes seconds as `180.0`.
fn whole(number: &Value) -> Option<u64> {
    number.is_number().then(|| number.to_string().split('.').next()?.parse().ok())?
}

fn is_named(name: &str) -> bool {
    matches!(name, "aries" | "aries-mcp")
}

#[cfg(test)]
mod tests {
    use super::super::table::CLIENTS;
    use super::*;

    fn of(key: &str, text: &str) -> Result<Vec<Entry>, Unread> {
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
        assert_eq!(of("codex", "[mcp_servers.aries]\ncommand = \n"), Err(Unread::Broken(2)));
        let goose = "extensions:\n  memory:\n    cmd: npx\n  z:\n    cmd: \"/x/aries-mcp\"\n    args: [\"--read-only\"]\n";
        let found = &of("goose", goose).unwrap()[0];
        assert_eq!((found.name.as_str(), &found.args), ("z", &vec!["--read-only".to_owned()]));
        // Aries' hosted server is reached by an address and is not this program.
        assert_eq!(count("cursor", r#"{"mcpServers": {"aries": {"url": "https://mcp.example"}}}"#), 0);
    }

    #[test]
    fn an_entry_that_is_switched_off_is_known() {
        let off = |key: &str, text: &str| of(key, text).unwrap()[0].off.clone();
        let by = |member| Some(Off::Member(member));
        assert_eq!(
            off("kiro", r#"{"mcpServers": {"aries": {"command": "x", "disabled": true}}}"#),
            by("disabled")
        );
        assert_eq!(off("kiro", r#"{"mcpServers": {"aries": {"command": "x", "disabled": false}}}"#), None);
        assert_eq!(off("codex", "[mcp_servers.aries]\ncommand = \"x\"\nenabled = false\n"), by("enabled"));
        assert_eq!(off("goose", "extensions:\n  aries:\n    cmd: x\n    enabled: false\n"), by("enabled"));
    }

    #[test]
    fn time_limits_are_read_in_their_unit() {
        let gemini = r#"{"mcpServers": {"aries": {"command": "x", "timeout": 30000}}}"#;
        assert_eq!(of("gemini", gemini).unwrap()[0].seconds, Some(30));
        let codex = "[mcp_servers.aries]\ncommand = \"x\"\ntool_timeout_sec = 30\n";
        assert_eq!(of("codex", codex).unwrap()[0].seconds, Some(30));
    }
}

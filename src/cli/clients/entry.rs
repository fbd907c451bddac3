//! The entries of a client's file that start this program.

use std::path::Path;

use serde_json::Value;

use super::unasked::unasked;
use super::unread::Unread;
use super::{Client, Command, Shape, goose, jsonc};

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
    /// A member that is not of the kind that clients read.
    pub(in crate::cli) odd: Option<Odd>,
    /// The member that has the client use the tools for orders without asking, if one does.
    pub(in crate::cli) unasked: Option<&'static str>,
}

/// What a member has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Odd {
    pub(in crate::cli) member: &'static str,
    pub(in crate::cli) wanted: &'static str,
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
            off: found.is_off.then_some("enabled"),
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
        let off = off.map(|(member, _)| member);
        let odd = odd(server, client).or_else(|| not_as_in_table(server, client));
        let unasked = unasked(server);
        let mut words = words.into_iter();
        let command = words.next().unwrap_or_default();
        let entry =
            Self { name: name.to_owned(), command, args: words.collect(), env, seconds, off, odd, unasked };
        entry.may_start_us().then_some(entry)
    }
}

/// A member that makes a server with a command one that is reached by an address, or one without tools.
fn not_as_in_table(server: &Value, client: &Client) -> Option<Odd> {
    let Shape::Json(shape) = client.shape else { return None };
    let constant = |member: &str| shape.more.iter().find(|(name, _)| *name == member).map(|(_, text)| *text);
    let of_type = constant("type").unwrap_or("\"stdio\"");
    let is_type = |text: &str| text == of_type || (shape.command == Command::Split && text == "\"stdio\"");
    let found = |member: &str| server.get(member).map(Value::to_string);
    if found("type").is_some_and(|text| !is_type(&text)) {
        return Some(Odd { member: "type", wanted: of_type });
    }
    let wanted = constant("source").filter(|wanted| found("source").is_some_and(|text| text != *wanted));
    let source = wanted.map(|wanted| Odd { member: "source", wanted });
    let tools = constant("tools").filter(|_| found("tools").is_some_and(|text| text == "[]"));
    source.or(tools.map(|wanted| Odd { member: "tools", wanted }))
}

/// The first member that is not of the kind that the client reads.
fn odd(server: &Value, client: &Client) -> Option<Odd> {
    let is_texts = |value: &Value| value.as_array().is_some_and(|words| words.iter().all(Value::is_string));
    let is_env = |value: &Value| value.as_object().is_some_and(|all| all.values().all(Value::is_string));
    let joined = matches!(client.shape, Shape::Json(shape) if shape.command == Command::Joined);
    let (text, list) = ("a text in quotation marks", "a list of texts: [\"serve\"]");
    let env = "an object of texts: {\"NAME\": \"value\"}";
    let is_wrong = |member: &str, is_right: &dyn Fn(&Value) -> bool| {
        server.get(member).is_some_and(|value| !is_right(value))
    };
    match joined {
        true if is_wrong("command", &is_texts) => Some(Odd { member: "command", wanted: list }),
        true if is_wrong("environment", &is_env) => Some(Odd { member: "environment", wanted: env }),
        true => None,
        false if is_wrong("command", &Value::is_string) => Some(Odd { member: "command", wanted: text }),
        false if is_wrong("args", &is_texts) => Some(Odd { member: "args", wanted: list }),
        false if is_wrong("env", &is_env) => Some(Odd { member: "env", wanted: env }),
        false => None,
    }
}

/// A number without its fraction: Codex writes seconds as `180.0`.
fn whole(number: &Value) -> Option<u64> {
    number.is_number().then(|| number.to_string().split('.').next()?.parse().ok())?
}

fn is_named(name: &str) -> bool {
    matches!(name, "aries" | "aries-mcp")
}

/// Whether a word names this program.
pub(in crate::cli) fn is_ours(word: &str) -> bool {
    let names = ["aries-mcp", "aries-mcp.exe", "aries-mcp.cmd", "aries-mcp.js"];
    // A package of somebody else may end in our name.
    (!word.starts_with('@') && names.contains(&file_name(word))) || is_running(word)
}

/// Whether it is the file that runs now, whatever the person has called it.
fn is_running(word: &str) -> bool {
    std::env::current_exe().is_ok_and(|running| is_same_file(Path::new(word), &running))
}

/// Whether both paths lead to one file.
pub(in crate::cli) fn is_same_file(one: &Path, other: &Path) -> bool {
    one == other
        || (one.is_absolute()
            && one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other)))
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
    fn a_member_of_another_kind_is_known() {
        let odd = |key: &str, text: &str| of(key, text).unwrap()[0].odd.map(|odd| odd.member);
        for (server, member) in [
            (r#"{"command": "x", "args": "serve"}"#, Some("args")),
            (r#"{"command": "x", "args": ["serve", 1]}"#, Some("args")),
            (r#"{"command": "x", "args": null}"#, Some("args")),
            (r#"{"command": ["x", "serve"]}"#, Some("command")),
            (r#"{"command": 7}"#, Some("command")),
            (r#"{"command": "x", "env": {"ARIES_READ_ONLY": true}}"#, Some("env")),
            (r#"{"command": "x", "env": []}"#, Some("env")),
            (r#"{"command": "x", "args": [], "env": {}}"#, None),
        ] {
            assert_eq!(
                odd("cursor", &format!("{{\"mcpServers\": {{\"aries\": {server}}}}}")),
                member,
                "{server}"
            );
        }
        assert_eq!(odd("codex", "[mcp_servers.aries]\ncommand = \"x\"\nargs = \"serve\"\n"), Some("args"));
        assert_eq!(odd("opencode", r#"{"mcp": {"aries": {"command": "x"}}}"#), Some("command"));
        assert_eq!(odd("opencode", r#"{"mcp": {"aries": {"command": ["x"]}}}"#), None);
        let opencode = r#"{"mcp": {"aries": {"type": "remote", "command": ["x"]}}}"#;
        assert_eq!(odd("opencode", opencode), Some("type"));
        let vscode = r#"{"servers": {"aries": {"type": "http", "command": "x"}}}"#;
        assert_eq!(odd("vscode", vscode), Some("type"));
        assert_eq!(odd("vscode", &vscode.replace("http", "stdio")), None);
        let copilot = r#"{"mcpServers": {"aries": {"type": "stdio", "command": "x", "tools": []}}}"#;
        assert_eq!(odd("copilot", copilot), Some("tools"));
        assert_eq!(odd("copilot", &copilot.replace("[]", "[\"get_quotes\"]")), None);
        let zed = r#"{"context_servers": {"aries": {"source": "extension", "command": "x"}}}"#;
        assert_eq!(odd("zed", zed), Some("source"));
    }

    #[test]
    fn time_limits_are_read_in_their_unit() {
        let gemini = r#"{"mcpServers": {"aries": {"command": "x", "timeout": 30000}}}"#;
        assert_eq!(of("gemini", gemini).unwrap()[0].seconds, Some(30));
        let codex = "[mcp_servers.aries]\ncommand = \"x\"\ntool_timeout_sec = 30\n";
        assert_eq!(of("codex", codex).unwrap()[0].seconds, Some(30));
    }
}

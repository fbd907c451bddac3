//! What stands in a client's file for this program: the command, its words, and what the client wants beside them.

use serde_json::{Map, Value, json};
use toml_edit::{DocumentMut, Item, Table, value};

use super::{Command, Json};

/// The program and the words that a client starts it with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Launch {
    pub(in crate::cli) command: String,
    pub(in crate::cli) args: Vec<String>,
}

/// How long Codex waits for a call, instead of its 60 seconds: a person may be reading what they approve.
const TOOL_TIMEOUT_SECONDS: i64 = 180;

impl Launch {
    /// The command line, as it can be pasted into a shell.
    pub(in crate::cli) fn line(&self) -> String {
        let words = std::iter::once(&self.command).chain(&self.args);
        words.map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }

    /// The members that say what is started.
    pub(in crate::cli) fn members(&self, command: Command) -> Vec<(&'static str, Value)> {
        match command {
            Command::Joined => {
                let words: Vec<&String> = std::iter::once(&self.command).chain(&self.args).collect();
                vec![("command", json!(words))]
            }
            Command::Split if self.args.is_empty() => vec![("command", json!(self.command))],
            Command::Split => vec![("command", json!(self.command)), ("args", json!(self.args))],
        }
    }

    /// A server as JSON.
    pub(in crate::cli) fn json(&self, shape: &Json) -> Value {
        let constant = |text| serde_json::from_str(text).expect("the table of clients holds JSON");
        let more = shape.more.iter().map(|(name, text)| (*name, constant(text)));
        // The kind of a server stands first, as the clients write it themselves.
        let (kind, rest): (Vec<_>, Vec<_>) = more.partition(|(name, _)| matches!(*name, "type" | "source"));
        let members = kind.into_iter().chain(self.members(shape.command)).chain(rest);
        Value::Object(members.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
    }

    /// A server as a table for Codex, which can ask the person before an order by itself.
    pub(in crate::cli) fn table(&self) -> Table {
        let mut order = Table::new();
        order.insert("approval_mode", value("prompt"));
        let mut tools = Table::new();
        tools.set_implicit(true);
        tools.insert("place_order", Item::Table(order));
        let mut server = Table::new();
        server.insert("command", value(&self.command));
        if !self.args.is_empty() {
            server.insert("args", Item::Value(self.toml_args()));
        }
        server.insert("tool_timeout_sec", value(TOOL_TIMEOUT_SECONDS));
        server.insert("tools", Item::Table(tools));
        server
    }

    pub(in crate::cli) fn toml_args(&self) -> toml_edit::Value {
        toml_edit::Value::Array(self.args.iter().map(String::as_str).collect())
    }

    /// The lines for Codex.
    pub(in crate::cli) fn toml(&self, name: &str) -> String {
        let mut servers = Table::new();
        servers.set_implicit(true);
        servers.insert(name, Item::Table(self.table()));
        let mut document = DocumentMut::new();
        document.insert("mcp_servers", Item::Table(servers));
        document.to_string().trim().to_owned()
    }

    /// The lines for Goose.
    pub(in crate::cli) fn yaml(&self, name: &str) -> String {
        format!("extensions:\n{}", self.extension(name, 2))
    }

    /// The same for a file that has other extensions, which are set in as far as this.
    pub(in crate::cli) fn extension(&self, name: &str, depth: usize) -> String {
        let (outer, inner) = (" ".repeat(depth), " ".repeat(2 * depth));
        let mut lines = vec![
            format!("{outer}{name}:"),
            format!("{inner}type: stdio"),
            format!("{inner}name: Aries"),
            format!("{inner}description: Aries brokerage account"),
        ];
        lines.extend(self.extension_members(2 * depth));
        lines.extend(["enabled: true", "envs: {}", "timeout: 300"].map(|line| format!("{inner}{line}")));
        lines.join("\n")
    }

    /// The members of an extension that say what is started.
    pub(in crate::cli) fn extension_members(&self, depth: usize) -> [String; 2] {
        let inner = " ".repeat(depth);
        let quoted = |text: &String| Value::from(text.as_str()).to_string();
        let args: Vec<String> = self.args.iter().map(quoted).collect();
        [format!("{inner}cmd: {}", quoted(&self.command)), format!("{inner}args: [{}]", args.join(", "))]
    }
}

/// A word as a shell takes it: in quotes if there are blanks or signs in it that a shell reads.
pub(in crate::cli) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:@%,=~\\".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false if cfg!(windows) => format!("\"{word}\""),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

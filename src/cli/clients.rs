//! The MCP clients that this program knows: one table, which `setup`, `doctor`, `examples/clients` and the README's
//! list are made from.

pub(super) mod disk;
pub(super) mod entry;
pub(super) mod folders;
pub(super) mod goose;
pub(super) mod jsonc;
pub(super) mod link;
pub(super) mod odd;
pub(super) mod off;
pub(super) mod places;
pub(super) mod program;
pub(super) mod server;
pub(super) mod table;
mod unasked;
pub(super) mod unread;

pub mod documents;

use jsonc::Dialect;
use link::Link;
use off::List;
use places::File;

/// One client: where its configuration lies, how servers stand in it, and what a person has to know.
#[derive(Debug)]
pub(super) struct Client {
    /// Its word on the command line.
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    /// The word and the name of another client that reads the same file.
    pub(super) also: Option<(&'static str, &'static str)>,
    /// Its program, where it is one that stands in the `PATH`.
    pub(super) program: Option<&'static str>,
    /// Where its configuration may lie, the preferred place first.
    pub(super) files: &'static [File],
    /// Whether each of them belongs to an edition or a profile that reads no other.
    pub(super) has_editions: bool,
    /// What else decides which servers it starts.
    pub(super) lists: &'static [List],
    pub(super) shape: Shape,
    pub(super) link: Option<Link>,
    /// What makes it see a changed configuration.
    pub(super) next: &'static str,
    pub(super) starts: Starts,
    /// How many tools it takes of all servers together.
    pub(super) most_tools: Option<usize>,
    pub(super) limit: Option<CallLimit>,
    /// What else there is to know, for the guide.
    pub(super) note: &'static str,
}

impl Client {
    /// The names of all who read this configuration.
    pub(super) fn names(&self) -> String {
        self.also.map_or_else(|| self.name.to_owned(), |(_, other)| format!("{} and {other}", self.name))
    }
}

/// Whether it starts programs with the `PATH` of a shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Starts {
    FromDesktop,
    FromTerminal,
}

/// How servers stand in the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Json(Json),
    /// `[mcp_servers.NAME]`, as Codex has it.
    Toml,
    /// `extensions.NAME`, as Goose has it; read and printed, never edited.
    Yaml,
}

/// A file that holds its servers as `{KEY: {NAME: server}}`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Json {
    pub(super) key: &'static str,
    pub(super) dialect: Dialect,
    pub(super) command: Command,
    /// Further members of a server, as JSON.
    pub(super) more: &'static [(&'static str, &'static str)],
    /// Those of them that an entry of ours without them gets.
    pub(super) completed: &'static [&'static str],
}

/// How a server names the program to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    /// `"command": "…", "args": […]`
    Split,
    /// The arguments stand in the same list: `"command": ["…", …]`.
    Joined,
}

/// How long the client waits for a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallLimit {
    /// Where nothing is set; `None` if that is long enough or not known.
    pub(super) default: Option<u64>,
    /// The member of a server that sets it.
    pub(super) member: Option<(&'static str, Unit)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
}

impl Unit {
    pub(super) const fn seconds(self, number: u64) -> u64 {
        match self {
            Self::Seconds => number,
            Self::Milliseconds => number / 1_000,
        }
    }
}

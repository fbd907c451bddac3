//! How MCP clients behave, one row each: what they open with, what they can show, which variables reach us, how they
//! end. `tests/server/matrix.rs` plays every row against the real binary, and README's table is made from the rows.

use serde_json::{Value, json};

/// How one client behaves.
pub struct Row {
    /// Its word in the table of clients; two rows may share a file.
    pub key: &'static str,
    pub name: &'static str,
    pub known_from: KnownFrom,
    pub opening: Opening,
    pub approval: Approval,
    /// The variables that reach us besides those in the entry itself.
    pub variables: &'static [&'static str],
    pub cancel: Cancel,
    pub end: End,
    /// What a person who uses it has to know.
    pub note: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownFrom {
    /// The client itself was run with this program.
    Run,
    /// What its maker and its users write.
    Reports,
    /// The library that it uses.
    Library,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// `server/discover`, then requests that carry their revision.
    Modern,
    /// `initialize` of this revision and `notifications/initialized`.
    Initialize(&'static str),
    /// A notification comes before `initialize`.
    EarlyNotification(&'static str),
    /// `server/discover` without a revision, a stray notification, `initialize`, and never `initialized`.
    Tunnel,
}

/// The way in which a person is asked about a live order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// A dialog of the client while the call waits.
    Dialog,
    /// A dialog of the client between two calls.
    DialogBetweenCalls,
    /// A page in the browser.
    Page,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancel {
    /// It says that it waits no longer.
    Tells,
    /// It just stops waiting.
    Forgets,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    ClosesInput,
    Interrupts,
    Terminates,
    /// Closes the input and terminates at once.
    Both,
}

impl Row {
    /// What the client says that it can show.
    pub fn capabilities(&self) -> Value {
        match self.approval {
            Approval::Dialog | Approval::DialogBetweenCalls => {
                json!({"elicitation": {"form": {}, "url": {}}})
            }
            Approval::Page => json!({}),
        }
    }

    /// The line of README's table, which says all that is known of the client.
    pub fn line(&self) -> String {
        let approval = match self.approval {
            Approval::Dialog | Approval::DialogBetweenCalls => "a dialog in the client",
            Approval::Page => "a page in your browser",
        };
        let tried = match self.known_from {
            KnownFrom::Run => "with the client itself",
            KnownFrom::Reports => "by a script that does what its documentation says",
            KnownFrom::Library => "by a script that does what its library does",
        };
        let setup = match self.opening {
            Opening::Tunnel => "[step by step](examples/clients/README.md#chatgpt-on-the-web)".to_owned(),
            _ => format!("`setup {}`", self.key),
        };
        format!("| {} | {setup} | {approval} | {tried} | {} |", self.name, self.note)
    }
}

const THIN: &[&str] = &["HOME", "PATH", "USER", "SHELL", "TERM", "LOGNAME"];

const fn row(key: &'static str, name: &'static str, opening: Opening, approval: Approval) -> Row {
    Row {
        key,
        name,
        known_from: KnownFrom::Library,
        opening,
        approval,
        variables: THIN,
        cancel: Cancel::Tells,
        end: End::ClosesInput,
        note: "",
    }
}

pub const ROWS: &[Row] = &[
    Row {
        known_from: KnownFrom::Reports,
        end: End::Terminates,
        note: "shows no dialogs; gives a call four minutes",
        ..row("claude-desktop", "Claude Desktop", Opening::Initialize("2025-11-25"), Approval::Page)
    },
    Row {
        known_from: KnownFrom::Run,
        variables: &["HOME", "PATH", "USER", "SHELL", "TERM", "LOGNAME", "DBUS_SESSION_BUS_ADDRESS"],
        end: End::Interrupts,
        note: "an agent with a shell: read what approval does not protect from",
        ..row("claude-code", "Claude Code", Opening::Modern, Approval::DialogBetweenCalls)
    },
    Row {
        known_from: KnownFrom::Run,
        variables: &["HOME", "PATH"],
        note: "passes no variables on; `setup` gives a call 180 seconds in place of 60",
        ..row("codex", "Codex", Opening::Initialize("2025-06-18"), Approval::Dialog)
    },
    Row {
        known_from: KnownFrom::Reports,
        variables: &["HOME", "PATH"],
        note: "shares Codex' file",
        ..row("chatgpt", "ChatGPT desktop", Opening::Initialize("2025-06-18"), Approval::Dialog)
    },
    Row {
        known_from: KnownFrom::Reports,
        variables: &["HOME", "PATH", "CONTROL_PLANE_API_KEY"],
        cancel: Cancel::Forgets,
        end: End::Both,
        note: "by a tunnel that you run; everybody in that plugin uses your sign-in",
        ..row("chatgpt", "ChatGPT on the web", Opening::Tunnel, Approval::Page)
    },
    Row {
        known_from: KnownFrom::Run,
        end: End::Terminates,
        ..row("gemini", "Gemini CLI", Opening::Initialize("2025-11-25"), Approval::Page)
    },
    Row {
        known_from: KnownFrom::Reports,
        note: "takes 40 tools of all servers together",
        ..row("cursor", "Cursor", Opening::Initialize("2025-06-18"), Approval::Dialog)
    },
    Row {
        known_from: KnownFrom::Reports,
        end: End::Both,
        note: "takes 128 tools of all servers together",
        ..row("vscode", "VS Code", Opening::Initialize("2025-11-25"), Approval::Dialog)
    },
    Row {
        note: "takes 50 tools of all servers together",
        ..row("windsurf", "Windsurf", Opening::EarlyNotification("2025-06-18"), Approval::Page)
    },
    row("zed", "Zed", Opening::Initialize("2025-03-26"), Approval::Page),
    row("lm-studio", "LM Studio", Opening::Initialize("2025-06-18"), Approval::Page),
    Row {
        known_from: KnownFrom::Reports,
        note: "`setup` prints the lines; the file is YAML",
        ..row("goose", "Goose", Opening::Initialize("2025-06-18"), Approval::Dialog)
    },
    row("kiro", "Kiro", Opening::Initialize("2025-06-18"), Approval::Page),
    row("junie", "Junie", Opening::Initialize("2024-11-05"), Approval::Page),
    Row {
        note: "`setup` gives a call 180 seconds",
        ..row("opencode", "OpenCode", Opening::Initialize("2025-11-25"), Approval::Page)
    },
    row("copilot", "Copilot CLI", Opening::Initialize("2025-11-25"), Approval::Page),
    Row {
        cancel: Cancel::Forgets,
        note: "`setup` gives a call 180 seconds in place of 60",
        ..row("cline", "Cline", Opening::Initialize("2025-11-25"), Approval::Page)
    },
];

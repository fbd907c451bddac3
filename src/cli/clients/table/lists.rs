//! The lists by which clients decide which servers they start, beside the member of an entry that switches it off.

use super::{EVERYWHERE, file};
use crate::cli::clients::off::{List, Names};
use crate::cli::clients::places::{File, Root};

const CLAUDE: File = file(EVERYWHERE, Root::Variable("CLAUDE_CONFIG_DIR", ""), "", ".claude.json");
/// The settings of Claude Code: the person's, the project's, and the person's for the project.
const CLAUDE_SETTINGS: [File; 3] = [
    file(EVERYWHERE, Root::Variable("CLAUDE_CONFIG_DIR", ".claude"), "", "settings.json"),
    file(EVERYWHERE, Root::Here, "", ".claude/settings.json"),
    file(EVERYWHERE, Root::Here, "", ".claude/settings.local.json"),
];

pub(super) static CLAUDE_CODE: &[List] = &[
    not_started(CLAUDE, &["projects", "*", "disabledMcpServers"]),
    not_started(CLAUDE_SETTINGS[0], &["deniedMcpServers"]),
    not_started(CLAUDE_SETTINGS[1], &["deniedMcpServers"]),
    not_started(CLAUDE_SETTINGS[2], &["deniedMcpServers"]),
];

pub(super) static CLAUDE_CODE_PROJECT: &[List] = &[
    not_started(CLAUDE, &["projects", ".", "disabledMcpjsonServers"]),
    not_started(CLAUDE_SETTINGS[0], &["disabledMcpjsonServers"]),
    not_started(CLAUDE_SETTINGS[1], &["disabledMcpjsonServers"]),
    not_started(CLAUDE_SETTINGS[2], &["disabledMcpjsonServers"]),
    not_started(CLAUDE_SETTINGS[0], &["deniedMcpServers"]),
    not_started(CLAUDE_SETTINGS[1], &["deniedMcpServers"]),
    not_started(CLAUDE_SETTINGS[2], &["deniedMcpServers"]),
];

const GEMINI_FOLDER: Root = Root::Variable("GEMINI_CLI_HOME", "");
const GEMINI_SETTINGS: File = file(EVERYWHERE, GEMINI_FOLDER, "", ".gemini/settings.json");
const GEMINI_PROJECT: File = file(EVERYWHERE, Root::Here, "", ".gemini/settings.json");

pub(super) static GEMINI: &[List] = &[
    not_started(GEMINI_SETTINGS, &["mcp", "excluded"]),
    alone_started(GEMINI_SETTINGS, &["mcp", "allowed"]),
    not_started(GEMINI_PROJECT, &["mcp", "excluded"]),
    alone_started(GEMINI_PROJECT, &["mcp", "allowed"]),
    // What `gemini mcp disable` writes.
    not_started(file(EVERYWHERE, GEMINI_FOLDER, "", ".gemini/mcp-server-enablement.json"), &[]),
];

pub(super) static COPILOT: &[List] = &[not_started(
    file(EVERYWHERE, Root::Variable("COPILOT_HOME", ".copilot"), "", "settings.json"),
    &["disabledMcpServers"],
)];

const fn not_started(file: File, path: &'static [&'static str]) -> List {
    List { file, path, names: Names::Off }
}

const fn alone_started(file: File, path: &'static [&'static str]) -> List {
    List { file, path, names: Names::Only }
}

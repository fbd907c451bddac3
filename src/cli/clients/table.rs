//! The table of clients.

mod lists;

use super::jsonc::Dialect;
use super::link::Link;
use super::places::{File, Root, System};
use super::{CallLimit, Client, Command, Json, Shape, Starts, Unit};

pub(super) const EVERYWHERE: &[System] = &[System::Linux, System::MacOs, System::Windows];
const UNIX: &[System] = &[System::Linux, System::MacOs];
const WINDOWS: &[System] = &[System::Windows];

const fn file(systems: &'static [System], root: Root, seen: &'static str, path: &'static str) -> File {
    File { systems, root, seen, path }
}

const fn json(key: &'static str) -> Json {
    Json { key, dialect: Dialect::Jsonc, command: Command::Split, more: &[], completed: &[] }
}

const MCP_SERVERS: Shape = Shape::Json(json("mcpServers"));
/// The same, for clients that were seen to read nothing of a file with a comment in it.
const STRICT: Shape = Shape::Json(Json { dialect: Dialect::Json, ..json("mcpServers") });

/// A client with nothing special about it.
const fn client(key: &'static str, name: &'static str, files: &'static [File], next: &'static str) -> Client {
    Client {
        key,
        name,
        also: None,
        program: None,
        files,
        has_editions: false,
        lists: &[],
        shape: MCP_SERVERS,
        link: None,
        next,
        starts: Starts::FromDesktop,
        most_tools: None,
        limit: None,
        note: "",
    }
}

pub(in crate::cli) static CLIENTS: &[Client] = &[
    Client {
        shape: STRICT,
        limit: Some(CallLimit { default: Some(240), member: None }),
        note: "Windows: the installed application reads the file below `Packages`, whatever *Edit Config* opens. The \
               `.mcpb` of the release page does the same without a file.",
        ..client(
            "claude-desktop",
            "Claude Desktop",
            &[
                file(
                    WINDOWS,
                    Root::LocalAppData,
                    "Packages/Claude_*",
                    "Packages/Claude_*/LocalCache/Roaming/Claude/claude_desktop_config.json",
                ),
                file(EVERYWHERE, Root::AppData, "Claude", "Claude/claude_desktop_config.json"),
            ],
            "quit Claude Desktop completely (closing its window is not enough) and start it again",
        )
    },
    Client {
        program: Some("claude"),
        shape: STRICT,
        lists: lists::CLAUDE_CODE,
        starts: Starts::FromTerminal,
        limit: Some(CallLimit { default: None, member: Some(("timeout", Unit::Milliseconds)) }),
        note: "The same by its own command: `claude mcp add --scope user aries -- /ABSOLUTE/PATH/TO/aries-mcp`.",
        ..client(
            "claude-code",
            "Claude Code",
            &[file(EVERYWHERE, Root::Variable("CLAUDE_CONFIG_DIR", ""), ".claude.json", ".claude.json")],
            "start a new session; /mcp shows the server",
        )
    },
    Client {
        shape: STRICT,
        lists: lists::CLAUDE_CODE_PROJECT,
        starts: Starts::FromTerminal,
        limit: Some(CallLimit { default: None, member: Some(("timeout", Unit::Milliseconds)) }),
        note: "For one project: the file lies in the project's folder, and everybody who has the project gets the entry.",
        ..client(
            "claude-code-project",
            "Claude Code, this project",
            &[file(EVERYWHERE, Root::Here, ".mcp.json", ".mcp.json")],
            "start a new session in this folder and allow the server when Claude Code asks",
        )
    },
    Client {
        also: Some(("chatgpt", "ChatGPT desktop")),
        program: Some("codex"),
        shape: Shape::Toml,
        starts: Starts::FromTerminal,
        limit: Some(CallLimit { default: Some(60), member: Some(("tool_timeout_sec", Unit::Seconds)) }),
        note: "The ChatGPT desktop application, the command `codex` and the extension for editors share this file.",
        ..client(
            "codex",
            "Codex",
            &[file(EVERYWHERE, Root::Variable("CODEX_HOME", ".codex"), "", "config.toml")],
            "start a new session of Codex; quit the ChatGPT application and start it again",
        )
    },
    Client {
        link: Some(Link::Cursor),
        most_tools: Some(40),
        ..client(
            "cursor",
            "Cursor",
            &[file(EVERYWHERE, Root::Home, ".cursor", ".cursor/mcp.json")],
            "turn the server on in Cursor Settings, MCP, if it is not",
        )
    },
    Client {
        program: Some("code"),
        has_editions: true,
        shape: Shape::Json(Json { more: &[("type", "\"stdio\"")], ..json("servers") }),
        link: Some(Link::VsCode),
        most_tools: Some(128),
        ..client(
            "vscode",
            "VS Code",
            &[
                file(EVERYWHERE, Root::AppData, "Code", "Code/User/mcp.json"),
                file(EVERYWHERE, Root::AppData, "Code - Insiders", "Code - Insiders/User/mcp.json"),
                file(
                    EVERYWHERE,
                    Root::AppData,
                    "Code/User/profiles/*/mcp.json",
                    "Code/User/profiles/*/mcp.json",
                ),
            ],
            "run *MCP: List Servers*, choose the server and start it",
        )
    },
    Client {
        program: Some("gemini"),
        lists: lists::GEMINI,
        shape: Shape::Json(Json { dialect: Dialect::Comments, ..json("mcpServers") }),
        note: "Gemini CLI starts no server in a folder that it does not trust; it asks when it starts there.",
        starts: Starts::FromTerminal,
        limit: Some(CallLimit { default: None, member: Some(("timeout", Unit::Milliseconds)) }),
        ..client(
            "gemini",
            "Gemini CLI",
            &[file(EVERYWHERE, Root::Variable("GEMINI_CLI_HOME", ""), ".gemini", ".gemini/settings.json")],
            "start a new session; /mcp shows the server",
        )
    },
    Client {
        most_tools: Some(50),
        ..client(
            "windsurf",
            "Windsurf",
            &[file(EVERYWHERE, Root::Home, ".codeium/windsurf", ".codeium/windsurf/mcp_config.json")],
            "press Refresh in Windsurf Settings, Cascade, MCP Servers",
        )
    },
    Client {
        shape: Shape::Json(Json {
            more: &[("source", "\"custom\"")],
            completed: &["source"],
            ..json("context_servers")
        }),
        ..client(
            "zed",
            "Zed",
            &[
                file(UNIX, Root::DotConfig, "zed", "zed/settings.json"),
                file(WINDOWS, Root::AppData, "Zed", "Zed/settings.json"),
            ],
            "open the settings of Zed's agent: the server has a green dot",
        )
    },
    Client {
        link: Some(Link::LmStudio),
        ..client(
            "lm-studio",
            "LM Studio",
            &[
                file(EVERYWHERE, Root::Home, ".lmstudio", ".lmstudio/mcp.json"),
                file(EVERYWHERE, Root::Home, ".cache/lm-studio", ".cache/lm-studio/mcp.json"),
            ],
            "turn the server on in LM Studio, Program, Integrations",
        )
    },
    Client {
        program: Some("goose"),
        shape: Shape::Yaml,
        limit: Some(CallLimit { default: Some(300), member: Some(("timeout", Unit::Seconds)) }),
        note: "Its file is YAML; `setup` prints the lines to add and does not edit it.",
        ..client(
            "goose",
            "Goose",
            &[
                file(UNIX, Root::DotConfig, "goose", "goose/config.yaml"),
                file(WINDOWS, Root::AppData, "Block/goose", "Block/goose/config/config.yaml"),
            ],
            "start a new session of Goose",
        )
    },
    Client {
        program: Some("kiro"),
        ..client(
            "kiro",
            "Kiro",
            &[file(EVERYWHERE, Root::Home, ".kiro", ".kiro/settings/mcp.json")],
            "look at the MCP Servers view of Kiro: it connects by itself",
        )
    },
    Client {
        program: Some("junie"),
        note: "AI Assistant of JetBrains: Settings, Tools, AI Assistant, Model Context Protocol; it takes the text of Claude Desktop's file.",
        ..client(
            "junie",
            "Junie",
            &[file(EVERYWHERE, Root::Home, ".junie", ".junie/mcp/mcp.json")],
            "restart Junie, or the JetBrains application it runs in",
        )
    },
    Client {
        program: Some("opencode"),
        shape: Shape::Json(Json {
            command: Command::Joined,
            more: &[("type", "\"local\""), ("enabled", "true"), ("timeout", "180000")],
            completed: &["type"],
            ..json("mcp")
        }),
        starts: Starts::FromTerminal,
        limit: Some(CallLimit { default: None, member: Some(("timeout", Unit::Milliseconds)) }),
        ..client(
            "opencode",
            "OpenCode",
            &[
                file(EVERYWHERE, Root::DotConfig, "opencode/opencode.jsonc", "opencode/opencode.jsonc"),
                file(EVERYWHERE, Root::DotConfig, "opencode", "opencode/opencode.json"),
            ],
            "start a new session of OpenCode",
        )
    },
    Client {
        program: Some("copilot"),
        lists: lists::COPILOT,
        shape: Shape::Json(Json {
            dialect: Dialect::Json,
            more: &[("type", "\"local\""), ("tools", "[\"*\"]")],
            ..json("mcpServers")
        }),
        starts: Starts::FromTerminal,
        ..client(
            "copilot",
            "Copilot CLI",
            &[file(EVERYWHERE, Root::Variable("COPILOT_HOME", ".copilot"), "", "mcp-config.json")],
            "start a new session; /mcp show lists the server",
        )
    },
    Client {
        shape: Shape::Json(Json {
            dialect: Dialect::Json,
            more: &[("timeout", "180")],
            completed: &["timeout"],
            ..json("mcpServers")
        }),
        has_editions: true,
        limit: Some(CallLimit { default: Some(60), member: Some(("timeout", Unit::Seconds)) }),
        ..client(
            "cline",
            "Cline",
            &[
                file(
                    EVERYWHERE,
                    Root::AppData,
                    "Code/User/globalStorage/saoudrizwan.claude-dev",
                    "Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
                ),
                file(
                    EVERYWHERE,
                    Root::AppData,
                    "Code - Insiders/User/globalStorage/saoudrizwan.claude-dev",
                    "Code - Insiders/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
                ),
            ],
            "open Cline's MCP Servers, Configure: the server has a green dot",
        )
    },
];

//! `setup` with the real binary in a home of its own: what a person sees, and what lies on the disk.

use std::process::{Output, Stdio};

use crate::support::{Home, stderr, stdout};

const BINARY: &str = env!("CARGO_BIN_EXE_aries-mcp");

struct Person(Home);

impl Person {
    fn new() -> Self {
        let person = Self(Home::new());
        std::fs::create_dir_all(person.0.path("home")).unwrap();
        person
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = self.0.command(&[&["setup"], args].concat());
        // No client of whoever runs this may be found.
        command.env("HOME", self.0.path("home")).env("PATH", self.0.path("bin"));
        command.current_dir(self.0.path("home")).stdin(Stdio::null()).output().unwrap()
    }

    fn well(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}{}", stdout(&output), stderr(&output));
        stdout(&output)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.path(&format!("home/{path}"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.0.path(&format!("home/{path}"))).ok()
    }
}

/// A client, its file on Linux, and the file as a person has it, below `tests/clients/files`.
#[cfg(target_os = "linux")]
const FILES: [(&str, &str, &str); 15] = [
    ("claude-desktop", ".config/Claude/claude_desktop_config.json", "claude_desktop_config.json"),
    ("claude-code", ".claude.json", "claude.json"),
    ("claude-code-project", ".mcp.json", "project.mcp.json"),
    ("codex", ".codex/config.toml", "codex.toml"),
    ("cursor", ".cursor/mcp.json", "cursor.json"),
    ("vscode", ".config/Code/User/mcp.json", "vscode.json"),
    ("gemini", ".gemini/settings.json", "gemini.json"),
    ("windsurf", ".codeium/windsurf/mcp_config.json", "windsurf.json"),
    ("zed", ".config/zed/settings.json", "zed.json"),
    ("lm-studio", ".lmstudio/mcp.json", "lm-studio.json"),
    ("kiro", ".kiro/settings/mcp.json", "kiro.json"),
    ("junie", ".junie/mcp/mcp.json", "junie.json"),
    ("opencode", ".config/opencode/opencode.jsonc", "opencode.jsonc"),
    ("copilot", ".copilot/mcp-config.json", "copilot.json"),
    (
        "cline",
        ".config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
        "cline.json",
    ),
];

#[cfg(target_os = "linux")]
#[test]
fn every_clients_file_is_its_old_self_after_removal() {
    for (key, path, file) in FILES {
        let fixture = format!("{}/tests/clients/files/{file}", env!("CARGO_MANIFEST_DIR"));
        let bytes = std::fs::read(fixture).unwrap();
        let person = Person::new();
        person.write(path, &bytes);
        assert!(person.well(&[key]).contains("written to ~/"), "{key}");
        let with_us = person.read(path).unwrap();
        assert!(String::from_utf8_lossy(&with_us).contains(BINARY), "{key}");
        assert_eq!(
            person.read(&format!("{path}.before-aries-mcp")).as_deref(),
            Some(bytes.as_slice()),
            "{key}"
        );
        assert!(person.well(&[key]).contains("nothing to do"), "{key}");
        assert_eq!(person.read(path).unwrap(), with_us, "{key}");
        person.well(&[key, "--remove"]);
        assert_eq!(person.read(path).unwrap(), bytes, "{key}");
        assert_eq!(person.read(&format!("{path}.before-aries-mcp")), None, "{key}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_was_not_there_is_gone_again() {
    for (key, path, _) in FILES {
        let person = Person::new();
        person.well(&[key]);
        person.well(&[key, "--sandbox"]);
        person.well(&[key, "--remove"]);
        assert_eq!(person.read(path), None, "{key}");
    }
}

#[test]
fn a_dry_run_shows_the_lines_and_writes_nothing() {
    let person = Person::new();
    let shown = person.well(&["cursor", "--dry-run", "--sandbox", "--toolsets", "market"]);
    assert!(shown.contains(r#"+       "args": ["serve", "--sandbox", "--toolsets", "market"]"#), "{shown}");
    assert_eq!(person.read(".cursor/mcp.json"), None);
}

#[test]
fn a_file_that_does_not_parse_is_refused_and_the_others_are_written() {
    let person = Person::new();
    person.write(".cursor/mcp.json", b"{\n  \"mcpServers\": {,}\n}");
    let output = person.run(&["cursor", "gemini"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("mcp.json: line 2, column 18"), "{}", stderr(&output));
    assert_eq!(person.read(".cursor/mcp.json").unwrap(), b"{\n  \"mcpServers\": {,}\n}");
    assert!(person.read(".gemini/settings.json").is_some());
}

#[test]
fn without_a_terminal_nothing_is_asked_and_the_table_is_shown() {
    let person = Person::new();
    assert_eq!(person.run(&[]).status.code(), Some(2));
    person.write(".cursor/mcp.json", br#"{"mcpServers": {"aries": {"command": "/old/aries-mcp"}}}"#);
    let output = person.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    let table = stdout(&output);
    assert!(table.contains("  1  Cursor  ~") && table.contains("ours, starts /old/aries-mcp"), "{table}");
    assert!(stderr(&output).contains("on a terminal only"), "{}", stderr(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn at_a_terminal_the_person_chooses() {
    let person = Person::new();
    person.write(".cursor/keep", b"");
    person.write(".gemini/keep", b"");
    let mut command = std::process::Command::new("script");
    let inner = format!("PATH= HOME={} {BINARY} setup", person.0.path("home").display());
    command.args(["-qec", &inner, "/dev/null"]).env("ARIES_STATE_DIR", person.0.path("state"));
    command.env("ARIES_CONFIG_DIR", person.0.path("config")).current_dir(person.0.path("home"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"2\n").unwrap();
    let shown = stdout(&child.wait_with_output().unwrap());
    assert!(shown.contains("Gemini CLI: written to"), "{shown}");
    assert_eq!(person.read(".cursor/mcp.json"), None);
}

#[cfg(unix)]
#[test]
fn links_and_modes_of_files_stay() {
    use std::os::unix::fs::PermissionsExt;
    let person = Person::new();
    person.write("dotfiles/mcp.json", b"{}");
    let file = person.0.path("home/dotfiles/mcp.json");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::fs::create_dir_all(person.0.path("home/.cursor")).unwrap();
    let link = person.0.path("home/.cursor/mcp.json");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    person.well(&["cursor"]);
    assert!(link.is_symlink());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(String::from_utf8(std::fs::read(&file).unwrap()).unwrap().contains(BINARY));
}

#[test]
fn no_variable_and_no_secret_gets_into_a_file() {
    let person = Person::new();
    let mut command = person.0.command(&["setup", "cursor", "codex", "vscode"]);
    command.env("HOME", person.0.path("home")).env("ARIES_CLIENT_SECRET", "nobody-may-see-this");
    command.env("ARIES_ACCESS_TOKEN", "nor-this-one").env("ARIES_PROFILE", "work");
    assert!(command.output().unwrap().status.success());
    for path in [".cursor/mcp.json", ".codex/config.toml"] {
        let text = String::from_utf8(person.read(path).unwrap()).unwrap();
        assert!(!text.contains("nobody") && !text.contains("nor-this") && !text.contains("env"), "{text}");
    }
}

#[test]
fn a_name_of_somebody_else_is_not_taken() {
    let person = Person::new();
    let hosted = br#"{"mcpServers": {"aries": {"url": "https://mcp.example"}}}"#;
    person.write(".cursor/mcp.json", hosted);
    let output = person.run(&["cursor"]);
    assert!(stderr(&output).contains("--name"), "{}", stderr(&output));
    person.well(&["cursor", "--name", "aries-local"]);
    person.well(&["cursor", "--remove", "--name", "aries-local"]);
    assert_eq!(person.read(".cursor/mcp.json").unwrap(), hosted);
    assert_eq!(person.run(&["cursor", "--name", "a b"]).status.code(), Some(2));
}

//! `setup` with the real binary in a home of its own: what a person sees, and what lies on the disk.

use std::process::{Command, Output, Stdio};

use crate::support::{Home, stderr, stdout};

pub(super) const BINARY: &str = env!("CARGO_BIN_EXE_aries-mcp");

pub(super) struct Person(pub(super) Home);

impl Person {
    pub(super) fn new() -> Self {
        let person = Self(Home::new());
        std::fs::create_dir_all(person.0.path("home")).unwrap();
        person
    }

    pub(super) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.0.command(&[&["setup"], args].concat());
        // No client of whoever runs this may be found.
        command.env("HOME", self.0.path("home")).env("PATH", self.0.path("bin"));
        command.current_dir(self.0.path("home")).stdin(Stdio::null());
        command
    }

    pub(super) fn well(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}{}", stdout(&output), stderr(&output));
        stdout(&output)
    }

    /// What is said where it fails.
    pub(super) fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", stdout(&output));
        assert!(stdout(&output).is_empty(), "{}", stdout(&output));
        stderr(&output)
    }

    pub(super) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.path(&format!("home/{path}"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(super) fn read(&self, path: &str) -> Option<Vec<u8>> {
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
    assert!(table.contains("1  Cursor  ~") && table.contains("set up, starts /old/aries-mcp"), "{table}");
    assert!(stderr(&output).contains("only in a terminal"), "{}", stderr(&output));
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

#[test]
fn an_entry_of_ours_keeps_its_words_and_what_changes_is_told() {
    let person = Person::new();
    let old = br#"{"mcpServers": {"aries": {"command": "/old dir/aries-mcp", "args": ["serve", "--read-only"], "env": {"ARIES_PROFILE": "ira"}}}}"#;
    person.write(".cursor/mcp.json", old);
    let said = person.well(&["cursor"]);
    assert!(said.contains("aries started: '/old dir/aries-mcp' serve --read-only\n"), "{said}");
    assert!(said.contains(&format!("aries starts now: {BINARY} serve --read-only\n")), "{said}");
    person.well(&["cursor", "--toolsets", "market"]);
    let text = String::from_utf8(person.read(".cursor/mcp.json").unwrap()).unwrap();
    assert!(text.contains(r#""args": ["serve", "--read-only", "--toolsets", "market"]"#), "{text}");
    assert!(text.contains(r#""env": {"ARIES_PROFILE": "ira"}"#), "{text}");
}

#[test]
fn another_program_of_the_same_name_is_neither_changed_nor_removed() {
    for server in [
        r#"{"command": "/usr/bin/other", "args": ["x"], "env": {"TOKEN": "s3cret"}}"#,
        r#"{"command": "npx", "args": ["-y", "@other/files", "/home/ann/aries-mcp"]}"#,
        r#"{"command": "sh", "args": ["-c", "aries-mcp serve"]}"#,
    ] {
        let person = Person::new();
        let text = format!(r#"{{"mcpServers": {{"aries": {server}}}}}"#);
        person.write(".cursor/mcp.json", text.as_bytes());
        let said = person.refused(&["cursor", "--sandbox"]);
        assert!(said.contains("is not this program") && said.contains("--name"), "{said}");
        let said = person.well(&["cursor", "--remove"]);
        assert!(said.contains("another program, and stays"), "{said}");
        assert_eq!(person.read(".cursor/mcp.json").unwrap(), text.as_bytes());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_client_with_two_files_is_changed_where_we_stand_and_left_by_both() {
    let person = Person::new();
    let entry =
        |command: &str| format!(r#"{{"mcp": {{"aries": {{"type": "local", "command": ["{command}"]}}}}}}"#);
    person.write(".config/opencode/opencode.json", entry("/old/aries-mcp").as_bytes());
    person.write(".config/opencode/opencode.jsonc", b"{}");
    person.well(&["opencode"]);
    assert_eq!(person.read(".config/opencode/opencode.json").unwrap(), entry(BINARY).as_bytes());
    assert_eq!(person.read(".config/opencode/opencode.jsonc").unwrap(), b"{}");
    person.write(".config/opencode/opencode.jsonc", entry("/old/aries-mcp").as_bytes());
    person.well(&["opencode", "--remove"]);
    for file in ["opencode.json", "opencode.jsonc"] {
        let left = person.read(&format!(".config/opencode/{file}")).unwrap();
        assert_eq!(left, br#"{"mcp": {}}"#, "{file}");
    }
}

#[test]
fn what_stays_in_a_project_is_told() {
    let person = Person::new();
    person.write(
        ".claude.json",
        br#"{"projects": {"/work/p": {"mcpServers": {"broker": {"command": "/x/aries-mcp"}}}}}"#,
    );
    let said = person.well(&["claude-code", "--remove"]);
    assert!(said.contains("still in the project /work/p: run `claude mcp remove broker`"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn goose_gets_lines_that_fit_its_file() {
    let person = Person::new();
    person.write(".config/goose/config.yaml", b"GOOSE_MODE: auto\n");
    let said = person.well(&["goose"]);
    assert!(said.contains("put these lines there:\nextensions:\n  aries:\n"), "{said}");
    person.write(".config/goose/config.yaml", b"extensions:\n  memory:\n    cmd: npx\n");
    let said = person.well(&["goose"]);
    let place = "put these lines there, below `extensions:`; what stands there stays:\n  aries:\n";
    assert!(said.contains(place), "{said}");
}

#[test]
fn an_entry_that_cuts_calls_short_gets_the_limit_that_an_approval_needs() {
    let person = Person::new();
    let file = ".config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json";
    let entry = format!(r#"{{"mcpServers": {{"aries": {{"command": "{BINARY}"}}}}}}"#);
    person.write(file, entry.as_bytes());
    person.well(&["cline"]);
    let limit = |person: &Person| {
        let written: serde_json::Value = serde_json::from_slice(&person.read(file).unwrap()).unwrap();
        written["mcpServers"]["aries"]["timeout"].clone()
    };
    assert_eq!(limit(&person), 180);
    person.write(file, entry.replace("\"}}}", "\", \"timeout\": 20}}}").as_bytes());
    person.well(&["cline"]);
    assert_eq!(limit(&person), 20);
}

#[test]
fn what_an_entry_was_set_up_with_says_how_to_be_rid_of_it() {
    let person = Person::new();
    person.write(".cursor/mcp.json", b"{}");
    person.well(&["cursor", "--sandbox"]);
    let said = person.well(&["cursor"]);
    assert!(
        said.contains("stays (--sandbox); to start it without, run `aries-mcp setup cursor --remove` first"),
        "{said}"
    );
}

#[test]
fn goose_is_told_what_to_take_out_by_hand() {
    let person = Person::new();
    let block = "  aries:\n    type: stdio\n    cmd: \"/x/aries-mcp\"\n    args: [\"--read-only\"]";
    let text = format!("extensions:\n{block}\n  memory:\n    cmd: npx\n");
    person.write(".config/goose/config.yaml", text.as_bytes());
    let said = person.well(&["goose", "--remove"]);
    assert!(said.contains("nothing was removed; delete these lines") && said.contains(block), "{said}");
    assert!(!said.contains("memory") && !said.contains("it is gone"), "{said}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_or_is_read_only_is_refused_with_what_to_do() {
    use std::os::unix::fs::PermissionsExt;
    let person = Person::new();
    std::fs::create_dir_all(person.0.path("home/.cursor/mcp.json")).unwrap();
    std::fs::create_dir_all(person.0.path("home/.codex")).unwrap();
    std::os::unix::fs::symlink("nowhere.toml", person.0.path("home/.codex/config.toml")).unwrap();
    std::fs::create_dir_all(person.0.path("home/.gemini")).unwrap();
    let pipe = person.0.path("home/.gemini/settings.json");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    person.write(".junie/mcp/mcp.json", b"{}");
    let protected = person.0.path("home/.junie/mcp/mcp.json");
    std::fs::set_permissions(&protected, std::fs::Permissions::from_mode(0o444)).unwrap();
    person.write(".kiro/settings/mcp.json", &[0xff, 0xfe, b'{', 0, b'}', 0]);
    person.write(".lmstudio/mcp.json", b"[]");
    for (client, cause, step) in [
        ("cursor", "is a folder", "move it away"),
        ("codex", "is a link to nowhere.toml", "delete the link"),
        ("gemini", "is no plain file", "move it away"),
        ("junie", "is read-only", "chmod u+w"),
        ("kiro", "is not UTF-8", "save it as UTF-8"),
        ("lm-studio", "is not an object", "wants an object"),
    ] {
        for args in [&[client][..], &[client, "--dry-run"]] {
            let said = person.refused(args);
            assert!(said.contains(cause) && said.contains(step), "{args:?}: {said}");
            // Nothing was set up that a sign-in would help.
            assert!(!said.contains("signed in") && !said.contains("comma"), "{args:?}: {said}");
        }
    }
    assert_eq!(std::fs::read(protected).unwrap(), b"{}");
    assert!(person.0.path("home/.codex/config.toml").is_symlink());
}

#[cfg(unix)]
#[test]
fn the_copy_of_a_file_has_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let person = Person::new();
    for mode in [0o600, 0o640, 0o644] {
        person.write(".cursor/mcp.json", b"{}");
        let file = person.0.path("home/.cursor/mcp.json");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        person.well(&["cursor"]);
        let copy = std::fs::metadata(person.0.path("home/.cursor/mcp.json.before-aries-mcp")).unwrap();
        assert_eq!(copy.permissions().mode() & 0o777, mode);
        person.well(&["cursor", "--remove"]);
    }
}

#[test]
fn a_client_that_is_named_twice_is_set_up_once() {
    let person = Person::new();
    let said = person.well(&["cursor", "Cursor", "--dry-run"]);
    assert_eq!(said.matches("would change").count(), 1, "{said}");
}

//! `install.sh` against a release served on this machine.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sha2::{Digest, Sha256};

/// A folder that plays the release page and the home of a person who has the script alone.
struct Release {
    root: tempfile::TempDir,
    url: String,
}

impl Release {
    /// A page without files.
    fn empty() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["page", "home", "tmp"] {
            std::fs::create_dir(root.path().join(folder)).unwrap();
        }
        std::fs::copy(script(), root.path().join("install.sh")).unwrap();
        let url = serve(root.path().join("page"));
        Self { root, url }
    }

    /// A page with the archive and checksum of a program that is a script saying `says`.
    fn of(says: &str) -> Self {
        let release = Self::empty();
        release.publish(says);
        release
    }

    fn publish(&self, says: &str) {
        let stub = self.root.path().join("aries-mcp");
        std::fs::write(&stub, format!("#!/bin/sh\n{says}\n")).unwrap();
        std::fs::set_permissions(&stub, std::fs::Permissions::from_mode(0o755)).unwrap();
        let archive = self.archive();
        let packed = Command::new("tar")
            .args(["-czf".as_ref(), archive.as_os_str(), "-C".as_ref(), self.root.path().as_os_str()])
            .arg("aries-mcp")
            .status();
        assert!(packed.unwrap().success());
        let sum: String = Sha256::digest(std::fs::read(&archive).unwrap())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.write_sum(&format!("{sum}  {}\n", archive.file_name().unwrap().display()));
    }

    fn write_sum(&self, text: &str) {
        std::fs::write(self.sum(), text).unwrap();
    }

    fn sum(&self) -> PathBuf {
        let mut path = self.archive().into_os_string();
        path.push(".sha256");
        path.into()
    }

    fn archive(&self) -> PathBuf {
        let name = format!("aries-mcp-{}-{}.tar.gz", env!("CARGO_PKG_VERSION"), target());
        self.root.path().join("page").join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, &[("ARIES_INSTALL_URL", &self.url)])
    }

    fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        Command::new("/bin/sh")
            .arg(self.root.path().join("install.sh"))
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.root.path().join("home"))
            .env("TMPDIR", self.root.path().join("tmp"))
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    fn installed(&self) -> PathBuf {
        self.root.path().join("home/.local/bin/aries-mcp")
    }

    /// Every file below the home and the temporary folder.
    fn left_behind(&self) -> Vec<PathBuf> {
        let mut files = files_below(&self.root.path().join("home"));
        files.extend(files_below(&self.root.path().join("tmp")));
        files
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("install.sh")
}

fn target() -> String {
    let system = if cfg!(target_os = "macos") { "apple-darwin" } else { "unknown-linux-musl" };
    format!("{}-{system}", std::env::consts::ARCH)
}

/// Serves the files of a folder until the test ends; answers 404 for everything else.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let request = lines.next().unwrap_or_default();
            // The whole head is read first: closing on unread bytes would reset the connection.
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let name = request.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
            let (status, body) = match std::fs::read(folder.join(name)) {
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", Vec::new()),
            };
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            let _ = (&stream).write_all(&[head.into_bytes(), body].concat());
        }
    });
    format!("http://{address}")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The two lines every refusal ends with.
fn assert_refused(output: &Output, code: i32, what: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines: Vec<&str> = stderr.lines().rev().take(2).collect();
    let [hint, error] = lines.as_slice() else { panic!("no two lines: {stderr}") };
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert!(error.starts_with("error: ") && error.contains(what), "{stderr}");
    assert!(hint.to_string().starts_with("hint: "), "{stderr}");
}

const RUNS: &str = "echo aries-mcp of the test";

#[test]
fn installs_a_checked_release_and_says_where() {
    let release = Release::of(RUNS);
    let output = release.run(&[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let path = release.installed();
    let said = stdout(&output);
    assert!(said.contains(&format!("installed aries-mcp of the test: {}", path.display())), "{said}");
    assert!(said.contains("is not on your PATH"), "{said}");
    assert!(said.contains("aries-mcp login\n") && said.contains("claude mcp add"), "{said}");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(release.left_behind(), [path]);
}

#[test]
fn builds_inside_a_clone() {
    let release = Release::empty();
    let clone = release.root.path();
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"), clone.join("Cargo.toml"))
        .unwrap();
    // A stand-in that shows how it was called; the real build takes minutes.
    let tools = clone.join("tools");
    std::fs::create_dir_all(clone.join("target/release")).unwrap();
    std::fs::create_dir(&tools).unwrap();
    let built = clone.join("target/release/aries-mcp");
    let cargo = format!("#!/bin/sh\nprintf '#!/bin/sh\\necho %s\\n' \"$*\" >'{}'\n", built.display());
    std::fs::write(tools.join("cargo"), cargo).unwrap();
    std::fs::set_permissions(tools.join("cargo"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let said = stdout(&release.run_with(&[], &[("PATH", &path)]));
    assert!(said.contains("installed build --release --locked"), "{said}");
    assert_eq!(release.left_behind(), [release.installed()]);
}

#[test]
fn replaces_an_older_one_and_takes_another_folder() {
    let release = Release::of("echo first");
    let folder = release.root.path().join("home/my tools");
    let to = ["--to", folder.to_str().unwrap()];
    assert!(release.run(&to).status.success());
    release.publish("echo second");
    assert!(stdout(&release.run(&to)).contains("installed second"));
    assert_eq!(release.left_behind(), [folder.join("aries-mcp")]);
}

#[test]
fn a_wrong_checksum_installs_nothing() {
    let release = Release::of(RUNS);
    release.write_sum(&format!("{}  aries-mcp\n", "0".repeat(64)));
    assert_refused(&release.run(&[]), 1, "SHA-256");
    release.write_sum("");
    assert_refused(&release.run(&[]), 1, "empty");
    assert!(release.left_behind().is_empty());
}

#[test]
fn a_refused_release_leaves_the_old_binary() {
    let release = Release::of(RUNS);
    assert!(release.run(&[]).status.success());
    release.publish("exit 1");
    assert_refused(&release.run(&[]), 1, "does not run");
    release.write_sum("wrong  sum\n");
    assert_refused(&release.run(&[]), 1, "SHA-256");
    assert!(std::fs::read_to_string(release.installed()).unwrap().contains(RUNS));
    assert_eq!(release.left_behind(), [release.installed()]);
}

#[test]
fn a_missing_file_installs_nothing() {
    let release = Release::empty();
    assert_refused(&release.run(&[]), 1, "could not download");
    release.publish(RUNS);
    std::fs::remove_file(release.sum()).unwrap();
    assert_refused(&release.run(&[]), 1, "could not download");
    assert!(release.left_behind().is_empty());
}

#[test]
fn unprotected_and_impossible_sources_are_refused() {
    let release = Release::empty();
    let with = |name, value| release.run_with(&[], &[(name, value)]);
    assert_refused(&with("ARIES_INSTALL_URL", "http://example.com/x"), 2, "not an https");
    assert_refused(&with("ARIES_INSTALL_URL", "http://127.0.0.1.example.com/x"), 2, "not an https");
    assert_refused(&with("ARIES_INSTALL_URL", "http://127.0.0.1:80@example.com/x"), 2, "not an https");
    assert_refused(&with("ARIES_INSTALL_VERSION", "../../x"), 2, "not a version");
    assert_refused(&release.run(&["--everywhere"]), 2, "--everywhere");
    assert!(release.left_behind().is_empty());
}

#[test]
fn a_folder_in_the_way_is_told() {
    let release = Release::of(RUNS);
    std::fs::create_dir_all(release.installed()).unwrap();
    assert_refused(&release.run(&[]), 1, "is a folder");
    assert!(release.left_behind().is_empty());
}

#[test]
fn commands_to_paste_have_their_paths_in_quotes() {
    let release = Release::of(RUNS);
    let folder = release.root.path().join("home/it's mine");
    let said = stdout(&release.run(&["--to", folder.to_str().unwrap()]));
    let quoted = format!("'{}/home/it'\\''s mine/aries-mcp'", release.root.path().display());
    assert!(
        said.contains(&format!("  {quoted} login\n")) && said.contains(&format!("-- {quoted}\n")),
        "{said}"
    );
}

#[test]
fn a_checksum_in_capitals_is_the_same_one() {
    let release = Release::of(RUNS);
    release.write_sum(&std::fs::read_to_string(release.sum()).unwrap().to_uppercase());
    assert!(release.run(&[]).status.success());
}

#[test]
fn a_missing_tool_and_a_missing_folder_are_told_from_a_broken_release() {
    let release = Release::of(RUNS);
    let run =
        |name, value: &str| release.run_with(&[], &[("ARIES_INSTALL_URL", &release.url), (name, value)]);
    let nowhere = release.root.path().join("nowhere");
    assert_refused(&run("TMPDIR", nowhere.to_str().unwrap()), 1, "cannot make a folder in");
    // Every tool but one.
    let tools = |without: &str| {
        let folder = release.root.path().join(format!("no-{without}"));
        std::fs::create_dir(&folder).unwrap();
        for tool in [
            "mktemp",
            "uname",
            "curl",
            "tar",
            "gzip",
            "sha256sum",
            "tr",
            "cp",
            "mv",
            "rm",
            "mkdir",
            "chmod",
            "dirname",
            "grep",
        ]
        .iter()
        .filter(|tool| **tool != without)
        {
            let found = std::env::split_paths(&std::env::var_os("PATH").unwrap())
                .map(|folder| folder.join(tool))
                .find(|path| path.is_file());
            let Some(found) = found else { continue };
            std::os::unix::fs::symlink(found, folder.join(tool)).unwrap();
        }
        folder.to_str().unwrap().to_owned()
    };
    assert_refused(&run("PATH", &tools("tar")), 1, "tar is not installed");
    assert_refused(&run("PATH", &tools("gzip")), 1, "gzip is not installed");
    assert!(release.left_behind().is_empty());
}

#[test]
fn uninstalls() {
    let release = Release::of(RUNS);
    assert!(release.run(&[]).status.success());
    let output = release.run(&["--uninstall"]);
    assert!(output.status.success() && stdout(&output).contains("removed "));
    assert!(release.left_behind().is_empty());
    assert!(stdout(&release.run(&["--uninstall"])).contains("nothing to remove"));
}

#[test]
fn names_the_version_and_repository_of_the_manifest() {
    let text = std::fs::read_to_string(script()).unwrap();
    let has = |line: &str| text.lines().any(|found| found == line);
    assert!(has(concat!("version=", env!("CARGO_PKG_VERSION"))));
    assert!(has(concat!("repository=", env!("CARGO_PKG_REPOSITORY"))));
}

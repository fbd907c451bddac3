//! The same with real processes of the real binary.

use std::process::{Output, Stdio};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use super::aries::Aries;
use futures_util::future::join_all;

/// The binary with nothing of the person who runs the tests.
fn binary(aries: &Aries, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aries-mcp"));
    command.args(args).env_clear().kill_on_drop(true).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["PATH", "DBUS_SESSION_BUS_ADDRESS", "SystemRoot"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("ARIES_CONFIG_DIR", aries.folder.path()).env("ARIES_STATE_DIR", aries.folder.path());
    command.env("ARIES_API_URL", aries.sandbox.origin()).env("ARIES_TOKEN_STORE", "file");
    command
}

async fn run(aries: &Aries, args: &[&str]) -> Output {
    binary(aries, args).output().await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn login(aries: &Aries, args: &[&str]) -> Command {
    let mut command = binary(aries, &[&["login"], args].concat());
    command.env("ARIES_CLIENT_ID", aries.settings.client_id.as_deref().unwrap());
    command.env("ARIES_REDIRECT_URI", &aries.settings.redirect_uri);
    command
}

/// The address that `login` prints, and where the embedded Aries sends the browser from there.
async fn landing(aries: &Aries, child: &mut Child) -> String {
    let mut lines = BufReader::new(child.stderr.as_mut().unwrap()).lines();
    loop {
        let line = lines.next_line().await.unwrap().expect("login ended without an address");
        if line.starts_with("http") {
            let answer = aries.http.get(line).send().await.unwrap();
            return answer.headers()["location"].to_str().unwrap().to_owned();
        }
    }
}

#[tokio::test]
async fn sign_in_look_call_and_sign_out() {
    let aries = Aries::start().await;
    let before = run(&aries, &["status", "--json"]).await;
    assert_eq!(before.status.code(), Some(3), "{}", text(&before.stderr));

    let mut child = login(&aries, &[]).spawn().unwrap();
    let landing = landing(&aries, &mut child).await;
    assert!(aries.http.get(landing).send().await.unwrap().status().is_success());
    let done = child.wait_with_output().await.unwrap();
    assert!(done.status.success());
    let report = text(&done.stdout);
    assert!(report.starts_with("Signed in to http://127.0.0.1:"), "{report}");
    assert!(report.contains("…1002") && report.contains("SANDBOX (plays simulated)"), "{report}");

    let status = run(&aries, &["status", "--json"]).await;
    assert!(status.status.success(), "{}", text(&status.stderr));
    let status: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(status["signed_in"], true);
    assert!(status["accounts"].as_array().is_some_and(|accounts| !accounts.is_empty()));

    let call = run(&aries, &["call", "get_accounts"]).await;
    assert!(call.status.success(), "{}", text(&call.stderr));

    assert!(run(&aries, &["logout"]).await.status.success());
    let after = run(&aries, &["call", "get_accounts"]).await;
    assert_eq!(after.status.code(), Some(3), "{}", text(&after.stderr));
}

#[tokio::test]
async fn pasting_works_without_a_browser() {
    let aries = Aries::start().await;
    let mut child = login(&aries, &["--no-browser", "--trade"]).stdin(Stdio::piped()).spawn().unwrap();
    let landing = landing(&aries, &mut child).await;
    child.stdin.take().unwrap().write_all(format!("{landing}\n").as_bytes()).await.unwrap();
    let done = child.wait_with_output().await.unwrap();
    assert!(done.status.success());
    assert!(text(&done.stdout).contains("order:execution"));
}

#[tokio::test]
async fn without_a_browser_here_one_on_this_machine_still_comes_back_by_itself() {
    let aries = Aries::start().await;
    let mut child = login(&aries, &["--no-browser"]).stdin(Stdio::piped()).spawn().unwrap();
    // Nobody answers the question for the address.
    let _open = child.stdin.take().unwrap();
    let landing = landing(&aries, &mut child).await;
    assert!(aries.http.get(landing).send().await.unwrap().status().is_success());
    let done = child.wait_with_output().await.unwrap();
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stdout).starts_with("Signed in to "), "{}", text(&done.stdout));
}

#[tokio::test]
async fn a_paste_is_waited_for_no_longer_than_told_and_the_question_ends_its_line() {
    let aries = Aries::start().await;
    let args = ["--no-browser", "--timeout", "1"];
    let mut child = login(&aries, &args).stdin(Stdio::piped()).spawn().unwrap();
    let _open = child.stdin.take().unwrap();
    let done = child.wait_with_output().await.unwrap();
    let told = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{told}");
    assert!(told.contains("Paste it here: \n") && told.contains("\nerror: "), "{told}");
}

/// The address, in so many lines.
async fn pasted_in(lines: usize) {
    let aries = Aries::start().await;
    let mut child = login(&aries, &["--no-browser"]).stdin(Stdio::piped()).spawn().unwrap();
    let landing = landing(&aries, &mut child).await;
    let length = landing.len().div_ceil(lines);
    let parts: Vec<&str> =
        (0..lines).map(|at| &landing[at * length..landing.len().min((at + 1) * length)]).collect();
    child.stdin.take().unwrap().write_all(format!("{}\n", parts.join("\n")).as_bytes()).await.unwrap();
    let done = child.wait_with_output().await.unwrap();
    assert!(done.status.success(), "{lines} lines: {}", text(&done.stderr));
}

#[tokio::test]
async fn an_address_that_is_broken_over_lines_can_be_pasted() {
    for lines in [1, 2, 3] {
        pasted_in(lines).await;
    }
}

/// A terminal takes 4,095 characters a line by itself.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_address_longer_than_the_line_of_a_terminal_can_be_pasted() {
    let pasted = tokio::time::timeout(std::time::Duration::from_secs(30), long_paste());
    pasted.await.expect("the address was not taken");
}

#[cfg(target_os = "linux")]
async fn long_paste() {
    let aries = Aries::start().await;
    let inner = login(&aries, &["--no-browser"]);
    let inner = inner.as_std();
    let program = inner.get_program().to_str().unwrap();
    let mut child = Command::new("script");
    child.args(["-qec", &format!("exec {program} login --no-browser"), "/dev/null"]).env_clear();
    child.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    child.env("TERM", "dumb").kill_on_drop(true).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let (mut stdin, mut lines) =
        (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()).lines());
    // The question for a secret is answered with Enter.
    stdin.write_all(b"\n").await.unwrap();
    let address = loop {
        let line = lines.next_line().await.unwrap().expect("login ended without an address");
        if line.starts_with("http") && line.contains("authorize") {
            break line.trim().to_owned();
        }
    };
    let answer = aries.http.get(address).send().await.unwrap();
    let landing = answer.headers()["location"].to_str().unwrap();
    let long = format!("{landing}&filler={}\n", "x".repeat(6_000));
    stdin.write_all(long.as_bytes()).await.unwrap();
    let mut said = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        said += &line;
    }
    assert!(child.wait().await.unwrap().success(), "{said}");
    assert!(said.contains("Signed in to "), "{said}");
}

#[tokio::test]
async fn wrong_usage_is_two_lines_and_exit_2() {
    let aries = Aries::start().await;
    let mut no_id = login(&aries, &[]);
    no_id.env_remove("ARIES_CLIENT_ID");
    let mut placeholder = login(&aries, &[]);
    placeholder.env("ARIES_CLIENT_ID", "YOUR_CLIENT_ID");
    for (mut command, word) in [
        (no_id, "ARIES_CLIENT_ID"),
        (placeholder, "YOUR_CLIENT_ID"),
        (login(&aries, &["--scopes", "order:executio"]), "order:execution"),
        (login(&aries, &["--sandbox"]), "sandbox"),
    ] {
        let output = command.output().await.unwrap();
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(word) && told.contains("error: ") && told.contains("hint: "), "{told}");
        assert!(output.stdout.is_empty());
    }
}

#[tokio::test]
async fn a_busy_port_is_named() {
    let aries = Aries::start().await;
    let port = aries.settings.redirect_uri.split([':', '/']).nth(4).unwrap().to_owned();
    let _busy = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    let output = login(&aries, &[]).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(told.contains(&port) && told.contains("--no-browser"), "{told}");
}

#[tokio::test]
async fn eight_processes_refresh_once() {
    let aries = Aries::start().await;
    aries.signed_in(-5).await;
    let args = ["call", "get_accounts"];
    let outputs = join_all((0..8).map(|_| run(&aries, &args))).await;
    for output in outputs {
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    assert_eq!(aries.refreshes_and_reuses().await, (1, 0));
}

/// A crash leaves no lock behind. Between Aries' answer and the save it costs the sign-in, which is then said.
#[tokio::test]
async fn a_crash_during_the_refresh_leaves_no_lock() {
    let aries = Aries::start().await;
    let tokens = aries.signed_in(-5).await;
    aries.fault_at_token(json!({"fault": "delay", "delay_ms": 20_000})).await;
    let mut doomed = binary(&aries, &["call", "get_accounts"]).spawn().unwrap();
    while aries.refreshes_and_reuses().await.0 == 0 {}
    doomed.kill().await.unwrap();
    assert!(aries.stored().await.same_refresh(&tokens), "the answer was never saved");
    let next = run(&aries, &["call", "get_accounts"]).await;
    assert_eq!(next.status.code(), Some(3), "{}", text(&next.stderr));
    assert!(text(&next.stderr).contains("aries-mcp login"), "{}", text(&next.stderr));
}

/// As `.ci/run` does it: inside `dbus-run-session`, with an unlocked gnome-keyring.
#[tokio::test]
#[ignore = "needs gnome-keyring in a private D-Bus session"]
async fn the_keychain_holds_the_sign_in_for_every_process() {
    let aries = Aries::start().await;
    // The lock of a keychain item lies below the home, so the profile is one that nobody has.
    let profile = ["--profile", "test-of-keychain"];
    let with_keychain = |mut command: Command| {
        command.args(profile).env("ARIES_TOKEN_STORE", "keychain");
        command
    };
    let mut child = with_keychain(login(&aries, &[])).spawn().unwrap();
    let landing = landing(&aries, &mut child).await;
    aries.http.get(landing).send().await.unwrap();
    let done = child.wait_with_output().await.unwrap();
    assert!(text(&done.stdout).contains("The tokens are in the keychain"), "{}", text(&done.stdout));
    assert!(!aries.folder.path().join("credentials").exists());
    // The config says where the tokens are: no variable is needed any more.
    let mut call = binary(&aries, &["call", "get_accounts"]);
    call.args(profile).env_remove("ARIES_TOKEN_STORE").env_remove("ARIES_API_URL");
    let output = call.output().await.unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(with_keychain(binary(&aries, &["logout"])).output().await.unwrap().status.success());
    let after = with_keychain(binary(&aries, &["status"])).output().await.unwrap();
    assert_eq!(after.status.code(), Some(3));
    for left in std::fs::read_dir(&aries.settings.places.lock_dir).unwrap().filter_map(Result::ok) {
        if left.file_name().to_string_lossy().starts_with("test-of-keychain@") {
            std::fs::remove_file(left.path()).unwrap();
        }
    }
}

/// A D-Bus that accepts and never answers: what a locked keychain with a dialog nobody sees looks like.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_keychain_that_hangs_is_given_up() {
    let aries = Aries::start().await;
    let socket = aries.folder.path().join("bus");
    let _silent = tokio::net::UnixListener::bind(&socket).unwrap();
    let mut call = binary(&aries, &["call", "get_accounts"]);
    call.env("ARIES_TOKEN_STORE", "keychain");
    call.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", socket.display()));
    // That it ends at all shows that the hanging thread does not hold up the end of the process.
    let output = call.output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("within 3 seconds"), "{}", text(&output.stderr));
}

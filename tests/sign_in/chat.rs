//! The tool `sign_in`: a server, and a stand-in for the browser.

use std::process::{ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};

use super::aries::{Aries, LONG};
use crate::support::brisk::{HEADING, Limits, within};
use crate::support::show;
use crate::support::stand_in::Browser;

pub(super) struct Chat {
    child: std::process::Child,
    input: ChildStdin,
    lines: std::iter::Skip<std::io::Lines<BufReader<ChildStdout>>>,
    pub(super) list_changed: usize,
    /// What the client was asked to open.
    asked: Vec<Value>,
    next: u64,
}

impl Chat {
    /// A server whose browser writes the address into a file and does nothing else.
    pub(super) fn start(aries: &Aries, env: &[(&str, &str)]) -> Self {
        let (name, told) = Browser::Notes(aries.folder.path().join("opened")).variable();
        Self::without_browser(aries, &[env, &[(name, &told)]].concat())
    }

    /// A server where no browser can be started.
    fn without_browser(aries: &Aries, env: &[(&str, &str)]) -> Self {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.env_clear().envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
        within(&mut command, Limits::Brisk, &["serve"]);
        command.env("ARIES_CONFIG_DIR", aries.folder.path()).env("ARIES_STATE_DIR", aries.folder.path());
        command.env("ARIES_API_URL", aries.sandbox.origin()).env("ARIES_TOKEN_STORE", "file");
        command.env("ARIES_REDIRECT_URI", &aries.settings.redirect_uri).envs(env.iter().copied());
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = child.stderr.take().unwrap();
        std::thread::spawn(move || show(log));
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().skip(HEADING.lines().count());
        let input = child.stdin.take().unwrap();
        let mut chat = Self { child, input, lines, list_changed: 0, asked: Vec::new(), next: 0 };
        let hello = json!({"protocolVersion": "2025-11-25", "capabilities": {"elicitation": {"url": {}}}, "clientInfo": {"name": "t", "version": "1"}});
        chat.ask("initialize", hello);
        writeln!(chat.input, "{}", json!({"jsonrpc": "2.0", "method": "notifications/initialized"})).unwrap();
        chat
    }

    pub(super) fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let line = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        writeln!(self.input, "{line}").unwrap();
        loop {
            let message = self.message();
            if message["id"] == id {
                return message["result"].clone();
            }
        }
    }

    pub(super) fn message(&mut self) -> Value {
        let message: Value = serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap();
        if message["method"] == "notifications/tools/list_changed" {
            self.list_changed += 1;
        }
        if message["method"] == "elicitation/create" {
            self.asked.push(message["params"].clone());
        }
        message
    }

    pub(super) fn tools(&mut self) -> Vec<String> {
        let list = self.ask("tools/list", json!({}));
        list["tools"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(super) fn call(&mut self, tool: &str, args: Value) -> (String, bool) {
        let begun = Instant::now();
        let result = self.ask("tools/call", json!({"name": tool, "arguments": args}));
        assert!(begun.elapsed() < Duration::from_secs(2) || tool != "sign_in", "{:?}", begun.elapsed());
        (result["content"][0]["text"].as_str().unwrap().to_owned(), result["isError"] == true)
    }

    pub(super) fn sign_in(&mut self) -> String {
        let (text, failed) = self.call("sign_in", json!({}));
        assert!(!failed, "{text}");
        text
    }
}

impl Drop for Chat {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the stand-in was asked to open.
fn opened(aries: &Aries) -> Vec<String> {
    let file = aries.folder.path().join("opened");
    std::fs::read_to_string(file).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// The same as soon as there is something: the stand-in is a process of its own.
pub(super) async fn opened_soon(aries: &Aries) -> Vec<String> {
    let begun = Instant::now();
    while opened(aries).is_empty() && begun.elapsed() < LONG {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    opened(aries)
}

/// Off the runtime's thread, since the pipes block and the embedded Aries must go on.
pub(super) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

pub(super) fn address(text: &str) -> String {
    let at = text.find("http://127.0.0.1:").unwrap();
    text[at..].split_whitespace().next().unwrap().to_owned()
}

pub(super) const KEY: &str = aries_mcp::sandbox::Sandbox::CLIENT_ID;

#[tokio::test]
async fn one_flow_opens_one_page_and_changes_the_list() {
    let aries = Aries::start().await;
    let mut chat = Chat::start(&aries, &[("ARIES_READ_ONLY", "true"), ("ARIES_TOOLSETS", "market")]);
    let (mut chat, first, second) = beside(move || {
        assert_eq!(chat.tools()[0], "sign_in");
        assert!(chat.sign_in().starts_with("NOT STARTED"), "no key is known");
        let (first, failed) = chat.call("sign_in", json!({"client_id": KEY}));
        assert!(!failed, "{first}");
        let second = chat.sign_in();
        (chat, first, second)
    })
    .await;
    assert!(
        first.starts_with("SIGN-IN STARTED") && second.starts_with("SIGN-IN WAITING"),
        "{first}\n{second}"
    );
    assert_eq!(address(&first), address(&second));
    assert_eq!(opened_soon(&aries).await, [address(&first)]);
    // What the person's browser does.
    let landing = aries.http.get(address(&first)).send().await.unwrap().headers()["location"].clone();
    let page = aries.http.get(landing.to_str().unwrap()).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("You are signed in"));
    let begun = Instant::now();
    let chat = beside(move || {
        while chat.list_changed == 0 {
            chat.message();
        }
        assert!(!chat.tools().contains(&"sign_in".to_owned()));
        assert!(chat.sign_in().starts_with("SIGNED IN"));
        chat
    })
    .await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(opened_soon(&aries).await.len(), 1);
    drop(chat);
    // Remembered for the next server.
    let config = std::fs::read_to_string(aries.folder.path().join("config.toml")).unwrap();
    assert!(config.contains(KEY), "{config}");
    assert!(aries.store().load(LONG).await.unwrap().is_some());
}

#[tokio::test]
async fn a_denied_sign_in_is_told_and_not_begun_again() {
    let aries = Aries::start().await;
    let mut chat = Chat::start(&aries, &[("ARIES_CLIENT_ID", KEY)]);
    let (mut chat, text) = beside(move || {
        let text = chat.sign_in();
        (chat, text)
    })
    .await;
    let state = url::Url::parse(&address(&text)).unwrap();
    let state = state.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let denied = format!("{}?error=access_denied&state={state}", aries.settings.redirect_uri);
    aries.http.get(denied).send().await.unwrap();
    let text = beside(move || chat.sign_in()).await;
    assert!(text.starts_with("NOT SIGNED IN") && text.contains("10 minutes"), "{text}");
    assert_eq!(opened_soon(&aries).await.len(), 1);
}

#[tokio::test]
async fn a_client_that_can_open_addresses_is_asked_where_no_browser_is() {
    let aries = Aries::start().await;
    let mut chat = Chat::without_browser(&aries, &[("ARIES_CLIENT_ID", KEY)]);
    let (text, asked) = beside(move || {
        let text = chat.sign_in();
        while chat.asked.is_empty() {
            chat.message();
        }
        (text, chat.asked.clone())
    })
    .await;
    assert!(text.contains("No browser was opened"), "{text}");
    assert_eq!((&asked[0]["mode"], &asked[0]["url"]), (&json!("url"), &json!(address(&text))));
}

/// The 2026 protocol: the first answer asks the client to open the address, the second tells how it stands.
#[tokio::test]
async fn the_newest_protocol_asks_by_its_own_way() {
    let aries = Aries::start().await;
    let mut chat = Chat::without_browser(&aries, &[("ARIES_CLIENT_ID", KEY)]);
    beside(move || {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"url": {}}},
            "io.modelcontextprotocol/clientInfo": {"name": "t", "version": "1"}
        });
        let mut params = json!({"name": "sign_in", "arguments": {}, "_meta": meta});
        let first = chat.ask("tools/call", params.clone());
        assert_eq!(first["resultType"], "input_required", "{first}");
        let asked = &first["inputRequests"]["sign_in"]["params"];
        assert_eq!(asked["mode"], "url");
        assert!(asked["url"].as_str().unwrap().contains("/oauth2/authorize?"), "{first}");
        params["inputResponses"] = json!({"sign_in": {"action": "accept"}});
        let second = chat.ask("tools/call", params);
        let text = second["content"][0]["text"].as_str().unwrap();
        assert!(text.starts_with("SIGN-IN WAITING"), "{second}");
    })
    .await;
}

#[tokio::test]
async fn another_process_with_a_flow_is_named() {
    let aries = Aries::start().await;
    let env = [("ARIES_CLIENT_ID", KEY)];
    let (mut one, mut two) = (Chat::start(&aries, &env), Chat::start(&aries, &env));
    let text = beside(move || {
        assert!(one.sign_in().starts_with("SIGN-IN STARTED"));
        two.sign_in()
    })
    .await;
    assert!(text.contains("going on in another window"), "{text}");
    assert_eq!(opened_soon(&aries).await.len(), 1);
}

#[tokio::test]
async fn a_flow_elsewhere_is_named_for_another_profile_and_without_a_key() {
    let aries = Aries::start().await;
    let mut one = Chat::start(&aries, &[("ARIES_CLIENT_ID", KEY), ("ARIES_PROFILE", "work")]);
    let mut other = Chat::start(&aries, &[("ARIES_CLIENT_ID", KEY)]);
    let mut keyless = Chat::start(&aries, &[("ARIES_PROFILE", "work")]);
    let (other, keyless) = beside(move || {
        assert!(one.sign_in().starts_with("SIGN-IN STARTED"));
        (other.sign_in(), keyless.call("sign_in", json!({})).0)
    })
    .await;
    for text in [other, keyless] {
        assert!(text.contains("a sign-in of profile work is going on in another window"), "{text}");
    }
    assert_eq!(opened_soon(&aries).await.len(), 1);
}

#[tokio::test]
async fn a_sign_in_that_has_ended_can_be_begun_again_at_once() {
    let aries = Aries::start_with(|options| {
        options.access_ttl = Duration::from_secs(1);
        options.refresh_ttl = Duration::from_secs(2);
    })
    .await;
    let mut chat = Chat::start(&aries, &[("ARIES_CLIENT_ID", KEY)]);
    let (mut chat, text) = beside(move || {
        let text = chat.sign_in();
        (chat, text)
    })
    .await;
    let landing = aries.http.get(address(&text)).send().await.unwrap().headers()["location"].clone();
    aries.http.get(landing.to_str().unwrap()).send().await.unwrap();
    let over = || {
        aries_mcp::auth::SessionFile::read(&aries.settings)
            .is_some_and(|note| note.is_over(jiff::Timestamp::now()))
    };
    let begun = Instant::now();
    while !over() && begun.elapsed() < LONG {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let text = beside(move || chat.sign_in()).await;
    assert!(text.starts_with("SIGN-IN STARTED"), "{text}");
}

/// A keychain that hangs holds up the sign-in, not the answer.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_keychain_that_hangs_is_told_in_time() {
    let aries = Aries::start().await;
    let socket = aries.folder.path().join("bus");
    let _silent = tokio::net::UnixListener::bind(&socket).unwrap();
    let bus = format!("unix:path={}", socket.display());
    let env = [
        ("ARIES_CLIENT_ID", KEY),
        ("ARIES_TOKEN_STORE", "keychain"),
        ("ARIES_PROFILE", "test-of-chat"),
        ("DBUS_SESSION_BUS_ADDRESS", bus.as_str()),
    ];
    let mut chat = Chat::start(&aries, &env);
    let (first, second) = beside(move || (chat.sign_in(), chat.sign_in())).await;
    assert!(first.starts_with("SIGN-IN PREPARING") && first.contains("unlock"), "{first}");
    assert!(second.starts_with("SIGN-IN PREPARING"), "{second}");
    assert!(opened(&aries).is_empty());
    for left in
        std::fs::read_dir(&aries.settings.places.lock_dir).into_iter().flatten().filter_map(Result::ok)
    {
        if left.file_name().to_string_lossy().starts_with("test-of-chat@") {
            std::fs::remove_file(left.path()).unwrap();
        }
    }
}

#[tokio::test]
async fn only_a_loopback_redirect_can_come_back() {
    let aries = Aries::start().await;
    let elsewhere = [("ARIES_CLIENT_ID", KEY), ("ARIES_REDIRECT_URI", "https://example.com/callback")];
    let mut chat = Chat::start(&aries, &elsewhere);
    let (text, failed) = beside(move || chat.call("sign_in", json!({}))).await;
    assert!(failed && text.contains("aries-mcp login"), "{text}");
    assert!(opened(&aries).is_empty());
}

#[tokio::test]
async fn signed_out_tools_offer_it_and_signed_in_answers_warn_of_the_end() {
    let aries = Aries::start().await;
    let mut chat = Chat::start(&aries, &[]);
    let (mut chat, (text, failed)) = beside(move || {
        let told = chat.call("get_accounts", json!({}));
        (chat, told)
    })
    .await;
    assert!(failed && text.contains("aries-mcp login") && text.contains("sign_in"), "{text}");
    let mut tokens = aries.signed_in(3000).await;
    let end = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(200);
    tokens.refresh_expires_at = Some(end);
    aries.store().save(&tokens, LONG).await.unwrap();
    aries_mcp::auth::SessionFile::of(&aries.settings, &tokens).write(&aries.settings).unwrap();
    let (text, failed) = beside(move || chat.call("get_accounts", json!({}))).await;
    assert!(
        !failed
            && text.ends_with("note: the sign-in ends in 4 hours; tell the person to run `aries-mcp login`"),
        "{text}"
    );
}

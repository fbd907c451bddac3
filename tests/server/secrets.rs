//! No secret that was in play lies anywhere but in the token file: not in logs at the most talkative level, not in
//! errors, answers, config, state, or in what the system shows of the process.
//!
//! A relay in front of the token endpoint overhears every secret, verifier and codes included, so that the test
//! searches for what was really there.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::support::brisk::Limits;
use crate::support::{Aries, Client, Home, stderr, stdout};
use aries_mcp::sandbox::{Options, Sandbox};
use serde_json::{Value, json};

const KEY_SECRET: &str = "s3cret-of-the-key-0123456789";

/// Everything overheard.
type Secrets = Arc<Mutex<BTreeSet<String>>>;

/// A relay for one request per connection. The port of it goes into `ARIES_TOKEN_URL`.
fn overhear(origin: &str, secrets: &Secrets) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (target, secrets) = (origin.trim_start_matches("http://").to_owned(), Arc::clone(secrets));
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            relay(stream, &target, &secrets);
        }
    });
    port
}

fn relay(mut stream: TcpStream, target: &str, secrets: &Secrets) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let lower = line.to_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            head.push_str("connection: close\r\n\r\n");
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    note(&body, secrets);
    let mut upstream = TcpStream::connect(target).unwrap();
    upstream.write_all(head.as_bytes()).unwrap();
    upstream.write_all(&body).unwrap();
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).unwrap();
    let split = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(0);
    note(&answer[split..], secrets);
    let _ = stream.write_all(&answer);
}

fn note(body: &[u8], secrets: &Secrets) {
    let Ok(Value::Object(fields)) = serde_json::from_slice(body) else { return };
    for name in ["code", "code_verifier", "client_secret", "access_token", "refresh_token"] {
        if let Some(value) = fields.get(name).and_then(Value::as_str) {
            secrets.lock().unwrap().insert(value.to_owned());
        }
    }
}

/// One person, the texts that were seen, and the secrets to look for.
struct Watch {
    home: Home,
    aries: Aries,
    env: Vec<(&'static str, String)>,
    secrets: Secrets,
    seen: Vec<(String, String)>,
}

impl Watch {
    fn new() -> Self {
        let options = Options {
            auto_consent: true,
            require_secret: Some(KEY_SECRET.into()),
            rate_limits: false,
            ..Options::default()
        };
        let (home, aries, secrets) = (Home::new(), Aries::start(options), Secrets::default());
        let relay = overhear(&aries.origin, &secrets);
        let env = vec![
            ("ARIES_API_URL", aries.origin.clone()),
            ("ARIES_TOKEN_URL", format!("http://127.0.0.1:{relay}/v1/oauth2/token")),
            ("ARIES_CLIENT_ID", Sandbox::CLIENT_ID.to_owned()),
            ("HOME", home.path("home").display().to_string()),
            // Neither of these may make other crates write what they see.
            ("RUST_LOG", "trace".to_owned()),
            ("ARIES_LOG", "trace".to_owned()),
        ];
        Self { home, aries, env, secrets, seen: Vec::new() }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.home.command(args);
        command.envs(self.env.iter().map(|(name, value)| (*name, value.as_str())));
        command
    }

    fn saw(&mut self, place: &str, text: String) {
        self.seen.push((place.to_owned(), text));
    }

    fn run(&mut self, args: &[&str]) {
        let output = self.command(args).stdin(Stdio::null()).output().unwrap();
        self.saw(&format!("{args:?} stdout"), stdout(&output));
        self.saw(&format!("{args:?} stderr"), stderr(&output));
    }

    /// What the system shows of a running process to others.
    fn look_at(&mut self, id: u32) {
        if !cfg!(target_os = "linux") {
            return;
        }
        let of = |name: &str| std::fs::read(format!("/proc/{id}/{name}")).unwrap();
        self.saw("the process's arguments", String::from_utf8_lossy(&of("cmdline")).into_owned());
        let limits = String::from_utf8(of("limits")).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        let words: Vec<&str> = core.split_whitespace().collect();
        assert_eq!(words[4..6], ["0", "0"], "a core file could be left behind: {core}");
    }

    /// Signs in by pasting, with the secret of the key in the environment.
    fn log_in(&mut self) {
        let mut command = self.command(&["login", "--no-browser", "--trade"]);
        command.env("ARIES_CLIENT_SECRET", KEY_SECRET);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut text = String::new();
        while !text.lines().any(|line| line.starts_with("http://")) {
            assert!(log.read_line(&mut text).unwrap() > 0, "no address in {text}");
        }
        self.look_at(child.id());
        let address = text.lines().find(|line| line.starts_with("http://")).unwrap().to_owned();
        let landing = landing(&address);
        child.stdin.take().unwrap().write_all(format!("{landing}\n").as_bytes()).unwrap();
        log.read_to_string(&mut text).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{text}");
        self.saw("login stdout", stdout(&output));
        self.saw("login stderr", text);
    }

    /// A server at the most talkative level, whose time limits are brisk.
    fn serve(&mut self, log: &Path) -> Client {
        let log = std::fs::File::options().create(true).append(true).open(log).unwrap();
        let mut command = self.home.command_within(Limits::Brisk, &["serve", "--log", "trace"]);
        command.envs(self.env.iter().map(|(name, value)| (*name, value.as_str())));
        let mut client = Home::serve_logging(command, log.into());
        client.initialize("2025-11-25");
        self.look_at(client.child.id());
        client
    }

    /// Calls that work, an order, a refresh that fails like this, and one that works in a process that does not
    /// remember the failure.
    fn calls(&mut self, status: u16) {
        let path = self.home.path("serve.log");
        let mut client = self.serve(&path);
        self.order(&mut client);
        let answer = client.call("get_accounts", json!({}));
        self.saw("an answer", answer.to_string());
        // Errors whose bodies repeat what each endpoint has been sent: all of it, or the tokens.
        let repeat = |leak: &dyn Fn(&str) -> bool| {
            let secrets = self.secrets.lock().unwrap();
            let secrets: Vec<&str> = secrets.iter().map(String::as_str).filter(|one| leak(one)).collect();
            json!({"error": "server_error", "error_description": secrets.join(" ")}).to_string()
        };
        let (all, tokens) = (repeat(&|_| true), repeat(&|one| one != KEY_SECRET));
        for faults in [
            json!([
                {"path": "/v2/users/me/accounts", "fault": "status", "status": 401},
                {"path": "/v1/oauth2/token", "fault": "status", "status": status, "body": all},
            ]),
            json!([{"path": "/v2/users/me/accounts", "times": 3, "fault": "status", "status": 500, "body": tokens}]),
        ] {
            self.aries.faults(faults);
            for (tool, args) in [("get_accounts", json!({})), ("get_quotes", json!({"symbols": ["../x"]}))] {
                let answer = client.call(tool, args);
                assert_eq!(answer["isError"], json!(true), "{answer}");
                self.saw("a failing answer", answer.to_string());
            }
        }
        assert!(client.close().success());
        self.aries.http("DELETE", "/sandbox/faults", None, None);
        let mut client = self.serve(&path);
        let answer = client.call("get_accounts", json!({}));
        self.saw("an answer", answer.to_string());
        // A token that Aries has forgotten.
        self.aries.faults(json!([{"path": "/v2/users/me/accounts", "fault": "status", "status": 401}]));
        let answer = client.call("get_accounts", json!({}));
        self.saw("an answer after a 401", answer.to_string());
        assert!(client.close().success());
        self.saw("serve stderr", std::fs::read_to_string(path).unwrap());
    }

    /// An order, so that there is a journal to search.
    fn order(&mut self, client: &mut Client) {
        let order = json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "1", "type": "limit", "limit_price": "400"});
        let preview = client.call("preview_order", order);
        let ticket = preview["structuredContent"]["ticket"].as_str().unwrap_or_else(|| panic!("{preview}"));
        let placed = client.call("place_order", json!({"ticket": ticket}));
        assert_eq!(placed["structuredContent"]["state"], "WORKING", "{placed}");
        self.saw("a preview", preview.to_string());
        self.saw("an order", placed.to_string());
    }

    fn search(&mut self) {
        files(&self.home.path("config"), &mut self.seen);
        files(&self.home.path("state"), &mut self.seen);
        let secrets = self.secrets.lock().unwrap();
        for secret in secrets.iter() {
            assert!(secret.len() >= 16, "{secret:?} is too short to be looked for");
            for (place, text) in &self.seen {
                assert!(!text.contains(secret), "a secret lies in {place}: {text}");
            }
        }
    }
}

/// Every file below, except the token file itself.
fn files(folder: &Path, seen: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            if entry.file_name() != "credentials" {
                files(&path, seen);
            }
        } else {
            seen.push((
                path.display().to_string(),
                String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned(),
            ));
        }
    }
}

/// Where the browser lands; the address holds the code.
fn landing(address: &str) -> String {
    let client =
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(client.get(address).send()).unwrap();
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[test]
fn secrets_lie_in_the_token_file_alone_when_aries_refuses_a_refresh() {
    secrets_lie_in_the_token_file_alone(400);
}

#[test]
fn secrets_lie_in_the_token_file_alone_when_aries_fails_at_a_refresh() {
    secrets_lie_in_the_token_file_alone(500);
}

#[test]
fn secrets_lie_in_the_token_file_alone_when_aries_does_not_know_the_key() {
    secrets_lie_in_the_token_file_alone(401);
}

#[test]
fn secrets_lie_in_the_token_file_alone_when_aries_answers_nonsense() {
    secrets_lie_in_the_token_file_alone(200);
}

/// With a refresh that Aries answers like this.
fn secrets_lie_in_the_token_file_alone(refresh: u16) {
    let mut watch = Watch::new();
    watch.log_in();
    watch.run(&["status"]);
    watch.run(&["call", "get_accounts", "--json"]);
    watch.calls(refresh);
    watch.run(&["doctor"]);
    watch.run(&["doctor", "--json"]);
    let overheard = watch.secrets.lock().unwrap().len();
    // Code, verifier, the key's secret, and at least two pairs of tokens.
    assert!(overheard >= 7, "only {overheard} secrets were in play");
    let stored = std::fs::read_dir(watch.home.path("state/credentials")).unwrap();
    let stored: String = stored.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    assert!(stored.contains(KEY_SECRET), "the search would find a secret where one is");
    watch.search();
    assert!(watch.seen.iter().any(|(place, _)| place.contains("orders@")), "there is a journal to search");
    watch.run(&["logout"]);
    watch.run(&["call", "get_accounts"]);
    watch.search();
    assert_eq!(std::fs::read_dir(watch.home.path("state/credentials")).unwrap().count(), 0);
}

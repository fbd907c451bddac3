//! What every black-box test needs: the real binary in a private home, an MCP client over real pipes, and an
//! embedded Aries on a thread of its own.

#![expect(unreachable_pub, reason = "a test crate has no outside")]

pub mod app_host;
pub mod brisk;
pub mod browser;
pub mod disturbed;
pub mod inspector;
pub mod matrix;
pub mod relay;
pub mod scripted;
pub mod shown;
pub mod stage;
pub mod stand_in;
#[cfg(target_os = "linux")]
pub mod terminal;
pub mod wrapper;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use aries_mcp::sandbox::{Issued, Options, Sandbox};
use serde_json::{Value, json};

/// Nothing here waits longer; a test that reaches it has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A private place for config and state.
pub struct Home(tempfile::TempDir);

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    /// The real binary with a bare environment: nothing of the person who runs the tests gets in.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aries-mcp"));
        self.surround(command.args(args));
        command
    }

    /// The bare environment.
    fn surround(&self, command: &mut Command) {
        command.env_clear();
        command.env("ARIES_CONFIG_DIR", self.path("config")).env("ARIES_STATE_DIR", self.path("state"));
        command.env("ARIES_TOKEN_STORE", "file");
        // Sockets on Windows need to know where the system lies.
        for name in ["PATH", "SystemRoot"] {
            if let Ok(value) = std::env::var(name) {
                command.env(name, value);
            }
        }
    }

    /// Runs to the end with empty input.
    pub fn run(&self, args: &[&str], env: &[(&str, &str)]) -> Output {
        self.command(args).envs(env.iter().copied()).stdin(Stdio::null()).output().unwrap()
    }

    /// Signs in as a person would without a browser: `aries-mcp login`, the page visited, its landing address pasted.
    /// The Aries must consent by itself.
    pub fn sign_in(&self, aries: &Aries) {
        self.sign_in_with(aries, &[]);
    }

    /// [`Home::sign_in`] with options of `login`.
    pub fn sign_in_with(&self, aries: &Aries, options: &[&str]) {
        let login = self.login(aries, options);
        assert!(login.success, "{}", login.said);
    }

    /// [`Home::sign_in_with`], which may fail.
    pub fn login(&self, aries: &Aries, options: &[&str]) -> Login {
        self.login_at(aries, &aries.origin, options)
    }

    /// [`Home::login`] at another address of the same Aries.
    pub fn login_at(&self, aries: &Aries, origin: &str, options: &[&str]) -> Login {
        let mut command = self.command(&["login", "--no-browser"]);
        command.args(options);
        command.env("ARIES_API_URL", origin).env("ARIES_CLIENT_ID", Sandbox::CLIENT_ID);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut said = String::new();
        let address = loop {
            let line = lines.next().unwrap_or_else(|| panic!("login printed no address: {said}"));
            if line.starts_with(origin) {
                break line;
            }
            said += &format!("{line}\n");
        };
        let landed = aries.visit(&address);
        child.stdin.take().unwrap().write_all(format!("{landed}\n").as_bytes()).unwrap();
        said.extend(lines.map(|line| format!("{line}\n")));
        Login { success: child.wait().unwrap().success(), said, landed }
    }

    /// Starts a server and keeps its pipes.
    pub fn serve(&self, args: &[&str], env: &[(&str, &str)]) -> Client {
        let mut command = self.command(args);
        command.envs(env.iter().copied());
        Client::start(command)
    }
}

/// What a process is told by its system.
#[derive(Debug, Clone, Copy)]
pub enum Signal {
    Terminate,
    Interrupt,
    HangUp,
}

/// How a sign-in went.
pub struct Login {
    pub success: bool,
    /// Its words on stderr, without the address to open.
    pub said: String,
    /// The address that the browser came back to.
    pub landed: String,
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn spawn(command: &mut Command, log: Stdio) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log).spawn().unwrap()
}

/// Shows a log as output of this test, which is seen only if the test fails.
#[expect(clippy::print_stderr, reason = "the harness keeps what a test prints")]
pub fn show(log: std::process::ChildStderr) {
    BufReader::new(log).lines().map_while(Result::ok).for_each(|line| eprintln!("{line}"));
}

/// An MCP client that is nothing but lines of JSON.
pub struct Client {
    pub child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    next: u64,
    /// Everything that came before it was waited for: what is no answer to a request of ours, and answers.
    pub notifications: Vec<Value>,
}

impl Client {
    /// Its log is shown with the test, if that fails.
    pub fn start(mut command: Command) -> Self {
        Self::of(spawn(&mut command, Stdio::piped()), 0)
    }

    /// A process that says `heading` lines before it speaks MCP.
    fn of(mut child: Child, heading: usize) -> Self {
        if let Some(log) = child.stderr.take() {
            std::thread::spawn(move || show(log));
        }
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            // What the test framework says of `brisk::program` on a slow machine is not the program's.
            let lines = stdout.lines().map_while(Result::ok).skip(heading);
            let mut lines = lines.filter(|line| !line.ends_with("has been running for over 60 seconds"));
            lines.try_for_each(|line| sender.send(line))
        });
        Self { child, stdin, lines, next: 0, notifications: Vec::new() }
    }

    /// Settles a session of the 2025 era.
    pub fn initialize(&mut self, version: &str) -> Value {
        self.initialize_with(version, json!({}))
    }

    /// The same with capabilities.
    pub fn initialize_with(&mut self, version: &str, capabilities: Value) -> Value {
        let params = json!({
            "protocolVersion": version, "capabilities": capabilities, "clientInfo": {"name": "test", "version": "1"}
        });
        let answer = self.request("initialize", params);
        self.notify("notifications/initialized", json!({}));
        answer
    }

    pub fn send_line(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(line.as_bytes()).unwrap();
        stdin.write_all(b"\n").unwrap();
        stdin.flush().unwrap();
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send_line(&json!({"jsonrpc": "2.0", "method": method, "params": params}).to_string());
    }

    /// Sends without waiting; tells the id.
    pub fn send(&mut self, method: &str, params: Value) -> u64 {
        self.next += 1;
        let id = self.next;
        self.send_line(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string());
        id
    }

    /// The next line, parsed: stdout may hold nothing but JSON.
    pub fn receive(&mut self) -> Value {
        let line = self.lines.recv_timeout(PATIENCE).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("stdout held {line:?}: {error}"))
    }

    /// The next line that comes within this time, parsed.
    pub fn receive_within(&mut self, time: std::time::Duration) -> Option<Value> {
        let line = self.lines.recv_timeout(time).ok()?;
        Some(serde_json::from_str(&line).unwrap_or_else(|error| panic!("stdout held {line:?}: {error}")))
    }

    /// Waits for a notification.
    pub fn notification(&mut self, method: &str) -> Value {
        loop {
            let message = self.receive();
            if message["method"] == method {
                return message;
            }
            self.notifications.push(message);
        }
    }

    /// Tells it to end. Elsewhere than on Unix nothing can be told but that the input has ended.
    pub fn signal(&mut self, signal: Signal) {
        if cfg!(not(unix)) {
            return self.hang_up();
        }
        let name = match signal {
            Signal::Terminate => "-TERM",
            Signal::Interrupt => "-INT",
            Signal::HangUp => "-HUP",
        };
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Waits until nobody can write to its output any more.
    pub fn until_silent(&self) {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => panic!("somebody still holds the pipe"),
            }
        }
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The whole answer to an id, error or result. It may have come while another one was waited for.
    pub fn answer(&mut self, id: u64) -> Value {
        let is_it = |message: &Value| message["id"] == json!(id) && message.get("method").is_none();
        if let Some(at) = self.notifications.iter().position(is_it) {
            return self.notifications.remove(at);
        }
        loop {
            let message = self.receive();
            if is_it(&message) {
                return message;
            }
            self.notifications.push(message);
        }
    }

    /// The result of a request that must succeed.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params);
        let answer = self.answer(id);
        answer.get("result").unwrap_or_else(|| panic!("{method}: {answer}")).clone()
    }

    /// The result of a tool call.
    pub fn call(&mut self, tool: &str, args: Value) -> Value {
        self.request("tools/call", json!({"name": tool, "arguments": args}))
    }

    /// The text of a tool call that must succeed.
    pub fn text(&mut self, tool: &str, args: Value) -> String {
        let result = self.call(tool, args);
        assert_ne!(result["isError"], json!(true), "{result}");
        text_of(&result)
    }

    /// The text of a tool call that must fail.
    pub fn failure(&mut self, tool: &str, args: Value) -> String {
        let result = self.call(tool, args);
        assert_eq!(result["isError"], json!(true), "{result}");
        text_of(&result)
    }

    /// Closes stdin.
    pub fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// Waits for the end of the process; a server that stays is killed and the test fails.
    pub fn wait(&mut self) -> ExitStatus {
        // The reader thread ends with the pipe, which ends with the process.
        while self.lines.recv_timeout(PATIENCE).is_ok() {}
        let ended = self.child.try_wait().unwrap();
        if ended.is_none() {
            let (sender, ended) = channel();
            let id = self.child.id();
            std::thread::spawn(move || {
                if ended.recv_timeout(PATIENCE).is_err() {
                    let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
                }
            });
            let status = self.child.wait().unwrap();
            let _ = sender.send(());
            return status;
        }
        ended.unwrap()
    }

    pub fn close(mut self) -> ExitStatus {
        self.hang_up();
        self.wait()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn text_of(result: &Value) -> String {
    result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("no text in {result}")).to_owned()
}

/// An embedded Aries on its own thread, until it is dropped.
pub struct Aries {
    pub origin: String,
    sandbox: Sandbox,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// The HTTP client of the tests themselves. Making one takes longer than most requests, and each request has a runtime
/// of its own, so no connection is kept.
fn http_client() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        client.pool_max_idle_per_host(0).build().unwrap()
    })
}

impl Aries {
    pub fn start(options: Options) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (sender, started) = channel();
        std::thread::spawn(move || {
            runtime().block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                sender.send(Sandbox::start(listener, options).unwrap()).ok().unwrap();
                let _ = stopped.await;
            });
        });
        let sandbox = started.recv_timeout(PATIENCE).unwrap();
        Self { origin: sandbox.origin(), sandbox, stop: Some(stop) }
    }

    /// Nothing listens any more when this returns.
    pub fn end(self) {
        let address = self.origin.trim_start_matches("http://").to_owned();
        drop(self);
        stage::until("the end of Aries", || std::net::TcpStream::connect(&address).is_err());
    }

    pub fn issue(&self, scopes: &[&str]) -> Issued {
        self.sandbox.issue(scopes)
    }

    /// Variables for a server that uses this Aries with a ready token of these scopes.
    pub fn env(&self, scopes: &[&str]) -> Vec<(&'static str, String)> {
        vec![
            ("ARIES_API_URL", self.origin.clone()),
            ("ARIES_ACCESS_TOKEN", self.issue(scopes).access_token),
            ("ARIES_SCOPES", scopes.join(" ")),
        ]
    }

    /// One request of the test itself; the answer as JSON, or null.
    pub fn http(&self, method: &str, path: &str, token: Option<&str>, body: Option<Value>) -> Value {
        self.http_with_status(method, path, token, body).1
    }

    /// The same, with its status.
    pub fn http_with_status(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> (u16, Value) {
        let mut request = http_client().request(method.parse().unwrap(), format!("{}{path}", self.origin));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        runtime().block_on(async {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let text = response.text().await.unwrap();
            (status, serde_json::from_str(&text).unwrap_or(Value::Null))
        })
    }

    /// Where the browser lands after opening an address of the sign-in page.
    fn visit(&self, address: &str) -> String {
        let response = runtime().block_on(async { http_client().get(address).send().await.unwrap() });
        response.headers()["location"].to_str().unwrap().to_owned()
    }

    pub fn faults(&self, rules: Value) {
        self.http("POST", "/sandbox/faults", None, Some(rules));
    }

    /// Requests seen so far, as `METHOD path?query`.
    pub fn log(&self) -> Vec<String> {
        let log = self.http("GET", "/sandbox/log", None, None);
        let line = |entry: &Value| {
            let query =
                entry["query"].as_str().filter(|query| !query.is_empty()).map(|query| format!("?{query}"));
            format!(
                "{} {}{}",
                entry["method"].as_str().unwrap(),
                entry["path"].as_str().unwrap(),
                query.unwrap_or_default()
            )
        };
        log.as_array().unwrap().iter().map(line).collect()
    }
}

impl Drop for Aries {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

/// Parameters of a request of the protocol of 2026-07-28, by a client that can do nothing more.
pub fn modern(mut params: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"}
    });
    params
}

/// Pairs of borrowed texts, as `Home::serve` and `Home::run` take them.
pub fn pairs<'a>(env: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    env.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// All documented reading scopes.
pub const READING: &[&str] = aries_mcp::auth::scope::READING;

/// Reading scopes and the right to change watchlists.
pub fn editing() -> Vec<&'static str> {
    [READING, &["watchlist:management"]].concat()
}

/// These and the right to trade.
pub fn trading() -> Vec<&'static str> {
    [editing(), vec!["order:execution"]].concat()
}

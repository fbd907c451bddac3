//! `aries-mcp view`: a page of this machine alone, for one tool that reads, until the command ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::support::scripted::Scripted;
use crate::support::{Home, stderr};

struct Viewing {
    child: Child,
    host: String,
    path: String,
}

impl Viewing {
    fn start(args: &[&str]) -> Self {
        Self::start_with(&[], &[&["--sandbox"], args].concat())
    }

    fn start_with(env: &[(&str, &str)], args: &[&str]) -> Self {
        let mut command = Home::new().command(&[&["view", "--no-browser"], args].concat());
        command.envs(env.iter().copied());
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let (host, path) = address.trim().strip_prefix("http://").unwrap().split_once('/').unwrap();
        Self { child, host: host.to_owned(), path: format!("/{path}") }
    }

    fn send(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn get(&self, path: &str, host: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {host}"), "")
    }

    fn ask(&self, arguments: &Value) -> Value {
        let origin = format!("http://{}", self.host);
        let answer = self.post(&origin, &arguments.to_string());
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    fn post(&self, origin: &str, body: &str) -> String {
        self.send(
            &format!("POST {}call HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}", self.path, self.host),
            body,
        )
    }
}

impl Drop for Viewing {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_page_asks_its_one_tool() {
    let viewing = Viewing::start(&["chart", "KO", "--interval", "1d"]);
    let page = viewing.get(&viewing.path, &viewing.host);
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("<title>Price chart · aries-mcp</title>"),
        "{page}"
    );
    assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
    let first = viewing.ask(&json!({}));
    assert_eq!(first["input"], json!({"symbol": "KO", "interval": "1d"}));
    let text = first["result"]["content"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("SANDBOX · KO · 1d bars · 100 bars"), "{text}");
    let next = viewing.ask(&json!({"symbol": "AAPL", "interval": "1w", "limit": 3}));
    let text = next["result"]["content"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("SANDBOX · AAPL · 1w bars · 3 bars"), "{text}");
    // What the tool refuses is told as a client is told it.
    let refused = viewing.ask(&json!({"symbol": "AAPL", "interval": "2d"}));
    assert_eq!(refused["result"]["isError"], json!(true));
}

/// The command has looked whether there is an answer; the page shows that one, and a reload asks anew.
#[test]
fn the_first_answer_is_asked_for_once() {
    let bars = json!({"s": "ok", "t": [1_785_715_200], "o": [69.15], "h": [69.41], "l": [69.15], "c": [69.26], "v": [10_556_000]});
    let aries = Scripted::start(&json!([{"request": "*", "answer": bars}]));
    let env = [("ARIES_API_URL", aries.origin.as_str()), ("ARIES_ACCESS_TOKEN", "x")];
    let viewing = Viewing::start_with(&env, &["chart", "KO"]);
    let asked = aries.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    let first = viewing.ask(&json!({}));
    assert!(first["result"]["content"][0]["text"].as_str().unwrap().contains("69.26"), "{first}");
    assert_eq!(aries.asked(), asked);
    viewing.ask(&json!({}));
    assert_eq!(aries.asked().len(), 2);
}

#[test]
fn nobody_else_gets_an_answer() {
    let viewing = Viewing::start(&["portfolio", "--account", "0017"]);
    for (path, host, status) in [
        ("/", viewing.host.as_str(), "404"),
        ("/0/call", viewing.host.as_str(), "404"),
        (viewing.path.as_str(), "evil.example", "421"),
        (viewing.path.trim_end_matches('/'), viewing.host.as_str(), "404"),
    ] {
        let answer = viewing.get(path, host);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path} {host}: {answer}");
    }
    for origin in ["null", "http://evil.example", &format!("https://{}", viewing.host)] {
        assert!(viewing.post(origin, "{}").starts_with("HTTP/1.1 403"), "{origin}");
    }
    let origin = format!("http://{}", viewing.host);
    for body in ["", "[]", "{", &"x".repeat(5000)] {
        assert!(viewing.post(&origin, body).starts_with("HTTP/1.1 400"), "{body}");
    }
}

#[cfg(unix)]
#[test]
fn the_page_is_gone_with_the_command() {
    let mut viewing = Viewing::start(&["chain", "AAPL"]);
    let id = viewing.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(viewing.child.wait().unwrap().code(), Some(0));
    assert!(TcpStream::connect(&viewing.host).is_err());
}

#[test]
fn without_a_sign_in_it_says_what_to_do() {
    let output = Home::new().run(&["view", "portfolio"], &[]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("aries-mcp login"), "{}", stderr(&output));
}

//! HTTP as bytes: requests read, passed on and answered, one connection for each that is passed on.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};

use serde_json::{Value, json};

pub(super) struct Request {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: Vec<String>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<String>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn of(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub(super) fn text(status: u16, kind: &str, body: &str) -> Self {
        Self { status, headers: vec![format!("content-type: {kind}")], body: body.as_bytes().to_vec() }
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// Lines of a head, then the body; `None` where the connection ends.
fn message(reader: &mut BufReader<TcpStream>) -> Option<(String, Vec<String>, Vec<u8>)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        lines.push(line.to_owned());
    }
    let length = lines.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let first = lines.remove(0);
    Some((first, lines, body))
}

pub(super) fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let (first, headers, body) = message(reader)?;
    let mut words = first.split(' ');
    Some(Request { method: words.next()?.to_owned(), target: words.next()?.to_owned(), headers, body })
}

fn is_about_the_connection(header: &&String) -> bool {
    let name = header.split(':').next().unwrap_or_default().to_ascii_lowercase();
    !["host", "connection", "content-length", "transfer-encoding", "accept-encoding"].contains(&name.as_str())
}

/// Sends a request to `host` and reads the whole answer.
pub(super) fn pass_on(host: &str, request: &Request) -> Answer {
    let mut stream = TcpStream::connect(host).unwrap();
    let mut head = format!("{} {} HTTP/1.1\r\nhost: {host}\r\n", request.method, request.target);
    for header in request.headers.iter().filter(is_about_the_connection) {
        head += &format!("{header}\r\n");
    }
    head += &format!("content-length: {}\r\nconnection: close\r\n\r\n", request.body.len());
    stream.write_all(&[head.as_bytes(), &request.body].concat()).unwrap();
    let Some((first, headers, body)) = message(&mut BufReader::new(stream)) else {
        return Answer::of(502, &json!({}));
    };
    let status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(502);
    Answer { status, headers: headers.iter().filter(is_about_the_connection).cloned().collect(), body }
}

/// Writes an answer, or its half, after which the connection is closed. Tells whether it stays open.
pub(super) fn write(stream: &mut TcpStream, answer: &Answer, whole: bool) -> bool {
    let mut head = format!("HTTP/1.1 {} X\r\ncontent-length: {}\r\n", answer.status, answer.body.len());
    for header in &answer.headers {
        head += &format!("{header}\r\n");
    }
    head += "\r\n";
    let body = if whole { &answer.body[..] } else { &answer.body[..answer.body.len() / 2] };
    let written = stream.write_all(&[head.as_bytes(), body].concat()).is_ok();
    if !whole {
        let _ = stream.shutdown(Shutdown::Both);
    }
    written && whole
}

//! An HTTP server on a thread that answers from a script.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{Client, Home, editing};

/// Today in New York, where the program lives.
pub fn today() -> String {
    jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::get("America/New_York").unwrap()).date().to_string()
}

/// An Aries that answers what a script says, and notes what it was asked.
pub struct Scripted {
    pub origin: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// Each exchange is an object of `request`, `answer` and, if it is not 200, `status`. The request `*` fits all.
    pub fn start(exchanges: &Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let exchanges: Arc<Vec<Exchange>> =
            Arc::new(exchanges.as_array().unwrap().iter().map(Exchange::of).collect());
        let noted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (exchanges, noted) = (Arc::clone(&exchanges), Arc::clone(&noted));
                std::thread::spawn(move || talk(stream, &exchanges, &noted));
            }
        });
        Self { origin, asked }
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// One exchange, with its answer as it is sent: some are large, and asked for often.
struct Exchange {
    request: String,
    status: u64,
    answer: String,
}

impl Exchange {
    fn of(value: &Value) -> Self {
        Self {
            request: value["request"].as_str().unwrap().to_owned(),
            status: value["status"].as_u64().unwrap_or(200),
            answer: value["answer"].to_string(),
        }
    }
}

/// Method and target of the next request, and its body; `None` at the end of the connection.
pub fn read_request(reader: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let length = lines.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    Some((lines[0].trim_end_matches(" HTTP/1.1").to_owned(), String::from_utf8(body).unwrap()))
}

fn talk(stream: TcpStream, exchanges: &[Exchange], asked: &Mutex<Vec<String>>) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    while let Some((mut request, body)) = read_request(&mut reader) {
        if !body.is_empty() {
            request = format!("{request} {body}");
        }
        let request = request.replace(&today(), "{today}");
        let mut asked = asked.lock().unwrap();
        // The same request may be answered differently the second time.
        let before = asked.iter().filter(|one| **one == request).count();
        let mut fitting = exchanges.iter().filter(|one| one.request == request || one.request == "*");
        let found = fitting.clone().nth(before).or_else(|| fitting.next_back());
        asked.push(request);
        let (status, body) = match found {
            Some(found) => (found.status, found.answer.as_str()),
            None => (400, r#"{"message":"not in this case"}"#),
        };
        drop(asked);
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(body.as_bytes())).is_err() {
            return;
        }
    }
}

/// A server with every tool but those for orders, on an Aries that has these answers.
pub fn scripted(exchanges: &Value) -> (Scripted, Client) {
    let scripted = Scripted::start(exchanges);
    let env = [
        ("ARIES_API_URL", scripted.origin.as_str()),
        ("ARIES_ACCESS_TOKEN", "x"),
        ("ARIES_SCOPES", &editing().join(" ")),
    ];
    let mut client = Home::new().serve(&["serve", "--toolsets", "all"], &env);
    client.initialize("2025-11-25");
    (scripted, client)
}

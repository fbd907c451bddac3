//! A host of MCP Apps in a real browser: `app_host.html` speaks with the frame, and its calls reach the real program.

use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::Client;
use super::scripted::read_request;

/// What the extension says a client without other agreements allows a page.
const POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; media-src 'self' data:; connect-src 'none'";

pub struct AppHost {
    origin: String,
    shared: Arc<Shared>,
}

struct Shared {
    origin: String,
    client: Mutex<Client>,
    violations: Mutex<Vec<String>>,
}

impl AppHost {
    /// The client has to have offered the extension.
    pub fn start(client: Client) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            origin: origin.clone(),
            client: Mutex::new(client),
            violations: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&serving);
                std::thread::spawn(move || shared.talk(stream));
            }
        });
        Self { origin, shared }
    }

    /// The page that shows what `asked` says: `uri`, `tool`, `arguments`, and how the host behaves.
    pub fn address(&self, asked: &Value) -> String {
        let asked = url::form_urlencoded::byte_serialize(asked.to_string().as_bytes()).collect::<String>();
        format!("{}/host#{}", self.origin, asked.replace('+', "%20"))
    }

    /// The page itself, in no frame.
    pub fn page(&self, uri: &str) -> String {
        format!("{}/app?uri={uri}", self.origin)
    }

    /// What a page did that the policy forbids.
    pub fn violations(&self) -> Vec<String> {
        self.shared.violations.lock().unwrap().clone()
    }
}

impl Shared {
    fn talk(&self, stream: TcpStream) {
        let mut writer = stream.try_clone().unwrap();
        let mut reader = BufReader::new(stream);
        while let Some((request, body)) = read_request(&mut reader) {
            let (head, text) = self.answer(&request, &body);
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\ncache-control: no-store\r\n{head}\r\n\r\n{text}",
                text.len()
            );
            if writer.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }

    fn answer(&self, request: &str, body: &str) -> (String, String) {
        const HTML: &str = "content-type: text/html; charset=utf-8";
        if request == "GET /host" {
            return (HTML.to_owned(), include_str!("app_host.html").to_owned());
        }
        if let Some(uri) = request.strip_prefix("GET /app?uri=") {
            let uri = uri.replace("%3A", ":").replace("%2F", "/");
            let read = self.client.lock().unwrap().request("resources/read", json!({ "uri": uri }));
            let policy = format!("{POLICY}; report-uri {}/violation", self.origin);
            let page = read["contents"][0]["text"].as_str().unwrap().to_owned();
            return (format!("{HTML}\r\ncontent-security-policy: {policy}"), page);
        }
        if request == "POST /rpc" {
            let params: Value = serde_json::from_str(body).unwrap();
            let mut client = self.client.lock().unwrap();
            let id = client.send("tools/call", params);
            let answer = client.answer(id);
            let result = answer.get("result").cloned();
            let failed =
                || json!({"isError": true, "content": [{"type": "text", "text": answer.to_string()}]});
            return ("content-type: application/json".to_owned(), result.unwrap_or_else(failed).to_string());
        }
        if request == "POST /violation" {
            self.violations.lock().unwrap().push(body.to_owned());
        }
        ("content-type: text/plain".to_owned(), String::new())
    }
}

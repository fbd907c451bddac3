//! A headless Chromium, driven through chromedriver; what it shows can be looked at in `ARIES_TEST_SCREENSHOTS`.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::PATIENCE;

/// A port that nobody uses right now, for programs that cannot be told to choose one.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until somebody listens there.
pub fn wait_for_port(port: u16, who: &str) {
    let end = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "{who} does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub struct Browser {
    driver: Child,
    base: String,
    session: String,
}

impl Browser {
    pub fn start() -> Self {
        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("chromedriver does not start: {error}"));
        let mut browser = Self { driver, base: format!("http://127.0.0.1:{port}"), session: String::new() };
        wait_for_port(port, "chromedriver");
        let options =
            json!({"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,1200"]});
        let wanted = json!({"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}});
        let session = json!({"capabilities": {"alwaysMatch": wanted}});
        let answer = browser.ask("POST", "/session", session);
        let id = answer["sessionId"].as_str().unwrap_or_else(|| panic!("{answer}"));
        browser.session = format!("/session/{id}");
        browser
    }

    fn ask(&self, method: &str, path: &str, body: Value) -> Value {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = client.request(method.parse().unwrap(), format!("{}{path}", self.base));
        if method == "POST" {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let text = runtime.block_on(async { request.send().await.unwrap().text().await.unwrap() });
        serde_json::from_str::<Value>(&text).unwrap()["value"].clone()
    }

    fn command(&self, name: &str, body: Value) -> Value {
        self.ask("POST", &format!("{}{name}", self.session), body)
    }

    pub fn open(&self, address: &str) {
        self.command("/url", json!({"url": address}));
    }

    pub fn reload(&self) {
        self.command("/refresh", json!({}));
    }

    /// Goes into the page's first frame; [`Browser::open`] leaves it.
    pub fn enter_frame(&self) {
        self.command("/frame", json!({"id": 0}));
    }

    pub fn leave_frame(&self) {
        self.command("/frame", json!({"id": null}));
    }

    /// The window's size, in pixels.
    pub fn resize(&self, width: u32, height: u32) {
        self.command("/window/rect", json!({"width": width, "height": height}));
    }

    /// What a script returns.
    pub fn value(&self, script: &str) -> Value {
        self.command("/execute/sync", json!({"script": script, "args": []}))
    }

    /// Waits until a script returns true.
    pub fn until(&self, script: &str) {
        let end = Instant::now() + PATIENCE;
        while self.value(script) != json!(true) {
            assert!(Instant::now() < end, "not true: {script}: {}", self.text());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What a person reads.
    pub fn text(&self) -> String {
        let script = json!({"script": "return document.body.innerText", "args": []});
        self.command("/execute/sync", script).as_str().unwrap_or_default().to_owned()
    }

    pub fn wait_for(&self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.text().contains(text) {
            assert!(Instant::now() < end, "{text} does not appear: {}", self.text());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Does something to what an XPath finds, once it is there and can be used.
    fn act(&self, xpath: &str, act: &str, body: &Value) {
        let end = Instant::now() + PATIENCE;
        loop {
            let found = self.command("/element", json!({"using": "xpath", "value": xpath}));
            let id = found.as_object().and_then(|found| found.values().next()?.as_str());
            let done = id.map(|id| self.command(&format!("/element/{id}/{act}"), body.clone()));
            // An error is an object, success is null.
            if done.as_ref().is_some_and(Value::is_null) {
                return;
            }
            assert!(Instant::now() < end, "{act} {xpath}: {found} {done:?}: {}", self.text());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Clicks what an XPath finds.
    pub fn click(&self, xpath: &str) {
        self.act(xpath, "click", &json!({}));
    }

    /// Types into what an XPath finds.
    pub fn write(&self, xpath: &str, text: &str) {
        self.act(xpath, "value", &json!({"text": text}));
    }

    /// Presses keys, one after another, as a person does who has no mouse.
    pub fn press(&self, keys: &str) {
        let presses =
            keys.chars().flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key})));
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": presses.collect::<Vec<_>>()});
        self.command("/actions", json!({"actions": [keyboard]}));
    }

    /// What a screen reader calls the elements that a CSS selector finds, each with its role.
    pub fn names(&self, selector: &str) -> Vec<(String, String)> {
        let found = self.command("/elements", json!({"using": "css selector", "value": selector}));
        let found = found
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_object().unwrap().values().next().unwrap().clone());
        let ask = |id: &Value, what: &str| {
            let path = format!("{}/element/{}/computed{what}", self.session, id.as_str().unwrap());
            self.ask("GET", &path, json!({})).as_str().unwrap_or_default().to_owned()
        };
        found.map(|id| (ask(&id, "role"), ask(&id, "label"))).collect()
    }

    /// What pages did since the last look that their policies forbid, as the browser tells it.
    pub fn violations(&self) -> Vec<String> {
        let log = self.command("/se/log", json!({"type": "browser"}));
        let entries = log.as_array().unwrap().iter().filter(|entry| entry["source"] == "security");
        entries.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    /// Keeps what it shows, if somebody wants to look at it.
    pub fn screenshot(&self, name: &str) {
        use base64::Engine;
        let Ok(folder) = std::env::var("ARIES_TEST_SCREENSHOTS") else { return };
        let picture = self.ask("GET", &format!("{}/screenshot", self.session), json!({}));
        let bytes = base64::engine::general_purpose::STANDARD.decode(picture.as_str().unwrap()).unwrap();
        std::fs::write(format!("{folder}/{name}.png"), bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.ask("DELETE", &self.session, json!({}));
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

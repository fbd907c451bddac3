//! One of our pages as a client shows it: in a frame of the test host, in a real browser, with the real program behind it.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::app_host::AppHost;
use super::browser::Browser;
use super::stage::until;
use super::{Client, Home, text_of};

/// What a client offers that shows pages.
pub fn offer() -> Value {
    json!({"extensions": {"io.modelcontextprotocol/ui": {"mimeTypes": ["text/html;profile=mcp-app"]}}})
}

/// A settled session on the embedded Aries of a client that shows pages.
pub fn showing() -> Client {
    showing_with(&[])
}

/// The same, which may trade live by a config file in this folder. No browser can be started.
pub fn trading_live(folder: &Path) -> Client {
    let config = folder.join("config.toml");
    std::fs::write(&config, "[trading]\nlive = true\n").unwrap();
    showing_with(&["--config", config.to_str().unwrap()])
}

fn showing_with(options: &[&str]) -> Client {
    let args = [&["serve", "--sandbox"], options].concat();
    let mut client = Home::new().serve(&args, &[("PATH", "/nowhere")]);
    client.initialize_with("2025-11-25", offer());
    client
}

pub struct Shown {
    pub browser: Browser,
    pub host: AppHost,
}

impl Shown {
    pub fn new(client: Client, asked: &Value) -> Self {
        let shown = Self { browser: Browser::start(), host: AppHost::start(client) };
        shown.show(asked);
        shown
    }

    pub fn show(&self, asked: &Value) {
        // A new fragment alone loads nothing.
        self.browser.open("about:blank");
        self.browser.open(&self.host.address(asked));
        self.browser.enter_frame();
    }

    /// The cells of the page's tables, row by row.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let script = "return [...document.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent))";
        serde_json::from_value(self.browser.value(script)).unwrap()
    }

    /// Every figure that the page shows or reads out, apart from the seconds that are left, a picture's scale and the names
    /// of buttons.
    pub fn figures(&self) -> BTreeSet<String> {
        let script = "
            const view = document.getElementById('view');
            const told = [...view.querySelectorAll('[aria-label], [title]')]
              .filter((element) => !element.closest('svg'))
              .flatMap((element) => [element.getAttribute('aria-label'), element.getAttribute('title')]);
            const copy = view.cloneNode(true);
            for (const other of copy.querySelectorAll('svg, #left, button:not(th button)')) other.remove();
            // Cells that stand side by side are words apart.
            const words = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
            while (words.nextNode()) told.push(words.currentNode.data);
            return told.join(' ')";
        figures(self.browser.value(script).as_str().unwrap())
    }

    /// What the frame said to its host.
    pub fn heard(&self) -> Vec<Value> {
        self.of_host("return heard").as_array().unwrap().clone()
    }

    /// What a script returns that runs in the host.
    pub fn of_host(&self, script: &str) -> Value {
        self.browser.leave_frame();
        let value = self.browser.value(script);
        self.browser.enter_frame();
        value
    }

    /// Sets the window's size and the host's theme, and waits until the page has both.
    pub fn set(&self, (width, height): (u32, u32), theme: &str) {
        self.browser.leave_frame();
        self.browser.resize(width, height);
        self.browser.value(&format!("show('{theme}')"));
        self.browser.enter_frame();
        self.browser.until(&format!("return document.documentElement.dataset.theme === '{theme}'"));
    }

    /// Keeps the page in both themes and two widths, if somebody wants to look at it.
    pub fn pictures(&self, name: &str) {
        for (width, height) in [(1000, 760), (360, 1100)] {
            for theme in ["light", "dark"] {
                self.set((width, height), theme);
                self.browser.screenshot(&format!("view-{name}-{theme}-{width}"));
            }
        }
    }

    /// Fails if the page did something that its policy forbids. The page is made to do one such thing, so that it is known
    /// that the browser reports them.
    pub fn clean(&self) {
        self.browser.value("fetch('/planted').catch(() => {})");
        let is_planted = |one: &String| one.contains("/planted");
        until("the violation that was planted", || self.host.violations().iter().any(is_planted));
        let mut others = self.host.violations();
        others.retain(|one| !is_planted(one));
        assert_eq!(others, Vec::<String>::new());
    }
}

/// The figures of a text, as they are written.
pub fn figures(text: &str) -> BTreeSet<String> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && !",.-".contains(c));
    let bare = parts.map(|part| part.trim_end_matches([',', '.', '-']).trim_start_matches([',', '.']));
    let is_figure = |part: &&str| part.contains(|c: char| c.is_ascii_digit());
    bare.filter(is_figure).map(str::to_owned).collect()
}

/// Rows of an answer's tables as lists of cells.
pub fn table_rows(text: &str) -> Vec<Vec<String>> {
    let rows = text.lines().filter(|line| line.contains('|'));
    rows.map(|row| row.split('|').map(str::to_owned).collect()).collect()
}

/// An answer that the host gives to the page as it stands, so that the text and the page can be compared.
pub fn answer(client: &mut Client, tool: &str, arguments: &Value) -> (Value, String) {
    let result = client.call(tool, arguments.clone());
    let text = text_of(&result);
    (result, text)
}

/// What the host is asked to show.
pub fn asked(uri: &str, tool: &str, arguments: &Value, result: &Value) -> Value {
    json!({"uri": uri, "tool": tool, "arguments": arguments, "result": result, "theme": "light"})
}

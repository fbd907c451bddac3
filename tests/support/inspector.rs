//! MCP Inspector's web page with one server, driven in a real browser.

use std::process::{Child, Command, Stdio};

use super::browser::{Browser, free_port, wait_for_port};

/// The command a client starts.
pub type Server = Vec<String>;

/// Where `.ci/run` put a tool; without it the test fails, since a silent pass would prove nothing.
pub fn place(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: .ci/run sets it and installs what it names"))
}

/// Inspector's web page with one server, which ends with this value.
pub struct InspectorPage {
    inspector: Child,
    pub browser: Browser,
    _home: tempfile::TempDir,
}

impl InspectorPage {
    pub fn open(server: &Server) -> Self {
        let home = tempfile::tempdir().unwrap();
        let port = free_port();
        let inspector = Command::new(place("ARIES_TEST_NODE"))
            .arg(format!("{}/.bin/mcp-inspector", place("ARIES_TEST_NODE_MODULES")))
            .args(["--web", "--"])
            .args(server)
            .env("HOME", home.path())
            .env("CLIENT_PORT", port.to_string())
            .env("MCP_SANDBOX_PORT", free_port().to_string())
            .env("MCP_AUTO_OPEN_ENABLED", "false")
            .env("DANGEROUSLY_OMIT_AUTH", "true")
            .env("MCP_INSPECTOR_SECRET_STORE", "memory")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_for_port(port, "MCP Inspector");
        let browser = Browser::start();
        browser.open(&format!("http://127.0.0.1:{port}"));
        // The switch that connects.
        browser.click("//label[.//input[@role='switch']] | //input[@role='switch']");
        let page = Self { inspector, browser, _home: home };
        page.tab("Tools");
        page
    }

    pub fn tab(&self, name: &str) {
        self.browser.click(&format!("//*[normalize-space(text())='{name}']"));
    }

    fn field(name: &str) -> String {
        format!("//input[@id=//label[normalize-space(text()[1])='{name}']/@for]")
    }

    pub fn fill(&self, name: &str, value: &str) {
        self.browser.write(&Self::field(name), value);
    }

    pub fn choose(&self, name: &str, value: &str) {
        self.browser.click(&Self::field(name));
        self.browser.click(&format!("//*[@role='option'][normalize-space(.)='{value}']"));
    }

    pub fn tool(&self, title: &str) {
        self.browser.click(&format!("//*[normalize-space(text())='{title}']"));
    }

    pub fn execute(&self) {
        self.browser.click("//button[contains(., 'Execute Tool')]");
    }

    /// Previews ten shares of Microsoft at 400 and asks to place them.
    pub fn order(&self, account: &str) {
        self.tool("Preview an order");
        for (name, value) in
            [("account", account), ("symbol", "MSFT"), ("quantity", "10"), ("limit_price", "400")]
        {
            self.fill(name, value);
        }
        self.choose("action", "buy");
        self.choose("type", "limit");
        self.execute();
        self.browser.wait_for("PREVIEW, nothing sent");
        let text = self.browser.text();
        let (_, ticket) = text.split_once("ticket: ").unwrap();
        let ticket = ticket.split_whitespace().next().unwrap();
        self.tool("Place an order");
        self.fill("ticket", ticket);
        self.execute();
    }
}

impl Drop for InspectorPage {
    fn drop(&mut self) {
        let _ = self.inspector.kill();
        let _ = self.inspector.wait();
    }
}

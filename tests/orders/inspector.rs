//! A person in MCP Inspector's Apps panel: previews an option, sees the payoff, approves the live order on the approval page
//! and watches it fill, there and here.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::approval::{OPENED, Watched};
use crate::support::Client;
use crate::support::browser::Browser;
use crate::support::inspector::{InspectorPage, Server};
use crate::support::stage::until;

/// A launcher of the browser that notes where it was sent, since Inspector starts the program itself.
const LAUNCHER: &str = "#!/bin/sh\nsed -n 's/.*; url=\\([^\"]*\\)\".*/\\1/p' \"$1\" >> ";

fn write_launcher(stage: &Watched) {
    let path = stage.home.path("bin/xdg-open");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, format!("{LAUNCHER}{}\n", stage.home.path("opened").display())).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The command by which Inspector starts a program that may trade live. It passes a thin environment on.
fn server(stage: &Watched) -> Server {
    let folder = |name: &str| stage.home.path(name).to_str().unwrap().to_owned();
    let mut command = vec!["env".to_owned()];
    command.extend(stage.env().into_iter().map(|(name, value)| format!("{name}={value}")));
    command.push(format!("ARIES_CONFIG_DIR={}", folder("config")));
    command.push(format!("ARIES_STATE_DIR={}", folder("state")));
    command.push(format!("PATH={}:/usr/bin:/bin", folder("bin")));
    command.extend([env!("CARGO_BIN_EXE_aries-mcp"), "serve"].map(str::to_owned));
    command
}

/// The contract nearest to the money, and its ask.
fn option(client: &mut Client) -> (String, String) {
    let days = client.text("get_option_chain", json!({"symbol": "AAPL"}));
    let day = days.lines().nth(1).unwrap().split(' ').nth(2).unwrap().to_owned();
    let chain = client.text("get_option_chain", json!({"symbol": "AAPL", "expiration": day}));
    let money = chain.lines().find(|line| line.contains("(ATM)")).unwrap();
    let cells: Vec<&str> = money.split('|').collect();
    (cells[0].to_owned(), cells[1].to_owned())
}

#[test]
#[ignore = "needs node, MCP Inspector, chromium and chromedriver: run by .ci/run"]
fn a_person_approves_a_live_order_from_the_apps_panel_and_watches_it_fill() {
    let stage = Watched::new(OPENED);
    write_launcher(&stage);
    let mut reader = stage.client();
    let (contract, bid) = option(&mut reader);
    let page = InspectorPage::open(&server(&stage));
    let browser = &page.browser;
    page.tab("Apps");
    browser.wait_for("MCP Apps (5)");
    page.tool("Preview an order");
    for (name, value) in
        [("account", "1002"), ("symbol", &contract), ("quantity", "2"), ("limit_price", &bid)]
    {
        page.fill(name, value);
    }
    page.choose("action", "buy_to_open");
    page.choose("type", "limit");
    browser.click("//button[contains(., 'Open App')]");
    browser.until("return document.querySelectorAll('iframe').length === 1");
    enter_app(browser);
    browser.wait_for("SANDBOX (plays live) …1002");
    browser.until("return document.querySelectorAll('.payoff polyline').length === 1");
    browser.screenshot("inspector-app-preview");
    browser.click("//button[contains(., 'Approve on the page')]");
    browser.wait_for("Nothing is sent unless you approve it there");
    assert_eq!(stage.orders(), 0);

    // The person's own browser, which the program has started.
    let own = Browser::start();
    own.open(&stage.opened().address());
    own.wait_for("Approve this order?");
    own.until("return document.querySelectorAll('.payoff polyline').length === 1");
    own.click("//button[@class='approve']");
    own.wait_for("WORKING");
    enter_app(browser);
    browser.click("//button[text()='Show the outcome']");
    browser.wait_for("WORKING");
    browser.screenshot("inspector-app-working");

    let id = || stage.journal().iter().find_map(|one| one["order"].as_str().map(str::to_owned));
    until("the id in the journal", || id().is_some());
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id()})));
    for (browser, name) in [(browser, "inspector-app-filled"), (&own, "inspector-page-filled")] {
        browser.wait_for("FILLED");
        browser.wait_for("2 of 2 filled");
        browser.screenshot(name);
    }
    assert_eq!(stage.orders(), 1);
    assert_eq!(own.violations(), Vec::<String>::new());
}

/// Goes into the page that the Apps panel shows: a frame within a frame.
fn enter_app(browser: &Browser) {
    browser.leave_frame();
    browser.enter_frame();
    browser.enter_frame();
}

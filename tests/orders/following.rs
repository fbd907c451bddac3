//! The approval page after the decision: it follows the order until that has ended, for the browser that opened it alone.

use serde_json::{Value, json};

use super::approval::{OPENED, Page, Watched};
use crate::support::brisk::Limits;
use crate::support::browser::Browser;
use crate::support::stage::{begin_to_place, msft, state, ticket, until};
use crate::support::{Client, text_of};

/// A live order that waits for its yes.
fn presented(stage: &Watched) -> (Client, u64, Page) {
    let mut client = stage.server_within(Limits::BriefSockets, true);
    client.initialize("2025-06-18");
    let ticket = ticket(&mut client, msft("1002"));
    let call = begin_to_place(&mut client, &ticket);
    let page = stage.opened();
    (client, call, page)
}

fn approve(page: &Page) {
    page.post(&page.own_origin(), &page.token(), "approve");
}

/// Fills so many shares of the order.
fn fill(stage: &Watched, result: &Value, shares: &str) {
    let id = &result["structuredContent"]["order_id"];
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id, "qty": shares})));
}

/// How the order stands, by the page.
fn shown(page: &Page) -> Value {
    let answer = page.get_below("/state");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[test]
fn the_page_follows_an_order_until_it_is_filled() {
    let stage = Watched::new(OPENED);
    let (mut client, call, page) = presented(&stage);
    // Nothing is told before the decision.
    page.get();
    assert!(page.get_below("/state").starts_with("HTTP/1.1 404"));
    approve(&page);
    let placed = client.answer(call)["result"].clone();
    let working = shown(&page);
    assert_eq!((&working["state"], &working["may_change"]), (&json!("WORKING"), &json!(true)), "{working}");
    assert!(page.get().contains("follows the order until it has ended"));
    fill(&stage, &placed, "4");
    until("the page to show a part", || shown(&page)["state"] == "PARTIALLY FILLED");
    assert!(shown(&page)["sentence"].as_str().unwrap().contains("4 of 10 filled"));
    fill(&stage, &placed, "6");
    until("the page to show the end", || shown(&page)["state"] == "FILLED");
    assert_eq!(shown(&page)["may_change"], json!(false));
    let whole = page.get();
    assert!(whole.contains("10 of 10 filled") && whole.contains("You can close this tab"), "{whole}");
    assert_eq!(stage.orders(), 1);
    // What the assistant is told is the same.
    assert_eq!(state(&placed), "WORKING");
}

#[test]
fn nobody_else_is_told_how_the_order_stands() {
    let stage = Watched::new(OPENED);
    let (mut client, call, page) = presented(&stage);
    approve(&page);
    client.answer(call);
    shown(&page);
    let other = Page::at(&page.address());
    assert!(other.get_below("/state").starts_with("HTTP/1.1 403"));
    let origin = page.own_origin();
    let written = page.send(&format!("POST {}/state HTTP/1.1\r\n{origin}Host: x\r\n\r\n", page.address()));
    assert!(written.starts_with("HTTP/1.1 4"), "{written}");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_person_watches_the_order_fill_in_a_real_browser() {
    let browser = Browser::start();
    let stage = Watched::new(OPENED);
    let mut client = stage.server_within(Limits::BriefSockets, true);
    client.initialize("2025-06-18");
    // An option, so that there is a payoff to see.
    let days = client.text("get_option_chain", json!({"symbol": "AAPL"}));
    let day = days.lines().nth(1).unwrap().split(' ').next_back().unwrap().to_owned();
    let quote = client.text("get_option_chain", json!({"symbol": "AAPL", "expiration": day, "strikes": 1}));
    let row = quote
        .lines()
        .find(|line| line.contains("AAPL2"))
        .unwrap()
        .split('|')
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let order = json!({"account": "1002", "symbol": row[0], "action": "buy_to_open", "quantity": "2",
        "type": "limit", "limit_price": row[1]});
    let ticket = ticket(&mut client, order);
    let call = begin_to_place(&mut client, &ticket);
    browser.open(&stage.opened().address());
    browser.wait_for("Approve this order?");
    browser.until("return document.querySelectorAll('.payoff polyline').length === 1");
    for fact in [
        "SANDBOX (plays live) …1002",
        "BUY TO OPEN 2 AAPL",
        "Maximum loss",
        "Breakeven at expiration",
        "Estimated cost",
        "This page ends in",
    ] {
        assert!(browser.text().contains(fact), "{fact}: {}", browser.text());
    }
    for (width, theme) in [(760, "wide"), (340, "narrow")] {
        browser.resize(width, 1000);
        let fits = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        browser.until(fits);
        browser.screenshot(&format!("approval-option-{theme}"));
    }
    browser.click("//button[@class='approve']");
    browser.wait_for("WORKING");
    let placed = client.answer(call)["result"].clone();
    assert_eq!(state(&placed), "WORKING", "{}", text_of(&placed));
    fill(&stage, &placed, "1");
    browser.wait_for("PARTIALLY FILLED");
    browser.screenshot("approval-option-part");
    fill(&stage, &placed, "1");
    browser.wait_for("2 of 2 filled");
    browser.wait_for("You can close this tab.");
    browser.screenshot("approval-option-filled");
    // A page whose program has ended says so, and goes on showing the order.
    assert_eq!(browser.violations(), Vec::<String>::new());
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_page_whose_program_has_ended_says_so() {
    let browser = Browser::start();
    let stage = Watched::new(OPENED);
    let (mut client, call, page) = presented(&stage);
    browser.open(&page.address());
    browser.wait_for("Approve this order?");
    browser.click("//button[@class='approve']");
    browser.wait_for("WORKING");
    client.answer(call);
    client.kill();
    browser.wait_for("aries-mcp does not answer any more");
    assert!(browser.text().contains("BUY 10 MSFT"));
}

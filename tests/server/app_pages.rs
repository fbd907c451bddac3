//! What the pages beside answers show in a real browser: every figure of the answer, and no other one.

use serde_json::{Value, json};

use crate::support::shown::{Shown, answer, asked, figures, showing, table_rows, trading_live};
use crate::support::text_of;

/// The text of an answer without what only a model needs: what to ask next, and the ticket.
fn for_people(text: &str) -> String {
    let is_for_people =
        |line: &&str| !line.contains('`') && !line.contains("next:") && !line.starts_with("ticket:");
    // An order's sentence stands alone.
    let shown = |line: &'_ str| match line.split_once(" · asked ") {
        Some((preview, _)) if preview.starts_with("PREVIEW") => preview.to_owned(),
        _ => line.to_owned(),
    };
    text.lines().filter(is_for_people).map(shown).collect::<Vec<_>>().join("\n")
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_portfolio_page_shows_the_figures_of_the_answer() {
    let mut client = showing();
    let (result, text) = answer(&mut client, "get_portfolio", &json!({}));
    let shown = Shown::new(client, &asked("ui://aries/portfolio", "get_portfolio", &json!({}), &result));
    shown.browser.until("return document.querySelectorAll('section').length >= 2");
    shown.pictures("portfolio");
    let rows = shown.rows();
    for row in table_rows(&text) {
        assert!(rows.contains(&row), "{row:?} is not in {rows:?}");
    }
    let words = shown.browser.value("return document.body.textContent");
    for line in text.lines().filter(|line| line.starts_with("equity ")) {
        for part in line.split(" · ") {
            let (name, figure) = part.rsplit_once(' ').unwrap();
            assert!(words.as_str().unwrap().contains(&format!("{name}{figure}")), "{part}: {words}");
        }
    }
    // Totals, changes of the day, weights, greeks: all of them, and nothing that the answer does not say.
    assert_eq!(shown.figures(), figures(&text));
    // By weight first; a click on a heading sorts by it.
    shown.browser.click("//th/button[text()='symbol']");
    let first = "return document.querySelector('tbody th[scope=row]')?.closest('section').querySelector('.wide tbody th').textContent";
    assert_eq!(shown.browser.value(first), "AAPL");
    assert!(shown.heard().iter().any(|said| said["method"] == "ui/notifications/size-changed"));
    shown.clean();
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_chart_page_shows_every_bar_and_asks_for_other_ranges() {
    let mut client = showing();
    let arguments = json!({"symbol": "AAPL", "interval": "1d", "from": "2026-06-01", "to": "2026-08-14"});
    let (result, text) = answer(&mut client, "get_bars", &arguments);
    let bars = table_rows(&text).len() - 1;
    let shown = Shown::new(client, &asked("ui://aries/chart", "get_bars", &arguments, &result));
    shown.browser.until(&format!("return document.querySelectorAll('rect.candle').length === {bars}"));
    shown.pictures("chart");
    let rows = shown.rows();
    assert_eq!(rows.len(), bars + 1);
    for row in table_rows(&text) {
        assert!(rows.contains(&row), "{row:?} is not in {rows:?}");
    }
    let last: Vec<String> = table_rows(&text).pop().unwrap();
    assert_eq!(shown.figures(), figures(&for_people(&text)));
    let reading = format!(
        "{}  open {}  high {}  low {}  close {}  volume {}",
        last[0], last[1], last[2], last[3], last[4], last[5]
    );
    let read = "return document.getElementById('reading').textContent";
    assert_eq!(shown.browser.value(read), json!(reading));
    shown
        .browser
        .value("document.querySelector('svg').dispatchEvent(new KeyboardEvent('keydown', {key: 'Home'}))");
    let first = &table_rows(&text)[1];
    assert!(shown.browser.value(read).as_str().unwrap().starts_with(first[0].as_str()));
    shown.browser.click("//button[text()='Line']");
    shown.browser.until("return document.querySelectorAll('polyline.price').length === 1");
    shown.browser.click("//button[text()='1 M']");
    shown.browser.until("return document.querySelectorAll('details tr').length === 23");
    let call = shown.heard().into_iter().find(|said| said["method"] == "tools/call").unwrap();
    let wanted = json!({"name": "get_bars", "arguments": {"symbol": "AAPL", "interval": "1d", "limit": 22}});
    assert_eq!(call["params"], wanted);
    shown.clean();
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_chain_page_shows_calls_and_puts_around_the_money() {
    let mut client = showing();
    let arguments = json!({"symbol": "AAPL"});
    let (result, text) = answer(&mut client, "get_option_chain", &arguments);
    let date = text.lines().nth(1).unwrap().split(' ').nth(2).unwrap().to_owned();
    let shown = Shown::new(client, &asked("ui://aries/chain", "get_option_chain", &arguments, &result));
    shown.browser.click(&format!("//button[text()='{date}']"));
    shown.browser.until("return document.querySelectorAll('tbody tr').length === 10");
    shown.browser.until("return document.querySelectorAll('tr.nearest').length === 1");
    shown.browser.click("//button[text()='Greeks']");
    shown.browser.until("return document.querySelector('thead').textContent.includes('gamma')");
    let arguments = json!({"symbol": "AAPL", "expiration": date, "greeks": true});
    assert_eq!(
        shown.heard().into_iter().rfind(|said| said["method"] == "tools/call").unwrap()["params"]["arguments"],
        arguments
    );
    // The very answer that the page shows now: prices move from one to the next.
    let text = shown.of_host("return told.at(-1)");
    let text = text.as_str().unwrap();
    let rows = shown.rows();
    for row in table_rows(text).into_iter().skip(1) {
        assert!(rows.contains(&row), "{row:?} is not in {rows:?}");
    }
    assert_eq!(shown.figures(), figures(&for_people(text)));
    shown.pictures("chain");
    shown.clean();
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_order_page_approves_a_simulated_order_and_never_a_live_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = trading_live(folder.path());
    let order = |account: &str| json!({"account": account, "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit", "limit_price": "400"});
    let (simulated, text) = answer(&mut client, "preview_order", &order("0017"));
    let live = client.call("preview_order", order("1002"));
    let rejected = client.call("preview_order", order("0017"));
    let day = client.text("get_option_chain", json!({"symbol": "AAPL"}));
    let day = day.lines().nth(1).unwrap().split(' ').next_back().unwrap();
    let call = json!({"account": "0017", "symbol": format!("AAPL {day} 280 C"), "action": "buy_to_open", "quantity": "1",
        "type": "limit", "limit_price": "10.00"});
    let option = client.call("preview_order", call);
    let page = |result: &Value| asked("ui://aries/order", "preview_order", &order("0017"), result);
    let shown = Shown::new(client, &page(&simulated));
    shown.browser.wait_for("BUY 10 MSFT, limit 400.00, day");
    shown.browser.wait_for("s left");
    assert_eq!(shown.figures(), figures(&for_people(&text)));
    let cost = table_rows(&text).iter().find(|row| row[0] == "Estimated cost").unwrap()[1].clone();
    assert!(shown.rows().contains(&vec!["Estimated cost".to_owned(), format!("{cost} USD")]));
    shown.browser.click("//button[text()='Approve']");
    shown.browser.wait_for("WORKING");
    // The page watches the order by itself.
    let cancel = "const id = /order: (\\S+)/.exec(told.at(-1))[1]; call({name: 'cancel_order', arguments: {order: id}})";
    shown.of_host(cancel);
    shown.browser.wait_for("CANCELED");

    // A bought call loses its premium and no more, and earns above its breakeven.
    shown.show(&page(&option));
    shown.browser.until("return document.querySelectorAll('svg.payoff polyline').length === 1");
    assert_eq!(shown.figures(), figures(&for_people(&text_of(&option))));
    let label = shown.browser.value("return document.querySelector('svg.payoff').getAttribute('aria-label')");
    let label = label.as_str().unwrap();
    assert!(label.contains("-1000.00 USD at 280") && label.contains("0.00 USD at 290"), "{label}");

    shown.show(&page(&rejected));
    shown.browser.click("//button[text()='Reject']");
    shown.browser.wait_for("NOT SENT");

    // Without a ticket there is the whole preview and no button.
    let mut barred = live.clone();
    let structured = barred["structuredContent"].as_object_mut().unwrap();
    structured.retain(|name, _| !["ticket", "expires_at", "approval_page"].contains(&name.as_str()));
    structured.insert("barred_because".to_owned(), json!("account …1002 is live, and live trading is off"));
    shown.show(&page(&barred));
    shown.browser.wait_for("cannot be placed: account …1002 is live, and live trading is off. Only you can");
    shown.browser.wait_for("Estimated cost");
    shown.browser.until("return document.querySelectorAll('button').length === 0");

    shown.show(&page(&live));
    shown.browser.wait_for("SANDBOX (plays live)");
    shown.pictures("order-live");
    shown.browser.click("//button[contains(text(), 'Approve')]");
    shown.browser.wait_for("Nothing is sent unless you approve it there");
    let heard = shown.heard();
    let opened: Vec<&Value> = heard.iter().filter(|said| said["method"] == "ui/open-link").collect();
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0]["params"]["url"], live["structuredContent"]["approval_page"]);
    assert!(!heard.iter().any(|said| said["method"] == "tools/call"), "{heard:?}");
    shown.clean();
}

//! The pages beside answers in hosts that misbehave, in narrow windows, with hostile texts, and for people who have no mouse
//! or cannot see them.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::shown::{Shown, answer, asked, showing, trading_live};

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';

fn bars() -> Value {
    json!({"symbol": "AAPL", "interval": "1d", "limit": 22})
}

fn order(account: &str) -> Value {
    json!({"account": account, "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit", "limit_price": "400"})
}

/// A page with a live order, in a host that behaves as `how` says.
fn live_order(folder: &Path, how: &Value) -> Shown {
    let mut client = trading_live(folder);
    let live = client.call("preview_order", order("1002"));
    let mut asked = asked("ui://aries/order", "preview_order", &order("1002"), &live);
    asked.as_object_mut().unwrap().extend(how.as_object().unwrap().clone());
    Shown::new(client, &asked)
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn hostile_texts_stay_texts() {
    let hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>\u{202e}gro.elpmaxe";
    let long = format!("{hostile}{}", "A".repeat(200_000));
    for (uri, tool, header) in [
        ("ui://aries/portfolio", "get_portfolio", "symbol|quantity|average|last|value"),
        ("ui://aries/chart", "get_bars", "time|open|high|low|close|volume"),
        ("ui://aries/chain", "get_option_chain", "C bid|C ask|strike|P bid|P ask"),
    ] {
        let columns = header.split('|').count();
        let row = vec![hostile; columns].join("|");
        let text = format!("LIVE · {hostile} …1002 · {hostile}\n{header}\n{row}\n{long}");
        let result =
            json!({"content": [{"type": "text", "text": text}], "structuredContent": {"summary": hostile}});
        let shown = Shown::new(showing(), &asked(uri, tool, &json!({"symbol": hostile}), &result));
        shown.browser.wait_for("<img src=x onerror=alert(1)>");
        assert_stays_text(&shown, uri);
    }
    let structured = json!({"summary": long, "warnings": [long, hostile], "ticket": "t-1", "expires_at": hostile,
        "approval_page": "javascript:alert(1)", "payoff": {"points": [[hostile, hostile], ["1", "2"]]}});
    let text = format!("PREVIEW · {hostile}\n{hostile}|{hostile}\n{hostile}|{long}\n{long}: {hostile}");
    let preview = json!({"content": [{"type": "text", "text": text}], "structuredContent": structured});
    let shown = Shown::new(showing(), &asked("ui://aries/order", "preview_order", &json!({}), &preview));
    shown.browser.wait_for("<img src=x onerror=alert(1)>");
    assert_stays_text(&shown, "a preview");
    // What is no address of this program is never opened.
    assert_eq!(shown.browser.value("return document.querySelectorAll('button').length"), json!(0));
    let structured =
        json!({"state": hostile, "summary": format!("{hostile} · {hostile} · {long}"), "order_id": hostile});
    let outcome = json!({"content": [{"type": "text", "text": format!("{hostile}\n{long}")}], "structuredContent": structured});
    shown.show(&asked("ui://aries/order", "place_order", &json!({}), &outcome));
    shown.browser.wait_for("<img src=x onerror=alert(1)>");
    assert_stays_text(&shown, "an outcome");
}

/// Nothing was made of the text but text, in both themes, and a page of 320 pixels is no wider than that.
fn assert_stays_text(shown: &Shown, what: &str) {
    let made = "return document.querySelectorAll('img, #view script, iframe, object, a').length";
    assert_eq!(shown.browser.value(made), json!(0), "{what}");
    for theme in ["dark", "light"] {
        shown.browser.leave_frame();
        shown.browser.value("frame.style.width = '320px'");
        shown.browser.enter_frame();
        shown.set((800, 900), theme);
        assert_fits(shown, what);
    }
    shown.clean();
}

fn assert_fits(shown: &Shown, what: &str) {
    let wide = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]";
    let wide = shown.browser.value(wide);
    assert!(wide[0].as_u64() <= wide[1].as_u64() && wide[1].as_u64() <= Some(320), "{what}: {wide}");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_host_that_says_little_leaves_a_page_that_says_so() {
    let bars = json!({"symbol": "AAPL", "interval": "1d", "limit": 5});
    let mut client = showing();
    let (result, _) = answer(&mut client, "get_bars", &bars);
    let mut deaf = asked("ui://aries/chart", "get_bars", &bars, &result);
    deaf["deaf"] = json!(true);
    let shown = Shown::new(client, &deaf);
    // A host that lets a page call nothing: no buttons that would do nothing.
    shown.browser.until("return document.querySelectorAll('rect.candle').length === 5");
    assert_eq!(
        shown.browser.value("return document.querySelectorAll('[aria-label=Range] button').length"),
        json!(0)
    );
    shown.browser.leave_frame();
    shown.browser.value("end()");
    shown.browser.until("return heard.some((said) => said.id === 'end' && said.result !== undefined)");
    let silent = json!({"uri": "ui://aries/chart", "silent": true});
    shown.show(&silent);
    shown.browser.wait_for("The client did not answer");
    // An error of the tool is told in its own words.
    let failed = json!({"isError": true, "content": [{"type": "text", "text": "error: no such symbol\nhint: find_symbol"}]});
    shown.show(&asked("ui://aries/chart", "get_bars", &bars, &failed));
    shown.browser.wait_for("error: no such symbol");
    shown.clean();
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn where_the_client_opens_no_page_its_address_is_shown() {
    for (how, why) in [
        (json!({"refusesLinks": true}), "it refused"),
        (json!({"capabilities": {"serverTools": {}}}), "it opens no pages"),
        (json!({"deaf": true}), "it opens no pages"),
        // One that says nothing: the address is there at once.
        (json!({"mute": true}), "If no page opens, open this address"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let shown = live_order(folder.path(), &how);
        shown.browser.click("//button[contains(text(), 'Approve')]");
        shown.browser.wait_for(why);
        let address = shown.browser.value("return document.querySelector('code').textContent");
        assert!(address.as_str().unwrap().starts_with("http://127.0.0.1:"), "{how}: {address}");
        // A client that lets the page call nothing gets no button that would do nothing.
        let may_call = how.get("deaf").is_none();
        let reject =
            "return [...document.querySelectorAll('button')].some((one) => one.textContent === 'Reject')";
        let reject = shown.browser.value(reject);
        assert_eq!(reject, json!(may_call), "{how}");
        shown.clean();
    }
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_view_that_is_closed_waits_for_nothing_more() {
    let mut client = showing();
    let (result, _) = answer(&mut client, "get_bars", &bars());
    let mut mute = asked("ui://aries/chart", "get_bars", &bars(), &result);
    mute["mute"] = json!(true);
    // What the assistant has not finished writing is not taken for the question.
    mute["partial"] = json!([{"symbol": "A"}, {"symbol": "AA"}]);
    let shown = Shown::new(client, &mute);
    shown.browser.click("//button[text()='1 Y']");
    shown.browser.until("return document.querySelectorAll('button:enabled').length === 0");
    let call = shown.heard().into_iter().rfind(|said| said["method"] == "tools/call").unwrap();
    assert_eq!(call["params"]["arguments"]["symbol"], "AAPL");
    shown.of_host("end()");
    shown.browser.wait_for("The call failed: the view is closed");
    shown.browser.until("return document.querySelectorAll('button:enabled').length > 0");
    shown.clean();
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_theme_that_changes_is_followed_and_the_clients_own_colours_are_taken() {
    let mut client = showing();
    let (result, _) = answer(&mut client, "get_portfolio", &json!({}));
    let mut coloured = asked("ui://aries/portfolio", "get_portfolio", &json!({}), &result);
    coloured["variables"] =
        json!({"--color-background-primary": "rgb(1, 2, 3)", "--color-text-primary": "rgb(4, 5, 6)"});
    let shown = Shown::new(client, &coloured);
    shown.browser.wait_for("equity");
    let colours =
        "const style = getComputedStyle(document.body); return [style.backgroundColor, style.color]";
    assert_eq!(shown.browser.value(colours), json!(["rgb(1, 2, 3)", "rgb(4, 5, 6)"]));
    let figure = "return getComputedStyle(document.querySelector('.up, .down')).color";
    shown.set((900, 900), "light");
    let light = shown.browser.value(figure);
    shown.set((900, 900), "dark");
    assert_ne!(shown.browser.value(figure), light);
    shown.clean();
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn every_page_is_used_without_a_mouse() {
    let mut client = showing();
    let (result, _) = answer(&mut client, "get_bars", &bars());
    let simulated = client.call("preview_order", order("0017"));
    let shown = Shown::new(client, &asked("ui://aries/chart", "get_bars", &bars(), &result));
    shown.browser.until("return document.querySelectorAll('rect.candle').length === 22");
    let focused =
        "const one = document.activeElement; return one.getAttribute('aria-label') ?? one.textContent";
    let tab = || {
        shown.browser.press(&TAB.to_string());
        shown.browser.value(focused).as_str().unwrap().to_owned()
    };
    for name in ["1 D", "5 D", "1 M", "6 M", "1 Y", "5 Y", "Candles", "Line"] {
        assert_eq!(tab(), name);
    }
    // What a key has chosen keeps the focus, though the view is drawn anew.
    shown.browser.press(&ENTER.to_string());
    shown.browser.until("return document.querySelectorAll('polyline.price').length === 1");
    assert_eq!(shown.browser.value(focused), json!("Line"));
    assert!(tab().contains("the arrow keys read one bar"));
    assert_eq!(tab(), "Figures");
    shown.show(&asked("ui://aries/order", "preview_order", &order("0017"), &simulated));
    shown.browser.wait_for("s left");
    assert_eq!(tab(), "Approve");
    assert_eq!(tab(), "Reject");
    shown.browser.press(&ENTER.to_string());
    shown.browser.wait_for("NOT SENT");
    shown.clean();
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn whoever_cannot_see_a_page_is_told_what_everything_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = trading_live(folder.path());
    let mut pages = Vec::new();
    for (uri, tool, arguments) in [
        ("ui://aries/portfolio", "get_portfolio", json!({})),
        ("ui://aries/chart", "get_bars", bars()),
        ("ui://aries/chain", "get_option_chain", json!({"symbol": "AAPL"})),
        ("ui://aries/order", "preview_order", order("1002")),
    ] {
        let (result, _) = answer(&mut client, tool, &arguments);
        pages.push(asked(uri, tool, &arguments, &result));
    }
    let shown = Shown::new(client, &pages[0]);
    for page in &pages {
        let uri = page["uri"].as_str().unwrap();
        shown.show(page);
        shown.browser.until("return document.getElementById('view').childElementCount > 1");
        let headed = "return [...document.querySelectorAll('table')].every((table) => table.querySelector('th[scope]'))";
        assert_eq!(shown.browser.value(headed), json!(true));
        shown.of_host("frame.style.width = '320px'");
        shown.browser.until("return document.documentElement.clientWidth <= 320");
        assert_fits(&shown, uri);
        shown.clean();
    }
    // The browser computes names only of what is in no frame. There a page asks `aries-mcp view`, which this host is not.
    for page in pages {
        let uri = page["uri"].as_str().unwrap();
        shown.browser.open(&shown.host.page(uri));
        let draw = format!("link.input = {}; show(view, {}, link)", page["arguments"], page["result"]);
        shown.browser.value(&draw);
        let named = "button, summary, svg, section, [tabindex], [role=group], [role=region]";
        let names = shown.browser.names(named);
        let is_named = |(role, name): &(String, String)| !role.is_empty() && !name.is_empty();
        assert!(!names.is_empty() && names.iter().all(is_named), "{uri}: {names:?}");
    }
}

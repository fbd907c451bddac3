//! Pages beside answers (MCP Apps): who is offered them, and what they show in a real browser.

use serde_json::{Value, json};

use crate::support::app_host::AppHost;
use crate::support::browser::Browser;
use crate::support::scripted::Scripted;
use crate::support::{Client, Home, text_of};

const PAGES: [(&str, &str); 5] = [
    ("get_portfolio", "ui://aries/portfolio"),
    ("get_bars", "ui://aries/chart"),
    ("get_option_chain", "ui://aries/chain"),
    ("preview_order", "ui://aries/order"),
    ("place_order", "ui://aries/order"),
];

fn offer() -> Value {
    json!({"extensions": {"io.modelcontextprotocol/ui": {"mimeTypes": ["text/html;profile=mcp-app"]}}})
}

fn sandbox() -> Client {
    Home::new().serve(&["serve", "--sandbox"], &[])
}

/// A settled session of a client that shows pages.
fn showing() -> Client {
    let mut client = sandbox();
    client.initialize_with("2025-11-25", offer());
    client
}

fn tools(list: &Value) -> Vec<Value> {
    list["tools"].as_array().unwrap().clone()
}

/// The params of a request of the 2026 era.
fn modern(capabilities: Value) -> Value {
    json!({"_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": capabilities,
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"}
    }})
}

/// The list with pages, and the list without.
fn lists(of: impl Fn(Value) -> Value) -> (Vec<Value>, Vec<Value>) {
    (tools(&of(offer())), tools(&of(json!({}))))
}

#[test]
fn who_offers_nothing_sees_not_one_byte_more() {
    let older = |capabilities: Value| {
        let mut client = sandbox();
        client.initialize_with("2025-11-25", capabilities);
        client.request("tools/list", json!({}))
    };
    let newer = |capabilities: Value| sandbox().request("tools/list", modern(capabilities));
    for (with, without) in [lists(older), lists(newer)] {
        let mut plain: Vec<Value> =
            with.iter().filter(|tool| tool["name"] != "reject_order").cloned().collect();
        assert_eq!(plain.len() + 1, with.len());
        for tool in &mut plain {
            let name = tool["name"].as_str().unwrap().to_owned();
            let page = PAGES.iter().find(|(tool, _)| *tool == name).map(|(_, uri)| *uri);
            let Some(meta) = tool.get_mut("_meta").and_then(Value::as_object_mut) else {
                assert_eq!(page, None, "{name}");
                continue;
            };
            let ui = meta.remove("ui").map(|ui| ui["resourceUri"].clone());
            let flat = meta.remove("ui/resourceUri");
            assert_eq!(
                (ui.as_ref(), flat.as_ref()),
                (page.map(|page| json!(page)).as_ref(), page.map(|page| json!(page)).as_ref())
            );
            if meta.is_empty() {
                tool.as_object_mut().unwrap().remove("_meta");
            }
        }
        assert_eq!(json!(plain).to_string(), json!(without).to_string());
    }
}

#[test]
fn the_extension_is_announced_to_who_offers_it() {
    let name = "io.modelcontextprotocol/ui";
    let older = |capabilities| {
        sandbox().initialize_with("2025-11-25", capabilities)["capabilities"]["extensions"][name].clone()
    };
    let newer = |capabilities| {
        sandbox().request("server/discover", modern(capabilities))["capabilities"]["extensions"][name].clone()
    };
    assert_eq!(older(offer()), json!({}));
    assert_eq!(older(json!({})), Value::Null);
    assert_eq!(newer(offer()), json!({}));
    assert_eq!(newer(json!({})), Value::Null);
    // A client that shows other pages than ours.
    let other = json!({"extensions": {name: {"mimeTypes": ["text/uri-list"]}}});
    assert_eq!(older(other), Value::Null);
}

#[test]
fn a_page_is_read_by_who_shows_it_and_by_nobody_else() {
    let mut client = showing();
    for (_, uri) in PAGES {
        let read = client.request("resources/read", json!({"uri": uri}));
        let contents = read["contents"].as_array().unwrap();
        assert_eq!(contents.len(), 1);
        assert_eq!(contents[0]["mimeType"], "text/html;profile=mcp-app");
        let page = contents[0]["text"].as_str().unwrap();
        assert!(page.starts_with("<!doctype html>") && page.len() <= 40_000, "{} bytes", page.len());
    }
    let mut plain = sandbox();
    plain.initialize_with("2025-11-25", json!({}));
    for client in [&mut client, &mut plain] {
        let listed = client.request("resources/list", json!({})).to_string();
        assert!(!listed.contains("ui://"), "{listed}");
    }
    let id = plain.send("resources/read", json!({"uri": "ui://aries/order"}));
    assert!(plain.answer(id)["error"]["message"].as_str().unwrap().contains("no resource"));
}

#[test]
fn what_the_model_reads_is_the_same_with_and_without() {
    let bars = json!({"s": "ok", "t": [1_785_715_200], "o": [69.15], "h": [69.41], "l": [69.15], "c": [69.26], "v": [10_556_000]});
    let aries = Scripted::start(&json!([{"request": "*", "answer": bars}]));
    let env = [("ARIES_API_URL", aries.origin.as_str()), ("ARIES_ACCESS_TOKEN", "x")];
    let [with, without] = [offer(), json!({})].map(|capabilities| {
        let mut client = Home::new().serve(&["serve"], &env);
        client.initialize_with("2025-11-25", capabilities);
        let result = client.call("get_bars", json!({"symbol": "KO", "interval": "1d", "to": "2026-08-14"}));
        assert_eq!(result.get("structuredContent"), None, "{result}");
        text_of(&result)
    });
    // The first line says when it was asked.
    let rows = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        rows(&with),
        ["time|open|high|low|close|volume", "2026-08-03|69.15|69.41|69.15|69.26|10556000"]
    );
    assert_eq!(rows(&with), rows(&without));
}

#[test]
fn the_tool_of_a_page_is_for_clients_that_show_it() {
    let mut plain = sandbox();
    plain.initialize_with("2025-11-25", json!({}));
    let refused = plain.failure("reject_order", json!({"ticket": "t-1"}));
    assert!(
        refused.contains("reject_order is for the page that a client shows beside an order"),
        "{refused}"
    );
}

/// The page that draws an answer, in a browser, with what the host behaved like.
struct Shown {
    browser: Browser,
    host: AppHost,
}

impl Shown {
    fn new(client: Client, asked: &Value) -> Self {
        let shown = Self { browser: Browser::start(), host: AppHost::start(client) };
        shown.show(asked);
        shown
    }

    fn show(&self, asked: &Value) {
        // A new fragment alone loads nothing.
        self.browser.open("about:blank");
        self.browser.open(&self.host.address(asked));
        self.browser.enter_frame();
    }

    /// The cells of the page's tables, row by row.
    fn rows(&self) -> Vec<Vec<String>> {
        let script = "return [...document.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent))";
        serde_json::from_value(self.browser.value(script)).unwrap()
    }

    /// What the frame said to its host.
    fn heard(&self) -> Vec<Value> {
        self.browser.leave_frame();
        let heard = self.browser.value("return heard").as_array().unwrap().clone();
        self.browser.enter_frame();
        heard
    }

    /// Keeps the page in both themes and two widths, if somebody wants to look at it.
    fn pictures(&self, name: &str) {
        for (width, height) in [(1000, 760), (360, 1100)] {
            for theme in ["light", "dark"] {
                self.browser.leave_frame();
                self.browser.resize(width, height);
                self.browser.value(&format!("show('{theme}')"));
                self.browser.enter_frame();
                self.browser.until(&format!("return document.documentElement.dataset.theme === '{theme}'"));
                self.browser.screenshot(&format!("view-{name}-{theme}-{width}"));
            }
        }
    }

    fn clean(&self) {
        assert_eq!(self.host.violations(), Vec::<String>::new());
    }
}

/// Rows of an answer's tables as lists of cells.
fn table_rows(text: &str) -> Vec<Vec<String>> {
    let rows = text.lines().filter(|line| line.contains('|'));
    rows.map(|row| row.split('|').map(str::to_owned).collect()).collect()
}

/// An answer that the host gives to the page as it stands, so that the text and the page can be compared.
fn answer(client: &mut Client, tool: &str, arguments: &Value) -> (Value, String) {
    let result = client.call(tool, arguments.clone());
    let text = text_of(&result);
    (result, text)
}

fn asked(uri: &str, tool: &str, arguments: &Value, result: &Value) -> Value {
    json!({"uri": uri, "tool": tool, "arguments": arguments, "result": result, "theme": "light"})
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
    let figures = shown.browser.value("return document.body.textContent");
    for line in text.lines().filter(|line| line.starts_with("equity ")) {
        for part in line.split(" · ") {
            let (name, figure) = part.rsplit_once(' ').unwrap();
            assert!(figures.as_str().unwrap().contains(&format!("{name}{figure}")), "{part}: {figures}");
        }
    }
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
    shown.pictures("chain");
    let call = shown.heard().into_iter().rfind(|said| said["method"] == "tools/call").unwrap();
    assert_eq!(call["params"]["arguments"], json!({"symbol": "AAPL", "expiration": date, "greeks": true}));
    shown.clean();
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_order_page_approves_a_simulated_order_and_never_a_live_one() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "[trading]\nlive = true\n").unwrap();
    let mut client = Home::new()
        .serve(&["serve", "--sandbox", "--config", config.to_str().unwrap()], &[("PATH", "/nowhere")]);
    client.initialize_with("2025-11-25", offer());
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
    let cost = table_rows(&text).iter().find(|row| row[0] == "Estimated cost").unwrap()[1].clone();
    assert!(shown.rows().contains(&vec!["Estimated cost".to_owned(), format!("{cost} USD")]));
    shown.browser.click("//button[text()='Approve']");
    shown.browser.wait_for("WORKING");

    // A bought call loses its premium and no more, and earns above its breakeven.
    shown.show(&page(&option));
    shown.browser.until("return document.querySelectorAll('svg.payoff polyline').length === 1");
    let label = shown.browser.value("return document.querySelector('svg.payoff').getAttribute('aria-label')");
    let label = label.as_str().unwrap();
    assert!(label.contains("-1000.00 USD at 280") && label.contains("0.00 USD at 290"), "{label}");

    shown.show(&page(&rejected));
    shown.browser.click("//button[text()='Reject']");
    shown.browser.wait_for("NOT SENT");

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
        let made = "return document.querySelectorAll('img, #view script, iframe, object').length";
        assert_eq!(shown.browser.value(made), json!(0), "{uri}");
        shown.clean();
    }
    let structured = json!({"summary": hostile, "warnings": [hostile], "ticket": "t-1", "expires_at": hostile,
        "approval_page": "javascript:alert(1)"});
    let result = json!({"content": [{"type": "text", "text": hostile}], "structuredContent": structured});
    let shown = Shown::new(showing(), &asked("ui://aries/order", "preview_order", &json!({}), &result));
    shown.browser.wait_for("<img src=x onerror=alert(1)>");
    assert_eq!(shown.browser.value("return document.querySelectorAll('img').length"), json!(0));
    shown.clean();
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

/// Never asked: the page's own data comes from answers of tools alone.
#[test]
fn no_page_is_read_from_aries() {
    let aries = Scripted::start(&json!([]));
    let env = [("ARIES_API_URL", aries.origin.as_str()), ("ARIES_ACCESS_TOKEN", "x")];
    let mut client = Home::new().serve(&["serve"], &env);
    client.initialize_with("2025-11-25", offer());
    client.request("resources/read", json!({"uri": "ui://aries/portfolio"}));
    assert_eq!(aries.asked(), Vec::<String>::new());
}

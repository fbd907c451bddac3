//! Pages beside answers (MCP Apps): who is offered them, and that nobody else sees a byte of them.

use serde_json::{Value, json};

use crate::support::scripted::Scripted;
use crate::support::shown::{offer, showing};
use crate::support::{Client, Home, text_of};

const PAGES: [(&str, &str); 5] = [
    ("get_portfolio", "ui://aries/portfolio"),
    ("get_bars", "ui://aries/chart"),
    ("get_option_chain", "ui://aries/chain"),
    ("preview_order", "ui://aries/order"),
    ("place_order", "ui://aries/order"),
];

fn sandbox() -> Client {
    Home::new().serve(&["serve", "--sandbox"], &[])
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

/// A text with a star for every figure and every random name (tickets, our ids, Aries' ids): the sandbox's market moves.
fn masked(text: &str) -> String {
    let is_random = |word: &&str| ["t-", "am-", "C1A"].iter().any(|start| word.starts_with(start));
    let words = text.split(|c: char| c.is_whitespace() || "\\\"|()".contains(c));
    let random: Vec<&str> = words.filter(is_random).filter(|word| word.len() > 8).collect();
    let text = random.into_iter().fold(text.to_owned(), |text, word| text.replace(word, "*"));
    let mut masked = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' | '.' | ',' | '-' if masked.ends_with('*') => {}
            '0'..='9' | '-' => masked.push('*'),
            c => masked.push(c),
        }
    }
    masked
}

/// Every tool with a page, in the order in which a person would meet them: what is told with pages and without.
fn told(of: &mut dyn FnMut(&str, Value) -> Value) -> Vec<(Value, Value)> {
    let mut all = Vec::new();
    let mut ask = |tool: &str, arguments: Value| {
        let result = of(tool, arguments);
        all.push((result["content"].clone(), result["structuredContent"].clone()));
        result
    };
    ask("get_portfolio", json!({}));
    ask("get_bars", json!({"symbol": "AAPL", "interval": "1d", "limit": 20}));
    let days = ask("get_option_chain", json!({"symbol": "AAPL"}));
    let day = text_of(&days).lines().nth(1).unwrap().split(' ').nth(2).unwrap().to_owned();
    ask("get_option_chain", json!({"symbol": "AAPL", "expiration": day}));
    let option = json!({"account": "0017", "symbol": format!("AAPL {day} 270 C"), "action": "buy_to_open", "quantity": "1",
        "type": "market"});
    ask("preview_order", option);
    let order = json!({"account": "0017", "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit", "limit_price": "400"});
    let preview = ask("preview_order", order);
    ask("place_order", json!({"ticket": preview["structuredContent"]["ticket"]}));
    all
}

#[test]
fn every_tool_with_a_page_tells_the_model_the_same() {
    const BEYOND: [&str; 3] = ["payoff", "approve_here", "approval_page"];
    let older = |capabilities: Value| {
        let mut client = sandbox();
        client.initialize_with("2025-11-25", capabilities);
        told(&mut |tool, arguments| client.call(tool, arguments))
    };
    let newer = |capabilities: Value| {
        let mut client = sandbox();
        told(&mut |tool, arguments| {
            let mut params = modern(capabilities.clone());
            params["name"] = json!(tool);
            params["arguments"] = arguments;
            client.request("tools/call", params)
        })
    };
    for (with, without) in [(older(offer()), older(json!({}))), (newer(offer()), newer(json!({})))] {
        let mut beyond = 0;
        for ((text, mut structured), (plain_text, plain)) in with.into_iter().zip(without) {
            assert_eq!(masked(&text.to_string()), masked(&plain_text.to_string()));
            assert!(structured.to_string().len() < 60_000);
            if let Some(members) = structured.as_object_mut() {
                beyond += BEYOND.iter().filter(|name| members.remove(**name).is_some()).count();
            }
            assert_eq!(masked(&structured.to_string()), masked(&plain.to_string()));
        }
        // The payoff of the option, and twice that a simulated order may be approved beside the answer.
        assert_eq!(beyond, 3);
    }
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

//! The arguments of order tools as people and clients send them, through the real binary.

use serde_json::{Value, json};

use super::table::Listed;
use crate::support::stage::*;
use crate::support::{Client, stderr, stdout, text_of};

/// Calls with arguments written exactly like this.
fn call(client: &mut Client, tool: &str, arguments: &str) -> Value {
    let id = client.send("ping", json!({})) + 1_000;
    client.send_line(&format!(
        r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{{"name":"{tool}","arguments":{arguments}}}}}"#
    ));
    client.answer(id)["result"].clone()
}

fn order(quantity: &str, price: &str) -> String {
    format!(
        r#"{{"account":"0017","symbol":"MSFT","action":"buy","quantity":{quantity},"type":"limit","limit_price":{price}}}"#
    )
}

/// The last body that reached Aries' preview.
fn previewed(stage: &Stage) -> Value {
    let log = stage.aries.http("GET", "/sandbox/log", None, None);
    let bodies = log.as_array().unwrap().iter().filter(|entry| entry["path"] == "/v1/orders/preview");
    bodies.map(|entry| entry["body"].clone()).next_back().unwrap_or_else(|| panic!("no preview: {log}"))
}

#[test]
fn numbers_are_read_digit_by_digit() {
    let stage = Stage::new("");
    let mut client = stage.client();
    for (quantity, price) in [("10", "400.5"), ("7", "400"), ("1", "399.90"), ("\"2\"", "400.10")] {
        let preview = call(&mut client, "preview_order", &order(quantity, price));
        assert_ne!(preview["isError"], json!(true), "{preview}");
        let body = previewed(&stage);
        assert_eq!(
            (body["qty"].as_str(), body["price"].as_str()),
            (Some(quantity.trim_matches('"')), Some(price))
        );
    }
    for (quantity, price, why) in [
        ("1e1", "400", "`quantity`: \"1e1\" is not a plain decimal"),
        ("10", "4.0E2", "`limit_price`: \"4.0E2\" is not a plain decimal"),
        (
            "10",
            "400.4999999999999999",
            "`limit_price`: \"400.4999999999999999\" has more than 5 decimal places",
        ),
        ("10.5", "400", "`quantity`: \"10.5\" is not a whole number"),
        ("9007199254740993", "400", "`quantity`: \"9007199254740993\" is too large"),
        ("-10", "400", "`quantity`: \"-10\" is not a plain decimal"),
        ("0", "400", "`quantity`: \"0\" is zero"),
        ("10", "\"1,000\"", "`limit_price`: \"1,000\" is not a plain decimal"),
        ("true", "400", "`quantity`: true is not a text"),
        ("[10]", "400", "`quantity`: a list is not a text"),
    ] {
        let refused = text_of(&call(&mut client, "preview_order", &order(quantity, price)));
        assert!(refused.contains(why), "{quantity} {price}: {refused}");
    }
}

#[test]
fn an_argument_given_twice_is_refused() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let twice = order("1", "400").replacen('{', r#"{"quantity":100,"#, 1);
    let refused = text_of(&call(&mut client, "preview_order", &twice));
    assert!(refused.contains("`quantity`: a list is not a text"), "{refused}");
    let refused = text_of(&call(&mut client, "cancel_order", r#"{"order":"A","order":"B"}"#));
    assert!(refused.contains("`order`: a list is not a text"), "{refused}");
    assert_eq!(stage.posts("/v1/orders/cancel") + stage.posts("/v1/orders/preview"), 0);
}

#[test]
fn words_are_taken_in_any_case() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let mut args = msft("0017");
    for (name, word) in [("action", "Buy"), ("type", "LIMIT"), ("time_in_force", "Gtc")] {
        args[name] = json!(word);
    }
    client.text("preview_order", args.clone());
    let body = previewed(&stage);
    assert_eq!(
        (&body["side"], &body["type"], &body["timeInForce"]),
        (&json!("BUY"), &json!("LIMIT"), &json!("GTC"))
    );
    for word in ["purchase", "Buy ", "b\u{fc}y"] {
        args["action"] = json!(word);
        let refused = client.failure("preview_order", args.clone());
        assert!(refused.contains("`action`: ") && refused.contains("is not one of buy, sell"), "{refused}");
    }
}

#[test]
fn legs_may_be_a_text_that_holds_them() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let day = Listed::find(&stage.aries).day;
    let legs = json!([
        {"contract": format!("AAPL {day} 200 C"), "action": "Buy_To_Open", "ratio": 1},
        {"contract": format!("AAPL {day} 210 C"), "action": "sell_to_open"}
    ]);
    let spread = |legs: Value| json!({"account": "0017", "symbol": "AAPL", "action": "buy", "quantity": 1, "type": "limit", "limit_price": 2.5, "legs": legs});
    client.text("preview_order", spread(legs.clone()));
    let as_list = previewed(&stage);
    client.text("preview_order", spread(json!(format!(" {legs}\n"))));
    let as_text = previewed(&stage);
    assert_eq!(as_list["legs"], as_text["legs"]);
    assert_eq!(as_text["price"], "2.5");
    let text = legs.to_string();
    for (wrong, why) in [
        (format!("{text} and more"), "is not a list"),
        (format!("{text}{text}"), "is not a list"),
        (
            text.replace("\"ratio\":1", "\"ratio\":1,\"ratio\":5"),
            "`legs[0].ratio`: a list is not a whole number",
        ),
        (text.replace("\"ratio\":1", "\"ratio\":\"1\""), "`legs[0].ratio`: \"1\" is not a whole number"),
        (text.replace("\"ratio\":1", "\"ratio\":1e0"), "`legs[0].ratio`: \"1e0\" is not a whole number"),
        (text.replace("\"ratio\":1", "\"ratio\":1.0000000000000000001"), "`legs[0].ratio`: "),
        (text.replace("\"ratio\":1", "\"size\":1"), "there is no argument `legs[0].size`"),
        (text.replace("sell_to_open", "sell"), "`legs[1].action`: \"sell\" is not one of"),
        (legs[0].to_string(), "is not a list"),
        (json!([legs[0]]).to_string(), "1 entries, but 2 to 4 are allowed"),
        (format!("AAPL {day} 200 C, AAPL {day} 210 C"), "is not a list"),
    ] {
        let refused = client.failure("preview_order", spread(json!(wrong)));
        assert!(refused.contains(why), "{wrong}: {refused}");
        // The example is one of a spread.
        assert!(refused.contains(r#""legs":[{"contract":"#), "{wrong}: {refused}");
    }
    let refused =
        client.failure("preview_order", json!({"replaces": "A", "limit_price": "400", "typ": "limit"}));
    assert!(refused.contains(r#"example: preview_order {"replaces":"#), "{refused}");
    let refused = client.failure("preview_order", json!({"symbol": "MSFT", "action": "by"}));
    assert!(refused.contains(r#"example: preview_order {"account":"0017","symbol":"MSFT""#), "{refused}");
}

#[test]
fn a_replacement_finds_its_account() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let id = order_id(&place(&mut client, &first));
    let preview = client.text("preview_order", json!({"replaces": id, "limit_price": 401}));
    assert!(preview.contains("instead of") && preview.contains("…0017"), "{preview}");
    let refused = client.failure("preview_order", json!({"replaces": "NO-SUCH-ORDER", "limit_price": 401}));
    assert!(refused.contains("Aries lists no order \"NO-SUCH-ORDER\""), "{refused}");
    // The same id in the lists of every account.
    let row = json!({"clOrdId": id, "symbol": "MSFT", "side": "BUY", "type": "LIMIT", "qty": "10", "price": "400.00",
        "cumQty": "0", "ordStatus": "NEW", "timeInForce": "DAY", "securityType": "CS"});
    stage.lists(&[row]);
    let refused = client.failure("preview_order", json!({"replaces": id, "limit_price": 401}));
    assert!(refused.contains("is in several accounts: ") && refused.contains("…0017"), "{refused}");
    assert!(refused.contains("give `account`"), "{refused}");
}

#[test]
fn the_command_line_reads_them_in_the_same_way() {
    let stage = Stage::new("");
    let output = stage.run(&["call", "preview_order", &order("10", "400.50")]);
    assert!(stdout(&output).contains("400.50"), "{}", stderr(&output));
    let output = stage.run(&["call", "preview_order", &order("1e1", "400.50")]);
    assert!(stderr(&output).contains("`quantity`: \"1e1\" is not a plain decimal"), "{}", stderr(&output));
}

//! An id names exactly one order: of this account and this day, whatever other rows and older journals say.

use std::fmt::Write;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::stage::*;
use crate::support::{Client, text_of};

fn placed(client: &mut Client, order: Value) -> String {
    let ticket = ticket(client, order);
    order_id(&place(client, &ticket))
}

/// Writes every line of the journal anew as one of so many days ago, each sealed as it was.
fn age(stage: &Stage, days: i64) {
    let path = stage.journal_file().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let hex = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        })
    };
    let (mut prev, mut aged, mut count) = (String::new(), String::new(), 0);
    for line in text.lines() {
        let whole: Value = serde_json::from_str(line).unwrap();
        let at: jiff::Timestamp = whole["at"].as_str().unwrap().parse().unwrap();
        let then = (at - jiff::SignedDuration::from_hours(24 * days)).to_string();
        let open = line.rsplit_once(",\"hash\":\"").unwrap().0;
        let open = open.replacen(whole["at"].as_str().unwrap(), &then, 1);
        let open = open.replacen(
            &format!("\"prev\":\"{}\"", whole["prev"].as_str().unwrap()),
            &format!("\"prev\":\"{prev}\""),
            1,
        );
        prev = hex(&Sha256::digest(format!("{open},\"hash\":\"\"}}")));
        writeln!(aged, "{open},\"hash\":\"{prev}\"}}").unwrap();
        count += 1;
    }
    std::fs::write(&path, aged).unwrap();
    std::fs::write(path.with_extension("head"), json!({"n": count, "hash": prev}).to_string()).unwrap();
    stage.verified();
}

/// An open order of somebody else, as Aries lists it today.
fn stranger(id: &str, symbol: &str, changes: Value) -> Value {
    let now = jiff::Timestamp::now().to_string();
    let mut row = json!({"clOrdId": id, "accountId": SIM, "symbol": symbol, "side": "BUY", "type": "LIMIT",
        "timeInForce": "DAY", "qty": "7", "price": "50.00", "cumQty": "0", "leavesQty": "7", "ordStatus": "NEW",
        "securityType": "EQUITY", "createdAt": now, "updatedAt": now});
    row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    row
}

/// The ids that were canceled.
fn canceled(stage: &Stage) -> Vec<Value> {
    let log = stage.aries.http("GET", "/sandbox/log", None, None);
    let posts = log.as_array().unwrap().iter().filter(|entry| entry["path"] == "/v1/orders/cancel");
    posts.map(|entry| entry["body"]["origClOrdId"].clone()).collect()
}

/// Ids begin anew: what was replaced yesterday leads to no order of today.
#[test]
fn a_journal_of_yesterday_leads_to_no_order_of_today() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let old = placed(&mut client, ko("1", "50"));
    let newer = placed(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "49.00"}));
    let [first, second] = [0, 1].map(|at| stage.journal()[at]["id"].as_str().unwrap().to_owned());
    age(&stage, 1);
    let mut client = stage.client();
    stage.lists(&[stranger(&newer, "KO", json!({}))]);
    for id in [&old, &first, &second] {
        let told = client.failure("cancel_order", json!({"order": id}));
        assert!(told.contains("lists no order"), "{id}: {told}");
        let told = client
            .failure("preview_order", json!({"account": "0017", "replaces": id, "limit_price": "48.00"}));
        assert!(told.contains("lists no order"), "{id}: {told}");
    }
    assert_eq!(canceled(&stage), Vec::<Value>::new());
    // The id that Aries shows is that order's, and nothing of the journal comes with it.
    stage.behave();
    stage.lists(&[stranger(&old, "KO", json!({}))]);
    client.call("cancel_order", json!({"order": old, "account": "0017"}));
    assert_eq!(canceled(&stage), [json!(old)]);
}

#[test]
fn the_status_of_an_order_of_yesterday_is_not_that_of_another_one_of_today() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let ticket = ticket(&mut client, ko("1", "50"));
    let id = order_id(&place(&mut client, &ticket));
    drop(client);
    age(&stage, 1);
    let filled = json!({"ordStatus": "FILLED", "cumQty": "7", "leavesQty": "0"});
    stage.lists(&[stranger(&id, "KO", filled)]);
    let told = place(&mut stage.client(), &ticket);
    assert_eq!(state(&told), "WORKING", "{told}");
    assert!(text_of(&told).contains("as the journal had it"), "{told}");
}

/// A foreign `clientId` that is the id of another order; one that is our own.
#[test]
fn an_id_of_ours_means_our_order_whoever_else_shows_it_and_two_of_one_aries_id_are_touched_not_at_all() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let id = placed(&mut client, ko("1", "50"));
    let own = stage.journal()[0]["id"].as_str().unwrap().to_owned();
    let row = stage.book(SIM, "KO").remove(0);
    let forged = stranger("X-1", "MSFT", json!({"clientId": own}));
    // Alone, the row of another program that shows our id is not our order.
    stage.lists(std::slice::from_ref(&forged));
    client.call("cancel_order", json!({"order": own}));
    assert!(!canceled(&stage).contains(&json!("X-1")));
    let before = canceled(&stage).len();
    stage.behave();
    stage.lists(&[forged, row.clone()]);
    client.call("cancel_order", json!({"order": own}));
    assert_eq!(canceled(&stage)[before..], [json!(id)]);
    let change = json!({"account": "0017", "replaces": own, "limit_price": "49.00"});
    assert!(client.text("preview_order", change).contains("instead of BUY 1 KO"));
    let before = canceled(&stage).len();
    // Twice the same id at Aries: nobody can say which one is meant.
    stage.behave();
    stage.lists(&[
        stranger("X-2", "KO", json!({})),
        stranger("X-2", "MSFT", json!({"createdAt": "2026-11-02T15:00:00Z"})),
    ]);
    let told = client.failure("cancel_order", json!({"order": "X-2", "account": "0017"}));
    assert!(told.contains("names two orders") && told.contains("KO") && told.contains("MSFT"), "{told}");
    stage.behave();
    stage.lists(&[stranger("X-3", "MSFT", json!({"clientId": id})), row]);
    client.call("cancel_order", json!({"order": id, "account": "0017"}));
    assert_eq!(canceled(&stage)[before..], [json!(id)]);
}

/// One list may have two orders of one id and one day; neither may be dropped as if it were the other.
#[test]
fn one_list_with_two_orders_of_one_id_touches_neither() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let rows = |changes: Value| [stranger("X-1", "KO", json!({})), stranger("X-1", "KO", changes)];
    for changes in [json!({"symbol": "AAPL"}), json!({"side": "SELL"})] {
        stage.lists(&rows(changes));
        let told = client.failure("cancel_order", json!({"order": "X-1", "account": "0017"}));
        assert!(told.contains("\"X-1\" names two orders"), "{told}");
        stage.aries.http("DELETE", "/sandbox/faults", None, None);
    }
    assert_eq!(canceled(&stage), Vec::<Value>::new());
}

#[test]
fn an_id_that_two_accounts_have_is_told_with_both() {
    let stage = Stage::new("");
    let mut client = stage.client();
    // The same list for every account.
    stage.lists(&[stranger("X-1", "KO", json!({}))]);
    let told = client.failure("cancel_order", json!({"order": "X-1"}));
    assert!(told.contains("names two orders") && told.contains("name the account"), "{told}");
    assert_eq!(canceled(&stage), Vec::<Value>::new());
}

/// The journal of today says that our order goes on; Aries says that it was canceled, and lists another one.
#[test]
fn an_order_that_has_ended_is_not_canceled_by_way_of_another() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let old = placed(&mut client, ko("1", "50"));
    let before = stage.book(SIM, "KO").remove(0);
    let newer = placed(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "49.00"}));
    let mut ended = before;
    ended["ordStatus"] = json!("CANCELED");
    stage.lists(&[stage.book(SIM, "KO").remove(0), ended]);
    let told = client.failure("cancel_order", json!({"order": old, "account": "0017"}));
    assert!(told.contains("has ended") && told.contains(&format!("give its id, {newer}")), "{told}");
    assert_eq!(canceled(&stage), Vec::<Value>::new());
    client.call("cancel_order", json!({"order": newer, "account": "0017"}));
    assert_eq!(canceled(&stage), [json!(newer)]);
}

/// An id of an order that ours has replaced is given out again: neither ours nor the other one is touched by it.
#[test]
fn the_id_of_a_replaced_order_that_another_one_has_now_names_two() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let old = placed(&mut client, ko("1", "50"));
    let newer = placed(&mut client, json!({"account": "0017", "replaces": old, "limit_price": "49.00"}));
    for changes in [json!({"symbol": "AAPL"}), json!({"side": "SELL"})] {
        stage.lists(&[stranger(&old, "KO", changes), stage.book(SIM, "KO").remove(0)]);
        let told = client.failure("cancel_order", json!({"order": old, "account": "0017"}));
        assert!(told.contains(&format!("\"{old}\" names two orders")), "{told}");
        let told = client.failure("preview_order", json!({"replaces": old, "limit_price": "48.00"}));
        assert!(told.contains("names two orders"), "{told}");
        stage.aries.http("DELETE", "/sandbox/faults", None, None);
    }
    assert_eq!(canceled(&stage), Vec::<Value>::new());
    client.call("cancel_order", json!({"order": newer, "account": "0017"}));
    assert_eq!(canceled(&stage), [json!(newer)]);
}

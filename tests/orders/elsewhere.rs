//! Cancels of orders that were entered elsewhere: free on simulated accounts, by the person's yes on live ones, and never
//! outside what the config file allows. Our own are canceled freely.

use serde_json::{Value, json};

use crate::support::brisk::Limits;
use crate::support::stage::*;
use crate::support::{Client, pairs, text_of, trading};

const LIVE: &str = "AR4471002";
const OPENED: &str = "[trading]\nlive = true\n";

/// A person's own order, as they enter it in Aries' application; its id.
fn entered(stage: &Stage, account: &str, changes: Value) -> String {
    let token = stage.aries.issue(&trading()).access_token;
    let mut order = json!({"tradingAccountId": account, "symbol": "KO", "side": "BUY", "type": "LIMIT", "qty": "3",
        "price": "50.00", "timeInForce": "GTC"});
    order.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let booked = stage.aries.http("POST", "/v1/orders", Some(&token), Some(order));
    booked["clOrdId"].as_str().unwrap_or_else(|| panic!("{booked}")).to_owned()
}

/// A client that shows forms.
fn asking(stage: &Stage) -> Client {
    let mut client = stage.home.serve_within(Limits::AnyAnswer, &["serve"], &pairs(&stage.env()));
    client.initialize_with("2025-11-25", json!({"elicitation": {"form": {}}}));
    client
}

fn begin_to_cancel(client: &mut Client, id: &str) -> (u64, Value) {
    let call = client.send("tools/call", json!({"name": "cancel_order", "arguments": {"order": id}}));
    (call, client.notification("elicitation/create"))
}

fn answer(client: &mut Client, question: &Value, decision: &str) {
    let result = json!({"action": "accept", "content": {"decision": decision}});
    client.send_line(&json!({"jsonrpc": "2.0", "id": question["id"], "result": result}).to_string());
}

fn cancels(stage: &Stage) -> usize {
    stage.posts("/v1/orders/cancel")
}

#[test]
fn the_person_decides_about_their_own_order_on_a_live_account() {
    let stage = Stage::new(OPENED);
    let mut client = asking(&stage);
    let id = entered(&stage, LIVE, json!({}));
    let (call, question) = begin_to_cancel(&mut client, &id);
    let message = question["params"]["message"].as_str().unwrap();
    let sentence = format!(
        "Cancel this order at Aries? BUY 3 KO, limit 50.00 gtc ({id}), account …1002 SANDBOX (plays live)"
    );
    assert!(message.starts_with(&sentence) && message.contains("not by this program"), "{message}");
    assert_eq!(cancels(&stage), 0);
    answer(&mut client, &question, "reject");
    let told = client.answer(call)["result"].clone();
    assert_eq!((state(&told), order_id(&told)), ("NOT CANCELED", id.clone()), "{told}");
    assert!(text_of(&told).contains("the approval was declined"), "{told}");
    // Asked again, it tells the same and asks nobody.
    assert_eq!(text_of(&client.call("cancel_order", json!({"order": id}))), text_of(&told));
    assert_eq!((cancels(&stage), &stage.book(LIVE, "KO")[0]["ordStatus"]), (0, &json!("NEW")));
    let other = entered(&stage, LIVE, json!({"price": "49.00"}));
    let (call, question) = begin_to_cancel(&mut client, &other);
    answer(&mut client, &question, "approve");
    let told = client.answer(call)["result"].clone();
    assert_eq!((state(&told), order_id(&told), cancels(&stage)), ("CANCELED", other, 1), "{told}");
    let noted = stage.lines().into_iter().find(|line| line["event"] == "cancel").unwrap();
    assert!(
        noted["summary"].as_str().unwrap().contains("entered elsewhere, cleared by the client's question"),
        "{noted}"
    );
    stage.verified();
}

#[test]
fn a_yes_is_for_the_very_order_that_was_shown() {
    for (changes, told) in [
        (json!({"qty": "30", "leavesQty": "30"}), "quantity: 3 → 30"),
        (json!({"side": "SELL"}), "side: BUY → SELL"),
        (json!({"price": "51.00"}), "limit: 50.00 → 51.00"),
        (json!({"cumQty": "1", "leavesQty": "2"}), "filled: 0 → 1"),
    ] {
        let stage = Stage::new(OPENED);
        let mut client = asking(&stage);
        let id = entered(&stage, LIVE, json!({}));
        let (call, question) = begin_to_cancel(&mut client, &id);
        let mut row = stage.book(LIVE, "KO").remove(0);
        row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        stage.lists(&[row]);
        answer(&mut client, &question, "approve");
        let result = client.answer(call)["result"].clone();
        assert_eq!((state(&result), cancels(&stage)), ("NOT CANCELED", 0), "{result}");
        assert!(text_of(&result).contains(told), "{result}");
    }
}

#[test]
fn an_order_that_ends_while_the_person_is_asked_is_told_as_it_ended() {
    let stage = Stage::new(OPENED);
    let mut client = asking(&stage);
    let id = entered(&stage, LIVE, json!({}));
    let (call, question) = begin_to_cancel(&mut client, &id);
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id})));
    answer(&mut client, &question, "approve");
    let told = client.answer(call)["result"].clone();
    assert_eq!((state(&told), cancels(&stage)), ("FILLED", 0), "{told}");
}

#[test]
fn a_file_that_is_tightened_while_the_person_is_asked_stops_the_cancel() {
    let stage = Stage::new(OPENED);
    let mut client = asking(&stage);
    let id = entered(&stage, LIVE, json!({}));
    let (call, question) = begin_to_cancel(&mut client, &id);
    std::fs::write(stage.home.path("config/config.toml"), "").unwrap();
    answer(&mut client, &question, "approve");
    let told = client.answer(call)["result"].clone();
    assert_eq!((state(&told), cancels(&stage)), ("NOT CANCELED", 0), "{told}");
    assert!(text_of(&told).contains("live: true → false"), "{told}");
}

#[test]
fn nobody_who_can_be_asked_is_no_yes_and_the_clients_prompt_is_one_if_the_person_says_so() {
    let stage = Stage::new(OPENED);
    let id = entered(&stage, LIVE, json!({}));
    let told = stage.client().call("cancel_order", json!({"order": id}));
    assert_eq!((state(&told), cancels(&stage)), ("NOT CANCELED", 0), "{told}");
    assert!(text_of(&told).contains("no person could be asked"), "{told}");
    std::fs::write(stage.home.path("config/config.toml"), format!("{OPENED}approval = \"client\"\n"))
        .unwrap();
    let told = stage.client().call("cancel_order", json!({"order": id}));
    assert_eq!((state(&told), cancels(&stage)), ("CANCELED", 1), "{told}");
}

#[test]
fn what_the_person_does_not_allow_is_refused_with_the_cause_and_nobody_is_asked() {
    for (config, account, cause) in [
        ("", LIVE, "live trading is off"),
        (
            "[trading]\nlive = true\naccounts = [\"0017\"]\n",
            LIVE,
            "account …1002 is not among those that are allowed",
        ),
        (
            "[trading]\nlive = true\nsymbols_deny = [\"KO\"]\n",
            LIVE,
            "KO is not among the symbols that are allowed",
        ),
        ("[trading]\naccounts = [\"1002\"]\n", SIM, "account …0017 is not among those that are allowed"),
        ("[trading]\nsymbols_allow = [\"MSFT\"]\n", SIM, "KO is not among the symbols that are allowed"),
    ] {
        let stage = Stage::new(config);
        let id = entered(&stage, account, json!({}));
        let told = stage.client().failure("cancel_order", json!({"order": id}));
        assert!(told.contains("was not placed by aries-mcp") && told.contains(cause), "{config}: {told}");
        assert!(told.contains("the person can cancel it in Aries' own application"), "{told}");
        assert_eq!(cancels(&stage), 0);
    }
    // Simulated, and allowed: no yes is needed.
    let stage = Stage::new("");
    let id = entered(&stage, SIM, json!({}));
    assert_eq!(state(&stage.client().call("cancel_order", json!({"order": id}))), "CANCELED");
}

/// A live order of ours, placed by the client's prompt.
fn own(client: &mut Client) -> String {
    let ticket = ticket(client, msft("1002"));
    order_id(&place(client, &ticket))
}

#[test]
fn our_own_order_is_canceled_freely_whatever_the_file_and_the_journal_say() {
    let client_asks = format!("{OPENED}approval = \"client\"\n");
    let unix: &[&str] = if cfg!(unix) { &["pipe", "huge"] } else { &[] };
    for journal in ["whole", "damaged", "folder"].iter().chain(unix) {
        let stage = Stage::new(&client_asks);
        let mut client = stage.client_within(Limits::BriefJournal);
        let id = own(&mut client);
        // From here on nothing is allowed any more, and a new process knows nothing from before.
        std::fs::write(stage.home.path("config/config.toml"), "nonsense").unwrap();
        let path = stage.journal_file().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        match *journal {
            "pipe" => {
                std::fs::remove_file(&path).unwrap();
                assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
            }
            "damaged" => std::fs::write(&path, text.replacen("MSFT", "MSFU", 1)).unwrap(),
            "folder" => {
                std::fs::remove_file(&path).unwrap();
                std::fs::create_dir(&path).unwrap();
            }
            "huge" => std::fs::File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap(),
            _ => {}
        }
        std::fs::write(stage.home.path("config/config.toml"), "").unwrap();
        let mut fresh = stage.client_within(Limits::BriefJournal);
        let told = fresh.call("cancel_order", json!({"order": id}));
        assert_eq!((state(&told), cancels(&stage)), ("CANCELED", 1), "{journal}: {told}");
        // Nothing else is held back either.
        fresh.text("get_accounts", json!({}));
        let told = fresh.call("cancel_order", json!({"order": id}));
        assert_eq!((state(&told), cancels(&stage)), ("CANCELED", 1), "{journal}: {told}");
    }
}

/// The journal decides: that a row shows an id of our form, or one of ours, proves nothing.
#[test]
fn a_row_that_only_looks_like_ours_is_not() {
    let stage = Stage::new(&format!("{OPENED}approval = \"client\"\n"));
    let mut client = stage.client();
    own(&mut client);
    let ours = stage.journal()[0]["id"].clone();
    drop(client);
    std::fs::write(stage.home.path("config/config.toml"), "").unwrap();
    for forged in [json!("am-0123456789abcdef01234567"), json!("am-1"), ours] {
        let id = entered(&stage, LIVE, json!({"clientId": forged, "symbol": "MSFT", "price": "300.00"}));
        let told = stage.client().failure("cancel_order", json!({"order": id}));
        assert!(told.contains("was not placed by aries-mcp"), "{forged}: {told}");
    }
    assert_eq!(cancels(&stage), 0);
}

#[test]
fn a_question_that_is_open_is_told_again_and_its_end_too() {
    let stage = Stage::new(OPENED);
    let mut client = stage.home.serve_within(Limits::BriefCalls, &["serve"], &pairs(&stage.env()));
    client.initialize_with("2025-11-25", json!({"elicitation": {"form": {}}}));
    let id = entered(&stage, LIVE, json!({}));
    let (call, question) = begin_to_cancel(&mut client, &id);
    let waiting = |told: &Value| {
        assert_eq!((state(told), cancels(&stage)), ("WAITING FOR APPROVAL", 0), "{told}");
        assert!(text_of(told).contains("call cancel_order again with the same order"), "{told}");
    };
    waiting(&client.answer(call)["result"].clone());
    // The same question stays open: nobody is asked twice.
    let again = client.send("tools/call", json!({"name": "cancel_order", "arguments": {"order": id}}));
    answer(&mut client, &question, "approve");
    let told = client.answer(again)["result"].clone();
    assert_eq!((state(&told), cancels(&stage)), ("CANCELED", 1), "{told}");
    assert!(!client.notifications.iter().any(|message| message["method"] == "elicitation/create"));
}

/// The protocol of 2026: the answer to a question about one order is none to another question, nor to a later one.
#[test]
fn the_newer_protocol_asks_between_calls() {
    let stage = Stage::new(OPENED);
    let mut client = stage.home.serve_within(Limits::AnyAnswer, &["serve"], &pairs(&stage.env()));
    let id = entered(&stage, LIVE, json!({}));
    let mut call = |more: Value| {
        let mut params = json!({"name": "cancel_order", "arguments": {"order": id}});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"form": {}}},
            "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"}
        });
        client.request("tools/call", params)
    };
    let asked = call(json!({}));
    assert_eq!(asked["resultType"], "input_required", "{asked}");
    assert!(
        asked["inputRequests"]["approval"]["params"]["message"]
            .as_str()
            .unwrap()
            .contains("Cancel this order")
    );
    let yes = |sealed: &Value| json!({"inputResponses": {"approval": {"action": "accept", "content": {"decision": "approve"}}}, "requestState": sealed});
    let forged = call(yes(&json!("rs1.AAAA.BBBB")));
    assert_eq!((&forged["resultType"], cancels(&stage)), (&json!("input_required"), 0), "{forged}");
    let told = call(yes(&asked["requestState"]));
    assert_eq!((state(&told), cancels(&stage)), ("CANCELED", 1), "{told}");
}

//! What Aries lists, told, and held against an order: positions and open orders in every odd form, replacements, cancels.

use serde_json::{Value, json};

use super::table::held_call;
use crate::support::stage::*;
use crate::support::{stderr, stdout, text_of};

/// What the simulated account is said to hold and to have open, for as long as the test wants.
struct Listed<'a>(&'a Stage);

impl Listed<'_> {
    fn body(&self, path: &str, body: &Value) {
        self.0.aries.faults(json!({"path": path, "fault": "body", "body": body.to_string(), "times": 1000}));
    }

    fn positions(&self, rows: &[Value]) {
        let body = json!({"positions": rows, "availability": {"available": true}});
        self.body(&format!("/v1/accounts/{SIM}/positions"), &body);
    }

    fn orders(&self, rows: &[Value]) {
        self.body(&format!("/v2/accounts/{SIM}/orders*"), &json!({"orders": rows, "nextCursor": 0}));
    }

    /// Aries' own preview has no objection: only ours are tried here.
    fn agreeable(&self) {
        self.body("/v1/orders/preview", &json!({"estimatedCost": "1.00"}));
    }

    fn clear(&self) {
        self.0.aries.http("DELETE", "/sandbox/faults", None, None);
    }
}

fn with(mut row: Value, changes: &Value) -> Value {
    row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    row
}

/// An open order for 10 MSFT at 390.
fn open(changes: &Value) -> Value {
    let row = json!({"clOrdId": "X-1", "ordId": "9", "accountId": SIM, "symbol": "MSFT", "side": "BUY", "type": "LIMIT",
        "timeInForce": "GTC", "qty": "10", "price": "390.00", "stopPrice": "", "cumQty": "0", "leavesQty": "10",
        "avgPrice": "0", "ordStatus": "NEW", "securityType": "CS", "createdAt": "2026-11-21T14:00:00Z",
        "updatedAt": "2026-11-21T14:00:00Z"});
    with(row, changes)
}

fn leg(changes: &Value) -> Value {
    let row = json!({"securityType": "OPT", "side": "BUY", "ratioQty": "1", "putCall": "CALL", "strikePrice": "270",
        "maturity": "2027-01-15", "positionEffect": "OPEN"});
    with(row, changes)
}

fn order(symbol: &str, action: &str, quantity: &str, price: &str) -> Value {
    json!({"account": "0017", "symbol": symbol, "action": action, "quantity": quantity, "type": "limit", "limit_price": price})
}

/// The hint names actions that what was asked for can have: the live account holds 40 AAPL and two calls of January.
#[test]
fn what_is_held_is_not_opened_the_other_way_and_the_hint_fits_what_was_asked() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let call = held_call(&mut client);
    let other = call.replace("280", "270");
    let held = format!("you hold 2 {call}, so SELL TO OPEN would sell those");
    let leg = |contract: &str, action: &str| json!({"contract": contract, "action": action});
    let mut spread = order("AAPL", "buy", "1", "4.20");
    spread["legs"] = json!([leg(&other, "buy_to_open"), leg(&call, "sell_to_open")]);
    for (mut order, cause, hint) in [
        (
            spread,
            held.as_str(),
            "for the spread as asked take another strike, expiration or account, or close what is held first; a leg with \
             sell_to_close closes it within the spread; ask the person",
        ),
        (
            order(&call, "sell_to_open", "1", "9.00"),
            held.as_str(),
            "use sell_to_close if that is meant; ask the person",
        ),
        (
            order("AAPL", "sell_short", "1", "270.00"),
            "you hold 120 AAPL, so SELL SHORT would sell those",
            "use sell if that is meant; ask the person",
        ),
    ] {
        order["account"] = json!("1002");
        let refused = client.failure("preview_order", order);
        assert!(refused.contains(cause) && refused.ends_with(hint), "{refused}");
    }
}

#[test]
fn only_shares_count_as_shares_and_what_cannot_be_read_stops_the_order() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    let mut tried = |row: Value, action: &str| {
        listed.positions(&[row]);
        listed.agreeable();
        let result = client.call("preview_order", order("AAPL", action, "10", "271.00"));
        listed.clear();
        text_of(&result)
    };
    let held = json!({"accountId": SIM, "symbol": "AAPL", "securityType": "CS", "quantity": "100"});
    assert!(tried(held.clone(), "sell").starts_with("PREVIEW"));
    assert!(tried(held.clone(), "sell_short").contains("you hold 100 AAPL, so SELL SHORT would sell those"));
    for change in [
        json!({"securityType": null}),
        json!({"quantity": ""}),
        json!({"quantity": "1,000"}),
        json!({"symbol": null}),
        json!({"side": "NEITHER"}),
    ] {
        for action in ["sell", "sell_short", "buy"] {
            let told = tried(with(held.clone(), &change), action);
            assert!(
                told.contains("a position that may be in AAPL cannot be read"),
                "{change} {action}: {told}"
            );
        }
    }
    // An option is no shares: it neither is sold as such nor keeps them from being traded.
    for change in [
        json!({"securityType": "OPT"}),
        json!({"securityType": "OPTION", "putCall": "CALL", "strikePrice": "280", "maturity": "2027-01-15"}),
        json!({"symbol": "AAPL 15JAN27 280 C", "securityType": "OPT"}),
        json!({"symbol": null, "securityType": "OPT"}),
    ] {
        let row = with(held.clone(), &change);
        let told = tried(row.clone(), "sell");
        assert!(told.contains("more than there is to close (held 0,"), "{change}: {told}");
        assert!(tried(row, "buy").starts_with("PREVIEW"), "{change}");
    }
    // Of something else.
    for change in
        [json!({"symbol": "MSFT", "securityType": "OPT"}), json!({"symbol": "TSLA", "quantity": ""})]
    {
        assert!(tried(with(held.clone(), &change), "sell_short").starts_with("PREVIEW"), "{change}");
    }
    // What is said to be short is, however its quantity is signed.
    let short = with(held, &json!({"side": "SHORT"}));
    assert!(tried(short.clone(), "sell").contains("held -100"));
    assert!(tried(short, "buy_to_cover").starts_with("PREVIEW"));
}

#[test]
fn shares_that_are_called_like_an_index_can_be_bought_and_sold() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    listed.positions(&[json!({"accountId": SIM, "symbol": "COMP", "securityType": "CS", "quantity": "10"})]);
    listed.agreeable();
    for action in ["buy", "sell"] {
        let told = text_of(&client.call("preview_order", order("COMP", action, "10", "8.00")));
        assert!(told.contains(&format!("{} 10 COMP, limit 8.00", action.to_uppercase())), "{told}");
    }
    assert!(stage.aries.log().contains(&"GET /v1/marketdata/equities/details?symbols=COMP".to_owned()));
}

#[test]
fn class_shares_are_one_thing_however_they_are_spelled() {
    let stage = Stage::new("[trading]\nsymbols_deny = [\"brk-b\", \"AAPL.US\"]\n");
    let mut client = stage.client();
    for symbol in ["BRK.B", "BRK-B", "BRK/B", "AAPL"] {
        let told = client.failure("preview_order", order(symbol, "buy", "1", "100"));
        assert!(told.contains("not among the symbols that are allowed"), "{symbol}: {told}");
    }
    let contract = order("BRKB 2027-01-15 500 C", "buy_to_open", "1", "1.00");
    assert!(client.failure("preview_order", contract).contains("not among the symbols that are allowed"));
    let stage = Stage::new("[trading]\nsymbols_allow = [\"BRK/B\"]\n");
    let mut client = stage.client();
    let listed = Listed(&stage);
    listed.agreeable();
    for spelling in ["BRK.B", "BRK-B", "BRK/B", "BRK B", "brk.b"] {
        listed.positions(&[json!({"symbol": spelling, "securityType": "CS", "quantity": "10"})]);
        let told = client.failure("preview_order", order("BRK.B", "sell_short", "10", "510"));
        assert!(told.contains("you hold 10 BRK.B, so SELL SHORT would sell those"), "{spelling}: {told}");
        listed.orders(&[open(&json!({"symbol": spelling, "side": "SELL", "qty": "4", "leavesQty": "4"}))]);
        let told = client.failure("preview_order", order("BRK-B", "sell", "10", "510"));
        assert!(told.contains("held 10, already in open orders 4, asked 10 shares"), "{spelling}: {told}");
        listed.clear();
        listed.agreeable();
    }
    let contract = order("BRKB 2027-01-15 500 C", "buy_to_open", "1", "1.00");
    assert!(text_of(&client.call("preview_order", contract)).starts_with("PREVIEW"));
    listed.clear();
    // A doubt about one spelling is a doubt about all of them.
    let first = ticket(&mut client, order("BRK.B", "buy", "1", "400"));
    stage.fault("/v1/orders", json!({"fault": "drop_before"}));
    assert_eq!(state(&place(&mut client, &first)), "UNKNOWN");
    listed.agreeable();
    let second = ticket(&mut client, order("BRK-B", "buy", "1", "400"));
    let placed = place(&mut client, &second);
    assert_eq!((state(&placed), stage.posts("/v1/orders")), ("NOT SENT", 1), "{placed}");
}

#[test]
fn a_preferred_share_is_not_the_company_whose_letters_it_has() {
    let stage = Stage::new("[trading]\nsymbols_allow = [\"MET-A\", \"MSI\"]\n");
    let mut client = stage.client();
    let listed = Listed(&stage);
    listed.agreeable();
    let held = |symbol: &str| json!({"symbol": symbol, "securityType": "CS", "quantity": "100"});
    listed.positions(&[held("MS-I"), held("MET-A")]);
    let mut told = |symbol: &str, action: &str| {
        text_of(&client.call("preview_order", order(symbol, action, "10", "400")))
    };
    assert!(told("META", "buy").contains("META is not among the symbols that are allowed"));
    assert!(told("MET/A", "sell").starts_with("PREVIEW"));
    assert!(told("MSI", "sell").contains("more than there is to close (held 0,"));
    assert!(told("MSI", "sell_short").starts_with("PREVIEW"));
    // To forbid, every spelling will do.
    let stage = Stage::new("[trading]\nsymbols_deny = [\"T-A\"]\n");
    let told = stage.client().failure("preview_order", order("TA", "buy", "1", "10"));
    assert!(told.contains("not among the symbols that are allowed"), "{told}");
    // An open sale of the one keeps nothing of the other back, and does not become it.
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    listed.agreeable();
    listed.positions(&[held("MSI")]);
    listed.orders(&[open(&json!({"symbol": "MS-I", "side": "SELL", "qty": "100", "leavesQty": "100"}))]);
    assert!(
        text_of(&client.call("preview_order", order("MSI", "sell", "100", "400"))).starts_with("PREVIEW")
    );
    let change = json!({"account": "0017", "replaces": "X-1", "limit_price": "395", "symbol": "MSI"});
    let told = client.failure("preview_order", change);
    assert!(told.contains("the order has MS-I"), "{told}");
}

#[test]
fn a_symbol_in_the_config_file_that_is_none_is_said() {
    for (list, entry) in [
        ("symbols_deny", "$TSLA"),
        ("symbols_deny", "F,SPY"),
        ("symbols_allow", "AAPL 2027-01-15 200 C"),
        ("symbols_allow", ""),
    ] {
        let stage = Stage::new(&format!("[trading]\n{list} = [\"MSFT\", \"{entry}\"]\n"));
        let output = stage.run(&["tools"]);
        assert_eq!(output.status.code(), Some(2), "{entry}");
        let told = stderr(&output);
        assert!(told.contains(list) && told.contains("is no ticker"), "{told}");
    }
}

#[test]
fn an_open_sale_is_counted_however_it_is_written() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    // 300 are held.
    let sale = json!({"symbol": "F", "side": "SELL", "qty": "300", "leavesQty": "300", "price": "20"});
    for (change, why) in [
        (json!({}), "already in open orders 300"),
        (json!({"symbol": "f"}), "already in open orders 300"),
        (json!({"symbol": "F.US"}), "already in open orders 300"),
        (json!({"cumQty": "300"}), "already in open orders 300"),
        (json!({"side": null}), "already in open orders 300"),
        (json!({"securityType": null, "category": "EQUITY"}), "already in open orders 300"),
        (json!({"securityType": null}), "an open order that may be on F cannot be read"),
        (json!({"qty": "-300", "leavesQty": "-300"}), "an open order that may be on F cannot be read"),
        (json!({"qty": "0"}), "an open order that may be on F cannot be read"),
        (json!({"side": "SLD"}), "an open order that may be on F cannot be read"),
    ] {
        listed.orders(&[open(&with(sale.clone(), &change))]);
        let told = client.failure("preview_order", order("F", "sell", "300", "20.00"));
        assert!(told.contains(why), "{change}: {told}");
        listed.clear();
    }
    let sale = json!({"symbol": "AAPL", "side": "SELL", "qty": "2", "leavesQty": "2", "price": "9", "securityType": "OPT"});
    let held = json!({"symbol": "AAPL270115C00270000", "securityType": "OPT", "quantity": "2"});
    for (changes, why) in [
        (json!({"positionEffect": "CLOSE"}), "already in open orders 2"),
        (json!({"positionEffect": "CLOSE", "symbol": "aapl"}), "already in open orders 2"),
        (json!({"positionEffect": "AUTO"}), "an open order that may be on AAPL cannot be read"),
        (json!({"putCall": "1"}), "an open order that may be on AAPL cannot be read"),
        (json!({"side": "BUY"}), "an open order that may be on AAPL cannot be read"),
    ] {
        listed.positions(std::slice::from_ref(&held));
        let one = leg(&with(json!({"side": "SELL"}), &changes));
        listed.orders(&[open(&with(sale.clone(), &json!({"legs": [one]})))]);
        let wanted = order("AAPL 2027-01-15 270 C", "sell_to_close", "2", "9.00");
        let told = client.failure("preview_order", wanted);
        assert!(told.contains(why), "{changes}: {told}");
        listed.clear();
    }
}

#[test]
fn a_replacement_tells_what_is_filled_and_touches_nothing_it_cannot_read() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    let mut replaced = |row: &Value, change: Value| {
        listed.orders(&[open(row)]);
        let args = with(json!({"account": "0017", "replaces": "X-1"}), &change);
        let told = text_of(&client.call("preview_order", args));
        listed.clear();
        told
    };
    let partly = json!({"cumQty": "4", "leavesQty": "6", "ordStatus": "PARTIALLY_FILLED"});
    let told = replaced(&partly, json!({"quantity": "12"}));
    assert!(
        told.contains("instead of BUY 10 MSFT, limit 390.00 gtc (X-1; 4 filled already, 8 left to fill)"),
        "{told}"
    );
    assert!(!replaced(&json!({}), json!({"quantity": "12"})).contains("filled already"));
    let option = |order: Value, one: Value| {
        let row =
            json!({"symbol": "AAPL", "securityType": "OPT", "price": "8.00", "qty": "1", "leavesQty": "1"});
        with(with(row, &json!({"legs": [leg(&one)]})), &order)
    };
    assert!(replaced(&option(json!({}), json!({})), json!({"quantity": "2"})).contains("BUY TO OPEN 2 AAPL"));
    for (row, why) in [
        (option(json!({}), json!({"ratioQty": "2"})), "2 contracts per unit"),
        (option(json!({"side": "SELL"}), json!({})), "its side and that of its leg contradict each other"),
        (json!({"qty": "-10", "leavesQty": "-10"}), "its quantities cannot be read"),
        (json!({"ordStatus": "PENDING_CANCEL"}), "Aries calls it \"PENDING_CANCEL\""),
        (json!({"ordStatus": "PENDING_REPLACE"}), "Aries calls it \"PENDING_REPLACE\""),
        (json!({"symbol": "<b>MSFT</b> about 1.00 USD"}), "its symbol is no ticker"),
    ] {
        let told = replaced(&row, json!({"quantity": "5"}));
        assert!(told.contains(why) && !told.contains("ticket"), "{row}: {told}");
    }
    // What is left as it is need not be something that could be ordered anew; what is given must be.
    let fraction = json!({"qty": "10.5", "leavesQty": "10.5"});
    let told = replaced(&fraction, json!({"limit_price": "395.00"}));
    assert!(told.contains("BUY 10.5 MSFT, limit 395.00, gtc"), "{told}");
    assert!(replaced(&fraction, json!({"quantity": "11.5"})).contains("\"11.5\" is not a whole number"));
    let told =
        replaced(&json!({"qty": "10.0000000001", "leavesQty": "10"}), json!({"limit_price": "395.00"}));
    assert!(told.contains("the order's own `quantity`, 10.0000000001, cannot be carried over"), "{told}");
}

#[test]
fn an_order_that_keeps_its_fraction_does_not_send_it() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    listed.orders(&[open(&json!({"qty": "10.5", "leavesQty": "10.5"}))]);
    let next = ticket(&mut client, json!({"account": "0017", "replaces": "X-1", "limit_price": "395.00"}));
    place(&mut client, &next);
    let log = stage.aries.http("GET", "/sandbox/log", None, None);
    let sent = log.as_array().unwrap().iter().find(|entry| entry["path"] == "/v1/orders/replace").unwrap();
    let mut body = sent["body"].clone();
    body.as_object_mut().unwrap().remove("clientId");
    assert_eq!(
        body,
        json!({"origClOrdId": "X-1", "tradingAccountId": SIM, "symbol": "MSFT", "side": "BUY", "type": "LIMIT", "price": "395.00"})
    );
}

#[test]
fn the_journal_shows_how_orders_ended() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let first = order_id(&place(&mut client, &first));
    let next = ticket(&mut client, json!({"account": "0017", "replaces": first, "limit_price": "390"}));
    let second = order_id(&place(&mut client, &next));
    let other = ticket(&mut client, ko("1", "50"));
    place(&mut client, &other);
    assert_eq!(state(&client.call("cancel_order", json!({"order": second}))), "CANCELED");
    let state_of = |order: &str| {
        let journal = stage.journal();
        journal.iter().find(|one| one["order"] == order).unwrap()["state"].as_str().unwrap().to_owned()
    };
    assert_eq!((state_of(&first).as_str(), state_of(&second).as_str()), ("REPLACED", "CANCELED"));
    let shown = stdout(&stage.run(&["orders"]));
    assert_eq!(shown.matches("WORKING").count(), 1, "{shown}");
    stage.verified();
}

#[test]
fn an_order_that_is_listed_otherwise_than_it_was_sent_is_told_at_once() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    let first = ticket(&mut client, msft("0017"));
    // Only the lists after the answer show it so.
    stage.fault(
        "/v1/orders",
        json!({"fault": "body", "body": "{\"success\":true,\"clOrdId\":\"X-1\",\"status\":\"NEW\"}"}),
    );
    listed
        .orders(&[open(&json!({"side": "SELL_SHORT", "qty": "100", "leavesQty": "100", "price": "450.00"}))]);
    let placed = place(&mut client, &first);
    assert_eq!(state(&placed), "WORKING", "{placed}");
    let told = text_of(&placed);
    assert!(told.contains("but Aries lists it as SELL SHORT 100 MSFT, limit 450.00 gtc"), "{told}");
    assert!(told.contains("tell the person at once"), "{told}");
    // Asked again, here and in another process, it is no less wrong; nor once the list no longer shows it.
    assert_eq!(text_of(&place(&mut client, &first)), told);
    let elsewhere = text_of(&place(&mut stage.client(), &first));
    assert!(elsewhere.contains("SELL SHORT 100 MSFT") && elsewhere.contains("tell the person at once"));
    listed.clear();
    assert!(text_of(&place(&mut client, &first)).contains("tell the person at once"));
    let journal = stage.journal();
    assert!(journal[0]["note"].as_str().unwrap().contains("SELL SHORT 100 MSFT"), "{journal:?}");
}

#[test]
fn a_list_that_is_not_whole_stops_the_order() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    let page = |next: u32| json!({"orders": [open(&json!({}))], "nextCursor": next});
    for list in ["orders", "orders/history"] {
        // The cursor does not move.
        listed.body(&format!("/v2/accounts/{SIM}/{list}"), &page(7));
        let told = client.failure("preview_order", order("F", "sell", "1", "20.00"));
        assert!(told.contains("Aries' list of orders does not move on from one page"), "{list}: {told}");
        listed.clear();
    }
    let pages: Vec<Value> = (1..=20)
        .map(|next| json!({"path": format!("/v2/accounts/{SIM}/orders"), "fault": "body", "body": page(next).to_string()}))
        .collect();
    stage.aries.faults(json!(pages));
    let told = client.failure("preview_order", order("F", "sell", "1", "20.00"));
    assert!(told.contains("Aries' list of orders has more than 10000 orders"), "{told}");
    // One page more than before is read all the same: what it holds counts.
    let sale = json!({"clOrdId": "L-1", "symbol": "F", "side": "SELL", "qty": "300", "leavesQty": "300", "price": "20"});
    let mut pages: Vec<Value> = (1..=11).map(page).collect();
    pages.push(json!({"orders": [open(&sale)], "nextCursor": 0}));
    let rule = |page: &Value| json!({"path": format!("/v2/accounts/{SIM}/orders"), "fault": "body", "body": page.to_string()});
    stage.aries.faults(pages.iter().map(rule).collect());
    let told = client.failure("preview_order", order("F", "sell", "1", "20.00"));
    assert!(told.contains("already in open orders 300, asked 1"), "{told}");
}

#[test]
fn a_canceled_spread_reads_as_one() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    let other = leg(&json!({"side": "SELL", "ratioQty": "2", "strikePrice": "310"}));
    let legs = json!([leg(&json!({})), other]);
    let row = json!({"symbol": "AAPL", "securityType": "OPT", "price": "0.01", "qty": "2", "leavesQty": "2", "legs": legs});
    listed.orders(&[open(&row)]);
    listed.body("/v1/orders/cancel", &json!({"success": true, "clOrdId": "X-1", "status": "CANCELED"}));
    let words = "BUY 2 AAPL spread [BUY TO OPEN 1 AAPL 2027-01-15 270 C + SELL TO OPEN 2 AAPL 2027-01-15 310 C], limit 0.01 gtc";
    let told = text_of(&client.call("cancel_order", json!({"order": "X-1", "account": "0017"})));
    assert!(told.contains(words), "{told}");
    let files = std::fs::read_dir(stage.home.path("state")).unwrap().map(|file| file.unwrap().path());
    let journal = files.filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
    let text: String = journal.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert!(text.contains(&format!("CANCEL {words}")), "{text}");
}

#[test]
fn an_open_account_is_named_beside_a_closed_one_that_ends_alike() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    let account =
        |id: &str, status: &str| json!({"trading_account_id": id, "status": status, "is_sim": true});
    let mut tried = |accounts: &[Value], name: &str| {
        listed.body("/v2/users/me/accounts", &json!({ "accounts": accounts }));
        let told = text_of(&client.call("preview_order", with(msft("0017"), &json!({"account": name}))));
        listed.clear();
        told
    };
    let (own, closed) = (account(SIM, "OPEN"), account("ZZ0017", "CLOSED"));
    assert!(tried(&[closed.clone(), own.clone()], "0017").starts_with("PREVIEW"));
    assert!(tried(&[closed.clone(), own.clone()], "ZZ0017").contains("that account is not open"));
    assert!(tried(&[closed], "0017").contains("that account is not open"));
    let twin = account("YY0017", "OPEN");
    assert!(tried(&[twin.clone(), own.clone()], "0017").contains("several accounts end like that"));
    assert!(tried(&[twin, own.clone()], SIM).starts_with("PREVIEW"));
    // A full id is that account, even where another one ends like it.
    assert!(tried(&[own, account("0017", "CLOSED")], "0017").contains("that account is not open"));
}

#[test]
fn a_strike_beyond_all_measure_is_in_nobodys_way() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    let huge = "A 261218C79228162514264337593543950335";
    let ended = json!({"symbol": huge, "securityType": "OPT", "ordStatus": "FILLED", "cumQty": "10", "leavesQty": "0"});
    for row in [ended, json!({"symbol": huge, "securityType": "OPT"})] {
        listed.orders(&[open(&row)]);
        let told = text_of(&client.call("preview_order", msft("0017")));
        assert!(told.starts_with("PREVIEW"), "{row}: {told}");
        listed.clear();
    }
    let one = leg(&json!({"strikePrice": "50000000000000000000000000000"}));
    listed.orders(&[open(&json!({"symbol": "AAPL", "securityType": "OPT", "legs": [one]}))]);
    let change = json!({"account": "0017", "replaces": "X-1", "limit_price": "8.00", "symbol": "AAPL"});
    assert!(client.failure("preview_order", change).contains("its legs cannot be read"));
    assert!(
        client.failure("preview_order", order(huge, "buy_to_open", "1", "1.00")).contains("is not a symbol")
    );
}

#[test]
fn an_odd_position_is_in_the_way_of_its_own_orders_alone() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    let mut tried = |rows: &[Value], wanted: Value| {
        listed.positions(rows);
        listed.agreeable();
        let told = text_of(&client.call("preview_order", wanted));
        listed.clear();
        told
    };
    let row =
        |symbol: &str, security: &str| json!({"symbol": symbol, "securityType": security, "quantity": "1"});
    let long = "AAPL 15 Jan 2027 280.00 CALL (adjusted 1:20)";
    for (symbol, security, ticker) in [
        ("", "CASH", "MSFT"),
        ("USD CASH", "CASH", "C"),
        ("912828ZT0", "BOND", "T"),
        ("38259P508", "BOND", "P"),
        ("/ESZ6", "FUT", "ES"),
        (".AAPL270115C280", "OPT", "C"),
        ("AAPL 15JAN27 280 C", "OPT", "AA"),
        (long, "OPT", "MSFT"),
        (long, "", "MSFT"),
        (long, "OPT", "AAPL"),
        ("A 261218C79228162514264337593543950335", "OPT", "MSFT"),
    ] {
        let told = tried(&[row(symbol, security)], order(ticker, "buy", "2", "1.00"));
        assert!(told.starts_with("PREVIEW"), "{symbol} {security} {ticker}: {told}");
    }
    // The sentence says no more than is known, and shows what it is about.
    let told = tried(&[row(long, "")], order("AAPL", "buy", "2", "1.00"));
    assert!(told.contains("a position that may be in AAPL cannot be read"), "{told}");
    assert!(told.contains("(\"AAPL 15 Jan 2027 280.00 CALL (adjusted 1…\", quantity 1)"), "{told}");
    // An option that is listed under its underlying, with all its parts, beside the shares.
    let parts = json!({"putCall": "CALL", "strikePrice": "280", "maturity": "2027-01-15", "quantity": "2"});
    let rows = [with(row("AAPL", "OPT"), &parts), with(row("AAPL", "CS"), &json!({"quantity": "40"}))];
    let contract = "AAPL 2027-01-15 280 C";
    assert!(tried(&rows, order("AAPL", "sell", "40", "271.00")).starts_with("PREVIEW"));
    assert!(tried(&rows, order(contract, "sell_to_close", "2", "8.40")).starts_with("PREVIEW"));
    assert!(tried(&rows, order(contract, "sell_to_close", "3", "8.40")).contains("held 2, already"));
    assert!(tried(&rows, order(contract, "sell_to_open", "1", "8.40")).contains("you hold 2 "));
    // Without them it may be any contract.
    let rows = [row("AAPL", "OPT"), with(row("AAPL", "CS"), &json!({"quantity": "40"}))];
    assert!(tried(&rows, order("AAPL", "sell", "40", "271.00")).starts_with("PREVIEW"));
    let told = tried(&rows, order(contract, "sell_to_close", "1", "8.40"));
    assert!(told.contains("a position that may be in AAPL cannot be read"), "{told}");
}

#[test]
fn an_aries_with_the_older_list_alone_is_traded_at() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    let first = ticket(&mut client, msft("0017"));
    let first = order_id(&place(&mut client, &first));
    stage.aries.faults(
        json!({"path": "/v2/accounts/*", "fault": "status", "status": 404, "body": "{\"error\":\"not found\"}", "times": 1000}),
    );
    // Ended orders are in nobody's way, open ones count: 300 F are held.
    let row = |changes: &Value| {
        let row = json!({"orderId": "7", "clOrdId": "F-1", "symbol": "F", "side": "SELL", "orderType": "LIMIT", "status": "WORKING",
            "tif": "DAY", "quantity": "200", "filledQty": "0", "leavesQty": "200", "price": "20", "stopPrice": "", "avgPrice": "0",
            "instrument": "EQUITY", "category": "SINGLE_LEG", "legs": [], "createdAt": "2026-11-21T14:00:00Z"});
        with(row, changes)
    };
    let path = format!("/v1/accounts/{SIM}/orders");
    for (status, promised) in [("WORKING", 200), ("FILLED", 0), ("CANCELED", 0)] {
        let rows = [row(&json!({"status": status}))];
        let body = json!({"orders": rows, "availability": {"available": true}}).to_string();
        stage.aries.faults(json!({"path": path, "fault": "body", "body": body}));
        let told = client.failure("preview_order", order("F", "sell", "301", "20.00"));
        assert!(told.contains(&format!("already in open orders {promised}, asked 301")), "{status}: {told}");
    }
    let body = json!({"orders": [], "availability": {"available": false}}).to_string();
    stage.aries.faults(json!({"path": path, "fault": "body", "body": body}));
    let told = client.failure("preview_order", order("F", "sell", "1", "20.00"));
    assert!(told.contains("Aries' list of orders is not available right now"), "{told}");
    // Placed, replaced and canceled as ever.
    let change = json!({"account": "0017", "replaces": first, "limit_price": "390"});
    let next = ticket(&mut client, change);
    let second = order_id(&place(&mut client, &next));
    let canceled = client.call("cancel_order", json!({"order": second, "account": "0017"}));
    assert_eq!(state(&canceled), "CANCELED", "{canceled}");
    listed.clear();
}

#[test]
fn a_type_that_is_not_listed_is_taken_from_the_call_if_it_fits() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    listed.agreeable();
    let untyped = open(&json!({"type": null}));
    listed.orders(std::slice::from_ref(&untyped));
    let change = |kind: Value| json!({"account": "0017", "replaces": "X-1", "quantity": "5", "type": kind});
    let told = client.failure("preview_order", change(Value::Null));
    assert!(told.contains("Aries does not say which type that order has"), "{told}");
    for kind in ["market", "stop", "stop_limit"] {
        let told = client.failure("preview_order", change(json!(kind)));
        assert!(told.contains(&format!("by its prices that order is no {kind} order")), "{told}");
    }
    let next = ticket(&mut client, change(json!("limit")));
    place(&mut client, &next);
    let log = stage.aries.http("GET", "/sandbox/log", None, None);
    let sent = log.as_array().unwrap().iter().find(|entry| entry["path"] == "/v1/orders/replace").unwrap();
    assert_eq!((&sent["body"]["type"], &sent["body"]["qty"]), (&json!("LIMIT"), &json!("5")), "{sent}");
    // What is listed is not changed by the call.
    listed.clear();
    listed.orders(&[open(&json!({}))]);
    let told = client.failure("preview_order", change(json!("stop")));
    assert!(told.contains("the type of an order cannot be replaced (it is LIMIT)"), "{told}");
}

#[test]
fn an_order_with_legs_without_end_is_told_in_short() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    let legs = vec![leg(&json!({})); 3_000];
    let row = json!({"symbol": "AAPL", "securityType": "OPT", "price": "0.01", "qty": "2", "leavesQty": "2", "legs": legs});
    for id in [json!("X-1"), Value::Null] {
        listed.orders(&[open(&with(row.clone(), &json!({"clOrdId": id})))]);
        let told = client.failure("preview_order", order("AAPL", "buy", "1", "270.00"));
        assert!(
            told.contains("an open order that may be on AAPL cannot be read") && told.len() < 500,
            "{told}"
        );
        listed.clear();
    }
    listed.orders(&[open(&row)]);
    listed.body("/v1/orders/cancel", &json!({"success": true, "clOrdId": "X-1", "status": "CANCELED"}));
    let told = text_of(&client.call("cancel_order", json!({"order": "X-1", "account": "0017"})));
    assert!(told.contains("BUY 2 AAPL (OPT), limit 0.01 gtc") && told.len() < 1_000, "{told}");
    let told = text_of(&client.call("get_orders", json!({"account": "0017"})));
    assert!(told.contains("; and 2996 more]") && told.len() < 2_000, "{told}");
}

#[test]
fn an_order_without_a_side_counts_on_both() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    listed.orders(&[open(&json!({"symbol": "F", "side": null, "qty": "60", "leavesQty": "60"}))]);
    for (held, action) in [("100", "sell"), ("-100", "buy_to_cover")] {
        listed.positions(&[json!({"symbol": "F", "securityType": "CS", "quantity": held})]);
        let told = client.failure("preview_order", order("F", action, "41", "12.00"));
        assert!(told.contains("already in open orders 60, asked 41"), "{told}");
    }
    listed.clear();
}

#[test]
fn options_on_class_shares_name_the_shares() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let listed = Listed(&stage);
    listed.agreeable();
    let one = order("BRKB 2027-01-15 500 C", "buy_to_open", "1", "10.00");
    assert!(text_of(&client.call("preview_order", one)).starts_with("PREVIEW"));
    for symbol in ["BRK.B", "BRK-B", "BRKB"] {
        let legs = json!([
            {"contract": "BRKB 2027-01-15 500 C", "action": "buy_to_open"},
            {"contract": "BRKB 2027-01-15 520 C", "action": "sell_to_open"}
        ]);
        let spread = with(order(symbol, "buy", "1", "5.00"), &json!({"legs": legs}));
        assert!(text_of(&client.call("preview_order", spread)).starts_with("PREVIEW"), "{symbol}");
    }
    let log = stage.aries.http("GET", "/sandbox/log", None, None);
    let sent = log.as_array().unwrap().iter().filter(|entry| entry["path"] == "/v1/orders/preview");
    let symbols: Vec<&Value> = sent.map(|entry| &entry["body"]["symbol"]).collect();
    assert_eq!(symbols, ["BRK.B"; 4]);
}

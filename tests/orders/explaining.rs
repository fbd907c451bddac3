//! What a preview says of options: what they can bring and cost, and whether anything stands behind what they write.

use serde_json::{Value, json};

use super::table::{Listed, held_call};
use crate::support::stage::*;
use crate::support::{Client, READING, pairs, text_of};

/// An option order at a limit, on the account that plays simulated unless it is said otherwise.
fn option(contract: &str, action: &str, quantity: &str, price: &str) -> Value {
    json!({"account": "0017", "symbol": contract, "action": action, "quantity": quantity, "type": "limit",
        "limit_price": price})
}

fn spread(action: &str, price: &str, legs: &[(&str, &str)]) -> Value {
    let legs: Vec<Value> =
        legs.iter().map(|(contract, action)| json!({"contract": contract, "action": action})).collect();
    json!({"account": "0017", "symbol": "AAPL", "action": action, "quantity": "1", "type": "limit",
        "limit_price": price, "legs": legs})
}

fn live(mut order: Value) -> Value {
    order["account"] = json!("1002");
    order
}

#[track_caller]
fn says(client: &mut Client, order: Value, lines: &[&str]) {
    let text = client.text("preview_order", order);
    for line in lines {
        // What follows, figures with fees, is looked at where it is what matters.
        assert!(text.lines().any(|one| one.starts_with(*line)), "{line}\n{text}");
    }
}

/// A stage, a server, and a day on which options expire.
fn ready(config: &str) -> (Stage, Client, String) {
    let stage = Stage::new(config);
    let day = Listed::find(&stage.aries).day;
    let client = stage.client();
    (stage, client, day)
}

/// The account that plays simulated holds 300 F, bought at 11.45.
fn hold_ford(stage: &Stage) {
    let row = json!({"symbol": "F", "securityType": "EQUITY", "quantity": "300", "averagePrice": "11.45", "price": "13.10",
        "marketValue": "3930.00", "costBasis": "3435.00", "unrealizedPl": "495.00", "todayPl": "0.00"});
    let body = json!({"positions": [row]}).to_string();
    stage.aries.faults(
        json!({"path": "/v1/accounts/SIM8820017/positions", "fault": "body", "body": body, "times": 999}),
    );
}

#[test]
fn shares_that_are_held_cover_a_call_once() {
    let (stage, mut client, day) = ready("");
    hold_ford(&stage);
    let call = format!("F {day} 15 C");
    says(
        &mut client,
        option(&call, "sell_to_open", "3", "5.00"),
        &[
            "cover: covered by 300 of the 300 F held",
            "net credit: 1,500.00 USD at the limit price, without fees",
            "counted with it: 300 F held at 11.45 USD",
            "maximum loss: 1,935.00 USD without fees, 1,936.50 with them",
            "maximum gain: 2,565.00 USD without fees, 2,563.50 with them",
            "breakeven at expiration: 6.45 USD, without fees",
            "assignment: deliver 300 F for 4,500.00 USD (15 call)",
            &format!("position after it: short 3 {call} (now 0)"),
        ],
    );
    // An order that is open promises them already.
    let ticket = ticket(&mut client, option(&call, "sell_to_open", "2", "5.00"));
    place(&mut client, &ticket);
    let text = client.text("preview_order", option(&call, "sell_to_open", "2", "5.00"));
    assert!(text.contains("UNCOVERED: 1 call, account …0017"), "{text}");
    assert!(text.contains("UNCOVERED: 1 call; 1 of 2 covered by 100 of the 300 F held\n"), "{text}");
    assert!(text.contains("warning: 1 call UNCOVERED: neither 100 shares nor a bought call"), "{text}");
    // And selling the shares would leave what is written without them.
    let sale = json!({"account": "0017", "symbol": "F", "action": "sell", "quantity": "150", "type": "limit", "limit_price": "19"});
    let text = client.text("preview_order", sale);
    assert!(text.contains("day, UNCOVERED: 1 call, account"), "{text}");
    assert!(text.contains("position after it: 150 F (now 300)"), "{text}");
}

#[test]
fn a_naked_call_is_named_and_on_live_accounts_refused_unless_the_person_allows_it() {
    let (stage, mut client, day) = ready("[trading]\nlive = true\n");
    let naked = |action: &str| option(&format!("MSFT {day} 420 C"), action, "1", "45.00");
    let text = client.text("preview_order", naked("sell_to_open"));
    assert!(text.contains("limit 45.00, day, UNCOVERED: 1 call, account …0017"), "{text}");
    assert!(
        text.contains(
            "maximum loss: unlimited\nmaximum gain: 4,500.00 USD without fees, 4,499.50 with them\n"
        ),
        "{text}"
    );
    // Live: 25 shares are no hundred.
    let refused = client.failure("preview_order", live(naked("sell_to_open")));
    assert!(refused.contains("not allowed: 1 call UNCOVERED: neither 100 shares"), "{refused}");
    assert!(!refused.contains("uncovered_options"), "{refused}");
    let allowed = Stage::new(
        "[trading]\nlive = true\nuncovered_options = true\nmax_order_value = 100000\nmax_value_per_day = 100000\n",
    );
    let text = allowed.client().text("preview_order", live(naked("sell_to_open")));
    assert!(text.contains("UNCOVERED: 1 call, account …1002"), "{text}");
    assert_eq!(stage.posts("/v1/orders"), 0);
}

/// An account with 40 AAPL and a call of a later month: a covered call on its shares is not to be had.
#[test]
fn a_call_that_a_bought_call_covers_is_not_taken_for_a_covered_call() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let held = held_call(&mut client);
    let path = "/v1/accounts/AR4471002/positions";
    let token = stage.aries.issue(READING).access_token;
    let mut told = stage.aries.http("GET", path, Some(&token), None);
    let shares = told["positions"].as_array_mut().unwrap().iter_mut().find(|row| row["symbol"] == "AAPL");
    shares.unwrap()["quantity"] = json!("40");
    let estimate = json!({"estimatedCost": "-2999.50", "estimatedMargin": "5100.30", "buyingPowerImpact": "-5100.30", "optionRequirement": "5100.30"});
    stage.aries.faults(json!([
        {"path": path, "fault": "body", "body": told.to_string(), "times": 999},
        {"path": "/v1/orders/preview", "fault": "body", "body": estimate.to_string(), "times": 999}
    ]));
    let chain =
        client.text("get_option_chain", json!({"symbol": "AAPL", "expiration": "30 days", "side": "call"}));
    let contract = chain.lines().find(|line| line.starts_with("AAPL2") && line.contains('|')).unwrap();
    let contract = contract.split('|').next().unwrap().to_owned();
    let text = client.text("preview_order", live(option(&contract, "sell_to_open", "1", "30.00")));
    let cover = text.lines().find_map(|line| line.strip_prefix("cover: ")).unwrap();
    let words = format!(
        "40 AAPL held of the 100 that a call needs, so not by shares; by 1 {held} held (a spread, not a covered call); Aries \
         requires "
    );
    assert!(
        cover.starts_with(&words) && cover.ends_with("requires 5,100.30 USD all the same, by its own count"),
        "{cover}"
    );
    // What Aries wants is told once, under all the names that it has there.
    let required = text
        .lines()
        .find(|line| line.starts_with("Margin, Buying power effect (negative), Option requirement|"));
    assert!(required.is_some(), "{text}");
    assert!(text.contains("assignment of the options that it writes can move "), "{text}");
}

#[test]
fn a_put_protects_shares_and_a_written_one_needs_cash() {
    let (stage, mut client, day) =
        ready("[trading]\nlive = true\nmax_order_value = 1000000\nmax_value_per_day = 1000000\n");
    hold_ford(&stage);
    says(
        &mut client,
        option(&format!("F {day} 11 P"), "buy_to_open", "1", "0.01"),
        &[
            "cover: protective put: for 100 of 300 F held",
            "net debit: 1.00 USD at the limit price, without fees",
            "counted with it: 100 F held at 11.45 USD",
            "maximum loss: 46.00 USD without fees",
            "maximum gain: unlimited",
            "breakeven at expiration: 11.46 USD, without fees",
        ],
    );
    let written = |contracts: &str| option(&format!("AAPL {day} 240 P"), "sell_to_open", contracts, "9.00");
    says(
        &mut client,
        written("4"),
        &[
            "cover: cash-secured put",
            "maximum loss: 92,400.00 USD without fees",
            "maximum gain: 3,600.00 USD without fees",
            "breakeven at expiration: 231.00 USD, without fees",
            "assignment: buy 400 AAPL for 96,000.00 USD (240 put)",
        ],
    );
    let text = client.text("preview_order", written("5"));
    let why =
        "assignment takes 120,000.00 USD with what else is open, of which 100,000.00 USD are there in cash";
    assert!(text.contains("UNCOVERED: 5 puts, account") && text.contains(why), "{text}");
    // On a live account the same, and also where Aries does not tell the cash.
    let refused = client.failure("preview_order", live(written("3")));
    assert!(
        refused.contains("not allowed: 3 puts UNCOVERED")
            && refused.contains("48,250.37 USD are there in cash"),
        "{refused}"
    );
    stage.aries.faults(json!({"method": "GET", "path": "/v2/accounts/AR4471002/balance", "fault": "status", "status": 503, "times": 9}));
    let refused = client.failure("preview_order", live(written("1")));
    assert!(refused.contains("not allowed on a live account: Aries does not tell whether "), "{refused}");
}

#[test]
fn spreads_and_calendars_stand_for_themselves() {
    let (_stage, mut client, day) = ready("");
    let on = |right: &str, strike: u32| format!("AAPL {day} {strike} {right}");
    let (c270, c280, p260, p250) = (on("C", 270), on("C", 280), on("P", 260), on("P", 250));
    says(
        &mut client,
        spread("buy", "2.00", &[(&c270, "buy_to_open"), (&c280, "sell_to_open")]),
        &[
            "maximum loss: 200.00 USD without fees",
            "maximum gain: 800.00 USD without fees",
            "breakeven at expiration: 272.00 USD, without fees",
        ],
    );
    says(
        &mut client,
        spread(
            "sell",
            "9.00",
            &[
                (&p250, "buy_to_open"),
                (&p260, "sell_to_open"),
                (&c270, "sell_to_open"),
                (&c280, "buy_to_open"),
            ],
        ),
        &[
            "net credit: 900.00 USD at the limit price, without fees",
            "maximum loss: 100.00 USD without fees",
            "maximum gain: 900.00 USD without fees",
            "breakeven at expiration: 251.00 and 279.00 USD, without fees",
        ],
    );
}

#[test]
fn the_position_after_a_replacement_counts_what_is_filled() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let order = json!({"account": "0017", "symbol": "F", "action": "buy", "quantity": "100", "type": "limit", "limit_price": "5"});
    let text = client.text("preview_order", order.clone());
    assert!(
        text.contains("position after it: 400 F (now 300)")
            && text.contains("about 500.00 USD at its limit price"),
        "{text}"
    );
    let ticket = ticket(&mut client, order);
    let placed = place(&mut client, &ticket);
    let id = placed["structuredContent"]["order_id"].as_str().unwrap().to_owned();
    stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id, "qty": "40"})));
    let text = client.text("preview_order", json!({"account": "0017", "replaces": id, "quantity": "90"}));
    assert!(text.contains("position after it: 390 F (now 340)"), "{text}");
}

#[test]
fn after_a_fill_the_answer_says_what_it_cost_and_of_a_spread_how_to_close_it() {
    let stage = Stage::new("");
    let day = Listed::find(&stage.aries).day;
    let mut client = stage.client();
    let mut fill = |order: Value, filled: &str| {
        let ticket = ticket(&mut client, order);
        let first = place(&mut client, &ticket);
        assert!(!text_of(&first).contains("exit:"), "{first}");
        let id = first["structuredContent"]["order_id"].clone();
        stage.aries.http("POST", "/sandbox/fill", None, Some(json!({"clOrdId": id, "qty": filled})));
        let text = text_of(&place(&mut client, &ticket));
        // What is offered is previewed as it is, with a price.
        if let Some(exit) = text.lines().find_map(|line| line.strip_prefix("exit: ")) {
            let (from, to) = (exit.find('{').unwrap(), exit.rfind('}').unwrap());
            let mut arguments: Value = serde_json::from_str(&exit[from..=to]).unwrap();
            (arguments["type"], arguments["limit_price"]) = (json!("limit"), json!("999.00"));
            client.text("preview_order", arguments);
        }
        text
    };
    let order = |symbol: &str, action: &str, price: &str| json!({"account": "0017", "symbol": symbol, "action": action, "quantity": "10", "type": "limit", "limit_price": price});
    // The account is named once, and the estimate gives way to what was paid.
    let text = fill(order("MSFT", "buy", "300"), "4");
    let line = text.lines().next().unwrap();
    assert_eq!(
        line,
        "PARTIALLY FILLED · SANDBOX (plays simulated) …0017 · BUY 10 MSFT, limit 300.00, day: 4 of 10 filled at 300.00 on \
         average = 1,200.00 USD without fees"
    );
    assert!(
        !text.contains("exit:")
            && text.contains("next: do not order it again unless the person wants another one; wait_for {"),
        "{text}"
    );
    let call = format!("AAPL {day} 280 C");
    let text = fill(order(&call, "buy_to_open", "0.10"), "10");
    assert!(text.contains("10 of 10 filled at 0.10 on average = 100.00 USD without fees\n"), "{text}");
    assert!(text.starts_with("FILLED · ") && !text.contains("exit:"), "{text}");
    let legs = [(format!("AAPL {day} 290 C"), "buy_to_open"), (format!("AAPL {day} 300 C"), "sell_to_open")];
    let legs: Vec<(&str, &str)> =
        legs.iter().map(|(contract, action)| (contract.as_str(), *action)).collect();
    let text = fill(spread("buy", "0.01", &legs), "1");
    assert!(text.contains("exit: nothing is sent for it; preview_order {"), "{text}");
    assert!(text.contains("\"action\":\"sell\"") && text.contains("\"action\":\"sell_to_close\""), "{text}");
}

/// Only a session whose tool list has `wait_for` is sent there, and only while the order is open.
#[test]
fn an_open_order_says_how_to_hear_of_its_fill() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let placed = |client: &mut Client| {
        let ticket = ticket(client, ko("1", "50"));
        place(client, &ticket)
    };
    let first = placed(&mut client);
    let id = order_id(&first);
    let next = format!("next: wait_for {{\"order\":\"{id}\"}} tells when it fills or ends");
    assert_eq!(text_of(&first).lines().last(), Some(next.as_str()), "{first}");
    // That call and the list have the same word for how it stands.
    let waited = client.text("wait_for", json!({"order": id, "seconds": 1}));
    assert!(waited.contains(" is WORKING: BUY 1 KO"), "{waited}");
    let listed = client.text("get_orders", json!({"account": "0017"}));
    assert!(listed.contains("|WORKING|") && !listed.contains("NEW"), "{listed}");
    let canceled = text_of(&client.call("cancel_order", json!({"order": id})));
    assert!(canceled.starts_with("CANCELED") && !canceled.contains("wait_for"), "{canceled}");
    let mut env = stage.env();
    env.push(("ARIES_TOOLSETS", "account,trading".to_owned()));
    let mut without = stage.home.serve(&["serve"], &pairs(&env));
    without.initialize("2025-11-25");
    let second = placed(&mut without);
    assert!(state(&second) == "WORKING" && !text_of(&second).contains("wait_for"), "{second}");
}

#[test]
fn two_orders_at_once_do_not_rely_on_the_same_cash() {
    let client_asks = "[trading]\nlive = true\napproval = \"client\"\nmax_order_value = 90000\nmax_order_quantity = 900\nmax_value_per_day = 900000\n";
    let (stage, mut client, day) = ready(client_asks);
    let mut other = stage.client();
    let put =
        |contract: &str, price: &str| live(option(&format!("{contract} {day}"), "sell_to_open", "1", price));
    let first = ticket(&mut client, with_right(put("AAPL", "9.00"), "260 P"));
    let second = ticket(&mut other, with_right(put("MSFT", "20.00"), "400 P"));
    let calls = (begin_to_place(&mut client, &first), begin_to_place(&mut other, &second));
    let states = [client.answer(calls.0)["result"].clone(), other.answer(calls.1)["result"].clone()];
    let sent = states.iter().filter(|result| state(result) != "NOT SENT").count();
    assert_eq!((sent, stage.posts("/v1/orders")), (1, 1), "{states:?}");
    // What is bought with that cash is named.
    let buy = json!({"account": "1002", "symbol": "KO", "action": "buy", "quantity": "600", "type": "limit",
        "limit_price": "71.00"});
    let told = client.text("preview_order", buy);
    assert!(told.contains("it uses cash that covers written puts"), "{told}");
}

fn with_right(mut order: Value, right: &str) -> Value {
    order["symbol"] = json!(format!("{} {right}", order["symbol"].as_str().unwrap()));
    order
}

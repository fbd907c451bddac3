//! Portfolios that are long, odd or of several accounts.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::{Aries, Client, Home, READING, pairs};

fn start() -> (Aries, Client) {
    let aries = Aries::start(Default::default());
    let mut client = Home::new().serve(&["serve"], &pairs(&aries.env(READING)));
    client.initialize("2025-11-25");
    (aries, client)
}

/// The account that looks live holds these.
fn held(aries: &Aries, positions: &Value) {
    let body = json!({"positions": positions}).to_string();
    aries.faults(json!([
        {"path": "/v1/accounts/AR4471002/positions", "fault": "body", "body": body, "times": 99}
    ]));
}

#[test]
fn every_one_of_seven_hundred_positions_is_reached() {
    let (aries, mut client) = start();
    let letter = |number: usize| char::from(b'A' + u8::try_from(number % 26).unwrap());
    let symbol =
        |number: usize| format!("Z{}{}{}", letter(number / 676), letter(number / 26), letter(number));
    let positions: Vec<Value> = (0..700)
        .map(|number| {
            json!({"symbol": symbol(number), "securityType": "EQUITY", "quantity": "10", "averagePrice": "5",
                "costBasis": (number + 1).to_string(), "marketValue": "50", "price": "5"})
        })
        .collect();
    held(&aries, &json!(positions));
    let mut seen = std::collections::BTreeSet::new();
    let mut cursor = None;
    for _ in 0..9 {
        let text = client.text("get_portfolio", json!({"account": "1002", "cursor": cursor}));
        assert!(text.chars().count() <= 24_000, "{}", text.chars().count());
        seen.extend(
            text.lines()
                .filter(|line| line.starts_with('Z'))
                .map(|line| line.split('|').next().unwrap().to_owned()),
        );
        // No note names all of them.
        assert!(text.lines().filter(|line| !line.starts_with('Z')).all(|line| line.len() < 900), "{text}");
        let Some((_, next)) = text.split_once("and cursor \"") else { break };
        cursor = Some(next.split('"').next().unwrap().to_owned());
    }
    assert_eq!(seen.len(), 700);
}

#[test]
fn a_position_that_comes_or_goes_between_two_pages_moves_no_other() {
    let (aries, mut client) = start();
    let position = |name: &str, cost: usize| {
        json!({"symbol": name, "securityType": "EQUITY", "quantity": "10", "averagePrice": "5",
            "costBasis": cost.to_string(), "marketValue": "50", "price": "5"})
    };
    let letter = |number: usize| char::from(b'A' + u8::try_from(number % 26).unwrap());
    let symbol = |number: usize| format!("Z{}{}", letter(number / 26), letter(number));
    // Aries lists most of them seven times, alike to the last digit: a page ends between two such rows.
    let listed = |number: usize| vec![number; if number == 0 { 1 } else { 7 }];
    let wanted: Vec<String> = (0..60).flat_map(listed).map(symbol).collect();
    let mut list: Vec<Value> =
        (0..60).flat_map(listed).map(|number| position(&symbol(number), 1_000 - number)).collect();
    let names = |text: &str| -> Vec<String> {
        let rows = text.lines().filter(|line| line.starts_with('Z'));
        rows.map(|line| line.split('|').next().unwrap().to_owned()).collect()
    };
    let mut seen = Vec::new();
    let mut cursor = None;
    // The largest is sold after the first page, a larger one is bought after the second.
    for change in [1, 2, 3, 4, 5] {
        held(&aries, &json!(list));
        let text = client.text("get_portfolio", json!({"account": "1002", "cursor": cursor}));
        seen.extend(names(&text));
        let Some((_, next)) = text.split_once("and cursor \"") else { break };
        cursor = Some(next.split('"').next().unwrap().to_owned());
        match change {
            1 => drop(list.remove(0)),
            2 => list.push(position("ZZZ", 5_000)),
            _ => {}
        }
    }
    assert_eq!(seen, wanted);
}

#[test]
fn what_is_no_known_security_has_neither_price_nor_value() {
    let (aries, mut client) = start();
    held(
        &aries,
        &json!([
            {"symbol": "F", "securityType": "BOND", "quantity": "100", "price": "98.5", "marketValue": "9850"},
            {"symbol": "AAPL", "securityType": "CRYPTO", "quantity": "2"},
            {"symbol": "", "securityType": "CASH", "quantity": "1500"},
            {"symbol": "KO", "securityType": "EQUITY", "quantity": "1"},
            {"symbol": "KO", "securityType": "EQUITY", "quantity": "2"},
        ]),
    );
    let text = client.text("get_portfolio", json!({"account": "1002"}));
    let row = |first: &str| {
        text.lines().find(|line| line.starts_with(first)).unwrap_or_else(|| panic!("{first}: {text}"))
    };
    for symbol in ["F|", "AAPL|"] {
        let cells: Vec<&str> = row(symbol).split('|').collect();
        assert_eq!((cells[3], cells[4], cells[5]), ("—", "—", "—"), "{text}");
    }
    assert!(text.contains("no price and no value: F (BOND), AAPL (CRYPTO): a type of security"), "{text}");
    // Aries has a price for KO, which is no quote of a bond: the sums are those of what has a value.
    assert!(
        row("total of ").starts_with("total of the positions that have a value here (3 of 5): value "),
        "{text}"
    );
    assert!(row("cash|").starts_with("cash|1500|—|—|1500.00|"), "{text}");
    assert!(text.contains("Aries lists more than once: KO (2 rows)"), "{text}");
}

#[test]
fn a_cash_account_has_no_words_of_margin() {
    let (aries, mut client) = start();
    let account = json!({"accounts": [{"trading_account_id": "AR4471002", "account_type": "INDIVIDUAL", "account_class": "CASH",
        "status": "OPEN", "is_sim": false}]});
    aries.faults(
        json!([{"path": "/v2/users/me/accounts", "fault": "body", "body": account.to_string(), "times": 9}]),
    );
    let text = client.text("get_portfolio", json!({}));
    assert!(text.contains("INDIVIDUAL CASH") && text.contains("· cash 48250.37 ·"), "{text}");
    for word in ["day-trade", "maintenance", "argin"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[test]
fn the_day_of_the_day_is_named_while_the_market_is_closed() {
    let (aries, mut client) = start();
    let text = client.text("get_portfolio", json!({"account": "1002"}));
    assert!(!text.contains("market is closed"), "{text}");
    let closed = json!({"exchange": "US", "isOpen": false, "session": null}).to_string();
    aries.faults(json!([{"path": "/v1/market/status", "fault": "body", "body": closed}]));
    let text = client.text("get_portfolio", json!({"account": "1002"}));
    let (_, day) = text.split_once("\nthe market is closed: day P&L is that of ").unwrap();
    assert!(day.starts_with(|first| "MTWF".contains(first)) && day.contains("day 20"), "{text}");
}

#[test]
fn several_accounts_have_totals_and_options_an_exposure() {
    let (_aries, mut client) = start();
    let text = client.text("get_portfolio", json!({"fields": ["name"]}));
    let equity = |begin: &str| -> Decimal {
        let (_, rest) = text.split_once(begin).unwrap_or_else(|| panic!("{begin}: {text}"));
        rest.split(' ').next().unwrap().parse().unwrap()
    };
    let parts = equity("\nof it live: equity ") + equity("\nof it simulated, which is no money: equity ");
    assert_eq!(equity("\nall 2 accounts: equity "), parts, "{text}");
    assert!(text.contains(" · cash 148250.37 · "), "{text}");
    assert!(text.contains("|\"Apple Inc.\"\n"), "{text}");
    let exposure =
        text.lines().find(|line| line.starts_with("delta-adjusted exposure AAPL: options ")).unwrap();
    assert!(exposure.contains("+ 40 held = ") && exposure.ends_with(" USD"), "{exposure}");
}

#[test]
fn a_delta_that_cannot_be_leaves_the_exposure_unknown() {
    let (aries, mut client) = start();
    let snapshot =
        json!({"results": {"details": {"sharesPerContract": 100}, "greeks": {"delta": 99, "gamma": -1}}});
    aries.faults(json!([{"path": "/v1/options/snapshot/*", "fault": "body", "body": snapshot.to_string(), "times": 9}]));
    let text = client.text("get_portfolio", json!({"account": "1002"}));
    assert!(text.contains("exposure AAPL: not known, since a delta is missing"), "{text}");
    assert!(!text.contains("|99|"), "{text}");
}

//! Aries' limits a minute, kept by the program itself.

use std::time::{Duration, Instant};

use aries_mcp::sandbox::Options;
use serde_json::json;

use crate::support::stage::SIM;
use crate::support::{Aries, Home, READING, pairs, trading};

#[test]
fn no_more_calls_are_made_than_aries_takes_and_a_cancel_still_goes_out() {
    let (aries, home) = (Aries::start(Options { rate_limits: false, ..Options::default() }), Home::new());
    let env = aries.env(&trading());
    let order = json!({"tradingAccountId": SIM, "symbol": "MSFT", "side": "BUY", "type": "LIMIT", "qty": "1",
        "price": "400", "timeInForce": "DAY"});
    let placed = aries.http("POST", "/v1/orders", Some(&env[1].1), Some(order));
    let mut client = home.serve(&["serve"], &pairs(&env));
    client.initialize("2025-11-25");
    let begun = Instant::now();
    let refused = loop {
        let result = client.call("get_orders", json!({"account": "0017", "view": "today"}));
        if result["isError"] == json!(true) {
            break crate::support::text_of(&result);
        }
    };
    assert!(refused.starts_with("error: Aries takes 50 trading calls a minute"), "{refused}");
    assert!(refused.contains("hint: wait ") && refused.contains(" s, then ask again"), "{refused}");
    assert!(begun.elapsed() < Duration::from_secs(20), "it said so at once");
    let trading_calls =
        |aries: &Aries| aries.log().iter().filter(|line| line.contains("/v2/accounts/")).count();
    assert_eq!(trading_calls(&aries), 36, "ten are kept for cancels, and four for orders in doubt");
    client.text("cancel_order", json!({"order": placed["clOrdId"], "account": "0017"}));
    assert!(aries.log().contains(&"POST /v1/orders/cancel".to_owned()));
    assert!(trading_calls(&aries) < 46);
    // Other calls have limits of their own.
    client.text("find_symbol", json!({"query": "Apple"}));
}

#[test]
fn a_429_holds_its_category_alone_for_as_long_as_aries_says() {
    let (aries, home) = (Aries::start(Options::default()), Home::new());
    let mut client = home.serve(&["serve"], &pairs(&aries.env(READING)));
    client.initialize("2025-11-25");
    aries.faults(json!({"path": "/v1/marketdata/search", "fault": "status", "status": 429,
        "headers": {"retry-after": "40"}}));
    let said = client.failure("find_symbol", json!({"query": "Apple"}));
    assert!(said.starts_with("error: Aries limits how often it can be asked: "), "{said}");
    assert!(said.ends_with("hint: wait 40 s, then ask again, for less at a time"), "{said}");
    let asked = aries.log().len();
    let said = client.failure("find_symbol", json!({"query": "Apple"}));
    assert!(said.contains("Aries takes 1000 market data calls a minute"), "{said}");
    assert!(said.contains("hint: wait 40 s") || said.contains("hint: wait 39 s"), "{said}");
    assert_eq!(aries.log().len(), asked, "nothing was sent");
    client.text("get_accounts", json!({}));
}

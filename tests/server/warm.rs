//! What happens before the first call: a connection and nothing on it; and what is remembered between calls.

use std::time::Duration;

use aries_mcp::sandbox::Options;
use serde_json::json;

use crate::support::relay::Relay;
use crate::support::{Aries, Client, Home, PATIENCE, READING, pairs, trading};

/// A server that reaches its Aries through a relay.
fn far(aries: &Aries) -> (Relay, Client) {
    let relay = Relay::start(&aries.origin, Duration::ZERO).unwrap();
    let env = aries.env(READING);
    let mut env = pairs(&env);
    env.push(("ARIES_API_URL", &relay.origin));
    let mut client = Home::new().serve(&[], &env);
    client.initialize("2025-11-25");
    (relay, client)
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_first_list_opens_a_connection_and_sends_nothing() {
    let aries = Aries::start(Options::default());
    let (relay, mut client) = far(&aries);
    assert_eq!(relay.connections(), 0, "a connection before the first list");
    client.request("tools/list", json!({}));
    until("no connection was opened", || relay.connections() == 1);
    client.request("tools/list", json!({}));
    assert_eq!((relay.connections(), relay.sent()), (1, 0));
    // The first call takes it.
    client.text("get_quotes", json!({"symbols": ["AAPL"]}));
    assert_eq!((relay.connections(), aries.log().len()), (1, 1));
    assert!(client.close().success());
}

#[test]
fn a_connection_that_aries_has_closed_is_not_used() {
    let aries = Aries::start(Options::default());
    let (relay, mut client) = far(&aries);
    client.request("tools/list", json!({}));
    until("no connection was opened", || relay.connections() == 1);
    relay.cut();
    client.text("get_quotes", json!({"symbols": ["AAPL"]}));
    assert_eq!(aries.log().len(), 1, "{:?}", aries.log());
}

#[test]
fn nobody_who_is_signed_out_opens_a_connection() {
    let aries = Aries::start(Options { auto_consent: true, ..Options::default() });
    let relay = Relay::start(&aries.origin, Duration::ZERO).unwrap();
    let home = Home::new();
    let serve = || {
        let mut client = home.serve(&[], &[("ARIES_API_URL", &relay.origin)]);
        client.initialize("2025-11-25");
        client.request("tools/list", json!({}));
        client
    };
    assert!(serve().close().success());
    assert_eq!(relay.connections(), 0);
    // Tokens are of the address that they came from.
    assert!(home.login_at(&aries, &relay.origin, &[]).success);
    let before = relay.connections();
    let _client = serve();
    until("no connection was opened", || relay.connections() == before + 1);
}

#[test]
fn accounts_are_remembered_for_answers_and_never_for_orders() {
    let aries = Aries::start(Options::default());
    let env = aries.env(&trading());
    let mut client = Home::new().serve(&[], &pairs(&env));
    client.initialize("2025-11-25");
    let lists = || aries.log().iter().filter(|line| line.ends_with("/users/me/accounts")).count();
    for _ in 0..3 {
        client.text("get_portfolio", json!({}));
        client.text("get_orders", json!({}));
    }
    assert_eq!(lists(), 1);
    // A name that is not known may be of a new account.
    client.failure("get_portfolio", json!({"account": "9999"}));
    assert_eq!(lists(), 2);
    client.text("get_accounts", json!({}));
    assert_eq!(lists(), 3);
    let order =
        json!({"account": "0017", "symbol": "AAPL", "action": "buy", "quantity": "1", "type": "market"});
    client.text("preview_order", order);
    assert!(lists() > 3);
}

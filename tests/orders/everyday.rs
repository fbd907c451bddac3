//! What a person does with orders in a minute, within the calls that Aries takes in one.

use aries_mcp::sandbox::Options;
use serde_json::{Value, json};

use crate::support::brisk::Limits;
use crate::support::stage::{Stage, msft, order_id, place, state, ticket, until};
use crate::support::{Aries, Client};

/// Aries' limit of trading calls a minute, less those that are kept for an order in doubt.
const MOST: usize = 46;

/// A program that counts its calls, at an Aries that counts them too.
fn counted() -> (Stage, Client) {
    let stage = Stage { aries: Aries::start(Options::default()), ..Stage::new("") };
    let client = stage.client_within(Limits::Counted);
    (stage, client)
}

/// How many requests count as trading, by their paths.
fn trading_calls(stage: &Stage) -> usize {
    let log = stage.aries.log();
    let is_trading = |line: &&String| {
        let path = line.split(' ').nth(1).unwrap();
        let is_read = path.contains("/accounts/") && !path.contains("/users/") && !path.ends_with("/ws");
        is_read || path.starts_with("/v1/orders")
    };
    log.iter().filter(is_trading).count()
}

fn placed(client: &mut Client, preview: Value) -> String {
    let ticket = ticket(client, preview);
    let result = place(client, &ticket);
    assert!(["WORKING", "SENT"].contains(&state(&result)), "{result}");
    order_id(&result)
}

/// The portfolio, an order, a change of it, and its end: six calls.
fn one_order(client: &mut Client) {
    client.text("get_portfolio", json!({"account": "0017"}));
    let first = placed(client, msft("0017"));
    let changed = json!({"account": "0017", "replaces": first, "limit_price": "401.00"});
    let second = placed(client, changed);
    let canceled = client.call("cancel_order", json!({"order": second, "account": "0017"}));
    assert_eq!(state(&canceled), "CANCELED", "{canceled}");
}

#[test]
fn ten_calls_about_orders_in_a_minute_stay_within_aries_limit() {
    let (stage, mut client) = counted();
    one_order(&mut client);
    let first = trading_calls(&stage);
    one_order(&mut client);
    let both = trading_calls(&stage);
    assert!(first <= 25 && both <= MOST, "{first}, {both}: {:#?}", stage.aries.log());
}

#[test]
fn beside_the_account_socket_the_lists_are_read_less_often() {
    let (stage, mut client) = counted();
    let resting = placed(&mut client, msft("0017"));
    let waiting = json!({"order": resting, "account": "0017", "seconds": 60});
    client.send("tools/call", json!({"name": "wait_for", "arguments": waiting}));
    until("the account socket", || stage.aries.log().iter().any(|line| line == "GET /v1/accounts/ws"));
    let before = trading_calls(&stage);
    one_order(&mut client);
    let taken = trading_calls(&stage) - before;
    assert!(taken <= 24, "{taken}: {:#?}", stage.aries.log());
}

#[test]
fn a_ticket_is_not_spent_where_too_few_calls_are_left() {
    let (stage, mut client) = counted();
    let ticket = ticket(&mut client, msft("0017"));
    let orders = json!({"account": "0017", "view": "today"});
    while client.call("get_orders", orders.clone())["isError"] != json!(true) {}
    for _ in 0..2 {
        let text = client.failure("place_order", json!({"ticket": ticket}));
        assert!(text.contains("are used up") && text.contains("nothing was sent"), "{text}");
    }
    let text = client.failure("preview_order", msft("0017"));
    assert!(text.contains("are used up"), "{text}");
    assert_eq!((stage.posts("/v1/orders"), stage.posts("/v1/orders/preview")), (0, 1));
}

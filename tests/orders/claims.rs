//! What the answer to an order says of how it stands, against what Aries' lists show.

use serde_json::{Value, json};

use super::lagging::{can_be_sold, lag, sale};
use crate::support::Client;
use crate::support::stage::*;

const HELD: [(&str, &str, &str); 1] = [("TSLA", "EQUITY", "15")];

/// The sale of 10 TSLA under this id, as a list shows it.
fn row(id: &str, status: &str) -> Value {
    let now = jiff::Timestamp::now().to_string();
    json!({"clOrdId": id, "symbol": "TSLA", "side": "SELL", "type": "LIMIT", "timeInForce": "DAY", "qty": "10",
        "price": "990", "cumQty": "0", "leavesQty": "10", "ordStatus": status, "securityType": "EQUITY",
        "createdAt": now, "updatedAt": now})
}

fn answered(id: &str, success: bool, status: &str) -> Value {
    let body = json!({"success": success, "clOrdId": id, "status": status, "text": "so it is"});
    json!({"fault": "status", "status": 200, "body": body.to_string()})
}

/// Places an order of which the lists know when its answer comes, and not before.
fn placed_and_listed(
    stage: &Stage,
    client: &mut Client,
    ticket: &str,
    mut answer: Value,
    row: Value,
) -> Value {
    answer["hold"] = json!(true);
    stage.fault("/v1/orders", answer);
    let call = begin_to_place(client, ticket);
    stage.until_held();
    lag(stage, &[row], &HELD);
    stage.release();
    client.answer(call)["result"].clone()
}

const CLAIMS: [(bool, &str); 5] =
    [(true, "EXPIRED"), (true, "CANCELED"), (true, "FILLED"), (true, "REJECTED"), (false, "REJECTED")];

#[test]
fn an_order_that_lists_show_as_open_is_open_whatever_the_answer_called_it() {
    std::thread::scope(|scope| {
        for (success, status) in CLAIMS {
            scope.spawn(move || {
                let stage = Stage::new("");
                let mut client = stage.client();
                lag(&stage, &[], &HELD);
                let ticket = ticket(&mut client, sale("10", Some("990")));
                let answer = answered("W1", success, status);
                let placed = placed_and_listed(&stage, &mut client, &ticket, answer, row("W1", "NEW"));
                assert_eq!(state(&placed), "WORKING", "{placed}");
                for client in [&mut client, &mut stage.client()] {
                    let again = place(client, &ticket);
                    assert_eq!(state(&again), "WORKING", "{status}: {again}");
                    assert_eq!(can_be_sold(client, 6), 5, "{status}");
                }
                assert_eq!(stage.journal()[0]["state"], "WORKING", "{status}");
                stage.verified();
            });
        }
    });
}

#[test]
fn a_list_that_shows_it_later_counts_as_well() {
    std::thread::scope(|scope| {
        for (success, status) in CLAIMS {
            scope.spawn(move || {
                let stage = Stage::new("");
                let mut client = stage.client();
                lag(&stage, &[], &HELD);
                let ticket = ticket(&mut client, sale("10", Some("990")));
                stage.fault("/v1/orders", answered("W1", success, status));
                let placed = place(&mut client, &ticket);
                let is_rejected = status == "REJECTED";
                assert_eq!(state(&placed), if is_rejected { "REJECTED" } else { "SENT" }, "{placed}");
                lag(&stage, &[row("W1", "NEW")], &HELD);
                assert_eq!(can_be_sold(&mut client, 6), 5, "{status}");
                for client in [&mut client, &mut stage.client()] {
                    let again = place(client, &ticket);
                    assert_eq!(state(&again), "WORKING", "{status}: {again}");
                    assert_eq!(can_be_sold(client, 6), 5, "{status}");
                }
            });
        }
    });
}

/// What lists and answer agree about has ended.
#[test]
fn an_end_that_lists_show_frees_what_the_order_held() {
    let stage = Stage::new("");
    let mut client = stage.client();
    for (id, status) in [("W1", "EXPIRED"), ("W2", "CANCELED"), ("W3", "REJECTED")] {
        lag(&stage, &[], &HELD);
        let ticket = ticket(&mut client, sale("10", Some("990")));
        let answer = answered(id, true, status);
        let placed = placed_and_listed(&stage, &mut client, &ticket, answer, row(id, status));
        assert_eq!(state(&placed), status, "{placed}");
        assert_eq!(can_be_sold(&mut client, 16), 15, "{status}");
    }
}

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

/// A claim of an answer, on a stage of its own with a ticket to sell 10 of 15.
struct Claim {
    stage: Stage,
    client: Client,
    ticket: String,
    /// Whether the answer calls it a success, and the word that it has for the order.
    said: (bool, &'static str),
}

/// Has every claim judged, all at the same time.
fn each_claim(judge: fn(Claim)) {
    std::thread::scope(|scope| {
        for said in CLAIMS {
            scope.spawn(move || {
                let stage = Stage::new("");
                let mut client = stage.client();
                lag(&stage, &[], &HELD);
                let ticket = ticket(&mut client, sale("10", Some("990")));
                judge(Claim { stage, client, ticket, said });
            });
        }
    });
}

impl Claim {
    /// Checks that the order is open and its shares are promised, in the process that placed it and in another.
    fn holds_for_all(mut self) {
        let (mut other, said) = (self.stage.client(), self.said);
        for client in [&mut self.client, &mut other] {
            let again = place(client, &self.ticket);
            assert_eq!(state(&again), "WORKING", "{said:?}: {again}");
            assert_eq!(can_be_sold(client, 6), 5, "{said:?}");
        }
        assert_eq!(self.stage.journal()[0]["state"], "WORKING", "{said:?}");
        self.stage.verified();
    }
}

#[test]
fn an_order_that_lists_show_as_open_is_open_whatever_the_answer_called_it() {
    each_claim(|mut claim| {
        let answer = answered("W1", claim.said.0, claim.said.1);
        let placed =
            placed_and_listed(&claim.stage, &mut claim.client, &claim.ticket, answer, row("W1", "NEW"));
        assert_eq!(state(&placed), "WORKING", "{placed}");
        claim.holds_for_all();
    });
}

#[test]
fn a_list_that_shows_it_later_counts_as_well() {
    each_claim(|mut claim| {
        let (success, status) = claim.said;
        claim.stage.fault("/v1/orders", answered("W1", success, status));
        let placed = place(&mut claim.client, &claim.ticket);
        let told = if status == "REJECTED" { "REJECTED" } else { "SENT" };
        assert_eq!(state(&placed), told, "{placed}");
        lag(&claim.stage, &[row("W1", "NEW")], &HELD);
        assert_eq!(can_be_sold(&mut claim.client, 6), 5, "{status}");
        claim.holds_for_all();
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

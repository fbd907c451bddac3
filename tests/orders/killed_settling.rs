//! `orders settle` at a terminal, killed around the one line that it writes.

use serde_json::json;

use super::killed::{Deed, again, knows_every_order};
use crate::support::stage::*;
use crate::support::terminal::Terminal;

/// Types what ends the one doubt by hand, and waits until it is noted.
pub(super) fn settle(stage: &Stage, claim: &str) {
    let mut person = settling(stage, claim);
    person.line("yes");
    let (ended, shown) = person.end();
    assert!(ended, "{shown}");
}

/// `orders settle` for the one doubt there is, at its question.
fn settling(stage: &Stage, claim: &str) -> Terminal {
    let journal = stage.journal();
    let doubt = journal.iter().find(|order| order["state"] == "UNKNOWN").unwrap();
    let person = Terminal::run(stage, &format!("orders settle {} {claim}", doubt["id"].as_str().unwrap()));
    person.until_shown("Type yes");
    person
}

/// `orders settle` is killed around its one line: the doubt is ended by it, or stands as before.
#[test]
fn while_a_doubt_is_settled_by_hand() {
    // Whether the order was booked, so what the person says of it.
    let claims = [(false, "--not-sent", "NOT SENT"), (true, "--sent", "SENT")];
    std::thread::scope(|scope| {
        for (booked, claim, settled) in claims {
            for written in [false, true] {
                scope.spawn(move || {
                    let stage = Stage::new("");
                    let first = left_in_doubt(&stage, booked);
                    let mut person = settling(&stage, claim);
                    if written {
                        person.line("yes");
                        stage.until_event("settled");
                        person.kill();
                    } else {
                        let busy = stage.journal_lock();
                        person.line("yes");
                        until("the lane of the order", || stage.lane_is_held());
                        person.kill();
                        drop(busy);
                        assert_eq!(stage.journal()[0]["state"], "UNKNOWN");
                        settle(&stage, claim);
                    }
                    let mut later = stage.client();
                    assert_eq!(state(&place(&mut later, &first)), settled, "{claim} {written}");
                    stage.behave();
                    if !booked {
                        again(Deed::New, &mut later, "");
                        knows_every_order(&stage);
                    }
                    assert_eq!(stage.book(SIM, "MSFT").len(), 1);
                    stage.verified();
                });
            }
        }
    });
}

/// An order that stays in doubt: it never arrived, or it did and no list can be read. Tells its ticket.
fn left_in_doubt(stage: &Stage, booked: bool) -> String {
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let fault = if booked { "drop_after" } else { "drop_before" };
    stage.fault("/v1/orders", json!({"fault": fault, "hold": true}));
    begin_to_place(&mut client, &first);
    stage.until_held();
    if booked {
        stage.aries.faults(
            json!({"method": "GET", "path": "/v2/accounts/*", "fault": "status", "status": 403, "times": 100_000}),
        );
    }
    stage.release();
    stage.until_event("unknown");
    client.kill();
    first
}

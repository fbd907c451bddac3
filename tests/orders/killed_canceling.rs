//! kill -9 at every step of a cancel: canceled again by a new process, the order has ended, once.

use serde_json::{Value, json};

use crate::support::stage::*;

/// Where a process that cancels is killed.
struct CancelStep {
    /// The last event in the journal at its end.
    event: &'static str,
    /// The request that goes wrong, and how.
    faults: Value,
    /// Whether something is held at the end.
    held: bool,
    /// Whether what was held happens after all, once the later process is done.
    late: bool,
    /// How many cancels Aries gets in all.
    posts: usize,
}

#[test]
fn at_any_step_of_a_cancel() {
    let lists = "/v2/accounts/*";
    let post = |fault: Value| {
        let mut rule = json!({"method": "POST", "path": "/v1/orders/cancel"});
        rule.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
        rule
    };
    let stays = json!({"fault": "delay", "hold": true});
    let steps = [
        // The order is being read first.
        CancelStep {
            event: "answered",
            faults: json!([{"method": "GET", "path": lists, "fault": "delay", "hold": true}]),
            held: true,
            late: false,
            posts: 1,
        },
        // The cancel is under way and has no effect: never, or after everything else.
        CancelStep { event: "cancel", faults: post(stays.clone()), held: true, late: false, posts: 1 },
        CancelStep { event: "cancel", faults: post(stays), held: true, late: true, posts: 2 },
        // It had its effect, and the answer is late, lost, or there.
        CancelStep {
            event: "cancel",
            faults: post(json!({"fault": "delay", "delay_ms": 60_000})),
            held: false,
            late: false,
            posts: 1,
        },
        CancelStep {
            event: "canceled",
            faults: post(json!({"fault": "drop_after"})),
            held: false,
            late: false,
            posts: 1,
        },
        CancelStep {
            event: "canceled",
            faults: post(json!({"fault": "delay"})),
            held: false,
            late: false,
            posts: 1,
        },
        // It never arrived, and its end is being looked for.
        CancelStep {
            event: "cancel",
            faults: post(json!({"fault": "drop_before"})),
            held: false,
            late: false,
            posts: 2,
        },
    ];
    std::thread::scope(|scope| {
        for step in steps {
            scope.spawn(move || kill_and_cancel_again(&step));
        }
    });
}

fn kill_and_cancel_again(step: &CancelStep) {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    let id = order_id(&place(&mut client, &first));
    stage.aries.faults(step.faults.clone());
    client.send("tools/call", json!({"name": "cancel_order", "arguments": {"order": id, "account": "0017"}}));
    if step.held {
        stage.until_held();
    } else {
        until("the POST", || stage.posts("/v1/orders/cancel") == 1);
    }
    stage.until_event(step.event);
    client.kill();
    stage.behave();
    let mut later = stage.client();
    // A model that hears nothing cancels again: that does no harm, and tells how the order ended.
    let told = later.call("cancel_order", json!({"order": id, "account": "0017"}));
    assert_eq!(state(&told), "CANCELED", "{}: {told}", step.event);
    if step.late {
        stage.release();
        until("the late cancel", || stage.posts("/v1/orders/cancel") == step.posts);
    }
    assert_eq!(stage.posts("/v1/orders/cancel"), step.posts, "{}", step.faults);
    let book = stage.book(SIM, "MSFT");
    assert_eq!((book.len(), &book[0]["ordStatus"]), (1, &json!("CANCELED")), "{book:?}");
    let journal = stage.journal();
    assert_eq!((journal.len(), &journal[0]["order"]), (1, &json!(id)), "{journal:?}");
    stage.verified();
}

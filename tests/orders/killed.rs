//! kill -9 at every step of the journal: a new process does what its answers tell a model to do, and in the end the
//! book holds what was meant, once, and the journal knows every order of it.

use serde_json::{Value, json};

#[cfg(target_os = "linux")]
use super::killed_settling::settle;
use crate::support::stage::*;
use crate::support::{Client, text_of};

/// What the order that is under way does.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Deed {
    New,
    Replacement,
}

impl Deed {
    fn path(self) -> &'static str {
        match self {
            Deed::New => "/v1/orders",
            Deed::Replacement => "/v1/orders/replace",
        }
    }

    /// The arguments of its preview; `old` is the order that it replaces.
    fn args(self, old: &str) -> Value {
        match self {
            Deed::New => msft("0017"),
            Deed::Replacement => json!({"account": "0017", "replaces": old, "limit_price": "401.00"}),
        }
    }

    /// What the price of the one order in the book tells.
    fn price(self) -> &'static str {
        match self {
            Deed::New => "400.00",
            Deed::Replacement => "401.00",
        }
    }
}

/// Where a process is killed, and how it is brought there. Everything before `sent` is a read that is held; everything
/// after it is a POST that is held until the lists misbehave too.
struct Step {
    /// The last event in the journal at the end of that process.
    event: &'static str,
    /// What happens to a read before the POST; `None` lets it pass.
    read: Option<Value>,
    /// What happens to the POST.
    post: Value,
    /// Whether the POST goes on before the end, after it, or never.
    release: Release,
    /// What happens to the lists after the POST, one by one.
    lists: Vec<Value>,
    /// What a later process says of the same ticket.
    told: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Release {
    Before,
    After,
    Never,
}

fn steps() -> Vec<Step> {
    let step = |event, told| Step {
        event,
        read: None,
        post: json!({"fault": "delay"}),
        release: Release::Before,
        lists: Vec::new(),
        told,
    };
    let (passes, stays) = (json!({"fault": "delay"}), json!({"fault": "delay", "hold": true}));
    vec![
        // Before the POST: nothing is at Aries, and it is not sent by anybody later.
        Step { read: Some(stays.clone()), ..step("intent", "NOT SENT") },
        Step { read: Some(json!({"fault": "status", "status": 403})), ..step("dropped", "NOT SENT") },
        // The POST is under way and has no effect: never, or only after the process has ended and another one has
        // looked in vain.
        Step { release: Release::Never, ..step("sent", "UNKNOWN") },
        Step { release: Release::After, ..step("sent", "UNKNOWN") },
        // It had its effect, and the answer is still on its way.
        Step { post: json!({"fault": "delay", "delay_ms": 60_000}), ..step("sent", "WORKING") },
        // It was refused outright.
        Step { post: json!({"fault": "status", "status": 400}), ..step("refused", "NOT SENT") },
        // Its answer was lost, and it is being looked for: it is there, or it never arrived.
        Step {
            post: json!({"fault": "drop_after"}),
            lists: vec![stays.clone()],
            ..step("unknown", "WORKING")
        },
        Step {
            post: json!({"fault": "drop_before"}),
            lists: vec![stays.clone()],
            ..step("unknown", "UNKNOWN")
        },
        // It was found in the list and is looked at for its settled state.
        Step {
            post: json!({"fault": "drop_after"}),
            lists: vec![passes, stays.clone()],
            ..step("found", "WORKING")
        },
        // Its answer is on disk, and the settled state is waited for.
        Step { lists: vec![stays], ..step("answered", "WORKING") },
    ]
}

#[test]
fn at_any_step_of_a_new_order() {
    at_any_step(Deed::New);
}

#[test]
fn at_any_step_of_a_replacement() {
    at_any_step(Deed::Replacement);
}

fn at_any_step(deed: Deed) {
    std::thread::scope(|scope| {
        for step in steps() {
            let by_hand = step.told == "UNKNOWN" && step.release != Release::After;
            // A doubt is ended at a terminal, and only Linux has the tool that makes one.
            if !by_hand || cfg!(target_os = "linux") {
                scope.spawn(move || kill_and_go_on(deed, &step));
            }
        }
    });
}

fn kill_and_go_on(deed: Deed, step: &Step) {
    let stage = Stage::new("");
    let mut client = stage.client();
    let old = match deed {
        Deed::New => String::new(),
        Deed::Replacement => {
            let first = ticket(&mut client, msft("0017"));
            order_id(&place(&mut client, &first))
        }
    };
    let first = ticket(&mut client, deed.args(&old));
    bring_there(&stage, deed, step, &mut client, &first);
    client.kill();
    stage.behave();
    let mut later = stage.client();
    let told = place(&mut later, &first);
    assert_eq!(state(&told), step.told, "{told}");
    go_on(&stage, deed, step, &mut later, &first, &old);

    let book = stage.book(SIM, "MSFT");
    let open: Vec<&Value> = book.iter().filter(|order| order["ordStatus"] == "NEW").collect();
    assert_eq!((open.len(), book.len()), (1, 1), "{} {}: {book:?}", step.event, step.told);
    assert_eq!(open[0]["price"], deed.price());
    knows_every_order(&stage);
}

/// Presents the ticket, and returns when the process has come to the step.
fn bring_there(stage: &Stage, deed: Deed, step: &Step, client: &mut Client, ticket: &str) {
    let held = |mut rule: Value, method: &str, path: &str| {
        rule["hold"] = json!(true);
        rule["method"] = json!(method);
        rule["path"] = json!(path);
        stage.aries.faults(rule);
    };
    match &step.read {
        // The positions: they are read before every POST and at no other time.
        Some(read) => held(read.clone(), "GET", "/v1/accounts/*"),
        None => held(step.post.clone(), "POST", deed.path()),
    }
    begin_to_place(client, ticket);
    stage.until_held();
    for list in &step.lists {
        let mut rule = list.clone();
        rule["method"] = json!("GET");
        rule["path"] = json!("/v2/accounts/*");
        stage.aries.faults(rule);
    }
    let goes_on = step.release == Release::Before && step.event != "intent";
    if goes_on {
        stage.release();
    }
    stage.until_event(step.event);
    if step.event == "sent" && goes_on {
        // Its effect is what comes before the answer that is late.
        until("the effect of the POST", || {
            stage.book(SIM, "MSFT").iter().any(|order| order["price"] == deed.price())
        });
    }
}

/// Does what the answer of the later process says, as a model and its person would.
fn go_on(stage: &Stage, deed: Deed, step: &Step, later: &mut Client, first: &str, old: &str) {
    match step.told {
        "WORKING" => {}
        // "look at get_orders": it is not there, so the person wants it still.
        "NOT SENT" => {
            assert!(!later.text("get_orders", json!({"account": "0017"})).contains(deed.price()));
            again(deed, later, old);
        }
        _ => {
            // "do not order it again": one that does is stopped.
            let second = ticket(later, deed.args(old));
            let stopped = place(later, &second);
            assert_eq!(state(&stopped), "NOT SENT", "{stopped}");
            assert!(text_of(&stopped).contains("orders settle am-"), "{stopped}");
            if step.release == Release::After {
                stage.release();
                until("the late effect", || {
                    stage.book(SIM, "MSFT").iter().any(|order| order["price"] == deed.price())
                });
                // "call place_order with the same ticket to have it looked for once more".
                assert_eq!(state(&place(later, first)), "WORKING");
            } else {
                // "Ask the person to look in Aries' own application", who then settles it.
                #[cfg(target_os = "linux")]
                settle(stage, "--not-sent");
                assert_eq!(state(&place(later, first)), "NOT SENT");
                again(deed, later, old);
            }
        }
    }
}

pub(super) fn again(deed: Deed, client: &mut Client, old: &str) {
    let again = ticket(client, deed.args(old));
    assert_eq!(state(&place(client, &again)), "WORKING");
}

/// Every order of ours in the book is in the journal, by our own id and under the id that it has now, and no line is
/// missing.
pub(super) fn knows_every_order(stage: &Stage) {
    stage.verified();
    let journal = stage.journal();
    for order in stage.book(SIM, "MSFT") {
        let known = journal.iter().find(|known| known["id"] == order["clientId"]);
        let known = known.unwrap_or_else(|| panic!("{order} is not in {journal:?}"));
        assert_eq!(known["order"], order["clOrdId"], "{known}");
        assert!(["SENT", "WORKING"].contains(&known["state"].as_str().unwrap()), "{known}");
    }
    assert!(!journal.iter().any(|known| known["state"] == "UNKNOWN"), "{journal:?}");
}

/// A process that finds what another one left in doubt is killed in its turn: nothing of the finding is lost, and
/// whoever comes next hears of it.
#[test]
fn after_a_later_process_has_found_it() {
    let stage = Stage::new("");
    let first = stage.leave_in_doubt(true);
    // It looks by itself when it starts.
    let finder = stage.client();
    stage.until_event("found");
    finder.kill();
    let mut later = stage.client();
    let preview = text_of(&later.call("preview_order", ko("1", "50")));
    assert!(preview.contains("an earlier order whose answer was lost is at Aries: BUY 10 MSFT"), "{preview}");
    assert_eq!(state(&place(&mut later, &first)), "WORKING");
    assert_eq!(stage.book(SIM, "MSFT").len(), 1);
    knows_every_order(&stage);
}

/// Where this program asks nobody, nobody can approve the order of a process that has ended.
#[test]
fn before_sending_an_order_that_the_client_asks_for() {
    let stage = Stage::new("[trading]\nlive = true\napproval = \"client\"\n");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("1002"));
    stage.aries.faults(json!({"method": "GET", "path": "/v1/accounts/*", "fault": "delay", "hold": true}));
    begin_to_place(&mut client, &first);
    stage.until_held();
    client.kill();
    let told = place(&mut stage.client(), &first);
    assert_eq!(state(&told), "NOT SENT", "{told}");
    assert_eq!(stage.lines().pop().unwrap()["event"], "dropped");
    stage.verified();
}

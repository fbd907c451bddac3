//! How orders read back from the lines of a journal.

use serde_json::{Value, json};

use super::*;

fn states(lines: &[Value]) -> Vec<(String, String)> {
    let whole = |(n, line): (usize, &Value)| -> Line {
        let mut whole = json!({"n": n, "prev": "", "hash": "", "at": "2026-11-20T15:00:00Z",
            "ticket": "", "profile": "", "account": "A", "environment": "SIM", "live": false, "underlying": "KO",
            "summary": "", "value": "1", "body": {}, "before": [], "note": ""});
        whole.as_object_mut().unwrap().extend(line.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    };
    let lines: Vec<Line> = lines.iter().enumerate().map(whole).collect();
    let history = History::of(&lines, Duration::ZERO);
    history.0.into_iter().map(|order| (order.id.clone(), order.state().to_string())).collect()
}

fn placed(id: &str, order: &str, replaces: Option<&str>, state: &str) -> Vec<Value> {
    vec![
        json!({"event": "intent", "id": id}),
        json!({"event": "sent", "id": id, "replaces": replaces}),
        json!({"event": "answered", "id": id, "order": order, "state": state}),
    ]
}

#[test]
fn what_was_canceled_or_replaced_does_not_read_as_working() {
    let owned = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(id, state)| ((*id).to_owned(), (*state).to_owned())).collect::<Vec<_>>()
    };
    let cancel = |order: &str, state: Option<&str>| {
        vec![
            json!({"event": "cancel", "id": order, "order": order, "summary": "CANCEL it"}),
            json!({"event": "canceled", "id": order, "order": order, "state": state}),
        ]
    };
    let first = placed("am-1", "A1", None, "WORKING");
    let second = placed("am-2", "A2", Some("A1"), "WORKING");
    let refused = placed("am-2", "A1", Some("A1"), "REJECTED");
    let other = placed("am-3", "A3", None, "WORKING");
    assert_eq!(
        states(&[first.clone(), second.clone(), cancel("A2", Some("CANCELED")), other.clone()].concat()),
        owned(&[("am-1", "REPLACED"), ("am-2", "CANCELED"), ("am-3", "WORKING")])
    );
    // Filled before the cancel came; a cancel whose end was not seen; one of an order that another program placed.
    assert_eq!(states(&[first.clone(), cancel("A1", Some("FILLED"))].concat()), owned(&[("am-1", "FILLED")]));
    assert_eq!(states(&[first.clone(), cancel("A1", None)].concat()), owned(&[("am-1", "WORKING")]));
    assert_eq!(
        states(&[first.clone(), cancel("X9", Some("CANCELED"))].concat()),
        owned(&[("am-1", "WORKING")])
    );
    // What was read before an end and noted after it; another order under the same id of ours is another matter.
    let answered = |id: &str, order: &str, state: &str| {
        vec![json!({"event": "answered", "id": id, "order": order, "state": state})]
    };
    let stale = answered("am-1", "A1", "WORKING");
    assert_eq!(
        states(&[first.clone(), cancel("A1", Some("CANCELED")), stale.clone()].concat()),
        owned(&[("am-1", "CANCELED")])
    );
    assert_eq!(
        states(&[first.clone(), cancel("A1", Some("CANCELED")), answered("am-1", "A9", "WORKING")].concat()),
        owned(&[("am-1", "WORKING")])
    );
    // A replacement that was accepted counts until the old order is seen again, or the new one once more.
    assert_eq!(
        states(&[first.clone(), second.clone(), stale.clone()].concat()),
        owned(&[("am-1", "WORKING"), ("am-2", "WORKING")])
    );
    assert_eq!(
        states(&[first.clone(), second.clone(), stale, answered("am-2", "A2", "WORKING")].concat()),
        owned(&[("am-1", "REPLACED"), ("am-2", "WORKING")])
    );
    let filled = answered("am-1", "A1", "FILLED");
    assert_eq!(
        states(&[first.clone(), second.clone(), filled, answered("am-2", "A2", "SENT")].concat()),
        owned(&[("am-1", "FILLED"), ("am-2", "SENT")])
    );
    // A replacement that Aries refused, or of which nobody knows, leaves the old order as it was.
    assert_eq!(
        states(&[first.clone(), refused].concat()),
        owned(&[("am-1", "WORKING"), ("am-2", "REJECTED")])
    );
    let unknown = second.iter().take(2).cloned().collect();
    assert_eq!(states(&[first, unknown].concat()), owned(&[("am-1", "WORKING"), ("am-2", "UNKNOWN")]));
}

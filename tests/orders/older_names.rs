//! The journal of an earlier version, which knew this machine by the name that was written.

use crate::support::stage::*;
use crate::support::{stderr, stdout};

/// Gives the journal and the note of its end the names that an earlier version gave them.
fn as_named_before(stage: &Stage) {
    let journal = stage.journal_file().unwrap();
    for end in ["jsonl", "head"] {
        let now = journal.with_extension(end);
        let before = now.to_str().unwrap().replace("orders@127.0.0.1_", "orders@localhost_");
        std::fs::rename(&now, before).unwrap();
    }
}

#[test]
fn its_orders_still_count() {
    let stage = Stage::new("[trading]\nmax_orders_per_day = 1\n");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    assert_eq!(state(&place(&mut client, &first)), "WORKING");
    as_named_before(&stage);
    let refused = client.failure("preview_order", ko("1", "50"));
    assert!(refused.contains("1 orders were sent today, and the limit is 1"), "{refused}");
    assert_eq!(stage.journal().len(), 1);
    stage.verified();
    // However the address is written, it is one journal with the same limits.
    let origin = stage.aries.origin.replace("127.0.0.1", "localhost");
    let order = ko("1", "50").to_string();
    let mut env = stage.env();
    env[0].1 = origin;
    let output = stage.home.run(&["call", "preview_order", &order], &crate::support::pairs(&env));
    assert!(stderr(&output).contains("the limit is 1"), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn two_of_them_are_not_chosen_from() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, msft("0017"));
    assert_eq!(state(&place(&mut client, &first)), "WORKING");
    let journal = stage.journal_file().unwrap();
    let before = journal.to_str().unwrap().replace("orders@127.0.0.1_", "orders@localhost_");
    std::fs::copy(&journal, before).unwrap();
    let refused = client.failure("preview_order", ko("1", "50"));
    assert!(refused.contains("there are two order journals of one Aries"), "{refused}");
    assert!(refused.contains("tell the person"), "{refused}");
}

//! What of the journal's files is noticed, kept and told.

use rust_decimal::Decimal;

use super::super::event::{Placed, Sent, State};
use super::super::line::{SEAL, SEAL_END};
use super::*;
use crate::environment::Money;

fn sent(id: &str, cents: i64) -> Event {
    let placed = Placed {
        profile: "default".to_owned(),
        account: "A0017".to_owned(),
        environment: Money::Simulated,
        live: false,
        underlying: "KO".to_owned(),
        summary: "BUY 1 KO".to_owned(),
        terms: None,
    };
    let sent = Sent {
        value: Decimal::new(40_000 + cents, 2),
        body: serde_json::json!({"b": 1, "a": "400.10"}),
        expect: None,
        before: Vec::new(),
        held: std::collections::BTreeMap::new(),
    };
    Event::Sent { id: id.to_owned(), placed, sent: Box::new(sent), replaces: None, note: String::new() }
}

fn answered(id: &str) -> Event {
    Event::Answered { id: id.to_owned(), order: None, state: State::Working, note: None }
}

async fn filled(dir: &Path, lines: usize) -> Journal {
    let journal = Journal::at(dir.join("orders.jsonl"), &Timing::default());
    for number in 0..lines {
        let mut open = journal.open().await.unwrap();
        open.append(sent(&format!("id{number}"), number as i64)).unwrap();
    }
    journal
}

#[tokio::test]
async fn every_change_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let journal = filled(dir.path(), 5).await;
    assert_eq!(journal.verify().unwrap(), Some(5));
    let whole = std::fs::read_to_string(&journal.path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let mut tried = 0;
    for at in 0..5 {
        let mut without = lines.clone();
        without.remove(at);
        std::fs::write(&journal.path, without.join("\n") + "\n").unwrap();
        assert!(journal.verify().is_err(), "line {at} removed");
        for changed in [lines[at].replace("400.10", "400.11"), lines[at].replace("\"sent\"", "\"dropped\"")] {
            let mut other = lines.clone();
            other[at] = &changed;
            std::fs::write(&journal.path, other.join("\n") + "\n").unwrap();
            assert!(journal.verify().is_err(), "line {at} changed");
            tried += 1;
        }
    }
    assert_eq!(tried, 10);
    std::fs::remove_file(&journal.path).unwrap();
    assert!(journal.verify().is_err(), "the file removed");
}

/// A line at the end as a program would write it that knows more than this one.
async fn add_line(journal: &Journal, change: impl Fn(&str) -> String) {
    let mut open = journal.open().await.unwrap();
    open.append(answered("id0")).unwrap();
    let whole = std::fs::read_to_string(&journal.path).unwrap();
    let (before, last) = whole.trim_end().rsplit_once('\n').unwrap();
    let (said, _) = last.rsplit_once(SEAL).unwrap();
    let open = format!("{}{SEAL}{SEAL_END}", change(said));
    let hash = hex::encode(&Sha256::digest(&open));
    let line = open.replace(&format!("{SEAL}{SEAL_END}"), &format!("{SEAL}{hash}{SEAL_END}"));
    std::fs::write(&journal.path, format!("{before}\n{line}\n")).unwrap();
    let n = before.lines().count() as u64 + 1;
    write_head(&journal.path, &Head { n, hash }).unwrap();
}

#[tokio::test]
async fn a_field_of_a_newer_version_is_no_damage_and_an_event_is() {
    let dir = tempfile::tempdir().unwrap();
    let journal = filled(dir.path(), 2).await;
    add_line(&journal, |said| format!("{said},\"fresh\":{{\"a\":[1]}}")).await;
    assert_eq!(journal.verify().unwrap(), Some(3));
    // Its field is covered by the hash as all others are.
    let whole = std::fs::read_to_string(&journal.path).unwrap();
    std::fs::write(&journal.path, whole.replace("[1]", "[2]")).unwrap();
    assert!(journal.verify().unwrap_err().cause.contains("line 3 was changed"));
    std::fs::write(&journal.path, &whole).unwrap();
    // The chain goes on after it.
    journal.open().await.unwrap().append(answered("id1")).unwrap();
    assert_eq!(journal.verify().unwrap(), Some(4));
    add_line(&journal, |said| said.replace("\"answered\"", "\"resent\"")).await;
    let error = journal.verify().unwrap_err();
    assert!(error.cause.contains("line 5 was written by a newer aries-mcp"), "{error}");
}

#[tokio::test]
async fn what_is_known_is_compared_and_hides_no_change() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, other) =
        (filled(dir.path(), 3).await, Journal::at(dir.path().join("orders.jsonl"), &Timing::default()));
    // Another process writes on.
    let mut open = other.open().await.unwrap();
    open.append(sent("theirs", 0)).unwrap();
    drop(open);
    let seen = journal.open().await.unwrap().lines.last().map(|line| line.event.id().to_owned());
    assert_eq!(seen.as_deref(), Some("theirs"));
    let whole = std::fs::read_to_string(&journal.path).unwrap();
    // Of the same length, in a line that was read long ago.
    std::fs::write(&journal.path, whole.replacen("400.00", "400.99", 1)).unwrap();
    let error = journal.open().await.unwrap_err();
    assert!(error.cause.contains("line 1 was changed"), "{error}");
    assert_eq!(journal.read().unwrap().unwrap().0.len(), 0);
    std::fs::write(&journal.path, &whole).unwrap();
    assert_eq!(journal.open().await.unwrap().lines.len(), 4);
    // A second writer in the same process, and readers while the journal is open.
    let mut open = journal.open().await.unwrap();
    open.append(answered("theirs")).unwrap();
    open.append(answered("theirs")).unwrap();
    assert_eq!((open.lines.len(), journal.verify().unwrap()), (4, Some(6)));
    drop(open);
    assert_eq!(journal.verify().unwrap(), Some(6));
}

#[tokio::test]
async fn damage_names_both_files_to_the_person_alone() {
    let dir = tempfile::tempdir().unwrap();
    let journal = filled(dir.path(), 2).await;
    std::fs::remove_file(&journal.path).unwrap();
    for error in [journal.verify().unwrap_err(), journal.verify().unwrap_err()] {
        assert!(
            error.hint.to_string().contains("orders.jsonl and ")
                && error.hint.to_string().contains("orders.head"),
            "{error}"
        );
        assert!(error.hint.to_string().contains("Aries' own application"), "{error}");
    }
    let error = journal.open().await.unwrap_err();
    assert!(
        !error.hint.to_string().contains(".head")
            && error.hint.to_string().contains("aries-mcp orders verify"),
        "{error}"
    );
    // The way out leads out.
    std::fs::remove_file(head_path(&journal.path)).unwrap();
    assert_eq!(journal.verify().unwrap(), None);
    journal.open().await.unwrap().append(answered("new")).unwrap();
    assert_eq!(journal.verify().unwrap(), Some(1));
}

#[tokio::test]
async fn a_torn_line_is_cut_off_and_the_rest_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let journal = filled(dir.path(), 2).await;
    let mut file = OpenOptions::new().append(true).open(&journal.path).unwrap();
    file.write_all(b"{\"n\":3,\"prev\":\"ab").unwrap();
    let mut open = journal.open().await.unwrap();
    open.append(answered("id1")).unwrap();
    drop(open);
    assert_eq!(journal.verify().unwrap(), Some(3));
}

#[tokio::test]
async fn a_shorter_end_is_noticed_and_nothing_is_thrown_away() {
    let dir = tempfile::tempdir().unwrap();
    let journal = filled(dir.path(), 3).await;
    let head = head_path(&journal.path);
    let (noted, text) = (std::fs::read(&head).unwrap(), std::fs::read_to_string(&journal.path).unwrap());
    let two = text.lines().take(2).map(|line| format!("{line}\n")).collect::<String>();
    // Without the last newline, the last line is noted and not whole: neither reading cuts it off.
    let cut = text.trim_end();
    for (written, note) in [
        (cut, Some(noted.as_slice())),
        (cut, None),
        (two.as_str(), Some(noted.as_slice())),
        (two.as_str(), Some(b"".as_slice())),
        (two.as_str(), None),
        (text.as_str(), None),
        (text.as_str(), Some(b"{".as_slice())),
        ("", Some(noted.as_slice())),
    ] {
        std::fs::write(&journal.path, written).unwrap();
        match note {
            Some(note) => std::fs::write(&head, note).unwrap(),
            None => std::fs::remove_file(&head).unwrap_or_default(),
        }
        assert!(journal.verify().is_err(), "{written:?} {note:?}");
        assert!(journal.open().await.is_err(), "{written:?} {note:?}");
        assert_eq!(std::fs::read_to_string(&journal.path).unwrap(), written);
    }
    // A note that lags behind, as after a crash between the two writes, is no damage; verifying leaves a torn end.
    let torn = format!("{text}{{\"n\":4");
    std::fs::write(&journal.path, &torn).unwrap();
    std::fs::write(&head, serde_json::to_string(&Head::default()).unwrap()).unwrap();
    assert_eq!(journal.verify().unwrap(), Some(3));
    assert_eq!(std::fs::read_to_string(&journal.path).unwrap(), torn);
    drop(journal.open().await.unwrap());
    assert_eq!(std::fs::read_to_string(&journal.path).unwrap(), text);
    std::fs::remove_file(&journal.path).unwrap();
    std::fs::remove_file(&head).unwrap();
    assert_eq!(journal.verify().unwrap(), None);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let journal = filled(dir.path(), 1).await;
    assert_eq!(std::fs::metadata(&journal.path).unwrap().permissions().mode() & 0o777, 0o600);
}

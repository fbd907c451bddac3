//! A journal that is not whole: said wherever it is shown, with the way out.

use serde_json::json;

use crate::support::stage::*;
use crate::support::{stderr, stdout};

#[test]
fn a_damaged_journal_passes_for_a_whole_one_nowhere() {
    let stage = Stage::new("");
    let mut client = stage.client();
    let first = ticket(&mut client, ko("1", "50"));
    assert_eq!(state(&place(&mut client, &first)), "WORKING");
    let path = stage.journal_file().unwrap();
    let head = path.with_extension("head");
    let (text, noted) = (std::fs::read_to_string(&path).unwrap(), std::fs::read_to_string(&head).unwrap());
    let (cut, _) = text.trim_end().rsplit_once('\n').unwrap();
    let names = |said: &str| said.contains(path.to_str().unwrap()) && said.contains(head.to_str().unwrap());
    for (written, note) in [
        (Some(format!("{cut}\n")), Some(&noted)),
        (Some(format!("{text}{{\"n\":99}}\n")), Some(&noted)),
        (Some(text.clone()), None),
        (None, Some(&noted)),
    ] {
        for (path, content) in [(&path, written.as_ref()), (&head, note)] {
            match content {
                Some(content) => std::fs::write(path, content).unwrap(),
                None => std::fs::remove_file(path).unwrap(),
            }
        }
        for args in
            [&["orders"][..], &["orders", "--json"], &["orders", "--symbol", "KO"], &["orders", "verify"]]
        {
            let shown = stage.run(args);
            let said = stderr(&shown);
            assert_eq!(shown.status.code(), Some(1), "{args:?} {written:?} {note:?}");
            assert!(said.contains("damaged") && names(&said), "{args:?}: {said}");
            assert!(said.contains("Aries' own application") && said.contains("forgotten"), "{said}");
            assert_eq!(said.lines().count(), 2, "{said}");
        }
        let doctor = stdout(&stage.run(&["doctor", "--json"]));
        // JSON writes the paths of Windows in another way.
        let files = [&path, &head].map(|path| path.file_name().unwrap().to_str().unwrap());
        assert!(files.iter().all(|file| doctor.contains(file)), "{doctor}");
        assert!(doctor.contains("no order can be sent"), "{doctor}");
        let refused = client.failure("preview_order", ko("1", "50"));
        assert!(
            refused.contains("tell the person") && refused.contains("aries-mcp orders verify"),
            "{refused}"
        );
    }
    // Both moved away, it begins anew.
    std::fs::remove_file(&head).unwrap();
    assert!(stage.run(&["orders"]).status.success());
    let again = ticket(&mut client, ko("1", "50"));
    assert_eq!(state(&place(&mut client, &again)), "WORKING");
    assert_eq!(stage.journal().len(), 1);
    assert_eq!(json!(stage.book(SIM, "KO").len()), json!(2));
    stage.verified();
}

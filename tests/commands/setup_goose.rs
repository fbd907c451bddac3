//! `setup` and `doctor` with the forms of YAML that a file of Goose may be in.
#![cfg(target_os = "linux")]

use super::setup::{BINARY, Person};
use crate::support::stdout;

const FILE: &str = ".config/goose/config.yaml";

#[test]
fn a_form_that_is_not_read_is_said_to_be_so_and_gets_no_lines() {
    for (text, line) in [
        ("extensions: {developer: {enabled: true, type: builtin}}\n", 1),
        ("GOOSE_MODE: auto\nextensions:\n  aries: {cmd: /x/aries-mcp, args: []}\n", 3),
        ("extensions:\n  aries:\n    cmd: >-\n      /x/aries-mcp\n", 3),
    ] {
        let person = Person::new();
        person.write(FILE, text.as_bytes());
        let cause = format!("line {line} is YAML in a form that this program does not read");
        for args in [&["goose"][..], &["goose", "--remove"], &["all", "--remove"]] {
            let said = person.refused(args);
            assert!(said.contains(&cause) && said.contains("`goose configure`"), "{said}");
        }
        assert!(stdout(&person.run(&["--dry-run"])).contains(&cause));
        let mut doctor = person.0.command(&["doctor", "--sandbox"]);
        let doctor = doctor.env("HOME", person.0.path("home")).output().unwrap();
        assert!(stdout(&doctor).contains(&cause), "{}", stdout(&doctor));
    }
}

#[test]
fn lines_go_where_they_replace_nothing_of_the_person() {
    let person = Person::new();
    for (text, place) in [
        (
            "\"extensions\":\n  memory:\n    cmd: npx\n",
            "below `extensions:`; what stands there stays:\n  aries:\n",
        ),
        ("extensions: {} # none\n", "that says that `extensions` are none:\nextensions:\n  aries:\n"),
    ] {
        person.write(FILE, text.as_bytes());
        let said = person.well(&["goose"]);
        assert!(said.contains(place), "{said}");
    }
    person.write(FILE, b"extensions:\n  aries:\n    type: sse\n    uri: https://x\n");
    assert!(person.refused(&["goose"]).contains("is not this program"));
    person
        .write(FILE, b"extensions:\n  aries:\n    cmd: /old/aries-mcp\n    timeout: 900\n    envs: {A: b}\n");
    let said = person.well(&["goose"]);
    let members =
        format!("in the place of the same members of \"aries\":\n    cmd: {BINARY:?}\n    args: []\n");
    assert!(said.contains(&members) && !said.contains("envs"), "{said}");
}

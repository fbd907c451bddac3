//! `aries-mcp watch` as a pipe reads it: its lines, its exit codes, what it refuses.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};

use serde_json::json;

use crate::support::{Aries, Home, READING, pairs};

struct Watch {
    aries: Aries,
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    _home: Home,
}

impl Watch {
    fn start(args: &[&str]) -> Self {
        Self::with_faults(args, json!([]))
    }

    fn with_faults(args: &[&str], faults: serde_json::Value) -> Self {
        let (aries, home) = (Aries::start(Default::default()), Home::new());
        aries.faults(faults);
        aries.http("POST", "/sandbox/price", None, Some(json!({"symbol": "AAPL", "price": "270.00"})));
        let mut command = home.command(&[&["watch"], args].concat());
        command.envs(pairs(&aries.env(READING)));
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { aries, child, lines, _home: home }
    }

    fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    fn end(mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }
}

#[test]
fn a_price_is_watched_in_lines_until_it_is_there() {
    let mut watch = Watch::start(&["AAPL", "--above", "300"]);
    let line = watch.line();
    assert!(line.contains(" AAPL 270 change ") && !line.contains('\x1b'), "{line}");
    watch.aries.http("POST", "/sandbox/price", None, Some(json!({"symbol": "AAPL", "price": "305.50"})));
    let event = std::iter::from_fn(|| Some(watch.line())).find(|line| line.starts_with("HAPPENED"));
    assert!(event.unwrap().starts_with("HAPPENED · AAPL 305.50, at or above 300.00 · "));
    assert_eq!(watch.end().0, Some(0));
}

#[test]
fn the_end_of_the_time_has_an_exit_code_of_its_own() {
    let not_yet = "error: it has not happened by then";
    for (args, cause) in [
        (&["AAPL", "--above", "300"][..], not_yet),
        // The account's list does not come.
        (&["--order", "1"], not_yet),
        (&["AAPL"], "error: the time of --until is there"),
    ] {
        let soon =
            jiff::Timestamp::now().checked_add(jiff::SignedDuration::from_millis(1_500)).unwrap().to_string();
        let hangs =
            json!([{"path": "/v2/users/me/accounts", "times": 9, "fault": "delay", "delay_ms": 15_000}]);
        let (code, said) = Watch::with_faults(&[args, &["--until", &soon]].concat(), hangs).end();
        assert!(code == Some(4) && said.contains(cause), "{args:?}: {said}");
    }
}

#[test]
fn a_symbol_that_has_no_price_does_not_end_the_others() {
    let mut watch = Watch::start(&["NOPE", "AAPL", "--above", "300"]);
    let lost = std::iter::from_fn(|| Some(watch.line())).find(|line| line.contains("NOPE"));
    assert!(lost.unwrap().contains("Aries has no price"));
    watch.aries.http("POST", "/sandbox/price", None, Some(json!({"symbol": "AAPL", "price": "305.50"})));
    let event = std::iter::from_fn(|| Some(watch.line())).find(|line| line.starts_with("HAPPENED"));
    assert!(event.unwrap().starts_with("HAPPENED · AAPL 305.50"));
    assert_eq!(watch.end().0, Some(0));
}

#[test]
fn what_cannot_be_watched_is_refused() {
    for (args, cause) in [
        (&[][..], "there is nothing to watch"),
        (&["--above", "3"], "--above, --below and --percent need a symbol"),
        (&["AAPL", "--below", "x"], "`below`: \"x\" is no positive number"),
        (&["AAPL", "--until", "2020-01-01"], "`until`: that is over"),
        // The hour alone would still be to come somewhere in the day.
        (&["AAPL", "--until", "2020-01-01T23:59:59-05:00"], "`until`: that is over"),
        (&["--account", "9999"], "`account`: no account has that name"),
    ] {
        let (code, said) = Watch::start(args).end();
        assert!(code == Some(2) && said.contains(cause), "{args:?}: {said}");
    }
    let (code, said) = Watch::start(&["NOPE"]).end();
    assert!(code == Some(1) && said.contains("Aries has no price"), "{said}");
}

/// A person at a terminal presses Ctrl-C: the last table stays, and cursor and lines are as they were.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_whole_again_after_ctrl_c() {
    use crate::support::terminal::Terminal;
    const COLOURED: &str = "\x1b[3";
    for (no_color, args) in [(false, &["AAPL", "SPX"][..]), (true, &["AAPL", "--account", "1002"])] {
        let (aries, home) = (Aries::start(Default::default()), Home::new());
        let mut command = home.command(&[&["watch"], args].concat());
        command.envs(pairs(&aries.env(READING)));
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let mut terminal = Terminal::of(&command, home.path("pid"));
        terminal.until_shown("AAPL");
        // Drawn in its place, more than once.
        terminal.until_shown("A\r\x1b[J");
        terminal.press("\x03");
        let (ended, shown) = terminal.end();
        assert!(ended, "{shown:?}");
        assert!(shown.starts_with("\x1b[?25l\x1b[?7l"), "{shown:?}");
        let after = shown.rsplit_once("\x1b[J").unwrap().1;
        assert!(after.contains("symbol") && after.contains("AAPL"), "the table is gone: {after:?}");
        assert!(after.trim_end().ends_with("\x1b[?7h\x1b[?25h"), "the cursor is gone: {after:?}");
        assert_eq!(shown.contains(COLOURED), !no_color, "{shown:?}");
    }
}

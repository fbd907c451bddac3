//! What commands show on a terminal: wrapped at its width, with colour unless it is not wanted. The terminal is one of 60
//! columns, which `script` makes.

use std::io::Write;
use std::process::{Command, Stdio};

use aries_mcp::sandbox::Options;
use serde_json::json;

use crate::support::terminal::Terminal;
use crate::support::{Aries, Home, READING, pairs};

const WIDTH: usize = 60;

/// What a command shows on a terminal.
fn shown(home: &Home, args: &[&str], env: &[(&str, &str)]) -> String {
    let command = home.command(args);
    let program = command.get_program().to_str().unwrap().to_owned();
    let words = std::iter::once(program).chain(args.iter().map(|arg| format!("'{arg}'")));
    let inner = format!("stty rows 24 cols {WIDTH} -echo; exec {}", words.collect::<Vec<_>>().join(" "));
    let mut script = Command::new("script");
    script.args(["-qec", &inner, "/dev/null"]).env_clear().env("TERM", "xterm");
    script.envs(command.get_envs().map(|(name, value)| (name, value.unwrap())));
    let mut script =
        script.envs(env.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // A question is answered with Enter.
    script.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    let output = script.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n")
}

/// The text without colour, and without the lines that a wait writes over.
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    let text = parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest));
    text.lines().map(|line| line.rsplit('\r').next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

const COMMANDS: [&[&str]; 6] = [
    &["demo"],
    &["status"],
    &["doctor"],
    &["orders"],
    &["call", "--sandbox", "get_portfolio"],
    &["login", "--no-browser", "--timeout", "1"],
];

#[test]
fn every_command_wraps_its_lines_at_the_width_of_the_terminal() {
    let home = Home::new();
    for args in COMMANDS {
        let text = plain(&shown(&home, args, &[("ARIES_CLIENT_ID", "my-key")]));
        assert!(text.lines().count() > 1, "{args:?}: {text}");
        for line in text.lines() {
            // An address, or a path, is never broken.
            let longest = line.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
            assert!(line.chars().count() <= WIDTH || longest > WIDTH / 3, "{args:?}: {line}");
        }
    }
}

#[test]
fn colour_is_there_on_a_terminal_and_not_where_it_is_not_wanted() {
    let home = Home::new();
    let portfolio = ["call", "--sandbox", "get_portfolio"];
    assert!(shown(&home, &portfolio, &[]).contains("\u{1b}[1m"));
    for args in COMMANDS {
        for unwanted in [("NO_COLOR", "1"), ("TERM", "dumb")] {
            let text = shown(&home, args, &[("ARIES_CLIENT_ID", "my-key"), unwanted]);
            assert!(!text.contains('\u{1b}'), "{args:?}: {text}");
        }
    }
}

#[test]
fn the_end_of_the_input_ends_a_sign_in_that_waits_for_a_paste() {
    let home = Home::new();
    let mut command = home.command(&["login", "--no-browser"]);
    command.env("ARIES_CLIENT_ID", "my-key");
    let mut terminal = Terminal::of(&command, home.path("pid"));
    terminal.until_shown("Client secret");
    terminal.line("");
    terminal.until_shown("Paste it here: ");
    terminal.line("no address");
    terminal.until_shown("code= and state=");
    // Ctrl-D, which a terminal for long lines passes on.
    terminal.press("\u{4}");
    let (is_done, text) = terminal.end();
    assert!(!is_done && text.contains("\nerror: the input ended before the answer"), "{text}");
    assert!(!text.contains("^J") && !text.contains("^D"), "{text}");
}

#[test]
fn bars_have_a_spark_line_on_a_terminal_alone() {
    let home = Home::new();
    let args = ["call", "--sandbox", "get_bars", r#"{"symbol":"AAPL","interval":"1d","limit":20}"#];
    let text = shown(&home, &args, &[("NO_COLOR", "1")]);
    let last = text.trim_end().lines().last().unwrap_or_default().to_owned();
    assert!(last.chars().count() == 20 && last.chars().all(|block| ('▁'..='█').contains(&block)), "{text}");
    let output = home.run(&args, &[]);
    assert!(!String::from_utf8_lossy(&output.stdout).contains('█'));
}

#[test]
fn what_takes_over_a_second_says_how_long_it_takes() {
    let aries = Aries::start(Options::default());
    aries.faults(json!([{"path": "/v2/users/me/accounts", "times": 9, "fault": "delay", "delay_ms": 1_300}]));
    let (home, env) = (Home::new(), aries.env(READING));
    for (args, told) in [
        (&["call", "get_accounts"][..], "\rwaiting for Aries ... 1 s"),
        (&["status"], "\rasking Aries ... 1 s"),
        (&["doctor"], "\rchecking ... 1 s"),
    ] {
        let text = shown(&home, args, &pairs(&env));
        assert!(text.contains(told), "{args:?}: {text}");
        // What follows is written over it.
        assert!(!plain(&text).contains(" ... "), "{args:?}: {text}");
    }
}

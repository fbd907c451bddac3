//! Random play: an assistant, a person, several processes and an Aries that goes wrong in every way that is known, by
//! seeds. What was sent is judged by the ledger of a gateway between them and by Aries' own book.
//!
//! `PLAY_SEEDS=1..1000 cargo test --test integration orders::play -- --nocapture` plays a thousand seeds. A seed plays the
//! same script each time; `PLAY_TRACE=1` shows what happened in one that found something.

mod config;
mod dice;
mod disturb;
mod gateway;
mod lists;
mod mood;
mod pages;
mod person;
mod rules;
mod schemes;
mod stage;
mod steps;
mod terms;
mod told;
mod truth;
mod twin;
mod wants;
mod wire;
mod yesterday;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};

use stage::Play;

const STEPS: usize = 30;

/// The seeds that every run of the tests plays.
const FEW: RangeInclusive<u64> = 1..=2;

#[derive(Default)]
struct Figures {
    seeds: usize,
    steps: usize,
    tally: BTreeMap<String, usize>,
    injected: BTreeMap<String, usize>,
    findings: Vec<String>,
}

/// `5` or `1..1000`, both ends included.
fn seeds() -> RangeInclusive<u64> {
    let Ok(wanted) = std::env::var("PLAY_SEEDS") else { return FEW };
    match wanted.split_once("..") {
        Some((first, last)) => first.parse().unwrap()..=last.trim_start_matches('=').parse().unwrap(),
        None => wanted.parse().unwrap()..=wanted.parse().unwrap(),
    }
}

fn play(seed: u64, figures: &mut Figures) {
    let mut play = Play::new(seed);
    for _ in 0..STEPS {
        play.step();
        figures.steps += 1;
    }
    play.judge_end();
    figures.seeds += 1;
    let add = |sums: &mut BTreeMap<String, usize>, more: &BTreeMap<String, usize>| {
        more.iter().for_each(|(name, count)| *sums.entry(name.clone()).or_default() += count);
    };
    add(&mut figures.tally, &play.tally);
    add(&mut figures.injected, &play.gateway.mood().injected);
    if std::env::var("PLAY_TRACE").is_ok_and(|all| all == "all" || !play.findings.is_empty()) {
        say(&format!("seed {seed}:\n{}", play.trace.join("\n")));
    }
    figures.findings.extend(play.findings.iter().map(|what| format!("seed {seed}: {what}")));
}

#[expect(clippy::print_stderr, reason = "the figures are for whoever plays many seeds")]
fn say(what: &str) {
    eprintln!("{what}");
}

#[test]
fn random_play_sends_nothing_twice_nothing_else_and_cancels_nothing_but_what_was_named() {
    let mut figures = Figures::default();
    for seed in seeds() {
        let played = catch_unwind(AssertUnwindSafe(|| play(seed, &mut figures)));
        if played.is_err() {
            figures.findings.push(format!("seed {seed}: the play itself broke off"));
        }
    }
    let Figures { seeds, steps, tally, injected, findings } = &figures;
    let list = |sums: &BTreeMap<String, usize>| {
        sums.iter().map(|(name, count)| format!("  {count:>7} {name}\n")).collect::<String>()
    };
    say(&format!("{seeds} seeds, {steps} steps\n{}went wrong:\n{}", list(tally), list(injected)));
    assert!(findings.is_empty(), "{} findings\n{}", findings.len(), findings.join("\n"));
    assert!(tally.get("posts to place").is_some_and(|posts| *posts > 0), "nothing was sent at all");
}

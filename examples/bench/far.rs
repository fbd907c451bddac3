//! An Aries that is far away: a relay delays each way by 20 ms, also the handshake of a connection.

use std::time::{Duration, Instant};

use crate::Result;
use crate::measures::Ground;
use crate::process::Process;
use crate::relay::Relay;
use crate::report::{Limit, Spread, Table};

const ONE_WAY: Duration = Duration::from_millis(20);
const RUNS: usize = 9;
/// The connection that is opened after the first list is there by then.
const WARMING: Duration = Duration::from_millis(250);

/// What a person asks, and how many round trips it takes at least: requests that need each other's answers.
struct Question {
    what: &'static str,
    tool: &'static str,
    args: String,
    ideal: f64,
    cold: Limit,
    warm: Limit,
}

pub(crate) fn measure(ground: &Ground, table: &mut Table) -> Result<()> {
    let relay = Relay::start(ground.origin(), ONE_WAY)?;
    for question in questions(ground)? {
        let cold = cold(ground, &relay, &question)?;
        let (warm, idle) = warm(ground, &relay, &question)?;
        for (when, times, limit) in
            [("cold", cold, question.cold), ("warm", warm, question.warm), ("after a cut", idle, Limit::None)]
        {
            times.tell(&question, when, limit, table);
        }
    }
    Ok(())
}

/// The first call after a minute in which a process had nothing to do; one for each question, all in the same minute.
pub(crate) fn after_a_minute(ground: &Ground, table: &mut Table) -> Result<()> {
    let relay = Relay::start(ground.origin(), ONE_WAY)?;
    let mut all = Vec::new();
    for question in questions(ground)? {
        let (mut server, _) = Process::listed(ground.far(&relay)?)?;
        server.tool(question.tool, &question.args)?;
        all.push((question, server));
    }
    std::thread::sleep(Duration::from_secs(61));
    for (question, mut server) in all {
        let mut times = Times::new();
        times.take(ground, &mut server, &question)?;
        times.tell(&question, "idle 61 s", Limit::None, table);
        server.end()?;
    }
    Ok(())
}

fn questions(ground: &Ground) -> Result<Vec<Question>> {
    let fifty = serde_json::json!({ "symbols": ground.fifty_symbols()? }).to_string();
    let order = r#"{"account":"0017","symbol":"AAPL","action":"buy","quantity":"1","type":"limit","limit_price":"200"}"#;
    let question = |what, tool, args: &str, ideal, cold, warm| Question {
        what,
        tool,
        args: args.to_owned(),
        ideal,
        cold,
        warm,
    };
    Ok(vec![
        question(
            "quote",
            "get_quotes",
            r#"{"symbols":["AAPL"]}"#,
            1.0,
            Limit::Median(1.5),
            Limit::Median(1.2),
        ),
        question("50 quotes", "get_quotes", &fifty, 1.0, Limit::None, Limit::Median(1.5)),
        question("portfolio", "get_portfolio", "{}", 2.0, Limit::None, Limit::Median(2.3)),
        question("preview", "preview_order", order, 2.0, Limit::None, Limit::None),
    ])
}

struct Times {
    trips: Vec<f64>,
    /// Of the last call.
    requests: usize,
}

impl Times {
    fn new() -> Self {
        Self { trips: Vec::new(), requests: 0 }
    }

    fn take(&mut self, ground: &Ground, server: &mut Process, question: &Question) -> Result<()> {
        let before = ground.requests()?;
        let begun = Instant::now();
        server.tool(question.tool, &question.args)?;
        self.trips.push(begun.elapsed().as_secs_f64() / (2 * ONE_WAY).as_secs_f64());
        self.requests = ground.requests()? - before;
        Ok(())
    }

    fn tell(self, question: &Question, when: &str, limit: Limit, table: &mut Table) {
        let (trips, requests) = (Spread::of(self.trips), self.requests);
        let what = format!(
            "{}, {when}, round trips ({requests} req, {:.0} ms)",
            question.what,
            trips.median() * 40.0
        );
        table.row(&what, trips, Some(Spread::of(vec![question.ideal])), limit);
    }
}

/// The first call of a process that has told its tools.
fn cold(ground: &Ground, relay: &Relay, question: &Question) -> Result<Times> {
    let mut times = Times::new();
    for _ in 0..RUNS {
        let (mut server, _) = Process::listed(ground.far(relay)?)?;
        std::thread::sleep(WARMING);
        times.take(ground, &mut server, question)?;
        server.end()?;
    }
    Ok(times)
}

/// Later calls of a process; and calls after its connections were closed by Aries, as servers do after an idle minute.
fn warm(ground: &Ground, relay: &Relay, question: &Question) -> Result<(Times, Times)> {
    let (mut server, _) = Process::listed(ground.far(relay)?)?;
    for _ in 0..2 {
        server.tool(question.tool, &question.args)?;
    }
    let (mut warm, mut idle) = (Times::new(), Times::new());
    for _ in 0..RUNS {
        warm.take(ground, &mut server, question)?;
    }
    for _ in 0..RUNS {
        relay.cut();
        // The process hears of it meanwhile.
        std::thread::sleep(WARMING);
        idle.take(ground, &mut server, question)?;
    }
    server.end()?;
    Ok((warm, idle))
}

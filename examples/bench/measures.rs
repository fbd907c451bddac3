//! What is measured.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use aries_mcp::auth::scope;

use crate::Result;
use crate::aries::Aries;
use crate::bare::Script;
use crate::process::Process;
use crate::relay::Relay;
use crate::report::{Limit, Spread, Table};
use crate::wire::Wire;

/// One measure, or several that belong together.
type Measure = fn(&Ground, &mut Table) -> Result<()>;

/// Every one by its name, in the order shown.
pub(crate) const ALL: &[(&str, Measure)] = &[
    ("start", start),
    ("call", call),
    ("in-flight", in_flight),
    ("slow", slow_upstream),
    ("far", crate::far::measure),
    ("idle", crate::far::after_a_minute),
    ("memory", memory),
    #[cfg(target_os = "linux")]
    ("ticking", crate::ticking::measure),
    ("end", end),
    ("size", size),
    ("answers", answers),
];

const STOCKS: &str = "AAPL MSFT NVDA TSLA AMZN GOOGL META KO JPM XOM SPY QQQ DIS PFE INTC F AMD NFLX BA T V WMT CVX JNJ GE \
                      BRK.B SPX NDX VIX RUT DJI";
/// Calls at the same time.
const AT_ONCE: usize = 64;

/// What every measure needs.
pub(crate) struct Ground {
    aries: Aries,
    binary: PathBuf,
    own: PathBuf,
    script: Script,
    folder: tempfile::TempDir,
}

impl Ground {
    /// Starts the embedded Aries and records what the real server says, for the bare program to say the same.
    pub(crate) fn prepare(binary: PathBuf, own: PathBuf) -> Result<Self> {
        let aries = Aries::start()?;
        let (origin, token) = (aries.origin.clone(), aries.token.clone());
        let empty = String::new;
        let script =
            Script { origin, token, path: empty(), initialize: empty(), list: empty(), facts: empty() };
        let mut ground = Self { aries, binary, own, script, folder: tempfile::tempdir()? };
        let mut server = Process::start(ground.server())?;
        ground.script.initialize = server.initialize()?.to_owned();
        ground.script.list = server.list()?.to_owned();
        let text = text(server.call()?)?;
        ground.script.facts = text.lines().next().unwrap_or_default().to_owned();
        ground.script.path = match ground.aries.seen()?.as_slice() {
            [path] => path.clone(),
            other => return Err(format!("a call was to make one request, not {other:?}").into()),
        };
        server.end()?;
        ground.compare(&text)?;
        Ok(ground)
    }

    /// The bare program must say the same bytes, or the comparison is worth nothing.
    fn compare(&self, called: &str) -> Result<()> {
        let mut bare = Process::start(self.bare())?;
        let same = bare.initialize()? == self.script.initialize
            && bare.list()? == self.script.list
            && text(bare.call()?)? == called;
        bare.end()?;
        if same { Ok(()) } else { Err("the bare program does not answer as the server does".into()) }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.aries.origin
    }

    pub(crate) fn wire(&self) -> Result<Wire> {
        self.aries.wire()
    }

    /// How many requests Aries has seen.
    pub(crate) fn requests(&self) -> Result<usize> {
        let stats: serde_json::Value = serde_json::from_slice(&self.wire()?.get("/sandbox/stats")?)?;
        let requests =
            stats.get("requests").and_then(serde_json::Value::as_u64).ok_or("no count of requests")?;
        Ok(usize::try_from(requests)?)
    }

    /// Stocks, options and indices that Aries has prices of.
    pub(crate) fn fifty_symbols(&self) -> Result<Vec<String>> {
        let (mut server, _) = Process::listed(self.unlimited())?;
        let expirations = text(server.tool("get_option_chain", r#"{"symbol":"AAPL"}"#)?)?;
        let last = expirations.split_whitespace().next_back().ok_or("AAPL has no expirations")?.to_owned();
        let args = format!(r#"{{"symbol":"AAPL","expiration":"{last}"}}"#);
        let chain = text(server.tool("get_option_chain", &args)?)?;
        server.end()?;
        let stocks = STOCKS.split(' ').map(str::to_owned);
        let contracts = chain.split(['|', '\n']).filter(|cell| cell.len() == 19 && cell.starts_with("AAPL"));
        let symbols: Vec<String> = stocks.chain(contracts.map(str::to_owned)).take(50).collect();
        if symbols.len() == 50 { Ok(symbols) } else { Err(format!("only {} symbols", symbols.len()).into()) }
    }

    /// The program at an Aries behind a relay, with the right to order.
    pub(crate) fn far(&self, relay: &Relay) -> Result<Command> {
        let scopes = [scope::READING, &["order:execution"]].concat();
        let mut command = self.unlimited();
        command.env("ARIES_API_URL", &relay.origin).env("ARIES_SCOPES", scopes.join(" "));
        command.env("ARIES_ACCESS_TOKEN", self.aries.issue(&scopes));
        Ok(command)
    }

    pub(crate) fn server(&self) -> Command {
        self.surrounded(Command::new(&self.binary))
    }

    /// The program for measures with more calls than Aries takes in a minute.
    fn unlimited(&self) -> Command {
        let mut command = Command::new(&self.own);
        command.arg(crate::UNLIMITED);
        self.surrounded(command)
    }

    fn surrounded(&self, mut command: Command) -> Command {
        command
            .env_clear()
            .env("ARIES_CONFIG_DIR", self.folder.path())
            .env("ARIES_STATE_DIR", self.folder.path());
        command.env("ARIES_API_URL", &self.aries.origin).env("ARIES_ACCESS_TOKEN", &self.aries.token);
        command.env("ARIES_SCOPES", scope::READING.join(" "));
        command
    }

    fn bare(&self) -> Command {
        let mut command = self.script.command(&self.own);
        command.env_clear();
        command
    }
}

/// The text of a call's result.
fn text(result: &str) -> Result<String> {
    let result: serde_json::Value = serde_json::from_str(result)?;
    let text = result.pointer("/content/0/text").and_then(serde_json::Value::as_str);
    Ok(text.ok_or("a call's answer has no text")?.to_owned())
}

fn start(ground: &Ground, table: &mut Table) -> Result<()> {
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..60 {
        for (command, times) in [(ground.server(), &mut ours), (ground.bare(), &mut bare)] {
            let (process, took) = Process::listed(command)?;
            times.push(took);
            process.end()?;
        }
    }
    let what = "spawn to the answer of tools/list, ms";
    table.row(what, Spread::ms(&ours), Some(Spread::ms(&bare)), Limit::Ratio(2.5));
    Ok(())
}

fn call(ground: &Ground, table: &mut Table) -> Result<()> {
    let (mut server, _) = Process::listed(ground.unlimited())?;
    let (mut bare, _) = Process::listed(ground.bare())?;
    let mut wire = ground.aries.wire()?;
    // Means of a block of calls, since one alone mostly measures how this machine wakes a process.
    const BLOCK: u32 = 50;
    server.calls(200, 1)?;
    bare.calls(200, 1)?;
    let (mut ours, mut others, mut direct, mut beyond, mut beyond_bare) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..60 {
        let begun = Instant::now();
        for _ in 0..BLOCK {
            wire.get(&ground.script.path)?;
        }
        let get = micros(begun.elapsed()) / f64::from(BLOCK);
        let plain = micros(bare.calls(BLOCK as usize, 1)?) / f64::from(BLOCK);
        let real = micros(server.calls(BLOCK as usize, 1)?) / f64::from(BLOCK);
        ours.push(real);
        others.push(plain);
        direct.push(get);
        beyond.push(real - get);
        beyond_bare.push(plain - get);
    }
    server.end()?;
    bare.end()?;
    table.row("its GET alone, made directly, us", Spread::of(direct), None, Limit::None);
    table.row("find_symbol, one GET, us", Spread::of(ours), Some(Spread::of(others)), Limit::None);
    let (beyond, beyond_bare) = (Spread::of(beyond), Spread::of(beyond_bare));
    table.row("  beyond the GET of the same round, us", beyond, Some(beyond_bare), Limit::Ratio(2.0));
    Ok(())
}

fn micros(took: Duration) -> f64 {
    took.as_secs_f64() * 1e6
}

fn in_flight(ground: &Ground, table: &mut Table) -> Result<()> {
    let (mut ours, mut direct) = (Vec::new(), Vec::new());
    let (mut server, _) = Process::listed(ground.unlimited())?;
    server.calls(10 * AT_ONCE, AT_ONCE)?;
    const EACH: usize = 30;
    let rate = |took: Duration| (EACH * AT_ONCE) as f64 / took.as_secs_f64();
    for _ in 0..9 {
        ours.push(rate(server.calls(EACH * AT_ONCE, AT_ONCE)?));
        direct.push(rate(gets(ground, EACH)?));
    }
    server.end()?;
    let what = "64 calls in flight (beside: GETs), per second";
    table.row(what, Spread::of(ours), Some(Spread::of(direct)), Limit::Share(0.1));
    Ok(())
}

fn slow_upstream(ground: &Ground, table: &mut Table) -> Result<()> {
    const EACH: usize = 10;
    let ideal = 20.0 * EACH as f64;
    let (mut ours, mut direct) = (Vec::new(), Vec::new());
    let (mut server, _) = Process::listed(ground.unlimited())?;
    server.calls(10 * AT_ONCE, AT_ONCE)?;
    for _ in 0..9 {
        let delay =
            || ground.aries.fault(&ground.script.path, EACH * AT_ONCE, r#""fault":"delay","delay_ms":20"#);
        delay()?;
        ours.push(server.calls(EACH * AT_ONCE, AT_ONCE)?);
        delay()?;
        direct.push(gets(ground, EACH)?);
    }
    server.end()?;
    let ideal = Spread::of(vec![ideal]);
    table.row(
        "640 calls, 64 at once, 20 ms each (ideal), ms",
        Spread::ms(&ours),
        Some(ideal),
        Limit::Ratio(1.3),
    );
    table.row("  the same GETs made directly, ms", Spread::ms(&direct), Some(ideal), Limit::None);
    Ok(())
}

/// How long so many GETs take on each of 64 kept connections at once.
fn gets(ground: &Ground, each: usize) -> Result<Duration> {
    let ready = Barrier::new(AT_ONCE + 1);
    std::thread::scope(|threads| {
        let running: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                threads.spawn(|| {
                    let wire = ground.aries.wire().map_err(|error| error.to_string());
                    ready.wait();
                    let mut wire = wire?;
                    for _ in 0..each {
                        wire.get(&ground.script.path).map_err(|error| error.to_string())?;
                    }
                    Ok::<_, String>(())
                })
            })
            .collect();
        ready.wait();
        let begun = Instant::now();
        for thread in running {
            thread.join().map_err(|_| "a thread of the bench broke")??;
        }
        Ok(begun.elapsed())
    })
}

#[cfg(target_os = "linux")]
fn memory(ground: &Ground, table: &mut Table) -> Result<()> {
    const CALLS: usize = 10_000;
    let (mut idle, mut bare, mut threads, mut after, mut growth, mut peak) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let (plain, _) = Process::listed(ground.bare())?;
        bare.push(plain.system_figures()?.resident);
        plain.end()?;

        let (mut server, _) = Process::listed(ground.unlimited())?;
        let first = server.system_figures()?;
        idle.push(first.resident);
        threads.push(first.threads);
        server.calls(CALLS / 5, AT_ONCE)?;
        let warm = server.system_figures()?;
        server.calls(CALLS, AT_ONCE)?;
        let last = server.system_figures()?;
        after.push(last.threads);
        growth.push(last.resident - warm.resident);
        server.end()?;

        let (mut server, _) = Process::listed(ground.unlimited())?;
        ground.aries.fault(&ground.script.path, 1, r#""fault":"big","bytes":10000000"#)?;
        server.call()?;
        peak.push(server.system_figures()?.peak);
        server.end()?;
    }
    table.row(
        "memory idle after tools/list, MiB",
        Spread::of(idle),
        Some(Spread::of(bare)),
        Limit::Most(10.0),
    );
    table.row("threads before the first call", Spread::of(threads), None, Limit::Most(1.0));
    table.row("threads after 12,000 calls", Spread::of(after), None, Limit::None);
    table.row("memory growth over 10,000 calls, MiB", Spread::of(growth), None, Limit::Most(1.0));
    table.row("memory peak with a 10 MB answer, MiB", Spread::of(peak), None, Limit::Most(60.0));
    Ok(())
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "a measure like the others")]
fn memory(_: &Ground, table: &mut Table) -> Result<()> {
    table.sentence("memory and threads are measured on Linux only");
    Ok(())
}

fn end(ground: &Ground, table: &mut Table) -> Result<()> {
    let (mut idle, mut used, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..30 {
        idle.push(Process::listed(ground.server())?.0.end()?);
        for (command, times) in [(ground.server(), &mut used), (ground.bare(), &mut bare)] {
            let (mut process, _) = Process::listed(command)?;
            process.call()?;
            times.push(process.end()?);
        }
    }
    let (idle, used, bare) = (Spread::ms(&idle), Spread::ms(&used), Spread::ms(&bare));
    table.row("end of input to exit, after tools/list, ms", idle, None, Limit::Most(20.0));
    table.row("end of input to exit, after a call, ms", used, Some(bare), Limit::Most(20.0));
    Ok(())
}

fn size(ground: &Ground, table: &mut Table) -> Result<()> {
    let mib = std::fs::metadata(&ground.binary)?.len() as f64 / 1024.0 / 1024.0;
    table.row("binary as built (stripped), MiB", Spread::of(vec![mib]), None, Limit::Most(12.0));
    Ok(())
}

/// Bytes of a text against bytes of Aries' JSON for the same rows, over every case file whose answer has 500 bytes.
fn answers(_: &Ground, table: &mut Table) -> Result<()> {
    let mut ratios = Vec::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"))? {
        let case: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(entry?.path())?)?;
        let list =
            |name: &str| case.get(name).and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
        let text: usize = list("text").iter().filter_map(|line| Some(line.as_str()?.len() + 1)).sum();
        let sent: usize =
            list("exchanges").iter().filter_map(|one| Some(one.get("answer")?.to_string().len())).sum();
        if sent >= 500 {
            ratios.push(text as f64 / sent as f64);
        }
    }
    let what = format!("bytes of text per byte of Aries, {} cases", ratios.len());
    table.row(&what, Spread::of(ratios), None, Limit::Median(0.35));
    Ok(())
}

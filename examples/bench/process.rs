//! A program that speaks MCP on its pipes, and what the system says of it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Result;

const INITIALIZE: &str =
    r#"{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}"#;
/// One call, one GET: no symbol equals this, so no details of it are asked for.
const CALL: &str = r#"{"name":"find_symbol","arguments":{"query":"Apple"}}"#;

/// A running program.
pub(crate) struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    line: String,
    last: u64,
}

/// The result inside an answer, in the bytes it came in.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    result: &'a RawValue,
}

impl Process {
    /// Starts it with pipes.
    pub(crate) fn start(mut command: Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdin = child.stdin.take().ok_or("no stdin")?;
        let stdout = BufReader::new(child.stdout.take().ok_or("no stdout")?);
        Ok(Self { child, stdin, stdout, line: String::new(), last: 0 })
    }

    /// Starts it and brings it to where it has told its tools; tells how long that took.
    pub(crate) fn listed(command: Command) -> Result<(Self, Duration)> {
        let begun = Instant::now();
        let mut process = Self::start(command)?;
        process.initialize()?;
        process.list()?;
        Ok((process, begun.elapsed()))
    }

    /// Settles the session; tells the result.
    pub(crate) fn initialize(&mut self) -> Result<&str> {
        self.send("initialize", INITIALIZE)?;
        self.receive()?;
        self.stdin.write_all(b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n")?;
        self.result()
    }

    /// The result of `tools/list`.
    pub(crate) fn list(&mut self) -> Result<&str> {
        self.send("tools/list", "{}")?;
        self.receive()?;
        self.result()
    }

    /// The result of one call.
    pub(crate) fn call(&mut self) -> Result<&str> {
        self.send("tools/call", CALL)?;
        self.receive()?;
        self.result()
    }

    /// The result of a call of a tool.
    pub(crate) fn tool(&mut self, name: &str, args: &str) -> Result<&str> {
        self.begin(name, args)?;
        self.answered()?;
        self.result()
    }

    /// Begins a call of a tool.
    pub(crate) fn begin(&mut self, name: &str, args: &str) -> Result<()> {
        self.send("tools/call", &format!(r#"{{"name":"{name}","arguments":{args}}}"#))
    }

    /// Waits for the next answer.
    pub(crate) fn answered(&mut self) -> Result<()> {
        self.receive()
    }

    /// Makes calls, so many at once; tells how long all of them took.
    pub(crate) fn calls(&mut self, count: usize, at_once: usize) -> Result<Duration> {
        let begun = Instant::now();
        for _ in 0..at_once.min(count) {
            self.send("tools/call", CALL)?;
        }
        for answered in 1..=count {
            self.receive()?;
            if answered + at_once <= count {
                self.send("tools/call", CALL)?;
            }
        }
        Ok(begun.elapsed())
    }

    /// Ends its input; tells how long it then still lived.
    pub(crate) fn end(self) -> Result<Duration> {
        let Self { mut child, stdin, .. } = self;
        let begun = Instant::now();
        drop(stdin);
        let status = child.wait()?;
        let took = begun.elapsed();
        if status.success() { Ok(took) } else { Err(format!("a program ended with {status}").into()) }
    }

    fn send(&mut self, method: &str, params: &str) -> Result<()> {
        self.last += 1;
        let id = self.last;
        let line =
            format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"{method}\",\"params\":{params}}}\n");
        Ok(self.stdin.write_all(line.as_bytes())?)
    }

    fn receive(&mut self) -> Result<()> {
        self.line.clear();
        self.stdout.read_line(&mut self.line)?;
        let good = self.line.contains(r#","result":"#) && !self.line.contains(r#""isError":true"#);
        if good { Ok(()) } else { Err(format!("a program answered {:?}", self.line.trim_end()).into()) }
    }

    fn result(&self) -> Result<&str> {
        Ok(serde_json::from_str::<Answer<'_>>(&self.line)?.result.get())
    }

    /// Seconds of a processor that it has taken so far.
    #[cfg(target_os = "linux")]
    pub(crate) fn processor(&self) -> Result<f64> {
        const TICKS_A_SECOND: f64 = 100.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let after_name = stat.rsplit_once(')').ok_or("no name")?.1;
        let ticks = |field: usize| -> Result<f64> {
            Ok(after_name.split_whitespace().nth(field).ok_or("no such field")?.parse()?)
        };
        Ok((ticks(11)? + ticks(12)?) / TICKS_A_SECOND)
    }

    /// What Linux says of it.
    #[cfg(target_os = "linux")]
    pub(crate) fn system_figures(&self) -> Result<Figures> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let number = |name: &str| -> Result<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
            Ok(line.split_whitespace().next().ok_or("no number")?.parse()?)
        };
        let mib = |name| Ok::<f64, Box<dyn std::error::Error>>(number(name)? / 1024.0);
        Ok(Figures { resident: mib("VmRSS:")?, peak: mib("VmHWM:")?, threads: number("Threads:")? })
    }
}

/// Memory in MiB, and threads.
#[cfg(target_os = "linux")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// Resident now.
    pub(crate) resident: f64,
    /// Resident at most so far.
    pub(crate) peak: f64,
    /// Threads now.
    pub(crate) threads: f64,
}

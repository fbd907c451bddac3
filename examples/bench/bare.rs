//! The bare program: the least that could answer the same lines. One thread, blocking reads and writes, one kept
//! connection; lists are recorded texts, and a call reads its rows out of Aries' answer as the real one does.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{BufRead, Write as _};
use std::process::Command;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Result;
use crate::wire::Wire;

/// The hidden argument that turns the bench into the bare program.
pub(crate) const ARGUMENT: &str = "--bare";

/// What it is told on its command line, in this order.
pub(crate) struct Script {
    /// Where the embedded Aries listens.
    pub(crate) origin: String,
    /// A token for it.
    pub(crate) token: String,
    /// Path and query of the request that a call makes.
    pub(crate) path: String,
    /// The result of `initialize`, as the real server writes it.
    pub(crate) initialize: String,
    /// The result of `tools/list`, as the real server writes it.
    pub(crate) list: String,
    /// The first line of a call's answer.
    pub(crate) facts: String,
}

impl Script {
    /// The command line that plays this.
    pub(crate) fn command(&self, own: &std::path::Path) -> Command {
        let mut command = Command::new(own);
        command.arg(ARGUMENT).args([
            &self.origin,
            &self.token,
            &self.path,
            &self.initialize,
            &self.list,
            &self.facts,
        ]);
        command
    }

    fn from_args(mut args: impl Iterator<Item = String>) -> Result<Self> {
        let mut next = || args.next().ok_or("the bare program lacks an argument");
        Ok(Self {
            origin: next()?,
            token: next()?,
            path: next()?,
            initialize: next()?,
            list: next()?,
            facts: next()?,
        })
    }
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    method: &'a str,
}

#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow)]
    symbol: Cow<'a, str>,
    #[serde(borrow)]
    description: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    tag: Cow<'a, str>,
}

/// Answers line after line until the input ends.
pub(crate) fn run(args: impl Iterator<Item = String>) -> Result<()> {
    let script = Script::from_args(args)?;
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let mut wire = None;
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let request: Request<'_> = serde_json::from_str(&line)?;
        if let Some(id) = request.id {
            let called;
            let result = match request.method {
                "initialize" => &script.initialize,
                "tools/list" => &script.list,
                "tools/call" => {
                    let wire = match &mut wire {
                        Some(wire) => wire,
                        none => none.insert(Wire::open(&script.origin, &script.token)?),
                    };
                    called = call(&script, wire)?;
                    &called
                }
                _ => return Err("the bare program knows three requests".into()),
            };
            let answer = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{result}}}\n");
            output.write_all(answer.as_bytes())?;
            output.flush()?;
        }
        line.clear();
    }
    Ok(())
}

fn call(script: &Script, wire: &mut Wire) -> Result<String> {
    let body = wire.get(&script.path)?;
    let rows: Vec<Found<'_>> = serde_json::from_slice(&body)?;
    let mut text = format!("{}\nsymbol|name|type|venue", script.facts);
    for row in rows {
        write!(text, "\n{}|{}|{}|{}", row.symbol, row.description, row.kind, row.tag)?;
    }
    let text = serde_json::to_string(&text)?;
    Ok(format!("{{\"content\":[{{\"type\":\"text\",\"text\":{text}}}],\"isError\":false}}"))
}

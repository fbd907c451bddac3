//! What commands write: answers to stdout, everything else to stderr; a closed pipe is no panic.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;

use super::terminal::{Terminal, spark};
use crate::error::{Error, Result};

/// Set once an answer could not be written; the command then ends as failed.
static LOST: AtomicBool = AtomicBool::new(false);

/// A line of the answer, formatted, to stdout.
macro_rules! answer {
    ($($words:tt)*) => { $crate::cli::output::to_stdout(&format!($($words)*)) };
}

/// A line that is no data, formatted, to stderr.
macro_rules! say {
    ($($words:tt)*) => { $crate::cli::output::to_stderr(&format!($($words)*)) };
}

pub(super) use {answer, say};

/// Writes a line of the answer, wrapped at the width of a terminal.
pub(super) fn to_stdout(text: &str) {
    match Terminal::of_stdout() {
        Some(terminal) => write_out(&terminal.labelled(text)),
        None => write_out(text),
    }
}

/// Writes what a tool answers: on a terminal in columns, with a line of blocks for bars.
pub(super) fn to_stdout_as_answer(text: &str) {
    let Some(terminal) = Terminal::of_stdout() else { return write_out(text) };
    let shown = terminal.answer(text);
    write_out(&match spark(text, terminal.width) {
        Some(line) => format!("{shown}\n{line}"),
        None => shown,
    });
}

/// Writes rows of `a|b|c` in columns, on a terminal so that they fit.
pub(super) fn to_stdout_as_columns(rows: &str) {
    write_out(&Terminal::of_stdout().unwrap_or(Terminal::ENDLESS).answer(rows));
}

/// Writes a line as it is. A reader that stopped (`| head`) is no failure.
pub(super) fn write_out(text: &str) {
    let mut out = std::io::stdout().lock();
    let written =
        out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
    if written.is_err_and(|error| error.kind() != std::io::ErrorKind::BrokenPipe) {
        LOST.store(true, Ordering::Relaxed);
    }
}

pub(super) fn answer_json(value: &impl Serialize) {
    write_out(&serde_json::to_string_pretty(value).expect("texts, numbers and lists can be written"));
}

pub(super) fn to_stderr(text: &str) {
    match Terminal::of_stderr() {
        Some(terminal) => prompt(&format!("{}\n", terminal.wrapped(text))),
        None => prompt(&format!("{text}\n")),
    }
}

/// Writes an error for the person who runs a command.
pub(super) fn error(text: &str) {
    match Terminal::of_stderr() {
        Some(terminal) => prompt(&format!("{}\n", terminal.error(text))),
        None => prompt(&format!("{text}\n")),
    }
}

/// Says on a terminal how long it is taking, once that is over a second.
pub(super) async fn waiting<T>(what: &str, work: impl Future<Output = T>) -> T {
    if Terminal::of_stderr().is_none() {
        return work.await;
    }
    let (mut work, mut seconds) = (std::pin::pin!(work), 0_u32);
    let done = loop {
        tokio::select! {
            done = &mut work => break done,
            () = tokio::time::sleep(Duration::from_secs(1)) => {
                seconds += 1;
                prompt(&format!("\r{what} ... {seconds} s "));
            }
        }
    };
    if seconds > 0 {
        // The line was there for the wait alone.
        prompt(&format!("\r{}\r", " ".repeat(what.chars().count() + 16)));
    }
    done
}

pub(super) fn prompt(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Fails, at the end of a command, if some of its answer could not be written.
pub(super) fn delivered() -> Result<()> {
    match LOST.load(Ordering::Relaxed) {
        true => Err(Error::failed("the answer could not be written", "check where stdout goes")),
        false => Ok(()),
    }
}

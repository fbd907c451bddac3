//! What commands write: answers to stdout, everything else to stderr; a closed pipe is no panic.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

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

/// Writes a line of the answer. A reader that stopped (`| head`) is no failure.
pub(super) fn to_stdout(text: &str) {
    let mut out = std::io::stdout().lock();
    let written =
        out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
    if written.is_err_and(|error| error.kind() != std::io::ErrorKind::BrokenPipe) {
        LOST.store(true, Ordering::Relaxed);
    }
}

pub(super) fn answer_json(value: &impl Serialize) {
    to_stdout(&serde_json::to_string_pretty(value).expect("texts, numbers and lists can be written"));
}

pub(super) fn to_stderr(text: &str) {
    prompt(&format!("{text}\n"));
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

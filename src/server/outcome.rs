//! One call of a tool, from its arguments to a result.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use rmcp::model::{CallToolResult, ContentBlock};

use super::bundle::fitted;
use crate::error::{Error, Kind, Result};
use crate::told::{Reader, Told};
use crate::tools::{self, Answer, Call, Tool};

pub(crate) async fn run(
    tool: &'static Tool,
    call: Call,
    args: tools::schema::Object,
    reader: Reader,
) -> (CallToolResult, Option<Kind>) {
    match outcome(tool, call, args).await {
        Ok(answer) => (success(&answer, reader), None),
        Err(error) => (failure(&error, reader), Some(error.kind)),
    }
}

/// Runs a tool within its limit of time and catches a panic. Adds a warning while the sign-in is about to end.
pub(super) async fn outcome(tool: &'static Tool, call: Call, args: tools::schema::Object) -> Result<Answer> {
    let session = Arc::clone(call.aries.session());
    let started = std::time::Instant::now();
    let limit = tool.limit(&args);
    let running = AssertUnwindSafe(tokio::time::timeout(limit, tool.call(call, args))).catch_unwind();
    let outcome = match running.await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(Error::new(
            Kind::Unavailable,
            format!("it took more than {} s", limit.as_secs()),
            Told::from("ask for less at a time; if that does not help, ")
                .and(Told::person_that("Aries is slow")),
        )),
        Err(_) => Err(Error::failed(
            "a fault inside aries-mcp",
            Told::person_to("report it with the log on stderr"),
        )),
    };
    let took = started.elapsed().as_millis();
    match &outcome {
        Ok(_) => tracing::info!(tool = tool.name, took, "answered"),
        Err(error) => tracing::info!(tool = tool.name, took, kind = ?error.kind, "failed"),
    }
    outcome.map(|answer| match (&answer.question, session.end_warning()) {
        (None, Some(ending)) => answer.line(Told::from("note: ").and(ending)),
        _ => answer,
    })
}

pub(super) fn success(answer: &Answer, reader: Reader) -> CallToolResult {
    let mut result =
        CallToolResult::success(vec![ContentBlock::text(fitted(answer.text_to(reader), reader))]);
    result.structured_content = answer.structured.clone();
    result
}

/// The result for an error that a sign-in mends: a person in a chat need not go to a terminal.
pub(super) fn failure_with_sign_in(error: &Error) -> CallToolResult {
    let text = format!("{error}; or ask them whether to call sign_in, which opens their browser");
    CallToolResult::error(vec![ContentBlock::text(fitted(text, Reader::Model))])
}

pub(super) fn failure(error: &Error, reader: Reader) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(fitted(error.to(reader), reader))])
}

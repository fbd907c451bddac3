//! The lines of the client, with the arguments of order tools as [`Tool::exact`] reads them: rmcp reads numbers as floats.

use std::borrow::Cow;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::io::{AsyncBufRead, AsyncRead, BufReader, ReadBuf};

use crate::tools::{self, Tool};

/// A longer line passes as it is, in bytes. No order is that long, and its numbers would be refused.
const LONGEST: usize = 64 * 1024;

pub(super) struct ExactReader<R> {
    inner: BufReader<R>,
    line: Vec<u8>,
    /// What is to be given out, and how much of it was.
    ready: Vec<u8>,
    given: usize,
}

impl<R: AsyncRead> ExactReader<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner: BufReader::new(inner), line: Vec::new(), ready: Vec::new(), given: 0 }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for ExactReader<R> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if let Some(rest) = this.ready.get(this.given..).filter(|rest| !rest.is_empty()) {
                let (now, _) = rest.split_at(rest.len().min(out.remaining()));
                out.put_slice(now);
                this.given += now.len();
                return Poll::Ready(Ok(()));
            }
            let available = ready!(Pin::new(&mut this.inner).poll_fill_buf(context))?;
            let is_over = available.is_empty();
            if is_over && this.line.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let (taken, _) = available.split_at(end.map_or(available.len(), |at| at + 1));
            this.line.extend_from_slice(taken);
            let taken = taken.len();
            Pin::new(&mut this.inner).consume(taken);
            if is_over || end.is_some() || this.line.len() > LONGEST {
                let line = std::mem::take(&mut this.line);
                this.ready = exact(&line).unwrap_or(line);
                this.given = 0;
            }
        }
    }
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    params: &'a RawValue,
}

#[derive(Deserialize)]
struct Params<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    arguments: &'a RawValue,
}

/// The line with other arguments; `None` if it is no call of an order tool.
fn exact(line: &[u8]) -> Option<Vec<u8>> {
    let line = std::str::from_utf8(line).ok()?;
    let message: Message<'_> = serde_json::from_str(line).ok()?;
    if message.method != "tools/call" {
        return None;
    }
    let params: Params<'_> = serde_json::from_str(message.params.get()).ok()?;
    let given = params.arguments.get();
    let arguments = tools::find(&params.name).and_then(|tool| Tool::exact(tool, given))?;
    // Where it lies in the line, of which it is a part.
    let start = (given.as_ptr() as usize).checked_sub(line.as_ptr() as usize)?;
    let (before, after) = (line.get(..start)?, line.get(start + given.len()..)?);
    let arguments = serde_json::to_string(&arguments).expect("names and values are JSON");
    Some(format!("{before}{arguments}{after}").into_bytes())
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    #[tokio::test]
    async fn every_other_byte_passes_as_it_came() {
        let call = |name: &str| {
            format!(
                r#"{{"id":1,"params":{{"arguments":{{"order":7}},"name":"{name}"}},"method":"tools/call"}}"#
            )
        };
        let long = "x".repeat(3 * LONGEST);
        let sent = format!(
            "\n{{}}\r\n\u{0}\n{}\n{}\n{long}\n{}",
            call("get_orders"),
            call("cancel_order"),
            call("cancel_order")
        );
        let mut received = String::new();
        ExactReader::new(sent.as_bytes()).read_to_string(&mut received).await.unwrap();
        assert_eq!(
            received,
            sent.replace(r#"{"order":7},"name":"cancel_order""#, r#"{"order":"7"},"name":"cancel_order""#)
        );
    }
}

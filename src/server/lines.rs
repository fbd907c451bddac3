//! MCP messages as lines, and an answer to whatever is none: not JSON, letters that are not UTF-8, a line without end.
//! Batches are taken where the session's version of the protocol has them.

mod batches;
mod broken;

use std::collections::VecDeque;
use std::sync::Arc;

use rmcp::RoleServer;
use rmcp::model::{ClientRequest, JsonRpcMessage, ProtocolVersion};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::Mutex;

use self::batches::Batches;
use self::broken::id_in;

/// A longer line is answered with an error: no call of ours takes so much.
const LONGEST: usize = 4 * 1024 * 1024;
/// How much of a line that is too long is kept, at its beginning and at its end, to find the id of its request.
const KEPT: usize = 4 * 1024;

const NOT_JSON: i32 = -32_700;
const NO_REQUEST: i32 = -32_600;

type Incoming = RxJsonRpcMessage<RoleServer>;

pub(super) struct Lines<R, W> {
    reader: BufReader<R>,
    line: Vec<u8>,
    /// The last bytes of a line that is too long, while it is read to its end.
    rest: Option<Vec<u8>>,
    queue: VecDeque<Incoming>,
    /// The version that the client asked for.
    version: Option<ProtocolVersion>,
    output: Arc<Output<W>>,
}

struct Output<W> {
    /// None once the transport is closed.
    writer: Mutex<Option<W>>,
    batches: Batches,
}

impl<R: AsyncRead + Send + Unpin, W: AsyncWrite + Send + Unpin + 'static> Lines<R, W> {
    pub(super) fn new(reader: R, writer: W) -> Self {
        let output = Arc::new(Output { writer: Mutex::new(Some(writer)), batches: Batches::default() });
        Self {
            reader: BufReader::new(reader),
            line: Vec::new(),
            rest: None,
            queue: VecDeque::new(),
            version: None,
            output,
        }
    }

    /// Reads to the end of a line; false at the end of input. Dropped in the middle, it goes on where it was.
    async fn read_line(&mut self) -> std::io::Result<bool> {
        loop {
            let available = self.reader.fill_buf().await?;
            if available.is_empty() {
                return Ok(false);
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
            match &mut self.rest {
                None if self.line.len() + part.len() <= LONGEST => self.line.extend_from_slice(part),
                None => {
                    self.line.truncate(KEPT);
                    self.line.shrink_to_fit();
                    self.rest = Some(tail(part));
                }
                Some(rest) => {
                    rest.extend_from_slice(part);
                    *rest = tail(rest);
                }
            }
            let used = end.map_or(available.len(), |end| end + 1);
            self.reader.consume(used);
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    /// The message of a whole line; what is none is answered, or put into the queue if it is a batch.
    fn take_line(&mut self) -> Option<Incoming> {
        let (line, rest) = (std::mem::take(&mut self.line), self.rest.take());
        if let Some(rest) = rest {
            let words = format!("the message is longer than {} MB", LONGEST / 1024 / 1024);
            self.refuse(id_in(&line).or_else(|| id_in(&rest)), NO_REQUEST, &words);
            return None;
        }
        let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line).trim_ascii();
        if line.is_empty() {
            return None;
        }
        if let Ok(message) = serde_json::from_slice(line) {
            return Some(self.noting_version(message));
        }
        match serde_json::from_slice::<Value>(line) {
            Ok(Value::Array(messages)) => self.take_batch(messages),
            Ok(message) => self.refuse_message(&message),
            Err(error) => {
                let words = format!("the message is not JSON (column {})", error.column());
                self.refuse(id_in(line), NOT_JSON, &words);
            }
        }
        None
    }

    fn noting_version(&mut self, message: Incoming) -> Incoming {
        if let JsonRpcMessage::Request(request) = &message
            && let ClientRequest::InitializeRequest(initialize) = &request.request
        {
            self.version = Some(initialize.params.protocol_version.clone());
        }
        message
    }

    /// Only one version of the protocol has batches; what it answers to one is a list.
    fn take_batch(&mut self, messages: Vec<Value>) {
        if self.version != Some(ProtocolVersion::V_2025_03_26) {
            let words = "batches are not part of this version of the protocol; send the messages one by one";
            return self.refuse(None, NO_REQUEST, words);
        }
        if messages.is_empty() {
            return self.refuse(None, NO_REQUEST, "the batch is empty");
        }
        let mut known = Vec::new();
        let mut refused = Vec::new();
        for message in messages {
            match serde_json::from_value::<Incoming>(message.clone()) {
                Ok(read) => known.push(read),
                // A notification that is not known needs no answer.
                Err(_) if message.get("id").is_none() && message.get("method").is_some() => {}
                Err(_) => {
                    refused.push(error(message.get("id").cloned(), NO_REQUEST, "this is no request of MCP"))
                }
            }
        }
        let asked = known.iter().filter_map(|message| match message {
            JsonRpcMessage::Request(request) => serde_json::to_value(&request.id).ok(),
            _ => None,
        });
        if let Some(whole) = self.output.batches.begin(asked.collect(), refused) {
            self.send_line(whole);
        }
        self.queue.extend(known);
    }

    fn refuse_message(&self, message: &Value) {
        let id = message.get("id").filter(|id| id.is_string() || id.is_number()).cloned();
        match message.get("method").and_then(Value::as_str) {
            Some(method) if message.get("id").is_none() => {
                tracing::debug!(method, "a notification that is not known is ignored");
            }
            _ => self.refuse(id, NO_REQUEST, "this is no request of MCP"),
        }
    }

    fn refuse(&self, id: Option<Value>, code: i32, words: &str) {
        tracing::warn!("a message of the client was answered with an error: {words}");
        self.send_line(error(id, code, words));
    }

    /// Writes a message of ours. It is a task of its own: reading may be dropped at any moment, and half a line would break
    /// the protocol.
    fn send_line(&self, message: Value) {
        let output = Arc::clone(&self.output);
        tokio::spawn(async move {
            if let Err(error) = output.write(&message.to_string()).await {
                tracing::debug!("an answer could not be written: {error}");
            }
        });
    }
}

fn tail(bytes: &[u8]) -> Vec<u8> {
    bytes.get(bytes.len().saturating_sub(KEPT)..).unwrap_or_default().to_vec()
}

fn error(id: Option<Value>, code: i32, words: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": words}})
}

impl<W: AsyncWrite + Send + Unpin> Output<W> {
    async fn write(&self, line: &str) -> std::io::Result<()> {
        let mut writer = self.writer.lock().await;
        let closed = || std::io::Error::new(std::io::ErrorKind::NotConnected, "the transport is closed");
        let writer = writer.as_mut().ok_or_else(closed)?;
        writer.write_all(line.as_bytes()).await?;
        writer.write_all(b"\n").await?;
        writer.flush().await
    }
}

impl<R: AsyncRead + Send + Unpin, W: AsyncWrite + Send + Unpin + 'static> Transport<RoleServer>
    for Lines<R, W>
{
    type Error = std::io::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let output = Arc::clone(&self.output);
        async move {
            let line = serde_json::to_string(&item).map_err(std::io::Error::other)?;
            match output.batches.take(line) {
                batches::Taken::Alone(line) => output.write(&line).await,
                batches::Taken::Kept => Ok(()),
                batches::Taken::Whole(batch) => output.write(&batch.to_string()).await,
            }
        }
    }

    async fn receive(&mut self) -> Option<Incoming> {
        loop {
            if let Some(message) = self.queue.pop_front() {
                return Some(message);
            }
            match self.read_line().await {
                Ok(true) => {
                    if let Some(message) = self.take_line() {
                        return Some(message);
                    }
                }
                Ok(false) => return None,
                Err(error) => {
                    tracing::error!("stdin cannot be read: {error}");
                    return None;
                }
            }
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        *self.output.writer.lock().await = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    /// What comes back for these bytes, and which methods get through.
    async fn outcome(input: &[u8]) -> (Vec<Value>, usize) {
        let (ours, mut theirs) = tokio::io::duplex(1024 * 1024);
        let mut lines = Lines::new(input, ours);
        let mut through = 0;
        while lines.receive().await.is_some() {
            through += 1;
        }
        // The tasks that write run before this one goes on.
        tokio::task::yield_now().await;
        while Arc::strong_count(&lines.output) > 1 {
            tokio::task::yield_now().await;
        }
        drop(lines);
        let mut text = String::new();
        theirs.read_to_string(&mut text).await.unwrap();
        (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), through)
    }

    fn told(answer: &Value) -> (Value, i64) {
        (answer["id"].clone(), answer["error"]["code"].as_i64().unwrap())
    }

    #[tokio::test]
    async fn what_is_no_message_gets_an_answer_and_the_next_one_through() {
        let ping = b"{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}\n";
        for (broken, id, code) in [
            (b"hello".to_vec(), Value::Null, -32_700),
            (b"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"".to_vec(), json!(7), -32_700),
            (b"{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"\xff\"}".to_vec(), json!("a"), -32_700),
            (br#"{"jsonrpc":"2.0","method":"\ud800","id":8}"#.to_vec(), json!(8), -32_700),
            (br#"{"jsonrpc":"2.0","id":8,"method":7}"#.to_vec(), json!(8), -32_600),
            (b"42".to_vec(), Value::Null, -32_600),
            (b"[]".to_vec(), Value::Null, -32_600),
            (b"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]".to_vec(), Value::Null, -32_600),
        ] {
            let (answers, through) = outcome(&[&broken, b"\n".as_slice(), ping].concat()).await;
            assert_eq!(
                answers.iter().map(told).collect::<Vec<_>>(),
                [(id, code)],
                "{}",
                String::from_utf8_lossy(&broken)
            );
            assert_eq!(through, 1);
        }
    }

    #[tokio::test]
    async fn a_line_without_end_is_answered_with_its_id() {
        let long = "x".repeat(30 * 1024 * 1024);
        for line in [
            format!(r#"{{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{{"name":"{long}"}}}}"#),
            format!(r#"{{"method":"tools/call","params":{{"name":"{long}"}},"jsonrpc":"2.0","id":5}}"#),
        ] {
            let ping = "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}\n";
            let (answers, through) = outcome(format!("{line}\n{ping}").as_bytes()).await;
            assert_eq!((told(&answers[0]), through), ((json!(5), -32_600), 1));
        }
    }
}

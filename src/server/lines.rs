//! MCP messages as lines, and an answer to whatever is none: not JSON, letters that are not UTF-8, a line without end.
//! Batches are taken where the session's version of the protocol has them.

mod batches;
mod broken;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{ClientRequest, JsonRpcMessage, ProtocolVersion, RequestId};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use self::batches::Batches;
use self::broken::{id_in, other_letters, unreadable, usable};
use crate::text::count;

/// A longer line is answered with an error: no call of ours takes so much.
const LONGEST: usize = 4 * 1024 * 1024;
/// How much of a line that is too long is kept, at its beginning and at its end, to find the id of its request.
const KEPT: usize = 4 * 1024;

/// How long the end of input waits for answers that a client may no longer read.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

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
    /// The messages of ours that are being written.
    writing: JoinSet<()>,
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
            writing: JoinSet::new(),
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
        // The second half of a line break in UTF-16 stands alone.
        if line.iter().all(|byte| *byte == 0) {
            tracing::debug!("an empty line of the client is ignored");
            return None;
        }
        if let Some(words) = other_letters(line) {
            let letters: Vec<u8> = line.iter().copied().filter(|byte| *byte != 0).collect();
            self.refuse(id_in(&letters), NOT_JSON, &words);
            return None;
        }
        if let Ok(message) = serde_json::from_slice(line)
            && has_its_id(&message, line)
        {
            return Some(self.noting_version(message));
        }
        match serde_json::from_slice::<Value>(line) {
            Ok(Value::Array(messages)) => self.take_batch(messages),
            Ok(message) => self.refuse_message(&message),
            Err(error) => self.refuse(id_in(line), NOT_JSON, &unreadable(&error)),
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
        let (mut known, mut refused, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        for message in messages {
            match serde_json::from_value::<Incoming>(message.clone()) {
                Ok(JsonRpcMessage::Request(request))
                    if matches!(request.request, ClientRequest::InitializeRequest(_)) =>
                {
                    let id = serde_json::to_value(&request.id).ok();
                    refused.push(error(id, NO_REQUEST, "initialize is sent alone, not in a batch"));
                }
                Ok(_) if message.get("id").is_some_and(|id| !usable(id)) => {
                    refused.push(refusal_of(&message))
                }
                Ok(JsonRpcMessage::Request(request)) => {
                    let id = serde_json::to_value(&request.id).unwrap_or_default();
                    if asked.contains(&id) {
                        let words = "Invalid Request: another request of this batch has the same id";
                        refused.push(error(Some(id), NO_REQUEST, words));
                        continue;
                    }
                    asked.push(id);
                    known.push(JsonRpcMessage::Request(request));
                }
                Ok(read) => known.push(read),
                // A notification that is not known needs no answer.
                Err(_) if message.get("id").is_none() && message.get("method").is_some() => {}
                Err(_) => refused.push(refusal_of(&message)),
            }
        }
        if !refused.is_empty() {
            tracing::warn!(
                "answered with an error, as no request of MCP: {} of a batch",
                count(refused.len(), "message")
            );
        }
        if let Some(whole) = self.output.batches.begin(asked, refused) {
            self.send_line(whole);
        }
        self.queue.extend(known);
    }

    fn refuse_message(&mut self, message: &Value) {
        match message.get("method").and_then(Value::as_str) {
            Some(method) if message.get("id").is_none() => {
                tracing::debug!(method, "a notification that is not known is ignored");
            }
            _ => {
                tracing::warn!("a message of the client was answered with an error: it is no request");
                self.send_line(refusal_of(message));
            }
        }
    }

    fn refuse(&mut self, id: Option<Value>, code: i32, words: &str) {
        tracing::warn!("a message of the client was answered with an error: {words}");
        self.send_line(error(id, code, words));
    }

    /// Writes a message of ours. It is a task of its own: reading may be dropped at any moment, and half a line would break
    /// the protocol.
    fn send_line(&mut self, message: Value) {
        let output = Arc::clone(&self.output);
        while self.writing.try_join_next().is_some() {}
        self.writing.spawn(async move {
            if let Err(error) = output.write(&message.to_string()).await {
                tracing::debug!("an answer could not be written: {error}");
            }
        });
    }
}

/// Whether a message has the id that its line has. With one that MCP does not have it would pass for a notification, which
/// gets no answer, or for one of another number, as `1e2` for `100`.
fn has_its_id(message: &Incoming, line: &[u8]) -> bool {
    let is_none = match message {
        JsonRpcMessage::Notification(_) => true,
        JsonRpcMessage::Request(request) if matches!(request.id, RequestId::Number(_)) => false,
        _ => return true,
    };
    let whole = serde_json::from_slice::<Value>(line).unwrap_or_default();
    whole.get("id").map_or(is_none, |id| !is_none && usable(id))
}

/// The answer to JSON that is no request.
fn refusal_of(message: &Value) -> Value {
    let given = message.get("id");
    let id = given.filter(|id| usable(id)).cloned();
    let words = match (message.is_object(), given.is_some(), id.is_some()) {
        (false, ..) => "Invalid Request: a request is a JSON object",
        (true, true, false) => "Invalid Request: an id is a text or a whole number of at most 64 bits",
        _ => "Invalid Request: this is no request of MCP",
    };
    error(id, NO_REQUEST, words)
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
                Ok(false) => {
                    let written = async { while self.writing.join_next().await.is_some() {} };
                    let _ = tokio::time::timeout(LAST_ANSWERS, written).await;
                    return None;
                }
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
            (
                br#"{"jsonrpc":"2.0","id":12345678901234567890123,"method":"ping"}"#.to_vec(),
                Value::Null,
                -32_600,
            ),
            (br#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#.to_vec(), Value::Null, -32_600),
            (br#"{"jsonrpc":"2.0","id":-0,"method":"ping"}"#.to_vec(), Value::Null, -32_600),
            (br#"{"jsonrpc":"2.0","id":1e400,"method":"ping"}"#.to_vec(), Value::Null, -32_700),
            (br#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#.to_vec(), Value::Null, -32_600),
            (br#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#.to_vec(), Value::Null, -32_600),
            (
                br#"{"jsonrpc":"2.0","id":true,"method":"notifications/initialized"}"#.to_vec(),
                Value::Null,
                -32_600,
            ),
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
    async fn a_batch_has_no_beginning_of_a_session_and_an_answer_for_each_request() {
        let initialize = |id: u64| {
            json!({"jsonrpc": "2.0", "id": id, "method": "initialize", "params": {"protocolVersion": "2025-03-26",
                "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}})
        };
        let batch = json!([initialize(2), 42, {"jsonrpc": "2.0", "id": 1.0, "method": "ping"}]);
        let (answers, through) = outcome(format!("{}\n{batch}\n", initialize(1)).as_bytes()).await;
        let told: Vec<_> = answers[0].as_array().unwrap().iter().map(told).collect();
        assert_eq!(
            (told, through),
            (vec![(json!(2), -32_600), (Value::Null, -32_600), (Value::Null, -32_600)], 1)
        );
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

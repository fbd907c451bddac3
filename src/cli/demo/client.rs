//! The smallest MCP client: lines of JSON to a child process and back.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::error::{Error, Result};

pub(super) struct Client {
    child: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
    last: u64,
}

impl Client {
    pub(super) fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(broken)?;
        let stdin = child.stdin.take().ok_or_else(|| broken("the server has no stdin"))?;
        let stdout = child.stdout.take().ok_or_else(|| broken("the server has no stdout"))?;
        Ok(Self { child, stdin, stdout: BufReader::new(stdout).lines(), last: 0 })
    }

    pub(super) async fn initialize(&mut self) -> Result<String> {
        let info = json!({"name": "aries-mcp demo", "version": env!("CARGO_PKG_VERSION")});
        let params = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": info});
        let result = self.request("initialize", params).await?;
        self.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"})).await?;
        Ok(result.get("protocolVersion").and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    pub(super) async fn call(&mut self, tool: &str, args: Value) -> Result<String> {
        let result = self.request("tools/call", json!({"name": tool, "arguments": args})).await?;
        let text = result.pointer("/content/0/text").and_then(Value::as_str).unwrap_or_default().to_owned();
        match result.get("isError") {
            Some(Value::Bool(true)) => Err(broken(format!("{tool} answered {text}"))),
            _ => Ok(text),
        }
    }

    pub(super) async fn close(self) -> Result<()> {
        let Self { mut child, stdin, .. } = self;
        drop(stdin);
        let status = child.wait().await.map_err(broken)?;
        if status.success() { Ok(()) } else { Err(broken("the server did not end cleanly")) }
    }

    async fn request(&mut self, method: &str, params: Value) -> Result<Value> {
        self.last += 1;
        let id = self.last;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})).await?;
        while let Some(line) = self.stdout.next_line().await.map_err(broken)? {
            let message: Value =
                serde_json::from_str(&line).map_err(|_| broken("stdout held something but MCP"))?;
            if message.get("id") == Some(&json!(id)) {
                let result = message.get("result").cloned();
                return result.ok_or_else(|| broken(format!("{method} answered {message}")));
            }
        }
        Err(broken("the server ended early"))
    }

    async fn send(&mut self, message: &Value) -> Result<()> {
        let line = format!("{message}\n");
        self.stdin.write_all(line.as_bytes()).await.map_err(broken)
    }
}

pub(super) fn broken(what: impl std::fmt::Display) -> Error {
    Error::failed(format!("the demo broke: {what}"), "report this with the output above")
}

//! The embedded Aries on a thread of the bench, without rate limits.

use std::sync::mpsc::channel;

use aries_mcp::auth::scope;
use aries_mcp::sandbox::{Options, Sandbox};
use serde_json::Value;

use crate::Result;
use crate::wire::Wire;

/// A running one, for as long as the bench runs.
pub(crate) struct Aries {
    /// `http://127.0.0.1:PORT`.
    pub(crate) origin: String,
    /// An access token with every reading scope.
    pub(crate) token: String,
    sandbox: Sandbox,
}

impl Aries {
    pub(crate) fn start() -> Result<Self> {
        let (sender, started) = channel();
        std::thread::spawn(move || -> std::io::Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
                let options = Options { rate_limits: false, ..Options::default() };
                // A bench that gave up already has said why.
                let _ = sender.send(Sandbox::start(listener, options)?);
                std::future::pending().await
            })
        });
        let sandbox = started.recv()?;
        Ok(Self { origin: sandbox.origin(), token: sandbox.issue(scope::READING).access_token, sandbox })
    }

    /// A connection of the bench's own.
    pub(crate) fn wire(&self) -> Result<Wire> {
        Ok(Wire::open(&self.origin, &self.token)?)
    }

    /// Makes the next `times` requests of this path go wrong as `fault` says (a JSON object's inside).
    pub(crate) fn fault(&self, path: &str, times: usize, fault: &str) -> Result<()> {
        let path = path.split('?').next().unwrap_or_default();
        let rule = format!(r#"{{"path":"{path}","times":{times},{fault}}}"#);
        self.wire()?.send("POST", "/sandbox/faults", &rule)?;
        Ok(())
    }

    /// An access token with these scopes.
    pub(crate) fn issue(&self, scopes: &[&str]) -> String {
        self.sandbox.issue(scopes).access_token
    }

    /// Path and query of every request so far.
    pub(crate) fn seen(&self) -> Result<Vec<String>> {
        let log: Vec<Value> = serde_json::from_slice(&self.wire()?.get("/sandbox/log")?)?;
        let text =
            |entry: &Value, key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(log.iter().map(|entry| format!("{}?{}", text(entry, "path"), text(entry, "query"))).collect())
    }
}

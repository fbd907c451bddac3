//! How the sockets misbehave, for tests: set by `POST /sandbox/options`.

use serde_json::Value;
use tokio::sync::watch;

#[derive(Debug, Default)]
pub(crate) struct SocketFaults {
    /// Nothing is said any more, not even to a ping.
    pub(crate) silent: bool,
    /// Every frame brings lines that mean nothing.
    pub(crate) garbage: bool,
    /// Such lines come without end, each in a frame of its own.
    pub(crate) floods: bool,
    /// Every token is refused.
    pub(crate) refuses: bool,
    /// Seconds of a session, instead of those that are usual.
    pub(crate) seconds: Option<i64>,
    /// Counts the times that all sockets were dropped.
    pub(crate) drops: u64,
    /// Changes when there may be something to tell before the second is over.
    pub(crate) moved: watch::Sender<u64>,
}

/// What a client must survive: no JSON, no object, nested without end, a kind that it does not know, and a symbol that
/// nobody asked for.
pub(super) const GARBAGE: [&str; 6] = [
    "not json",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "null",
    r#"{"type":"novelty","payload":{"action":"update","data":{"lastPrice":"NaN"}}}"#,
    r#"{"type":"event","payload":{"symbol":"AAPL","data":[]}}"#,
    r#"{"type":"event","payload":{"symbol":"ZZZZ","type":"trade","data":{"lastPrice":-1}}}"#,
];

impl SocketFaults {
    /// Changes one of them; `None` if there is none of that name, or not with that value.
    pub(crate) fn set(&mut self, name: &str, value: &Value) -> Option<()> {
        match name {
            "silent" => self.silent = value.as_bool()?,
            "garbage" => self.garbage = value.as_bool()?,
            "flood" => self.floods = value.as_bool()?,
            "refuse" => self.refuses = value.as_bool()?,
            "seconds" => self.seconds = value.as_i64(),
            "drop" => self.drops += u64::from(value.as_bool()?),
            _ => return None,
        }
        self.stir();
        Some(())
    }

    /// Has every socket look for news at once.
    pub(crate) fn stir(&self) {
        self.moved.send_modify(|count| *count += 1);
    }
}

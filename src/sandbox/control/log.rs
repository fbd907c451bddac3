//! The requests seen, for tests that count them. Secrets are never kept.

use serde_json::{Value, json};

use crate::sandbox::Call;

const MOST_ENTRIES: usize = 10_000;

/// The values of these fields are secrets, or as good as.
const SECRET_FIELDS: &[&str] =
    &["code", "code_verifier", "client_secret", "refresh_token", "access_token", "password"];

#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: std::collections::VecDeque<Value>,
    requests: u64,
}

impl Log {
    /// Notes a request and its status; none if the connection was closed before anything was done.
    ///
    /// Bodies are kept of POSTs that carry JSON: token calls without their secrets, orders as they are.
    pub(crate) fn record(&mut self, call: &Call, status: Option<u16>) {
        if call.path.starts_with("/sandbox/") {
            return;
        }
        self.requests += 1;
        if self.entries.len() == MOST_ENTRIES {
            self.entries.pop_front();
        }
        let body =
            if call.is_json() { serde_json::from_slice(&call.body).unwrap_or_default() } else { Value::Null };
        self.entries.push_back(json!({
            "at": call.now.to_string(),
            "method": call.method,
            "path": call.path,
            "query": call.raw_query,
            "status": status,
            "user_agent": call.header("user-agent"),
            "body": redacted(body),
        }));
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests
    }

    pub(crate) fn shown(&self) -> Value {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

fn redacted(mut body: Value) -> Value {
    if let Value::Object(fields) = &mut body {
        for (name, value) in fields {
            if SECRET_FIELDS.contains(&name.as_str()) {
                *value = json!("(hidden)");
            }
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_leave_no_trace() {
        let shown = redacted(json!({ "grant_type": "refresh_token", "refresh_token": "s3cret" }));
        assert_eq!(shown, json!({ "grant_type": "refresh_token", "refresh_token": "(hidden)" }));
    }
}

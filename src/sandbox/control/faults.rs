//! Rules for misbehaving: which request, how often, and how.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::sandbox::{Answer, Call};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    /// The connection closes before anything is done.
    DropBefore,
    /// The request takes effect, then the connection closes without an answer.
    DropAfter,
    /// Nothing is done; `status` is answered, with `body` if given.
    Status,
    /// The request takes effect, and the answer comes `delay_ms` later.
    Delay,
    /// The request takes effect; half of the answer comes, then the connection closes.
    Truncate,
    /// The request takes effect; the answer claims to be HTML, and is `body` if given.
    ContentType,
    /// The request takes effect; the answer is `body`, with `status` if given.
    Body,
    /// The request takes effect; the answer carries `bytes` more than it should.
    Big,
}

/// One rule. It applies to the next `times` requests that fit it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// Method; every one if absent.
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// Exact path, or the beginning of one followed by `*`.
    pub(crate) path: String,
    #[serde(default = "once")]
    pub(crate) times: u32,
    pub(crate) fault: Fault,
    /// For `status` (default 503) and `body`.
    #[serde(default)]
    pub(crate) status: Option<u16>,
    /// For `delay`.
    #[serde(default)]
    pub(crate) delay_ms: u64,
    /// For `status`, `body` and `content_type`.
    #[serde(default)]
    pub(crate) body: Option<String>,
    /// Added to the answer, such as `retry-after`; `content-type` replaces the usual one.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// For `big`.
    #[serde(default)]
    pub(crate) bytes: usize,
    /// Nothing happens before `POST /sandbox/release`; then all of it does, even if the client has left meanwhile.
    #[serde(default)]
    pub(crate) hold: bool,
}

const fn once() -> u32 {
    1
}

impl Rule {
    fn fits(&self, call: &Call) -> bool {
        let path = match self.path.strip_suffix('*') {
            Some(beginning) => call.path.starts_with(beginning),
            None => call.path == self.path,
        };
        path && self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&call.method))
    }

    pub(crate) fn made_up_answer(&self) -> Answer {
        let status = self.status.unwrap_or(503);
        let mut answer = Answer::error(status, "sandbox_fault", "a fault rule of the sandbox answers this");
        self.replace_body(&mut answer);
        self.add_headers(&mut answer);
        answer
    }

    pub(crate) fn add_headers(&self, answer: &mut Answer) {
        for (name, value) in &self.headers {
            if name.eq_ignore_ascii_case("content-type") {
                answer.content_type.clone_from(value);
            } else {
                answer.headers.push((name.clone(), value.clone()));
            }
        }
    }

    /// Changes a finished answer, for the faults that do only that.
    pub(crate) fn spoil(&self, answer: &mut Answer) {
        match self.fault {
            Fault::ContentType => {
                "text/html".clone_into(&mut answer.content_type);
                self.replace_body(answer);
            }
            Fault::Body => {
                answer.status = self.status.unwrap_or(answer.status);
                self.replace_body(answer);
            }
            Fault::Big => answer.body = padded(&answer.body, self.bytes),
            _ => {}
        }
    }

    fn replace_body(&self, answer: &mut Answer) {
        if let Some(body) = &self.body {
            answer.body = body.clone().into_bytes();
            answer.failure = None;
        }
    }
}

/// Still valid JSON, only with one huge field or row too many.
fn padded(body: &[u8], bytes: usize) -> Vec<u8> {
    let padding = "x".repeat(bytes);
    let mut value = serde_json::from_slice(body).unwrap_or(Value::Null);
    match &mut value {
        Value::Object(fields) => {
            fields.insert("padding".into(), Value::String(padding));
        }
        Value::Array(rows) => rows.push(json!({ "padding": padding })),
        _ => return padding.into_bytes(),
    }
    value.to_string().into_bytes()
}

/// The rules that still wait for their request, and the requests that are held.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<Rule>,
    held: u64,
    releases: watch::Sender<u64>,
}

impl Faults {
    pub(crate) fn add(&mut self, rules: Vec<Rule>) {
        self.rules.extend(rules);
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    pub(crate) fn waiting(&self) -> u64 {
        self.rules.iter().map(|rule| u64::from(rule.times)).sum()
    }

    /// Counts a request as held; it goes on when the receiver changes.
    pub(crate) fn hold(&mut self) -> watch::Receiver<u64> {
        self.held += 1;
        self.releases.subscribe()
    }

    /// Lets every held request go on, and tells how many there were.
    pub(crate) fn release(&mut self) -> u64 {
        self.releases.send_modify(|count| *count += 1);
        std::mem::take(&mut self.held)
    }

    pub(crate) fn held(&self) -> u64 {
        self.held
    }

    /// The first rule that fits, used up by one. `/sandbox/` itself never fails.
    pub(crate) fn take(&mut self, call: &Call) -> Option<Rule> {
        if call.path.starts_with("/sandbox/") {
            return None;
        }
        let rule = self.rules.iter_mut().find(|rule| rule.times > 0 && rule.fits(call))?;
        rule.times -= 1;
        let taken = rule.clone();
        self.rules.retain(|rule| rule.times > 0);
        Some(taken)
    }
}

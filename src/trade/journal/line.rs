//! One line of the journal: what happened, the facts of it, and the hash that chains it to the line before.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

pub(crate) use crate::os::hex::encode as hex;

/// What happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Its ticket was presented.
    Intent,
    /// It ended before anything was sent.
    Dropped,
    /// It is being sent now.
    Sent,
    /// It surely had no effect at Aries: it never arrived, or was refused outright.
    Refused,
    /// Aries answered.
    Answered,
    /// Nobody knows whether Aries has it.
    Unknown,
    /// It was found in Aries' book.
    Found,
    /// The person has ended the doubt.
    Settled,
    /// A cancel is being sent.
    Cancel,
    /// What came of the cancel.
    Canceled,
}

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    /// Counts from 1.
    pub(crate) n: u64,
    /// Hash of the line before; empty in the first.
    pub(crate) prev: String,
    /// When.
    pub(crate) at: Timestamp,
    /// What.
    pub(crate) event: Event,
    /// Our own id of the order, sent as `clientId`.
    pub(crate) id: String,
    /// Everything else.
    #[serde(flatten)]
    pub(crate) facts: Facts,
    /// Hash of this line without this field.
    pub(crate) hash: String,
}

/// What is known at an event. What was said at an earlier event of the same order is not repeated.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Hash of its ticket, so that another process knows the ticket too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The profile that sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Full id of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// `LIVE`, `SIM` or `SANDBOX …`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Whether the account counts as live for the limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<bool>,
    /// Ticker of the shares behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub underlying: Option<String>,
    /// The sentence the person saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What it adds to the value of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
    /// The exact body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// What the order is when the body, as that of a replacement, does not say it whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect: Option<Value>,
    /// Ids that Aries had listed for the account before the order was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Vec<String>>,
    /// Aries' id of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Aries' id of the order that it replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// State in our words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Why, or what was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How every line ends: with its hash, which is that of the very text of the line with an empty hash. So it covers
/// fields as well that only a newer version knows.
pub(crate) const SEAL: &str = ",\"hash\":\"";
pub(crate) const SEAL_END: &str = "\"}";

impl Line {
    /// The line with its hash, and the text of it.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    pub(crate) fn sealed(mut self) -> serde_json::Result<(Self, String)> {
        let open = serde_json::to_string(&self)?;
        self.hash = hex(&Sha256::digest(&open));
        let text = format!("{}{}{SEAL_END}\n", open.strip_suffix(SEAL_END).unwrap_or(&open), self.hash);
        Ok((self, text))
    }
}

/// One line of text as a line of the journal, after a line with the hash `prev`.
pub(crate) fn link(number: usize, text: &str, prev: &str) -> std::result::Result<Line, String> {
    let sealed = text.strip_suffix(SEAL_END).and_then(|text| text.rsplit_once(SEAL));
    let Some((said, hash)) = sealed else { return Err(format!("line {number} is not a journal line")) };
    let mut digest = Sha256::new();
    for part in [said, SEAL, SEAL_END] {
        digest.update(part);
    }
    if hex(&digest.finalize()) != hash {
        return Err(format!("line {number} was changed"));
    }
    // An event that is not known here may mean anything: nothing is sent on a guess.
    let line: Line = serde_json::from_str(text)
        .map_err(|_| format!("line {number} was written by a newer aries-mcp: update this one"))?;
    if line.prev != prev || usize::try_from(line.n).ok() != Some(number) {
        return Err(format!("a line before line {number} is missing or was changed"));
    }
    Ok(line)
}

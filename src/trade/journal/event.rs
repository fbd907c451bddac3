//! What the journal keeps of an order: one event for each step, with the data that this step adds.
//!
//! The order of the fields is the order on disk, which the hashes of the journal cover.

#![expect(missing_docs, reason = "fields whose names say what they hold; tests alone see them from outside")]

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::environment::Money;
pub use crate::trade::state::State;

/// What happened to an order. `id` is our own id of it, sent as `clientId`; at a cancel it is Aries' id.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Intent {
        id: String,
        /// The hash of the ticket, by which another process knows it too.
        ticket: String,
        #[serde(flatten)]
        placed: Placed,
        #[serde(skip_serializing_if = "Option::is_none")]
        replaces: Option<String>,
    },
    Dropped {
        id: String,
        note: String,
    },
    Sent {
        id: String,
        #[serde(flatten)]
        placed: Placed,
        #[serde(flatten)]
        sent: Box<Sent>,
        /// Aries' id of the order that it is to replace.
        #[serde(skip_serializing_if = "Option::is_none")]
        replaces: Option<String>,
        note: String,
    },
    /// It had no effect at Aries: it never arrived, or was refused outright.
    Refused {
        id: String,
        note: String,
    },
    Answered {
        id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        order: Option<String>,
        state: State,
        /// Why it was rejected, or how the listed order differs from what was sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// So much of an order was seen to be filled, and it may still change. `id` may be Aries' id too.
    Filled {
        id: String,
        quantity: Decimal,
    },
    Unknown {
        id: String,
        note: String,
    },
    /// An order whose outcome was unknown was found in Aries' lists.
    Found {
        id: String,
        order: String,
        state: State,
        /// Absent where an order that was found before is only seen again.
        #[serde(rename = "note", skip_serializing_if = "Option::is_none")]
        by: Option<FoundBy>,
    },
    Settled {
        id: String,
        state: State,
        note: String,
    },
    Cancel {
        id: String,
        profile: String,
        account: String,
        underlying: String,
        summary: String,
        body: Value,
        order: String,
    },
    Canceled {
        id: String,
        order: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<State>,
        /// What Aries said instead of accepting the cancel.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
}

/// Where an order goes, and what the person saw of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Placed {
    pub profile: String,
    pub account: String,
    pub(crate) environment: Money,
    /// Whether the account counts as live for the limits.
    pub live: bool,
    pub underlying: String,
    /// The whole sentence, with account and value.
    pub summary: String,
    /// What is ordered, without both; an earlier build did not write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sent {
    /// What it adds to the value of the day, in USD.
    pub value: Decimal,
    pub body: Value,
    /// What the order is when the body, as that of a replacement, does not say it whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect: Option<Value>,
    /// Ids that Aries had listed for the account before the order was sent.
    pub before: Vec<String>,
    /// What was held of its shares or contracts before the first of it was filled, by their symbols.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub held: BTreeMap<String, Decimal>,
}

impl Sent {
    pub(crate) fn order(&self) -> &Value {
        self.expect.as_ref().unwrap_or(&self.body)
    }
}

/// What identified an order in a list as the one that was sent. Its words stand in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FoundBy {
    /// It shows our own id, or the id of the order that was to be replaced and is what was sent.
    #[serde(rename = "found by its id")]
    Id,
    /// It is what was sent, came when it was sent, and shows no id.
    #[serde(rename = "found by its shape, not by its id: it may be one that a person placed by hand since")]
    Shape,
}

impl FoundBy {
    /// What has to be added when such an order is mentioned; empty if there is no doubt about it.
    pub(crate) fn caution(self) -> String {
        match self {
            Self::Id => String::new(),
            Self::Shape => format!(" ({self})"),
        }
    }
}

impl fmt::Display for FoundBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl Event {
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Intent { id, .. }
            | Self::Dropped { id, .. }
            | Self::Sent { id, .. }
            | Self::Refused { id, .. }
            | Self::Answered { id, .. }
            | Self::Filled { id, .. }
            | Self::Unknown { id, .. }
            | Self::Found { id, .. }
            | Self::Settled { id, .. }
            | Self::Cancel { id, .. }
            | Self::Canceled { id, .. } => id,
        }
    }
}

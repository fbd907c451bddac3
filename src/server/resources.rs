//! The one resource that moves: what the person allows of trading. A model can read it, and nothing that it can call changes it.

use rmcp::model::{ReadResourceResult, Resource, ResourceContents};

use crate::trade::Desk;

const LIMITS: &str = "aries://trading/limits";

/// What there is to read.
pub(super) fn list(trading: bool) -> Vec<Resource> {
    let limits = Resource::new(LIMITS, "trading_limits")
        .with_title("Trading limits")
        .with_description(
            "What the person allows of trading, and what today has used of it. Only the person changes it.",
        )
        .with_mime_type("application/json");
    if trading { vec![limits] } else { Vec::new() }
}

/// Reads it; `None` for any other name, and where nothing can be ordered.
pub(super) fn read(uri: &str, desk: Option<&Desk>) -> Option<ReadResourceResult> {
    let desk = desk.filter(|_| uri == LIMITS)?;
    let text = serde_json::to_string_pretty(&desk.standing()).unwrap_or_default();
    let contents = ResourceContents::text(text, uri).with_mime_type("application/json");
    Some(ReadResourceResult::new(vec![contents]))
}

//! The one resource: what the person allows of trading. A model can read it, and nothing that it can call changes it.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, Resource, ResourceContents};

use crate::trade::Desk;
use crate::trade::checks::usage;

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

/// Reads one.
///
/// # Errors
/// If there is none of that name in this session.
pub(super) fn read(uri: &str, desk: Option<&Desk>) -> Result<ReadResourceResult, ErrorData> {
    match desk {
        Some(desk) if uri == LIMITS => {
            let text = serde_json::to_string_pretty(&usage::allowed(desk.trading(), desk.journal()))
                .unwrap_or_default();
            let contents = ResourceContents::text(text, uri).with_mime_type("application/json");
            Ok(ReadResourceResult::new(vec![contents]))
        }
        _ => Err(ErrorData::resource_not_found(
            format!("there is no resource {:?} in this session", crate::aries::text::clean(uri, 80)),
            None,
        )),
    }
}

//! The resource that says what the person allows of trading. A model can read it; none of its tools changes it.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, Resource, ResourceContents};

use crate::trade::OrderService;

const LIMITS: &str = "aries://trading/limits";

/// Describes the resource of a session that may trade.
pub(super) fn limits() -> Resource {
    Resource::new(LIMITS, "trading_limits")
        .with_title("Trading limits")
        .with_description(
            "What the person allows of trading, and what today has used of it. Only the person changes it.",
        )
        .with_mime_type("application/json")
}

/// Reads a resource.
/// Fails if there is none of that name in this session.
pub(super) fn read(uri: &str, orders: Option<&OrderService>) -> Result<ReadResourceResult, ErrorData> {
    match orders {
        Some(orders) if uri == LIMITS => {
            let text = serde_json::to_string_pretty(&orders.allowed()).expect("limits are JSON");
            let contents = ResourceContents::text(text, uri).with_mime_type("application/json");
            Ok(ReadResourceResult::new(vec![contents]))
        }
        _ => Err(ErrorData::resource_not_found(
            format!("there is no resource {:?} in this session", crate::aries::text::clean(uri, 80)),
            None,
        )),
    }
}

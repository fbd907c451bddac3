//! MCP Apps on the wire: pages are offered only to a client that says it shows them, and no other client sees a byte
//! of it.

use rmcp::model::{
    ClientCapabilities, JsonObject, MetaObject, ReadResourceResult, ResourceContents, ServerConfig,
    Tool as Described,
};
use serde_json::{Value, json};

use super::listing::describe;
use crate::apps::{self, APPS, EXTENSION, PAGE_TYPE};
use crate::tools::answer::ApprovalPlace;
use crate::tools::{Answer, PAGE_TOOLS};
use crate::trade::OrderService;

/// Tells whether the client shows such pages. One that names no types shows the only one there is.
pub(super) fn shown_by(capabilities: Option<&ClientCapabilities>) -> bool {
    let extensions = capabilities.and_then(|capabilities| capabilities.extensions.as_ref());
    let Some(settings) = extensions.and_then(|extensions| extensions.get(EXTENSION)) else { return false };
    match settings.get("mimeTypes").and_then(|types| types.as_array()) {
        Some(types) => types.iter().any(|one| one == PAGE_TYPE),
        None => true,
    }
}

/// Adds the extension to what the server says of itself.
pub(super) fn announce(config: &mut ServerConfig) {
    let extensions = config.capabilities.extensions.get_or_insert_default();
    extensions.insert(EXTENSION.to_owned(), JsonObject::new());
}

/// Names the page of each tool that has one, in today's form and in the older one that some clients still read.
pub(super) fn mark(tools: &mut [Described]) {
    for tool in tools {
        let Some(app) = apps::of_tool(&tool.name) else { continue };
        let meta = tool.meta.get_or_insert_with(MetaObject::default);
        meta.insert("ui".to_owned(), json!({ "resourceUri": app.uri }));
        meta.insert("ui/resourceUri".to_owned(), json!(app.uri));
    }
}

/// The tools of the pages themselves, for a session that may trade.
pub(super) fn page_tools() -> impl Iterator<Item = Described> {
    PAGE_TOOLS.iter().map(|tool| {
        let mut described = describe(tool);
        described.meta.get_or_insert_default().insert("ui".to_owned(), json!({ "visibility": ["app"] }));
        described
    })
}

/// Adds what a page shows beyond the text of an answer: for an order on a live account, the address that has the
/// approval page opened.
pub(super) async fn complete(answer: &mut Answer, orders: Option<&OrderService>, client: Option<String>) {
    let (Some(more), Some(Value::Object(structured))) = (answer.for_page.take(), &mut answer.structured)
    else {
        return;
    };
    if !more.payoff.is_empty() {
        let points: Vec<_> =
            more.payoff.iter().map(|(price, profit)| [price.to_string(), profit.to_string()]).collect();
        structured.insert("payoff".to_owned(), json!({ "points": points }));
    }
    match (more.approval, orders) {
        (ApprovalPlace::Here, _) => {
            structured.insert("approve_here".to_owned(), json!(true));
        }
        (ApprovalPlace::Nowhere(reason), _) => {
            structured.insert("barred_because".to_owned(), json!(reason));
        }
        (ApprovalPlace::Browser(ticket), Some(orders)) => {
            let address = orders.opener.address(&ticket, client).await;
            structured.extend(address.map(|address| ("approval_page".to_owned(), json!(address))));
        }
        _ => {}
    }
}

/// A page, if there is one of this name.
pub(super) fn read(uri: &str) -> Option<ReadResourceResult> {
    let app = APPS.into_iter().find(|app| app.uri == uri)?;
    let page = ResourceContents::text(app.html(), uri).with_mime_type(PAGE_TYPE);
    Some(ReadResourceResult::new(vec![page]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_of_a_page_is_there() {
        for app in APPS {
            for tool in app.tools {
                assert!(crate::tools::find(tool).is_some(), "{tool}");
                assert_eq!(apps::of_tool(tool).map(|found| found.uri), Some(app.uri));
            }
        }
    }
}

//! MCP Apps on the wire: pages are offered only to a client that says it shows them, and no other client sees a byte
//! of it.

use rmcp::model::{
    ClientCapabilities, JsonObject, MetaObject, ReadResourceResult, ResourceContents, ServerConfig,
    Tool as Described,
};
use serde_json::json;

use crate::apps::{self, APPS, EXTENSION, PAGE_TYPE};

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

/// A page, if there is one of this name.
pub(super) fn read(uri: &str) -> Option<ReadResourceResult> {
    let app = APPS.into_iter().find(|app| app.uri == uri)?;
    let page = ResourceContents::text(app.html(), uri).with_mime_type(PAGE_TYPE);
    Some(ReadResourceResult::new(vec![page]))
}

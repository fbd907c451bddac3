//! Tools as MCP describes them, built once per process.

use std::sync::{Arc, OnceLock};

use rmcp::model::{Tool as Described, ToolAnnotations};

use crate::tools::{Selection, TOOLS, Tool};

/// The list that a client gets.
pub(crate) fn listed(selection: &Selection) -> Vec<Described> {
    selection
        .tools()
        .into_iter()
        .filter_map(|tool| described().iter().find(|one| one.name == tool.name))
        .cloned()
        .collect()
}

/// Every tool, described.
pub(crate) fn described() -> &'static [Described] {
    static ALL: OnceLock<Vec<Described>> = OnceLock::new();
    ALL.get_or_init(|| TOOLS.iter().map(|tool| describe(tool)).collect())
}

fn describe(tool: &Tool) -> Described {
    let hints = tool.hints;
    let annotations = ToolAnnotations::from_raw(
        None,
        Some(hints.read_only),
        Some(hints.destructive),
        Some(hints.idempotent),
        Some(hints.open_world),
    );
    let mut described = Described::new(tool.name, tool.description, tool.schema())
        .with_title(tool.title)
        .with_annotations(annotations);
    described.output_schema = tool.output.map(|output| Arc::new(output()));
    described
}

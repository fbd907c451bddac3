//! The tool list: tools as MCP describes them, built once per process, and its changes.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rmcp::model::{MetaObject, Tool as Described, ToolAnnotations};

use super::Selector;
use crate::tools::{Selection, TOOLS, Tool};

/// How often the session file is read, so that a sign-in in another process is announced within 5 s.
const POLL: Duration = Duration::from_secs(2);

pub(crate) fn listed(selection: &Selection) -> Vec<Described> {
    let described = |tool: &Tool| described().iter().find(|one| one.name == tool.name).cloned();
    selection.tools().into_iter().filter_map(described).collect()
}

pub(crate) fn described() -> &'static [Described] {
    static ALL: OnceLock<Vec<Described>> = OnceLock::new();
    ALL.get_or_init(|| TOOLS.iter().map(|tool| describe(tool)).collect())
}

pub(super) fn describe(tool: &Tool) -> Described {
    let hints = tool.hints;
    let annotations = ToolAnnotations::new()
        .read_only(hints.read_only)
        .destructive(hints.destructive)
        .idempotent(hints.idempotent)
        .open_world(hints.open_world);
    let described = Described::new(tool.name, tool.description, tool.schema());
    let mut described = described.with_title(tool.title).with_annotations(annotations);
    described.meta =
        hints.meta.map(|name| MetaObject(serde_json::Map::from_iter([(name.to_owned(), true.into())])));
    described.output_schema = tool.output.map(|output| Arc::new(output()));
    described
}

pub(super) struct Changes {
    selection: Selector,
    last: Selection,
}

impl Changes {
    pub(super) fn watch(selection: &Selector) -> Self {
        Self { selection: Selector::clone(selection), last: selection() }
    }

    pub(super) async fn next(&mut self) {
        loop {
            tokio::time::sleep(POLL).await;
            let now = (self.selection)();
            if now != self.last {
                self.last = now;
                return;
            }
        }
    }
}

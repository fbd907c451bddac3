//! `aries-mcp tools`: the list exactly as a client gets it, and the map of endpoints.

use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};

use crate::auth::session::Session;
use crate::cli::output::answer;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::server;
use crate::tools;

/// Options of `tools`.
#[derive(Debug, Args)]
pub(super) struct ToolsArgs {
    /// The map of endpoints instead: method, path, scope, tool and example arguments
    #[arg(long)]
    endpoints: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(settings: Settings, args: &ToolsArgs) -> Result<()> {
    let text = match (args.endpoints, args.json) {
        (true, true) => pretty(&endpoints())?,
        (true, false) => endpoint_lines(),
        (false, json) => list(settings, json)?,
    };
    answer!("{text}");
    Ok(())
}

fn list(settings: Settings, json: bool) -> Result<String> {
    let (settings, session) = if settings.sandbox {
        super::signed_in(settings)?
    } else {
        let session = match &settings.access_token {
            Some(_) => return tools_of(super::signed_in(settings)?, json),
            None => Arc::new(Session::stored(&settings)),
        };
        (settings, session)
    };
    tools_of((settings, session), json)
}

fn tools_of((settings, session): (Settings, Arc<Session>), json: bool) -> Result<String> {
    let listed = server::listed(&super::selector(&settings, &session)());
    if json {
        return pretty(&json!({ "tools": listed }));
    }
    let lines = listed.iter().map(|tool| {
        let arguments = tool.input_schema.get("properties").and_then(Value::as_object);
        let required =
            tool.input_schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let names = arguments.into_iter().flat_map(|map| map.keys());
        let names =
            names.map(|name| if required.contains(&json!(name)) { name.clone() } else { format!("{name}?") });
        let names = names.collect::<Vec<_>>().join(", ");
        format!("{} {{{names}}}\n    {}", tool.name, tool.description.as_deref().unwrap_or_default())
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn endpoints() -> Value {
    let rows = tools::endpoints_with_tools().into_iter().map(|(row, tool, example)| {
        let args: Value = serde_json::from_str(&example).expect("every example is JSON");
        json!({"method": row.method.name(), "path": row.path, "scope": row.scope_words(), "tool": tool.name, "args": args})
    });
    Value::Array(rows.collect())
}

fn endpoint_lines() -> String {
    let rows = tools::endpoints_with_tools().into_iter().map(|(row, tool, example)| {
        let all = if tool.default { "" } else { " (needs --toolsets all)" };
        let (method, path, scopes) = (row.method.name(), row.path, row.scope_words());
        format!("{method} {path} | {scopes} | {} {example}{all}", tool.name)
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn pretty(value: &Value) -> Result<String> {
    serde_json::to_string_pretty(value)
        .map_err(|error| Error::failed(format!("cannot write JSON: {error}"), "report this"))
}

//! `aries-mcp tools`: the list exactly as a client gets it, and the map of endpoints.

use clap::Args;
use serde_json::{Map, Value, json};

use crate::aries::endpoints;
use crate::cli::output::{answer, answer_json};
use crate::config::Settings;
use crate::error::Result;
use crate::server;
use crate::tools;

#[derive(Debug, Args)]
pub(super) struct ToolsArgs {
    /// List the endpoints of Aries instead: method, path, scope, tool and example arguments
    #[arg(long)]
    endpoints: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(settings: Settings, args: &ToolsArgs) -> Result<()> {
    match (args.endpoints, args.json) {
        (true, true) => answer_json(&endpoints()),
        (true, false) => answer!("{}", endpoint_lines()),
        (false, _) => {
            let (settings, session) = super::signed_in(settings)?;
            let listed = server::listed(&super::selector(&settings, &session)());
            if args.json {
                answer_json(&json!({ "tools": listed }));
            } else {
                let lines = listed.iter().map(|tool| {
                    tool_line(&tool.name, tool.description.as_deref().unwrap_or_default(), &tool.input_schema)
                });
                answer!("{}", lines.collect::<Vec<_>>().join("\n"));
            }
        }
    }
    Ok(())
}

/// One tool for people: its name, its arguments with `?` behind those that may be left out, and its description.
fn tool_line(name: &str, description: &str, input: &Map<String, Value>) -> String {
    let required = input.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let names = input.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let names = names.map(|name| format!("{name}{}", if required.contains(&json!(name)) { "" } else { "?" }));
    format!("{name} {{{}}}\n    {description}", names.collect::<Vec<_>>().join(", "))
}

fn endpoints() -> Value {
    let rows = tools::endpoints_with_tools().into_iter().map(|(row, tool, example)| {
        let args: Value = serde_json::from_str(&example).expect("every example is JSON");
        let newer = endpoints::newer_than(row).map(|newer| newer.path);
        json!({"method": row.method.name(), "path": row.path, "scope": row.scope_words(), "source": row.source.name(), "after_404_of": newer, "tool": tool.name, "args": args})
    });
    Value::Array(rows.collect())
}

fn endpoint_lines() -> String {
    let rows = tools::endpoints_with_tools().into_iter().map(|(row, tool, example)| {
        let all = if tool.default { "" } else { " (needs --toolsets all)" };
        let (method, path, scopes) = (row.method.name(), row.path, row.scope_words());
        let source = row.source.name();
        let newer = endpoints::newer_than(row).map(|newer| format!(", after a 404 of {}", newer.path));
        let newer = newer.unwrap_or_default();
        format!("{method} {path} | {scopes} | {source}{newer} | {} {example}{all}", tool.name)
    });
    rows.collect::<Vec<_>>().join("\n")
}

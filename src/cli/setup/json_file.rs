//! Changes one server in a JSON file and leaves every other byte as it is.

use std::ops::Range;

use jsonc_parser::ast::{ObjectProp, Value as Ast};
use jsonc_parser::cst::{CstInputValue, CstObject, CstObjectProp, CstRootNode};
use jsonc_parser::{CollectOptions, parse_to_ast};
use serde_json::Value;

use super::edit::{Broken, Change};
use crate::cli::clients::Json;
use crate::cli::clients::jsonc::{self, OPTIONS};

/// Applies the change to the text of a file. Fails with the place where the file is not as the client could read it.
pub(super) fn edit(text: &str, shape: &Json, change: &Change<'_>) -> Result<String, Broken> {
    // A byte order mark is no part of JSON, and stays.
    let (mark, body) = text.split_at(text.len() - text.trim_start_matches('\u{feff}').len());
    let root = CstRootNode::parse(body, &OPTIONS).map_err(|error| {
        Broken::at(error.line_display(), error.column_display(), &error.kind().to_string())
    })?;
    let edited = match change {
        Change::Add { name, launch } => add(body, &root, shape, name, &launch.json(shape))?,
        Change::Update { name, launch } => {
            let server = server(&root, shape, name)?.and_then(|found| found.object_value());
            let server = server.ok_or_else(|| Broken::of_member(name))?;
            launch
                .members(shape.command)
                .into_iter()
                .for_each(|(member, value)| set(&server, member, &value));
            root.to_string()
        }
        Change::Remove { name, before } => {
            server(&root, shape, name)?.into_iter().for_each(CstObjectProp::remove);
            match before.map(|before| servers_text(before, shape)) {
                // The place for servers was made by adding us.
                Some(None) if servers(&root, shape)?.is_some_and(|found| found.properties().is_empty()) => {
                    let all = root.object_value().and_then(|all| all.get(shape.key));
                    all.into_iter().for_each(CstObjectProp::remove);
                    root.to_string()
                }
                Some(Some(before)) => with_servers_as(&root.to_string(), shape, before),
                _ => root.to_string(),
            }
        }
    };
    Ok(format!("{mark}{edited}"))
}

/// The object of servers, as it stands in a file.
fn servers_text<'a>(text: &'a str, shape: &Json) -> Option<&'a str> {
    let body = text.trim_start_matches('\u{feff}');
    range(body, shape.key).and_then(|range| body.get(range))
}

/// The text with its servers written as they were before, if they are the same ones.
fn with_servers_as(body: &str, shape: &Json, before: &str) -> String {
    let place = range(body, shape.key)
        .and_then(|place| Some((body.get(..place.start)?, body.get(place.clone())?, body.get(place.end..)?)));
    match place {
        Some((head, now, tail)) if jsonc::parse(now) == jsonc::parse(before) => {
            format!("{head}{before}{tail}")
        }
        _ => body.to_owned(),
    }
}

/// Where the value of a member of the whole file stands.
fn range(body: &str, member: &str) -> Option<Range<usize>> {
    let found = properties(body)?.into_iter().find(|found| found.name.as_str() == member)?;
    let Ast::Object(object) = found.value else { return None };
    Some(object.range.start..object.range.end)
}

fn properties(body: &str) -> Option<Vec<ObjectProp<'_>>> {
    let parsed = parse_to_ast(body, &CollectOptions::default(), &OPTIONS).ok()?;
    let Ast::Object(all) = parsed.value? else { return None };
    Some(all.properties)
}

fn add(body: &str, root: &CstRootNode, shape: &Json, name: &str, server: &Value) -> Result<String, Broken> {
    let all = root.object_value_or_create().ok_or_else(|| Broken::of_member("the whole file"))?;
    let (object, member, value) = match servers(root, shape)? {
        Some(servers) => (servers, name, server.clone()),
        None => (all, shape.key, serde_json::json!({ name: server })),
    };
    if object.properties().is_empty() || object.to_string().contains('\n') {
        object.append(member, input(&value));
        return Ok(root.to_string());
    }
    // A line with everything in it stays one: the parser would break it up.
    let last = match range(body, shape.key) {
        Some(servers) if member == name => {
            end_of_last(body.get(servers.clone()).unwrap_or_default()).map(|end| servers.start + end)
        }
        _ => end_of_last(body),
    };
    let (before, after) = body.split_at(last.ok_or_else(|| Broken::of_member(shape.key))?);
    Ok(format!("{before}, {}: {value}{after}", Value::from(member)))
}

/// Where the last member of an object ends.
fn end_of_last(object: &str) -> Option<usize> {
    properties(object)?.last().map(|last| last.range.end)
}

fn server(root: &CstRootNode, shape: &Json, name: &str) -> Result<Option<CstObjectProp>, Broken> {
    Ok(servers(root, shape)?.and_then(|servers| servers.get(name)))
}

/// The object of servers. Fails if there are two, or something else is in its place.
fn servers(root: &CstRootNode, shape: &Json) -> Result<Option<CstObject>, Broken> {
    let Some(all) = root.object_value() else {
        return if root.value().is_none() { Ok(None) } else { Err(Broken::of_member("the whole file")) };
    };
    let named = |found: &CstObjectProp| found.decoded_name().is_some_and(|name| name == shape.key);
    let mut found = all.properties().into_iter().filter(named);
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(Broken::twice(shape.key)),
        (Some(one), None) => one.object_value().map(Some).ok_or_else(|| Broken::of_member(shape.key)),
    }
}

fn set(server: &CstObject, member: &str, value: &Value) {
    match server.get(member) {
        Some(found)
            if found.value().is_some_and(|old| jsonc::parse(&old.to_string()).as_ref() == Ok(value)) => {}
        Some(found) => found.set_value(input(value)),
        None => drop(server.append(member, input(value))),
    }
}

fn input(value: &Value) -> CstInputValue {
    match value {
        Value::Null => CstInputValue::Null,
        Value::Bool(value) => CstInputValue::Bool(*value),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::String(text) => CstInputValue::String(text.clone()),
        Value::Array(items) => CstInputValue::Array(items.iter().map(input).collect()),
        Value::Object(members) => {
            CstInputValue::Object(members.iter().map(|(name, value)| (name.clone(), input(value))).collect())
        }
    }
}

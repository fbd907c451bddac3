//! Changes one server in a JSON file and leaves every other byte as it is.

use std::ops::Range;

use jsonc_parser::ast::{ObjectProp, Value as Ast};
use jsonc_parser::cst::{CstInputValue, CstObject, CstObjectProp, CstRootNode};
use jsonc_parser::{CollectOptions, parse_to_ast};
use serde_json::Value;

use super::edit::{Broken, Change};
use crate::cli::clients::jsonc::{self, OPTIONS};
use crate::cli::clients::{Command, Json};

/// Applies the change to the text of a file. Fails with the place where the file is not as the client could read it.
pub(super) fn edit(text: &str, shape: &Json, change: &Change<'_>) -> Result<String, Broken> {
    // A byte order mark is no part of JSON, and stays.
    let (mark, body) = text.split_at(text.len() - text.trim_start_matches('\u{feff}').len());
    let root = parse(body)?;
    let edited = match change {
        Change::Add { name, launch } => add(body, &root, shape, name, &launch.json(shape))?,
        Change::Update { name, launch } => {
            let server = server(&root, shape, name)?.and_then(|found| found.object_value());
            let server = server.ok_or_else(|| Broken::of_member(name))?;
            for (member, value) in launch.members(shape.command) {
                set(&server, member, &value)?;
            }
            // Here the arguments stand in the list of the command.
            if shape.command == Command::Joined {
                once(&server, "args")?.into_iter().for_each(CstObjectProp::remove);
            }
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

/// Fails if the file is not as the client could read it.
pub(super) fn check(text: &str, shape: &Json) -> Result<(), Broken> {
    servers(&parse(text.trim_start_matches('\u{feff}'))?, shape).map(drop)
}

fn parse(body: &str) -> Result<CstRootNode, Broken> {
    CstRootNode::parse(body, &OPTIONS)
        .map_err(|error| Broken::at(error.line_display(), error.column_display(), &error.kind().to_string()))
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
    let line = object.to_string();
    let is_empty = object.properties().is_empty();
    if line.contains('\n') || (is_empty && !line.contains("/*")) {
        object.append(member, input(&value));
        return Ok(root.to_string());
    }
    // A line with everything in it stays one: the parser would break it up.
    let place = match range(body, shape.key) {
        Some(servers) if member == name => servers,
        _ => {
            let start = body.find(&line).unwrap_or_default();
            start..start + line.len()
        }
    };
    let comma = if is_empty { " " } else { ", " };
    let end = body.get(place.clone()).and_then(end_of_last).ok_or_else(|| Broken::of_member(shape.key))?;
    let (before, after) = body.split_at(place.start + end);
    Ok(format!("{before}{comma}{}: {value}{after}", Value::from(member)))
}

/// Where the last member of an object ends; without members, where its last comment does.
fn end_of_last(object: &str) -> Option<usize> {
    match properties(object)?.last() {
        Some(last) => Some(last.range.end),
        None => object.rfind("*/").map(|comment| comment + 2),
    }
}

fn server(root: &CstRootNode, shape: &Json, name: &str) -> Result<Option<CstObjectProp>, Broken> {
    servers(root, shape)?.map_or(Ok(None), |servers| once(&servers, name))
}

/// The member of this name. Fails if there are two.
fn once(object: &CstObject, name: &str) -> Result<Option<CstObjectProp>, Broken> {
    let named = |found: &CstObjectProp| found.decoded_name().is_some_and(|found| found == name);
    let mut found = object.properties().into_iter().filter(named);
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(Broken::twice(name)),
        (found, None) => Ok(found),
    }
}

/// The object of servers. Fails if there are two, if a server stands there twice, or if something else is in its place.
fn servers(root: &CstRootNode, shape: &Json) -> Result<Option<CstObject>, Broken> {
    let Some(all) = root.object_value() else {
        return if root.value().is_none() { Ok(None) } else { Err(Broken::of_member("the whole file")) };
    };
    let Some(found) = once(&all, shape.key)? else { return Ok(None) };
    let servers = found.object_value().ok_or_else(|| Broken::of_member(shape.key))?;
    for name in servers.properties().iter().filter_map(CstObjectProp::decoded_name) {
        once(&servers, &name)?;
    }
    Ok(Some(servers))
}

fn set(server: &CstObject, member: &str, value: &Value) -> Result<(), Broken> {
    match once(server, member)? {
        Some(found)
            if found.value().is_some_and(|old| jsonc::parse(&old.to_string()).as_ref() == Ok(value)) => {}
        Some(found) => found.set_value(input(value)),
        None => drop(server.append(member, input(value))),
    }
    Ok(())
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

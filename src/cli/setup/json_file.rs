//! Changes one server in a JSON file and leaves every other byte as it is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::edit::{Broken, Change};
use super::members::{self, Place};
use super::tree::{self, Member, Object, Root};
use crate::cli::clients::jsonc::{self, Dialect};
use crate::cli::clients::{Command, Json};

/// Applies the change to the text of a file. Fails with the place where the file is not as the client could read it.
pub(super) fn edit(text: &str, shape: &Json, change: &Change<'_>) -> Result<String, Broken> {
    // A byte order mark is no part of JSON, and stays.
    let (mark, body) = text.split_at(text.len() - without_mark(text).len());
    let mut edited = body.to_owned();
    match change {
        Change::Add { name, launch } => edited = added(body, shape, name, &launch.json(shape))?,
        Change::Update { name, launch } => {
            for (member, value) in launch.members(shape.command) {
                edited = set(&edited, shape, name, member, &value)?;
            }
            // Here the arguments stand in the list of the command.
            if shape.command == Command::Joined {
                edited = unset(&edited, shape, name, "args")?;
            }
        }
        Change::Complete { name, .. } => {
            for (member, text) in shape.more.iter().filter(|(member, _)| shape.completed.contains(member)) {
                let value = serde_json::from_str(text).expect("the table of clients holds JSON");
                edited = set_if_none(&edited, shape, name, member, &value)?;
            }
        }
        Change::Remove { name, before } => edited = removed(body, shape, name, before.map(without_mark))?,
    }
    Ok(format!("{mark}{edited}"))
}

/// Fails if the file is not as the client could read it.
pub(super) fn check(text: &str, shape: &Json) -> Result<(), Broken> {
    servers(parse(without_mark(text), shape)?.as_ref(), shape).map(drop)
}

/// The text without what the servers of these names are: what adding them has made around them.
pub(super) fn frame(text: &str, shape: &Json, names: &[String]) -> Option<String> {
    let body = without_mark(text);
    let root = parse(body, shape).ok()?;
    let (_, all) = servers(root.as_ref(), shape).ok()??;
    let range = |name: &String| Some(once(&all, name).ok()??.1.value.clone());
    let mut cuts = names.iter().map(range).collect::<Option<Vec<_>>>()?;
    cuts.sort_by_key(|cut| cut.start);
    let starts = std::iter::once(0).chain(cuts.iter().map(|cut| cut.end));
    let ends = cuts.iter().map(|cut| cut.start).chain([body.len()]);
    starts.zip(ends).map(|(start, end)| body.get(start..end)).collect()
}

fn without_mark(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// The object that a file is; `None` if nothing stands in it.
fn parse(body: &str, shape: &Json) -> Result<Option<Object>, Broken> {
    if let Some(line) = jsonc::broken_string(body) {
        return Err(Broken::at(
            line,
            1,
            "a string has a tab or a line break in it, which JSON writes as \\t or \\n",
        ));
    }
    let read = |dialect| tree::parse(body, &jsonc::options(dialect));
    let root = read(shape.dialect).map_err(|error| {
        let (line, column) = jsonc::place(body, &error);
        let broken = Broken::at(line, column, &error.kind().to_string());
        if read(Dialect::Jsonc).is_ok() { broken.for_this_client() } else { broken }
    })?;
    match root {
        Root::Nothing => Ok(None),
        Root::Object(all) => Ok(Some(all)),
        Root::Other => Err(Broken::of_member("the whole file")),
    }
}

fn added(body: &str, shape: &Json, name: &str, server: &Value) -> Result<String, Broken> {
    let Some(root) = parse(body, shape)? else {
        let all = json!({ shape.key: { name: server } });
        return Ok(members::place_of_object(body).filled(body, None, &all));
    };
    Ok(match servers(Some(&root), shape)? {
        Some((_, servers)) => members::place(body, &servers).filled(body, Some(name), server),
        None => members::place(body, &root).filled(body, Some(shape.key), &json!({ name: server })),
    })
}

/// The text without a server, and without the place for servers where adding this one had made that.
fn removed(body: &str, shape: &Json, name: &str, before: Option<&str>) -> Result<String, Broken> {
    let Some(root) = parse(body, shape)? else { return Ok(body.to_owned()) };
    let Some((at, servers)) = servers(Some(&root), shape)? else { return Ok(body.to_owned()) };
    let Some((index, _)) = once(&servers, name)? else { return Ok(body.to_owned()) };
    let (made, place) = before.map(|before| made(before, shape)).transpose()?.unzip();
    let alone = members::is_only_member(body, &servers);
    let whole = alone && members::is_only_member(body, &root);
    Ok(match made {
        Some(Made::All) if whole => {
            let own = root.range.start..root.range.end;
            let cut = place.as_ref().map_or(own.clone(), |place| place.around(body, own));
            [body.get(..cut.start), body.get(cut.end..)].into_iter().flatten().collect()
        }
        Some(Made::Servers) if alone => members::without(body, &root, at, place.as_ref()),
        Some(Made::All) if alone => members::without(body, &root, at, None),
        Some(Made::Server) => members::without(body, &servers, index, place.as_ref()),
        _ => members::without(body, &servers, index, None),
    })
}

/// What adding a server makes in a file that does not have it.
enum Made {
    All,
    Servers,
    Server,
}

fn made(before: &str, shape: &Json) -> Result<(Made, Place), Broken> {
    let Some(root) = parse(before, shape)? else {
        return Ok((Made::All, members::place_of_object(before)));
    };
    Ok(match servers(Some(&root), shape)? {
        None => (Made::Servers, members::place(before, &root)),
        Some((_, servers)) => (Made::Server, members::place(before, &servers)),
    })
}

/// Gives a member of a server this value; one that says the same stays as it is written.
fn set(body: &str, shape: &Json, name: &str, member: &str, value: &Value) -> Result<String, Broken> {
    in_server(body, shape, name, |server| {
        let Some((_, found)) = once(server, member)? else {
            return Ok(members::place(body, server).filled(body, Some(member), value));
        };
        let (before, rest) = body.split_at(found.value.start);
        let (old, after) = rest.split_at(found.value.len());
        if jsonc::parse(old, Dialect::Jsonc).as_ref() == Ok(value) {
            return Ok(body.to_owned());
        }
        Ok(format!("{before}{}{after}", members::written(value, None, "")))
    })
}

fn set_if_none(body: &str, shape: &Json, name: &str, member: &str, value: &Value) -> Result<String, Broken> {
    in_server(body, shape, name, |server| match once(server, member)? {
        Some(_) => Ok(body.to_owned()),
        None => Ok(members::place(body, server).filled(body, Some(member), value)),
    })
}

fn unset(body: &str, shape: &Json, name: &str, member: &str) -> Result<String, Broken> {
    in_server(body, shape, name, |server| {
        let found = once(server, member)?;
        Ok(found.map_or_else(|| body.to_owned(), |(at, _)| members::without(body, server, at, None)))
    })
}

fn in_server(
    body: &str,
    shape: &Json,
    name: &str,
    change: impl FnOnce(&Object) -> Result<String, Broken>,
) -> Result<String, Broken> {
    let root = parse(body, shape)?;
    let servers = servers(root.as_ref(), shape)?.map(|(_, servers)| servers);
    let found = servers.as_ref().map(|servers| once(servers, name)).transpose()?.flatten();
    match found.and_then(|(_, found)| found.object()) {
        Some(server) => change(&server),
        None => Err(Broken::of_member(name)),
    }
}

/// The member of this name, with its place among the others. Fails if there are two.
fn once<'a>(object: &'a Object, name: &str) -> Result<Option<(usize, &'a Member)>, Broken> {
    let mut found = object.members.iter().enumerate().filter(|(_, found)| found.name == name);
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(Broken::twice(name)),
        (found, None) => Ok(found),
    }
}

/// The object of servers. Fails if there are two, if a server stands there twice, or if something else is in its place.
fn servers(root: Option<&Object>, shape: &Json) -> Result<Option<(usize, Object)>, Broken> {
    let Some((at, found)) = root.map(|root| once(root, shape.key)).transpose()?.flatten() else {
        return Ok(None);
    };
    let servers = found.object().ok_or_else(|| Broken::of_member(shape.key))?;
    let mut names = BTreeSet::new();
    match servers.members.iter().find(|server| !names.insert(&server.name)) {
        Some(again) => Err(Broken::twice(&again.name)),
        None => Ok(Some((at, servers))),
    }
}

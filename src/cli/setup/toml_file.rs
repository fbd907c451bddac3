//! Changes one server in Codex' file and leaves every other byte as it is.

use std::ops::Range;

use toml_edit::{Document, DocumentMut, Item, Table, TableLike, TomlError};

use super::edit::{Broken, Change};
use crate::cli::clients::server::Launch;

const SERVERS: &str = "mcp_servers";

/// Applies the change to the text of a file. Fails with the place where the file is not TOML.
pub(super) fn edit(text: &str, change: &Change<'_>) -> Result<String, Broken> {
    check(text)?;
    let (mark, body) = text.split_at(text.len() - without_mark(text).len());
    let edited = match change {
        Change::Add { name, launch } => added(body, name, launch)?,
        Change::Update { name, launch } => in_server(body, name, |server| {
            set(server, "command", launch.command.as_str().into());
            if !launch.args.is_empty() {
                set(server, "args", launch.toml_args());
            }
        })?,
        Change::Complete { name, launch } => in_server(body, name, |server| {
            let wanted = launch.table();
            let is_more = |(member, _): &(&str, &Item)| !matches!(*member, "command" | "args");
            wanted.iter().filter(is_more).for_each(|(member, item)| complete(server, member, item));
        })?,
        Change::Remove { name, before } => removed(body, name, before.map(without_mark))?,
    };
    Ok(format!("{mark}{edited}"))
}

/// Fails if the file is not as Codex could read it.
pub(super) fn check(text: &str) -> Result<(), Broken> {
    match parse(without_mark(text))?.get(SERVERS) {
        Some(found) if !found.is_table_like() => Err(Broken::of_member(SERVERS)),
        _ => Ok(()),
    }
}

/// The text without what the servers of these names are: what adding them has made around them.
pub(super) fn frame(text: &str, names: &[String]) -> Option<String> {
    let body = without_mark(text);
    let document = parse(body).ok()?;
    let mut cuts: Vec<Range<usize>> = names.iter().flat_map(|name| tables(&document, body, name)).collect();
    cuts.sort_by_key(|cut| cut.start);
    (!cuts.is_empty()).then(|| without(body, &cuts))
}

fn without_mark(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

fn parse(body: &str) -> Result<Document<&str>, Broken> {
    Document::parse(body).map_err(|error: TomlError| {
        let before = error.span().and_then(|span| body.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Broken::at(line, column, error.message())
    })
}

fn added(body: &str, name: &str, launch: &Launch) -> Result<String, Broken> {
    // What stands in the file, comments at its end among it, stays where it is.
    let (end, blank) = lead(body);
    let table = format!("{}\n", launch.toml(name)).replace('\n', line_end(body));
    let appended = format!("{body}{end}{blank}{table}");
    if parse(&appended).is_ok() {
        return Ok(appended);
    }
    changed(body, |document| {
        let servers = document.get_mut(SERVERS).and_then(Item::as_table_like_mut);
        servers.map(|servers| drop(servers.insert(name, Item::Table(launch.table()))))
    })
    .ok_or_else(|| Broken::of_member(SERVERS))
}

/// What is put between a text and a table behind it: the end of its last line, and a blank line.
fn lead(body: &str) -> (&'static str, &'static str) {
    let end = if body.is_empty() || body.ends_with('\n') { "" } else { line_end(body) };
    (end, if body.trim().is_empty() || has_blank_end(body) { "" } else { line_end(body) })
}

fn removed(body: &str, name: &str, before: Option<&str>) -> Result<String, Broken> {
    let document = parse(body)?;
    let mut cuts = tables(&document, body, name);
    // What stands in lines of other tables is no range of lines.
    let Some(first) = cuts.first_mut().filter(|_| !is_dotted(&document, name)) else {
        return removed_within(body, &document, name, before);
    };
    let (head, rest) = body.split_at(first.start);
    let is_last = rest.len() == first.len();
    if let Some((end, blank)) =
        before.map(lead).filter(|(end, blank)| head.ends_with(&format!("{end}{blank}")))
    {
        first.start -= blank.len() + if is_last { end.len() } else { 0 };
    } else if is_last {
        let left = head.trim_end().len();
        first.start =
            head.get(left..).and_then(|blank| blank.find('\n')).map_or(first.start, |end| left + end + 1);
    }
    // Two blank lines in a row would be left, or one at the beginning.
    let head = body.get(..first.start).unwrap_or_default();
    let rest = body.get(first.end..).unwrap_or_default();
    if !is_last && (head.is_empty() || has_blank_end(head)) && rest.starts_with(line_end(body)) {
        first.end += line_end(body).len();
    }
    Ok(without(body, &cuts))
}

fn has_blank_end(text: &str) -> bool {
    text.ends_with("\n\n") || text.ends_with("\n\r\n")
}

fn without(body: &str, cuts: &[Range<usize>]) -> String {
    let starts = cuts.iter().map(|cut| cut.end);
    let ends = cuts.iter().map(|cut| cut.start).chain([body.len()]);
    std::iter::once(0).chain(starts).zip(ends).filter_map(|(start, end)| body.get(start..end)).collect()
}

/// The lines of a server that has tables of its own, in their order. Comments before a table are not among them.
fn tables(document: &Document<&str>, body: &str, name: &str) -> Vec<Range<usize>> {
    let server = document.get(SERVERS).and_then(|servers| servers.get(name));
    let mut found = Vec::new();
    if let Some(Item::Table(server)) = server {
        collect(server, &mut found);
    }
    found.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for Range { start, end } in found {
        let rest = body.get(end..).unwrap_or_default();
        let end = end + rest.find('\n').map_or(rest.len(), |at| at + 1);
        match joined.last_mut() {
            Some(last) if body.get(last.end..start).is_some_and(|blank| blank.trim().is_empty()) => {
                last.end = end
            }
            _ => joined.push(start..end),
        }
    }
    joined
}

/// Whether a server has no table of its own, but dots in its keys: `mcp_servers.aries.command = …`.
fn is_dotted(document: &Document<&str>, name: &str) -> bool {
    let server = document.get(SERVERS).and_then(|servers| servers.get(name));
    server.and_then(Item::as_table).is_some_and(Table::is_dotted)
}

/// Where the last value of a table ends, those with dots in their keys among them.
fn end_of_values(table: &Table) -> Option<usize> {
    let end = |item: &Item| match item {
        Item::Value(value) => value.span().map(|span| span.end),
        Item::Table(inner) if inner.is_dotted() => end_of_values(inner),
        _ => None,
    };
    table.iter().filter_map(|(_, item)| end(item)).max()
}

/// The place of a table's head and values, and those of the tables in it.
fn collect(table: &Table, found: &mut Vec<Range<usize>>) {
    if let Some(head) = table.span().filter(|_| !table.is_implicit() && !table.is_dotted()) {
        let end = end_of_values(table).map_or(head.end, |end| end.max(head.end));
        found.push(head.start..end);
    }
    for (_, item) in table {
        match item {
            Item::Table(inner) => collect(inner, found),
            Item::ArrayOfTables(inner) => inner.iter().for_each(|inner| collect(inner, found)),
            Item::Value(_) | Item::None => {}
        }
    }
}

/// The text without a server that is a value in a line: within `mcp_servers = {…}`, or with dots in its key.
fn removed_within(
    body: &str,
    document: &Document<&str>,
    name: &str,
    before: Option<&str>,
) -> Result<String, Broken> {
    let left = changed(body, |document| {
        document.get_mut(SERVERS).and_then(Item::as_table_like_mut).map(|servers| drop(servers.remove(name)))
    });
    let left = left.unwrap_or_else(|| body.to_owned());
    let inline = |item: &Item| item.as_inline_table()?.span();
    let value = |text: &str, range: &Range<usize>| {
        text.get(range.clone()).map(|text| toml::from_str::<toml::Table>(&format!("x = {text}")).ok())
    };
    if document.get(SERVERS).is_none_or(|servers| servers.as_inline_table().is_none()) {
        return Ok(left);
    }
    // As it was written before, if it is the same again.
    let old = before.and_then(|before| Some((before, inline(parse(before).ok()?.get(SERVERS)?)?)));
    let new = inline(parse(&left)?.get(SERVERS).unwrap_or(&Item::None));
    Ok(match old.zip(new) {
        Some(((before, old), new)) if value(before, &old) == value(&left, &new) => {
            let text = before.get(old).unwrap_or_default();
            [left.get(..new.start).unwrap_or_default(), text, left.get(new.end..).unwrap_or_default()]
                .concat()
        }
        _ => left,
    })
}

fn in_server(body: &str, name: &str, change: impl FnOnce(&mut dyn TableLike)) -> Result<String, Broken> {
    let changed = changed(body, |document| {
        let servers = document.get_mut(SERVERS)?.as_table_like_mut()?;
        servers.get_mut(name)?.as_table_like_mut().map(change)
    });
    changed.ok_or_else(|| Broken::of_member(name))
}

/// The text after a change by the library, of which only the lines that differ are taken: it writes line feeds alone.
/// `None` if the change is not possible.
fn changed(body: &str, change: impl FnOnce(&mut DocumentMut) -> Option<()>) -> Option<String> {
    let mut document: DocumentMut = body.replace("\r\n", "\n").parse().ok()?;
    let written_back = document.to_string();
    change(&mut document)?;
    Some(splice(body, &written_back, &document.to_string()))
}

/// Sets a value; the blanks and the comment around the old one stay. One that says the same stays as it is written.
fn set(server: &mut dyn TableLike, key: &str, mut new: toml_edit::Value) {
    let words = |value: &toml_edit::Value| match value {
        toml_edit::Value::Array(list) => {
            Ok(list.iter().map(|word| word.as_str().map(str::to_owned)).collect())
        }
        other => Err(other.as_str().map(str::to_owned)),
    } as Result<Vec<_>, _>;
    if let Some(old) = server.get(key).and_then(Item::as_value) {
        if words(old) == words(&new) {
            return;
        }
        *new.decor_mut() = old.decor().clone();
    }
    server.insert(key, Item::Value(new));
}

/// Adds what is missing of an item, in tables within it too.
fn complete(server: &mut dyn TableLike, member: &str, item: &Item) {
    let Some(own) = server.get_mut(member) else { return drop(server.insert(member, item.clone())) };
    if let (Some(own), Some(wanted)) = (own.as_table_like_mut(), item.as_table_like()) {
        wanted.iter().for_each(|(name, inner)| complete(own, name, inner));
    }
}

/// The original with the lines that differ between `old` and `new` replaced, in the original's kind of line ends.
fn splice(original: &str, old: &str, new: &str) -> String {
    let lines = |text: &str| -> Vec<String> { text.split_inclusive('\n').map(str::to_owned).collect() };
    let (lines_of, old, new) = (lines(original), lines(old), lines(new));
    let same = |a: &String, b: &String| a == b;
    let head = old.iter().zip(&new).take_while(|(a, b)| same(a, b)).count();
    let left = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| same(a, b)).count().min(left);
    let middle =
        new.iter().take(new.len() - tail).skip(head).map(|line| line.replace('\n', line_end(original)));
    let before = lines_of.iter().take(head).cloned();
    let after = lines_of.iter().skip(lines_of.len() - tail).cloned();
    let spliced: String = before.chain(middle).chain(after).collect();
    // The library ends each line; the last one may have had no end.
    match spliced.strip_suffix(line_end(original)) {
        Some(unended) if !original.ends_with('\n') => unended.to_owned(),
        _ => spliced,
    }
}

fn line_end(body: &str) -> &'static str {
    if body.contains("\r\n") { "\r\n" } else { "\n" }
}

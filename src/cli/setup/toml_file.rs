//! Changes one server in Codex' file and leaves every other byte as it is.

use toml_edit::{DocumentMut, Item, Table, TableLike, TomlError};

use super::edit::{Broken, Change};

const SERVERS: &str = "mcp_servers";

/// Applies the change to the text of a file. Fails with the place where the file is not TOML.
pub(super) fn edit(text: &str, change: &Change<'_>) -> Result<String, Broken> {
    let (mark, body) = text.split_at(text.len() - text.trim_start_matches('\u{feff}').len());
    // The library writes line feeds alone, so only the lines that it changed are taken from it.
    let plain = body.replace("\r\n", "\n");
    let mut document = parse(&plain)?;
    let written_back = document.to_string();
    match change {
        Change::Add { name, launch } => {
            servers(&mut document)?;
            // What stands in the file, comments at its end among it, stays where it is.
            let blank = if plain.trim().is_empty() || plain.ends_with("\n\n") { "" } else { "\n" };
            let end = if plain.is_empty() || plain.ends_with('\n') { "" } else { "\n" };
            let appended = format!("{plain}{end}{blank}{}\n", launch.toml(name));
            if appended.parse::<DocumentMut>().is_ok() {
                return Ok(format!("{mark}{}", splice(body, &plain, &appended)));
            }
            servers(&mut document)?.insert(name, Item::Table(launch.table()));
        }
        Change::Update { name, launch } => {
            let server = servers(&mut document)?.get_mut(name).and_then(Item::as_table_like_mut);
            let server = server.ok_or_else(|| Broken::of_member(name))?;
            set(server, "command", launch.command.as_str().into());
            if launch.args.is_empty() {
                server.remove("args");
            } else {
                set(server, "args", launch.toml_args());
            }
        }
        Change::Remove { name, .. } => {
            servers(&mut document)?.remove(name);
            let new = document.to_string();
            let kept = comments_before(&written_back, &new);
            return Ok(format!("{mark}{}", splice(body, &written_back, &kept)));
        }
    }
    Ok(format!("{mark}{}", splice(body, &written_back, &document.to_string())))
}

/// Fails if the file is not as Codex could read it.
pub(super) fn check(text: &str) -> Result<(), Broken> {
    let plain = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    parse(&plain).and_then(|mut document| servers(&mut document).map(drop))
}

fn parse(plain: &str) -> Result<DocumentMut, Broken> {
    plain.parse().map_err(|error: TomlError| broken(plain, &error))
}

/// The new text with the comments at the beginning of what goes: the library counts those before a table as part of it.
fn comments_before(old: &str, new: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (head, tail) = new.split_at(new.len() - tail);
    let gone = old.iter().skip(head.len()).take(old.len().saturating_sub(new.len()));
    let is_comment = |line: &&&str| line.trim().is_empty() || line.trim().starts_with('#');
    let before: Vec<&str> = gone.take_while(is_comment).copied().collect();
    let comments = before.iter().rposition(|line| line.contains('#')).map_or(0, |last| last + 1);
    head.iter().chain(before.iter().take(comments)).chain(tail).copied().collect()
}

fn servers(document: &mut DocumentMut) -> Result<&mut dyn TableLike, Broken> {
    let implicit = || {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    };
    let found = document.entry(SERVERS).or_insert_with(implicit);
    found.as_table_like_mut().ok_or_else(|| Broken::of_member(SERVERS))
}

/// Sets a value; the blanks and the comment around the old one stay. One that says the same stays as it is written.
fn set(server: &mut dyn TableLike, key: &str, mut new: toml_edit::Value) {
    let words = |value: &toml_edit::Value| match value {
        toml_edit::Value::Array(list) => list.iter().map(|word| word.as_str().map(str::to_owned)).collect(),
        other => vec![other.as_str().map(str::to_owned)],
    };
    if let Some(old) = server.get(key).and_then(Item::as_value) {
        if words(old) == words(&new) {
            return;
        }
        *new.decor_mut() = old.decor().clone();
    }
    server.insert(key, Item::Value(new));
}

/// The original with the lines that differ between `old` and `new` replaced, in the original's kind of line ends.
fn splice(original: &str, old: &str, new: &str) -> String {
    let lines = |text: &str| -> Vec<String> { text.split_inclusive('\n').map(str::to_owned).collect() };
    let (original, old, new) = (lines(original), lines(old), lines(new));
    let same = |a: &String, b: &String| a == b;
    let head = old.iter().zip(&new).take_while(|(a, b)| same(a, b)).count();
    let left = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| same(a, b)).count().min(left);
    let end = if original.iter().any(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
    let middle = new.iter().take(new.len() - tail).skip(head).map(|line| line.replace('\n', end));
    let before = original.iter().take(head).cloned();
    let after = original.iter().skip(original.len() - tail).cloned();
    before.chain(middle).chain(after).collect()
}

fn broken(text: &str, error: &TomlError) -> Broken {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Broken::at(line, column, error.message())
}

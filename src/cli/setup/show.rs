//! What `setup` says: the table of clients, what would change, what has changed.

use std::path::Path;

use super::Row;
use super::plan::{Ours, Outcome, State, Wish};
use super::store::Stored;
use crate::cli::clients::folders::Folders;

/// One numbered line per client.
pub(super) fn table(rows: &[Row], folders: &Folders) -> String {
    let cells: Vec<[String; 3]> = rows
        .iter()
        .map(|Row { client, file }| match file {
            Ok((stored, state)) => [client.names(), short(&stored.path, folders), words(state)],
            Err(error) => [client.names(), String::new(), error.cause.clone()],
        })
        .collect();
    let head = ["client", "file", "state"].map(str::to_owned);
    let all = || std::iter::once(&head).chain(&cells);
    let [first, second, _] = [0, 1, 2].map(|column| {
        all().filter_map(|cells| cells.get(column)).map(|cell| cell.chars().count()).max().unwrap_or_default()
    });
    let line = |number: String, [client, file, state]: &[String; 3]| {
        format!("{number:>3}  {client:<first$}  {file:<second$}  {state}")
    };
    let rows = cells.iter().enumerate().map(|(index, cells)| line((index + 1).to_string(), cells));
    std::iter::once(line(String::new(), &head)).chain(rows).collect::<Vec<_>>().join("\n")
}

fn words(state: &State) -> String {
    match state {
        State::NotThere { .. } => "not there".to_owned(),
        State::Ours(ours) if ours.iter().any(Ours::differs) => {
            let starts = ours.iter().map(|entry| entry.starts.line());
            format!("ours, starts {}", starts.collect::<Vec<_>>().join(" and "))
        }
        State::Ours(_) => "ours".to_owned(),
        State::Taken { name } => format!("another server is called {name}"),
        State::Broken(broken) => format!("broken: {}", broken.cause),
    }
}

/// What would be written: the lines that go and the lines that come.
pub(super) fn preview(stored: &Stored, outcome: &Outcome, wish: Wish, folders: &Folders) -> String {
    let file = short(&stored.path, folders);
    let old = stored.text.as_deref().unwrap_or_default();
    match outcome {
        Outcome::Stays => format!("nothing would change in {file}"),
        Outcome::ByHand(lines) => by_hand(&file, wish, lines),
        Outcome::Disappears => format!("{file} would be deleted; nothing else is in it"),
        Outcome::Becomes(new) => format!("{file} would change like this:\n{}", difference(old, new)),
    }
}

/// Says what was done to the file of a client, and where its copy lies.
pub(super) fn result(
    stored: &Stored,
    outcome: &Outcome,
    wish: Wish,
    copy: Option<&Path>,
    folders: &Folders,
) -> String {
    let file = short(&stored.path, folders);
    let done = match (wish, outcome) {
        (Wish::Have, Outcome::Stays) => format!("nothing to do, it is in {file} already"),
        (Wish::Remove, Outcome::Stays) => format!("nothing to do, it is not in {file}"),
        (_, Outcome::ByHand(lines)) => by_hand(&file, wish, lines),
        (_, Outcome::Disappears) => format!("{file} was deleted; nothing else was in it"),
        (Wish::Have, Outcome::Becomes(_)) => format!("written to {file}"),
        (Wish::Remove, Outcome::Becomes(_)) => format!("removed from {file}"),
    };
    match copy {
        Some(copy) => format!("{done}\n  copy of the file as it was: {}", short(copy, folders)),
        None => done,
    }
}

/// What our entries started, and what they start now; one that keeps words of the person says so.
pub(super) fn entries(state: &State, wish: Wish) -> String {
    let ours = match state {
        State::Ours(ours) => ours,
        State::Taken { name } => {
            return format!("\n  the server {name:?} there is another program, and stays");
        }
        State::NotThere { .. } | State::Broken(_) => return String::new(),
    };
    let line = |entry: &Ours| match wish {
        Wish::Remove => format!("\n  {} started: {}", entry.name, entry.starts.line()),
        Wish::Have if entry.differs() => {
            let (starts, becomes) = (entry.starts.line(), entry.becomes.line());
            format!("\n  {0} started: {starts}\n  {0} starts now: {becomes}", entry.name)
        }
        Wish::Have => format!("\n  {} starts: {}", entry.name, entry.starts.line()),
    };
    ours.iter().map(line).collect()
}

/// Entries of single projects are not touched: they are told, with what takes them out.
pub(super) fn projects(left: &[(String, String)]) -> String {
    let line = |(project, name): &(String, String)| {
        format!("\n  but it is still in the project {project}: run `claude mcp remove {name}` in that folder")
    };
    left.iter().map(line).collect()
}

fn by_hand(file: &str, wish: Wish, lines: &str) -> String {
    let step = match wish {
        Wish::Have => "put these lines there",
        Wish::Remove => "nothing was removed; delete these lines there, then start the client again",
    };
    format!("setup does not edit this file: {file}\n  {step}:\n{lines}")
}

/// The lines between the common beginning and the common end.
fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let left = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count().min(left);
    let middle = |sign: &str, lines: &[&str]| -> Vec<String> {
        let middle = lines.iter().take(lines.len() - tail).skip(head);
        middle.map(|line| format!("{sign} {line}")).collect()
    };
    [middle("-", &old), middle("+", &new)].concat().join("\n")
}

/// The path with `~` for the home.
fn short(path: &Path, folders: &Folders) -> String {
    match path.strip_prefix(&folders.base.home) {
        Ok(rest) => Path::new("~").join(rest).display().to_string(),
        Err(_) => path.display().to_string(),
    }
}

//! What `setup` says: the table of clients, what would change, what has changed.

use std::path::{Path, PathBuf};

use super::plan::{Hand, Ours, Outcome, State, Wish};
use super::row::Row;
use super::store::{Copy, Stored};
use crate::cli::clients::folders::Folders;
use crate::cli::clients::off::Off;
use crate::cli::clients::server::Launch;
use crate::cli::clients::{Client, Shape};

/// One numbered row per client, as `a|b|c`.
pub(super) fn table(rows: &[Row], folders: &Folders) -> String {
    let row = |(index, Row { client, file, fault, off }): (usize, &Row)| {
        let [file, state] = match (file, fault) {
            (Ok((stored, _)), Some(fault)) => {
                [short(&stored.path, folders), format!("broken: {}", fault.cause)]
            }
            (Ok((stored, state)), None) => [short(&stored.path, folders), words(state, off.as_ref())],
            (Err(error), _) => [String::new(), error.cause.clone()],
        };
        let cells = [(index + 1).to_string(), client.names(), file, state];
        cells.map(|cell| cell.replace('|', "¦")).join("|")
    };
    let head = "|client|file|state".to_owned();
    std::iter::once(head).chain(rows.iter().enumerate().map(row)).collect::<Vec<_>>().join("\n")
}

fn words(state: &State, off: Option<&Off>) -> String {
    match state {
        State::NotThere { .. } => "not set up".to_owned(),
        State::Ours(ours) if ours.iter().any(Ours::differs) => {
            let starts = ours.iter().map(|entry| entry.starts.line());
            format!("set up, starts {}", starts.collect::<Vec<_>>().join(" and "))
        }
        State::Ours(_) => match off {
            Some(off) => format!("set up, but {}", off.meaning()),
            None => "set up".to_owned(),
        },
        State::Taken { name } => format!("another server is called {name}"),
        State::Broken(broken) => format!("broken: {}", broken.cause),
    }
}

/// What would be written: the lines that go and the lines that come.
pub(super) fn preview(stored: &Stored, outcome: &Outcome, folders: &Folders) -> String {
    let file = short(&stored.path, folders);
    let old = stored.text.as_deref().unwrap_or_default();
    match outcome {
        Outcome::Stays => format!("nothing would change in {file}"),
        Outcome::ByHand(hand, lines) => by_hand(&file, hand, lines),
        Outcome::Disappears => format!("{file} would be deleted; nothing else is in it"),
        Outcome::Becomes(new) => format!("{file} would change like this:\n{}", difference(old, new)),
    }
}

/// Says what was done to the file of a client, and where its copy lies.
pub(super) fn result(
    stored: &Stored,
    outcome: &Outcome,
    wish: Wish,
    copy: Option<&Copy>,
    folders: &Folders,
) -> String {
    let file = short(&stored.path, folders);
    let done = match (wish, outcome) {
        (Wish::Have, Outcome::Stays) => format!("nothing to do, aries-mcp is in {file} already"),
        (Wish::Remove, Outcome::Stays) => format!("nothing to do, aries-mcp is not in {file}"),
        (_, Outcome::ByHand(hand, lines)) => by_hand(&file, hand, lines),
        (_, Outcome::Disappears) => format!("{file} was deleted; nothing else was in it"),
        (Wish::Have, Outcome::Becomes(_)) => format!("written to {file}"),
        (Wish::Remove, Outcome::Becomes(_)) => format!("removed from {file}"),
    };
    match copy {
        Some(Copy::OfNow(copy)) => format!("{done}\n  copy of the file as it was: {}", short(copy, folders)),
        Some(Copy::Older(copy, made)) => {
            let on = made
                .as_ref()
                .map(|made| made.strftime(", of %Y-%m-%d %H:%M").to_string())
                .unwrap_or_default();
            let copy = short(copy, folders);
            format!("{done}\n  an older copy of the file{on}, without what was changed since: {copy}")
        }
        None => done,
    }
}

/// What our entries started, and what they start now; one that keeps words of the person says so.
pub(super) fn entries(state: &State, wish: Wish, client: &Client, launch: &Launch) -> String {
    let ours = match state {
        State::Ours(ours) => ours,
        State::Taken { name } => {
            return format!("\n  the server {name:?} there is another program, and stays");
        }
        State::NotThere { .. } | State::Broken(_) => return String::new(),
    };
    let line = |entry: &Ours| match wish {
        Wish::Remove => format!("\n  {} started: {}", entry.name, entry.starts.line()),
        Wish::Have if entry.differs() && entry.starts == entry.becomes => {
            format!("\n  {} is now as {} reads it: {}", entry.name, client.name, entry.becomes.line())
        }
        Wish::Have if entry.differs() => {
            let (starts, becomes) = (entry.starts.line(), entry.becomes.line());
            format!("\n  {0} started: {starts}\n  {0} starts now: {becomes}", entry.name)
        }
        Wish::Have => format!("\n  {} starts: {}", entry.name, entry.starts.line()),
    };
    let is_option = |word: &&String| word.starts_with("--") && !launch.args.contains(word);
    let kept: Vec<&str> = ours
        .iter()
        .flat_map(|entry| entry.becomes.args.iter().filter(is_option))
        .map(String::as_str)
        .collect();
    let kept = match (wish, kept.first()) {
        (Wish::Have, Some(option)) => format!(
            "\n  what it was set up with stays ({option}); to start it without, run `aries-mcp setup {} --remove` first",
            client.key
        ),
        _ => String::new(),
    };
    ours.iter().map(line).collect::<String>() + &kept
}

/// The entries that the client does not start all the same, with what the person does about it.
pub(super) fn switched_off(off: &[(String, Off)], client: &Client) -> String {
    let line =
        |(name, off): &(String, Off)| format!("\n  {name} {}: {}", off.meaning(), off.step(name, client));
    off.iter().map(line).collect()
}

/// The files of other editions and profiles that do not have us: setting up one does nothing for them.
pub(super) fn other_editions(files: &[PathBuf], client: &Client, folders: &Folders) -> String {
    let Shape::Json(shape) = client.shape else { return String::new() };
    let list: Vec<String> = files.iter().map(|file| short(file, folders)).collect();
    match list.is_empty() {
        true => String::new(),
        false => format!(
            "\n  {} has other editions or profiles here, which do not read this file: to have aries-mcp there too, copy \
             its entry below {:?} of {}",
            client.name,
            shape.key,
            list.join(" and of ")
        ),
    }
}

pub(super) fn no_such_entry(stored: &Stored, folders: &Folders) -> String {
    format!("nothing to do, {} has no such entry", short(&stored.path, folders))
}

/// Our entries that stay, because they have another name or other options than this run is about.
pub(super) fn others(names: &[String], client: &Client) -> String {
    let Some(first) = names.first() else { return String::new() };
    let (names, key) = (names.join(", "), client.key);
    format!(
        "\n  aries-mcp stays there as {names}: `aries-mcp setup {key} --remove --name {first}` takes it out"
    )
}

/// Entries of single projects are not touched: they are told, with what takes them out.
pub(super) fn projects(left: &[(String, String)]) -> String {
    let line = |(project, name): &(String, String)| {
        format!("\n  but it is still in the project {project}: run `claude mcp remove {name}` in that folder")
    };
    left.iter().map(line).collect()
}

fn by_hand(file: &str, hand: &Hand, lines: &str) -> String {
    let step = match hand {
        Hand::Anywhere => "put these lines there".to_owned(),
        Hand::OfNone => {
            "put these lines there, in the place of the line that says that `extensions` are none".to_owned()
        }
        Hand::BelowHead => "put these lines there, below `extensions:`; what stands there stays".to_owned(),
        Hand::Within(name) => format!("put these lines there, in the place of the same members of {name:?}"),
        Hand::Out => "nothing was removed; delete these lines there, then start the client again".to_owned(),
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

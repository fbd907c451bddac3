//! Entries of ours that `doctor` calls a problem: they are told as broken, and none is written or left as set up.

use super::plan::{Ours, State};
use crate::cli::clients::Client;
use crate::cli::clients::entry::{Entry, servers};
use crate::cli::clients::off::{Lists, Off};
use crate::cli::doctor::entry::{choices, problem};
use crate::config::Environment;
use crate::error::Error;
use crate::told::{Reader, Told};

/// What is wrong with the entries of this state, besides a path that this run changes.
pub(super) fn now(text: &str, state: &State, client: &Client, env: &Environment) -> Option<Error> {
    entries(text, state, client).into_iter().find_map(|(entry, ours)| {
        problem(client, &Entry { command: ours.becomes.command.clone(), ..entry }, env)
    })
}

/// Why the entries of this state cannot stay as this text has them.
pub(super) fn left(text: &str, state: &State, client: &Client, env: &Environment) -> Option<Error> {
    let found =
        entries(text, state, client).into_iter().find_map(|(entry, _)| problem(client, &entry, env))?;
    let step =
        format!("; or take the entry out (`aries-mcp setup {} --remove`) and set it up again", client.key);
    Some(Error { hint: Told::from("nothing was written; ").and(found.hint).and(step), ..found })
}

/// What the person has chosen in these entries, which stays and is told.
pub(super) fn chosen(text: &str, state: &State, client: &Client) -> String {
    let all = entries(text, state, client).into_iter().flat_map(|(entry, _)| choices(client, &entry));
    all.map(|choice| format!("\n  left as it is: {}; {}", choice.cause, choice.hint.to(Reader::Person)))
        .collect()
}

/// Of the entries of this state, and of the one that is added, those that the client does not start as this text and the
/// client's lists have them.
pub(super) fn switched_off(text: &str, state: &State, client: &Client, lists: &Lists) -> Vec<(String, Off)> {
    let names: Vec<&String> = match state {
        State::Ours(ours) => ours.iter().map(|entry| &entry.name).collect(),
        State::NotThere { name } => vec![name],
        State::Taken { .. } | State::Broken(_) => Vec::new(),
    };
    let found = servers(text, client).unwrap_or_default().into_iter().filter_map(|(_, entry)| entry);
    let concerned = found.filter(|entry| names.contains(&&entry.name));
    concerned
        .filter_map(|entry| {
            let off = entry.off.or_else(|| lists.off(&entry.name))?;
            Some((entry.name, off))
        })
        .collect()
}

fn entries<'a>(text: &str, state: &'a State, client: &Client) -> Vec<(Entry, &'a Ours)> {
    let State::Ours(ours) = state else { return Vec::new() };
    let found = servers(text, client).unwrap_or_default().into_iter().filter_map(|(_, entry)| entry);
    found
        .filter_map(|entry| ours.iter().find(|ours| ours.name == entry.name).map(|ours| (entry, ours)))
        .collect()
}

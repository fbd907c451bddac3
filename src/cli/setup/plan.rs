//! How this program stands in a client's file, and what the file's text is to become. Nothing here writes.

use std::path::Path;

use super::edit::{Broken, Change};
use super::{arguments, json_file, toml_file};
use crate::cli::clients::entry::{Entry, servers};
use crate::cli::clients::goose;
use crate::cli::clients::program::{is_ours, is_same_file};
use crate::cli::clients::server::Launch;
use crate::cli::clients::{Client, Shape};

/// The name of our entry where none is asked for.
pub(super) const NAME: &str = "aries";

/// How this program stands in a client's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    NotThere {
        name: String,
    },
    /// The entries that start this program; at least one.
    Ours(Vec<Ours>),
    /// A server that is not this program has the name.
    Taken {
        name: String,
    },
    Broken(Broken),
}

/// An entry that starts this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ours {
    pub(super) name: String,
    pub(super) starts: Launch,
    /// What it is to start after this run.
    pub(super) becomes: Launch,
    /// Whether it has every option that this run names.
    pub(super) has_options: bool,
    /// Whether a member of it is missing, or not of the kind that clients read.
    pub(super) is_odd: bool,
}

impl Ours {
    pub(super) fn differs(&self) -> bool {
        self.is_odd || self.starts != self.becomes
    }
}

impl State {
    /// The state of what a removal is about: entries with the options that this run names.
    pub(super) fn for_removal(self, asked: Option<&str>) -> Self {
        let Self::Ours(ours) = self else { return self };
        let ours: Vec<Ours> = ours.into_iter().filter(|entry| entry.has_options).collect();
        match ours.is_empty() {
            true => Self::NotThere { name: asked.unwrap_or(NAME).to_owned() },
            false => Self::Ours(ours),
        }
    }

    /// Our entries in the file that it is not about.
    pub(super) fn others(&self, text: &str, client: &Client) -> Vec<String> {
        let mut names = names_in(text, client);
        if let Self::Ours(ours) = self {
            names.retain(|name| !ours.iter().any(|entry| entry.name == *name));
        }
        names
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Have,
    Remove,
}

/// What becomes of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Stays,
    Becomes(String),
    /// Adding us had made it, and nothing else is in it.
    Disappears,
    /// The person adds or removes these lines: the file is of a kind that is not edited.
    ByHand(Hand, String),
}

/// Where the person puts lines, or takes them out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Hand {
    /// The file has no extensions yet.
    Anywhere,
    /// In the place of the line that says that there are none.
    OfNone,
    BelowHead,
    /// In the place of the members of the entry of this name that they are.
    Within(String),
    Out,
}

/// Finds the entry of this name; without a name, those that are ours, whatever they are called.
pub(super) fn state(text: &str, client: &Client, asked: Option<&str>, launch: &Launch) -> State {
    let name = asked.unwrap_or(NAME).to_owned();
    let found = match (check(text, client), servers(text, client)) {
        (Err(broken), _) => return State::Broken(broken),
        (_, Err(unread)) => return State::Broken(Broken::unread(unread)),
        (Ok(()), Ok(found)) => found,
    };
    let is_taken = found.iter().any(|(other, ours)| *other == name && ours.is_none());
    let ours = found.into_iter().filter_map(|(_, ours)| ours);
    let ours: Vec<Entry> = ours.filter(|entry| asked.is_none_or(|asked| entry.name == asked)).collect();
    let change = Change::Add { name: &name, launch };
    match (is_taken, apply(text, client, &change)) {
        _ if !ours.is_empty() => entries(text, client, ours, launch),
        (true, _) => State::Taken { name },
        (false, Err(broken)) => State::Broken(broken),
        (false, Ok(_)) => State::NotThere { name },
    }
}

/// Our entries and what each is to start. The options of this run are for one of them.
fn entries(text: &str, client: &Client, ours: Vec<Entry>, launch: &Launch) -> State {
    let is_only = ours.len() == 1;
    let of = |entry: Entry| {
        let options = if is_only || entry.name == NAME { launch.args.as_slice() } else { &[] };
        let is_direct = is_ours(&entry.command);
        // One that starts us through npx, or through a link to this file, stays so.
        let leads_here = is_same_file(Path::new(&entry.command), Path::new(&launch.command));
        let moves = is_direct && !leads_here;
        let command = if moves { launch.command.clone() } else { entry.command.clone() };
        let becomes = Launch { command, args: arguments::merged(&entry.args, options) };
        let has_options = arguments::have(&entry.args, &entry.env, &launch.args);
        let starts = Launch { command: entry.command, args: entry.args };
        let is_odd = entry.odd.is_some() || entry.missing.is_some();
        Ours { name: entry.name, starts, becomes, has_options, is_odd }
    };
    let ours: Vec<Ours> = ours.into_iter().map(of).collect();
    let broken = ours.iter().find_map(|Ours { name, becomes, .. }| {
        apply(text, client, &Change::Update { name, launch: becomes }).err()
    });
    broken.map_or(State::Ours(ours), State::Broken)
}

/// What becomes of a file in this state; `before` is the text it had before we were added, if that is known.
pub(super) fn outcome(
    text: Option<&str>,
    before: Option<&str>,
    client: &Client,
    wish: Wish,
    state: &State,
    launch: &Launch,
) -> Result<Outcome, Broken> {
    let now = text.unwrap_or_default();
    match (wish, state) {
        (_, State::Broken(broken)) => Err(broken.clone()),
        (Wish::Have, State::Taken { name }) => Err(Broken::taken(name)),
        (Wish::Remove, State::NotThere { .. } | State::Taken { .. }) => Ok(Outcome::Stays),
        (Wish::Have, State::NotThere { name }) => {
            let added = apply(now, client, &Change::Add { name, launch })?;
            let by_hand = || match goose::indent(now) {
                Some(depth) => Outcome::ByHand(Hand::BelowHead, launch.extension(name, depth)),
                None if goose::has_extensions(now) => Outcome::ByHand(Hand::OfNone, launch.yaml(name)),
                None => Outcome::ByHand(Hand::Anywhere, launch.yaml(name)),
            };
            Ok(added.map_or_else(by_hand, Outcome::Becomes))
        }
        (Wish::Have, State::Ours(ours)) => updated(now, client, ours, launch),
        (Wish::Remove, State::Ours(ours)) if matches!(client.shape, Shape::Yaml) => {
            let lines = ours.iter().map(|entry| goose::lines_of(now, &entry.name));
            Ok(Outcome::ByHand(Hand::Out, lines.collect::<Vec<_>>().join("\n")))
        }
        (Wish::Remove, State::Ours(ours)) => {
            let names: Vec<String> = ours.iter().map(|entry| entry.name.clone()).collect();
            all_removed(now, before, client, &names)
        }
    }
}

fn updated(now: &str, client: &Client, ours: &[Ours], launch: &Launch) -> Result<Outcome, Broken> {
    if ours.len() > 1 && !launch.args.is_empty() && !ours.iter().any(|entry| entry.name == NAME) {
        let names: Vec<&str> = ours.iter().map(|entry| entry.name.as_str()).collect();
        return Err(Broken::several(&names));
    }
    let mut outcome = Outcome::Stays;
    for entry in ours {
        let (name, launch) = (entry.name.as_str(), &entry.becomes);
        let update = entry.differs().then_some(Change::Update { name, launch });
        for change in update.into_iter().chain([Change::Complete { name, launch }]) {
            let text = if let Outcome::Becomes(text) = &outcome { text.as_str() } else { now };
            match apply(text, client, &change)? {
                Some(updated) if updated == text => {}
                Some(updated) => outcome = Outcome::Becomes(updated),
                None if entry.differs() => {
                    let depth = goose::member_indent(now, name).unwrap_or(4);
                    let lines = launch.extension_members(depth).join("\n");
                    outcome = Outcome::ByHand(Hand::Within(name.to_owned()), lines);
                }
                None => {}
            }
        }
    }
    Ok(outcome)
}

/// The file without these servers: as it was before, where nobody else has changed it since; else with our part alone
/// taken out.
fn all_removed(now: &str, copy: Option<&str>, client: &Client, names: &[String]) -> Result<Outcome, Broken> {
    let before = match copy {
        // A copy that was made when we were there already says the same, without us.
        Some(copy) => match names_in(copy, client) {
            ours if ours.is_empty() => Outcome::Becomes(copy.to_owned()),
            ours => all_removed(copy, None, client, &ours)?,
        },
        None if is_fresh(now, client, names) => return Ok(Outcome::Disappears),
        None => return without(now, None, client, names).map(left),
    };
    let Outcome::Becomes(before) = before else { return without(now, Some(""), client, names).map(left) };
    without(now, Some(&before), client, names).map(Outcome::Becomes)
}

/// What a removal leaves of a file of which it is not known what it was before.
fn left(text: String) -> Outcome {
    let says_nothing = text.trim_start_matches('\u{feff}').trim().is_empty();
    if says_nothing { Outcome::Disappears } else { Outcome::Becomes(text) }
}

/// Whether the file is what setting up makes where there is none.
fn is_fresh(now: &str, client: &Client, names: &[String]) -> bool {
    let fresh = names.iter().try_fold(String::new(), |text, name| with(&text, client, name));
    fresh.is_some_and(|fresh| frame(&fresh, client, names) == frame(now, client, names))
}

/// The text without these servers. The last one goes first, as it came in last.
fn without(text: &str, before: Option<&str>, client: &Client, names: &[String]) -> Result<String, Broken> {
    let all = names_in(text, client);
    let mut left = text.to_owned();
    for (at, name) in all.iter().enumerate().rev().filter(|(_, name)| names.contains(name)) {
        // What it came into has those of ours that stand before it.
        let before = before.map(|before| {
            all.iter()
                .take(at)
                .fold(before.to_owned(), |text, name| with(&text, client, name).unwrap_or(text))
        });
        let change = Change::Remove { name, before: before.as_deref() };
        left = apply(&left, client, &change)?.unwrap_or(left);
    }
    Ok(left)
}

/// The text with a server of this name, whatever it starts.
fn with(text: &str, client: &Client, name: &str) -> Option<String> {
    let launch = Launch { command: String::new(), args: Vec::new() };
    apply(text, client, &Change::Add { name, launch: &launch }).ok().flatten()
}

/// The servers of a file that start this program.
pub(super) fn names_in(text: &str, client: &Client) -> Vec<String> {
    let ours = servers(text, client).unwrap_or_default().into_iter().filter_map(|(_, ours)| ours);
    ours.map(|entry| entry.name).collect()
}

/// Applies a change; `None` if the client's file is not edited at all.
fn apply(text: &str, client: &Client, change: &Change<'_>) -> Result<Option<String>, Broken> {
    match &client.shape {
        Shape::Json(shape) => json_file::edit(text, shape, change).map(Some),
        Shape::Toml => toml_file::edit(text, change).map(Some),
        Shape::Yaml => Ok(None),
    }
}

/// What stands around servers of a file.
fn frame(text: &str, client: &Client, names: &[String]) -> Option<String> {
    match &client.shape {
        Shape::Json(shape) => json_file::frame(text, shape, names),
        Shape::Toml => toml_file::frame(text, names),
        Shape::Yaml => None,
    }
}

/// Fails if the file is not as the client could read it.
fn check(text: &str, client: &Client) -> Result<(), Broken> {
    match &client.shape {
        Shape::Json(shape) => json_file::check(text, shape),
        Shape::Toml => toml_file::check(text),
        Shape::Yaml => Ok(()),
    }
}

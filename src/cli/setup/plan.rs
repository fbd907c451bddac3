//! How this program stands in a client's file, and what the file's text is to become. Nothing here writes.

use super::edit::{Broken, Change};
use super::{arguments, json_file, toml_file};
use crate::cli::clients::entry::{Entry, is_ours, servers};
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
}

impl Ours {
    pub(super) fn differs(&self) -> bool {
        self.starts != self.becomes
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
    ByHand(String),
}

/// Finds the entry of this name; without a name, those that are ours, whatever they are called.
pub(super) fn state(text: &str, client: &Client, asked: Option<&str>, launch: &Launch) -> State {
    let name = asked.unwrap_or(NAME).to_owned();
    let found = match (check(text, client), servers(text, client)) {
        (Err(broken), _) => return State::Broken(broken),
        (_, Err(line)) => return State::Broken(Broken::at(line, 1, "the client cannot read it")),
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
        // One that starts us through npx stays so.
        let command = if is_direct { launch.command.clone() } else { entry.command.clone() };
        let becomes = Launch { command, args: arguments::merged(&entry.args, options) };
        let starts = Launch { command: entry.command, args: entry.args };
        Ours { name: entry.name, starts, becomes }
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
            Ok(added.map_or_else(|| Outcome::ByHand(launch.yaml(name)), Outcome::Becomes))
        }
        (Wish::Have, State::Ours(ours)) => updated(now, client, ours, launch),
        (Wish::Remove, State::Ours(ours)) if matches!(client.shape, Shape::Yaml) => {
            let lines = ours.iter().map(|entry| extension(now, &entry.name));
            Ok(Outcome::ByHand(lines.collect::<Vec<_>>().join("\n")))
        }
        (Wish::Remove, State::Ours(ours)) => all_removed(now, before, client, ours),
    }
}

fn updated(now: &str, client: &Client, ours: &[Ours], launch: &Launch) -> Result<Outcome, Broken> {
    if ours.len() > 1 && !launch.args.is_empty() && !ours.iter().any(|entry| entry.name == NAME) {
        let names: Vec<&str> = ours.iter().map(|entry| entry.name.as_str()).collect();
        return Err(Broken::several(&names));
    }
    let mut outcome = Outcome::Stays;
    for Ours { name, becomes, .. } in ours.iter().filter(|entry| entry.differs()) {
        let text = if let Outcome::Becomes(text) = &outcome { text.as_str() } else { now };
        let updated = apply(text, client, &Change::Update { name, launch: becomes })?;
        outcome = updated.map_or_else(|| Outcome::ByHand(becomes.yaml(name)), Outcome::Becomes);
    }
    Ok(outcome)
}

fn all_removed(now: &str, before: Option<&str>, client: &Client, ours: &[Ours]) -> Result<Outcome, Broken> {
    let mut left = now.to_owned();
    for entry in ours {
        match removed(&left, before, client, &entry.name)? {
            Outcome::Becomes(text) => left = text,
            Outcome::Disappears => return Ok(Outcome::Disappears),
            Outcome::Stays | Outcome::ByHand(_) => {}
        }
    }
    Ok(Outcome::Becomes(left))
}

/// The lines of one of Goose's extensions.
fn extension(text: &str, name: &str) -> String {
    let head = format!("  {name}:");
    let mut lines = text.lines().skip_while(|line| line.trim_end() != head);
    let first = lines.next().into_iter();
    let rest = lines.take_while(|line| line.starts_with("   ") || line.trim().is_empty());
    first.chain(rest).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// The file without us: as it was before if nothing else has changed since, else with our part taken out.
fn removed(now: &str, copy: Option<&str>, client: &Client, name: &str) -> Result<Outcome, Broken> {
    let Some(launch) = launch_in(now, client, name) else { return Ok(Outcome::Stays) };
    let added_to = |text: &str| apply(text, client, &Change::Add { name, launch: &launch }).ok().flatten();
    let was_fresh = added_to("").as_deref() == Some(now);
    let before = match copy {
        // A copy that was made when our entry was there already says the same, without that entry.
        Some(copy) if launch_in(copy, client, name).is_some() => Some(removed(copy, None, client, name)?),
        Some(copy) => Some(Outcome::Becomes(copy.to_owned())),
        None => was_fresh.then_some(Outcome::Disappears),
    };
    let (before, is_ours) = match before {
        Some(Outcome::Becomes(before)) if added_to(&before).as_deref() == Some(now) => {
            return Ok(Outcome::Becomes(before));
        }
        Some(Outcome::Becomes(before)) => (Some(before), false),
        Some(Outcome::Disappears) => (Some(String::new()), true),
        _ => (None, false),
    };
    let left = apply(now, client, &Change::Remove { name, before: before.as_deref() })?;
    Ok(match left {
        None => Outcome::Stays,
        Some(left) if is_ours && matches!(left.trim(), "" | "{}") => Outcome::Disappears,
        Some(left) => Outcome::Becomes(left),
    })
}

/// What the entry of this name starts.
fn launch_in(text: &str, client: &Client, name: &str) -> Option<Launch> {
    let mut ours = servers(text, client).ok()?.into_iter().filter_map(|(_, ours)| ours);
    let Entry { command, args, .. } = ours.find(|entry| entry.name == name)?;
    Some(Launch { command, args })
}

/// Applies a change; `None` if the client's file is not edited at all.
fn apply(text: &str, client: &Client, change: &Change<'_>) -> Result<Option<String>, Broken> {
    match &client.shape {
        Shape::Json(shape) => json_file::edit(text, shape, change).map(Some),
        Shape::Toml => toml_file::edit(text, change).map(Some),
        Shape::Yaml => Ok(None),
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

//! How this program stands in a client's file, and what the file's text is to become. Nothing here writes.

use super::edit::{Broken, Change};
use super::{json_file, toml_file};
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
    Ours {
        name: String,
    },
    /// The entry starts us by another path, or with other words than were asked for.
    Differs {
        name: String,
        starts: String,
        becomes: Launch,
    },
    /// A server that is not this program has the name.
    Taken {
        name: String,
    },
    Broken(Broken),
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

/// Finds the entry of this name; without a name, the one that is ours, whatever it is called.
pub(super) fn state(text: &str, client: &Client, asked: Option<&str>, launch: &Launch) -> State {
    let name = asked.unwrap_or(NAME).to_owned();
    let Ok(found) = servers(text, client) else {
        return State::Broken(broken(text, client, launch));
    };
    let is_taken = found.iter().any(|(other, ours)| *other == name && ours.is_none());
    let ours = found.into_iter().filter_map(|(_, ours)| ours);
    match ours.into_iter().find(|entry| asked.is_none_or(|asked| entry.name == asked)) {
        Some(entry) => {
            let becomes = kept(&entry, launch);
            let Entry { name, command, args, .. } = entry;
            if command == becomes.command && args == becomes.args {
                return State::Ours { name };
            }
            let starts = std::iter::once(command).chain(args).collect::<Vec<_>>().join(" ");
            State::Differs { name, starts, becomes }
        }
        None if is_taken => State::Taken { name },
        None => match apply(text, client, &Change::Add { name: &name, launch }) {
            Err(broken) => State::Broken(broken),
            Ok(_) => State::NotThere { name },
        },
    }
}

/// What an entry is to start: without options of this run it keeps its own, such as `--read-only`, and one that starts us
/// through another program stays.
fn kept(entry: &Entry, launch: &Launch) -> Launch {
    let command = if is_ours(&entry.command) { &launch.command } else { &entry.command };
    match launch.args.is_empty() {
        true => Launch { command: command.clone(), args: entry.args.clone() },
        false => launch.clone(),
    }
}

fn broken(text: &str, client: &Client, launch: &Launch) -> Broken {
    let tried = apply(text, client, &Change::Add { name: NAME, launch });
    tried.err().unwrap_or_else(|| Broken("it is not as the client can read it".to_owned()))
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
    let change = match (wish, state) {
        (_, State::Broken(broken)) => return Err(broken.clone()),
        (Wish::Have, State::Taken { name }) => {
            return Err(Broken(format!("it has a server {name:?} already, which is not this program")));
        }
        (Wish::Have, State::Ours { .. }) | (Wish::Remove, State::NotThere { .. } | State::Taken { .. }) => {
            return Ok(Outcome::Stays);
        }
        (Wish::Have, State::NotThere { name }) => Change::Add { name, launch },
        (Wish::Have, State::Differs { name, becomes, .. }) => Change::Update { name, launch: becomes },
        (Wish::Remove, State::Ours { name } | State::Differs { name, .. }) => {
            return removed(now, before, client, name);
        }
    };
    let name = match &change {
        Change::Add { name, .. } | Change::Update { name, .. } | Change::Remove { name, .. } => *name,
    };
    Ok(apply(now, client, &change)?.map_or_else(|| Outcome::ByHand(launch.yaml(name)), Outcome::Becomes))
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
        None => Outcome::ByHand(launch.yaml(name)),
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

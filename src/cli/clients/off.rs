//! What keeps a client from starting an entry: a member of the entry, or a list of names that the client keeps.

use serde_json::Value;

use super::folders::Folders;
use super::jsonc::{self, Dialect};
use super::places::File;
use super::program::file_name;
use super::{Client, disk};

/// Why a client does not start an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Off {
    /// A member of the entry.
    Member(&'static str),
    /// A list has the entry's name, for the projects that are named, or for all if there are none.
    Listed { list: String, file: String, projects: Vec<String> },
    /// A list of those that are started does not have it.
    NotListed { list: String, file: String },
}

impl Off {
    /// What is said of the entry, as the rest of a sentence.
    pub(in crate::cli) fn meaning(&self) -> String {
        match self {
            Self::Member(member) => format!("is switched off by its {member:?}"),
            Self::Listed { list, file, projects } => {
                let only = match projects.as_slice() {
                    [] => String::new(),
                    [project] => format!(" in the project {project}"),
                    projects => format!(" in the projects {}", projects.join(", ")),
                };
                format!("is switched off{only} by {list:?} in {file}")
            }
            Self::NotListed { list, file } => format!("is not among {list:?} in {file}"),
        }
    }

    /// Whether it is off for whatever folder the client runs in.
    pub(in crate::cli) fn everywhere(&self) -> bool {
        !matches!(self, Self::Listed { projects, .. } if !projects.is_empty())
    }

    pub(in crate::cli) fn step(&self, name: &str, client: &Client) -> String {
        match self {
            Self::Member(member) => {
                format!("switch it on in {}, or take {member:?} out of the entry", client.name)
            }
            Self::Listed { list, .. } => {
                format!("switch it on in {}, or take {name:?} out of {list:?}", client.name)
            }
            Self::NotListed { list, .. } => format!("put {name:?} into {list:?}, or take that list out"),
        }
    }
}

/// A list of names that decides which servers a client starts.
#[derive(Debug)]
pub(in crate::cli) struct List {
    pub(super) file: File,
    /// The members that lead to it. `*` stands for every project, `.` for the one of the folder that the command runs in.
    pub(super) path: &'static [&'static str],
    pub(super) names: Names,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Names {
    /// Those that are not started.
    Off,
    /// Those that are started, and no others.
    Only,
}

/// The lists of one client, as its files have them now.
pub(in crate::cli) struct Lists(Vec<Found>);

struct Found {
    list: String,
    file: String,
    names: Names,
    /// Each with the project that it is for, if it is for one.
    has: Vec<(Option<String>, Vec<String>)>,
}

impl Lists {
    /// A file that is not there, or that cannot be read, has none.
    pub(in crate::cli) fn read(client: &Client, folders: &Folders) -> Self {
        let mut texts: Vec<(String, Value)> = Vec::new();
        let mut found = Vec::new();
        for list in client.lists {
            for path in folders.paths(&list.file) {
                let file = path.display().to_string();
                if !texts.iter().any(|(known, _)| *known == file) {
                    let text = disk::read(&path).ok().flatten().unwrap_or_default();
                    texts.push((file.clone(), jsonc::parse(&text, Dialect::Jsonc).unwrap_or_default()));
                }
                let here = folders.here.display().to_string();
                let whole = texts.iter().find(|(known, _)| *known == file);
                let has = whole.map(|(_, whole)| at(whole, list.path, &here)).unwrap_or_default();
                let members = list.path.iter().filter(|member| !matches!(**member, "projects" | "*" | "."));
                let members = members.copied().collect::<Vec<_>>().join(".");
                let list_name = if members.is_empty() { file_name(&file).to_owned() } else { members };
                found.push(Found { list: list_name, file, names: list.names, has });
            }
        }
        Self(found)
    }

    /// Why the client does not start the entry of this name, by the first list that says so.
    pub(in crate::cli) fn off(&self, name: &str) -> Option<Off> {
        self.0.iter().find_map(|found| found.off(name))
    }
}

impl Found {
    fn off(&self, name: &str) -> Option<Off> {
        let (list, file) = (self.list.clone(), self.file.clone());
        let has = |names: &[String]| names.iter().any(|one| one.trim().eq_ignore_ascii_case(name));
        match self.names {
            Names::Off => {
                let with_us: Vec<_> = self.has.iter().filter(|(_, names)| has(names)).collect();
                let projects = with_us.iter().filter_map(|(project, _)| project.clone()).collect();
                (!with_us.is_empty()).then_some(Off::Listed { list, file, projects })
            }
            // An empty one lets every server start.
            Names::Only => {
                let without_us = self.has.iter().any(|(_, names)| !names.is_empty() && !has(names));
                without_us.then_some(Off::NotListed { list, file })
            }
        }
    }
}

/// The names at the end of a path, with the project that they are for.
fn at(whole: &Value, path: &[&str], here: &str) -> Vec<(Option<String>, Vec<String>)> {
    let [projects, star @ ("*" | "."), rest @ ..] = path else {
        return end_of(whole, path).map(|list| (None, names(list))).into_iter().collect();
    };
    let all = whole.get(*projects).and_then(Value::as_object).into_iter().flatten();
    let asked = all.filter(|(project, _)| *star == "*" || project.as_str() == here);
    asked.filter_map(|(project, part)| Some((Some(project.clone()), names(end_of(part, rest)?)))).collect()
}

fn end_of<'a>(from: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(from, |value, member| value.get(*member))
}

/// The names in a list of texts or of `{"serverName": …}`, or those that an object has as `{"enabled": false}`.
fn names(list: &Value) -> Vec<String> {
    let of_item =
        |item: &Value| item.as_str().or_else(|| item.get("serverName")?.as_str()).map(str::to_owned);
    match list {
        Value::Array(items) => items.iter().filter_map(of_item).collect(),
        Value::Object(members) => {
            let is_off = |state: &Value| state.get("enabled").and_then(Value::as_bool) == Some(false);
            members.iter().filter(|(_, state)| is_off(state)).map(|(name, _)| name.clone()).collect()
        }
        _ => Vec::new(),
    }
}

//! The variables of the process, read once in `main` and passed down.

use std::collections::BTreeMap;

use super::setting::{Setting, is_variable, nearest_variable};
use crate::error::{Error, Result, did_you_mean};

/// The variables that a program was started with.
#[derive(Clone, Default)]
pub struct Environment {
    values: BTreeMap<String, String>,
    /// Names of our variables whose values are not Unicode. They are refused: leaving out a read-only would matter.
    unreadable: Vec<String>,
}

impl Environment {
    /// The environment of this process.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn of_process() -> Self {
        let mut environment = Self::default();
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(environment.values.insert(name, value)),
                Err(_) if name.starts_with("ARIES_") => environment.unreadable.push(name),
                Err(_) => {}
            }
        }
        environment
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    pub(super) fn value(&self, setting: &Setting) -> Option<&str> {
        self.get(&setting.variable())
    }

    /// `true` or `false`, in the words people use; false if it is not set.
    pub(super) fn flag(&self, setting: &Setting) -> Result<bool> {
        let name = setting.variable();
        match self.get(&name).map(str::to_lowercase).as_deref() {
            None | Some("0" | "false" | "no" | "off") => Ok(false),
            Some("1" | "true" | "yes" | "on") => Ok(true),
            Some(other) => Err(Error::usage(
                format!("{name}={other} is neither true nor false"),
                format!("set {name}=true or unset it"),
            )),
        }
    }

    pub(super) fn check_readable(&self) -> Result<()> {
        match self.unreadable.first() {
            Some(name) => Err(Error::usage(
                format!("{name} is not Unicode text"),
                format!("set {name} anew, or unset it"),
            )),
            None => Ok(()),
        }
    }

    /// Refuses a variable of ours that does not exist: a misspelt read-only would be no read-only. An empty one counts as
    /// unset.
    pub(super) fn check_known(&self) -> Result<()> {
        let Some(name) = self.unknown().next() else { return Ok(()) };
        let cause = format!("{name} is set, and is no variable of aries-mcp");
        Err(Error::usage(
            cause,
            did_you_mean(
                nearest_variable(name),
                "unset it; the page of settings, linked in the README, lists all variables",
            ),
        ))
    }

    pub(crate) fn unknown(&self) -> impl Iterator<Item = &str> {
        self.ours().filter(|name| !is_variable(name) && self.get(name).is_some())
    }

    pub(crate) fn ours(&self) -> impl Iterator<Item = &str> {
        self.values
            .keys()
            .chain(&self.unreadable)
            .map(String::as_str)
            .filter(|name| name.starts_with("ARIES_"))
    }

    #[must_use]
    pub(crate) fn with(&self, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut all = self.clone();
        all.values.extend(pairs);
        all
    }

    /// This environment without anything of ours: what a client starts from.
    #[must_use]
    pub(crate) fn without_ours(&self) -> Self {
        let mut others = self.clone();
        others.values.retain(|name, _| !name.starts_with("ARIES_"));
        others.unreadable.clear();
        others
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(pairs: [(&str, &str); N]) -> Self {
        let values = pairs.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        Self { values, unreadable: Vec::new() }
    }
}

//! A change of one client's file, from text to text. Nothing here touches a file.

use crate::cli::clients::server::Launch;

/// What is done to one server of a file.
#[derive(Debug)]
pub(super) enum Change<'a> {
    Add {
        name: &'a str,
        launch: &'a Launch,
    },
    /// Gives it another program and other words; what else stands there stays.
    Update {
        name: &'a str,
        launch: &'a Launch,
    },
    Remove {
        name: &'a str,
        /// The file before this program was added to it, if that is known.
        before: Option<&'a str>,
    },
}

/// Why a file is not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken(pub(super) String);

impl Broken {
    pub(super) fn at(line: usize, column: usize, what: &str) -> Self {
        Self(format!("line {line}, column {column}: {}", what.trim_end_matches('.')))
    }

    pub(super) fn of_member(name: &str) -> Self {
        Self(format!("{name} is not an object"))
    }

    pub(super) fn twice(name: &str) -> Self {
        Self(format!("it has {name} twice, and which one counts depends on the client"))
    }
}

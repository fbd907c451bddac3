//! A change of one client's file, from text to text. Nothing here touches a file.

use crate::cli::clients::server::Launch;
use crate::cli::clients::unread::Unread;

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
    /// Adds what the client wants of a server, and what an approval needs of it, such as time for a call; what the person
    /// has chosen stays.
    Complete {
        name: &'a str,
        launch: &'a Launch,
    },
    Remove {
        name: &'a str,
        /// The file before this program was added to it, if that is known.
        before: Option<&'a str>,
    },
}

/// Why a file is not changed, and what the person does about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) cause: String,
    pub(super) step: &'static str,
}

impl Broken {
    pub(super) fn at(line: usize, column: usize, what: &str) -> Self {
        Self {
            cause: format!("line {line}, column {column}: {}", what.trim_end_matches('.')),
            step: "correct the file there first: a comma or a bracket is the usual cause",
        }
    }

    pub(super) fn unread(unread: Unread) -> Self {
        match unread {
            Unread::Broken(line) => Self::at(line, 1, "the client cannot read it"),
            Unread::Form(line) => Self {
                cause: format!("line {line} is YAML in a form that this program does not read"),
                step: "`goose configure` adds, changes and removes extensions of such a file",
            },
        }
    }

    /// What other clients read and this one does not.
    pub(super) fn for_this_client(self) -> Self {
        Self { step: "take it out first: this client reads nothing of a file that has it", ..self }
    }

    pub(super) fn of_member(name: &str) -> Self {
        Self {
            cause: format!("{name} is not an object"),
            step: "correct the file first: the client wants an object there, {…}",
        }
    }

    pub(super) fn twice(name: &str) -> Self {
        Self {
            cause: format!("it has {name} twice, and which one counts depends on the client"),
            step: "take one of the two out, then try again",
        }
    }

    pub(super) fn taken(name: &str) -> Self {
        Self {
            cause: format!("it has a server {name:?} already, which is not this program"),
            step: "choose another name with --name",
        }
    }

    pub(super) fn several(names: &[&str]) -> Self {
        Self {
            cause: format!("it has several servers that start this program: {}", names.join(", ")),
            step: "say with --name which one the options are for",
        }
    }
}

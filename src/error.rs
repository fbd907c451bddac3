//! One error type for the whole program: what happened, what to do next, and what kind it is. The kind decides the exit
//! code of a command and what a model is told about trying again. Neither text ever carries a secret.

use std::fmt;

use crate::told::{Reader, Told};

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Wrong usage or configuration: nothing was sent. Exit code 2.
    Usage,
    /// Nobody is signed in, or the sign-in is over. Exit code 3.
    SignIn,
    /// Aries understood and refused (400); the same request will be refused again.
    Refused,
    /// The sign-in lacks the right to ask this (403). Otherwise as `Refused`.
    Forbidden,
    /// Aries knows nothing under that name, or does not have the endpoint (404). Otherwise as `Refused`.
    NotFound,
    /// Aries is asked too often (429).
    RateLimited,
    /// No usable answer (network, time limit, 5xx, broken body); a read may be tried again.
    Unavailable,
    /// What was waited for did not happen in time. Exit code 4.
    NotYet,
    /// Anything else that failed on this machine.
    Failed,
}

/// A failure with its cause and a next step; printed as two lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What kind of failure it was.
    pub kind: Kind,
    /// What happened, one sentence, no secret in it.
    pub cause: String,
    /// What to do next, one sentence.
    pub hint: Told,
}

impl Error {
    pub(crate) fn new(kind: Kind, cause: impl Into<String>, hint: impl Into<Told>) -> Self {
        Self { kind, cause: cause.into(), hint: hint.into() }
    }

    pub(crate) fn usage(cause: impl Into<String>, hint: impl Into<Told>) -> Self {
        Self::new(Kind::Usage, cause, hint)
    }

    pub(crate) fn sign_in(cause: impl Into<String>, hint: impl Into<Told>) -> Self {
        Self::new(Kind::SignIn, cause, hint)
    }

    pub(crate) fn failed(cause: impl Into<String>, hint: impl Into<Told>) -> Self {
        Self::new(Kind::Failed, cause, hint)
    }

    /// The same with a next step that only the person can take.
    pub(crate) fn for_the_person(self) -> Self {
        Self { hint: Told::person(self.hint.to(Reader::Person)), ..self }
    }

    /// The same where it is about an order, which has not left this machine.
    pub(crate) fn with_nothing_sent(self) -> Self {
        Self { hint: self.hint.and("; nothing was sent"), ..self }
    }

    pub(crate) fn of_argument(self, name: &str) -> Self {
        Self { cause: format!("`{name}`: {}", self.cause), ..self }
    }

    /// The exit code of a command that ends with this error.
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            Kind::Usage => 2,
            Kind::SignIn => 3,
            Kind::NotYet => 4,
            Kind::Refused
            | Kind::Forbidden
            | Kind::NotFound
            | Kind::RateLimited
            | Kind::Unavailable
            | Kind::Failed => 1,
        }
    }
}

/// No line of an error is longer, in characters: what Aries or a caller sent may be quoted into it.
const LONGEST_LINE: usize = 4_000;

impl Error {
    /// Two lines, whatever was quoted into them.
    pub(crate) fn to(&self, reader: Reader) -> String {
        format!("error: {}\nhint: {}", line(&self.cause), line(self.hint.to(reader)))
    }

    /// `WHAT: not available: CAUSE; HINT`, as a part of an answer.
    pub(crate) fn after(&self, what: &str) -> Told {
        Told::from(format!("{what}: {}; ", self.cause)).and(self.hint.clone())
    }
}

/// As the model reads it.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to(Reader::Model))
    }
}

fn line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => {
            let (shown, rest) = line.split_at(end);
            format!("{shown}… ({} more characters left out)", rest.chars().count())
        }
        None => line,
    }
}

impl std::error::Error for Error {}

/// The nearest valid name to a misspelt one, for hints; `None` if nothing is near.
pub(crate) fn nearest<'a>(wrong: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    valid
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= 2.max(name.len() / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

pub(crate) fn did_you_mean(near: Option<impl fmt::Display>, otherwise: &str) -> String {
    near.map_or_else(|| otherwise.to_owned(), |near| format!("did you mean {near}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_two_lines() {
        let error = Error::usage("no such option --foo", "did you mean --for?");
        assert_eq!(error.to_string(), "error: no such option --foo\nhint: did you mean --for?");
    }

    #[test]
    fn no_line_is_without_end() {
        let long = |letters: usize| Error::usage("ä".repeat(letters), "hint").to_string();
        assert_eq!(long(4_000), format!("error: {}\nhint: hint", "ä".repeat(4_000)));
        let cut = format!("error: {}… (116000 more characters left out)\nhint: hint", "ä".repeat(4_000));
        assert_eq!(long(120_000), cut);
    }

    #[test]
    fn finds_the_nearest_name() {
        assert_eq!(nearest("toolset", ["profile", "toolsets", "log"]), Some("toolsets"));
        assert_eq!(nearest("zzzzzz", ["profile", "toolsets", "log"]), None);
    }
}

//! How an answer differs from what is documented: names of members, never their values.

use super::json::Json;
use crate::error::{Error, Kind};
use crate::text::clean;
use crate::told::Told;

/// Most names of members that are told.
pub(crate) const MOST: usize = 8;
const DIFFERS: &str = "Aries' answer differs from its documentation";
/// Rows that are looked at for a member.
const ROWS: usize = 50;

/// What is missing of what is documented, and what is there under other names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    missing: Vec<String>,
    there: Vec<String>,
}

impl Difference {
    /// These members or places are missing, of what has the members of `there`.
    pub(crate) fn new<'n>(missing: impl IntoIterator<Item = &'n str>, there: &[Json<'_>]) -> Self {
        Self { missing: missing.into_iter().map(readable).collect(), there: names(there) }
    }

    /// The difference if one of these members (its names are separated by commas) is in none of the rows, and there are
    /// rows.
    pub(crate) fn of_rows(rows: &[Json<'_>], needed: &[&str]) -> Option<Self> {
        let missing: Vec<&str> = needed.iter().copied().filter(|name| !is_in_any(rows, name)).collect();
        (!rows.is_empty() && !missing.is_empty()).then(|| Self::new(missing, rows))
    }

    /// The sentence that says so.
    pub(crate) fn words(&self) -> String {
        let more = self.missing.len().saturating_sub(MOST);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let missing = self.missing.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ") + &more;
        let is_there = |name: &String| self.there.contains(name);
        let lacks = match self.missing.as_slice() {
            [one] if is_there(one) => {
                return format!("{DIFFERS}: {one} is not of the kind that is documented");
            }
            [_] => "is missing",
            _ => "are missing",
        };
        let there = match self.there.as_slice() {
            [] => "there are no members".to_owned(),
            [one] => format!("there is {one}"),
            several => format!("there are {}", several.join(", ")),
        };
        format!("{DIFFERS}: {missing} {lacks}, {there}")
    }

    /// Writes it to the log.
    pub(crate) fn warn(&self, path: &str) {
        tracing::warn!(path, missing = self.missing.join(", "), unknown = self.there.join(", "), "{DIFFERS}");
    }

    /// The refusal to decide anything by that answer.
    pub(super) fn into_error(self, path: &str) -> Error {
        self.warn(path);
        unclear(&format!("{} ({path})", self.words()))
    }
}

/// Whether a member is in any of the first rows, null or not.
pub(crate) fn is_in_any(rows: &[Json<'_>], names: &str) -> bool {
    rows.iter().take(ROWS).any(|row| row.has(names))
}

/// The error for an answer whose meaning is not certain.
pub(super) fn unclear(cause: &str) -> Error {
    let hint =
        Told::pair("nothing was decided by it; tell the person, and that ", "nothing was decided by it; ")
            .and("`aries-mcp doctor --api --save FILE` writes a report");
    Error::new(Kind::Unavailable, cause, hint)
}

/// The names of the members of these values.
fn names(values: &[Json<'_>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in values.iter().take(ROWS).flat_map(|value| value.members()) {
        let name = readable(&name);
        if names.len() < MOST && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A name as it stands in a sentence; of several spellings the first.
fn readable(name: &str) -> String {
    let first = name.split(',').find(|name| !name.is_empty()).unwrap_or("a list");
    format!("`{}`", clean(first, 40).replace('`', "'"))
}

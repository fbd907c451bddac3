//! Two members of an object that match one documented name and say different things.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::Json;

/// The first ambiguity of an answer, if there is one.
#[derive(Debug, Default)]
pub(in crate::aries) struct Ambiguity(OnceLock<[String; 2]>);

impl Ambiguity {
    /// Notes it if one of these members says something else than the chosen one.
    pub(super) fn note<'m, 'a: 'm>(
        &self,
        (name, value): &'m (Cow<'a, str>, Json<'a>),
        alike: impl IntoIterator<Item = &'m (Cow<'a, str>, Json<'a>)>,
    ) {
        let other = alike.into_iter().find(|(_, other)| !other.is_null() && !says_the_same(*value, *other));
        if let Some((other, _)) = other {
            // A later one adds nothing.
            let _ = self.0.set([name.to_string(), other.to_string()]);
        }
    }

    /// The names of both members.
    pub(in crate::aries) fn found(&self) -> Option<&[String; 2]> {
        self.0.get()
    }
}

fn says_the_same(one: Json<'_>, other: Json<'_>) -> bool {
    match (one.decimal(), other.decimal()) {
        (Some(one), Some(other)) => one == other,
        _ => one.text() == other.text() && (one.text().is_some() || one.raw() == other.raw()),
    }
}

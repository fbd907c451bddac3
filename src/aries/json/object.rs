//! An object whose members are read once: a message that comes a thousand times a second is not read anew for each of its
//! members.

use std::borrow::Cow;

use super::{Ambiguity, Json};
use crate::text::is_alike;

type Member<'a> = (Cow<'a, str>, Json<'a>);

/// An object with its members; what is no object has none.
#[derive(Debug, Clone)]
pub(crate) struct Object<'a> {
    whole: Json<'a>,
    members: Vec<Member<'a>>,
}

impl<'a> Object<'a> {
    pub(super) fn of(whole: Json<'a>) -> Self {
        Self { whole, members: whole.members() }
    }

    /// The value that was opened.
    pub(crate) fn whole(&self) -> Json<'a> {
        self.whole
    }

    /// The member behind these names, as [`Json::get`] finds it.
    pub(crate) fn get(&self, path: &str) -> Option<Json<'a>> {
        let (name, rest) = path.split_once('/').unwrap_or((path, ""));
        member(&self.members, name, self.whole.ambiguity)?.get(rest)
    }

    /// Whether a member is there, null or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        member(&self.members, name, None).is_some()
    }

    /// Its text, as [`Json::text_at`] reads it.
    pub(crate) fn text_at(&self, path: &str) -> Option<Cow<'a, str>> {
        self.get(path)?.text()
    }

    /// Its number, as [`Json::decimal_at`] reads it.
    pub(crate) fn decimal_at(&self, path: &str) -> Option<rust_decimal::Decimal> {
        self.get(path)?.decimal()
    }
}

/// The member of this name. One spelled like it wins, and among others the first; of those that are not null, if any.
pub(super) fn member<'a>(
    members: &[Member<'a>],
    name: &str,
    ambiguity: Option<&Ambiguity>,
) -> Option<Json<'a>> {
    // Of members with the same name the last counts, as everywhere in JSON.
    let spelled = members.iter().rev().find(|(own, _)| own == name);
    let alike = members.iter().filter(|(own, _)| is_alike(own, name));
    let said = spelled.filter(|(_, value)| !value.is_null());
    let said = said.or_else(|| alike.clone().find(|(_, value)| !value.is_null()));
    let chosen = said.or(spelled).or_else(|| alike.clone().next());
    if let (Some(ambiguity), Some(chosen)) = (ambiguity, chosen) {
        ambiguity.note(spelled.unwrap_or(chosen), alike);
    }
    chosen.map(|(_, value)| *value)
}

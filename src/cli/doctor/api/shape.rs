//! The members and types of an answer, without any value, and how two of them differ.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// What stands for every key that looks like a value: a symbol, a date, an id.
const ANY_KEY: &str = "*";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// Null, or a list without elements: nothing is known of it.
    Unknown,
    Boolean,
    Number,
    Text,
    List(Box<Shape>),
    Object(BTreeMap<String, Shape>),
}

/// A member by its path, with its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Member {
    pub(super) member: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Differences {
    pub(super) extra: Vec<Member>,
    pub(super) missing: Vec<Member>,
    /// Members of another type than documented, with the type that they have.
    pub(super) other: Vec<Member>,
}

impl Shape {
    /// An object without members.
    pub(super) fn nothing() -> Self {
        Self::Object(BTreeMap::new())
    }

    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Unknown,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(list) => {
                Self::List(Box::new(list.iter().map(Self::of).fold(Self::Unknown, Self::with)))
            }
            Value::Object(members) => {
                let mut object = BTreeMap::new();
                for (name, value) in members {
                    let name = if is_value(name) { ANY_KEY } else { name };
                    let known = object.remove(name).unwrap_or(Self::Unknown);
                    object.insert(name.to_owned(), known.with(Self::of(value)));
                }
                Self::Object(object)
            }
        }
    }

    /// The same with the keys that this documentation makes look like values: all keys of a map by symbols or dates, and
    /// undocumented ones in capitals.
    pub(super) fn named_as(self, documented: &Self) -> Self {
        match (self, documented) {
            (Self::List(one), Self::List(documented)) => Self::List(Box::new(one.named_as(documented))),
            (Self::Object(members), Self::Object(documented)) => {
                let mut object = BTreeMap::new();
                for (name, shape) in members {
                    let is_map =
                        documented.contains_key(ANY_KEY) || !name.chars().any(|c| c.is_ascii_lowercase());
                    let is_hidden = is_map && !documented.contains_key(&name);
                    let name = if is_hidden { ANY_KEY.to_owned() } else { name };
                    let shape = documented.get(&name).map_or(shape.clone(), |known| shape.named_as(known));
                    let known = object.remove(&name).unwrap_or(Self::Unknown);
                    object.insert(name, known.with(shape));
                }
                Self::Object(object)
            }
            (other, _) => other,
        }
    }

    /// Two elements of one list as one shape, with the members of both.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, other) | (other, Self::Unknown) => other,
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.with(*other))),
            (Self::Object(mut members), Self::Object(others)) => {
                for (name, shape) in others {
                    let known = members.remove(&name).unwrap_or(Self::Unknown);
                    members.insert(name, known.with(shape));
                }
                Self::Object(members)
            }
            (first, _) => first,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Unknown => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Text => "string",
            Self::List(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// What is found in another way than this shape documents it.
    pub(super) fn differences(&self, found: &Self) -> Differences {
        let mut differences = Differences::default();
        self.compare(found, "", &mut differences);
        differences
    }

    fn compare(&self, found: &Self, path: &str, differences: &mut Differences) {
        match (self, found) {
            (Self::Unknown, _) | (_, Self::Unknown) => {}
            (Self::List(one), Self::List(other)) => one.compare(other, path, differences),
            (Self::Object(documented), Self::Object(found)) => {
                for (name, shape) in documented {
                    match found.get(name) {
                        Some(found) => shape.compare(found, &below(path, name), differences),
                        // A map may be empty.
                        None if name == ANY_KEY => {}
                        None => differences.missing.push(shape.member(below(path, name))),
                    }
                }
                let extra = found.iter().filter(|(name, _)| !documented.contains_key(*name));
                differences.extra.extend(extra.map(|(name, shape)| shape.member(below(path, name))));
            }
            (documented, found) if documented.kind() == found.kind() => {}
            (_, found) => differences.other.push(found.member(path.to_owned())),
        }
    }

    fn member(&self, member: String) -> Member {
        Member { member, kind: self.kind() }
    }

    /// Every member with its type, for a report.
    pub(super) fn members(&self) -> Vec<Member> {
        let mut members = Vec::new();
        self.list("", &mut members);
        members
    }

    fn list(&self, path: &str, members: &mut Vec<Member>) {
        match self {
            Self::List(one) => one.list(path, members),
            Self::Object(object) => {
                for (name, shape) in object {
                    let path = below(path, name);
                    members.push(shape.member(path.clone()));
                    shape.list(&path, members);
                }
            }
            _ => {}
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

/// Tells whether a key looks like a value: no name of Aries is written in capitals alone beyond two letters, holds a year,
/// or has other characters than letters, digits and `_`.
fn is_value(key: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let in_capitals = key.len() > 2 && !key.chars().any(|c| c.is_ascii_lowercase());
    let digits = key.chars().filter(char::is_ascii_digit).count();
    in_capitals || digits > 3 || key.len() > 60 || !key.chars().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(members: &[Member]) -> Vec<String> {
        members.iter().map(|one| format!("{}: {}", one.member, one.kind)).collect()
    }

    #[test]
    fn each_difference_is_told_by_path_and_type() {
        let documented =
            Shape::of(&json!({"rows": [{"a": 1, "b": {"c": "x", "d": true}}, {"e": []}], "n": null}));
        let found = Shape::of(&json!({"rows": [{"a": "1", "b": {"c": "y", "z": [2]}, "e": [3]}], "n": 5}));
        let differences = documented.differences(&found);
        assert_eq!(names(&differences.extra), ["rows/b/z: array"]);
        assert_eq!(names(&differences.missing), ["rows/b/d: boolean"]);
        assert_eq!(names(&differences.other), ["rows/a: string"]);
        assert_eq!(documented.differences(&documented), Differences::default());
    }

    #[test]
    fn keys_that_are_values_are_not_told() {
        let map = |key: &str| Shape::of(&json!({"results": {key: {"at": 1}}}));
        for key in ["AAPL", "2026-01-02", "AR4471002", "ann@example.com", "BRK.B", "20260102"] {
            assert_eq!(
                names(&map(key).members()),
                ["results: object", "results/*: object", "results/*/at: number"]
            );
        }
        let other = map("KO").named_as(&map("AAPL"));
        assert_eq!(map("AAPL").differences(&other), Differences::default());
        assert_eq!(names(&other.members())[1], "results/*: object");
        assert_eq!(names(&Shape::of(&json!({"KO": 1})).named_as(&Shape::nothing()).members()), ["*: number"]);
        let volume = Shape::of(&json!({"T": "KO", "v": 1}));
        assert_eq!(names(&volume.clone().named_as(&volume).members()), ["T: string", "v: number"]);
    }
}

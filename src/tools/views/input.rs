//! The schema of a tool's arguments, from its rows.

use serde_json::{Value, json};

use super::arguments::{accepts, arguments, extra_fields};
use super::rows_of;
use crate::aries::endpoint::{Endpoint, Param, ParamKind};
use crate::aries::shape::Layout;
use crate::tools::cursor;
use crate::tools::schema::Object;

/// Most rows of one answer.
const MOST_ROWS: usize = 200;

/// The schema of a tool's arguments, from its rows.
pub(in crate::tools) fn input(tool: &str) -> Object {
    let rows = rows_of(tool);
    let mut properties = Object::new();
    if rows.len() > 1 {
        let words: Vec<_> = rows.iter().map(|row| format!("{}: {}", row.view, row.title)).collect();
        let names: Vec<_> = rows.iter().map(|row| row.view).collect();
        let first = names.first().copied().unwrap_or_default();
        let about = format!("{}. {first} if left out", words.join("; "));
        properties.insert("view".to_owned(), json!({"type": "string", "enum": names, "description": about}));
    }
    let required = |name: &str| {
        rows.iter().all(|row| row.params.iter().any(|param| param.name == name && param.required))
    };
    let mut needed = Vec::new();
    for param in rows.iter().flat_map(|row| arguments(row)) {
        if properties.contains_key(param.name) {
            continue;
        }
        if required(param.name) {
            needed.push(param.name);
        }
        let with: Vec<_> = rows.iter().filter(|row| accepts(row, param.name)).map(|row| row.view).collect();
        let about = match with.len() == rows.len() {
            true => param.about.to_owned(),
            false => format!("{} ({})", param.about, with.join(", ")),
        };
        properties.insert(param.name.to_owned(), property(&param, &about));
    }
    let is_list = |row: &&&Endpoint| !matches!(row.shape.layout, Layout::One { open: false });
    if rows.iter().any(|row| is_list(&row)) {
        properties.insert(
            "limit".to_owned(),
            json!({"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "description": "Most rows"}),
        );
        properties.insert(
            "cursor".to_owned(),
            json!({"type": "string", "maxLength": cursor::MOST, "description": "`next` of the answer before, same arguments"}),
        );
    }
    if rows.iter().any(|row| !extra_fields(row).is_empty()) {
        properties.insert(
            "fields".to_owned(),
            json!({"type": "array", "maxItems": 30, "items": {"type": "string", "maxLength": 40},
                   "description": "More columns by name, or all; ? lists them"}),
        );
    }
    let mut schema = Object::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !needed.is_empty() {
        schema.insert("required".to_owned(), json!(needed));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema
}

fn property(param: &Param, about: &str) -> Value {
    let text = |most: usize| json!({"type": "string", "maxLength": most, "description": about});
    match param.kind {
        ParamKind::Symbols(_) => json!({"type": "array", "minItems": 1, "maxItems": 50,
            "items": {"type": "string", "maxLength": 40}, "description": about}),
        ParamKind::Symbol(_) => text(40),
        ParamKind::Id | ParamKind::Fixed(_) => text(100),
        ParamKind::Text(most) => text(most),
        ParamKind::Whole(least, most) => {
            json!({"type": "integer", "minimum": least, "maximum": most, "description": about})
        }
        ParamKind::Flag => json!({"type": "boolean", "description": about}),
        ParamKind::Choice(words) => {
            let names: Vec<_> = words.iter().map(|(name, _)| *name).collect();
            json!({"type": "string", "enum": names, "description": about})
        }
        _ => text(40),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::derived;
    use super::*;

    #[test]
    fn an_argument_means_the_same_in_every_view_of_a_tool() {
        assert!(derived().len() >= 11);
        for tool in derived() {
            for row in rows_of(tool) {
                for param in arguments(row) {
                    assert!(!param.about.is_empty(), "{tool} {} {}", row.view, param.name);
                    let same = rows_of(tool)
                        .into_iter()
                        .flat_map(arguments)
                        .filter(|other| other.name == param.name);
                    let shape = |param: &Param| property(param, "");
                    same.for_each(|other| assert_eq!(shape(&other), shape(&param), "{tool} {}", param.name));
                }
                let names: Vec<_> = rows_of(tool).iter().map(|row| row.view).collect();
                assert_eq!(names.iter().filter(|view| **view == row.view).count(), 1, "{tool} {}", row.view);
            }
        }
    }
}

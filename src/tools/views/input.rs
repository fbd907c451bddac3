//! The schema of a tool's arguments, from its views.

use serde_json::{Value, json};

use super::arguments::{accepts, arguments, extra_fields};
use super::several::{HOLDINGS, SYMBOLS};
use super::{Companies, View, Views};
use crate::aries::endpoint::{Param, ParamKind};
use crate::tools::cursor;
use crate::tools::schema::Object;
use crate::tools::shape::Layout;

/// Most rows of one answer.
const MOST_ROWS: usize = 200;

impl Views {
    pub(in crate::tools) fn input(&self) -> Object {
        let mut properties = Object::new();
        if self.views.len() > 1 {
            properties.insert("view".to_owned(), self.choice());
        }
        let mut needed = Vec::new();
        for param in self.views.iter().flat_map(arguments) {
            if properties.contains_key(param.name) {
                continue;
            }
            if self.views.iter().all(|view| requires(view, param.name)) {
                needed.push(param.name);
            }
            properties.insert(param.name.to_owned(), property(param, &self.about(param.name)));
        }
        if self.views.iter().any(|view| view.companies == Companies::Several) {
            let listed = json!({"type": "array", "minItems": 1, "maxItems": 50,
                "items": {"type": "string", "maxLength": 40}, "description": self.about(SYMBOLS)});
            properties.insert(SYMBOLS.to_owned(), listed);
            properties
                .insert(HOLDINGS.to_owned(), json!({"type": "boolean", "description": self.about(HOLDINGS)}));
        }
        properties.extend(self.paging());
        if self.views.iter().any(|view| !extra_fields(view).is_empty()) {
            properties.insert(
                "fields".to_owned(),
                json!({"type": "array", "maxItems": 30, "items": {"type": "string", "maxLength": 40},
                       "description": "More columns; all; ? names them"}),
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

    fn choice(&self) -> Value {
        let words: Vec<_> = self.views.iter().map(|view| format!("{}: {}", view.name, view.title)).collect();
        let names: Vec<_> = self.views.iter().map(|view| view.name).collect();
        let first = names.first().copied().unwrap_or_default();
        let about = format!("{}. {first} if left out", words.join("; "));
        json!({"type": "string", "enum": names, "description": about})
    }

    /// What an argument means, and the views that it goes with unless it goes with all.
    fn about(&self, name: &str) -> String {
        let words = self.arguments.iter().find(|(argument, _)| *argument == name).map(|(_, about)| *about);
        let words = words.unwrap_or_default();
        let (with, without): (Vec<_>, Vec<_>) = self.views.iter().partition(|view| accepts(view, name));
        let names = |views: Vec<&View>| views.iter().map(|view| view.name).collect::<Vec<_>>().join(", ");
        match (with.len(), without.len()) {
            (_, 0) => words.to_owned(),
            (many, few) if few < many => format!("{words} (not {})", names(without)),
            _ => format!("{words} ({})", names(with)),
        }
    }

    /// How many rows and which ones, unless every view is a single object.
    fn paging(&self) -> Object {
        let mut properties = Object::new();
        if self.views.iter().any(|view| view.shape.layout != Layout::Object) {
            properties.insert(
                "limit".to_owned(),
                json!({"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "description": self.usual()}),
            );
            properties.insert(
                "cursor".to_owned(),
                json!({"type": "string", "maxLength": cursor::MOST, "description": "`next` of the last answer"}),
            );
        }
        properties
    }

    /// Says how many rows there are without `limit`.
    fn usual(&self) -> String {
        let counted = || self.views.iter().filter(|view| view.shape.layout != Layout::Object);
        let rows = || counted().map(|view| view.shape.usual);
        match (rows().min(), rows().max()) {
            (Some(least), Some(most)) if least != most => format!("Most rows; else {least} to {most}"),
            (Some(usual), _) => format!("Most rows; else {usual}"),
            _ => "Most rows".to_owned(),
        }
    }
}

fn requires(view: &View, name: &str) -> bool {
    view.endpoint.params.iter().any(|param| param.name == name && param.is_needed())
}

fn property(param: &Param, about: &str) -> Value {
    let text = |most: usize| json!({"type": "string", "maxLength": most, "description": about});
    match param.kind {
        ParamKind::Symbols(_) => json!({"type": "array", "minItems": 1, "maxItems": 50,
            "items": {"type": "string", "maxLength": 40}, "description": about}),
        ParamKind::Conditions => json!({"type": "array", "minItems": 1, "maxItems": 20,
            "items": {"type": "string", "maxLength": 100}, "description": about}),
        ParamKind::Ids(most) => json!({"type": "array", "minItems": 1, "maxItems": most,
            "items": {"type": "string", "maxLength": 100}, "description": about}),
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
    use super::super::tests::tools_of_views;
    use super::*;

    #[test]
    fn every_argument_is_explained_and_means_the_same_in_every_view() {
        for (tool, views) in tools_of_views() {
            for param in views.views.iter().flat_map(arguments) {
                let explained = views.arguments.iter().filter(|(name, _)| *name == param.name).count();
                assert_eq!(
                    explained, 1,
                    "explain `{}` once in the `arguments` of {}, in src/tools/research",
                    param.name, tool.name
                );
                let same = views.views.iter().flat_map(arguments).filter(|other| other.name == param.name);
                let shape = |param: &Param| property(param, "");
                same.for_each(|other| assert_eq!(shape(other), shape(param), "{} {}", tool.name, param.name));
            }
            for (name, _) in views.arguments {
                let is_used = views.views.iter().any(|view| accepts(view, name));
                assert!(is_used, "no view of {} has the argument `{name}`", tool.name);
            }
            for view in views.views {
                let same = views.views.iter().filter(|other| other.name == view.name).count();
                assert_eq!(same, 1, "{} has two views called {}", tool.name, view.name);
            }
        }
    }
}

//! The elements of an answer as a view shows them: those about other symbols are left out, and lists inside them become
//! elements of their own.

use serde_json::Value;

use super::View;
use crate::aries::Json;
use crate::aries::difference::is_in_any;
use crate::aries::endpoint::{ParamKind, Request};
use crate::aries::symbols::compare::is_same_symbol;
use crate::tools::cell::{place, word};
use crate::tools::format::count;

/// Every name of a member of an outer element begins with it, so that it does not hide one of the inner element.
const OUTER: char = '^';

/// Levels of a tree below its root.
const MOST_DEEP: usize = 6;

/// Bytes of a list in which a row that stands there twice is looked for.
const MOST_COMPARED: usize = 1024 * 1024;

pub(super) struct Elements<'a> {
    /// A list or an object, as Aries sent it.
    body: Json<'a>,
    /// What was made of it, as JSON, where something had to be left out or opened.
    changed: Option<String>,
    asked: String,
    /// What the elements that were left out are about.
    others: Vec<String>,
}

impl<'a> Elements<'a> {
    pub(super) fn of(view: &View, request: &Request, body: Json<'a>) -> Self {
        let asked = asked_symbol(request).unwrap_or_default();
        let mut elements = Self { body, changed: None, asked, others: Vec::new() };
        if let Some(member) = view.endpoint.about.filter(|_| !elements.asked.is_empty()) {
            elements.keep_asked(member);
        }
        for inner in view.inner {
            elements.open(inner);
        }
        elements.keep_distinct();
        elements
    }

    pub(super) fn json(&self) -> Json<'_> {
        match &self.changed {
            None => self.body,
            Some(text) => Json::parse(text).expect("it is put together from JSON"),
        }
    }

    /// Says which elements were left out.
    pub(super) fn about_others(&self) -> Option<String> {
        let other = word(self.others.first()?)?;
        let rows = count(self.others.len(), "row");
        let asked = &self.asked;
        Some(format!("{rows} left out: Aries answered about {other} and was asked about {asked}"))
    }

    /// Leaves out the elements whose `member` names symbols, and not the asked one.
    fn keep_asked(&mut self, member: &str) {
        let body = self.json();
        let elements = if body.is_array() { body.items() } else { vec![body] };
        let other = |element: Json<'_>| {
            let named = place(element, member)?;
            let symbols = if named.is_array() { named.items() } else { vec![named] };
            let symbols: Vec<_> = symbols.into_iter().filter_map(Json::text).collect();
            let is_asked = symbols.iter().any(|symbol| is_same_symbol(symbol, &self.asked));
            symbols.first().filter(|_| !is_asked).map(|symbol| symbol.to_string())
        };
        let others: Vec<String> = elements.iter().filter_map(|element| other(*element)).collect();
        if others.is_empty() {
            return;
        }
        let kept: Vec<&str> = elements
            .iter()
            .filter(|element| other(**element).is_none())
            .map(|element| element.raw())
            .collect();
        self.changed = Some(format!("[{}]", kept.join(",")));
        self.others = others;
    }

    /// Leaves out an element with an id that is the same, member by member, as one before it.
    fn keep_distinct(&mut self) {
        let body = self.json();
        // Of a list that is beyond any answer only its beginning is shown.
        if body.raw().len() > MOST_COMPARED {
            return;
        }
        let items = body.items();
        let mut seen = std::collections::BTreeSet::new();
        let is_new = |element: &Json<'_>| !element.has("id") || seen.insert(element.raw().to_owned());
        let kept: Vec<Json<'_>> = items.iter().copied().filter(is_new).collect();
        if kept.len() < items.len() {
            let kept: Vec<&str> = kept.iter().map(|element| element.raw()).collect();
            self.changed = Some(format!("[{}]", kept.join(",")));
        }
    }

    /// Makes each element of the list `inner` an element, with the plain members that stand around it; several lists are
    /// separated by commas. Of a list whose name ends in `*` the elements stay, and what is in their lists of this name,
    /// and so on, follows them.
    fn open(&mut self, inner: &str) {
        let body = self.json();
        let outer = body.items();
        // Elements without any of the lists stay: they are not as documented, and are shown as they are.
        if !outer.is_empty() && !is_in_any(&outer, inner.trim_end_matches('*')) {
            return;
        }
        let outer = outer.into_iter();
        let opened: Vec<String> = match inner.strip_suffix('*') {
            Some(path) => outer.flat_map(|element| branch(element, path, MOST_DEEP)).collect(),
            None => outer
                .flat_map(|element| inner.split(',').flat_map(move |path| opened(element, path)))
                .collect(),
        };
        self.changed = Some(format!("[{}]", opened.join(",")));
    }
}

/// An element, and those below it.
fn branch(element: Json<'_>, path: &str, depth: usize) -> Vec<String> {
    let below = element.get(path).filter(|_| depth > 0).map(Json::items).unwrap_or_default();
    let below = below.into_iter().flat_map(|element| branch(element, path, depth - 1));
    std::iter::once(element.raw().to_owned()).chain(below).collect()
}

/// The elements of one list inside an element.
fn opened(outer: Json<'_>, path: &str) -> Vec<String> {
    let Some(list) = outer.get(path) else { return Vec::new() };
    let mut around = vec![outer];
    let steps = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
    around.extend(steps.filter_map(|step| outer.get(step)));
    let mut outside: Vec<String> = around
        .into_iter()
        .flat_map(Json::members)
        .filter_map(|(name, value)| {
            value.text()?;
            let name = if name.starts_with(OUTER) { name.into_owned() } else { format!("{OUTER}{name}") };
            Some(format!("{}:{}", Value::String(name), value.raw()))
        })
        .collect();
    let name = path.rsplit('/').next().unwrap_or_default();
    outside.push(format!("\"{OUTER}list\":{}", Value::from(name)));
    let element = |inner: Json<'_>| {
        let own =
            inner.members().into_iter().map(|(name, value)| format!("{}:{}", Value::from(name), value.raw()));
        format!("{{{}}}", outside.iter().cloned().chain(own).collect::<Vec<_>>().join(","))
    };
    list.items().into_iter().map(element).collect()
}

/// The symbol that a request filters by.
fn asked_symbol(request: &Request) -> Option<String> {
    let params = request.endpoint.params.iter();
    let mut symbols = params.filter(|param| matches!(param.kind, ParamKind::Symbol(_)));
    let wire = symbols.next()?.wire;
    request.query.iter().find(|(name, _)| *name == wire).map(|(_, symbol)| symbol.clone())
}

//! Several symbols in one call of Aries: one of them that is badly written, or not known, does not lose the others.

use std::collections::HashSet;

use serde_json::Value;

use super::View;
use super::arguments::arguments;
use super::several::Companies;
use crate::aries::endpoint::Param;
use crate::aries::symbols::compare::is_same_symbol;
use crate::aries::{Json, Reply};
use crate::error::{Error, Kind, Result};
use crate::text::short;
use crate::told::Told;
use crate::tools::format::few;
use crate::tools::layout::Wanted;
use crate::tools::schema::Object;

/// As many symbols are named.
const MOST_NAMED: usize = 10;

/// The list of a view, if it has one and several were given.
fn list<'a>(view: &View, args: &'a Object) -> Option<(&'static Param, &'a [Value])> {
    let param = arguments(view).find(|param| param.one_of_list().is_some())?;
    let list = args.get(param.name)?.as_array()?;
    (list.len() > 1).then_some((param, list.as_slice()))
}

/// Takes what cannot be sent out of a list, and says so. Fails if nothing is left of it.
pub(super) fn sound(view: &View, args: &mut Object) -> Result<Option<Told>> {
    let Some((param, list)) = list(view, args) else { return Ok(None) };
    let one = param.one_of_list().expect("it is a list");
    let wrong = |value: &Value| one.written(Some(value)).err();
    // The same one again asks nothing more, however it is written.
    let mut seen = HashSet::new();
    let distinct = list.iter().filter(|value| one.written(Some(value)).map_or(true, |own| seen.insert(own)));
    let (kept, left_out): (Vec<Value>, Vec<Value>) =
        distinct.cloned().partition(|value| wrong(value).is_none());
    match (kept.as_slice(), left_out.as_slice()) {
        (_, []) => {
            args.insert(param.name.to_owned(), Value::Array(kept));
            Ok(None)
        }
        ([], [first, ..]) => Err(wrong(first).expect("it was left out")),
        (_, [first, ..]) => {
            let hint = wrong(first).expect("it was left out").hint;
            let named = left_out.iter().map(|value| short(value.as_str().unwrap_or(&value.to_string())));
            let named: Vec<String> = named.collect();
            args.insert(param.name.to_owned(), Value::Array(kept));
            let named = few(&named, MOST_NAMED);
            Ok(Some(Told::from(format!("left out, badly written: {named}; ")).and(hint)))
        }
    }
}

/// The elements of a list that Aries refused as a whole, to be asked for one by one: it may know the others.
pub(super) fn one_by_one(view: &View, args: &Object, error: &Error) -> Option<Companies> {
    let may_be_one = matches!(error.kind, Kind::NotFound | Kind::Refused);
    let (param, list) = list(view, args).filter(|_| may_be_one)?;
    let names = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    Some(Companies::of_list(param.name, names))
}

/// Names the symbols of which the answer has nothing.
pub(super) fn unanswered(view: &View, args: &Object, reply: &Reply, wanted: &Wanted) -> Option<String> {
    let (_, list) = list(view, args)?;
    let rows = reply.json().ok()?.list(view.endpoint.rows)?.rows.items();
    let is_about = |row: &Json<'_>, symbol: &str| {
        let texts = row.members().into_iter().filter_map(|(_, value)| value.text());
        texts.into_iter().any(|text| is_same_symbol(text.trim_start_matches("O:"), symbol))
    };
    let asked = list.iter().filter_map(Value::as_str);
    let missing: Vec<String> =
        asked.filter(|symbol| !rows.iter().any(|row| is_about(row, symbol))).map(short).collect();
    // Rows that name no symbol at all tell nothing of who is missing, nor does a page that is full.
    (!missing.is_empty() && rows.len() < wanted.limit && missing.len() < list.len())
        .then(|| format!("Aries answered nothing about {}", few(&missing, MOST_NAMED)))
}

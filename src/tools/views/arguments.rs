//! Which arguments go with a view, and those that go with all of them.

use serde_json::Value;

use super::several::{HOLDINGS, SYMBOLS};
use super::{Companies, View, Views};
use crate::aries::endpoint::{Param, ParamKind};
use crate::aries::time;
use crate::error::{Error, Result};
use crate::text::clean;
use crate::tools::cursor::{self, Begin};
use crate::tools::layout::Wanted;
use crate::tools::schema::Object;
use crate::tools::shape::Layout;

/// The arguments of a view as the model sees them.
pub(super) fn arguments(view: &View) -> impl Iterator<Item = &'static Param> {
    view.endpoint.params.iter().filter(|param| !matches!(param.kind, ParamKind::Fixed(_)))
}

pub(super) fn accepts(view: &View, name: &str) -> bool {
    let is_of_several = view.companies == Companies::Several && SEVERAL.contains(&name);
    is_of_several || arguments(view).any(|param| param.name == name)
}

/// The arguments of a view that takes several companies.
const SEVERAL: [&str; 2] = [SYMBOLS, HOLDINGS];

/// The columns that are shown on request.
pub(super) fn extra_fields(view: &View) -> Vec<&'static str> {
    view.shape.columns.iter().filter(|column| !column.usual).map(|column| column.head).collect()
}

fn further_columns(view: &View) -> String {
    match extra_fields(view).as_slice() {
        [] => format!("{} has no further columns", view.name),
        known => format!("{} has: {}, or all", view.name, known.join(", ")),
    }
}

/// Takes the question mark out of `fields`; the line that answers it stands below the rows.
pub(super) fn columns_asked_for(view: &View, args: &mut Object) -> Option<String> {
    let fields = args.get_mut("fields")?.as_array_mut()?;
    let given = fields.len();
    fields.retain(|field| field != "?");
    (fields.len() < given).then(|| match extra_fields(view).as_slice() {
        [] => further_columns(view),
        known => format!("further `fields`: {}, or all", known.join(", ")),
    })
}

/// How the words of days among the arguments were read, as `last week: 2026-11-22 to 2026-11-28`.
pub(super) fn readings(view: &View, args: &Object) -> Vec<String> {
    let of_time = arguments(view).filter(|param| param.kind.is_of_time());
    of_time.filter_map(|param| time::reading(args.get(param.name)?.as_str()?, param.toward)).collect()
}

/// Takes what every view knows (limit, cursor, fields) out of the arguments.
pub(super) fn taken(view: &View, args: &mut Object) -> Result<(Wanted, Begin)> {
    let limit =
        args.remove("limit").and_then(|limit| limit.as_u64()).and_then(|limit| usize::try_from(limit).ok());
    let begin = match args.remove("cursor").as_ref().and_then(Value::as_str) {
        None => Begin::default(),
        Some(cursor) => cursor::read(view.endpoint, cursor)?,
    };
    let fields = args.remove("fields").and_then(|fields| serde_json::from_value::<Vec<String>>(fields).ok());
    let fields = fields.unwrap_or_default();
    let open = view.shape.layout == Layout::OpenObject;
    let is_known = |field: &String| {
        open || field == "all"
            || view.shape.columns.iter().any(|column| column.head.eq_ignore_ascii_case(field))
    };
    if let Some(field) = fields.iter().find(|field| !is_known(field)) {
        let cause = format!("`fields`: there is no column {:?}", clean(field, 40));
        return Err(Error::usage(cause, further_columns(view)));
    }
    let is_usual = limit.is_none();
    Ok((Wanted { skip: begin.skip, limit: limit.unwrap_or(view.shape.usual), fields, is_usual }, begin))
}

/// Checks that every argument goes with the view and none is missing; an error names the views it goes with and ends
/// with `example`.
pub(super) fn fits(view: &View, views: &Views, args: &Object, example: &str) -> Result<()> {
    let Some(name) = args.keys().find(|name| !accepts(view, name)) else {
        let missing = arguments(view).find(|param| param.is_needed() && !args.contains_key(param.name));
        return match missing {
            Some(param) => {
                let cause = format!("`{}` is missing for {}", param.name, view.name);
                let hint = match view.instead {
                    "" => example.to_owned(),
                    instead => format!("{instead}; {example}"),
                };
                Err(Error::usage(cause, hint))
            }
            None => Ok(()),
        };
    };
    let with: Vec<_> =
        views.views.iter().filter(|other| accepts(other, name)).map(|other| other.name).collect();
    Err(Error::usage(format!("`{name}` goes with {}, not with {}", with.join(", "), view.name), example))
}

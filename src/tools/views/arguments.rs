//! Which arguments go with a view, and those that go with all of them.

use serde_json::Value;

use crate::aries::endpoint::{Endpoint, Param, ParamKind};
use crate::aries::endpoints::{FROM, TO};
use crate::aries::shape::Layout;
use crate::aries::text::clean;
use crate::error::{Error, Result};
use crate::tools::cursor;
use crate::tools::layout::Wanted;
use crate::tools::schema::Object;

/// The arguments of a row as the model sees them: a day that is asked for one at a time becomes a range.
pub(super) fn arguments(row: &Endpoint) -> Vec<Param> {
    let own = row.params.iter().filter(|param| !matches!(param.kind, ParamKind::Fixed(_)));
    own.flat_map(|param| match row.each_day == Some(param.name) {
        true => vec![FROM, TO],
        false => vec![*param],
    })
    .collect()
}

pub(super) fn accepts(row: &Endpoint, name: &str) -> bool {
    arguments(row).iter().any(|param| param.name == name)
}

pub(super) fn extra_fields(row: &Endpoint) -> Vec<&'static str> {
    row.shape.columns.iter().filter(|column| !column.usual).map(|column| column.head).collect()
}

/// Takes what every view knows (limit, cursor, fields) out of the arguments.
pub(super) fn taken(row: &'static Endpoint, args: &mut Object) -> Result<(Wanted, Option<String>)> {
    let limit =
        args.remove("limit").and_then(|limit| limit.as_u64()).and_then(|limit| usize::try_from(limit).ok());
    let (skip, page) = match args.remove("cursor").as_ref().and_then(Value::as_str) {
        None => (0, None),
        Some(cursor) => cursor::read(row, cursor)?,
    };
    let fields = args.remove("fields").and_then(|fields| serde_json::from_value::<Vec<String>>(fields).ok());
    let fields = fields.unwrap_or_default();
    let known = extra_fields(row);
    let open = matches!(row.shape.layout, Layout::One { open: true });
    let is_known = |field: &String| {
        open || field == "all"
            || row.shape.columns.iter().any(|column| column.head.eq_ignore_ascii_case(field))
    };
    if let Some(field) = fields.iter().find(|field| !is_known(field)) {
        let hint = match known.is_empty() {
            true => format!("{} has no further columns", row.view),
            false => format!("{} has: {}, or all", row.view, known.join(", ")),
        };
        return Err(Error::usage(format!("`fields`: there is no column {:?}", clean(field, 40)), hint));
    }
    Ok((Wanted { skip, limit: limit.unwrap_or(row.shape.usual), fields }, page))
}

/// Whether every argument goes with the view; an error names the views it goes with.
pub(super) fn fits(row: &Endpoint, rows: &[&'static Endpoint], args: &Object) -> Result<()> {
    let example = || format!("example: {} {}", row.tool, row.example);
    let Some(name) = args.keys().find(|name| !accepts(row, name)) else {
        let missing = row.params.iter().find(|param| {
            param.required
                && !args.contains_key(param.name)
                && !matches!(param.kind, ParamKind::Fixed(_))
                && row.each_day != Some(param.name)
        });
        return match missing {
            Some(param) => {
                Err(Error::usage(format!("`{}` is missing for {}", param.name, row.view), example()))
            }
            None => Ok(()),
        };
    };
    let with: Vec<_> = rows.iter().filter(|row| accepts(row, name)).map(|row| row.view).collect();
    Err(Error::usage(format!("`{name}` goes with {}, not with {}", with.join(", "), row.view), example()))
}

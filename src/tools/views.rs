//! Tools that are nothing but rows of the endpoint table: arguments, schema, request and answer derive from them.

use futures_util::stream::{self, StreamExt};
use jiff::ToSpan;
use serde_json::{Value, json};

use super::schema::Object;
use super::shape::{self, Shaped, Wanted};
use super::{Answer, Call};
use crate::aries::endpoint::{Endpoint, Method, Param, ParamKind, Request};
use crate::aries::endpoints::{ENDPOINTS, FROM, TO};
use crate::aries::shape::{Cursor, Layout};
use crate::aries::text::clean;
use crate::aries::{Json, Reply, time};
use crate::error::{Error, Result};

/// Most rows of one answer.
const MOST_ROWS: usize = 200;
/// Days that one call may spread over, where Aries takes one at a time.
const MOST_DAYS: i32 = 14;
/// Days asked for at the same time.
const AT_ONCE: usize = 7;
/// Longest cursor.
const MOST_CURSOR: usize = 2_100;
const NARROW: &str = "give a smaller `limit`, or fewer `fields`";

/// The rows of a tool.
pub(super) fn rows_of(tool: &str) -> Vec<&'static Endpoint> {
    ENDPOINTS.iter().copied().filter(|row| row.tool == tool && row.method == Method::Get).collect()
}

/// The schema of a tool's arguments, from its rows.
pub(super) fn input(tool: &str) -> Object {
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
            json!({"type": "string", "maxLength": MOST_CURSOR, "description": "`next` of the answer before, same arguments"}),
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

/// The arguments of a row as the model sees them: a day that is asked for one at a time becomes a range.
fn arguments(row: &Endpoint) -> Vec<Param> {
    let own = row.params.iter().filter(|param| !matches!(param.kind, ParamKind::Fixed(_)));
    own.flat_map(|param| match row.each_day == Some(param.name) {
        true => vec![FROM, TO],
        false => vec![*param],
    })
    .collect()
}

fn accepts(row: &Endpoint, name: &str) -> bool {
    arguments(row).iter().any(|param| param.name == name)
}

fn extra_fields(row: &Endpoint) -> Vec<&'static str> {
    row.shape.columns.iter().filter(|column| !column.usual).map(|column| column.head).collect()
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

/// Runs a tool of rows on arguments that fit its schema.
pub(super) async fn run(tool: &'static str, call: Call, mut args: Object) -> Result<Answer> {
    let rows = rows_of(tool);
    let view = args.remove("view");
    let found = match view.as_ref().and_then(Value::as_str) {
        Some(name) => rows.iter().find(|row| row.view == name),
        None => rows.first(),
    };
    let Some(row) = found.copied() else {
        return Err(Error::usage("`view`: there is no such view", "compare it with the tool's schema"));
    };
    let (wanted, page) = taken(row, &mut args)?;
    fits(row, &rows, &args)?;
    let requests = requests(row, &args, &wanted, page.as_deref())?;
    let mut replies = Vec::new();
    let of = u32::try_from(requests.len()).unwrap_or(u32::MAX);
    // One after the other would be slow for a fortnight of days; the order stays.
    let asked = requests.iter().map(|request| call.aries.read(request)).collect::<Vec<_>>();
    let mut arriving = stream::iter(asked).buffered(AT_ONCE);
    for done in 1.. {
        let Some(reply) = arriving.next().await else { break };
        replies.push(reply?);
        if of > 1 {
            call.progress.tell(done, of, row.title).await;
        }
    }
    answer(&call, row, &requests, &replies, &wanted, page.as_deref())
}

/// Takes what every view knows (limit, cursor, fields) out of the arguments.
fn taken(row: &'static Endpoint, args: &mut Object) -> Result<(Wanted, Option<String>)> {
    let limit =
        args.remove("limit").and_then(|limit| limit.as_u64()).and_then(|limit| usize::try_from(limit).ok());
    let (skip, page) = match args.remove("cursor").as_ref().and_then(Value::as_str) {
        None => (0, None),
        Some(cursor) => cursor_parts(row, cursor)?,
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

/// A cursor of ours: rows left out, then `~` and Aries' own name for the page.
fn cursor_parts(row: &Endpoint, cursor: &str) -> Result<(usize, Option<String>)> {
    let wrong = || {
        Error::usage(
            "`cursor` is not one of this view",
            "copy `next` of the answer before, with the same arguments",
        )
    };
    let (skip, page) = match cursor.split_once('~') {
        Some((skip, page)) => (skip, Some(page.to_owned())),
        None => (cursor, None),
    };
    let skip = if skip.is_empty() { 0 } else { skip.parse().map_err(|_| wrong())? };
    let fits = match (&page, row.shape.paging.cursor) {
        (None, _) => true,
        (Some(_), Cursor::None) => false,
        (Some(page), Cursor::Page(..)) => page.parse::<u32>().is_ok(),
        (Some(page), _) => !page.is_empty() && page.is_ascii(),
    };
    if fits && skip <= 1_000_000 { Ok((skip, page)) } else { Err(wrong()) }
}

/// Whether every argument goes with the view; an error names the views it goes with.
fn fits(row: &Endpoint, rows: &[&'static Endpoint], args: &Object) -> Result<()> {
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

fn requests(
    row: &'static Endpoint,
    args: &Object,
    wanted: &Wanted,
    page: Option<&str>,
) -> Result<Vec<Request>> {
    let each = match row.each_day {
        Some(name) => spread(name, args)?,
        None => vec![args.clone()],
    };
    let requests = each.iter().map(|args| {
        let request = row.request(args);
        let mut request = request.map_err(|error| Error {
            hint: format!("{}; example: {} {}", error.hint, row.tool, row.example),
            ..error
        })?;
        if let Some((name, most)) = row.shape.paging.limit {
            // Without a cursor of Aries' own, one row more than wanted tells whether there are more.
            let rows = match row.shape.paging.cursor {
                Cursor::None => wanted.skip + wanted.limit + 1,
                _ => wanted.limit,
            };
            request.query.push((name, rows.min(most).to_string()));
        }
        match (row.shape.paging.cursor, page) {
            (Cursor::Next, Some(page)) => request.query.push(("next", page.to_owned())),
            (Cursor::Page(name, _), Some(page)) => request.query.push((name, page.to_owned())),
            (Cursor::LastIndex, Some(page)) => {
                for (name, value) in page.split('&').filter_map(|pair| pair.split_once('=')) {
                    let known = crate::aries::shape::LAST_INDEXES.iter().find(|known| **known == name);
                    request.query.extend(known.map(|name| (*name, value.to_owned())));
                }
            }
            _ => {}
        }
        Ok(request)
    });
    requests.collect()
}

/// One set of arguments per day of the range.
fn spread(name: &str, args: &Object) -> Result<Vec<Object>> {
    let text = |name: &str| args.get(name).and_then(Value::as_str);
    let named = |name: &str, error: Error| Error { cause: format!("`{name}`: {}", error.cause), ..error };
    let from = text("from").unwrap_or("today");
    let (first, last) = time::days(from).map_err(|error| named("from", error))?;
    let last = match text("to") {
        Some(to) => time::days(to).map_err(|error| named("to", error))?.1,
        None => last,
    };
    if last < first {
        return Err(Error::usage("`to` is before `from`", "give a later `to`, or leave it out"));
    }
    let count = first.until(last).map_or(MOST_DAYS, |span| span.get_days());
    if count >= MOST_DAYS {
        let hint = format!("ask for at most {MOST_DAYS} days at a time");
        return Err(Error::usage("`to`: too many days; Aries answers this one day at a time", hint));
    }
    let days = (0..=count).map(|ahead| first.saturating_add(ahead.days()));
    let each = days.map(|day| {
        let mut args = args.clone();
        args.remove("from");
        args.remove("to");
        args.insert(name.to_owned(), json!(day.to_string()));
        args
    });
    Ok(each.collect())
}

fn answer(
    call: &Call,
    row: &'static Endpoint,
    requests: &[Request],
    replies: &[Reply],
    wanted: &Wanted,
    page: Option<&str>,
) -> Result<Answer> {
    let answers = replies.iter().map(Reply::json).collect::<Result<Vec<_>>>()?;
    let bodies: Vec<Json<'_>> = answers.iter().filter_map(|answer| shape::place(*answer, row.rows)).collect();
    let Shaped { table, total, shown, left_out, next, counted } =
        shape::shape(&row.shape, &bodies, wanted, NARROW);
    let counts = match (counted, table.is_empty()) {
        (false, false) => None,
        (false, true) => Some("nothing".to_owned()),
        (true, true) => Some("0 rows".to_owned()),
        (true, false) => Some(counted_rows(row, shown, total, wanted)),
    };
    let first = answers.first().copied();
    let facts = row.shape.head.iter().filter_map(|column| {
        let text = shape::cell(first?, column.path, column.unit).or_else(|| {
            // Facts that every row repeats stand in the first one.
            let item = *bodies.first()?.items().first()?;
            shape::cell(item, column.path, column.unit)
        })?;
        Some(if column.head.is_empty() { text } else { format!("{} {text}", column.head) })
    });
    let delayed = answers.iter().any(|answer| answer.text_at("status").as_deref() == Some("DELAYED"));
    let mut parts = vec![call.market().to_owned(), asked_for(row, requests)];
    parts.extend(facts);
    parts.extend(counts);
    parts.extend(delayed.then(|| "delayed".to_owned()));
    parts.push(format!("asked {}", time::rfc3339(time::now().timestamp())));
    parts.extend((!row.shape.units.is_empty()).then(|| row.shape.units.to_owned()));
    let mut answer = Answer::new(parts.join(" · "));
    let empty = table.is_empty();
    if !empty {
        answer = answer.table(table);
    }
    if left_out > 0 {
        let figures = super::format::count(left_out, "figure");
        answer = answer.line(format!("{figures} left out for want of room; give a smaller `limit`"));
    }
    let full = row.shape.paging.limit.is_some_and(|(_, most)| total >= wanted.limit.min(most));
    let number = page.and_then(|page| page.parse().ok());
    let cursor = match (next, page) {
        (Some(skip), Some(page)) => Some(format!("{skip}~{page}")),
        (Some(skip), None) => Some(skip.to_string()),
        (None, _) => first
            .and_then(|first| shape::next_page(row.shape.paging.cursor, first, number, full))
            .map(|page| format!("~{page}")),
    };
    answer = match cursor {
        Some(cursor) => answer.line(format!("next: cursor {cursor:?}")),
        None if empty => answer.line("Aries sent nothing for this; check the arguments, or widen the range"),
        None => answer,
    };
    Ok(answer)
}

/// `20 rows`, or `rows 21 to 40 of 143`.
fn counted_rows(row: &Endpoint, shown: usize, total: usize, wanted: &Wanted) -> String {
    match row.shape.layout {
        Layout::Turned { .. } if wanted.skip > 0 => {
            format!("periods {} to {} of {total}", wanted.skip + 1, wanted.skip + shown)
        }
        Layout::Turned { .. } if shown < total => format!("{shown} of {total} periods"),
        Layout::Turned { .. } => super::format::count(total, "period"),
        Layout::One { .. } if wanted.skip > 0 => {
            format!("figures {} to {} of {total}", wanted.skip + 1, wanted.skip + shown)
        }
        Layout::One { .. } if shown < total => format!("{shown} of {total} figures"),
        Layout::One { .. } => super::format::count(shown, "figure"),
        // How many there are in all is not known: only one more than wanted was asked for.
        _ if row.shape.paging.limit.is_some() && row.shape.paging.cursor == Cursor::None && shown < total => {
            format!("rows {} to {}, there are more", wanted.skip + 1, wanted.skip + shown)
        }
        _ if wanted.skip > 0 => format!("rows {} to {} of {total}", wanted.skip + 1, wanted.skip + shown),
        _ if shown < total => format!("{shown} of {total} rows"),
        _ => super::format::count(shown, "row"),
    }
}

/// What was really asked: the view and every argument as it was sent.
fn asked_for(row: &Endpoint, requests: &[Request]) -> String {
    let mut words = vec![row.view.to_owned()];
    let Some(first) = requests.first() else { return words.join(" ") };
    let markers = row.path.split('/').filter(|part| !part.is_empty()).zip(&first.segments);
    words.extend(markers.filter(|(part, _)| part.starts_with('{')).map(|(_, value)| value.clone()));
    let own = first.query.iter().filter(|(name, _)| {
        row.params.iter().any(|param| param.wire == *name && !matches!(param.kind, ParamKind::Fixed(_)))
    });
    for (name, value) in own {
        let param = row.params.iter().find(|param| param.wire == *name);
        match param.map(|param| (param.name, param.kind)) {
            Some((_, ParamKind::Symbol(_) | ParamKind::Symbols(_) | ParamKind::Choice(_))) => {
                words.push(readable(param, value));
            }
            Some((ours, _)) if row.each_day != Some(ours) => {
                words.push(format!("{ours} {}", readable(param, value)))
            }
            _ => {}
        }
    }
    if row.each_day.is_some() {
        let day = |request: &Request| request.query.first().map(|(_, day)| day.clone());
        words.extend(day(first));
        if let Some(last) = requests.last().and_then(day).filter(|_| requests.len() > 1) {
            words.push(format!("to {last}"));
        }
    }
    clean(&words.join(" "), 300)
}

/// A value as a person writes it: our word instead of Aries', a clock instead of a stamp.
fn readable(param: Option<&Param>, value: &str) -> String {
    match param.map(|param| param.kind) {
        Some(ParamKind::Choice(words)) => {
            words.iter().find(|(_, theirs)| *theirs == value).map_or(value, |(ours, _)| *ours).to_owned()
        }
        Some(
            ParamKind::Seconds | ParamKind::LastSecond | ParamKind::Nanoseconds | ParamKind::LastNanosecond,
        ) => time::stamp(value).map_or_else(|| value.to_owned(), time::local),
        Some(ParamKind::Text(_)) => format!("\"{}\"", clean(value, 60).replace('"', "'")),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::{TOOLS, args};

    /// Tools that derive from their rows.
    fn derived() -> Vec<&'static str> {
        let own = |tool: &&&crate::tools::Tool| {
            (tool.input)().get("properties").and_then(|map| map.get("view")).is_some()
                && !rows_of(tool.name).is_empty()
        };
        TOOLS.iter().filter(own).map(|tool| tool.name).filter(|name| *name != "get_orders").collect()
    }

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

    #[test]
    fn every_example_fits_its_view() {
        for tool in derived() {
            for row in rows_of(tool) {
                let given: Object = serde_json::from_str(row.example).unwrap();
                let mut args = args::check(&input(tool), given, true, "").unwrap();
                assert_eq!(
                    args.remove("view").and_then(|view| Some(view.as_str()? == row.view)),
                    Some(true),
                    "{}",
                    row.example
                );
                let (wanted, page) = taken(row, &mut args).unwrap();
                fits(row, &rows_of(tool), &args).unwrap();
                assert!(!requests(row, &args, &wanted, page.as_deref()).unwrap().is_empty());
            }
        }
    }

    #[test]
    fn a_cursor_is_rows_left_out_and_a_page() {
        let row = |tool: &str, view: &str| rows_of(tool).into_iter().find(|row| row.view == view).unwrap();
        let dividends = row("get_calendar", "dividends");
        assert_eq!(cursor_parts(dividends, "40~abc=").unwrap(), (40, Some("abc=".to_owned())));
        assert_eq!(cursor_parts(dividends, "~abc").unwrap(), (0, Some("abc".to_owned())));
        assert_eq!(cursor_parts(dividends, "40").unwrap(), (40, None));
        for wrong in ["x", "1.5", "-1", "~", "99999999999999999999"] {
            assert!(cursor_parts(dividends, wrong).is_err(), "{wrong}");
        }
        assert!(cursor_parts(row("get_calendar", "earnings"), "~1").is_err());
        assert!(cursor_parts(row("get_ratings", "ratings"), "~x").is_err());
        let mut args = Object::new();
        args.insert(
            "cursor".to_owned(),
            json!("~lastIndex=7&lastDisbursementDate=2026-11-01&path=/v1/users/me"),
        );
        let spent = row("get_prediction_markets", "disbursements");
        let (wanted, page) = taken(spent, &mut args).unwrap();
        let request = requests(spent, &args, &wanted, page.as_deref()).unwrap().remove(0);
        let query: Vec<_> = request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(query, ["perPage=20", "lastIndex=7", "lastDisbursementDate=2026-11-01"]);
    }

    #[test]
    fn days_are_spread() {
        let args = |from: &str, to: Option<&str>| {
            let mut args = Object::new();
            args.insert("from".to_owned(), json!(from));
            args.extend(to.map(|to| ("to".to_owned(), json!(to))));
            spread("date", &args)
        };
        assert_eq!(args("next week", None).unwrap().len(), 7);
        let two = args("2026-02-28", Some("2026-03-01")).unwrap();
        assert_eq!(serde_json::to_string(&two).unwrap(), r#"[{"date":"2026-02-28"},{"date":"2026-03-01"}]"#);
        assert!(
            args("2026-01-01", Some("2026-01-15")).is_err() && args("2026-01-01", Some("2026-01-14")).is_ok()
        );
        assert!(args("2026-01-02", Some("2026-01-01")).is_err());
    }
}

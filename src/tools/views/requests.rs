//! The requests of one call: one, or one per day where Aries takes a day at a time.

use jiff::ToSpan;
use serde_json::{Value, json};

use super::View;
use crate::aries::endpoint::{Cursor, Request};
use crate::aries::time;
use crate::error::{Error, Result};
use crate::tools::cursor;
use crate::tools::layout::Wanted;
use crate::tools::schema::Object;

/// Days that one call may spread over, where Aries takes one at a time.
const MOST_DAYS: i32 = 14;

/// Builds the requests; an error ends with `example`.
pub(super) fn requests(
    view: &View,
    args: &Object,
    wanted: &Wanted,
    page: Option<&str>,
    example: &str,
) -> Result<Vec<Request>> {
    let row = view.endpoint;
    let each = match row.each_day {
        Some(name) => spread(name, args)?,
        None => vec![args.clone()],
    };
    let requests = each.iter().map(|args| {
        let request = row.request(args);
        let mut request =
            request.map_err(|error| Error { hint: format!("{}; {example}", error.hint), ..error })?;
        set_page(&mut request, wanted, page);
        Ok(request)
    });
    requests.collect()
}

fn set_page(request: &mut Request, wanted: &Wanted, page: Option<&str>) {
    let paging = request.endpoint.paging;
    if let Some((name, most)) = paging.limit {
        // Without a cursor of Aries' own, one row more than wanted tells whether there are more.
        let rows = match paging.cursor {
            Cursor::None => wanted.skip + wanted.limit + 1,
            _ => wanted.limit,
        };
        request.query.push((name, rows.min(most).to_string()));
    }
    if let Some(page) = page {
        cursor::send(request, page);
    }
    if let Some(older) = &mut request.older {
        set_page(older, wanted, page);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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

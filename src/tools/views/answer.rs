//! The answer of a view: its first line, its table, and where it goes on.

use super::asked::asked_for;
use crate::aries::endpoint::{Endpoint, Request};
use crate::aries::shape::{Cursor, Layout};
use crate::aries::{Json, Reply, time};
use crate::error::Result;
use crate::tools::cell::{cell, place};
use crate::tools::format::count;
use crate::tools::layout::{Shaped, Wanted, lay_out};
use crate::tools::{Answer, Call, cursor};

const NARROW: &str = "give a smaller `limit`, or fewer `fields`";

pub(super) fn answer(
    call: &Call,
    row: &'static Endpoint,
    requests: &[Request],
    replies: &[Reply],
    wanted: &Wanted,
    page: Option<&str>,
) -> Result<Answer> {
    let answers = replies.iter().map(Reply::json).collect::<Result<Vec<_>>>()?;
    let bodies: Vec<Json<'_>> = answers.iter().filter_map(|answer| place(*answer, row.rows)).collect();
    let Shaped { table, total, shown, left_out, next, counted } =
        lay_out(&row.shape, &bodies, wanted, NARROW);
    let counts = match (counted, table.is_empty()) {
        (false, false) => None,
        (false, true) => Some("nothing".to_owned()),
        (true, true) => Some("0 rows".to_owned()),
        (true, false) => Some(counted_rows(row, shown, total, wanted)),
    };
    let first = answers.first().copied();
    let facts = row.shape.head.iter().filter_map(|column| {
        let text = cell(first?, column.path, column.unit).or_else(|| {
            // Facts that every row repeats stand in the first one.
            let item = *bodies.first()?.items().first()?;
            cell(item, column.path, column.unit)
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
        let figures = count(left_out, "figure");
        answer = answer.line(format!("{figures} left out for want of room; give a smaller `limit`"));
    }
    let full = row.shape.paging.limit.is_some_and(|(_, most)| total >= wanted.limit.min(most));
    let number = page.and_then(|page| page.parse().ok());
    let cursor = match (next, page) {
        (Some(skip), Some(page)) => Some(format!("{skip}~{page}")),
        (Some(skip), None) => Some(skip.to_string()),
        (None, _) => first
            .and_then(|first| cursor::next_page(row.shape.paging.cursor, first, number, full))
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
        Layout::Turned { .. } => count(total, "period"),
        Layout::One { .. } if wanted.skip > 0 => {
            format!("figures {} to {} of {total}", wanted.skip + 1, wanted.skip + shown)
        }
        Layout::One { .. } if shown < total => format!("{shown} of {total} figures"),
        Layout::One { .. } => count(shown, "figure"),
        // How many there are in all is not known: only one more than wanted was asked for.
        _ if row.shape.paging.limit.is_some() && row.shape.paging.cursor == Cursor::None && shown < total => {
            format!("rows {} to {}, there are more", wanted.skip + 1, wanted.skip + shown)
        }
        _ if wanted.skip > 0 => format!("rows {} to {} of {total}", wanted.skip + 1, wanted.skip + shown),
        _ if shown < total => format!("{shown} of {total} rows"),
        _ => count(shown, "row"),
    }
}

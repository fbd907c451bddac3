//! The answer of a view: its first line, its table, and where it goes on.

use super::View;
use super::asked::asked_for;
use super::extent::{MoreRows, extent};
use crate::aries::endpoint::{Paging, Request};
use crate::aries::{Json, Reply, time};
use crate::error::Result;
use crate::tools::cell::{cell, place};
use crate::tools::cursor::{self, Filled};
use crate::tools::format::count;
use crate::tools::layout::{Shaped, Wanted, lay_out};
use crate::tools::{Answer, Call};

const NARROW: &str = "give a smaller `limit`, or fewer `fields`";

pub(super) fn answer(
    call: &Call,
    view: &View,
    requests: &[Request],
    replies: &[Reply],
    wanted: &Wanted,
    page: Option<&str>,
) -> Result<Answer> {
    let (row, shape) = (view.endpoint, &view.shape);
    let answers = replies.iter().map(Reply::json).collect::<Result<Vec<_>>>()?;
    let bodies: Vec<Json<'_>> = answers.iter().filter_map(|answer| place(*answer, row.rows)).collect();
    let Shaped { table, total, shown, left_out, next, counted } = lay_out(shape, &bodies, wanted, NARROW);
    let full = row.paging.limit.is_some_and(|(_, most)| total >= wanted.limit.min(most));
    let filled = if full { Filled::Fully } else { Filled::Partly };
    let number = page.and_then(|page| page.parse().ok());
    let first = answers.first().copied();
    let next_page = first.and_then(|first| cursor::next_page(row.paging.cursor, first, number, filled));
    let more = MoreRows::after(row, total, wanted, next_page.as_deref());
    let counts = match (counted, table.is_empty()) {
        (false, false) => None,
        (false, true) => Some("nothing".to_owned()),
        (true, true) => Some("0 rows".to_owned()),
        (true, false) => Some(extent(view, (shown, total), wanted, page, more)),
    };
    let facts = shape.head.iter().filter_map(|column| {
        let text = cell(first?, column.path, column.unit).or_else(|| {
            // Facts that every row repeats stand in the first one.
            let item = *bodies.first()?.items().first()?;
            cell(item, column.path, column.unit)
        })?;
        Some(if column.head.is_empty() { text } else { format!("{} {text}", column.head) })
    });
    let delayed = answers.iter().any(|answer| answer.text_at("status").as_deref() == Some("DELAYED"));
    let mut parts = vec![call.market().to_owned(), asked_for(view, requests)];
    parts.extend(facts);
    parts.extend(counts);
    parts.extend(delayed.then(|| "delayed".to_owned()));
    parts.push(format!("asked {}", time::rfc3339(time::now().timestamp())));
    parts.extend((!shape.units.is_empty()).then(|| shape.units.to_owned()));
    let mut answer = Answer::new(parts.join(" · "));
    let empty = table.is_empty();
    if !empty {
        answer = answer.table(table);
    }
    if left_out > 0 {
        let figures = count(left_out, "figure");
        answer = answer.line(format!("{figures} left out for want of room; give a smaller `limit`"));
    }
    let cursor = match (next, page) {
        (Some(skip), Some(page)) => Some(format!("{skip}~{page}")),
        (Some(skip), None) => Some(skip.to_string()),
        (None, _) => next_page.map(|page| format!("~{page}")),
    };
    Ok(match (cursor, row.paging) {
        (Some(cursor), _) => answer.line(format!("next: cursor {cursor:?}")),
        (None, _) if empty && page.is_some() => answer.line("nothing further; the page before was the last"),
        (None, _) if empty => {
            answer.line("Aries sent nothing for this; check the arguments, or widen the range")
        }
        (None, _) if more == MoreRows::None => answer,
        (None, Paging { limit: Some((_, most)), .. }) => {
            answer.line(format!("Aries sends at most {}", count(most, "row")))
        }
        (None, _) => answer.line("for older ones give an earlier `to`"),
    })
}

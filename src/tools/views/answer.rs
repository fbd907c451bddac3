//! The answer of a view: its first line, its table, and where it goes on.

use super::View;
use super::asked::asked_for;
use super::elements::Elements;
use super::extent::{MoreRows, extent};
use crate::aries::endpoint::{Paging, Request};
use crate::aries::json::Found;
use crate::aries::{Json, Reply, time};
use crate::error::Result;
use crate::tools::answer::Answer;
use crate::tools::call::Call;
use crate::tools::cell::cell;
use crate::tools::cursor::{self, Begin, Filled};
use crate::tools::format::count;
use crate::tools::layout::{Rows, Shaped, Wanted, lay_out, members};

const NARROW: &str = "give a smaller `limit`, or fewer `fields`";
const NOTHING: &str = "Aries sent nothing for this; check the arguments, or widen the range";

/// Writes the answer, which begins where `begin` says.
pub(super) fn answer(
    call: &Call,
    view: &View,
    request: &Request,
    reply: &Reply,
    wanted: &Wanted,
    begin: &Begin,
) -> Result<Answer> {
    let page = begin.page.as_deref();
    let row = view.endpoint;
    let whole = reply.json()?;
    let rows = Rows::find(&view.shape, row.rows, whole);
    let sent = rows.found.as_ref().map(|found| found.rows.raw()).unwrap_or_default();
    let asked_at = format!("asked {}", time::rfc3339(time::now().timestamp()));
    if begin.was_shown(sent) {
        let head = [call.market().to_owned(), asked_for(view, request), "0 rows".to_owned(), asked_at];
        return Ok(Answer::new(head.join(" · "))
            .line("Aries sends a page that it sent before, so this is the end; rows may be missing"));
    }
    let elements = rows.found.as_ref().map(|found| Elements::of(view, request, found.rows));
    let bodies: Vec<Json<'_>> = elements.iter().map(Elements::json).collect();
    let difference = rows.difference(&view.shape, bodies.first().copied());
    let shaped = match &difference {
        None => lay_out(&view.shape, &bodies, wanted, NARROW),
        Some((_, there)) => members(there, wanted, NARROW),
    };
    let found = rows.found.unwrap_or_else(|| Found::whole(whole));
    // A page that leads to itself or that holds nothing is the last one.
    let leads_on = |next: &String| Some(next.as_str()) != page && shaped.total > 0;
    let next_page = next_page(view, &found, &shaped, wanted, page).filter(leads_on);
    let more = MoreRows::after(row, shaped.total, wanted, next_page.as_deref());
    let mut parts = vec![call.market().to_owned(), asked_for(view, request)];
    parts.extend(facts(view, &found, &bodies));
    parts.extend(counts(view, &shaped, wanted, page, more));
    let is_delayed = found.text_at("status").as_deref() == Some("DELAYED");
    parts.extend(is_delayed.then(|| "delayed".to_owned()));
    parts.push(asked_at);
    parts.extend((!view.shape.units.is_empty()).then(|| view.shape.units.to_owned()));
    let mut answer = Answer::new(parts.join(" · "));
    if let Some((difference, _)) = &difference {
        difference.warn(row.path);
        answer = answer.line(difference.words());
    }
    let is_empty = shaped.table.is_empty();
    if !is_empty {
        answer = answer.table(shaped.table);
    }
    let others = elements.as_ref().and_then(Elements::about_others);
    let is_about_others = others.is_some();
    answer = others.into_iter().fold(answer, Answer::line);
    answer = shaped.notes.into_iter().fold(answer, Answer::line);
    if shaped.left_out > 0 {
        let figures = count(shaped.left_out, "figure");
        answer = answer.line(format!("{figures} left out for want of room; give a smaller `limit`"));
    }
    let cursor = match shaped.next {
        Some(skip) => Some(begin.behind(skip)),
        None => next_page.map(|page| begin.to(&page, sent)),
    };
    Ok(match (cursor, row.paging) {
        (Some(cursor), _) => answer.line(format!("next: cursor {cursor:?}")),
        (None, _) if is_empty && page.is_some() => {
            answer.line("nothing further; the page before was the last")
        }
        (None, _) if is_empty && is_about_others => answer,
        (None, _) if is_empty => {
            let usual = Some(view.shape.empty).filter(|words| !words.is_empty()).unwrap_or(NOTHING);
            answer.line(format!("{usual}{}", reply.remark_on_absence()))
        }
        (None, Paging { limit: Some((_, most)), .. }) if more != MoreRows::None => {
            answer.line(format!("Aries sends at most {}", count(most, "row")))
        }
        (None, _) => answer,
    })
}

/// Aries' name of the next page, if there is one.
fn next_page(
    view: &View,
    found: &Found<'_>,
    shaped: &Shaped,
    wanted: &Wanted,
    page: Option<&str>,
) -> Option<String> {
    let paging = view.endpoint.paging;
    let is_full = paging.limit.is_some_and(|(_, most)| shaped.total >= wanted.limit.min(most));
    let filled = if is_full { Filled::Fully } else { Filled::Partly };
    let number = page.and_then(|page| page.parse().ok());
    cursor::next_page(paging.cursor, found, number, filled)
}

/// Facts about the whole answer; what every row repeats is read from the first one.
fn facts(view: &View, found: &Found<'_>, bodies: &[Json<'_>]) -> Vec<String> {
    let fact = |column: &crate::tools::shape::Column| {
        let around = || found.around().iter();
        let text = around()
            .find_map(|value| cell(*value, column.path, column.unit))
            .or_else(|| cell(*bodies.first()?.items().first()?, column.path, column.unit))?;
        Some(if column.head.is_empty() { text } else { format!("{} {text}", column.head) })
    };
    view.shape.head.iter().filter_map(fact).collect()
}

/// How many rows are shown; nothing for a single object.
fn counts(
    view: &View,
    shaped: &Shaped,
    wanted: &Wanted,
    page: Option<&str>,
    more: MoreRows,
) -> Option<String> {
    match (shaped.counted, shaped.table.is_empty()) {
        (false, false) => None,
        (false, true) => Some("nothing".to_owned()),
        (true, true) => Some("0 rows".to_owned()),
        (true, false) => Some(extent(view, (shaped.shown, shaped.total), wanted, page, more)),
    }
}

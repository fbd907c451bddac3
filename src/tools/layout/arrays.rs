//! Parallel arrays beside `t`, one per figure.

use super::{MOST_CHARACTERS, MOST_OPEN, Shaped, Wanted};
use crate::aries::Json;
use crate::aries::json::is_alike;
use crate::tools::answer::Table;
use crate::tools::cell::{figure, moment, word};
use crate::tools::shape::Unit;

/// Newest last; values before an indicator has warmed up are 0 and left out.
pub(super) fn arrays(bodies: &[Json<'_>], wanted: &Wanted, narrow: &'static str) -> Shaped {
    let Some(body) = bodies.first() else { return Shaped::nothing(narrow) };
    let times = body.get("t").map(Json::items).unwrap_or_default();
    let bars = ["o", "h", "l", "c", "v", "s", "t"];
    let outputs: Vec<(String, Vec<Json<'_>>)> = body
        .members()
        .into_iter()
        .filter(|(name, value)| value.is_array() && !bars.iter().any(|bar| is_alike(bar, name)))
        .take(MOST_OPEN)
        .map(|(name, value)| (name.into_owned(), value.items()))
        .collect();
    let is_warm = |at: usize| {
        outputs.iter().any(|(_, list)| {
            list.get(at).and_then(|value| value.decimal()).is_some_and(|number| !number.is_zero())
        })
    };
    let first = (0..times.len()).find(|at| is_warm(*at)).unwrap_or(times.len());
    let total = times.len() - first;
    let header = std::iter::once(Some("time".to_owned())).chain(outputs.iter().map(|(name, _)| word(name)));
    let mut table = Table::with_header(header.flatten().collect(), narrow);
    // The newest rows count; `skip` leaves out newer ones.
    let end = times.len().saturating_sub(wanted.skip).max(first);
    let begin = end.saturating_sub(wanted.limit).max(first);
    let mut left = MOST_CHARACTERS;
    for at in begin..end {
        let stamp = times.get(at).and_then(|stamp| moment(&stamp.text()?));
        let values = outputs.iter().map(|(_, list)| figure(list.get(at)?.decimal()?, Unit::Number));
        table.row_within(std::iter::once(stamp).chain(values), &mut left);
    }
    let shown = table.len();
    let next = (begin > first).then_some(wanted.skip + end - begin);
    Shaped { next, ..Shaped::new(table, shown, total, wanted) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;
    use super::*;
    use crate::tools::shape::{Layout, Shape};

    #[test]
    fn warm_up_is_left_out_and_the_newest_stay() {
        let shape = Shape { layout: Layout::Arrays, ..Shape::TABLE };
        let text = r#"{"sma":[0,0,1.5,1.6],"t":[1767225600,1767312000,1767398400,1767484800]}"#;
        let wanted = Wanted { skip: 0, limit: 1, fields: Vec::new() };
        assert_eq!(shown(&shape, text, &wanted), ("time|sma\n2026-01-04|1.6".to_owned(), 2, Some(1)));
        let older = Wanted { skip: 1, ..wanted };
        assert_eq!(shown(&shape, text, &older), ("time|sma\n2026-01-03|1.5".to_owned(), 2, None));
    }
}

//! Parallel arrays beside `t`, one per figure.

use super::levels::levels;
use super::{MOST_CHARACTERS, MOST_OPEN, Shaped, Wanted, chosen};
use crate::aries::Json;
use crate::aries::json::is_alike;
use crate::tools::answer::Table;
use crate::tools::cell::{figure, moment, word};
use crate::tools::shape::{Shape, Unit};

/// Newest last; values before an indicator has warmed up are 0 and left out.
pub(super) fn arrays(shape: &Shape, bodies: &[Json<'_>], wanted: &Wanted, narrow: &'static str) -> Shaped {
    let Some(body) = bodies.first() else { return Shaped::nothing(narrow) };
    let times = body.get("t").map(Json::items).unwrap_or_default();
    let outputs = outputs(shape, *body, wanted);
    let is_warm = |at: usize| {
        outputs.iter().any(|(_, _, list)| {
            list.get(at).and_then(|value| value.decimal()).is_some_and(|number| !number.is_zero())
        })
    };
    let first = (0..times.len()).find(|at| is_warm(*at)).unwrap_or(times.len());
    let total = times.len() - first;
    let header = std::iter::once(Some("time".to_owned())).chain(outputs.iter().map(|(name, ..)| word(name)));
    let mut table = Table::with_header(header.flatten().collect(), narrow);
    // The newest rows count; `skip` leaves out newer ones.
    let end = times.len().saturating_sub(wanted.skip).max(first);
    let begin = end.saturating_sub(wanted.limit).max(first);
    let mut left = MOST_CHARACTERS;
    for at in begin..end {
        let stamp = times.get(at).and_then(|stamp| moment(&stamp.text()?));
        let values = outputs.iter().map(|(_, unit, list)| figure(list.get(at)?.decimal()?, *unit));
        table.row_within(std::iter::once(stamp).chain(values), &mut left);
    }
    let shown = table.len();
    let next = (begin > first).then_some(wanted.skip + end - begin);
    let newest = |list: &[Json<'_>]| list.get(end.checked_sub(1).filter(|at| *at >= begin)?)?.decimal();
    let notes = outputs.iter().filter_map(|(name, _, list)| levels(name, newest(list)?)).collect();
    Shaped { next, notes, ..Shaped::new(table, shown, total, wanted) }
}

/// The figures that are shown: name, unit and values.
fn outputs<'a>(shape: &Shape, body: Json<'a>, wanted: &Wanted) -> Vec<(String, Unit, Vec<Json<'a>>)> {
    let columns = chosen(shape, wanted).into_iter().map(|column| {
        let values = body.get(column.path).map(Json::items).unwrap_or_default();
        (column.head.to_owned(), column.unit, values)
    });
    let bars = ["o", "h", "l", "c", "v", "s", "t"];
    let found = body.members().into_iter().filter(|(name, value)| {
        shape.columns.is_empty() && value.is_array() && !bars.iter().any(|bar| is_alike(bar, name))
    });
    let found = found.take(MOST_OPEN).map(|(name, value)| (name.into_owned(), Unit::Number, value.items()));
    columns.chain(found).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;
    use super::*;
    use crate::tools::shape::Layout;

    #[test]
    fn warm_up_is_left_out_and_the_newest_stay() {
        let shape = Shape { layout: Layout::Arrays, ..Shape::TABLE };
        let text = r#"{"sma":[0,0,1.5,1.6],"t":[1767225600,1767312000,1767398400,1767484800]}"#;
        let wanted = Wanted { skip: 0, limit: 1, ..Wanted::default() };
        assert_eq!(shown(&shape, text, &wanted), ("time|sma\n2026-01-04|1.6".to_owned(), 2, Some(1)));
        let older = Wanted { skip: 1, ..wanted };
        assert_eq!(shown(&shape, text, &older), ("time|sma\n2026-01-03|1.5".to_owned(), 2, None));
    }
}

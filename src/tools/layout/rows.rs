//! One element is one row.

use super::days::days;
use super::sort::sort;
use super::{MOST_CHARACTERS, MOST_OPEN, Shaped, Wanted, chosen};
use crate::aries::Json;
use crate::aries::json::is_alike;
use crate::tools::answer::Table;
use crate::tools::cell::{cell, place, unnamed};
use crate::tools::shape::{Column, Layout, Shape};

pub(super) fn rows(shape: &Shape, bodies: &[Json<'_>], wanted: &Wanted, narrow: &'static str) -> Shaped {
    let mut items: Vec<Json<'_>> = bodies.iter().flat_map(|body| body.items()).collect();
    sort(&mut items, shape.order);
    let total = items.len();
    let columns = chosen(shape, wanted);
    if let [only] = columns.as_slice()
        && only.path.is_empty()
    {
        return bare_values(only, &items, wanted, narrow);
    }
    let open = match shape.layout {
        Layout::OpenTable => discovered(&items, shape),
        _ => Vec::new(),
    };
    let present = |column: &&&Column| {
        shape.layout != Layout::OpenTable || items.iter().any(|item| place(*item, column.path).is_some())
    };
    let columns: Vec<&Column> = columns.iter().filter(present).copied().collect();
    let heads = columns.iter().map(|column| column.head.to_owned()).chain(open.iter().cloned());
    let mut table = Table::with_header(heads.collect(), narrow);
    // The first row is shown however long it is: one is better than none.
    let mut left = MOST_CHARACTERS;
    for item in items.iter().skip(wanted.skip).take(wanted.limit) {
        let cells = columns.iter().map(|column| cell(*item, column.path, column.unit));
        let cells = cells.chain(open.iter().map(|name| unnamed(name, item.get(name)?)));
        if !table.row_within(cells, &mut left) {
            break;
        }
        if table.len() == 1 {
            left = wanted.room().saturating_sub(MOST_CHARACTERS - left);
        }
    }
    let shown = table.len();
    let days = days(shape, items.get(wanted.skip..wanted.skip + shown).unwrap_or_default());
    Shaped { days, ..Shaped::new(table, shown, total, wanted) }
}

/// A list of bare values stands in one line.
fn bare_values(column: &Column, items: &[Json<'_>], wanted: &Wanted, narrow: &'static str) -> Shaped {
    let values = items.iter().skip(wanted.skip).take(wanted.limit);
    let values: Vec<String> = values.filter_map(|item| cell(*item, "", column.unit)).collect();
    let mut table = Table::bare(narrow);
    let mut left = MOST_CHARACTERS;
    if !values.is_empty() {
        table.row_within([Some(format!("{}: {}", column.head, values.join(" ")))], &mut left);
    }
    let end = wanted.skip + wanted.limit;
    let next = (end < items.len()).then_some(end);
    Shaped { next, counted: false, ..Shaped::new(table, values.len(), items.len(), wanted) }
}

/// The plain members of rows whose members are not documented, without those that a column names.
fn discovered(items: &[Json<'_>], shape: &Shape) -> Vec<String> {
    let named: Vec<&str> = shape.columns.iter().flat_map(|column| column.path.split(',')).collect();
    let mut found: Vec<String> = Vec::new();
    for (name, value) in items.iter().take(20).flat_map(|item| item.members()) {
        let fits = name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if fits
            && value.text().is_some()
            && !named.iter().any(|known| is_alike(known, &name))
            && !found.iter().any(|one| *one == name)
        {
            found.push(name.into_owned());
        }
        if found.len() + shape.columns.len() >= MOST_OPEN {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::lay_out;
    use super::super::tests::{TWO, json, shown};
    use super::*;
    use crate::tools::shape::{Order, Unit, col};

    #[test]
    fn rows_are_sorted_cut_and_continued() {
        let text = r#"[{"s":"A","v":"9"},{"s":"B","v":10},{"s":"C"},{"s":"D","w":11}]"#;
        let wanted = Wanted { skip: 0, limit: 2, fields: vec!["V".to_owned()], ..Wanted::default() };
        let shape = Shape { order: Order::Down("v,w"), ..TWO };
        assert_eq!(shown(&shape, text, &wanted), ("s|v\nD|11\nB|10".to_owned(), 4, Some(2)));
        let rest = Wanted { skip: 2, limit: 2, ..Wanted::default() };
        assert_eq!(shown(&shape, text, &rest), ("s\nA\nC".to_owned(), 4, None));
    }

    #[test]
    fn where_nobody_said_how_many_rows_there_shall_be_an_answer_stays_short_and_goes_on() {
        let text = format!("[{}]", vec![format!(r#"{{"s":"{}"}}"#, "x".repeat(900)); 9].join(","));
        const COLUMNS: &[Column] = &[col("s", "s", Unit::Text(9_000))];
        let shape = Shape { columns: COLUMNS, ..Shape::TABLE };
        let next = |is_usual: bool| {
            let wanted = Wanted { limit: 20, is_usual, ..Wanted::default() };
            shown(&shape, &text, &wanted).2
        };
        assert_eq!((next(true), next(false)), (Some(6), None));
        let long = format!(r#"[{{"s":"{}"}},{{"s":"b"}}]"#, "x".repeat(9_000));
        let wanted = Wanted { limit: 20, is_usual: true, ..Wanted::default() };
        assert_eq!(shown(&shape, &long, &wanted).2, Some(1));
    }

    #[test]
    fn the_days_of_rows_in_another_order_are_told() {
        const COLUMNS: &[Column] = &[col("d", "d", Unit::Date), col("v", "v", Unit::Number)];
        let text = r#"[{"d":"2026-11-25","v":1},{"d":"2026-11-27","v":3},{"d":"2026-11-24","v":2}]"#;
        let days = |order: Order, limit: usize| {
            let shape = Shape { columns: COLUMNS, order, ..Shape::TABLE };
            lay_out(&shape, &[json(text)], &Wanted { limit, ..Wanted::default() }, "").days
        };
        assert_eq!(days(Order::Down("v"), 3).as_deref(), Some("2026-11-24 to 2026-11-27"));
        assert_eq!(days(Order::Down("v"), 1).as_deref(), Some("2026-11-27"));
        assert_eq!(days(Order::Down("d"), 3), None);
    }
}

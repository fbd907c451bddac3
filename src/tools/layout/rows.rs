//! One element is one row.

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
    let mut left = MOST_CHARACTERS;
    for item in items.iter().skip(wanted.skip).take(wanted.limit) {
        let cells = columns.iter().map(|column| cell(*item, column.path, column.unit));
        let cells = cells.chain(open.iter().map(|name| unnamed(name, item.get(name)?)));
        if !table.row_within(cells, &mut left) {
            break;
        }
    }
    let shown = table.len();
    Shaped::new(table, shown, total, wanted)
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
    use super::super::tests::{TWO, shown};
    use super::*;
    use crate::tools::shape::Order;

    #[test]
    fn rows_are_sorted_cut_and_continued() {
        let text = r#"[{"s":"A","v":"9"},{"s":"B","v":10},{"s":"C"},{"s":"D","w":11}]"#;
        let wanted = Wanted { skip: 0, limit: 2, fields: vec!["V".to_owned()] };
        let shape = Shape { order: Order::Down("v,w"), ..TWO };
        assert_eq!(shown(&shape, text, &wanted), ("s|v\nD|11\nB|10".to_owned(), 4, Some(2)));
        let rest = Wanted { skip: 2, limit: 2, fields: Vec::new() };
        assert_eq!(shown(&shape, text, &rest), ("s\nA\nC".to_owned(), 4, None));
    }
}

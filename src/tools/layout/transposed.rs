//! One element is one period: periods become columns, figures become rows.

use std::collections::HashSet;

use super::periods::Periods;
use super::sort::sort;
use super::{MOST_CHARACTERS, Shaped, Wanted, chosen};
use crate::aries::Json;
use crate::aries::json::is_alike;
use crate::tools::answer::Table;
use crate::tools::cell::{cell, date, word};
use crate::tools::shape::{Layout, Shape, Unit};

pub(super) fn transposed(
    shape: &Shape,
    label: &[&str],
    bodies: &[Json<'_>],
    wanted: &Wanted,
    narrow: &'static str,
) -> Shaped {
    let mut items: Vec<Json<'_>> = bodies.iter().flat_map(|body| body.items()).collect();
    sort(&mut items, shape.order);
    let total = items.len();
    let periods = Periods::of(&items, label);
    let shown: Vec<Json<'_>> = items.into_iter().skip(wanted.skip).take(wanted.limit.min(20)).collect();
    let range = wanted.skip..wanted.skip + shown.len();
    // The first name of the period that there is; the others say the same.
    let named = |item: &Json<'_>| {
        label.iter().find_map(|path| date(&item.text_at(path)?)).unwrap_or_else(|| "—".to_owned())
    };
    let mut header = vec!["figure".to_owned()];
    header.extend(shown.iter().map(named));
    let mut table = Table::with_header(header, narrow);
    let mut left = MOST_CHARACTERS;
    let mut left_out = 0;
    let mut row = |table: &mut Table, head: Option<String>, path: &str, unit: Unit, left: &mut usize| {
        let cells: Vec<_> = shown.iter().map(|item| cell(*item, path, unit)).collect();
        if cells.iter().any(Option::is_some) && !table.row_within(std::iter::once(head).chain(cells), left) {
            left_out += 1;
        }
    };
    for column in chosen(shape, wanted) {
        row(&mut table, Some(column.head.to_owned()), column.path, column.unit, &mut left);
    }
    // Where no column is there, what is there is shown under its own name.
    let is_open = match shape.layout {
        Layout::OpenTransposed { .. } => table.is_empty() || wanted.fields.iter().any(|field| field == "all"),
        _ => shape.columns.is_empty(),
    };
    if is_open {
        for name in unnamed(shape, label, &shown) {
            let plain = name.replace('_', "").to_lowercase();
            // A price beside amounts in millions.
            let per_share = plain.starts_with("eps") || plain.ends_with("eps") || plain.contains("pershare");
            let is_name = name.len() <= 60 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            let head = if is_name { Some(name.clone()) } else { word(&name) };
            row(&mut table, head, &name, if per_share { Unit::Number } else { Unit::Whole }, &mut left);
        }
    }
    for column in shape.growth {
        let growth = periods.growth(column, range.clone());
        if growth.iter().any(Option::is_some) {
            let head = Some(format!("{} year on year %", column.head));
            table.row_within(std::iter::once(head).chain(growth), &mut left);
        }
    }
    let twelve = periods.last_twelve_months(shape.growth).filter(|_| wanted.skip == 0);
    let notes = twelve.into_iter().chain(periods.remarks(range)).collect();
    Shaped { left_out, notes, ..Shaped::new(table, shown.len(), total, wanted) }
}

/// The members that neither name the period nor have a column. One with a slash in its name is not a path of ours.
fn unnamed(shape: &Shape, label: &[&str], rows: &[Json<'_>]) -> Vec<String> {
    let columns = shape.columns.iter().flat_map(|column| column.path.split(','));
    let named: Vec<&str> = label.iter().copied().chain(columns).collect();
    let mut known = HashSet::new();
    let members = rows.iter().flat_map(|row| row.members()).map(|(name, _)| name.into_owned());
    members
        .filter(|name| !name.contains(['/', ',']) && !named.iter().any(|named| is_alike(named, name)))
        .filter(|name| known.insert(name.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::lay_out;
    use super::super::tests::{json, shown};
    use super::*;
    use crate::tools::shape::{Column, col, more};

    #[test]
    fn of_an_open_statement_the_usual_figures_are_shown_and_the_others_on_request() {
        const COLUMNS: &[Column] = &[
            col("revenue", "revenue", Unit::Whole),
            more("SG&A", "sgaExpense", Unit::Whole),
            col("equity", "totalEquity", Unit::Whole),
        ];
        let layout = Layout::OpenTransposed { label: &["period"] };
        let shape = Shape { layout, columns: COLUMNS, ..Shape::TABLE };
        let text = r#"[{"period":"2026-09-30","quarter":3,"revenue":5,"sgaExpense":2}]"#;
        let of = |text: &str, fields: &[&str]| {
            let fields = fields.iter().map(|field| (*field).to_owned()).collect();
            shown(&shape, text, &Wanted { skip: 0, limit: 4, fields, ..Wanted::default() }).0
        };
        assert_eq!(of(text, &[]), "figure|2026-09-30\nrevenue|5");
        assert_eq!(of(text, &["sg&a"]), "figure|2026-09-30\nrevenue|5\nSG&A|2");
        assert_eq!(of(text, &["all"]), "figure|2026-09-30\nrevenue|5\nSG&A|2\nquarter|3");
        // None of the usual ones is there.
        let other = r#"[{"period":"2026-09-30","goodwill":7}]"#;
        assert_eq!(of(other, &[]), "figure|2026-09-30\ngoodwill|7");
    }

    #[test]
    fn figures_without_room_are_counted() {
        let shape = Shape { layout: Layout::Transposed { label: &["period"] }, ..Shape::TABLE };
        let figures: Vec<String> = (0..120).map(|number| format!("\"f{number}\":1")).collect();
        let text = format!(r#"[{{"period":"2026-01-01","dilutedEPS":61900.49,{}}}]"#, figures.join(","));
        let wanted = Wanted { skip: 0, limit: 4, ..Wanted::default() };
        let (text, ..) = shown(&shape, &text, &wanted);
        assert_eq!(text.lines().count(), 122);
        assert!(text.contains("dilutedEPS|61900.49"), "{text}");
        let long: Vec<String> = (0..900).map(|number| format!("\"figure{number:040}\":1")).collect();
        let text = format!(r#"[{{"period":"2026-01-01",{}}}]"#, long.join(","));
        let shaped = lay_out(&shape, &[json(&text)], &wanted, "");
        assert_eq!(shaped.table.len() + shaped.left_out, 900);
        assert!(shaped.left_out > 0);
    }
}

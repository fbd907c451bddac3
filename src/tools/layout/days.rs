//! The days that rows are of, where they do not stand in the order of their days.

use crate::aries::Json;
use crate::tools::cell::cell;
use crate::tools::shape::{Order, Shape, Unit};

/// `2026-11-24 to 2026-11-27`, of rows whose first column is a day or a moment; `None` where the rows begin and end with
/// these days anyway, or have none.
pub(super) fn days(shape: &Shape, rows: &[Json<'_>]) -> Option<String> {
    let column = shape.columns.first().filter(|column| matches!(column.unit, Unit::Date | Unit::Stamp))?;
    let (Order::Down(path) | Order::Up(path)) = shape.order else { return None };
    if path == column.path {
        return None;
    }
    let day = |row: &Json<'_>| cell(*row, column.path, column.unit)?.get(..10).map(str::to_owned);
    let mut days: Vec<String> = rows.iter().filter_map(day).collect();
    days.sort_unstable();
    match (days.first()?, days.last()?) {
        (first, last) if first == last => Some(first.clone()),
        (first, last) => Some(format!("{first} to {last}")),
    }
}

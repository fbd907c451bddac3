//! From Aries' JSON to a table, as a view's [`Shape`] says: one file per kind of [`Layout`]. Nothing here sends or waits.

mod arrays;
mod days;
mod found;
mod levels;
mod members;
mod object;
mod periods;
mod rows;
mod sort;
mod transposed;

use super::answer::Table;
use super::shape::{Column, Layout, Shape};
use crate::aries::Json;

pub(super) use found::Rows;
pub(super) use members::members;

#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// Rows left out at the beginning.
    pub(crate) skip: usize,
    pub(crate) limit: usize,
    pub(crate) fields: Vec<String>,
    /// Whether `limit` is the view's own and not the caller's.
    pub(crate) is_usual: bool,
}

impl Wanted {
    /// Characters that there are for rows.
    fn room(&self) -> usize {
        if self.is_usual { USUAL_CHARACTERS } else { MOST_CHARACTERS }
    }
}

pub(super) struct Shaped {
    pub(crate) table: Table,
    /// How many rows there were before anything was cut.
    pub(crate) total: usize,
    /// How many of them are shown: rows, or the periods of a transposed table.
    pub(crate) shown: usize,
    /// Figures of a transposed table that found no room.
    pub(crate) left_out: usize,
    /// Where to go on, if rows were left out.
    pub(crate) next: Option<usize>,
    /// The first and the last day of the rows shown, where their order does not tell them.
    pub(crate) days: Option<String>,
    /// What has to be said of the rows, a line each.
    pub(crate) notes: Vec<String>,
    /// Whether rows are what is counted: a single object has none.
    pub(crate) counted: bool,
}

/// Most characters of the rows of one answer, so that the cursor can say exactly where they end.
pub(super) const MOST_CHARACTERS: usize = 21_000;
/// The same where nobody said how many rows there shall be: an answer that is read for one figure stays short.
pub(super) const USUAL_CHARACTERS: usize = 5_500;
/// Columns of an answer whose members are not documented.
const MOST_OPEN: usize = 10;

/// Lays the answer out. `bodies` are the rows' places in one or several answers.
pub(super) fn lay_out(shape: &Shape, bodies: &[Json<'_>], wanted: &Wanted, narrow: &'static str) -> Shaped {
    match shape.layout {
        Layout::Table | Layout::OpenTable => rows::rows(shape, bodies, wanted, narrow),
        Layout::Object | Layout::OpenObject => object::object(shape, bodies, wanted, narrow),
        Layout::Transposed { label } | Layout::OpenTransposed { label } => {
            transposed::transposed(shape, label, bodies, wanted, narrow)
        }
        Layout::Arrays => arrays::arrays(shape, bodies, wanted, narrow),
    }
}

fn chosen<'a>(shape: &'a Shape, wanted: &Wanted) -> Vec<&'a Column> {
    let all = wanted.fields.iter().any(|field| field == "all");
    let asked =
        |column: &Column| all || wanted.fields.iter().any(|field| field.eq_ignore_ascii_case(column.head));
    shape.columns.iter().filter(|column| column.usual || asked(column)).collect()
}

impl Shaped {
    /// `shown` rows of `total`, from the first one that was wanted.
    fn new(table: Table, shown: usize, total: usize, wanted: &Wanted) -> Self {
        let end = wanted.skip + shown;
        let next = (end < total && shown > 0).then_some(end);
        Self { table, total, shown, left_out: 0, next, days: None, notes: Vec::new(), counted: true }
    }

    fn nothing(narrow: &'static str) -> Self {
        Self::new(Table::bare(narrow), 0, 0, &Wanted::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::shape::{Order, Unit, col, more};
    use proptest::prelude::*;

    /// A word that is always shown and a number on request.
    pub(super) const TWO: Shape =
        Shape { columns: &[col("s", "s", Unit::Word), more("v", "v,w", Unit::Number)], ..Shape::TABLE };

    pub(super) fn json(text: &str) -> Json<'_> {
        Json::parse(text).unwrap()
    }

    /// Text, rows in all, and where to go on.
    pub(super) fn shown(shape: &Shape, text: &str, wanted: &Wanted) -> (String, usize, Option<usize>) {
        let shaped = lay_out(shape, &[json(text)], wanted, "");
        (crate::tools::Answer::default().table(shaped.table).text(), shaped.total, shaped.next)
    }

    proptest! {
        #[test]
        fn no_answer_breaks_a_shape(text in "[\\[\\]{}\":,a-c0-9.e-]{0,60}", skip in 0usize..5, limit in 1usize..5) {
            let Ok(body) = Json::parse(&text) else { return Ok(()) };
            let wanted = Wanted { skip, limit, fields: vec!["all".to_owned()], ..Wanted::default() };
            let layouts = [Layout::Table, Layout::OpenTable, Layout::Arrays, Layout::OpenObject, Layout::Transposed { label: &["a"] }, Layout::OpenTransposed { label: &["a"] }];
            for layout in layouts {
                let shaped = lay_out(&Shape { layout, order: Order::Down("a"), ..TWO }, &[body], &wanted, "");
                prop_assert!(shaped.next.is_none_or(|next| next > skip));
            }
        }
    }
}

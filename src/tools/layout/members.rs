//! Rows that are not as documented: the members that are there, under their own names.

use super::{MOST_CHARACTERS, Shaped, Wanted};
use crate::aries::Json;
use crate::aries::difference::MOST;
use crate::tools::answer::Table;
use crate::tools::cell::{unnamed, word};

pub(in crate::tools) fn members(rows: &[Json<'_>], wanted: &Wanted, narrow: &'static str) -> Shaped {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in rows.iter().take(20).flat_map(|row| row.members()) {
        if names.len() < MOST && !names.iter().any(|known| *known == name) {
            names.push(name.into_owned());
        }
    }
    let heads = names.iter().map(|name| word(name).unwrap_or_else(|| "\"\"".to_owned()));
    let mut table = Table::with_header(heads.collect(), narrow);
    let mut left = MOST_CHARACTERS;
    for row in rows.iter().skip(wanted.skip).take(wanted.limit) {
        let own = row.members();
        let of = |name: &String| own.iter().find(|(own, _)| own == name).map(|(_, value)| *value);
        let cells: Vec<_> = match names.is_empty() {
            true => vec![shown("", *row)],
            false => names.iter().map(|name| shown(name, of(name)?)).collect(),
        };
        if !table.row_within(cells, &mut left) {
            break;
        }
    }
    let shown = table.len();
    Shaped::new(table, shown, rows.len(), wanted)
}

/// A value; of what holds others, only how many.
fn shown(name: &str, value: Json<'_>) -> Option<String> {
    match (value.is_array(), value.is_object()) {
        (true, _) => Some(format!("(list of {})", value.items().len())),
        (_, true) => Some(format!("(object of {})", value.members().len())),
        _ => unnamed(name, value),
    }
}

//! One object: a line per member.

use super::{MOST_CHARACTERS, Shaped, Wanted, chosen};
use crate::aries::Json;
use crate::aries::json::is_alike;
use crate::tools::answer::Table;
use crate::tools::cell::{cell, unnamed, word};
use crate::tools::shape::{Layout, Shape};

pub(super) fn object(shape: &Shape, bodies: &[Json<'_>], wanted: &Wanted, narrow: &'static str) -> Shaped {
    let Some(body) = bodies.first().copied() else { return Shaped::nothing(narrow) };
    let open = shape.layout == Layout::OpenObject;
    // A list of one, where the call could answer several.
    let body = body.items().first().copied().unwrap_or(body);
    let line = |name: &str, value: Option<String>| Some(format!("{name}: {}", value?));
    let mut lines: Vec<String> = chosen(shape, wanted)
        .into_iter()
        .filter_map(|column| line(column.head, cell(body, column.path, column.unit)))
        .collect();
    if open {
        let named: Vec<&str> = shape.columns.iter().flat_map(|column| column.path.split(',')).collect();
        let asked =
            |name: &str| wanted.fields.iter().any(|field| field == "all" || field.eq_ignore_ascii_case(name));
        let members = body.members();
        let any_asked = members.iter().any(|(name, _)| asked(name));
        let others = members.into_iter().filter(|(name, value)| {
            !named.iter().any(|known| is_alike(known, name))
                && value.text().is_some()
                && (!any_asked || asked(name))
        });
        lines.extend(
            others.filter_map(|(name, value)| line(&word(&name).unwrap_or_default(), unnamed(&name, value))),
        );
    }
    let total = lines.len();
    let mut table = Table::bare(narrow);
    let mut left = MOST_CHARACTERS;
    let most = if open { wanted.limit } else { total };
    for line in lines.into_iter().skip(wanted.skip).take(most) {
        if !table.row_within([Some(line)], &mut left) {
            break;
        }
    }
    let shown = table.len();
    let shaped = Shaped::new(table, shown, total, wanted);
    Shaped { counted: open, next: shaped.next.filter(|_| open), ..shaped }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TWO, shown};
    use super::*;

    #[test]
    fn the_members_of_an_object_are_counted_and_continued() {
        let shape = Shape { layout: Layout::OpenObject, ..TWO };
        let text = r#"{"s":"A","zip":"02139","x":1,"y":2}"#;
        let page = |skip: usize| shown(&shape, text, &Wanted { skip, limit: 2, ..Wanted::default() });
        assert_eq!(page(0), ("s: A\nzip: 02139".to_owned(), 4, Some(2)));
        assert_eq!(page(2), ("x: 1\ny: 2".to_owned(), 4, None));
    }
}

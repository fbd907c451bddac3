//! How many rows an answer shows, of how many, and whether Aries has more of them.

use super::View;
use crate::aries::endpoint::{Cursor, Endpoint};
use crate::tools::format::count;
use crate::tools::layout::Wanted;
use crate::tools::shape::Layout;

/// Whether Aries has more rows than it sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MoreRows {
    None,
    /// It may: as many came as were asked for, and Aries tells no total.
    Possible,
    Certain,
}

impl MoreRows {
    /// After `total` rows, with Aries' name of the next page if there is one.
    pub(super) fn after(row: &Endpoint, total: usize, wanted: &Wanted, next_page: Option<&str>) -> Self {
        let possible = |so: bool| if so { MoreRows::Possible } else { MoreRows::None };
        match row.paging.cursor {
            Cursor::Next | Cursor::Token(..) if next_page.is_some() => MoreRows::Certain,
            Cursor::Next | Cursor::Token(..) => MoreRows::None,
            // A full page may have been the last one.
            Cursor::Page(..) | Cursor::LastIndex => possible(next_page.is_some()),
            Cursor::None => possible(
                row.paging.limit.is_some_and(|(_, most)| total >= most && wanted.skip + wanted.limit >= most),
            ),
        }
    }
}

/// `20 rows`, `rows 21 to 40 of 143`, `20 rows, there may be more`. The total is named only if Aries has no more rows
/// and this is its first page (`page` names a later one).
pub(super) fn extent(
    view: &View,
    (shown, total): (usize, usize),
    wanted: &Wanted,
    page: Option<&str>,
    more: MoreRows,
) -> String {
    let thing = match view.shape.layout {
        Layout::Transposed { .. } | Layout::OpenTransposed { .. } => "period",
        Layout::Object | Layout::OpenObject => "figure",
        _ => "row",
    };
    let end = wanted.skip + shown;
    let here = if page.is_some() { " of this page" } else { "" };
    let range = match (wanted.skip, end < total) {
        (0, false) => count(shown, thing),
        _ => format!("{thing}s {} to {end}{here}", wanted.skip + 1),
    };
    let is_total_unknown = page.is_some() || more != MoreRows::None || asks_for_one_more(view.endpoint);
    match more {
        _ if end < total && is_total_unknown => format!("{range}, there are more"),
        MoreRows::Certain => format!("{range}, there are more"),
        MoreRows::Possible => format!("{range}, there may be more"),
        MoreRows::None if page.is_some() => format!("{range}, the last of them"),
        MoreRows::None if wanted.skip > 0 => format!("{range} of {total}"),
        MoreRows::None if end < total => format!("{shown} of {total} {thing}s"),
        MoreRows::None => range,
    }
}

/// Whether one row more than wanted is asked for, so that the total is not known.
fn asks_for_one_more(row: &Endpoint) -> bool {
    row.paging.limit.is_some() && row.paging.cursor == Cursor::None
}

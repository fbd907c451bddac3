//! How many rows an answer shows, of how many, and whether Aries has more of them.

use crate::aries::endpoint::Endpoint;
use crate::aries::shape::{Cursor, Layout};
use crate::tools::format::count;
use crate::tools::layout::Wanted;

/// What is known of rows beyond those that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// There are none.
    Nothing,
    /// There may be some: as many came as were asked for, and Aries tells no total.
    Perhaps,
    /// There are some.
    Rows,
}

impl Beyond {
    /// `total` rows came; `page` tells whether Aries named a next page.
    pub(super) fn of(row: &Endpoint, total: usize, wanted: &Wanted, page: bool) -> Self {
        let paging = row.shape.paging;
        let perhaps = |so: bool| if so { Beyond::Perhaps } else { Beyond::Nothing };
        match paging.cursor {
            Cursor::Next | Cursor::Undocumented if page => Beyond::Rows,
            Cursor::Next => Beyond::Nothing,
            // A full page may have been the last one.
            Cursor::Page(..) | Cursor::LastIndex => perhaps(page),
            Cursor::None => perhaps(
                paging.limit.is_some_and(|(_, most)| total >= most && wanted.skip + wanted.limit >= most),
            ),
            // Nobody says how long a page is, but pages have round lengths.
            Cursor::Undocumented => perhaps(total >= 10 && total.is_multiple_of(5)),
        }
    }
}

/// `20 rows`, `rows 21 to 40 of 143`, `20 rows, there may be more`. What came is all there is only if nothing lies
/// beyond it and it was not a later page.
pub(super) fn extent(
    row: &Endpoint,
    (shown, total): (usize, usize),
    wanted: &Wanted,
    later: bool,
    beyond: Beyond,
) -> String {
    let thing = match row.shape.layout {
        Layout::Turned { .. } => "period",
        Layout::One { .. } => "figure",
        _ => "row",
    };
    let end = wanted.skip + shown;
    let here = if later { " of this page" } else { "" };
    let range = match (wanted.skip, end < total) {
        (0, false) => count(shown, thing),
        _ => format!("{thing}s {} to {end}{here}", wanted.skip + 1),
    };
    match beyond {
        _ if end < total && (later || beyond != Beyond::Nothing || asks_for_one_more(row)) => {
            format!("{range}, there are more")
        }
        Beyond::Rows => format!("{range}, there are more"),
        Beyond::Perhaps => format!("{range}, there may be more"),
        Beyond::Nothing if later => format!("{range}, the last of them"),
        Beyond::Nothing if wanted.skip > 0 => format!("{range} of {total}"),
        Beyond::Nothing if end < total => format!("{shown} of {total} {thing}s"),
        Beyond::Nothing => range,
    }
}

/// How many there are in all is not known where only one more than wanted was asked for.
fn asks_for_one_more(row: &Endpoint) -> bool {
    row.shape.paging.limit.is_some() && row.shape.paging.cursor == Cursor::None
}

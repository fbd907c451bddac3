//! The request of one call.

use super::View;
use crate::aries::endpoint::{Cursor, Request};
use crate::error::{Error, Result};
use crate::tools::cursor;
use crate::tools::layout::Wanted;
use crate::tools::schema::Object;

/// Quarters of a year.
const A_YEAR: usize = 4;

/// Builds the request; an error ends with `example`.
pub(super) fn request(
    view: &View,
    args: &Object,
    wanted: &Wanted,
    page: Option<&str>,
    example: &str,
) -> Result<Request> {
    let row = view.endpoint;
    let request = row.request(args);
    let mut request =
        request.map_err(|error| Error { hint: error.hint.clone().and(format!("; {example}")), ..error })?;
    // The growth of a period is told by that of the year before.
    let before = if view.shape.growth.is_empty() { 0 } else { A_YEAR };
    let wanted = Wanted { limit: view.asked_at_once(wanted.limit + before), ..wanted.clone() };
    set_page(&mut request, &wanted, page);
    Ok(request)
}

fn set_page(request: &mut Request, wanted: &Wanted, page: Option<&str>) {
    let paging = request.endpoint.paging;
    if let Some((name, most)) = paging.limit {
        // Without a cursor of Aries' own, one row more than wanted tells whether there are more.
        let rows = match paging.cursor {
            Cursor::None => wanted.skip + wanted.limit + 1,
            _ => wanted.limit,
        };
        request.query.push((name, rows.min(most).to_string()));
    }
    if let Some(page) = page {
        cursor::send(request, page);
    }
    if let Some(older) = &mut request.older {
        set_page(older, wanted, page);
    }
}

//! Treasury yields.

use super::{FROM, SUPPLEMENTAL, TO};
use crate::aries::endpoint::{Cursor, Endpoint, Paging, fixed};

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[&TREASURY_YIELDS];

/// Yields of US treasuries by maturity.
pub(crate) static TREASURY_YIELDS: Endpoint = Endpoint {
    path: "/v1/economy/treasury-yields",
    scopes: &[SUPPLEMENTAL],
    params: &[FROM.wire("dateFrom"), TO.wire("dateTo"), fixed("sort", "date.desc")],
    rows: "results",
    paging: Paging::pages("limit", 500, Cursor::Next),
    ..Endpoint::READ
};

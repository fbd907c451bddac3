//! Treasury yields (`aries-api/supplemental.md` 10).

use super::{FROM, SUPPLEMENTAL, TO};
use crate::aries::endpoint::{Endpoint, fixed};
use crate::aries::shape::Unit::{Date, Percent};
use crate::aries::shape::{Cursor, col, rows};

/// Yields of US treasuries by maturity (`supplemental.md` 10).
pub(crate) static TREASURY_YIELDS: Endpoint = Endpoint {
    tool: "get_economy",
    view: "yields",
    title: "US treasury yields, newest first",
    path: "/v1/economy/treasury-yields",
    scopes: &[SUPPLEMENTAL],
    params: &[FROM.wire("dateFrom"), TO.wire("dateTo"), fixed("sort", "date.desc")],
    rows: "results",
    shape: rows(&[
        col("date", "date", Date),
        col("1 mo", "yield1Month", Percent),
        col("3 mo", "yield3Month", Percent),
        col("1 y", "yield1Year", Percent),
        col("2 y", "yield2Year", Percent),
        col("5 y", "yield5Year", Percent),
        col("10 y", "yield10Year", Percent),
        col("30 y", "yield30Year", Percent),
    ])
    .units("percent")
    .limit("limit", 500)
    .cursor(Cursor::Next)
    .usual(10),
    example: r#"{"from":"2026-11-01"}"#,
    ..Endpoint::READ
};

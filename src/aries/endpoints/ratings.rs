//! What analysts say.

use super::{ANALYTICS, FROM, SUPPLEMENTAL, SYMBOL, TO};
use crate::aries::endpoint::DocStatus::Partly;
use crate::aries::endpoint::ParamKind::Whole;
use crate::aries::endpoint::{Cursor, Endpoint, Paging, optional};

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[&RATINGS, &PRICE_TARGET, &GRADE_CHANGES, &INSIGHTS];

/// Ratings by analysts. Pages count from 0 on the newer page, so 1 is the second.
pub(crate) static RATINGS: Endpoint = Endpoint {
    path: "/v1/analytics/ratings",
    scopes: &[ANALYTICS],
    doc: Partly,
    params: &[
        SYMBOL.wire("tickers").optional(),
        FROM.wire("dateFrom"),
        TO.wire("dateTo"),
        optional("importance", "importance", Whole(0, 5)),
    ],
    rows: "ratings",
    paging: Paging::pages("pageSize", 100, Cursor::Page("page", 1)),
    ..Endpoint::READ
};

pub(crate) static PRICE_TARGET: Endpoint =
    Endpoint { path: "/v1/stock/price-target", scopes: &[SUPPLEMENTAL], params: &[SYMBOL], ..Endpoint::READ };

pub(crate) static GRADE_CHANGES: Endpoint = Endpoint {
    path: "/v1/stock/upgrade-downgrade",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL.optional(), FROM, TO],
    rows: "data",
    ..Endpoint::READ
};

/// Insights: only the path and the scope are documented.
pub(crate) static INSIGHTS: Endpoint = Endpoint {
    path: "/v1/analytics/insights",
    scopes: &[ANALYTICS],
    doc: Partly,
    rows: "insights,data,results,",
    ..Endpoint::READ
};

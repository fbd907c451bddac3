//! Estimates and surprises.

use super::{FREQ, SUPPLEMENTAL, SYMBOL};
use crate::aries::endpoint::DocStatus::Inferred;
use crate::aries::endpoint::{Endpoint, Paging};

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[
    &EPS_ESTIMATE,
    &REVENUE_ESTIMATE,
    &EBIT_ESTIMATE,
    &EBITDA_ESTIMATE,
    &EARNINGS_SURPRISES,
    &QUALITY_SCORE,
];

const fn estimate(path: &'static str, rows: &'static str) -> Endpoint {
    Endpoint { path, scopes: &[SUPPLEMENTAL], params: &[SYMBOL, FREQ], rows, ..Endpoint::READ }
}

pub(crate) static EPS_ESTIMATE: Endpoint =
    estimate("/v1/stock/eps-estimate", "epsEstimates/data,data/data,data");

/// Revenue; nothing documented answers this.
pub(crate) static REVENUE_ESTIMATE: Endpoint = Endpoint {
    doc: Inferred,
    ..estimate("/v1/stock/revenue-estimate", "revenueEstimates/data,data/data,data")
};

pub(crate) static EBIT_ESTIMATE: Endpoint =
    estimate("/v1/stock/ebit-estimate", "ebitEstimates/data,data/data,data");

pub(crate) static EBITDA_ESTIMATE: Endpoint =
    estimate("/v1/stock/ebitda-estimate", "ebitdaEstimates/data,data/data,data");

/// What was expected and what came.
pub(crate) static EARNINGS_SURPRISES: Endpoint = Endpoint {
    path: "/v1/stock/earnings",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL],
    rows: "earningSurprises,data",
    paging: Paging::most("limit", 200),
    ..Endpoint::READ
};

/// How good the earnings are.
pub(crate) static QUALITY_SCORE: Endpoint = Endpoint {
    path: "/v1/stock/earnings-quality-score",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, FREQ],
    rows: "data",
    ..Endpoint::READ
};

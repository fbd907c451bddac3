//! What a company is and does.

use super::{FREQ, FROM, SUPPLEMENTAL, SYMBOL, TO};
use crate::aries::endpoint::DocStatus::Partly;
use crate::aries::endpoint::{Endpoint, fixed};

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[&COMPANY_PROFILE, &COMPANY_METRICS, &ESG, &FILINGS, &AWARDS];

/// The profile; its members are not documented, so likely ones come first and the rest follow.
pub(crate) static COMPANY_PROFILE: Endpoint = Endpoint {
    path: "/v1/company/profile",
    scopes: &[SUPPLEMENTAL],
    doc: Partly,
    params: &[SYMBOL],
    rows: "data,results,",
    ..Endpoint::READ
};

/// A hundred figures of which the usual ones come first.
pub(crate) static COMPANY_METRICS: Endpoint = Endpoint {
    path: "/v1/company/metrics",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, fixed("metric", "all")],
    rows: "metric",
    ..Endpoint::READ
};

/// ESG scores over time.
pub(crate) static ESG: Endpoint = Endpoint {
    path: "/v1/stock/historical-esg",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL],
    rows: "data",
    ..Endpoint::READ
};

/// Filings with how much each item changed; it stands in for a list of filings.
pub(crate) static FILINGS: Endpoint = Endpoint {
    path: "/v1/filings/similarity-index",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, FREQ],
    rows: "data/similarity",
    ..Endpoint::READ
};

/// Contracts with the US government.
pub(crate) static AWARDS: Endpoint = Endpoint {
    path: "/v1/stock/usa-spending",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, FROM.or("365 days ago"), TO.or("today")],
    rows: "data",
    ..Endpoint::READ
};

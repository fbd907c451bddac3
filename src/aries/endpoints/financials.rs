//! Statements and ratios.

use super::{FREQ, SUPPLEMENTAL, SYMBOL};
use crate::aries::endpoint::DocStatus::Partly;
use crate::aries::endpoint::ParamKind::{Choice, Flag};
use crate::aries::endpoint::{Cursor, Endpoint, Paging, Param, optional, required};

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[&STATEMENTS, &FILED_INCOME, &FILED_CASH_FLOW, &RATIOS];

const STATEMENT_KINDS: &[(&str, &str)] = &[("income", "ic"), ("balance", "bs"), ("cash_flow", "cf")];
const FILED: [Param; 2] = [SYMBOL.wire("tickers"), FREQ.wire("timeframe")];

/// Statements from the 1980s on. Only the income members are documented, so all are shown.
pub(crate) static STATEMENTS: Endpoint = Endpoint {
    path: "/v1/financials/statements",
    scopes: &[SUPPLEMENTAL],
    params: &[
        SYMBOL,
        required("statement", "statement", Choice(STATEMENT_KINDS)).or("income"),
        FREQ,
        optional("preliminary", "preliminary", Flag),
    ],
    rows: "data/financials,data",
    ..Endpoint::READ
};

/// Income statements as filed with the SEC, in whole dollars.
pub(crate) static FILED_INCOME: Endpoint = Endpoint {
    path: "/v1/financials/income-statements",
    scopes: &[SUPPLEMENTAL],
    doc: Partly,
    params: &FILED,
    rows: "results",
    paging: Paging::pages("limit", 100, Cursor::Next),
    ..Endpoint::READ
};

/// Cash flow statements as filed with the SEC, in whole dollars.
pub(crate) static FILED_CASH_FLOW: Endpoint = Endpoint {
    path: "/v1/financials/cash-flow-statements",
    scopes: &[SUPPLEMENTAL],
    doc: Partly,
    params: &FILED,
    rows: "results",
    paging: Paging::pages("limit", 100, Cursor::Next),
    ..Endpoint::READ
};

/// Price, valuation and size in one call.
pub(crate) static RATIOS: Endpoint = Endpoint {
    path: "/v1/financials/ratios",
    scopes: &[SUPPLEMENTAL],
    doc: Partly,
    params: &[SYMBOL.wire("tickers")],
    rows: "results",
    ..Endpoint::READ
};

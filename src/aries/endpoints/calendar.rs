//! Earnings, economic events and indicators; dividends, splits and spin-offs.

use super::{CALENDAR, FROM, SUPPLEMENTAL, SYMBOL, TO};
use crate::aries::endpoint::DocStatus::Partly;
use crate::aries::endpoint::ParamKind::{Date, Id};
use crate::aries::endpoint::{Cursor, Endpoint, Paging, Param, fixed, required};

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] =
    &[&EARNINGS_CALENDAR, &ECONOMIC_CALENDAR, &DIVIDENDS, &SPLITS, &SPINOFFS, &INDICATOR_HISTORY];

/// Aries requires both days; one day is what a person means who names one.
const RANGE: [Param; 2] = [FROM.or("today"), TO.or("=from")];

/// Who reports when. The list is long in season, so the largest stand first.
pub(crate) static EARNINGS_CALENDAR: Endpoint = Endpoint {
    path: "/v1/calendars/earnings",
    scopes: &[CALENDAR],
    params: &[RANGE[0], RANGE[1], SYMBOL.optional()],
    ..Endpoint::READ
};

/// Economic events: one day per call.
pub(crate) static ECONOMIC_CALENDAR: Endpoint = Endpoint {
    path: "/v1/calendars/economics",
    scopes: &[CALENDAR],
    params: &[required("date", "date", Date)],
    rows: "events",
    each_day: Some("date"),
    ..Endpoint::READ
};

/// Dividends by ex-date; a range without a symbol is the dividend calendar.
pub(crate) static DIVIDENDS: Endpoint = Endpoint {
    path: "/v1/corporate-actions/dividends",
    scopes: &[SUPPLEMENTAL],
    doc: Partly,
    params: &[
        // One ticker, despite the plural.
        SYMBOL.wire("tickers").optional(),
        FROM.wire("exDividendDateFrom"),
        TO.wire("exDividendDateTo"),
        fixed("sort", "ex_dividend_date.desc"),
    ],
    rows: "results,dividends",
    paging: Paging::pages("limit", 500, Cursor::Next),
    ..Endpoint::READ
};

/// Splits by execution date.
pub(crate) static SPLITS: Endpoint = Endpoint {
    path: "/v1/stock/split",
    scopes: &[SUPPLEMENTAL],
    doc: Partly,
    params: &[
        SYMBOL.wire("tickers").optional(),
        FROM.wire("executionDateFrom"),
        TO.wire("executionDateTo"),
        fixed("sort", "execution_date.desc"),
    ],
    rows: "results",
    paging: Paging::pages("limit", 500, Cursor::Next),
    ..Endpoint::READ
};

pub(crate) static SPINOFFS: Endpoint = Endpoint {
    path: "/v1/corporate-actions/spinoffs",
    scopes: &[SUPPLEMENTAL],
    params: &[
        SYMBOL.wire("identifier"),
        fixed("identifierType", "Symbol"),
        FROM.wire("startDate").or("365 days ago"),
        TO.wire("endDate").or("today"),
    ],
    rows: "spinoffs",
    ..Endpoint::READ
};

/// The history of an economic series.
pub(crate) static INDICATOR_HISTORY: Endpoint = Endpoint {
    path: "/v1/calendars/historical/{symbol}",
    scopes: &[CALENDAR],
    params: &[required("code", "symbol", Id)],
    ..Endpoint::READ
};

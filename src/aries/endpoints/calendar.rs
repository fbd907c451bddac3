//! Earnings, economic events and indicators; dividends, splits and spin-offs.

use super::common::*;

/// Aries requires both days; one day is what a person means who names one.
const RANGE: [Param; 2] = [FROM.or("today"), TO.or("=from")];

rows! {
    EARNINGS_CALENDAR = get("/v1/calendars/earnings", &[CALENDAR], &[
        RANGE[0], RANGE[1], SYMBOL.optional(),
    ]);
    ECONOMIC_CALENDAR = get("/v1/calendars/economics", &[CALENDAR], &[required("date", "date", Date)])
        .rows("events").each_day("date");
    /// A range without a symbol is the dividend calendar.
    DIVIDENDS = get("/v1/corporate-actions/dividends", &[SUPPLEMENTAL], &[
        SYMBOL.wire("tickers").optional(), FROM.wire("exDividendDateFrom"),
        TO.wire("exDividendDateTo"), fixed("sort", "ex_dividend_date.desc"),
    ]).rows("results,dividends").limit("limit", 500).cursor(Cursor::Next);
    SPLITS = get("/v1/stock/split", &[SUPPLEMENTAL], &[
        SYMBOL.wire("tickers").optional(), FROM.wire("executionDateFrom"),
        TO.wire("executionDateTo"), fixed("sort", "execution_date.desc"),
    ]).rows("results").limit("limit", 500).cursor(Cursor::Next);
    SPINOFFS = get("/v1/corporate-actions/spinoffs", &[SUPPLEMENTAL], &[
        SYMBOL.wire("identifier"), fixed("identifierType", "Symbol"),
        FROM.wire("startDate").or("365 days ago"), TO.wire("endDate").or("today"),
    ]).rows("spinoffs");
    HOLIDAYS = get("/v1/market/holiday", &[SUPPLEMENTAL], &[]).rows("holidays");
    INDICATOR_HISTORY = get("/v1/calendars/historical/{symbol}", &[CALENDAR], &[
        required("code", "symbol", Id),
    ]);
}

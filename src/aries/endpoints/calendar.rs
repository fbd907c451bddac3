//! What happens on which day: earnings, calls, economic events, dividends, splits, deals, holidays.

use super::common::*;

/// Aries requires both days; one day is what a person means who names one.
const RANGE: [Param; 2] = [FROM.toward(Ahead).or("today"), TO.toward(Ahead).or("=from")];
const THIS_MONTH: [Param; 2] = [FROM.toward(Ahead).or("this month"), TO.toward(Ahead).or("=from")];
/// Identifier, its type, and the days of what an identifier is needed for.
const OF_COMPANY: [Param; 4] = [
    SYMBOL.wire("identifier"),
    fixed("identifierType", "Symbol"),
    FROM.wire("startDate").or("365 days ago"),
    TO.wire("endDate").or("today"),
];

rows! {
    EARNINGS_CALENDAR = get("/v1/calendars/earnings", &[CALENDAR], &[
        RANGE[0], RANGE[1], SYMBOL.optional(),
    ]).about("symbol");
    /// With `date` alone Aries would answer that day and the month behind it.
    ECONOMIC_CALENDAR = get("/v1/calendars/economics", &[CALENDAR], &RANGE).rows("events");
    INDICATOR_HISTORY = get("/v1/calendars/historical/{symbol}", &[CALENDAR], &[
        required("code", "symbol", Id),
    ]);
    CONFERENCE_CALLS = get("/v1/calendars/conference-calls", &[CALENDAR], &[
        FROM.toward(Ahead).wire("dateFrom").or("today"), TO.toward(Ahead).wire("dateTo"),
        SYMBOL.wire("tickers").optional(),
    ]).rows("conferenceCalls").about("ticker").limit("pageSize", 1000).cursor(Cursor::Page("page", 1));
    MERGERS = get("/v1/calendars/mergers-acquisitions", &[CALENDAR], &[
        FROM.wire("dateFrom").or("30 days ago"), TO.wire("dateTo"), SYMBOL.wire("tickers").optional(),
    ]).rows("mergersAcquisitions").limit("pageSize", 1000).cursor(Cursor::Page("page", 1));
    /// A range without a symbol is the dividend calendar.
    DIVIDENDS = get("/v1/corporate-actions/dividends", &[SUPPLEMENTAL], &[
        SYMBOL.wire("ticker").optional(), FROM.toward(Unsaid).wire("exDividendDateFrom"),
        TO.toward(Ahead).wire("exDividendDateTo"), fixed("sort", "ex_dividend_date.desc"),
    ]).rows("results,dividends").about("ticker,symbol").limit("limit", 500).cursor(Cursor::Next);
    SPLITS = get("/v1/stock/split", &[SUPPLEMENTAL], &[
        SYMBOL.wire("ticker").optional(), FROM.toward(Unsaid).wire("executionDateFrom"),
        TO.toward(Ahead).wire("executionDateTo"), fixed("sort", "execution_date.desc"),
    ]).rows("results").about("ticker").limit("limit", 500).cursor(Cursor::Next);
    SPINOFFS = get("/v1/corporate-actions/spinoffs", &[SUPPLEMENTAL], &OF_COMPANY).rows("spinoffs");
    TENDER_OFFERS = get("/v1/corporate-actions/tender-offers", &[SUPPLEMENTAL], &OF_COMPANY)
        .rows("tenderOffers");
    IPOS = get("/v1/corporate-actions/ipo-calendar", &[SUPPLEMENTAL], &THIS_MONTH).rows("ipos");
    FDA_MEETINGS = get("/v1/stock/fda-advisory-committee-calendar", &[SUPPLEMENTAL], &[]).rows("data");
    HOLIDAYS = get("/v1/market/holiday", &[SUPPLEMENTAL], &[
        optional("exchange", "exchange", Id).or("US"),
    ]).rows("holidays");
}

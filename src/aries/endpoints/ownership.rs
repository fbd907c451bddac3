//! Who owns a company, who buys and sells it, and who sells it short.

use super::common::*;

const YEAR: [Param; 2] = [FROM.or("365 days ago"), TO.or("today")];
/// Institutions report once a quarter, up to 45 days after its end.
const QUARTERS: [Param; 2] = [FROM.or("180 days ago"), TO.or("today")];

rows! {
    HOLDERS = get("/v1/ownership/data", &[SUPPLEMENTAL], &[SYMBOL]).rows("data").limit("limit", 200);
    FUND_HOLDERS = get("/v1/ownership/fund", &[SUPPLEMENTAL], &[SYMBOL]).rows("data").limit("limit", 200);
    /// Aries wants the CUSIP, also beside the symbol.
    INSTITUTIONS = get("/v1/institutional/ownership", &[SUPPLEMENTAL], &[
        required("cusip", "cusip", Id), QUARTERS[0], QUARTERS[1],
    ]).rows("data");
    INSTITUTION_PORTFOLIO = get("/v1/institutional/portfolio", &[SUPPLEMENTAL], &[
        required("cik", "cik", Id), QUARTERS[0], QUARTERS[1],
    ]).rows("holdings");
    INSIDER_TRANSACTIONS = get("/v1/ownership/insider-transactions", &[SUPPLEMENTAL], &[
        SYMBOL, YEAR[0], YEAR[1],
    ]).rows("transactions").about("symbol");
    CONGRESS_TRADES = get("/v1/stock/congressional-trading", &[SUPPLEMENTAL], &[SYMBOL, YEAR[0], YEAR[1]])
        .rows("data").about("symbol");
    SHORT_INTEREST = get("/v1/financials/short-interest", &[SUPPLEMENTAL], &[
        SYMBOL.wire("ticker"), FROM.wire("settlementDateFrom"), TO.wire("settlementDateTo"),
        fixed("sort", "settlement_date.desc"),
    ]).rows("results").about("ticker").limit("limit", 500).cursor(Cursor::Next);
    SHORT_VOLUME = get("/v1/financials/short-volume", &[SUPPLEMENTAL], &[
        SYMBOL.wire("ticker"), FROM.wire("dateFrom"), TO.wire("dateTo"), fixed("sort", "date.desc"),
    ]).rows("results").about("ticker").limit("limit", 500).cursor(Cursor::Next);
}

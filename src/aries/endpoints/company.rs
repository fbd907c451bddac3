//! What a company is and does.

use super::common::*;

const YEAR: [Param; 2] = [FROM.or("365 days ago"), TO.or("today")];

rows! {
    COMPANY_PROFILE = get("/v1/company/profile", &[SUPPLEMENTAL], &[SYMBOL]).about("ticker");
    COMPANY_METRICS = get("/v1/company/metrics", &[SUPPLEMENTAL], &[SYMBOL, fixed("metric", "all")])
        .rows("metric");
    EXECUTIVES = get("/v1/company/executive", &[SUPPLEMENTAL], &[SYMBOL]).rows("executives");
    PEERS = get("/v1/company/peers", &[SUPPLEMENTAL], &[SYMBOL]).rows("peers");
    FILINGS = get("/v1/filings/sec", &[SUPPLEMENTAL], &[
        SYMBOL, optional("form", "form", Text(20)), FROM, TO,
    ]).rows("filings").about("symbol");
    FILING_SIMILARITY = get("/v1/filings/similarity-index", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .rows("data/similarity");
    SUPPLY_CHAIN = get("/v1/stock/supply-chain", &[SUPPLEMENTAL], &[SYMBOL]).rows("data");
    ESG = get("/v1/stock/esg", &[SUPPLEMENTAL], &[SYMBOL]).about("symbol");
    ESG_HISTORY = get("/v1/stock/historical-esg", &[SUPPLEMENTAL], &[SYMBOL]).rows("data");
    AWARDS = get("/v1/stock/usa-spending", &[SUPPLEMENTAL], &[SYMBOL, YEAR[0], YEAR[1]])
        .rows("data").about("symbol");
}

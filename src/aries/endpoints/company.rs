//! What a company is and does.

use super::common::*;

rows! {
    /// The members of the answer are not documented.
    COMPANY_PROFILE = get("/v1/company/profile", &[SUPPLEMENTAL], &[SYMBOL])
        .rows("data,results,");
    COMPANY_METRICS = get("/v1/company/metrics", &[SUPPLEMENTAL], &[SYMBOL, fixed("metric", "all")])
        .rows("metric");
    ESG = get("/v1/stock/historical-esg", &[SUPPLEMENTAL], &[SYMBOL]).rows("data");
    FILINGS = get("/v1/filings/similarity-index", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .rows("data/similarity");
    AWARDS = get("/v1/stock/usa-spending", &[SUPPLEMENTAL], &[
        SYMBOL, FROM.or("365 days ago"), TO.or("today"),
    ]).rows("data");
}

//! Estimates and surprises.

use super::common::*;

rows! {
    EPS_ESTIMATE = get("/v1/stock/eps-estimate", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .rows("epsEstimates/data,data/data,data");
    /// Nothing documented answers this.
    REVENUE_ESTIMATE = get("/v1/stock/revenue-estimate", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .inferred().rows("revenueEstimates/data,data/data,data");
    EBIT_ESTIMATE = get("/v1/stock/ebit-estimate", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .rows("ebitEstimates/data,data/data,data");
    EBITDA_ESTIMATE = get("/v1/stock/ebitda-estimate", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .rows("ebitdaEstimates/data,data/data,data");
    EARNINGS_SURPRISES = get("/v1/stock/earnings", &[SUPPLEMENTAL], &[SYMBOL])
        .rows("earningSurprises,data").limit("limit", 200);
    QUALITY_SCORE = get("/v1/stock/earnings-quality-score", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .rows("data");
}

//! Estimates, surprises, and what was said in earnings calls.

use super::common::*;

rows! {
    EPS_ESTIMATE = get("/v1/stock/eps-estimate", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .rows("epsEstimates/data,data/data,data");
    REVENUE_ESTIMATE = get("/v1/stock/revenue-estimate", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .rows("revenueEstimates/data,data/data,data");
    EBIT_ESTIMATE = get("/v1/stock/ebit-estimate", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .rows("ebitEstimates/data,data/data,data");
    EBITDA_ESTIMATE = get("/v1/stock/ebitda-estimate", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .rows("ebitdaEstimates/data,data/data,data");
    EARNINGS_SURPRISES = get("/v1/stock/earnings", &[SUPPLEMENTAL], &[SYMBOL])
        .rows("earningSurprises,data").about("symbol").limit("limit", 200);
    QUALITY_SCORE = get("/v1/stock/earnings-quality-score", &[SUPPLEMENTAL], &[SYMBOL, FREQ])
        .rows("data");
    TRANSCRIPTS = get("/v1/stock/transcripts/list", &[SUPPLEMENTAL], &[SYMBOL]).rows("transcripts");
    TRANSCRIPT = get("/v1/stock/transcripts", &[SUPPLEMENTAL], &[required("id", "id", Id)])
        .rows("transcript");
    PRESENTATIONS = get("/v1/stock/presentation", &[SUPPLEMENTAL], &[SYMBOL]).rows("res");
    EARNINGS_CALLS = get("/v1/stock/earnings-call-live", &[SUPPLEMENTAL], &[SYMBOL, FROM, TO])
        .rows("event").about("symbol");
}

//! What analysts say.

use super::common::*;

rows! {
    /// Pages count from 0 on the newer page, so 1 is the second.
    RATINGS = get("/v1/analytics/ratings", &[ANALYTICS], &[
        SYMBOL.wire("tickers").optional(), FROM.wire("dateFrom"), TO.wire("dateTo"),
        optional("importance", "importance", Whole(0, 5)),
    ]).rows("ratings").limit("pageSize", 100).cursor(Cursor::Page("page", 1));
    PRICE_TARGET = get("/v1/stock/price-target", &[SUPPLEMENTAL], &[SYMBOL]);
    GRADE_CHANGES = get("/v1/stock/upgrade-downgrade", &[SUPPLEMENTAL], &[SYMBOL.optional(), FROM, TO])
        .rows("data");
    INSIGHTS = get("/v1/analytics/insights", &[ANALYTICS], &[SYMBOL.wire("symbols").optional()])
        .rows("insights").limit("pageSize", 100).cursor(Cursor::Page("page", 1));
    CASES = get("/v1/signals/bull-bear", &[SUPPLEMENTAL], &[SYMBOL.wire("symbols")]).rows("bullBearCases");
}

//! Statements and ratios.

use super::common::*;

const STATEMENT_KINDS: &[(&str, &str)] = &[("income", "ic"), ("balance", "bs"), ("cash_flow", "cf")];
const FILED: [Param; 2] = [SYMBOL.wire("tickers"), FREQ.wire("timeframe")];

rows! {
    /// Only the members of income statements are documented.
    STATEMENTS = get("/v1/financials/statements", &[SUPPLEMENTAL], &[
        SYMBOL,
        required("statement", "statement", Choice(STATEMENT_KINDS)).or("income"),
        FREQ,
        optional("preliminary", "preliminary", Flag),
    ]).rows("data/financials,data");
    /// In whole dollars, while the statements above are in millions.
    FILED_INCOME = get("/v1/financials/income-statements", &[SUPPLEMENTAL], &FILED)
        .rows("results").limit("limit", 100).cursor(Cursor::Next);
    FILED_CASH_FLOW = get("/v1/financials/cash-flow-statements", &[SUPPLEMENTAL], &FILED)
        .rows("results").limit("limit", 100).cursor(Cursor::Next);
    RATIOS = get("/v1/financials/ratios", &[SUPPLEMENTAL], &[SYMBOL.wire("tickers")])
        .rows("results");
}

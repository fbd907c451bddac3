//! Statements and ratios.

use super::common::*;

const STATEMENT_KINDS: &[(&str, &str)] = &[("income", "ic"), ("balance", "bs"), ("cash_flow", "cf")];
/// Aries sends the oldest first unless it is told otherwise.
const FILED: [Param; 3] = [SYMBOL.wire("tickers"), FREQ.wire("timeframe"), fixed("sort", "period_end.desc")];

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
        .rows("results").about("tickers").limit("limit", 100).cursor(Cursor::Next);
    FILED_CASH_FLOW = get("/v1/financials/cash-flow-statements", &[SUPPLEMENTAL], &FILED)
        .rows("results").about("tickers").limit("limit", 100).cursor(Cursor::Next);
    REPORTED = get("/v1/financials/reported", &[SUPPLEMENTAL], &[SYMBOL, FREQ, FROM, TO])
        .rows("data/data").about("symbol");
    REVENUE_BREAKDOWN = get("/v1/financials/revenue-breakdown", &[SUPPLEMENTAL], &[SYMBOL])
        .rows("data/data");
    RATIOS = get("/v1/financials/ratios", &[SUPPLEMENTAL], &[SYMBOL.wire("ticker")])
        .rows("results").about("ticker");
}

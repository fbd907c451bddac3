//! Estimates and surprises (`aries-api/supplemental.md` 5).

use super::{FREQ, SUPPLEMENTAL, SYMBOL};
use crate::aries::endpoint::Endpoint;
use crate::aries::shape::Unit::{Date, Millions, Number, Percent, Price, Quantity, Word};
use crate::aries::shape::{Order, col, more, rows};

macro_rules! estimate {
    ($(#[$doc:meta])* $name:ident, $view:literal, $title:literal, $path:literal, $sure:ident, $rows:literal, $unit:ident, $units:literal, $avg:literal, $high:literal, $low:literal) => {
        $(#[$doc])*
        pub(crate) static $name: Endpoint = Endpoint {
            tool: "get_estimates",
            view: $view,
            title: $title,
            path: $path,
            scopes: &[SUPPLEMENTAL],
            sure: crate::aries::endpoint::Sure::$sure,
            params: &[SYMBOL, FREQ],
            rows: $rows,
            shape: rows(&[
                col("period", "period", Date),
                col("average", $avg, $unit),
                col("high", $high, $unit),
                col("low", $low, $unit),
                col("analysts", "numberAnalysts", Quantity),
                more("year", "year", Quantity),
                more("quarter", "quarter", Quantity),
            ])
            .units($units)
            .order(Order::Down("period"))
            .usual(12),
            example: concat!(r#"{"view":""#, $view, r#"","symbol":"AAPL"}"#),
            ..Endpoint::READ
        };
    };
}

estimate!(
    /// Earnings per share.
    EPS_ESTIMATE, "eps", "earnings per share", "/v1/stock/eps-estimate", Documented,
    "epsEstimates/data,data/data,data", Price, "USD per share", "epsAvg", "epsHigh", "epsLow"
);
estimate!(
    /// Revenue; nothing documented answers this.
    REVENUE_ESTIMATE, "revenue", "revenue", "/v1/stock/revenue-estimate", Inferred,
    "revenueEstimates/data,data/data,data", Millions, "USD millions", "revenueAvg", "revenueHigh", "revenueLow"
);
estimate!(
    /// EBIT.
    EBIT_ESTIMATE, "ebit", "EBIT", "/v1/stock/ebit-estimate", Documented,
    "ebitEstimates/data,data/data,data", Millions, "USD millions", "ebitAvg", "ebitHigh", "ebitLow"
);
estimate!(
    /// EBITDA.
    EBITDA_ESTIMATE, "ebitda", "EBITDA", "/v1/stock/ebitda-estimate", Documented,
    "ebitdaEstimates/data,data/data,data", Millions, "USD millions", "ebitdaAvg", "ebitdaHigh", "ebitdaLow"
);

/// What was expected and what came (`supplemental.md` 5).
pub(crate) static EARNINGS_SURPRISES: Endpoint = Endpoint {
    tool: "get_estimates",
    view: "surprises",
    title: "past earnings against estimates",
    path: "/v1/stock/earnings",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL],
    rows: "earningSurprises,data",
    shape: rows(&[
        col("period", "period", Date),
        col("actual", "actual", Price),
        col("estimate", "estimate", Price),
        col("surprise", "surprise", Number),
        col("surprise %", "surprisePercent", Percent),
        more("year", "year", Quantity),
        more("quarter", "quarter", Quantity),
    ])
    .units("USD per share")
    .order(Order::Down("period"))
    .limit("limit", 200)
    .usual(8),
    example: r#"{"view":"surprises","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// How good the earnings are (`supplemental.md` 5).
pub(crate) static QUALITY_SCORE: Endpoint = Endpoint {
    tool: "get_estimates",
    view: "quality",
    title: "earnings quality score",
    path: "/v1/stock/earnings-quality-score",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, FREQ],
    rows: "data",
    shape: rows(&[
        col("period", "period", Date),
        col("score", "score", Number),
        col("letter", "letterScore", Word),
        col("growth", "growth", Number),
        col("profitability", "profitability", Number),
        col("cash and capital", "cashGenerationCapitalAllocation,capitalAllocation", Number),
        col("leverage", "leverage", Number),
    ])
    .order(Order::Down("period"))
    .usual(8),
    example: r#"{"view":"quality","symbol":"AAPL"}"#,
    ..Endpoint::READ
};

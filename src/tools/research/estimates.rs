//! `get_estimates`: what analysts expect, past surprises and the quality score.

use super::*;

/// An estimate by period; Aries names the members after the figure.
macro_rules! estimate {
    ($unit:ident, $units:literal, $average:literal, $high:literal, $low:literal) => {
        rows(&[
            col("period", "period", Date),
            col("average", $average, $unit),
            col("high", $high, $unit),
            col("low", $low, $unit),
            col("analysts", "numberAnalysts", Quantity),
            more("year", "year", Quantity),
            more("quarter", "quarter", Quantity),
        ])
        .units($units)
        .order(Order::Down("period"))
        .usual(12)
    };
}

pub(in crate::tools) static GET_ESTIMATES: Tool = Tool {
    name: "get_estimates",
    title: "Get estimates",
    description: "What analysts expect (EPS, revenue, EBIT, EBITDA by period), past surprises, and the earnings quality score.",
    toolset: Toolset::Research,
    default: true,
    hints: READS,
    output: None,
    example: r#"{"view":"eps","symbol":"AAPL","freq":"quarterly"}"#,
    work: Work::Views(Views {
        arguments: &[SYMBOL, FREQ],
        views: &[
            View {
                name: "eps",
                title: "earnings per share",
                endpoint: &endpoints::EPS_ESTIMATE,
                example: r#"{"view":"eps","symbol":"AAPL"}"#,
                shape: estimate!(Price, "USD per share", "epsAvg", "epsHigh", "epsLow"),
            },
            View {
                name: "revenue",
                title: "revenue",
                endpoint: &endpoints::REVENUE_ESTIMATE,
                example: r#"{"view":"revenue","symbol":"AAPL"}"#,
                shape: estimate!(Millions, "USD millions", "revenueAvg", "revenueHigh", "revenueLow"),
            },
            View {
                name: "ebit",
                title: "EBIT",
                endpoint: &endpoints::EBIT_ESTIMATE,
                example: r#"{"view":"ebit","symbol":"AAPL"}"#,
                shape: estimate!(Millions, "USD millions", "ebitAvg", "ebitHigh", "ebitLow"),
            },
            View {
                name: "ebitda",
                title: "EBITDA",
                endpoint: &endpoints::EBITDA_ESTIMATE,
                example: r#"{"view":"ebitda","symbol":"AAPL"}"#,
                shape: estimate!(Millions, "USD millions", "ebitdaAvg", "ebitdaHigh", "ebitdaLow"),
            },
            View {
                name: "surprises",
                title: "past earnings against estimates",
                endpoint: &endpoints::EARNINGS_SURPRISES,
                example: r#"{"view":"surprises","symbol":"AAPL"}"#,
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
                .usual(8),
            },
            View {
                name: "quality",
                title: "earnings quality score",
                endpoint: &endpoints::QUALITY_SCORE,
                example: r#"{"view":"quality","symbol":"AAPL"}"#,
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
            },
        ],
    }),
};

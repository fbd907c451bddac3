//! `get_estimates`: what analysts expect, past surprises and the quality score.

use super::*;

/// An estimate by period; Aries names the members after the figure.
macro_rules! estimate {
    ($unit:ident, $units:literal, $average:literal, $high:literal, $low:literal) => {
        Shape {
            columns: &[
                col("period", "period", Date),
                col("average", $average, $unit),
                col("high", $high, $unit),
                col("low", $low, $unit),
                col("analysts", "numberAnalysts", Quantity),
                more("year", "year", Quantity),
                more("quarter", "quarter", Quantity),
            ],
            units: $units,
            order: Order::Down("period"),
            usual: 12,
            ..Shape::TABLE
        }
    };
}

pub(in crate::tools) static GET_ESTIMATES: Tool = Tool {
    name: "get_estimates",
    title: "Get estimates",
    description: "What analysts expect (EPS, revenue, EBIT, EBITDA by period), past surprises, and the earnings quality score.",
    example: r#"{"view":"eps","symbol":"AAPL","freq":"quarterly"}"#,
    work: Work::Views(Views {
        arguments: &[SYMBOL, FREQ],
        views: &[
            view("eps", "earnings per share", &endpoints::EPS_ESTIMATE).shape(estimate!(
                Price,
                "USD per share",
                "epsAvg",
                "epsHigh",
                "epsLow"
            )),
            view("revenue", "revenue", &endpoints::REVENUE_ESTIMATE).shape(estimate!(
                Millions,
                "USD millions",
                "revenueAvg",
                "revenueHigh",
                "revenueLow"
            )),
            view("ebit", "EBIT", &endpoints::EBIT_ESTIMATE).shape(estimate!(
                Millions,
                "USD millions",
                "ebitAvg",
                "ebitHigh",
                "ebitLow"
            )),
            view("ebitda", "EBITDA", &endpoints::EBITDA_ESTIMATE).shape(estimate!(
                Millions,
                "USD millions",
                "ebitdaAvg",
                "ebitdaHigh",
                "ebitdaLow"
            )),
            view("surprises", "past earnings against estimates", &endpoints::EARNINGS_SURPRISES)
                .rows(&[
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
            view("quality", "earnings quality score", &endpoints::QUALITY_SCORE)
                .rows(&[
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
        ],
    }),
    ..Tool::READER
};

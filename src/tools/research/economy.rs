//! `get_economy`: treasury yields and inflation.

use super::*;

pub(in crate::tools) static GET_ECONOMY: Tool = Tool {
    name: "get_economy",
    title: "Get yields and inflation",
    description: "US treasury yields by maturity, inflation, and what inflation is expected, newest first. \
                  Economic events and other indicators: get_calendar.",
    default: false,
    example: r#"{"limit":5}"#,
    work: Work::Views(Views {
        arguments: &[FROM, TO],
        views: &[
            view("yields", "treasury yields", &endpoints::TREASURY_YIELDS)
                .example(r#"{"from":"2026-11-01"}"#)
                .rows(&[
                    col("date", "date", Date),
                    col("1 mo", "yield1Month", Percent),
                    col("3 mo", "yield3Month", Percent),
                    col("6 mo", "yield6Month", Percent),
                    col("1 y", "yield1Year", Percent),
                    col("2 y", "yield2Year", Percent),
                    col("3 y", "yield3Year", Percent),
                    col("5 y", "yield5Year", Percent),
                    col("7 y", "yield7Year", Percent),
                    col("10 y", "yield10Year", Percent),
                    col("20 y", "yield20Year", Percent),
                    col("30 y", "yield30Year", Percent),
                ])
                .units("percent")
                .usual(10),
            view("inflation", "consumer prices and spending by month", &endpoints::INFLATION)
                .example(r#"{"from":"2025-11-01"}"#)
                .rows(&[
                    col("date", "date", Date),
                    col("CPI", "cpi", Number),
                    col("CPI core", "cpiCore", Number),
                    col("CPI over a year %", "cpiYearOverYear", Percent),
                    col("PCE", "pce", Number),
                    col("PCE core", "pceCore", Number),
                    col("PCE spending", "pceSpending", Number),
                ])
                .units("CPI and PCE as index levels, spending as sent")
                .usual(13),
            view(
                "expectations",
                "inflation expected by markets and models",
                &endpoints::INFLATION_EXPECTATIONS,
            )
            .example(r#"{"from":"2025-11-01"}"#)
            .rows(&[
                col("date", "date", Date),
                col("market 5 y", "market5Year", Percent),
                col("market 10 y", "market10Year", Percent),
                col("years 5 to 10", "forwardYears5To10", Percent),
                col("model 1 y", "model1Year", Percent),
                col("model 5 y", "model5Year", Percent),
                col("model 10 y", "model10Year", Percent),
                col("model 30 y", "model30Year", Percent),
            ])
            .units("percent a year")
            .usual(13),
        ],
    }),
    ..Tool::READER
};

//! `get_economy`: treasury yields.

use super::*;

pub(in crate::tools) static GET_ECONOMY: Tool = Tool {
    name: "get_economy",
    title: "Get treasury yields",
    description: "US treasury yields by maturity, newest first. Economic events and indicators: get_calendar.",
    default: false,
    example: r#"{"limit":5}"#,
    work: Work::Views(Views {
        arguments: &[FROM, TO],
        views: &[view("yields", "US treasury yields, newest first", &endpoints::TREASURY_YIELDS)
            .example(r#"{"from":"2026-11-01"}"#)
            .rows(&[
                col("date", "date", Date),
                col("1 mo", "yield1Month", Percent),
                col("3 mo", "yield3Month", Percent),
                col("1 y", "yield1Year", Percent),
                col("2 y", "yield2Year", Percent),
                col("5 y", "yield5Year", Percent),
                col("10 y", "yield10Year", Percent),
                col("30 y", "yield30Year", Percent),
            ])
            .units("percent")
            .usual(10)],
    }),
    ..Tool::READER
};

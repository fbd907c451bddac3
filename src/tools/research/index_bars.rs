//! `get_index_bars`: bars of an index from the index feed.

use super::*;

const BAR: &[Column] = &[
    col("date", "startDate", Date),
    col("time", "startTime", Word),
    col("open", "open", Price),
    col("high", "high", Price),
    col("low", "low", Price),
    col("close", "close", Price),
    more("end date", "endDate", Date),
    more("end time", "endTime", Word),
    more("volume", "volume", Quantity),
];

pub(in crate::tools) static GET_INDEX_BARS: Tool = Tool {
    name: "get_index_bars",
    title: "Get index bars",
    description: "Bars of an index from the index feed, with TWAP and VWAP on request. get_bars is enough for most questions.",
    toolset: Toolset::Market,
    default: false,
    example: r#"{"view":"bars","symbol":"SPX","from":"2026-11-19","to":"2026-11-20"}"#,
    work: Work::Views(Views {
        arguments: &[
            ("symbol", "Index such as SPX or DJI"),
            ("from", "First day or moment; 5 days ago if left out"),
            ("to", "Last day or moment; today if left out"),
            ("precision", "Unit of a bar's length; hours if left out"),
            ("period", "How many of that unit make one bar"),
        ],
        views: &[
            view("bars", "bars", &endpoints::INDEX_BARS)
                .example(r#"{"symbol":"SPX","from":"2026-11-19","to":"2026-11-20"}"#)
                .rows(BAR)
                .units("times of the index's own zone")
                .usual(60),
            view("bar", "the bar that ends at `to`", &endpoints::INDEX_BAR)
                .example(r#"{"symbol":"SPX","to":"2026-11-20"}"#)
                .one(BAR)
                .units("times of the index's own zone"),
            view("averages", "bars with TWAP, VWAP and number of trades", &endpoints::INDEX_CHART_BARS)
                .example(r#"{"symbol":"SPX","from":"2026-11-19","to":"2026-11-20"}"#)
                .rows(&[
                    col("date", "startDate", Date),
                    col("time", "startTime", Word),
                    col("open", "open", Price),
                    col("high", "high", Price),
                    col("low", "low", Price),
                    col("close", "close", Price),
                    col("twap", "twap", Price),
                    col("vwap", "vwap", Price),
                    col("trades", "trades", Quantity),
                    more("volume", "volume", Quantity),
                    more("session", "session", Word),
                    more("adjustment", "adjustmentRatio", Number),
                ])
                .units("times of the index's own zone")
                .usual(60),
        ],
    }),
    ..Tool::READER
};

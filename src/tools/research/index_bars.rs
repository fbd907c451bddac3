//! `get_index_bars`: bars of an index from the index feed, and which indices there are.

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

/// An index and the group that it is found in.
const INDEX: &[Column] = &[
    col("symbol", "symbol", Word),
    col("name", "indexName", Text(60)),
    col("group", "indexGroup", Word),
    col("currency", "currency", Word),
    more("valoren", "valoren", Word),
];

pub(in crate::tools) static GET_INDEX_BARS: Tool = Tool {
    name: "get_index_bars",
    title: "Get index bars",
    description: "Bars of an index from the index feed, with TWAP and VWAP on request, and which indices there are: by name, \
                  by group. get_bars is enough for most questions about prices.",
    toolset: Toolset::Market,
    default: false,
    example: r#"{"view":"bars","symbol":"SPX","from":"2026-11-19","to":"2026-11-20"}"#,
    work: Work::Views(Views {
        arguments: &[
            ("symbol", "Index such as SPX or DJI, or SYMBOL.GROUP of a list"),
            ("from", "First day or moment; 5 days ago if left out"),
            ("to", "Last day or moment; today if left out"),
            ("precision", "Unit of a bar's length; hours if left out"),
            ("period", "How many of that unit make one bar"),
            ("query", "Part of an index's name"),
            ("group", "Group as the view groups names it, such as IND_CBOM"),
        ],
        views: &[
            view("bars", "bars", &endpoints::INDEX_BARS)
                .instead("view search finds an index by name")
                .example(r#"{"symbol":"SPX","from":"2026-11-19","to":"2026-11-20"}"#)
                .rows(BAR)
                .units("times of the index's own zone")
                .usual(60),
            view("bar", "the bar that ends at `to`", &endpoints::INDEX_BAR)
                .instead("view search finds an index by name")
                .example(r#"{"symbol":"SPX","to":"2026-11-20"}"#)
                .one(BAR)
                .units("times of the index's own zone"),
            view("averages", "bars with TWAP, VWAP and number of trades", &endpoints::INDEX_CHART_BARS)
                .instead("view search finds an index by name")
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
            view("search", "indices by name", &endpoints::INDEX_SEARCH)
                .example(r#"{"query":"Nasdaq"}"#)
                .rows(INDEX),
            view("groups", "groups of indices", &endpoints::INDEX_GROUPS)
                .example("{}")
                .rows(&[col("group", "name", Word), col("description", "description", Text(80))]),
            view("list", "every index of a group", &endpoints::INDEX_LIST)
                .instead("view groups names them")
                .example(r#"{"group":"IND_CBOM"}"#)
                .rows(INDEX)
                .usual(50),
            view("members", "the indices of a group that moved lately", &endpoints::INDEX_MEMBERS)
                .instead("view groups names them")
                .example(r#"{"group":"IND_CBOM"}"#)
                .rows(INDEX)
                .usual(50),
        ],
    }),
    ..Tool::READER
};

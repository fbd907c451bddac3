//! `get_movers`: stocks that moved most, and market breadth.

use super::*;

/// A mover is a stock with its change.
const MOVER: Shape = Shape {
    columns: &[
        col("symbol", "symbol", Word),
        col("last", "lastPrice", Price),
        col("change", "change", Price),
        col("change %", "changePercent", Percent),
        col("volume", "volume", Quantity),
        col("sector", "sector", Word),
        more("name", "description", Text(60)),
        more("previous", "previousClose", Price),
        more("type", "type", Word),
        more("etf", "isETF", Flag),
        more("sic", "sicCode", Word),
        more("venue", "tag", Word),
        more("time", "timestamp", Stamp),
    ],
    units: "USD, times New York",
    ..Shape::TABLE
};

pub(in crate::tools) static GET_MOVERS: Tool = Tool {
    name: "get_movers",
    title: "Get market movers",
    description: "Stocks that rose or fell most today, and market breadth (how many rise and fall).",
    toolset: Toolset::Market,
    example: r#"{"view":"losers","limit":5}"#,
    work: Work::Views(Views {
        arguments: &[],
        views: &[
            view("gainers", "stocks that rose most", &endpoints::GAINERS)
                .example(r#"{"limit":5}"#)
                .shape(MOVER),
            view("losers", "stocks that fell most", &endpoints::LOSERS).example("{}").shape(MOVER),
            view("breadth", "how many stocks rise and fall", &endpoints::BREADTH)
                .example("{}")
                .one(&[
                    col("advancers", "advancers", Quantity),
                    col("decliners", "decliners", Quantity),
                    col("unchanged", "unchanged", Quantity),
                    col("symbols", "totalSymbols", Quantity),
                    col("advancers %", "advancersPercent", Percent),
                    col("decliners %", "declinersPercent", Percent),
                    col("advance/decline", "advanceDeclineRatio", Number),
                    col("time", "timestamp", Stamp),
                ])
                .units("times New York"),
        ],
    }),
    ..Tool::READER
};

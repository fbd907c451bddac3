//! `get_movers`: stocks that moved or traded most, sectors, and the market as a whole.

use super::*;

/// A mover is a stock with its change.
const MOVER: Shape = Shape {
    columns: &[
        col("symbol", "symbol", Word),
        col("last", "lastPrice", Price),
        col("change", "change", Amount),
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
    head: &[col("as of", "timestamp", Stamp)],
    units: "USD, times New York",
    ..Shape::TABLE
};

pub(in crate::tools) static GET_MOVERS: Tool = Tool {
    name: "get_movers",
    title: "Get market movers",
    description: "Stocks that rose, fell or traded most, how sectors moved, the stocks of a sector, market breadth \
                  and the net inflow of money.",
    toolset: Toolset::Market,
    example: r#"{"view":"losers","limit":5}"#,
    work: Work::Views(Views {
        arguments: &[("sector", "Sector whose stocks are wanted")],
        views: &[
            view("gainers", "stocks that rose most", &endpoints::GAINERS)
                .example(r#"{"limit":5}"#)
                .shape(MOVER),
            view("losers", "stocks that fell most", &endpoints::LOSERS).example("{}").shape(MOVER),
            view("active", "stocks that traded most", &endpoints::MOST_ACTIVE).example("{}").shape(MOVER),
            view("sectors", "average change of each sector", &endpoints::SECTOR_CHANGES)
                .example("{}")
                .rows(&[col("sector", "sector", Word), col("change %", "avgChange", Percent)]),
            view("sector", "the stocks of one sector, by volume", &endpoints::SECTOR_STOCKS)
                .instead("view sectors names them")
                .example(r#"{"sector":"energy"}"#)
                .shape(MOVER),
            view("inflow", "net inflow to Nasdaq and NYSE", &endpoints::NET_INFLOW)
                .example("{}")
                .one(&[
                    col("Nasdaq net inflow", "nasdaqNetInflow", Whole),
                    col("Nasdaq trades", "nasdaqTradeCount", Quantity),
                    col("NYSE net inflow", "nyseNetInflow", Whole),
                    col("NYSE trades", "nyseTradeCount", Quantity),
                    col("time", "timestamp", Stamp),
                ])
                .units("Aries does not name the unit of the inflow; times New York"),
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

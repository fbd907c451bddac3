//! `get_option_activity`: options that moved or traded most, and the trades of one contract.

use super::*;

/// Of contracts that moved or traded most. `type` is `c` or `P`.
const MOVER: &[Column] = &[
    col("contract", "symbol", Contract),
    col("last", "lastPrice", Price),
    col("change", "change", Price),
    col("change %", "changePercent", Percent),
    col("bid", "bid", Price),
    col("ask", "ask", Price),
    col("IV %", "impliedVolatility", Fraction),
    col("volume", "volume", Quantity),
    col("OI", "openInterest", Quantity),
    more("underlying", "underlyingSymbol", Word),
    more("strike", "strike", Price),
    more("expiration", "expiry", Date),
    more("type", "type", Word),
];

const fn movers(name: &'static str, title: &'static str, endpoint: &'static Endpoint) -> View {
    view(name, title, endpoint).example("{}").rows(MOVER).units("USD")
}

pub(in crate::tools) static GET_OPTION_ACTIVITY: Tool = Tool {
    name: "get_option_activity",
    title: "Get option activity",
    description: "Options that rose or traded most today, and the trades of one contract. Contracts are named as OSI symbols.",
    toolset: Toolset::Options,
    example: r#"{"view":"volume","limit":10}"#,
    work: Work::Views(Views {
        arguments: &[
            ("contract", "Contract: AAPL261218C00200000 or AAPL 2026-12-18 200 C"),
            ("from", "First day or moment"),
            ("to", "Last day or moment"),
        ],
        views: &[
            movers("gainers", "stock options that rose most", &endpoints::OPTION_GAINERS),
            movers("volume", "stock options that traded most", &endpoints::OPTION_VOLUME),
            movers("etf_volume", "ETF options that traded most", &endpoints::ETF_OPTION_VOLUME),
            view("trades", "trades of one contract, newest first", &endpoints::OPTION_TRADES)
                .example(r#"{"contract":"AAPL270521C00250000"}"#)
                .rows(&[
                    col("time", "sipTimestamp,participantTimestamp", Stamp),
                    col("price", "price", Price),
                    col("size", "size", Quantity),
                    more("exchange", "exchange", Word),
                    more("conditions", "conditions", List),
                ])
                .units("USD, times New York")
                .usual(50),
            view("last_trade", "the last trade of one contract", &endpoints::OPTION_LAST_TRADE)
                .example(r#"{"contract":"AAPL270521C00250000"}"#)
                .one(&[
                    col("contract", "ticker", Contract),
                    col("price", "price", Price),
                    col("size", "size", Quantity),
                    col("time", "sipTimestamp,participantTimestamp", Stamp),
                    more("exchange", "exchange", Word),
                ])
                .units("USD, times New York"),
            view("previous_day", "the day before of one contract", &endpoints::OPTION_PREVIOUS_DAY)
                .example(r#"{"contract":"AAPL270521C00250000"}"#)
                .one(&[
                    col("contract", "ticker", Contract),
                    col("open", "open", Price),
                    col("high", "high", Price),
                    col("low", "low", Price),
                    col("close", "close", Price),
                    col("volume", "volume", Quantity),
                    col("vwap", "volumeWeighted", Price),
                    col("trades", "transactionCount", Quantity),
                    col("time", "timestamp", Stamp),
                ])
                .units("USD, times New York"),
        ],
    }),
    ..Tool::READER
};

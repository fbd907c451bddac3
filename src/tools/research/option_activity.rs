//! `get_option_activity`: options that moved or traded most, and the trades of one contract.

use super::*;

/// The contracts that moved or traded most. `type` is `c` or `P`.
const MOVER: Shape = rows(&[
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
])
.units("USD");

pub(in crate::tools) static GET_OPTION_ACTIVITY: Tool = Tool {
    name: "get_option_activity",
    title: "Get option activity",
    description: "Options that rose, fell or traded most today, and the trades of one contract. Contracts are named as OSI symbols.",
    toolset: Toolset::Options,
    default: true,
    hints: READS,
    output: None,
    example: r#"{"view":"volume","limit":10}"#,
    work: Work::Views(Views {
        arguments: &[
            ("contract", "Contract: AAPL261218C00200000 or AAPL 2026-12-18 200 C"),
            ("from", "First day or moment"),
            ("to", "Last day or moment"),
        ],
        views: &[
            View {
                name: "gainers",
                title: "stock options that rose most",
                endpoint: &endpoints::OPTION_GAINERS,
                example: r#"{"view":"gainers"}"#,
                shape: MOVER,
            },
            View {
                name: "losers",
                title: "stock options that fell most",
                endpoint: &endpoints::OPTION_LOSERS,
                example: r#"{"view":"losers"}"#,
                shape: MOVER,
            },
            View {
                name: "volume",
                title: "stock options that traded most",
                endpoint: &endpoints::OPTION_VOLUME,
                example: r#"{"view":"volume"}"#,
                shape: MOVER,
            },
            View {
                name: "etf_gainers",
                title: "ETF options that rose most",
                endpoint: &endpoints::ETF_OPTION_GAINERS,
                example: r#"{"view":"etf_gainers"}"#,
                shape: MOVER,
            },
            View {
                name: "etf_losers",
                title: "ETF options that fell most",
                endpoint: &endpoints::ETF_OPTION_LOSERS,
                example: r#"{"view":"etf_losers"}"#,
                shape: MOVER,
            },
            View {
                name: "etf_volume",
                title: "ETF options that traded most",
                endpoint: &endpoints::ETF_OPTION_VOLUME,
                example: r#"{"view":"etf_volume"}"#,
                shape: MOVER,
            },
            View {
                name: "trades",
                title: "trades of one contract, newest first",
                endpoint: &endpoints::OPTION_TRADES,
                example: r#"{"view":"trades","contract":"AAPL270521C00250000"}"#,
                shape: rows(&[
                    col("time", "sipTimestamp,participantTimestamp", Stamp),
                    col("price", "price", Price),
                    col("size", "size", Quantity),
                    more("exchange", "exchange", Word),
                    more("conditions", "conditions", List),
                ])
                .units("USD, times New York")
                .usual(50),
            },
            View {
                name: "last_trade",
                title: "the last trade of one contract",
                endpoint: &endpoints::OPTION_LAST_TRADE,
                example: r#"{"view":"last_trade","contract":"AAPL270521C00250000"}"#,
                shape: one(&[
                    col("contract", "ticker", Contract),
                    col("price", "price", Price),
                    col("size", "size", Quantity),
                    col("time", "sipTimestamp,participantTimestamp", Stamp),
                    more("exchange", "exchange", Word),
                ])
                .units("USD, times New York"),
            },
            View {
                name: "previous_day",
                title: "the day before of one contract",
                endpoint: &endpoints::OPTION_PREVIOUS_DAY,
                example: r#"{"view":"previous_day","contract":"AAPL270521C00250000"}"#,
                shape: one(&[
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
            },
        ],
    }),
};

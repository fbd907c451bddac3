//! `get_option_activity`: options that moved or traded most, unusual trades, and the trades and quotes of one contract.

use super::*;

/// Of contracts that moved or traded most. `type` is `c` or `P`.
const MOVER: &[Column] = &[
    col("contract", "symbol", Contract),
    col("last", "lastPrice", Price),
    col("change", "change", Amount),
    col("change %", "changePercent", Percent),
    col("bid", "bid", Price),
    col("ask", "ask", Price),
    col("IV %", "impliedVolatility", Volatility),
    col("volume", "volume", Quantity),
    col("OI", "openInterest", Quantity),
    more("underlying", "underlyingSymbol", Word),
    more("strike", "strike", Price),
    more("expiration", "expiry", Date),
    more("type", "type", Word),
];

const fn movers(name: &'static str, title: &'static str, endpoint: &'static Endpoint) -> View {
    view(name, title, endpoint)
        .example("{}")
        .rows(MOVER)
        .units("USD; of the newest session, whose day Aries does not tell")
}

pub(in crate::tools) static GET_OPTION_ACTIVITY: Tool = Tool {
    name: "get_option_activity",
    title: "Get option activity",
    description: "Options that rose or traded most in the newest session; unusual trades of the last days, of the whole market \
                  (`activity`) or one stock (`unusual`); trades, quotes and days of one contract (OSI symbol).",
    toolset: Toolset::Options,
    example: r#"{"view":"volume","limit":10}"#,
    work: Work::Views(Views {
        arguments: &[
            ("contract", "AAPL261218C00200000 or AAPL 2026-12-18 200 C"),
            ("symbol", "Ticker of the underlying, such as AAPL"),
            ("date", "A past day: 2026-11-20, yesterday"),
            ("from", "First day or moment"),
            ("to", "Last day or moment"),
            ("source", "Age of the trades; delayed if left out"),
        ],
        views: &[
            movers("gainers", "stock options that rose most", &endpoints::OPTION_GAINERS),
            movers("volume", "stock options that traded most", &endpoints::OPTION_VOLUME),
            movers("etf_volume", "ETF options that traded most", &endpoints::ETF_OPTION_VOLUME),
            view("unusual", "unusual trades of one stock", &endpoints::UNUSUAL_OPTIONS)
                .instead("view activity has those of the whole market")
                .rows(&[
                    col("time", "timestamp", Stamp),
                    col("contract", "contract", Contract),
                    col("kind", "type", Word),
                    col("sentiment", "sentiment", Word),
                    col("size", "total_size", Quantity),
                    col("value", "total_value", Whole),
                    col("price", "average_price", Price),
                    col("bid", "bid_at_execution", Price),
                    col("ask", "ask_at_execution", Price),
                    col("underlying", "underlying_price_at_execution", Price),
                    more("symbol", "symbol", Word),
                ])
                .units("USD, bid, ask and underlying at the trade, times New York")
                .order(Order::Down("timestamp")),
            view(
                "activity",
                "large trades of the whole market or a stock, largest first",
                &endpoints::OPTION_ACTIVITY,
            )
            .rows(&[
                col("date", "date", Date),
                col("time", "time", Word),
                col("contract", "optionSymbol", Contract),
                col("kind", "optionActivityType", Word),
                col("sentiment", "sentiment", Word),
                col("price", "price", Price),
                col("size", "size", Quantity),
                col("cost", "costBasis", Whole),
                col("volume", "volume", Quantity),
                col("OI", "openInterest", Quantity),
                col("underlying", "underlyingPrice", Price),
                more("symbol", "ticker", Word),
                more("side", "putCall", Word),
                more("strike", "strikePrice", Price),
                more("expiration", "dateExpiration", Date),
                more("bid", "bid", Price),
                more("ask", "ask", Price),
                more("mid", "midpoint", Price),
                more("trades", "tradeCount", Quantity),
                more("aggressor", "aggressorInd", Word),
                more("execution", "executionEstimate", Word),
                more("exchange", "exchange", Word),
                more("kind of underlying", "underlyingType", Word),
                more("description", "description", Text(120)),
            ])
            .order(Order::Down("costBasis"))
            .pages_of(200)
            .units("USD"),
            view("trades", "trades of one contract, newest first", &endpoints::OPTION_TRADES)
                .instead("get_option_chain tells the contracts of a stock")
                .example(r#"{"contract":"AAPL270521C00250000"}"#)
                .rows(TRADES)
                .units("USD, times New York")
                .usual(50),
            view("quotes", "bids and asks of one contract, newest first", &endpoints::OPTION_QUOTES)
                .instead("get_option_chain tells the contracts of a stock")
                .example(r#"{"contract":"AAPL270521C00250000"}"#)
                .rows(QUOTES)
                .units("USD, times New York")
                .usual(50),
            view("last_trade", "the last trade of one contract", &endpoints::OPTION_LAST_TRADE)
                .instead("get_option_chain tells the contracts of a stock")
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
                .instead("get_option_chain tells the contracts of a stock")
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
            view("day", "one day of one contract", &endpoints::OPTION_DAY)
                .instead("get_option_chain tells the contracts of a stock")
                .example(r#"{"contract":"AAPL270521C00250000","date":"2026-11-20"}"#)
                .one(&[
                    col("contract", "ticker", Contract),
                    col("date", "date", Date),
                    col("pre-market", "preMarket", Price),
                    col("open", "open", Price),
                    col("high", "high", Price),
                    col("low", "low", Price),
                    col("close", "close", Price),
                    col("after-hours", "afterHours", Price),
                    col("volume", "volume", Quantity),
                ])
                .units("USD"),
        ],
    }),
    ..Tool::READER
};

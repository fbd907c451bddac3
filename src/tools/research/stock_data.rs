//! `get_stock_data`: what is asked for a stock more rarely than its price.

use super::*;

pub(in crate::tools) static GET_STOCK_DATA: Tool = Tool {
    name: "get_stock_data",
    title: "Get stock data",
    description: "Stocks in more detail than get_quotes and get_bars: snapshots with today's and the previous day's bar, \
                  every trade and every quote of a stock, open and close of one day with pre-market and after-hours, \
                  one day of the whole market, and whether stocks are easy to borrow, which selling short needs.",
    toolset: Toolset::Market,
    default: false,
    example: r#"{"view":"borrow","symbols":["AAPL","F"]}"#,
    work: Work::Views(Views {
        arguments: &[
            ("symbols", "Tickers such as AAPL; for any_snapshot contracts too"),
            ("symbol", "Ticker such as AAPL"),
            ("date", "A past day: 2026-11-20, yesterday"),
            ("from", "First day or moment"),
            ("to", "Last day or moment"),
        ],
        views: &[
            view("snapshot", "today's bar, last quote and trade of stocks", &endpoints::SNAPSHOTS)
                .instead("view market_day has every stock of a day, get_movers those that moved most")
                .example(r#"{"symbols":["AAPL","MSFT"]}"#)
                .rows(&[
                    col("symbol", "ticker", Word),
                    col("last", "lastTrade/price", Price),
                    col("change", "todaysChange", Amount),
                    col("change %", "todaysChangePerc", Percent),
                    col("bid", "lastQuote/bidPrice", Price),
                    col("ask", "lastQuote/askPrice", Price),
                    col("open", "day/open", Price),
                    col("high", "day/high", Price),
                    col("low", "day/low", Price),
                    col("volume", "day/volume", Quantity),
                    col("previous close", "prevDay/close", Price),
                    col("updated", "updated", Stamp),
                    more("vwap", "day/vwap", Price),
                    more("bid size", "lastQuote/bidSize", Quantity),
                    more("ask size", "lastQuote/askSize", Quantity),
                    more("last size", "lastTrade/size", Quantity),
                    more("previous open", "prevDay/open", Price),
                    more("previous high", "prevDay/high", Price),
                    more("previous low", "prevDay/low", Price),
                    more("previous volume", "prevDay/volume", Quantity),
                    more("minute close", "min/close", Price),
                    more("minute volume", "min/volume", Quantity),
                ])
                .units("USD, times New York")
                .usual(50),
            view(
                "any_snapshot",
                "the same of stocks and option contracts together",
                &endpoints::ANY_SNAPSHOTS,
            )
            .instead("view market_day has every stock of a day, get_movers those that moved most")
            .example(r#"{"symbols":["AAPL","AAPL270521C00250000"]}"#)
            .rows(&[
                col("symbol", "ticker", Contract),
                col("name", "name", Text(40)),
                col("last", "lastTrade/price", Price),
                col("change", "session/change", Amount),
                col("change %", "session/changePercent", Percent),
                col("bid", "lastQuote/bid", Price),
                col("ask", "lastQuote/ask", Price),
                col("volume", "session/volume", Quantity),
                col("previous close", "session/previousClose", Price),
                col("market", "marketStatus", Word),
                col("error", "message,error", Text(60)),
                more("type", "type", Word),
                more("timing", "timeframe", Word),
                more("open", "session/open", Price),
                more("high", "session/high", Price),
                more("low", "session/low", Price),
                more("value", "value", Price),
                more("IV %", "impliedVolatility", Volatility),
                more("OI", "openInterest", Quantity),
                more("delta", "greeks/delta", Delta),
                more("gamma", "greeks/gamma", Gamma),
                more("theta", "greeks/theta", Theta),
                more("vega", "greeks/vega", Vega),
                more("break-even", "breakEvenPrice", Price),
                more("underlying", "underlyingAsset/price", Price),
            ])
            .units("USD")
            .usual(50),
            view("trades", "trades of one stock, newest first", &endpoints::STOCK_TRADES)
                .rows(TRADES)
                .units("USD, times New York")
                .usual(50),
            view("quotes", "best bid and ask of one stock over time, newest first", &endpoints::STOCK_QUOTES)
                .rows(QUOTES)
                .units("USD, times New York")
                .usual(50),
            view("day", "one day with pre-market and after-hours", &endpoints::OPEN_CLOSE)
                .example(r#"{"symbol":"AAPL","date":"2026-11-20"}"#)
                .one(&[
                    col("symbol", "symbol", Word),
                    col("date", "from", Date),
                    col("pre-market", "preMarket", Price),
                    col("open", "open", Price),
                    col("high", "high", Price),
                    col("low", "low", Price),
                    col("close", "close", Price),
                    col("after-hours", "afterHours", Price),
                    col("volume", "volume", Quantity),
                    col("over the counter", "otc", Flag),
                ])
                .units("USD, adjusted for splits"),
            view("market_day", "one day of every stock, by volume", &endpoints::GROUPED)
                .example(r#"{"date":"2026-11-20"}"#)
                .rows(&[
                    col("symbol", "T", Word),
                    col("open", "o", Price),
                    col("high", "h", Price),
                    col("low", "l", Price),
                    col("close", "c", Price),
                    col("volume", "v", Quantity),
                    more("vwap", "vw", Price),
                    more("trades", "n", Quantity),
                ])
                .units("USD, adjusted for splits")
                .order(Order::Down("v"))
                .empty("no bars; the market may have been closed on that day"),
            view("borrow", "whether stocks are easy to borrow", &endpoints::BORROW)
                .instead("view borrow_list has every stock that is easy to borrow")
                .example(r#"{"symbols":["AAPL","F"]}"#)
                .layout(Layout::OpenObject)
                .units("yes: easy to borrow; no: hard to borrow, so selling short may be refused")
                .usual(50),
            view("borrow_list", "every stock that is easy to borrow", &endpoints::BORROW_LIST)
                .example(r#"{"limit":100}"#)
                .rows(&[col("symbols", "", Word)])
                .usual(200)
                .empty(
                    "Aries has not loaded today's list yet; that does not mean that nothing can be borrowed",
                ),
        ],
    }),
    ..Tool::READER
};

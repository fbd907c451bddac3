//! `get_chart_data`: what only the drawing of charts needs.

use super::*;

/// A company's images as files.
const LOGO: &[Column] = &[
    col("symbol", "searchKey,securities", List),
    col("logo", "files/logoLight", Text(200)),
    col("mark", "files/markLight", Text(200)),
    more("logo on dark", "files/logoDark", Text(200)),
    more("mark on dark", "files/markDark", Text(200)),
    more("changed", "updatedAt", Stamp),
    more("id", "id", Word),
];

pub(in crate::tools) static GET_CHART_DATA: Tool = Tool {
    name: "get_chart_data",
    title: "Get chart data",
    description: "What drawing a chart needs: bars of a fixed number of trades, the symbol search, abilities, clock and health of \
                  Aries' chart service, and addresses of company logos. Bars by time: get_bars.",
    toolset: Toolset::Rare,
    default: false,
    example: r#"{"view":"ticks","symbol":"AAPL","trades":"100"}"#,
    work: Work::Views(Views {
        arguments: &[
            ("symbol", "Ticker, contract, index or future"),
            ("trades", "Trades that make one bar; 100 if left out"),
            ("query", "Ticker or part of a name"),
            ("symbols", "Tickers such as AAPL"),
            ("from", "Only logos that changed since this day or moment"),
        ],
        views: &[
            view("ticks", "bars of a fixed number of trades, newest last", &endpoints::TICK_BARS)
                .example(r#"{"symbol":"AAPL","trades":"100"}"#)
                .layout(Layout::Arrays)
                .rows(&[
                    col("open", "o", Price),
                    col("high", "h", Price),
                    col("low", "l", Price),
                    col("close", "c", Price),
                    col("volume", "v", Quantity),
                ])
                .units("USD, times New York")
                .usual(50),
            view("search", "symbols as charts name them", &endpoints::CHART_SEARCH)
                .example(r#"{"query":"Apple"}"#)
                .rows(&[
                    col("symbol", "symbol", Word),
                    col("name", "description", Text(80)),
                    col("exchange", "exchange", Word),
                    col("type", "type", Word),
                    more("ticker", "ticker", Word),
                ]),
            view("abilities", "resolutions and kinds of bars", &endpoints::CHART_CONFIG)
                .example("{}")
                .one(&[
                    col("resolutions", "supported_resolutions", List),
                    col("intraday", "intraday_multipliers", List),
                    col("daily", "daily_multipliers", List),
                    col("weekly", "weekly_multipliers", List),
                    col("monthly", "monthly_multipliers", List),
                ])
                .layout(Layout::OpenObject),
            view("clock", "the chart service's clock", &endpoints::CHART_TIME)
                .example("{}")
                .one(&[col("Aries' clock", "", Stamp)])
                .units("times New York"),
            view("health", "whether the chart service is well", &endpoints::CHART_HEALTH)
                .example("{}")
                .layout(Layout::OpenObject)
                .units("members are not documented"),
            view("logos", "addresses of logos", &endpoints::LOGOS)
                .example(r#"{"symbols":["AAPL"]}"#)
                .rows(LOGO),
            view("logo_changes", "logos that changed", &endpoints::LOGO_CHANGES)
                .example(r#"{"from":"2026-11-01"}"#)
                .rows(LOGO),
        ],
    }),
    ..Tool::READER
};

//! `get_technicals`: indicators, chart patterns, support and resistance, and the signal that sums them up.

use super::*;

pub(in crate::tools) static GET_TECHNICALS: Tool = Tool {
    name: "get_technicals",
    title: "Get technical analysis",
    description: "Technical analysis of a stock: an indicator (one value unless more is asked for), patterns, levels, one signal.",
    example: r#"{"view":"indicator","symbol":"AAPL","indicator":"rsi","period":14}"#,
    work: Work::Views(Views {
        arguments: &[
            SYMBOL,
            ("interval", "Bar; 1mo is a month, 1m a minute; 1d if left out"),
            (
                "indicator",
                "bbands: Bollinger bands; willr: Williams %R; mfi: money flow; cci: commodity channel",
            ),
            ("from", "First day or moment; 180 days ago if left out"),
            ("to", "Last day or moment; today if left out"),
            ("period", "Bars that sma, rsi and bbands look back"),
            ("fast_period", "macd; 12 is usual"),
            ("slow_period", "macd; 26 is usual"),
            ("signal_period", "macd; 9 is usual"),
        ],
        views: &[
            view(
                "indicator",
                "the newest value of an indicator; `limit`: more, newest last",
                &endpoints::INDICATOR,
            )
            .example(r#"{"symbol":"AAPL","indicator":"sma","interval":"1d","period":20}"#)
            .layout(Layout::Arrays)
            .units("times New York")
            .usual(1),
            view("patterns", "chart patterns found", &endpoints::PATTERNS)
                .example(r#"{"symbol":"AAPL","interval":"1d"}"#)
                .rows(&[
                    col("pattern", "patternname", Word),
                    col("type", "patterntype", Word),
                    col("status", "status", Word),
                    col("entry", "entry", Price),
                    col("target 1", "profit1", Price),
                    col("target 2", "profit2", Price),
                    col("stop", "stoploss", Price),
                    col("found", "sortTime", Stamp),
                    more("mature", "mature", Flag),
                    more("terminal", "terminal", Flag),
                    more("end", "end_price", Price),
                    more("a", "aprice", Price),
                    more("a time", "atime", Stamp),
                    more("b", "bprice", Price),
                    more("b time", "btime", Stamp),
                    more("c", "cprice", Price),
                    more("c time", "ctime", Stamp),
                    more("d", "dprice", Price),
                    more("d time", "dtime", Stamp),
                ])
                .units("USD, times New York")
                .order(Order::Down("sortTime")),
            view("levels", "support and resistance", &endpoints::LEVELS)
                .example(r#"{"symbol":"AAPL","interval":"1d"}"#)
                .rows(&[col("levels", "", Price)])
                .units("USD"),
            view("signal", "buy, sell or neutral", &endpoints::SIGNAL)
                .example(r#"{"symbol":"AAPL","interval":"1d"}"#)
                .one(&[
                    col("signal", "technicalAnalysis/signal", Word),
                    col("for buying", "technicalAnalysis/count/buy", Quantity),
                    col("neutral", "technicalAnalysis/count/neutral", Quantity),
                    col("for selling", "technicalAnalysis/count/sell", Quantity),
                    col("ADX", "trend/adx", Number),
                    col("trending", "trend/trending", Flag),
                ])
                .units("how many indicators are for buying, neutral, for selling"),
        ],
    }),
    ..Tool::READER
};

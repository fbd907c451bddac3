//! Indicators, patterns and levels (`aries-api/supplemental.md` 9).

use super::{INTERVALS, SUPPLEMENTAL, SYMBOL};
use crate::aries::endpoint::ParamKind::{Choice, Id, LastSecond, Seconds, Whole};
use crate::aries::endpoint::Sure::{Inferred, Partly};
use crate::aries::endpoint::{Endpoint, Param, optional, required};
use crate::aries::shape::Unit::{Flag as YesNo, Price, Stamp, Word};
use crate::aries::shape::{Layout, Order, col, more, rows};

const INTERVAL: Param = required("interval", "resolution", Choice(INTERVALS))
    .or("1d")
    .about("Length of a bar; 1mo is a month, 1m a minute; 1d if left out");

/// A technical indicator (`supplemental.md` 9). Its own inputs are inferred.
pub(crate) static INDICATOR: Endpoint = Endpoint {
    tool: "get_technicals",
    view: "indicator",
    title: "values of an indicator, newest last",
    path: "/v1/indicator",
    scopes: &[SUPPLEMENTAL],
    sure: Partly,
    params: &[
        SYMBOL,
        INTERVAL,
        required("indicator", "indicator", Id).about("sma, ema, rsi, macd, bbands and others"),
        optional("from", "from", Seconds)
            .or("180 days ago")
            .about("First day or moment; 180 days ago if left out"),
        optional("to", "to", LastSecond).or("today").about("Last day or moment; today if left out"),
        optional("period", "timeperiod", Whole(1, 1000))
            .about("Bars that the indicator looks back, where it has that"),
        optional(
            "price",
            "seriestype",
            Choice(&[("open", "o"), ("high", "h"), ("low", "l"), ("close", "c")]),
        )
        .about("Price it is computed from"),
    ],
    shape: rows(&[]).layout(Layout::Arrays).units("times New York").usual(30),
    example: r#"{"view":"indicator","symbol":"AAPL","indicator":"sma","interval":"1d","period":20}"#,
    ..Endpoint::READ
};

/// Chart patterns (`supplemental.md` 9).
pub(crate) static PATTERNS: Endpoint = Endpoint {
    tool: "get_technicals",
    view: "patterns",
    title: "chart patterns found",
    path: "/v1/scan/pattern",
    scopes: &[SUPPLEMENTAL],
    params: &[SYMBOL, INTERVAL],
    rows: "data/points,points",
    shape: rows(&[
        col("pattern", "patternname", Word),
        col("type", "patterntype", Word),
        col("status", "status", Word),
        col("entry", "entry", Price),
        col("target 1", "profit1", Price),
        col("target 2", "profit2", Price),
        col("stop", "stoploss", Price),
        col("found", "sortTime", Stamp),
        more("mature", "mature", YesNo),
        more("terminal", "terminal", YesNo),
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
    example: r#"{"view":"patterns","symbol":"AAPL","interval":"1d"}"#,
    ..Endpoint::READ
};

/// Support and resistance: the page is documented, its path is not.
pub(crate) static LEVELS: Endpoint = Endpoint {
    tool: "get_technicals",
    view: "levels",
    title: "support and resistance",
    path: "/v1/scan/support-resistance",
    scopes: &[SUPPLEMENTAL],
    sure: Inferred,
    params: &[SYMBOL, INTERVAL],
    rows: "levels,data/levels,data,",
    shape: rows(&[col("levels", "", Price)]).units("USD"),
    example: r#"{"view":"levels","symbol":"AAPL","interval":"1d"}"#,
    ..Endpoint::READ
};

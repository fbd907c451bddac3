//! Symbols, quotes, bars, movers and indices (`aries-api/market-data.md`).

use super::{ANALYTICS, INTERVALS, MARKET, SUPPLEMENTAL};
use crate::aries::endpoint::ParamKind::{
    Choice, Date, Fixed, Flag, IndexTime, LastIndexTime, Seconds, Symbol, Symbols, Text, Whole,
};
use crate::aries::endpoint::Sure::Partly;
use crate::aries::endpoint::{Endpoint, Method, Param, fixed, optional, required};
use crate::aries::shape::Unit::{
    Date as Day, Flag as YesNo, Number, Percent, Price, Quantity, Stamp, Text as Quoted, Word,
};
use crate::aries::shape::{Column, Shape, col, more, one, rows};
use crate::aries::symbols::Form;

/// Symbol search; a prefix chooses options or futures (`market-data.md` 2).
pub(crate) static SEARCH: Endpoint = Endpoint {
    tool: "find_symbol",
    view: "search",
    path: "/v1/marketdata/search",
    scopes: &[MARKET],
    params: &[required("query", "query", Text(101)), optional("limit", "limit", Whole(1, 100))],
    example: r#"{"query":"Apple"}"#,
    ..Endpoint::READ
};

/// Best bid and ask of a stock (`market-data.md` 3.2).
pub(crate) static STOCK_QUOTE: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "bid and ask",
    path: "/v1/stocks/last-quote",
    scopes: &[SUPPLEMENTAL],
    params: &[required("symbol", "ticker", Symbol(Form::Traded))],
    rows: "results",
    example: r#"{"symbols":["AAPL"]}"#,
    ..Endpoint::READ
};

/// Last trade of a stock (`market-data.md` 3.3).
pub(crate) static STOCK_TRADE: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "last trade",
    path: "/v1/stocks/last-trade",
    scopes: &[SUPPLEMENTAL],
    params: &[required("symbol", "ticker", Symbol(Form::Traded))],
    rows: "results",
    example: r#"{"symbols":["AAPL"]}"#,
    ..Endpoint::READ
};

/// The day before, for the change (`market-data.md` 5.2).
pub(crate) static STOCK_PREVIOUS: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "previous close",
    path: "/v1/stocks/prev",
    scopes: &[SUPPLEMENTAL],
    params: &[required("symbol", "ticker", Symbol(Form::Traded))],
    rows: "results",
    example: r#"{"symbols":["AAPL"]}"#,
    ..Endpoint::READ
};

/// The bar of the running day, for its volume (`market-data.md` 5.2).
pub(crate) static STOCK_DAY: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "volume of the day",
    path: "/v1/stocks/aggs",
    scopes: &[SUPPLEMENTAL],
    params: &[
        required("symbol", "ticker", Symbol(Form::Traded)),
        required("", "multiplier", Fixed("1")),
        required("", "timespan", Fixed("day")),
        required("from", "from", Date),
        required("to", "to", Date),
    ],
    rows: "results",
    example: r#"{"symbols":["AAPL"]}"#,
    ..Endpoint::READ
};

/// Price snapshots of option contracts (`market-data.md` 4).
pub(crate) static OPTION_DETAILS: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "options",
    path: "/v1/marketdata/options/details",
    scopes: &[MARKET],
    params: &[required("symbols", "symbols", Symbols(Form::Osi))],
    rows: "data",
    example: r#"{"symbols":["AAPL270521C00250000"]}"#,
    ..Endpoint::READ
};

/// Values of indices (`market-data.md` 11.2).
pub(crate) static INDEX_VALUES: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "indices",
    path: "/v1/indices/realtime/values",
    scopes: &[SUPPLEMENTAL],
    params: &[required("symbols", "identifiers", Symbols(Form::Index))],
    rows: "items",
    example: r#"{"symbols":["SPX"]}"#,
    ..Endpoint::READ
};

/// Bars of stocks, options and indices (`market-data.md` 5.1).
pub(crate) static HISTORY: Endpoint = Endpoint {
    tool: "get_bars",
    view: "bars",
    path: "/v1/chart/history",
    scopes: &[MARKET],
    params: &[
        required("symbol", "symbol", Symbol(Form::Chart)),
        required("interval", "resolution", Choice(INTERVALS)),
        required("from", "from", Seconds),
        required("to", "to", Seconds),
        optional("extended", "includeExtended", Flag),
    ],
    example: r#"{"symbol":"AAPL","interval":"1d"}"#,
    ..Endpoint::READ
};

/// Exchange, session and price scale of a symbol (`market-data.md` 6).
pub(crate) static SYMBOL_INFORMATION: Endpoint = Endpoint {
    tool: "find_symbol",
    view: "details",
    path: "/v1/chart/symbols",
    scopes: &[MARKET],
    params: &[required("symbol", "symbol", Symbol(Form::Chart))],
    example: r#"{"query":"AAPL"}"#,
    ..Endpoint::READ
};

/// A mover is a stock with its change (`market-data.md` 7).
const MOVER: Shape = rows(&[
    col("symbol", "symbol", Word),
    col("last", "lastPrice", Price),
    col("change", "change", Price),
    col("change %", "changePercent", Percent),
    col("volume", "volume", Quantity),
    col("sector", "sector", Word),
    more("name", "description", Quoted(60)),
    more("previous", "previousClose", Price),
    more("type", "type", Word),
    more("etf", "isETF", YesNo),
    more("sic", "sicCode", Word),
    more("venue", "tag", Word),
    more("time", "timestamp", Stamp),
])
.units("USD, times New York")
.limit("limit", 99);

/// Stocks that rose most (`market-data.md` 7).
pub(crate) static GAINERS: Endpoint = Endpoint {
    tool: "get_movers",
    view: "gainers",
    title: "stocks that rose most",
    path: "/v1/equity/top-gainers",
    scopes: &[MARKET, ANALYTICS],
    sure: Partly,
    shape: MOVER,
    example: r#"{"view":"gainers","limit":5}"#,
    ..Endpoint::READ
};

/// Stocks that fell most (`market-data.md` 7).
pub(crate) static LOSERS: Endpoint = Endpoint {
    tool: "get_movers",
    view: "losers",
    title: "stocks that fell most",
    path: "/v1/equity/top-losers",
    scopes: &[MARKET, ANALYTICS],
    shape: MOVER,
    example: r#"{"view":"losers"}"#,
    ..Endpoint::READ
};

/// How many rise and fall (`options-analytics-calendars.md` 6).
pub(crate) static BREADTH: Endpoint = Endpoint {
    tool: "get_movers",
    view: "breadth",
    title: "how many stocks rise and fall",
    path: "/v1/analytics/market-breadth",
    scopes: &[ANALYTICS],
    rows: "data",
    shape: one(&[
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
    example: r#"{"view":"breadth"}"#,
    ..Endpoint::READ
};

/// Whether the market is open, pushed by the market socket after signing in (`market-data.md` 9.1).
pub(crate) static MARKET_STATUS: Endpoint = Endpoint {
    tool: "get_market_status",
    view: "status",
    title: "open or closed",
    method: Method::Socket,
    path: "/v1/market/ws",
    scopes: &[MARKET],
    ..Endpoint::READ
};

const INDEX: Param = required("symbol", "identifier", Symbol(Form::Index)).about("Index such as SPX or DJI");
const SYMBOL_TYPE: Param = fixed("identifierType", "Symbol");
const PRECISION: Param = optional(
    "precision",
    "precision",
    Choice(&[("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days")]),
)
.or("hours")
.about("Unit of a bar's length; hours if left out");
const PERIOD: Param =
    optional("period", "period", Whole(1, 1000)).or("1").about("How many of that unit make one bar");
const START: Param = optional("from", "startTime", IndexTime)
    .or("5 days ago")
    .about("First day or moment; 5 days ago if left out");
const END: Param =
    optional("to", "endTime", LastIndexTime).or("today").about("Last day or moment; today if left out");

const BAR: &[Column] = &[
    col("date", "startDate", Day),
    col("time", "startTime", Word),
    col("open", "open", Price),
    col("high", "high", Price),
    col("low", "low", Price),
    col("close", "close", Price),
    more("end date", "endDate", Day),
    more("end time", "endTime", Word),
    more("volume", "volume", Quantity),
];

/// One bar of an index (`market-data.md` 11.3).
pub(crate) static INDEX_BAR: Endpoint = Endpoint {
    tool: "get_index_bars",
    view: "bar",
    title: "the bar that ends at `to`",
    path: "/v1/indices/bar",
    scopes: &[SUPPLEMENTAL],
    params: &[INDEX, SYMBOL_TYPE, END, PRECISION, PERIOD],
    rows: "bar",
    shape: one(BAR).units("times of the index's own zone"),
    example: r#"{"view":"bar","symbol":"SPX","to":"2026-11-20"}"#,
    ..Endpoint::READ
};

/// Bars of an index (`market-data.md` 11.3).
pub(crate) static INDEX_BARS: Endpoint = Endpoint {
    tool: "get_index_bars",
    view: "bars",
    title: "bars",
    path: "/v1/indices/bars",
    scopes: &[SUPPLEMENTAL],
    params: &[INDEX, SYMBOL_TYPE, START, END, PRECISION, PERIOD],
    rows: "bars",
    shape: rows(BAR).units("times of the index's own zone").usual(60),
    example: r#"{"view":"bars","symbol":"SPX","from":"2026-11-19","to":"2026-11-20"}"#,
    ..Endpoint::READ
};

/// Bars of an index with averages (`market-data.md` 11.3; parameters inferred from the sisters).
pub(crate) static INDEX_CHART_BARS: Endpoint = Endpoint {
    tool: "get_index_bars",
    view: "averages",
    title: "bars with TWAP, VWAP and number of trades",
    path: "/v1/indices/chart-bars",
    scopes: &[SUPPLEMENTAL],
    sure: Partly,
    params: &[INDEX, SYMBOL_TYPE, START, END, PRECISION, PERIOD],
    rows: "chartBars",
    shape: rows(&[
        col("date", "startDate", Day),
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
    example: r#"{"view":"averages","symbol":"SPX","from":"2026-11-19","to":"2026-11-20"}"#,
    ..Endpoint::READ
};

//! Symbols, quotes, bars, movers and indices.

use super::{ANALYTICS, INTERVALS, MARKET, SUPPLEMENTAL};
use crate::aries::endpoint::DocStatus::Partly;
use crate::aries::endpoint::ParamKind::{
    Choice, Date, Flag, IndexTime, LastIndexTime, Seconds, Symbol, Symbols, Text, Whole,
};
use crate::aries::endpoint::{Endpoint, Method, Paging, Param, fixed, optional, required};
use crate::aries::symbols::Form;

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[
    &SEARCH,
    &SYMBOL_INFORMATION,
    &STOCK_QUOTE,
    &STOCK_TRADE,
    &STOCK_PREVIOUS,
    &STOCK_DAY,
    &OPTION_DETAILS,
    &INDEX_VALUES,
    &HISTORY,
    &INDEX_BARS,
    &INDEX_BAR,
    &INDEX_CHART_BARS,
    &GAINERS,
    &LOSERS,
    &BREADTH,
    &MARKET_STATUS,
];

const TRADED: Param = required("symbol", "ticker", Symbol(Form::Traded));
const INDEX: Param = required("symbol", "identifier", Symbol(Form::Index));
const SYMBOL_TYPE: Param = fixed("identifierType", "Symbol");
const PRECISION: Param = optional(
    "precision",
    "precision",
    Choice(&[("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days")]),
)
.or("hours");
const PERIOD: Param = optional("period", "period", Whole(1, 1000)).or("1");
const START: Param = optional("from", "startTime", IndexTime).or("5 days ago");
const END: Param = optional("to", "endTime", LastIndexTime).or("today");

/// Symbol search; a prefix chooses options or futures.
pub(crate) static SEARCH: Endpoint = Endpoint {
    path: "/v1/marketdata/search",
    scopes: &[MARKET],
    params: &[required("query", "query", Text(101)), optional("limit", "limit", Whole(1, 100))],
    ..Endpoint::READ
};

/// Exchange, session and price scale of a symbol.
pub(crate) static SYMBOL_INFORMATION: Endpoint = Endpoint {
    path: "/v1/chart/symbols",
    scopes: &[MARKET],
    params: &[required("symbol", "symbol", Symbol(Form::Chart))],
    ..Endpoint::READ
};

/// Best bid and ask of a stock.
pub(crate) static STOCK_QUOTE: Endpoint = Endpoint {
    path: "/v1/stocks/last-quote",
    scopes: &[SUPPLEMENTAL],
    params: &[TRADED],
    rows: "results",
    ..Endpoint::READ
};

/// Last trade of a stock.
pub(crate) static STOCK_TRADE: Endpoint = Endpoint {
    path: "/v1/stocks/last-trade",
    scopes: &[SUPPLEMENTAL],
    params: &[TRADED],
    rows: "results",
    ..Endpoint::READ
};

/// The day before, for the change.
pub(crate) static STOCK_PREVIOUS: Endpoint = Endpoint {
    path: "/v1/stocks/prev",
    scopes: &[SUPPLEMENTAL],
    params: &[TRADED],
    rows: "results",
    ..Endpoint::READ
};

/// The bar of the running day, for its volume.
pub(crate) static STOCK_DAY: Endpoint = Endpoint {
    path: "/v1/stocks/aggs",
    scopes: &[SUPPLEMENTAL],
    params: &[
        TRADED,
        fixed("multiplier", "1"),
        fixed("timespan", "day"),
        required("from", "from", Date),
        required("to", "to", Date),
    ],
    rows: "results",
    ..Endpoint::READ
};

/// Price snapshots of option contracts.
pub(crate) static OPTION_DETAILS: Endpoint = Endpoint {
    path: "/v1/marketdata/options/details",
    scopes: &[MARKET],
    params: &[required("symbols", "symbols", Symbols(Form::Osi))],
    rows: "data",
    ..Endpoint::READ
};

pub(crate) static INDEX_VALUES: Endpoint = Endpoint {
    path: "/v1/indices/realtime/values",
    scopes: &[SUPPLEMENTAL],
    params: &[required("symbols", "identifiers", Symbols(Form::Index))],
    rows: "items",
    ..Endpoint::READ
};

/// Bars of stocks, options and indices.
pub(crate) static HISTORY: Endpoint = Endpoint {
    path: "/v1/chart/history",
    scopes: &[MARKET],
    params: &[
        required("symbol", "symbol", Symbol(Form::Chart)),
        required("interval", "resolution", Choice(INTERVALS)),
        required("from", "from", Seconds),
        required("to", "to", Seconds),
        optional("extended", "includeExtended", Flag),
    ],
    ..Endpoint::READ
};

/// Bars of an index.
pub(crate) static INDEX_BARS: Endpoint = Endpoint {
    path: "/v1/indices/bars",
    scopes: &[SUPPLEMENTAL],
    params: &[INDEX, SYMBOL_TYPE, START, END, PRECISION, PERIOD],
    rows: "bars",
    ..Endpoint::READ
};

/// One bar of an index.
pub(crate) static INDEX_BAR: Endpoint = Endpoint {
    path: "/v1/indices/bar",
    scopes: &[SUPPLEMENTAL],
    params: &[INDEX, SYMBOL_TYPE, END, PRECISION, PERIOD],
    rows: "bar",
    ..Endpoint::READ
};

/// Bars of an index with averages.
pub(crate) static INDEX_CHART_BARS: Endpoint = Endpoint {
    path: "/v1/indices/chart-bars",
    scopes: &[SUPPLEMENTAL],
    doc: Partly,
    params: &[INDEX, SYMBOL_TYPE, START, END, PRECISION, PERIOD],
    rows: "chartBars",
    ..Endpoint::READ
};

/// Stocks that rose most.
pub(crate) static GAINERS: Endpoint = Endpoint {
    path: "/v1/equity/top-gainers",
    scopes: &[MARKET, ANALYTICS],
    doc: Partly,
    paging: Paging::most("limit", 99),
    ..Endpoint::READ
};

/// Stocks that fell most.
pub(crate) static LOSERS: Endpoint = Endpoint {
    path: "/v1/equity/top-losers",
    scopes: &[MARKET, ANALYTICS],
    paging: Paging::most("limit", 99),
    ..Endpoint::READ
};

/// How many rise and fall.
pub(crate) static BREADTH: Endpoint =
    Endpoint { path: "/v1/analytics/market-breadth", scopes: &[ANALYTICS], rows: "data", ..Endpoint::READ };

/// Whether the market is open, pushed by the market socket after signing in.
pub(crate) static MARKET_STATUS: Endpoint =
    Endpoint { method: Method::Socket, path: "/v1/market/ws", scopes: &[MARKET], ..Endpoint::READ };

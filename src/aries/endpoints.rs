//! The endpoint table: one row per call of Aries' API (`aries-api/endpoints.csv`).
//!
//! Adding an endpoint means adding a row here and its case; schema, scope filter, errors and README follow.

use super::endpoint::Method::{Get, Post};
use super::endpoint::ParamKind::{Choice, Flag, Id, Moment, Seconds, Symbol, Symbols, Text, Whole};
use super::endpoint::Sure::{Documented, Partly};
use super::endpoint::{Endpoint, optional, required};
use super::symbols::Form;

const ACCOUNTS: &str = "account:information";
const USER: &str = "user:information";
const POSITIONS: &str = "position:information";
const ORDERS: &str = "order:information";
const EXECUTION: &str = "order:execution";
const MARKET: &str = "market:information";
const SUPPLEMENTAL: &str = "market:supplemental";

/// Bar sizes: our word and Aries' resolution (`aries-api/market-data.md` 5.1; `1M` is a month, `1` a minute).
pub const INTERVALS: &[(&str, &str)] = &[
    ("1m", "1"),
    ("5m", "5"),
    ("15m", "15"),
    ("30m", "30"),
    ("1h", "60"),
    ("1d", "1D"),
    ("1w", "1W"),
    ("1mo", "1M"),
];

/// Every row.
pub static ENDPOINTS: &[&Endpoint] = &[
    &USER_ACCOUNTS,
    &BALANCES,
    &POSITIONS_HELD,
    &ORDERS_TODAY,
    &ORDERS_HISTORY,
    &ORDERS_LEGACY,
    &SEARCH,
    &STOCK_QUOTE,
    &STOCK_TRADE,
    &STOCK_PREVIOUS,
    &STOCK_DAY,
    &OPTION_DETAILS,
    &INDEX_VALUES,
    &HISTORY,
    &SYMBOL_INFORMATION,
    &ORDER_PREVIEW,
    &ORDER_PLACE,
    &ORDER_REPLACE,
    &ORDER_CANCEL,
];

/// Accounts of the person (`trading.md` 2.2).
pub static USER_ACCOUNTS: Endpoint = Endpoint {
    tool: "get_accounts",
    view: "accounts",
    method: Get,
    path: "/v1/users/me/accounts",
    scopes: &[ACCOUNTS, USER],
    sure: Documented,
    params: &[],
    rows: "accounts",
    example: "{}",
};

/// Balances of one account (`trading.md` 3).
pub static BALANCES: Endpoint = Endpoint {
    tool: "get_portfolio",
    view: "balances",
    method: Get,
    path: "/v1/accounts/{id}/balances",
    scopes: &[ACCOUNTS],
    sure: Documented,
    params: &[required("account", "id", Id)],
    rows: "",
    example: "{}",
};

/// Positions of one account (`trading.md` 4).
pub static POSITIONS_HELD: Endpoint = Endpoint {
    tool: "get_portfolio",
    view: "positions",
    method: Get,
    path: "/v1/accounts/{id}/positions",
    scopes: &[POSITIONS, ACCOUNTS],
    sure: Documented,
    params: &[required("account", "id", Id)],
    rows: "positions",
    example: "{}",
};

/// Orders of today, open and ended (`trading.md` 5.1).
pub static ORDERS_TODAY: Endpoint = Endpoint {
    tool: "get_orders",
    view: "today",
    method: Get,
    path: "/v2/accounts/{id}/orders",
    scopes: &[ORDERS],
    sure: Documented,
    params: &[
        required("account", "id", Id),
        optional("limit", "limit", Whole(1, 500)),
        optional("cursor", "cursor", Id),
        optional("source", "source", Choice(&[("cache", "cache"), ("database", "db")])),
    ],
    rows: "orders",
    example: r#"{"view":"today"}"#,
};

/// Orders of up to 90 days (`trading.md` 5.2).
pub static ORDERS_HISTORY: Endpoint = Endpoint {
    tool: "get_orders",
    view: "history",
    method: Get,
    path: "/v2/accounts/{id}/orders/history",
    scopes: &[ORDERS],
    sure: Documented,
    params: &[
        required("account", "id", Id),
        required("from", "from", Moment),
        optional("to", "to", Moment),
        optional("limit", "limit", Whole(1, 500)),
        optional("cursor", "cursor", Id),
        optional("order", "order_by", Choice(&[("newest", "desc"), ("oldest", "asc")])),
        optional("without_today", "exclude_today", Flag),
    ],
    rows: "orders",
    example: r#"{"view":"history","from":"2026-11-01"}"#,
};

/// The older order list, asked only where the newer one is unknown (`trading.md` 5.3).
pub static ORDERS_LEGACY: Endpoint = Endpoint {
    tool: "get_orders",
    view: "legacy",
    method: Get,
    path: "/v1/accounts/{id}/orders",
    scopes: &[ORDERS],
    sure: Partly,
    params: &[required("account", "id", Id)],
    rows: "orders",
    example: r#"{"view":"open"}"#,
};

/// Symbol search; a prefix chooses options or futures (`market-data.md` 2).
pub static SEARCH: Endpoint = Endpoint {
    tool: "find_symbol",
    view: "search",
    method: Get,
    path: "/v1/marketdata/search",
    scopes: &[MARKET],
    sure: Documented,
    params: &[required("query", "query", Text(101)), optional("limit", "limit", Whole(1, 100))],
    rows: "",
    example: r#"{"query":"Apple"}"#,
};

/// Best bid and ask of a stock (`market-data.md` 3.2).
pub static STOCK_QUOTE: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "bid and ask",
    method: Get,
    path: "/v1/stocks/last-quote",
    scopes: &[SUPPLEMENTAL],
    sure: Documented,
    params: &[required("symbol", "ticker", Symbol(Form::Ticker))],
    rows: "results",
    example: r#"{"symbols":["AAPL"]}"#,
};

/// Last trade of a stock (`market-data.md` 3.3).
pub static STOCK_TRADE: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "last trade",
    method: Get,
    path: "/v1/stocks/last-trade",
    scopes: &[SUPPLEMENTAL],
    sure: Documented,
    params: &[required("symbol", "ticker", Symbol(Form::Ticker))],
    rows: "results",
    example: r#"{"symbols":["AAPL"]}"#,
};

/// The day before, for the change (`market-data.md` 5.2).
pub static STOCK_PREVIOUS: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "previous close",
    method: Get,
    path: "/v1/stocks/prev",
    scopes: &[SUPPLEMENTAL],
    sure: Documented,
    params: &[required("symbol", "ticker", Symbol(Form::Ticker))],
    rows: "results",
    example: r#"{"symbols":["AAPL"]}"#,
};

/// The bar of the running day, for its volume (`market-data.md` 5.2).
pub static STOCK_DAY: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "volume of the day",
    method: Get,
    path: "/v1/stocks/aggs",
    scopes: &[SUPPLEMENTAL],
    sure: Documented,
    params: &[
        required("symbol", "ticker", Symbol(Form::Ticker)),
        required("", "multiplier", super::endpoint::ParamKind::Fixed("1")),
        required("", "timespan", super::endpoint::ParamKind::Fixed("day")),
        required("from", "from", super::endpoint::ParamKind::Date),
        required("to", "to", super::endpoint::ParamKind::Date),
    ],
    rows: "results",
    example: r#"{"symbols":["AAPL"]}"#,
};

/// Price snapshots of option contracts (`market-data.md` 4).
pub static OPTION_DETAILS: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "options",
    method: Get,
    path: "/v1/marketdata/options/details",
    scopes: &[MARKET],
    sure: Documented,
    params: &[required("symbols", "symbols", Symbols(Form::Osi))],
    rows: "data",
    example: r#"{"symbols":["AAPL281215C00250000"]}"#,
};

/// Values of indices (`market-data.md` 11.2).
pub static INDEX_VALUES: Endpoint = Endpoint {
    tool: "get_quotes",
    view: "indices",
    method: Get,
    path: "/v1/indices/realtime/values",
    scopes: &[SUPPLEMENTAL],
    sure: Documented,
    params: &[required("symbols", "identifiers", Symbols(Form::Index))],
    rows: "items",
    example: r#"{"symbols":["SPX"]}"#,
};

/// Bars of stocks, options and indices (`market-data.md` 5.1).
pub static HISTORY: Endpoint = Endpoint {
    tool: "get_bars",
    view: "bars",
    method: Get,
    path: "/v1/chart/history",
    scopes: &[MARKET],
    sure: Documented,
    params: &[
        required("symbol", "symbol", Symbol(Form::Chart)),
        required("interval", "resolution", Choice(INTERVALS)),
        required("from", "from", Seconds),
        required("to", "to", Seconds),
        optional("extended", "includeExtended", Flag),
    ],
    rows: "",
    example: r#"{"symbol":"AAPL","interval":"1d"}"#,
};

/// Exchange, session and price scale of a symbol (`market-data.md` 6).
pub static SYMBOL_INFORMATION: Endpoint = Endpoint {
    tool: "find_symbol",
    view: "details",
    method: Get,
    path: "/v1/chart/symbols",
    scopes: &[MARKET],
    sure: Documented,
    params: &[required("symbol", "symbol", Symbol(Form::Chart))],
    rows: "",
    example: r#"{"query":"AAPL"}"#,
};

/// What an order would cost; changes nothing (`trading.md` 6.4).
pub static ORDER_PREVIEW: Endpoint = Endpoint {
    tool: "preview_order",
    view: "preview",
    method: Post,
    path: "/v1/orders/preview",
    scopes: &[EXECUTION],
    sure: Documented,
    params: &[],
    rows: "",
    example: r#"{"account":"0017","symbol":"MSFT","action":"buy","quantity":"10","type":"limit","limit_price":"400.00"}"#,
};

/// Places an order (`trading.md` 6.2).
pub static ORDER_PLACE: Endpoint = Endpoint {
    tool: "place_order",
    view: "place",
    method: Post,
    path: "/v1/orders",
    scopes: &[EXECUTION],
    sure: Documented,
    params: &[],
    rows: "",
    example: r#"{"ticket":"the ticket of a preview_order answer"}"#,
};

/// Replaces an open order; its id changes (`trading.md` 6.5).
pub static ORDER_REPLACE: Endpoint = Endpoint {
    tool: "place_order",
    view: "replace",
    method: Post,
    path: "/v1/orders/replace",
    scopes: &[EXECUTION],
    sure: Documented,
    params: &[],
    rows: "",
    example: r#"{"ticket":"the ticket of a preview_order answer with replaces"}"#,
};

/// Asks for the end of an open order (`trading.md` 6.6).
pub static ORDER_CANCEL: Endpoint = Endpoint {
    tool: "cancel_order",
    view: "cancel",
    method: Post,
    path: "/v1/orders/cancel",
    scopes: &[EXECUTION],
    sure: Documented,
    params: &[],
    rows: "",
    example: r#"{"order":"an id from get_orders","account":"0017"}"#,
};

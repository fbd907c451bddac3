//! Symbols, quotes, bars, movers and indices.

use super::common::*;

const TRADED: Param = required("symbol", "ticker", Symbol(Form::Traded));
const INDEX: Param = required("symbol", "identifier", Symbol(Form::Index));
const SYMBOL_TYPE: Param = fixed("identifierType", "Symbol");
const PRECISION: Param =
    optional("precision", "precision", Choice(&[("minutes", "Minutes"), ("hours", "Hours")])).or("hours");
const CHART_PRECISION: Param =
    Param { kind: Choice(&[("minutes", "Minute"), ("hours", "Hour")]), ..PRECISION };
const INDEX_GROUP: Param = required("group", "indexGroup", Text(60));
const SECTORS: &[(&str, &str)] = &[
    ("technology", "TECHNOLOGY"),
    ("healthcare", "HEALTHCARE"),
    ("financial_services", "FINANCIAL SERVICES"),
    ("consumer_cyclical", "CONSUMER CYCLICAL"),
    ("consumer_defensive", "CONSUMER DEFENSIVE"),
    ("industrials", "INDUSTRIALS"),
    ("energy", "ENERGY"),
    ("utilities", "UTILITIES"),
    ("basic_materials", "BASIC MATERIALS"),
    ("communication_services", "COMMUNICATION SERVICES"),
    ("real_estate", "REAL ESTATE"),
    ("other", "OTHER"),
    ("none", "NONE"),
];
const PERIOD: Param = optional("period", "period", Whole(1, 1000)).or("1");
const START: Param = optional("from", "startTime", IndexTime).or("5 days ago");
const END: Param = optional("to", "endTime", LastIndexTime).or("today");

rows! {
    /// A prefix of the query chooses options or futures.
    SEARCH = get("/v1/marketdata/search", &[MARKET], &[
        required("query", "query", Text(101)),
        optional("limit", "limit", Whole(1, 100)),
    ]);
    SYMBOL_INFORMATION = get("/v1/chart/symbols", &[MARKET], &[
        required("symbol", "symbol", Symbol(Form::Chart)),
    ]);
    EQUITY_DETAILS = get("/v1/marketdata/equities/details", &[MARKET], &[
        required("symbols", "symbols", Symbols(Form::Traded)),
    ]).rows("data");
    CHART_QUOTES = get("/v1/chart/quotes", &[MARKET], &[
        required("symbols", "symbols", Symbols(Form::Chart)),
    ]).rows("d");
    STOCK_QUOTE = get("/v1/stocks/last-quote", &[SUPPLEMENTAL], &[TRADED]).rows("results");
    STOCK_TRADE = get("/v1/stocks/last-trade", &[SUPPLEMENTAL], &[TRADED]).rows("results");
    STOCK_PREVIOUS = get("/v1/stocks/prev", &[SUPPLEMENTAL], &[TRADED]).rows("results");
    STOCK_DAY = get("/v1/stocks/aggs", &[SUPPLEMENTAL], &[
        TRADED, fixed("multiplier", "1"), fixed("timespan", "day"),
        required("from", "from", Date),
        required("to", "to", Date),
    ]).rows("results");
    OPTION_DETAILS = get("/v1/marketdata/options/details", &[MARKET], &[
        required("symbols", "symbols", Symbols(Form::Osi)),
    ]).rows("data");
    INDEX_VALUES = get("/v1/indices/realtime/values", &[SUPPLEMENTAL], &[
        required("symbols", "identifiers", Symbols(Form::Index)),
    ]).rows("items");
    HISTORY = get("/v1/chart/history", &[MARKET], &[
        required("symbol", "symbol", Symbol(Form::Chart)),
        required("interval", "resolution", Choice(INTERVALS)),
        required("from", "from", Seconds),
        required("to", "to", Seconds),
        optional("extended", "includeExtended", Flag),
    ]);
    INDEX_BARS = get("/v1/indices/bars", &[SUPPLEMENTAL], &[
        INDEX, SYMBOL_TYPE, START, END, PRECISION, PERIOD,
    ]).rows("bars");
    INDEX_BAR = get("/v1/indices/bar", &[SUPPLEMENTAL], &[INDEX, SYMBOL_TYPE, END, PRECISION, PERIOD])
        .rows("bar");
    INDEX_CHART_BARS = get("/v1/indices/chart-bars", &[SUPPLEMENTAL], &[
        INDEX, SYMBOL_TYPE, START, END, CHART_PRECISION, PERIOD,
    ]).rows("chartBars");
    INDEX_GROUPS = get("/v1/indices/groups", &[SUPPLEMENTAL], &[]).rows("indexGroups");
    INDEX_LIST = get("/v1/indices/list", &[SUPPLEMENTAL], &[INDEX_GROUP])
        .rows("indices").limit("pageSize", 1000).cursor(Cursor::Token("nextPage", "nextPage"));
    INDEX_MEMBERS = get("/v1/indices/by-group", &[SUPPLEMENTAL], &[INDEX_GROUP]).rows("indices");
    INDEX_SEARCH = get("/v1/indices/search", &[SUPPLEMENTAL], &[
        required("query", "indexName", Text(100)),
    ]).rows("indices");
    GAINERS = get("/v1/equity/top-gainers", &[MARKET], &[]).limit("limit", 99);
    LOSERS = get("/v1/equity/top-losers", &[MARKET], &[]).limit("limit", 99);
    MOST_ACTIVE = get("/v1/equity/top-most-active", &[MARKET], &[]).limit("limit", 99);
    SECTOR_CHANGES = get("/v1/equity/sector-wise-change", &[MARKET], &[fixed("limit", "all")]);
    SECTOR_STOCKS = get("/v1/equity/sector-tickers", &[MARKET], &[
        required("sector", "sector", Choice(SECTORS)),
    ]);
    NET_INFLOW = get("/v1/analytics/net-inflow", &[ANALYTICS], &[]).rows("data");
    BREADTH = get("/v1/analytics/market-breadth", &[ANALYTICS], &[]).rows("data");
    EXCHANGE_STATUS = get("/v1/market/status", &[SUPPLEMENTAL], &[fixed("exchange", "US")]);
    /// Prices as they change; the status of the market comes unasked after signing in.
    MARKET_SOCKET = endpoint(Socket, "/v1/market/ws", &[MARKET], &[]).older(&MARKET_SOCKET_OLDER);
    MARKET_SOCKET_OLDER = endpoint(Socket, "/v1/marketdata/ws", &[MARKET], &[]).docs();
}

//! Option chains, contracts, trades and movers (`aries-api/options-analytics-calendars.md` 2 to 4).

use super::{OPTIONS, SUPPLEMENTAL};
use crate::aries::endpoint::ParamKind::{Choice, Date, LastNanosecond, Nanoseconds, Positive, Symbol, Whole};
use crate::aries::endpoint::Sure::Partly;
use crate::aries::endpoint::{Endpoint, Param, fixed, optional, required};
use crate::aries::shape::Unit::{
    Contract as Osi, Date as Day, Fraction, Percent, Price, Quantity, Stamp, Word,
};
use crate::aries::shape::{Cursor, Order, Shape, col, more, one, rows};
use crate::aries::symbols::Form;

/// The pages sit in supplemental, the scope text says options (`market-data.md` 0.2).
const CHAINS: &[&str] = &[OPTIONS, SUPPLEMENTAL];

/// A page of the chain. The names of the filters are inferred (`options-analytics-calendars.md` 2.1), so they stand
/// here and nowhere else.
pub(crate) static CHAIN: Endpoint = Endpoint {
    tool: "get_option_chain",
    view: "chain",
    title: "expirations, or the chain of one",
    path: "/v1/options/snapshot/chain/{underlyingAsset}",
    scopes: CHAINS,
    sure: Partly,
    params: &[
        required("symbol", "underlyingAsset", Symbol(Form::Ticker)),
        optional("expiration", "expirationDate", Date),
        optional("from", "expirationDateFrom", Date),
        optional("side", "contractType", Choice(&[("call", "call"), ("put", "put")])),
        optional("strike_from", "strikePriceFrom", Positive),
        optional("strike_to", "strikePriceTo", Positive),
        optional("strike_after", "strikePriceAfter", Positive),
        optional("sort", "sort", Choice(&[("ticker", "ticker")])),
        optional("limit", "limit", Whole(1, 250)),
    ],
    rows: "results",
    example: r#"{"symbol":"AAPL"}"#,
    ..Endpoint::READ
};

/// One contract with everything known of it (`options-analytics-calendars.md` 2.2).
pub(crate) static CONTRACT: Endpoint = Endpoint {
    tool: "get_option_chain",
    view: "contract",
    title: "one contract",
    path: "/v1/options/snapshot/{underlyingAsset}/{optionContract}",
    scopes: CHAINS,
    params: &[
        required("symbol", "underlyingAsset", Symbol(Form::Traded)),
        required("contract", "optionContract", Symbol(Form::Prefixed)),
    ],
    rows: "results",
    shape: one(&[
        col("contract", "details/ticker", Osi),
        col("bid", "lastQuote/bid", Price),
        col("ask", "lastQuote/ask", Price),
        col("bid size", "lastQuote/bidSize", Quantity),
        col("ask size", "lastQuote/askSize", Quantity),
        col("quote time", "lastQuote/lastUpdated", Stamp),
        col("quote feed", "lastQuote/timeframe", Word),
        col("last", "lastTrade/price", Price),
        col("last time", "lastTrade/sipTimestamp", Stamp),
        col("IV %", "impliedVolatility", Fraction),
        col("delta", "greeks/delta", crate::aries::shape::Unit::Number),
        col("gamma", "greeks/gamma", crate::aries::shape::Unit::Number),
        col("theta", "greeks/theta", crate::aries::shape::Unit::Number),
        col("vega", "greeks/vega", crate::aries::shape::Unit::Number),
        col("open interest", "openInterest", Quantity),
        col("volume", "day/volume", Quantity),
        col("change %", "day/changePercent", Percent),
        col("break-even", "breakEvenPrice", Price),
        col("underlying", "underlyingAsset/price", Price),
        col("underlying feed", "underlyingAsset/timeframe", Word),
        col("shares per contract", "details/sharesPerContract", Quantity),
        col("style", "details/exerciseStyle", Word),
    ])
    .units("USD, times New York"),
    example: r#"{"contract":"AAPL 2027-05-21 250 C"}"#,
    ..Endpoint::READ
};

/// The contract symbols of one expiration (`options-analytics-calendars.md` 2.3).
pub(crate) static CONTRACT_SYMBOLS: Endpoint = Endpoint {
    tool: "get_option_chain",
    view: "symbols",
    title: "the strikes of one expiration",
    path: "/v1/options/{symbol}/contracts/{expiryDate}",
    scopes: CHAINS,
    params: &[required("symbol", "symbol", Symbol(Form::Ticker)), required("expiration", "expiryDate", Date)],
    rows: "calls",
    example: r#"{"symbol":"AAPL","expiration":"2027-05-21","symbols_only":true}"#,
    ..Endpoint::READ
};

/// The contracts that moved or traded most (`options-analytics-calendars.md` 4). `type` is `c` or `P`.
const MOVER: Shape = rows(&[
    col("contract", "symbol", Osi),
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
    more("expiration", "expiry", Day),
    more("type", "type", Word),
])
.units("USD")
.limit("size", 99);

macro_rules! movers {
    ($(#[$doc:meta])* $name:ident, $view:literal, $title:literal, $path:literal, $sure:ident) => {
        $(#[$doc])*
        pub(crate) static $name: Endpoint = Endpoint {
            tool: "get_option_activity",
            view: $view,
            title: $title,
            path: $path,
            scopes: &[OPTIONS],
            sure: crate::aries::endpoint::Sure::$sure,
            shape: MOVER,
            example: concat!(r#"{"view":""#, $view, r#""}"#),
            ..Endpoint::READ
        };
    };
}

movers!(
    /// Stock options that rose most.
    OPTION_GAINERS, "gainers", "stock options that rose most", "/v1/options/stocks/top-gainers", Documented
);
movers!(
    /// Stock options that fell most; nothing documented answers this.
    OPTION_LOSERS, "losers", "stock options that fell most", "/v1/options/stocks/top-losers", Inferred
);
movers!(
    /// Stock options that traded most.
    OPTION_VOLUME, "volume", "stock options that traded most", "/v1/options/stocks/top-volume", Partly
);
movers!(
    /// ETF options that rose most; nothing documented answers this.
    ETF_OPTION_GAINERS, "etf_gainers", "ETF options that rose most", "/v1/options/etfs/top-gainers", Inferred
);
movers!(
    /// ETF options that fell most; nothing documented answers this.
    ETF_OPTION_LOSERS, "etf_losers", "ETF options that fell most", "/v1/options/etfs/top-losers", Inferred
);
movers!(
    /// ETF options that traded most.
    ETF_OPTION_VOLUME, "etf_volume", "ETF options that traded most", "/v1/options/etfs/top-volume", Partly
);

const CONTRACT_ARG: Param = required("contract", "ticker", Symbol(Form::Prefixed))
    .about("Contract: AAPL261218C00200000 or AAPL 2026-12-18 200 C");

/// Trades of one contract (`options-analytics-calendars.md` 3).
pub(crate) static OPTION_TRADES: Endpoint = Endpoint {
    tool: "get_option_activity",
    view: "trades",
    title: "trades of one contract, newest first",
    path: "/v1/options/trades",
    scopes: CHAINS,
    params: &[
        CONTRACT_ARG,
        optional("from", "timestampFrom", Nanoseconds).about("First day or moment"),
        optional("to", "timestampTo", LastNanosecond).about("Last day or moment"),
        fixed("order", "desc"),
        fixed("sort", "timestamp"),
    ],
    rows: "results",
    shape: rows(&[
        col("time", "sipTimestamp,participantTimestamp", Stamp),
        col("price", "price", Price),
        col("size", "size", Quantity),
        more("exchange", "exchange", Word),
        more("conditions", "conditions", crate::aries::shape::Unit::List),
    ])
    .units("USD, times New York")
    .limit("limit", 500)
    .cursor(Cursor::Next)
    .order(Order::Sent)
    .usual(50),
    example: r#"{"view":"trades","contract":"AAPL270521C00250000"}"#,
    ..Endpoint::READ
};

/// The last trade of one contract (`options-analytics-calendars.md` 3).
pub(crate) static OPTION_LAST_TRADE: Endpoint = Endpoint {
    tool: "get_option_activity",
    view: "last_trade",
    title: "the last trade of one contract",
    path: "/v1/options/last-trade",
    scopes: CHAINS,
    params: &[CONTRACT_ARG],
    rows: "results",
    shape: one(&[
        col("contract", "ticker", Osi),
        col("price", "price", Price),
        col("size", "size", Quantity),
        col("time", "sipTimestamp,participantTimestamp", Stamp),
        more("exchange", "exchange", Word),
    ])
    .units("USD, times New York"),
    example: r#"{"view":"last_trade","contract":"AAPL270521C00250000"}"#,
    ..Endpoint::READ
};

/// The bar of the day before of one contract (`options-analytics-calendars.md` 3).
pub(crate) static OPTION_PREVIOUS_DAY: Endpoint = Endpoint {
    tool: "get_option_activity",
    view: "previous_day",
    title: "the day before of one contract",
    path: "/v1/options/previous-day",
    scopes: CHAINS,
    params: &[CONTRACT_ARG],
    shape: one(&[
        col("contract", "ticker", Osi),
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
    example: r#"{"view":"previous_day","contract":"AAPL270521C00250000"}"#,
    ..Endpoint::READ
};

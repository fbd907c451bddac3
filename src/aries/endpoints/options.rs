//! Option chains, contracts, trades and movers.

use super::{OPTIONS, SUPPLEMENTAL};
use crate::aries::endpoint::DocStatus::{Documented, Inferred, Partly};
use crate::aries::endpoint::ParamKind::{Choice, Date, LastNanosecond, Nanoseconds, Positive, Symbol, Whole};
use crate::aries::endpoint::{Cursor, DocStatus, Endpoint, Paging, Param, fixed, optional, required};
use crate::aries::symbols::Form;

/// The rows of this file, in the order of the table in README.
pub(super) static ROWS: &[&Endpoint] = &[
    &CHAIN,
    &CONTRACT,
    &CONTRACT_SYMBOLS,
    &OPTION_GAINERS,
    &OPTION_LOSERS,
    &OPTION_VOLUME,
    &ETF_OPTION_GAINERS,
    &ETF_OPTION_LOSERS,
    &ETF_OPTION_VOLUME,
    &OPTION_TRADES,
    &OPTION_LAST_TRADE,
    &OPTION_PREVIOUS_DAY,
];

/// The endpoints' pages say supplemental, the text of the scope says options.
const CHAINS: &[&str] = &[OPTIONS, SUPPLEMENTAL];

const CONTRACT_ARG: Param = required("contract", "ticker", Symbol(Form::Prefixed));

const fn movers(path: &'static str, doc: DocStatus) -> Endpoint {
    Endpoint { path, scopes: &[OPTIONS], doc, paging: Paging::most("size", 99), ..Endpoint::READ }
}

/// A page of the chain. The names of the filters are inferred, so they stand
/// here and nowhere else.
pub(crate) static CHAIN: Endpoint = Endpoint {
    path: "/v1/options/snapshot/chain/{underlyingAsset}",
    scopes: CHAINS,
    doc: Partly,
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
    ..Endpoint::READ
};

/// One contract with everything known of it.
pub(crate) static CONTRACT: Endpoint = Endpoint {
    path: "/v1/options/snapshot/{underlyingAsset}/{optionContract}",
    scopes: CHAINS,
    params: &[
        required("symbol", "underlyingAsset", Symbol(Form::Traded)),
        required("contract", "optionContract", Symbol(Form::Prefixed)),
    ],
    rows: "results",
    ..Endpoint::READ
};

/// The contract symbols of one expiration.
pub(crate) static CONTRACT_SYMBOLS: Endpoint = Endpoint {
    path: "/v1/options/{symbol}/contracts/{expiryDate}",
    scopes: CHAINS,
    params: &[required("symbol", "symbol", Symbol(Form::Ticker)), required("expiration", "expiryDate", Date)],
    rows: "calls",
    ..Endpoint::READ
};

/// Stock options that rose most.
pub(crate) static OPTION_GAINERS: Endpoint = movers("/v1/options/stocks/top-gainers", Documented);

/// Stock options that fell most; nothing documented answers this.
pub(crate) static OPTION_LOSERS: Endpoint = movers("/v1/options/stocks/top-losers", Inferred);

/// Stock options that traded most.
pub(crate) static OPTION_VOLUME: Endpoint = movers("/v1/options/stocks/top-volume", Partly);

/// ETF options that rose most; nothing documented answers this.
pub(crate) static ETF_OPTION_GAINERS: Endpoint = movers("/v1/options/etfs/top-gainers", Inferred);

/// ETF options that fell most; nothing documented answers this.
pub(crate) static ETF_OPTION_LOSERS: Endpoint = movers("/v1/options/etfs/top-losers", Inferred);

/// ETF options that traded most.
pub(crate) static ETF_OPTION_VOLUME: Endpoint = movers("/v1/options/etfs/top-volume", Partly);

/// Trades of one contract.
pub(crate) static OPTION_TRADES: Endpoint = Endpoint {
    path: "/v1/options/trades",
    scopes: CHAINS,
    params: &[
        CONTRACT_ARG,
        optional("from", "timestampFrom", Nanoseconds),
        optional("to", "timestampTo", LastNanosecond),
        fixed("order", "desc"),
        fixed("sort", "timestamp"),
    ],
    rows: "results",
    paging: Paging::pages("limit", 500, Cursor::Next),
    ..Endpoint::READ
};

/// The last trade of one contract.
pub(crate) static OPTION_LAST_TRADE: Endpoint = Endpoint {
    path: "/v1/options/last-trade",
    scopes: CHAINS,
    params: &[CONTRACT_ARG],
    rows: "results",
    ..Endpoint::READ
};

/// The bar of the day before of one contract.
pub(crate) static OPTION_PREVIOUS_DAY: Endpoint =
    Endpoint { path: "/v1/options/previous-day", scopes: CHAINS, params: &[CONTRACT_ARG], ..Endpoint::READ };

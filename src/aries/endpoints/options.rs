//! Option chains, contracts, trades and movers.

use super::common::*;

const CHAINS: &[&str] = &[SUPPLEMENTAL];

const CONTRACT_ARG: Param = required("contract", "ticker", Symbol(Form::Prefixed));

rows! {
    CHAIN = get("/v1/options/snapshot/chain/{underlyingAsset}", CHAINS, &[
        required("symbol", "underlyingAsset", Symbol(Form::Traded)),
        optional("expiration", "expirationDate", Date),
        optional("side", "contractType", Choice(&[("call", "call"), ("put", "put")])),
        optional("strike_from", "strikePriceGte", Positive),
        optional("strike_to", "strikePriceLte", Positive),
        optional("strike_after", "strikePriceGt", Positive),
        optional("limit", "limit", Whole(1, 250)),
    ]).rows("results");
    CONTRACT = get("/v1/options/snapshot/{underlyingAsset}/{optionContract}", CHAINS, &[
        required("symbol", "underlyingAsset", Symbol(Form::Traded)),
        required("contract", "optionContract", Symbol(Form::Prefixed)),
    ]).rows("results");
    EXPIRATIONS = get("/v1/options/{symbol}/expiry-dates", CHAINS, &[
        required("symbol", "symbol", Symbol(Form::Traded)),
    ]).rows("expiryDates");
    CONTRACT_SYMBOLS = get("/v1/options/{symbol}/contracts/{expiryDate}", CHAINS, &[
        required("symbol", "symbol", Symbol(Form::Traded)),
        required("expiration", "expiryDate", Date),
    ]).rows("calls");
    OPTION_GAINERS = get("/v1/options/stocks/top-gainers", &[OPTIONS], &[]).limit("size", 99);
    OPTION_VOLUME = get("/v1/options/stocks/top-volume", &[OPTIONS], &[]).limit("size", 99);
    ETF_OPTION_VOLUME = get("/v1/options/etfs/top-volume", &[OPTIONS], &[]).limit("size", 99);
    OPTION_TRADES = get("/v1/options/trades", CHAINS, &[
        CONTRACT_ARG, FROM_MOMENT, TO_MOMENT, fixed("order", "desc"), fixed("sort", "timestamp"),
    ]).rows("results").limit("limit", 500).cursor(Cursor::Next);
    OPTION_QUOTES = get("/v1/options/quotes", CHAINS, &[
        CONTRACT_ARG, FROM_MOMENT, TO_MOMENT, fixed("order", "desc"), fixed("sort", "timestamp"),
    ]).rows("results").limit("limit", 500).cursor(Cursor::Next);
    OPTION_LAST_TRADE = get("/v1/options/last-trade", CHAINS, &[CONTRACT_ARG]).rows("results");
    OPTION_PREVIOUS_DAY = get("/v1/options/previous-day", CHAINS, &[CONTRACT_ARG]);
    OPTION_DAY = get("/v1/options/open-close", CHAINS, &[CONTRACT_ARG, required("date", "date", Date)]);
    OPTION_ACTIVITY = get("/v1/options/activity", CHAINS, &[
        SYMBOL.wire("tickers").optional(), FROM.wire("dateFrom"), TO.wire("dateTo"),
    ]).rows("activities").limit("pageSize", 1000).cursor(Cursor::Page("page", 1));
    UNUSUAL_OPTIONS = get("/v1/options/unusual_activity/{symbol}", &[OPTIONS], &[
        SYMBOL,
        optional("source", "source", Choice(&[("delayed", "delayed"), ("realtime", "realtime")])),
    ]).rows("trades");
}

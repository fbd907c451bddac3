//! The one table of endpoints.

use super::limits::Rate;
use super::{Handler, Route};
use crate::sandbox::{broker, control, data, research, sign_in};

const fn get(path: &'static str, scopes: &'static [&'static str], rate: Rate, handler: Handler) -> Route {
    Route { method: "GET", path, scopes, rate, handler }
}

const fn post(path: &'static str, scopes: &'static [&'static str], rate: Rate, handler: Handler) -> Route {
    Route { method: "POST", path, scopes, rate, handler }
}

const fn delete(path: &'static str, scopes: &'static [&'static str], rate: Rate, handler: Handler) -> Route {
    Route { method: "DELETE", path, scopes, rate, handler }
}

const OPEN: &[&str] = &[];
/// The account list is documented under both (trading.md 1.6).
const USER_OR_ACCOUNT: &[&str] = &["account:information", "user:information"];
const USER: &[&str] = &["user:information"];
const ACCOUNT: &[&str] = &["account:information"];
/// Positions are documented under both (trading.md 1.6).
const POSITIONS: &[&str] = &["position:information", "account:information"];
const ORDERS: &[&str] = &["order:information"];
const EXECUTION: &[&str] = &["order:execution"];
const MARKET: &[&str] = &["market:information"];
/// Movers: the scope table says market, the pages sit in analytics (market-data.md 0.2).
const MOVERS: &[&str] = &["market:information", "analytics:information"];
const SUPPLEMENTAL: &[&str] = &["market:supplemental"];
/// Chains: the page sits in supplemental, the scope text says options (market-data.md 0.2).
const CHAINS: &[&str] = &["options:information", "market:supplemental"];

/// Option movers: named in the scope guide (market-data.md 0.2).
const OPTIONS: &[&str] = &["options:information"];

/// Ratings, insights and breadth (market-data.md 0.2).
const ANALYTICS: &[&str] = &["analytics:information"];
/// The calendars (market-data.md 0.2).
const CALENDAR: &[&str] = &["calendar:information"];

/// Every endpoint there is. The first row whose method and path fit wins, so that fixed words stand before `{names}`.
pub(super) const ROUTES: &[Route] = &[
    // Sign-in: trading.md 1.
    get("/oauth2/authorize", OPEN, Rate::Free, sign_in::authorize::begin),
    post(sign_in::page::SIGN_IN_PATH, OPEN, Rate::Free, sign_in::authorize::signed_in),
    post(sign_in::page::CONSENT_PATH, OPEN, Rate::Free, sign_in::authorize::decided),
    post("/v1/oauth2/token", OPEN, Rate::Auth, sign_in::token::exchange),
    // Users and accounts: trading.md 2 to 4.
    get("/v1/users/me", USER, Rate::User, broker::users::me),
    get("/v1/users/me/accounts", USER_OR_ACCOUNT, Rate::User, broker::users::accounts),
    get("/v1/accounts/{id}/balances", ACCOUNT, Rate::Trading, broker::balances::balances),
    get("/v1/accounts/{id}/positions", POSITIONS, Rate::Trading, broker::positions::positions),
    // Orders: trading.md 5 and 6.
    get("/v2/accounts/{id}/orders", ORDERS, Rate::Trading, broker::lists::today),
    get("/v2/accounts/{id}/orders/history", ORDERS, Rate::Trading, broker::lists::history),
    get("/v1/accounts/{id}/orders", ORDERS, Rate::Trading, broker::lists::legacy),
    post("/v1/orders/preview", EXECUTION, Rate::Trading, broker::entry::preview),
    post("/v1/orders/replace", EXECUTION, Rate::Trading, broker::change::replace),
    post("/v1/orders/cancel", EXECUTION, Rate::Trading, broker::change::cancel),
    post("/v1/orders", EXECUTION, Rate::Trading, broker::entry::place),
    // Market data: market-data.md 2 to 7 and 11.
    get("/v1/marketdata/search", MARKET, Rate::Market, data::search::search),
    get("/v1/marketdata/options/details", MARKET, Rate::Market, data::options::details),
    get("/v1/chart/history", MARKET, Rate::Market, data::chart::history),
    get("/v1/chart/symbols", MARKET, Rate::Market, data::chart::symbols),
    get("/v1/stocks/last-quote", SUPPLEMENTAL, Rate::Market, data::stocks::last_quote),
    get("/v1/stocks/last-trade", SUPPLEMENTAL, Rate::Market, data::stocks::last_trade),
    get("/v1/stocks/prev", SUPPLEMENTAL, Rate::Market, data::stocks::prev),
    get("/v1/stocks/aggs", SUPPLEMENTAL, Rate::Market, data::stocks::aggs),
    get("/v1/indices/realtime/values", SUPPLEMENTAL, Rate::Market, data::indices::realtime_values),
    get("/v1/equity/top-gainers", MOVERS, Rate::Market, data::movers::gainers),
    get("/v1/equity/top-losers", MOVERS, Rate::Market, data::movers::losers),
    // Option chains: options-analytics-calendars.md 2.
    get("/v1/options/snapshot/chain/{underlyingAsset}", CHAINS, Rate::Market, data::options::chain),
    get(
        "/v1/options/snapshot/{underlyingAsset}/{optionContract}",
        CHAINS,
        Rate::Market,
        data::options::contract,
    ),
    get("/v1/options/{symbol}/contracts/{expiryDate}", CHAINS, Rate::Market, data::options::contracts),
    get("/v1/options/trades", CHAINS, Rate::Market, data::tape::trades),
    get("/v1/options/last-trade", CHAINS, Rate::Market, data::tape::last_trade),
    get("/v1/options/previous-day", CHAINS, Rate::Market, data::tape::previous_day),
    get("/v1/options/stocks/top-gainers", OPTIONS, Rate::Market, data::option_movers::stock_gainers),
    get("/v1/options/stocks/top-volume", OPTIONS, Rate::Market, data::option_movers::stock_volume),
    get("/v1/options/etfs/top-volume", OPTIONS, Rate::Market, data::option_movers::etf_volume),
    // Analytics and calendars: options-analytics-calendars.md 5 to 9.
    get("/v1/analytics/ratings", ANALYTICS, Rate::Market, research::analytics::ratings),
    get("/v1/analytics/insights", ANALYTICS, Rate::Market, research::analytics::insights),
    get("/v1/analytics/market-breadth", ANALYTICS, Rate::Market, research::analytics::breadth),
    get("/v1/calendars/economics", CALENDAR, Rate::Market, research::economy::economics),
    get("/v1/calendars/earnings", CALENDAR, Rate::Market, research::earnings::calendar),
    get("/v1/calendars/historical/{symbol}", CALENDAR, Rate::Market, research::economy::historical),
    // Supplemental data: supplemental.md.
    get("/v1/stock/earnings", SUPPLEMENTAL, Rate::Market, research::earnings::surprises),
    get("/v1/economy/treasury-yields", SUPPLEMENTAL, Rate::Market, research::economy::treasury_yields),
    // For tests: faults, observation, and a hand on the market.
    post("/sandbox/faults", OPEN, Rate::Free, control::add_faults),
    delete("/sandbox/faults", OPEN, Rate::Free, control::clear_faults),
    get("/sandbox/log", OPEN, Rate::Free, control::show_log),
    delete("/sandbox/log", OPEN, Rate::Free, control::clear_log),
    get("/sandbox/stats", OPEN, Rate::Free, control::stats),
    post("/sandbox/options", OPEN, Rate::Free, control::set_options),
    post("/sandbox/fill", OPEN, Rate::Free, control::fill),
    post("/sandbox/price", OPEN, Rate::Free, control::set_price),
];

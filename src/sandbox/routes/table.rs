//! The one table of endpoints.

use super::limits::Rate;
use super::{Handler, Route};
use crate::sandbox::{broker, control, data, predictions, research, sign_in, socket};

const fn get(path: &'static str, scopes: &'static [&'static str], rate: Rate, handler: Handler) -> Route {
    Route { method: "GET", path, scopes, rate, handler }
}

const fn post(path: &'static str, scopes: &'static [&'static str], rate: Rate, handler: Handler) -> Route {
    Route { method: "POST", path, scopes, rate, handler }
}

const fn put(path: &'static str, scopes: &'static [&'static str], rate: Rate, handler: Handler) -> Route {
    Route { method: "PUT", path, scopes, rate, handler }
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
/// No scope is documented; either of the likely ones is enough (trading.md 2.4).
const WATCHLISTS: &[&str] = &["account:information", "user:information"];
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

/// Prediction markets: no scope is documented; either of the likely ones is enough (prediction-markets.md).
const PREDICTION: &[&str] = &["market:information", "market:supplemental"];

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
    // Watchlists: trading.md 2.4.
    get("/v1/accounts/{id}/watchlist", WATCHLISTS, Rate::User, broker::watchlists::list),
    put("/v1/accounts/{id}/watchlist", WATCHLISTS, Rate::User, broker::watchlists::replace),
    delete("/v1/watchlist/{id}", WATCHLISTS, Rate::User, broker::watchlists::delete),
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
    get("/v1/indices/bar", SUPPLEMENTAL, Rate::Market, data::index_bars::bar),
    get("/v1/indices/bars", SUPPLEMENTAL, Rate::Market, data::index_bars::bars),
    get("/v1/indices/chart-bars", SUPPLEMENTAL, Rate::Market, data::index_bars::chart_bars),
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
    get("/v1/news", SUPPLEMENTAL, Rate::Market, research::news::news),
    get("/v1/news-sentiment", SUPPLEMENTAL, Rate::Market, research::news::sentiment),
    get("/v1/company/profile", SUPPLEMENTAL, Rate::Market, research::profile::profile),
    get("/v1/company/metrics", SUPPLEMENTAL, Rate::Market, research::profile::metrics),
    get("/v1/financials/statements", SUPPLEMENTAL, Rate::Market, research::financials::statements),
    get(
        "/v1/financials/income-statements",
        SUPPLEMENTAL,
        Rate::Market,
        research::financials::income_statements,
    ),
    get(
        "/v1/financials/cash-flow-statements",
        SUPPLEMENTAL,
        Rate::Market,
        research::financials::cash_flow_statements,
    ),
    get("/v1/financials/ratios", SUPPLEMENTAL, Rate::Market, research::financials::ratios),
    get("/v1/stock/earnings", SUPPLEMENTAL, Rate::Market, research::earnings::surprises),
    get("/v1/stock/eps-estimate", SUPPLEMENTAL, Rate::Market, research::estimates::eps),
    get("/v1/stock/ebit-estimate", SUPPLEMENTAL, Rate::Market, research::estimates::ebit),
    get("/v1/stock/ebitda-estimate", SUPPLEMENTAL, Rate::Market, research::estimates::ebitda),
    get("/v1/stock/price-target", SUPPLEMENTAL, Rate::Market, research::estimates::price_target),
    get("/v1/stock/upgrade-downgrade", SUPPLEMENTAL, Rate::Market, research::estimates::upgrade_downgrade),
    get("/v1/stock/earnings-quality-score", SUPPLEMENTAL, Rate::Market, research::estimates::quality),
    get("/v1/stock/social-sentiment", SUPPLEMENTAL, Rate::Market, research::news::social),
    get("/v1/stock/historical-esg", SUPPLEMENTAL, Rate::Market, research::alternative::esg),
    get("/v1/stock/usa-spending", SUPPLEMENTAL, Rate::Market, research::alternative::usa_spending),
    get("/v1/corporate-actions/dividends", SUPPLEMENTAL, Rate::Market, research::actions::dividends),
    get("/v1/stock/split", SUPPLEMENTAL, Rate::Market, research::actions::splits),
    get("/v1/corporate-actions/spinoffs", SUPPLEMENTAL, Rate::Market, research::actions::spinoffs),
    get("/v1/filings/similarity-index", SUPPLEMENTAL, Rate::Market, research::alternative::similarity),
    get("/v1/indicator", SUPPLEMENTAL, Rate::Market, research::technical::indicator),
    get("/v1/scan/pattern", SUPPLEMENTAL, Rate::Market, research::technical::patterns),
    get("/v1/economy/treasury-yields", SUPPLEMENTAL, Rate::Market, research::economy::treasury_yields),
    // Prediction markets: prediction-markets.md. `/v1/predictions/` leads here too.
    get("/v1/prediction/search", PREDICTION, Rate::Market, predictions::markets::search),
    get("/v1/prediction/products/{productId}", PREDICTION, Rate::Market, predictions::markets::product),
    get(
        "/v1/prediction/events/{eventId}/instruments",
        PREDICTION,
        Rate::Market,
        predictions::markets::instruments,
    ),
    get("/v1/prediction/candidates/search", PREDICTION, Rate::Market, predictions::elections::search),
    get("/v1/prediction/candidates/totals", PREDICTION, Rate::Market, predictions::elections::all_totals),
    get(
        "/v1/prediction/candidates/{candidateId}/totals",
        PREDICTION,
        Rate::Market,
        predictions::elections::totals_of,
    ),
    get("/v1/prediction/receipts", PREDICTION, Rate::Market, predictions::itemized::receipts),
    get("/v1/prediction/disbursements", PREDICTION, Rate::Market, predictions::itemized::disbursements),
    get(
        "/v1/prediction/independent-expenditures",
        PREDICTION,
        Rate::Market,
        predictions::itemized::independent,
    ),
    // Sockets: market-data.md 9, trading.md 8. The token comes in the first message.
    get(socket::MARKET_PATH, OPEN, Rate::Free, socket::handshake),
    get(socket::ACCOUNTS_PATH, OPEN, Rate::Free, socket::handshake),
    // For tests: faults, observation, and a hand on the market.
    post("/sandbox/faults", OPEN, Rate::Free, control::add_faults),
    delete("/sandbox/faults", OPEN, Rate::Free, control::clear_faults),
    get("/sandbox/log", OPEN, Rate::Free, control::show_log),
    delete("/sandbox/log", OPEN, Rate::Free, control::clear_log),
    get("/sandbox/stats", OPEN, Rate::Free, control::stats),
    post("/sandbox/release", OPEN, Rate::Free, control::release),
    post("/sandbox/options", OPEN, Rate::Free, control::set_options),
    post("/sandbox/fill", OPEN, Rate::Free, control::fill),
    post("/sandbox/reject", OPEN, Rate::Free, control::reject),
    post("/sandbox/price", OPEN, Rate::Free, control::set_price),
];

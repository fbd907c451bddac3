//! The endpoints that are answered by code: those whose answers move. Their scopes stand in `aries::endpoints`; what has
//! no row there needs no token. Everything else is answered by a file (see `answers`).

use super::Route;
use crate::sandbox::{broker, control, data, sign_in, socket};

/// The first route whose method and path fit wins, so that fixed words stand before `{names}`.
#[rustfmt::skip]
pub(super) const ROUTES: &[Route] = &[
    ("GET", "/oauth2/authorize", sign_in::authorize::begin),
    ("POST", sign_in::page::SIGN_IN_PATH, sign_in::authorize::signed_in),
    ("POST", sign_in::page::CONSENT_PATH, sign_in::authorize::decided),
    ("POST", "/v1/oauth2/token", sign_in::token::exchange),
    ("GET", "/v2/users/me/accounts", broker::users::accounts),
    ("GET", "/v1/users/me/accounts", broker::users::accounts_v1),
    ("GET", "/v2/accounts/{id}/balance", broker::balances::balance),
    ("GET", "/v1/accounts/{id}/balances", broker::balances::balances_v1),
    ("GET", "/v1/accounts/{id}/positions", broker::positions::positions),
    ("GET", "/v1/config/watchlist", broker::watchlists::list),
    ("POST", "/v1/config/watchlist", broker::watchlists::create),
    ("PUT", "/v1/config/watchlist", broker::watchlists::replace_all),
    ("GET", "/v1/config/watchlist/{watchlist_id}", broker::watchlists::one),
    ("PATCH", "/v1/config/watchlist/{watchlist_id}", broker::watchlists::change),
    ("DELETE", "/v1/config/watchlist/{watchlist_id}", broker::watchlists::delete),
    ("GET", "/v1/accounts/{account_id}/watchlist", broker::watchlists::list_v1),
    ("PUT", "/v1/accounts/{account_id}/watchlist", broker::watchlists::replace_v1),
    ("DELETE", "/v1/watchlist/{watchlist_id}", broker::watchlists::delete),
    ("GET", "/v2/accounts/{id}/orders", broker::lists::today),
    ("GET", "/v2/accounts/{id}/orders/history", broker::lists::history),
    ("GET", "/v1/accounts/{id}/orders", broker::lists::today_v1),
    ("POST", "/v1/orders/preview", broker::entry::preview),
    ("POST", "/v1/orders/replace", broker::change::replace),
    ("POST", "/v1/orders/cancel", broker::change::cancel),
    ("POST", "/v1/orders", broker::entry::place),
    ("GET", "/v1/marketdata/search", data::search::search),
    ("GET", "/v1/marketdata/equities/details", data::quotes::details),
    ("GET", "/v1/marketdata/options/details", data::options::details),
    ("GET", "/v1/chart/quotes", data::quotes::chart),
    ("GET", "/v1/chart/history", data::chart::history),
    ("GET", "/v1/stocks/aggs", data::stocks::aggs),
    ("GET", "/v1/indices/realtime/values", data::indices::realtime_values),
    ("GET", "/v1/indices/bar", data::index_bars::bar),
    ("GET", "/v1/indices/bars", data::index_bars::bars),
    ("GET", "/v1/indices/chart-bars", data::index_bars::chart_bars),
    ("GET", "/v1/options/snapshot/chain/{underlyingAsset}", data::options::chain),
    ("GET", "/v1/options/snapshot/{underlyingAsset}/{optionContract}", data::options::contract),
    ("GET", "/v1/options/{symbol}/expiry-dates", data::options::expirations),
    ("GET", "/v1/options/{symbol}/contracts/{expiryDate}", data::options::contracts),
    // The token comes in the first message.
    ("GET", socket::MARKET_PATH, socket::handshake),
    ("GET", socket::CHARTS_PATH, socket::handshake),
    ("GET", socket::ACCOUNTS_PATH, socket::handshake),
    // For tests: faults, observation, and a hand on the market.
    ("POST", "/sandbox/faults", control::add_faults),
    ("DELETE", "/sandbox/faults", control::clear_faults),
    ("GET", "/sandbox/log", control::show_log),
    ("DELETE", "/sandbox/log", control::clear_log),
    ("GET", "/sandbox/stats", control::stats),
    ("POST", "/sandbox/release", control::release),
    ("POST", "/sandbox/options", control::set_options),
    ("POST", "/sandbox/fill", control::fill),
    ("POST", "/sandbox/status", control::set_status),
    ("POST", "/sandbox/price", control::set_price),
];

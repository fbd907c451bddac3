//! The one table of endpoints, and the way through it: route, rate, token, scope, handler.

pub(crate) mod limits;

use jiff::Timestamp;
use url::form_urlencoded;

use self::limits::Rate;
use super::answer::{Answer, Reply};
use super::call::Call;
use super::world::World;
use super::{broker, control, data, sign_in};

/// An endpoint's code: a plain function of what is known and what was asked.
pub(crate) type Handler = fn(&mut World, &Call) -> Reply;

/// One endpoint.
pub(crate) struct Route {
    /// HTTP method.
    pub(crate) method: &'static str,
    /// Path with `{name}` for one segment.
    pub(crate) path: &'static str,
    /// Scopes of which any one suffices; empty means that no token is needed.
    pub(crate) scopes: &'static [&'static str],
    /// The rate limit that it counts against.
    pub(crate) rate: Rate,
    /// What answers.
    pub(crate) handler: Handler,
}

const fn get(path: &'static str, scopes: &'static [&'static str], rate: Rate, handler: Handler) -> Route {
    Route { method: "GET", path, scopes, rate, handler }
}

const fn post(path: &'static str, scopes: &'static [&'static str], rate: Rate, handler: Handler) -> Route {
    Route { method: "POST", path, scopes, rate, handler }
}

const fn delete(path: &'static str, handler: Handler) -> Route {
    Route { method: "DELETE", path, scopes: OPEN, rate: Rate::Free, handler }
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

/// Every endpoint there is. The first row whose method and path fit wins, so that fixed words stand before `{names}`.
pub(crate) const ROUTES: &[Route] = &[
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
    // For tests: faults, observation, and a hand on the market.
    post("/sandbox/faults", OPEN, Rate::Free, control::add_faults),
    delete("/sandbox/faults", control::clear_faults),
    get("/sandbox/log", OPEN, Rate::Free, control::show_log),
    delete("/sandbox/log", control::clear_log),
    get("/sandbox/stats", OPEN, Rate::Free, control::stats),
    post("/sandbox/options", OPEN, Rate::Free, control::set_options),
    post("/sandbox/fill", OPEN, Rate::Free, control::fill),
    post("/sandbox/price", OPEN, Rate::Free, control::set_price),
];

/// Answers one request; fills in the call's path parameters on the way.
pub(crate) fn answer(world: &mut World, call: &mut Call) -> Answer {
    let route = match find(&call.method, &call.path) {
        Ok((route, params)) => {
            call.params = params;
            route
        }
        Err(answer) => return answer,
    };
    guard(world, call, route).and_then(|()| (route.handler)(world, call)).unwrap_or_else(|refusal| refusal)
}

fn guard(world: &mut World, call: &Call, route: &Route) -> Result<(), Answer> {
    only_from_here(call)?;
    if world.options.rate_limits {
        world.limits.count(route.rate, call.now).map_err(too_many)?;
    }
    if route.scopes.is_empty() {
        return Ok(());
    }
    let granted = granted_scopes(world, call, call.now)?;
    if route.scopes.iter().any(|scope| granted.iter().any(|have| have == scope)) {
        return Ok(());
    }
    let needed = route.scopes.join(" or ");
    Err(Answer::error(403, "forbidden", format!("this needs the scope {needed}")))
}

/// A web page must not reach in: neither under a name of its own that leads here, nor by a script to `/sandbox/`.
fn only_from_here(call: &Call) -> Result<(), Answer> {
    let host = call.header("host").unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !matches!(name, "127.0.0.1" | "localhost" | "[::1]") {
        return Err(Answer::error(421, "misdirected", "the sandbox answers to loopback names only"));
    }
    if call.path.starts_with("/sandbox/") && call.header("origin").is_some() {
        return Err(Answer::error(403, "forbidden", "not for web pages"));
    }
    Ok(())
}

fn granted_scopes(world: &World, call: &Call, now: Timestamp) -> Result<Vec<String>, Answer> {
    let unauthorized =
        |message: &str| Answer::error(401, "unauthorized", message).with("www-authenticate", "Bearer");
    let token = call.bearer().ok_or_else(|| unauthorized("a bearer token is needed"))?;
    world
        .tokens
        .scopes(token, now)
        .map(<[String]>::to_vec)
        .ok_or_else(|| unauthorized("the access token is unknown, expired or revoked"))
}

fn too_many(wait: i64) -> Answer {
    let told = format!("rate limit reached; room again in {wait} s");
    Answer::error(429, "rate_limited", told).with("retry-after", &wait.to_string())
}

type Found = (&'static Route, Vec<(String, String)>);

fn find(method: &str, path: &str) -> Result<Found, Answer> {
    let mut known = false;
    for route in ROUTES {
        if let Some(params) = fit(route.path, path) {
            if route.method == method {
                return Ok((route, params));
            }
            known = true;
        }
    }
    match known {
        true => Err(Answer::error(405, "method_not_allowed", format!("{method} is not for {path}"))),
        false => Err(Answer::not_found(format!("no such endpoint: {path}"))),
    }
}

/// The parameters, if the path fits the pattern.
fn fit(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut params = Vec::new();
    let mut given = path.split('/');
    for wanted in pattern.split('/') {
        let segment = given.next()?;
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !segment.is_empty() => params.push((name.to_owned(), decode(segment))),
            None if wanted == segment => {}
            _ => return None,
        }
    }
    given.next().is_none().then_some(params)
}

/// Percent-decodes one segment. The form decoder does it, once `+` is kept from meaning a space.
fn decode(segment: &str) -> String {
    let query = segment.replace('+', "%2B");
    form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name.into_owned()).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fit_whole_segments() {
        let params = fit("/v1/accounts/{id}/balances", "/v1/accounts/A%201/balances").unwrap();
        assert_eq!(params, [("id".to_owned(), "A 1".to_owned())]);
        assert!(fit("/v1/accounts/{id}/balances", "/v1/accounts//balances").is_none());
        assert!(fit("/v1/accounts/{id}/balances", "/v1/accounts/A1/balances/x").is_none());
    }

    #[test]
    fn a_wrong_method_is_not_an_unknown_path() {
        assert_eq!(find("PUT", "/v1/orders").err().unwrap().status, 405);
        assert_eq!(find("GET", "/v1/chart/quotes").err().unwrap().status, 404);
        let (route, _) = find("GET", "/v1/options/snapshot/chain/AAPL").unwrap();
        assert_eq!(route.path, "/v1/options/snapshot/chain/{underlyingAsset}");
    }
}

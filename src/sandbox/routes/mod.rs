//! The way through an endpoint: route, rate, token, scope, handler. The endpoints themselves stand in `table`.

pub(crate) mod limits;
mod table;

use jiff::Timestamp;
use url::form_urlencoded;

use self::limits::Rate;
use self::table::ROUTES;
use super::answer::{Answer, Reply};
use super::call::Call;
use super::world::World;

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
    // The documentation has both words for the same calls (prediction-markets.md).
    let one_word = path.strip_prefix("/v1/predictions/").map(|rest| format!("/v1/prediction/{rest}"));
    let path = one_word.as_deref().unwrap_or(path);
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

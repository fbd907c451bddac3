//! The way of a request: endpoint, rate limit, token, scope, then code (`table`) or a file (`answers`).

pub(crate) mod limits;
mod table;

use jiff::Timestamp;
use url::form_urlencoded;

use self::table::ROUTES;
use crate::aries::endpoint::Endpoint;
use crate::aries::endpoints;
use crate::rate_limits::Category;
use crate::sandbox::{Answer, Call, Reply, World, answers};

/// An endpoint's code: a plain function of what is known and what was asked.
pub(crate) type Handler = fn(&mut World, &Call) -> Reply;

/// HTTP method, path with `{name}` for one segment, and what answers.
type Route = (&'static str, &'static str, Handler);

#[derive(Clone, Copy)]
enum Target {
    Code(Handler),
    /// The text of an answer file.
    File(&'static str),
}

struct Found {
    target: Target,
    /// Its row in the endpoint table; what has none needs no token.
    row: Option<&'static Endpoint>,
    params: Vec<(String, String)>,
}

/// Answers one request; fills in the call's path parameters on the way.
pub(crate) fn answer(world: &mut World, call: &mut Call) -> Answer {
    let reply = find(&call.method, &call.path).and_then(|found| {
        if world.older_paths && found.row.is_some_and(|row| row.older.is_some()) {
            return Err(Answer::not_found(format!("no such endpoint: {}", call.path)));
        }
        guard(world, call, found.row)?;
        run(world, call, found)
    });
    reply.unwrap_or_else(|refusal| refusal)
}

/// Answers a GET that a socket makes on behalf of its client, who has shown a token already. Sockets thereby tell the
/// same as REST.
pub(crate) fn answer_within(world: &mut World, path: &str, query: &str, now: Timestamp) -> Answer {
    let mut call = Call::from_within(path, query, now);
    let reply = find(&call.method, &call.path).and_then(|found| run(world, &mut call, found));
    let mut answer = reply.unwrap_or_else(|refusal| refusal);
    world.finish(&mut answer, path);
    answer
}

fn run(world: &mut World, call: &mut Call, found: Found) -> Reply {
    call.params = found.params;
    if let Some(row) = found.row {
        answers::read_body(call, row)?;
    }
    match (found.target, found.row) {
        (Target::Code(handler), _) => handler(world, call),
        (Target::File(text), Some(row)) => answers::answer(world, call, row, text),
        (Target::File(_), None) => Err(Answer::not_found("no such endpoint")),
    }
}

fn guard(world: &mut World, call: &Call, row: Option<&Endpoint>) -> Result<(), Answer> {
    only_from_here(call)?;
    // `/sandbox/` itself is not counted.
    let category = Category::of(&call.path).filter(|_| !call.path.starts_with("/sandbox/"));
    if let Some(category) = category.filter(|_| world.options.rate_limits) {
        world.limits.count(category, call.now).map_err(too_many)?;
    }
    let Some(row) = row else { return Ok(()) };
    // Aries' SDK sends no token there.
    if row.path.starts_with("/v1/predictions/") {
        return Ok(());
    }
    let granted = granted_scopes(world, call, call.now)?;
    if row.scopes.is_empty() || row.scopes.iter().any(|scope| granted.iter().any(|have| have == scope)) {
        return Ok(());
    }
    let needed = row.scopes.join(" or ");
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
    let message = format!("rate limit reached; room again in {wait} s");
    Answer::error(429, "rate_limited", message).with("retry-after", &wait.to_string())
}

fn find(method: &str, path: &str) -> Result<Found, Answer> {
    // The program never replaces all watchlists, which takes the scope of creating one.
    let scopes_of = if method == "PUT" { &["PUT", "POST"][..] } else { &[method][..] };
    let row_of = |path: &str| {
        let row =
            |method: &&str| endpoints::all().find(|row| row.method.name() == *method && row.path == path);
        scopes_of.iter().find_map(row)
    };
    let mut is_known = false;
    for (its_method, its_path, handler) in ROUTES {
        let Some(params) = fit(its_path, path) else { continue };
        if *its_method == method {
            return Ok(Found { target: Target::Code(*handler), row: row_of(its_path), params });
        }
        is_known = true;
    }
    for row in endpoints::all() {
        let Some(params) = fit(row.path, path) else { continue };
        let Some(text) = answers::file(row.path) else { continue };
        if row.method.name() == method {
            return Ok(Found { target: Target::File(text), row: Some(row), params });
        }
        is_known = true;
    }
    match is_known {
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
        assert_eq!(find("PUT", "/v1/news").err().unwrap().status, 405);
        assert_eq!(find("GET", "/v1/chart/nothing").err().unwrap().status, 404);
        let found = find("GET", "/v1/options/snapshot/chain/AAPL").ok().unwrap();
        assert_eq!(found.row.unwrap().path, "/v1/options/snapshot/chain/{underlyingAsset}");
    }

    #[test]
    fn only_sign_in_sockets_and_control_need_no_token() {
        let open =
            |path: &str| ["/oauth2/", "/v1/oauth2/", "/sandbox/"].iter().any(|begin| path.starts_with(begin));
        for (method, path, _) in ROUTES {
            let has_row = find(method, path).ok().unwrap().row.is_some();
            assert_eq!(
                !has_row,
                open(path) || path.ends_with("/ws"),
                "{method} {path}: its row in aries::endpoints"
            );
        }
    }
}

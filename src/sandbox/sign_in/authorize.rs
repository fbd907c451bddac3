//! The browser's part: `GET /oauth2/authorize`, then a sign-in page, then consent.

use url::{Host, Url, form_urlencoded};

use super::requests::Request;
use super::{SCOPES, page};
use crate::sandbox::{Answer, Call, Reply, Sandbox, World};

/// `GET /oauth2/authorize`: checks the request and shows the sign-in page.
pub(crate) fn begin(world: &mut World, call: &Call) -> Reply {
    let request = checked(world, call)?;
    if world.options.auto_consent {
        return Ok(allow(world, request, call));
    }
    let id = world.sign_ins.begin(request, call.now);
    Ok(Answer::page(200, page::sign_in(&id)))
}

/// The sign-in page was sent: shows the consent page.
pub(crate) fn signed_in(world: &mut World, call: &Call) -> Reply {
    let form = form(call);
    let id = form_value(&form, "request");
    let request = world.sign_ins.look(id, call.now).ok_or_else(stale)?;
    Ok(Answer::page(200, page::consent(id, &request.scopes)))
}

/// The consent page was sent: back to the client, with a code or with `access_denied`.
pub(crate) fn decided(world: &mut World, call: &Call) -> Reply {
    let form = form(call);
    let request = world.sign_ins.finish(form_value(&form, "request"), call.now).ok_or_else(stale)?;
    let ticked = |scope: &String| form.iter().any(|(name, value)| name == "scope" && value == scope);
    let granted: Vec<String> = request.scopes.iter().filter(|scope| ticked(scope)).cloned().collect();
    if form_value(&form, "decision") != "allow" || granted.is_empty() {
        return Ok(back(&request, "error", "access_denied"));
    }
    Ok(allow(world, Request { scopes: granted, ..request }, call))
}

fn allow(world: &mut World, request: Request, call: &Call) -> Answer {
    let code = world.sign_ins.grant(request.clone(), call.now);
    back(&request, "code", &code)
}

/// Checks in an order that never redirects to an address that was not itself checked first.
fn checked(world: &World, call: &Call) -> Result<Request, Answer> {
    let client_id = call.query("client_id").unwrap_or_default();
    if client_id != Sandbox::CLIENT_ID {
        let message =
            format!("The client id {client_id:?} is not registered; here it is {:?}.", Sandbox::CLIENT_ID);
        return Err(Answer::page(400, page::error("invalid_client", &message)));
    }
    let redirect_uri = call.query("redirect_uri").unwrap_or_default();
    if !may_redirect_to(redirect_uri) {
        let message = format!(
            "The redirect URI {redirect_uri:?} must be https, or http to a loopback address, without query or fragment."
        );
        return Err(Answer::page(400, page::error("redirect_uri_mismatch", &message)));
    }
    let request = Request {
        client_id: client_id.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        scopes: call.query("scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        state: call.query("state").map(str::to_owned),
        challenge: call.query("code_challenge").map(str::to_owned),
    };
    match complaint(world, call, &request) {
        Some(error) => Err(back(&request, "error", error)),
        None => Ok(request),
    }
}

/// What is wrong with a request whose redirect URI is good, as an OAuth error code.
fn complaint(world: &World, call: &Call, request: &Request) -> Option<&'static str> {
    if call.query("response_type") != Some("code") {
        return Some("unsupported_response_type");
    }
    let known = |scope: &String| SCOPES.iter().any(|(name, _)| name == scope);
    if request.scopes.is_empty() || !request.scopes.iter().all(known) {
        return Some("invalid_scope");
    }
    match &request.challenge {
        // 43 is the length of a SHA-256 in base64url.
        Some(challenge) if challenge.len() == 43 && call.query("code_challenge_method") == Some("S256") => {
            None
        }
        None if world.options.require_secret.is_some() => None,
        _ => Some("invalid_request"),
    }
}

fn may_redirect_to(uri: &str) -> bool {
    let Ok(url) = Url::parse(uri) else { return false };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let secure = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    secure && url.query().is_none() && url.fragment().is_none()
}

fn back(request: &Request, name: &str, value: &str) -> Answer {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(name, value);
    if let Some(state) = &request.state {
        query.append_pair("state", state);
    }
    Answer::redirect(&format!("{}?{}", request.redirect_uri, query.finish()))
}

fn form(call: &Call) -> Vec<(String, String)> {
    form_urlencoded::parse(&call.body).into_owned().collect()
}

fn form_value<'a>(form: &'a [(String, String)], name: &str) -> &'a str {
    form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

fn stale() -> Answer {
    Answer::page(400, page::error("invalid_request", "This page is too old or was used before. Begin again."))
}

#[cfg(test)]
mod tests {
    use super::may_redirect_to;

    #[test]
    fn redirects_go_home_or_over_https() {
        for good in [
            "http://127.0.0.1:27437/callback",
            "http://localhost:1/x",
            "http://[::1]:2/",
            "https://a.example/cb",
        ] {
            assert!(may_redirect_to(good), "{good}");
        }
        for bad in [
            "http://a.example/cb",
            "https://a.example/cb?x=1",
            "http://127.0.0.1/#f",
            "app:/cb",
            "",
            "javascript:1",
        ] {
            assert!(!may_redirect_to(bad), "{bad}");
        }
    }
}

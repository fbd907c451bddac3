//! `POST /v1/oauth2/token`: JSON or a form in, tokens out.

use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::requests::{Redeemed, Request};
use super::tokens::Pair;
use super::{SCOPES, pkce};
use crate::sandbox::{Answer, Call, Reply, Sandbox, World};

pub(crate) fn exchange(world: &mut World, call: &Call) -> Reply {
    let body = match call.is_json() {
        true => call.json().map_err(|_| refuse(400, "invalid_request", "the body is not valid JSON"))?,
        false => form_urlencoded::parse(&call.body).map(|(name, value)| (name, json!(value))).collect(),
    };
    let body = Fields(body);
    let grant = body.required("grant_type")?;
    check_client(world, &body)?;
    let pair = match grant {
        // The newest page accepts `code` as a synonym.
        "authorization_code" | "code" => with_code(world, call, &body)?,
        "refresh_token" => with_refresh(world, call, &body)?,
        "client_credentials" => for_itself(world, call, &body)?,
        _ => return Err(refuse(400, "unsupported_grant_type", "authorization_code or refresh_token")),
    };
    Ok(Answer::json(200, &granted(world, pair)).with("cache-control", "no-store"))
}

struct Fields(Value);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    fn required(&self, name: &str) -> Result<&str, Answer> {
        self.get(name).ok_or_else(|| refuse(400, "invalid_request", &format!("{name} is required")))
    }
}

fn check_client(world: &World, body: &Fields) -> Result<(), Answer> {
    if body.required("client_id")? != Sandbox::CLIENT_ID {
        return Err(refuse(401, "invalid_client", "the client id is not registered"));
    }
    match &world.options.require_secret {
        Some(secret) if body.get("client_secret") != Some(secret) => {
            Err(refuse(401, "invalid_client", "the client secret is missing or wrong"))
        }
        _ => Ok(()),
    }
}

fn with_code(world: &mut World, call: &Call, body: &Fields) -> Result<Pair, Answer> {
    let code = body.required("code")?;
    let redirect_uri = body.required("redirect_uri")?;
    let request = match world.sign_ins.redeem(code, call.now) {
        Redeemed::Fresh(request) => request,
        Redeemed::Reused(family) => {
            world.tokens.reuses += 1;
            if let Some(family) = family {
                world.tokens.revoke(family);
            }
            return Err(refuse(400, "invalid_grant", "the code was used before; its tokens are revoked"));
        }
        Redeemed::Unknown => return Err(refuse(400, "invalid_grant", "the code is unknown or has expired")),
    };
    check_binding(&request, redirect_uri, body)?;
    let pair = world.tokens.issue(request.scopes, &world.options, call.now);
    world.sign_ins.redeemed_into(code, pair.family);
    Ok(pair)
}

fn check_binding(request: &Request, redirect_uri: &str, body: &Fields) -> Result<(), Answer> {
    if request.redirect_uri != redirect_uri {
        return Err(refuse(400, "invalid_grant", "the redirect_uri is not the one of the first step"));
    }
    if Some(request.client_id.as_str()) != body.get("client_id") {
        return Err(refuse(400, "invalid_grant", "the code belongs to another client"));
    }
    let Some(challenge) = &request.challenge else { return Ok(()) };
    match body.get("code_verifier") {
        None => Err(refuse(400, "invalid_request", "code_verifier is required")),
        Some(verifier) if pkce::fits(verifier, challenge) => Ok(()),
        Some(_) => Err(refuse(400, "invalid_grant", "the code_verifier does not fit the code_challenge")),
    }
}

fn with_refresh(world: &mut World, call: &Call, body: &Fields) -> Result<Pair, Answer> {
    let token = body.required("refresh_token")?;
    world.tokens.refresh(token, &world.options, call.now).map_err(|why| refuse(400, "invalid_grant", why))
}

/// A client that acts for its own registration, as Aries' SDK does: no person, no refresh token.
fn for_itself(world: &mut World, call: &Call, body: &Fields) -> Result<Pair, Answer> {
    body.required("client_secret")?;
    let wanted = body.get("scope").map(|scope| scope.split(' ').collect::<Vec<_>>());
    let is_wanted = |scope: &str| wanted.as_ref().is_none_or(|wanted| wanted.contains(&scope));
    let scopes: Vec<&str> = SCOPES.iter().map(|(scope, _)| *scope).filter(|scope| is_wanted(scope)).collect();
    if wanted.is_some_and(|wanted| wanted.len() > scopes.len()) {
        return Err(refuse(400, "invalid_scope", "a scope is unknown"));
    }
    let scopes = scopes.into_iter().map(str::to_owned).collect();
    let pair = world.tokens.issue(scopes, &world.options, call.now);
    Ok(Pair { refresh: String::new(), ..pair })
}

fn granted(world: &World, pair: Pair) -> Value {
    let mut answer = Map::new();
    answer.insert("access_token".into(), json!(pair.access));
    answer.insert("token_type".into(), json!("Bearer"));
    answer.insert("expires_in".into(), json!(world.options.access_ttl.as_secs()));
    if !pair.refresh.is_empty() {
        answer.insert("refresh_token".into(), json!(pair.refresh));
        answer.insert("refresh_token_expires_in".into(), json!(world.options.refresh_ttl.as_secs()));
    }
    answer.insert("scope".into(), json!(pair.scopes.join(" ")));
    Value::Object(answer)
}

fn refuse(status: u16, error: &str, description: &str) -> Answer {
    Answer::error(status, error, description).with("cache-control", "no-store")
}

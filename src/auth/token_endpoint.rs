//! The OAuth exchanges: the sign-in address, code for tokens, refresh token for tokens.
//!
//! The `oauth2` crate makes PKCE, state and the requests. Its HTTP client is a closure of ours, since Aries differs
//! from the standard in one point: its token endpoint takes JSON.

mod wire;

use jiff::{SignedDuration, Timestamp};
use oauth2::basic::{BasicErrorResponse, BasicTokenType};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::scope::Scopes;
use super::tokens::Tokens;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::http;
use wire::ExchangeError;

pub(crate) use wire::refusal;

/// Life of an access token whose answer does not say it; Aries documents this as typical.
const USUAL_LIFE: SignedDuration = SignedDuration::from_secs(3600);

type Answer = StandardTokenResponse<Extra, BasicTokenType>;
type AriesClient = Client<
    BasicErrorResponse,
    Answer,
    oauth2::basic::BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    oauth2::basic::BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

#[derive(Debug, Serialize, Deserialize)]
struct Extra {
    refresh_token_expires_in: Option<u64>,
}

impl ExtraTokenFields for Extra {}

/// The token endpoint as one API key sees it.
pub(crate) struct TokenEndpoint {
    client: AriesClient,
    settings: Settings,
    client_id: String,
    client_secret: Option<SecretString>,
}

/// One running sign-in, in the memory of one process alone.
pub(crate) struct SignInAttempt {
    pub(crate) url: url::Url,
    /// What the callback must bring back.
    pub(crate) state: SecretString,
    verifier: PkceCodeVerifier,
    pub(super) asked: Scopes,
}

impl TokenEndpoint {
    pub(crate) fn new(
        settings: &Settings,
        client_id: &str,
        client_secret: Option<SecretString>,
    ) -> Result<Self> {
        let bad = |_| Error::usage("an address of Aries is not a URL", "check the ARIES_..._URL variables");
        let mut client = Client::new(ClientId::new(client_id.to_owned()))
            .set_auth_uri(AuthUrl::new(settings.urls.authorize.to_string()).map_err(bad)?)
            .set_token_uri(TokenUrl::new(settings.urls.token.to_string()).map_err(bad)?)
            // As written in the settings: Aries compares it letter by letter.
            .set_redirect_uri(RedirectUrl::new(settings.redirect_uri.clone()).map_err(bad)?)
            .set_auth_type(AuthType::RequestBody);
        if let Some(secret) = &client_secret {
            client = client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
        }
        Ok(Self { client, settings: settings.clone(), client_id: client_id.to_owned(), client_secret })
    }

    pub(crate) fn begin(&self, asked: Scopes) -> SignInAttempt {
        // PKCE always, also with a secret: it costs nothing and ties the code to this process.
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes: Vec<Scope> = asked.iter().map(|name| Scope::new(name.to_owned())).collect();
        let request = self.client.authorize_url(CsrfToken::new_random).set_pkce_challenge(challenge);
        let (url, state) = request.add_scopes(scopes).url();
        SignInAttempt { url, state: SecretString::from(state.secret().to_owned()), verifier, asked }
    }

    pub(crate) async fn exchange(&self, attempt: SignInAttempt, code: SecretString) -> Result<Tokens> {
        let code = AuthorizationCode::new(code.expose_secret().to_owned());
        let settings = self.settings.clone();
        let request = self.client.exchange_code(code).set_pkce_verifier(attempt.verifier);
        let answer = request.request_async(&|request| wire::send(settings.clone(), request)).await;
        let login = CsrfToken::new_random().secret().to_owned();
        let answer = answer.map_err(explain)?;
        Ok(self.tokens(&answer, None, &attempt.asked, login))
    }

    /// Fails with [`Kind::SignIn`] if and only if Aries said `invalid_grant`. If Aries sends no new refresh token, the old one stays.
    pub(crate) async fn refresh(&self, old: &Tokens) -> Result<Tokens> {
        let Some(refresh) = &old.refresh else { return Err(ended(&self.settings)) };
        let refresh = RefreshToken::new(refresh.expose_secret().to_owned());
        let settings = self.settings.clone();
        let request = self.client.exchange_refresh_token(&refresh);
        let answer = request.request_async(&|request| wire::send(settings.clone(), request)).await;
        let answer = answer.map_err(|error| match error {
            RequestTokenError::Request(ExchangeError::Refused { code, said, ahead })
                if code == "invalid_grant" =>
            {
                let ended = ended(&self.settings);
                http::of_wrong_clock(Error { cause: ended.cause + &said, ..ended }, ahead)
            }
            error => explain(error),
        })?;
        Ok(self.tokens(&answer, Some(old), &old.scopes, old.login.clone()))
    }

    fn tokens(&self, answer: &Answer, old: Option<&Tokens>, asked: &Scopes, login: String) -> Tokens {
        let now = Timestamp::now();
        let after = |life: SignedDuration| now.saturating_add(life).unwrap_or(Timestamp::MAX);
        let seconds = |n: u64| SignedDuration::from_secs(i64::try_from(n).unwrap_or(i64::MAX));
        let refresh = answer.refresh_token().map(|token| SecretString::from(token.secret().to_owned()));
        let refresh_end = answer.extra_fields().refresh_token_expires_in.map(|n| after(seconds(n)));
        // An old refresh token keeps its end; a new one has the end that Aries names, or an unknown one.
        let kept = old.filter(|_| refresh.is_none());
        let scopes =
            answer.scopes().map(|list| list.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(" "));
        Tokens {
            access: SecretString::from(answer.access_token().secret().to_owned()),
            refresh: refresh.or_else(|| kept.and_then(|old| old.refresh.clone())),
            expires_at: after(answer.expires_in().map_or(USUAL_LIFE, |life| seconds(life.as_secs()))),
            refresh_expires_at: refresh_end.or_else(|| kept.and_then(|old| old.refresh_expires_at)),
            // RFC 6749 5.1: an answer without a scope means what was asked for, or granted before.
            scopes: scopes.map_or_else(|| asked.clone(), |list| Scopes::parse(&list)),
            obtained_at: now,
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            login,
        }
    }
}

pub(super) fn ended(settings: &Settings) -> Error {
    let cause = "the sign-in has ended: Aries no longer accepts its refresh token";
    Error::sign_in(cause, format!("run `{}`", login_command(settings)))
}

pub(crate) fn login_command(settings: &Settings) -> String {
    match settings.profile.as_str() {
        "default" => "aries-mcp login".to_owned(),
        profile => format!("aries-mcp login --profile {profile}"),
    }
}

type TokenError = RequestTokenError<ExchangeError, BasicErrorResponse>;

/// Puts an error of `oauth2` into words of ours. A `Parse` error holds the raw body, so none is ever shown as it is.
fn explain(error: TokenError) -> Error {
    match error {
        RequestTokenError::Request(ExchangeError::Failed(error)) => error,
        RequestTokenError::Request(ExchangeError::Refused { code, said, ahead }) => {
            http::of_wrong_clock(refusal(&code, &said), ahead)
        }
        _ => Error::new(
            Kind::Unavailable,
            "the token endpoint answered something that is not a token",
            "try again; if it stays so, check ARIES_TOKEN_URL",
        ),
    }
}

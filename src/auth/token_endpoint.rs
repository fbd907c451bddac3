//! The OAuth exchanges: the sign-in address with PKCE, code for tokens, refresh token for tokens. Aries' token endpoint
//! takes JSON, where the standard has a form.

mod wire;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::scope::Scopes;
use super::tokens::Tokens;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::os::random;
use wire::{Granted, NoTokens};

pub(crate) use wire::refusal;

/// Life of an access token whose answer does not say it; Aries documents this as typical.
const USUAL_LIFE: SignedDuration = SignedDuration::from_secs(3600);

/// The token endpoint as one API key sees it.
pub(crate) struct TokenEndpoint {
    settings: Settings,
    client_id: String,
    client_secret: Option<SecretString>,
}

/// One running sign-in: the address to open, and what proves that the answer belongs to it. It exists in the memory of
/// one process alone.
pub(crate) struct SignInAttempt {
    pub(crate) url: url::Url,
    /// What the callback must bring back.
    pub(crate) state: SecretString,
    verifier: SecretString,
    pub(super) asked: Scopes,
}

impl TokenEndpoint {
    pub(crate) fn new(settings: &Settings, client_id: &str, client_secret: Option<SecretString>) -> Self {
        Self { settings: settings.clone(), client_id: client_id.to_owned(), client_secret }
    }

    pub(crate) fn begin(&self, asked: Scopes) -> Result<SignInAttempt> {
        let state = random_word::<16>()?;
        // PKCE always, also with a secret: it costs nothing and ties the code to this process.
        let verifier = random_word::<32>()?;
        let mut url = self.settings.urls.authorize.clone();
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("state", &state),
            ("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier))),
            ("code_challenge_method", "S256"),
            // As written in the settings: Aries compares it letter by letter.
            ("redirect_uri", &self.settings.redirect_uri),
            ("scope", &asked.to_string()),
        ]);
        Ok(SignInAttempt { url, state: state.into(), verifier: verifier.into(), asked })
    }

    pub(crate) async fn exchange(&self, attempt: &SignInAttempt, code: SecretString) -> Result<Tokens> {
        let login = random_word::<16>()?;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("code_verifier", attempt.verifier.expose_secret()),
            ("redirect_uri", &self.settings.redirect_uri),
        ];
        match self.ask(&fields).await {
            Ok(granted) => Ok(self.tokens(granted, None, &attempt.asked, login)),
            Err(NoTokens::Refused(word)) => Err(refusal(&word)),
            Err(NoTokens::Failed(error)) => Err(error),
        }
    }

    /// Turns a refresh token into new tokens. If Aries sends no new refresh token, the old one stays.
    /// Fails with [`Kind::SignIn`](crate::error::Kind::SignIn) if and only if Aries said `invalid_grant`.
    pub(crate) async fn refresh(&self, old: &Tokens) -> Result<Tokens> {
        let Some(refresh) = &old.refresh else { return Err(ended(&self.settings)) };
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.expose_secret())];
        match self.ask(&fields).await {
            Ok(granted) => Ok(self.tokens(granted, Some(old), &old.scopes, old.login.clone())),
            Err(NoTokens::Refused(word)) if word == "invalid_grant" => Err(ended(&self.settings)),
            Err(NoTokens::Refused(word)) => Err(refusal(&word)),
            Err(NoTokens::Failed(error)) => Err(error),
        }
    }

    async fn ask(&self, fields: &[(&str, &str)]) -> std::result::Result<Granted, NoTokens> {
        let secret = self.client_secret.as_ref().map(|secret| ("client_secret", secret.expose_secret()));
        let key = [("client_id", self.client_id.as_str())].into_iter().chain(secret);
        wire::ask(&self.settings.urls, fields.iter().copied().chain(key).collect()).await
    }

    fn tokens(&self, granted: Granted, old: Option<&Tokens>, asked: &Scopes, login: String) -> Tokens {
        let now = Timestamp::now();
        let after = |life| now.saturating_add(life).unwrap_or(Timestamp::MAX);
        // An old refresh token keeps its end; a new one has the end that Aries names, or an unknown one.
        let kept = old.filter(|_| granted.refresh.is_none());
        Tokens {
            access: granted.access,
            refresh: granted.refresh.or_else(|| kept.and_then(|old| old.refresh.clone())),
            expires_at: after(granted.life.unwrap_or(USUAL_LIFE)),
            refresh_expires_at: granted
                .refresh_life
                .map(after)
                .or_else(|| kept.and_then(|old| old.refresh_expires_at)),
            // RFC 6749 5.1: an answer without a scope means what was asked for, or granted before.
            scopes: granted.scopes.unwrap_or_else(|| asked.clone()),
            obtained_at: now,
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            login,
        }
    }
}

fn random_word<const BYTES: usize>() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random::bytes::<BYTES>()?))
}

/// The error for a sign-in that is over: only a new one helps.
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

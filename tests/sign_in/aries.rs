//! An embedded Aries and a person's folder for each test.

use aries_mcp::auth::scope::READING;
use aries_mcp::auth::store::Store;
use aries_mcp::auth::tokens::Tokens;
use aries_mcp::auth::{Scopes, SessionFile};
use aries_mcp::config::{Environment, Options, Settings};
use aries_mcp::sandbox::{self, Sandbox};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) const LONG: Duration = Duration::from_secs(20);

pub(crate) struct Aries {
    pub(crate) sandbox: Sandbox,
    pub(crate) settings: Settings,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) http: reqwest::Client,
}

impl Aries {
    /// Consents at once, never says 429, gives tokens of 3,000 characters.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut sandbox::Options)) -> Self {
        let mut options = sandbox::Options {
            rate_limits: false,
            auto_consent: true,
            token_length: 3_000,
            ..sandbox::Options::default()
        };
        change(&mut options);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sandbox = Sandbox::start(listener, options).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let settings =
            settings(&folder, &sandbox.origin(), &format!("http://127.0.0.1:{}/callback", free_port()));
        let http = aries_mcp::http::client(&settings.urls).unwrap();
        Self { sandbox, settings, folder, http }
    }

    /// Stores tokens as an earlier sign-in would have, with this much of an hour left.
    pub(crate) async fn signed_in(&self, seconds_left: i64) -> Tokens {
        let issued = self.sandbox.issue(READING);
        let end = Timestamp::now() + SignedDuration::from_secs(seconds_left);
        let tokens = Tokens {
            access: SecretString::from(issued.access_token),
            refresh: Some(SecretString::from(issued.refresh_token)),
            expires_at: end,
            refresh_expires_at: None,
            scopes: Scopes::parse(&issued.scope),
            obtained_at: end - SignedDuration::from_secs(3600),
            client_id: Sandbox::CLIENT_ID.to_owned(),
            client_secret: None,
            login: format!("{end}"),
        };
        self.store().save(&tokens, LONG).await.unwrap();
        SessionFile::of(&self.settings, &tokens).write(&self.settings).unwrap();
        tokens
    }

    pub(crate) fn store(&self) -> Store {
        Store::of(&self.settings)
    }

    pub(crate) async fn stored(&self) -> Tokens {
        self.store().load(LONG).await.unwrap().unwrap()
    }

    /// Makes the embedded Aries misbehave.
    pub(crate) async fn fault(&self, rule: Value) {
        let url = format!("{}/sandbox/faults", self.sandbox.origin());
        let request = self.http.post(url).header("content-type", "application/json").body(rule.to_string());
        assert!(request.send().await.unwrap().status().is_success());
    }

    pub(crate) async fn fault_at_token(&self, fault: Value) {
        let mut rule = json!({"path": "/v1/oauth2/token"});
        rule.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
        self.fault(rule).await;
    }

    /// How many refreshes succeeded, and how often a spent token was presented.
    pub(crate) async fn refreshes_and_reuses(&self) -> (u64, u64) {
        let stats = self.get_json("/sandbox/stats").await;
        (stats["refreshes"].as_u64().unwrap(), stats["reuses"].as_u64().unwrap())
    }

    /// How many requests reached the token endpoint.
    pub(crate) async fn token_calls(&self) -> usize {
        let log = self.get_json("/sandbox/log").await;
        log.as_array().unwrap().iter().filter(|entry| entry["path"] == "/v1/oauth2/token").count()
    }

    async fn get_json(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.sandbox.origin())).send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }
}

pub(crate) fn settings(folder: &tempfile::TempDir, api: &str, redirect_uri: &str) -> Settings {
    let dir = folder.path().to_str().unwrap();
    let env: Environment = [
        ("ARIES_CONFIG_DIR", dir),
        ("ARIES_STATE_DIR", dir),
        ("ARIES_TOKEN_STORE", "file"),
        ("ARIES_API_URL", api),
        ("ARIES_CLIENT_ID", Sandbox::CLIENT_ID),
        ("ARIES_REDIRECT_URI", redirect_uri),
    ]
    .into();
    Settings::resolve(&Options::default(), &env).unwrap()
}

/// A port that was free a moment ago; a redirect URI must name one before it is bound.
pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

//! The whole flow: address, browser or paste, tokens, config, note.

use aries_mcp::auth::callback::Listener;
use aries_mcp::auth::login::{Login, Request, SignedIn};
use aries_mcp::auth::{Session, SessionFile, SignInState, scope};
use aries_mcp::config::{ConfigFile, Settings};
use aries_mcp::sandbox::Sandbox;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use super::aries::{Aries, LONG};

pub(crate) fn request(trade: bool) -> Request {
    let reading = scope::requested(None).unwrap();
    Request {
        client_id: Sandbox::CLIENT_ID.to_owned(),
        client_secret: None,
        scopes: if trade { reading.with_trading() } else { reading },
    }
}

pub(crate) async fn listener(settings: &Settings) -> Listener {
    Listener::bind(&Url::parse(&settings.redirect_uri).unwrap()).await.unwrap()
}

/// Where the embedded Aries sends the browser back to.
pub(crate) async fn landing(aries: &Aries, login: &Login) -> String {
    let answer = aries.http.get(login.url().clone()).send().await.unwrap();
    answer.headers()["location"].to_str().unwrap().to_owned()
}

async fn sign_in(aries: &Aries, request: Request) -> SignedIn {
    let listener = listener(&aries.settings).await;
    let login = Login::begin(&aries.settings, request, Some(listener)).await.unwrap();
    let landing = landing(aries, &login).await;
    let (code, page) = tokio::join!(login.browser(LONG), aries.http.get(landing).send());
    let page = page.unwrap();
    assert_eq!(page.headers()["cache-control"], "no-store");
    assert!(page.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    // The page says how it ended once that is decided.
    let (done, page) = tokio::join!(login.complete(code.unwrap()), page.text());
    assert!(page.unwrap().contains("You are signed in"));
    done.unwrap()
}

#[tokio::test]
async fn a_browser_sign_in_leaves_tokens_note_and_config() {
    let aries = Aries::start().await;
    let done = sign_in(&aries, request(true)).await;
    assert!(done.warnings.is_empty(), "{:?}", done.warnings);
    assert!(done.missing.is_empty() && done.tokens.scopes.may_trade());
    let note = SessionFile::read(&aries.settings).unwrap();
    assert_eq!((note.state, note.scopes.may_trade()), (SignInState::SignedIn, true));
    let profile =
        ConfigFile::read(&aries.folder.path().join("config.toml")).unwrap().profiles.remove("default");
    let profile = profile.unwrap();
    assert_eq!(profile.named("client_id"), Some(Sandbox::CLIENT_ID));
    assert_eq!(profile.named("redirect_uri"), Some(aries.settings.redirect_uri.as_str()));
    assert_eq!(
        profile.named("api_url").map(|url| url.trim_end_matches('/').to_owned()),
        Some(aries.sandbox.origin())
    );
    assert_eq!(profile.named("scopes"), None, "what --trade adds is not asked for again by itself");
    // A server started afterwards finds it all.
    let bearer = Session::stored(&aries.settings).bearer().await.unwrap();
    assert_eq!(bearer.token.expose_secret(), done.tokens.access.expose_secret());
}

#[tokio::test]
async fn the_pasted_address_signs_in_too() {
    let aries = Aries::start().await;
    let login = Login::begin(&aries.settings, request(false), None).await.unwrap();
    assert!(!login.listens());
    assert_eq!(login.pasted("http://127.0.0.1/callback?code=c&state=s").unwrap_err().exit_code(), 2);
    let code = login.pasted(&format!("  {}\n", landing(&aries, &login).await)).unwrap();
    let done = login.complete(code).await.unwrap();
    assert!(!done.tokens.scopes.may_trade());
}

#[tokio::test]
async fn a_secret_is_sent_and_kept_for_the_refresh() {
    let aries = Aries::start_with(|options| options.require_secret = Some("s3cret-of-the-key".into())).await;
    let without = Login::begin(&aries.settings, request(false), None).await.unwrap();
    let code = without.pasted(&landing(&aries, &without).await).unwrap();
    let error = without.complete(code).await.unwrap_err();
    assert!(error.cause.contains("client id and secret"), "{error}");
    assert!(aries.store().load(LONG).await.unwrap().is_none());

    let with = Request { client_secret: Some(SecretString::from("s3cret-of-the-key")), ..request(false) };
    sign_in(&aries, with).await;
    let session = Session::stored(&aries.settings);
    let first = session.bearer().await.unwrap();
    let second = session.renew(&first).await.unwrap();
    assert_ne!(first.token.expose_secret(), second.token.expose_secret());
    assert_eq!(aries.refreshes_and_reuses().await, (1, 0));
}

#[tokio::test]
async fn a_wrong_clock_is_mended_by_setting_it_and_by_nothing_else() {
    for code in ["unauthorized_client", "invalid_grant", "a_code_that_nobody_knows"] {
        let aries = Aries::start().await;
        let login = Login::begin(&aries.settings, request(false), None).await.unwrap();
        let code_of_browser = login.pasted(&landing(&aries, &login).await).unwrap();
        aries
            .fault_at_token(
                json!({"fault": "status", "status": 401, "body": json!({"error": code}).to_string(),
                "headers": {"date": "Sat, 01 Jan 2022 00:00:00 GMT"}}),
            )
            .await;
        let error = login.complete(code_of_browser).await.unwrap_err();
        assert!(error.cause.contains("ahead of Aries'"), "{code}: {error}");
        let step = "tell the person to set the clock of this computer to automatic, then try again";
        assert_eq!(error.hint.to_string(), step, "{code}");
    }
}

#[tokio::test]
async fn partial_consent_is_told() {
    let aries = Aries::start().await;
    let login = Login::begin(&aries.settings, request(true), None).await.unwrap();
    let code = login.pasted(&landing(&aries, &login).await).unwrap();
    let granted = json!({"access_token": "a", "expires_in": "3600", "scope": "account:information"});
    aries
        .fault_at_token(json!({"fault": "status", "status": 200, "body": granted.to_string(),
            "headers": {"content-type": "application/json"}}))
        .await;
    let done = login.complete(code).await.unwrap();
    assert_eq!(done.tokens.scopes.to_string(), "account:information");
    assert!(done.missing.may_trade() && done.missing.contains("market:information"));
}

#[tokio::test]
async fn one_sign_in_at_a_time() {
    let aries = Aries::start().await;
    let first = Login::begin(&aries.settings, request(false), None).await.unwrap();
    let second = Login::begin(&aries.settings, request(false), None).await.err().unwrap();
    assert!(second.cause.contains("another window"), "{second}");
    drop(first);
    Login::begin(&aries.settings, request(false), None).await.unwrap();
}

#[tokio::test]
async fn a_store_that_cannot_keep_anything_is_noticed_before_the_browser() {
    let aries = Aries::start().await;
    // A file where the folder should be.
    std::fs::write(aries.folder.path().join("credentials"), "").unwrap();
    let error = Login::begin(&aries.settings, request(false), None).await.err().unwrap();
    assert!(error.cause.contains("token file"), "{error}");
    assert_eq!(aries.token_calls().await, 0);
}

//! Signing in as a browser and a client do it.

use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::super::sign_in::pkce;
use super::super::{Options, Sandbox};
use super::{Bench, read};

const VERIFIER: &str = "a-verifier-that-is-long-enough-for-the-rule-of-43";
const REDIRECT: &str = "http://127.0.0.1:27437/callback";

impl Bench {
    fn authorize_url(&self, changes: &[(&str, &str)]) -> Url {
        let challenge = pkce::challenge(VERIFIER);
        let mut query = vec![
            ("response_type", "code"),
            ("client_id", Sandbox::CLIENT_ID),
            ("redirect_uri", REDIRECT),
            ("scope", "account:information order:execution"),
            ("state", "s-1"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in &mut query {
            if let Some((_, changed)) = changes.iter().find(|(changed, _)| changed == name) {
                *value = changed;
            }
        }
        Url::parse_with_params(&format!("{}/oauth2/authorize", self.sandbox.origin()), query).unwrap()
    }

    /// Status and page, or status and where it redirects to.
    async fn authorize(&self, changes: &[(&str, &str)]) -> (u16, String) {
        let answer = self.client.get(self.authorize_url(changes)).send().await.unwrap();
        let status = answer.status().as_u16();
        match answer.headers().get("location") {
            Some(to) => (status, to.to_str().unwrap().to_owned()),
            None => (status, answer.text().await.unwrap()),
        }
    }

    async fn press(&self, path: &str, form: &str) -> (u16, String) {
        let url = format!("{}{path}", self.sandbox.origin());
        let request = self.client.post(url).header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(form.to_owned()).send().await.unwrap();
        let status = answer.status().as_u16();
        match answer.headers().get("location") {
            Some(to) => (status, to.to_str().unwrap().to_owned()),
            None => (status, answer.text().await.unwrap()),
        }
    }

    async fn token(&self, body: Value) -> (u16, Value) {
        self.post("/v1/oauth2/token", body).await
    }
}

fn query(url: &str, name: &str) -> Option<String> {
    Url::parse(url).unwrap().query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn request_id(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"request\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

fn with_code(code: &str) -> Value {
    json!({ "grant_type": "authorization_code", "code": code, "client_id": Sandbox::CLIENT_ID,
        "code_verifier": VERIFIER, "redirect_uri": REDIRECT })
}

fn with_refresh(token: &Value) -> Value {
    json!({ "grant_type": "refresh_token", "refresh_token": token, "client_id": Sandbox::CLIENT_ID })
}

#[tokio::test]
async fn a_person_signs_in_and_grants_less_than_was_asked() {
    let mut bench = Bench::unlimited().await;
    let (status, page) = bench.authorize(&[]).await;
    assert_eq!(status, 200);
    let id = request_id(&page);
    let (_, page) = bench.press("/oauth2/authorize/sign-in", &format!("request={id}")).await;
    assert!(page.contains("order:execution") && page.contains("account:information"));
    let form = format!("request={id}&scope=account%3Ainformation&decision=allow");
    let (status, to) = bench.press("/oauth2/authorize/consent", &form).await;
    assert_eq!((status, query(&to, "state").as_deref()), (303, Some("s-1")));
    let code = query(&to, "code").unwrap();
    let (status, granted) = bench.token(with_code(&code)).await;
    assert_eq!((status, &granted["scope"]), (200, &json!("account:information")));
    assert_eq!(
        super::keys(&granted),
        ["access_token", "token_type", "expires_in", "refresh_token", "refresh_token_expires_in", "scope"]
    );
    bench.token = granted["access_token"].as_str().unwrap().to_owned();
    assert_eq!(bench.get("/v1/users/me/accounts").await.0, 200);
    // The code again: refused, and its tokens die.
    assert_eq!(bench.token(with_code(&code)).await.1["codes"][0]["code"], "invalid_grant");
    assert_eq!(bench.get("/v1/users/me/accounts").await.0, 401);
    // The page again: too late.
    assert_eq!(bench.press("/oauth2/authorize/consent", &form).await.0, 400);
}

#[tokio::test]
async fn denial_and_mistakes_of_the_request() {
    let bench = Bench::unlimited().await;
    let (_, page) = bench.authorize(&[]).await;
    let form = format!("request={}&scope=account%3Ainformation&decision=deny", request_id(&page));
    let (_, to) = bench.press("/oauth2/authorize/consent", &form).await;
    assert_eq!(query(&to, "error").as_deref(), Some("access_denied"));
    let (status, page) = bench.authorize(&[("client_id", "someone")]).await;
    assert!(status == 400 && page.contains("invalid_client"));
    let (status, page) = bench.authorize(&[("redirect_uri", "http://evil.example/")]).await;
    assert!(status == 400 && page.contains("redirect_uri_mismatch"));
    let (_, to) = bench.authorize(&[("scope", "order:everything")]).await;
    assert_eq!(query(&to, "error").as_deref(), Some("invalid_scope"));
    let (_, to) = bench.authorize(&[("code_challenge_method", "plain")]).await;
    assert_eq!(query(&to, "error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn the_token_endpoint_refuses_what_does_not_fit() {
    let options =
        Options { auto_consent: true, rate_limits: false, token_length: 3000, ..Options::default() };
    let bench = Bench::start(options).await;
    let code = async || query(&bench.authorize(&[]).await.1, "code").unwrap();
    let refused = async |change: (&str, Value)| {
        let mut body = with_code(&code().await);
        body[change.0] = change.1;
        let (status, answer) = bench.token(body).await;
        (status, answer["codes"][0]["code"].as_str().unwrap_or_default().to_owned())
    };
    let told = |status: u16, error: &str| (status, error.to_owned());
    assert_eq!(refused(("code_verifier", json!("x".repeat(50)))).await, told(400, "invalid_grant"));
    assert_eq!(refused(("redirect_uri", json!("http://127.0.0.1:1/"))).await, told(400, "invalid_grant"));
    assert_eq!(refused(("client_id", json!("someone"))).await, told(401, "invalid_client"));
    assert_eq!(refused(("code", json!("guess"))).await, told(400, "invalid_grant"));
    assert_eq!(refused(("grant_type", json!("password"))).await, told(400, "unsupported_grant_type"));
    let form = bench.press("/v1/oauth2/token", "grant_type=authorization_code").await;
    assert_eq!(form.0, 400);
    assert!(form.1.contains("client_id is required"), "{}", form.1);
    let (_, granted) = bench.token(with_code(&code().await)).await;
    assert_eq!(granted["refresh_token"].as_str().unwrap().len(), 3000);
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_sign_in() {
    let bench = Bench::unlimited().await;
    let first = json!(bench.sandbox.issue(&["account:information"]).refresh_token);
    let (status, second) = bench.token(with_refresh(&first)).await;
    assert_eq!(status, 200);
    assert_eq!(bench.token(with_refresh(&first)).await.1["codes"][0]["code"], "invalid_grant");
    assert_eq!(
        bench.token(with_refresh(&second["refresh_token"])).await.1["codes"][0]["code"],
        "invalid_grant"
    );
    let (_, stats) = bench.get("/sandbox/stats").await;
    assert_eq!((&stats["refreshes"], &stats["reuses"]), (&json!(1), &json!(1)));
    let log = bench.get("/sandbox/log").await.1.to_string();
    assert!(log.contains("(hidden)") && !log.contains(first.as_str().unwrap()));
}

#[tokio::test]
async fn a_secret_is_asked_for_where_one_is_set() {
    let options = Options { require_secret: Some("s3".into()), ..Options::default() };
    let bench = Bench::start(options).await;
    let token = json!(bench.sandbox.issue(&["account:information"]).refresh_token);
    let mut body = with_refresh(&token);
    assert_eq!(bench.token(body.clone()).await.1["codes"][0]["code"], "invalid_client");
    body["client_secret"] = json!("s3");
    assert_eq!(bench.token(body).await.0, 200);
}

#[tokio::test]
async fn token_calls_are_limited_to_ten_a_minute() {
    let bench = Bench::start(Options::default()).await;
    for _ in 0..10 {
        assert_eq!(bench.token(json!({})).await.0, 400);
    }
    let answer = bench.send(Method::POST, "/v1/oauth2/token", Some(&json!({}))).await.unwrap();
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(read(answer).await.0, 429);
}

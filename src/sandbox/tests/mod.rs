//! The embedded Aries over real HTTP, as a client meets it.

mod agreeing;
mod answers;
mod books;
mod documented;
mod faults;
mod fields;
mod figures;
mod lists;
mod orders;
mod sign_in;
mod sockets;
mod watchlists;

use reqwest::{Client, Method, Response, redirect};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::sign_in::SCOPES;
use super::{Options, Sandbox};

/// A running sandbox with a client and a token for everything.
struct Bench {
    sandbox: Sandbox,
    client: Client,
    token: String,
}

impl Bench {
    async fn start(options: Options) -> Self {
        // A second install is refused, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sandbox = Sandbox::start(listener, options).unwrap();
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
        let scopes: Vec<&str> = SCOPES.iter().map(|(name, _)| *name).collect();
        let token = sandbox.issue(&scopes).access_token;
        Self { sandbox, client, token }
    }

    async fn unlimited() -> Self {
        Self::start(Options { rate_limits: false, ..Options::default() }).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> reqwest::Result<Response> {
        let mut request = self.client.request(method, format!("{}{path}", self.sandbox.origin()));
        request = request.bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        request.send().await
    }

    /// GET, with the status and the JSON of the answer.
    async fn get(&self, path: &str) -> (u16, Value) {
        read(self.send(Method::GET, path, None).await.unwrap()).await
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        read(self.send(Method::POST, path, Some(&body)).await.unwrap()).await
    }
}

async fn read(response: Response) -> (u16, Value) {
    assert_eq!(response.headers()["aries-sandbox"], "1");
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

/// The field names of an object.
fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap_or_else(|| panic!("no object: {value}")).keys().map(String::as_str).collect()
}

#[tokio::test]
async fn tokens_and_scopes_are_checked() {
    let mut bench = Bench::unlimited().await;
    bench.token = "nobody's".into();
    assert_eq!(bench.get("/v1/users/me").await.0, 401);
    bench.token = bench.sandbox.issue(&["market:information"]).access_token;
    let (status, refused) = bench.get("/v1/accounts/AR4471002/balances").await;
    assert_eq!((status, &refused["error"]["code"]), (403, &json!("FORBIDDEN")));
    assert!(refused["error"]["message"].as_str().unwrap().contains("account:information"));
    assert_eq!(bench.get("/v1/marketdata/search?query=AAPL").await.0, 200);
    // Documented under two scopes: either is enough.
    bench.token = bench.sandbox.issue(&["account:information"]).access_token;
    assert_eq!(bench.get("/v1/accounts/AR4471002/positions").await.0, 200);
    assert_eq!(bench.get("/v1/chart/nothing").await.0, 404);
}

#[tokio::test]
async fn the_fifty_first_trading_call_waits() {
    let bench = Bench::start(Options::default()).await;
    for _ in 0..50 {
        assert_eq!(bench.get("/v1/accounts/AR4471002/balances").await.0, 200);
    }
    let refused = bench.send(Method::GET, "/v1/accounts/AR4471002/balances", None).await.unwrap();
    assert_eq!(refused.status(), 429);
    let wait: i64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
}

#[tokio::test]
async fn other_names_for_this_machine_and_web_pages_are_kept_out() {
    let bench = Bench::unlimited().await;
    let url = |path: &str| format!("{}{path}", bench.sandbox.origin());
    let rebound = bench.client.get(url("/sandbox/log")).header("host", "evil.example").send().await.unwrap();
    assert_eq!(rebound.status(), 421);
    let page = bench.client.post(url("/sandbox/fill")).header("origin", "https://evil.example");
    assert_eq!(page.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn bars_are_paged_and_the_next_url_leads_astray() {
    let bench = Bench::unlimited().await;
    let query = "/v1/stocks/aggs?ticker=AAPL&multiplier=1&timespan=day&from=2025-01-06&to=2025-01-31&limit=7";
    let (mut stamps, mut next) = (Vec::new(), String::new());
    loop {
        let (_, page) = bench.get(&format!("{query}{next}")).await;
        stamps.extend(page["results"].as_array().unwrap().iter().map(|bar| bar["t"].as_i64().unwrap()));
        let Some(url) = page["nextUrl"].as_str() else { break };
        assert!(url.starts_with("http://localhost:8087/v1/stocks/aggs?ticker=AAPL&"));
        next = format!("&next={}", url.rsplit_once("next=").unwrap().1);
    }
    // Twenty weekdays less Martin Luther King's day.
    assert_eq!(stamps.len(), 19);
    assert!(stamps.is_sorted());
}

#[tokio::test]
async fn a_malformed_chart_is_refused_and_an_empty_one_says_so() {
    let bench = Bench::unlimited().await;
    let history = |rest: &str| format!("/v1/chart/history?{rest}");
    for wrong in
        ["symbol=AAPL&resolution=7&from=1&to=2", "symbol=AAPL&resolution=D&from=2&to=1", "resolution=D"]
    {
        assert_eq!(bench.get(&history(wrong)).await.0, 400, "{wrong}");
    }
    let (status, unknown) = bench.get(&history("symbol=ZZZZ&resolution=D&from=1&to=2")).await;
    assert_eq!((status, &unknown["s"]), (200, &json!("error")));
    // A Sunday has no bars.
    let (_, none) = bench.get(&history("symbol=AAPL&resolution=5&from=1742083200&to=1742126400")).await;
    assert_eq!(none["s"], "no_data");
    let (_, found) =
        bench.get(&history("symbol=SPX.IND_CBOM&resolution=D&from=1740009600&to=1741564800")).await;
    assert_eq!(found["s"], "ok");
    assert_eq!(found["t"].as_array().unwrap().len(), found["c"].as_array().unwrap().len());
}

//! The callback port under everything that may knock on it.

use aries_mcp::auth::callback::Listener;
use aries_mcp::auth::login::Login;
use aries_mcp::error::Kind;
use secrecy::ExposeSecret;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use super::aries::{Aries, LONG, free_port};
use super::flow::{landing, listener, request};

/// Sends raw bytes and gives the status line's number.
async fn knock(port: u16, bytes: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // A connection closed without an answer is an answer too.
    let _ = stream.read_to_string(&mut answer).await;
    answer.split_whitespace().nth(1).unwrap_or_default().to_owned()
}

fn get(port: u16, target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")
}

#[tokio::test]
async fn forged_and_stray_requests_change_nothing() {
    let aries = Aries::start().await;
    let port = Url::parse(&aries.settings.redirect_uri).unwrap().port().unwrap();
    let listener = listener(&aries.settings).await;
    let login = Login::begin(&aries.settings, request(false), Some(listener)).await.unwrap();
    let right = landing(&aries, &login).await;
    let right = right.split_once("/callback").map(|(_, query)| format!("/callback{query}")).unwrap();
    let waiting = tokio::spawn(async move {
        let code = login.browser(LONG).await;
        (login, code)
    });
    for (request, status) in [
        (get(port, "/callback?code=forged&state=forged"), "400"),
        (get(port, "/callback?error=access_denied&state=forged"), "400"),
        (get(port, "/callback?error=access_denied"), "400"),
        (get(port, &format!("{right}&code=second")), "400"),
        (get(port, &format!("{right}&state=second")), "400"),
        (get(port, "/favicon.ico"), "404"),
        (get(port, "/"), "404"),
        (get(port, &right).replace("GET", "POST"), "400"),
        (get(port, &right).replace("GET", "HEAD"), "400"),
        (get(port, &right).replace("127.0.0.1", "rebound.example"), "400"),
        (get(port, &right).replace("Host", "Hots"), "400"),
        (format!("GET /callback HTTP/1.1\r\nx: {}\r\n\r\n", "y".repeat(20_000)), "431"),
        ("\u{16}\u{3}\u{1} this is TLS, or garbage\r\n\r\n".to_owned(), "400"),
    ] {
        assert_eq!(knock(port, &request).await, status, "{}", &request[..request.len().min(60)]);
    }
    assert!(!waiting.is_finished());
    assert_eq!(knock(port, &get(port, &right)).await, "200");
    let (login, code) = waiting.await.unwrap();
    login.complete(code.unwrap()).await.unwrap();
}

#[tokio::test]
async fn denying_ends_the_wait() {
    let aries = Aries::start().await;
    let listener = listener(&aries.settings).await;
    let login = Login::begin(&aries.settings, request(false), Some(listener)).await.unwrap();
    let state = login.url().query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let denied = format!("{}?error=access_denied&state={state}", aries.settings.redirect_uri);
    let (code, page) = tokio::join!(login.browser(LONG), aries.http.get(denied).send());
    let error = code.err().unwrap();
    assert_eq!(error.kind, Kind::Refused);
    assert!(error.cause.contains("denied"), "{error}");
    assert!(page.unwrap().text().await.unwrap().contains("Access was denied"));
}

#[tokio::test]
async fn a_connection_that_says_nothing_does_not_block_others() {
    let aries = Aries::start().await;
    let port = Url::parse(&aries.settings.redirect_uri).unwrap().port().unwrap();
    let listener = listener(&aries.settings).await;
    let _silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let login = Login::begin(&aries.settings, request(false), Some(listener)).await.unwrap();
    let landing = landing(&aries, &login).await;
    let (code, page) = tokio::join!(login.browser(LONG), aries.http.get(landing).send());
    assert_eq!(page.unwrap().status().as_u16(), 200);
    assert!(!code.unwrap().expose_secret().is_empty());
}

#[tokio::test]
async fn a_busy_port_is_named_and_the_paste_way_offered() {
    let busy = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = busy.local_addr().unwrap().port();
    for host in ["127.0.0.1", "localhost"] {
        let redirect = Url::parse(&format!("http://{host}:{port}/callback")).unwrap();
        let error = Listener::bind(&redirect).await.err().unwrap();
        assert!(error.cause.contains(&port.to_string()), "{error}");
        assert!(error.hint.to_string().contains("--no-browser"), "{error}");
    }
}

#[tokio::test]
async fn localhost_is_bound_on_both_families() {
    let port = free_port();
    let redirect = Url::parse(&format!("http://localhost:{port}/callback")).unwrap();
    let listener = Listener::bind(&redirect).await.unwrap();
    TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        TcpStream::connect(("::1", port)).await.unwrap();
    }
    drop(listener);
}

#[tokio::test]
async fn waiting_ends_by_itself() {
    let aries = Aries::start().await;
    let listener = listener(&aries.settings).await;
    let login = Login::begin(&aries.settings, request(false), Some(listener)).await.unwrap();
    let error = login.browser(Duration::from_millis(50)).await.err().unwrap();
    assert!(error.hint.to_string().contains("--no-browser"), "{error}");
}

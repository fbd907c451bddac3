//! One question to the market socket: open, sign in, take the one push that is wanted, close (`market-data.md` 9).
//!
//! A reading process needs no standing stream for that. Certificates are checked by the platform, as for HTTP.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rustls::pki_types::ServerName;
use rustls_platform_verifier::ConfigVerifierExt;
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use url::Url;
use zeroize::Zeroizing;

use super::text::clean;
use crate::aries::{Aries, Json};
use crate::error::{Error, Kind, Result};

/// The whole exchange takes no longer.
const LIMIT: Duration = Duration::from_secs(15);
/// Frames above this end the exchange.
const MOST_BYTES: usize = 1024 * 1024;
/// The id of the one request.
const AUTH: &str = "auth-001";

/// Signs in at the market socket and returns the first event whose action is `wanted`, as JSON text.
///
/// # Errors
/// What happened and what to do next; never the token.
pub async fn ask(aries: &Aries, wanted: &str) -> Result<String> {
    let url = aries.urls().stream.join("/v1/market/ws");
    let url =
        url.map_err(|_| Error::failed("the address of the socket is no address", "check ARIES_STREAM_URL"))?;
    match tokio::time::timeout(LIMIT, exchange(aries, &url, wanted)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(lost("it did not answer in time")),
    }
}

async fn exchange(aries: &Aries, url: &Url, wanted: &str) -> Result<String> {
    let bearer = aries.session().bearer().await?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let stream = TcpStream::connect((host.as_str(), port)).await.map_err(|_| lost("no connection"))?;
    // Only `ws` to this machine is ever plain: the settings refuse everything else.
    if url.scheme() == "ws" {
        return talk(stream, url, bearer.token.expose_secret(), wanted).await;
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = rustls::ClientConfig::with_platform_verifier().map_err(|_| {
        Error::failed("the platform's certificates cannot be loaded", "install the ca-certificates package")
    })?;
    let name = ServerName::try_from(host).map_err(|_| lost("its name is no host name"))?;
    let secure = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let secure = secure.map_err(|_| lost("the secure connection failed"))?;
    talk(secure, url, bearer.token.expose_secret(), wanted).await
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    url: &Url,
    token: &str,
    wanted: &str,
) -> Result<String> {
    let config =
        WebSocketConfig::default().max_message_size(Some(MOST_BYTES)).max_frame_size(Some(MOST_BYTES));
    let opened = tokio_tungstenite::client_async_with_config(url.as_str(), stream, Some(config)).await;
    let (mut socket, _) = opened.map_err(|_| lost("it refused the connection"))?;
    let auth = json!({"type": "request", "id": AUTH, "payload": {"method": "post", "path": "/auth", "body": {"token": token}}});
    let auth = Zeroizing::new(auth.to_string());
    socket.send(Message::text(auth.as_str())).await.map_err(|_| lost("the connection broke"))?;
    let outcome = wait(&mut socket, wanted).await;
    // A polite end; whoever does not take it has closed already.
    let _ = socket.close(None).await;
    outcome
}

async fn wait<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
    wanted: &str,
) -> Result<String> {
    while let Some(message) = socket.next().await {
        let message = message.map_err(|_| lost("the connection broke"))?;
        let Message::Text(text) = message else { continue };
        // A frame may hold several lines.
        for line in text.as_str().lines().filter(|line| !line.trim().is_empty()) {
            let Ok(json) = Json::parse(line) else { continue };
            let action = json.text_at("payload/action");
            if action.as_deref() == Some(wanted) || json.text_at("type").as_deref() == Some(wanted) {
                return Ok(line.to_owned());
            }
            if matches!(action.as_deref(), Some("error" | "authExpired" | "authRequired")) && is_answer(json)
            {
                return Err(refused(json));
            }
        }
    }
    Err(lost("it closed without an answer"))
}

/// `authRequired` is also a greeting before the sign-in was read.
fn is_answer(json: Json<'_>) -> bool {
    json.text_at("payload/action").as_deref() != Some("authRequired")
        || json.text_at("payload/id").as_deref() == Some(AUTH)
}

fn refused(json: Json<'_>) -> Error {
    let said =
        ["payload/error", "payload/data/error", "payload/message"].iter().find_map(|path| json.text_at(path));
    let said = said.map(|text| format!(": {}", clean(&text, 160))).unwrap_or_default();
    Error::new(
        Kind::Refused,
        format!("Aries' market socket refused the sign-in{said}"),
        "tell the person: market:information may be missing; `aries-mcp status` shows what was granted",
    )
}

fn lost(what: &str) -> Error {
    Error::new(
        Kind::Unavailable,
        format!("Aries' market socket could not be used: {what}"),
        "trying again may help; if not, tell the person to check the network",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::duplex;

    /// What comes of a server that reads the sign-in and then sends these frames.
    async fn told(frames: &[&str]) -> Result<String> {
        let (ours, theirs) = duplex(64 * 1024);
        let frames: Vec<String> = frames.iter().map(|frame| (*frame).to_owned()).collect();
        let server = tokio::spawn(async move {
            let mut socket = tokio_tungstenite::accept_async(theirs).await.unwrap();
            let auth = socket.next().await.unwrap().unwrap();
            assert!(auth.to_text().unwrap().contains(r#""body":{"token":"secret"}"#));
            for frame in frames {
                socket.send(Message::text(frame)).await.unwrap();
            }
            let _ = socket.close(None).await;
        });
        let url = Url::parse("ws://127.0.0.1/v1/market/ws").unwrap();
        let told = talk(ours, &url, "secret", "marketStatus").await;
        server.await.unwrap();
        told
    }

    const SUCCESS: &str =
        r#"{"type":"event","payload":{"action":"authSuccess","id":"auth-001","data":{"expiresIn":2700000}}}"#;
    const STATUS: &str = r#"{"type":"event","payload":{"action":"marketStatus","data":{"market":"open"}}}"#;

    #[tokio::test]
    async fn the_push_is_found_among_lines_and_frames() {
        let both = format!("{SUCCESS}\n\nnot json\n{STATUS}\n");
        assert_eq!(told(&[&both]).await.unwrap(), STATUS);
        let greeting = r#"{"type":"event","payload":{"action":"authRequired"}}"#;
        assert_eq!(told(&[greeting, SUCCESS, STATUS]).await.unwrap(), STATUS);
    }

    #[tokio::test]
    async fn a_refusal_and_a_silent_end_are_told_apart() {
        let refusal =
            r#"{"type":"event","payload":{"action":"error","id":"auth-001","error":"bad token\u202e"}}"#;
        let error = told(&[refusal]).await.unwrap_err();
        assert!(
            error.cause.ends_with("refused the sign-in: bad token") && !error.to_string().contains("secret"),
            "{error}"
        );
        assert_eq!(told(&[SUCCESS]).await.unwrap_err().kind, Kind::Unavailable);
    }
}

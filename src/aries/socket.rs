//! One question to the market WebSocket (Aries' page `api-reference/marketdata/wss`): open, sign in, take the one push
//! that answers it, close. No lasting stream is needed for that.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::{RequestBuilder, StatusCode, Upgraded};
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use url::Url;
use zeroize::Zeroizing;

use super::endpoints::MARKET_STATUS;
use super::transport::in_parentheses;
use crate::aries::{Aries, Json};
use crate::config::Urls;
use crate::error::{Error, Kind, Result};
use crate::http;
use crate::text::{clean, without_tokens};

const LIMIT: Duration = Duration::from_secs(15);
const MOST_BYTES: usize = 1024 * 1024;
const AUTH: &str = "auth-001";

/// Signs in at the market socket and returns the first event of the kind `wanted`, as JSON text.
pub(crate) async fn ask(aries: &Aries, wanted: &str) -> Result<String> {
    let exchange = async {
        let bearer = aries.session().bearer().await?;
        talk(open(aries.urls()).await?, bearer.token.expose_secret(), wanted).await
    };
    let outcome = tokio::time::timeout(LIMIT, exchange).await;
    outcome.unwrap_or_else(|_| Err(lost("it did not answer in time")))
}

/// Returns the address of the market WebSocket: below the base, as every other address.
pub(crate) fn address(urls: &Urls) -> Url {
    let mut url = urls.stream.clone();
    url.set_path(&format!("{}{}", url.path().trim_end_matches('/'), MARKET_STATUS.path));
    url
}

/// Makes the request that opens a WebSocket, by a client with the same proxies and certificates as all others. The
/// answer has to prove with the key that the server understood the request.
pub(crate) fn opening(url: Url, key: &str) -> Result<RequestBuilder> {
    Ok(http::socket_client(&url)?
        .get(url)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", key))
}

async fn open(urls: &Urls) -> Result<Upgraded> {
    let key = generate_key();
    let answer = http::head(opening(address(urls), &key)?).await;
    let answer = answer.map_err(|cause| lost(&format!("no connection{}", in_parentheses(&cause))))?;
    let proof = answer.headers().get("sec-websocket-accept");
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS
        || proof.is_none_or(|proof| proof.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes())
    {
        return Err(lost(&format!("it refused the connection ({})", answer.status().as_u16())));
    }
    answer.upgrade().await.map_err(|_| lost("the connection broke"))
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(stream: S, token: &str, wanted: &str) -> Result<String> {
    let config =
        WebSocketConfig::default().max_message_size(Some(MOST_BYTES)).max_frame_size(Some(MOST_BYTES));
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Client, Some(config)).await;
    let auth = json!({"type": "request", "id": AUTH, "payload": {"method": "POST", "path": "/auth", "body": {"token": token}}});
    let auth = Zeroizing::new(auth.to_string());
    log_frame("sent", "auth", auth.len());
    socket.send(Message::text(auth.as_str())).await.map_err(|_| lost("the connection broke"))?;
    let outcome = wait(&mut socket, wanted).await;
    // The server may have closed already.
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
            // The documented place of the kind is `payload.type`; an older page has it in `action`.
            let kinds = [json.text_at("payload/type"), action.clone()];
            log_frame("received", kinds.iter().flatten().next().map_or("no kind", |kind| kind), line.len());
            if kinds.iter().flatten().any(|kind| kind == wanted) {
                return Ok(line.to_owned());
            }
            let is_refusal =
                matches!(action.as_deref(), Some("error" | "authExpired" | "authTimeout" | "authRequired"));
            if is_refusal && is_answer(json) {
                return Err(refused(json));
            }
        }
    }
    Err(lost("it closed without an answer"))
}

fn log_frame(direction: &str, kind: &str, bytes: usize) {
    tracing::debug!("socket {direction} {}, {bytes} bytes", without_tokens(&clean(kind, 40)));
}

/// Tells whether an event answers the sign-in: `authRequired` is also sent as a greeting, before it was read.
fn is_answer(json: Json<'_>) -> bool {
    json.text_at("payload/action").as_deref() != Some("authRequired")
        || json.text_at("id").or_else(|| json.text_at("payload/id")).as_deref() == Some(AUTH)
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

    /// Returns what a client makes of a server that reads the sign-in and then sends these frames.
    async fn outcome_of(frames: &[&str]) -> Result<String> {
        let (ours, theirs) = duplex(64 * 1024);
        let frames: Vec<String> = frames.iter().map(|frame| (*frame).to_owned()).collect();
        let server = tokio::spawn(async move {
            let mut socket = WebSocketStream::from_raw_socket(theirs, Role::Server, None).await;
            let auth = socket.next().await.unwrap().unwrap();
            assert!(auth.to_text().unwrap().contains(r#""body":{"token":"secret"}"#));
            for frame in frames {
                socket.send(Message::text(frame)).await.unwrap();
            }
            let _ = socket.close(None).await;
        });
        let outcome = talk(ours, "secret", "marketStatus").await;
        server.await.unwrap();
        outcome
    }

    const SUCCESS: &str =
        r#"{"type":"event","payload":{"action":"authSuccess","id":"auth-001","data":{"expiresIn":2700000}}}"#;
    const STATUS: &str =
        r#"{"type":"event","payload":{"action":"update","type":"marketStatus","data":{"market":"open"}}}"#;

    #[tokio::test]
    async fn the_push_is_found_among_lines_and_frames() {
        let both = format!("{SUCCESS}\n\nnot json\n{STATUS}\n");
        assert_eq!(outcome_of(&[&both]).await.unwrap(), STATUS);
        let greeting = r#"{"type":"event","payload":{"action":"authRequired"}}"#;
        assert_eq!(outcome_of(&[greeting, SUCCESS, STATUS]).await.unwrap(), STATUS);
    }

    #[tokio::test]
    async fn a_refusal_and_a_silent_end_are_told_apart() {
        let refusal =
            r#"{"type":"event","payload":{"action":"error","id":"auth-001","error":"bad token\u202e"}}"#;
        let error = outcome_of(&[refusal]).await.unwrap_err();
        assert!(
            error.cause.ends_with("refused the sign-in: bad token") && !error.to_string().contains("secret"),
            "{error}"
        );
        assert_eq!(outcome_of(&[SUCCESS]).await.unwrap_err().kind, Kind::Unavailable);
    }
}

//! The connection of a socket: opened by the HTTP client, so that proxies and certificates are those of every request.

use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode, Upgraded};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use url::Url;

use crate::aries::endpoint::Endpoint;
use crate::aries::transport::in_parentheses;
use crate::config::Urls;
use crate::error::Result;
use crate::http;

/// Messages above this break the connection; Aries' SDK takes as much.
const MOST_BYTES: usize = 1024 * 1024;

/// The library's own 128 KiB would stay for as long as the socket; it grows for a longer message.
const READ_BUFFER: usize = 8 * 1024;

pub(super) type Socket = WebSocketStream<Upgraded>;

/// Returns the address of a socket: below the base, as every other address.
pub(crate) fn address(urls: &Urls, endpoint: &Endpoint) -> Url {
    let mut url = urls.stream.clone();
    url.set_path(&format!("{}{}", url.path().trim_end_matches('/'), endpoint.path));
    url
}

/// Makes the request that opens a WebSocket, by a client with the same proxies and certificates as all others. The
/// answer has to prove with the key that the server understood the request.
pub(crate) fn opening(url: Url, key: &str) -> Result<RequestBuilder> {
    Ok(http::client_for(&url)?
        .get(url)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", key))
}

/// Why there is no connection.
pub(super) enum NotOpened {
    /// Another try may help soon.
    Failed(String),
    /// Aries answered, and does not open a socket there.
    Refused(String),
}

/// Opens a socket within a time: at its path, and on a 404 at the older one.
pub(super) async fn open(
    urls: &Urls,
    endpoint: &Endpoint,
    patience: Duration,
) -> std::result::Result<Socket, NotOpened> {
    let opened = tokio::time::timeout(patience, async {
        match (open_at(address(urls, endpoint)).await, endpoint.older) {
            (Err((NotOpened::Refused(_), Some(StatusCode::NOT_FOUND))), Some(older)) => {
                open_at(address(urls, older)).await
            }
            (opened, _) => opened,
        }
    });
    let opened = opened.await.map_err(|_| NotOpened::Failed("it did not answer in time".to_owned()))?;
    opened.map_err(|(reason, _)| reason)
}

async fn open_at(url: Url) -> std::result::Result<Socket, (NotOpened, Option<StatusCode>)> {
    let failed = |what: String| (NotOpened::Failed(what), None);
    let key = generate_key();
    let request = opening(url, &key).map_err(|error| failed(error.cause))?;
    let answer = http::head(request).await;
    let answer = answer.map_err(|cause| failed(format!("no connection{}", in_parentheses(&cause))))?;
    let (status, proof) = (answer.status(), answer.headers().get("sec-websocket-accept"));
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(failed(format!("it answered {}", status.as_u16())));
    }
    if status != StatusCode::SWITCHING_PROTOCOLS
        || proof.is_none_or(|proof| proof.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes())
    {
        let refused = format!("it refused the connection ({})", status.as_u16());
        return Err((NotOpened::Refused(refused), Some(status)));
    }
    let stream = answer.upgrade().await.map_err(|_| failed("the connection broke".to_owned()))?;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_message_size(Some(MOST_BYTES))
        .max_frame_size(Some(MOST_BYTES));
    Ok(WebSocketStream::from_raw_socket(stream, Role::Client, Some(config)).await)
}

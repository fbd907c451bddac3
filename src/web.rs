//! The one HTTP client of the process: TLS, proxies, time limits. Built at the first call, never at start.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::Client;
use url::Url;

use crate::config::{Urls, is_loopback};
use crate::error::{Error, Result};

/// Time to open a connection.
pub(crate) const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Time for a whole exchange, body included.
pub(crate) const TOTAL_LIMIT: Duration = Duration::from_secs(20);

/// The client for these addresses, built once: an embedded Aries on this machine is reached without proxies.
///
/// Redirects are never followed, since a bearer token belongs to one origin.
///
/// # Errors
/// If the platform's certificates cannot be loaded.
pub fn client(urls: &Urls) -> Result<Client> {
    static NEAR: OnceLock<Client> = OnceLock::new();
    static FAR: OnceLock<Client> = OnceLock::new();
    let slot = if urls.on_this_machine() { &NEAR } else { &FAR };
    if let Some(client) = slot.get() {
        return Ok(client.clone());
    }
    let built = finish(builder(urls.on_this_machine()))?;
    Ok(slot.get_or_init(|| built).clone())
}

/// The client for orders: a fresh connection for each, and no second try by any layer, whatever the reason.
///
/// A connection that was used before may be closed by the other side at the moment of writing; libraries then repeat
/// the request on another one. That is never wanted here.
///
/// # Errors
/// As [`client`].
pub(crate) fn writing_client(urls: &Urls) -> Result<Client> {
    finish(builder(urls.on_this_machine()).pool_max_idle_per_host(0).retry(reqwest::retry::never()))
}

/// The client that opens a socket at an address: one on this machine is reached without proxies, wherever the API is.
///
/// # Errors
/// As [`client`].
pub(crate) fn socket_client(url: &Url) -> Result<Client> {
    // A socket is opened in HTTP/1.1, whatever else the server speaks.
    finish(builder(is_loopback(url)).http1_only())
}

fn builder(near: bool) -> reqwest::ClientBuilder {
    // A second installation is refused and changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("aries-mcp/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_LIMIT)
        .timeout(TOTAL_LIMIT)
        .redirect(reqwest::redirect::Policy::none())
        .tcp_keepalive(Duration::from_secs(30));
    if near {
        builder = builder.no_proxy();
    }
    builder
}

fn finish(builder: reqwest::ClientBuilder) -> Result<Client> {
    builder.build().map_err(|error| {
        Error::failed(
            format!("the HTTPS client could not be set up: {error}"),
            "install the ca-certificates package, or name a certificate file in SSL_CERT_FILE",
        )
    })
}

//! HTTP for the whole process: the clients with their TLS, proxies and time limits, and the one exchange by which
//! every request is sent. Nothing is built at start, only at the first call.

mod cause;
mod log;
mod open;
mod stranger;

use std::sync::OnceLock;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use url::Url;
use zeroize::Zeroizing;

use crate::config::{Urls, is_loopback};
use crate::error::{Error, Result};
use crate::told::Told;
use log::Line;

pub(crate) use cause::{Cause, CauseKind};
pub(crate) use open::open_connection;
pub(crate) use stranger::Stranger;

/// Time for a whole exchange, body included.
pub(crate) const TOTAL_LIMIT: Duration = Duration::from_secs(20);

/// Returns the client for these addresses, built once. Redirects are never followed, since a bearer token belongs to one
/// origin. Fails if the platform's certificates cannot be loaded.
pub fn client(urls: &Urls) -> Result<Client> {
    client_for(&urls.api)
}

/// Returns the same for one address. A WebSocket is opened by it, too: on a connection that is there already, and without
/// a second copy of all certificates in memory.
pub(crate) fn client_for(address: &Url) -> Result<Client> {
    static LOCAL: OnceLock<Client> = OnceLock::new();
    static REMOTE: OnceLock<Client> = OnceLock::new();
    let slot = if is_loopback(address) { &LOCAL } else { &REMOTE };
    if let Some(client) = slot.get() {
        return Ok(client.clone());
    }
    let built = build(builder(address))?;
    Ok(slot.get_or_init(|| built).clone())
}

/// Returns a new client for one write: it opens a fresh connection, and no layer tries a second time. A connection that
/// was used before may be closed at the moment of writing, and libraries then repeat the request on another one.
pub(crate) fn write_client(urls: &Urls) -> Result<Client> {
    build(builder(&urls.api).pool_max_idle_per_host(0).retry(reqwest::retry::never()))
}

/// Begins a client for an address, which speaks HTTP/1.1; one on this machine is reached without proxies.
#[expect(clippy::disallowed_methods, reason = "every client is built here")]
fn builder(address: &Url) -> reqwest::ClientBuilder {
    // A second installation is refused and changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .http1_only()
        .user_agent(concat!("aries-mcp/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(5))
        .timeout(TOTAL_LIMIT)
        .redirect(reqwest::redirect::Policy::none())
        .tcp_keepalive(Duration::from_secs(30));
    if is_loopback(address) { builder.no_proxy() } else { builder }
}

fn build(builder: reqwest::ClientBuilder) -> Result<Client> {
    builder.build().map_err(|error| {
        Error::failed(
            format!("the HTTPS client could not be set up: {error}"),
            "install the ca-certificates package, or name a certificate file in SSL_CERT_FILE",
        )
    })
}

/// The answer to one request, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Wiped when it is dropped, since the token endpoint's answer is a secret.
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// How long Aries asks to wait: seconds, or a date.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let value = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = value.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        let date = jiff::fmt::rfc2822::parse(value).ok()?;
        let seconds = date.timestamp().as_second() - jiff::Timestamp::now().as_second();
        Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
    }
}

/// How far the clock of whoever sent these headers is ahead of ours.
pub(crate) fn ahead(headers: &HeaderMap) -> Option<SignedDuration> {
    let date = headers.get(DATE)?.to_str().ok()?;
    Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp().duration_since(Timestamp::now()))
}

/// The same if it is so far that a sign-in may be refused for it.
pub(crate) fn wrong_clock(headers: &HeaderMap) -> Option<SignedDuration> {
    ahead(headers).filter(|ahead| ahead.abs() > SignedDuration::from_mins(5))
}

/// `this computer's clock is 3 days behind Aries'`, by how far Aries' is ahead.
pub(crate) fn clock_words(ahead: SignedDuration) -> String {
    let seconds = ahead.as_secs().unsigned_abs();
    let span = match seconds {
        0..600 => format!("{seconds} s"),
        600..7_200 => format!("{} minutes", seconds / 60),
        7_200..172_800 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    };
    let direction = if ahead.is_negative() { "ahead of" } else { "behind" };
    format!("this computer's clock is {span} {direction} Aries'")
}

/// A refused sign-in where the clock of this machine is wrong: tokens seem to end too early or too late then, and nothing
/// but the clock has to be mended.
pub(crate) fn of_wrong_clock(error: Error, ahead: Option<SignedDuration>) -> Error {
    let Some(ahead) = ahead else { return error };
    Error {
        cause: format!("{}; {}", error.cause, clock_words(ahead)),
        hint: Told::person_to("set the clock of this computer to automatic, then try again"),
        ..error
    }
}

/// Why there is no whole answer.
pub(crate) enum Failure {
    /// No connection was opened: nothing of the request has left this machine.
    NotConnected(Cause),
    /// The request may have arrived, and no answer came.
    NoAnswer(Cause),
    /// The answer broke off; with what had arrived of it.
    BrokenOff(Answer, Cause),
    /// The answer is larger than the caller takes; with what had arrived of it.
    TooLarge(Answer),
}

impl Failure {
    /// As much of the answer as arrived, if that is its head at least.
    pub(crate) fn answer(&mut self) -> Option<&mut Answer> {
        match self {
            Self::BrokenOff(answer, _) | Self::TooLarge(answer) => Some(answer),
            Self::NotConnected(_) | Self::NoAnswer(_) => None,
        }
    }

    fn words(&self) -> &'static str {
        match self {
            Self::NotConnected(_) => "no connection",
            Self::NoAnswer(_) => "the connection broke",
            Self::BrokenOff(..) => "it broke off",
            Self::TooLarge(_) => "it is too large",
        }
    }
}

/// Sends a request and reads its answer, of at most `limit` bytes. The time limit is the client's. `attempt` counts the
/// tries of a call from 1, for the log.
pub(crate) async fn exchange(
    request: RequestBuilder,
    limit: usize,
    attempt: u32,
) -> std::result::Result<Answer, Failure> {
    let (client, request) = request.build_split();
    let request = request.map_err(|error| Failure::NotConnected(Cause::of(&error)))?;
    let line = Line::begin(&request, attempt);
    let mut outcome = receive(&client, request, limit).await;
    match &mut outcome {
        Ok(answer) => line.end(Some(answer.status), answer.body.len(), None),
        Err(failure) => {
            let words = failure.words();
            let (status, bytes) = failure.answer().map(|answer| (answer.status, answer.body.len())).unzip();
            line.end(status, bytes.unwrap_or(0), Some(words));
        }
    }
    outcome
}

async fn receive(
    client: &Client,
    request: reqwest::Request,
    limit: usize,
) -> std::result::Result<Answer, Failure> {
    let mut response = client.execute(request).await.map_err(|error| {
        let cause = Cause::of(&error);
        if error.is_connect() { Failure::NotConnected(cause) } else { Failure::NoAnswer(cause) }
    })?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut answer = Answer { status, headers, body: Zeroizing::default() };
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if answer.body.len() + chunk.len() <= limit => {
                answer.body.extend_from_slice(&chunk);
            }
            Ok(Some(_)) => return Err(Failure::TooLarge(answer)),
            Ok(None) => return Ok(answer),
            Err(error) => return Err(Failure::BrokenOff(answer, Cause::of(&error))),
        }
    }
}

/// Sends a request of which the head of the answer is enough: a probe, or the opening of a socket.
pub(crate) async fn head(request: RequestBuilder) -> std::result::Result<Response, Cause> {
    let (client, request) = request.build_split();
    let request = request.map_err(|error| Cause::of(&error))?;
    let line = Line::begin(&request, 1);
    let answer = client.execute(request).await;
    line.end(answer.as_ref().ok().map(Response::status), 0, answer.is_err().then_some("no connection"));
    answer.map_err(|error| Cause::of(&error))
}

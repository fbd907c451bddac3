//! The loopback listener that the browser comes back to. It is bound before the browser opens, on exactly the host that
//! the redirect URI names. Any other request (a port scan, a page that guesses, a second tab, `/favicon.ico`) gets a
//! plain 400 or 404 and the wait goes on; only the right state ends it.

mod page;
mod request;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::header::HOST;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use secrecy::SecretString;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use url::{Host, Url};

pub(crate) use page::Outcome;
pub(crate) use request::from_paste;
use request::{Answer, Checked, Expected, check};

use crate::config::is_loopback;
use crate::error::{Error, Result};

/// The longest head of a request; hyper closes the connection of a longer one.
const MAX_HEAD: usize = 16 * 1024;
/// A silent connection (browsers open some in advance) is closed after this.
const HEAD_LIMIT: Duration = Duration::from_secs(5);
const MAX_CONNECTIONS: usize = 32;
/// Time for the page to reach the browser after the code has come.
const PAGE_LIMIT: Duration = Duration::from_secs(2);

/// The bound sockets of a redirect URI.
#[derive(Debug)]
pub struct Listener {
    sockets: Vec<TcpListener>,
    redirect: Url,
}

pub(crate) fn can_listen(redirect: &Url) -> bool {
    redirect.scheme() == "http" && is_loopback(redirect)
}

impl Listener {
    /// Binds the host and port of the redirect URI; for `localhost` IPv4 and IPv6, since browsers differ.
    pub async fn bind(redirect: &Url) -> Result<Self> {
        let port = redirect.port_or_known_default().unwrap_or(80);
        let mut sockets = Vec::new();
        for ip in addresses(redirect) {
            match TcpListener::bind(SocketAddr::new(ip, port)).await {
                Ok(socket) => sockets.push(socket),
                // A machine without IPv6 is fine for `localhost`; a port that is taken is not.
                Err(error) if !sockets.is_empty() && error.kind() != std::io::ErrorKind::AddrInUse => {}
                Err(error) => return Err(busy(port, &error)),
            }
        }
        if sockets.is_empty() {
            return Err(Error::usage(
                format!("{redirect} is not an address of this machine"),
                "use `aries-mcp login --no-browser` and paste the address of the page you land on",
            ));
        }
        Ok(Self { sockets, redirect: redirect.clone() })
    }

    /// Waits for the browser and returns the code; the page is finished by the verdict on it.
    pub(crate) async fn wait(
        &self,
        state: &SecretString,
        limit: Duration,
    ) -> Result<(SecretString, Verdict)> {
        let expected = Arc::new(Expected::new(&self.redirect, state.clone()));
        let (found, mut answers) = mpsc::channel(1);
        let mut connections = JoinSet::new();
        let serve = async {
            loop {
                tokio::select! {
                    stream = accept(&self.sockets), if connections.len() < MAX_CONNECTIONS => {
                        connections.spawn(answer_requests(stream, Arc::clone(&expected), found.clone()));
                    }
                    Some(_) = connections.join_next() => {}
                    Some(answer) = answers.recv() => return answer,
                }
            }
        };
        let (answer, outcome) = tokio::time::timeout(limit, serve).await.map_err(|_| too_late(limit))?;
        let verdict = Verdict { outcome, connections };
        match answer.into_result() {
            Ok(code) => Ok((code, verdict)),
            Err(error) => {
                verdict.tell(Outcome::Failed).await;
                Err(error)
            }
        }
    }
}

/// What became of the sign-in whose code the browser brought; its page is shown after it.
pub(crate) struct Verdict {
    outcome: oneshot::Sender<Outcome>,
    connections: JoinSet<()>,
}

impl Verdict {
    /// Finishes the page, and waits for its way to the browser.
    pub(crate) async fn tell(mut self, outcome: Outcome) {
        // A browser that is gone needs no page.
        let _ = self.outcome.send(outcome);
        let pages = async { while self.connections.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(PAGE_LIMIT, pages).await;
    }
}

fn addresses(redirect: &Url) -> Vec<IpAddr> {
    match redirect.host() {
        Some(Host::Ipv4(ip)) => vec![ip.into()],
        Some(Host::Ipv6(ip)) => vec![ip.into()],
        Some(Host::Domain("localhost")) => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
        _ => vec![],
    }
}

async fn accept(sockets: &[TcpListener]) -> TcpStream {
    loop {
        let waiting = sockets.iter().map(|socket| Box::pin(socket.accept()));
        match futures_util::future::select_all(waiting).await.0 {
            Ok((stream, _)) => return stream,
            // Out of file descriptors, or the other side gave up: others may still come.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// What a connection found, and where it hears how that ended.
type Landing = (Answer, oneshot::Sender<Outcome>);

async fn answer_requests(stream: TcpStream, expected: Arc<Expected>, found: mpsc::Sender<Landing>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let response = match checked(&request, &expected) {
            Checked::NotOurs(status) => page::not_ours(status),
            Checked::Ours(answer) => {
                let word = answer.refusal().map(str::to_owned);
                let (outcome, told) = oneshot::channel();
                // The first answer ends the wait; a second one finds the channel full or closed.
                let _ = found.try_send((answer, outcome));
                page::landed(word, told)
            }
        };
        std::future::ready(Ok::<_, std::convert::Infallible>(response))
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(MAX_HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!("a connection to the callback port ended early: {error}");
    }
}

fn checked(request: &Request<Incoming>, expected: &Expected) -> Checked {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    };
    let checked = check(expected, request.method().as_str(), host, request.uri());
    if let Checked::NotOurs(status) = &checked {
        // Neither path nor query: either may hold a code.
        tracing::debug!("a request to the callback port that was not ours was answered with {status}");
    }
    checked
}

fn busy(port: u16, error: &std::io::Error) -> Error {
    let cause = match error.kind() {
        std::io::ErrorKind::AddrInUse => format!("port {port} of this machine is in use by another program"),
        _ => format!("port {port} of this machine cannot be opened: {error}"),
    };
    Error::failed(
        cause,
        "end that program, or run `aries-mcp login --no-browser` and paste the address of the page you land on",
    )
}

pub(crate) fn too_late(limit: Duration) -> Error {
    Error::failed(
        format!("nobody signed in within {} seconds", limit.as_secs()),
        "run `aries-mcp login` again; --no-browser lets you paste the address of the page you land on",
    )
}

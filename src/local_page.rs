//! Pages that this process serves on 127.0.0.1 to the person's browser: connections, headers, and the checks that all
//! of them share.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_SECURITY_POLICY, HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use subtle::ConstantTimeEq;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const MOST_CONNECTIONS: usize = 16;
const HEAD_LIMIT: Duration = Duration::from_secs(5);

pub(crate) type Answer = Response<Full<Bytes>>;

/// What answers the requests of a page.
pub(crate) trait Service: Send + Sync + 'static {
    /// The host and port under which the page was opened. A page on another name that resolves to this machine sends
    /// its own name (DNS rebinding), and gets nothing.
    fn host(&self) -> &str;

    /// Answers a request that was sent to [`Service::host`].
    fn respond(&self, request: Request<Incoming>) -> impl Future<Output = Answer> + Send;
}

/// Serves until it is dropped.
pub(crate) async fn serve<S: Service>(listener: TcpListener, service: Arc<S>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < MOST_CONNECTIONS => match accepted {
                Ok((stream, _)) => { connections.spawn(converse(stream, Arc::clone(&service))); }
                // Out of file descriptors: others may still come.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse<S: Service>(stream: TcpStream, service: Arc<S>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let service = Arc::clone(&service);
        async move {
            Ok::<_, Infallible>(if only(request.headers(), &HOST) == Some(service.host()) {
                service.respond(request).await
            } else {
                plain(StatusCode::MISDIRECTED_REQUEST, "This page answers to its own address only.")
            })
        }
    });
    // An error here is a browser that left.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(16 * 1024)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// The one value of a header that may stand only once.
pub(crate) fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// Compares secrets without telling by the time it takes how far they agree.
pub(crate) fn same(given: &str, secret: &str) -> bool {
    given.as_bytes().ct_eq(secret.as_bytes()).into()
}

/// A page with the content security policy that it needs.
pub(crate) fn html(status: StatusCode, text: String, policy: &str) -> Answer {
    let mut answer = answer(status, "text/html; charset=utf-8", text);
    let policy = HeaderValue::from_str(policy).expect("the policy is ASCII");
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    answer
}

pub(crate) fn plain(status: StatusCode, text: &str) -> Answer {
    answer(status, "text/plain; charset=utf-8", format!("{text}\n"))
}

pub(crate) fn answer(status: StatusCode, kind: &'static str, body: String) -> Answer {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    // With `no-referrer` the Origin of a form would be `null`.
    let headers = [
        ("content-type", kind),
        ("cache-control", "no-store"),
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

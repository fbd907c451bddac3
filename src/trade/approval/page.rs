//! The one-time page on 127.0.0.1 where a person approves or rejects an order.
//!
//! Its address holds 128 random bits and goes to the browser, or to a client that shows it to the person: it appears in
//! no answer, log or journal. `GET` shows and changes nothing; only a `POST` with the page's own token, from this page's
//! own origin, decides. The page lives for 300 seconds at most, by either clock, and shows the outcome afterwards.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, LOCATION, ORIGIN};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use secrecy::SecretString;
use subtle::ConstantTimeEq;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use url::form_urlencoded;

use super::prompter::Reply;
use super::ticket::{NOTE, Previewed, random};
use super::window::Window;
use crate::error::{Error, Kind, Result};
use crate::os::browser;
use crate::trade::outcome::Outcome;

pub(super) const HELP: &str = "tell the person: use a client that can ask, or a machine with a browser, or set `approval` in \
                               the configuration; nothing was sent";

const STYLE: &str = include_str!("page.css");
/// A form with two short fields.
const MOST_BODY: usize = 1024;
const MOST_CONNECTIONS: usize = 16;
const HEAD_LIMIT: Duration = Duration::from_secs(5);

pub(super) struct Page {
    shared: Arc<Shared>,
    _serving: JoinSet<()>,
    window: Window,
    in_browser: bool,
}

struct Shared {
    order: Previewed,
    origin: String,
    host: String,
    path: String,
    token: String,
    decided: watch::Sender<Decided>,
}

#[derive(Clone)]
enum Decided {
    Open,
    By(Reply),
    Over(Outcome),
}

impl Page {
    /// Listens on a free port of 127.0.0.1 and opens the browser there, if there is one; that may take `opening`.
    /// Fails if no page can be served; the text never names the address.
    pub(super) async fn open(order: &Previewed, window: Window, opening: Duration) -> Result<Self> {
        let failed = |what: String| Error::new(Kind::Failed, what, HELP);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.map_err(|error| failed(format!("no page can be served here: {error}")))?;
        let port = listener.local_addr().map_err(|error| failed(error.to_string()))?.port();
        let host = format!("127.0.0.1:{port}");
        let shared = Arc::new(Shared {
            order: order.clone(),
            origin: format!("http://{host}"),
            path: format!("/approve/{}", random()?),
            token: random()?,
            host,
            decided: watch::channel(Decided::Open).0,
        });
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::clone(&shared)));
        let address = format!("{}{}", shared.origin, shared.path);
        let in_browser = browser::open(address, opening).await;
        Ok(Self { shared, _serving: serving, window, in_browser })
    }

    /// Where it is, for a client that shows it because no browser was opened.
    pub(super) fn address_to_show(&self) -> Option<SecretString> {
        (!self.in_browser).then(|| format!("{}{}", self.shared.origin, self.shared.path).into())
    }

    pub(super) async fn reply(&self) -> Reply {
        let mut decided = self.shared.decided.subscribe();
        let decided = decided.wait_for(|decided| matches!(decided, Decided::By(_))).await;
        match decided.as_deref() {
            Ok(Decided::By(reply)) => *reply,
            _ => Reply::Dismiss,
        }
    }

    /// Shows how it ended for the rest of the page's time, then closes.
    pub(super) async fn show_outcome(self, outcome: Outcome) {
        self.shared.decided.send_replace(Decided::Over(outcome));
        self.window.over().await;
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < MOST_CONNECTIONS => match accepted {
                Ok((stream, _)) => { connections.spawn(converse(stream, Arc::clone(&shared))); }
                // Out of file descriptors: others may still come.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(shared.respond(request).await) }
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

type Answer = Response<Full<Bytes>>;

impl Shared {
    async fn respond(&self, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        if only(&head.headers, &HOST) != Some(&self.host) {
            return plain(StatusCode::MISDIRECTED_REQUEST, "This page answers to its own address only.");
        }
        if !same(head.uri.path(), &self.path) {
            return plain(StatusCode::NOT_FOUND, "Not found.");
        }
        match head.method {
            Method::GET => self.show(StatusCode::OK),
            Method::POST => {
                let form = only(&head.headers, &CONTENT_TYPE)
                    .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
                if only(&head.headers, &ORIGIN) != Some(&self.origin) || !form {
                    return plain(StatusCode::FORBIDDEN, "This did not come from the page itself.");
                }
                match Limited::new(body, MOST_BODY).collect().await {
                    Ok(body) => self.decide(&body.to_bytes()),
                    Err(_) => plain(StatusCode::BAD_REQUEST, "That is not the form of this page."),
                }
            }
            _ => plain(StatusCode::METHOD_NOT_ALLOWED, "Not allowed."),
        }
    }

    fn decide(&self, body: &[u8]) -> Answer {
        let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        let field = |name: &str| {
            fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        if !same(field("token"), &self.token) {
            return plain(StatusCode::FORBIDDEN, "This did not come from the page itself.");
        }
        let reply = match field("decision") {
            "approve" => Reply::Accept,
            "reject" => Reply::Decline,
            _ => return plain(StatusCode::BAD_REQUEST, "That is not the form of this page."),
        };
        // The first decision stands; a second tab and a reload only see it.
        self.decided.send_if_modified(|decided| {
            let is_first = matches!(decided, Decided::Open);
            if is_first {
                *decided = Decided::By(reply);
            }
            is_first
        });
        // Seen by GET from now on, so that a reload sends nothing again.
        let mut answer = self.show(StatusCode::SEE_OTHER);
        let path = HeaderValue::from_str(&self.path).expect("the path is a word and hexadecimal digits");
        answer.headers_mut().insert(LOCATION, path);
        answer
    }

    fn show(&self, status: StatusCode) -> Answer {
        let decided = self.decided.borrow().clone();
        let live = if self.order.account.money.is_live() { "live" } else { "" };
        let numbers: String = self.order.numbers.iter().map(|line| number(line)).collect();
        let state = match &decided {
            Decided::Open => format!(
                "<form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"token\" value=\"{}\">\
                 <button class=\"approve\" name=\"decision\" value=\"approve\">Approve</button>\
                 <button class=\"reject\" name=\"decision\" value=\"reject\">Reject</button></form>\
                 <p class=\"note\">{NOTE} This page ends after five minutes.</p>",
                self.path, self.token
            ),
            Decided::By(Reply::Accept) => "<p class=\"state\">Approved. Sending …</p>".to_owned(),
            Decided::By(_) => "<p class=\"state\">Rejected.</p>".to_owned(),
            Decided::Over(outcome) => format!(
                "<p class=\"state\">{}</p><p>{}</p><p class=\"note\">You can close this tab.</p>",
                outcome.state,
                escaped(&outcome.sentence)
            ),
        };
        let title = if matches!(decided, Decided::Open) { "Approve this order?" } else { "Order" };
        let refresh = if matches!(decided, Decided::By(_)) {
            "<meta http-equiv=\"refresh\" content=\"1\">"
        } else {
            ""
        };
        let html = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
             {refresh}<title>aries-mcp: {title}</title><style>{STYLE}</style></head><body><main>\
             <p class=\"account {live}\">{}</p><h1>{title}</h1><p class=\"sentence\">{}</p><table>{numbers}</table>{state}\
             </main></body></html>",
            escaped(&self.order.account.label()),
            escaped(&self.order.sentence),
        );
        answer(status, "text/html; charset=utf-8", html)
    }
}

fn number(line: &str) -> String {
    let (name, value) = line.split_once(": ").unwrap_or(("", line));
    format!("<tr><th>{}</th><td>{}</td></tr>", escaped(name), escaped(value))
}

/// The one value of a header that may stand only once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// Compares secrets without telling by the time it takes how far they agree.
fn same(given: &str, secret: &str) -> bool {
    given.as_bytes().ct_eq(secret.as_bytes()).into()
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

fn plain(status: StatusCode, text: &str) -> Answer {
    answer(status, "text/plain; charset=utf-8", format!("{text}\n"))
}

fn answer(status: StatusCode, kind: &'static str, body: String) -> Answer {
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
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
